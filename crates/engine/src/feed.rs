//! The feed: every event and every rating change of the log, in order, from any cursor.
//!
//! One path: a follower reads the log from its cursor, and waits on the head ([`Engine::heads`]) when it is there. So there
//! is no hand-over from what was to what comes, and a slow follower costs what it holds: a page.
//!
//! ```text
//! commit    145 146 147*     its events at (145, 0) (146, 0) (147, 0), then
//!                            its rating changes at (147, 1) (147, 2) …, by measure, area, cohort and period code
//! ```
//!
//! It is a pure function of the log: the same cursor gives the same items, at any time and from any node.

mod cursor;
mod filter;
mod following;

use std::collections::VecDeque;

use domain::event::Event;
use domain::{Cell, Position, Recorded, SubmissionId, Timestamp};
use reporting::rating_changes::{RatingChange, RatingChanges, Touched};

pub use cursor::{Cursor, NoCursor};
pub use filter::{Filter, RATING_CHANGED, measure};
pub use following::{Ended, Followers, Following};

use crate::engine::Engine;
use crate::error::Error;
use crate::settings::{FEED_CELLS, FEED_RECORDS, PROGRESS_RECORDS};

/// From where a follower wants the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// After everything of a position; [`Position::START`] for all there is.
    After(Position),
    /// After a cursor.
    Cursor(Cursor),
}

/// What comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A record of the log.
    Event(Box<Recorded>),
    /// A cell is rated otherwise than as of the commit before.
    RatingChanged(Box<Changed>),
    /// Everything that there was is told; what comes now is new. Once.
    CaughtUp,
    /// Nothing that is wanted came up to here.
    Progress,
}

/// A rating change with the commit that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The end of the commit.
    pub position: Position,
    /// Its place among the commit's rating changes, from 1.
    pub ordinal: u32,
    /// When the commit was taken in.
    pub recorded_at: Timestamp,
    /// With which submission.
    pub submission: SubmissionId,
    /// The change.
    pub change: RatingChange,
}

/// An item and the cursor to go on after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What to store with the effect of the item.
    pub cursor: Cursor,
    /// The item.
    pub item: Item,
}

/// Some of the feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// In order; may be none although there is more.
    pub deliveries: Vec<Delivery>,
    /// True when there is no more for now: wait for the head to move.
    pub at_head: bool,
}

/// The commit that is being read.
#[derive(Debug, Default)]
struct Commit {
    touched: Touched,
    /// Its last record, once that was read: its rating changes come now.
    end: Option<(Position, Timestamp, SubmissionId)>,
    /// The last cell that was compared, and how many changes there were.
    last: Option<Cell>,
    n_changes: u32,
}

/// One follower's way through the log.
pub struct Feed {
    engine: Engine,
    filter: Filter,
    /// Everything up to here was told before.
    told: (Position, u32),
    /// The end of the last commit of which everything was looked at.
    before: Position,
    commit: Commit,
    /// Records that were read and not yet looked at.
    records: VecDeque<Recorded>,
    /// The last record that was read.
    read: Position,
    /// The last place that the follower has a cursor of, or a later one.
    known: Position,
    caught_up: bool,
    /// The chain at the end of a commit, for the cursors of all that is in it.
    chain: (Position, [u8; 8]),
}

impl Engine {
    /// Follows the log.
    ///
    /// # Errors
    /// [`Error::Cursor`] for a cursor of another log, or of one that went on otherwise; [`Error::AfterHead`]; a failure of
    /// the log.
    pub fn follow(&self, start: Start, filter: Filter) -> Result<Feed, Error> {
        let head = self.head().position;
        let (position, ordinal) = match start {
            Start::After(position) => (position, Cursor::ALL),
            Start::Cursor(cursor) => (cursor.position, cursor.ordinal),
        };
        if let Start::Cursor(cursor) = start {
            self.check_cursor(&cursor, head)?;
        }
        if position > head {
            return Err(Error::AfterHead { wanted: position, head });
        }
        let book = self.book();
        let at_end = book.settle(position) == position;
        // The rating changes of a commit come from all of it, so that it is read from its beginning.
        let before = match Position::new(position.get().saturating_sub(1)) {
            _ if at_end && ordinal == Cursor::ALL => position,
            last => book.settle(last),
        };
        drop(book);
        let told = (position, if at_end { ordinal } else { 0 });
        Ok(Feed {
            engine: self.clone(),
            filter,
            told,
            before,
            commit: Commit::default(),
            records: VecDeque::new(),
            read: before,
            known: position,
            caught_up: false,
            chain: (Position::START, [0; 8]),
        })
    }

    fn check_cursor(&self, cursor: &Cursor, head: Position) -> Result<(), Error> {
        let opened = self.opened().log;
        let problem = if cursor.log != opened {
            format!("it is of the log {}, and this is {opened}", cursor.log)
        } else if cursor.position > head {
            format!("it is at position {}, and the log ends at {head}: the log was restored", cursor.position)
        } else if cursor.chain != self.chain_of_commit(cursor.position)? {
            format!("the log went on otherwise before position {}: it was restored", cursor.position)
        } else {
            return Ok(());
        };
        Err(Error::Cursor { problem })
    }

    /// The beginning of the chain at the end of the commit that holds a published position.
    fn chain_of_commit(&self, position: Position) -> Result<[u8; 8], Error> {
        let end = self.book().commit_end(position).filter(|_| position > Position::START).unwrap_or(position);
        let chain = self.chain_at(end)?;
        Ok(chain.0.first_chunk().copied().unwrap_or_default())
    }
}

impl Feed {
    /// The next items, at most some hundreds. Looks at a bounded part of the log, so that a page may be empty.
    ///
    /// # Errors
    /// A failure of the log.
    pub fn page(&mut self) -> Result<Page, Error> {
        let mut page = Page::default();
        let mut n_looked_at: usize = 0;
        while n_looked_at < FEED_RECORDS && (page.deliveries.is_empty() || self.changes_are_next()) {
            if self.commit.end.is_some() {
                self.compare(&mut page)?;
                n_looked_at = n_looked_at.saturating_add(FEED_CELLS);
            } else if self.records.is_empty() {
                self.records.extend(self.engine.read(self.read, FEED_RECORDS)?);
                if self.records.is_empty() {
                    page.at_head = true;
                    break;
                }
            } else {
                n_looked_at = n_looked_at.saturating_add(self.records.len());
                self.look(&mut page)?;
            }
        }
        if let (true, Some(newer)) = (page.at_head && page.deliveries.is_empty(), self.engine.newer()) {
            return Err(Error::Newer(newer));
        }
        if page.at_head && !self.caught_up {
            self.caught_up = true;
            self.deliver(&mut page, (self.before, Cursor::ALL), Item::CaughtUp)?;
        }
        if self.before.get().saturating_sub(self.known.get()) >= PROGRESS_RECORDS {
            page.deliveries.extend(self.progress()?);
        }
        Ok(page)
    }

    /// Whether a commit was read to its end just now: what it changed goes with its events, so that both leave at once.
    const fn changes_are_next(&self) -> bool {
        self.commit.end.is_some() && self.commit.last.is_none()
    }

    /// How far the log was looked at, when the follower has no cursor of that yet.
    ///
    /// # Errors
    /// A failure of the log.
    pub fn progress(&mut self) -> Result<Option<Delivery>, Error> {
        if self.before <= self.known {
            return Ok(None);
        }
        let mut page = Page::default();
        self.deliver(&mut page, (self.before, Cursor::ALL), Item::Progress)?;
        Ok(page.deliveries.pop())
    }

    /// Looks at the records that were read, up to the end of a commit.
    fn look(&mut self, page: &mut Page) -> Result<(), Error> {
        while let Some(record) = self.records.pop_front() {
            self.read = record.position;
            if self.filter.wants_ratings() {
                self.touch(&record.event)?;
            }
            if record.last_of_commit {
                self.commit.end = Some((record.position, record.recorded_at, record.attribution.submission));
            }
            let ended = record.last_of_commit;
            let position = record.position;
            if position > self.told.0 && self.wants(&record.event, position) {
                self.deliver(page, (position, 0), Item::Event(Box::new(record)))?;
            }
            if ended {
                break;
            }
        }
        Ok(())
    }

    fn wants(&self, event: &Event, position: Position) -> bool {
        if self.filter.none() {
            return true;
        }
        let book = self.engine.book();
        let end = book.commit_end(position).unwrap_or(position);
        self.filter.wants(event, &book, end)
    }

    fn touch(&mut self, event: &Event) -> Result<(), Error> {
        self.commit.touched.add(event);
        let (Event::SubmissionRolledBack(id) | Event::SubmissionReinstated(id)) = event else { return Ok(()) };
        let Some((mut after, last)) = self.engine.received(*id).map(|it| (before(it.first), it.last)) else {
            return Ok(());
        };
        while after < last {
            let records = self.engine.read(after, FEED_RECORDS)?;
            let Some(end) = records.last().map(|record| record.position) else { break };
            let of_it = records.iter().filter(|record| record.attribution.submission == *id);
            of_it.for_each(|record| self.commit.touched.add(&record.event));
            after = end;
        }
        Ok(())
    }

    /// Compares some cells of the commit whose records were all read; the next commit comes once there are no more.
    fn compare(&mut self, page: &mut Page) -> Result<(), Error> {
        let Some((end, recorded_at, submission)) = self.commit.end else { return Ok(()) };
        let mut wanted = Vec::new();
        if self.filter.wants_ratings() && self.told < (end, Cursor::ALL) {
            let book = self.engine.book();
            let changes = RatingChanges::new(&book, &self.commit.touched, self.before, end);
            let (found, last) = changes.page(self.commit.last.as_ref(), FEED_CELLS);
            for change in found {
                self.commit.n_changes = self.commit.n_changes.saturating_add(1);
                let ordinal = self.commit.n_changes;
                if (end, ordinal) > self.told && self.filter.wants_cell(&change.after.cell, &book, end) {
                    wanted.push(Changed { position: end, ordinal, recorded_at, submission, change });
                }
            }
            self.commit.last = last;
        } else {
            self.commit.last = None;
        }
        for changed in wanted {
            self.deliver(page, (end, changed.ordinal), Item::RatingChanged(Box::new(changed)))?;
        }
        if self.commit.last.is_none() {
            self.before = end;
            self.commit = Commit::default();
        }
        Ok(())
    }

    fn deliver(&mut self, page: &mut Page, (position, ordinal): (Position, u32), item: Item) -> Result<(), Error> {
        let end = self.engine.book().commit_end(position).filter(|_| position > Position::START).unwrap_or(position);
        if self.chain.0 != end || end == Position::START {
            self.chain = (end, self.engine.chain_of_commit(end)?);
        }
        self.known = position;
        let cursor = Cursor { log: self.engine.opened().log, position, ordinal, chain: self.chain.1 };
        page.deliveries.push(Delivery { cursor, item });
        Ok(())
    }
}

fn before(position: Position) -> Position {
    Position::new(position.get().saturating_sub(1))
}
