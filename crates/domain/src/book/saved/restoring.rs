//! A book from its parts and the records beside the results.

use super::{Reader, Tag};
use crate::book::Book;
use crate::book::columns::RestoredColumns;
use crate::book::origins::Origins;
use crate::event::{Event, Recorded};
use crate::ids::Position;
use crate::time::Timestamp;

/// What was saved is no book. Fold the log from its first record instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unrestorable(&'static str);

/// A book that is being restored: all parts, then all records, then [`Restoring::finish`].
#[derive(Debug, Default)]
pub struct Restoring {
    book: Book,
    head: Option<Head>,
    /// What the last part held: they come in one order.
    tag: Option<Tag>,
    columns: RestoredColumns,
    origins: Origins,
    commit_ends: Vec<(Position, Timestamp)>,
    /// The last record, and how many facts, of each submission.
    submissions: Vec<(Position, u64)>,
    begun: bool,
}

/// What the first part says.
#[derive(Debug, Clone, Copy)]
struct Head {
    position: Position,
    n_submissions: usize,
    n_cells: u64,
    n_revisions: u64,
}

impl Restoring {
    /// Takes the next part. Cost: a pass over it.
    ///
    /// # Errors
    /// [`Unrestorable`]: what this was given makes no book.
    pub fn part(&mut self, bytes: &[u8]) -> Result<(), Unrestorable> {
        let mut reader = Reader::new(bytes);
        let tag = reader.u8().and_then(Tag::of).ok_or(Unrestorable("a part is of no kind that there is"))?;
        if self.tag.is_some_and(|before| before > tag) || self.begun {
            return Err(Unrestorable("the parts are out of order"));
        }
        self.tag = Some(tag);
        while !reader.is_empty() {
            self.item(tag, &mut reader).ok_or(Unrestorable("a part is not what it says"))?;
        }
        Ok(())
    }

    fn item(&mut self, tag: Tag, reader: &mut Reader<'_>) -> Option<()> {
        match tag {
            Tag::Head => {
                let position = Position::new(reader.u64()?);
                let (n_submissions, n_cells, n_revisions) = (reader.n()?, reader.u64()?, reader.u64()?);
                let once = self.head.replace(Head { position, n_submissions, n_cells, n_revisions });
                once.is_none().then_some(())
            }
            Tag::Measure => self.columns.measure(reader.text()?),
            Tag::Area => self.columns.area(reader.text()?),
            Tag::Cohort => self.columns.cohort(reader.text()?),
            Tag::Line => self.columns.line(reader),
            Tag::Ratio => self.columns.ratio(reader),
            Tag::Extra => self.columns.extra(reader),
            Tag::Why => self.origins.restore_why(reader),
            Tag::Run => self.origins.restore_run(reader),
            Tag::Commit => {
                let (end, recorded_at) = (Position::new(reader.u64()?), instant(reader.i64()?)?);
                let follows = self.commit_ends.last().is_none_or(|last| last.0 < end && last.1 < recorded_at);
                self.commit_ends.push((end, recorded_at));
                follows.then_some(())
            }
            Tag::Submission => {
                self.submissions.push((Position::new(reader.u64()?), reader.u64()?));
                Some(())
            }
        }
    }

    /// Takes the next record of those that [`Book::beside_results`] names, after all parts. Of a result, it is only noted
    /// with which submission it came; results are in the parts.
    ///
    /// # Errors
    /// [`Unrestorable`].
    pub fn record(&mut self, record: &Recorded) -> Result<(), Unrestorable> {
        if !self.begun {
            // The numbers of measures and areas that results gave are known before targets are folded.
            self.book.columns = std::mem::take(&mut self.columns).finish();
            self.begun = true;
        }
        if record.position <= self.book.head {
            return Err(Unrestorable("its records are out of order"));
        }
        if matches!(record.event, Event::ResultRecorded(_) | Event::ResultWithdrawn(_)) {
            self.book.enter(record);
        } else {
            self.book.fold(record);
        }
        self.book.head = record.position;
        Ok(())
    }

    /// The book.
    ///
    /// # Errors
    /// [`Unrestorable`]: parts or records are missing.
    pub fn finish(self) -> Result<Book, Unrestorable> {
        let Self { mut book, head, origins, commit_ends, submissions, .. } = self;
        let head = head.ok_or(Unrestorable("its first part is missing"))?;
        let last = commit_ends.last().copied().filter(|(end, _)| *end == head.position && book.head <= head.position);
        let (_, recorded_at) = last.ok_or(Unrestorable("it does not end with a commit"))?;
        let n_counted = [book.columns.n_cells(), book.columns.n_revisions()].map(|n| u64::try_from(n).ok());
        if n_counted != [Some(head.n_cells), Some(head.n_revisions)] {
            return Err(Unrestorable("some of its results are missing"));
        }
        let n_submissions = [book.submissions.len(), submissions.len()];
        if n_submissions != [head.n_submissions; 2] || book.log.is_none() {
            return Err(Unrestorable("some of its records are missing"));
        }
        for (received, (last, n_facts)) in book.submissions.iter_mut().zip(submissions) {
            (received.last, received.n_facts) = (last, n_facts);
        }
        // Folding the targets put them here again.
        book.origins = origins;
        book.commit_ends = commit_ends;
        book.head = head.position;
        book.recorded_at = Some(recorded_at);
        Ok(book)
    }
}

fn instant(micros: i64) -> Option<Timestamp> {
    Timestamp::from_micros(micros).ok()
}
