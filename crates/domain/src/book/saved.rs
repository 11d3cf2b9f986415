//! The book as bytes, so that it need not be folded from the first record again, and the book from such bytes.
//!
//! Two things make a book again: its columns, written here as little-endian numbers in *parts* of about a mebibyte, and
//! every record beside the results ([`Book::beside_results`]), which are few and are folded as ever. So there is no second
//! form of any event but of results. Where parts and records are kept, and what proves that they are whole, is the
//! journal's; what is read here is checked all the same, and never trusted with a length.
//!
//! ```text
//! part   tag (1 byte)  then items of that tag, to its end
//! 1      position (u64)  submissions (u32)  cells (u64)  revisions (u64)         first, once
//! 2 3 4  a measure, an area, a cohort, in the order of their numbers: text
//! 5      a line: measure, area, cohort, slots, revisions (5 × u32)
//!          then for each slot period (u32), end (u32); for each revision 24 bytes
//! 6      a numerator and denominator, and what was printed: 2 × number, optional number
//! 7      what few figures have: position (u32), optional denominator, what was printed before, text
//! 8      a reason: text, cause (u8)
//! 9      a run of records: first (u64), submission (u32), reason (u32), file + 1 (u32), line (u32)
//! 10     a commit: end (u64), recorded_at (i64)
//! 11     a submission: last (u64), facts (u64)
//! ```
//!
//! A text is its length (u32) and its bytes; a number its digits (i64) and scale (u8); an optional one begins with 0 or 1.

mod reader;
mod restoring;
mod writing;

pub use restoring::{Restoring, Unrestorable};

pub(super) use reader::{Reader, put_number, put_optional, put_text};
pub(super) use writing::{Parts, Tag};

use super::Book;
use crate::ids::Position;

impl Book {
    /// The number of the way in which records become columns and columns bytes. What was saved by another is not restored:
    /// raise it whenever either changes.
    pub const FOLD: u16 = 2;

    /// Writes everything that the results are to `sink`, a part at a time, in order. With the records of
    /// [`Book::beside_results`] a [`Restoring`] makes the same book of it.
    ///
    /// Cost: a pass over the results; a mebibyte of memory.
    ///
    /// # Errors
    /// The first of `sink`, after which it is not called again.
    pub fn save<E>(&self, sink: &mut dyn FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let mut parts = Parts::to(sink);
        parts.item(Tag::Head, |bytes| {
            bytes.extend_from_slice(&self.head.get().to_le_bytes());
            bytes.extend_from_slice(&u32::try_from(self.submissions.len()).unwrap_or(u32::MAX).to_le_bytes());
            for n in [self.columns.n_cells(), self.columns.n_revisions()] {
                bytes.extend_from_slice(&u64::try_from(n).unwrap_or(u64::MAX).to_le_bytes());
            }
        })?;
        self.columns.save(&mut parts)?;
        self.origins.save(&mut parts)?;
        for (end, recorded_at) in &self.commit_ends {
            parts.item(Tag::Commit, |bytes| {
                bytes.extend_from_slice(&end.get().to_le_bytes());
                bytes.extend_from_slice(&recorded_at.micros().to_le_bytes());
            })?;
        }
        for received in &self.submissions {
            parts.item(Tag::Submission, |bytes| {
                bytes.extend_from_slice(&received.last.get().to_le_bytes());
                bytes.extend_from_slice(&received.n_facts.to_le_bytes());
            })?;
        }
        parts.finish()
    }

    /// Spans of positions, each from its first to its last, that hold every record beside the results: those that are no
    /// result, and the first of each submission. In order, apart from one another.
    ///
    /// Cost: a pass over the results; a bit of memory for each record.
    pub fn beside_results(&self) -> Vec<(Position, Position)> {
        let n_records = usize::try_from(self.head.get()).unwrap_or(0);
        let mut columnar = vec![0_u64; n_records.div_ceil(64)];
        let mut mark = |position: u64, set: bool| {
            let at = position.checked_sub(1).and_then(|bit| usize::try_from(bit.div_euclid(64)).ok());
            if let Some(word) = at.and_then(|at| columnar.get_mut(at)) {
                let bit = 1_u64.rotate_left(u32::try_from(position.saturating_sub(1) & 63).unwrap_or(0));
                *word = if set { *word | bit } else { *word & !bit };
            }
        };
        self.columns.positions().for_each(|position| mark(u64::from(position), true));
        self.submissions.iter().for_each(|received| mark(received.first.get(), false));
        spans(&columnar, self.head)
    }

    /// Whether a position is that of some submission's first record. Cost: a binary search.
    pub fn begins_submission(&self, position: Position) -> bool {
        self.submissions.binary_search_by_key(&position, |received| received.first).is_ok()
    }
}

/// The spans of the bits that are not set, up to a position.
fn spans(columnar: &[u64], head: Position) -> Vec<(Position, Position)> {
    let mut spans: Vec<(Position, Position)> = Vec::new();
    for (word, begin) in columnar.iter().zip((0_u64..).step_by(64)) {
        let mut beside = !*word;
        while beside != 0 {
            let position = Position::new(begin.saturating_add(u64::from(beside.trailing_zeros())).saturating_add(1));
            beside &= beside.wrapping_sub(1);
            match spans.last_mut() {
                _ if position > head => {}
                Some((_, last)) if last.next() == position => *last = position,
                _ => spans.push((position, position)),
            }
        }
    }
    spans
}
