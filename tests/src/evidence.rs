//! What an auditor asks: targets on a day and what they judged, and the evidence for them.

use serde_json::Value;

use crate::folder::{Folder, MEETING, list, number, row};
use crate::server::Server;

const EVIDENCE: &str = "evidence --measure care-leavers-eet --on 2018-12-01";

/// The report of 2018, and a change of one of its targets now.
fn changed() -> Folder {
    let folder = Folder::kent();
    folder.import(&Folder::example("kent-2018/target-change"), "").succeeded();
    folder
}

fn marks(row: &Value) -> Vec<String> {
    let words = |mark: &Value| mark["words"].as_str().expect("words").to_owned();
    list(&row["marks"]).iter().map(words).collect()
}

/// The mark on a target that was recorded today and is said to have been known on a day.
fn backdated(marks: &[String], known_on: &str) -> bool {
    let ends = format!(", said to be known on {known_on}");
    marks.iter().any(|mark| mark.starts_with("the target was recorded on ") && mark.ends_with(&ends))
}

#[test]
fn a_target_that_was_recorded_after_its_result_was_known_is_flagged_wherever_it_is_shown() {
    let folder = Folder::kent();
    let set = "target set care-leavers-eet --comparison at-least --target 64 --minimum 60 --from FY2018 --to FY2018 \
               --decision d --reason r";
    folder.act(set).succeeded();
    let shown = row(&folder.ask("scorecard cype --period 2018-09"), "care-leavers-eet");
    assert_eq!(shown["target"]["setAfterResult"], true);
    assert_eq!(marks(&shown), ["the target was set after the result was known"]);
    folder.act(&format!("{set} --known-at 2018-04-01").replace("64", "63")).succeeded();
    let then = folder.ask("scorecard cype --period 2018-09 --known-at 2018-12-01");
    assert!(backdated(&marks(&row(&then, "care-leavers-eet")), "29 November 2018"), "as the report's own");
}

#[test]
fn a_backdated_target_says_when_it_was_recorded_and_when_it_is_said_to_have_been_known() {
    let folder = Folder::begun();
    let figures = [
        ("areas.csv", "area,name,level,parent\nE10000016,Kent,authority,\n"),
        (
            "measures.csv",
            "measure,title,kind,unit,decimal_places,polarity,frequency,basis,year_type,definition\n\
             eet,Care leavers,indicator,%,1,higher,monthly,snapshot,financial,Counted.\n",
        ),
        ("results.csv", "measure,area,period,value\neet,E10000016,2018-09,64.7\n"),
        ("scorecards.csv", "scorecard,title,committee,section,measure\nkent,Kent,Cabinet,All,eet\n"),
    ];
    for (name, text) in figures {
        folder.write(&format!("in/{name}"), text);
    }
    folder.import(&folder.root().join("files/in"), "").succeeded();
    let set = "target set eet --comparison at-least --target 64 --minimum 60 --from FY2018 --decision d --reason r";
    folder.act(&format!("{set} --known-at 2018-04-01")).succeeded();
    let shown = row(&folder.ask("scorecard kent --period 2018-09"), "eet");
    assert!(backdated(&marks(&shown), "1 April 2018"), "{:?}", marks(&shown));
    for question in ["scorecard kent --period 2018-09", "measure eet", "measure explain eet --period 2018-09"] {
        folder.run(question).succeeded().says("said to be known on 1 April 2018");
    }
    folder
        .run("target-history eet")
        .succeeded()
        .says("Set after 1 result that it judges was known; recorded on")
        .says("said to be known on 1 April 2018");
    folder.run("log --type TargetChanged").succeeded().says("(known 2018-04-01)");
    folder.run("follow --type TargetChanged --until-caught-up").succeeded().says("(known 2018-04-01)");
    let rows = folder.run("scorecard kent --period 2018-09 --format csv").succeeded().csv();
    assert_eq!(rows[0]["target_set_after_result"], "yes");
    assert!(rows[0]["marks"].contains("said to be known on 1 April 2018"), "{}", rows[0]["marks"]);
    assert_eq!(number(&folder.ask("scorecard kent --period 2018-09")["basis"]["nBackfilled"]), 1);
}

#[test]
fn what_the_target_was_on_a_day_is_what_was_known_then_with_what_it_judged() {
    let folder = changed();
    let on = |flags: &str| list(&folder.ask(&format!("target-history care-leavers-eet {flags}"))["changes"]);
    let then = on("--on 2018-12-01");
    assert_eq!(then.len(), 1);
    assert_eq!(then[0]["display"], "65.0% or more");
    assert_eq!(then[0]["stands"][0]["words"], "from 1 April 2018 to 31 March 2019");
    let judged = &then[0]["judged"];
    assert_eq!((number(&judged["nJudged"]), number(&judged["nMet"]), number(&judged["nMinimumMet"])), (1, 0, 1));
    assert_eq!(judged["periods"][0]["ratingWord"], "Amber");
    let day = folder.run("target-history care-leavers-eet --on 2018-12-01").succeeded();
    assert!(day.stdout.contains("On 1 December 2018 the target was"), "{}", day.stdout);
    let all = on("");
    assert_eq!(all.len(), 2);
    assert_eq!(
        (all[0]["judged"]["periods"][0]["judges"].clone(), all[0]["standing"].clone()),
        (Value::Null, Value::Null)
    );
    assert_eq!(all[1]["judged"]["periods"][0]["ratingWord"], "Green");
    assert_eq!(on("--on 2018-11-28").len(), 0);
    folder
        .run("target-history care-leavers-eet --on 2018-12-01 --known-at 2018-12-01")
        .failed()
        .complains("cannot be used with");
    folder.run("target-history care-leavers-eet --on 2018-12-01T10:00:00Z").failed().complains("is not a day");
}

#[test]
fn the_targets_of_a_scorecard_are_those_of_its_rows() {
    let folder = changed();
    let answer = folder.ask(&format!("target-history --scorecard cype --on {MEETING}"));
    let targets = list(&answer["targets"]);
    let measures = targets.iter().map(|it| it["definition"]["measure"].as_str().expect("a code").to_owned());
    assert!(measures.collect::<Vec<_>>().contains(&"care-leavers-eet".to_owned()));
    let n_changes: usize = targets.iter().map(|it| list(&it["changes"]).len()).sum();
    let csv = folder.run(&format!("target-history --scorecard cype --on {MEETING} --format csv")).succeeded().csv();
    assert_eq!((csv.len(), n_changes > 20), (n_changes, true));
    assert!(csv.iter().all(|row| row["state"] == "stands" && !row["stands"].is_empty()));
    folder.run("target-history --scorecard cype").succeeded().says("64.0% or more").says("met the minimum standard");
    folder.run("target-history").failed().complains("Usage: scorebook target-history");
    folder.run("target-history --scorecard no-such").failed().complains("scorecard no-such is not defined as of then");
}

#[test]
fn evidence_has_the_records_with_their_chain_and_the_lines_of_their_files() {
    let folder = changed();
    let evidence = folder.ask(EVIDENCE);
    assert_eq!(evidence["target"]["display"], "65.0% or more");
    let figures = list(&evidence["figures"]);
    assert_eq!((figures.len(), figures[0]["row"]["ratingWord"].clone()), (1, Value::from("Amber")));
    let records = list(&evidence["records"]);
    let log = folder.records();
    for told in &records {
        let position = number(&told["record"]["position"]);
        let at = usize::try_from(position - 1).expect("few records");
        assert_eq!(told["record"], log[at], "the record itself");
    }
    let target = records.iter().find(|told| !told["record"]["targetChanged"].is_null()).expect("the target's record");
    assert_eq!(target["fileName"], "targets.csv");
    let text = std::fs::read_to_string(Folder::example("kent-2018/as-reported/targets.csv")).expect("it is there");
    let line = usize::try_from(number(&target["record"]["origin"]["line"])).expect("few lines");
    assert_eq!(target["lineText"].as_str(), text.lines().nth(line - 1));
    let files = list(&evidence["files"]);
    assert!(files.len() == 3 && files.iter().all(|file| file["agrees"] == true), "{files:#?}");
    let source = files.iter().find(|file| file["source"]["name"] == "targets.csv").expect("the targets' file");
    assert_eq!(target["fileSha256"], source["source"]["sha256"]);
    assert!(!list(&evidence["proves"]).is_empty() && !list(&evidence["doesNotProve"]).is_empty());
}

#[test]
fn the_chain_of_each_record_is_what_verify_finds_there() {
    let folder = changed();
    for told in list(&folder.ask(EVIDENCE)["records"]) {
        let (position, chain) = (number(&told["record"]["position"]), told["chain"].as_str().expect("a hash"));
        folder.run(&format!("log verify --expect {position}:{chain}")).succeeded();
    }
}

#[test]
fn evidence_is_read_by_people_and_by_programs() {
    let folder = changed();
    folder
        .run(EVIDENCE)
        .succeeded()
        .says("Evidence for an auditor")
        .says("As known on 1 December 2018, the target for periods that end on that day")
        .says("What this proves")
        .says("What this does not prove")
        .says("nobody checked who that was")
        .says("line 13 of targets.csv, SHA-256")
        .says("Read from the log: its bytes have the SHA-256 that was recorded");
    let rows = folder.run(&format!("{EVIDENCE} --format csv")).succeeded().csv();
    let target = rows.iter().find(|row| row["kind"] == "target").expect("the target's record");
    assert_eq!((target["file"].as_str(), target["line"].as_str(), target["chain"].len()), ("targets.csv", "13", 64));
    assert_eq!(rows.len(), list(&folder.ask(EVIDENCE)["records"]).len());
    folder.run(EVIDENCE).succeeded().says("Rule kent.1, for all periods");
    folder.run(&format!("{EVIDENCE} --known-at 2018-12-01")).failed().complains("give the day in `on` alone");
    let one = folder.ask(&format!("{EVIDENCE} --period 2018-09"));
    assert_eq!(one["period"], "2018-09");
    let late = folder.ask("evidence --measure care-leavers-eet --on 2018-11-28");
    assert_eq!(late["target"], Value::Null);
}

#[test]
fn a_server_gives_the_same_evidence() {
    let folder = changed();
    let here = folder.ask(EVIDENCE);
    let server = Server::start(&folder);
    assert_eq!(folder.ask(EVIDENCE), here);
    drop(server);
}

#[test]
fn a_target_that_was_rolled_back_later_says_so_in_the_evidence_of_its_day() {
    let folder = Folder::kent();
    let set = "target set care-leavers-eet --comparison at-least --target 64 --minimum 60 --from FY2018 --to FY2018 \
               --decision d --reason r --known-at 2018-11-30";
    folder.act(set).succeeded();
    assert_eq!(list(&folder.ask(EVIDENCE)["undoings"]).len(), 0);
    let log = folder.records();
    let changed = log.iter().rev().find(|record| !record["targetChanged"].is_null()).expect("the change");
    let submission = changed["submissionId"].as_str().expect("a submission");
    folder.act(&format!("submission roll-back {submission} --reason \"put in twice\"")).succeeded();
    let evidence = folder.ask(EVIDENCE);
    assert_eq!(evidence["target"]["display"], "64% or more", "a rollback known later is outside what was known");
    let undoings = list(&evidence["undoings"]);
    assert_eq!((undoings.len(), &undoings[0]["kind"], &undoings[0]["later"]), (1, &"rollback".into(), &true.into()));
    let position = number(&undoings[0]["record"]["record"]["position"]);
    let chain = undoings[0]["record"]["chain"].as_str().expect("a hash");
    folder.run(&format!("log verify --expect {position}:{chain}")).succeeded();
    folder
        .run(EVIDENCE)
        .succeeded()
        .says("rolled back later, on")
        .says("Reason: put in twice")
        .says(&format!("{position}:{chain}"))
        .says("It does not show what holds today");
    folder.run("target-history care-leavers-eet --on 2018-12-01").succeeded().says("stands · rolled back later, on");
    let rows = folder.run("target-history care-leavers-eet --on 2018-12-01 --format csv").succeeded().csv();
    assert!(rows.iter().any(|row| row["later"].starts_with("rolled back later, on")));
}
