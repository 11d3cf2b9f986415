//! Payloads of schema version 2, field by field as they are on disk. NEVER EDIT THIS FILE: old logs are read by it.

use serde::{Deserialize, Serialize};

use super::v1::Date;

/// A list whose `at_least` is more than 1, which version 1 has no field for; every other list is written as version 1.
#[derive(Serialize, Deserialize)]
pub(super) struct NeighboursAdopted<S> {
    pub(super) list: S,
    pub(super) area: S,
    pub(super) from: Date,
    pub(super) members: Vec<S>,
    pub(super) average: u8,
    /// At least 2.
    pub(super) at_least: u8,
}
