//! The program whose power is cut: it appends to a journal, copies one, or checks what is left.
//!
//! ```text
//! power append DISK BATCH COMMITS   opens, appends, and prints `position:chain` of each commit once it is acknowledged
//! power backup DISK BATCH COMMITS   the same, and after each commit a backup, with `copied position:chain` once it is made
//! power resume DISK BATCH …         backs up where the run before was killed, and says `copied position:chain` at last
//! power export DISK BATCH COMMITS   as `backup`, with an export to a new file
//! power restore DISK …              makes a journal of the backup, and says `copied position:chain`
//! power import DISK …               the same of the newest export
//! power check DISK BATCH FILE       opens, and holds what is there against the acknowledgements in FILE
//! power check-VERB DISK BATCH FILE  the same, and what the verb above made or left unfinished
//! power table ROUNDS SEED [WORDS]   cuts the power again and again, in every way (or those that have the words in their
//!                                   line of the table), and prints what became of it
//! ```
//!
//! DISK is a folder, in which everything has its place. It is not a test by itself: `tests/src/power.rs` and `cargo xtask
//! power` drive it. Every record is a function of its position and of the batch, so that a check knows what must be there
//! without being told.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "acknowledgements and tables are what this program is for"
)]

mod copies;
mod log;
mod records;

use std::process::ExitCode;
use std::str::FromStr;

use anyhow::{Context as _, Result, bail};
use end_to_end::power::{EXIT_CANNOT_OPEN, EXIT_LOST, table};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(if error.is::<log::CannotOpen>() { EXIT_CANNOT_OPEN } else { EXIT_LOST })
        }
    }
}

fn run(words: &[&str]) -> Result<()> {
    match *words {
        ["append", disk, batch, n_commits] => log::append(disk, number(batch)?, number(n_commits)?),
        ["backup", disk, batch, n_commits] => copies::back_up(disk, number(batch)?, number(n_commits)?),
        ["export", disk, batch, n_commits] => copies::export(disk, number(batch)?, number(n_commits)?),
        ["resume", disk, batch, _] => copies::resume(disk, number(batch)?),
        ["restore", disk, ..] => copies::restore(disk),
        ["import", disk, ..] => copies::import(disk),
        ["check", disk, batch, acknowledged] => log::check(disk, number(batch)?, acknowledged),
        ["check-backup" | "check-resume", disk, batch, acknowledged] => {
            copies::check_backup(disk, number(batch)?, acknowledged)
        }
        ["check-export", disk, batch, acknowledged] => copies::check_exports(disk, number(batch)?, acknowledged),
        ["check-restore", disk, batch, acknowledged] => {
            copies::check_built(disk, number(batch)?, acknowledged, copies::restore)
        }
        ["check-import", disk, batch, acknowledged] => {
            copies::check_built(disk, number(batch)?, acknowledged, copies::import)
        }
        ["table", n_rounds, seed] => print_table(n_rounds, seed, ""),
        ["table", n_rounds, seed, only] => print_table(n_rounds, seed, only),
        _ => bail!("usage: power VERB DISK BATCH COMMITS | check[-VERB] DISK BATCH FILE | table ROUNDS SEED [WORDS]"),
    }
}

fn number<T: FromStr<Err: std::error::Error + Send + Sync + 'static>>(text: &str) -> Result<T> {
    text.parse().with_context(|| format!("`{text}` is no number"))
}

fn print_table(n_rounds: &str, seed: &str, only: &str) -> Result<()> {
    let n_failed = table::print((number(n_rounds)?, number(seed)?), only, &mut std::io::stdout())?;
    if n_failed > 0 {
        bail!("{n_failed} rounds did not end as they should");
    }
    Ok(())
}
