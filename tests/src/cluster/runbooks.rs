//! The runbooks of docs/OPERATIONS.md, carried out as they are written.

use std::fs;
use std::path::{Path, PathBuf};

use simulator::nats::Nats;

use super::{Cluster, Node, answers, wire};
use crate::folder::{Folder, number};
use crate::program::Finished;
use crate::server::Server;
use crate::small_disk::SmallDisk;

const MIB: u64 = 1024 * 1024;
const LOG: &str = "SCOREBOOK_E10000016_LOG";

impl Node {
    /// Ends it as an administrator does, to start it again later.
    #[track_caller]
    fn pause(&mut self) {
        self.server.take().expect("it runs").stop_cleanly();
    }

    /// Puts one result in, and gives the position at which the log ends then.
    #[track_caller]
    fn record(&self, year: u32) -> u64 {
        let put_in = result(&self.folder, year).succeeded().json();
        number(&put_in["receipt"]["lastPosition"])
    }

    /// Waits until it shows so many nodes that are live, at a position, and nothing to see to.
    #[track_caller]
    fn wait_until_all_are_well(&self, n_nodes: usize, position: u64) {
        self.wait_until_asked("cluster --width 200", |said| {
            let at = format!("{position}:");
            said.matches(&at).count() == n_nodes && said.matches(" live").count() == n_nodes && said.ends_with(" live")
        });
    }
}

/// Puts in a result of one month.
#[track_caller]
fn result(folder: &Folder, year: u32) -> Finished {
    let text = format!("measure,area,period,value\nehcp-20-weeks,E07000105,{year}-01,1\n");
    folder.import_text(&format!("{year}.csv"), &text, "--format json")
}

/// A folder with a log that is restored from a backup.
#[track_caller]
fn restored(backup: &Path) -> Folder {
    let folder = Folder::new();
    folder.run(&format!("restore {}", backup.display())).succeeded();
    folder
}

/// A backup of what a folder holds, or the server on it.
#[track_caller]
fn backup(folder: &Folder, name: &str) -> PathBuf {
    folder.run(&format!("backup {name}")).succeeded();
    folder.root().join(name)
}

/// What `log verify` says: up to where, with which chain.
#[track_caller]
fn verified(folder: &Folder) -> String {
    folder.run("log verify").succeeded().stdout
}

/// The head, as it is printed.
#[track_caller]
fn head(folder: &Folder) -> String {
    let status = folder.ask("status");
    format!("{}:{}", number(&status["position"]), status["chain"].as_str().expect("a chain"))
}

/// The journal moved out of the way, as somebody does who wants to keep it.
#[track_caller]
fn set_aside(folder: &Folder) {
    fs::rename(folder.data().join("journal"), folder.root().join("set-aside")).expect("it can be moved");
}

/// Two nodes that share Kent's log over one server, and its position.
#[track_caller]
fn two_nodes() -> (Cluster, Node, Node, u64) {
    let first = Folder::kent();
    let position = first.position();
    let cluster = Cluster::of(&first, 1);
    let ingest = cluster.node(first, "ingest");
    let reporting = cluster.node(Folder::new(), "reporting");
    reporting.wait_for(position);
    (cluster, ingest, reporting, position)
}

#[test]
fn a_cluster_and_back_to_one_process() {
    let (cluster, ingest, reporting, _) = two_nodes();
    let position = ingest.record(2001);
    reporting.wait_for(position);
    ingest.wait_until_all_are_well(2, position);
    let (first, second) = (ingest.stop(), reporting.stop());
    assert_eq!(verified(&first), verified(&second));
    result(&second, 2002).failed().complains("this data folder is a node's").complains("remove the file node");
    fs::remove_file(second.data().join("node")).expect("the folder was a node's");
    let alone = Server::start(&second);
    result(&second, 2002).succeeded();
    assert_eq!(second.ask("cluster")["nodes"].as_array().map(Vec::len), Some(1));
    alone.stop_cleanly();

    // And a cluster again.
    cluster.reseed(&second).succeeded();
    let (ingest, reporting) = (cluster.node(second, "ingest"), cluster.node(first, "reporting"));
    let position = ingest.record(2003);
    reporting.wait_for(position);
    ingest.wait_until_all_are_well(2, position);
}

#[test]
fn a_new_node_from_the_stream() {
    let (cluster, ingest, _reporting, position) = two_nodes();
    let new = cluster.node(Folder::new(), "reporting");
    new.wait_for(position);
    assert_eq!(head(&new.folder), head(&ingest.folder));
    ingest.wait_until_all_are_well(3, position);
}

#[test]
fn a_new_node_from_another_ones_backup() {
    let (cluster, ingest, _reporting, _) = two_nodes();
    let backup = backup(&ingest.folder, "backup");
    let position = ingest.record(2001);
    let new = cluster.node(restored(&backup), "reporting");
    new.wait_for(position);
    assert_eq!(head(&new.folder), head(&ingest.folder));
    ingest.wait_until_all_are_well(3, position);
}

#[test]
fn a_lost_node() {
    let (cluster, ingest, mut reporting, _) = two_nodes();
    reporting.kill();
    set_aside(&reporting.folder);
    let position = ingest.record(2001);
    ingest.wait_until_asked("cluster", |said| said.contains("silent"));
    reporting.start(&cluster);
    reporting.wait_for(position);
    // Its name was kept in the data folder: it is the same node again, not a third.
    ingest.wait_until_all_are_well(2, position);
    assert_eq!(verified(&ingest.stop()), verified(&reporting.stop()));
}

#[test]
fn a_lost_stream() {
    let (mut cluster, ingest, mut reporting, _) = two_nodes();
    reporting.pause();
    let position = ingest.record(2001);
    cluster.nats.kill(0);
    fs::remove_dir_all(cluster.nats.dir().join("n0/jetstream")).expect("the storage was there");
    cluster.nats.start(0);
    reporting.start(&cluster);
    for node in [&ingest, &reporting] {
        node.wait_until_it_says("scorebook log reseed");
    }
    result(&ingest.folder, 2002).failed().complains("nothing is recorded").complains(LOG);
    let furthest = reporting.wait_until_asked("cluster --format csv", |said| said.matches(",stopped,").count() == 2);
    assert!(furthest.contains("Z,0,"), "one has a lag of 0: {furthest}");

    // The one with the highest position fills it; the other goes on by itself.
    let folder = ingest.stop();
    cluster.reseed(&folder).succeeded().says(&format!("up to position {position}"));
    let ingest = cluster.node(folder, "ingest");
    reporting.wait_for(position);
    let position = ingest.record(2002);
    reporting.wait_for(position);
    ingest.wait_until_all_are_well(2, position);
}

#[test]
fn a_lost_stream_that_was_filled_from_the_wrong_node_is_filled_from_the_right_one() {
    let (_lost, ingest, mut reporting, short) = two_nodes();
    reporting.kill();
    let position = ingest.record(2001);
    let (ingest, reporting) = (ingest.stop(), reporting.folder);
    let cluster = Cluster { nats: Nats::single() };
    cluster.reseed(&reporting).succeeded().says(&format!("up to position {short}"));
    let mut right = cluster.node(ingest, "ingest");
    let said = right.wait_until_it_says("the stream was lost or set back");
    assert!(said.contains(&format!("ends at position {short}")), "{said}");
    right.pause();
    cluster.reseed(&right.folder).succeeded().says(&format!("up to position {position}"));
    right.start(&cluster);
    right.retry(|node| result(&node.folder, 2002));
}

/// The server's configuration with a limit on what JetStream stores.
fn limit(mebibytes: u64) -> String {
    format!("jetstream {{ store_dir: \"{{store}}\", sync_interval: always, max_file_store: {mebibytes}MB }}\n")
}

#[test]
fn a_full_disk_of_nats() {
    let first = Folder::kent();
    let mut cluster = Cluster { nats: Nats::with(1, &limit(3)) };
    cluster.reseed(&first).succeeded();
    let (ingest, reporting) = (cluster.node(first, "ingest"), cluster.node(Folder::new(), "reporting"));
    let mut acknowledged = Vec::new();
    let refused = loop {
        let year = 1900 + 20 * u32::try_from(acknowledged.len()).expect("few");
        let finished = ingest.folder.import(&ingest.folder.months(year), "");
        if finished.code != Some(0) {
            // It may be that NATS completes it when it is started again.
            finished.failed().complains("insufficient resources");
            break year;
        }
        acknowledged.push(year);
        assert!(acknowledged.len() < 40, "it is never full");
    };
    assert!(!acknowledged.is_empty(), "there was room for some");
    result(&ingest.folder, 2090).failed().complains("start its NATS servers again");
    let position = ingest.folder.position();
    reporting.wait_for(position);
    assert_eq!(head(&reporting.folder), head(&ingest.folder), "everything is read");

    cluster.nats.kill(0);
    let config = cluster.nats.dir().join("n0/nats.conf");
    let text = fs::read_to_string(&config).expect("it was written");
    fs::write(&config, text.replace("max_file_store: 3MB", "max_file_store: 64MB")).expect("it can be changed");
    cluster.nats.start(0);
    ingest.retry(|node| node.folder.import(&node.folder.months(refused), ""));
    for &year in &acknowledged {
        ingest.folder.import(&ingest.folder.months(year), "").succeeded();
    }
    let position = ingest.folder.position();
    reporting.wait_for(position);
    let records = reporting.folder.records();
    let there = records.iter().filter(|record| record["resultRecorded"]["cell"]["area"] == "E07000105").count();
    assert_eq!(there, (acknowledged.len() + 1) * 240, "each is there once");
    assert_eq!(verified(&ingest.stop()), verified(&reporting.stop()));
}

#[test]
fn a_full_disk_of_a_node() {
    let first = Folder::kent();
    let cluster = Cluster::of(&first, 1);
    let ingest = cluster.node(first, "ingest");
    let folder = Folder::new();
    let disk = SmallDisk::at(&folder.data(), 92);
    let reporting = cluster.node(folder, "reporting");
    let before = ingest.folder.position();
    reporting.wait_for(before);
    disk.fill_up_to(64 * MIB);
    let position = ingest.record(2001);
    reporting.wait_until_it_says("is full");
    assert_eq!(reporting.folder.position(), before, "it stands still");
    reporting.folder.run("scorecard cype --period 2018-09").succeeded();
    ingest.wait_until_asked("cluster", |said| said.contains("stopped") && said.contains("is full"));
    let position = position.max(ingest.record(2002));
    disk.make_room();
    reporting.wait_until_asked("status", |said| said.contains(&format!("Position {position}")));
    ingest.wait_until_all_are_well(2, position);
    assert_eq!(answers(&reporting.folder, position), answers(&ingest.folder, position));
    assert_eq!(verified(&ingest.stop()), verified(&reporting.stop()));
}

#[test]
fn everything_is_lost_but_a_backup_and_the_log_goes_on_otherwise() {
    let (lost, ingest, reporting, _) = two_nodes();
    let backup = backup(&ingest.folder, "backup");
    let position = ingest.record(2001);
    reporting.wait_for(position);
    let seen = reporting.folder.run("follow --until-caught-up --format json").succeeded().stdout;
    let newest: serde_json::Value =
        seen.lines().filter_map(|line| serde_json::from_str(line).ok()).next_back().expect("an item");
    let cursor = newest["cursor"].as_str().expect("a cursor").to_owned();
    let (kept, survivor) = (ingest.stop(), reporting.stop());
    drop(lost);

    let cluster = Cluster { nats: Nats::single() };
    let first = restored(&backup);
    drop(kept);
    cluster.reseed(&first).succeeded();
    let (ingest, reporting) = (cluster.node(first, "ingest"), cluster.node(Folder::new(), "reporting"));
    let otherwise = ingest.record(2050);
    assert_eq!(otherwise, position, "as long as the lost log was");
    reporting.wait_for(otherwise);
    let refused = reporting.folder.run(&format!("follow --cursor {cursor}")).failed();
    refused.complains("the log went on otherwise");

    // A node of before that turns up again is not mixed in.
    let old = cluster.node(survivor, "reporting");
    old.wait_until_it_says("When nodes disagree");
}

#[test]
fn when_nodes_disagree() {
    let (cluster, mut ingest, mut reporting, _) = two_nodes();
    let backup = backup(&ingest.folder, "backup");
    let position = ingest.record(2001);
    reporting.wait_for(position);
    let line = head(&ingest.folder);
    // Somebody recorded in a copy by itself, and then made it a node.
    let forked = restored(&backup);
    result(&forked, 2050).succeeded();
    let mut forked = cluster.node(forked, "reporting");
    forked.wait_until_it_says("When nodes disagree");
    ingest.wait_until_asked("cluster", |said| said.contains("disagrees"));
    result(&ingest.folder, 2002).failed().complains("nothing is recorded");

    for node in [&mut forked, &mut ingest, &mut reporting] {
        node.pause();
    }
    forked.folder.run(&format!("log verify --expect {line}")).failed();
    for right in [&ingest, &reporting] {
        right.folder.run(&format!("log verify --expect {line}")).succeeded();
    }
    set_aside(&forked.folder);
    for node in [&mut ingest, &mut reporting, &mut forked] {
        node.start(&cluster);
    }
    let position = ingest.record(2002);
    forked.wait_for(position);
    ingest.wait_until_all_are_well(3, position);
}

#[test]
fn a_stray_message_in_the_stream() {
    let (cluster, mut ingest, reporting, position) = two_nodes();
    let address = cluster.urls();
    wire::request(&address, "scorebook.E10000016.log", "not a record");
    for node in [&ingest, &reporting] {
        node.wait_until_it_says(&format!("of stream {LOG} is unusable"));
    }
    result(&ingest.folder, 2001).failed().complains("A stray message in the stream");

    ingest.pause();
    cluster.reseed(&ingest.folder).failed().complains("is unusable");
    let deleted = wire::request(&address, &format!("$JS.API.STREAM.DELETE.{LOG}"), "");
    assert!(deleted.contains("\"success\":true"), "{deleted}");
    cluster.reseed(&ingest.folder).succeeded().says(&format!("up to position {position}"));
    ingest.start(&cluster);
    let position = ingest.record(2001);
    reporting.wait_for(position);
    ingest.wait_until_all_are_well(2, position);
}
