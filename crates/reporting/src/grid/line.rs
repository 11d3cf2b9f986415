//! One measure in one area: its figures, period by period, judged.

use domain::book::{Bounds, FigureWindow, Figures, Standing, Standings, StoredResult, StoredTarget};
use domain::measure::Definition;
use domain::period::PeriodKey;
use domain::{Date, Exact, Figure, Period, Position, Status, Terms};
use ratings::{Direction, Method, NoDirection, NotRated, Rating, Subject, Yardstick};

use super::{ByDay, FigureKind, Grid, GridCell};
use crate::reader::{Reader, measured};

/// The periods to be read of every line: those asked for, and the one before each.
pub(super) struct Steps {
    periods: Vec<PeriodKey>,
    asked: Vec<Asked>,
    /// What stands for each.
    found: Standings,
    /// Whether each that is asked for comes after the one before it, so that only the first of all is not asked for.
    in_a_row: bool,
}

/// A period asked for, by its place among those read.
struct Asked {
    period: Period,
    place: usize,
    /// The place of the period before it; of none, the last place.
    before: usize,
    /// Whether that is not asked for itself.
    before_apart: bool,
}

impl Steps {
    pub(super) fn new(periods: &[Period]) -> Self {
        let keyed = |period: &Period| (PeriodKey::of(*period), period.previous().map(PeriodKey::of));
        let own: Vec<(PeriodKey, Option<PeriodKey>)> = periods.iter().map(keyed).collect();
        let mut keys: Vec<PeriodKey> =
            own.iter().flat_map(|(period, before)| before.iter().chain([period])).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        let place = |period: PeriodKey| keys.binary_search(&period).ok();
        let asked = periods.iter().zip(&own).filter_map(|(period, (key, before))| {
            let asked_for = |before| own.binary_search_by_key(&before, |(key, _)| *key).is_ok();
            let before_apart = before.is_some_and(|before| !asked_for(before));
            let before = before.and_then(place).unwrap_or(keys.len());
            Some(Asked { period: *period, place: place(*key)?, before, before_apart })
        });
        let asked: Vec<Asked> = asked.collect();
        let in_a_row = (0..).zip(&asked).all(|(at, it)| it.before == at && it.place == at.saturating_add(1));
        Self { asked, found: Standings::new(keys.len()), periods: keys, in_a_row }
    }

    /// The periods to be read.
    pub(super) fn periods(&self) -> &[PeriodKey] {
        &self.periods
    }
}

/// What judges the lines of one measure.
pub(super) struct Judge<'a, 'b> {
    pub(super) reader: &'b Reader<'a>,
    pub(super) definition: &'a Definition,
    /// The periods that are asked for, ascending.
    pub(super) asked: &'b [Period],
    pub(super) withdrawn_from: Option<Date>,
    pub(super) by_day: &'b [ByDay],
    pub(super) bounds: &'b Bounds<'a>,
}

/// Targets that judge some cell of a measure, and their places in the grid.
pub(super) type Met = Vec<(Position, u32)>;

/// Periods that follow one another and are judged alike.
pub(super) struct Run<'a> {
    n_periods: usize,
    judging: Option<&'a StoredTarget>,
    withdrawn: bool,
    by_day: ByDay,
    /// Whether the direction is that since the period before.
    by_period: bool,
    /// The place of the target in the grid, from 1; 0 for none.
    target: u32,
    /// Of the scale that the figures had so far.
    yardstick: Yardstick,
    /// The cell in which nothing stands.
    empty: GridCell,
}

/// One cell to be judged by all that was recorded with it.
struct One<'a, 's> {
    asked: &'s Asked,
    figures: Figures<'a>,
    run: &'s Run<'a>,
}

impl<'a> Judge<'a, '_> {
    /// The runs of the periods that are asked for, by what judges each; the targets that are new go into the grid.
    /// `met` are those of the measure that are in it already.
    pub(super) fn runs(
        &self,
        judging: &[Option<&'a StoredTarget>],
        met: &mut Met,
        grid: &mut Grid,
        runs: &mut Vec<Run<'a>>,
    ) {
        runs.clear();
        // Periods are in the order of their last days.
        let n_before = self
            .withdrawn_from
            .map_or(usize::MAX, |from| self.asked.partition_point(|period| period.last_day() < from));
        let mut at = 0_usize;
        while let (Some(first), Some(by_day)) = (judging.get(at), self.by_day.get(at)) {
            let begin = at;
            at = at.saturating_add(1);
            while at != n_before
                && judging.get(at).is_some_and(|next| same(*next, *first))
                && self.by_day.get(at) == Some(by_day)
            {
                at = at.saturating_add(1);
            }
            let target = first.map_or(0, |stored| self.target(stored, met, grid));
            runs.push(self.run(at.saturating_sub(begin), (*first, target), begin >= n_before, *by_day));
        }
    }

    /// The place of a target in the grid, from 1.
    fn target(&self, stored: &StoredTarget, met: &mut Met, grid: &mut Grid) -> u32 {
        let position = stored.position();
        if let Some((_, place)) = met.iter().rev().find(|(known, _)| *known == position) {
            return *place;
        }
        let Some(terms) = stored.terms() else { return 0 };
        grid.targets.push(*terms);
        let place = u32::try_from(grid.targets.len()).unwrap_or(u32::MAX);
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
        withdrawn: bool,
        by_day: ByDay,
    ) -> Run<'a> {
        let (rule, method) = by_day;
        let definition = self.definition;
        let terms = judging.and_then(StoredTarget::terms);
        // A figure's digits are mostly as many as are shown.
        let yardstick = Yardstick::new(rule, definition, terms, withdrawn, definition.decimal_places);
        let subject = Subject { definition, entry: None, terms: None, withdrawn, shown_only: false };
        let rating = rule.map_or(Rating::NotRated(NotRated::UnknownRule), |rule| rule.rate(&subject));
        let none = method.map_or(NoDirection::UnknownMethod, |_| NoDirection::NoResult);
        let (kind, direction) = (FigureKind::None, Direction::None(none));
        let empty = GridCell { number: 0, target, kind, scale: 0, status: Status::NotStated, rating, direction };
        let by_period = method == Some(Method::PreviousPeriod);
        Run { n_periods, judging, withdrawn, by_day, by_period, target, yardstick, empty }
    }

    /// Adds a line's cells to the grid.
    pub(super) fn line(&self, window: &FigureWindow<'a>, steps: &mut Steps, runs: &mut [Run<'a>], grid: &mut Grid) {
        let Steps { periods, asked, found, in_a_row } = steps;
        window.standing(periods, self.bounds, found);
        let Some(scale) = found.scale() else { return self.each(window, (asked, found), runs, grid) };
        let mut scaled = *in_a_row;
        for run in &mut *runs {
            if run.yardstick.scale() != scale {
                run.yardstick = self.yardstick(run, scale);
            }
            scaled &= run.by_period && run.yardstick.compares();
        }
        let Some(measured) = found.measured(scale).filter(|measured| scaled && !measured.is_empty()) else {
            return self.each(window, (asked, found), runs, grid);
        };
        let mut from = 0_usize;
        for run in runs {
            let n_measured = measured.len().saturating_sub(from).saturating_sub(1).min(run.n_periods);
            run.add(measured.pairs(from, n_measured), &mut grid.cells);
            for _ in n_measured..run.n_periods {
                grid.cells.push(run.empty);
            }
            from = from.saturating_add(run.n_periods);
        }
        // The first is not asked for itself, and is shown as the one before the next.
        let unshown = if measured.len() > 1 { 0 } else { measured.n_backfilled() };
        self.reader.shows_backfills(measured.n_backfilled().saturating_sub(unshown));
    }

    /// Adds a line's cells to the grid, whatever they are.
    fn each(
        &self,
        window: &FigureWindow<'a>,
        (asked, found): (&[Asked], &Standings),
        runs: &[Run<'a>],
        grid: &mut Grid,
    ) {
        let mut rest = asked.iter();
        let mut n_backfilled = 0_u32;
        for run in runs {
            for asked in rest.by_ref().take(run.n_periods) {
                let (now, before) = (found.at(asked.place), found.at(asked.before));
                let cell = match run.judged(now, before) {
                    Some(cell) => {
                        let also = asked.before_apart && !now.is_none() && before.backfill();
                        n_backfilled =
                            n_backfilled.saturating_add(u32::from(now.backfill())).saturating_add(u32::from(also));
                        cell
                    }
                    None => self.cell(&One { asked, figures: window.figures(), run }, &mut grid.ratios),
                };
                grid.cells.push(cell);
            }
        }
        self.reader.shows_backfills(n_backfilled);
    }

    #[cold]
    fn yardstick(&self, run: &Run<'a>, scale: u8) -> Yardstick {
        Yardstick::new(run.by_day.0, self.definition, run.terms(), run.withdrawn, scale)
    }

    /// Any other cell.
    #[inline(never)]
    fn cell(&self, one: &One<'a, '_>, ratios: &mut Vec<Figure>) -> GridCell {
        let Some(result) = one.figures.standing(one.asked.period, self.reader.as_of) else { return one.run.empty };
        let (rating, direction) = self.judged(one, result);
        self.reader.shows_backfills(u32::from(result.backfill()));
        let (number, kind, scale, status) = match result.figure() {
            Some((Figure::Stated { value, .. }, status)) => {
                (value.coefficient(), FigureKind::Stated, value.scale(), status)
            }
            Some((figure @ Figure::Counted { .. }, status)) => {
                ratios.push(figure);
                let place = ratios.len().saturating_sub(1);
                (i64::try_from(place).unwrap_or(i64::MAX), FigureKind::Counted, 0, status)
            }
            Some((Figure::Missing(missing), status)) => (0, FigureKind::Missing(missing), 0, status),
            None => return one.run.empty,
        };
        GridCell { number, target: one.run.target, kind, scale, status, rating, direction }
    }

    /// The rating and the direction of any figure.
    fn judged(&self, one: &One<'a, '_>, result: StoredResult<'a>) -> (Rating, Direction) {
        let (rule, method) = one.run.by_day;
        let terms = one.run.terms().copied();
        let entry = result.entry();
        let definition = self.definition;
        let subject =
            Subject { definition, entry: entry.as_ref(), terms, withdrawn: one.run.withdrawn, shown_only: false };
        let rating = rule.map_or(Rating::NotRated(NotRated::UnknownRule), |rule| rule.rate(&subject));
        let none = |reason| (rating, Direction::None(reason));
        let Some(method) = method else { return none(NoDirection::UnknownMethod) };
        let Some(entry) = entry else { return none(NoDirection::NoResult) };
        let Some(now) = measured(&entry, definition) else { return none(NoDirection::NoResult) };
        let before = match method {
            Method::PreviousPeriod => {
                let before = one.asked.period.previous();
                let stored = before.and_then(|before| one.figures.standing(before, self.reader.as_of));
                self.value(stored, one.asked.before_apart)
            }
            Method::PreviousReported => self.reported(one).or_else(|| Some(entry.stated_previous?.value.exact())),
        };
        let Some(before) = before else { return none(NoDirection::NoPrevious) };
        (rating, ratings::direction(definition, terms, now, before))
    }

    fn value(&self, stored: Option<StoredResult<'_>>, apart: bool) -> Option<Exact> {
        let stored = stored?;
        let value = measured(&stored.entry()?, self.definition)?;
        if apart {
            self.reader.rests_on_result(stored);
        }
        Some(value)
    }

    /// The latest earlier period's figure that stands.
    fn reported(&self, one: &One<'_, '_>) -> Option<Exact> {
        let (figures, period) = (one.figures, one.asked.period);
        let earlier = figures.until(period).filter(|it| *it < period && it.same_kind(period));
        let apart = |period: &Period| self.asked.binary_search(period).is_err();
        let mut values = earlier.map(|it| self.value(figures.standing(it, self.reader.as_of), apart(&it)));
        values.find_map(|value| value)
    }
}

impl Run<'_> {
    /// Adds measured values of the yardstick's scale, each after that of the period before.
    #[inline]
    fn add(&self, figures: impl Iterator<Item = (i64, i64, Status)>, cells: &mut Vec<GridCell>) {
        let (target, kind, scale) = (self.target, FigureKind::Stated, self.yardstick.scale());
        let yardstick = self.yardstick;
        cells.extend(figures.map(|(before, number, status)| {
            let (rating, direction) = (yardstick.rate(number), yardstick.direction(number, before));
            GridCell { number, target, kind, scale, status, rating, direction }
        }));
    }

    /// A cell in which nothing stands, or a stated value after another of its scale or after none; `None` for any other.
    #[inline]
    fn judged(&self, now: Standing, before: Standing) -> Option<GridCell> {
        if now.is_none() {
            return Some(self.empty);
        }
        let scale = self.yardstick.scale();
        let digits = now.digits(scale).filter(|_| self.by_period && self.yardstick.compares())?;
        let direction = match before.digits(scale) {
            Some(earlier) => self.yardstick.direction(digits, earlier),
            None if before.is_none() => Direction::None(NoDirection::NoPrevious),
            None => return None,
        };
        let rating = self.yardstick.rate(digits);
        let (kind, status) = (FigureKind::Stated, now.status());
        Some(GridCell { number: digits, target: self.target, kind, scale, status, rating, direction })
    }

    fn terms(&self) -> Option<&Terms> {
        self.judging.and_then(StoredTarget::terms)
    }
}

#[inline]
fn same(one: Option<&StoredTarget>, other: Option<&StoredTarget>) -> bool {
    one.map(std::ptr::from_ref) == other.map(std::ptr::from_ref)
}
