//! The engine: one log, the book folded from it, and everything that can be asked of both.

mod asking;
mod evidence;
mod previewing;
mod publishing;

pub use publishing::{Proposed, Publication};
mod supposing;

pub use evidence::{FileRead, Pack, SourceFile, Told};

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLockReadGuard};

use domain::event::{CohortDefined, Event, LogOpened, RuleAdopted};
use domain::ids::ActorId;
use domain::time::{AsOf, Date};
use domain::{Actor, AreaId, Book, CohortId, Digest, LogId, Position, RuleId, Submission, SubmissionId, Timestamp};
use jiff::tz::TimeZone;
use tokio::sync::{Semaphore, watch};

use crate::book_lock::BookLock;
use crate::bounds::{end_of_day, time_zone};
use crate::error::Error;
use crate::formats::{Formats, Others};
use crate::intake::{self, Prepared};
use crate::layouts;
use crate::log::{Damage, EventLog, Halt, Head, Newer};
use crate::permissions::{Act, Permissions};
use crate::recent::Recent;
use crate::settings::WAITERS_MAX;
use crate::submission::{Preview, Receipt, Request};
use crate::writer::{self, Clock, Folded, Published, Unread, Writer, fold_log, head_of, replay};
use crate::{identifier, log, sha256};

/// What an engine is started with.
pub struct Options {
    /// The clock.
    pub clock: Clock,
    /// Who may do what.
    pub permissions: Permissions,
    /// Why it takes no submissions, if so, and where they are to be sent; it answers and follows all the same.
    pub elsewhere: Option<&'static str>,
    /// The newest record format that its log is read up to, [`log::FORMAT`] unless it is held back.
    pub newest_format: u16,
}

/// Whose log is being opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The log's identifier: sixteen random bytes.
    pub log: LogId,
    /// The council's GSS code.
    pub authority: AreaId,
    /// The IANA time zone in which a civil date ends.
    pub time_zone: String,
    /// The newest record format that it may hold until another is raised to: the newest that everybody reads who is to
    /// keep it. [`log::FORMAT`] where nobody else does yet.
    pub format: u16,
    /// Who opens it.
    pub actor: Actor,
}

/// Asks and submits. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
    writer: writer::Handle,
}

struct Shared {
    log: Arc<dyn EventLog>,
    book: Arc<BookLock>,
    head: watch::Receiver<Head>,
    newer: watch::Receiver<Option<Newer>>,
    recent: Arc<Recent>,
    clock: Clock,
    permissions: Permissions,
    elsewhere: Option<&'static str>,
    opened: LogOpened,
    zone: TimeZone,
    waiters: Semaphore,
    n_refused: AtomicU64,
    formats: Arc<Formats>,
    /// Where the book was saved that it began with.
    saved: Position,
    /// Why other saved books were not used.
    ignored: Vec<String>,
}

/// Opens an empty log: its first record says whose it is; then the Kent rule and the previous-reported method are adopted
/// for all periods, until others are, and the cohort `all` is defined.
///
/// # Errors
/// [`Error::AlreadyOpened`]; [`Error::TimeZone`]; a failure of the log.
pub(crate) fn open_log(log: &dyn EventLog, opening: Opening, now: Timestamp) -> Result<(), Error> {
    if log.head().position > Position::START {
        let mut book = Book::default();
        replay(log, &mut book)?;
        let authority = book.log().map_or_else(String::new, |opened| opened.authority.to_string());
        return Err(Error::AlreadyOpened { authority });
    }
    time_zone(&opening.time_zone)?;
    let adopt = |rule: &str| RuleAdopted {
        rule: RuleId::new(rule).expect("the names of the program's own rules are codes"),
        measure: None,
        from: Date::constant(1, 1, 1),
    };
    let digest = sha256(&opening.log.0);
    let submission = Submission {
        id: SubmissionId(identifier(digest)),
        digest,
        actor: opening.actor,
        files: Vec::new(),
        instructions: Vec::new(),
    };
    let opened = LogOpened {
        log: opening.log,
        authority: opening.authority,
        time_zone: opening.time_zone,
        format: opening.format,
    };
    let method = ratings::Method::PreviousReported.code();
    let mut events = Book::opening(opened, adopt(ratings::KENT), adopt(method));
    // Everything is about everybody until it says otherwise.
    events.push(Event::CohortDefined(CohortDefined {
        cohort: CohortId::all(),
        name: "Everybody counted".to_owned(),
        description: "Everybody whom the measure counts".to_owned(),
    }));
    let commit = writer::opening_commit(&submission, events, "the log is opened with these", now);
    log.check(&commit)?;
    log.append(Position::START, &[commit])?;
    Ok(())
}

impl Engine {
    /// Opens an empty log; see [`Opening`].
    ///
    /// # Errors
    /// [`Error::AlreadyOpened`]; [`Error::TimeZone`]; a failure of the log.
    pub fn open_log(log: &dyn EventLog, opening: Opening, clock: &Clock) -> Result<(), Error> {
        open_log(log, opening, clock())
    }

    /// Folds the log, from where its book was saved, and gives an engine with its writer, which the caller runs on a thread of its own. A damaged log is
    /// served as far as its commits are whole, and nothing is recorded in it; [`Engine::damage`] says so.
    ///
    /// Cost: a pass over the saved book and what follows it in the log.
    ///
    /// # Errors
    /// [`Error::NotOpened`] for an empty log or one that is not Scorebook's; a failure of the log.
    pub fn start(log: Arc<dyn EventLog>, options: Options) -> Result<(Self, Writer), Error> {
        let Folded { book, unread, saved, ignored } = fold_log(log.as_ref())?;
        let opened = match (book.log(), &unread) {
            (Some(opened), _) => opened.clone(),
            (None, Some(Unread::Damaged(Damage { position, reason }))) => {
                return Err(log::Error::Corrupt { position: *position, reason: reason.clone() }.into());
            }
            (None, Some(Unread::Newer(newer))) => return Err(Error::Newer(*newer)),
            (None, None) => return Err(Error::NotOpened),
        };
        let zone = time_zone(&opened.time_zone)?;
        let (head_sender, head) = watch::channel(head_of(log.as_ref(), &book)?);
        let newer = if let Some(Unread::Newer(newer)) = unread { Some(newer) } else { None };
        let (newer_sender, newer) = watch::channel(newer);
        let book = Arc::new(BookLock::new(book));
        let Options { clock, permissions, elsewhere, newest_format } = options;
        let formats = Arc::new(Formats::new(newest_format, log.shared()));
        let recent = Arc::new(Recent::default());
        let published = Published { head: head_sender, newer: newer_sender, recent: Arc::clone(&recent) };
        let (writer, handle) =
            Writer::new(Arc::clone(&log), Arc::clone(&book), published, (Arc::clone(&clock), Arc::clone(&formats)));
        let waiters = Semaphore::new(WAITERS_MAX);
        let n_refused = AtomicU64::new(0);
        let shared = Shared {
            log,
            book,
            head,
            newer,
            recent,
            clock,
            permissions,
            elsewhere,
            opened,
            zone,
            waiters,
            n_refused,
            formats,
            saved,
            ignored,
        };
        Ok((Self { shared: Arc::new(shared), writer: handle }, writer))
    }

    /// Whose log it is.
    pub fn opened(&self) -> &LogOpened {
        &self.shared.opened
    }

    /// The head that readers see.
    pub fn head(&self) -> Head {
        *self.shared.head.borrow()
    }

    /// What is damaged in the log, if anything is known to be: nothing more is recorded then.
    pub fn damage(&self) -> Option<Damage> {
        self.shared.log.damage()
    }

    /// The first record that this program is too old to read, if it has met one: nothing is recorded then, and nothing
    /// answered beyond the commit before it.
    pub fn newer(&self) -> Option<Newer> {
        *self.shared.newer.borrow()
    }

    /// The newest format that the log may hold, up to the head that readers see.
    pub fn format(&self) -> u16 {
        self.book().format(self.head().position)
    }

    /// The newest format that this program reads and writes here: its own, unless it is held back.
    pub fn newest_format(&self) -> u16 {
        self.shared.formats.newest
    }

    /// Whom to ask, from now on, before the log's format is raised: until then that of a shared log is not. Asked by the
    /// writer and for previews, so it answers at once. The first who is named stays.
    pub fn ask_others(&self, others: Others) {
        self.shared.formats.ask(others);
    }

    /// Why a shared log is not written to for now.
    pub fn halted(&self) -> Option<Halt> {
        self.shared.log.halted()
    }

    /// Whether it takes submissions.
    pub fn takes_submissions(&self) -> bool {
        self.shared.elsewhere.is_none()
    }

    /// Why nothing is recorded at this moment, in a sentence: the log is damaged, is a shared one that is halted, holds what
    /// cannot be read, or has a full disk; `None` when it is recorded. Cost: a look at the disk.
    pub fn stopped(&self) -> Option<String> {
        log::stopped(self.shared.log.as_ref()).or_else(|| Some(self.newer()?.to_string()))
    }

    /// What whoever runs it should see to, a sentence each: that a shared log is not written to, that there is what cannot be
    /// read, that the disk is full, that it is held back, that a saved book was not used, that the clock is behind the log. Cost: a look at the disk.
    pub fn warnings(&self) -> Vec<String> {
        let halted = self.halted().map(|halt| halt.to_string());
        let newer = self.newer().map(|newer| newer.to_string());
        let full = self.shared.log.full().map(|full| format!("nothing can be recorded: {full}"));
        let newest = self.newest_format();
        let held_back = (newest < log::FORMAT).then(|| {
            format!(
                "the setting newest_format holds this program back to record format {newest}, of {}: take it out when the \
                 rehearsal is over, and start it again",
                log::FORMAT
            )
        });
        halted
            .into_iter()
            .chain(newer)
            .chain(full)
            .chain(held_back)
            .chain(self.shared.ignored.iter().cloned())
            .chain(writer::clock_is_behind(self.head().recorded_at, self.now()))
            .collect()
    }

    /// Follows the head.
    pub fn heads(&self) -> watch::Receiver<Head> {
        self.shared.head.clone()
    }

    /// Returns once the writer has ended, so that nothing more is recorded. Whoever waits for that is not woken by what is.
    pub async fn ended(&self) {
        let mut newer = self.shared.newer.clone();
        while newer.changed().await.is_ok() {}
    }

    /// Where the saved book ended that this engine began with; `None` when it folded the log from its first record.
    pub fn began_with_saved(&self) -> Option<Position> {
        Some(self.shared.saved).filter(|saved| *saved > Position::START)
    }

    /// The clock.
    pub fn now(&self) -> Timestamp {
        (self.shared.clock)()
    }

    /// The last microsecond of a day where the authority is.
    ///
    /// # Errors
    /// [`Error::Request`] for a day outside what instants can say.
    pub fn end_of_day(&self, day: Date) -> Result<Timestamp, Error> {
        end_of_day(day, &self.shared.zone)
    }

    /// The hash chain at a position; all zero before the first record.
    ///
    /// # Errors
    /// A failure of the log.
    pub fn chain_at(&self, position: Position) -> Result<Digest, Error> {
        Ok(self.shared.log.chain_at(position)?.unwrap_or(Digest([0; 32])))
    }

    pub(crate) fn book(&self) -> RwLockReadGuard<'_, Book> {
        self.shared.book.read()
    }
}

/// Submitting.
impl Engine {
    /// Reads a request's files and checks who asks. Cost: a pass over the files; call it where it may take its time.
    ///
    /// # Errors
    /// [`Error::Request`]; [`Error::Denied`]; [`Error::ReadOnly`]; [`Error::Halted`]; [`Error::Newer`]; [`Error::Elsewhere`].
    pub fn prepare(&self, request: Request) -> Result<Prepared, Error> {
        if let Some(why) = self.shared.elsewhere {
            return Err(Error::Elsewhere { why });
        }
        if let Some(newer) = self.newer() {
            return Err(Error::Newer(newer));
        }
        if let Some(halt) = self.halted() {
            return Err(Error::Halted(halt));
        }
        if let Some(damage) = self.damage() {
            return Err(Error::ReadOnly(damage));
        }
        let known = if request.files.is_empty() { ingest::Known::default() } else { layouts::known(&self.book()) };
        let prepared = intake::prepare(request, known)?;
        let submission = &prepared.submission;
        match self.shared.permissions.denied(&submission.actor, &submission.instructions) {
            Some(act) => Err(Error::Denied { actor: submission.actor.id.to_string(), act }),
            None if prepared.has_snapshots() && !self.shared.permissions.allow(&submission.actor, Act::RollBack) => {
                Err(Error::Denied { actor: submission.actor.id.to_string(), act: Act::RollBack })
            }
            None => Ok(prepared),
        }
    }

    /// # Errors
    /// [`Error::Denied`].
    fn may(&self, actor: &Actor, act: Act) -> Result<(), Error> {
        if self.shared.permissions.allow(actor, act) {
            return Ok(());
        }
        Err(Error::Denied { actor: actor.id.to_string(), act })
    }

    /// Records a request, whole or not at all, and answers once it is durable: what it changed, unless it is a retry
    /// that is answered as the first time, and where it is recorded.
    ///
    /// # Errors
    /// Nothing was recorded, except for [`Error::Stopped`], after which that is not known.
    pub async fn record(&self, prepared: Prepared) -> Result<(Option<Preview>, Receipt), Error> {
        let answer = self.writer.record(prepared).await;
        if answer.is_err() {
            self.shared.n_refused.fetch_add(1, Ordering::Relaxed);
        }
        answer
    }

    /// How many submissions were not recorded when they came to the writer, since this engine was started.
    pub fn n_refused(&self) -> u64 {
        self.shared.n_refused.load(Ordering::Relaxed)
    }

    /// Tells the writer to end once it has recorded what is queued. Later submissions are answered as stopped.
    pub fn stop(&self) {
        self.writer.stop();
    }

    /// What an earlier submission with this identifier recorded, once it is durable.
    pub fn received(&self, id: SubmissionId) -> Option<domain::book::Received> {
        let head = self.head().position;
        let book = self.book();
        book.received(id).map(|(_, received)| received).filter(|received| received.last <= head).cloned()
    }

    /// Up to `limit` submissions whose first record is after a position, in the order in which they were taken in; each
    /// with whether it is rolled back now.
    pub fn submissions(&self, after: Position, limit: usize) -> Vec<(domain::book::Received, bool)> {
        let head = AsOf::position(self.head().position);
        let book = self.book();
        let later = book.submissions().iter().filter(|it| it.first > after && it.first <= head.position);
        later.take(limit).map(|it| (it.clone(), it.rolled_back(head))).collect()
    }

    /// An actor's name, when one was recorded and is not erased.
    pub fn actor_name(&self, actor: &ActorId) -> Option<String> {
        self.book().actor_name(actor).map(str::to_owned)
    }
}
