//! Asking the server that holds a data folder.

use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use journal::{Progress, Watch};

use super::{Answer, Asked, LINE_BYTES_MAX, NAME};

/// How long a server may be silent: its first words come with its first records, its last after a sync of the disk.
const ANSWERING: Duration = Duration::from_mins(10);

/// Asks, writes what comes to `out`, and gives what the server says of it in the end.
///
/// # Errors
/// When no server answers, it fails, or `out` takes no more.
pub(crate) fn ask(data_dir: &Path, asked: &Asked, out: &mut dyn Write, watch: Watch<'_>) -> anyhow::Result<String> {
    let path = data_dir.join(NAME);
    let mut stream = UnixStream::connect(&path)
        .with_context(|| format!("no server answers at {}: stop what holds the log first", path.display()))?;
    stream.set_read_timeout(Some(ANSWERING)).context("the server cannot be waited for")?;
    let mut line = serde_json::to_vec(asked).context("the folder's name is not Unicode")?;
    line.push(b'\n');
    stream.write_all(&line).context("the server cannot be asked")?;
    let mut answers = BufReader::new(stream);
    loop {
        let mut line = String::new();
        let n_bytes = answers.by_ref().take(LINE_BYTES_MAX).read_line(&mut line);
        if n_bytes.context("the server did not answer in time")? == 0 {
            bail!("the server ended before it was done: begin again");
        }
        match serde_json::from_str(&line).context("the server's answer is not understood")? {
            Answer::Progress { done, total } => watch(Progress { n_done: done, n_total: total }),
            Answer::Bytes { bytes } => take(&mut answers, bytes, out)?,
            Answer::Made { made } => return Ok(made),
            Answer::Failed { failed } => bail!(failed),
        }
    }
}

fn take(answers: &mut impl Read, n_bytes: u64, out: &mut dyn Write) -> anyhow::Result<()> {
    let n_taken = io::copy(&mut answers.take(n_bytes), out).context("what the server gives cannot be written")?;
    anyhow::ensure!(n_taken == n_bytes, "the server ended before it was done: begin again");
    Ok(())
}
