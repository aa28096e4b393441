//! An instance: the buffers of one thread's runs. Reused from message to message.

use mapc_bytecode::{GuardInfo, OptionalText, Reason, ReasonIndex};

use crate::context::{Context, Limits};
use crate::ingest::{Bounds, Fault, Ingest};
use crate::lane::Lane;
use crate::outcome::Outcome;
use crate::program::{Prepared, Program};
use crate::run::{End, Machine, Run, Texts};
use crate::slot::Store;

/// The longest message that spans can point into.
const LONGEST: usize = 1 << 31;

/// What runs leave behind for the next one to use again: after a few messages nothing is allocated any more. Any number
/// of instances may take turns with the same buffers, which then stay in the caches of the processor.
#[derive(Debug, Default)]
pub struct Buffers {
    store: Store,
    ingest: Ingest,
    machine: Machine,
    /// Texts that leave with the outcome: key or words, and what orders delivery.
    first: String,
    second: String,
    /// Where the program of the last run stands.
    last: usize,
}

impl Buffers {
    /// Without anything yet.
    pub fn new() -> Buffers {
        Buffers::default()
    }
}

/// Runs a program, one message after the other.
#[derive(Debug)]
pub struct Instance {
    program: Program,
    limits: Limits,
    lane: Lane,
    guards: Vec<u64>,
    buffers: Buffers,
}

impl Instance {
    /// With the default limits.
    pub fn new(program: &Program) -> Instance {
        Instance::with_limits(program, Limits::default())
    }

    /// With these limits.
    pub fn with_limits(program: &Program, limits: Limits) -> Instance {
        Instance::with_lane(program, limits, Lane::best())
    }

    /// With these limits, messages read in this lane; in the plain one if the processor does not have it.
    pub fn with_lane(program: &Program, limits: Limits, lane: Lane) -> Instance {
        Instance {
            program: program.clone(),
            limits,
            lane: lane.or_portable(),
            guards: vec![0; program.prepared.module.guards.len()],
            buffers: Buffers::new(),
        }
    }

    /// Runs the program on one message. Any bytes may be given.
    pub fn run<'a>(&'a mut self, input: &[u8], context: &Context<'_>) -> Outcome<'a> {
        let Instance { program, limits, lane, guards, buffers } = self;
        let end = buffers.end(&program.prepared, *limits, *lane, guards, input, context);
        buffers.outcome(&program.prepared, end)
    }

    /// The same in these buffers; those of the instance are then never filled. For threads that run many programs.
    pub fn run_in<'a>(
        &'a mut self,
        buffers: &'a mut Buffers,
        input: &[u8],
        context: &Context<'_>,
    ) -> Outcome<'a> {
        let prepared = &self.program.prepared;
        let end = buffers.end(prepared, self.limits, self.lane, &mut self.guards, input, context);
        buffers.outcome(prepared, end)
    }

    /// Of the buffers that grow with a message.
    #[cfg(test)]
    pub(crate) fn capacities(&self) -> [usize; 4] {
        let slots = self.buffers.store.tables.iter().map(|table| table.slots.capacity()).sum();
        let machine = &self.buffers.machine;
        [slots, machine.arena.capacity(), machine.work.capacity(), machine.document.capacity()]
    }

    /// The program it runs.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Each guard of the program with how often it found something, over all messages so far.
    pub fn guards(&self) -> impl Iterator<Item = (&GuardInfo, u64)> {
        self.program.prepared.module.guards.iter().zip(self.guards.iter().copied())
    }

    /// How often each guard of the program found something, in the order of `Module::guards`.
    pub fn guard_counts(&self) -> &[u64] {
        &self.guards
    }
}

impl Buffers {
    fn end(
        &mut self,
        prepared: &Prepared,
        limits: Limits,
        lane: Lane,
        guards: &mut [u64],
        input: &[u8],
        context: &Context<'_>,
    ) -> End {
        let builtin = prepared.module.builtin;
        if input.len() > limits.input_bytes.min(LONGEST) {
            return End::reject(builtin.size);
        }
        let this = std::ptr::from_ref(prepared).addr();
        if std::mem::replace(&mut self.last, this) != this {
            prepared.prefetch();
        }
        self.store.fit(&prepared.plan);
        self.machine.fit(prepared);
        self.machine.load(input);
        let bounds = Bounds { depth: limits.depth, list_rows: limits.list_rows };
        let (arena, to) = (&self.machine.arena, input.len());
        if let Err(fault) = self.ingest.read(arena, 0, to, &prepared.plan, bounds, &mut self.store, lane) {
            return End::reject(match fault {
                Fault::NotJson => builtin.not_json,
                Fault::BadText => builtin.bad_text,
                Fault::DuplicateKey => builtin.duplicate_key,
                Fault::Depth => builtin.depth,
                Fault::Size => builtin.size,
            });
        }
        Run::new(prepared, &self.store, context, limits, guards, &mut self.machine).finish()
    }

    /// What the end of a run says, in texts that stay until the next one.
    fn outcome<'a>(&'a mut self, prepared: &'a Prepared, end: End) -> Outcome<'a> {
        let words = Texts { arena: &self.machine.arena, constants: &prepared.texts };
        self.first.clear();
        self.second.clear();
        let copy = |register: OptionalText, into: &mut String| {
            let span = register.0.and_then(|register| self.machine.text(register));
            let text = span.and_then(|span| std::str::from_utf8(words.get(span)).ok());
            into.push_str(text.unwrap_or_default());
            text.is_some()
        };
        match end {
            End::Deliver { key, order_by } => {
                let has_key = copy(key, &mut self.first);
                let has_order = copy(order_by, &mut self.second);
                Outcome::Deliver {
                    document: self.machine.document.text(),
                    key: if has_key { Some(&self.first) } else { None },
                    order_by: if has_order { Some(&self.second) } else { None },
                }
            }
            End::Skip(index) => Outcome::Skip { reason: reason(prepared, index) },
            End::Wait(index, reference) => {
                copy(reference, &mut self.first);
                Outcome::Wait { reason: reason(prepared, index), reference: &self.first }
            }
            End::Reject(index, text) => {
                let own = !copy(text, &mut self.first);
                let reason = reason(prepared, index);
                Outcome::Reject { reason, text: if own { &reason.text } else { &self.first } }
            }
        }
    }
}

fn reason(prepared: &Prepared, index: ReasonIndex) -> &Reason {
    static UNKNOWN: Reason = Reason { code: 0, rule: String::new(), text: String::new(), id: String::new() };
    // The verifier has proved that every reason exists.
    prepared.module.reasons.get(index.index()).unwrap_or(&UNKNOWN)
}
