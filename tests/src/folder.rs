//! A temporary place for one test: a home, a data folder, and files to put in.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{self, Finished};

/// When the committee met; everything in `as-reported` was known then.
pub(crate) const MEETING: &str = "2018-11-29";

/// A home of its own with a data folder in it. Everything is removed when it is dropped.
pub(crate) struct Folder {
    temporary: TempDir,
}

impl Folder {
    /// Nothing is begun in it.
    pub(crate) fn new() -> Self {
        let temporary = tempfile::Builder::new().prefix("scorebook-test-").tempdir().expect("a temporary folder");
        for name in ["home", "files", "tmp"] {
            fs::create_dir(temporary.path().join(name)).expect("a new folder can be filled");
        }
        Self { temporary }
    }

    /// Kent's log is begun in it, and holds nothing else.
    pub(crate) fn begun() -> Self {
        let folder = Self::new();
        folder.run("init --authority E10000016").succeeded();
        folder
    }

    /// Kent's log with the report of November 2018, known then.
    pub(crate) fn kent() -> Self {
        let folder = Self::begun();
        folder.import(&Self::example("kent-2018/as-reported"), &format!("--known-at {MEETING}")).succeeded();
        folder
    }

    /// The same in a log that was begun by a program of an older format.
    pub(crate) fn kent_of_format(format: u16) -> Self {
        let folder = Self::new();
        let mut begin = folder.command_on_data("init --authority E10000016");
        begin.env("SCOREBOOK_NEWEST_FORMAT", format.to_string());
        program::run(begin, b"").succeeded();
        folder.import(&Self::example("kent-2018/as-reported"), &format!("--known-at {MEETING}")).succeeded();
        folder
    }

    /// One of the examples.
    pub(crate) fn example(name: &str) -> PathBuf {
        program::workspace().join("examples").join(name)
    }

    pub(crate) fn root(&self) -> &Path {
        self.temporary.path()
    }

    /// The data folder, which `run` names.
    pub(crate) fn data(&self) -> PathBuf {
        self.root().join("data")
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.root().join("home")
    }

    /// What a server leaves to be found by.
    pub(crate) fn notice(&self) -> PathBuf {
        self.data().join("server.json")
    }

    /// Writes a file to put in.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.root().join("files").join(name);
        fs::create_dir_all(path.parent().expect("it is inside the folder")).expect("a folder can be made");
        fs::write(&path, bytes).expect("a file can be written");
        path
    }

    /// A file of twenty years' months for one area: 240 results with long reasons, from that year on.
    pub(crate) fn months(&self, year: u32) -> PathBuf {
        let mut text = "measure,area,period,value,reason\n".to_owned();
        for year in year..year.saturating_add(20) {
            for month in 1..=12_u32 {
                let reason = "because ".repeat(120);
                writeln!(text, "ehcp-20-weeks,E07000105,{year}-{month:02},{month},{}", reason.trim())
                    .expect("text grows");
            }
        }
        self.write(&format!("{year}.csv"), text)
    }

    /// The program with nothing of this machine's settings; no data folder is named.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(program::path());
        command.args(program::words(line)).env_clear().current_dir(self.root());
        command.env("HOME", self.home()).env("TMPDIR", self.root().join("tmp"));
        command
    }

    /// The same on this folder's log.
    pub(crate) fn command_on_data(&self, line: &str) -> Command {
        let mut command = self.command(line);
        command.arg("--data-dir").arg(self.data());
        command
    }

    /// Runs the program on this folder's log, with nobody in front of it.
    #[track_caller]
    pub(crate) fn run(&self, line: &str) -> Finished {
        program::run(self.command_on_data(line), b"")
    }

    /// Records on this folder's log, without being asked.
    #[track_caller]
    pub(crate) fn act(&self, line: &str) -> Finished {
        self.run(&format!("{line} --yes"))
    }

    /// Runs the program without saying where the log is.
    #[track_caller]
    pub(crate) fn run_without_data_dir(&self, line: &str) -> Finished {
        program::run(self.command(line), b"")
    }

    /// Imports a file or a folder, without being asked.
    #[track_caller]
    pub(crate) fn import(&self, path: &Path, flags: &str) -> Finished {
        let mut command = self.command_on_data(&format!("import --yes {flags}"));
        command.arg(path);
        program::run(command, b"")
    }

    /// Imports a file with this text.
    #[track_caller]
    pub(crate) fn import_text(&self, name: &str, text: &str, flags: &str) -> Finished {
        self.import(&self.write(name, text), flags)
    }

    /// A question's answer as JSON.
    #[track_caller]
    pub(crate) fn ask(&self, line: &str) -> Value {
        self.run(&format!("{line} --format json")).succeeded().json()
    }

    /// How long the log is.
    #[track_caller]
    pub(crate) fn position(&self) -> u64 {
        number(&self.ask("status")["position"])
    }

    /// Every record, in the log's order.
    #[track_caller]
    pub(crate) fn records(&self) -> Vec<Value> {
        list(&self.ask("log --limit 100000")["envelopes"])
    }

    /// The records after a position.
    #[track_caller]
    pub(crate) fn records_after(&self, position: u64) -> Vec<Value> {
        list(&self.ask(&format!("log --limit 100000 --after {position}"))["envelopes"])
    }
}

/// A 64-bit number, which protobuf's JSON writes as text; what is left out is 0.
#[track_caller]
pub(crate) fn number(value: &Value) -> u64 {
    if value.is_null() {
        return 0;
    }
    let number = value.as_str().map_or_else(|| value.as_u64(), |text| text.parse().ok());
    number.unwrap_or_else(|| panic!("{value} is no number"))
}

/// A list; what is left out is empty.
#[track_caller]
pub(crate) fn list(value: &Value) -> Vec<Value> {
    if value.is_null() {
        return Vec::new();
    }
    value.as_array().unwrap_or_else(|| panic!("{value} is no list")).clone()
}

/// The row of a measure for everybody, on a scorecard.
#[track_caller]
pub(crate) fn row(card: &Value, measure: &str) -> Value {
    row_of(card, measure, "all")
}

/// The row of a measure and a cohort on a scorecard.
#[track_caller]
pub(crate) fn row_of(card: &Value, measure: &str, cohort: &str) -> Value {
    let rows = list(&card["sections"]).into_iter().flat_map(|section| list(&section["rows"]));
    let mut found = rows.filter(|row| row["cell"]["measure"] == measure && row["cell"]["cohort"] == cohort);
    found.next().unwrap_or_else(|| panic!("{measure} is not on the scorecard: {card:#}"))
}

/// The name of a record's event, as JSON writes it.
#[track_caller]
pub(crate) fn event_name(record: &Value) -> String {
    const AROUND: [&str; 11] = [
        "position",
        "recordedAt",
        "knownAt",
        "backfill",
        "eventId",
        "lastOfCommit",
        "actor",
        "submissionId",
        "origin",
        "reason",
        "cause",
    ];
    let fields = record.as_object().expect("a record is an object");
    let mut names = fields.keys().filter(|name| !AROUND.contains(&name.as_str()));
    let name = names.next().unwrap_or_else(|| panic!("a record without an event: {record:#}"));
    assert_eq!(names.next(), None, "a record has one event: {record:#}");
    name.clone()
}

/// The names of records' events.
#[track_caller]
pub(crate) fn event_names(records: &[Value]) -> Vec<String> {
    records.iter().map(event_name).collect()
}
