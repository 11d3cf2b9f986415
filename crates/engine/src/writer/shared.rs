//! The writer of a log to which others append too: it takes in what they did before it decides, and decides again when one
//! of them was first.
//!
//! A group that is decided together is applied to the book before the log has it, so that a lost race costs a pass over the
//! log. After one, submissions are decided one by one and applied only once the log has them, until a long run of them met
//! nobody else.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError};
use std::time::Duration;

use domain::Position;

use super::appending::not_taken;
use super::replaying::{Unread, last_commit};
use super::{Decided, Group, Job, Message, Next, Pending, Writer, answer};
use crate::error::Error;
use crate::log::{self, EventLog, Head};
use crate::settings::{CAREFUL_SUBMISSIONS, PAGE_RECORDS, RACES_MAX};

/// How long the watching thread waits before it looks whether it is still wanted.
const WATCH: Duration = Duration::from_millis(250);

/// Ends the watching when the writer does, however it ends.
pub(super) struct Ends<'a>(pub(super) &'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Tells the writer whenever the log has moved on from what it knows. A full queue needs no word: the writer takes in what
/// is there with each submission.
pub(super) fn watch(log: &dyn EventLog, mut known: Position, queue: &SyncSender<Message>, watching: &AtomicBool) {
    while watching.load(Ordering::Relaxed) {
        if !log.wait_for(known.next(), WATCH) {
            continue;
        }
        known = log.head().position;
        match queue.try_send(Message::Moved) {
            Ok(()) | Err(TrySendError::Full(_)) => {}
            Err(TrySendError::Disconnected(_)) => return,
        }
    }
}

impl Writer {
    /// Takes in what is in the log and not in the book, and publishes how far that is.
    ///
    /// # Errors
    /// A failure of the log, but for damage, which is served up to, and for what is too new.
    pub(super) fn catch_up(&self) -> Result<(), log::Error> {
        let head = self.log.head();
        let mut applied = self.applied();
        if head.position <= applied || self.published.newer.borrow().is_some() {
            return Ok(());
        }
        while applied < head.position {
            let page = match self.log.read(applied, PAGE_RECORDS) {
                Ok(page) => page,
                Err(error) => return self.catch_up_before(error),
            };
            // The log's head is the end of a commit, so that the last page ends with one.
            let n_left = usize::try_from(head.position.get().saturating_sub(applied.get())).unwrap_or(PAGE_RECORDS);
            self.apply(page.get(..n_left).unwrap_or(&page));
            applied = self.applied();
        }
        // Nobody watching is no fault.
        self.published.head.send_replace(head);
        Ok(())
    }

    /// Takes in the whole commits before what cannot be read, and says what that is.
    fn catch_up_before(&self, error: log::Error) -> Result<(), log::Error> {
        let (position, unread) = Unread::of(error)?;
        let applied = self.applied();
        if let Some(end) = last_commit(self.log.as_ref(), applied, position)? {
            let n_records = usize::try_from(end.get().saturating_sub(applied.get())).unwrap_or(0);
            self.apply(&self.log.read(applied, n_records)?);
        }
        // The pages before this one may have ended within a commit.
        let end = self.read_book().settle(self.applied());
        if end > self.published.head.borrow().position {
            let chain = self.log.chain_at(end)?.unwrap_or(Head::EMPTY.chain);
            let recorded_at =
                self.log.read(Position::new(end.get().saturating_sub(1)), 1)?.first().map(|it| it.recorded_at);
            self.published.head.send_replace(Head { position: end, chain, recorded_at });
        }
        match unread {
            Unread::Newer(newer) => {
                tracing::error!("{newer}");
                self.published.newer.send_replace(Some(newer));
            }
            Unread::Damaged(damage) => tracing::error!("{damage}"),
        }
        Ok(())
    }

    pub(super) fn applied(&self) -> Position {
        self.read_book().head()
    }

    /// Records what is queued, after whatever others have recorded by then: together, for as long as nobody else was first,
    /// and one by one for a while after somebody was.
    ///
    /// # Errors
    /// A failure of this process's own log.
    pub(super) fn record_among_others(&self, first: Job) -> Result<Next, log::Error> {
        if self.careful.get() > 0 {
            return self.record_alone(first).map(|()| Next::GoOn);
        }
        self.catch_up()?;
        if let Some(error) = self.stands_still() {
            answer(first.reply, Err(error));
            return Ok(Next::GoOn);
        }
        let expected = self.applied();
        let Group { commits, pending, next, .. } = self.decide_group(first, expected);
        if commits.is_empty() {
            // Word of what others appended may have been met among what is queued.
            self.catch_up()?;
            return Ok(next);
        }
        match self.log.append(expected, &commits) {
            Ok(head) => self.tell(pending, head)?,
            Err(log::Error::Moved { .. }) => {
                self.careful.set(CAREFUL_SUBMISSIONS);
                self.read_again()?;
                for Pending { prepared, reply, answer: told } in pending {
                    match prepared {
                        Some(prepared) => self.record_alone(Job { prepared, reply, ahead: None })?,
                        None => answer(reply, told),
                    }
                }
            }
            Err(error) => {
                // What is tried next may fare the same: it is applied only once the log has it.
                self.careful.set(CAREFUL_SUBMISSIONS);
                self.take_back(pending, error)?;
            }
        }
        Ok(next)
    }

    /// Records one submission, which is applied only when it is in the log.
    fn record_alone(&self, Job { mut prepared, reply, .. }: Job) -> Result<(), log::Error> {
        for _ in 0..RACES_MAX {
            self.catch_up()?;
            if let Some(error) = self.stands_still() {
                answer(reply, Err(error));
                return Ok(());
            }
            let (commit, mut receipt, preview) = match self.checked(self.decide(&mut prepared)) {
                Ok(Decided::Commit(commit, receipt, preview)) => (commit, receipt, preview),
                Ok(Decided::Already(receipt)) => {
                    answer(reply, Ok((None, receipt)));
                    return Ok(());
                }
                Err(error) => {
                    answer(reply, Err(error));
                    return Ok(());
                }
            };
            let commits = [commit];
            match self.log.append(self.applied(), &commits) {
                Ok(head) => {
                    self.careful.set(self.careful.get().saturating_sub(1));
                    self.apply(commits.first().map_or(&[], Vec::as_slice));
                    receipt.chain = head.chain;
                    self.published.head.send_replace(head);
                    answer(reply, Ok((Some(*preview), receipt)));
                    return Ok(());
                }
                Err(log::Error::Moved { .. }) => self.careful.set(CAREFUL_SUBMISSIONS),
                Err(error) => {
                    let Some(told) = not_taken(&error) else { return Err(error) };
                    answer(reply, Err(told));
                    return Ok(());
                }
            }
        }
        answer(reply, Err(Error::Busy { what: "other nodes' submissions", limit: RACES_MAX }));
        Ok(())
    }

    /// Why nothing can be recorded now, if so: found since the submission was queued.
    fn stands_still(&self) -> Option<Error> {
        let newer = *self.published.newer.borrow();
        let newer = newer.map(Error::Newer);
        newer.or_else(|| self.log.halted().map(Error::Halted)).or_else(|| self.log.damage().map(Error::ReadOnly))
    }
}
