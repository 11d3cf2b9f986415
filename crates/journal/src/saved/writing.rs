//! Saving a book: under another name until it is whole and durable.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use domain::{Book, Position};
use engine::log::Error;

use super::{END, Header, PART, RECORDS, UNFINISHED, frame_sum, listed, name};
use crate::payload::kind::{RESULT_RECORDED, RESULT_WITHDRAWN, ROW_SET_ASIDE};
use crate::record::Frame;
use crate::store::broken;
use crate::{Journal, folders};

/// About how long a frame of records is.
const RECORDS_BYTES: usize = 1024 * 1024;
/// Spans that are nearer to one another than this are read at once.
const NEAR_RECORDS: u64 = 64;

impl Journal {
    /// Writes a book that is as the log is at the header's position, and deletes what it replaces.
    ///
    /// # Errors
    /// [`Error::Broken`], or as reading the log.
    pub(super) fn write_book(&self, dir: &Path, header: Header, book: &Book) -> Result<(), Error> {
        let failed = |error| broken("saving the book")(Box::new(error));
        let unfinished = dir.join(UNFINISHED);
        let mut frames = Frames { file: File::create(&unfinished).map_err(failed)?, number: 0 };
        frames.file.write_all(&header.to_bytes()).map_err(failed)?;
        book.save(&mut |part| frames.put(PART, part)).map_err(failed)?;
        let n_records = self.write_records(book, &mut frames)?;
        frames.put(END, &n_records.to_le_bytes()).map_err(failed)?;
        frames.file.sync_all().map_err(failed)?;
        fs::rename(&unfinished, dir.join(name(header.position))).map_err(failed)?;
        folders::sync(dir).map_err(failed)?;
        delete_others(dir, header.position).map_err(failed)
    }

    /// Copies the records beside the results; gives how many they are.
    fn write_records(&self, book: &Book, frames: &mut Frames) -> Result<u64, Error> {
        let failed = |error| broken("saving the book")(Box::new(error));
        let mut n_records: u64 = 0;
        let mut bytes = Vec::new();
        for (first, last) in joined(book.beside_results()) {
            let visited = self.visit(Position::new(first.get().saturating_sub(1)), |frame| {
                if frame.header.position > last {
                    return Ok(false);
                }
                if is_beside(book, frame) {
                    bytes.extend_from_slice(frame.bytes());
                    n_records = n_records.saturating_add(1);
                }
                if bytes.len() >= RECORDS_BYTES {
                    frames.put(RECORDS, &bytes).map_err(failed)?;
                    bytes.clear();
                }
                Ok(frame.header.position < last)
            });
            self.note_damage(visited)?;
        }
        if !bytes.is_empty() {
            frames.put(RECORDS, &bytes).map_err(failed)?;
        }
        Ok(n_records)
    }
}

/// Whether a record is to be folded again. Of files and of rows that were set aside the book keeps nothing but their number,
/// which is in its parts.
fn is_beside(book: &Book, frame: &Frame<'_>) -> bool {
    let in_parts =
        matches!(frame.header.kind, RESULT_RECORDED | RESULT_WITHDRAWN | ROW_SET_ASIDE) || frame.header.file();
    !in_parts || book.begins_submission(frame.header.position)
}

/// The same spans, those together that are near.
fn joined(spans: Vec<(Position, Position)>) -> Vec<(Position, Position)> {
    let mut joined: Vec<(Position, Position)> = Vec::new();
    for (first, last) in spans {
        match joined.last_mut() {
            Some((_, end)) if first.get().saturating_sub(end.get()) <= NEAR_RECORDS => *end = last,
            _ => joined.push((first, last)),
        }
    }
    joined
}

/// How many saved books are kept.
const N_KEPT: usize = 2;

/// A file to which frames are written.
struct Frames {
    file: File,
    number: u32,
}

impl Frames {
    fn put(&mut self, kind: u32, content: &[u8]) -> io::Result<()> {
        let length = u32::try_from(content.len()).map_err(io::Error::other)?;
        let head = [kind, self.number, length, frame_sum(kind, self.number, content)].map(u32::to_le_bytes);
        self.number = self.number.saturating_add(1);
        self.file.write_all(head.as_flattened())?;
        self.file.write_all(content)
    }
}

/// Deletes all saved books but one and the newest before it. What is said to be of a later position is of no log that this
/// one is.
fn delete_others(dir: &Path, position: Position) -> io::Result<()> {
    let (kept, later): (Vec<_>, Vec<_>) = listed(dir)?.into_iter().partition(|(of, _)| *of <= position);
    kept.into_iter().skip(N_KEPT).chain(later).try_for_each(|(_, path)| fs::remove_file(path))
}
