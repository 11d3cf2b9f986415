//! A key's targets as an answer reads them: newest first, each for the days of its span.

use super::{AreaNumber, CohortNumber};
use crate::history::Rollbacks;
use crate::ids::Position;
use crate::period::{DayNumber, Span};
use crate::target::{Owner, Terms};
use crate::time::{AsOf, Timestamp};

/// One word about a key's targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTarget {
    known_at: Timestamp,
    position: Position,
    from: DayNumber,
    /// The first day after it.
    to: DayNumber,
    terms: Option<Terms>,
}

impl StoredTarget {
    /// When it was known.
    #[inline]
    pub const fn known_at(&self) -> Timestamp {
        self.known_at
    }

    /// Where it is in the log.
    #[inline]
    pub const fn position(&self) -> Position {
        self.position
    }

    /// What it asks for; `None` for a withdrawal.
    #[inline]
    pub const fn terms(&self) -> Option<Terms> {
        self.terms
    }
}

/// The targets of one area, cohort and owner, by (`known_at`, `position`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TargetLine {
    pub(super) area: u32,
    pub(super) cohort: u32,
    pub(super) owner: Owner,
    words: Vec<StoredTarget>,
}

impl TargetLine {
    pub(crate) const fn area(&self) -> AreaNumber {
        AreaNumber(self.area)
    }

    pub(crate) const fn cohort(&self) -> CohortNumber {
        CohortNumber(self.cohort)
    }

    pub(crate) const fn owner(&self) -> Owner {
        self.owner
    }

    pub(super) const fn new(area: u32, cohort: u32, owner: Owner) -> Self {
        Self { area, cohort, owner, words: Vec::new() }
    }

    pub(super) fn add(&mut self, span: Span, terms: Option<Terms>, known_at: Timestamp, position: Position) {
        let from = DayNumber::of(span.from);
        let to = span.to.map_or(DayNumber::MAX, DayNumber::of);
        let at = self.words.partition_point(|word| (word.known_at, word.position) < (known_at, position));
        self.words.insert(at, StoredTarget { known_at, position, from, to, terms });
    }

    /// For each of some days, ascending, the last word within the bounds that holds it; a withdrawal is one.
    ///
    /// Cost: the words, until every day has one.
    pub(crate) fn resolve<'a>(
        &'a self,
        days: &[DayNumber],
        as_of: AsOf,
        rolled_back: impl Fn(Position) -> bool,
        found: &mut Vec<Option<&'a StoredTarget>>,
    ) {
        found.clear();
        found.resize(days.len(), None);
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return };
        let mut n_left = days.len();
        for word in self.words.iter().rev() {
            let near = word.from <= *last && *first < word.to;
            if !near || !as_of.covers(word.known_at, word.position) || rolled_back(word.position) {
                continue;
            }
            for (day, place) in days.iter().zip(found.iter_mut()) {
                if place.is_none() && word.from <= *day && *day < word.to {
                    *place = Some(word);
                    n_left = n_left.saturating_sub(1);
                }
            }
            if n_left == 0 {
                return;
            }
        }
    }
}

/// Whether the record at a position is rolled back, asked of a book.
pub(crate) fn rolled_back(book: &crate::Book, as_of: AsOf) -> impl Fn(Position) -> bool {
    move |position| {
        book.some_rolled_back
            && book.origins.submission(position).is_some_and(|submission| book.rolled_back(submission, as_of))
    }
}
