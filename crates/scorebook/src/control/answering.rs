//! Answering whoever owns the data folder, beside serving.

use std::fs::{self, Permissions};
use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use journal::{Journal, Progress};

use super::{Answer, Asked, Control, LINE_BYTES_MAX, NAME};
use crate::{backup, export, verify};

/// How long somebody may take to say what is asked.
const ASKING: Duration = Duration::from_secs(5);
/// How long somebody may take to read what is answered: an export may be read page by page.
const READING: Duration = Duration::from_mins(10);
/// How many are answered at once; the next is told to come again.
const AT_ONCE_MAX: usize = 4;
/// How much of an export is sent at once.
const CHUNK_BYTES: usize = 64 * 1024;

impl Control {
    /// Listens for as long as the process lives. A server without it serves all the same, and says so.
    pub(crate) fn listen(data_dir: &Path, journal: &Arc<Journal>) -> Self {
        let path = data_dir.join(NAME);
        match bind(&path) {
            Ok(listener) => {
                // So that the journal is closed when the server has stopped, although this thread still listens.
                let journal = Arc::downgrade(journal);
                let thread = thread::Builder::new().name("control".to_owned());
                if let Err(error) = thread.spawn(move || answer_all(&listener, &journal)) {
                    tracing::warn!(%error, "this server cannot be backed up while it runs");
                }
                Self { path: Some(path) }
            }
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "this server cannot be backed up while it runs");
                Self { path: None }
            }
        }
    }
}

/// The journal is held, so that a socket which is there belongs to a server that was killed.
fn bind(path: &Path) -> io::Result<UnixListener> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Each on a thread of its own, so that an export that nobody reads on does not keep a backup waiting.
fn answer_all(listener: &UnixListener, journal: &Weak<Journal>) {
    // Held by each thread that answers.
    let places = Arc::new(());
    for stream in listener.incoming() {
        let Some(journal) = journal.upgrade() else { return };
        let place = Arc::clone(&places);
        let refused = Arc::strong_count(&places) > AT_ONCE_MAX.saturating_add(1);
        let answering = move || {
            if let Err(error) = stream.and_then(|stream| answer(stream, &journal, refused)) {
                tracing::debug!(%error, "whoever asked left");
            }
            drop(place);
        };
        if let Err(error) = thread::Builder::new().name("answering".to_owned()).spawn(answering) {
            tracing::warn!(%error, "somebody who asked for a backup, an export or a proof is not answered");
        }
    }
}

fn answer(mut stream: UnixStream, journal: &Journal, refused: bool) -> io::Result<()> {
    stream.set_read_timeout(Some(ASKING))?;
    stream.set_write_timeout(Some(READING))?;
    let mut line = String::new();
    BufReader::new((&stream).take(LINE_BYTES_MAX)).read_line(&mut line)?;
    let asked: Asked = serde_json::from_str(&line)?;
    if refused {
        let failed = format!("the server is answering {AT_ONCE_MAX} others: try again when one of them has ended");
        return say(&mut stream, &Answer::Failed { failed });
    }
    tracing::info!(?asked, "begins");
    let made = match &asked {
        Asked::Backup(dir) => back_up(&stream, journal, dir),
        Asked::Export => give(&stream, journal),
        Asked::Verify { expect } => prove(&stream, journal, expect.as_deref()),
    };
    let answer = match made {
        Ok(made) => {
            tracing::info!(?asked, "is done");
            Answer::Made { made }
        }
        Err(error) => {
            let failed = crate::chain(&error);
            tracing::warn!(?asked, failed, "failed");
            Answer::Failed { failed }
        }
    };
    say(&mut stream, &answer)
}

fn back_up(mut stream: &UnixStream, journal: &Journal, dir: &Path) -> anyhow::Result<String> {
    // Whoever asked may leave; the backup is finished all the same.
    let mut told = Ok(());
    let made = backup::carry_out(journal, dir, &mut |at| {
        if told.is_ok() {
            told = say(&mut stream, &progress(at));
        }
    })?;
    Ok(backup::words(&made, dir))
}

fn give(mut stream: &UnixStream, journal: &Journal) -> anyhow::Result<String> {
    let mut chunks = BufWriter::with_capacity(CHUNK_BYTES, Chunks(stream));
    // Where nobody listens any more, the next chunk fails.
    let mut told = Ok(());
    let given = journal::export::write(journal, &mut chunks, Path::new("to whoever asked"), &mut |at| {
        if told.is_ok() {
            told = say(&mut stream, &progress(at));
        }
    });
    // What is left of it goes nowhere when it failed.
    let (_stream, _unsent) = chunks.into_parts();
    Ok(export::line_to_keep(&given.map_err(export::said)?))
}

fn prove(mut stream: &UnixStream, journal: &Journal, expect: Option<&str>) -> anyhow::Result<String> {
    verify::carry_out(journal, expect, &mut |at| say(&mut stream, &progress(at)).is_ok())
}

/// Sends each piece with its length before it.
struct Chunks<'a>(&'a UnixStream);

impl Write for Chunks<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        say(&mut self.0, &Answer::Bytes { bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX) })?;
        self.0.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const fn progress(Progress { n_done, n_total }: Progress) -> Answer {
    Answer::Progress { done: n_done, total: n_total }
}

fn say(stream: &mut impl Write, answer: &Answer) -> io::Result<()> {
    let mut line = serde_json::to_vec(answer)?;
    line.push(b'\n');
    stream.write_all(&line)
}
