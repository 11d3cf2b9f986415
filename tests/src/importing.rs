//! Putting files in: what would change, what did, and the same again.

use crate::folder::{Folder, MEETING, event_names, list, number, row};

const ONE_RESULT: &str = "measure,area,period,value\nehcp-20-weeks,E10000016,2018-10,44.1\n";

#[test]
fn a_dry_run_shows_what_would_change_and_records_nothing() {
    let folder = Folder::begun();
    let before = folder.position();
    let kent = Folder::example("kent-2018/as-reported");
    folder
        .import(&kent, &format!("--dry-run --known-at {MEETING}"))
        .succeeded()
        .says("result 32 0 0 0")
        .says("measure 30 0 0 0")
        .says("target 21 0 0 0")
        .says("The first 20 of 126 changes")
        .says("Nothing was recorded (--dry-run).");
    assert_eq!(folder.position(), before);
    folder.run("scorecard cype --period 2018-09").failed().complains("cype");
}

#[test]
fn a_folder_is_taken_whole_and_answers_at_once() {
    let folder = Folder::begun();
    let before = folder.position();
    let kent = Folder::example("kent-2018/as-reported");
    folder
        .import(&kent, &format!("--known-at {MEETING}"))
        .succeeded()
        .says(&format!("Recorded at positions {} to", before.saturating_add(1)));
    let records = folder.records_after(before);
    assert_eq!(records.first().map(crate::folder::event_name).as_deref(), Some("submissionReceived"));
    let last: Vec<bool> = records.iter().map(|record| record["lastOfCommit"] == true).collect();
    assert_eq!(last.iter().filter(|last| **last).count(), 1, "one commit");
    assert_eq!(last.last(), Some(&true));
    let recorded_at: std::collections::BTreeSet<String> =
        records.iter().map(|record| record["recordedAt"].to_string()).collect();
    assert_eq!(recorded_at.len(), 1, "a commit has one recorded_at");
    let counts = folder.ask("scorecard cype --period 2018-09")["counts"].clone();
    let of = |name: &str| number(&counts[name]);
    assert_eq!((of("green"), of("amber"), of("red"), of("nNotRated"), of("total")), (8, 8, 4, 11, 31));
}

#[test]
fn importing_the_same_folder_twice_changes_nothing() {
    let folder = Folder::kent();
    let before = folder.ask("status");
    let kent = Folder::example("kent-2018/as-reported");
    for flags in [&format!("--known-at {MEETING}"), "", "--reason again"] {
        folder
            .import(&kent, flags)
            .succeeded()
            .says("result 0 0 0 32")
            .says("Nothing to record: everything stands already.");
    }
    assert_eq!(folder.ask("status"), before);
}

#[test]
fn a_revision_shows_what_stood_and_what_will_stand() {
    let folder = Folder::kent();
    folder.import_text("october.csv", ONE_RESULT, "").succeeded().says("new result of ehcp-20-weeks");
    folder
        .import_text(
            "october.csv",
            &ONE_RESULT.replace("44.1", "45.2"),
            "--cause correction-of-error --reason recounted",
        )
        .succeeded()
        .says("result 0 1 0 0")
        .says("44.1% → 45.2%");
    let history = folder.ask("measure ehcp-20-weeks --from 2018-10 --to 2018-10");
    let shown: Vec<String> =
        list(&history["revisions"]).iter().map(|r| r["display"].as_str().expect("words").to_owned()).collect();
    assert_eq!(shown, ["44.1%", "45.2%"]);
    assert_eq!(history["revisions"][1]["provenance"]["cause"], "CAUSE_CORRECTION_OF_ERROR");
}

#[test]
fn the_scorecard_is_given_as_text_json_and_csv_alike() {
    let folder = Folder::kent();
    folder
        .run("scorecard cype --period 2018-09")
        .succeeded()
        .says(
            "Education, Health and Care Plans issued within the statutory 20 weeks ■ Red 43.4% 95% or more † 75% or more",
        )
        .says("759 of 1,747");
    let card = folder.ask("scorecard cype --period 2018-09");
    let plans = row(&card, "ehcp-20-weeks");
    assert_eq!(plans["rating"], "RATING_RED");
    assert_eq!(plans["result"]["entry"]["figure"]["counted"]["numerator"]["coefficient"], "759");
    assert_eq!(plans["result"]["entry"]["figure"]["counted"]["denominator"]["coefficient"], "1747");
    let rows = folder.run("scorecard cype --period 2018-09 --format csv").succeeded().csv();
    assert_eq!(rows.len(), 31);
    let plans = rows.iter().find(|row| row["measure"] == "ehcp-20-weeks").expect("it is on the scorecard");
    assert_eq!((plans["numerator"].as_str(), plans["denominator"].as_str()), ("759", "1747"));
    assert_eq!((plans["rating"].as_str(), plans["result_display"].as_str()), ("Red", "43.4%"));
    let rated = |colour: &str| rows.iter().filter(|row| row["rating"] == colour).count();
    assert_eq!((rated("Green"), rated("Amber"), rated("Red"), rated("not rated")), (8, 8, 4, 11));
}

#[test]
fn divisions_are_exact_and_judged_unrounded() {
    let folder = Folder::kent();
    let card = folder.ask("scorecard cype --period 2018-09");
    let display = |measure: &str| row(&card, measure)["result"]["display"].as_str().expect("words").to_owned();
    assert!(display("ehcp-20-weeks").starts_with("43.4%"), "{}", display("ehcp-20-weeks"));
    assert!(display("ehcp-20-weeks-month").starts_with("52.1%"), "{}", display("ehcp-20-weeks-month"));
    assert!(display("youth-reoffending").starts_with("33.3"), "{}", display("youth-reoffending"));
    assert_eq!(row(&card, "permanent-qualified-social-workers")["rating"], "RATING_AMBER", "84.9 against 85.0");
    let counted = "measure,area,period,numerator,denominator\nehcp-20-weeks,E10000016,2018-11,9499,10000\n";
    folder.import_text("near.csv", counted, "").succeeded();
    let history = folder.ask("measure ehcp-20-weeks --from 2018-11 --to 2018-11");
    assert!(history["rows"][0]["result"]["display"].as_str().is_some_and(|shown| shown.starts_with("95.0%")));
    assert_eq!(history["rows"][0]["rating"], "RATING_AMBER", "94.99 is shown as 95.0 and is less than 95");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_fine() {
    let folder = Folder::kent();
    let text = format!("\u{feff}{}", ONE_RESULT.replace('\n', "\r\n"));
    folder.import_text("windows.csv", &text, "").succeeded().says("result 1 0 0 0");
    let history = folder.ask("measure ehcp-20-weeks --from 2018-10 --to 2018-10");
    assert_eq!(history["rows"][0]["result"]["entry"]["figure"]["stated"]["value"]["coefficient"], "441");
}

#[test]
fn files_may_come_in_any_order_and_columns_too() {
    let folder = Folder::begun();
    let root = folder.write("parts/z-areas.csv", "LEVEL,Name,area\nauthority,Kent,E10000016\n");
    folder.write("parts/a-results.csv", "period,value,area,measure\nSep-18,12,E10000016,calls\n");
    folder.write(
        "parts/b-measures.csv",
        "title,measure,kind,unit,decimal places,polarity,frequency,basis,definition\n\
         Calls,calls,indicator,calls,0,higher,monthly,snapshot,\"Calls, counted\"\n",
    );
    folder.write("parts/c-cohorts.csv", "cohort,name\nall,Everybody counted\n");
    folder.write("parts/notes.txt", "not for Scorebook");
    folder.import(root.parent().expect("a folder"), "").succeeded();
    let history = folder.ask("measure calls");
    assert_eq!(history["rows"][0]["cell"]["period"], "2018-09");
    assert_eq!(history["rows"][0]["result"]["display"], "12 calls");
}

#[test]
fn what_is_put_in_keeps_where_it_came_from() {
    let folder = Folder::kent();
    let before = folder.position();
    folder.import_text("october.csv", ONE_RESULT, "--reason \"the October return\" --actor j.smith").succeeded();
    let records = folder.records_after(before);
    assert_eq!(event_names(&records), ["submissionReceived", "contentStored", "resultRecorded"]);
    let source = &records[0]["submissionReceived"]["sources"][0];
    assert_eq!(source["name"], "october.csv");
    assert_eq!(source["stored"], true);
    let result = &records[2];
    assert_eq!(result["origin"]["line"], 2);
    assert_eq!(result["reason"], "the October return");
    assert_eq!(result["actor"]["id"], "j.smith");
    assert_eq!(result["actor"]["authenticated"], serde_json::Value::Null, "an actor who only says so is asserted");
}

#[test]
fn a_file_of_many_rows_is_taken_whole() {
    let folder = Folder::kent();
    let rows = (0..20_000_u32).map(|n| {
        let (month, district) = (n.checked_rem(12).map_or(0, |m| m.saturating_add(1)), n.checked_rem(7).unwrap_or(0));
        let year = n.checked_div(12).and_then(|y| y.checked_rem(40)).unwrap_or(0).saturating_add(1950);
        format!("ehcp-20-weeks,E0700010{},{year}-{month:02},{n}\n", district.saturating_add(5).min(9))
    });
    let unique: std::collections::BTreeMap<String, String> =
        rows.map(|row| (row.rsplit_once(',').expect("columns").0.to_owned(), row)).collect();
    let text = unique.values().fold("measure,area,period,value\n".to_owned(), |text, row| text + row);
    let n_rows = u64::try_from(unique.len()).expect("a count");
    folder.import_text("many.csv", &text, "").succeeded().says("Recorded at positions");
    assert_eq!(number(&folder.ask("status")["nCells"]), 32_u64.saturating_add(n_rows));
}

const RELEASES: &str = "release,seen_at,short_desc,period_label,area,change,previous_value,value\n\
    20,2025-09-17T15:20:20+01:00,ehcp-20-weeks,2024 (prov),kent,first_seen,,79.5999999999999996\n\
    21,2025-10-10T13:48:16+01:00,ehcp-20-weeks,2024 (prov),kent,row_withdrawn,79.6,\n\
    21,2025-10-10T13:48:16+01:00,ehcp-20-weeks,2024,kent,first_seen,,80\n\
    21,2025-10-10T13:48:16+01:00,ehcp-20-weeks,2023,kent,row_withdrawn,-,\n";

#[test]
fn a_release_is_taken_in_by_a_layout_that_is_kept_with_it() {
    let folder = Folder::kent();
    let file = folder.write("changes.csv", RELEASES);
    let import = |flags: &str| folder.import(&file, &format!("--layout lait-changes --reason released {flags}"));
    import("--select release=20").succeeded().says("result 1 0 0 0");
    import("--select release=21").succeeded().says("result 0 1 0 0");
    import("--select release=21").succeeded().says("Nothing to record: everything stands already.");
    import("--select release=9").failed().complains("nothing was recorded");
    import("").failed().complains("nothing was recorded");
    let received: Vec<_> = list(&folder.ask("submission list")["submissions"]);
    let sources = |at: usize| list(&received[at]["sources"]);
    let last = sources(received.len() - 1);
    assert_eq!(last.len(), 2, "{last:?}");
    let layout = last[0]["layout"].as_str().unwrap_or_default().to_owned();
    assert_eq!(layout, format!("lait-changes sha256:{}", last[1]["sha256"].as_str().unwrap_or_default()));
    assert_eq!(
        (last[1]["name"].as_str(), last[1]["layout"].as_str()),
        (Some("lait-changes.toml"), Some("scorebook-layout.1"))
    );
}

#[test]
fn a_layout_of_ones_own_is_shown_checked_and_used() {
    let folder = Folder::kent();
    let own = "name = \"ours\"\nkind = \"figures\"\n[columns]\nmeasure = [\"indicator\", \"what\"]\nperiod = \"when\"\n\
               value = \"value\"\n[areas]\ncolumns = [\"code\"]\n[measures]\ncodes = { EHCP = \"ehcp-20-weeks\" }\n\
               [symbols]\n\"<5\" = \"c\"\n";
    let layout = folder.write("ours.toml", own);
    let file =
        folder.write("ours.csv", "What,When,Value,Code\nEHCP,Jul-25,43.4%,E10000016\nEHCP,Jun-25,<5,E10000016\n");
    folder.run(&format!("layout check {}", layout.display())).succeeded().says("the layout ours holds together");
    folder.import(&file, &format!("--layout {}", layout.display())).succeeded().says("result 2 0 0 0");
    let wrong = folder.write("wrong.toml", own.replace("period = ", "peroid = "));
    folder.run(&format!("layout check {}", wrong.display())).failed().complains("the layout cannot be used");
    folder.import(&file, &format!("--layout {}", wrong.display())).failed().complains("nothing was recorded");
    folder.import(&file, "--layout nowhere.toml").failed().complains("is no built-in layout");
    folder.run("layout list").succeeded().says("lait-changes");
    folder.run("layout show ees-d3-repeat-cpp").succeeded().says("CPP_subsequent_percent");
    folder.run("layout show nothing").failed().complains("there is no built-in layout");
}
