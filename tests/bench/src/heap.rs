//! The allocator of the whole process: the system's, with every call counted. Knows nobody who allocates.

#![expect(unsafe_code, reason = "an allocator cannot be written without")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, counted per thread.
struct Counted;

#[global_allocator]
static HEAP: Counted = Counted;

thread_local! {
    static CALLS: Cell<u64> = const { Cell::new(0) };
    static LIVE: Cell<i64> = const { Cell::new(0) };
    static PEAK: Cell<i64> = const { Cell::new(0) };
}

fn grow(bytes: usize) {
    CALLS.set(CALLS.get() + 1);
    let live = LIVE.get() + bytes as i64;
    LIVE.set(live);
    if live > PEAK.get() {
        PEAK.set(live);
    }
}

// SAFETY: every call is passed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        LIVE.set(LIVE.get() - layout.size() as i64);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(block, layout) }
    }
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        LIVE.set(LIVE.get() - layout.size() as i64);
        grow(size);
        // SAFETY: the caller's promise.
        unsafe { System.realloc(block, layout, size) }
    }
}

/// What a piece of work did to this thread's heap.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// Allocations and reallocations.
    pub calls: u64,
    /// Bytes more than before, at the most.
    pub peak: i64,
    /// Bytes more than before, at the end.
    pub kept: i64,
}

/// Does the work and says what it did to this thread's heap.
pub fn watch<T>(work: impl FnOnce() -> T) -> (T, Use) {
    let (calls, live) = (CALLS.get(), LIVE.get());
    PEAK.set(live);
    let value = work();
    let used = Use { calls: CALLS.get() - calls, peak: PEAK.get() - live, kept: LIVE.get() - live };
    (value, used)
}
