//! What a scorecard would be: never what was reported, and never stored.

use serde_json::Value;

use crate::folder::{Folder, MEETING, list, number, row};

const CARD: &str = "cype --period 2018-09";

/// The report of 2018, and a target for the year after it.
fn with_next_year() -> Folder {
    let folder = Folder::kent();
    folder
        .act(
            "target set care-leavers-eet --comparison at-least --target 70 --minimum 66 --from FY2019 --to FY2019 \
             --decision \"minute 9\" --reason \"next year\"",
        )
        .succeeded();
    folder
}

fn place(folder: &Folder) -> (Value, Value) {
    let status = folder.ask("status");
    (status["position"].clone(), status["chain"].clone())
}

/// The sentences about the rows of one measure.
fn told(answer: &Value, measure: &str) -> Vec<String> {
    let rows = list(&answer["ratedOtherwise"]);
    let of_it = rows.iter().filter(|it| it["cell"]["measure"] == measure);
    of_it.map(|it| it["sentence"].as_str().expect("a sentence").to_owned()).collect()
}

#[test]
fn next_years_targets_say_how_many_reds_there_would_be() {
    let folder = with_next_year();
    let asked = format!("what-if {CARD} --targets-for FY2019");
    let answer = folder.ask(&asked);
    let title = "Care Leavers in education, employment or training";
    assert_eq!(told(&answer, "care-leavers-eet"), [format!("{title} would be Red, and as it stands is Amber.")]);
    assert_eq!((number(&answer["scorecard"]["counts"]["red"]), number(&answer["reported"]["red"])), (1, 4));
    folder.run(&asked).succeeded().says("As it would be 0 Green, 0 Amber, 1 Red").says("As it stands 8 Green");
}

#[test]
fn every_output_is_marked_as_not_what_was_reported() {
    let folder = with_next_year();
    let asked = format!("what-if {CARD} --targets-for FY2019");
    let words = "Not what was reported: as it would be under the targets and minimum standards that stand for 2019/20";
    let text = folder.run(&asked).succeeded();
    assert!(text.stdout.starts_with("Not what was reported"), "{}", text.stdout);
    text.says(words);
    let answer = folder.ask(&asked);
    for marked in [&answer["supposed"], &answer["scorecard"]["supposed"]] {
        assert!(marked.as_str().is_some_and(|marked| marked.starts_with(words)), "{marked}");
    }
    let csv = folder.run(&format!("{asked} --format csv")).succeeded().csv();
    assert_eq!(csv.len(), 31);
    assert!(csv.iter().all(|row| row["supposed"].starts_with(words)));
    let row = csv.iter().find(|row| row["measure"] == "care-leavers-eet").expect("it is on the scorecard");
    assert_eq!((row["rating"].as_str(), row["rating_reported"].as_str()), ("Red", "Amber"));
    let real = folder.ask(&format!("scorecard {CARD}"));
    assert_eq!(real["supposed"], Value::Null, "what is so is not marked");
}

#[test]
fn targets_of_another_time_are_taken_with_their_standards_or_without() {
    let folder = Folder::kent();
    folder
        .act(
            "target set care-leavers-eet --comparison at-least --target 60 --minimum 50 --from FY2018 --to FY2018 \
             --decision d --reason r",
        )
        .succeeded();
    let rated = |flags: &str| {
        let answer = folder.ask(&format!("what-if {CARD} {flags}"));
        row(&answer["scorecard"], "care-leavers-eet")["rating"].as_str().expect("a word").to_owned()
    };
    assert_eq!(rated(&format!("--targets-of {MEETING}")), "RATING_AMBER", "64.7% against 65% (60%)");
    assert_eq!(rated(&format!("--standards-of {MEETING}")), "RATING_GREEN", "against 60% (60%)");
    assert_eq!(rated("--targets-of now"), "RATING_GREEN");
    assert_eq!(rated(&format!("--known-at {MEETING} --targets-of now")), "RATING_GREEN", "of the meeting's scorecard");
    assert_eq!(rated(&format!("--rules-of {MEETING} --neighbours-of {MEETING}")), "RATING_GREEN");
}

#[test]
fn a_file_is_supposed_and_nothing_of_it_is_stored() {
    let folder = Folder::kent();
    let before = place(&folder);
    let records = folder.records();
    let file = folder.write(
        "next.csv",
        "measure,area,owner,from,to,comparison,target,minimum,decision,reason\n\
         care-leavers-eet,E10000016,local,FY2018,FY2018,at-least,80,70,draft,draft\n",
    );
    let shown = file.display();
    let answer = folder.ask(&format!("what-if {CARD} --with \"{shown}\""));
    assert!(told(&answer, "care-leavers-eet")[0].ends_with("would be Red, and as it stands is Amber."), "{answer:#}");
    assert_eq!(list(&answer["ratedOtherwise"]).len(), 1);
    assert!(answer["supposed"].as_str().is_some_and(|words| words.contains("what next.csv would record")));
    assert_eq!(answer["scorecard"]["basis"]["position"], before.0, "it rests on what is recorded");
    let then = folder.ask(&format!("what-if {CARD} --known-at {MEETING} --with \"{shown}\""));
    assert_eq!(list(&then["ratedOtherwise"]).len(), 1, "it is supposed to have been known then");
    assert_eq!(place(&folder), before);
    assert_eq!(folder.records(), records);
    assert_eq!(list(&folder.ask("target-history care-leavers-eet")["changes"]).len(), 1);
}

#[test]
fn what_cannot_be_supposed_is_refused_with_what_to_do() {
    let folder = Folder::kent();
    let before = place(&folder);
    let nothing = folder.run(&format!("what-if {CARD}"));
    assert_eq!(nothing.code, Some(2));
    nothing.complains("--targets-of").complains("--neighbours-of").complains("--with");
    folder.run(&format!("what-if {CARD} --targets-of now --page directory")).failed().complains("are not supposed");
    let sources = folder.run(&format!("what-if {CARD} --targets-of now --page sources")).succeeded();
    assert!(sources.stdout.trim_end().ends_with("Nothing of it is stored."), "{}", sources.stdout);
    folder.run(&format!("what-if {CARD} --targets-of soon")).failed().complains("neither a day such as");
    folder.run("what-if no-such --period 2018-09 --targets-of now").failed().complains("not defined as of then");
    let wrong = folder.write(
        "wrong.csv",
        "measure,area,owner,from,comparison,target,decision,reason\nno-such,E10000016,local,FY2018,at-least,80,d,r\n",
    );
    let with = format!("what-if {CARD} --with \"{}\"", wrong.display());
    folder.run(&with).failed().complains("measure no-such is not defined");
    let junk = folder.write("junk.csv", "a,b\n1,2\n");
    let with = format!("what-if {CARD} --with \"{}\"", junk.display());
    folder.run(&with).failed().complains("junk.csv:1: \"a,b\" is the header of no kind of file");
    let right = folder.write("areas.csv", "area,name,level,parent\nE07000105,Ashford,district,E10000016\n");
    let with = format!("what-if {CARD} --at-position 100 --with \"{}\"", right.display());
    folder.run(&with).failed().complains("leave out the bound on the position");
    assert_eq!(place(&folder), before);
}
