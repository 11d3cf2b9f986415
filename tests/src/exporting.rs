//! A way out and back: the log as lines of JSON, read by a program that is not Scorebook, and taken back whole.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::folder::Folder;
use crate::program::{self, Finished};
use crate::server::Server;

/// Kent's log with what came later, and its export.
fn exported() -> (Folder, PathBuf) {
    let folder = Folder::kent();
    folder.import(&Folder::example("kent-2018/final-key-stage-2"), "--known-at 2024-11-19").succeeded();
    folder.import(&Folder::example("kent-2018/target-change"), "").succeeded();
    let path = folder.root().join("log.jsonl");
    folder.run(&format!("log export {}", path.display())).succeeded().says("records are exported to").says("Head: ");
    (folder, path)
}

/// `position:chain` as answers print it.
fn proof(folder: &Folder) -> String {
    let status = folder.ask("status");
    format!("{}:{}", status["position"].as_str().expect("text"), status["chain"].as_str().expect("text"))
}

fn import(into: &Folder, path: &Path, flags: &str) -> Finished {
    into.run(&format!("log import {} {flags}", path.display()))
}

/// Imports a changed export, which is refused, and leaves nothing.
#[track_caller]
fn refused(text: &str, words: &str) {
    let other = Folder::new();
    let path = other.write("changed.jsonl", text);
    import(&other, &path, "").failed().complains(words).complains("was not imported");
    let left = fs::read_dir(other.data()).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing is left in the data folder");
    other.run("status").failed().complains("there is no log in");
}

#[test]
fn an_export_is_read_without_scorebook() {
    let (folder, path) = exported();
    let mut command = Command::new("python3");
    command.arg(program::workspace().join("tests/python/read_export.py")).arg(&path);
    let read = program::run(command, b"");
    assert_eq!(read.code, Some(0), "{}", read.whole());
    let records = folder.records();
    let read = read
        .says(&format!("{} records, every checksum and the chain hold; head {}", records.len(), proof(&folder)))
        .says("of authority E10000016");
    for (name, field) in [("ResultRecorded", "resultRecorded"), ("TargetChanged", "targetChanged")] {
        let n = records.iter().filter(|record| !record[field].is_null()).count();
        assert!(n > 0, "{name}");
        read.clone().says(&format!("{n} {name}"));
    }
}

#[test]
fn an_export_says_what_the_log_says() {
    let (folder, path) = exported();
    let text = fs::read_to_string(path).expect("the export");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let records = folder.records();
    assert_eq!(lines.len(), records.len().saturating_add(2));
    for (line, record) in lines[1..].iter().zip(&records) {
        assert_eq!(line["position"].to_string(), record["position"].as_str().expect("text"));
        assert_eq!(line["event_id"], record["eventId"]);
        assert_eq!(line["submission"], record["submissionId"]);
        assert_eq!(line["actor"], record["actor"]["id"]);
        let result = &record["resultRecorded"];
        if !result.is_null() {
            assert_eq!(line["type"], "ResultRecorded");
            assert_eq!(line["event"]["measure"], result["cell"]["measure"]);
            assert_eq!(line["event"]["period"], result["cell"]["period"]);
        }
    }
    // Standard output gives the same bytes, and the same log the same at any time.
    assert_eq!(folder.run("log export -").succeeded().stdout, text);
    assert_eq!(folder.run("log export").succeeded().stdout, text);
}

#[test]
fn an_export_is_imported_to_the_same_log() {
    let (folder, path) = exported();
    let other = Folder::new();
    let head = proof(&folder);
    import(&other, &path, &format!("--expect {head}"))
        .succeeded()
        .says("is imported into")
        .says(&format!("Every record up to position {} is what it was", folder.position()))
        .says(&format!("Head: {head}"));
    assert_eq!(proof(&other), head);
    assert_eq!(other.records(), folder.records());
    let card = "scorecard cype --period 2018-09 --known-at 2018-11-29";
    assert_eq!(other.run(card).succeeded().stdout, folder.run(card).succeeded().stdout);
    assert_eq!(other.run("log export -").succeeded().stdout, fs::read_to_string(&path).expect("the export"));
    other.act("result record ehcp-20-weeks --period 2018-10 --value 50 --reason x").succeeded();
    other.run(&format!("log verify --expect {head}")).succeeded();
    import(&other, &path, "").failed().complains("there is a log in").complains("name another folder");
}

#[test]
fn an_export_that_was_changed_is_refused_with_its_line() {
    let (_folder, path) = exported();
    let text = fs::read_to_string(path).expect("the export");
    let target = text.lines().position(|line| line.contains(r#""type":"TargetChanged""#)).expect("a target");
    let line: Value = serde_json::from_str(text.lines().nth(target).expect("that line")).expect("JSON");
    let value = line["event"]["target"].as_str().expect("a decimal is text");
    let number = target.saturating_add(1);
    let from = format!(r#""target":"{value}""#);
    let change = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
        lines[target] = lines[target].replacen(&from, r#""target":"1.5""#, 1);
        lines.concat()
    };
    let words =
        format!(r#"line {number}: in "event", the readable "target" is "1.5", but the exact record says "{value}""#);
    refused(&change(&text), &words);

    let lines: Vec<&str> = text.lines().collect();
    let without = |n: usize| {
        let kept = lines.iter().enumerate().filter(|(i, _)| *i != n);
        kept.flat_map(|(_, line)| [*line, "\n"]).collect::<String>()
    };
    refused(&without(target), &format!("line {number}: the record of position"));
    refused(&without(lines.len().saturating_sub(1)), "the last line is missing: the file was cut off");
    refused(&text[..text.len().checked_div(2).expect("2 is not 0")], "the file was cut off");
    refused(&text.replacen("{\"scorebook_export\":1", "{\"scorebook_export\":7", 1), "a newer Scorebook made it");
    refused("measure,area\n", "line 1: it is not the first line of an export");
}

#[test]
fn nothing_is_written_over_and_a_server_is_not_disturbed() {
    let (folder, path) = exported();
    let before = fs::read(&path).expect("the export");
    let line = format!("log export {}", path.display());
    folder.run(&line).failed().complains("is there already").complains("name a place where there is nothing yet");
    assert_eq!(fs::read(&path).expect("the export"), before);
    let server = Server::start(&folder);
    import(&folder, &path, "").failed().complains("there is a log in");
    server.stop_cleanly();
    let wrong = format!("5:{}", "0".repeat(64));
    let other = Folder::new();
    import(&other, &path, &format!("--expect {wrong}")).failed().complains("at position 5 its chain is");
    import(&other, &path, "--expect nonsense").failed().complains("is not POSITION:CHAIN");
    import(&other, &path, "").succeeded().says("cannot be excluded without a position and chain");
}

#[test]
fn a_full_disk_leaves_no_file_that_looks_finished() {
    let folder = Folder::kent();
    let unfinished = folder.root().join("log.jsonl.part");
    std::os::unix::fs::symlink("/dev/full", &unfinished).expect("a link to what is always full");
    folder.run("log export log.jsonl").failed().complains("failed").complains("No space left on device");
    assert!(!folder.root().join("log.jsonl").exists());
    assert!(unfinished.symlink_metadata().is_err(), "what was unfinished is removed");
    folder.run("log export log.jsonl").succeeded();
    let command = shell(&folder.command_on_data(""), r#"exec "$0" "$@" log export - > /dev/full"#);
    program::run(command, b"").failed().complains("writing standard output failed");
}

#[test]
fn an_import_onto_a_full_disk_leaves_no_log() {
    let (folder, path) = exported();
    let other = Folder::new();
    // No file may be longer than 8 blocks of 512 bytes: writing more fails as on a full disk.
    let command =
        shell(&other.command_on_data(""), r#"trap "" XFSZ; ulimit -f 8; exec "$0" "$@" log import log.jsonl"#);
    fs::copy(&path, other.root().join("log.jsonl")).expect("it can be copied");
    program::run(command, b"").failed();
    other.run("status").failed().complains("there is no log in");
    import(&other, &path, "").succeeded().says(&format!("Head: {}", proof(&folder)));
}

/// More than a pipe holds twice: whoever wrote it knows that there was a second reading, after the first was worked on.
const TWO_READINGS: usize = 2 * 65_536 + 32_768;

#[test]
fn an_import_that_is_killed_leaves_no_log_and_nothing_in_the_way_of_the_next() {
    let (folder, path) = exported();
    let text = fs::read(&path).expect("the export");
    assert!(text.len() > TWO_READINGS, "{}", text.len());
    let other = Folder::new();
    let pipe = other.root().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("there is mkfifo").success());
    let mut command = other.command_on_data("log import pipe");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("the program starts");
    let mut writing = File::options().write(true).open(&pipe).expect("the program opens its end");
    writing.write_all(&text[..TWO_READINGS]).expect("the program reads");
    program::signal("KILL", child.id());
    let killed = program::wait(child);
    assert_eq!(killed.status.code(), None, "a signal ended it");
    drop(writing);

    let left: Vec<_> =
        fs::read_dir(other.data()).expect("it was made").map(|e| e.expect("an entry").file_name()).collect();
    assert_eq!(left, ["journal.unfinished"]);
    other.run("status").failed().complains("there is no log in");
    import(&other, &path, "").succeeded().says(&format!("Head: {}", proof(&folder)));
    assert!(!other.data().join("journal.unfinished").exists());
}

/// Runs a command through the shell, which gets it as `$0` and `$@`.
fn shell(command: &Command, script: &str) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", script]).arg(command.get_program()).args(command.get_args());
    if let Some(dir) = command.get_current_dir() {
        shell.current_dir(dir);
    }
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            shell.env(name, value);
        }
    }
    shell
}
