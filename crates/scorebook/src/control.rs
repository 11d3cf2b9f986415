//! What only the owner of a data folder may ask of the server that holds it: a backup. Salts are in it, so that it goes to
//! a folder of this machine and never through the contract.
//!
//! ```text
//! control.sock in the data folder, for its owner alone
//!   asked     {"backup":"/folder"}                                 one line
//!   answered  {"done":n,"total":m} …  then {"made":"words"} or {"failed":"words"}      a line each
//! ```

use std::path::{Path, PathBuf};
use std::sync::Arc;

use journal::{Journal, Progress, Watch};

/// Where a server is asked; gone when this is dropped.
pub(crate) struct Control {
    path: Option<PathBuf>,
}

impl Drop for Control {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.path.as_deref().map(std::fs::remove_file) {
            tracing::debug!(%error, "the server's control socket was gone already");
        }
    }
}

#[cfg(not(unix))]
impl Control {
    /// Elsewhere a backup is made when the server has stopped.
    pub(crate) fn listen(_data_dir: &Path, _journal: &Arc<Journal>) -> Self {
        Self { path: None }
    }
}

/// Elsewhere a backup is made when the server has stopped.
///
/// # Errors
/// Always.
#[cfg(not(unix))]
pub(crate) fn back_up(_data_dir: &Path, _dir: &Path, _watch: Watch<'_>) -> anyhow::Result<String> {
    anyhow::bail!("a running server is backed up on Unix alone: stop it first")
}

#[cfg(unix)]
pub(crate) use here::back_up;

#[cfg(unix)]
mod here {
    use std::fs::{self, Permissions};
    use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::net::{UnixListener, UnixStream};
    use std::sync::Weak;
    use std::thread;
    use std::time::Duration;

    use anyhow::{Context as _, bail};
    use serde::{Deserialize, Serialize};

    use super::{Arc, Control, Journal, Path, PathBuf, Progress, Watch};
    use crate::backup;

    const NAME: &str = "control.sock";
    /// More than any path has.
    const LINE_BYTES_MAX: u64 = 64 * 1024;
    /// How long somebody may take to say what is asked.
    const ASKING: Duration = Duration::from_secs(5);
    /// How long a backup may be silent: its first words come with its first records, its last after a sync of the disk.
    const ANSWERING: Duration = Duration::from_mins(10);

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        backup: PathBuf,
    }

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Answer {
        Progress { done: u64, total: u64 },
        Made { made: String },
        Failed { failed: String },
    }

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

    /// One after the other: a backup reads all that is new, and two of them would be no faster.
    fn answer_all(listener: &UnixListener, journal: &Weak<Journal>) {
        for stream in listener.incoming() {
            let Some(journal) = journal.upgrade() else { return };
            if let Err(error) = stream.and_then(|stream| answer(stream, &journal)) {
                tracing::debug!(%error, "whoever asked for a backup left");
            }
        }
    }

    fn answer(mut stream: UnixStream, journal: &Journal) -> io::Result<()> {
        stream.set_read_timeout(Some(ASKING))?;
        stream.set_write_timeout(Some(ASKING))?;
        let mut line = String::new();
        BufReader::new((&stream).take(LINE_BYTES_MAX)).read_line(&mut line)?;
        let asked: Asked = serde_json::from_str(&line)?;
        tracing::info!(dir = %asked.backup.display(), "a backup begins");
        // Whoever asked may leave; the backup is finished all the same.
        let mut told = Ok(());
        let made = backup::carry_out(journal, &asked.backup, &mut |Progress { n_done, n_total }| {
            if told.is_ok() {
                told = say(&mut stream, &Answer::Progress { done: n_done, total: n_total });
            }
        });
        let answer = match made {
            Ok(made) => {
                tracing::info!(dir = %asked.backup.display(), position = made.head.position.get(), "a backup is made");
                Answer::Made { made: backup::words(&made, &asked.backup) }
            }
            Err(error) => {
                let failed = crate::chain(&error);
                tracing::warn!(dir = %asked.backup.display(), failed, "a backup failed");
                Answer::Failed { failed }
            }
        };
        say(&mut stream, &answer)
    }

    fn say(stream: &mut UnixStream, answer: &Answer) -> io::Result<()> {
        let mut line = serde_json::to_vec(answer)?;
        line.push(b'\n');
        stream.write_all(&line)
    }

    /// Asks the server that holds a data folder for a backup, and gives what it says of it.
    ///
    /// # Errors
    /// When no server answers, or the backup fails.
    pub(crate) fn back_up(data_dir: &Path, dir: &Path, watch: Watch<'_>) -> anyhow::Result<String> {
        let path = data_dir.join(NAME);
        let mut stream = UnixStream::connect(&path).with_context(|| {
            format!("no server answers at {}: stop what holds the log, then back it up", path.display())
        })?;
        stream.set_read_timeout(Some(ANSWERING)).context("the server cannot be waited for")?;
        let mut asked =
            serde_json::to_vec(&Asked { backup: dir.to_owned() }).context("the folder's name is not Unicode")?;
        asked.push(b'\n');
        stream.write_all(&asked).context("the server cannot be asked")?;
        let mut answers = BufReader::new(stream);
        loop {
            let mut line = String::new();
            let n_bytes = answers.by_ref().take(LINE_BYTES_MAX).read_line(&mut line);
            if n_bytes.context("the server did not answer in time")? == 0 {
                bail!("the server ended before the backup was made: begin again");
            }
            match serde_json::from_str(&line).context("the server's answer is not understood")? {
                Answer::Progress { done, total } => watch(Progress { n_done: done, n_total: total }),
                Answer::Made { made } => return Ok(made),
                Answer::Failed { failed } => bail!(failed),
            }
        }
    }
}
