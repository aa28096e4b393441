//! One binary for all runs, so that they share the machine: each module is one way to refute the claim.

mod seeds;
