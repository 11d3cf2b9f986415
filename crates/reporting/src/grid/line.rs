//! One measure in one area: its figures, period by period, judged.

use domain::book::{FigureWindow, Figures, Standings, StoredResult};
use domain::period::{DayNumber, PeriodKey, PeriodKeys};
use domain::{Exact, Figure, Period};
use ratings::{Direction, Method, NoDirection, NotRated, Rating, Subject};

use super::runs::{Judge, Run, Runs};
use super::{FigureKind, GridCell, Outcome};
use crate::reader::measured;

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
        let own: Vec<PeriodKey> = periods.iter().map(|period| PeriodKey::of(*period)).collect();
        let before_first = periods.first().and_then(|first| first.previous()).map(PeriodKey::of);
        if let Some(before_first) = before_first.filter(|_| PeriodKeys::new(&own).in_a_row()) {
            let asked = periods.iter().zip(0_usize..).map(|(period, before)| Asked {
                period: *period,
                place: before.saturating_add(1),
                before,
                before_apart: before == 0,
            });
            let mut keys = Vec::with_capacity(own.len().saturating_add(1));
            keys.push(before_first);
            keys.extend(own);
            return Self { asked: asked.collect(), found: Standings::new(keys.len()), periods: keys, in_a_row: true };
        }
        let own: Vec<(PeriodKey, Option<PeriodKey>)> =
            own.iter().zip(periods).map(|(key, period)| (*key, period.previous().map(PeriodKey::of))).collect();
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
        Self { asked, found: Standings::new(keys.len()), periods: keys, in_a_row: false }
    }

    /// The periods to be read.
    pub(super) fn periods(&self) -> &[PeriodKey] {
        &self.periods
    }

    /// The last days of those that are asked for.
    pub(super) fn days(&self) -> impl Iterator<Item = DayNumber> {
        self.asked.iter().filter_map(|asked| self.periods.get(asked.place)).map(|key| key.last_day())
    }
}

/// One cell to be judged by all that was recorded with it.
struct One<'a, 's> {
    asked: &'s Asked,
    figures: Figures<'a>,
    run: &'s Run<'a>,
}

impl<'a> Judge<'a, '_> {
    /// Writes a line's cells.
    pub(super) fn line(
        &self,
        window: &FigureWindow<'a>,
        steps: &mut Steps,
        runs: &mut Runs<'a>,
        (cells, ratios): (&mut [GridCell], &mut Vec<Figure>),
    ) {
        let Steps { periods, asked, found, in_a_row } = steps;
        window.standing(periods, self.bounds, found);
        let scale = found.scale().unwrap_or(self.definition.decimal_places);
        if runs.judge(scale, self.definition) && *in_a_row && found.are_plain(scale) {
            self.plain(found, runs.all(), cells);
        } else {
            self.each(window, (asked, found), (runs.all(), scale), (cells, ratios));
        }
    }

    /// Writes the cells of plain values in a row, or of nothing. The first is not asked for itself.
    #[inline]
    fn plain(&self, found: &Standings, runs: &[Run<'a>], mut cells: &mut [GridCell]) {
        let mut rest = found.all();
        for run in runs {
            let Some((next, later)) = cells.split_at_mut_checked(run.n_periods) else { return };
            if found.are_there() {
                run.write(rest, next);
            } else {
                run.write_some(rest, next);
            }
            rest = rest.get(run.n_periods..).unwrap_or_default();
            cells = later;
        }
        self.reader.shows_backfills(u32::try_from(found.n_backfilled()).unwrap_or(u32::MAX));
    }

    /// Writes a line's cells, whatever they are.
    fn each(
        &self,
        window: &FigureWindow<'a>,
        (asked, found): (&[Asked], &Standings),
        (runs, scale): (&[Run<'a>], u8),
        (cells, ratios): (&mut [GridCell], &mut Vec<Figure>),
    ) {
        let mut rest = asked.iter().zip(cells);
        let mut n_backfilled = 0_u32;
        for run in runs {
            let judges = run.judges_by_digits();
            for (asked, cell) in rest.by_ref().take(run.n_periods) {
                let (now, before) = (found.at(asked.place), found.at(asked.before));
                let plain = judges && now.is_plain(scale) && before.is_plain(scale);
                *cell = if plain || now.is_none() {
                    let also = asked.before_apart && !now.is_none() && before.backfill();
                    n_backfilled =
                        n_backfilled.saturating_add(u32::from(now.backfill())).saturating_add(u32::from(also));
                    run.cell(now, before)
                } else {
                    self.cell(&One { asked, figures: window.figures(), run }, ratios)
                };
            }
        }
        self.reader.shows_backfills(n_backfilled);
    }

    /// Any other cell.
    #[inline(never)]
    fn cell(&self, one: &One<'a, '_>, ratios: &mut Vec<Figure>) -> GridCell {
        let Some(result) = one.figures.standing(one.asked.period, self.reader.as_of) else {
            return one.run.empty_cell();
        };
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
            None => return one.run.empty_cell(),
        };
        let outcome = Outcome::new(kind, scale, status, rating, direction);
        GridCell { number, target: one.run.target, outcome }
    }

    /// The rating and the direction of any figure.
    fn judged(&self, one: &One<'a, '_>, result: StoredResult<'a>) -> (Rating, Direction) {
        let (rule, method) = one.run.by;
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
