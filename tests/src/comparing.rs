//! What differs between two scorecards, and by what causes, as the program says it.

use serde_json::Value;

use crate::folder::{Folder, MEETING, list, number};
use crate::program;

/// A scheduled revision that is said to have been known in 2024, and a new target, both after the meeting.
fn later_records(folder: &Folder) {
    folder.import(&Folder::example("kent-2018/final-key-stage-2"), "--known-at 2024-11-19").succeeded();
    folder.import(&Folder::example("kent-2018/target-change"), "").succeeded();
}

fn sentences(comparison: &Value) -> Vec<String> {
    list(&comparison["differences"]).iter().map(|it| it["sentence"].as_str().unwrap_or_default().to_owned()).collect()
}

fn of_kind(comparison: &Value, kind: &str) -> Vec<Value> {
    let all = list(&comparison["differences"]).into_iter();
    all.filter(|it| it["kind"] == format!("DIFFERENCE_KIND_{kind}")).collect()
}

#[test]
fn a_comparison_says_what_changed_between_two_times_and_why() {
    let folder = Folder::kent();
    let before = folder.position();
    later_records(&folder);
    folder
        .run(&format!("compare cype {MEETING} now --period 2018-09"))
        .succeeded()
        .says("went from Amber to Green because the target changed, 1 percentage point better against the target.")
        .says("was lowered from 65.0% to 64.0%, decided ")
        .says("after the September 2018 result was known.")
        .says("changed from 66% to 67%. Scheduled revision, recorded on ")
        .says(", said to be known on 19 November 2024.");
    let by_position = folder.ask(&format!("compare cype @{before} now --period 2018-09"));
    let by_time = folder.ask(&format!("compare cype {MEETING} --period 2018-09"));
    assert_eq!(sentences(&by_position).len(), 9);
    assert_eq!(sentences(&by_position), sentences(&by_time));
    assert_eq!(number(&by_time["nDifferences"]), 9);
    let nothing = folder.ask("compare cype now now --period 2018-09");
    assert!(sentences(&nothing).is_empty(), "{nothing:#}");
}

#[test]
fn causes_are_data_and_the_other_way_round_they_are_the_same() {
    let folder = Folder::kent();
    later_records(&folder);
    let there = folder.ask(&format!("compare cype {MEETING} now --period 2018-09"));
    let back = folder.ask(&format!("compare cype now {MEETING} --period 2018-09"));
    let (there, back) = (of_kind(&there, "RATING"), of_kind(&back, "RATING"));
    let ([there], [back]) = (there.as_slice(), back.as_slice()) else {
        panic!("one rating changed: {there:#?} {back:#?}")
    };
    assert_eq!((&there["before"], &there["after"]), (&back["after"], &back["before"]));
    let (cause, same) = (&there["causes"][0], &back["causes"][0]);
    assert_eq!((&cause["kind"], &cause["alone"]), (&"CAUSE_KIND_TARGET".into(), &"Green".into()));
    assert_eq!((&same["kind"], &same["alone"]), (&"CAUSE_KIND_TARGET".into(), &"Amber".into()));
    assert_eq!(number(&cause["moved"]["coefficient"]), 1);
}

#[test]
fn a_comparison_in_csv_has_a_row_a_difference_and_its_causes_in_columns() {
    let folder = Folder::kent();
    later_records(&folder);
    let rows = folder.run(&format!("compare cype {MEETING} --period 2018-09 --format csv")).succeeded().csv();
    assert_eq!(rows.len(), 9);
    let rating = rows.iter().find(|row| row["what"] == "rating").expect("a rating changed");
    assert_eq!((rating["causes"].as_str(), rating["causes_alone"].as_str()), ("target", "Green"));
    assert_eq!((rating["causes_moved"].as_str(), rating["causes_without"].as_str()), ("1", "Amber"));
    assert_eq!((rating["before_period"].as_str(), rating["after_scorecard"].as_str()), ("2018-09", "cype"));
}

#[test]
fn two_periods_of_a_scorecard_are_compared() {
    let folder = Folder::kent();
    let october = "measure,area,period,value\nehcp-20-weeks,E10000016,2018-10,70\n";
    folder.import_text("october.csv", october, "--known-at 2018-12-15").succeeded();
    let shown = folder.run("compare cype now now --period 2018-09 --after-period 2018-10").succeeded();
    let text = program::unwrapped(&shown.stdout);
    assert!(text.contains("shows 70.0% for October 2018; for September 2018 it was 43.4%."), "{text}");
    assert!(text.contains("What differs between two scorecards"), "{text}");
}

#[test]
fn what_was_held_at_two_dates_is_compared() {
    let folder = Folder::kent();
    folder.import(&Folder::example("kent-2018/final-key-stage-2"), "--known-at 2018-11-01").succeeded();
    // Of what is said to be known before the meeting, Scorebook held nothing in 2017.
    folder.run("compare cype recorded:2017-01-01 now --period 2018-09").failed().complains("cype");
    let nothing = folder.ask("compare cype recorded:2099-01-01 now --period 2018-09");
    assert!(sentences(&nothing).is_empty(), "{nothing:#}");
    folder.run("compare cype recorded:soon now --period 2018-09").failed().complains("neither a day");
}

#[test]
fn what_is_no_comparison_is_refused_with_what_to_write() {
    let folder = Folder::kent();
    folder.run("compare now").failed().complains("compare two views, a view and a time, or, with --period");
    folder.run("compare cype 2018-11-29 now").failed().complains("compare two views");
    folder
        .run("compare no-such-view")
        .failed()
        .complains("view no-such-view is not published; `scorebook view list` prints the codes")
        .complains("or @120 for a position");
    folder.run("compare cype nonsense --period 2018-09").failed().complains("neither a day");
    folder.run("compare cype --period 2018-09").failed().complains("--period 2018-09");
}

const VIEW: &str = "cype-2018-09-2018-11-29";

#[test]
fn a_view_is_compared_with_now_either_way_round() {
    let folder = crate::views::kent();
    let meeting = format!("--meeting \"Children's, Young People and Education Cabinet Committee, {MEETING}\"");
    let publish = format!("view publish --scorecard cype --period 2018-09 {meeting} --over-warnings agreed");
    folder.act(&publish).succeeded();
    let nothing = folder.ask(&format!("compare {VIEW} now"));
    assert_eq!((sentences(&nothing).len(), &nothing["before"]["view"]), (0, &VIEW.into()), "{nothing:#}");
    later_records(&folder);
    folder
        .run(&format!("compare {VIEW} now"))
        .succeeded()
        .says(&format!("The view {VIEW}"))
        .says("went from Amber to Green because the target changed, 1 percentage point better against the target.");
    let by_view = folder.ask(&format!("compare {VIEW}"));
    let back = folder.ask(&format!("compare now {VIEW}"));
    assert_eq!(sentences(&by_view).len(), sentences(&back).len());
    assert_eq!((&back["after"]["view"], &back["after"]["period"]), (&VIEW.into(), &"2018-09".into()));
    let elsewhere = folder.ask(&format!("compare {VIEW} now --after-period 2018-08"));
    assert_eq!(elsewhere["after"]["period"], "2018-08");
}
