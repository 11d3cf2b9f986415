//! The only code that talks to sled, and what it takes to be able to trust it.
//!
//! Measured with simulated power cuts: `flush()` alone lost acknowledged records or the whole store every time, because
//! it only starts the writing (`sync_file_range`); with an `fdatasync` of the file after it nothing was ever lost. The
//! other habits here close the remaining gaps: what sled writes once and never syncs, the unfinished snapshot that it
//! would take for a finished one, the large values that it would keep in files of their own, and its panics on damage.

use std::any::Any;
use std::fs::{self, File, TryLockError};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use domain::Position;
use engine::log::Error;

use crate::OpenError;
use crate::block::{BLOCK_BYTES_MAX, Stored};
use crate::preflight;

/// Why the store failed.
type Cause = Box<dyn std::error::Error + Send + Sync>;

const TREE: &str = "log";
/// How often sled tidies up after itself; it is not what makes records durable.
const TIDY_EVERY_MS: u64 = 500;
/// How long sled's segments are in a new store. A store keeps those that it was made with.
///
/// The longer, the more may be stored with one sync: with 4 MiB 128 blocks, more than a commit of 1,024 results takes.
const SEGMENT_BYTES: u64 = 4 * 1024 * 1024;
/// How long they were in the first stores; sled's own default.
const SEGMENT_BYTES_FIRST: u64 = 512 * 1024;
/// How much of a segment must be left for each block that is stored or removed until the next sync.
///
/// sled writes into a place again as soon as what replaces its content was written, durable or not. With much unsynced, a
/// power cut can leave the place overwritten and the replacement lost, and with it records that were acknowledged long
/// before. It takes two ends of sled's segments without a sync between them; a block of 4,000 bytes is written some six
/// times over. Simulated cuts emptied whole logs with 96 blocks to a segment of 512 KiB.
const SEGMENT_BYTES_A_BLOCK: usize = 32 * 1024;
/// How long the store's threads may take to end after it was closed; they take milliseconds.
const LAST_USER_WAIT: Duration = Duration::from_secs(10);

/// An open store. Fields are dropped in this order: the lock is let go of last.
pub(crate) struct Store {
    pub(crate) log: sled::Tree,
    db: sled::Db,
    /// Our own handle of sled's data file, to sync it by.
    pub(crate) file: File,
    /// How many blocks were stored or removed since the last sync, and how many may be.
    n_unsynced: AtomicUsize,
    n_unsynced_max: usize,
    _lock: File,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

/// A panic of the store, as an error.
#[derive(Debug, thiserror::Error)]
#[error("the store gave up: {0}")]
struct Panicked(String);

/// A value that would be kept in a file that is never synced.
#[derive(Debug, thiserror::Error)]
#[error("a block of {0} bytes is over the bound")]
struct TooLong(usize);

impl Store {
    /// Opens or creates the store in a folder.
    pub(crate) fn open(dir: &Path, cache_bytes: u64) -> Result<Self, OpenError> {
        fs::create_dir_all(dir).map_err(failed("creating", dir))?;
        let lock = lock(dir)?;
        wait_for_last_user(dir)?;
        remove_unfinished_snapshots(dir)?;
        remove_unfinished_settings(dir)?;
        preflight::check(dir)?;
        let segment_bytes = usize::try_from(segment_bytes(dir)?).unwrap_or(usize::MAX);
        let n_unsynced_max = segment_bytes.checked_div(SEGMENT_BYTES_A_BLOCK).unwrap_or(1);
        let config = sled::Config::new()
            .path(dir)
            .segment_size(segment_bytes)
            .mode(sled::Mode::LowSpace)
            .cache_capacity(cache_bytes)
            .flush_every_ms(Some(TIDY_EVERY_MS));
        let opened = guard(|| {
            let db = config.open()?;
            let log = db.open_tree(TREE)?;
            Ok((db, log))
        });
        let (db, log) = opened.map_err(|source| OpenError::Store { dir: dir.to_owned(), source })?;
        let file = sync_what_was_created(dir)?;
        refuse_blobs(dir)?;
        Ok(Self { log, db, file, n_unsynced: AtomicUsize::new(0), n_unsynced_max, _lock: lock })
    }

    /// Stores blocks, in order. All of them are durable after [`Store::sync`]; until then any number of the first may be.
    pub(crate) fn put(&self, blocks: Vec<Stored>) -> Result<(), Error> {
        if let Some((_, bytes)) = blocks.iter().find(|(_, bytes)| bytes.len() > BLOCK_BYTES_MAX) {
            return Err(broken("writing")(Box::new(TooLong(bytes.len()))));
        }
        let mut blocks = blocks.into_iter();
        while blocks.len() > 0 {
            let mut batch = sled::Batch::default();
            let room = self.room(blocks.len())?;
            blocks.by_ref().take(room).for_each(|(first, bytes)| batch.insert(&key(first), bytes));
            guard(|| self.log.apply_batch(batch)).map_err(broken("writing"))?;
        }
        Ok(())
    }

    /// Removes blocks, in order. All of them are gone for good after [`Store::sync`]; until then any number of the first.
    pub(crate) fn remove(&self, firsts: &[Position]) -> Result<(), Error> {
        let mut firsts = firsts.iter();
        while firsts.len() > 0 {
            let mut batch = sled::Batch::default();
            let room = self.room(firsts.len())?;
            firsts.by_ref().take(room).for_each(|first| batch.remove(&key(*first)));
            guard(|| self.log.apply_batch(batch)).map_err(broken("removing what was never acknowledged"))?;
        }
        Ok(())
    }

    /// How many of `n` blocks may be stored or removed now, at least one; syncs first when there is no room.
    fn room(&self, n: usize) -> Result<usize, Error> {
        if self.n_unsynced.load(Ordering::SeqCst) >= self.n_unsynced_max {
            self.sync()?;
        }
        let n_unsynced = self.n_unsynced.load(Ordering::SeqCst);
        let room = n.min(self.n_unsynced_max.saturating_sub(n_unsynced)).max(1);
        self.n_unsynced.store(n_unsynced.saturating_add(room), Ordering::SeqCst);
        Ok(room)
    }

    /// Makes durable what was stored and removed. Never retried: after a failed sync nobody knows what is on the disk.
    pub(crate) fn sync(&self) -> Result<(), Error> {
        guard(|| self.db.flush()).map_err(broken("flushing"))?;
        self.file.sync_data().map_err(|error| broken("syncing")(Box::new(error)))?;
        self.n_unsynced.store(0, Ordering::SeqCst);
        Ok(())
    }

    /// Where the block that would hold a position begins; `None` when none begins there or before.
    pub(crate) fn first_holding(&self, position: Position) -> Result<Option<Position>, Error> {
        let found = guard(|| self.log.range(..=key(position)).next_back().transpose()).map_err(broken("reading"))?;
        Ok(found.and_then(|(key, _)| read_key(&key)))
    }

    /// The blocks from one that begins at `first`, in order.
    pub(crate) fn blocks_from(&self, first: Position) -> Blocks {
        Blocks { found: self.log.range(key(first)..), backwards: false }
    }

    /// All blocks, the last first.
    pub(crate) fn blocks_backwards(&self) -> Blocks {
        Blocks { found: self.log.iter(), backwards: true }
    }
}

/// Blocks as they are stored.
pub(crate) struct Blocks {
    found: sled::Iter,
    backwards: bool,
}

impl Iterator for Blocks {
    type Item = Result<(Position, sled::IVec), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let (found, backwards) = (&mut self.found, self.backwards);
        let next = guard(|| if backwards { found.next_back() } else { found.next() }.transpose());
        match next {
            Ok(Some((key, value))) => match read_key(&key) {
                Some(first) => Some(Ok((first, value))),
                None => Some(Err(Error::Corrupt {
                    position: Position::START.next(),
                    reason: format!("the store has a key of {} bytes, which is no position", key.len()),
                })),
            },
            Ok(None) => None,
            Err(source) => Some(Err(broken("reading")(source))),
        }
    }
}

fn key(first: Position) -> [u8; 8] {
    first.get().to_be_bytes()
}

fn read_key(key: &[u8]) -> Option<Position> {
    Some(Position::new(u64::from_be_bytes(key.try_into().ok()?)))
}

/// Calls the store; a panic, which is how sled says that it found damage, becomes an error.
fn guard<T>(call: impl FnOnce() -> sled::Result<T>) -> Result<T, Cause> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Box::new(error)),
        Err(panic) => Err(Box::new(Panicked(panic_text(panic.as_ref())))),
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it did not say why".to_owned())
}

/// Says of a failure to read at a position that it is damage, when the store says so.
pub(crate) fn unreadable(error: Error, position: Position) -> Error {
    let Error::Broken { source, .. } = &error else { return error };
    let damaged = source.is::<Panicked>() || matches!(source.downcast_ref(), Some(sled::Error::Corruption { .. }));
    if !damaged {
        return error;
    }
    Error::Corrupt { position, reason: format!("the store cannot read it: {source}") }
}

pub(crate) fn broken(doing: &'static str) -> impl FnOnce(Cause) -> Error {
    move |source| Error::Broken { doing, source }
}

pub(crate) fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> OpenError {
    let path = path.to_owned();
    move |source| OpenError::Io { doing, path, source }
}

/// Takes the folder for this process, until it ends or the store is dropped.
fn lock(dir: &Path) -> Result<File, OpenError> {
    let path = dir.join("LOCK");
    let lock = File::options().create(true).truncate(false).write(true).open(&path);
    let lock = lock.map_err(failed("opening", &path))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { dir: dir.to_owned() }),
        Err(TryLockError::Error(error)) => Err(failed("locking", &path)(error)),
    }
}

/// Waits for sled's own lock of its data file.
///
/// sled ends some of its writing on threads that outlive the handle that was dropped, and they keep the file locked for a
/// moment more. Our lock is held, so that nobody else can be waiting; a program that is not ours may hold it for longer.
pub(crate) fn wait_for_last_user(dir: &Path) -> Result<(), OpenError> {
    let path = dir.join("db");
    let file = match File::options().read(true).write(true).open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed("opening", &path)(error)),
    };
    let (free, freed) = mpsc::sync_channel(1);
    let waiting = move || {
        let locked = file.lock().and_then(|()| file.unlock());
        // Nobody listens any more when the time ran out.
        drop(free.send(locked));
    };
    thread::Builder::new().name("journal lock".to_owned()).spawn(waiting).map_err(failed("locking", &path))?;
    match freed.recv_timeout(LAST_USER_WAIT) {
        Ok(locked) => locked.map_err(failed("locking", &path)),
        Err(_) => Err(OpenError::InUse { dir: dir.to_owned() }),
    }
}

fn entries(dir: &Path) -> Result<Vec<PathBuf>, OpenError> {
    let listed: io::Result<Vec<PathBuf>> =
        fs::read_dir(dir).and_then(|found| found.map(|entry| entry.map(|entry| entry.path())).collect());
    listed.map_err(failed("listing", dir))
}

/// A process that dies while it writes a snapshot leaves `snap.X.generating`, which sled would read as a finished one and
/// then refuse to open. The one before is deleted only after the rename, so that nothing is lost with the unfinished.
fn remove_unfinished_snapshots(dir: &Path) -> Result<(), OpenError> {
    for path in entries(dir)? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            tracing::info!(path = %path.display(), "an unfinished snapshot of the store is removed");
            fs::remove_file(&path).map_err(failed("removing", &path))?;
        }
    }
    Ok(())
}

/// What sled writes into `conf`, once, when it creates a store: its settings and their checksum.
fn settings(segment_bytes: u64) -> Vec<u8> {
    let mut bytes = format!("segment_size: {segment_bytes}\nuse_compression: false\nversion: 0.34\n").into_bytes();
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    bytes
}

/// How long the segments of the store in a folder are, or will be.
///
/// # Errors
/// [`OpenError::Io`] when its settings are there and cannot be read.
pub(crate) fn segment_bytes(dir: &Path) -> Result<u64, OpenError> {
    let first = read_settings(dir)?.is_some_and(|found| found == settings(SEGMENT_BYTES_FIRST));
    Ok(if first { SEGMENT_BYTES_FIRST } else { SEGMENT_BYTES })
}

fn read_settings(dir: &Path) -> Result<Option<Vec<u8>>, OpenError> {
    let path = dir.join("conf");
    match fs::read(&path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("reading", &path)(error)),
    }
}

/// A process that dies while sled creates the store can leave the beginning of `conf`, or its length without its content:
/// sled would never open it again. The settings are always the same, so that it may write them anew. Any other content is
/// left for sled to judge.
fn remove_unfinished_settings(dir: &Path) -> Result<(), OpenError> {
    let Some(found) = read_settings(dir)? else { return Ok(()) };
    let whole = settings(SEGMENT_BYTES);
    let begun = found.len() < whole.len() && whole.starts_with(&found);
    if begun || found.iter().all(|byte| *byte == 0) {
        let path = dir.join("conf");
        tracing::info!(path = %path.display(), "the unfinished settings of the store are removed");
        fs::remove_file(&path).map_err(failed("removing", &path))?;
    }
    Ok(())
}

/// Syncs what sled created and never syncs itself, and gives our own handle of its data file.
fn sync_what_was_created(dir: &Path) -> Result<File, OpenError> {
    let conf = dir.join("conf");
    File::open(&conf).and_then(|file| file.sync_all()).map_err(failed("syncing", &conf))?;
    let db = dir.join("db");
    let file = File::options().read(true).write(true).open(&db).map_err(failed("opening", &db))?;
    file.sync_all().map_err(failed("syncing", &db))?;
    sync_folder(dir)?;
    // The folder's own name is kept in its parent. A parent that may not be read was not made by this program.
    let dir = dir.canonicalize().map_err(failed("finding", dir))?;
    match dir.parent().map(sync_folder) {
        Some(Err(OpenError::Io { source, .. })) if source.kind() == io::ErrorKind::PermissionDenied => Ok(file),
        Some(Err(error)) => Err(error),
        Some(Ok(())) | None => Ok(file),
    }
}

#[cfg(unix)]
pub(crate) fn sync_folder(dir: &Path) -> Result<(), OpenError> {
    File::open(dir).and_then(|folder| folder.sync_all()).map_err(failed("syncing", dir))
}

/// Elsewhere a folder cannot be opened as a file, and its entries are durable with the files.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_dir: &Path) -> Result<(), OpenError> {
    Ok(())
}

/// No value is long enough for a file of its own; one that is there anyway was never synced.
fn refuse_blobs(dir: &Path) -> Result<(), OpenError> {
    let blobs = dir.join("blobs");
    if blobs.exists() && !entries(&blobs)?.is_empty() {
        return Err(OpenError::Blobs { dir: blobs });
    }
    Ok(())
}
