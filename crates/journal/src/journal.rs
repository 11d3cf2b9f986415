//! The log itself: appending, reading, waiting.

use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Digest, Position, Recorded};
use engine::log::{Commit, Error, EventLog, Head};

use crate::block::{Block, Packer, Stored};
use crate::bounds::{self, Bounds};
use crate::record::{Frame, RawRecord};
use crate::salts::{Salter, Salts};
use crate::store::Store;
use crate::tip::Tip;
use crate::{OpenError, recovery};

/// How many blocks, of at most 4,000 bytes, go to the store at once: a commit of any size needs about a mebibyte.
const BATCH_BLOCKS_MAX: usize = 256;

/// How a journal is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// Its folder, of which it is the only user; created when it is not there.
    pub dir: PathBuf,
    /// How many bytes of the store sled may keep in memory; it has been seen to use up to five times as many.
    pub cache_bytes: u64,
    /// Where salts come from.
    pub salts: Salts,
}

impl Options {
    /// A cache of 64 MiB and random salts.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into(), cache_bytes: 64 * 1024 * 1024, salts: Salts::Random }
    }
}

/// The append-only log in a folder. Shared between threads by reference; appends wait for one another.
#[derive(Debug)]
pub struct Journal {
    pub(crate) store: Store,
    salts: Salts,
    tip: Mutex<Tip>,
    /// Held by whoever appends. Why there are no more appends, once something was found to be wrong.
    pub(crate) stopped: Mutex<Option<Stopped>>,
    head: Mutex<Head>,
    moved: Condvar,
}

/// Why a journal takes no more appends.
#[derive(Debug, Clone)]
pub(crate) enum Stopped {
    /// A write or a sync failed, so that nobody knows what is on the disk.
    Broken,
    /// A stored record is damaged.
    Damaged { position: Position, reason: String },
}

/// A refusal that follows from an earlier failure.
#[derive(Debug, thiserror::Error)]
#[error("an earlier write failed, and what it left on the disk is not known: stop the process and start it again")]
struct EarlierFailure;

impl Stopped {
    fn error(&self) -> Error {
        match self {
            Self::Broken => Error::Broken { doing: "writing after a failure", source: Box::new(EarlierFailure) },
            Self::Damaged { position, reason } => Error::Corrupt { position: *position, reason: reason.clone() },
        }
    }
}

/// Locks; what a panic left behind is a whole value here, because each is assigned at once.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Journal {
    /// Opens the journal in a folder, or creates an empty one there.
    ///
    /// Blocks that follow the last end of a commit are removed: nothing of them was ever acknowledged. The last 1,000
    /// blocks are proved against their checksums and chain; [`Journal::verify`] proves them all.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(options: &Options) -> Result<Self, OpenError> {
        let store = Store::open(&options.dir, options.cache_bytes)?;
        let (tip, noted) = Tip::open(&options.dir)?;
        let recovered = recovery::recover(&store, noted);
        let head = recovered.map_err(|source| OpenError::Log { dir: options.dir.clone(), source })?;
        tracing::debug!(dir = %options.dir.display(), position = head.position.get(), "the journal is open");
        Ok(Self {
            store,
            salts: options.salts,
            tip: Mutex::new(tip),
            stopped: Mutex::new(None),
            head: Mutex::new(head),
            moved: Condvar::new(),
        })
    }

    /// Reads up to `limit` records after a position as they are stored, newer ones included. For exports and for copying a
    /// log: the salts are in it, and must not reach an answer or a feed.
    ///
    /// # Errors
    /// As [`EventLog::read`], but an unknown type or schema is no error.
    pub fn read_raw(&self, after: Position, limit: usize) -> Result<Vec<RawRecord>, Error> {
        self.collect(after, limit, |frame| Ok(frame.to_raw()))
    }

    /// Reads records after a position, turning each from its bytes into something.
    fn collect<T>(
        &self,
        after: Position,
        limit: usize,
        mut turn: impl FnMut(&Frame<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut collected = Vec::new();
        let visited = self.visit(after, |frame| {
            if collected.len() < limit {
                collected.push(turn(frame)?);
            }
            Ok(collected.len() < limit)
        });
        self.note_damage(visited)?;
        Ok(collected)
    }

    /// Visits records after a position, in order, until told to stop or at the head.
    fn visit(&self, after: Position, mut visitor: impl FnMut(&Frame<'_>) -> Result<bool, Error>) -> Result<(), Error> {
        let head = self.head().position;
        let mut next = after.next();
        if after >= head {
            return Ok(());
        }
        let first = self.store.first_holding(next)?.ok_or_else(|| missing(next))?;
        for stored in self.store.blocks_from(first) {
            let (first, value) = stored?;
            let block = Block::read(first, &value)?;
            if first > next || block.end() <= next {
                return Err(missing(next));
            }
            for frame in block.frames() {
                let frame = frame?;
                if frame.header.position < next {
                    continue;
                }
                if !visitor(&frame)? || frame.header.position >= head {
                    return Ok(());
                }
                next = frame.header.position.next();
            }
        }
        Err(missing(next))
    }

    /// Damage that was read stops further writes, so that nothing is built on it; what is before it can still be read.
    pub(crate) fn note_damage<T>(&self, read: Result<T, Error>) -> Result<T, Error> {
        if let Err(Error::Corrupt { position, reason }) = &read {
            let mut stopped = lock(&self.stopped);
            if stopped.is_none() {
                tracing::error!(position = position.get(), reason, "the log is damaged: no more is written to it");
                *stopped = Some(Stopped::Damaged { position: *position, reason: reason.clone() });
            }
        }
        read
    }

    /// Packs and stores commits that are checked, makes them durable, and gives the head that they lead to.
    pub(crate) fn write(&self, before: Head, commits: &[Commit]) -> Result<Head, Error> {
        let mut packer = Packer::after(before.chain);
        let mut salter = Salter::new(self.salts);
        let mut batch: Vec<Stored> = Vec::new();
        let mut head = before;
        for commit in commits {
            for recorded in commit {
                batch.extend(packer.push(recorded, salter.next()?)?);
                if batch.len() >= BATCH_BLOCKS_MAX {
                    self.store.put(std::mem::take(&mut batch))?;
                }
                head.position = recorded.position;
                head.recorded_at = Some(recorded.recorded_at);
            }
            batch.extend(packer.finish());
        }
        self.store.put(batch)?;
        self.store.sync()?;
        Ok(Head { chain: packer.chain(), ..head })
    }
}

/// The error of a record that is not there although later ones, or the head, say that it was.
pub(crate) fn missing(position: Position) -> Error {
    Error::Corrupt { position, reason: "the record is missing".to_owned() }
}

impl EventLog for Journal {
    fn head(&self) -> Head {
        *lock(&self.head)
    }

    fn check(&self, commit: &Commit) -> Result<(), Error> {
        bounds::check_size(commit, Bounds::COMMIT)
    }

    fn append(&self, expected: Position, commits: &[Commit]) -> Result<Head, Error> {
        let mut stopped = lock(&self.stopped);
        if let Some(stopped) = &*stopped {
            return Err(stopped.error());
        }
        let before = self.head();
        if expected != before.position {
            return Err(Error::Moved { expected, found: before.position });
        }
        bounds::check(&before, commits, Bounds::COMMIT)?;
        if commits.is_empty() {
            return Ok(before);
        }
        let written = self.write(before, commits);
        match written {
            Ok(head) => {
                let noted = lock(&self.tip).note(head.position, head.chain);
                if let Err(error) = noted {
                    tracing::warn!(%error, "how far the log goes could not be noted beside it");
                }
                *lock(&self.head) = head;
                self.moved.notify_all();
                Ok(head)
            }
            Err(error) => {
                tracing::error!(error = %error, "an append failed: no more is written");
                *stopped = Some(Stopped::Broken);
                Err(error)
            }
        }
    }

    fn read(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, Error> {
        self.collect(after, limit, |frame| frame.decode().map_err(|fault| fault.at(frame.header.position)))
    }

    fn chain_at(&self, position: Position) -> Result<Option<Digest>, Error> {
        let head = self.head();
        if position == Position::START {
            return Ok(Some(Head::EMPTY.chain));
        }
        if position >= head.position {
            return Ok((position == head.position).then_some(head.chain));
        }
        let found = self.chain_within(position);
        self.note_damage(found).map(Some)
    }

    fn wait_for(&self, position: Position, timeout: Duration) -> bool {
        let head = lock(&self.head);
        let waited = self.moved.wait_timeout_while(head, timeout, |head| head.position < position);
        let (head, _) = waited.unwrap_or_else(PoisonError::into_inner);
        head.position >= position
    }
}

impl Journal {
    /// The chain at a position before the head, from the block that holds it.
    fn chain_within(&self, position: Position) -> Result<Digest, Error> {
        let first = self.store.first_holding(position)?.ok_or_else(|| missing(position))?;
        let (first, value) = self.store.blocks_from(first).next().ok_or_else(|| missing(position))??;
        let block = Block::read(first, &value)?;
        let mut chain = block.chain_before;
        for frame in block.frames() {
            let frame = frame?;
            chain = frame.chain(chain);
            if frame.header.position == position {
                return Ok(chain);
            }
        }
        Err(missing(position))
    }
}
