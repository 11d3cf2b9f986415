//! The whole log as lines of JSON, opened here or held by a server; and back, into a folder of its own.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;

use anyhow::Context as _;
use engine::log::Head;
use journal::import::Taken;
use journal::{CopyError, OpenError, Options};

use crate::control::Asked;
use crate::progress::Bar;
use crate::settings::Settings;
use crate::{control, place, verify};

/// How much of a file is read or written at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// Writes every record as a line to a file, or to standard output.
///
/// # Errors
/// When there is such a file, or the log cannot be read.
pub(crate) fn export(data_dir: &Path, settings: &Settings, file: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut bar = Bar::new("exporting")?;
    let mut tell = |at| bar.tell(at);
    let opened = match place::open_journal(data_dir, settings) {
        Ok(journal) => Some(journal),
        Err(error) if place::is_in_use(&error) => None,
        Err(error) => return Err(place::name_damage(data_dir, error)),
    };
    let to_stdout = file == Path::new("-");
    let name = if to_stdout { Path::new("standard output") } else { file };
    let mut give = |to: &mut dyn Write| match &opened {
        Some(journal) => Ok(line_to_keep(&journal::export::write(journal, to, name, &mut tell)?)),
        None => control::ask(data_dir, &Asked::Export, to, &mut tell),
    };
    if to_stdout {
        // Not through `out`, which would look for colours in every byte.
        let mut stdout = BufWriter::with_capacity(BUFFER_BYTES, io::stdout().lock());
        let given = give(&mut stdout).and_then(|_head| stdout.flush().context("writing standard output failed"));
        return given.map_err(explained);
    }
    let head = journal::export::whole_file(file, &mut give).map_err(explained)?;
    drop(bar);
    let n_records = head.split(':').next().unwrap_or_default();
    writeln!(out, "{n_records} records are exported to {}.", file.display())?;
    writeln!(out, "Head: {head}")?;
    writeln!(out, "The file holds the salts, and names of people: keep it like the log itself.")?;
    Ok(())
}

/// Makes a log from an export.
///
/// # Errors
/// When there is a log, or a line of the export is not what was written: with the line.
pub(crate) fn import(
    data_dir: &Path,
    settings: &Settings,
    (file, expect): (&Path, Option<&str>),
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let expect = expect.map(verify::read).transpose()?;
    let options = place_for(data_dir, settings)?;
    let lines = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let mut lines = BufReader::with_capacity(BUFFER_BYTES, lines);
    let mut bar = Bar::new("importing")?;
    let taken = journal::import::from_lines(&options, &mut lines, expect, &mut |at| bar.tell(at));
    drop(bar);
    let taken = taken.map_err(said).with_context(|| format!("{} was not imported", file.display()))?;
    tell(out, &taken, ("imported", data_dir))
}

/// How the journal is opened that is to be made in a data folder, where there is none yet.
///
/// # Errors
/// When there is one, or the folder cannot be made.
pub(crate) fn place_for(data_dir: &Path, settings: &Settings) -> anyhow::Result<Options> {
    let dir = place::journal_dir(data_dir);
    anyhow::ensure!(
        !dir.exists(),
        "there is a log in {} already; leave it as it is, and name another folder with --data-dir",
        data_dir.display()
    );
    place::make_private(data_dir)?;
    let mut options = Options::new(dir);
    options.cache_bytes = settings.cache_mebibytes.saturating_mul(1024 * 1024);
    Ok(options)
}

/// Says which log is there now, and what is proved of it.
///
/// # Errors
/// What `out` says.
pub(crate) fn tell(out: &mut dyn Write, taken: &Taken, (done, data_dir): (&str, &Path)) -> anyhow::Result<()> {
    let verified = &taken.verified;
    let head = verified.head;
    writeln!(out, "Log {} is {done} into {}.", taken.log, data_dir.display())?;
    writeln!(out, "{} records in {} commits are verified.", head.position, verified.n_commits)?;
    if verified.n_newer > 0 {
        writeln!(out, "{} of them are newer than this program; they are kept untouched.", verified.n_newer)?;
    }
    writeln!(out, "{}", verified.assurance)?;
    writeln!(out, "Head: {}:{}", head.position, head.chain)?;
    Ok(())
}

/// `position:chain`, as it is printed everywhere.
pub(crate) fn line_to_keep(head: &Head) -> String {
    format!("{}:{}", head.position, head.chain)
}

/// Says what to do, where it was a copy that failed and not a server that said so already.
fn explained(error: anyhow::Error) -> anyhow::Error {
    error.downcast().map_or_else(|error| error, said)
}

/// Says what to do about a copy that failed.
pub(crate) fn said(error: CopyError) -> anyhow::Error {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the other errors say it themselves")]
    let words = match &error {
        CopyError::Exists { .. } => "nothing was written: name a place where there is nothing yet",
        CopyError::Empty => "there is nothing to copy: begin the log with scorebook init",
        CopyError::Log { source: engine::log::Error::Full(_) } | CopyError::Open { source: OpenError::Full(_) } => {
            "nothing was kept of it: begin again when there is room"
        }
        CopyError::InUse { .. } => "nothing was written: wait for the other process to end",
        CopyError::Log { .. } => {
            "the log cannot be copied whole: run scorebook log verify, and follow docs/OPERATIONS.md, “A damaged log”"
        }
        CopyError::Line { .. } => "the export is not what was written: take another copy of it",
        CopyError::Backup { .. } => "the backup is not what was written: use another one, and make a new one",
        CopyError::Newer { .. } => "a newer Scorebook made it: use that one",
        CopyError::OtherLog { .. } | CopyError::Fork { .. } => {
            "nothing was written: keep both as they are; back up into another folder, and find out which is right"
        }
        CopyError::Unexpected { .. } => "nothing was kept: look for the copy that belongs to what was printed",
        _ => "nothing that looks finished is left behind",
    };
    anyhow::Error::new(error).context(words)
}
