//! The log itself: appending, reading, waiting.

use std::iter::Take;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Book, Digest, Position, Recorded};
use engine::log::{Commit, Damage, Error, EventLog, FORMAT, Full, Head, SavedBook};

use crate::block::{Block, Packer, Records, Stored};
use crate::bounds::{self, Bounds};
use crate::payload::Recent;
use crate::record::{Frame, RawRecord};
use crate::room::Room;
use crate::salts::{Salter, Salts};
use crate::saved::Known;
use crate::store::{Store, unreadable};
use crate::tip::Tip;
use crate::{OpenError, recovery};

/// How many blocks, of at most 4,000 bytes, go to the store at once: a commit of any size needs about a mebibyte.
pub(crate) const BATCH_BLOCKS_MAX: usize = 256;
/// How many records are encoded before any is stored: at most 4,000 bytes each, so 16 MB, which is far below a commit's
/// bound.
const ENCODED_RECORDS_MAX: usize = 4_096;

/// For how many records room is made at once; whoever asks for more gets more as they are read.
const PAGE_RECORDS_MAX: usize = 4_096;

/// How a journal is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// Its folder, of which it is the only user; created when it is not there.
    pub dir: PathBuf,
    /// How many bytes of the store sled may keep in memory; it has been seen to use up to five times as many.
    pub cache_bytes: u64,
    /// Where salts come from.
    pub salts: Salts,
    /// The newest record format that is read on ([`EventLog::read`]), from 1 to the program's own: a lower one holds the
    /// journal back, as if an older program had it open. What is newer is kept, copied and verified all the same.
    pub newest_format: u16,
    /// After how many records the book is saved again ([`EventLog::save_book`]); 0 keeps none, and uses none.
    pub save_records: u64,
}

/// After how many records the book is saved again: so many are folded in a few hundredths of a second.
pub const SAVE_RECORDS: u64 = 65_536;

impl Options {
    /// A cache of 64 MiB, random salts, every format that the program knows, and books saved every 65,536 records.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            cache_bytes: 64 * 1024 * 1024,
            salts: Salts::Random,
            newest_format: FORMAT,
            save_records: SAVE_RECORDS,
        }
    }
}

/// The append-only log in a folder. Shared between threads by reference; appends wait for one another.
#[derive(Debug)]
pub struct Journal {
    pub(crate) store: Store,
    salts: Salts,
    newest_format: u16,
    pub(crate) save_records: u64,
    pub(crate) saved: Mutex<Known>,
    room: Room,
    tip: Mutex<Tip>,
    /// Held by whoever appends. True once a write or a sync failed, so that nobody knows what is on the disk.
    broken: Mutex<bool>,
    /// The first record that is known to be damaged: nothing more is appended then.
    damage: Mutex<Option<Damage>>,
    head: Mutex<Head>,
    /// The ends of the commits of the last append, in order: their writers are told the chain there next.
    ends: Mutex<Vec<(Position, Digest)>>,
    moved: Condvar,
}

/// A refusal that follows from an earlier failure.
#[derive(Debug, thiserror::Error)]
#[error("an earlier write failed, and what it left on the disk is not known: stop the process and start it again")]
struct EarlierFailure;

/// Locks; what a panic left behind is a whole value here, because each is assigned at once.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
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
            newest_format: options.newest_format,
            save_records: options.save_records,
            saved: Mutex::default(),
            room: Room::beside(&options.dir),
            tip: Mutex::new(tip),
            broken: Mutex::new(false),
            damage: Mutex::new(None),
            head: Mutex::new(head),
            ends: Mutex::new(Vec::new()),
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
        let n_after = self.head().position.get().saturating_sub(after.get());
        let mut collected =
            Vec::with_capacity(limit.min(usize::try_from(n_after).unwrap_or(limit)).min(PAGE_RECORDS_MAX));
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
    pub(crate) fn visit(
        &self,
        after: Position,
        mut visitor: impl FnMut(&Frame<'_>) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        self.visit_blocks(after, |records| {
            for record in records {
                let record = record?;
                let frame = record.frame().map_err(|fault| fault.at(record.position))?;
                if !visitor(&frame)? {
                    return Ok(false);
                }
            }
            Ok(true)
        })
    }

    /// The same for the records of each block together, which the visitor must look at one after the other until the last
    /// or an error, which it passes on.
    pub(crate) fn visit_blocks(
        &self,
        after: Position,
        mut visitor: impl FnMut(Take<Records<'_>>) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let head = self.head().position;
        let mut next = after.next();
        if after >= head {
            return Ok(());
        }
        let first =
            self.store.first_holding(next).map_err(|error| unreadable(error, next))?.ok_or_else(|| missing(next))?;
        for stored in self.store.blocks_from(first) {
            let (first, value) = stored.map_err(|error| unreadable(error, next))?;
            let block = Block::read(first, &value)?;
            let end = block.end().min(head.next());
            if first > next || end <= next {
                return Err(missing(next));
            }
            let records = block.records_from(next)?;
            let n_wanted = usize::try_from(end.get().saturating_sub(next.get())).unwrap_or(usize::MAX);
            if !visitor(records.take(n_wanted))? || end > head {
                return Ok(());
            }
            next = end;
        }
        Err(missing(next))
    }

    /// Damage that was read stops further writes, so that nothing is built on it; what is before it can still be read.
    pub(crate) fn note_damage<T>(&self, read: Result<T, Error>) -> Result<T, Error> {
        if let Err(Error::Corrupt { position, reason }) = &read {
            let mut damage = lock(&self.damage);
            if damage.as_ref().is_none_or(|known| known.position > *position) {
                tracing::error!(position = position.get(), reason, "the log is damaged: no more is written to it");
                *damage = Some(Damage { position: *position, reason: reason.clone() });
            }
        }
        read
    }

    /// Packs and stores commits that are in order, makes them durable, and gives the head that they lead to.
    ///
    /// A record that is too long is refused before anything is stored: few records are all encoded first, which is then
    /// the only look at their sizes, and many are measured first, because they are not to be in memory twice.
    ///
    /// # Errors
    /// [`Error::Refused`] changes nothing; after every other nobody knows what is on the disk.
    pub(crate) fn write(&self, before: Head, commits: &[Commit]) -> Result<Head, Error> {
        let n_records: usize = commits.iter().map(Vec::len).sum();
        let at_once = n_records <= ENCODED_RECORDS_MAX;
        if !at_once {
            commits.iter().try_for_each(|commit| bounds::check_size(commit, Bounds::COMMIT).map(drop))?;
        }
        let mut packer = Packer::after(before.chain);
        let mut salter = Salter::new(self.salts);
        let mut batch: Vec<Stored> = Vec::new();
        let mut head = before;
        let mut ends = Vec::with_capacity(commits.len());
        for commit in commits {
            for recorded in commit {
                packer.push(recorded, salter.next()?, &mut batch)?;
                if batch.len() >= BATCH_BLOCKS_MAX && !at_once {
                    self.store.put(std::mem::take(&mut batch))?;
                }
                head.position = recorded.position;
                head.recorded_at = Some(recorded.recorded_at);
            }
            packer.end_commit();
            ends.push((head.position, packer.chain()));
        }
        batch.extend(packer.finish());
        let mut batch = batch.into_iter();
        while batch.len() > 0 {
            self.store.put(batch.by_ref().take(BATCH_BLOCKS_MAX).collect())?;
        }
        self.store.sync()?;
        self.note_ends(ends);
        Ok(Head { chain: packer.chain(), ..head })
    }
}

/// The error of a record that is not there although later ones, or the head, say that it was.
pub(crate) fn missing(position: Position) -> Error {
    Error::Corrupt { position, reason: "the record is missing".to_owned() }
}

impl Journal {
    /// How many bytes its disk has free, if that says so, and how many have to be for the smallest commit.
    pub fn free_and_needed_bytes(&self) -> (Option<u64>, u64) {
        self.room.free_and_needed()
    }
}

impl EventLog for Journal {
    fn head(&self) -> Head {
        *lock(&self.head)
    }

    fn check(&self, commit: &Commit) -> Result<(), Error> {
        let n_bytes = bounds::check_size(commit, Bounds::COMMIT)?;
        self.room.promise(u64::try_from(n_bytes).unwrap_or(u64::MAX))
    }

    fn append(&self, expected: Position, commits: &[Commit]) -> Result<Head, Error> {
        self.append_with(expected, |before| {
            bounds::check_order(&before, commits, Bounds::COMMIT)?;
            if commits.is_empty() { Ok(before) } else { self.write(before, commits) }
        })
    }

    fn read(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, Error> {
        let mut recent = Recent::for_records(limit);
        self.collect(after, limit, |frame| frame.decode_up_to(self.newest_format, &mut recent))
    }

    fn fold(&self, book: &mut Book, up_to: Position) -> Result<(), Error> {
        let folded = self.fold_from_bytes(book, up_to);
        self.note_damage(folded)
    }

    fn chain_at(&self, position: Position) -> Result<Option<Digest>, Error> {
        let head = self.head();
        if position == Position::START {
            return Ok(Some(Head::EMPTY.chain));
        }
        if position >= head.position {
            return Ok((position == head.position).then_some(head.chain));
        }
        if let Some(chain) = self.chain_of_end(position) {
            return Ok(Some(chain));
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

    fn damage(&self) -> Option<Damage> {
        lock(&self.damage).clone()
    }

    fn full(&self) -> Option<Full> {
        self.room.full()
    }

    fn saved_book(&self) -> SavedBook {
        self.load_book()
    }

    fn save_book(&self, book: &Book) -> Result<Option<Position>, Error> {
        self.save_when_due(book)
    }
}

impl Journal {
    /// Writes something after the head, which moves once it is durable.
    ///
    /// # Errors
    /// As [`EventLog::append`]; after what is neither a refusal nor a full disk, nothing more is written.
    pub(crate) fn append_with(
        &self,
        expected: Position,
        write: impl FnOnce(Head) -> Result<Head, Error>,
    ) -> Result<Head, Error> {
        let mut broken = lock(&self.broken);
        self.room.written();
        if *broken {
            return Err(Error::Broken { doing: "writing after a failure", source: Box::new(EarlierFailure) });
        }
        if let Some(Damage { position, reason }) = self.damage() {
            return Err(Error::Corrupt { position, reason });
        }
        let before = self.head();
        if expected != before.position {
            return Err(Error::Moved { expected, found: before.position });
        }
        let written = write(before);
        self.room.written();
        match written {
            Ok(head) if head == before => Ok(head),
            Ok(head) => {
                let noted = lock(&self.tip).note(head.position, head.chain);
                if let Err(error) = noted {
                    tracing::warn!(%error, "how far the log goes could not be noted beside it");
                }
                *lock(&self.head) = head;
                self.moved.notify_all();
                Ok(head)
            }
            Err(error @ (Error::Refused { .. } | Error::Full(_))) => Err(error),
            Err(error) => {
                tracing::error!(error = %error, "an append failed: no more is written");
                *broken = true;
                Err(error)
            }
        }
    }

    /// What was checked and is not appended needs no room any more.
    pub fn forget_promises(&self) {
        self.room.written();
    }

    pub(crate) const fn newest_format(&self) -> u16 {
        self.newest_format
    }

    pub(crate) const fn room(&self) -> &Room {
        &self.room
    }

    /// Notes where the commits of an append end: their writers are told the chain there next.
    pub(crate) fn note_ends(&self, ends: Vec<(Position, Digest)>) {
        *lock(&self.ends) = ends;
    }

    /// The chain at the end of a commit of the last append.
    fn chain_of_end(&self, position: Position) -> Option<Digest> {
        let ends = lock(&self.ends);
        let found = ends.binary_search_by_key(&position, |(end, _)| *end).ok()?;
        ends.get(found).map(|(_, chain)| *chain)
    }

    /// The chain at a position before the head, from the block that holds it.
    fn chain_within(&self, position: Position) -> Result<Digest, Error> {
        let first = self
            .store
            .first_holding(position)
            .map_err(|error| unreadable(error, position))?
            .ok_or_else(|| missing(position))?;
        let (first, value) = self
            .store
            .blocks_from(first)
            .next()
            .ok_or_else(|| missing(position))?
            .map_err(|error| unreadable(error, position))?;
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
