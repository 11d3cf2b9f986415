//! One result at a time.

use crate::folder::{Folder, event_names, list, row};
use crate::program;

const OCTOBER: &str = "ehcp-20-weeks --period 2018-10";
const HISTORY: &str = "measure ehcp-20-weeks --from 2018-10 --to 2018-10";

#[test]
fn a_result_is_previewed_recorded_and_answered() {
    let folder = Folder::kent();
    let before = folder.position();
    folder
        .act(&format!(
            "result record {OCTOBER} --numerator 759 --denominator 1747 --reason \"the October return\" --actor j.smith"
        ))
        .succeeded()
        .says("What it changes")
        .says("new result of ehcp-20-weeks, E10000016, all, October 2018: 43.4%")
        .says("Recorded at positions");
    let records = folder.records_after(before);
    assert_eq!(event_names(&records), ["submissionReceived", "resultRecorded"]);
    assert_eq!(records[1]["reason"], "the October return");
    assert_eq!(records[1]["actor"]["id"], "j.smith");
    let history = folder.ask(HISTORY);
    assert_eq!(history["rows"][0]["result"]["display"], "43.4%");
    assert_eq!(history["rows"][0]["rating"], "RATING_RED");
    folder.run(&format!("log --after {before}")).succeeded().says("ResultRecorded").says("759 of 1,747");
}

#[test]
fn a_missing_result_is_recorded_with_its_reason() {
    let folder = Folder::kent();
    folder.act(&format!("result record {OCTOBER} --missing c --reason suppressed")).succeeded();
    let history = folder.ask(HISTORY);
    assert_eq!(history["rows"][0]["result"]["entry"]["figure"]["missing"], "MISSING_CONFIDENTIAL");
    assert_eq!(history["rows"][0]["rating"], "RATING_NOT_RATED");
}

#[test]
fn the_same_result_again_records_nothing() {
    let folder = Folder::kent();
    let act = format!("result record {OCTOBER} --value 50 --reason first");
    folder.act(&act).succeeded();
    let before = folder.position();
    folder.act(&act).succeeded().says("Nothing to record");
    folder.act(&format!("result record {OCTOBER} --value 50 --reason second")).succeeded().says("Nothing to record");
    assert_eq!(folder.position(), before);
}

#[test]
fn what_was_recorded_can_be_recorded_again_after_something_else() {
    let folder = Folder::kent();
    for value in ["50", "51", "50", "51"] {
        folder
            .act(&format!("result record {OCTOBER} --value {value} --reason changed"))
            .succeeded()
            .says("Recorded at");
    }
    let revisions = list(&folder.ask(HISTORY)["revisions"]);
    let shown: Vec<_> = revisions.iter().map(|it| it["display"].as_str().expect("words")).collect();
    assert_eq!(shown, ["50.0%", "51.0%", "50.0%", "51.0%"]);
    let standing: Vec<_> = revisions.iter().map(|it| it["standing"] == true).collect();
    assert_eq!(standing, [false, false, false, true]);
}

#[test]
fn a_withdrawn_result_leaves_the_cell_empty_and_nothing_older_shows_through() {
    let folder = Folder::kent();
    folder.act("result record ehcp-20-weeks --period 2018-09 --value 60 --reason revised").succeeded();
    let position = folder.position();
    folder
        .act("result withdraw ehcp-20-weeks --period 2018-09 --reason \"counted wrongly\"")
        .succeeded()
        .says("withdrawn result of ehcp-20-weeks");
    assert_eq!(event_names(&folder.records_after(position)), ["submissionReceived", "resultWithdrawn"]);
    let now = row(&folder.ask("scorecard cype --period 2018-09"), "ehcp-20-weeks");
    assert!(now["result"].is_null(), "{now:#}");
    assert_eq!(now["rating"], "RATING_NOT_RATED");
    let before = folder.ask(&format!("scorecard cype --period 2018-09 --at-position {position}"));
    assert_eq!(row(&before, "ehcp-20-weeks")["result"]["display"], "60.0%");
    folder.run(&format!("log --after {position}")).succeeded().says("ResultWithdrawn");
    let again = folder.act("result withdraw ehcp-20-weeks --period 2018-09 --reason again");
    assert!(again.code != Some(0) || again.stdout.contains("Nothing to record"), "{}", again.whole());
}

#[test]
fn withdrawing_what_is_not_there_is_refused() {
    let folder = Folder::kent();
    let before = folder.position();
    folder.act("result withdraw ehcp-20-weeks --period 2001-01 --reason x").failed().complains("nothing was recorded");
    assert_eq!(folder.position(), before);
}

#[test]
fn a_result_without_a_reason_or_a_figure_is_refused_with_help() {
    let folder = Folder::kent();
    folder
        .act(&format!("result record {OCTOBER} --value 5"))
        .failed()
        .complains("--reason <WORDS>")
        .complains("Usage:");
    let without = folder.act(&format!("result record {OCTOBER} --reason x")).failed();
    without.complains("--value").complains("--missing");
    folder.act("result withdraw ehcp-20-weeks --period 2018-09").failed().complains("--reason <WORDS>");
}

#[test]
fn what_cannot_be_read_is_refused_with_its_field_value_and_remedy() {
    let folder = Folder::kent();
    folder
        .act("result record ehcp-20-weeks --period \"July 20188\" --value 5 --reason x")
        .failed()
        .complains("period \"July 20188\" is not a period; write it as 2018-07 or July 2018");
    folder
        .act(&format!("result record {OCTOBER} --value 4x --reason x"))
        .failed()
        .complains("value \"4x\" is not a number");
}

#[test]
fn a_figure_of_another_area_and_cohort_stands_apart() {
    let folder = Folder::kent();
    folder
        .act("result record ehcp-20-weeks --period 2018-09 --area E07000112 --value 70 --reason district --status provisional")
        .succeeded();
    let district = folder.ask("measure ehcp-20-weeks --area E07000112");
    assert_eq!(district["areaName"], "Folkestone and Hythe");
    assert_eq!(district["rows"][0]["result"]["entry"]["status"], "STATUS_PROVISIONAL");
    let kent = row(&folder.ask("scorecard cype --period 2018-09"), "ehcp-20-weeks");
    assert_eq!(kent["result"]["display"], "43.4%");
}

#[test]
fn nothing_is_recorded_unasked_when_nobody_is_there_to_ask() {
    let folder = Folder::kent();
    let before = folder.position();
    for act in [
        format!("result record {OCTOBER} --value 50 --reason x"),
        "target withdraw care-leavers-eet --from FY2018 --decision d --reason x".to_owned(),
        "measure withdraw schools-outstanding --from 2019-01-01 --reason x".to_owned(),
    ] {
        let command = folder.command_on_data(&act);
        program::run(command, b"y\n")
            .failed()
            .says("What it changes")
            .complains("there is no terminal to ask on; add --yes");
    }
    let file = folder.write("october.csv", "measure,area,period,value\nehcp-20-weeks,E10000016,2018-10,44.1\n");
    let mut command = folder.command_on_data("import");
    command.arg(file);
    program::run(command, b"y\n").failed().complains("there is no terminal to ask on; add --yes");
    assert_eq!(folder.position(), before);
}

#[test]
fn the_remedy_for_an_act_that_nobody_confirms_is_one_that_the_act_knows() {
    let folder = Folder::kent();
    let unasked = folder.run(&format!("result record {OCTOBER} --value 50 --reason x")).failed();
    let unasked = unasked.complains("--yes");
    for word in unasked.stderr.split_whitespace().filter(|word| word.starts_with("--")) {
        let flag = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        folder.run("result record --help").succeeded().says(flag);
    }
}
