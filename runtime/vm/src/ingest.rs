//! Reading a message: everything is tested to be JSON, what the plan names goes into slots. Knows lanes and buffers; the
//! walk over the message itself is the same in every lane.

use crate::index::{Index, PADDING};
use crate::lane::Lane;
use crate::plan::Plan;
use crate::slot::Store;

use walk::{Buffers, walk};

mod scalar;
mod skip;
#[cfg(test)]
mod tests;
mod walk;

/// Why a message cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// R0101.
    NotJson,
    /// R0102.
    BadText,
    /// R0103.
    DuplicateKey,
    /// R0110.
    Depth,
    /// R0111.
    Size,
}

/// What may be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) depth: usize,
    pub(crate) list_rows: usize,
}

/// The reader with its buffers: nothing is allocated after warm-up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ingest {
    index: Index,
    buffers: Buffers,
}

impl Ingest {
    /// Reads the message `bytes[from..to]` into the store. At least [`PADDING`] zero bytes stand behind it, and all of it
    /// lies below 2 GiB. Slots hold places in `bytes`. A message that is not UTF-8 is a bad text whatever else it is.
    #[expect(
        clippy::too_many_arguments,
        reason = "a buffer with two places, and what is read into what within which limits"
    )]
    pub(crate) fn read(
        &mut self,
        bytes: &[u8],
        from: usize,
        to: usize,
        plan: &Plan,
        bounds: Bounds,
        store: &mut Store,
        lane: Lane,
    ) -> Result<(), Fault> {
        debug_assert!(bytes.len() >= to + PADDING, "the message is padded");
        store.clear();
        let task = Task { bytes, from, to, plan, bounds, store, buffers: &mut self.buffers };
        #[cfg(target_arch = "x86_64")]
        let task = {
            let index = &mut self.index;
            let message = crate::index::Message { bytes, from, to };
            let done = match lane {
                Lane::Avx2 => crate::index::with_avx2(index, message, task),
                Lane::Avx512 => crate::index::with_avx512(index, message, task),
                Lane::Portable => Err(task),
            };
            match done {
                Ok(verdict) => return verdict,
                Err(task) => task,
            }
        };
        #[cfg(not(target_arch = "x86_64"))]
        let _ = lane;
        self.index.fill(bytes, to);
        if !self.index.is_text(bytes, from, to) {
            return Err(Fault::BadText);
        }
        walk(task, self.index.bitmap())
    }
}

/// One message to be read.
struct Task<'a> {
    bytes: &'a [u8],
    from: usize,
    to: usize,
    plan: &'a Plan,
    bounds: Bounds,
    store: &'a mut Store,
    buffers: &'a mut Buffers,
}

#[cfg(target_arch = "x86_64")]
impl crate::index::Work for Task<'_> {
    type Out = Result<(), Fault>;

    fn not_text(self) -> Self::Out {
        Err(Fault::BadText)
    }

    #[inline(always)]
    fn run(self, bitmap: crate::index::Bitmap<'_>) -> Self::Out {
        walk(self, bitmap)
    }
}
