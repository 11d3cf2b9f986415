//! Sides of another period, area or cohort: each shows its own, and nothing is said to have changed.

use domain::event::TargetChanged;
use domain::{Command, Instruction, Owner, Span};

use super::rig::{NOW, Rig, area, cell_of, entry, give, key, period, question, record, record_entry, terms};
use crate::comparison::{Side, compare};
use crate::scorecard::Question;

fn sentences(rig: &Rig, before: Question, after: Question) -> Vec<String> {
    let side = |question| Side { view: None, question, as_of: NOW };
    let told = compare(&rig.book, &side(before), &side(after)).unwrap();
    told.differences.into_iter().map(|it| it.sentence).collect()
}

/// A target for a financial year, decided by a minute.
fn year_target(first: &str, value: i64, decision: &str) -> Instruction {
    let year = period(first);
    let (span, decision) = (Span::of_periods(year, Some(year)).unwrap(), decision.to_owned());
    let change = TargetChanged { key: key("one", "K", Owner::Local), span, terms: terms(value, Some(50)), decision };
    give(Command::ChangeTarget(change))
}

#[test]
fn a_result_of_one_period_alone_has_not_gone() {
    let mut rig = Rig::new();
    rig.on("2018-10-01").put_in(vec![record("one", "2018-09", "20")]);
    let there = sentences(&rig, question("2018-09"), question("2018-10"));
    assert!(
        there.contains(&"The one shows no result for October 2018; for September 2018 it was 20.0%.".to_owned()),
        "{there:#?}"
    );
    let back = sentences(&rig, question("2018-10"), question("2018-09"));
    let told = "The one shows 20.0% for September 2018; for October 2018 it showed no result. Known on 1 October 2018. \
                Reason: because.";
    assert!(back.contains(&told.to_owned()), "{back:#?}");
}

#[test]
fn targets_of_two_years_are_each_their_own() {
    let mut rig = Rig::new();
    rig.on("2018-03-01").put_in(vec![year_target("FY2018", 70, "Minute 1"), year_target("FY2019", 90, "Minute 2")]);
    rig.on("2019-10-01").put_in(vec![record("one", "2018-09", "80"), record("one", "2019-09", "80")]);
    let told = sentences(&rig, question("2018-09"), question("2019-09"));
    let target = "The target for The one for financial year 2019/20 is 90% or more (Minute 2); for financial year 2018/19 it \
                  was 70% or more (Minute 1).";
    assert!(told.contains(&target.to_owned()), "{told:#?}");
    assert!(!told.iter().any(|it| it.contains("raised") || it.contains("changed")), "{told:#?}");
    // A record of the same target changes it, whichever period is looked at.
    rig.on("2019-11-01").put_in(vec![year_target("FY2019", 85, "Minute 3")]);
    let before = crate::tests::rig::as_known("2019-10-15");
    let changed = rig.compare("2019-09", before, NOW).differences;
    assert!(changed[0].sentence.starts_with("The target for The one was lowered from 90% to 85%"), "{changed:#?}");
}

#[test]
fn figures_and_targets_of_two_areas_are_each_their_own() {
    let mut rig = Rig::new();
    rig.on("2018-02-01")
        .put_in(vec![record("one", "2018-01", "72"), record_entry(cell_of("one", "D", "2018-01"), entry("55"))]);
    let of = |code| Question { area: area(code), ..question("2018-01") };
    let told = sentences(&rig, of("K"), of("D"));
    assert_eq!(
        told,
        ["The one shows 55.0% for Area D; for Area K it is 72.0%. Known on 1 February 2018. Reason: because."]
    );
}
