//! A question's lines as of one time, one after the other.

use std::borrow::Cow;

use domain::book::{Bounds, FigureWindow, JudgedAlike, Plain, Standings};
use domain::period::DayNumber;

use super::GridCell;
use super::asked::{Asked, JudgedArea, Judging, Time};
use super::line::{Reading, Steps};
use super::rules::Ruled;
use super::runs::{Judge, Lists, Runs};

/// See the module's documentation.
pub(super) struct Side<'t, 'q> {
    time: &'t Time<'t, 'q>,
    steps: &'t Steps,
    days: Vec<DayNumber>,
    reading: Reading<'t>,
    judging: Judging<'t>,
    measure: Option<Measure<'t, 'q>>,
    area: usize,
    found: Vec<JudgedAlike<'t>>,
    ahead: Ahead<'t>,
    runs: Runs<'t>,
    /// Whether the runs are those of the measure and the area.
    has_runs: bool,
}

/// The measure whose lines come next.
pub(super) struct Measure<'t, 'q> {
    pub(super) asked: &'t Asked<'t, 'q>,
    pub(super) rules: Cow<'t, [Ruled]>,
}

/// What judges the lines that come next, in their order: each time that it is another's than the line's before.
#[derive(Default)]
struct Ahead<'t> {
    found: Vec<JudgedAlike<'t>>,
    /// Where that of each ends.
    ends: Vec<usize>,
    n_taken: usize,
    start: usize,
}

impl<'t> Ahead<'t> {
    /// The next; `None` where nothing was found ahead.
    #[inline]
    fn take(&mut self) -> Option<&[JudgedAlike<'t>]> {
        let start = self.start;
        let end = *self.ends.get(self.n_taken)?;
        (self.start, self.n_taken) = (end, self.n_taken.saturating_add(1));
        self.found.get(start..end)
    }
}

impl<'t, 'q> Side<'t, 'q> {
    pub(super) fn new(time: &'t Time<'t, 'q>, windows: &'t [FigureWindow<'t>], steps: &'t Steps) -> Self {
        Self {
            time,
            steps,
            days: steps.days().collect(),
            reading: Reading::new(windows, steps, &time.bounds),
            judging: Judging::new(&time.chains),
            measure: None,
            area: 0,
            found: Vec::new(),
            ahead: Ahead::default(),
            runs: Runs::default(),
            has_runs: false,
        }
    }

    /// Finds what judges every line, where all of them are to be judged: of many measures, one does not wait for the other.
    pub(super) fn look_ahead(&mut self) {
        let Self { time, days, judging, ahead, .. } = self;
        for asked in &time.asked {
            judging.begin(&asked.columns);
            for area in judging.areas().iter().filter(|area| area.apart) {
                asked.columns.judging(&area.with_targets, days, (&time.bounds, asked.known), &mut ahead.found);
                ahead.ends.push(ahead.found.len());
            }
        }
        JudgedAlike::look(&ahead.found);
    }

    /// Goes on with a measure.
    pub(super) fn begin(&mut self, asked: &'t Asked<'t, 'q>) {
        self.measure = Some(Measure { asked, rules: self.time.rules(asked) });
        self.judging.begin(&asked.columns);
        self.has_runs = false;
    }

    /// Goes on with the next line, which is of the measure and an area.
    #[inline]
    pub(super) fn next(&mut self, area: usize) {
        self.reading.advance();
        self.area = area;
        self.has_runs &= self.area().is_some_and(|area| !area.apart);
    }

    pub(super) const fn measure(&self) -> Option<&Measure<'t, 'q>> {
        self.measure.as_ref()
    }

    /// Whose targets judge the line.
    pub(super) fn area(&self) -> Option<&JudgedArea> {
        self.judging.area(self.area)
    }

    pub(super) const fn bounds(&self) -> &'t Bounds<'t> {
        &self.time.bounds
    }

    /// The line's figures, where they are plain.
    pub(super) fn plain(&self) -> Option<Plain<'t>> {
        self.reading.plain()
    }

    /// What stands in the line.
    pub(super) fn standings(&mut self) -> Option<Standings<'_>> {
        self.reading.line().map(|(_, found)| found)
    }

    /// Writes the line's cells.
    #[inline]
    pub(super) fn judge(&mut self, lists: &mut Lists<'t>, cells: &mut [GridCell]) {
        self.find_runs(lists);
        let Self { time, steps, reading, measure, runs, .. } = self;
        if let Some(judge) = judge(time, measure.as_ref()) {
            judge.line(reading, steps, runs, (cells, &mut lists.ratios));
        }
    }

    /// The same, where all that judges it is what judges the line of another.
    pub(super) fn judge_as(&mut self, other: &mut Self, lists: &mut Lists<'t>, cells: &mut [GridCell]) {
        other.find_runs(lists);
        if let Some(judge) = judge(self.time, self.measure.as_ref()) {
            judge.line(&mut self.reading, self.steps, &mut other.runs, (cells, &mut lists.ratios));
        }
    }

    #[inline]
    fn find_runs(&mut self, lists: &mut Lists<'t>) {
        let Self { time, days, judging, measure, found, ahead, runs, .. } = self;
        let Some(measure) = measure.as_ref().filter(|_| !self.has_runs) else { return };
        let found = ahead.take().unwrap_or_else(|| {
            let areas = judging.area(self.area).map_or(&[][..], |area| &area.with_targets);
            found.clear();
            measure.asked.columns.judging(areas, days, (&time.bounds, measure.asked.known), found);
            found
        });
        if let Some(judge) = judge(time, Some(measure)) {
            judge.runs(found, lists, runs);
        }
        self.has_runs = true;
    }
}

/// What judges the lines of a measure.
#[inline]
fn judge<'t, 's>(time: &'t Time<'t, '_>, measure: Option<&'s Measure<'t, '_>>) -> Option<Judge<'t, 's>>
where
    't: 's,
{
    let Measure { asked, rules } = measure?;
    let definition = asked.defined.definition;
    Some(Judge { reader: &time.reader, definition, asked: &time.question.periods, rules })
}
