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

/// Runs a program, one message after the other. Keeps its buffers: after a few messages nothing is allocated any more.
#[derive(Debug)]
pub struct Instance {
    program: Program,
    limits: Limits,
    lane: Lane,
    store: Store,
    ingest: Ingest,
    machine: Machine,
    guards: Vec<u64>,
    /// Texts that leave with the outcome: key or words, and what orders delivery.
    first: String,
    second: String,
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
        let prepared = &program.prepared;
        Instance {
            program: program.clone(),
            limits,
            lane: lane.or_portable(),
            store: Store::new(&prepared.plan),
            ingest: Ingest::default(),
            machine: Machine::new(prepared),
            guards: vec![0; prepared.module.guards.len()],
            first: String::new(),
            second: String::new(),
        }
    }

    /// Runs the program on one message. Any bytes may be given.
    pub fn run<'a>(&'a mut self, input: &[u8], context: &Context<'_>) -> Outcome<'a> {
        let end = self.end(input, context);
        let words = Texts { arena: &self.machine.arena, constants: &self.program.prepared.texts };
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
            End::Skip(reason) => Outcome::Skip { reason: self.reason(reason) },
            End::Wait(reason, reference) => {
                copy(reference, &mut self.first);
                Outcome::Wait { reason: self.reason(reason), reference: &self.first }
            }
            End::Reject(reason, text) => {
                let own = !copy(text, &mut self.first);
                let reason = self.reason(reason);
                Outcome::Reject { reason, text: if own { &reason.text } else { &self.first } }
            }
        }
    }

    fn end(&mut self, input: &[u8], context: &Context<'_>) -> End {
        let prepared: &Prepared = &self.program.prepared;
        let builtin = prepared.module.builtin;
        if input.len() > self.limits.input_bytes.min(LONGEST) {
            return End::reject(builtin.size);
        }
        self.machine.load(input);
        let bounds = Bounds { depth: self.limits.depth, list_rows: self.limits.list_rows };
        if let Err(fault) = self.ingest.read(
            &self.machine.arena,
            0,
            input.len(),
            &prepared.plan,
            bounds,
            &mut self.store,
            self.lane,
        ) {
            let reason = match fault {
                Fault::NotJson => builtin.not_json,
                Fault::BadText => builtin.bad_text,
                Fault::DuplicateKey => builtin.duplicate_key,
                Fault::Depth => builtin.depth,
                Fault::Size => builtin.size,
            };
            return End::reject(reason);
        }
        Run::new(prepared, &self.store, context, self.limits, &mut self.guards, &mut self.machine).finish()
    }

    /// Of the buffers that grow with a message.
    #[cfg(test)]
    pub(crate) fn capacities(&self) -> [usize; 4] {
        let slots = self.store.tables.iter().map(|table| table.slots.capacity()).sum();
        let machine = &self.machine;
        [slots, machine.arena.capacity(), machine.work.capacity(), machine.document.capacity()]
    }

    fn reason(&self, index: ReasonIndex) -> &Reason {
        static UNKNOWN: Reason =
            Reason { code: 0, rule: String::new(), text: String::new(), id: String::new() };
        // The verifier has proved that every reason exists.
        self.program.prepared.module.reasons.get(index.index()).unwrap_or(&UNKNOWN)
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
