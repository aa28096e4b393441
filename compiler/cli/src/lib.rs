//! The mapc command: talks to people and to CI.
