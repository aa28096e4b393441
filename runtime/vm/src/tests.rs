//! Hand-built modules, run through the artifact: one test per family of instructions.

mod builder;
mod calls;
mod hostile;
mod output;
mod reads;
mod tests_of_values;
mod walks;

pub(crate) use builder::Builder;
