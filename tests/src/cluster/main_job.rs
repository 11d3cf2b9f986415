//! The main job, on several machines: put in at one node, read at another, the same as in one process.

use super::{Cluster, answers};
use crate::folder::{Folder, number};

#[test]
fn what_is_put_in_at_one_node_is_read_at_another_and_is_what_one_process_answers() {
    let embedded = Folder::kent();
    let position = embedded.position();
    let before = answers(&embedded, position);

    let cluster = Cluster::of(&embedded, 1);
    let ingest = cluster.node(embedded, "ingest");
    let reporting = cluster.node(Folder::new(), "reporting");
    reporting.wait_for(position);
    assert_eq!(answers(&reporting.folder, position), before, "a new node answers as the one process did");
    assert_eq!(answers(&ingest.folder, position), before);

    let put_in =
        ingest.folder.import(&Folder::example("kent-2018/final-key-stage-2"), "--format json").succeeded().json();
    let last = number(&put_in["receipt"]["lastPosition"]);
    assert!(last > position, "something was recorded");
    reporting.wait_for(last);
    let after = answers(&ingest.folder, last);
    assert_eq!(answers(&reporting.folder, last), after, "what one node recorded, the other answers with");
    assert_ne!(after[0], before[0], "the figures are revised");

    let refused = reporting.folder.import(&Folder::example("kent-2018/target-change"), "").failed();
    refused.complains("no submission is taken here").complains("ingest");

    let (embedded, other) = (ingest.stop(), reporting.stop());
    assert_eq!(answers(&embedded, last), after, "and back: one process on either folder answers the same");
    assert_eq!(answers(&other, last), after);
    let one = embedded.run("log verify").succeeded().stdout;
    assert_eq!(one, other.run("log verify").succeeded().stdout, "the same chain");
}

#[test]
fn three_servers_and_two_ingest_nodes_keep_one_log() {
    let first = Folder::kent();
    let position = first.position();
    let cluster = Cluster::of(&first, 3);
    let (one, other) = (cluster.node(first, "ingest"), cluster.node(Folder::new(), "ingest reporting"));
    other.wait_for(position);
    let receipts: Vec<u64> = std::thread::scope(|scope| {
        let writers = [(&one.folder, 2001), (&other.folder, 2041)].map(|(folder, year)| {
            scope.spawn(move || {
                let years = (0..4).map(|n| year + n * 5);
                let put_in = |year: u32| {
                    let text = format!("measure,area,period,value\nehcp-20-weeks,E07000105,{year}-01,{year}\n");
                    let finished = folder.import_text(&format!("{year}.csv"), &text, "--format json").succeeded();
                    number(&finished.json()["receipt"]["lastPosition"])
                };
                years.map(put_in).collect::<Vec<u64>>()
            })
        });
        writers.into_iter().flat_map(|writer| writer.join().expect("a writer does not panic")).collect()
    });
    let last = receipts.iter().copied().max().expect("some were recorded");
    one.wait_for(last);
    other.wait_for(last);
    assert_eq!(one.folder.records(), other.folder.records(), "one log, in one order");
    assert_eq!(one.folder.position(), last);
    let (one, other) = (one.stop(), other.stop());
    assert_eq!(one.run("log verify").succeeded().stdout, other.run("log verify").succeeded().stdout);
}

#[test]
fn a_node_that_is_killed_comes_back_with_everything() {
    let first = Folder::kent();
    let cluster = Cluster::of(&first, 1);
    let mut ingest = cluster.node(first, "ingest");
    let mut reporting = cluster.node(Folder::new(), "reporting");
    reporting.kill();
    let put_in = ingest.folder.import(&Folder::example("kent-2018/target-change"), "--format json").succeeded().json();
    let last = number(&put_in["receipt"]["lastPosition"]);
    ingest.kill();
    reporting.start(&cluster);
    reporting.wait_for(last);
    ingest.start(&cluster);
    ingest.wait_for(last);
    assert_eq!(answers(&ingest.folder, last), answers(&reporting.folder, last));
    let again = ingest.folder.import(&Folder::example("kent-2018/target-change"), "--format json").succeeded().json();
    assert_eq!(ingest.folder.position(), last, "the same again changes nothing: {again}");
}

#[test]
fn every_node_shows_every_other_with_its_head() {
    let first = Folder::kent();
    let position = first.position();
    let cluster = Cluster::of(&first, 1);
    let ingest = cluster.node(first, "ingest ratings");
    let reporting = cluster.node(Folder::new(), "reporting");
    reporting.wait_for(position);
    for node in [&ingest, &reporting] {
        let seen = node.wait_until_asked("cluster", |said| {
            said.contains("ingest, ratings") && said.contains("reporting") && said.matches("145:").count() == 2
        });
        assert!(!seen.contains("differ"), "{seen}");
    }
    reporting.stop();
    ingest.wait_until_asked("cluster", |said| said.contains("silent") || said.contains("gone"));
}
