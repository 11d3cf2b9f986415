//! Upgrading the nodes of a cluster one by one, and raising the log's format when all are: `docs/OPERATIONS.md`, “Upgrading
//! a cluster”. A node of an older program is one that is held back by the setting `newest_format`.

use std::thread;
use std::time::Duration;

use super::{Cluster, Node, answers};
use crate::folder::{Folder, number};
use crate::program::{self, DEADLINE, Finished};

const CARD: &str = "scorecard cype --period 2018-09";
const RAISE: &str = "log raise-format 2 --reason \"every node is upgraded\"";

/// The card of a log as JSON, as of a position.
#[track_caller]
fn card(folder: &Folder, position: u64) -> String {
    folder.run(&format!("{CARD} --at-position {position} --format json")).succeeded().stdout
}

/// Raises the log's format as soon as a node hears no other that stands in the way.
#[track_caller]
fn raise_when_allowed(node: &Node) -> Finished {
    let step = Duration::from_millis(500);
    let mut left = DEADLINE;
    loop {
        let raised = node.folder.act(&format!("{RAISE} --format json"));
        if raised.code == Some(0) {
            return raised;
        }
        assert!(!left.is_zero(), "it was never allowed: {}", raised.whole());
        left = left.saturating_sub(step);
        thread::park_timeout(step);
    }
}

#[test]
fn a_cluster_is_upgraded_node_by_node_and_one_that_was_away_carries_on() {
    let first = Folder::kent_of_format(1);
    let before = first.position();
    let cluster = Cluster::of(&first, 1);
    let new = cluster.node(first, "ingest");
    let mut old = cluster.node_of_format(1, Folder::new(), "ingest reporting");
    old.wait_for(before);
    new.wait_until_asked("cluster", |said| said.contains("2 nodes"));

    // An old node is there: nothing is raised, and it is named.
    let name = old.folder.ask("cluster")["nodes"][0]["node"].as_str().expect("a name").to_owned();
    let refused = new.folder.act(RAISE).failed();
    let said = program::unwrapped(&refused.stdout);
    assert!(said.contains(&format!("node {name} reads up to format 1")), "{}", refused.whole());
    assert!(said.contains("scorebook cluster"), "{}", refused.whole());
    old.folder.act(RAISE).failed().says("reads and writes, which is 1");
    assert_eq!(new.folder.position(), before, "nothing was recorded");

    // It goes away without having been upgraded, and is not waited for.
    old.kill();
    let raised = number(&raise_when_allowed(&new).json()["receipt"]["lastPosition"]);
    new.folder.run("status").succeeded().says("2, and this program reads up to 3");
    new.folder.run("log --type FormatRaised").succeeded().says("the log may hold records of format 2");
    let later = new.folder.import(&Folder::example("kent-2018/target-change"), "--format json").succeeded().json();
    let last = number(&later["receipt"]["lastPosition"]);
    let expected = answers(&new.folder, last);

    // It comes back as it was: it keeps everything, serves what it can read, and says what to do.
    old.start(&cluster);
    let told = old.wait_until_it_says(&format!("position {raised} holds a record of type 23"));
    assert!(told.contains("take the setting out and start it again"), "{told}");
    let head = |node: &Node| node.wait_until_asked("log verify", |said| said.contains(&format!("Head: {last}:")));
    assert_eq!(head(&old), head(&new), "every record is kept, with the same chain");
    let text = "measure,area,period,value\nehcp-20-weeks,E07000105,2030-01,1\n";
    let refused = old.folder.import_text("x.csv", text, "").failed();
    refused.complains("nothing is recorded or answered beyond").complains("newest_format = 1");
    old.folder.run(CARD).failed().complains("newest_format = 1").complains("ask as of an earlier position");
    assert_eq!(card(&old.folder, before), card(&new.folder, before), "what it can read it answers");
    old.folder.run(&format!("{CARD} --at-position {last}")).failed().complains("after the head");
    new.wait_until_asked("cluster", |said| said.contains(&format!("{name} records nothing: position {raised}")));
    assert_eq!(new.folder.position(), last);

    // Upgraded, it carries on.
    old.server.take().expect("it runs").stop_cleanly();
    old.newest_format = None;
    old.start(&cluster);
    old.wait_for(last);
    assert_eq!(answers(&old.folder, last), expected);
    let put_in = old.folder.import_text("x.csv", text, "--format json").succeeded().json();
    let end = number(&put_in["receipt"]["lastPosition"]);
    new.wait_for(end);
    assert_eq!(answers(&old.folder, end), answers(&new.folder, end));
    let (new, old) = (new.stop(), old.stop());
    assert_eq!(new.run("log verify").succeeded().stdout, old.run("log verify").succeeded().stdout);
}

#[test]
fn one_process_raises_its_log_and_an_older_one_reads_what_was_before() {
    let folder = Folder::kent_of_format(1);
    let before = folder.position();
    folder.run("log raise-format 2 --reason trial").failed().says("format 1").complains("add --yes");
    folder.act("log raise-format 2").failed().complains("--reason");
    folder.act("log raise-format 4 --reason trial").failed().says("newer than what this program reads");
    folder.act("log raise-format 2 --reason trial").succeeded();
    folder.act("log raise-format 2 --reason again").succeeded().says("everything stands already");
    folder.act("log raise-format 1 --reason back").failed().says("earlier than the log's");
    let last = folder.position();
    let exported = folder.root().join("kent.jsonl");
    folder.run(&format!("log export {}", exported.display())).succeeded_with_progress();

    let held_back = |line: &str| {
        let mut command = folder.command_on_data(line);
        command.env("SCOREBOOK_NEWEST_FORMAT", "1");
        program::run(command, b"")
    };
    let status = held_back("status").succeeded();
    let said = program::unwrapped(&status.stdout);
    assert!(said.contains("take the setting out and start it again"), "{}", status.whole());
    assert!(said.contains("holds this program back to record format 1, of 3"), "{}", status.whole());
    held_back(CARD).failed().complains("newest_format = 1");
    held_back(&format!("{CARD} --at-position {before}")).succeeded();
    held_back("log verify").succeeded().says(&format!("Head: {last}:"));
    let mut command = folder.command_on_data("status");
    command.env("SCOREBOOK_NEWEST_FORMAT", "9");
    program::run(command, b"").failed().complains("newest_format is 9; this program has formats 1 to 3");

    let other = Folder::new();
    other.run(&format!("log import {}", exported.display())).succeeded_with_progress();
    assert_eq!(other.ask("status")["chain"], folder.ask("status")["chain"], "an export brings it along");
    folder.run(CARD).succeeded();
}
