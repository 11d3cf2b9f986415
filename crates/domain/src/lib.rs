//! The words and the rules of the record: ids, periods, values, events, and the [`Book`] that decides and folds.
//!
//! It is pure: no clock (`now` is an argument), no randomness, no input or output, no async, and no floating point.
//! It is not a store, knows no file format and no wire format, and rates nothing (see the crate `ratings`).
//!
//! Invariants:
//! - `Book::apply` is total on a valid log, and an answer at a fixed ([`AsOf`]) never changes as the log grows;
//! - `Book::decide` gives the same drafts for the same book, submission and `now`;
//! - nothing older shows through a withdrawal.
//!
//! Read in this order: [`number`], [`period`], [`time`], [`ids`], [`measure`], [`result`], [`target`], [`scorecard`],
//! [`view`], [`event`], [`command`], [`history`], [`book`], [`decide`], [`preview`], [`snapshot`], [`commit`].

mod digits;

pub mod number;
pub mod period;
pub mod time;

pub mod ids;
pub mod limits;

pub mod measure;
pub mod result;
pub mod scorecard;
pub mod target;
pub mod view;

pub mod command;
pub mod event;

pub mod history;

pub mod book;
pub mod commit;
pub mod decide;
pub mod preview;
pub mod snapshot;

#[cfg(test)]
mod tests;

pub use book::Book;
pub use command::{Command, Instruction, Submission};
pub use event::{Event, Recorded};
pub use ids::{
    Actor, ActorId, AreaId, CohortId, Digest, EventId, LogId, MeasureId, Origin, Position, RuleId, ScorecardId,
    SubmissionId, ViewId,
};
pub use number::{Decimal, Exact};
pub use period::{Period, Span};
pub use result::{Cell, Figure, Missing, Series, Status};
pub use scorecard::Layout;
pub use target::{Minimum, Owner, Target, Terms};
pub use time::{AsOf, Date, Timestamp, Zone};
pub use view::Meeting;
