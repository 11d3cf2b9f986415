//! Beginning a log.

use std::io::Write;
use std::path::Path;

use anyhow::Context as _;
use domain::{Actor, ActorId, AreaId, LogId, Position};
use engine::log::EventLog as _;
use engine::{Engine, Opening};
use journal::Journal;

use crate::arguments::Init;
use crate::place;
use crate::settings::Settings;

/// Begins a log in a data folder.
///
/// # Errors
/// When there is one already, or the folder cannot be written.
pub(crate) fn begin(data_dir: &Path, actor: &str, asked: &Init, settings: &Settings) -> anyhow::Result<()> {
    // Nobody else keeps it yet, so that nobody stands in the way of the newest format that this program may read.
    let format = settings.newest_format()?;
    let authority = gss_code(&asked.authority)?;
    place::make_private(data_dir)?;
    let journal =
        Journal::open(&journal::Options::new(place::journal_dir(data_dir))).context("the log does not open")?;
    // A beginning that did not come to its first record left a folder without a log: that can be begun again.
    anyhow::ensure!(
        journal.head().position == Position::START,
        "there is a log in {} already; leave it as it is, or give another folder with --data-dir",
        data_dir.display()
    );
    let mut log = [0; 16];
    getrandom::fill(&mut log).map_err(|error| anyhow::anyhow!("the system gives no random numbers: {error}"))?;
    let opening = Opening {
        log: LogId(as_random_uuid(log)),
        authority,
        time_zone: asked.time_zone.clone(),
        format,
        actor: Actor {
            id: ActorId::new(actor).context("--actor takes an account such as j.smith")?,
            authenticated: false,
        },
    };
    Engine::open_log(&journal, opening, &place::clock())?;
    Ok(())
}

/// A council's code: a letter and eight digits. It is the log's for good, so that a slip is refused here.
///
/// Source: the Office for National Statistics, Register of Geographic Codes.
fn gss_code(given: &str) -> anyhow::Result<AreaId> {
    let mut rest = given.chars();
    let letter = rest.next().is_some_and(|c| matches!(c, 'E' | 'W' | 'S' | 'N'));
    let digits = rest.as_str();
    anyhow::ensure!(
        letter && digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()),
        "{given:?} is not a council's GSS code: a capital letter and eight digits, such as E10000016 for Kent"
    );
    AreaId::new(given).context("--authority takes a GSS code such as E10000016")
}

/// Marks sixteen random bytes as a version 4 UUID (RFC 9562).
fn as_random_uuid(mut bytes: [u8; 16]) -> [u8; 16] {
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    bytes
}

/// Begins a log, and says what to do next.
///
/// # Errors
/// As [`begin`].
pub(crate) fn init(
    data_dir: &Path,
    (actor, settings): (&str, &Settings),
    asked: &Init,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    begin(data_dir, actor, asked, settings)?;
    writeln!(out, "A log for authority {} is begun in {}.", asked.authority, data_dir.display())?;
    writeln!(out, "Next: scorebook import FOLDER --dry-run   (how to write the files: docs/GUIDE.md)")?;
    Ok(())
}
