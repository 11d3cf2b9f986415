//! A key's targets as an answer reads them: newest first, each for the days of its span.

use super::{AreaNumber, Stamp, Within};
use crate::ids::Position;
use crate::period::{DayNumber, Span};
use crate::target::{Owner, StoredTerms, Terms};

/// One word about a key's targets, but for its terms.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    /// Microseconds since 1970-01-01T00:00:00Z.
    known_at: i64,
    position: u32,
    from: DayNumber,
    /// The first day after it.
    to: DayNumber,
    backfill: bool,
    withdrawal: bool,
}

/// One word about a key's targets.
#[derive(Debug, Clone, Copy)]
pub struct StoredTarget<'a> {
    word: &'a Word,
    terms: &'a Option<StoredTerms>,
}

impl<'a> StoredTarget<'a> {
    /// Where it is in the log.
    #[inline]
    pub fn position(self) -> Position {
        Position::new(u64::from(self.word.position))
    }

    /// True when it was said to be known before Scorebook took it in.
    #[inline]
    pub const fn backfill(self) -> bool {
        self.word.backfill
    }

    /// True when it empties its span.
    #[inline]
    pub const fn is_withdrawal(self) -> bool {
        self.word.withdrawal
    }

    /// What it asks for; `None` for a withdrawal.
    #[inline]
    pub const fn terms(self) -> Option<&'a StoredTerms> {
        self.terms.as_ref()
    }
}

/// The targets of one area, cohort and owner, by (`known_at`, `position`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TargetLine {
    whose: (u32, u32, Owner),
    words: Vec<Word>,
    /// Of each word, apart: most words are looked at for their days alone.
    terms: Vec<Option<StoredTerms>>,
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
        Self { whose, words: Vec::new(), terms: Vec::new() }
    }

    pub(super) fn add(&mut self, span: Span, terms: Option<Terms>, stamp: Stamp) {
        let (known_at, position, backfill) = (stamp.known_at.micros(), stamp.position(), stamp.backfill);
        let from = DayNumber::of(span.from);
        let to = span.to.map_or(DayNumber::MAX, DayNumber::of);
        let at = self.words.partition_point(|word| (word.known_at, word.position) < (known_at, position));
        self.words.insert(at, Word { known_at, position, from, to, backfill, withdrawal: terms.is_none() });
        self.terms.insert(at, terms.map(StoredTerms::new));
    }

    /// What was known of them within the bounds. Cost: a look at each of a few; of many, a binary search.
    #[inline]
    pub(crate) fn known(&self, within: &Within<'_>) -> KnownTargets<'_> {
        let known = |word: &Word| word.known_at <= within.known_at();
        // Of a few, none is waited for before the next is looked at.
        let n_known = if self.words.len() <= A_FEW {
            self.words.iter().filter(|word| known(word)).count()
        } else {
            self.words.partition_point(known)
        };
        KnownTargets {
            words: self.words.get(..n_known).unwrap_or_default(),
            terms: self.terms.get(..n_known).unwrap_or_default(),
        }
    }
}

/// How many words are each looked at: those of some ten years.
const A_FEW: usize = 24;

/// The words of a line that were known by then.
#[derive(Debug, Clone, Copy)]
pub struct KnownTargets<'a> {
    words: &'a [Word],
    terms: &'a [Option<StoredTerms>],
}

impl<'a> KnownTargets<'a> {
    /// Without the newest that are for later days alone.
    #[inline]
    pub(crate) fn of_days(self, days: &[DayNumber]) -> Self {
        let is_for = |word: &Word| days.last().is_some_and(|last| word.from <= *last);
        let n = self.words.iter().rposition(is_for).map_or(0, |last| last.saturating_add(1));
        Self { words: self.words.get(..n).unwrap_or_default(), terms: self.terms.get(..n).unwrap_or_default() }
    }

    /// How many there are.
    pub(crate) const fn n_words(self) -> usize {
        self.words.len()
    }

    /// The last word that holds a day, which may be a withdrawal, and the first day after it for which there may be another.
    ///
    /// Cost: the words from the newest to the one that holds it.
    #[inline]
    pub(crate) fn standing(self, day: DayNumber, within: &Within<'_>) -> (Option<StoredTarget<'a>>, DayNumber) {
        let mut until = DayNumber::MAX;
        for (word, terms) in self.words.iter().zip(self.terms).rev() {
            if word.to <= day || !within.holds(word.known_at, word.position) {
                continue;
            }
            if word.from <= day {
                return (Some(StoredTarget { word, terms }), until.min(word.to));
            }
            until = until.min(word.from);
        }
        (None, until)
    }
}
