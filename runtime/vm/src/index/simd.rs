//! The index pass with vector instructions, and the call for memory ahead of its use: the one file with unsafe code. Knows
//! bytes, not JSON.
#![expect(
    unsafe_code,
    reason = "vectors are loaded through pointers, and functions that need a processor's feature called"
)]

use std::arch::x86_64::*;
use std::is_x86_feature_detected as has;

use super::bitmap::{Bitmap, Index};

/// Whether the processor has everything that [`with_avx2`] needs. Detection is cached by the standard library.
#[inline]
pub(crate) fn has_avx2() -> bool {
    has!("avx2") && has!("bmi1") && has!("bmi2") && has!("lzcnt") && has!("popcnt")
}

/// The same for [`with_avx512`].
#[inline]
pub(crate) fn has_avx512() -> bool {
    has_avx2() && has!("avx512f") && has!("avx512bw")
}

/// Bytes of a line of the caches.
const LINE: usize = 64;
/// Of one thing, at most so many bytes are called for.
const MOST: usize = 8192;

/// Calls for the memory of what will soon be looked at, so that it is on its way into the caches meanwhile.
pub(crate) fn prefetch<T>(soon: &[T]) {
    let start = soon.as_ptr().cast::<i8>();
    for place in (0..size_of_val(soon).min(MOST)).step_by(LINE) {
        // SAFETY: the place lies in the slice; a prefetch reads no value and never faults.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(start.add(place)) };
    }
}

/// What is done with the bits of a message.
pub(crate) trait Work {
    type Out;
    /// With a message that is UTF-8. To be inlined where the features are on.
    fn run(self, bitmap: Bitmap<'_>) -> Self::Out;
    /// With a message that is not UTF-8.
    fn not_text(self) -> Self::Out;
}

/// A message in its buffer.
#[derive(Clone, Copy)]
pub(crate) struct Message<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// Makes the index and works with it; gives the work back if the processor cannot.
pub(crate) fn with_avx2<W: Work>(index: &mut Index, message: Message<'_>, work: W) -> Result<W::Out, W> {
    if !has_avx2() {
        return Err(work);
    }
    // SAFETY: the features that the function is compiled for have just been found.
    Ok(unsafe { all_avx2(index, message, work) })
}

/// As [`with_avx2`], the index made with AVX-512.
pub(crate) fn with_avx512<W: Work>(index: &mut Index, message: Message<'_>, work: W) -> Result<W::Out, W> {
    if !has_avx512() {
        return Err(work);
    }
    // SAFETY: the features that the function is compiled for have just been found; they include those of the other one.
    Ok(unsafe {
        if index_avx512(index, message) { checked(index, message, work) } else { indexed(index, work) }
    })
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn all_avx2<W: Work>(index: &mut Index, message: Message<'_>, work: W) -> W::Out {
    if index_avx2(index, message) { checked(index, message, work) } else { indexed(index, work) }
}

/// With bytes that are not ASCII.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn checked<W: Work>(index: &Index, message: Message<'_>, work: W) -> W::Out {
    if index.is_text(message.bytes, message.from, message.to) {
        indexed(index, work)
    } else {
        work.not_text()
    }
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline(never)]
fn indexed<W: Work>(index: &Index, work: W) -> W::Out {
    work.run(index.bitmap())
}

/// `true` if some byte is not ASCII.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn index_avx2(index: &mut Index, message: Message<'_>) -> bool {
    index.prepare(message.to);
    let quote = _mm256_set1_epi8(0x22);
    let backslash = _mm256_set1_epi8(0x5C);
    let control = _mm256_set1_epi8(0x1F);
    // Bits of the special bytes, and of those that are not ASCII.
    let masks = |half: &[u8; 32]| {
        // SAFETY: 32 bytes may be read from a reference to 32 bytes; the load needs no alignment.
        let bytes = unsafe { _mm256_loadu_si256(half.as_ptr().cast()) };
        let texts = _mm256_or_si256(_mm256_cmpeq_epi8(bytes, quote), _mm256_cmpeq_epi8(bytes, backslash));
        let controls = _mm256_cmpeq_epi8(_mm256_max_epu8(bytes, control), control);
        let special = _mm256_movemask_epi8(_mm256_or_si256(texts, controls)) as u32;
        (u64::from(special), u64::from(_mm256_movemask_epi8(bytes) as u32))
    };
    let mut any = 0;
    for ((block, bits), wide) in
        message.bytes.as_chunks().0.iter().zip(index.bits.as_chunks_mut().0).zip(&mut index.wide)
    {
        let [left, right] = halves(block);
        let (low, high) = (masks(left), masks(right));
        *bits = (low.0 | high.0 << 32).to_le_bytes();
        *wide = low.1 | high.1 << 32;
        any |= *wide;
    }
    any != 0
}

#[inline(always)]
fn halves(block: &[u8; 64]) -> [&[u8; 32]; 2] {
    const ZEROS: [u8; 32] = [0; 32];
    [block.first_chunk().unwrap_or(&ZEROS), block.last_chunk().unwrap_or(&ZEROS)]
}

/// `true` if some byte is not ASCII.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,avx512f,avx512bw")]
fn index_avx512(index: &mut Index, message: Message<'_>) -> bool {
    index.prepare(message.to);
    let quote = _mm512_set1_epi8(0x22);
    let backslash = _mm512_set1_epi8(0x5C);
    let space = _mm512_set1_epi8(0x20);
    let mut any = 0;
    for ((block, bits), wide) in
        message.bytes.as_chunks::<64>().0.iter().zip(index.bits.as_chunks_mut().0).zip(&mut index.wide)
    {
        // SAFETY: 64 bytes may be read from a reference to 64 bytes; the load needs no alignment.
        let bytes = unsafe { _mm512_loadu_si512(block.as_ptr().cast()) };
        let special = _mm512_cmpeq_epi8_mask(bytes, quote)
            | _mm512_cmpeq_epi8_mask(bytes, backslash)
            | _mm512_cmplt_epu8_mask(bytes, space);
        *bits = special.to_le_bytes();
        *wide = _mm512_movepi8_mask(bytes);
        any |= *wide;
    }
    any != 0
}
