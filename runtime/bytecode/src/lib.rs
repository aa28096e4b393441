//! What a compiled mapping is, byte by byte.
