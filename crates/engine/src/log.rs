//! The log that everything rests on, as one trait: it has three implementations (the sled journal, the log shared over
//! NATS, the simulator's in memory), and one conformance suite for all of them.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use domain::{Book, Digest, Position, Recorded, Timestamp};

pub use domain::event::FORMAT;

use crate::settings::PAGE_RECORDS;

/// The end of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The last record's position; [`Position::START`] for an empty log.
    pub position: Position,
    /// The hash that chains every record up to it; all zero for an empty log.
    pub chain: Digest,
    /// The last record's `recorded_at`; `None` for an empty log.
    pub recorded_at: Option<Timestamp>,
}

impl Head {
    /// The head of an empty log.
    pub const EMPTY: Self = Self { position: Position::START, chain: Digest([0; 32]), recorded_at: None };
}

/// Records that become so at once: consecutive positions, one `recorded_at`, only the last marked `last_of_commit`.
pub type Commit = Vec<Recorded>;

/// An append-only log of commits.
///
/// Implementations are shared between threads; appends come from one thread at a time.
pub trait EventLog: Send + Sync {
    /// The end of what is durable.
    fn head(&self) -> Head;

    /// Says whether a commit is within the log's bounds and there is room for it, before anything is done with it. Room is
    /// kept for it until the next append, which is expected to hold every commit that was checked since the last.
    ///
    /// # Errors
    /// [`Error::Refused`], with the remedy; [`Error::Full`].
    fn check(&self, commit: &Commit) -> Result<(), Error>;

    /// Appends commits, each whole, and returns the new head once all of them are durable. One call is one disk sync.
    ///
    /// `expected` is the position of the head that the caller decided on.
    ///
    /// # Errors
    /// [`Error::Moved`] changes nothing. [`Error::Refused`] changes nothing. After [`Error::Broken`] nothing is known
    /// about these commits: stop the process, and let a restart find out.
    fn append(&self, expected: Position, commits: &[Commit]) -> Result<Head, Error>;

    /// Reads up to `limit` records after a position, in order. Fewer only at the head. A commit may be cut by `limit`.
    ///
    /// # Errors
    /// [`Error::Corrupt`] names the first position that cannot be trusted; [`Error::Broken`] when the disk fails.
    fn read(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, Error>;

    /// Folds what follows a book's head into it, up to a position or the head of the log.
    ///
    /// # Errors
    /// As [`EventLog::read`]: what is before what cannot be read is folded.
    fn fold(&self, book: &mut Book, up_to: Position) -> Result<(), Error> {
        fold_pages(self, book, up_to)
    }

    /// The chain at a position; `None` after the head.
    ///
    /// # Errors
    /// As [`EventLog::read`].
    fn chain_at(&self, position: Position) -> Result<Option<Digest>, Error>;

    /// Waits until the head is at `position` or later. False when the time ran out first.
    fn wait_for(&self, position: Position, timeout: Duration) -> bool;

    /// What is known to be damaged; from then on every append is refused with it. A log that has nothing to damage says
    /// nothing.
    fn damage(&self) -> Option<Damage> {
        None
    }

    /// Whether others append to it too, so that its head moves without this process.
    fn shared(&self) -> bool {
        false
    }

    /// Why nothing can be appended although nothing is damaged here, if so. Reading goes on.
    fn halted(&self) -> Option<Halt> {
        None
    }

    /// Where there is no room for as much as the smallest commit, at this moment. Reading goes on.
    fn full(&self) -> Option<Full> {
        None
    }

    /// The newest book that was saved of this log, as it was at the end of some commit of it: what follows is to be folded
    /// on. A log that saves none gives none.
    fn saved_book(&self) -> SavedBook {
        SavedBook::default()
    }

    /// Saves the book as it is at the end of a commit that is durable, when enough has come since it was saved last; then
    /// its position is given. Cost: a pass over the book, and as many bytes written as that takes.
    ///
    /// # Errors
    /// The log can be used all the same; the book is folded from the first record, or from what was saved before.
    fn save_book(&self, _book: &Book) -> Result<Option<Position>, Error> {
        Ok(None)
    }
}

/// Folds a log's records a page at a time: [`EventLog::fold`] of a log that has no shorter way.
///
/// # Errors
/// As there.
pub fn fold_pages<L: EventLog + ?Sized>(log: &L, book: &mut Book, up_to: Position) -> Result<(), Error> {
    let n_left = |book: &Book| usize::try_from(up_to.get().saturating_sub(book.head().get())).unwrap_or(usize::MAX);
    loop {
        let page = match log.read(book.head(), n_left(book).min(PAGE_RECORDS)) {
            Ok(page) if page.is_empty() => return Ok(()),
            Ok(page) => page,
            Err(error @ (Error::Corrupt { position, .. } | Error::Newer { position, .. })) => {
                let n_before = position.get().saturating_sub(book.head().get()).saturating_sub(1);
                let before = log.read(book.head(), usize::try_from(n_before).unwrap_or(0))?;
                before.iter().try_for_each(|record| apply(book, record))?;
                return Err(error);
            }
            Err(error) => return Err(error),
        };
        page.iter().try_for_each(|record| apply(book, record))?;
    }
}

/// Folds the record that follows.
///
/// # Errors
/// [`Error::Corrupt`] when it is not the one that follows.
fn apply(book: &mut Book, record: &Recorded) -> Result<(), Error> {
    book.apply(record).map_err(|gap| Error::Corrupt {
        position: gap.expected,
        reason: format!("the record there says it is at position {}", gap.found),
    })
}

/// What was found of books that were saved. They are never truth: a log without any is as good.
#[derive(Debug, Default)]
pub struct SavedBook {
    /// The newest that is whole and of this log.
    pub book: Option<Book>,
    /// Why newer ones are not used, a sentence each.
    pub ignored: Vec<String>,
}

/// What keeps a shared log from being written to, until somebody has seen to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halt {
    /// The first position that is in question.
    pub position: Position,
    /// What was found and what to do, in a sentence.
    pub reason: String,
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing is recorded: {}", self.reason)
    }
}

/// The first record that this program is too old to read, or is held back from. What is before its commit can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Newer {
    /// Where it is.
    pub position: Position,
    /// Its type number.
    pub kind: u16,
    /// Its schema version.
    pub schema: u16,
    /// The format that the program is held back to; `None` for one that reads all it can.
    pub held_back: Option<u16>,
}

/// What it means and what to do, in a sentence.
impl fmt::Display for Newer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { position, kind, schema, held_back } = self;
        write!(f, "position {position} holds a record of type {kind}, schema {schema}, which ")?;
        match held_back {
            None => f.write_str("this program does not know")?,
            Some(format) => write!(f, "the setting newest_format = {format} keeps this program from reading")?,
        }
        f.write_str(": it is kept, and nothing is recorded or answered beyond the commit before it; ")?;
        f.write_str(match held_back {
            None => "upgrade this program",
            Some(_) => "take the setting out and start it again",
        })?;
        f.write_str(", or ask as of an earlier position")
    }
}

/// Why nothing can be appended to a log at this moment, in a sentence: it is damaged, it is a shared log
/// that is halted, or its disk is full.
pub fn stopped(log: &dyn EventLog) -> Option<String> {
    let damaged = log.damage().map(|damage| damage.to_string());
    damaged.or_else(|| Some(log.halted()?.reason)).or_else(|| Some(log.full()?.to_string()))
}

/// A disk on which so little is free that nothing is written to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Full {
    /// The log's folder.
    pub folder: PathBuf,
    /// How many bytes are free there.
    pub free_bytes: u64,
    /// How many have to be, the reserve included.
    pub needed_bytes: u64,
    /// How many of them are the reserve, which is not used up; 0 where it is what is needed.
    pub reserve_bytes: u64,
}

/// What is missing and what to do, in a sentence.
impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { folder, free_bytes, needed_bytes, reserve_bytes } = self;
        let (free, needed) = (Mebibytes(*free_bytes), Mebibytes(needed_bytes.saturating_add(A_TENTH - 1)));
        write!(f, "the disk of {} is full: {free} are free, and {needed} are needed", folder.display())?;
        if *reserve_bytes > 0 {
            write!(f, ", of which {} stay in reserve", Mebibytes(*reserve_bytes))?;
        }
        f.write_str("; make room on that disk, and try again")
    }
}

/// A tenth of a mebibyte, in bytes.
const A_TENTH: u64 = 104_858;

/// Bytes in mebibytes with one decimal, rounded down.
struct Mebibytes(u64);

impl fmt::Display for Mebibytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.0.saturating_mul(10) >> 20;
        write!(f, "{}.{} MiB", tenths / 10, tenths % 10)
    }
}

/// The first stored record that is known not to be what was written. What is before it can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Where: the first position that cannot be trusted.
    pub position: Position,
    /// What was found there.
    pub reason: String,
}

/// What it means and what to do, in a sentence.
impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { position, reason } = self;
        write!(
            f,
            "read-only: the log is damaged at position {position} ({reason}); nothing more is recorded; \
             keep the folder as it is, and restore the newest backup into another one"
        )
    }
}

/// What can go wrong with a log, by the caller's next move.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Somebody else appended first. Catch up, decide again, retry.
    #[error("the log is at position {found}, not at {expected}")]
    Moved {
        /// Where the caller thought it was.
        expected: Position,
        /// Where it is.
        found: Position,
    },
    /// The commits are not well formed, or over a bound. Mend them; a retry is refused again.
    #[error("the commit is refused: {reason}")]
    Refused {
        /// What is wrong with it.
        reason: String,
    },
    /// There is no room for it; nothing was written. Make room, then send it again.
    #[error("{0}")]
    Full(Full),
    /// A stored record is not what was written. Restore it from a backup; what is before it can be read.
    #[error("the log is damaged at position {position}: {reason}")]
    Corrupt {
        /// The first position that cannot be trusted.
        position: Position,
        /// What was found there.
        reason: String,
    },
    /// A record is newer than this program. Upgrade the program; the record is kept untouched.
    #[error("{}", Newer { position: *position, kind: *kind, schema: *schema, held_back: *held_back })]
    Newer {
        /// Where.
        position: Position,
        /// Its type number.
        kind: u16,
        /// Its schema version.
        schema: u16,
        /// The format that the program is held back to; `None` for one that reads all it can.
        held_back: Option<u16>,
    },
    /// Nothing may be appended for now; nothing was. See to what it says.
    #[error("{0}")]
    Halted(Halt),
    /// Whether it was appended cannot be found out for now. Ask again with the same submission: it is in the log once, or
    /// not at all.
    #[error("whether it was recorded is not known: {reason}")]
    Unsettled {
        /// What is in the way.
        reason: String,
    },
    /// The store failed. Stop the process, look at the disk, start it again.
    #[error("the log's store failed while {doing}")]
    Broken {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
