//! Bad input: refused with its place, its value and what to do, and nothing of it recorded.

use std::path::Path;

use crate::folder::{Folder, event_names, list, number};
use crate::program::Finished;

const HEADER: &str = "measure,area,period,value";
const GOOD: &str = "ehcp-20-weeks,E10000016,2018-10,44.1";

/// Imports a good row and a bad one; the bad one is on line 3.
#[track_caller]
fn refuse(header: &str, good: &str, bad: &str) -> Finished {
    let folder = Folder::kent();
    let before = folder.ask("status");
    let refused = folder.import_text("figures.csv", &format!("{header}\n{good}\n{bad}\n"), "").failed();
    assert_eq!(folder.ask("status"), before, "nothing of it is recorded: {}", refused.whole());
    refused.complains("nothing was recorded: correct what is refused").says("1 refused")
}

#[test]
fn a_period_with_five_digits_is_refused_and_not_guessed() {
    refuse(HEADER, GOOD, "ehcp-20-weeks,E10000016,July 20188,44.1")
        .says("• figures.csv line 3, period: \"July 20188\" is not a period; write it as 2018-07 or July 2018");
}

#[test]
fn a_year_of_which_the_sort_is_not_said_is_refused() {
    refuse(HEADER, GOOD, "ehcp-20-weeks,E10000016,2018/19,44.1")
        .says("figures.csv line 3, period: \"2018/19\"")
        .says("FY2018");
}

#[test]
fn a_measure_that_is_not_defined_is_refused() {
    refuse(HEADER, GOOD, "no-such-measure,E10000016,2018-10,44.1")
        .says("figures.csv line 3, measure: measure no-such-measure is not defined; define it first");
}

#[test]
fn an_area_that_is_not_defined_is_refused() {
    refuse(HEADER, GOOD, "ehcp-20-weeks,E99999999,2018-10,44.1")
        .says("figures.csv line 3, area: area E99999999 is not defined");
}

#[test]
fn the_same_thing_twice_is_refused() {
    refuse(HEADER, GOOD, "ehcp-20-weeks,E10000016,October 2018,45.1")
        .says("figures.csv line 3: the same result is given twice, first on line 2; keep one of them");
}

#[test]
fn what_is_no_number_is_refused() {
    refuse(HEADER, GOOD, "ehcp-20-weeks,E10000016,2018-11,4x")
        .says("figures.csv line 3, value: \"4x\" is not a number");
    refuse(HEADER, GOOD, "ehcp-20-weeks,E10000016,2018-11,\"43,4\"").says("figures.csv line 3, value: \"43,4\"");
    refuse(HEADER, GOOD, "ehcp-20-weeks,E10000016,2018-11,tbc").says("figures.csv line 3, value: \"tbc\"");
    refuse(HEADER, GOOD, "ehcp-20-weeks,E10000016,2018-11,1e3").says("figures.csv line 3, value: \"1e3\"");
}

#[test]
fn a_denominator_of_zero_is_refused() {
    refuse(
        "measure,area,period,numerator,denominator",
        "ehcp-20-weeks,E10000016,2018-10,1,2",
        "ehcp-20-weeks,E10000016,2018-11,1,0",
    )
    .says("figures.csv line 3, denominator: \"0\"");
}

#[test]
fn a_row_with_too_many_fields_is_refused() {
    refuse(HEADER, GOOD, "ehcp-20-weeks,E10000016,2018-11,44.1,5").says("figures.csv line 3");
}

#[test]
fn a_target_without_a_decision_is_refused() {
    refuse(
        "measure,area,from,comparison,target,decision,reason",
        "ehcp-20-weeks,E10000016,FY2019,at-least,90,minute 12,agreed",
        "ehcp-20-weeks,E10000016,FY2020,at-least,90,,agreed",
    )
    .says("figures.csv line 3, decision:");
}

#[test]
fn a_revision_without_a_reason_is_refused() {
    let revision = "ehcp-20-weeks,E10000016,2018-09,45.1";
    refuse(HEADER, GOOD, revision).says("figures.csv line 3, reason:").says("needs a reason; say why (--reason");
}

#[test]
fn every_refusal_is_listed_and_the_good_rows_are_not_recorded() {
    let folder = Folder::kent();
    let before = folder.position();
    let text = format!(
        "{HEADER}\n{GOOD}\nehcp-20-weeks,E10000016,July 20188,1\nnone,E10000016,2018-10,1\nehcp-20-weeks,E10000016,2018-11,4x\n"
    );
    folder
        .import_text("figures.csv", &text, "")
        .failed()
        .says("3 refused")
        .says("line 3")
        .says("line 4")
        .says("line 5");
    assert_eq!(folder.position(), before);
}

#[test]
fn a_refusal_names_its_file_among_several() {
    let folder = Folder::kent();
    let good = folder.write("two/good.csv", format!("{HEADER}\n{GOOD}\n"));
    folder.write("two/wrong.csv", format!("{HEADER}\n\n\nehcp-20-weeks,E10000016,2018-11,4x\n"));
    let before = folder.position();
    folder.import(good.parent().expect("a folder"), "").failed().says("wrong.csv line 4, value: \"4x\"");
    assert_eq!(folder.position(), before);
}

#[test]
fn refusals_are_given_to_programs_as_json() {
    let folder = Folder::kent();
    let text = format!("{HEADER}\nehcp-20-weeks,E10000016,July 20188,1\n");
    let refused = folder.import_text("figures.csv", &text, "--format json").failed();
    let refusal = refused.json()["preview"]["refusals"][0].clone();
    assert_eq!(refusal["file"], "figures.csv");
    assert_eq!(number(&refusal["line"]), 2);
    assert_eq!(refusal["field"], "period");
    assert_eq!(refusal["value"], "July 20188");
    assert!(refusal["problem"].as_str().is_some_and(|words| words.contains("is not a period")), "{refusal}");
    assert_eq!(refusal["remedy"], "write it as 2018-07 or July 2018");
}

#[test]
fn refused_rows_are_set_aside_with_their_reasons_when_asked() {
    let folder = Folder::kent();
    let before = folder.position();
    let text = format!("{HEADER}\n{GOOD}\nehcp-20-weeks,E10000016,July 20188,1\nnone,E10000016,2018-10,1\n");
    folder.import_text("figures.csv", &text, "--dry-run --set-aside").succeeded().says("2 rows are set aside");
    assert_eq!(folder.position(), before);
    folder
        .import_text("figures.csv", &text, "--set-aside")
        .succeeded()
        .says("2 rows are set aside with their reasons.");
    let records = folder.records_after(before);
    let mut names = event_names(&records);
    names.sort();
    assert_eq!(names, ["contentStored", "resultRecorded", "rowSetAside", "rowSetAside", "submissionReceived"]);
    let aside: Vec<_> = records.iter().filter(|record| !record["rowSetAside"].is_null()).collect();
    let july = aside.iter().find(|record| record["rowSetAside"]["text"].to_string().contains("July 20188"));
    let july = july.expect("the row is kept as it was");
    assert_eq!(july["origin"]["line"], 3);
    assert_eq!(july["rowSetAside"]["field"], "period");
    let history = folder.ask("measure ehcp-20-weeks --from 2018-10");
    assert_eq!(list(&history["rows"]).len(), 1, "the good row counts");
}

#[track_caller]
fn file_refused(name: &str, bytes: &[u8]) -> Finished {
    let folder = Folder::kent();
    let before = folder.position();
    let refused = folder.import(&folder.write(name, bytes), "").failed();
    assert_eq!(folder.position(), before);
    refused
}

#[test]
fn an_empty_file_is_refused() {
    file_refused("empty.csv", b"").says("empty.csv line 1: the file is empty; begin it with a line of column names");
}

#[test]
fn a_file_that_is_not_utf_8_is_refused() {
    file_refused("latin.csv", b"measure,area,period,value\ncaf\xe9,E10000016,2018-10,1\n")
        .says("latin.csv line 2: the file is not UTF-8 here; save it as CSV UTF-8");
}

#[test]
fn a_workbook_that_is_damaged_is_refused() {
    file_refused("book.csv", b"PK\x03\x04\x14\x00").says("the workbook is damaged");
}

#[test]
fn an_unknown_column_is_refused_with_the_nearest_that_is_known() {
    file_refused("figures.csv", b"measure,area,perod,value\nehcp-20-weeks,E10000016,2018-10,1\n")
        .says("figures.csv line 1")
        .says("perod")
        .says("period");
}

#[test]
fn a_folder_without_csv_files_is_refused() {
    let folder = Folder::kent();
    let path = folder.write("none/notes.txt", "words");
    folder.import(path.parent().expect("a folder"), "").failed().complains("holds no .csv or .xlsx file");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let folder = Folder::kent();
    folder.import(Path::new("not-there.csv"), "").failed().complains("not-there.csv cannot be read");
}

#[test]
fn more_files_than_are_taken_at_once_are_refused() {
    let folder = Folder::kent();
    let before = folder.position();
    for n in 1..=17_u32 {
        folder.write(
            &format!("many/{n:02}.csv"),
            format!("{HEADER}\nehcp-20-weeks,E10000016,{}-10,1\n", n.saturating_add(2000)),
        );
    }
    let many = folder.root().join("files/many");
    folder.import(&many, "").failed().complains("17 files are given; at most 16 are taken at once");
    std::fs::remove_file(many.join("17.csv")).expect("it was written");
    folder.import(&many, "").succeeded().says("result 16 0 0 0");
    assert!(folder.position() > before);
}

#[test]
fn a_backfill_into_the_future_is_refused() {
    let folder = Folder::kent();
    let before = folder.position();
    let text = format!("{HEADER}\n{GOOD}\n");
    let refused = folder.import_text("figures.csv", &text, "--known-at 2199-01-01").failed();
    assert_eq!(folder.position(), before, "{}", refused.whole());
    folder
        .import_text("figures.csv", &text, "--known-at yesterday")
        .failed()
        .complains("\"yesterday\" is neither a day such as 2018-11-29 nor an instant such as 2018-11-29T10:00:00Z");
}

#[test]
fn of_more_refusals_than_are_listed_each_kind_is_named_and_none_is_counted_short() {
    let folder = Folder::kent();
    let row = |measure: &str, month: u32| format!("{measure},E10000016,20{:02}-{:02},1\n", month / 12, month % 12 + 1);
    let many: String = (0..1_100).map(|month| row("unheard-of", month)).collect();
    let text = format!("measure,area,period,value\n{many}{}", row("unheard-of-either", 0));
    let refused = folder.import_text("many.csv", &text, "--dry-run").failed();
    let refused = refused.says("1,101 refused").says("measure unheard-of is not defined");
    refused.says("lines or more)").says("line 1,102").says("measure unheard-of-either is not defined");
    let unread: String = (0..1_100).map(|_| "ehcp-20-weeks,E10000016,July 20188,1\n").collect();
    let text = format!("measure,area,period,value\n{unread}ehcp-20-weeks,E10000016,Juli 2018,1\n");
    let refused = folder.import_text("unread.csv", &text, "--dry-run").failed();
    refused.says("1,101 refused").says("lines or more)").says("\"July 20188\" is not").says("\"Juli 2018\" is not");
}
