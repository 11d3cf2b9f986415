//! The demonstration, as somebody runs it on a fresh machine.

use std::fs;
use std::path::Path;

use crate::folder::Folder;
use crate::program::{self, Finished};

const THEN: &str = "● 8 Green ▲ 8 Amber ■ 4 Red ○ 11 not rated 31 rows";
const NOW: &str = "● 9 Green ▲ 7 Amber ■ 4 Red ○ 11 not rated 31 rows";

fn demo(folder: &Folder, cwd: &Path) -> Finished {
    let mut command = folder.command("demo");
    command.current_dir(cwd);
    program::run(command, b"")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

/// The `position:chain` lines that scorecards end with.
fn proofs(finished: &Finished) -> Vec<String> {
    let words = finished.stdout.split_whitespace();
    let proofs = words.filter(|word| {
        word.split_once(':')
            .is_some_and(|(position, chain)| chain.len() == 64 && position.bytes().all(|b| b.is_ascii_digit()))
    });
    proofs.map(str::to_owned).collect()
}

#[test]
fn the_demo_shows_the_scorecard_as_given_then_and_as_known_now() {
    let folder = Folder::new();
    let cwd = tempfile::tempdir().expect("a temporary folder");
    let shown = demo(&folder, cwd.path()).succeeded();
    let shown = shown
        .says("As known on 29 November 2018")
        .says(THEN)
        .says("8 Green, 8 Amber, 4 Red: 20 rated. 11 not rated")
        .says("20 + 11 = 31 rows")
        .says("rebuilt from the log, is the same, byte for byte (8 Green, 8 Amber, 4 Red, 11 not rated)")
        .says(NOW)
        .says("9 Green, 7 Amber, 4 Red: 20 rated. 11 not rated");
    let text = program::unwrapped(&shown.stdout);
    assert!(text.find(THEN) < text.find("byte for byte"), "the replay comes after the first: {}", shown.whole());
    assert!(text.find("byte for byte") < text.find(NOW), "then as known now: {}", shown.whole());
}

#[test]
fn the_demo_says_what_differs_and_why() {
    let folder = Folder::new();
    demo(&folder, folder.root())
        .succeeded()
        .says("went from Amber to Green because the target changed")
        .says("changed from 66% to 67%. Scheduled revision, recorded on ")
        .says("said to be known on 19 November 2024.")
        .says("England, is 65% for academic year 2017/18; it was 64%")
        .says("illustrative: no such decision was taken")
        .says("9 differences in 2 measures.");
}

#[test]
fn the_demo_publishes_a_view_once_what_stands_in_the_way_is_seen_to() {
    let folder = Folder::new();
    let shown = folder.run("demo").succeeded();
    shown
        .says("6 stand in the way of publishing")
        .says("no action is agreed")
        .says("illustrative: the report has none of them")
        .says("cype-2018-09-2018-11-29 is published for Children's, Young People and Education Cabinet Committee");
    folder.run("view show cype-2018-09-2018-11-29").succeeded().says("it is the same, byte for byte").says(THEN);
    folder.run("compare cype-2018-09-2018-11-29 now").succeeded().says("went from Amber to Green because the target");
}

#[test]
fn the_demo_is_honest_about_what_the_report_does_not_say() {
    let folder = Folder::new();
    demo(&folder, folder.root())
        .succeeded()
        .says("The report prints no minimum standards: those here are illustrative, and say so.")
        .says("No whole number out of 364 gives the printed 74.0.")
        .says("from 80.3%")
        .says("July 20188")
        .says("43.4% (759 of 1,747) is worse than the minimum standard of 75% or more, so it is Red.")
        .says("84.9% 85.0% or more")
        .says("70.0% expected for December 2018; not measured, and never rated")
        .says("The source printed Amber, but the rule gives Green.");
}

#[test]
fn the_demo_leaves_nothing_in_the_home_or_where_it_is_run() {
    let folder = Folder::new();
    let cwd = tempfile::tempdir().expect("a temporary folder");
    demo(&folder, cwd.path()).succeeded();
    assert_eq!(names(cwd.path()), Vec::<String>::new());
    assert_eq!(names(&folder.home()), Vec::<String>::new());
}

#[test]
fn the_demo_can_be_run_again() {
    let folder = Folder::new();
    demo(&folder, folder.root()).succeeded().says(NOW);
    demo(&folder, folder.root()).succeeded().says(THEN).says(NOW);
    folder.run("demo").succeeded().says(NOW);
    folder.run("demo").succeeded().says(NOW);
}

#[test]
fn the_demo_refuses_a_folder_that_holds_something_else_and_leaves_it_alone() {
    let folder = Folder::new();
    let precious = folder.data().join("precious.txt");
    fs::create_dir(folder.data()).expect("a new folder");
    fs::write(&precious, "mine").expect("a new file");
    folder
        .run("demo")
        .failed()
        .complains("holds something that the demo did not make; give another folder with --data-dir");
    assert_eq!(fs::read_to_string(precious).expect("it is still there"), "mine");
    assert_eq!(names(&folder.data()), ["precious.txt"]);
}

#[test]
fn the_demo_refuses_to_clear_a_log_that_somebody_began() {
    let folder = Folder::kent();
    let before = folder.position();
    folder.run("demo").failed().complains("the demo did not make");
    assert_eq!(folder.position(), before);
}

#[test]
fn what_the_demo_prints_as_proof_holds_of_its_log() {
    let folder = Folder::new();
    let shown = folder.run("demo").succeeded();
    let proofs = proofs(&shown);
    assert_eq!(proofs.len(), 2, "a scorecard each: {}", shown.whole());
    for proof in proofs {
        folder.run(&format!("log verify --expect {proof}")).succeeded().says("are verified.");
    }
}
