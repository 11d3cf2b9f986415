//! A server on a folder, on a port of its own choice.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};

use crate::folder::Folder;
use crate::program::{self, DEADLINE, Finished};

/// Lines that nobody has read yet; a server says few.
const LINES_UNREAD_MAX: usize = 1_000;

/// A server that has said where it listens. It is ended when it is dropped.
pub(crate) struct Server {
    child: Option<Child>,
    lines: Receiver<String>,
    said: Vec<String>,
    stderr: Option<JoinHandle<String>>,
    /// Such as `http://127.0.0.1:40123`.
    pub(crate) url: String,
}

impl Server {
    /// Starts one, and waits until it says where it listens.
    #[track_caller]
    pub(crate) fn start(folder: &Folder) -> Self {
        Self::start_command(folder.command_on_data("serve --listen 127.0.0.1:0"))
    }

    /// Starts one by a command of one's own.
    #[track_caller]
    pub(crate) fn start_command(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let stdout = BufReader::new(child.stdout.take().expect("standard output is a pipe"));
        let mut stderr = child.stderr.take().expect("standard error is a pipe");
        let (said, lines) = mpsc::sync_channel(LINES_UNREAD_MAX);
        thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if said.send(line).is_err() {
                    return;
                }
            }
        });
        let stderr = thread::spawn(move || {
            let mut text = String::new();
            // A process that is ended by force may leave half a character.
            let _half = stderr.read_to_string(&mut text).is_err();
            text
        });
        let (child, stderr) = (Some(child), Some(stderr));
        let mut server = Self { child, lines, said: Vec::new(), stderr, url: String::new() };
        let rest = server.wait_for("listens on ");
        server.url = rest.split_whitespace().next().expect("an address follows").to_owned();
        server
    }

    /// Waits until it says something, and gives what follows in that line.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, words: &str) -> String {
        loop {
            let Ok(line) = self.lines.recv_timeout(DEADLINE) else {
                let said = self.said.join("\n");
                let finished = self.end("KILL");
                panic!("the server did not say {words:?}: {said}\n{}", finished.whole());
            };
            self.said.push(line.clone());
            if let Some((_, rest)) = line.split_once(words) {
                return rest.to_owned();
            }
        }
    }

    /// The address without its scheme.
    pub(crate) fn address(&self) -> &str {
        self.url.strip_prefix("http://").expect("the server says a URL")
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().expect("it runs until it is ended").id()
    }

    /// Tells it to stop, and waits until it has.
    #[track_caller]
    pub(crate) fn stop(mut self) -> Finished {
        self.end("TERM")
    }

    /// The same, and it ends well.
    #[track_caller]
    pub(crate) fn stop_cleanly(self) -> Finished {
        let stopped = self.stop();
        assert_eq!(stopped.code, Some(0), "{}", stopped.whole());
        stopped.says("Stopped. The log is at position")
    }

    /// Waits until it has ended, because it was told to already.
    #[track_caller]
    pub(crate) fn wait(mut self) -> Finished {
        self.collect()
    }

    /// Ends it by force, as a crash does.
    #[track_caller]
    pub(crate) fn kill(mut self) {
        let finished = self.end("KILL");
        assert_eq!(finished.code, None, "a signal ended it: {}", finished.whole());
    }

    #[track_caller]
    fn end(&mut self, signal: &str) -> Finished {
        program::signal(signal, self.pid());
        self.collect()
    }

    #[track_caller]
    fn collect(&mut self) -> Finished {
        let child = self.child.take().expect("it is ended once");
        let output = program::wait(child);
        let stderr = self.stderr.take().expect("it is ended once").join().expect("reading does not panic");
        // The reader's end of the channel closes when the pipe does.
        self.said.extend(self.lines.iter());
        Finished {
            command: "scorebook serve".to_owned(),
            code: output.status.code(),
            stdout: self.said.join("\n"),
            stderr,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ended = child.kill().is_ok() && child.wait().is_ok();
        }
    }
}
