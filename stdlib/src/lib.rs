//! The standard library: signatures, documentation and examples.
