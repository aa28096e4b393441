//! Nothing: stands in for macros that are not used.
