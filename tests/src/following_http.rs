//! The feed over HTTP: the same items as over gRPC, from any place, and refusals that say what to do.

use std::fmt::Write as _;
use std::process::Command;

use serde_json::Value;

use crate::folder::Folder;
use crate::http::{Event, get, say};
use crate::program;
use crate::server::Server;

/// A server, and the address on which it speaks HTTP.
fn start(folder: &Folder) -> (Server, String) {
    let mut server = Server::start_command(folder.command_on_data("serve --listen 127.0.0.1:0 --http 127.0.0.1:0"));
    let line = server.wait_for("The feed over HTTP is at http://");
    let address = line.strip_suffix("/v1/feed.").expect("the address of the feed").to_owned();
    (server, address)
}

/// Everything that there is, without the word that it is all.
#[track_caller]
fn told(address: &str, query: &str, fields: &str) -> Vec<Event> {
    let mut answer = get(address, &format!("/v1/feed{query}"), fields);
    assert_eq!(answer.status(), 200, "{}", answer.head);
    assert!(answer.head.contains("content-type: text/event-stream\r\n"), "{}", answer.head);
    let mut events = answer.until(|event| event.name == "CaughtUp");
    events.pop();
    events
}

/// What `scorebook follow` prints, over gRPC.
fn told_over_grpc(folder: &Folder, flags: &str) -> Vec<Value> {
    let finished = folder.run(&format!("follow --until-caught-up --format json {flags}")).succeeded();
    let mut items: Vec<Value> = finished.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    items.pop();
    items
}

/// The attributes that every event must have.
#[track_caller]
fn check(event: &Event) {
    let attribute = |name: &str| event.data[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", event.data));
    let mut place = event.id.split(':');
    let (log, position) = (place.next().expect("a log"), place.next().expect("a position"));
    let ordinal = place.next().expect("an ordinal");
    assert_eq!(attribute("specversion"), "1.0");
    assert_eq!(attribute("id"), format!("{log}/{position}.{ordinal}"));
    assert_eq!(attribute("source"), "/scorebook/E10000016");
    assert_eq!(attribute("type"), format!("scorebook.v1.{}", event.name));
    assert_eq!(attribute("datacontenttype"), "application/json");
    assert_eq!(event.data["data"]["position"], position);
}

#[test]
fn the_feed_over_http_is_the_feed_over_grpc() {
    let folder = Folder::kent();
    let (server, address) = start(&folder);
    for (query, flags) in [
        ("", ""),
        ("?after=100&type=RatingChanged&type=ResultRecorded", "--after 100 --type RatingChanged --type ResultRecorded"),
        ("?scorecard=cype&measure=ehcp-20-weeks", "--scorecard cype --measure ehcp-20-weeks"),
        ("?area=E10000016", "--area E10000016"),
    ] {
        let events = told(&address, query, "");
        let items = told_over_grpc(&folder, flags);
        assert!(!events.is_empty(), "{query}");
        assert_eq!(events.len(), items.len(), "{query}");
        for (event, item) in events.iter().zip(&items) {
            check(event);
            assert_eq!(item["cursor"], event.id.as_str());
            let message = if event.name == "RatingChanged" { &item["ratingChanged"] } else { &item["event"] };
            assert_eq!(&event.data["data"], message);
        }
    }
    let results = told(&address, "?type=ResultRecorded&measure=ehcp-20-weeks", "");
    assert!(results.iter().all(|event| event.data["subject"] == "ehcp-20-weeks"));
    let named = &told(&address, "?type=AreaDefined", "")[0];
    assert!(named.data.get("subject").is_none(), "{named:?}");
    server.stop_cleanly();
}

#[test]
fn a_reader_whose_connection_breaks_goes_on_after_its_last_event() {
    let folder = Folder::kent();
    let (server, address) = start(&folder);
    let whole = told(&address, "", "");
    // Between events, between an event and the commit's rating changes, inside those, and at the end.
    let changed = whole.iter().position(|event| event.name == "RatingChanged").expect("ratings change");
    for n_heard in [1, 2, changed - 1, changed, changed + 1, changed + 2, whole.len() - 1, whole.len()] {
        let mut broken = get(&address, "/v1/feed", "");
        let mut heard: Vec<Event> = (0..n_heard).map(|_| broken.next(&mut Vec::new()).expect("more comes")).collect();
        drop(broken);
        let last = &heard.last().expect("at least one").id;
        // As a browser does: the URL is the first one's, and the header goes before it.
        heard.extend(told(&address, "?after=3", &format!("Last-Event-ID: {last}\r\n")));
        assert!(heard == whole, "broken after {n_heard}");
    }
    server.stop_cleanly();
}

#[test]
fn a_reader_is_told_what_comes_and_that_the_server_stops() {
    let folder = Folder::kent();
    let (server, address) = start(&folder);
    let mut answer = get(&address, "/v1/feed?after=145&scorecard=cype", "");
    answer.until(|event| event.name == "CaughtUp");
    folder.act("result record ehcp-20-weeks --period 2018-10 --value 50 --reason x").succeeded();
    let events = answer.until(|event| event.name == "RatingChanged");
    assert_eq!(events[0].name, "ResultRecorded");
    events.iter().for_each(check);
    server.stop_cleanly().says("The feed over HTTP is at http://127.0.0.1:");
    let mut comments = Vec::new();
    assert_eq!(answer.next(&mut comments), None);
    assert_eq!(comments.last().map(String::as_str), Some("the server is stopping; go on from the last cursor"));
    // The same place is good at the next server.
    let (server, address) = start(&folder);
    let id = &events.last().expect("one").id;
    let after = told(&address, "?scorecard=cype", &format!("Last-Event-ID: {id}\r\n"));
    assert_eq!(after, []);
    server.stop_cleanly();
}

#[test]
fn a_reader_that_does_not_read_holds_up_nobody_and_misses_nothing() {
    let folder = Folder::kent();
    let (server, address) = start(&folder);
    let mut slow = get(&address, "/v1/feed?after=145&type=ResultRecorded", "");
    slow.until(|event| event.name == "CaughtUp");
    let mut text = "measure,area,period,value\n".to_owned();
    let areas = folder.ask("areas");
    for area in crate::folder::list(&areas["areas"]).iter().take(17) {
        for (year, month) in (1900..2010).flat_map(|year| [(year, 3), (year, 9)]) {
            writeln!(text, "ehcp-20-weeks,{},{year}-{month:02},{month}", area["area"].as_str().expect("text"))
                .expect("it grows");
        }
    }
    folder.import_text("many.csv", &text, "").succeeded();
    let head = folder.position().to_string();
    let quick = told(&address, "?after=145&type=ResultRecorded", "");
    let slowly = slow.until(|event| event.data["data"]["position"] == head.as_str());
    assert_eq!(slowly.len(), 17 * 110 * 2);
    assert!(slowly == quick);
    server.stop_cleanly();
}

#[test]
fn a_request_that_cannot_be_answered_is_refused_with_what_to_do() {
    let folder = Folder::kent();
    folder.run("backup backup").succeeded();
    folder.act("result record ehcp-20-weeks --period 2018-10 --value 50 --reason x").succeeded();
    let (server, address) = start(&folder);
    let cursor = told(&address, "?after=145", "").last().expect("one").id.clone();
    let ask = |query: &str, fields: &str| get(&address, &format!("/v1/feed{query}"), fields);
    ask("?cursor=12", "").refused(400, "is not a cursor; send a cursor as it was received");
    ask("", "Last-Event-ID: x\r\n").refused(400, "is not a cursor");
    ask("?after=99999", "").refused(400, "position 99999 is after the head");
    ask("?type=RatingsChanged", "").refused(400, "ResultRecorded");
    ask("?since=yesterday", "").refused(400, "there are after, cursor, measure, area, scorecard and type");
    get(&address, "/", "").refused(404, "the feed is at /v1/feed");
    get(&address, "/v1/feed/../../etc/passwd", "").refused(404, "there is nothing here");
    let post = format!("POST /v1/feed HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\n\r\n");
    say(&address, post.as_bytes()).refused(405, "ask with GET");
    for host in ["", "Host: example.org\r\n"] {
        let request = format!("GET /v1/feed HTTP/1.1\r\n{host}\r\n");
        say(&address, request.as_bytes()).refused(421, "only this machine is answered");
    }
    server.stop_cleanly();
    let other = Folder::new();
    other.run(&format!("restore {}", folder.root().join("backup").display())).succeeded();
    let (server, address) = start(&other);
    let last = format!("Last-Event-ID: {cursor}\r\n");
    get(&address, "/v1/feed", &last).refused(409, "the log ends at 145: the log was restored");
    server.stop_cleanly();
    let elsewhere = "serve --listen 127.0.0.1:0 --http 0.0.0.0:0";
    other.run(elsewhere).failed().complains("is not a loopback address").complains("--http 127.0.0.1:7421");
}

#[test]
fn what_is_no_request_or_too_large_does_no_harm() {
    let folder = Folder::kent();
    let (server, address) = start(&folder);
    let line =
        |target: &str, fields: &str| format!("GET {target} HTTP/1.1\r\nHost: {address}\r\n{fields}\r\n").into_bytes();
    for (status, request) in [
        (431, line(&format!("/v1/feed?measure={}", "a".repeat(100_000)), "")),
        (431, line("/v1/feed", &format!("Last-Event-ID: {}\r\n", "1".repeat(100_000)))),
        (431, line("/v1/feed", &"X: y\r\n".repeat(100))),
        (400, line("/v1/feed?a b", "")),
        (400, line("/v1/feed", "Bad Name: x\r\n")),
        (400, line("/v1/feed", "Content-Length: 5\r\nContent-Length: 6\r\n")),
        (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 not for here \r\n\r\n".to_vec()),
        (400, line("/v1/feed?measure=%00%01&measure=%F0%9F", "")),
        (400, line(&format!("/v1/feed?{}", "measure=a&".repeat(300)), "")),
        (400, line("/v1/feed", "Last-Event-ID: \u{7f}\u{e9}\r\n")),
    ] {
        let mut shown = String::from_utf8_lossy(&request).into_owned();
        shown.truncate(80);
        let answer = say(&address, &request);
        let cut = status == 431 && answer.head.is_empty();
        assert!(cut || answer.status() == status, "{shown:?}: {}", answer.head);
    }
    let other_version = say(&address, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    assert_eq!(other_version.head, "", "HTTP/2 is closed without a word");
    assert!(!told(&address, "", "").is_empty(), "others are served as before");
    server.stop_cleanly();
}

#[test]
fn another_client_reads_the_same_cloud_events() {
    let folder = Folder::kent();
    let (server, address) = start(&folder);
    let root = program::workspace();
    let mut command = Command::new(root.join("target/tools/venv/bin/python"));
    command.arg(root.join("tests/python/feed_http.py")).arg(format!("http://{address}/v1/feed"));
    command.env_clear().env("PYTHONDONTWRITEBYTECODE", "1").current_dir(&root);
    let n_items = told(&address, "", "").len();
    program::run(command, b"").succeeded().says(&format!("{n_items} CloudEvents, each once and in order"));
    server.stop_cleanly();
}
