//! The same question as of other times: what was known, with how much of the log.

use serde_json::Value;

use crate::folder::{Folder, MEETING, list, number, row};

const CARD: &str = "scorecard cype --period 2018-09";

/// Everything that an answer says, but how long the log has become.
fn without_basis(mut card: Value) -> Value {
    card.as_object_mut().expect("a scorecard").remove("basis");
    card
}

fn later_records(folder: &Folder) {
    folder.import(&Folder::example("kent-2018/final-key-stage-2"), "--known-at 2024-11-19").succeeded();
    folder.import(&Folder::example("kent-2018/target-change"), "").succeeded();
}

#[test]
fn a_revision_and_a_new_target_show_now_and_not_then() {
    let folder = Folder::kent();
    later_records(&folder);
    let then = folder.ask(&format!("{CARD} --known-at {MEETING}"));
    assert_eq!(row(&then, "ks2-expected-rwm")["result"]["display"], "66%");
    assert_eq!(row(&then, "care-leavers-eet")["rating"], "RATING_AMBER");
    let now = folder.ask(CARD);
    assert_eq!(row(&now, "ks2-expected-rwm")["result"]["display"], "67%");
    assert_eq!(row(&now, "care-leavers-eet")["rating"], "RATING_GREEN");
    let between = folder.ask(&format!("{CARD} --known-at 2024-11-20"));
    assert_eq!(row(&between, "ks2-expected-rwm")["result"]["display"], "67%");
    assert_eq!(row(&between, "care-leavers-eet")["rating"], "RATING_AMBER");
}

#[test]
fn a_date_means_the_end_of_that_day_where_the_authority_is() {
    let folder = Folder::kent();
    folder.import(&Folder::example("kent-2018/final-key-stage-2"), "--known-at 2019-06-30T23:30:00Z").succeeded();
    let shown = |when: &str| {
        let card = folder.ask(&format!("{CARD} --known-at {when}"));
        row(&card, "ks2-expected-rwm")["result"]["display"].as_str().expect("words").to_owned()
    };
    assert_eq!(shown("2019-06-30"), "66%", "in summer the day ends at 23:00 UTC");
    assert_eq!(shown("2019-07-01"), "67%");
    assert_eq!(shown("2019-06-30T23:29:59.999999Z"), "66%");
    assert_eq!(shown("2019-06-30T23:30:00Z"), "67%", "as known at an instant includes it");
    assert_eq!(shown("2019-07-01T00:30:00+01:00"), "67%", "the same instant said in another zone");
}

#[test]
fn an_answer_at_a_fixed_time_and_position_never_changes() {
    let folder = Folder::kent();
    let position = folder.position();
    let fixed = format!("{CARD} --known-at {MEETING} --at-position {position}");
    let all_formats =
        || ["json", "csv", "text"].map(|format| folder.run(&format!("{fixed} --format {format}")).succeeded().stdout);
    let before = all_formats();
    later_records(&folder);
    folder.act("result withdraw ehcp-20-weeks --period 2018-09 --reason wrong").succeeded();
    folder
        .import_text(
            "late.csv",
            "measure,area,period,value\nyouth-reoffending,E10000016,2018-09,50\n",
            "--known-at 2018-11-29 --reason late",
        )
        .succeeded();
    folder.act("measure withdraw schools-outstanding --from 2018-01-01 --reason ended").succeeded();
    let received = folder.ask("submission list")["submissions"][1]["submissionId"].clone();
    let roll_back = format!("submission roll-back {} --reason wrong", received.as_str().expect("an identifier"));
    let _may_be_refused = folder.act(&roll_back);
    assert_eq!(all_formats(), before, "byte for byte");
}

#[test]
fn a_later_backfill_changes_the_answer_as_known_then_but_not_at_its_position() {
    let folder = Folder::kent();
    let position = folder.position();
    let as_known = format!("{CARD} --known-at {MEETING}");
    let fixed = format!("{as_known} --at-position {position}");
    let (given, pinned) = (folder.ask(&as_known), folder.ask(&fixed));
    assert_eq!(without_basis(given.clone()), without_basis(pinned.clone()));
    let late = "measure,area,period,value\nehcp-20-weeks,E10000016,2018-09,96\n";
    folder
        .import_text("late.csv", late, &format!("--known-at {MEETING} --cause correction-of-error --reason late"))
        .succeeded();
    let changed = folder.ask(&as_known);
    assert_eq!(row(&changed, "ehcp-20-weeks")["rating"], "RATING_GREEN");
    assert_ne!(without_basis(changed), without_basis(given));
    assert_eq!(folder.ask(&fixed), pinned);
}

#[test]
fn a_backfill_is_marked_and_an_answer_says_that_it_rests_on_some() {
    let folder = Folder::kent();
    let before = folder.position();
    let row = "measure,area,period,value\nehcp-20-weeks,E10000016,2018-08,40\n";
    folder.import_text("late.csv", row, "--known-at 2018-12-01").succeeded();
    let records = folder.records_after(before);
    let result = records.iter().find(|record| !record["resultRecorded"].is_null()).expect("a result");
    assert_eq!(result["backfill"], true);
    assert_eq!(result["knownAt"], "2018-12-01T23:59:59.999999Z");
    assert_ne!(result["recordedAt"], result["knownAt"]);
    let card = folder.ask(&format!("{CARD} --known-at {MEETING}"));
    assert_eq!(number(&card["basis"]["nBackfilled"]), 114);
    assert_eq!(card["basis"]["knownAt"], "2018-11-29T23:59:59.999999Z");
}

#[test]
fn what_scorebook_held_by_an_instant_has_no_backfill_that_was_recorded_later() {
    let folder = Folder::kent();
    let position = folder.position();
    let held = folder.ask("log --limit 1")["envelopes"][0]["recordedAt"].clone();
    let last = folder.records_after(position.saturating_sub(1))[0]["recordedAt"].clone();
    let (held, last) = (held.as_str().expect("an instant"), last.as_str().expect("an instant"));
    let asked = format!("{CARD} --known-at {MEETING}");
    let before = folder.ask(&asked);
    let late = "measure,area,period,value\nehcp-20-weeks,E10000016,2018-09,96\n";
    folder
        .import_text("late.csv", late, &format!("--known-at {MEETING} --cause correction-of-error --reason late"))
        .succeeded();
    let shown = |when: &str| row(&folder.ask(&format!("{asked}{when}")), "ehcp-20-weeks")["rating"].clone();
    assert_eq!(shown(""), "RATING_GREEN", "as known then, it shows");
    assert_eq!(folder.ask(&format!("{asked} --recorded-by {last}")), before, "and Scorebook did not hold it");
    let all = folder.ask(&format!("{CARD} --recorded-by 2100-01-01"));
    assert_eq!(number(&all["basis"]["position"]), folder.position(), "the answer says up to which position it goes");
    let lowest = folder.ask(&format!("{CARD} --recorded-by 2100-01-01 --at-position {position}"));
    assert_eq!(number(&lowest["basis"]["position"]), position);
    folder.run(&format!("{CARD} --recorded-by {held}")).failed().complains("scorecard cype is not defined as of then");
    folder
        .run(&format!("measure ehcp-20-weeks --recorded-by {last}"))
        .succeeded()
        .says(&format!("position {position}"))
        .says_not("96%");
    folder.run("target-history ehcp-20-weeks --recorded-by soon").failed().complains("neither a day such as");
}

#[test]
fn a_position_inside_a_commit_is_lowered_and_the_answer_says_so() {
    let folder = Folder::kent();
    let whole = folder.position();
    later_records(&folder);
    let at = |position: u64| folder.ask(&format!("{CARD} --at-position {position}"));
    let at_end = at(whole);
    assert_eq!(number(&at_end["basis"]["position"]), whole);
    let inside = at(whole.saturating_add(3));
    assert_eq!(number(&inside["basis"]["position"]), whole, "the whole of the next commit or nothing of it");
    assert_eq!(inside, at_end);
    folder
        .run(&format!("{CARD} --at-position {}", whole.saturating_add(3)))
        .succeeded()
        .says(&format!("position {whole} "));
}

#[test]
fn a_position_after_the_head_is_refused() {
    let folder = Folder::kent();
    let head = folder.position();
    let beyond = head.saturating_add(1);
    folder.run(&format!("{CARD} --at-position {head}")).succeeded();
    let refused = folder.run(&format!("{CARD} --at-position {beyond}")).failed();
    refused.complains(&beyond.to_string()).complains(&head.to_string());
}

#[test]
fn before_anything_was_known_there_is_no_scorecard() {
    let folder = Folder::kent();
    folder.run(&format!("{CARD} --known-at 2018-11-28")).failed().complains("cype");
    folder.run(&format!("{CARD} --at-position 3")).failed().complains("cype");
}

#[test]
fn the_direction_of_travel_uses_the_earlier_period_as_it_stands_then() {
    let folder = Folder::kent();
    let earlier = "measure,area,period,value\nehcp-20-weeks,E10000016,2018-08,50\n";
    folder.import_text("august.csv", earlier, "--known-at 2018-12-15").succeeded();
    let direction = |when: &str| row(&folder.ask(&format!("{CARD} {when}")), "ehcp-20-weeks")["direction"].clone();
    assert_eq!(direction("--known-at 2018-11-29")["direction"], "DIRECTION_NONE_NO_PREVIOUS");
    let now = direction("");
    assert_eq!(now["direction"], "DIRECTION_WORSENED");
    assert_eq!(now["previous"]["period"]["period"], "2018-08");
    assert_eq!(now["method"], "previous-reported.1");
}

#[test]
fn histories_and_lists_are_as_of_too() {
    let folder = Folder::kent();
    later_records(&folder);
    let history = |when: &str| folder.ask(&format!("target-history care-leavers-eet {when}"));
    assert_eq!(list(&history("")["changes"]).len(), 2);
    assert_eq!(list(&history("--known-at 2018-11-29")["changes"]).len(), 1);
    let now = history("");
    assert!(list(&now["changes"]).iter().any(|it| it["decision"] == "illustrative: no such decision was taken"));
    let revisions = |when: &str| list(&folder.ask(&format!("measure ks2-expected-rwm {when}"))["revisions"]).len();
    assert_eq!((revisions("--known-at 2018-11-29"), revisions("")), (1, 2));
    let measures = |when: &str| list(&folder.ask(&format!("measure list {when}"))["measures"]).len();
    assert_eq!((measures("--known-at 2018-11-28"), measures("--known-at 2018-11-29")), (0, 30));
    let areas = |when: &str| list(&folder.ask(&format!("areas {when}"))["areas"]).len();
    assert_eq!((areas("--at-position 3"), areas("")), (0, 17));
    let explained = |when: &str| folder.ask(&format!("measure explain care-leavers-eet --period 2018-09 {when}"));
    assert_eq!(explained("--known-at 2018-11-29")["row"]["rating"], "RATING_AMBER");
    assert_eq!(explained("")["row"]["rating"], "RATING_GREEN");
}
