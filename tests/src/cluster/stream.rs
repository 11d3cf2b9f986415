//! A stream that is lost, behind or gone: writes stop and say so, reading goes on, and the journal fills it again.

use super::Cluster;
use crate::folder::Folder;

#[test]
fn a_lost_stream_stops_writes_until_it_is_filled_from_a_journal() {
    let first = Folder::kent();
    let position = first.position();
    let lost = Cluster::of(&first, 1);
    let node = lost.node(first, "ingest");
    node.wait_for(position);
    let folder = node.stop();

    // The same servers' addresses, with nothing in them.
    let cluster = Cluster { nats: simulator::nats::Nats::single() };
    let fresh = Folder::new();
    let line = format!("serve --listen 127.0.0.1:0 --role ingest --nats {} --authority E10000016", cluster.urls());
    fresh.run(&line).failed().complains("there is no stream").complains("scorebook log reseed");

    let node = cluster.node(folder, "ingest");
    node.wait_until_it_says("scorebook log reseed");
    node.folder.run("scorecard cype --period 2018-09").succeeded();
    let refused = node.folder.import(&Folder::example("kent-2018/target-change"), "").failed();
    refused.complains("nothing is recorded").complains("scorebook log reseed");
    let folder = node.stop();

    cluster.reseed(&folder).succeeded().says(&format!("up to position {position}"));
    cluster.reseed(&folder).succeeded().says(&format!("up to position {position}"));
    let node = cluster.node(folder, "ingest");
    node.folder.import(&Folder::example("kent-2018/target-change"), "").succeeded();
}

#[test]
fn a_log_that_went_on_otherwise_is_not_mixed_in() {
    let first = Folder::kent();
    let position = first.position();
    let backup = first.root().join("backup");
    first.run(&format!("backup {}", backup.display())).succeeded();
    let other = Folder::new();
    other.run(&format!("restore {}", backup.display())).succeeded();
    let cluster = Cluster::of(&first, 1);
    let node = cluster.node(first, "ingest");
    node.folder.import(&Folder::example("kent-2018/target-change"), "").succeeded();
    other.import(&Folder::example("kent-2018/final-key-stage-2"), "").succeeded();

    let refused = cluster.reseed(&other).failed();
    refused.complains(&format!("differ from position {}", position + 1));
    let forked = cluster.node(other, "ingest reporting");
    forked.wait_until_it_says(&format!("differ from position {}", position + 1));
    forked.folder.import_text("x.csv", "measure,area,period,value\nehcp-20-weeks,E07000105,2030-01,1\n", "").failed();
}

#[test]
fn while_nats_is_gone_a_node_answers_refuses_and_goes_on_by_itself() {
    let first = Folder::kent();
    let position = first.position();
    let mut cluster = Cluster::of(&first, 1);
    let mut node = cluster.node(first, "ingest");
    node.wait_for(position);
    cluster.nats.kill(0);
    let change = Folder::example("kent-2018/target-change");
    node.folder.import(&change, "").failed().complains("nothing is recorded").complains("no NATS server is connected");
    node.folder.run("scorecard cype --period 2018-09").succeeded();
    // It also begins without NATS, on what it holds.
    node.kill();
    node.start(&cluster);
    node.folder.run("scorecard cype --period 2018-09").succeeded();
    cluster.nats.start(0);
    let taken = node.retry(|node| node.folder.import(&change, ""));
    assert!(node.folder.position() > position, "{}", taken.whole());
}
