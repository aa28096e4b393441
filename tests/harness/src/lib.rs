//! What the tests in `tests/` share: one noun per module. Knows every room; nobody imports it.

pub mod command;
pub mod compiled;
pub mod ending;
pub mod example;
pub mod folder;
pub mod judge;
pub mod mistake;
pub mod mutation;
pub mod page;
pub mod reference;
pub mod repository;
pub mod scale;
