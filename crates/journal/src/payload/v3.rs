//! Payloads that came with format 3, field by field as they are on disk. NEVER EDIT THIS FILE: old logs are read by it.
//!
//! The types that are new in it begin at schema version 1; a scorecard that says more than before is of schema version 2.

use serde::{Deserialize, Serialize};

use super::v1::{Cell, Content, Date, Figure};

/// Schema version 2: a scorecard that says from when it holds, who answers for it, or what it has to do with others; every
/// other is written as version 1.
#[derive(Serialize, Deserialize)]
pub(super) struct ScorecardDefined<S> {
    pub(super) scorecard: S,
    pub(super) title: S,
    pub(super) committee: S,
    pub(super) layout: Content<S>,
    pub(super) from: Option<Date>,
    pub(super) owner: S,
    pub(super) director: S,
    pub(super) behind: Option<S>,
    pub(super) subset_of: Option<S>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ActionAgreed<S> {
    pub(super) cell: Cell<S>,
    pub(super) about: Option<u64>,
    pub(super) text: Content<S>,
    pub(super) owner: S,
    pub(super) due: Date,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ViewPublished<S> {
    pub(super) view: S,
    pub(super) scorecard: S,
    /// A period's canonical code.
    pub(super) period: S,
    pub(super) area: S,
    pub(super) committee: S,
    pub(super) on: Date,
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub(super) known_at: Option<i64>,
    pub(super) position: u64,
    pub(super) form: S,
    pub(super) content: Content<S>,
    pub(super) over: Content<S>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct CommitteeActRecorded<S> {
    pub(super) view: S,
    /// 1 noted, 2 commented, 3 resolved.
    pub(super) act: u8,
    pub(super) text: Content<S>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct LateFigureTold<S> {
    pub(super) view: S,
    pub(super) cell: Cell<S>,
    /// `None` when it was told in words alone.
    pub(super) figure: Option<Figure>,
    /// A status's code; 0 without a figure.
    pub(super) status: u8,
    pub(super) text: Content<S>,
}
