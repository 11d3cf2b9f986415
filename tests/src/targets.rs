//! One target at a time: never without a decision and a reason.

use crate::folder::{Folder, event_names, list, row};

const SET: &str =
    "target set care-leavers-eet --comparison at-least --target 64 --minimum 60 --from FY2018 --to FY2018";

#[test]
fn a_target_is_set_with_its_decision_and_reason() {
    let folder = Folder::kent();
    let before = folder.position();
    folder
        .act(&format!("{SET} --decision \"minute 12 of 4 March\" --reason \"as agreed\""))
        .succeeded()
        .says("revised local target of care-leavers-eet")
        .says("65.0% or more (minimum standard 60.0%) → 64% or more (minimum standard 60%)")
        .says("Recorded at positions");
    let records = folder.records_after(before);
    assert_eq!(event_names(&records), ["submissionReceived", "targetChanged"]);
    assert_eq!(records[1]["targetChanged"]["decision"], "minute 12 of 4 March");
    assert_eq!(records[1]["reason"], "as agreed");
    let card = folder.ask("scorecard cype --period 2018-09");
    assert_eq!(row(&card, "care-leavers-eet")["rating"], "RATING_GREEN");
    assert_eq!(row(&card, "care-leavers-eet")["target"]["decision"], "minute 12 of 4 March");
    folder
        .run("target-history care-leavers-eet")
        .succeeded()
        .says("minute 12 of 4 March")
        .says("s agreed")
        .says("65.0% or more")
        .says("64% or more");
    folder.run(&format!("log --after {before}")).succeeded().says("TargetChanged");
}

#[test]
fn a_target_without_a_decision_or_a_reason_is_refused_with_help() {
    let folder = Folder::kent();
    let before = folder.position();
    folder
        .act(&format!("{SET} --reason x"))
        .failed()
        .complains("--decision <WORDS>")
        .complains("Usage: scorebook target set");
    folder.act(&format!("{SET} --decision x")).failed().complains("--reason <WORDS>").complains("try '--help'");
    let withdraw = "target withdraw care-leavers-eet --from FY2018";
    folder.act(&format!("{withdraw} --reason x")).failed().complains("--decision <WORDS>");
    folder.act(&format!("{withdraw} --decision x")).failed().complains("--reason <WORDS>");
    assert_eq!(folder.position(), before);
}

#[test]
fn an_empty_decision_or_reason_is_refused() {
    let folder = Folder::kent();
    let before = folder.position();
    folder.act(&format!("{SET} --decision \"\" --reason x")).failed().complains("decision");
    folder.act(&format!("{SET} --decision x --reason \"\"")).failed();
    assert_eq!(folder.position(), before);
}

#[test]
fn a_withdrawn_target_rates_nothing_and_nothing_older_shows_through() {
    let folder = Folder::kent();
    let before = folder.position();
    folder
        .act("target withdraw care-leavers-eet --from FY2018 --to FY2018 --decision \"minute 13\" --reason dropped")
        .succeeded()
        .says("withdrawn local target of care-leavers-eet");
    assert_eq!(event_names(&folder.records_after(before)), ["submissionReceived", "targetWithdrawn"]);
    let now = row(&folder.ask("scorecard cype --period 2018-09"), "care-leavers-eet");
    assert_eq!(now["rating"], "RATING_NOT_RATED");
    assert!(now["notRatedReason"].as_str().is_some_and(|why| why.contains("no target")), "{now:#}");
    let then = folder.ask(&format!("scorecard cype --period 2018-09 --at-position {before}"));
    assert_eq!(row(&then, "care-leavers-eet")["rating"], "RATING_AMBER");
    let changes = list(&folder.ask("target-history care-leavers-eet")["changes"]);
    assert_eq!(changes.len(), 2, "what it was stays in the history");
    folder.run(&format!("log --after {before}")).succeeded().says("TargetWithdrawn").says("minute 13");
}

#[test]
fn a_missed_target_without_a_minimum_standard_is_not_rated() {
    let folder = Folder::kent();
    folder
        .act("target set care-leavers-eet --comparison at-least --target 65 --from FY2018 --to FY2018 --decision d --reason r")
        .succeeded();
    let now = row(&folder.ask("scorecard cype --period 2018-09"), "care-leavers-eet");
    assert_eq!(now["rating"], "RATING_NOT_RATED");
    assert!(now["notRatedReason"].as_str().is_some_and(|why| why.contains("minimum standard")), "{now:#}");
}

#[test]
fn equality_is_green_unless_the_target_is_strict() {
    let folder = Folder::kent();
    let rated = |comparison: &str, target: &str, minimum: &str| {
        let act = format!(
            "target set care-leavers-eet --comparison {comparison} --target {target} --minimum {minimum} --from FY2018 \
             --to FY2018 --decision d --reason r"
        );
        folder.act(&act).succeeded();
        let card = folder.ask("scorecard cype --period 2018-09");
        row(&card, "care-leavers-eet")["rating"].as_str().expect("a word").to_owned()
    };
    assert_eq!(rated("at-least", "64.7", "60"), "RATING_GREEN");
    assert_eq!(rated("more-than", "64.7", "60"), "RATING_AMBER");
    assert_eq!(rated("at-least", "64.70001", "64.7"), "RATING_AMBER");
    assert_eq!(rated("at-least", "70", "64.70001"), "RATING_RED");
}

#[test]
fn a_target_for_a_range_without_its_upper_end_is_refused() {
    let folder = Folder::kent();
    folder
        .act("target set repeat-child-protection-plans --comparison within --target 17 --from FY2018 --decision d --reason r")
        .failed()
        .complains("target_high");
}

#[test]
fn a_target_for_an_unknown_measure_is_refused_with_a_remedy() {
    let folder = Folder::kent();
    folder
        .act("target set no-such --comparison at-least --target 64 --from FY2018 --decision d --reason r")
        .failed()
        .says("measure no-such is not defined; define it first")
        .complains("nothing was recorded");
}
