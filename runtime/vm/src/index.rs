//! Where the bytes of a message stand that end a text or need care in it: quotes, backslashes, control characters; a
//! bitmap of them, made with plain code or with vectors. Knows no JSON beyond that.

mod bitmap;
#[cfg(target_arch = "x86_64")]
mod simd;

pub(crate) use bitmap::{Bitmap, Index};
#[cfg(target_arch = "x86_64")]
pub(crate) use simd::{Message, Work, has_avx2, has_avx512, prefetch, with_avx2, with_avx512};

#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn has_avx2() -> bool {
    false
}

#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn has_avx512() -> bool {
    false
}

/// Elsewhere memory comes when it is needed.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn prefetch<T>(_soon: &[T]) {}

/// So many zero bytes stand behind every message.
pub(crate) const PADDING: usize = 80;

/// So many bytes from a place.
#[inline(always)]
pub(crate) fn chunk<const N: usize>(bytes: &[u8], at: u32) -> Option<&[u8; N]> {
    let at = at as usize;
    bytes.get(at..at + N)?.first_chunk()
}
