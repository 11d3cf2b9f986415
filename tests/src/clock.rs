//! A clock that is wrong: what is recorded stays in order, it is said, and there is a way back.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::folder::{Folder, list};
use crate::preload::Library;
use crate::program;
use crate::server::Server;

/// The program with a clock that can be set.
struct Clock<'a> {
    folder: &'a Folder,
    shim: Library,
}

impl<'a> Clock<'a> {
    fn of(folder: &'a Folder) -> Self {
        Self { folder, shim: Library::build("clock").expect("the clock is compiled") }
    }

    /// How far it is ahead of the right time from now on, also for what runs already.
    fn set(&self, seconds_ahead: i64) {
        let draft = self.folder.write("clock.new", seconds_ahead.to_string());
        fs::rename(draft, self.file()).expect("it can be replaced");
    }

    fn file(&self) -> std::path::PathBuf {
        self.folder.root().join("files/clock")
    }

    fn command(&self, line: &str) -> Command {
        let mut command = self.folder.command_on_data(line);
        command.env("LD_PRELOAD", &self.shim.path).env("CLOCK_FILE", self.file());
        command
    }

    #[track_caller]
    fn serve(&self) -> Server {
        Server::start_command(self.command("serve --listen 127.0.0.1:0"))
    }
}

const HOUR: i64 = 3_600;
const YEAR: i64 = 365 * 24 * HOUR;
const BEHIND: &str = "but the last record is of";

fn record(folder: &Folder, value: u32, flags: &str) {
    let line = format!("result record ehcp-20-weeks --period 2018-10 --value {value} --reason x {flags}");
    folder.act(&line).succeeded();
}

/// When each commit was recorded, in microseconds; RFC 3339 in UTC with as many decimals as there are.
#[track_caller]
fn commits(folder: &Folder) -> Vec<String> {
    let records = folder.records();
    let ends = records.iter().filter(|record| record["lastOfCommit"] == true);
    ends.map(|record| with_micros(&record["recordedAt"])).collect()
}

/// An instant with six decimals, so that texts are in the order of instants.
fn with_micros(instant: &Value) -> String {
    let text = instant.as_str().expect("an instant is text").trim_end_matches('Z');
    let (seconds, decimals) = text.split_once('.').unwrap_or((text, ""));
    format!("{seconds}.{decimals:0<6}Z")
}

#[track_caller]
fn warnings(folder: &Folder) -> String {
    list(&folder.ask("status")["warnings"]).iter().map(ToString::to_string).collect()
}

#[track_caller]
fn in_order(commits: &[String]) {
    assert!(
        commits.windows(2).all(|pair| pair[0] < pair[1]),
        "recorded_at increases from commit to commit: {commits:?}"
    );
}

/// What stands for October 2018, as asked.
#[track_caller]
fn value(folder: &Folder, flags: &str) -> Value {
    let history = folder.ask(&format!("measure ehcp-20-weeks --from 2018-10 --to 2018-10 {flags}"));
    list(&history["rows"]).first().map_or(Value::Null, |row| row["result"]["display"].clone())
}

#[test]
fn a_clock_that_jumps_back_leaves_the_log_in_order_and_is_said() {
    let folder = Folder::kent();
    let clock = Clock::of(&folder);
    clock.set(0);
    let server = clock.serve();
    record(&folder, 50, "");
    assert_eq!(warnings(&folder), "");

    clock.set(-HOUR);
    assert!(warnings(&folder).contains(BEHIND), "it is said before anything is recorded: {}", warnings(&folder));
    record(&folder, 51, "");
    record(&folder, 52, "");
    let stopped = server.stop_cleanly();
    assert_eq!(stopped.stderr.matches(BEHIND).count(), 1, "once: {}", stopped.whole());

    // The next one is told when it starts, and so is whoever asks it.
    let server = clock.serve();
    record(&folder, 53, "");
    folder.run("status").succeeded().says("warning: the clock says").says(BEHIND);
    assert_eq!(value(&folder, ""), "53.0%");
    let stopped = server.stop_cleanly().says("Warning: the clock says").says("“When the clock was wrong”");
    assert!(stopped.stderr.contains(BEHIND), "{}", stopped.whole());

    let kept = commits(&folder);
    in_order(&kept);
    let micros = |commit: &String| commit[commit.len() - 7..commit.len() - 1].parse::<u32>().expect("six decimals");
    let [.., before, first, second, third] = kept.as_slice() else { panic!("{kept:?}") };
    for (before, after) in [(before, first), (first, second), (second, third)] {
        assert_eq!((micros(before) + 1) % 1_000_000, micros(after), "as little later as there is: {kept:?}");
    }

    // An hour is soon over.
    clock.set(0);
    let server = clock.serve();
    record(&folder, 54, "");
    assert_eq!(warnings(&folder), "");
    let kept = commits(&folder);
    in_order(&kept);
    assert_eq!(value(&folder, ""), "54.0%");
    server.stop_cleanly().says_not("Warning");
    folder.run("log verify").succeeded();
}

#[test]
fn what_was_recorded_while_the_clock_was_years_ahead_is_put_right_by_the_documented_way() {
    let folder = Folder::kent();
    let clock = Clock::of(&folder);
    clock.set(5 * YEAR);
    let early = folder.write("early.csv", "measure,area,period,value\nehcp-20-weeks,E10000016,2018-10,60\n");
    let mut import = clock.command("import --yes");
    import.arg(&early);
    program::run(import, b"").succeeded();
    let wrong = commits(&folder).pop().expect("a commit");

    // The clock is right again: the log goes on in order, years ahead, and says so.
    clock.set(0);
    let server = Server::start(&folder);
    record(&folder, 61, "");
    let next = commits(&folder).pop().expect("a commit");
    assert!(next > wrong && next[..19] == wrong[..19], "{next} is just after {wrong}");
    assert!(warnings(&folder).contains(BEHIND));
    assert_eq!(value(&folder, ""), "61.0%", "whoever asks for what stands now is not misled");
    let today = today();
    assert_eq!(value(&folder, &format!("--known-at {today}")), Value::Null, "but nobody knew it until then");

    // Rolled back and put in again, with when it was known.
    for submission in list(&folder.ask("submission list")["submissions"]).iter().skip(2) {
        let id = submission["submissionId"].as_str().expect("text");
        folder.act(&format!("submission roll-back {id} --reason \"the clock was wrong\"")).succeeded();
    }
    record(&folder, 61, &format!("--known-at {today}"));
    assert_eq!(value(&folder, ""), "61.0%");
    assert_eq!(value(&folder, &format!("--known-at {today}")), "61.0%");
    in_order(&commits(&folder));
    server.stop_cleanly();
    folder.run("log verify").succeeded();
}

/// The day that it is, as the machine's own `date` says.
fn today() -> String {
    let output = Command::new("date").args(["-u", "+%Y-%m-%dT%H:%M:%SZ"]).output().expect("there is date");
    String::from_utf8(output.stdout).expect("it writes UTF-8").trim().to_owned()
}
