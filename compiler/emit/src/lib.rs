//! The proof becomes the shortest program.
