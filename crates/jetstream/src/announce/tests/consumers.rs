//! Consumers that are not ours: Python's own client, and the bytes of the protocol.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use simulator::nats::Nats;

use super::rig::{Council, Seen};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The example in `examples/feed`.
fn example(nats: &Nats, store: &Path, more: &[&str]) -> Command {
    let python = workspace().join("target/tools/venv/bin/python");
    assert!(python.is_file(), "{} is not there; run: cargo xtask tools", python.display());
    let mut command = Command::new(python);
    command.arg(workspace().join("examples/feed/follow_nats.py")).arg(&nats.addresses()[0]).arg("K").arg(store);
    command.args(more).env_clear().env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// Runs it to its end; gives the items that it printed.
async fn follow(nats: &Nats, store: &Path, more: &[&str]) -> Vec<String> {
    let mut command = example(nats, store, more);
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("it is waited for");
    let output = output.expect("python runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).expect("text").lines().map(str::to_owned).collect()
}

/// What the example prints of items.
fn printed(items: &[Seen]) -> Vec<String> {
    let line = |(sequence, seen): (usize, &Seen)| {
        format!("{sequence} {} {}", seen.headers["Scorebook-Cursor"][0], seen.subject)
    };
    (1..).zip(items).map(line).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consumer_in_python_sees_each_item_once_after_any_break() {
    let nats = Nats::single();
    let mut council = Council::grown(12, 60);
    let mut running = council.announce(&nats).await;
    running.reach(council.feed().len()).await;
    let store = nats.dir().join("feed.db");
    let mut heard = follow(&nats, &store, &["--limit", "1"]).await;
    heard.extend(follow(&nats, &store, &["--limit", "37"]).await);
    assert_eq!(heard.len(), 38);
    council.grow(5).await;
    running.reach(council.feed().len()).await;
    heard.extend(follow(&nats, &store, &["--until-caught-up"]).await);
    let feed = printed(&council.feed());
    assert_eq!(heard, feed);
    assert_eq!(follow(&nats, &store, &["--until-caught-up"]).await, Vec::<String>::new());
    // From a position: what is at it is not told.
    let position = council.engine.head().position.get() / 2;
    let at = |line: &String| line.split(':').nth(1).and_then(|it| it.parse::<u64>().ok()).expect("a position");
    let after: Vec<String> = feed.into_iter().filter(|line| at(line) > position).collect();
    let other = nats.dir().join("other.db");
    assert_eq!(follow(&nats, &other, &["--until-caught-up", "--after", &position.to_string()]).await, after);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consumer_in_python_goes_on_after_the_server_was_killed() {
    let mut nats = Nats::single();
    let mut council = Council::grown(14, 60);
    let mut running = council.announce(&nats).await;
    running.reach(council.feed().len()).await;
    let mut command = example(&nats, &nats.dir().join("feed.db"), &[]);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("python runs");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines().map(|line| line.expect("text"));
    let mut heard: Vec<String> = lines.by_ref().take(council.feed().len()).collect();
    nats.kill(0);
    nats.start(0);
    council.grow(5).await;
    running.reach(council.feed().len()).await;
    let feed = printed(&council.feed());
    heard.extend(
        tokio::task::spawn_blocking({
            let n_left = feed.len() - heard.len();
            move || lines.take(n_left).collect::<Vec<_>>()
        })
        .await
        .expect("it is read"),
    );
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    assert_eq!(heard, feed);
}

#[test]
fn the_document_quotes_the_example() {
    let document = std::fs::read_to_string(workspace().join("docs/FEED.md")).expect("the document is there");
    let (_, quoted) = document.split_once("```python\n").expect("a quotation");
    let (quoted, _) = quoted.split_once("```").expect("it ends");
    let example = std::fs::read_to_string(workspace().join("examples/feed/follow_nats.py")).expect("it is there");
    assert!(example.contains(quoted));
}

/// The lines of the one block in the feed's document that are sent over the wire.
fn documented_session() -> Vec<String> {
    let text = std::fs::read_to_string(workspace().join("docs/FEED.md")).expect("the document is there");
    let (_, block) = text.split_once("```nats\n").expect("a session in the document");
    block.split_once("```").expect("it ends").0.lines().map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_documented_bytes_of_the_protocol_give_the_feed() {
    let nats = Nats::single();
    let council = Council::grown(13, 10);
    council.announce(&nats).await.reach(council.feed().len()).await;
    // As typed, but for the authority, with which the length of what is published changes.
    let mut request = String::new();
    let lines = documented_session();
    for (at, line) in lines.iter().enumerate() {
        let mut line = line.replace("E10000016", "K");
        if line.starts_with("PUB ") {
            let (head, n_bytes) = line.rsplit_once(' ').expect("a length");
            let payload = &lines[at + 1];
            assert_eq!(n_bytes.parse(), Ok(payload.len()), "the length in {line}");
            line = format!("{head} {}", payload.replace("E10000016", "K").len());
        }
        request.push_str(&line);
        request.push_str("\r\n");
    }
    let address = nats.addresses()[0].trim_start_matches("nats://").to_owned();
    let feed = council.feed();
    let reading = move || {
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("it is set");
        stream.write_all(request.as_bytes()).expect("it is sent");
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        let mut heard = Vec::new();
        while heard.len() < feed.len() {
            line.clear();
            assert!(reader.read_line(&mut line).expect("a line comes") > 0, "the server closed the connection");
            assert!(!line.starts_with("-ERR"), "{line}");
            let words: Vec<&str> = line.split_whitespace().collect();
            if words[0] == "HMSG" {
                let n = |at: usize| words[words.len() - at].parse::<usize>().expect("a length");
                let (n_headers, n_bytes) = (n(2), n(1));
                let mut bytes = vec![0; n_bytes + 2];
                reader.read_exact(&mut bytes).expect("they come");
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
                heard.push((text(&bytes[..n_headers]), text(&bytes[n_headers..n_bytes])));
            }
        }
        heard
    };
    let heard = tokio::task::spawn_blocking(reading).await.expect("it is read");
    for ((headers, json), item) in heard.iter().zip(&council.feed()) {
        assert_eq!(json, &item.json);
        assert!(
            headers.contains(&format!("Scorebook-Cursor: {}\r\n", item.headers["Scorebook-Cursor"][0])),
            "{headers}"
        );
    }
}
