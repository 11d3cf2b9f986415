//! A server that is ended by force, or told to stop, while submissions are under way: what it acknowledged is there.

use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::sync::mpsc::{self, SyncSender};
use std::thread;

use serde_json::Value;

use crate::folder::{Folder, list, number};
use crate::program::DEADLINE;
use crate::server::Server;

/// What was acknowledged: a month and its figure, and where.
#[derive(Debug, Clone)]
struct Acknowledged {
    period: String,
    value: String,
    submission: String,
    last_position: u64,
}

/// Records one figure after another through the server, and tells of each that is acknowledged, until one is not.
fn record_until_it_ends(folder: &Folder, round: u32, writer: u32, tell: &SyncSender<Acknowledged>) {
    for n in 0..400_u32 {
        let year = 1900_u32.saturating_add(round.saturating_mul(34)).saturating_add(n.checked_div(12).unwrap_or(0));
        let period = format!("{year}-{:02}", n.checked_rem(12).unwrap_or(0).saturating_add(1));
        let value = format!("{writer}{n:03}");
        let act = format!(
            "result record ehcp-20-weeks --area E0700010{writer} --period {period} --value {value} --reason round --format json"
        );
        let finished = folder.act(&act);
        if finished.code != Some(0) {
            return;
        }
        let receipt = finished.json()["receipt"].clone();
        let submission = receipt["submissionId"].as_str().expect("an identifier").to_owned();
        let last_position = number(&receipt["lastPosition"]);
        if tell.send(Acknowledged { period, value, submission, last_position }).is_err() {
            return;
        }
    }
}

/// Everything acknowledged is in the log at its place, once.
#[track_caller]
fn all_there(folder: &Folder, acknowledged: &[Acknowledged]) {
    folder.run("log verify").succeeded();
    let records = folder.records();
    let positions: Vec<u64> = records.iter().map(|record| number(&record["position"])).collect();
    let head = u64::try_from(records.len()).expect("a count");
    assert_eq!(positions, (1..=head).collect::<Vec<_>>(), "positions are dense");
    for one in acknowledged {
        let of_it =
            |record: &&Value| record["submissionId"] == one.submission.as_str() && !record["resultRecorded"].is_null();
        let found: Vec<_> = records.iter().filter(of_it).collect();
        assert_eq!(found.len(), 1, "{one:?} is there once");
        assert_eq!(number(&found[0]["position"]), one.last_position);
        assert_eq!(found[0]["resultRecorded"]["cell"]["period"], one.period.as_str());
        let figure = &found[0]["resultRecorded"]["entry"]["figure"]["stated"]["value"]["coefficient"];
        assert_eq!(number(figure), one.value.parse::<u64>().expect("digits"));
    }
}

/// Runs rounds of: serve, record from several processes at once, end the server after some acknowledgements.
fn rounds(n_rounds: u32, end: impl Fn(Server)) {
    const WRITERS: u32 = 3;
    let folder = Folder::kent();
    let mut all: Vec<Acknowledged> = Vec::new();
    for round in 0..n_rounds {
        let server = Server::start(&folder);
        let (tell, told) = mpsc::sync_channel(1_000);
        let enough = 3_usize.saturating_add(usize::try_from(round).expect("a count"));
        let this_round = thread::scope(|scope| {
            for writer in 5..5_u32.saturating_add(WRITERS) {
                let (folder, tell) = (&folder, tell.clone());
                scope.spawn(move || record_until_it_ends(folder, round, writer, &tell));
            }
            drop(tell);
            let mut this_round: Vec<Acknowledged> = Vec::new();
            while this_round.len() < enough {
                this_round.push(told.recv_timeout(DEADLINE).expect("the server acknowledges"));
            }
            end(server);
            // Once the server has gone, commands open the folder themselves and go on: that is enough of them.
            while this_round.len() < enough.saturating_add(6) {
                match told.recv_timeout(DEADLINE) {
                    Ok(one) => this_round.push(one),
                    Err(_all_ended) => break,
                }
            }
            drop(told);
            this_round
        });
        all.extend(this_round);
        all_there(&folder, &all);
    }
}

#[test]
fn what_was_acknowledged_is_there_after_the_server_was_killed() {
    rounds(4, Server::kill);
}

#[test]
fn what_was_acknowledged_is_there_after_the_server_was_told_to_stop() {
    rounds(3, |server| {
        let stopped = server.stop();
        assert_eq!(stopped.code, Some(0), "{}", stopped.whole());
        stopped.says("Stopped.");
    });
}

#[test]
fn an_import_under_way_when_the_server_is_killed_is_there_whole_or_not_at_all() {
    let folder = Folder::kent();
    let mut text = "measure,area,period,value\n".to_owned();
    for year in 1900..2190_u32 {
        for month in 1..=12_u32 {
            writeln!(text, "ehcp-20-weeks,E07000105,{year}-{month:02},{month}").expect("text grows");
        }
    }
    let path = folder.write("long.csv", &text);
    let n_rows = u64::try_from(text.lines().count()).expect("a count").saturating_sub(1);
    let server = Server::start(&folder);
    let finished = thread::scope(|scope| {
        let import = scope.spawn(|| folder.import(&path, ""));
        folder.act("result record ehcp-20-weeks --period 2018-10 --value 50 --reason meanwhile");
        server.kill();
        import.join().expect("it ends")
    });
    folder.run("log verify").succeeded();
    let recorded =
        folder.records().iter().filter(|record| record["resultRecorded"]["cell"]["area"] == "E07000105").count();
    let recorded = u64::try_from(recorded).expect("a count");
    assert!(recorded == 0 || recorded == n_rows, "{recorded} of {n_rows}");
    if finished.code == Some(0) {
        assert_eq!(recorded, n_rows, "it was acknowledged: {}", finished.whole());
    }
    folder.import(&path, "").succeeded();
    let again =
        folder.records().iter().filter(|record| record["resultRecorded"]["cell"]["area"] == "E07000105").count();
    assert_eq!(u64::try_from(again).expect("a count"), n_rows, "a retry completes it, once");
}

#[test]
fn the_notice_of_a_killed_server_is_survived() {
    let folder = Folder::kent();
    let head = folder.position();
    let server = Server::start(&folder);
    server.kill();
    assert!(folder.notice().is_file(), "nobody took it back");
    assert_eq!(folder.position(), head, "the folder is opened instead");
    folder.act("result record ehcp-20-weeks --period 2018-10 --value 50 --reason x").succeeded();
    let again = Server::start(&folder);
    assert_eq!(folder.position(), head.saturating_add(2));
    again.stop_cleanly();
    assert!(!folder.notice().exists());
}

#[test]
fn a_notice_that_cannot_be_read_is_survived() {
    let folder = Folder::kent();
    let head = folder.position();
    for nonsense in ["", "{", "{\"listen\":\"nowhere\",\"pid\":1}", "[]"] {
        fs::write(folder.notice(), nonsense).expect("it can be written");
        assert_eq!(folder.position(), head, "{nonsense}");
    }
    fs::write(folder.notice(), "x".repeat(100_000)).expect("it can be written");
    assert_eq!(folder.position(), head);
}

#[test]
fn a_stale_notice_whose_port_another_log_now_has_does_not_lead_there() {
    let (mine, other) = (Folder::kent(), Folder::begun());
    let heads = (mine.position(), other.position());
    let killed = Server::start(&mine);
    let address = killed.address().to_owned();
    killed.kill();
    let server = Server::start(&other);
    let stale = fs::read_to_string(mine.notice()).expect("nobody took it back");
    assert!(stale.contains(&address), "{stale}");
    fs::write(mine.notice(), stale.replace(&address, server.address())).expect("it can be written");
    let finished = mine.act("result record ehcp-20-weeks --period 2018-10 --value 50 --reason mine");
    let status = mine.run("status --format json");
    server.stop_cleanly();
    assert_eq!(other.position(), heads.1, "nothing goes into another log: {}", finished.whole());
    finished.succeeded();
    let position = number(&status.succeeded().json()["position"]);
    assert_eq!(position, heads.0.saturating_add(2), "the answer is of the folder that was named");
}

#[test]
fn a_stale_notice_whose_port_another_program_now_has_is_survived() {
    let folder = Folder::kent();
    let head = folder.position();
    let killed = Server::start(&folder);
    let address = killed.address().to_owned();
    killed.kill();
    let stranger = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let strangers = stranger.local_addr().expect("an address").to_string();
    // It takes whoever calls, says something that is not HTTP/2, and hangs up; it ends with this test's process.
    thread::spawn(move || {
        use std::io::Write as _;
        stranger.incoming().flatten().all(|mut connection| connection.write_all(b"220 mail.example ESMTP\r\n").is_ok())
    });
    let stale = fs::read_to_string(folder.notice()).expect("nobody took it back");
    assert!(stale.contains(&address), "{stale}");
    fs::write(folder.notice(), stale.replace(&address, &strangers)).expect("it can be written");
    assert_eq!(folder.position(), head);
}

#[test]
fn a_stale_notice_whose_port_a_silent_program_now_has_is_survived() {
    let folder = Folder::kent();
    let head = folder.position();
    let killed = Server::start(&folder);
    let address = killed.address().to_owned();
    killed.kill();
    // It listens, and never takes a call or answers one.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let silents = silent.local_addr().expect("an address").to_string();
    let stale = fs::read_to_string(folder.notice()).expect("nobody took it back");
    fs::write(folder.notice(), stale.replace(&address, &silents)).expect("it can be written");
    assert_eq!(folder.position(), head);
    drop(silent);
}

#[test]
fn every_record_says_the_submission_that_it_came_with() {
    let folder = Folder::kent();
    let known: Vec<String> = list(&folder.ask("submission list")["submissions"])
        .iter()
        .map(|it| it["submissionId"].as_str().expect("text").to_owned())
        .collect();
    for record in folder.records() {
        let id = record["submissionId"].as_str().expect("every record has one");
        assert!(known.iter().any(|known| known == id), "{id}");
    }
}
