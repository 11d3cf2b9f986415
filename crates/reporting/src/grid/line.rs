//! One measure in one area: its figures, period by period, judged.

use std::slice::Iter;

use domain::book::{Bounds, FigureWindow, Figures, Late, Older, Plain, Seen, Standing, Standings, StoredResult};
use domain::period::{LastDays, PeriodKey, PeriodKeys};
use domain::target::StoredTerms;
use domain::{Exact, Figure, Period};
use ratings::{Direction, Method, NoDirection, NotRated, Rating, Subject};

use super::outcome::Part;
use super::plan::Runs;
use super::rules::Ruled;
use super::runs::{Judge, Run};
use super::{FigureKind, GridCell, Outcome};
use crate::reader::measured;

/// The periods to be read of every line: those asked for, and the one before each.
pub(super) struct Steps {
    periods: Vec<PeriodKey>,
    asked: Vec<Asked>,
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
            return Self { asked: asked.collect(), periods: keys, in_a_row: true };
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
        Self { asked: asked.collect(), periods: keys, in_a_row: false }
    }

    /// The periods to be read.
    pub(super) fn periods(&self) -> &[PeriodKey] {
        &self.periods
    }

    /// The last days of those that are asked for.
    pub(super) fn days(&self) -> LastDays {
        let mut keys = Vec::with_capacity(self.asked.len());
        keys.extend(self.asked.iter().filter_map(|asked| self.periods.get(asked.place)));
        LastDays::new(&keys)
    }
}

/// What stands in lines, read some lines ahead, so that the memory's answers do not wait for one another.
pub(super) struct Reading<'t> {
    windows: Iter<'t, FigureWindow<'t>>,
    periods: &'t [PeriodKey],
    bounds: &'t Bounds<'t>,
    /// The lines that were read last.
    lines: Vec<(&'t FigureWindow<'t>, Read<'t>)>,
    /// Of each that is not plain, what stands for its periods, and then for none.
    found: Vec<Standing>,
    /// What is looked for apart, and of which line.
    late: Vec<(usize, Late<'t>)>,
    older: Vec<Older<'t>>,
    /// Which of them is the line.
    at: usize,
}

/// What stands in a line.
#[derive(Clone, Copy)]
enum Read<'t> {
    /// All of it lies together.
    Plain(Plain<'t>),
    /// It was gathered.
    Found(Seen),
}

/// How many figures are read ahead: 3 KB of them. With 4 KB, the list shared a size of the allocator's with the measures that are
/// asked for, and every answer had a page made for it and given back.
const READ_AHEAD: usize = 192;

impl<'t> Reading<'t> {
    /// Before the first line.
    pub(super) fn new(windows: &'t [FigureWindow<'t>], steps: &'t Steps, bounds: &'t Bounds<'t>) -> Self {
        let width = steps.periods.len().saturating_add(1);
        let n_lines = READ_AHEAD.div_euclid(width).clamp(1, windows.len().max(1));
        let found = vec![Standing::NONE; n_lines.saturating_mul(width)];
        let lines = Vec::with_capacity(n_lines);
        Self {
            windows: windows.iter(),
            periods: &steps.periods,
            bounds,
            lines,
            found,
            late: Vec::with_capacity(n_lines),
            older: Vec::with_capacity(n_lines),
            at: 0,
        }
    }

    /// Goes on with the next line.
    #[inline]
    pub(super) fn advance(&mut self) {
        self.at = self.at.saturating_add(1);
        if self.at >= self.lines.len() {
            self.read();
        }
    }

    /// The line's figures, where they are plain.
    #[inline]
    pub(super) fn plain(&self) -> Option<Plain<'t>> {
        match self.lines.get(self.at)? {
            (_, Read::Plain(plain)) => Some(*plain),
            (_, Read::Found(_)) => None,
        }
    }

    /// The line, whatever its figures are; `None` after the last.
    pub(super) fn line(&mut self) -> Option<(&'t FigureWindow<'t>, Standings<'_>)> {
        let (window, read) = self.lines.get_mut(self.at)?;
        let width = self.periods.len().saturating_add(1);
        let start = self.at.saturating_mul(width);
        let found = self.found.get_mut(start..start.saturating_add(width))?;
        let seen = match read {
            Read::Plain(plain) => plain.write(found),
            Read::Found(seen) => *seen,
        };
        *read = Read::Found(seen);
        Some((window, Standings::new(found, seen)))
    }

    fn read(&mut self) {
        let Self { windows, periods, bounds, lines, found, late, older, at } = self;
        *at = 0;
        lines.clear();
        let width = periods.len().saturating_add(1);
        for ((places, window), line) in found.chunks_exact_mut(width).zip(windows).zip(0_usize..) {
            let Some((_none, places)) = places.split_last_mut() else { return };
            let read = match window.plain(periods.len(), bounds) {
                Some(plain) => Read::Plain(plain),
                None => Read::Found(window.standing(periods, bounds, places, |it| late.push((line, it)))),
            };
            lines.push((window, read));
        }
        older.clear();
        older.extend(late.iter().map(|(_, late)| late.older()));
        Older::look(older);
        for ((line, late), older) in late.drain(..).zip(older) {
            let place = found.get_mut(line.saturating_mul(width).saturating_add(late.place));
            if let (Some((_, Read::Found(seen))), Some(place)) = (lines.get_mut(line), place) {
                *place = older.standing_within(bounds);
                seen.see(*place);
            }
        }
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
    #[inline]
    pub(super) fn line(
        &self,
        reading: &mut Reading<'a>,
        steps: &Steps,
        runs: &mut Runs<'_, 'a>,
        (cells, ratios): (&mut [GridCell], &mut Vec<Figure>),
    ) {
        let Steps { asked, in_a_row, .. } = steps;
        let judges = |runs: &mut Runs<'_, 'a>, scale: Option<u8>| {
            *in_a_row && scale.is_some_and(|scale| runs.judge(scale, self.brief))
        };
        if let Some(plain) = reading.plain().filter(|plain| judges(runs, plain.scale())) {
            return self.as_they_lie(plain, runs.all(), cells);
        }
        let Some((window, found)) = reading.line() else { return };
        if judges(runs, found.plain_scale()) {
            self.plain(found, runs.all(), cells);
        } else {
            let scale = found.scale().unwrap_or(self.brief.decimal_places);
            runs.judge(scale, self.brief);
            self.each(window, (asked, found), (runs.all(), scale), (cells, ratios));
        }
    }

    /// Writes the cells of plain values in a row. The first is not asked for itself.
    #[inline]
    fn as_they_lie(&self, plain: Plain<'_>, runs: &[Run<'a>], cells: &mut [GridCell]) {
        let status = Part::status(plain.status_number());
        let mut at = 0_usize;
        for run in runs {
            let end = at.saturating_add(run.n_periods);
            let (Some(part), Some(cells)) = (plain.part(at..=end), cells.get_mut(at..end)) else { return };
            run.write(part.numbers().map(|number| (number, status)), cells);
            at = end;
        }
        self.reader.shows_backfills(u32::try_from(plain.n_backfilled()).unwrap_or(u32::MAX));
    }

    /// The same, of those that were gathered, or of nothing.
    fn plain(&self, found: Standings<'_>, runs: &[Run<'a>], cells: &mut [GridCell]) {
        let mut at = 0_usize;
        for run in runs {
            let end = at.saturating_add(run.n_periods);
            let (Some(figures), Some(cells)) = (found.all().get(at..=end), cells.get_mut(at..end)) else { return };
            if found.are_there() {
                run.write(figures.iter().map(|it| (it.number(), Part::status(it.status_number()))), cells);
            } else {
                run.write_some(figures, cells, self.brief);
            }
            at = end;
        }
        self.reader.shows_backfills(u32::try_from(found.n_backfilled()).unwrap_or(u32::MAX));
    }

    /// Writes a line's cells, whatever they are.
    #[inline(never)]
    fn each(
        &self,
        window: &FigureWindow<'a>,
        (asked, found): (&[Asked], Standings<'_>),
        (runs, scale): (&[Run<'a>], u8),
        (cells, ratios): (&mut [GridCell], &mut Vec<Figure>),
    ) {
        let mut rest = asked.iter().zip(cells);
        let mut n_backfilled = 0_u32;
        for run in runs {
            let empty = run.empty(self.brief);
            let judges = run.judges_by_digits();
            for (asked, cell) in rest.by_ref().take(run.n_periods) {
                let (now, before) = (found.at(asked.place), found.at(asked.before));
                if now.is_none() {
                    *cell = empty;
                    continue;
                }
                let plain =
                    if judges && now.is_plain(scale) && before.is_plain(scale) { run.cell(now, before) } else { None };
                if plain.is_some() {
                    let also = asked.before_apart && before.backfill();
                    n_backfilled =
                        n_backfilled.saturating_add(u32::from(now.backfill())).saturating_add(u32::from(also));
                }
                let others = || self.cell(&One { asked, figures: window.figures(), run }, ratios).unwrap_or(empty);
                *cell = plain.unwrap_or_else(others);
            }
        }
        self.reader.shows_backfills(n_backfilled);
    }

    /// Any other cell.
    #[inline(never)]
    fn cell(&self, one: &One<'a, '_>, ratios: &mut Vec<Figure>) -> Option<GridCell> {
        let result = one.figures.standing(one.asked.period, self.reader.as_of)?;
        let (rating, direction) = self.judged(one, result);
        self.reader.shows_backfills(u32::from(result.backfill()));
        let (number, kind, scale, status) = match result.figure()? {
            (Figure::Stated { value, .. }, status) => (value.coefficient(), FigureKind::Stated, value.scale(), status),
            (figure @ Figure::Counted { .. }, status) => {
                ratios.push(figure);
                let place = ratios.len().saturating_sub(1);
                (i64::try_from(place).unwrap_or(i64::MAX), FigureKind::Counted, 0, status)
            }
            (Figure::Missing(missing), status) => (0, FigureKind::Missing(missing), 0, status),
        };
        let outcome = Outcome::new(kind, scale, status, rating, direction);
        Some(GridCell { number, target: one.run.target, outcome })
    }

    /// The rating and the direction of any figure.
    fn judged(&self, one: &One<'a, '_>, result: StoredResult<'a>) -> (Rating, Direction) {
        let Ruled { by: (rule, method), withdrawn, .. } = *one.run.ruled;
        let terms = one.run.terms.and_then(StoredTerms::terms);
        let entry = result.entry();
        let definition = self.definition;
        let subject = Subject { definition, entry: entry.as_ref(), terms, withdrawn, shown_only: false };
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
