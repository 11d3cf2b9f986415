//! Releases of whole tables: compared with what stands, previewed, taken back and put on again.

use serde_json::Value;

use crate::folder::{Folder, event_names, list, number};
use crate::program::Finished;

const AREAS: &str = "area,name,level,parent\nE92000001,England,country,\nE12000008,South East,region,E92000001\n\
                     E10000016,Kent,authority,E12000008\nE10000014,Hampshire,authority,E12000008\n";
const MEASURES: &str = "measure,title,kind,unit,decimal_places,polarity,frequency,basis,year_type,definition\n\
                        first-time-entrants,First-time entrants,indicator,\"per 100,000\",0,lower,annual,single-period,\
                        calendar,Entrants\n\
                        fostered,Children in foster care,indicator,%,0,higher,annual,snapshot,calendar,Fostered\n";
const HEADER: &str = "measure,area,period,value,missing\n";

/// A log with England, the South East, Kent and Hampshire, and two measures.
fn england() -> Folder {
    let folder = Folder::begun();
    let defined = folder.write("defined/areas.csv", AREAS);
    folder.write("defined/measures.csv", MEASURES);
    folder.import(defined.parent().expect("a folder"), "--known-at 2024-11-01").succeeded();
    folder
}

/// Entrants of 2022 and 2023 for Kent, Hampshire and England.
const FIRST: &str = "first-time-entrants,E10000016,CY2022,133,\nfirst-time-entrants,E10000016,CY2023,140,\n\
                     first-time-entrants,E10000014,CY2022,90,\nfirst-time-entrants,E10000014,CY2023,,c\n\
                     first-time-entrants,E92000001,CY2022,148,\nfirst-time-entrants,E92000001,CY2023,143,\n";

fn release(folder: &Folder, name: &str, rows: &str, flags: &str) -> Finished {
    let text = format!("{HEADER}{rows}");
    folder.import_text(name, &text, &format!("--snapshot --reason \"{name}\" {flags}"))
}

fn first(folder: &Folder) {
    release(folder, "release-1.csv", FIRST, "--known-at 2024-11-19").succeeded();
}

/// What stands for Kent, as `period: figure`.
fn kent(folder: &Folder, as_of: &str) -> Vec<String> {
    standing(folder, "E10000016", as_of)
}

fn standing(folder: &Folder, area: &str, as_of: &str) -> Vec<String> {
    let history = folder.ask(&format!("measure first-time-entrants --area {area} {as_of}"));
    let figure = |row: &Value| {
        let result = &row["result"];
        let display = result["display"].as_str().unwrap_or("nothing");
        format!("{}: {display}", row["cell"]["period"].as_str().expect("a period"))
    };
    let mut shown: Vec<String> = list(&history["rows"]).iter().map(figure).collect();
    shown.sort();
    shown
}

/// The identifier that a receipt prints.
#[track_caller]
fn submission(finished: &Finished) -> String {
    let mut words = finished.stdout.split_whitespace().skip_while(|word| *word != "Submission");
    words.nth(1).unwrap_or_else(|| panic!("no receipt: {}", finished.whole())).to_owned()
}

#[test]
fn a_release_is_known_when_it_was_published_and_is_marked_as_a_backfill() {
    let folder = england();
    first(&folder);
    let history = folder.ask("measure first-time-entrants --area E10000016");
    let provenance = &history["rows"][0]["result"]["provenance"];
    assert_eq!(provenance["knownAt"], "2024-11-19T23:59:59.999999Z");
    assert_ne!(provenance["recordedAt"], provenance["knownAt"]);
    assert!(number(&history["basis"]["nBackfilled"]) > 0);
    assert_eq!(kent(&folder, "--known-at 2024-11-18"), [""; 0], "nothing was known the day before");
    assert_eq!(kent(&folder, "--known-at 2024-11-19"), ["CY2022: 133 per 100,000", "CY2023: 140 per 100,000"]);
}

#[test]
fn the_same_snapshot_again_records_nothing() {
    let folder = england();
    first(&folder);
    let before = folder.position();
    let again = release(&folder, "again.csv", FIRST, "--known-at 2024-12-18").succeeded();
    again.says("result 0 0 0 6").says("Nothing to record: everything stands already.");
    assert_eq!(folder.position(), before);
}

#[test]
fn a_row_that_is_missing_from_a_snapshot_is_withdrawn_with_its_reason() {
    let folder = england();
    first(&folder);
    let before = folder.position();
    let shorter = FIRST.replace("first-time-entrants,E10000016,CY2022,133,\n", "");
    let taken = release(&folder, "release-2.csv", &shorter, "--known-at 2024-12-18").succeeded();
    taken
        .says("result 0 0 1 5")
        .says("Results: 1 withdrawn. Of those withdrawn, 1 is absent from the release.")
        .says("Withdrawn by period: 2022: 1.")
        .says("No longer made, for want of a figure: 1 comparison with the country.");
    let records = folder.records_after(before);
    let withdrawn = records.iter().find(|it| !it["resultWithdrawn"].is_null()).expect("a withdrawal");
    assert_eq!(withdrawn["reason"], "absent from the release release-2.csv");
    assert_eq!(withdrawn["knownAt"], "2024-12-18T23:59:59.999999Z");
    assert_eq!(kent(&folder, ""), ["CY2023: 140 per 100,000"]);
    assert_eq!(kent(&folder, "--known-at 2024-12-17")[0], "CY2022: 133 per 100,000");
}

#[test]
fn without_the_flag_a_file_says_nothing_of_what_it_does_not_have() {
    let folder = england();
    first(&folder);
    let one = format!("{HEADER}first-time-entrants,E10000016,CY2022,134,\n");
    folder.import_text("one.csv", &one, "--reason corrected").succeeded().says("result 0 1 0 0");
    assert_eq!(kent(&folder, "")[1], "CY2023: 140 per 100,000");
}

#[test]
fn a_snapshot_that_was_cut_short_is_refused_until_the_exact_number_is_accepted() {
    let folder = england();
    first(&folder);
    let before = folder.position();
    let cut = "first-time-entrants,E10000016,CY2022,133,\nfirst-time-entrants,E10000014,CY2022,90,\n\
               first-time-entrants,E92000001,CY2022,148,\n";
    let half = release(&folder, "half.csv", cut, "--known-at 2024-12-18 --dry-run").succeeded();
    half.says("result 0 0 3 3");
    let cut = cut.replace("first-time-entrants,E92000001,CY2022,148,\n", "first-time-entrants,E92000001,CY2024,150,\n");
    let refused = release(&folder, "cut.csv", &cut, "--known-at 2024-12-18").failed();
    refused
        .says("Of those withdrawn, 4 are absent from the release.")
        .says("the snapshot has no row for 4 of the 6 results that stand in its scope of first-time-entrants")
        .says("accept exactly the 4 withdrawals (--accept-withdrawals 4)")
        .complains("nothing was recorded: correct what is refused");
    let wrong = release(&folder, "cut.csv", &cut, "--known-at 2024-12-18 --accept-withdrawals 3").failed();
    wrong.says("3 withdrawals were accepted, and there are 4");
    assert_eq!(folder.position(), before);
    release(&folder, "cut.csv", &cut, "--known-at 2024-12-18 --accept-withdrawals 4").succeeded();
    assert_eq!(standing(&folder, "E92000001", ""), ["CY2024: 150 per 100,000"]);
}

#[test]
fn rows_that_cannot_be_read_keep_a_snapshot_from_withdrawing_unasked() {
    let folder = england();
    first(&folder);
    let odd = FIRST.replace("E10000016,CY2022,133", "E10000016,CY2022,13x");
    let flags = "--known-at 2024-12-18 --set-aside";
    let refused = release(&folder, "odd.csv", &odd, flags).failed();
    refused.says("the snapshot would withdraw 1, and has rows or sheets that are not taken in");
    release(&folder, "odd.csv", &odd, &format!("{flags} --accept-withdrawals 1")).succeeded();
    assert_eq!(kent(&folder, ""), ["CY2023: 140 per 100,000"]);
}

#[test]
fn rows_known_at_several_instants_are_no_snapshot() {
    let folder = england();
    let rows = "measure,area,period,value,known_at\nfirst-time-entrants,E10000016,CY2022,1,2024-11-19T09:00:00Z\n\
                first-time-entrants,E10000016,CY2023,1,2024-11-20T09:00:00Z\n";
    folder
        .import_text("two.csv", rows, "--snapshot --reason x")
        .failed()
        .says("the rows of the snapshots were known at several instants; put each release in by itself");
}

#[test]
fn a_number_becomes_missing_and_a_number_again() {
    let folder = england();
    first(&folder);
    let hidden = FIRST.replace("E10000016,CY2022,133,", "E10000016,CY2022,,c");
    release(&folder, "release-2.csv", &hidden, "--known-at 2024-12-18")
        .succeeded()
        .says("Results: 1 number to missing.");
    let shown = hidden.replace("E10000014,CY2023,,c", "E10000014,CY2023,91,");
    release(&folder, "release-3.csv", &shown, "--known-at 2025-01-18")
        .succeeded()
        .says("Results: 1 missing to number.");
    release(&folder, "release-4.csv", FIRST, "--known-at 2025-02-18")
        .succeeded()
        .says("Results: 1 number to missing, 1 missing to number.");
    let of_2022 = |day: &str| kent(&folder, &format!("--known-at {day}"))[0].clone();
    let days = ["2024-12-17", "2024-12-18", "2025-02-18"].map(of_2022);
    assert_eq!(
        days,
        [
            "CY2022: 133 per 100,000",
            "CY2022: suppressed, because it could tell about a person",
            "CY2022: 133 per 100,000"
        ]
    );
}

/// England's figure of one year ten times too large: Kent, which the release does not touch, is better than England.
#[test]
fn the_preview_says_which_verdicts_would_flip_before_anything_is_recorded() {
    let folder = england();
    first(&folder);
    let target = "target set first-time-entrants --comparison at-most --target 150 --minimum 160 --from CY2020 \
                  --decision minute --reason plan";
    folder.act(target).succeeded();
    let before = folder.position();
    let wrong = FIRST.replace("E92000001,CY2023,143", "E92000001,CY2023,1430").replace("CY2022,133", "CY2022,161");
    let previewed = release(&folder, "release-30.csv", &wrong, "--dry-run").succeeded();
    previewed
        .says("Moved by about ten times or more: 1 • First-time entrants, England, 2023: 143 per 100,000 → 1,430 per 100,000 (10 times)")
        .says("• First-time entrants, Kent, 2022: Green (133 per 100,000; target 150 per 100,000 or less) → Red (161 per 100,000;")
        .says("better (133 per 100,000 against 148 per 100,000) → worse (161 per 100,000 against 148 per 100,000)")
        .says("Nothing was recorded (--dry-run).");
    assert_eq!(folder.position(), before);
    let flags = "--snapshot --dry-run --reason x --format json";
    let asked = folder.import_text("release-30.csv", &format!("{HEADER}{wrong}"), flags).succeeded().json();
    let review = &asked["preview"]["review"];
    assert_eq!(number(&review["nRatingFlips"]), 1);
    assert_eq!(review["ratingFlips"][0]["after"]["rating"], "RATING_RED");
    assert_eq!(review["comparisonFlips"][0]["before"]["comparison"], "COUNTRY_COMPARISON_BETTER");
    assert_eq!(review["tenfold"][0]["what"]["areaName"], "England");
}

/// Releases 6 to 8 of a real table: revised, put back by mistake, revised again.
#[test]
fn a_release_is_taken_back_and_put_on_again_and_asked_for_as_known_at_each_instant() {
    let folder = england();
    first(&folder);
    let revised = FIRST.replace("E10000016,CY2022,133", "E10000016,CY2022,160");
    let receipt = release(&folder, "release-6.csv", &revised, "--known-at 2025-02-04T10:00:00Z").succeeded();
    let id = submission(&receipt);
    receipt.says(&format!("To take all of it back: scorebook submission roll-back {id} --reason WHY"));
    let before = folder.position();
    folder
        .act(&format!("submission roll-back {id} --reason \"an older branch\" --known-at 2025-02-14T09:00:00Z"))
        .succeeded()
        .says("What it does to figures and verdicts, as known 14 February 2025, 09:00:00 UTC (a backfill")
        .says("Results: 1 revised.")
        .says("Kent, 2022: worse (160 per 100,000 against 148 per 100,000) → better (133 per 100,000 against")
        .says(&format!("To put it on again: scorebook submission reinstate {id} --reason WHY"));
    folder
        .act(&format!("submission reinstate {id} --reason \"published again\" --known-at 2025-02-14T17:00:00Z"))
        .succeeded()
        .says("133 per 100,000 → 160 per 100,000 (up 20.3%)")
        .says(&format!("To take it back again: scorebook submission roll-back {id} --reason WHY"));
    folder
        .run("submission list")
        .succeeded()
        .says("known 14 February 2025, 09:00:00 UTC: an older branch")
        .says("known 14 February 2025, 17:00:00 UTC: published again");
    let records = folder.records_after(before);
    let wanted = ["submissionReceived", "submissionRolledBack", "submissionReceived", "submissionReinstated"];
    assert_eq!(event_names(&records), wanted, "one event each");
    assert!(records.iter().filter(|it| it["submissionReceived"].is_null()).all(|it| it["backfill"] == true));
    let of_2022 = |when: &str| kent(&folder, &format!("--known-at {when}"))[0].clone();
    let instants = ["2025-02-03", "2025-02-04", "2025-02-14T09:00:00Z", "2025-02-14T16:59:59Z", "2025-02-14T17:00:00Z"];
    let figures = ["133", "160", "133", "133", "160"].map(|figure| format!("CY2022: {figure} per 100,000"));
    assert_eq!(instants.map(of_2022), figures);
    folder
        .act(&format!("submission roll-back {id} --reason late --known-at 2025-02-05"))
        .failed()
        .complains("nothing was recorded");
}

/// Shepway was renamed Folkestone and Hythe; its code stayed, and so did its figures.
#[test]
fn an_area_under_another_name_is_the_same_series() {
    let folder = england();
    let area = |name: &str| format!("area,name,level,parent\nE07000112,{name},district,E10000016\n");
    let figures = |of_2018: &str, of_2019: &str| {
        format!(
            "{HEADER}first-time-entrants,E07000112,CY2018,{of_2018},\nfirst-time-entrants,E07000112,CY2019,{of_2019},\n"
        )
    };
    let taken = |folder_name: &str, name: &str, text: String, day: &str| {
        let areas = folder.write(&format!("{folder_name}/areas.csv"), area(name));
        folder.write(&format!("{folder_name}/results.csv"), text);
        let flags = format!("--snapshot --reason release --known-at {day}");
        folder.import(areas.parent().expect("a folder"), &flags).succeeded()
    };
    taken("before", "Shepway", figures("70", "71"), "2017-11-01");
    taken("after", "Folkestone and Hythe", figures("70", "72"), "2018-11-01")
        .says("area 0 1 0 0")
        .says("result 0 1 0 1")
        .says("First-time entrants, Folkestone and Hythe, 2019: 71 per 100,000 → 72 per 100,000");
    let asked = |as_of: &str| folder.ask(&format!("measure first-time-entrants --area E07000112 {as_of}"));
    let (now, then) = (asked(""), asked("--known-at 2018-01-01"));
    assert_eq!((&now["areaName"], &then["areaName"]), (&"Folkestone and Hythe".into(), &"Shepway".into()));
    assert_eq!(list(&now["rows"]).len(), 2, "one series");
    assert_eq!(list(&now["revisions"]).len(), 3, "and one history: two first figures and a revision");
}

#[test]
fn what_is_put_in_after_a_rollback_is_reviewed_beside_what_stands_and_not_what_was_rolled_back() {
    let folder = england();
    first(&folder);
    let row = |value: &str| format!("{HEADER}first-time-entrants,E10000016,CY2023,{value},\n");
    let flags = "--known-at 2025-03-01 --reason return";
    let wrong = folder.import_text("wrong.csv", &row("14"), flags).succeeded();
    let wrong = wrong.says("Moved by about ten times or more: 1").says("140 per 100,000 → 14 per 100,000");
    let id = submission(&wrong);
    folder.run(&format!("submission roll-back {id} --reason mistaken --yes")).succeeded();
    let again = folder.import_text("again.csv", &row("14"), &format!("{flags} --dry-run")).succeeded();
    again.says("Moved by about ten times or more: 1").says("140 per 100,000 → 14 per 100,000");
    let right = folder.import_text("right.csv", &row("150"), &format!("{flags} --dry-run")).succeeded();
    let right = right.says("140 per 100,000 → 150 per 100,000").says("Results: 1 revised.");
    assert!(!right.stdout.contains("14 per 100,000 →"), "{}", right.stdout);
}
