//! Things to try: schemas, maps between them, messages for them.

pub mod json;
pub mod map;
pub mod message;
pub mod number;
mod render;
pub mod schema;
