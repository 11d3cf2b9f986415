//! Serving: found, asked, put into, and stopped, with nothing lost.

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use crate::folder::{Folder, list, number, row};
use crate::program;
use crate::server::Server;

#[test]
fn the_server_says_where_it_listens_and_what_it_holds() {
    let folder = Folder::kent();
    let head = folder.position();
    let server = Server::start(&folder);
    assert!(server.url.starts_with("http://127.0.0.1:"), "{}", server.url);
    assert!(!server.url.ends_with(":0"), "the port is the one that it got: {}", server.url);
    server
        .stop_cleanly()
        .says("(gRPC, with health and reflection)")
        .says("Authority E10000016, time zone Europe/London")
        .says(&format!("It holds 30 measures, 32 cells and 2 submissions, up to position {head}."))
        .says("Stop with Ctrl-C or SIGTERM.");
}

#[test]
fn commands_find_the_server_that_holds_the_folder() {
    let folder = Folder::kent();
    let questions = [
        "scorecard cype --period 2018-09",
        "scorecard cype --period 2018-09 --format json",
        "scorecard cype --period 2018-09 --format csv",
        "scorecard",
        "measure ehcp-20-weeks",
        "measure list",
        "measure explain ehcp-20-weeks --period 2018-09",
        "target-history care-leavers-eet",
        "compare cype 2018-11-29 now --period 2018-09",
        "log",
        "log --format json --limit 1000",
        "areas",
        "submission list",
        "status",
        "cluster",
        "cluster --format json",
        "cluster --format csv",
    ];
    let answers = |folder: &Folder| questions.map(|question| folder.run(question).succeeded().stdout);
    let opened = answers(&folder);
    let server = Server::start(&folder);
    let asked = answers(&folder);
    for ((question, opened), asked) in questions.into_iter().zip(opened).zip(asked) {
        assert_eq!(opened, asked, "{question}");
    }
    server.stop_cleanly();
}

#[test]
fn what_is_put_in_through_the_server_is_there_after_it_stops() {
    let folder = Folder::begun();
    let server = Server::start(&folder);
    folder
        .import(&Folder::example("kent-2018/as-reported"), "--known-at 2018-11-29")
        .succeeded()
        .says("Recorded at positions");
    folder.act("result record ehcp-20-weeks --period 2018-10 --value 50 --reason served").succeeded();
    folder.import(&Folder::example("kent-2018/as-reported"), "").succeeded().says("Nothing to record");
    let status = folder.ask("status");
    server.stop_cleanly().says(&format!("Stopped. The log is at position {}", number(&status["position"])));
    assert_eq!(folder.ask("status"), status);
}

#[test]
fn a_server_is_asked_by_its_address_from_anywhere() {
    let folder = Folder::kent();
    let head = folder.position();
    let server = Server::start(&folder);
    let elsewhere = Folder::new();
    let at = |line: &str| elsewhere.run_without_data_dir(&format!("{line} --server {}", server.url));
    let card = at("scorecard cype --period 2018-09 --format json").succeeded().json();
    assert_eq!(row(&card, "ehcp-20-weeks")["rating"], "RATING_RED");
    at("result record ehcp-20-weeks --period 2018-10 --value 50 --reason x --yes").succeeded();
    assert_eq!(folder.position(), head.saturating_add(2));
    let both = elsewhere.run(&format!("status --server {}", server.url)).failed();
    both.complains("cannot be used with");
    server.stop_cleanly();
}

#[test]
fn a_server_that_does_not_answer_is_named() {
    let folder = Folder::new();
    let unused = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("an address");
    folder
        .run_without_data_dir(&format!("status --server http://{unused}"))
        .failed()
        .complains(&format!("no server answers at http://{unused}"));
    folder.run_without_data_dir("status --server nonsense").failed().complains("nonsense");
}

#[test]
fn a_file_larger_than_a_message_is_taken_by_the_server() {
    let folder = Folder::kent();
    let head = folder.position();
    let server = Server::start(&folder);
    let words = "far too many words ".repeat(250);
    let row = format!("no-such,E10000016,2018-09,\"{words}\"\n");
    let text = format!("measure,area,period,text\n{}", row.repeat(1_100));
    let refused = folder.import_text("long.csv", &text, "").failed();
    refused.says("measure no-such is not defined").says("more");
    assert_eq!(folder.position(), head);
    let padding = " ".repeat(5_000_000);
    let long = format!("measure,area,period,value\nehcp-20-weeks,E10000016,2018-10,{padding}44.1\n");
    folder.import_text("padded.csv", &long, "").succeeded_with_progress().says("result 1 0 0 0");
    assert!(folder.position() > head);
    server.stop_cleanly();
}

#[test]
fn an_address_that_is_not_loopback_is_refused() {
    let folder = Folder::kent();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:7420"] {
        folder
            .run(&format!("serve --listen {address}"))
            .failed()
            .complains("is not a loopback address")
            .complains("--listen 127.0.0.1:7420");
        assert!(!folder.notice().exists());
    }
    folder.run("serve --listen nonsense").failed().complains("--listen");
}

#[test]
fn an_address_that_is_taken_is_refused_with_what_to_try() {
    let folder = Folder::kent();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address");
    folder
        .run(&format!("serve --listen {address}"))
        .failed()
        .complains(&format!("{address} cannot be listened on; try another: --listen 127.0.0.1:0"));
    assert!(!folder.notice().exists());
}

#[test]
fn the_server_stops_cleanly_when_told_to() {
    let folder = Folder::kent();
    let head = folder.position();
    let server = Server::start(&folder);
    assert!(folder.notice().is_file(), "it says beside the log where it listens");
    let notice: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.notice()).expect("it is there")).expect("it is JSON");
    assert_eq!(notice["listen"], server.address());
    assert_eq!(notice["pid"], server.pid());
    let receipt = folder.act("result record ehcp-20-weeks --period 2018-10 --value 50 --reason last").succeeded();
    let stopped = server.stop();
    assert_eq!(stopped.code, Some(0), "{}", stopped.whole());
    let end = head.saturating_add(2);
    stopped.says(&format!("Stopped. The log is at position {end}, chain"));
    assert!(!folder.notice().exists(), "it takes its word back");
    receipt.says(&format!("Recorded at positions {} to {end}", head.saturating_add(1)));
    assert_eq!(folder.position(), head.saturating_add(2));
    folder.run("log verify").succeeded();
    let again = Server::start(&folder);
    assert_eq!(folder.position(), head.saturating_add(2));
    again.stop_cleanly();
}

#[test]
fn an_interrupt_stops_it_as_cleanly() {
    let folder = Folder::kent();
    let server = Server::start(&folder);
    program::signal("INT", server.pid());
    let stopped = server.wait();
    assert_eq!(stopped.code, Some(0), "{}", stopped.whole());
    stopped.says("Stopped.");
    assert!(!folder.notice().exists());
}

#[test]
fn a_second_server_on_the_same_folder_is_refused() {
    let folder = Folder::kent();
    let head = folder.position();
    let server = Server::start(&folder);
    let refused = folder.run("serve --listen 127.0.0.1:0").failed();
    refused.complains(&format!("the server at {} (process {}) holds this log", server.address(), server.pid()));
    assert!(folder.notice().is_file(), "the first one's notice stays");
    assert_eq!(folder.position(), head, "and it still answers");
    folder.run("init --authority E10000016").failed();
    server.stop_cleanly();
}

#[test]
fn a_second_process_is_refused_while_one_has_the_log_open_and_no_address_to_ask() {
    let folder = Folder::kent();
    let server = Server::start(&folder);
    fs::remove_file(folder.notice()).expect("it is there");
    folder
        .run("status")
        .failed()
        .complains("another process has the log in")
        .complains("If a server is starting, try again in a moment; otherwise stop that process.");
    let stopped = server.stop();
    assert_eq!(stopped.code, Some(0), "a notice that is gone is no fault: {}", stopped.whole());
}

#[test]
fn a_folder_without_a_log_says_how_to_begin_one() {
    let folder = Folder::new();
    for line in ["serve --listen 127.0.0.1:0", "status", "log", "log verify", "scorecard cype --period 2018-09"] {
        folder
            .run(line)
            .failed()
            .complains(&format!("there is no log in {}", folder.data().display()))
            .complains("scorebook init --authority E10000016")
            .complains("--data-dir or --server");
        assert!(!folder.data().exists(), "asking makes nothing: {line}");
    }
    folder.run_without_data_dir("status").failed().complains("there is no log in").complains("scorebook init");
}

#[test]
fn a_log_is_begun_once() {
    let folder = Folder::begun();
    let before = folder.ask("status");
    folder.run("init --authority E10000016").failed().complains("there is a log in").complains("--data-dir");
    folder.run("init --authority E06000001").failed();
    assert_eq!(folder.ask("status"), before);
    let other = Folder::new();
    other.run("init --authority \"not a code\"").failed().complains("such as E10000016");
    other.run("init --authority E1000016").failed().complains("a capital letter and eight digits");
    other.run("init --authority E10000016 --time-zone Mars/Olympus").failed().complains("Mars/Olympus");
    other.run("init --authority E10000016").succeeded().says("Next: scorebook import FOLDER --dry-run");
}

#[test]
fn a_folder_that_cannot_be_written_is_refused_with_what_to_do() {
    let folder = Folder::kent();
    if !make_read_only(&folder) {
        // The super-user writes where nobody may: a file in the folder's place is as good.
        fs::remove_dir_all(folder.data()).expect("it can be removed");
        fs::write(folder.data(), "a file").expect("it can be written");
    }
    let refused = folder.run("serve --listen 127.0.0.1:0").failed();
    refused.complains(&folder.data().display().to_string());
    let refused = folder.run("init --authority E10000016").failed();
    refused.complains(&folder.data().display().to_string());
    make_writable(&folder);
}

/// False when this user may write there all the same.
fn make_read_only(folder: &Folder) -> bool {
    mode(folder, "a-w");
    fs::write(folder.data().join("probe"), "").is_err()
}

fn make_writable(folder: &Folder) {
    mode(folder, "u+w");
}

fn mode(folder: &Folder, mode: &str) {
    let changed = Command::new("/bin/chmod").args(["-R", mode]).arg(folder.data()).status();
    assert!(changed.expect("chmod starts").success());
}

#[test]
fn a_reader_sees_its_own_write() {
    let folder = Folder::kent();
    let server = Server::start(&folder);
    let receipt =
        folder.act("result record ehcp-20-weeks --period 2018-10 --value 50 --reason x --format json").succeeded();
    let last = number(&receipt.json()["receipt"]["lastPosition"]);
    let history = folder.ask(&format!("measure ehcp-20-weeks --from 2018-10 --at-least-position {last}"));
    assert_eq!(list(&history["rows"]).len(), 1);
    assert!(number(&history["basis"]["position"]) >= last);
    server.stop_cleanly();
}

#[test]
fn settings_say_where_the_log_is_and_who_may_do_what() {
    let folder = Folder::kent();
    let head = folder.position();
    let settings = folder.write(
        "scorebook.toml",
        format!("data_dir = {:?}\nlisten = \"127.0.0.1:0\"\nasserted_may = [\"backfill\"]\n", folder.data()),
    );
    let with = |line: &str| folder.run_without_data_dir(&format!("{line} --settings {}", settings.display()));
    with("status").succeeded().says("E10000016");
    with("result record ehcp-20-weeks --period 2018-10 --value 50 --reason x --yes").failed().complains("asserted_may");
    assert_eq!(folder.position(), head);
    folder.write("scorebook.toml", "data_dri = \"x\"\n");
    with("status").failed().complains("data_dri").complains("docs/SETTINGS.md");
    folder.write("scorebook.toml", "asserted_may = [\"fly\"]\n");
    with("status --data-dir data").failed().complains("fly");
    folder.run("status --settings not-there.toml").failed().complains("not-there.toml is not there");
}
