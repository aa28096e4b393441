//! One way to lay out a file.
