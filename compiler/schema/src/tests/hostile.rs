//! Schemas that want to hurt.
