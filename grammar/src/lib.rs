//! Text becomes a tree, always: every text gives a tree with holes and a list of diagnostics.

pub mod tree;
