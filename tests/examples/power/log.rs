//! Appending to the journal of a disk, and holding it against what was acknowledged.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use domain::{Digest, Position};
use engine::log::{EventLog as _, Head};
use journal::{Journal, Options};

use crate::{number, records};

/// A small cache, so that pages are also written out and read back during a run.
const CACHE_BYTES: u64 = 4 * 1024 * 1024;
/// What is before the `position:chain` of a copy.
const COPIED: &str = "copied ";

/// A `position:chain`.
pub(crate) type Printed = (Position, Digest);

/// A journal does not open.
#[derive(Debug)]
pub(crate) struct CannotOpen;

impl std::fmt::Display for CannotOpen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cannot open")
    }
}

/// Where the journal of a disk is.
pub(crate) fn journal_of(disk: &str) -> PathBuf {
    Path::new(disk).join("journal")
}

pub(crate) fn options(dir: &Path) -> Options {
    Options { cache_bytes: CACHE_BYTES, ..Options::new(dir) }
}

pub(crate) fn open(dir: &Path) -> Result<Journal> {
    Journal::open(&options(dir)).context(CannotOpen)
}

pub(crate) fn append(disk: &str, batch: u64, n_commits: u64) -> Result<()> {
    let journal = open(&journal_of(disk))?;
    (0..n_commits).try_for_each(|_commit| append_one(&journal, batch))
}

/// Appends a commit, and says so.
pub(crate) fn append_one(journal: &Journal, batch: u64) -> Result<()> {
    let head = journal.head().position;
    let head = journal.append(head, &[records::commit(head, batch)?])?;
    println!("{}:{}", head.position, head.chain);
    Ok(())
}

/// Says that a copy was made.
pub(crate) fn copied(head: Head) {
    println!("{COPIED}{}:{}", head.position, head.chain);
}

/// What was acknowledged, in order.
pub(crate) struct Acknowledged {
    pub(crate) commits: Vec<Printed>,
    pub(crate) copies: Vec<Printed>,
}

impl Acknowledged {
    pub(crate) fn read(file: &str) -> Result<Self> {
        let lines = fs::read_to_string(file).with_context(|| format!("cannot read {file}"))?;
        let (mut commits, mut copies) = (Vec::new(), Vec::new());
        for line in lines.lines() {
            match line.strip_prefix(COPIED) {
                Some(line) => copies.push(read_line(line)?),
                None => commits.push(read_line(line)?),
            }
        }
        Ok(Self { commits, copies })
    }
}

fn read_line(line: &str) -> Result<Printed> {
    let (position, chain) = line.split_once(':').with_context(|| format!("`{line}` is no position:chain"))?;
    Ok((Position::new(number(position)?), chain.parse().with_context(|| format!("`{chain}` is no chain"))?))
}

pub(crate) fn check(disk: &str, batch: u64, acknowledged: &str) -> Result<()> {
    check_commits(disk, batch, &Acknowledged::read(acknowledged)?).map(drop)
}

/// Opens the journal and checks that it has every commit that was acknowledged.
pub(crate) fn check_commits(disk: &str, batch: u64, acknowledged: &Acknowledged) -> Result<Journal> {
    let journal = open(&journal_of(disk))?;
    let head = journal.head().position;
    let last = acknowledged.commits.last().copied();
    if let Some((position, _)) = last {
        ensure!(head >= position, "position {position} was acknowledged, and the log ends at {head}");
    }
    journal.verify(None)?;
    journal.verify(last)?;
    for (position, chain) in &acknowledged.commits {
        let found = journal.chain_at(*position)?;
        ensure!(found == Some(*chain), "{position}:{chain} was acknowledged, and the chain there is {found:?}");
    }
    records::check(&journal, batch)?;
    Ok(journal)
}
