//! Runs the real binary, to its end and within a bound.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// A process that takes longer has hung; a test machine may be slow, so it is long.
pub(crate) const DEADLINE: Duration = Duration::from_mins(2);

/// The program beside this test's own binary.
pub(crate) fn path() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    let profile = test.parent().and_then(Path::parent).expect("a test is in deps/ of its profile's folder");
    let program = profile.join("scorebook");
    assert!(program.is_file(), "{} is not there: run: cargo build -p scorebook", program.display());
    program
}

/// The workspace's own folder, with the examples and the documents.
pub(crate) fn workspace() -> PathBuf {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.parent().expect("this crate is inside the workspace").to_owned()
}

/// Splits a command line into words as a shell does, with double quotation marks around words that have spaces.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for c in line.chars() {
        if c == '"' {
            quoted = !quoted;
            word.get_or_insert_default();
        } else if c.is_whitespace() && !quoted {
            words.extend(word.take());
        } else {
            word.get_or_insert_default().push(c);
        }
    }
    assert!(!quoted, "a quotation mark is not closed in: {line}");
    words.extend(word);
    words
}

/// What a process left when it ended.
#[derive(Debug, Clone)]
pub(crate) struct Finished {
    /// What was run.
    pub(crate) command: String,
    /// Its exit code; none when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    pub(crate) fn from_output(command: String, output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
        Self { command, code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Everything, for a failed assertion.
    pub(crate) fn whole(&self) -> String {
        format!("$ {}\n{}\n--- stderr\n{}\n--- exit {:?}", self.command, self.stdout, self.stderr, self.code)
    }

    /// It ended well, and had nothing to complain about.
    #[track_caller]
    pub(crate) fn succeeded(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.whole());
        assert_eq!(self.stderr, "", "nothing on standard error when all is well: {}", self.whole());
        self
    }

    /// It ended well; a progress bar may have stood on standard error.
    #[track_caller]
    pub(crate) fn succeeded_with_progress(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.whole());
        self
    }

    /// It ended with an error that standard error explains.
    #[track_caller]
    pub(crate) fn failed(self) -> Self {
        assert!(self.code.is_some_and(|code| code != 0), "it should have failed: {}", self.whole());
        assert!(!self.stderr.trim().is_empty(), "errors go to standard error: {}", self.whole());
        assert!(!self.stderr.contains("panicked"), "{}", self.whole());
        self
    }

    /// Standard output has these words, wherever lines are broken.
    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        assert!(unwrapped(&self.stdout).contains(words), "standard output should say {words:?}: {}", self.whole());
        self
    }

    /// Standard output has not these words.
    #[track_caller]
    pub(crate) fn says_not(self, words: &str) -> Self {
        assert!(!unwrapped(&self.stdout).contains(words), "standard output must not say {words:?}: {}", self.whole());
        self
    }

    /// Standard error has these words, wherever lines are broken.
    #[track_caller]
    pub(crate) fn complains(self, words: &str) -> Self {
        assert!(unwrapped(&self.stderr).contains(words), "standard error should say {words:?}: {}", self.whole());
        self
    }

    /// Standard output as one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.whole()))
    }

    /// Standard output as CSV with a header: each row as (column, value).
    #[track_caller]
    pub(crate) fn csv(&self) -> Vec<std::collections::BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_reader(self.stdout.as_bytes());
        let rows = reader.deserialize().collect::<Result<_, _>>();
        rows.unwrap_or_else(|error| panic!("not CSV ({error}): {}", self.whole()))
    }
}

/// One space for any white space, so that a test does not depend on the width.
pub(crate) fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Runs a command to its end, with `input` on its standard input.
#[track_caller]
pub(crate) fn run(mut command: Command, input: &[u8]) -> Finished {
    let shown = format!("{command:?}");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{shown} does not start: {error}"));
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    // A program that does not read its input may have ended already.
    let _unread = stdin.write_all(input).is_err();
    drop(stdin);
    Finished::from_output(shown, wait(child))
}

/// Waits for a process, and ends it when it takes too long.
#[track_caller]
pub(crate) fn wait(child: Child) -> Output {
    let pid = child.id();
    let (ended, end) = mpsc::sync_channel(1);
    let waiting = thread::spawn(move || ended.send(child.wait_with_output()));
    let Ok(output) = end.recv_timeout(DEADLINE) else {
        signal("KILL", pid);
        panic!("process {pid} did not end within {DEADLINE:?}");
    };
    waiting.join().expect("the waiting thread does not panic").expect("its answer was taken");
    output.expect("a process that was started can be waited for")
}

/// Sends a signal by its name.
#[track_caller]
pub(crate) fn signal(name: &str, pid: u32) {
    let sent = Command::new("/bin/sh").args(["-c", &format!("kill -{name} {pid}")]).status();
    assert!(sent.expect("there is a shell").success(), "signal {name} cannot be sent to {pid}");
}

#[test]
fn words_are_split_as_a_shell_does() {
    assert_eq!(
        words(r#"import a --reason "Quarter 2 return" -y"#),
        ["import", "a", "--reason", "Quarter 2 return", "-y"]
    );
    assert_eq!(words(r#"  a ""  b "#), ["a", "", "b"]);
}
