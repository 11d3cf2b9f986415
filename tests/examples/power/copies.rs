//! Copying a journal out and back, and holding what a cut left of the copies against what was acknowledged.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use domain::Position;
use engine::log::EventLog as _;
use journal::{CopyError, Journal, backup, export, import};

use crate::log::{self, Acknowledged, Printed};
use crate::records;

/// Neither of its folders is there before the first backup.
fn backup_of(disk: &str) -> PathBuf {
    Path::new(disk).join("backups").join("daily")
}

fn export_of(disk: &str, position: Position) -> PathBuf {
    Path::new(disk).join(format!("log-{:020}.jsonl", position.get()))
}

/// Where a journal is made of a copy. Its parent is not there before either.
fn built_of(disk: &str) -> PathBuf {
    Path::new(disk).join("built").join("journal")
}

/// Where the checks try a copy.
fn trial_of(disk: &str) -> PathBuf {
    Path::new(disk).join("trial")
}

fn silent() -> impl FnMut(journal::Progress) {
    |_progress| {}
}

/// Appends and backs up in turn; a second commit is appended while the backup is made.
pub(crate) fn back_up(disk: &str, batch: u64, n_commits: u64) -> Result<()> {
    let journal = log::open(&log::journal_of(disk))?;
    for _commit in 0..n_commits {
        log::append_one(&journal, batch)?;
        let mut meanwhile = None;
        let made = backup::backup(&journal, &backup_of(disk), &mut |_progress| {
            meanwhile.get_or_insert_with(|| log::append_one(&journal, batch));
        })?;
        meanwhile.context("a backup tells how far it is")??;
        log::copied(made.head);
    }
    Ok(())
}

/// Backs up where another run was killed: it had given the manifest its name, and not yet made that durable.
pub(crate) fn resume(disk: &str, batch: u64) -> Result<()> {
    let journal = log::open(&log::journal_of(disk))?;
    let dir = backup_of(disk);
    let manifest = dir.join("manifest.json");
    log::append_one(&journal, batch)?;
    let before = manifest.exists().then(|| fs::read(&manifest)).transpose()?;
    backup::backup(&journal, &dir, &mut silent())?;
    let named = fs::read(&manifest)?;
    match before {
        Some(before) => rename_into_place(&manifest, &before)?,
        None => fs::remove_file(&manifest)?,
    }
    File::open(&dir)?.sync_all()?;
    rename_into_place(&manifest, &named)?;
    log::copied(backup::backup(&journal, &dir, &mut silent())?.head);
    Ok(())
}

fn rename_into_place(path: &Path, bytes: &[u8]) -> Result<()> {
    let unfinished = path.with_extension("json.part");
    fs::write(&unfinished, bytes)?;
    File::open(&unfinished)?.sync_all()?;
    Ok(fs::rename(&unfinished, path)?)
}

/// Appends and exports in turn, each time to a new file.
pub(crate) fn export(disk: &str, batch: u64, n_commits: u64) -> Result<()> {
    let journal = log::open(&log::journal_of(disk))?;
    for _commit in 0..n_commits {
        log::append_one(&journal, batch)?;
        let path = export_of(disk, journal.head().position);
        log::copied(export::to_file(&journal, &path, &mut silent())?);
    }
    Ok(())
}

/// Makes a journal of the backup, unless it is there.
pub(crate) fn restore(disk: &str) -> Result<()> {
    let built = built_of(disk);
    if built.exists() {
        return Ok(());
    }
    let taken = backup::restore(&log::options(&built), &backup_of(disk), None, &mut silent())?;
    log::copied(taken.verified.head);
    Ok(())
}

/// Makes a journal of the newest export, unless it is there.
pub(crate) fn import(disk: &str) -> Result<()> {
    let built = built_of(disk);
    if built.exists() {
        return Ok(());
    }
    let newest = exports(disk)?.pop().context("there is an export")?;
    let taken = import::from_lines(&log::options(&built), &mut lines(&newest)?, None, &mut silent())?;
    log::copied(taken.verified.head);
    Ok(())
}

fn lines(path: &Path) -> Result<BufReader<File>> {
    Ok(BufReader::new(File::open(path).with_context(|| format!("cannot read {}", path.display()))?))
}

/// The exports that have their names, the newest last.
fn exports(disk: &str) -> Result<Vec<PathBuf>> {
    let found: Vec<_> = fs::read_dir(disk)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    let mut found: Vec<_> = found.into_iter().filter(|path| path.extension().is_some_and(|it| it == "jsonl")).collect();
    found.sort();
    Ok(found)
}

/// The backup is none, or restores to what its manifest says, which was acknowledged; and the next run completes it.
pub(crate) fn check_backup(disk: &str, batch: u64, acknowledged: &str) -> Result<()> {
    let acknowledged = Acknowledged::read(acknowledged)?;
    let journal = log::check_commits(disk, batch, &acknowledged)?;
    match try_backup(disk, batch, None) {
        Ok(found) => check_copy(&journal, found, &acknowledged)?,
        Err(error) if is_no_backup(&error) => {
            let lost = acknowledged.copies.last();
            ensure!(lost.is_none(), "a backup up to {lost:?} was acknowledged, and there is none");
        }
        Err(error) => return Err(error.context("the backup does not restore")),
    }
    let head = journal.head();
    let made = backup::backup(&journal, &backup_of(disk), &mut silent()).context("the next backup is refused")?;
    ensure!(made.head == head, "the next backup goes to {:?}, and the log to {head:?}", made.head);
    let printed = (head.position, head.chain);
    let found = try_backup(disk, batch, Some(printed)).context("the next backup does not restore")?;
    ensure!(found == printed, "the next backup ends at {found:?}, and not at {printed:?}");
    Ok(())
}

/// What is refused because there is no manifest.
fn is_no_backup(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(CopyError::Backup { reason, .. }) if reason.starts_with("there is none"))
}

/// Where a backup restores to.
fn try_backup(disk: &str, batch: u64, expect: Option<Printed>) -> Result<Printed> {
    let trial = trial_of(disk);
    backup::restore(&log::options(&trial), &backup_of(disk), expect, &mut silent())?;
    end_of_trial(&trial, batch)
}

fn try_export(disk: &str, path: &Path, batch: u64) -> Result<Printed> {
    let trial = trial_of(disk);
    import::from_lines(&log::options(&trial), &mut lines(path)?, None, &mut silent())?;
    end_of_trial(&trial, batch)
}

fn end_of_trial(trial: &Path, batch: u64) -> Result<Printed> {
    let journal = log::open(trial)?;
    records::check(&journal, batch)?;
    let head = journal.head();
    drop(journal);
    fs::remove_dir_all(trial)?;
    Ok((head.position, head.chain))
}

/// A copy has the log up to some commit, and goes no less far than the last copy that was acknowledged.
fn check_copy(journal: &Journal, found: Printed, acknowledged: &Acknowledged) -> Result<()> {
    check_prefix(journal, found)?;
    let last = acknowledged.copies.last();
    let reaches = last.is_none_or(|(position, _)| found.0 >= *position);
    ensure!(reaches, "{last:?} was copied, and the copy ends at {found:?}");
    Ok(())
}

fn check_prefix(journal: &Journal, (position, chain): Printed) -> Result<()> {
    let ours = journal.chain_at(position)?;
    ensure!(ours == Some(chain), "it ends at {position}:{chain}, and the log's chain there is {ours:?}");
    Ok(())
}

/// What has the name of an export is a whole one, every one that was acknowledged is there, and another can be made.
pub(crate) fn check_exports(disk: &str, batch: u64, acknowledged: &str) -> Result<()> {
    let acknowledged = Acknowledged::read(acknowledged)?;
    let journal = log::check_commits(disk, batch, &acknowledged)?;
    for (position, _) in &acknowledged.copies {
        let path = export_of(disk, *position);
        ensure!(path.exists(), "{} was acknowledged, and is not there", path.display());
    }
    for path in exports(disk)? {
        let found = try_export(disk, &path, batch).with_context(|| format!("{} is not whole", path.display()))?;
        ensure!(path == export_of(disk, found.0), "{} ends at {found:?}", path.display());
        check_prefix(&journal, found)?;
        let mut unfinished = path.into_os_string();
        unfinished.push(".part");
        ensure!(!Path::new(&unfinished).exists(), "{} is both finished and unfinished", unfinished.display());
    }
    check_unfinished(disk, batch, &acknowledged)?;
    again(disk, &journal)
}

/// An export that was not finished is refused for its line, or happens to be whole.
fn check_unfinished(disk: &str, batch: u64, acknowledged: &Acknowledged) -> Result<()> {
    for (position, chain) in &acknowledged.commits {
        let mut unfinished = export_of(disk, *position).into_os_string();
        unfinished.push(".part");
        if !Path::new(&unfinished).exists() {
            continue;
        }
        match try_export(disk, Path::new(&unfinished), batch) {
            Ok(found) => ensure!(found == (*position, *chain), "{} ends at {found:?}", unfinished.display()),
            Err(error) => match error.downcast_ref() {
                Some(CopyError::Line { .. }) => {}
                _ => bail!(error.context("an unfinished export is not refused for its line")),
            },
        }
    }
    Ok(())
}

/// Exports once more, where the last cut left nothing or something unfinished.
fn again(disk: &str, journal: &Journal) -> Result<()> {
    let path = export_of(disk, journal.head().position);
    if journal.head().position > Position::START && !path.exists() {
        export::to_file(journal, &path, &mut silent()).context("the next export is refused")?;
    }
    Ok(())
}

/// The journal that was being made of a copy is not there, or whole; and when it is not, making it again succeeds.
pub(crate) fn check_built(disk: &str, batch: u64, acknowledged: &str, make: fn(&str) -> Result<()>) -> Result<()> {
    let acknowledged = Acknowledged::read(acknowledged)?;
    let (expected, done) = acknowledged.copies.split_first().context("there is a copy to make it of")?;
    let built = built_of(disk);
    if !built.exists() {
        ensure!(done.is_empty(), "a journal up to {done:?} was made, and is not there");
        make(disk).context("it cannot be made again")?;
    }
    let journal = log::open(&built)?;
    let head = journal.head();
    ensure!((head.position, head.chain) == *expected, "it ends at {head:?}, and not at {expected:?}");
    journal.verify(Some(*expected))?;
    records::check(&journal, batch)?;
    Ok(())
}
