//! The program whose power is cut: it appends to a journal, or checks what is left of one.
//!
//! ```text
//! power append DIR BATCH COMMITS    opens, appends, and prints `position:chain` of each commit once it is acknowledged
//! power check DIR BATCH FILE        opens, and holds what is there against the acknowledgements in FILE
//! power table ROUNDS SEED [WORDS]   cuts the power again and again, in every way (or those that have the words in their
//!                                   line of the table), and prints what became of it
//! ```
//!
//! It is not a test by itself: `tests/src/power.rs` and `cargo xtask power` drive it. Every record is a function of its
//! position and of the batch, so that a check knows what must be there without being told.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "acknowledgements and tables are what this program is for"
)]

use std::fs;
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::{Context as _, Result, bail, ensure};
use domain::event::{Attribution, RowSetAside};
use domain::result::Why;
use domain::{Actor, ActorId, Digest, Event, EventId, Position, Recorded, SubmissionId, Timestamp};
use end_to_end::power::{EXIT_CANNOT_OPEN, EXIT_LOST, table};
use engine::log::{Commit, EventLog as _};
use journal::{Journal, Options};

/// A small cache, so that pages are also written out and read back during a run.
const CACHE_BYTES: u64 = 4 * 1024 * 1024;
/// How many records are read at once.
const READ: usize = 1_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["append", dir, batch, n_commits] => append(dir, batch, n_commits),
        ["check", dir, batch, acknowledged] => check(dir, batch, acknowledged),
        ["table", n_rounds, seed] => print_table(n_rounds, seed, ""),
        ["table", n_rounds, seed, only] => print_table(n_rounds, seed, only),
        _ => Err(anyhow::anyhow!(
            "usage: power append DIR BATCH COMMITS | check DIR BATCH FILE | table ROUNDS SEED [WORDS]"
        )),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(EXIT_LOST)
        }
    }
}

fn number<T: FromStr<Err: std::error::Error + Send + Sync + 'static>>(text: &str) -> Result<T> {
    text.parse().with_context(|| format!("`{text}` is no number"))
}

/// Opens the journal, or says why not and gives the exit code for that.
fn open(dir: &str) -> Result<Journal, ExitCode> {
    Journal::open(&Options { cache_bytes: CACHE_BYTES, ..Options::new(dir) }).map_err(|error| {
        eprintln!("{:#}", anyhow::Error::new(error));
        ExitCode::from(EXIT_CANNOT_OPEN)
    })
}

/// The record at a position, when every commit has `batch` records.
fn record(position: u64, batch: u64) -> Result<Recorded> {
    let commit = position.saturating_sub(1).checked_div(batch).context("a batch has records")?;
    let at = Timestamp::from_micros(i64::try_from(commit)?.saturating_add(1_543_485_600_000_000))?;
    // From a few bytes to most of a block, so that blocks are of every length.
    let words = usize::try_from(position.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58)?.saturating_add(1);
    let mut id = [0; 16];
    let (places, _) = id.split_at_mut(8);
    places.copy_from_slice(&position.to_be_bytes());
    Ok(Recorded {
        position: Position::new(position),
        recorded_at: at,
        known_at: at,
        event_id: EventId(id),
        last_of_commit: position.checked_rem(batch) == Some(0),
        attribution: Attribution {
            actor: Actor { id: ActorId::new("power").context("an id")?, authenticated: false },
            submission: SubmissionId([0x50; 16]),
            origin: None,
            why: Why { reason: String::new(), cause: None },
        },
        event: Event::RowSetAside(RowSetAside {
            text: format!("{position} ").repeat(words),
            field: "period".to_owned(),
            problem: format!("commit {commit}"),
        }),
    })
}

fn append(dir: &str, batch: &str, n_commits: &str) -> Result<ExitCode> {
    let (batch, n_commits) = (number::<u64>(batch)?, number::<u64>(n_commits)?);
    let journal = match open(dir) {
        Ok(journal) => journal,
        Err(code) => return Ok(code),
    };
    for _commit in 0..n_commits {
        let head = journal.head().position;
        let first = head.get().saturating_add(1);
        let records = first..first.saturating_add(batch);
        let commit = records.map(|position| record(position, batch)).collect::<Result<Commit>>()?;
        let head = journal.append(head, &[commit])?;
        println!("{}:{}", head.position, head.chain);
    }
    Ok(ExitCode::SUCCESS)
}

fn check(dir: &str, batch: &str, acknowledged: &str) -> Result<ExitCode> {
    let batch = number::<u64>(batch)?;
    let lines = fs::read_to_string(acknowledged).with_context(|| format!("cannot read {acknowledged}"))?;
    let acknowledged = lines.lines().map(read_line).collect::<Result<Vec<_>>>()?;
    let journal = match open(dir) {
        Ok(journal) => journal,
        Err(code) => return Ok(code),
    };
    let head = journal.head();
    let last = acknowledged.last().copied();
    if let Some((position, _)) = last {
        ensure!(
            head.position >= position,
            "position {position} was acknowledged, and the log ends at {}",
            head.position
        );
    }
    let partial = head.position.get().checked_rem(batch).context("a batch has records")?;
    ensure!(partial == 0, "{partial} records of a commit of {batch} are visible");
    journal.verify(None)?;
    journal.verify(last)?;
    for (position, chain) in acknowledged {
        let found = journal.chain_at(position)?;
        ensure!(found == Some(chain), "{position}:{chain} was acknowledged, and the chain there is {found:?}");
    }
    check_records(&journal, batch)?;
    println!("{} records are as they were written", head.position);
    Ok(ExitCode::SUCCESS)
}

fn read_line(line: &str) -> Result<(Position, Digest)> {
    let (position, chain) = line.split_once(':').with_context(|| format!("`{line}` is no position:chain"))?;
    Ok((Position::new(number(position)?), chain.parse().with_context(|| format!("`{chain}` is no chain"))?))
}

/// Every record is what was written at its position.
fn check_records(journal: &Journal, batch: u64) -> Result<()> {
    let mut after = Position::START;
    while after < journal.head().position {
        let read = journal.read(after, READ)?;
        ensure!(!read.is_empty(), "nothing is read after {after}");
        for recorded in read {
            let expected = record(after.next().get(), batch)?;
            ensure!(recorded == expected, "position {} is {recorded:?}, and not {expected:?}", expected.position);
            after = recorded.position;
        }
    }
    Ok(())
}

fn print_table(n_rounds: &str, seed: &str, only: &str) -> Result<ExitCode> {
    let n_failed = table::print((number(n_rounds)?, number(seed)?), only, &mut std::io::stdout())?;
    if n_failed > 0 {
        bail!("{n_failed} rounds did not end as they should");
    }
    Ok(ExitCode::SUCCESS)
}
