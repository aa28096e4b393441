//! One binary for all runs, so that they share the machine: each module is one way to refute the claim.

mod cases;
mod end_to_end;
mod seeds;
mod shipped;
