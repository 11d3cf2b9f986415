//! A backup: a folder of segments with the exact records, and a manifest that says which of them count.
//!
//! ```text
//! manifest.json                        written last: without it, or before it, nothing is a backup
//! records-00000000000000000001         a header of 64 bytes, then whole records, one after the other
//! records-00000000000000040001         each begins where the one before ends
//! LOCK                                 held by the one process that writes here
//! *.part                               unfinished; removed by the next run
//! ```
//!
//! Segments are never written again: a second run proves that the log still is what the backup ends with, and adds what is
//! new. Salts are in it, and names of people: it is kept like the log itself.

mod folder;
mod manifest;
mod restoring;
mod segment;

use std::path::Path;

use domain::{Digest, LogId, Position};
use engine::log::{EventLog as _, Head};

pub use restoring::restore;

use crate::Journal;
use crate::copying::{self, CopyError, Identity, Watch};
use folder::Folder;
use manifest::{Entry, Manifest};
use segment::Writer;

/// The longest segment, so that one is read and checked in memory.
const SEGMENT_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What a run added to a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackedUp {
    /// Which log.
    pub log: LogId,
    /// Up to where the backup now goes.
    pub head: Head,
    /// Up to where it went before; [`Position::START`] for a new one.
    pub before: Position,
    /// How many segments were added.
    pub n_segments_new: u64,
    /// How many there are.
    pub n_segments: u64,
    /// How many bytes were added.
    pub n_bytes_new: u64,
}

/// Copies what a backup does not have yet. Whatever is appended meanwhile is for the next run.
///
/// # Errors
/// [`CopyError::OtherLog`] and [`CopyError::Fork`] when the folder belongs to another log, or the log is not a
/// continuation of it; [`CopyError::Exists`] when it holds something else; [`CopyError::Backup`] when a segment is not
/// as long as it was; [`CopyError::InUse`]; [`CopyError::Log`]; [`CopyError::Io`].
pub fn backup(journal: &Journal, dir: &Path, watch: Watch<'_>) -> Result<BackedUp, CopyError> {
    backup_in_segments(journal, dir, SEGMENT_BYTES_MAX, watch)
}

/// The same with another bound on segments.
pub(crate) fn backup_in_segments(
    journal: &Journal,
    dir: &Path,
    segment_bytes_max: usize,
    watch: Watch<'_>,
) -> Result<BackedUp, CopyError> {
    let head = copying::head_of(journal)?;
    let Identity { log, authority } = Identity::of(journal)?;
    let folder = Folder::open(dir)?;
    let found = folder.read_manifest()?;
    let mut manifest = found.unwrap_or_else(|| Manifest::empty(log, authority));
    continues(journal, log, &manifest, head)?;
    folder.check_lengths(&manifest)?;
    folder.remove_unfinished(&manifest)?;
    let before = manifest.position;
    let end = (before, manifest.chain);
    let mut added = Added { folder: &folder, log, segment_bytes_max, end, open: None, entries: Vec::new() };
    copying::each(journal, end, head, watch, |raw, chain| added.take(&raw.bytes, chain))?;
    added.close()?;
    let n_bytes_new = added.entries.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.bytes));
    let n_segments_new = count(added.entries.len());
    manifest.segments.append(&mut added.entries);
    (manifest.position, manifest.chain) = (head.position, head.chain);
    if n_segments_new > 0 {
        folder.write_manifest(&manifest)?;
    }
    Ok(BackedUp { log, head, before, n_segments_new, n_segments: count(manifest.segments.len()), n_bytes_new })
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// Refuses a backup that the log does not continue.
fn continues(journal: &Journal, log: LogId, manifest: &Manifest, head: Head) -> Result<(), CopyError> {
    if manifest.log != log {
        return Err(CopyError::OtherLog { ours: log, theirs: manifest.log });
    }
    let at = manifest.position;
    if at > head.position {
        let reason = format!("the backup goes to position {at}, but the log ends at {}", head.position);
        return Err(CopyError::Fork { reason });
    }
    match journal.chain_at(at)? {
        Some(chain) if chain == manifest.chain => Ok(()),
        found => {
            let found = found.map_or_else(|| "none".to_owned(), |chain| chain.to_string());
            let reason = format!("at position {at} the backup's chain is {}, and the log's {found}", manifest.chain);
            Err(CopyError::Fork { reason })
        }
    }
}

/// The segments that a run adds.
struct Added<'a> {
    folder: &'a Folder,
    log: LogId,
    segment_bytes_max: usize,
    /// The last record that is in the backup, and the chain there.
    end: (Position, Digest),
    open: Option<Writer>,
    entries: Vec<Entry>,
}

impl Added<'_> {
    /// Puts the next record into the open segment, or a new one; the log's chain with it is `chain`.
    fn take(&mut self, bytes: &[u8], chain: Digest) -> Result<(), CopyError> {
        if self.open.as_ref().is_some_and(|open| !open.has_room(bytes.len(), self.segment_bytes_max)) {
            self.close()?;
        }
        let (end, chain_before) = self.end;
        let writer = match self.open.take() {
            Some(writer) => writer,
            None => Writer::begin(self.folder, self.log, end.next(), chain_before)?,
        };
        self.open.insert(writer).put(bytes)?;
        self.end = (end.next(), chain);
        Ok(())
    }

    /// Makes the open segment durable.
    fn close(&mut self) -> Result<(), CopyError> {
        if let Some(writer) = self.open.take() {
            self.entries.push(writer.finish(self.end)?);
        }
        Ok(())
    }
}

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
