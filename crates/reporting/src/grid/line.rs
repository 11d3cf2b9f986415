//! One measure in one area: its figures, period by period, judged.

use domain::book::{FigureWindow, Figures, StoredResult, StoredTarget};
use domain::measure::Definition;
use domain::period::PeriodKey;
use domain::{Date, Exact, Figure, Period, Position, Status, Terms};
use ratings::{Direction, Method, NoDirection, NotRated, Rating, Rule, Subject, Yardstick};

use super::{ByDay, FigureKind, Grid, GridCell};
use crate::reader::{Reader, measured};

/// The periods to be read of every line: those asked for, and the one before each.
pub(super) struct Steps<'a> {
    periods: Vec<PeriodKey>,
    asked: Vec<Asked>,
    found: Vec<Option<StoredResult<'a>>>,
}

/// A period asked for, by its place among those read.
struct Asked {
    period: Period,
    place: usize,
    /// The place of the period before it.
    before: Option<usize>,
    /// Whether that is not asked for itself.
    before_apart: bool,
}

impl Steps<'_> {
    pub(super) fn new(periods: &[Period]) -> Self {
        let before = periods.iter().filter_map(|period| period.previous());
        let mut keys: Vec<PeriodKey> = periods.iter().copied().chain(before).map(PeriodKey::of).collect();
        keys.sort_unstable();
        keys.dedup();
        let place = |period: Period| keys.binary_search(&PeriodKey::of(period)).ok();
        let asked = periods.iter().filter_map(|period| {
            let before = period.previous();
            let before_apart = before.is_some_and(|before| periods.binary_search(&before).is_err());
            Some(Asked { period: *period, place: place(*period)?, before: before.and_then(place), before_apart })
        });
        Self { asked: asked.collect(), periods: keys, found: Vec::new() }
    }

    /// The first and the last period to be read; `None` when none is asked for.
    pub(super) fn ends(&self) -> Option<(PeriodKey, PeriodKey)> {
        self.periods.first().copied().zip(self.periods.last().copied())
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
    /// The targets met so far, and their places in the grid.
    pub(super) targets: Vec<(Position, u32)>,
    /// Those made so far, with what they were made for.
    pub(super) yardsticks: Vec<(Measured, Yardstick<'a>)>,
}

/// What a yardstick is made for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Measured {
    target: u32,
    scale: u8,
    rule: Option<Rule>,
    withdrawn: bool,
}

/// One cell to be judged.
struct One<'a, 's> {
    asked: &'s Asked,
    figures: Figures<'a>,
    result: Option<StoredResult<'a>>,
    /// What stands for the period before.
    before: Option<StoredResult<'a>>,
    judging: Option<&'a StoredTarget>,
    withdrawn: bool,
    by_day: ByDay,
}

/// What judged the cell before, which mostly judges the next.
struct Held<'a> {
    judging: Option<&'a StoredTarget>,
    scale: u8,
    rule: Option<Rule>,
    withdrawn: bool,
    target: u32,
    yardstick: Yardstick<'a>,
}

impl<'a> Judge<'a, '_> {
    /// Adds a line's cells to the grid.
    pub(super) fn line(
        &mut self,
        window: &FigureWindow<'a>,
        steps: &mut Steps<'a>,
        judging: &[Option<&'a StoredTarget>],
        grid: &mut Grid,
    ) {
        let Steps { periods, asked, found } = steps;
        window.standing(periods, self.reader.as_of, found);
        let at = |place: usize| found.get(place).copied().flatten();
        let mut held = None;
        for ((asked, judging), by_day) in asked.iter().zip(judging).zip(self.by_day) {
            let one = One {
                asked,
                figures: window.figures(),
                result: at(asked.place),
                before: asked.before.and_then(at),
                judging: *judging,
                withdrawn: self.withdrawn_from.is_some_and(|from| from <= asked.period.last_day()),
                by_day: *by_day,
            };
            let cell = self.plain(&one, &mut held, grid).unwrap_or_else(|| self.cell(&one, grid));
            grid.cells.push(cell);
        }
    }

    /// What most cells are: a stated value, after another of its scale or after none.
    fn plain(&mut self, one: &One<'a, '_>, held: &mut Option<Held<'a>>, grid: &mut Grid) -> Option<GridCell> {
        let result = one.result?;
        let (digits, scale, status) = result.stated().filter(|(_, _, status)| *status != Status::Forecast)?;
        let (rule, method) = one.by_day;
        if method != Some(Method::PreviousPeriod) {
            return None;
        }
        let earlier = match one.before.map(StoredResult::stated) {
            None => None,
            Some(Some((earlier, same, of))) if same == scale && of != Status::Forecast => Some(earlier),
            Some(_) => return None,
        };
        let suits = |held: &Held<'_>| {
            let same = match (held.judging, one.judging) {
                (Some(held), Some(this)) => std::ptr::eq(held, this),
                (held, this) => held.is_none() && this.is_none(),
            };
            same && held.scale == scale && held.rule == rule && held.withdrawn == one.withdrawn
        };
        let held = match held {
            Some(held) if suits(held) => held,
            _ => {
                let target = self.target(one.judging, grid);
                let yardstick = self.yardstick(one, target, scale);
                let (judging, withdrawn) = (one.judging, one.withdrawn);
                held.insert(Held { judging, scale, rule, withdrawn, target, yardstick })
            }
        };
        self.reader.shows(result);
        if let Some(before) = one.before.filter(|_| one.asked.before_apart) {
            self.reader.shows(before);
        }
        let rating = held.yardstick.rate(digits);
        let none = Direction::None(NoDirection::NoPrevious);
        let direction = earlier.map_or(none, |earlier| held.yardstick.direction(digits, earlier));
        let kind = FigureKind::Stated;
        Some(GridCell { number: digits, target: held.target, kind, scale, status, rating, direction })
    }

    /// The place of a target in the grid, from 1; 0 for none.
    fn target(&mut self, judging: Option<&StoredTarget>, grid: &mut Grid) -> u32 {
        let Some(stored) = judging else { return 0 };
        let position = stored.position();
        if let Some((_, place)) = self.targets.iter().rev().find(|(known, _)| *known == position) {
            return *place;
        }
        let Some(terms) = stored.terms() else { return 0 };
        grid.targets.push(terms);
        let place = u32::try_from(grid.targets.len()).unwrap_or(u32::MAX);
        self.targets.push((position, place));
        self.reader.rests_on_position(position, stored.known_at());
        place
    }

    /// Any other cell.
    fn cell(&mut self, one: &One<'a, '_>, grid: &mut Grid) -> GridCell {
        let target = self.target(one.judging, grid);
        let (rating, direction) = self.judged(one);
        let result = one.result.inspect(|result| self.reader.shows(*result));
        let (number, kind, scale, status) = match result.and_then(StoredResult::figure) {
            Some((Figure::Stated { value, .. }, status)) => {
                (value.coefficient(), FigureKind::Stated, value.scale(), status)
            }
            Some((figure @ Figure::Counted { .. }, status)) => {
                grid.ratios.push(figure);
                let place = grid.ratios.len().saturating_sub(1);
                (i64::try_from(place).unwrap_or(i64::MAX), FigureKind::Counted, 0, status)
            }
            Some((Figure::Missing(missing), status)) => (0, FigureKind::Missing(missing), 0, status),
            None => (0, FigureKind::None, 0, Status::NotStated),
        };
        GridCell { number, target, kind, scale, status, rating, direction }
    }

    fn yardstick(&mut self, one: &One<'_, '_>, target: u32, scale: u8) -> Yardstick<'a> {
        let rule = one.by_day.0;
        let wanted = Measured { target, scale, rule, withdrawn: one.withdrawn };
        if let Some((_, yardstick)) = self.yardsticks.iter().find(|(made_for, _)| *made_for == wanted) {
            return *yardstick;
        }
        let yardstick = Yardstick::new(rule, self.definition, one.terms(), one.withdrawn, scale);
        self.yardsticks.push((wanted, yardstick));
        yardstick
    }

    /// The rating and the direction of any figure, or of none.
    fn judged(&self, one: &One<'a, '_>) -> (Rating, Direction) {
        let (rule, method) = one.by_day;
        let entry = one.result.and_then(StoredResult::entry);
        let definition = self.definition;
        let subject = Subject {
            definition,
            entry: entry.as_ref(),
            terms: one.terms(),
            withdrawn: one.withdrawn,
            shown_only: false,
        };
        let rating = rule.map_or(Rating::NotRated(NotRated::UnknownRule), |rule| rule.rate(&subject));
        let none = |reason| (rating, Direction::None(reason));
        let Some(method) = method else { return none(NoDirection::UnknownMethod) };
        let Some(entry) = entry else { return none(NoDirection::NoResult) };
        let Some(now) = measured(&entry, definition) else { return none(NoDirection::NoResult) };
        let before = match method {
            Method::PreviousPeriod => self.value(one.before, one.asked.before_apart),
            Method::PreviousReported => self.reported(one).or_else(|| Some(entry.stated_previous?.value.exact())),
        };
        let Some(before) = before else { return none(NoDirection::NoPrevious) };
        (rating, ratings::direction(definition, one.terms(), now, before))
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

impl One<'_, '_> {
    fn terms(&self) -> Option<Terms> {
        self.judging.and_then(StoredTarget::terms)
    }
}
