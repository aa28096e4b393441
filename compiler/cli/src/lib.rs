//! The `mapc` command: talks to people and to CI.

mod arguments;
mod config;
mod disk;
mod exit;
mod look;
mod render;
mod trouble;
