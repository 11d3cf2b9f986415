//! An export and a proof beside a server that goes on: whole, of one moment, and no burden when nobody reads them.

use std::fs;
use std::io::Read as _;
use std::process::{Child, Stdio};
use std::thread;

use serde_json::Value;

use crate::folder::Folder;
use crate::program;
use crate::server::Server;

/// `position:chain` as answers print it.
fn proof(folder: &Folder) -> String {
    let status = folder.ask("status");
    format!("{}:{}", status["position"].as_str().expect("text"), status["chain"].as_str().expect("text"))
}

fn record(folder: &Folder, value: u32) {
    folder.act(&format!("result record ehcp-20-weeks --period 2018-10 --value {value} --reason x")).succeeded();
}

/// What an export of a longer log would have been when it ended where this one says it does.
fn cut_off(whole: &str, head: &str) -> String {
    let n_records: usize = head.split(':').next().expect("a position").parse().expect("a number");
    let mut lines: Vec<String> = whole.lines().map(str::to_owned).collect();
    let end: Value = serde_json::from_str(lines.last().expect("an end")).expect("JSON");
    let was = format!(r#""records":{},"head":{}"#, end["records"], end["head"]);
    let is = format!(r#""records":{n_records},"head":"{head}""#);
    let last = lines.pop().expect("an end").replace(&was, &is);
    lines.truncate(n_records.saturating_add(1));
    lines[0] = lines[0].replace(&was, &is);
    lines.push(last);
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}

#[test]
fn a_server_that_records_is_exported_as_if_it_had_stopped_at_that_moment() {
    let folder = Folder::kent();
    let stopped = folder.run("log export -").succeeded().stdout;
    let server = Server::start(&folder);
    assert!(folder.run("log export -").succeeded().stdout == stopped, "the same bytes from a server");
    let mut exports = Vec::new();
    thread::scope(|scope| {
        let recording = scope.spawn(|| (1..9).for_each(|value| record(&folder, value)));
        while !recording.is_finished() {
            let name = format!("{}.jsonl", exports.len());
            let exported = folder.run(&format!("log export {name}")).succeeded().says("records are exported to");
            let head = exported.stdout.lines().find_map(|line| line.strip_prefix("Head: ")).expect("a head").to_owned();
            exports.push((name, head));
        }
        recording.join().expect("recording does not panic");
    });
    folder.run("log export 0.jsonl").failed().complains("is there already");
    server.stop_cleanly();

    let whole = folder.run("log export -").succeeded().stdout;
    for (name, head) in &exports {
        let text = fs::read_to_string(folder.root().join(name)).expect("an export");
        assert!(text == cut_off(&whole, head), "{name}, up to {head}");
        assert!(!folder.root().join(format!("{name}.part")).exists());
    }
    let (name, head) = exports.last().expect("there was time for one");
    let other = Folder::new();
    let path = folder.root().join(name);
    other.run(&format!("log import {} --expect {head}", path.display())).succeeded().says(&format!("Head: {head}"));
}

#[test]
fn a_server_is_verified_while_it_serves() {
    let folder = Folder::kent();
    let earlier = proof(&folder);
    let server = Server::start(&folder);
    folder
        .run(&format!("log verify --expect {earlier}"))
        .succeeded()
        .says("is what it was when that position was printed");
    record(&folder, 50);
    let verified = folder.run(&format!("log verify --expect {earlier}")).succeeded();
    verified.says("in 3 commits are verified").says("The 2 after it").says(&format!("Head: {}", proof(&folder)));
    folder.run(&format!("log verify --expect 5:{}", "0".repeat(64))).failed().complains("position 5");
    // A slip of the pen does not stop the server.
    record(&folder, 51);
    server.stop_cleanly();
}

/// An export that nobody reads on, begun.
fn unread_export(folder: &Folder) -> Child {
    let mut command = folder.command_on_data("log export -");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program starts");
    let mut first = [0; 1];
    child.stdout.as_mut().expect("a pipe").read_exact(&mut first).expect("it begins");
    assert_eq!(&first, b"{");
    child
}

fn end(mut child: Child) {
    program::signal("KILL", child.id());
    let ended = child.wait().expect("it was started");
    assert_eq!(ended.code(), None, "it had not come to its end: nobody read it");
}

#[test]
fn exports_that_nobody_reads_hold_up_nothing_and_end_with_their_reader() {
    let folder = Folder::kent();
    for year in [1900, 1920] {
        folder.import(&folder.months(year), "").succeeded();
    }
    let n_bytes = folder.run("log export -").succeeded().stdout.len();
    assert!(n_bytes > 1_000_000, "more than pipes and sockets hold: {n_bytes}");
    let server = Server::start(&folder);
    let mut unread: Vec<Child> = (0..3).map(|_| unread_export(&folder)).collect();
    record(&folder, 50);
    folder.run("backup backup").succeeded();
    unread.push(unread_export(&folder));
    let told = "the server is answering 4 others: try again when one of them has ended";
    folder.run("log verify").failed().complains(told);
    folder.run("log export late.jsonl").failed().complains(told);
    assert!(!folder.root().join("late.jsonl").exists() && !folder.root().join("late.jsonl.part").exists());
    record(&folder, 51);

    // Whoever leaves gives up their place as soon as the server writes on.
    unread.into_iter().for_each(end);
    let mut n_tries = 0_u32;
    loop {
        let verified = folder.run("log verify");
        if verified.code == Some(0) {
            break;
        }
        verified.failed().complains(told);
        n_tries = n_tries.saturating_add(1);
        assert!(n_tries < 100, "nobody is being answered any more");
    }
    // A server that stops does not wait for them.
    let unread = unread_export(&folder);
    let stopped = server.stop_cleanly();
    assert!(stopped.stderr.contains("to whoever asked failed"), "{}", stopped.whole());
    end(unread);
    folder.run("log verify").succeeded();
}

#[test]
fn an_export_whose_server_ends_leaves_nothing_that_looks_finished() {
    let folder = Folder::kent();
    for year in [1900, 1920] {
        folder.import(&folder.months(year), "").succeeded();
    }
    let server = Server::start(&folder);
    // Written to, and not read: the program waits with a part of it.
    let pipe = folder.root().join("log.jsonl.part");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("there is mkfifo");
    assert!(made.success());
    let mut command = folder.command_on_data("log export log.jsonl");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("the program starts");
    let mut reading = fs::File::open(&pipe).expect("the program opens its end");
    reading.read_exact(&mut [0; 1]).expect("it begins");
    server.kill();
    let reader = thread::spawn(move || {
        let mut rest = Vec::new();
        reading.read_to_end(&mut rest).expect("it is read to its end")
    });
    let output = program::wait(child);
    reader.join().expect("reading does not panic");
    let finished = program::Finished::from_output("log export log.jsonl".to_owned(), output);
    finished.failed().complains("the server ended before it was done: begin again");
    assert!(!folder.root().join("log.jsonl").exists());
    assert!(pipe.symlink_metadata().is_err(), "what was unfinished is removed");
}
