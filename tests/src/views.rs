//! What committees are given, by the real program: checked, published, served, and what stands beside it.

use std::fs;

use crate::folder::{Folder, number};
use crate::program;
use crate::server::Server;

const MEETING: &str = "--meeting \"Children's, Young People and Education Cabinet Committee, 2018-11-29\"";
const CARD: &str = "--scorecard cype --period 2018-09";

/// Kent's log of November 2018, with words and an action for every Red.
pub(crate) fn kent() -> Folder {
    let folder = Folder::kent();
    let found = folder.run(&format!("view check {CARD} {MEETING} --format json"));
    let check = found.json();
    let mut commentary = String::from("measure,area,cohort,period,text\n");
    let mut actions = String::from("measure,area,cohort,period,text,owner,due\n");
    for finding in check["check"]["findings"].as_array().expect("findings") {
        let cell = &finding["cell"];
        let of = |name: &str| cell[name].as_str().expect("a code").to_owned();
        let cell = [of("measure"), of("area"), of("cohort"), of("period")].join(",");
        match finding["code"].as_str() {
            Some("red-without-commentary") => commentary.extend([cell.as_str(), ",It is being seen to.\n"]),
            Some("red-without-action") => {
                actions.extend([cell.as_str(), ",Recruit,Special Educational Needs,2019-03-31\n"]);
            }
            _ => {}
        }
    }
    let known = format!("--known-at {}", crate::folder::MEETING);
    folder.import_text("commentary.csv", &commentary, &known).succeeded();
    folder.import_text("actions.csv", &actions, &known).succeeded();
    folder
}

#[test]
fn what_stands_in_the_way_is_listed_with_what_to_do() {
    let folder = Folder::kent();
    let before = folder.position();
    let check = folder.run(&format!("view check {CARD} {MEETING}")).failed();
    check
        .says("in the way of publishing")
        .says("scorebook commentary --measure")
        .says("scorebook action --measure")
        .says("withdrawn =")
        .complains("nothing can be published");
    folder
        .act(&format!("view publish {CARD} {MEETING} --over-warnings no"))
        .failed()
        .complains("nothing was published");
    let rows = folder.run(&format!("view check {CARD} {MEETING} --format csv")).failed().stdout;
    assert!(rows.lines().next().is_some_and(|header| header.starts_with("view,code,severity,measure")), "{rows}");
    folder.run(&format!("view check {CARD} --meeting Cabinet")).failed().complains("write it as");
    folder
        .run(&format!("view check {CARD} {MEETING} --known-at 2099-01-01"))
        .failed()
        .complains("2099-01-01T23:59:59.999999Z is in the future")
        .complains("(today) or an earlier day");
    folder
        .run(&format!("view check {CARD} --meeting \"Cabinet, 2018-09-29\""))
        .failed()
        .says("Scorecard: it goes to Children's, Young People and Education Cabinet Committee, and the meeting is of Cabinet")
        .says("Scorecard: the meeting is on 29 September 2018, and September 2018 ends only on 30 September 2018")
        .says("the figure became known only on 29 November 2018, after the meeting");
    folder.run(&format!("view check --scorecard none --period 2018-09 {MEETING}")).failed().complains("not defined");
    let refused = folder.act(&format!("view publish {CARD} {MEETING} --format json")).failed();
    assert!(number(&refused.json()["check"]["nInTheWay"]) > 0, "programs are told what was found");
    assert_eq!(folder.position(), before, "nothing was recorded");
    folder.run("view list").succeeded().says("0 views");
}

#[test]
fn a_view_is_published_once_and_served_for_ever() {
    let folder = kent();
    let publish = format!("view publish {CARD} {MEETING}");
    folder.act(&publish).failed().complains("--over-warnings REASON");
    folder.run(&format!("{publish} --over-warnings agreed --dry-run")).succeeded().says("for the reason given");
    folder.run(&format!("{publish} --over-warnings agreed")).failed().complains("add --yes to publish");
    let over = format!("{publish} --over-warnings \"agreed with the chair\"");
    folder.act(&over).succeeded().says("cype-2018-09-2018-11-29 is published for Children's, Young People");
    let recorded = folder.position();
    let given = folder.run("view show cype-2018-09-2018-11-29 --bytes").succeeded().stdout;
    assert!(given.starts_with("view/1\nscorecard\tcype\n"), "{given}");

    let rename = "measure,title,kind,unit,decimal_places,polarity,frequency,basis,definition\n\
                  ehcp-20-weeks,Renamed,indicator,%,1,higher,monthly,rolling-12,Counted otherwise.\n";
    folder.import_text("measures.csv", rename, "--reason renamed").succeeded();
    let late = "measure,area,period,value\nehcp-20-weeks,E10000016,2018-09,99\n";
    folder.import_text("results.csv", late, "--known-at 2018-11-01 --reason backfilled").succeeded();
    folder.run("scorecard cype --period 2018-09").succeeded().says("Renamed");
    let shown = folder.run("view show cype-2018-09-2018-11-29").succeeded();
    shown.says("the same, byte for byte").says("agreed with the chair").says("Over").says_not("Renamed");
    assert_eq!(folder.run("view show cype-2018-09-2018-11-29 --bytes").succeeded().stdout, given);

    let page = |which: &str| folder.run(&format!("view show cype-2018-09-2018-11-29 --page {which}")).succeeded();
    page("exceptions").says("It is being seen to.").says("Recruit — Special Educational Needs, by 31 March 2019");
    page("cohorts").says("Who is counted");
    page("sources").says("line 5 of results.csv");
    page("directory").says_not("Counted otherwise.");
    let rows = folder.run("view show cype-2018-09-2018-11-29 --format csv").succeeded().stdout;
    assert!(rows.lines().any(|row| row.contains("higher is better") && row.contains(",at-least,")), "{rows}");

    let head = folder.position();
    folder.act(&over).succeeded().says("was published already");
    folder.act(&format!("{publish} --over-warnings otherwise")).failed().complains("is published already");
    folder.run(&format!("view check {CARD} {MEETING}")).failed().complains("is published already; give another code");
    assert_eq!(folder.position(), head);
    let listed = folder.ask("view list");
    assert_eq!(listed["views"][0]["view"], "cype-2018-09-2018-11-29");
    assert!(number(&listed["views"][0]["position"]) < recorded);
    folder.run("view list --committee education --on 2018-11-29").succeeded().says("1 view");
    folder.run("view list --on 2018-11-30").succeeded().says("0 views");
    folder.run("view show none").failed().complains("scorebook view list");
    let submission = listed["views"][0]["provenance"]["submissionId"].as_str().expect("a submission").to_owned();
    folder.act(&format!("submission roll-back {submission} --reason wrong")).failed().says("publishes a view");

    let copy = Folder::new();
    let exported = folder.root().join("kent.jsonl");
    folder.run(&format!("log export {}", exported.display())).succeeded_with_progress();
    copy.run(&format!("log import {}", exported.display())).succeeded_with_progress();
    assert_eq!(copy.run("view show cype-2018-09-2018-11-29 --bytes").succeeded().stdout, given);
    copy.run("view show cype-2018-09-2018-11-29").succeeded().says("the same, byte for byte");
    let line = fs::read_to_string(&exported).expect("an export");
    assert!(line.contains(r#""type":"ViewPublished""#));
}

#[test]
fn what_the_committee_did_and_was_told_stands_beside_the_view() {
    let folder = kent();
    folder.act(&format!("view publish {CARD} {MEETING} --id november --over-warnings agreed")).succeeded();
    let given = folder.run("view show november --bytes").succeeded().stdout;
    folder.act("view act november noted").succeeded();
    folder.act("view act november resolved --text \"To ask for the districts.\" --known-at 2018-11-29").succeeded();
    folder.act("view act november commented").failed().says("text is empty");
    folder.act("view act december noted").failed().says("view december is not published");
    folder
        .act("view late-figure november ehcp-20-weeks --figure 44.12 --status provisional --text \"Since then.\"")
        .succeeded()
        .says("44.12%, provisional");
    folder.act("view late-figure november ehcp-20-weeks").failed().complains("--figure");
    let shown = folder.run("view show november").succeeded();
    shown
        .says("Resolved: To ask for the districts.")
        .says("Told at the meeting")
        .says("Kent, September 2018: 44.12%, provisional. Since then.");
    let rows = folder.run("view show november --format csv").succeeded().stdout;
    assert!(rows.lines().any(|row| row.starts_with("late-figure,") && row.contains(",44.12,")), "{rows}");
    assert_eq!(folder.run("view show november --bytes").succeeded().stdout, given);
    let answer = folder.ask("view show november");
    assert_eq!(answer["replay"]["same"], true);
    assert_eq!(answer["acts"].as_array().map(Vec::len), Some(2));
    assert_eq!(answer["lateFigures"][0]["display"], "44.12%");
}

#[test]
fn a_server_publishes_and_serves_as_the_folder_does() {
    let folder = kent();
    let server = Server::start(&folder);
    folder
        .act("commentary --measure ehcp-20-weeks --period 2018-09 --text \"By \u{7}hand.\"")
        .failed()
        .complains("text \"By \\u{7}hand.\" has a character that cannot be printed (U+0007); leave it out");
    folder.act("commentary --measure ehcp-20-weeks --period 2018-09 --text \"By hand.\"").succeeded();
    folder
        .act("action --measure ehcp-20-weeks --period 2018-09 --text \"Ask.\" --owner \"A team\" --due 2019-01-31")
        .succeeded();
    folder.act(&format!("view publish {CARD} {MEETING} --known-at 2018-11-29 --over-warnings agreed")).succeeded();
    let given = folder.run("view show cype-2018-09-2018-11-29 --bytes").succeeded().stdout;
    server.stop_cleanly();
    assert_eq!(folder.run("view show cype-2018-09-2018-11-29 --bytes").succeeded().stdout, given);
    let said = program::unwrapped(&folder.run("scorecard cype --period 2018-09").succeeded().stdout);
    assert!(said.contains("By hand.") && said.contains("Ask. — A team, by 31 January 2019"), "{said}");
}
