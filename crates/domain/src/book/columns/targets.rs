//! A key's targets as an answer reads them: of every day the last word about it, and all words about it behind that.

use std::num::NonZeroU32;

use super::{AreaNumber, Stamp, Within};
use crate::ids::Position;
use crate::period::{DayNumber, Span};
use crate::target::{Owner, StoredTerms, Terms};

/// One word about a key's targets.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    /// Microseconds since 1970-01-01T00:00:00Z.
    known_at: i64,
    position: u32,
    from: DayNumber,
    /// The first day after it.
    to: DayNumber,
    backfill: bool,
    /// `None` for a withdrawal.
    terms: Option<StoredTerms>,
}

/// One word about a key's targets.
#[derive(Debug, Clone, Copy)]
pub struct StoredTarget<'a>(&'a Word);

impl<'a> StoredTarget<'a> {
    /// Where it is in the log.
    #[inline]
    pub fn position(self) -> Position {
        Position::new(u64::from(self.0.position))
    }

    /// True when it was said to be known before Scorebook took it in.
    #[inline]
    pub const fn backfill(self) -> bool {
        self.0.backfill
    }

    /// True when it empties its span.
    #[inline]
    pub const fn is_withdrawal(self) -> bool {
        self.0.terms.is_none()
    }

    /// What it asks for; `None` for a withdrawal.
    #[inline]
    pub const fn terms(self) -> Option<&'a StoredTerms> {
        self.0.terms.as_ref()
    }
}

/// The targets of one area, cohort and owner, by (`known_at`, `position`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TargetLine {
    whose: (u32, u32, Owner),
    words: Vec<Word>,
    /// From the first day that some word is about: stretches of days that have the same last word.
    stretches: Vec<Stretch>,
}

/// Days that have the same last word; they end where the next stretch begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    from: DayNumber,
    /// `None` for days that no word is about.
    word: Option<WordNumber>,
}

/// A stretch of days and those after it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretches<'a> {
    word: Option<WordNumber>,
    later: &'a [Stretch],
}

/// The place of a word, from 1.
type WordNumber = NonZeroU32;

impl TargetLine {
    /// The numbers of the cohort and the area, and the owner: a measure's targets are in their order.
    pub(super) const fn whose(&self) -> (u32, u32, Owner) {
        self.whose
    }

    pub(crate) const fn area(&self) -> AreaNumber {
        AreaNumber(self.whose.1)
    }

    pub(super) const fn new(whose: (u32, u32, Owner)) -> Self {
        Self { whose, words: Vec::new(), stretches: Vec::new() }
    }

    pub(super) fn add(&mut self, span: Span, terms: Option<Terms>, stamp: Stamp) {
        let (known_at, position, backfill) = (stamp.known_at.micros(), stamp.position(), stamp.backfill);
        let from = DayNumber::of(span.from);
        let to = span.to.map_or(DayNumber::MAX, DayNumber::of);
        let at = self.words.partition_point(|word| (word.known_at, word.position) < (known_at, position));
        self.words.insert(at, Word { known_at, position, from, to, backfill, terms: terms.map(StoredTerms::new) });
        let number = u32::try_from(at).unwrap_or(u32::MAX);
        self.lay(WordNumber::MIN.saturating_add(number), from, to);
    }

    /// Lays a new word over the days that it is about, where no later one lies.
    fn lay(&mut self, new: WordNumber, from: DayNumber, to: DayNumber) {
        for stretch in &mut self.stretches {
            stretch.word = stretch.word.map(|word| if word < new { word } else { word.saturating_add(1) });
        }
        let (start, end) = (self.part(from), self.part(to));
        for stretch in self.stretches.get_mut(start..end).unwrap_or_default() {
            stretch.word = stretch.word.max(Some(new));
        }
        self.stretches.dedup_by_key(|stretch| stretch.word);
    }

    /// Parts the stretches at a day; the place of the one that begins there then.
    fn part(&mut self, day: DayNumber) -> usize {
        let at = self.stretches.partition_point(|stretch| stretch.from < day);
        let begins = self.stretches.get(at).is_some_and(|stretch| stretch.from == day);
        if !begins && day < DayNumber::MAX {
            let before = at.checked_sub(1).and_then(|before| self.stretches.get(before));
            let word = before.and_then(|stretch| stretch.word);
            self.stretches.insert(at, Stretch { from: day, word });
        }
        at
    }

    /// Looks at it, and gives something that it holds.
    #[inline]
    pub(crate) fn look(&self) -> bool {
        self.stretches.get(self.stretches.len().div_euclid(2)).is_some_and(|stretch| stretch.word.is_some())
    }

    /// How many of the words were known within the bound on that. Cost: a binary search.
    pub(crate) fn n_known(&self, within: &Within<'_>) -> usize {
        self.words.partition_point(|word| word.known_at <= within.known_at())
    }

    /// The last word within the bounds that holds a day, which may be a withdrawal, and the first day after it for which there
    /// may be another.
    ///
    /// Cost: where the last word of all is within them, a binary search among the stretches; otherwise the known words from
    /// the newest to the one that holds it.
    #[inline]
    pub(crate) fn standing(&self, day: DayNumber, within: &Within<'_>) -> (Option<StoredTarget<'_>>, DayNumber) {
        let mut later = self.stretches_from(day);
        self.standing_of(&mut later, day, within)
    }

    /// The stretch that holds a day, and those after it.
    #[inline]
    pub(crate) fn stretches_from(&self, day: DayNumber) -> Stretches<'_> {
        let n = self.stretches.partition_point(|stretch| stretch.from <= day);
        let word = n.checked_sub(1).and_then(|at| self.stretches.get(at)).and_then(|stretch| stretch.word);
        Stretches { word, later: self.stretches.get(n..).unwrap_or_default() }
    }

    /// As [`standing`](Self::standing), for a day that is not before the last that was asked for; the stretches are those from there
    /// on.
    #[inline]
    pub(crate) fn standing_of(
        &self,
        stretches: &mut Stretches<'_>,
        day: DayNumber,
        within: &Within<'_>,
    ) -> (Option<StoredTarget<'_>>, DayNumber) {
        let mut until = DayNumber::MAX;
        while let Some((next, later)) = stretches.later.split_first() {
            until = next.from;
            if day < until {
                break;
            }
            *stretches = Stretches { word: next.word, later };
            until = DayNumber::MAX;
        }
        match stretches.word.and_then(|number| self.word(number)) {
            None => (None, until),
            // What is the last of all is the last of those within the bounds.
            Some(word) if within.holds(word.known_at, word.position) => (Some(StoredTarget(word)), until),
            Some(_) => self.standing_before(day, within),
        }
    }

    #[inline]
    fn word(&self, number: WordNumber) -> Option<&Word> {
        self.words.get(usize::try_from(number.get()).ok()?.checked_sub(1)?)
    }

    /// The same, of all that was known.
    #[inline(never)]
    fn standing_before(&self, day: DayNumber, within: &Within<'_>) -> (Option<StoredTarget<'_>>, DayNumber) {
        let mut until = DayNumber::MAX;
        for word in self.words.iter().take(self.n_known(within)).rev() {
            if word.to <= day || !within.holds(word.known_at, word.position) {
                continue;
            }
            if word.from <= day {
                return (Some(StoredTarget(word)), until.min(word.to));
            }
            until = until.min(word.from);
        }
        (None, until)
    }
}
