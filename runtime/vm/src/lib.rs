//! Runs a verified program on one message.
