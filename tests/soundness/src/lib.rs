//! Tries to make a checked map lie: generators, oracles and a judge. One noun per module; nobody imports it.

pub mod targets;
