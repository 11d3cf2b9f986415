//! A key's targets as an answer reads them: newest first, each for the days of its span.

use super::{AreaNumber, Stamp, Within};
use crate::ids::Position;
use crate::period::{DayNumber, Span};
use crate::target::{Owner, Terms};

/// One word about a key's targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTarget {
    /// Microseconds since 1970-01-01T00:00:00Z.
    known_at: i64,
    position: u32,
    from: DayNumber,
    /// The first day after it.
    to: DayNumber,
    /// Apart, as most words are looked at for their days alone.
    terms: Option<Box<Terms>>,
    backfill: bool,
}

impl StoredTarget {
    /// Where it is in the log.
    #[inline]
    pub fn position(&self) -> Position {
        Position::new(u64::from(self.position))
    }

    /// True when it was said to be known before Scorebook took it in.
    #[inline]
    pub const fn backfill(&self) -> bool {
        self.backfill
    }

    /// True when it empties its span.
    #[inline]
    pub const fn is_withdrawal(&self) -> bool {
        self.terms.is_none()
    }

    /// What it asks for; `None` for a withdrawal.
    #[inline]
    pub fn terms(&self) -> Option<&Terms> {
        self.terms.as_deref()
    }
}

/// The targets of one area, cohort and owner, by (`known_at`, `position`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TargetLine {
    whose: (u32, u32, Owner),
    words: Vec<StoredTarget>,
}

impl TargetLine {
    /// The numbers of the cohort and the area, and the owner: a measure's targets are in their order.
    pub(super) const fn whose(&self) -> (u32, u32, Owner) {
        self.whose
    }

    pub(crate) const fn area(&self) -> AreaNumber {
        AreaNumber(self.whose.1)
    }

    pub(super) const fn new(whose: (u32, u32, Owner)) -> Self {
        Self { whose, words: Vec::new() }
    }

    pub(super) fn add(&mut self, span: Span, terms: Option<Terms>, stamp: Stamp) {
        let (known_at, position, backfill) = (stamp.known_at.micros(), stamp.position(), stamp.backfill);
        let from = DayNumber::of(span.from);
        let to = span.to.map_or(DayNumber::MAX, DayNumber::of);
        let at = self.words.partition_point(|word| (word.known_at, word.position) < (known_at, position));
        self.words.insert(at, StoredTarget { known_at, position, from, to, terms: terms.map(Box::new), backfill });
    }

    /// For each of some days, ascending, the last word within the bounds that holds it, ; `found` has nothing yet. A
    /// withdrawal is one.
    ///
    /// Cost: the words, until every day has one.
    pub(crate) fn resolve<'a>(
        &'a self,
        days: &[DayNumber],
        within: &Within<'_>,
        found: &mut [Option<&'a StoredTarget>],
    ) {
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return };
        let (first, last) = (*first, *last);
        let mut n_left = days.len();
        for word in self.words.iter().rev() {
            if word.from > last || word.to <= first || !within.holds(word.known_at, word.position) {
                continue;
            }
            let from = if word.from <= first { 0 } else { days.partition_point(|day| *day < word.from) };
            let to = if last < word.to { days.len() } else { days.partition_point(|day| *day < word.to) };
            let Some(held) = found.get_mut(from..to) else { continue };
            if n_left == days.len() {
                held.fill(Some(word));
                n_left = n_left.saturating_sub(held.len());
            } else {
                for place in held.iter_mut().filter(|place| place.is_none()) {
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
