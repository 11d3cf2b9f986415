//! One of two times whose lines are compared, one after the other: a line is judged only where it has to be.

use domain::book::{Bounds, FigureWindow, Plain, Standings};
use domain::period::LastDays;

use super::GridCell;
use super::asked::{Asked, JudgedArea, Judging, Time};
use super::line::{Reading, Steps};
use super::plan::{Plan, Runs};
use super::rules::Ruled;
use super::runs::{Judge, Lists};

/// See the module's documentation.
pub(super) struct Side<'t, 'q> {
    time: &'t Time<'t, 'q>,
    steps: &'t Steps,
    days: LastDays,
    reading: Reading<'t>,
    judging: Judging<'t>,
    measure: Option<Measure<'t>>,
    area: usize,
    plan: Plan<'t>,
    /// Whether the plan is the measure's.
    planned: bool,
}

/// The measure whose lines come next.
pub(super) struct Measure<'t> {
    at: usize,
    pub(super) asked: &'t Asked<'t>,
    pub(super) rules: &'t [Ruled],
}

impl<'t, 'q> Side<'t, 'q> {
    pub(super) fn new(time: &'t Time<'t, 'q>, windows: &'t [FigureWindow<'t>], steps: &'t Steps) -> Self {
        Self {
            time,
            steps,
            days: steps.days(),
            reading: Reading::new(windows, steps, &time.bounds),
            judging: Judging::new(&time.chains),
            measure: None,
            area: 0,
            plan: Plan::default(),
            planned: false,
        }
    }

    /// Goes on with a measure, by its place.
    pub(super) fn begin(&mut self, at: usize, asked: &'t Asked<'t>) {
        self.measure = Some(Measure { at, asked, rules: self.time.rules(asked) });
        self.judging.begin(&asked.columns);
        self.planned = false;
    }

    /// Goes on with the next line, which is of the measure and an area.
    #[inline]
    pub(super) fn next(&mut self, area: usize) {
        self.reading.advance();
        self.area = area;
    }

    pub(super) const fn measure(&self) -> Option<&Measure<'t>> {
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
    pub(super) fn judge(&mut self, lists: &mut Lists<'t>, cells: &mut [GridCell]) {
        let (area, judge) = (self.area, self.judge_of_measure());
        let (runs, reading, steps) = self.planned(area, lists);
        if let (Some(judge), Some(mut runs)) = (judge, runs) {
            judge.line(reading, steps, &mut runs, (cells, &mut lists.ratios));
        }
    }

    /// The same, where all that judges it is what judges the line of another.
    pub(super) fn judge_as(&mut self, other: &mut Self, lists: &mut Lists<'t>, cells: &mut [GridCell]) {
        let (runs, ..) = other.planned(self.area, lists);
        if let (Some(judge), Some(mut runs)) = (self.judge_of_measure(), runs) {
            judge.line(&mut self.reading, self.steps, &mut runs, (cells, &mut lists.ratios));
        }
    }

    /// What judges a line of the measure.
    fn planned(&mut self, area: usize, lists: &mut Lists<'t>) -> (Option<Runs<'_, 't>>, &mut Reading<'t>, &'t Steps) {
        let Self { time, days, judging, measure, plan, reading, steps, planned, .. } = self;
        if let Some(measure) = measure.as_ref().filter(|_| !std::mem::replace(planned, true)) {
            plan.make((time, days), measure.at..measure.at.saturating_add(1), judging, lists);
        }
        (plan.of_line(area), reading, steps)
    }

    fn judge_of_measure(&self) -> Option<Judge<'t, 't>> {
        Some(Judge::new(self.time, self.measure.as_ref()?.asked))
    }
}
