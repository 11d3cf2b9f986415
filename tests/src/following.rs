//! Following the log with the real binary: what there was, what comes, and going on after any end.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Stdio};

use serde_json::Value;

use crate::folder::{Folder, list, number};
use crate::program::{self, Finished};
use crate::server::Server;

/// A follower that prints JSON, and can be killed.
struct Follower {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Follower {
    fn start(folder: &Folder, flags: &str) -> Self {
        let mut command = folder.command_on_data(&format!("follow --format json {flags}"));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let lines = BufReader::new(child.stdout.take().expect("standard output is a pipe"));
        Self { child, lines }
    }

    fn next(&mut self) -> Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("a line");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    /// What comes until everything that there was has been told.
    fn until_caught_up(&mut self) -> Vec<Value> {
        self.until(|item| !item["caughtUp"].is_null())
    }

    /// What comes until something, without that.
    fn until(&mut self, last: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut items = Vec::new();
        loop {
            let item = self.next();
            if last(&item) {
                return items;
            }
            items.push(item);
        }
    }

    fn kill(mut self) {
        self.child.kill().expect("a process that was started can be killed");
        self.child.wait().expect("it ends");
    }

    fn end(self) -> Finished {
        Finished::from_output("follow".to_owned(), program::wait(self.child))
    }
}

/// Everything that there is, one line each.
fn told(folder: &Folder, flags: &str) -> Vec<Value> {
    let finished = folder.run(&format!("follow --until-caught-up --format json {flags}")).succeeded();
    let mut items: Vec<Value> = finished.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let last = items.pop().expect("a last word");
    assert!(!last["caughtUp"].is_null(), "{last}");
    items
}

fn record(folder: &Folder, value: u32) {
    folder.act(&format!("result record ehcp-20-weeks --period 2018-10 --value {value} --reason x")).succeeded();
}

#[test]
fn the_feed_of_a_folder_has_every_record_and_ends() {
    let folder = Folder::kent();
    let items = told(&folder, "");
    let records: Vec<Value> = items.iter().map(|item| item["event"].clone()).filter(|it| !it.is_null()).collect();
    assert_eq!(records, folder.records());
    let changes = items.len().checked_sub(records.len()).expect("more items than records");
    assert_eq!(changes, 32, "each result of the report gives its cell a rating, or a reason for having none");
    folder
        .run("follow --scorecard cype --type RatingChanged")
        .succeeded()
        .says("Education, Health and Care Plans issued within the statutory 20 weeks, E10000016, September 2018: not rated")
        .says("now has a target: 95% or more")
        .says("Caught up at position 145.");
}

#[test]
fn a_follower_is_told_what_comes_with_its_causes() {
    let folder = Folder::kent();
    let server = Server::start(&folder);
    let mut follower = Follower::start(&folder, "--now --scorecard cype");
    assert_eq!(follower.until_caught_up(), Vec::<Value>::new());
    let act = "target set care-leavers-eet --from FY2018 --to FY2018 --comparison at-least --target 64 --minimum 60 \
               --reason Moved --decision \"Minute 12\"";
    folder.act(act).succeeded();
    let target = follower.next();
    assert_eq!(target["event"]["targetChanged"]["decision"], "Minute 12");
    let changed = follower.next();
    let change = &changed["ratingChanged"];
    assert_eq!((change["before"]["word"].as_str(), change["after"]["word"].as_str()), (Some("Amber"), Some("Green")));
    let sentences: Vec<Value> = list(&change["causes"]).into_iter().map(|cause| cause["sentence"].clone()).collect();
    assert!(
        sentences[0]
            .as_str()
            .is_some_and(|words| words.contains(", Minute 12, after the September 2018 result was known.")),
        "{sentences:?}"
    );
    let last = sentences.last().and_then(Value::as_str);
    assert!(last.is_some_and(|words| words.contains("because the target changed")), "{sentences:?}");
    assert_eq!(number(&change["position"]), folder.position());
    server.stop_cleanly();
    let cursor = changed["cursor"].as_str().expect("text");
    follower.end().failed().complains("the server is stopping").complains(&format!("--cursor {cursor}"));
    // What was told lies in the log: the same comes again, of the same place.
    let again = told(&folder, "--after 145 --scorecard cype");
    assert_eq!(again, [target, changed.clone()]);
    assert_eq!(told(&folder, &format!("--cursor {cursor}")), Vec::<Value>::new());
}

#[test]
fn a_follower_that_is_killed_goes_on_with_its_cursor_file() {
    let folder = Folder::kent();
    let server = Server::start(&folder);
    let flags = "--cursor-file cursor";
    let mut follower = Follower::start(&folder, flags);
    let mut items = follower.until_caught_up();
    for value in 50..54 {
        record(&folder, value);
        let head = folder.position();
        // The rating change is the commit's last item: 50 to 54 are all Red, so that only the first gives one.
        let last = |item: &Value| number(&item["event"]["position"]) == head;
        let mut line = follower.next();
        while !last(&line) {
            items.push(line);
            line = follower.next();
        }
        items.push(line);
        if value == 50 {
            items.push(follower.next());
        }
        follower.kill();
        follower = Follower::start(&folder, flags);
        // The line that it was killed after may come again: it is told before the cursor is kept.
        let again = follower.until_caught_up();
        assert!(again.len() <= 1 && again.iter().all(|item| items.last() == Some(item)), "{again:?}");
    }
    follower.kill();
    assert_eq!(items, told(&folder, ""));
    server.stop_cleanly();
}

#[test]
fn a_follower_that_does_not_read_holds_up_nobody_and_misses_nothing() {
    let folder = Folder::kent();
    let server = Server::start(&folder);
    let mut follower = Follower::start(&folder, "--now --type ResultRecorded");
    assert_eq!(follower.until_caught_up(), Vec::<Value>::new());
    let mut text = "measure,area,period,value\n".to_owned();
    let n_rows = 17 * 12 * 10;
    let areas = folder.ask("areas");
    for area in list(&areas["areas"]).iter().take(17) {
        for year in 2000..2010 {
            for month in 1..=12 {
                let code = area["area"].as_str().expect("text");
                writeln!(text, "ehcp-20-weeks,{code},{year}-{month:02},{month}").expect("text grows");
            }
        }
    }
    folder.import_text("many.csv", &text, "").succeeded();
    folder.run("scorecard cype --period 2018-09").succeeded();
    let head = folder.position();
    let mut items = follower.until(|item| number(&item["event"]["position"]) == head);
    assert_eq!(items.len() + 1, n_rows);
    items.dedup();
    assert_eq!(items.len() + 1, n_rows);
    follower.kill();
    server.stop_cleanly();
}

#[test]
fn a_cursor_from_before_a_restore_that_went_on_otherwise_is_refused() {
    let folder = Folder::kent();
    folder.run("backup backup").succeeded();
    record(&folder, 50);
    let told_here = told(&folder, "");
    let cursor = told_here.last().expect("an item")["cursor"].as_str().expect("text");
    let other = Folder::new();
    other.run(&format!("restore {}", folder.root().join("backup").display())).succeeded();
    let follow = format!("follow --cursor {cursor}");
    other.run(&follow).failed().complains("the log ends at 145").complains("follow from the beginning");
    record(&other, 60);
    record(&other, 61);
    other.run(&follow).failed().complains("the log went on otherwise");
    Folder::kent().run(&follow).failed().complains("is of the log");
    other.run("follow --cursor 12").failed().complains("is not a cursor");
    other.run("follow --after 99999").failed().complains("after the head");
    other.run("follow --type RatingsChanged").failed().complains("ResultRecorded");
}
