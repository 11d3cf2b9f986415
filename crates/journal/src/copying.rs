//! What copying a log out of the journal and back into one has in common: why it fails, and how far it is.

use std::io;
use std::path::{Path, PathBuf};

use domain::{Digest, Event, LogId, Position};
use engine::log::{Damage, Error as LogError, EventLog as _, Head};

use crate::record::{self, RawRecord};
use crate::{Journal, OpenError};

/// Why a copy was not made or not taken, by what to do next. Nothing that looks finished is left behind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// The file system refuses. Mend permissions or space, then begin again.
    #[error("{doing} {} failed", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// There is something at the place where the copy was to go. Leave it as it is, and name another place.
    #[error("{} is there already", path.display())]
    Exists {
        /// What is there.
        path: PathBuf,
    },
    /// Another process is at it. Wait for it to end, then begin again.
    #[error("another process is writing into {}", path.display())]
    InUse {
        /// Where.
        path: PathBuf,
    },
    /// There is nothing to copy. Begin the log first.
    #[error("the log is empty")]
    Empty,
    /// The journal that is copied cannot be read. Restore it from a backup.
    #[error("the log cannot be copied")]
    Log {
        /// What was found, with its position.
        source: LogError,
    },
    /// The journal that was written does not open. Look at the disk, then begin again.
    #[error("the journal cannot be written")]
    Open {
        /// Why.
        source: OpenError,
    },
    /// A line of an export is not what was written. Take another copy of the file.
    #[error("line {line}: {reason}")]
    Line {
        /// Which line, from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// A file of a backup is not what was written. Take another backup.
    #[error("{}: {reason}", path.display())]
    Backup {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A newer program wrote it. Upgrade this one.
    #[error("{what} has version {version}, which this program does not know")]
    Newer {
        /// What.
        what: &'static str,
        /// Its version.
        version: u64,
    },
    /// It is a copy of another log. Name the folder that belongs to this one.
    #[error("the backup is of another log: {theirs}, not {ours}")]
    OtherLog {
        /// The log that is copied.
        ours: LogId,
        /// The log that the backup is of.
        theirs: LogId,
    },
    /// The log and its backup went different ways, or the log lost its end. Keep both, and find out which is right.
    #[error("the log is not a continuation of its backup: {reason}")]
    Fork {
        /// Where they part.
        reason: String,
    },
    /// The copy agrees with itself, but not with the position and chain that were printed. Look for the right copy.
    #[error("it is not the log that was printed: {reason}")]
    Unexpected {
        /// What differs.
        reason: String,
    },
}

impl From<LogError> for CopyError {
    fn from(source: LogError) -> Self {
        Self::Log { source }
    }
}

impl From<OpenError> for CopyError {
    fn from(source: OpenError) -> Self {
        Self::Open { source }
    }
}

impl CopyError {
    /// Says of a record that is damaged, or too new to be kept, where it was found.
    pub(crate) fn found(self, wrong: impl FnOnce(Position, String) -> Self) -> Self {
        let Self::Log { source } = &self else { return self };
        if let LogError::Corrupt { position, reason } = source {
            return wrong(*position, reason.clone());
        }
        if let LogError::Newer { position, .. } = source {
            return wrong(*position, source.to_string());
        }
        self
    }
}

/// Attaches what was being done to a failure of the file system.
pub(crate) fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> CopyError {
    let path = path.to_owned();
    move |source| CopyError::Io { doing, path, source }
}

/// How far a copy is, in records; told now and then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many are done.
    pub n_done: u64,
    /// How many there will be.
    pub n_total: u64,
}

/// Who is told how far a copy is.
pub type Watch<'a> = &'a mut dyn FnMut(Progress);

/// Records are read and told of so many at a time.
const BATCH_RECORDS: usize = 2_048;

/// Which log it is, by its first record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) log: LogId,
    pub(crate) authority: String,
}

impl Identity {
    /// Reads the first record of a log.
    ///
    /// # Errors
    /// [`CopyError::Empty`] without one; [`CopyError::Log`] when it is not what every log begins with.
    pub(crate) fn of(journal: &Journal) -> Result<Self, CopyError> {
        let first = journal.read_raw(Position::START, 1)?;
        let first = first.first().ok_or(CopyError::Empty)?;
        Ok(Self::of_record(first.header.position, &first.bytes)?)
    }

    /// Reads it from the bytes of the first record.
    pub(crate) fn of_record(position: Position, bytes: &[u8]) -> Result<Self, LogError> {
        let event = record::decode(position, bytes)?.event;
        let Event::LogOpened(opened) = event else {
            let reason = format!("the log begins with {} and not with LogOpened", event.name());
            return Err(LogError::Corrupt { position, reason });
        };
        Ok(Self { log: opened.log, authority: opened.authority.to_string() })
    }
}

/// Gives the raw records of a log after a position, up to a head, with the chain after each, which is proved to lead from
/// `chain` to that of the head. A log that grows meanwhile is copied up to that head.
pub(crate) fn each(
    journal: &Journal,
    (after, chain): (Position, Digest),
    head: Head,
    watch: Watch<'_>,
    mut take: impl FnMut(&RawRecord, Digest) -> Result<(), CopyError>,
) -> Result<(), CopyError> {
    let (mut at, mut chain) = (after, chain);
    let n_total = head.position.get().saturating_sub(after.get());
    while at < head.position {
        for raw in journal.read_raw(at, BATCH_RECORDS)? {
            if raw.header.position > head.position {
                break;
            }
            chain = record::chain(chain, at.next(), &raw.bytes)?;
            at = at.next();
            take(&raw, chain)?;
        }
        watch(Progress { n_done: at.get().saturating_sub(after.get()), n_total });
    }
    if chain == head.chain { Ok(()) } else { Err(crate::recovery::wrong_chain(head.position).into()) }
}

/// The end of the log as it is now; there is something to copy, and it is not known to be damaged.
pub(crate) fn head_of(journal: &Journal) -> Result<Head, CopyError> {
    if let Some(Damage { position, reason }) = journal.damage() {
        return Err(LogError::Corrupt { position, reason }.into());
    }
    let head = journal.head();
    if head.position == Position::START { Err(CopyError::Empty) } else { Ok(head) }
}
