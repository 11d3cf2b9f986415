//! The nodes of a log that one process has to itself: one, which agrees with itself.

use crate::folder::{Folder, list, number};
use crate::server::Server;

#[test]
fn one_process_is_one_node_that_does_everything() {
    let folder = Folder::kent();
    let status = folder.ask("status");
    let server = Server::start(&folder);
    let answer = folder.ask("cluster");
    assert_eq!((&answer["authority"], &answer["logId"]), (&status["authority"], &status["logId"]));
    let nodes = list(&answer["nodes"]);
    let [node] = nodes.as_slice() else { panic!("one node: {answer:#}") };
    assert_eq!(node["node"], "local");
    assert_eq!(node["roles"], serde_json::json!(["all"]));
    assert_eq!(node["state"], "NODE_STATE_LIVE");
    assert_eq!((node["answers"].as_bool(), number(&node["lag"]), node["format"].as_u64()), (Some(true), 0, Some(3)));
    for field in ["position", "chain", "recordedAt", "logId"] {
        assert!(!node[field].is_null() && node[field] == status[field], "{field}: {node:#}");
    }
    assert_eq!(node["version"], status["serverVersion"]);
    assert_eq!(list(&answer["problems"]).len(), 0);
    server.stop_cleanly();
}

#[test]
fn the_nodes_are_shown_as_a_table_and_as_csv() {
    let folder = Folder::kent();
    let status = folder.ask("status");
    let chain = status["chain"].as_str().expect("a chain");
    let head = format!("{}:{}…", number(&status["position"]), &chain[..12]);
    folder.run("cluster --width 120").succeeded().says("1 node of the scorebook of E10000016").says(&head).says("live");
    let csv = folder.run("cluster --format csv").succeeded().stdout;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a whole row")).collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].iter().take(3).collect::<Vec<_>>(), ["local", "yes", "all"]);
}
