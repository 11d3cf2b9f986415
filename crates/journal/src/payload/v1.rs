//! Payloads of schema version 1, field by field as they are on disk. NEVER EDIT THIS FILE: old logs are read by it.
//!
//! bincode writes the fields in this order with nothing between them: numbers little endian at their width, `bool` as one
//! byte 0 or 1, an `Option` as one byte 0 or 1 and then the value, a text or a list as its length in 8 bytes and then its
//! bytes or items, an array as its items. Enums are the one-byte codes of `codes`, or those listed at the field.
//!
//! `S` is a text, `&str` in both directions, and `B` is bytes: what is read borrows from the stored record.

use serde::{Deserialize, Serialize};

/// Every payload: the prefix, then the event.
#[derive(Serialize, Deserialize)]
pub(super) struct Payload<S, T> {
    pub(super) prefix: Prefix<S>,
    pub(super) event: T,
}

/// Who, with which submission, from where, and why.
#[derive(Serialize, Deserialize)]
pub(super) struct Prefix<S> {
    pub(super) actor: S,
    pub(super) authenticated: bool,
    pub(super) submission: [u8; 16],
    pub(super) origin: Option<Origin>,
    /// A cause's code, 0 for none.
    pub(super) cause: u8,
    pub(super) reason: S,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Origin {
    /// From 0.
    pub(super) file: u16,
    /// From 1.
    pub(super) line: u32,
}

/// `coefficient × 10^-scale`, scale 0 to 18.
#[derive(Serialize, Deserialize)]
pub(super) struct Decimal {
    pub(super) coefficient: i64,
    pub(super) scale: u8,
}

/// A civil date of the Gregorian calendar; month and day from 1.
#[derive(Serialize, Deserialize)]
pub(super) struct Date {
    pub(super) year: i16,
    pub(super) month: i8,
    pub(super) day: i8,
}

/// `[from, to)`; without `to` it is open.
#[derive(Serialize, Deserialize)]
pub(super) struct Span {
    pub(super) from: Date,
    pub(super) to: Option<Date>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Cell<S> {
    pub(super) measure: S,
    pub(super) area: S,
    pub(super) cohort: S,
    /// A period's canonical code.
    pub(super) period: S,
}

/// A period that a source gives: form 0 not stated (empty text), 1 a period's code, 2 other words.
#[derive(Serialize, Deserialize)]
pub(super) struct StatedPeriod<S> {
    pub(super) form: u8,
    pub(super) text: S,
}

/// Form 1 is `text` itself, without digest and with size 0; form 2 is stored content, with an empty text.
#[derive(Serialize, Deserialize)]
pub(super) struct Content<S> {
    pub(super) form: u8,
    pub(super) text: S,
    pub(super) digest: Option<[u8; 32]>,
    pub(super) size: u32,
}

#[derive(Serialize, Deserialize)]
pub(super) struct LogOpened<S> {
    pub(super) log: [u8; 16],
    pub(super) authority: S,
    pub(super) time_zone: S,
    pub(super) format: u16,
}

#[derive(Serialize, Deserialize)]
pub(super) struct SubmissionReceived<S> {
    pub(super) digest: [u8; 32],
    pub(super) sources: Vec<Source<S>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Source<S> {
    pub(super) name: S,
    pub(super) sha256: [u8; 32],
    pub(super) size: u64,
    pub(super) layout: S,
    pub(super) stored: bool,
}

/// `SubmissionRolledBack` and `SubmissionReinstated`: which submission, which is not the prefix's.
#[derive(Serialize, Deserialize)]
pub(super) struct OtherSubmission {
    pub(super) submission: [u8; 16],
}

#[derive(Serialize, Deserialize)]
pub(super) struct ContentStored<B> {
    pub(super) digest: [u8; 32],
    pub(super) part: u32,
    pub(super) parts: u32,
    pub(super) file: bool,
    pub(super) bytes: B,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ActorNamed<S> {
    pub(super) actor: S,
    pub(super) name: S,
}

/// `MeasureDefined` and `MeasureRevised`.
#[derive(Serialize, Deserialize)]
pub(super) struct Definition<S> {
    pub(super) measure: S,
    pub(super) title: S,
    /// 1 indicator (no expected range), 2 activity.
    pub(super) kind: u8,
    /// Both ends or neither.
    pub(super) expected_low: Option<Decimal>,
    pub(super) expected_high: Option<Decimal>,
    pub(super) unit: S,
    pub(super) multiplier: u32,
    pub(super) decimal_places: u8,
    pub(super) polarity: u8,
    pub(super) frequency: u8,
    /// 1 snapshot, 2 year to date, 3 rolling months, 4 single period, 5 mean of months, 6 not stated.
    pub(super) basis: u8,
    /// How many months, for the bases that count them; 0 for the others.
    pub(super) basis_months: u8,
    pub(super) year_type: u8,
    pub(super) text: Content<S>,
    pub(super) data_source: S,
    pub(super) owner: S,
}

#[derive(Serialize, Deserialize)]
pub(super) struct MeasureWithdrawn<S> {
    pub(super) measure: S,
    pub(super) from: Date,
    pub(super) successor: Option<S>,
    pub(super) comparable: bool,
}

#[derive(Serialize, Deserialize)]
pub(super) struct AreaDefined<S> {
    pub(super) area: S,
    pub(super) name: S,
    pub(super) level: u8,
    pub(super) parent: Option<S>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct CohortDefined<S> {
    pub(super) cohort: S,
    pub(super) name: S,
    pub(super) description: S,
}

/// Form 1 stated: `value`, and `denominator` if given. Form 2 counted: `numerator`, `denominator`, and `value` as stated
/// if given. Form 3 missing: `missing` alone. What a form does not name is absent, and `missing` is then 0.
#[derive(Serialize, Deserialize)]
pub(super) struct Figure {
    pub(super) form: u8,
    pub(super) missing: u8,
    pub(super) value: Option<Decimal>,
    pub(super) numerator: Option<Decimal>,
    pub(super) denominator: Option<Decimal>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StatedPrevious<S> {
    pub(super) value: Decimal,
    pub(super) period: StatedPeriod<S>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ResultRecorded<S> {
    pub(super) cell: Cell<S>,
    pub(super) figure: Figure,
    pub(super) status: u8,
    /// A colour's code, 0 for none.
    pub(super) stated_colour: u8,
    pub(super) stated_previous: Option<StatedPrevious<S>>,
    pub(super) source_text: S,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ResultWithdrawn<S> {
    pub(super) cell: Cell<S>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct TargetKey<S> {
    pub(super) measure: S,
    pub(super) area: S,
    pub(super) cohort: S,
    pub(super) owner: u8,
}

/// Form 1 at least, 2 more than, 3 at most, 4 less than `low`; 5 within `low` and `high`.
#[derive(Serialize, Deserialize)]
pub(super) struct Target {
    pub(super) form: u8,
    pub(super) low: Decimal,
    pub(super) high: Option<Decimal>,
}

/// Form 0 unknown, 1 `low` alone, 2 within `low` and `high`.
#[derive(Serialize, Deserialize)]
pub(super) struct Minimum {
    pub(super) form: u8,
    pub(super) low: Option<Decimal>,
    pub(super) high: Option<Decimal>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct TargetChanged<S> {
    pub(super) key: TargetKey<S>,
    pub(super) span: Span,
    pub(super) target: Target,
    pub(super) minimum: Minimum,
    pub(super) decision: S,
}

#[derive(Serialize, Deserialize)]
pub(super) struct TargetWithdrawn<S> {
    pub(super) key: TargetKey<S>,
    pub(super) span: Span,
    pub(super) decision: S,
}

#[derive(Serialize, Deserialize)]
pub(super) struct BenchmarkRecorded<S> {
    pub(super) cell: Cell<S>,
    /// 1 an area by its code, 2 the statistical neighbours (empty name), 3 another group by its name.
    pub(super) comparator: u8,
    pub(super) comparator_name: S,
    /// The code of the reason for a missing figure, or 0 and a value.
    pub(super) missing: u8,
    pub(super) value: Option<Decimal>,
    pub(super) period: StatedPeriod<S>,
    pub(super) source: S,
}

#[derive(Serialize, Deserialize)]
pub(super) struct NeighboursAdopted<S> {
    pub(super) list: S,
    pub(super) area: S,
    pub(super) from: Date,
    pub(super) members: Vec<S>,
    pub(super) average: u8,
}

#[derive(Serialize, Deserialize)]
pub(super) struct CommentaryWritten<S> {
    pub(super) cell: Cell<S>,
    pub(super) about: Option<u64>,
    pub(super) text: Content<S>,
}

/// `RatingRuleAdopted` and `DirectionMethodAdopted`.
#[derive(Serialize, Deserialize)]
pub(super) struct RuleAdopted<S> {
    pub(super) rule: S,
    pub(super) measure: Option<S>,
    pub(super) from: Date,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ScorecardDefined<S> {
    pub(super) scorecard: S,
    pub(super) title: S,
    pub(super) committee: S,
    pub(super) layout: Content<S>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct RowSetAside<S> {
    pub(super) text: S,
    pub(super) field: S,
    pub(super) problem: S,
}

#[derive(Serialize, Deserialize)]
pub(super) struct FormatRaised {
    pub(super) format: u16,
}
