//! The book, saved beside the log, so that a start folds only what came after.
//!
//! It is not the log, nor a part of it: it may be deleted at any time, and is never believed about what the log holds. One
//! that is damaged, of another log, of a log that parted from this one, or of another version of the program, is not used.
//! That it was not forged, by somebody who can write into the folder, it does not prove: only the log has a chain.
//!
//! ```text
//! file    book.POSITION, with 20 digits; book.unfinished while it is written
//! header  "SBOK" (4)  layout version = 1 (u16)  fold (u16)  format of the log there (u16)  0 (u16)
//!         log id (16)  position (u64)  chain there (32)  CRC-32C of the 68 bytes before (u32)
//! frames  kind (u32)  number, from 0 (u32)  length (u32)  CRC-32C of these 12 bytes and the content (u32)  content
//! kind    1 a part of the book, see `domain::book`
//!         2 records beside the results, as they are in the log, whole, one after the other
//!         3 the end: how many records there were (u64); nothing follows
//! ```
//!
//! It is written under another name, synced, and renamed; the one before it is kept as well, and those before that deleted.

mod reading;
mod writing;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use domain::{Book, Digest, LogId, Position};
use engine::log::{Error, EventLog as _, SavedBook};

use crate::Journal;
use crate::bytes::Bytes;
use crate::journal::lock;

const MAGIC: [u8; 4] = *b"SBOK";
const VERSION: u16 = 1;
const HEADER_BYTES: usize = 72;
const SUMMED_BYTES: usize = 68;
const FRAME_BYTES: usize = 16;

const PART: u32 = 1;
const RECORDS: u32 = 2;
const END: u32 = 3;

const PREFIX: &str = "book.";
const UNFINISHED: &str = "book.unfinished";

/// What is known of the saved books of a journal.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Where the newest good one was saved.
    newest: Position,
    /// Whether some were not good, so that the next is worth saving early.
    ignored: bool,
}

/// What a saved book says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Header {
    fold: u16,
    format: u16,
    log: LogId,
    position: Position,
    chain: Digest,
}

impl Header {
    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend([VERSION, self.fold, self.format, 0].into_iter().flat_map(u16::to_le_bytes));
        bytes.extend_from_slice(&self.log.0);
        bytes.extend_from_slice(&self.position.get().to_le_bytes());
        bytes.extend_from_slice(&self.chain.0);
        let sum = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// Nothing where the bytes are no header that was written whole.
    fn of(bytes: &[u8; HEADER_BYTES]) -> Option<Self> {
        let (summed, sum) = bytes.split_at_checked(SUMMED_BYTES)?;
        let (mut summed, whole) = (Bytes(summed), Bytes(sum).u32().ok()? == crc32c::crc32c(summed));
        let known = summed.take().ok()? == MAGIC && summed.u16().ok()? == VERSION;
        let (fold, format, _) = (summed.u16().ok()?, summed.u16().ok()?, summed.u16().ok()?);
        let log = LogId(summed.take().ok()?);
        let (position, chain) = (Position::new(summed.u64().ok()?), Digest(summed.take().ok()?));
        (whole && known).then_some(Self { fold, format, log, position, chain })
    }
}

/// The checksum of a frame: of what precedes it, and of the content.
fn frame_sum(kind: u32, number: u32, content: &[u8]) -> u32 {
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
    let head = [kind, number, length].map(u32::to_le_bytes);
    crc32c::crc32c_append(crc32c::crc32c(head.as_flattened()), content)
}

/// The saved books of a folder with the positions in their names, the newest first.
fn listed(dir: &Path) -> io::Result<Vec<(Position, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_prefix(PREFIX));
        if let Some(position) = name.and_then(|digits| digits.parse().ok()) {
            found.push((Position::new(position), path));
        }
    }
    found.sort_unstable_by_key(|(position, _)| std::cmp::Reverse(*position));
    Ok(found)
}

fn name(position: Position) -> String {
    format!("{PREFIX}{:020}", position.get())
}

impl Journal {
    /// The newest saved book that can be used, and why others were not.
    pub(crate) fn load_book(&self) -> SavedBook {
        let mut saved = SavedBook::default();
        let Some(dir) = self.saving() else { return saved };
        let found = listed(dir).unwrap_or_else(|error| {
            tracing::warn!(%error, "saved books are not looked for: the folder cannot be listed");
            Vec::new()
        });
        for (_, path) in found {
            match self.restore(&path) {
                Ok(book) => {
                    saved.book = Some(book);
                    break;
                }
                Err(why) => saved.ignored.push(format!(
                    "the saved book {} is not used, and will be replaced: {why}; the log itself is not in question",
                    path.display()
                )),
            }
        }
        let newest = saved.book.as_ref().map_or(Position::START, Book::head);
        *lock(&self.saved) = Known { newest, ignored: !saved.ignored.is_empty() };
        saved
    }

    /// Saves a book when enough came after the last, and gives its position then.
    ///
    /// # Errors
    /// [`Error::Full`]; [`Error::Broken`], after which the log can be used all the same.
    pub(crate) fn save_when_due(&self, book: &Book) -> Result<Option<Position>, Error> {
        let Some(dir) = self.saving() else { return Ok(None) };
        let (position, head) = (book.head(), self.head());
        let n_since = position.get().saturating_sub(lock(&self.saved).newest.get());
        let due = n_since >= self.save_records || lock(&self.saved).ignored;
        let whole = book.settle(position) == position && position <= head.position && self.damage().is_none();
        let (true, true, Some(opened)) = (due, whole, book.log()) else { return Ok(None) };
        let Some(chain) = self.chain_at(position)? else { return Ok(None) };
        self.room().for_saving(position.get().saturating_mul(SAVED_BYTES_A_RECORD))?;
        let header = Header { fold: Book::FOLD, format: book.format(position), log: opened.log, position, chain };
        self.write_book(dir, header, book)?;
        *lock(&self.saved) = Known { newest: position, ignored: false };
        Ok(Some(position))
    }

    /// The folder that books are saved in, if any are.
    fn saving(&self) -> Option<&Path> {
        (self.save_records > 0).then_some(self.room().dir())
    }
}

/// More than a saved book has for each record of its log, all things counted.
const SAVED_BYTES_A_RECORD: u64 = 64;
