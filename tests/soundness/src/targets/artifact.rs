//! Any bytes as an artifact: refused, or run within limits and the same every time.
//!
//! The first byte says whether the checksum is mended (odd: yes), so that damage gets behind it; the artifact follows,
//! as long as its own section table says; what stands behind it are messages, one per line.

use mapc_vm::bytecode::{Module, listing};
use mapc_vm::{Context, Instance, Limits, MemoryXref, Program};

use super::Verdict;

const HEADER: usize = 12;
const ENTRY: usize = 6;
const TRAILER: usize = 4;

/// Loads an artifact; what loads is run on the messages behind it.
///
/// # Errors
/// A run ends with a reason that is none, an artifact does not come back as it was, or a run depends on the one before.
pub fn load(bytes: &[u8]) -> Verdict {
    let Some((mode, rest)) = bytes.split_first() else { return Ok(()) };
    let end = end_of(rest).unwrap_or(rest.len());
    let (artifact, tail) = rest.split_at_checked(end).unwrap_or((rest, &[]));
    let mut artifact = artifact.to_vec();
    if mode % 2 == 1 {
        mend(&mut artifact);
    }
    let Ok(program) = Program::load(&artifact) else { return Ok(()) };
    let _shown = listing(program.module());
    // Parts that a newer compiler added are kept; the rest is written in one way only.
    let written = program.module().encode();
    match Module::decode(&written) {
        Ok(module) if module == *program.module() => {}
        other => return Err(format!("it does not come back as it was: {other:?}")),
    }
    trial(&program, tail.split(|byte| *byte == b'\n').take(8))
}

/// Runs a program of any origin on messages, under narrow limits.
///
/// # Errors
/// A run ends with a reason that is none, or depends on the one before.
pub fn trial<'a>(program: &Program, mut messages: impl Iterator<Item = &'a [u8]>) -> Verdict {
    let limits =
        Limits { steps: 20_000, output_bytes: 100_000, list_rows: 1_000, depth: 16, ..Limits::default() };
    let mut warm = Instance::with_limits(program, limits);
    messages.try_for_each(|message| once(program, &mut warm, limits, message))
}

/// One message, by an instance that has seen others and by a fresh one.
fn once(program: &Program, warm: &mut Instance, limits: Limits, message: &[u8]) -> Verdict {
    let mut ids = MemoryXref::new();
    ids.insert("netsuite.customer", "C-1001", "8812");
    ids.insert("erp.customer", "C-1", "77");
    let context = Context::new(&ids);
    let mut fresh = Instance::with_limits(program, limits);
    let outcome = fresh.run(message, &context);
    if let Some(reason) = outcome.reason()
        && !program.module().reasons.contains(reason)
    {
        return Err(format!("{reason:?} is none of its reasons"));
    }
    let again = warm.run(message, &context);
    if again == outcome {
        Ok(())
    } else {
        Err(format!("the run before matters: {again:?}, alone {outcome:?}"))
    }
}

/// Where an artifact ends that stands at the beginning of the bytes.
fn end_of(bytes: &[u8]) -> Option<usize> {
    let count = number(bytes, 8)?;
    let mut end = count.checked_mul(ENTRY)?.checked_add(HEADER)?;
    for entry in bytes.get(HEADER..end)?.chunks_exact(ENTRY) {
        end = end.checked_add(number(entry, 2)?)?;
    }
    end.checked_add(TRAILER).filter(|end| *end <= bytes.len())
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let chunk = bytes.get(at..)?.first_chunk()?;
    usize::try_from(u32::from_le_bytes(*chunk)).ok()
}

/// Puts the right checksum at the end.
fn mend(artifact: &mut [u8]) {
    let body = artifact.len().saturating_sub(TRAILER);
    if let Some((body, place)) = artifact.split_at_mut_checked(body) {
        for (place, byte) in place.iter_mut().zip(crc32fast::hash(body).to_le_bytes()) {
            *place = byte;
        }
    }
}
