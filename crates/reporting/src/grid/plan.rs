//! What judges the lines of some measures, worked out before the first of them is judged.

use std::ops::Range;

use domain::book::MeasureColumns;
use domain::measure::Brief;
use domain::period::LastDays;

use super::asked::{Judging, Time};
use super::runs::{Judge, Lists, Run};

/// See the module's documentation.
#[derive(Default)]
pub(super) struct Plan<'a> {
    groups: Vec<Group>,
    runs: Vec<Run<'a>>,
}

/// Lines of a measure that follow one another and are judged alike.
struct Group {
    /// The measure's place among those that are asked for.
    measure: usize,
    n_lines: usize,
    runs: Range<usize>,
    by_digits: Measuring,
}

/// The values that runs judge by their digits.
struct Measuring {
    scale: u8,
    /// Whether all of the runs do.
    all: bool,
}

/// What judges the periods of lines, in order.
pub(super) struct Runs<'p, 'a> {
    all: &'p mut [Run<'a>],
    by_digits: &'p mut Measuring,
}

/// How many runs the periods of a year have: another target from some day on, and seldom one more.
const RUNS_MOSTLY: usize = 3;

impl<'a> Plan<'a> {
    /// Plans some measures, given by their places among those that are asked for.
    pub(super) fn make(
        &mut self,
        (time, days): (&'a Time<'a, '_>, &LastDays),
        measures: Range<usize>,
        judging: &mut Judging<'_>,
        lists: &mut Lists<'a>,
    ) {
        let Self { groups, runs } = self;
        groups.clear();
        runs.clear();
        groups.reserve(measures.len());
        let n_runs = measures.len().saturating_mul(RUNS_MOSTLY);
        runs.reserve(n_runs);
        lists.targets.reserve(n_runs);
        let asked = time.asked.get(measures.clone()).unwrap_or_default();
        MeasureColumns::look_at_targets(asked.iter().map(|asked| &asked.columns));
        for (measure, asked) in measures.clone().zip(asked) {
            if measure > measures.start {
                lists.begin();
            }
            judging.begin(&asked.columns);
            let (judge, rules) = (Judge::new(time, asked), time.rules(asked));
            let scale = asked.brief.decimal_places;
            for area in judging.areas() {
                if let Some(group) = groups.last_mut().filter(|_| !area.apart) {
                    group.n_lines = group.n_lines.saturating_add(1);
                    continue;
                }
                let start = runs.len();
                let mut making = judge.make_runs(rules, scale, (lists, runs));
                asked.columns.judging(&area.with_targets, days, &time.bounds, |alike| making.add(alike));
                let by_digits = Measuring { scale, all: making.judge_by_digits() };
                groups.push(Group { measure, n_lines: 1, runs: start..runs.len(), by_digits });
            }
        }
    }

    /// Of how many groups it is, in the order of the lines.
    pub(super) const fn n_groups(&self) -> usize {
        self.groups.len()
    }

    /// A group's measure, how many lines it has, and what judges them.
    pub(super) fn group(&mut self, at: usize) -> Option<(usize, usize, Runs<'_, 'a>)> {
        let Group { measure, n_lines, runs, by_digits, .. } = self.groups.get_mut(at)?;
        let all = self.runs.get_mut(runs.clone())?;
        Some((*measure, *n_lines, Runs { all, by_digits }))
    }

    /// What judges one of the lines.
    pub(super) fn of_line(&mut self, line: usize) -> Option<Runs<'_, 'a>> {
        let mut n_before = 0_usize;
        let at = self.groups.iter().position(|group| {
            n_before = n_before.saturating_add(group.n_lines);
            line < n_before
        });
        self.group(at?).map(|(_, _, runs)| runs)
    }
}

impl<'a> Runs<'_, 'a> {
    pub(super) fn all(&self) -> &[Run<'a>] {
        self.all
    }

    /// Makes them runs for values of a scale, and says whether all of them judge those by their digits.
    #[inline]
    pub(super) fn judge(&mut self, scale: u8, brief: Brief) -> bool {
        if self.by_digits.scale != scale {
            self.measure_by(scale, brief);
        }
        self.by_digits.all
    }

    #[cold]
    #[inline(never)]
    fn measure_by(&mut self, scale: u8, brief: Brief) {
        let mut all = true;
        for run in &mut *self.all {
            all &= run.measure_again(scale, brief);
        }
        *self.by_digits = Measuring { scale, all };
    }
}
