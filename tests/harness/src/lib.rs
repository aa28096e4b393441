//! Holds every room to its word.
