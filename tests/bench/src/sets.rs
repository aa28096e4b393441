//! What is measured besides the three workloads. Each part notes its figures.

pub mod growth;
pub mod hostile;
pub mod load;
pub mod tenants;
pub mod threads;
