//! What judges the periods of a measure: runs of periods that are judged alike.

use domain::book::{Bounds, Standing, StoredTarget};
use domain::measure::Definition;
use domain::{Date, Period, Position, Status, Terms};
use ratings::{Direction, Method, NoDirection, NotRated, Rating, Subject, Yardstick};

use super::outcome::{Outcome, Part};
use super::rules::{Judged, Ruled};
use super::{FigureKind, GridCell};
use crate::reader::Reader;

/// What judges the lines of one measure.
pub(super) struct Judge<'a, 'b> {
    pub(super) reader: &'b Reader<'a>,
    pub(super) definition: &'a Definition,
    /// The periods that are asked for, ascending.
    pub(super) asked: &'b [Period],
    pub(super) withdrawn_from: Option<Date>,
    pub(super) rules: &'b [Ruled],
    pub(super) bounds: &'b Bounds<'a>,
}

/// Targets that judge some cell of a measure, and their places in the grid.
pub(super) type Met = Vec<(Position, u32)>;

/// Periods that follow one another and are judged alike.
pub(super) struct Run<'a> {
    pub(super) n_periods: usize,
    judging: Option<&'a StoredTarget>,
    pub(super) withdrawn: bool,
    pub(super) by: Judged,
    /// The place of the target in the grid, from 1; 0 for none.
    pub(super) target: u32,
    /// Of the scale that the figures had so far.
    yardstick: Yardstick,
    /// What a value of that scale is, but for its direction and its status: by the place of its rating.
    ratings: [Part; 4],
    /// By the place of its direction; last, that of a value after none.
    directions: [Part; 4],
    /// What a cell is in which nothing stands.
    empty: Outcome,
}

/// The place of the directions of a value after none, behind those of [`Yardstick::directions`].
const AFTER_NONE: usize = 3;

/// The runs of one measure, in order.
#[derive(Default)]
pub(super) struct Runs<'a> {
    all: Vec<Run<'a>>,
    /// The scale of the values that every run was found to judge by their digits alone.
    scale: Option<u8>,
}

impl<'a> Runs<'a> {
    pub(super) const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.all.clear();
        self.scale = None;
    }

    pub(super) fn all(&self) -> &[Run<'a>] {
        &self.all
    }

    /// Makes them runs for values of a scale, and says whether all of them [judge](Run::judges) those.
    #[inline]
    pub(super) fn judge(&mut self, scale: u8, definition: &Definition) -> bool {
        if self.scale != Some(scale) {
            let mut all = true;
            for run in &mut self.all {
                all &= run.judges(scale, definition);
            }
            self.scale = all.then_some(scale);
        }
        self.scale.is_some()
    }
}

impl<'a> Judge<'a, '_> {
    /// The runs of the periods that are asked for, by what judges each; the targets that are new go into the grid.
    /// `met` are those of the measure that are in it already.
    pub(super) fn runs(
        &self,
        judging: &[Option<&'a StoredTarget>],
        met: &mut Met,
        targets: &mut Vec<Terms>,
        runs: &mut Runs<'a>,
    ) {
        runs.clear();
        // Periods are in the order of their last days.
        let n_before = self
            .withdrawn_from
            .map_or(usize::MAX, |from| self.asked.partition_point(|period| period.last_day() < from));
        let mut at = 0_usize;
        for Ruled { end, by } in self.rules {
            // The periods before the withdrawal, then those from it on.
            for (end, withdrawn) in [(n_before.min(*end), false), (*end, true)] {
                if at >= end {
                    continue;
                }
                let empty = self.empty(*by, withdrawn);
                while at < end {
                    let Some([first, others @ ..]) = judging.get(at..end) else { return };
                    let n_alike = others.iter().take_while(|next| same(**next, *first)).count();
                    let n_periods = n_alike.saturating_add(1);
                    let target = first.map_or(0, |stored| self.target(stored, met, targets));
                    runs.all.push(self.run(n_periods, (*first, target), (withdrawn, *by), empty));
                    at = at.saturating_add(n_periods);
                }
            }
        }
    }

    /// The place of a target in the grid, from 1.
    fn target(&self, stored: &StoredTarget, met: &mut Met, targets: &mut Vec<Terms>) -> u32 {
        let position = stored.position();
        if let Some((_, place)) = met.iter().rev().find(|(known, _)| *known == position) {
            return *place;
        }
        let Some(terms) = stored.terms() else { return 0 };
        targets.push(*terms);
        let place = u32::try_from(targets.len()).unwrap_or(u32::MAX);
        met.push((position, place));
        if stored.backfill() {
            self.reader.rests_on_backfill(position);
        }
        place
    }

    #[inline]
    fn run(
        &self,
        n_periods: usize,
        (judging, target): (Option<&'a StoredTarget>, u32),
        (withdrawn, by): (bool, Judged),
        empty: Outcome,
    ) -> Run<'a> {
        let terms = judging.and_then(StoredTarget::terms);
        // A figure's digits are mostly as many as are shown.
        let scale = self.definition.decimal_places;
        let yardstick = Yardstick::new(by.0, self.definition, terms, withdrawn, scale);
        let (ratings, directions) = parts(&yardstick);
        Run { n_periods, judging, withdrawn, by, target, yardstick, ratings, directions, empty }
    }

    /// What a cell is in which nothing stands.
    fn empty(&self, (rule, method): Judged, withdrawn: bool) -> Outcome {
        let subject = Subject { definition: self.definition, entry: None, terms: None, withdrawn, shown_only: false };
        let rating = rule.map_or(Rating::NotRated(NotRated::UnknownRule), |rule| rule.rate(&subject));
        let none = method.map_or(NoDirection::UnknownMethod, |_| NoDirection::NoResult);
        Outcome::new(FigureKind::None, 0, Status::NotStated, rating, Direction::None(none))
    }
}

impl Run<'_> {
    /// Makes it one for values of a scale, and says whether it judges them by their digits alone: the direction is that since
    /// the period before, and values of the scale can be compared.
    fn judges(&mut self, scale: u8, definition: &Definition) -> bool {
        if self.yardstick.scale() != scale {
            self.measure_by(scale, definition);
        }
        self.judges_by_digits()
    }

    /// Whether it judges values of its scale by their digits alone.
    pub(super) fn judges_by_digits(&self) -> bool {
        self.by.1 == Some(Method::PreviousPeriod) && self.yardstick.compares()
    }

    #[cold]
    fn measure_by(&mut self, scale: u8, definition: &Definition) {
        self.yardstick = Yardstick::new(self.by.0, definition, self.terms(), self.withdrawn, scale);
        (self.ratings, self.directions) = parts(&self.yardstick);
    }

    /// Writes the cells of values that it [judges](Self::judges); the first of them is before the first cell.
    #[inline]
    pub(super) fn write(&self, figures: &[Standing], cells: &mut [GridCell]) {
        let [first, figures @ ..] = figures else { return };
        let mut before = self.yardstick.sort_key(first.number());
        for (figure, cell) in figures.iter().zip(cells) {
            let key = self.yardstick.sort_key(figure.number());
            *cell = self.judged(*figure, Yardstick::direction_place(key, before));
            before = key;
        }
    }

    /// The same, where nothing may stand for some.
    #[inline(never)]
    pub(super) fn write_some(&self, figures: &[Standing], cells: &mut [GridCell]) {
        for (both, cell) in figures.windows(2).zip(cells) {
            if let [before, now] = both {
                *cell = self.cell(*now, *before);
            }
        }
    }

    /// The cell of a period of which nothing stands, or a value that it [judges](Self::judges), as is that of the period
    /// before, or nothing.
    pub(super) fn cell(&self, now: Standing, before: Standing) -> GridCell {
        let [key, key_before] = [now, before].map(|standing| self.yardstick.sort_key(standing.number()));
        let after_none = if before.is_none() { AFTER_NONE } else { 0 };
        let judged = self.judged(now, Yardstick::direction_place(key, key_before) | after_none);
        if now.is_none() { self.empty_cell() } else { judged }
    }

    #[inline]
    fn judged(&self, now: Standing, direction_place: usize) -> GridCell {
        let (number, target) = (now.number(), self.target);
        let rating = self.ratings.get(self.yardstick.rating_place(number) & 3).copied().unwrap_or_default();
        let direction = self.directions.get(direction_place & 3).copied().unwrap_or_default();
        GridCell { number, target, outcome: rating.with(direction).with(Part::status(now.status_number())).whole() }
    }

    /// The cell of a period of which nothing stands.
    pub(super) const fn empty_cell(&self) -> GridCell {
        GridCell { number: 0, target: self.target, outcome: self.empty }
    }

    pub(super) fn terms(&self) -> Option<&Terms> {
        self.judging.and_then(StoredTarget::terms)
    }
}

/// What values are that a yardstick judges, by the places of their ratings and directions.
#[inline]
fn parts(yardstick: &Yardstick) -> ([Part; 4], [Part; 4]) {
    let stated = Part::kind(FigureKind::Stated, yardstick.scale());
    let [red, green, amber] = yardstick.ratings().map(|rating| stated.with(Part::rating(rating)));
    let [equal, greater, less] = yardstick.directions().map(Part::direction);
    ([red, green, amber, green], [equal, greater, less, Part::direction(Direction::None(NoDirection::NoPrevious))])
}

#[inline]
fn same(one: Option<&StoredTarget>, other: Option<&StoredTarget>) -> bool {
    one.map(std::ptr::from_ref) == other.map(std::ptr::from_ref)
}
