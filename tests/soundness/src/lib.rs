//! Tries to make a checked map lie: generators, oracles and a judge. One noun per module; nobody imports it.

pub mod campaign;
pub mod case;
pub mod choices;
pub mod generate;
pub mod minimise;
pub mod oracle;
pub mod replay;
pub mod shipped;
pub mod tally;
pub mod targets;
