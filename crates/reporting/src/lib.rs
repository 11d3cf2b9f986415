//! Read models as of any time: scorecards, histories, the directory, comparisons. Pure.
//!
//! It stores nothing and computes every answer from the [`domain::Book`] at (K, P). It decides nothing about wire
//! formats, pages or columns.
//!
//! Invariant: an answer at fixed bounds never changes, however much later records the book has folded.
//!
//! The shapes of all answers are in [`answer`]; start with [`scorecard`].

pub mod answer;

mod reader;
mod row;

pub mod cohorts;
pub mod directory;
pub mod history;
pub mod results;
pub mod scorecard;
pub mod target_history;

mod benchmarks;

mod causes;
pub mod comparison;
mod differences;

pub mod grid;

pub mod rating_changes;

pub mod evidence;
pub mod what_if;

pub mod release;

pub mod publication;
pub mod view;
pub mod views;

pub mod words;

#[cfg(test)]
mod tests;

/// The areas that contain one, and it itself, nearest first, as of a position; at most eight.
pub fn containing(book: &domain::Book, area: &domain::AreaId, position: domain::Position) -> Vec<domain::AreaId> {
    reader::Reader::new(book, domain::AsOf::position(position)).area_and_containing(area)
}

/// Why a question has no answer. Correct the code, or ask as of a later time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is not defined within the bounds.
    #[error("{what} {code} is not defined as of then")]
    NotDefined {
        /// `measure`, `scorecard` …
        what: &'static str,
        /// As given.
        code: String,
    },
    /// No view was published under this code. Correct it.
    #[error("view {view} is not published; `scorebook view list` prints the codes")]
    NoView {
        /// As given.
        view: domain::ViewId,
    },
    /// More cells than one question may ask for. Ask for fewer measures, areas or periods at a time.
    #[error(
        "{n_cells} cells are asked for, and at most {n_cells_max} at once; ask for fewer measures, areas or periods"
    )]
    TooLarge {
        /// How many.
        n_cells: usize,
        /// The bound.
        n_cells_max: usize,
    },
    /// Periods that are not in ascending order, each once. Sort them.
    #[error("the periods are not ascending, each once; sort them by their last day")]
    NotAscending,
    /// It holds for later periods only. Ask for one of them.
    #[error("{what} {code} is laid out for periods that end on {from} or later; ask for one of these")]
    LaterPeriods {
        /// `scorecard`.
        what: &'static str,
        /// As given.
        code: String,
        /// The first day.
        from: domain::Date,
    },
    /// It was defined only later. Ask as known then, or define it as known earlier (a backfill).
    #[error(
        "{what} {code} was not known then: it is known from {known_at} on; ask as known then or later, or import it as \
         known earlier"
    )]
    DefinedLater {
        /// `scorecard`.
        what: &'static str,
        /// As given.
        code: String,
        /// When it was first known.
        known_at: domain::Timestamp,
    },
}

/// What is asked about one measure's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodRange {
    /// The first last day of interest.
    pub from: Option<domain::Date>,
    /// The last last day of interest, included.
    pub to: Option<domain::Date>,
}

impl PeriodRange {
    /// Every period.
    pub const ALL: Self = Self { from: None, to: None };

    /// True when the period's last day is inside.
    pub fn holds(self, period: domain::Period) -> bool {
        let day = period.last_day();
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}
