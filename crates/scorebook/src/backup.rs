//! Backing up a log, opened here or held by a server, and making a log from a backup.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context as _;
use domain::Position;
use journal::backup::BackedUp;
use journal::{CopyError, Journal, Watch};

use crate::arguments::Place;
use crate::control::Asked;
use crate::export::{place_for, said, tell};
use crate::progress::Bar;
use crate::settings::Settings;
use crate::{control, place, verify};

/// Copies what a backup does not have yet.
///
/// # Errors
/// When the log cannot be read, or the folder is no backup of it.
pub(crate) fn backup(place: &Place, settings: &Settings, dir: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    anyhow::ensure!(
        place.server.is_none(),
        "a backup holds the salts, which never leave through a server: run it where the log is, with --data-dir"
    );
    let data_dir = settings.data_dir(place.data_dir.as_deref())?;
    let dir = std::path::absolute(dir).with_context(|| format!("{} is no folder", dir.display()))?;
    let mut bar = Bar::new("backing up")?;
    let made = match place::open_journal(&data_dir, settings) {
        Ok(journal) => carry_out(&journal, &dir, &mut |at| bar.tell(at)).map(|made| words(&made, &dir)),
        Err(error) if place::is_in_use(&error) => {
            control::ask(&data_dir, &Asked::Backup(dir), &mut io::sink(), &mut |at| bar.tell(at))
        }
        Err(error) => Err(place::name_damage(&data_dir, error)),
    };
    drop(bar);
    write!(out, "{}", made?)?;
    Ok(())
}

/// Backs up an open journal.
///
/// # Errors
/// As [`journal::backup::backup`], with what to do.
pub(crate) fn carry_out(journal: &Journal, dir: &Path, watch: Watch<'_>) -> anyhow::Result<BackedUp> {
    journal::backup::backup(journal, dir, watch).map_err(|error| {
        if let CopyError::Exists { path } = &error {
            let path = path.display();
            return anyhow::anyhow!("{path} is not of a backup; name a new folder, or that of an earlier backup");
        }
        said(error)
    })
}

/// What was backed up, and what that is good for.
pub(crate) fn words(made: &BackedUp, dir: &Path) -> String {
    let BackedUp { log, head, before, n_segments_new, n_segments, n_bytes_new } = made;
    let what = if *n_segments_new == 0 {
        format!("Nothing is new: {} has log {log} up to position {before}.\n", dir.display())
    } else {
        let after = if *before == Position::START { String::new() } else { format!(" after position {before}") };
        let n_records = head.position.get().saturating_sub(before.get());
        format!(
            "{n_records} records of log {log}{after} are backed up into {}: {n_bytes_new} bytes in {n_segments_new} new \
             of {n_segments} segments.\n",
            dir.display()
        )
    };
    format!(
        "{what}Head: {}:{}\nKeep this line elsewhere: with it a restore proves that nothing up to there was changed, \
         removed or added.\n",
        head.position, head.chain
    )
}

/// Makes a log from a backup, after all of it is checked.
///
/// # Errors
/// When there is a log, or anything in the backup is not what was written: with the file.
pub(crate) fn restore(
    data_dir: &Path,
    settings: &Settings,
    (dir, expect): (&Path, Option<&str>),
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let expect = expect.map(verify::read).transpose()?;
    let options = place_for(data_dir, settings)?;
    let mut bar = Bar::new("restoring")?;
    let taken = journal::backup::restore(&options, dir, expect, &mut |at| bar.tell(at));
    drop(bar);
    let taken = taken.map_err(said).with_context(|| format!("{} was not restored", dir.display()))?;
    tell(out, &taken, ("restored", data_dir))
}
