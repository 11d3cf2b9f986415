//! The log shared over NATS: JetStream orders, the journal remembers.
//!
//! ```text
//! append ─▶ encode ─▶ publish after the sequence that the journal's head has ─▶ stream ─┐
//!                        lost: somebody was first │ unknown: publish the same again     │
//! read ◀── journal ◀── follower ◀───────────────────────────────────────────────────────┘
//! ```
//!
//! Invariants:
//! - what is proposed rests on a journal that holds the whole stream: otherwise the stream refuses it;
//! - an append is acknowledged when the stream has it and the journal has it durably;
//! - the same bytes are published again until it is known what became of them: at most one of the tries gets in;
//! - what a journal holds is never removed, whatever the stream says.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Book, Digest, Position, Recorded};
use engine::log::{Commit, Damage, Error, EventLog, Full, Halt, Head, SavedBook};
use journal::{Journal, Salts, encode};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::{Instant, interval};

use crate::connection::Connection;
use crate::frame::{BATCH_FRAMES_MAX, Frame, Packer};
use crate::lease::Lease;
use crate::names::Names;
use crate::stream::{Published, Stream, patience};

/// How long it is tried to find out what became of something before its sender is told that it is not known.
const SETTLING: Duration = Duration::from_secs(20);
/// How long to wait before publishing the same again.
const AGAIN: Duration = Duration::from_millis(200);
/// How long a server that is not connected is waited for.
const CONNECTING: Duration = Duration::from_secs(5);
/// How often it is looked whether the journal has caught up.
const LOOK: Duration = Duration::from_millis(20);
/// How often it is looked at whether the journal can still take what comes.
const FOLLOWING: Duration = Duration::from_secs(1);

/// What a shared log is made of.
pub struct Parts {
    /// The connection.
    pub connection: Connection,
    /// What the streams are called.
    pub names: Names,
    /// This node's own journal.
    pub journal: Arc<Journal>,
    /// Where the salts of new records come from.
    pub salts: Salts,
    /// What this node is called by the others.
    pub node: String,
    /// Whether it appends. One that does not has nothing to do with the append lease, and needs no permission for it.
    pub appends: bool,
}

/// A log that nodes share: one of them holds it through this. Cheap to clone.
///
/// Appending blocks its thread, which must not be one of the runtime's.
#[derive(Clone)]
pub struct Shared(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) journal: Arc<Journal>,
    pub(crate) stream: Stream,
    salts: Salts,
    runtime: Handle,
    lease: Option<Lease>,
    state: Mutex<State>,
    /// The state has changed.
    changed: Condvar,
    /// Wakes the follower to ask anew.
    pub(crate) ask_anew: Notify,
    begun: Instant,
}

/// How far the journal has followed the stream.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    /// The journal's head and the sequence of the message that it ends with; `None` until they were compared.
    pub(crate) followed: Option<(Position, u64)>,
    /// The last sequence that the stream's leader said.
    pub(crate) last_sequence: u64,
    /// Why nothing is appended: found while following, or told from outside.
    pub(crate) halted: Option<Halt>,
    pub(crate) halted_from_outside: Option<Halt>,
    /// When the stream's leader last answered.
    pub(crate) heard: Option<Instant>,
    /// How many appends in a row somebody else was first.
    n_lost: u32,
}

/// How a node is doing with the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether a server is connected.
    pub connected: bool,
    /// The sequence of the last message that the journal holds; `None` until journal and stream were compared.
    pub followed_sequence: Option<u64>,
    /// The last sequence that the stream's leader said.
    pub last_sequence: u64,
    /// Whether it has answered at all.
    pub answered: bool,
    /// How long ago it last answered, or this began.
    pub silence: Duration,
}

impl Shared {
    /// A shared log, to be brought up by [`Shared::follow`]. Must be called within a runtime.
    pub fn new(parts: Parts) -> Self {
        let Parts { connection, names, journal, salts, node, appends } = parts;
        let stream = Stream::of(&connection, &names);
        Self(Arc::new(Inner {
            journal,
            stream,
            salts,
            runtime: Handle::current(),
            lease: appends.then(|| Lease::new(&connection, &names, node)),
            state: Mutex::default(),
            changed: Condvar::new(),
            ask_anew: Notify::new(),
            begun: Instant::now(),
        }))
    }

    /// How this node is doing.
    pub fn standing(&self) -> Standing {
        let state = self.0.state();
        Standing {
            connected: self.0.stream.connected(),
            followed_sequence: state.followed.map(|(_, sequence)| sequence),
            last_sequence: state.last_sequence,
            answered: state.heard.is_some(),
            silence: state.heard.unwrap_or(self.0.begun).elapsed(),
        }
    }

    /// Stops appending here until this process is started again: for what is found by comparing nodes.
    pub fn halt(&self, halt: Halt) {
        self.0.update(|state| state.halted_from_outside = Some(halt));
    }

    /// Waits until the journal holds everything that the stream's leader has said there is, or something stands in the way.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn caught_up(&self) -> Result<(), Halt> {
        let mut looks = interval(LOOK);
        loop {
            looks.tick().await;
            let state = self.0.state().clone();
            if let Some(halt) = state.halted {
                return Err(halt);
            }
            if state.followed.is_some_and(|(_, sequence)| sequence >= state.last_sequence) {
                return Ok(());
            }
        }
    }
}

impl Inner {
    /// Watches who has the append lease, for as long as this runs.
    pub(crate) async fn watch_lease(&self) {
        match &self.lease {
            Some(lease) => lease.watch().await,
            None => std::future::pending().await,
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_all();
    }

    /// Notes what the stream's leader said.
    pub(crate) fn heard(&self, last_sequence: u64) {
        self.update(|state| {
            state.last_sequence = last_sequence;
            state.heard = Some(Instant::now());
        });
    }

    /// Waits until something is so of the state. False when the time ran out first.
    fn wait(&self, timeout: Duration, so: impl Fn(&State) -> bool) -> bool {
        let waited = self.changed.wait_timeout_while(self.state(), timeout, |state| !so(state));
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        so(&state)
    }

    fn halted(&self) -> Option<Halt> {
        let state = self.state();
        state.halted.clone().or_else(|| state.halted_from_outside.clone())
    }

    /// The sequence after which to publish what follows a position, once the journal and the stream agree there.
    fn sequence_of(&self, expected: Position) -> Result<u64, Error> {
        let there = |state: &State| state.followed.is_some_and(|(position, _)| position >= expected);
        if !self.wait(SETTLING, |state| there(state) || state.halted.is_some()) {
            let reason = "the stream does not answer, so that it is not known what is last in it";
            return Err(self.halt_of(expected, reason));
        }
        if let Some(halt) = self.halted() {
            return Err(Error::Halted(halt));
        }
        let followed = self.state().followed;
        match followed {
            Some((position, sequence)) if position == expected => Ok(sequence),
            Some((found, _)) => Err(Error::Moved { expected, found }),
            None => Err(self.halt_of(expected, "the journal and the stream are being compared; try again in a moment")),
        }
    }

    fn halt_of(&self, position: Position, reason: &str) -> Error {
        Error::Halted(Halt { position: position.next(), reason: format!("{reason} (stream {})", self.stream.name) })
    }

    /// Waits for the journal to hold a position. The follower sees for itself when nothing comes.
    fn wait_for_journal(&self, position: Position, mut left: Duration) -> bool {
        while !self.journal.wait_for(position, FOLLOWING) {
            left = left.saturating_sub(FOLLOWING);
            if left.is_zero() || self.journal.damage().is_some() {
                return false;
            }
        }
        true
    }

    /// Publishes until it is known what became of it.
    fn propose(&self, proposal: &Proposal, after: u64) -> Result<Head, Error> {
        let Proposal { expected, first_chain, head, frames } = proposal;
        let settling = SETTLING.saturating_add(patience(frames));
        // From the first time that it is not known, or that nobody takes it.
        let mut deadline = None;
        let mut unknown = None;
        loop {
            match self.runtime.block_on(self.stream.publish(after, frames)) {
                Published::Stored(_) => return self.stored(head, settling),
                Published::Lost => {
                    if !self.wait_for_journal(expected.next(), settling) {
                        // A server whose storage was full may hold half a batch, until it is started again.
                        let reason = "the stream has moved on, but does not say to what; when this lasts, start its NATS \
                                      servers again (docs/OPERATIONS.md, “A full disk”)";
                        return Err(if unknown.is_some() {
                            unsettled(reason)
                        } else {
                            self.halt_of(*expected, reason)
                        });
                    }
                    // A try of which nothing was heard may have been the first.
                    if self.journal.chain_at(expected.next())? == Some(*first_chain) {
                        return self.stored(head, settling);
                    }
                    let found = self.journal.head().position;
                    return Err(Error::Moved { expected: *expected, found });
                }
                Published::Refused(reason) if unknown.is_none() => {
                    return Err(self.halt_of(*expected, &format!("JetStream does not take it: {reason}")));
                }
                Published::Nobody if unknown.is_none() && passed(deadline) => {
                    return Err(self.halt_of(*expected, "JetStream does not take it: nobody leads the stream"));
                }
                Published::Nobody => {}
                Published::Refused(reason) | Published::Unknown(reason) => {
                    tracing::warn!(reason, "it is not known whether a commit was taken: the same is published again");
                    unknown = Some(reason);
                }
            }
            if let Some(reason) = unknown.as_ref().filter(|_| passed(deadline)) {
                return Err(unsettled(reason));
            }
            deadline = deadline.or_else(|| Instant::now().checked_add(settling));
            std::thread::park_timeout(AGAIN);
        }
    }

    /// Waits a moment for a server, when none is connected.
    fn wait_for_connection(&self, expected: Position) -> Result<(), Error> {
        let deadline = Instant::now().checked_add(CONNECTING);
        while !self.stream.connected() {
            if passed(deadline) {
                return Err(self.halt_of(expected, "no NATS server is connected"));
            }
            std::thread::park_timeout(AGAIN);
        }
        Ok(())
    }

    fn append(&self, expected: Position, commits: &[Commit]) -> Result<Head, Error> {
        let before = self.journal.head();
        if before.position != expected {
            return Err(Error::Moved { expected, found: before.position });
        }
        let proposal = Proposal::of(&before, commits, self.salts)?;
        if commits.is_empty() {
            return Ok(before);
        }
        let after = self.sequence_of(expected)?;
        self.propose(&proposal, after)
    }

    fn stored(&self, head: &Head, settling: Duration) -> Result<Head, Error> {
        if !self.wait_for_journal(head.position, settling) {
            return Err(unsettled("the stream has it, but this node's own journal has not"));
        }
        // The servers may have lost what they said they have, and somebody else's be there.
        if self.journal.chain_at(head.position)? != Some(head.chain) {
            return Err(unsettled("the stream said that it has it, and then brought something else"));
        }
        Ok(*head)
    }
}

/// Whether a deadline was set, and has passed.
fn passed(deadline: Option<Instant>) -> bool {
    deadline.is_some_and(|deadline| Instant::now() >= deadline)
}

fn unsettled(reason: &str) -> Error {
    Error::Unsettled { reason: reason.to_owned() }
}

/// Commits as they are published.
struct Proposal {
    expected: Position,
    /// The chain after the first record: nobody else's has it, because the salts are random.
    first_chain: Digest,
    /// What they lead to.
    head: Head,
    frames: Vec<Frame>,
}

impl Proposal {
    fn of(before: &Head, commits: &[Commit], salts: Salts) -> Result<Self, Error> {
        let mut packer = Packer::default();
        let mut first_chain = None;
        let head = encode(before, commits, salts, |written| {
            // The chain after the first record is the one before the second.
            if written.header.position > before.position.next() {
                first_chain.get_or_insert(written.chain_before);
            }
            packer.push(written.header, written.bytes, written.chain_before);
        })?;
        let frames = packer.take();
        if frames.len() > BATCH_FRAMES_MAX {
            let reason = format!("{} messages; at most {BATCH_FRAMES_MAX} at once", frames.len());
            return Err(Error::Refused { reason });
        }
        Ok(Self { expected: before.position, first_chain: first_chain.unwrap_or(head.chain), head, frames })
    }
}

impl Shared {
    /// Appends when it is this node's turn.
    fn take_turn(&self, expected: Position, commits: &[Commit]) -> Result<Head, Error> {
        let inner = &self.0;
        if let Some(Damage { position, reason }) = inner.journal.damage() {
            return Err(Error::Corrupt { position, reason });
        }
        if let Some(halt) = inner.halted() {
            return Err(Error::Halted(halt));
        }
        inner.wait_for_connection(expected)?;
        // Before anything is looked at: what is decided again after a lost race is decided while the others wait.
        let n_records: usize = commits.iter().map(Vec::len).sum();
        // Not within the call: the state would be locked for as long as the turn is waited for, and with it the runtime's
        // threads, which bring the turn.
        let n_lost = inner.state().n_lost;
        let turn = inner.lease.as_ref().map(|lease| inner.runtime.block_on(lease.turn(n_lost, n_records)));
        let appended = inner.append(expected, commits);
        let lost = matches!(appended, Err(Error::Moved { .. }));
        inner.update(|state| state.n_lost = if lost { state.n_lost.saturating_add(1) } else { 0 });
        if let (false, Some(turn)) = (lost, turn) {
            inner.runtime.block_on(turn.end());
        }
        appended
    }
}

impl EventLog for Shared {
    fn head(&self) -> Head {
        self.0.journal.head()
    }

    fn check(&self, commit: &Commit) -> Result<(), Error> {
        self.0.journal.check(commit)
    }

    fn append(&self, expected: Position, commits: &[Commit]) -> Result<Head, Error> {
        let appended = self.take_turn(expected, commits);
        // What was checked is in the journal now, or will not be.
        self.0.journal.forget_promises();
        appended
    }

    fn read(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, Error> {
        self.0.journal.read(after, limit)
    }

    fn fold(&self, book: &mut Book, up_to: Position) -> Result<(), Error> {
        self.0.journal.fold(book, up_to)
    }

    fn chain_at(&self, position: Position) -> Result<Option<Digest>, Error> {
        self.0.journal.chain_at(position)
    }

    fn wait_for(&self, position: Position, timeout: Duration) -> bool {
        self.0.journal.wait_for(position, timeout)
    }

    fn damage(&self) -> Option<Damage> {
        self.0.journal.damage()
    }

    fn shared(&self) -> bool {
        true
    }

    fn halted(&self) -> Option<Halt> {
        self.0.halted()
    }

    fn full(&self) -> Option<Full> {
        self.0.journal.full()
    }

    fn saved_book(&self) -> SavedBook {
        self.0.journal.saved_book()
    }

    fn save_book(&self, book: &Book) -> Result<Option<Position>, Error> {
        self.0.journal.save_book(book)
    }
}
