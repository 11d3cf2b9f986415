//! What judges the periods of a measure: runs of periods that are judged alike.

use domain::book::{JudgedAlike, Standing, StoredTarget};
use domain::measure::{Brief, Definition};
use domain::result::Colour;
use domain::target::StoredTerms;
use domain::{Figure, Period, Status};
use ratings::{Direction, Method, Movement, NoDirection, Rating, Ratings, Sense, Yardstick, Yardsticks};

use super::asked::{Asked, Time};
use super::outcome::{Outcome, Part};
use super::rules::Ruled;
use super::{FigureKind, GridCell};
use crate::reader::Reader;

/// What judges the lines of one measure.
pub(super) struct Judge<'a, 'b> {
    pub(super) reader: &'b Reader<'a>,
    pub(super) definition: &'a Definition,
    pub(super) brief: Brief,
    /// The periods that are asked for, ascending.
    pub(super) asked: &'b [Period],
}

/// What the cells of an answer refer to.
#[derive(Default)]
pub(super) struct Lists<'a> {
    pub(super) targets: Vec<&'a StoredTerms>,
    pub(super) ratios: Vec<Figure>,
    /// Where among the targets those of the measure begin.
    of_measure: usize,
}

impl Lists<'_> {
    /// Goes on with another measure.
    pub(super) const fn begin(&mut self) {
        self.of_measure = self.targets.len();
    }
}

/// Periods that follow one another and are judged alike.
pub(super) struct Run<'a> {
    pub(super) n_periods: usize,
    pub(super) terms: Option<&'a StoredTerms>,
    pub(super) ruled: &'a Ruled,
    /// The place of the target in the grid, from 1; 0 for none.
    pub(super) target: u32,
    /// What judges values of a scale; `None` where their digits alone cannot be judged.
    by_digits: Option<ByDigits>,
}

/// What judges values of one scale by their digits, and since the period before.
#[derive(Clone, Copy)]
struct ByDigits {
    yardstick: Yardstick,
    /// What a value is, but for its direction and its status: by the place of its rating.
    ratings: [Part; 4],
    /// By the place of its direction; last, that of a value after none.
    directions: &'static [Part; 4],
}

/// The place of the direction of a value after none, behind the others.
const AFTER_NONE: usize = 3;

impl<'a, 'b> Judge<'a, 'b> {
    /// What judges lines of a measure.
    pub(super) fn new(time: &'b Time<'a, '_>, asked: &Asked<'a>) -> Self {
        Self { reader: &time.reader, definition: asked.definition, brief: asked.brief, asked: &time.question.periods }
    }

    /// Makes the runs of the periods that are asked for, which are judged by some rules, for values of a scale.
    #[inline]
    pub(super) const fn make_runs<'m>(
        &'m self,
        rules: &'a [Ruled],
        scale: u8,
        (lists, runs): (&'m mut Lists<'a>, &'m mut Vec<Run<'a>>),
    ) -> MakingRuns<'m, 'a> {
        MakingRuns { reader: self.reader, brief: self.brief, rules, scale, at: 0, all: true, lists, runs }
    }
}

/// Runs that are being made, one after the other.
pub(super) struct MakingRuns<'m, 'a> {
    reader: &'m Reader<'a>,
    brief: Brief,
    /// Of the periods from there on.
    rules: &'a [Ruled],
    scale: u8,
    /// How many periods they are of so far.
    at: usize,
    /// Whether all judge values of the scale by their digits.
    all: bool,
    lists: &'m mut Lists<'a>,
    runs: &'m mut Vec<Run<'a>>,
}

impl<'a> MakingRuns<'_, 'a> {
    /// Adds the runs of the next periods, which one target judges; where it is new it goes into the list.
    #[inline]
    pub(super) fn add(&mut self, judged: JudgedAlike<'a>) {
        let JudgedAlike { end, by } = judged;
        let terms = by.and_then(StoredTarget::terms);
        let target = by.zip(terms).map_or(0, |(stored, terms)| self.target(stored, terms));
        while let Some((ruled, later)) = self.rules.split_first().filter(|_| self.at < end) {
            let run_end = end.min(ruled.end);
            let n_periods = run_end.saturating_sub(self.at);
            self.runs.push(Run { n_periods, terms, ruled, target, by_digits: None });
            if let Some(run) = self.runs.last_mut() {
                self.all &= run.measure_by(ruled.yardsticks(self.brief), self.scale);
            }
            self.at = run_end;
            if run_end == ruled.end {
                self.rules = later;
            }
        }
    }

    /// Whether all of them judge values of the scale by their digits.
    pub(super) const fn judge_by_digits(&self) -> bool {
        self.all
    }

    /// The place of a target in the list, from 1.
    #[inline]
    fn target(&mut self, stored: StoredTarget<'_>, terms: &'a StoredTerms) -> u32 {
        let Lists { targets, of_measure, .. } = &mut *self.lists;
        let n_after = targets.iter().skip(*of_measure).rev().position(|met| std::ptr::eq(*met, terms));
        if n_after.is_none() {
            if stored.backfill() {
                self.reader.rests_once_on_backfill(stored.position());
            }
            targets.push(terms);
        }
        let place = targets.len().saturating_sub(n_after.unwrap_or(0));
        u32::try_from(place).unwrap_or(u32::MAX)
    }
}

impl ByDigits {
    /// `None` where the direction is not that since the period before, or a [yardstick](Yardstick) cannot judge.
    #[inline]
    fn new(run: &Run<'_>, yardsticks: Yardsticks, scale: u8) -> Option<Self> {
        if run.ruled.by.1 != Some(Method::PreviousPeriod) {
            return None;
        }
        let terms = match run.terms {
            None => None,
            Some(terms) => Some(terms.in_digits(scale)?),
        };
        let yardstick = yardsticks.with(terms.as_deref());
        let stated = Part::kind(FigureKind::Stated, scale);
        let ratings = match yardstick.ratings() {
            Ratings::Colours => COLOURS,
            Ratings::Green(reason) => {
                let missed = Part::rating(Rating::NotRated(reason));
                [missed, GREEN, missed, GREEN]
            }
            Ratings::None(reason) => [Part::rating(Rating::NotRated(reason)); 4],
        };
        let directions = match yardstick.sense() {
            Sense::Better => &GREATER_IS_BETTER,
            Sense::Worse => &GREATER_IS_WORSE,
            Sense::Unjudged => &UNJUDGED,
        };
        Some(Self { yardstick, ratings: ratings.map(|rating| rating.with(stated)), directions })
    }

    #[inline]
    fn cell(&self, (number, status): (i64, Part), target: u32, direction_place: usize) -> GridCell {
        let rating = self.ratings.get(self.yardstick.rating_place(number) & 3).copied().unwrap_or_default();
        let direction = self.directions.get(direction_place & 3).copied().unwrap_or_default();
        GridCell { number, target, outcome: rating.with(direction).with(status).whole() }
    }
}

impl Run<'_> {
    /// Makes it one that judges values of a scale by their digits, and says whether it can.
    #[inline(never)]
    fn measure_by(&mut self, yardsticks: Yardsticks, scale: u8) -> bool {
        // In its place at once: a processor waits where it is copied there.
        self.by_digits = ByDigits::new(self, yardsticks, scale);
        self.judges_by_digits()
    }

    /// The same, for values of another scale.
    #[cold]
    pub(super) fn measure_again(&mut self, scale: u8, brief: Brief) -> bool {
        self.measure_by(self.ruled.yardsticks(brief), scale)
    }

    /// Whether it judges values of its scale by their digits alone.
    pub(super) const fn judges_by_digits(&self) -> bool {
        self.by_digits.is_some()
    }

    /// Writes the cells of values that it judges by their digits, each with its status; the first is before the first cell.
    #[inline]
    pub(super) fn write(&self, mut figures: impl Iterator<Item = (i64, Part)>, cells: &mut [GridCell]) {
        let (Some((first, _)), Some(judge)) = (figures.next(), &self.by_digits) else { return };
        let mut before = judge.yardstick.sort_key(first);
        for (figure, cell) in figures.zip(cells) {
            let key = judge.yardstick.sort_key(figure.0);
            *cell = judge.cell(figure, self.target, Yardstick::direction_place(key, before));
            before = key;
        }
    }

    /// The same, where nothing may stand for some.
    #[inline(never)]
    pub(super) fn write_some(&self, figures: &[Standing], cells: &mut [GridCell], brief: Brief) {
        let empty = self.empty(brief);
        for (both, cell) in figures.windows(2).zip(cells) {
            if let [before, now] = both {
                *cell = self.cell(*now, *before).unwrap_or(empty);
            }
        }
    }

    /// The cell of a value that it judges by its digits, as is that of the period before, or nothing; `None` for nothing.
    #[inline]
    pub(super) fn cell(&self, now: Standing, before: Standing) -> Option<GridCell> {
        let judge = self.by_digits.as_ref().filter(|_| !now.is_none())?;
        let [key, key_before] = [now, before].map(|standing| judge.yardstick.sort_key(standing.number()));
        let after_none = if before.is_none() { AFTER_NONE } else { 0 };
        let figure = (now.number(), Part::status(now.status_number()));
        Some(judge.cell(figure, self.target, Yardstick::direction_place(key, key_before) | after_none))
    }

    /// The cell of a period of which nothing stands.
    pub(super) fn empty(&self, brief: Brief) -> GridCell {
        let rating = self.ruled.yardsticks(brief).rate_nothing();
        let none = self.ruled.by.1.map_or(NoDirection::UnknownMethod, |_| NoDirection::NoResult);
        let outcome = Outcome::new(FigureKind::None, 0, Status::NotStated, rating, Direction::None(none));
        GridCell { number: 0, target: self.target, outcome }
    }
}

const GREEN: Part = Part::rating(Rating::Rated(Colour::Green));

/// By the place that a [yardstick](Yardstick::rating_place) gives.
const COLOURS: [Part; 4] =
    [Part::rating(Rating::Rated(Colour::Red)), GREEN, Part::rating(Rating::Rated(Colour::Amber)), GREEN];

const FIRST: Part = Part::direction(Direction::None(NoDirection::NoPrevious));

/// By the place that a [yardstick](Yardstick::direction_place) gives, and then for a value after none.
static GREATER_IS_BETTER: [Part; 4] = [
    Part::direction(Direction::NoChange),
    Part::direction(Direction::Improved),
    Part::direction(Direction::Worsened),
    FIRST,
];
static GREATER_IS_WORSE: [Part; 4] = [
    Part::direction(Direction::NoChange),
    Part::direction(Direction::Worsened),
    Part::direction(Direction::Improved),
    FIRST,
];
static UNJUDGED: [Part; 4] = [
    Part::direction(Direction::Unjudged(Movement::Same)),
    Part::direction(Direction::Unjudged(Movement::Up)),
    Part::direction(Direction::Unjudged(Movement::Down)),
    FIRST,
];
