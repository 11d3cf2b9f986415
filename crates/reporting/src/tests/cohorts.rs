//! One measure for several cohorts, side by side.

use domain::measure::{Definition, Frequency};
use domain::scorecard::LayoutRow;
use domain::{Cell, CohortId, Series};
use ratings::Verdict;

use super::rig::{NOW, Rig, cell, define, definition, entry, lay_out, question, record, record_entry, row};
use crate::cohorts::CohortImpact;
use crate::scorecard::scorecard;

fn some() -> CohortId {
    CohortId::new("some").unwrap()
}

fn of_some(period: &str) -> Cell {
    let cell = cell("one", period);
    Cell { series: Series { cohort: some(), ..cell.series }, ..cell }
}

/// The row of `some` stands before that of everybody.
fn rig() -> Rig {
    let mut rig = Rig::new();
    let apart = LayoutRow { cohort: some(), rated: false, ..row("one") };
    rig.on("2018-02-01").put_in(vec![lay_out(vec![apart, row("one"), row("two")])]);
    rig
}

fn impacts(rig: &Rig) -> Vec<CohortImpact> {
    scorecard(&rig.book, &question("2018-01"), NOW).unwrap().cohort_impacts
}

fn sentences(rig: &Rig) -> Vec<String> {
    impacts(rig).into_iter().flat_map(|impact| impact.figures).map(|figure| figure.sentence).collect()
}

#[test]
fn a_cohort_is_held_against_everybody_unrounded() {
    let mut rig = rig();
    rig.put_in(vec![record("one", "2018-01", "1/3"), record_entry(of_some("2018-01"), entry("2/3"))]);
    let found = impacts(&rig);
    let [impact] = found.as_slice() else { panic!("one measure has several cohorts: {found:?}") };
    let places: Vec<(usize, usize)> = impact.figures.iter().map(|figure| figure.row).collect();
    assert_eq!(places, [(0, 1), (0, 0)], "everybody comes first");
    let verdicts: Vec<Option<Verdict>> = impact.figures.iter().map(|figure| figure.verdict).collect();
    assert_eq!(verdicts, [None, Some(Verdict::Better)]);
    let better = "Cohort some 66.7%, better than Cohort all by 33.3 percentage points.";
    assert_eq!(sentences(&rig), ["Cohort all 33.3%.", better]);
}

#[test]
fn equal_figures_are_level() {
    let mut rig = rig();
    rig.put_in(vec![record("one", "2018-01", "1/2"), record_entry(of_some("2018-01"), entry("50"))]);
    assert_eq!(sentences(&rig), ["Cohort all 50.0%.", "Cohort some 50.0%, level with Cohort all."]);
}

#[test]
fn figures_of_other_periods_and_none_are_not_compared() {
    let mut rig = rig();
    rig.put_in(vec![record("one", "2018-01", "50")]);
    assert_eq!(sentences(&rig), ["Cohort all 50.0%.", "Cohort some no result."]);
    // A yearly measure shows the latest year that had ended, whichever that is for each cohort.
    let yearly = Definition { frequency: Frequency::Annual, ..definition("one") };
    rig.put_in(vec![define(yearly), record("one", "FY2016", "50"), record_entry(of_some("FY2015"), entry("60"))]);
    let another = "Cohort some 60.0% for 2015/16, which is another period.";
    assert_eq!(sentences(&rig), ["Cohort all 50.0%.", another]);
}

#[test]
fn a_scorecard_without_several_cohorts_has_none() {
    assert_eq!(impacts(&Rig::new()), []);
}
