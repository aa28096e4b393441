//! Tries to make a checked map lie: generators, oracles and a judge. One noun per module; nobody imports it.

pub mod campaign;
pub mod case;
pub mod choices;
pub mod containment;
pub mod edits;
pub mod generate;
pub mod image;
pub mod json;
pub mod laws;
pub mod lies;
pub mod loaded;
pub mod minimise;
pub mod oracle;
pub mod outside;
pub mod pairs;
pub mod question;
pub mod replay;
pub mod report;
pub mod shipped;
pub mod suites;
pub mod tally;
pub mod targets;
pub mod values;
pub mod vendors;
