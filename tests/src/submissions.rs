//! Whole submissions: listed, rolled back and reinstated.

use serde_json::Value;

use crate::folder::{Folder, event_names, list, number, row};
use crate::program::Finished;

/// The identifier that a receipt prints.
#[track_caller]
fn submission(finished: &Finished) -> String {
    let mut words = finished.stdout.split_whitespace().skip_while(|word| *word != "Submission");
    words.nth(1).unwrap_or_else(|| panic!("no receipt: {}", finished.whole())).to_owned()
}

fn listed(folder: &Folder, id: &str) -> Value {
    let all = list(&folder.ask("submission list")["submissions"]);
    let found = all.into_iter().find(|it| it["submissionId"] == id);
    found.unwrap_or_else(|| panic!("{id} is not listed"))
}

const REVISION: &str =
    "measure,area,period,value\nehcp-20-weeks,E10000016,2018-09,96\nyouth-reoffending,E10000016,2018-09,50\n";

fn rating(folder: &Folder, measure: &str) -> String {
    let card = folder.ask("scorecard cype --period 2018-09");
    row(&card, measure)["rating"].as_str().expect("a word").to_owned()
}

#[test]
fn a_rolled_back_submission_is_out_of_every_answer_and_what_stood_before_stands_again() {
    let folder = Folder::kent();
    let receipt = folder.import_text("revision.csv", REVISION, "--reason revised").succeeded();
    let id = submission(&receipt);
    assert_eq!(
        (rating(&folder, "ehcp-20-weeks"), rating(&folder, "youth-reoffending")),
        ("RATING_GREEN".into(), "RATING_RED".into())
    );
    let recorded = folder.position();
    folder
        .act(&format!("submission roll-back {id} --reason \"the wrong file\""))
        .succeeded()
        .says(&format!("withdrawn submission {id}"));
    assert_eq!(
        (rating(&folder, "ehcp-20-weeks"), rating(&folder, "youth-reoffending")),
        ("RATING_RED".into(), "RATING_GREEN".into())
    );
    let with_it = folder.ask(&format!("scorecard cype --period 2018-09 --at-position {recorded}"));
    assert_eq!(row(&with_it, "ehcp-20-weeks")["rating"], "RATING_GREEN", "as of before the rollback it counts");
    assert_eq!(event_names(&folder.records_after(recorded)), ["submissionReceived", "submissionRolledBack"]);
    assert_eq!(listed(&folder, &id)["rolledBack"], true);
    folder.run(&format!("log --after {recorded}")).succeeded().says("SubmissionRolledBack");
    let history = folder.ask("measure ehcp-20-weeks --from 2018-09 --to 2018-09");
    let revisions: Vec<_> = list(&history["revisions"]).iter().map(|it| it["rolledBack"] == true).collect();
    assert_eq!(revisions, [false, true], "the history still tells of it");
}

#[test]
fn a_reinstated_submission_counts_again() {
    let folder = Folder::kent();
    let id = submission(&folder.import_text("revision.csv", REVISION, "--reason revised").succeeded());
    folder.act(&format!("submission roll-back {id} --reason wrong")).succeeded();
    let before = folder.position();
    folder.act(&format!("submission reinstate {id} --reason \"it was right\"")).succeeded();
    assert_eq!(rating(&folder, "ehcp-20-weeks"), "RATING_GREEN");
    assert_eq!(event_names(&folder.records_after(before)), ["submissionReceived", "submissionReinstated"]);
    assert!(listed(&folder, &id)["rolledBack"].is_null());
}

#[test]
fn the_same_file_can_be_put_in_again_after_it_was_rolled_back() {
    let folder = Folder::kent();
    let id = submission(&folder.import_text("revision.csv", REVISION, "--reason revised").succeeded());
    folder.act(&format!("submission roll-back {id} --reason wrong")).succeeded();
    let again = folder.import_text("revision.csv", REVISION, "--reason revised").succeeded();
    assert_ne!(submission(&again), id);
    assert_eq!(rating(&folder, "ehcp-20-weeks"), "RATING_GREEN");
}

#[test]
fn a_rollback_that_would_orphan_a_definition_in_use_is_refused() {
    let folder = Folder::kent();
    let id = list(&folder.ask("submission list")["submissions"])[1]["submissionId"].as_str().expect("text").to_owned();
    folder.act("result record ehcp-20-weeks --period 2018-10 --value 50 --reason later").succeeded();
    let before = folder.position();
    folder
        .act(&format!("submission roll-back {id} --reason wrong"))
        .failed()
        .complains("nothing was recorded")
        .says("1 refused");
    assert_eq!(folder.position(), before);
    assert_eq!(rating(&folder, "ehcp-20-weeks"), "RATING_RED");
}

#[test]
fn the_opening_of_the_log_cannot_be_rolled_back() {
    let folder = Folder::kent();
    let first = list(&folder.ask("submission list")["submissions"])[0].clone();
    assert_eq!(first["fixed"], true);
    let id = first["submissionId"].as_str().expect("text");
    folder.act(&format!("submission roll-back {id} --reason wrong")).failed().complains("nothing was recorded");
}

#[test]
fn a_submission_that_is_not_there_is_refused_with_where_to_look() {
    let folder = Folder::kent();
    folder
        .act("submission roll-back nonsense --reason x")
        .failed()
        .complains("\"nonsense\" is no submission; `scorebook submission list` prints them");
    folder
        .act("submission roll-back 00000000-0000-4000-8000-000000000000 --reason x")
        .failed()
        .complains("nothing was recorded");
    let id = submission(&folder.import_text("revision.csv", REVISION, "--reason revised").succeeded());
    folder.act(&format!("submission reinstate {id} --reason x")).failed().complains("nothing was recorded");
    folder.act(&format!("submission roll-back {id}")).failed().complains("--reason <WORDS>");
}

#[test]
fn submissions_are_listed_with_their_files_and_in_pages() {
    let folder = Folder::kent();
    let receipt = folder.import_text("revision.csv", REVISION, "--actor j.smith --reason revised").succeeded();
    let entry = listed(&folder, &submission(&receipt));
    assert_eq!(entry["actor"]["id"], "j.smith");
    assert_eq!(entry["sources"][0]["name"], "revision.csv");
    assert_eq!(number(&entry["nFacts"]), 2);
    assert_eq!(number(&entry["lastPosition"]), folder.position());
    let first = folder.ask("submission list --limit 1");
    assert_eq!(list(&first["submissions"]).len(), 1);
    let after = number(&first["submissions"][0]["firstPosition"]);
    assert_eq!(list(&folder.ask(&format!("submission list --after {after}"))["submissions"]).len(), 2);
    folder.run("submission list --format csv").succeeded().says("revision.csv");
}
