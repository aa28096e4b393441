//! Every name bound, every target obligation proved.

pub mod typed;
