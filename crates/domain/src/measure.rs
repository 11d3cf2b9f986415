//! What is measured: definitions, units, polarity.

use crate::ids::{Digest, MeasureId};
use crate::number::{Decimal, Exact};
use crate::period::YearType;

/// A measure's definition, whole: defining or revising one replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The code that results, targets and scorecards refer to.
    pub measure: MeasureId,
    /// What members read, at most [`crate::limits::NAME_BYTES_MAX`].
    pub title: String,
    /// Rated, or shown for information.
    pub kind: MeasureKind,
    /// What one is.
    pub unit: Unit,
    /// Digits shown after the point, 0 to 6. Ratings never use it.
    pub decimal_places: u8,
    /// Which way is better.
    pub polarity: Polarity,
    /// How often there is a figure.
    pub frequency: Frequency,
    /// What span of time one figure sums up.
    pub basis: Basis,
    /// Which years its yearly figures are for.
    pub year_type: YearType,
    /// What exactly is counted.
    pub definition: Content,
    /// Where the figures come from; may be empty.
    pub data_source: String,
    /// The service that answers for it; may be empty.
    pub owner: String,
}

/// What of a definition most figures are judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brief {
    /// Whether it is shown for information, and never rated.
    pub is_activity: bool,
    /// Which way is better.
    pub polarity: Polarity,
    /// Digits shown after the point, which most figures have.
    pub decimal_places: u8,
}

impl Definition {
    /// What of it most figures are judged by.
    pub const fn brief(&self) -> Brief {
        let is_activity = matches!(self.kind, MeasureKind::Activity { .. });
        Brief { is_activity, polarity: self.polarity, decimal_places: self.decimal_places }
    }
}

/// Whether a measure is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureKind {
    /// A key performance indicator: rated against its target.
    Indicator,
    /// Activity or context: never rated; outside its expected range is a signal of demand, not a failure.
    Activity {
        /// The expected range, both ends included.
        expected: Option<(Decimal, Decimal)>,
    },
}

/// What one unit of a figure is, and what a ratio is multiplied by to get there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// `%`, `days`, `pupils`, `per 10,000 children` …
    pub label: String,
    /// What `numerator / denominator` is multiplied by: 100 for a percentage, 1 for an average. 1 to 1,000,000.
    pub multiplier: u32,
}

impl Unit {
    /// Per cent.
    pub fn percent() -> Self {
        Self { label: "%".to_owned(), multiplier: 100 }
    }

    /// A shown number with its unit: `43.4%`, `349 days`.
    pub fn show(&self, number: &str) -> String {
        let (space, label) = self.after_number();
        [number, space, label].concat()
    }

    /// What follows a shown number: a space, where there is one, and the label.
    pub fn after_number(&self) -> (&'static str, &str) {
        match self.label.as_str() {
            label @ ("" | "%") => ("", label),
            label => (" ", label),
        }
    }
}

impl Definition {
    /// An exact value as it is shown: rounded half away from zero to the decimal places, with thousands separated and
    /// with its unit.
    pub fn show(&self, value: Exact) -> String {
        match value.round(self.decimal_places) {
            Some(rounded) => self.unit.show(&grouped(rounded)),
            None => "too large to show".to_owned(),
        }
    }
}

/// A number with a comma between thousands: `1,747`.
pub fn grouped(number: Decimal) -> String {
    let mut text = String::new();
    number.push_grouped(&mut text);
    text
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Polarity {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Inside the target range is better.
    Range,
    /// Neither way is better; never rated.
    None,
}

/// How often there is a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Frequency {
    /// Every month.
    Monthly,
    /// Every quarter.
    Quarterly,
    /// Every school term.
    Termly,
    /// Once a year.
    Annual,
}

/// What span of time one figure sums up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// As it stood on the last working day of the period.
    Snapshot,
    /// Since the beginning of the year.
    YearToDate,
    /// The last *n* months, to the end of the period.
    RollingMonths(u8),
    /// The period alone.
    SinglePeriod,
    /// The mean of *n* months, to the end of the period.
    MeanOfMonths(u8),
    /// The source does not say. Nothing is inferred from it.
    NotStated,
}

/// A text that may be long: here when short, otherwise stored once in the log under its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// At most [`crate::limits::INLINE_BYTES_MAX`] bytes.
    Inline(String),
    /// Stored in the same commit as parts (`ContentStored`).
    Stored {
        /// SHA-256 of all its bytes.
        digest: Digest,
        /// Its length in bytes, at most [`crate::limits::CONTENT_BYTES_MAX`].
        size: u32,
    },
}
