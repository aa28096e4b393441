//! One binary for all runs, so that they share the machine: each module is one way to refute the claim.

mod artifacts;
mod cases;
mod containment;
mod edits;
mod end_to_end;
mod formats;
mod functions;
mod laws;
mod lies;
mod oracles;
mod pairs;
mod refusals;
mod schemas;
mod scope;
mod seeds;
mod shipped;
mod suite;
