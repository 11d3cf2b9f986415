//! The one thread that decides and appends.
//!
//! It takes what is queued, up to a bound, decides each against the book with those before it applied, appends all of
//! them with one disk sync, and only then publishes the new head and answers. Readers read up to the published head, so
//! that what is applied but not yet durable is seen by nobody.

mod appending;
mod committing;
mod replaying;
mod shared;

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, RwLockReadGuard, RwLockWriteGuard};

use domain::{Book, Digest, Position, Recorded, Timestamp};
use tokio::sync::{oneshot, watch};

use crate::book_lock::BookLock;
use crate::causes;
use crate::error::Error;
use crate::formats::Formats;
use crate::intake::{Judged, Prepared};
use crate::log::{self, Commit, EventLog, Head, Newer};
use crate::recent::Recent;
use crate::settings::{CLOCK_BEHIND_MINUTES_MAX, GROUP_COMMITS_MAX, GROUP_RECORDS_MAX, PAGE_RECORDS, QUEUE_LENGTH_MAX};
use crate::submission::{Preview, Receipt};
use committing::commit;

pub(crate) use committing::opening_commit;
pub(crate) use replaying::{Folded, Unread, fold_log, head_of, replay};

/// Reads the clock. The only one there is; the writer makes `recorded_at` strictly increasing from it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

type Answer = Result<(Option<Preview>, Receipt), Error>;

/// A submission waiting to be recorded.
struct Job {
    prepared: Box<Prepared>,
    reply: oneshot::Sender<Answer>,
    /// What was decided of it while what that rests on was being appended.
    ahead: Option<Result<Decided, Error>>,
}

/// What waits for the writer.
enum Message {
    Record(Job),
    /// Others appended to the log.
    Moved,
    Stop,
}

/// Puts submissions into the writer's queue. Cheap to clone; the writer stops when the last one is gone.
#[derive(Clone)]
pub(crate) struct Handle {
    queue: SyncSender<Message>,
}

impl Handle {
    /// # Errors
    /// [`Error::Busy`] when the queue is full; [`Error::Stopped`] when the writer stopped before it answered; else what
    /// the writer answers.
    pub(crate) async fn record(&self, prepared: Prepared) -> Answer {
        let (reply, answer) = oneshot::channel();
        let job = Job { prepared: Box::new(prepared), reply, ahead: None };
        self.queue.try_send(Message::Record(job)).map_err(|error| match error {
            TrySendError::Full(_) => Error::Busy { what: "submissions", limit: QUEUE_LENGTH_MAX },
            TrySendError::Disconnected(_) => Error::Stopped,
        })?;
        answer.await.unwrap_or(Err(Error::Stopped))
    }

    /// The writer ends when it comes to this. A full queue is waited for; one that is gone has ended already.
    pub(crate) fn stop(&self) {
        if self.queue.send(Message::Stop).is_err() {
            tracing::debug!("the writer had ended already");
        }
    }
}

/// The thread's own state. Run it with [`Writer::run`] on a thread of its own.
pub struct Writer {
    log: Arc<dyn EventLog>,
    book: Arc<BookLock>,
    published: Published,
    clock: Clock,
    formats: Arc<Formats>,
    inbox: Receiver<Message>,
    /// Puts word of what others appended into the queue; of a log that is this process's own, nothing.
    wake: Option<SyncSender<Message>>,
    /// What was taken from the queue and is the next: on a shared log a submission that is too large to share a group, on
    /// another one what came while a large one was appended.
    held: Cell<Option<Message>>,
    /// How many submissions are decided one by one yet, because another node's was recorded first.
    careful: Cell<u32>,
    /// Whether the clock was seen to be behind the log, so that it is said once.
    behind: Cell<bool>,
}

/// What readers see: how far the log is, what is there that cannot be read, and what came last.
pub(crate) struct Published {
    pub(crate) head: watch::Sender<Head>,
    pub(crate) newer: watch::Sender<Option<Newer>>,
    pub(crate) recent: Arc<Recent>,
}

/// What is to be answered once all that it rests on, decided and applied already, is durable.
struct Pending {
    /// A receipt's chain is filled in then.
    answer: Answer,
    reply: oneshot::Sender<Answer>,
    /// Kept where it may have to be decided again, because others append to the log too.
    prepared: Option<Box<Prepared>>,
}

/// Submissions that are decided, and applied to the book, to be appended at once.
struct Group {
    commits: Vec<Commit>,
    pending: Vec<Pending>,
    next: Next,
    /// How many of the commits are applied to the book.
    n_applied: usize,
}

impl Writer {
    pub(crate) fn new(
        log: Arc<dyn EventLog>,
        book: Arc<BookLock>,
        published: Published,
        (clock, formats): (Clock, Arc<Formats>),
    ) -> (Self, Handle) {
        let (queue, inbox) = sync_channel(QUEUE_LENGTH_MAX);
        let wake = log.shared().then(|| queue.clone());
        let (held, careful, behind) = (Cell::new(None), Cell::new(0), Cell::new(false));
        (Self { log, book, published, clock, formats, inbox, wake, held, careful, behind }, Handle { queue })
    }

    /// Records what is queued until it is told to stop, or every handle is gone; of a shared log only when it is told. What
    /// others append to a shared log is taken in as it comes.
    ///
    /// # Errors
    /// [`log::Error::Broken`] or another failure of the log: nothing more can be recorded. End the process; a restart
    /// reads the log again and finds out what is in it.
    pub fn run(self) -> Result<(), log::Error> {
        let Some(wake) = self.wake.clone() else { return self.work() };
        let watching = AtomicBool::new(true);
        let (log, known) = (Arc::clone(&self.log), self.applied());
        std::thread::scope(|scope| {
            scope.spawn(|| shared::watch(log.as_ref(), known, &wake, &watching));
            // Also when it panics: who watches would be waited for without end.
            let _ends = shared::Ends(&watching);
            self.work()
        })
    }

    /// Works to the end. The book is saved before, when much of the log had to be folded, and after, when much came; in
    /// between never, so that no submission waits for it.
    fn work(&self) -> Result<(), log::Error> {
        self.save_book();
        self.take_all()?;
        self.save_book();
        Ok(())
    }

    /// Answers go on meanwhile. What fails is said, and costs the next start its time.
    fn save_book(&self) {
        if self.published.newer.borrow().is_some() {
            return;
        }
        let saved = self.log.save_book(&self.read_book());
        match saved {
            Ok(Some(position)) => tracing::info!(position = position.get(), "the book is saved"),
            Ok(None) => {}
            Err(error) => tracing::warn!(
                "the book could not be saved, so that the next start reads more of the log: {}",
                causes(&error)
            ),
        }
    }

    fn take_all(&self) -> Result<(), log::Error> {
        loop {
            let message = match self.held.take() {
                Some(message) => message,
                None => match self.inbox.recv() {
                    Ok(message) => message,
                    Err(_no_handle_is_left) => return Ok(()),
                },
            };
            if self.take(message)? == Next::Stop {
                return Ok(());
            }
        }
    }

    /// Records what is queued now, as one group, and returns without waiting: [`Writer::run`] for who decides himself
    /// when the writer's turn is. True when there was something.
    ///
    /// # Errors
    /// As [`Writer::run`].
    pub fn step(&self) -> Result<bool, log::Error> {
        match self.held.take().map_or_else(|| self.inbox.try_recv(), Ok) {
            Ok(message) => self.take(message).map(|_| true),
            Err(_nothing_queued) => Ok(false),
        }
    }

    fn take(&self, message: Message) -> Result<Next, log::Error> {
        match message {
            Message::Record(job) if self.wake.is_some() => self.record_among_others(job),
            Message::Record(job) => self.record_group(job),
            Message::Moved => self.catch_up().map(|()| Next::GoOn),
            Message::Stop => Ok(Next::Stop),
        }
    }

    fn record_group(&self, first: Job) -> Result<Next, log::Error> {
        if let Some(damage) = self.log.damage() {
            answer(first.reply, Err(Error::ReadOnly(damage)));
            return Ok(Next::GoOn);
        }
        let expected = self.log.head().position;
        let Group { commits, pending, next, n_applied } = self.decide_group(first, expected);
        if commits.is_empty() {
            return Ok(next);
        }
        let unapplied = commits.get(n_applied..).unwrap_or_default();
        match self.append_and_apply(expected, &commits, unapplied) {
            Ok(head) => {
                self.published.recent.keep(commits);
                self.tell(pending, head)?;
            }
            Err(error) => self.take_back(pending, error)?,
        }
        Ok(next)
    }

    /// Decides what is queued, up to a bound, each with those before it applied. What needs no append is answered. The last
    /// commit of a group that is full is left to be applied while the group is appended; but not on a shared log, where a
    /// group may have to be decided again.
    fn decide_group(&self, first: Job, expected: Position) -> Group {
        let mut group = Group { commits: Vec::new(), pending: Vec::new(), next: Next::GoOn, n_applied: 0 };
        let mut taken = Some(first);
        let mut n_taken: usize = 0;
        while let Some(Job { mut prepared, reply, ahead }) = taken.take() {
            n_taken = n_taken.saturating_add(1);
            let decided = self.checked(ahead.unwrap_or_else(|| self.decide(&mut prepared)));
            let prepared = self.wake.is_some().then_some(prepared);
            match decided {
                Ok(Decided::Commit(commit, receipt, preview)) => {
                    let n_records = group.commits.iter().map(Vec::len).sum::<usize>().saturating_add(commit.len());
                    if n_records < GROUP_RECORDS_MAX || self.wake.is_some() {
                        self.apply(&commit);
                        group.n_applied = group.n_applied.saturating_add(1);
                    }
                    group.commits.push(commit);
                    group.pending.push(Pending { answer: Ok((Some(*preview), receipt)), reply, prepared });
                }
                // A retry of what this group is about to record is told so only when that is durable.
                Ok(Decided::Already(receipt)) if receipt.last > expected => {
                    group.pending.push(Pending { answer: Ok((None, receipt)), reply, prepared });
                }
                Ok(Decided::Already(receipt)) => answer(reply, Ok((None, receipt))),
                // It was judged against what may never have been, if the append fails.
                Err(error) if !group.commits.is_empty() => {
                    group.pending.push(Pending { answer: Err(error), reply, prepared });
                }
                Err(error) => answer(reply, Err(error)),
            }
            let n_records: usize = group.commits.iter().map(Vec::len).sum();
            if n_taken < GROUP_COMMITS_MAX && n_records < GROUP_RECORDS_MAX {
                match self.inbox.try_recv() {
                    Ok(Message::Record(job)) if self.wake.is_none() || job.prepared.small() => taken = Some(job),
                    Ok(large @ Message::Record(_)) => self.held.set(Some(large)),
                    Ok(Message::Stop) => group.next = Next::Stop,
                    // What others append is met by the append, or taken in before the next.
                    Ok(Message::Moved) | Err(_) => {}
                }
            }
        }
        group
    }

    /// Reads the book again from what is durable. Cost: that of starting.
    fn read_again(&self) -> Result<(), log::Error> {
        let Folded { book: durable, .. } = fold_log(self.log.as_ref())?;
        let head = head_of(self.log.as_ref(), &durable)?;
        *self.write() = durable;
        self.published.head.send_replace(head);
        // What cannot be read is said, and what others appended meanwhile taken in.
        if self.wake.is_some() { self.catch_up() } else { Ok(()) }
    }

    /// Decides a submission, which is of no use then, unless others append to the log too: there it may have to be decided
    /// again.
    fn decide(&self, prepared: &mut Prepared) -> Result<Decided, Error> {
        let book = self.read_book();
        let id = prepared.submission.id;
        let earlier = book.received(id).map(|(_, received)| (received.digest, receipt_of(received)));
        if let Some((digest, receipt)) = earlier {
            if digest != prepared.submission.digest {
                return Err(Error::Conflict { id });
            }
            return self.already(receipt);
        }
        let now = self.now(&book);
        let judged = prepared.judge(&book, now, &self.formats);
        if !judged.acceptable() {
            return Err(Error::Refused(Box::new(judged.preview)));
        }
        if prepared.expected.is_some_and(|token| token.digest != judged.preview.token.digest) {
            return Err(Error::Changed(Box::new(judged.preview)));
        }
        let Judged { submission, drafts, preview } = judged;
        let head = book.head();
        drop(book);
        let given_away = self.wake.is_none() && matches!(submission, Cow::Borrowed(_));
        let submission = if given_away { Cow::Owned(prepared.take()) } else { submission };
        let commit = commit(submission, drafts, head, now)?;
        let receipt = Receipt {
            submission: id,
            first: commit.first().map_or(Position::START, |record| record.position),
            last: commit.last().map_or(Position::START, |record| record.position),
            recorded_at: now,
            chain: Digest([0; 32]),
            already: false,
        };
        Ok(Decided::Commit(commit, receipt, Box::new(preview)))
    }

    /// Keeps room in the log for what was decided, or says why there is none.
    fn checked(&self, decided: Result<Decided, Error>) -> Result<Decided, Error> {
        if let Ok(Decided::Commit(commit, ..)) = &decided {
            self.log.check(commit)?;
        }
        decided
    }

    /// A retry is answered as the first time.
    fn already(&self, mut receipt: Receipt) -> Result<Decided, Error> {
        receipt.chain = self.log.chain_at(receipt.last)?.unwrap_or(Digest([0; 32]));
        Ok(Decided::Already(receipt))
    }

    /// Later than everything recorded, also when the clock stands still or jumps back.
    fn now(&self, book: &Book) -> Timestamp {
        let now = (self.clock)();
        let warning = clock_is_behind(book.recorded_at(), now);
        match (self.behind.replace(warning.is_some()), warning) {
            (false, Some(warning)) => tracing::warn!("{warning}"),
            (true, None) => tracing::info!("the clock has caught up with the log"),
            (false, None) | (true, Some(_)) => {}
        }
        book.recorded_at().map_or(now, |last| now.max(last.next()))
    }

    /// Takes the lock for a page at a time, so that readers are not kept waiting by a large commit.
    fn apply(&self, commit: &[Recorded]) {
        for page in commit.chunks(PAGE_RECORDS) {
            let mut book = self.write();
            for record in page {
                book.apply(record).expect("a commit's records follow the book's head");
            }
        }
    }

    fn read_book(&self) -> RwLockReadGuard<'_, Book> {
        self.book.read()
    }

    fn write(&self) -> RwLockWriteGuard<'_, Book> {
        self.book.write()
    }
}

/// Says so when the clock is behind the last record by more than clocks differ.
pub(crate) fn clock_is_behind(last: Option<Timestamp>, now: Timestamp) -> Option<String> {
    let last = last?;
    let n_behind = last.micros().saturating_sub(now.micros());
    (n_behind > CLOCK_BEHIND_MINUTES_MAX.saturating_mul(60_000_000)).then(|| {
        format!(
            "the clock says {now}, but the last record is of {last}: either the clock is wrong now, or it was then; until it \
             has caught up, whatever is recorded is dated just after the last record; set the clock right, and see \
             docs/OPERATIONS.md, “When the clock was wrong”"
        )
    })
}

/// Whether the writer goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    GoOn,
    Stop,
}

enum Decided {
    Commit(Commit, Receipt, Box<Preview>),
    Already(Receipt),
}

fn receipt_of(received: &domain::book::Received) -> Receipt {
    Receipt {
        submission: received.id,
        first: received.first,
        last: received.last,
        recorded_at: received.recorded_at,
        chain: Digest([0; 32]),
        already: true,
    }
}

/// The caller may have left; what was recorded is recorded all the same.
fn answer(reply: oneshot::Sender<Answer>, answer: Answer) {
    if reply.send(answer).is_err() {
        tracing::debug!("the caller left before its answer");
    }
}
