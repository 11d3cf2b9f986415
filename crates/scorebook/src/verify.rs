//! Verifying the whole log, opened here or held by a server.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context as _;
use domain::{Digest, Position};
use engine::log::Head;
use journal::{Journal, Progress, Verified};

use crate::control::Asked;
use crate::progress::Bar;
use crate::settings::Settings;
use crate::{control, place};

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
    expect.map(read).transpose()?;
    let mut bar = Bar::new("verifying")?;
    let mut tell = |at| bar.tell(at);
    let words = match place::open_journal(data_dir, settings) {
        Ok(journal) => carry_out(&journal, expect, &mut |at| {
            tell(at);
            true
        }),
        Err(error) if place::is_in_use(&error) => {
            let asked = Asked::Verify { expect: expect.map(str::to_owned) };
            control::ask(data_dir, &asked, &mut io::sink(), &mut tell)
        }
        Err(error) => Err(place::name_damage(data_dir, error)),
    };
    drop(bar);
    write!(out, "{}", words?)?;
    Ok(())
}

/// Verifies an open journal for as long as it is to go on, and says what is proved.
///
/// # Errors
/// As [`verify`]; when it was told to stop.
pub(crate) fn carry_out(
    journal: &Journal,
    expect: Option<&str>,
    goes_on: &mut dyn FnMut(Progress) -> bool,
) -> anyhow::Result<String> {
    let verified = journal.verify_while(expect.map(read).transpose()?, goes_on).context(
        "the log is not what was written: keep the folder as it is, and restore the newest backup into another one",
    )?;
    let Verified { head, n_commits, assurance, .. } = verified.context("whoever asked left")?;
    let Head { position, chain, .. } = head;
    Ok(format!("{position} records in {n_commits} commits are verified.\n{assurance}\nHead: {position}:{chain}\n"))
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
