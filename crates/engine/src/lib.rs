//! The use cases of Scorebook.

pub mod log;
