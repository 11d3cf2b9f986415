//! How a server is, for whoever operates it: figures that move, and whether it is ready.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::folder::Folder;
use crate::http;
use crate::program;
use crate::server::Server;

/// A server with `/metrics`, and their address.
fn serve(folder: &Folder) -> (Server, String) {
    let mut server = Server::start_command(folder.command_on_data("serve --listen 127.0.0.1:0 --metrics 127.0.0.1:0"));
    let rest = server.wait_for("How it is: http://");
    let address = rest.split_once("/metrics").expect("the path follows").0.to_owned();
    (server, address)
}

/// Reads the text format strictly: each metric once, with its help and type before it, a name that may be, a whole number.
#[track_caller]
fn metrics(address: &str) -> BTreeMap<String, u64> {
    let answer = http::get(address, "/metrics", "");
    assert!(answer.head.contains("content-type: text/plain; version=0.0.4; charset=utf-8\r\n"), "{}", answer.head);
    let (status, text) = answer.text();
    assert_eq!(status, 200);
    assert!(text.ends_with('\n'), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    let mut found = BTreeMap::new();
    for metric in lines.chunks(3) {
        let [help, kind, sample] = metric else { panic!("half a metric: {metric:?}") };
        let (series, value) = sample.rsplit_once(' ').expect("a value");
        let name = series.split('{').next().expect("a name");
        let may_be = |c: char| c.is_ascii_lowercase() || c == '_';
        assert!(name.chars().all(may_be), "{name}");
        let about = help.strip_prefix(&format!("# HELP {name} ")).expect("its help");
        assert!(!about.is_empty() && !about.contains('\\'), "{about}");
        let expected = if name.ends_with("_total") { "counter" } else { "gauge" };
        assert_eq!(*kind, format!("# TYPE {name} {expected}"));
        assert_eq!(
            found.insert(name.to_owned(), value.parse().expect("a whole number")),
            None,
            "{name} is there twice"
        );
    }
    found
}

#[test]
fn figures_move_with_the_log() {
    let folder = Folder::kent();
    let (server, address) = serve(&folder);
    let before = metrics(&address);
    assert_eq!(before["scorebook_head_position"], folder.position());
    for (name, value) in [("scorebook_build_info", 1), ("scorebook_ready", 1), ("scorebook_log_damaged", 0)] {
        assert_eq!(before[name], value, "{name}");
    }
    assert!(before["scorebook_disk_free_bytes"] > before["scorebook_disk_needed_bytes"], "{before:?}");
    assert!(before["process_resident_memory_bytes"] > 1_000_000, "{before:?}");
    folder.act("result record ehcp-20-weeks --period 2018-10 --value 1 --reason x").succeeded();
    let after = metrics(&address);
    assert_eq!(after["scorebook_head_position"], folder.position());
    assert!(after["scorebook_head_position"] > before["scorebook_head_position"]);
    let n = "scorebook_submissions_recorded_total";
    assert_eq!(after[n], before[n] + 1);
    server.stop_cleanly();
}

#[test]
fn a_server_says_that_it_is_ready_and_lives() {
    let folder = Folder::begun();
    let (server, address) = serve(&folder);
    assert_eq!(http::get(&address, "/ready", "").text(), (200, "ready\n".to_owned()));
    assert_eq!(http::get(&address, "/live", "").text(), (200, "live\n".to_owned()));
    assert_eq!(http::get(&address, "/", "").text().0, 404);
    server.stop_cleanly();
}

/// A YAML file as JSON, all its documents.
#[track_caller]
pub(crate) fn yaml(path: &str) -> Vec<Value> {
    let python = program::workspace().join("target/tools/venv/bin/python");
    let script = "import json, sys, yaml; json.dump(list(yaml.safe_load_all(open(sys.argv[1]))), sys.stdout)";
    let output = Command::new(&python).args(["-c", script]).arg(program::workspace().join(path)).output();
    let output = output.unwrap_or_else(|error| panic!("{}: {error}; run: cargo xtask tools", python.display()));
    assert!(output.status.success(), "{path}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn every_alarm_is_about_a_figure_that_there_is_and_has_a_runbook() {
    let there = fs::read_to_string(program::workspace().join("crates/web/src/operating.rs")).expect("the source");
    let runbooks = fs::read_to_string(program::workspace().join("docs/OPERATIONS.md")).expect("the document");
    let anchors: BTreeSet<String> = runbooks
        .lines()
        .filter_map(|line| line.strip_prefix("## ").or_else(|| line.strip_prefix("### ")))
        .map(|title| title.to_lowercase().replace(' ', "-").replace([':', ','], ""))
        .collect();
    let file = &yaml("deploy/prometheus/alerts.yaml")[0];
    let rules = file["groups"][0]["rules"].as_array().expect("rules");
    assert!(rules.len() >= 8, "{rules:?}");
    for rule in rules {
        let expression = rule["expr"].as_str().expect("an expression");
        let words = expression.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        for name in words.filter(|word| word.starts_with("scorebook_")) {
            assert!(there.contains(&format!("\"{name}\"")), "{name} is no figure of /metrics");
        }
        let runbook = rule["annotations"]["runbook"].as_str().expect("a runbook");
        let anchor = runbook.strip_prefix("docs/OPERATIONS.md#").expect("a section of it");
        assert!(anchors.contains(anchor), "{anchor} is not in {anchors:?}");
    }
}
