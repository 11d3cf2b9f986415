//! Room on the disk: looked for before anything is written, so that a full disk is refused and not met halfway.
//!
//! A write that fails leaves nobody knowing what is on the disk, and ends the process. What is checked here keeps the
//! journal from coming to that by itself; another program can still take the last byte between the look and the write.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use engine::log::{Error, Full};

use crate::{OpenError, store};

/// What stays free for the store's own work, for opening it again, and for whoever else writes to that disk.
pub(crate) const RESERVE_BYTES: u64 = 64 * 1024 * 1024;
/// An existing store writes some pages and a list of them when it is opened.
const OPENING_BYTES: u64 = 8 * 1024 * 1024;
/// How many bytes the store may grow for a byte of a record, and besides for each commit. Measured: twice for commits of
/// 1,024 small records, 1.7 times for one of 40,000, and 1.7 kB in all for a commit of one, in steps of whole segments.
const WRITTEN_PER_BYTE: u64 = 4;
const WRITTEN_PER_COMMIT: u64 = 16 * 1024;

/// The file grows by a segment at a time.
pub(crate) const STEP_BYTES: u64 = store::SEGMENT_BYTES;

/// What the smallest commit may take.
const SMALLEST_BYTES: u64 = growth(0).saturating_add(STEP_BYTES);

/// The room beside a journal.
#[derive(Debug)]
pub(crate) struct Room {
    dir: PathBuf,
    /// How many bytes a folder's disk has free.
    look: fn(&Path) -> Option<u64>,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// What was free when the group that is being put together was begun.
    free: u64,
    /// What the group may take.
    promised: u64,
    /// Whether the last commit was refused, so that it is logged once.
    refusing: bool,
}

impl Room {
    /// The room on the disk that holds a folder, which must exist.
    pub(crate) fn beside(dir: &Path) -> Self {
        Self::looked_for(dir, free)
    }

    pub(crate) fn looked_for(dir: &Path, look: fn(&Path) -> Option<u64>) -> Self {
        Self { dir: dir.to_owned(), look, seen: Mutex::default() }
    }

    /// Promises room for a commit of `n_bytes` of records. The disk is asked once for all that is promised until
    /// [`Room::written`].
    ///
    /// # Errors
    /// [`Error::Full`]: what was promised before stays so.
    pub(crate) fn promise(&self, n_bytes: u64) -> Result<(), Error> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.promised == 0 {
            seen.free = self.free();
        }
        let promised = seen.promised.saturating_add(growth(n_bytes));
        let Err(full) = enough(&self.dir, seen.free, promised.saturating_add(STEP_BYTES), RESERVE_BYTES) else {
            seen.promised = promised;
            if std::mem::take(&mut seen.refusing) {
                tracing::info!(free_bytes = seen.free, "there is room on the disk again");
            }
            return Ok(());
        };
        if !std::mem::replace(&mut seen.refusing, true) {
            // The command line says it anyway.
            tracing::info!("{full}");
        }
        Err(Error::Full(full))
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Whether there is room for a file of so many bytes beside the journal.
    ///
    /// # Errors
    /// [`Error::Full`].
    pub(crate) fn for_saving(&self, n_bytes: u64) -> Result<(), Error> {
        enough(&self.dir, self.free(), n_bytes, SMALLEST_BYTES.saturating_add(RESERVE_BYTES)).map_err(Error::Full)
    }

    /// What was promised is written, or will not be.
    pub(crate) fn written(&self) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).promised = 0;
    }

    /// Where there is no room for the smallest commit.
    pub(crate) fn full(&self) -> Option<Full> {
        enough(&self.dir, self.free(), SMALLEST_BYTES, RESERVE_BYTES).err()
    }

    /// How many bytes are free, if the disk says so, and how many have to be for the smallest commit.
    pub(crate) fn free_and_needed(&self) -> (Option<u64>, u64) {
        ((self.look)(&self.dir), SMALLEST_BYTES.saturating_add(RESERVE_BYTES))
    }

    /// A disk that does not say how much is free is taken to have enough.
    fn free(&self) -> u64 {
        (self.look)(&self.dir).unwrap_or(u64::MAX)
    }
}

/// Refuses to open a store where there is no room for what that writes: a new one keeps the reserve.
///
/// # Errors
/// [`OpenError::Full`].
pub(crate) fn for_opening(dir: &Path) -> Result<(), OpenError> {
    let reserve_bytes = if dir.join("db").exists() { 0 } else { RESERVE_BYTES };
    // A new one's folder is not there yet.
    let there = dir.ancestors().find(|dir| dir.exists()).unwrap_or(dir);
    let free = free(there).unwrap_or(u64::MAX);
    enough(dir, free, OPENING_BYTES, reserve_bytes).map_err(OpenError::Full)
}

/// What opening would have needed, where the store found no room.
pub(crate) fn none_left(dir: &Path) -> Full {
    let free_bytes = free(dir).unwrap_or(0);
    Full { folder: dir.to_owned(), free_bytes, needed_bytes: OPENING_BYTES.max(free_bytes), reserve_bytes: 0 }
}

/// How many bytes a commit with so many bytes of records may take.
pub(crate) const fn growth(n_bytes: u64) -> u64 {
    n_bytes.saturating_mul(WRITTEN_PER_BYTE).saturating_add(WRITTEN_PER_COMMIT)
}

fn enough(dir: &Path, free_bytes: u64, n_bytes: u64, reserve_bytes: u64) -> Result<(), Full> {
    let needed_bytes = n_bytes.saturating_add(reserve_bytes);
    if free_bytes >= needed_bytes {
        return Ok(());
    }
    Err(Full { folder: dir.to_owned(), free_bytes, needed_bytes, reserve_bytes })
}

fn free(dir: &Path) -> Option<u64> {
    fs2::available_space(dir).inspect_err(|error| tracing::debug!(%error, "the disk does not say what is free")).ok()
}
