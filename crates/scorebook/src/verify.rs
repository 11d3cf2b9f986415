//! Verifying the whole log, with the data folder to oneself.

use std::io::Write;
use std::path::Path;

use anyhow::Context as _;
use domain::{Digest, Position};

use crate::place;
use crate::settings::Settings;

/// Checks every record and the chain.
///
/// # Errors
/// When a record is damaged or the log is not the one that was expected: with the first bad position, and what to do.
pub(crate) fn verify(
    data_dir: &Path,
    settings: &Settings,
    expect: Option<&str>,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let expect = expect.map(read).transpose()?;
    let journal = place::open_journal(data_dir, settings).map_err(|error| place::name_damage(data_dir, error))?;
    let verified = journal.verify(expect).context(
        "the log is not what was written: keep the folder as it is, and restore the newest backup into another one",
    )?;
    let head = verified.head;
    writeln!(out, "{} records in {} commits are verified.", head.position, verified.n_commits)?;
    writeln!(out, "{}", verified.assurance)?;
    writeln!(out, "Head: {}:{}", head.position, head.chain)?;
    Ok(())
}

/// Reads a position and its chain as they are printed.
///
/// # Errors
/// When it is anything else.
pub(crate) fn read(text: &str) -> anyhow::Result<(Position, Digest)> {
    let help = || format!("{text:?} is not POSITION:CHAIN as answers print it");
    let (position, chain) = text.split_once(':').with_context(help)?;
    let chain: Digest = chain.parse().ok().with_context(help)?;
    Ok((Position::new(position.parse().ok().with_context(help)?), chain))
}
