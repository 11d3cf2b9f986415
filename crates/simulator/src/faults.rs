//! A log that can be held up and made to fail, around any other.

use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Digest, Position, Recorded};
use engine::log::{Commit, Error, EventLog, Full, Head};

/// How appends go.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    /// Appends wait while this is true.
    held: bool,
    /// Whether they go on once somebody has asked for a chain.
    until_asked: bool,
    /// How many appends are waiting.
    n_waiting: usize,
    /// The next append fails in this way, before anything is appended.
    next: Option<Fault>,
    /// There is no room.
    full: bool,
}

/// How an append fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// As when the disk fails.
    Broken,
    /// As when the commits are not well formed.
    Refused,
}

/// The log around another one.
#[derive(Debug)]
pub struct Faulty<L> {
    log: L,
    state: Mutex<State>,
    changed: Condvar,
}

/// The disk failed, because a test wants it to.
#[derive(Debug)]
struct Wanted;

impl std::fmt::Display for Wanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the disk fails")
    }
}

impl std::error::Error for Wanted {}

impl<L> Faulty<L> {
    /// A log that works as the other until told otherwise.
    pub fn new(log: L) -> Self {
        Self { log, state: Mutex::default(), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on appends wait.
    pub fn hold(&self) {
        self.lock().held = true;
    }

    /// From now on appends wait until somebody has asked for a chain, and was told of one without them.
    pub fn hold_until_asked(&self) {
        let mut state = self.lock();
        (state.held, state.until_asked) = (true, true);
    }

    /// Lets appends go on.
    pub fn release(&self) {
        self.lock().held = false;
        self.changed.notify_all();
    }

    /// Returns once an append is waiting.
    pub fn wait_until_held(&self) {
        let state = self.lock();
        drop(self.changed.wait_while(state, |state| state.n_waiting == 0));
    }

    /// Lets appends go on when what is given goes away, so that a test that fails meanwhile ends.
    pub fn release_at_the_end(&self) -> Release<'_, L> {
        Release(self)
    }

    /// From now on there is no room, or there is again.
    pub fn set_full(&self, full: bool) {
        self.lock().full = full;
    }

    /// Makes the next append fail.
    pub fn fail_next(&self, fault: Fault) {
        self.lock().next = Some(fault);
    }
}

/// Lets appends go on when it goes away.
#[derive(Debug)]
pub struct Release<'a, L>(&'a Faulty<L>);

impl<L> Drop for Release<'_, L> {
    fn drop(&mut self) {
        self.0.release();
    }
}

impl<L: EventLog> EventLog for Faulty<L> {
    fn head(&self) -> Head {
        self.log.head()
    }

    fn check(&self, commit: &Commit) -> Result<(), Error> {
        match self.full() {
            Some(full) => Err(Error::Full(full)),
            None => self.log.check(commit),
        }
    }

    fn full(&self) -> Option<Full> {
        let full = Full { folder: PathBuf::from("/log"), free_bytes: 10, needed_bytes: 30, reserve_bytes: 20 };
        self.lock().full.then_some(full)
    }

    fn append(&self, expected: Position, commits: &[Commit]) -> Result<Head, Error> {
        let mut state = self.lock();
        state.n_waiting += 1;
        self.changed.notify_all();
        let mut state = self.changed.wait_while(state, |state| state.held).unwrap_or_else(PoisonError::into_inner);
        state.n_waiting -= 1;
        let fault = state.next.take();
        drop(state);
        match fault {
            None => self.log.append(expected, commits),
            Some(Fault::Broken) => Err(Error::Broken { doing: "appending", source: Box::new(Wanted) }),
            Some(Fault::Refused) => Err(Error::Refused { reason: "a test wants it so".to_owned() }),
        }
    }

    fn read(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, Error> {
        self.log.read(after, limit)
    }

    fn chain_at(&self, position: Position) -> Result<Option<Digest>, Error> {
        let chain = self.log.chain_at(position);
        if std::mem::take(&mut self.lock().until_asked) {
            self.release();
        }
        chain
    }

    fn wait_for(&self, position: Position, timeout: Duration) -> bool {
        self.log.wait_for(position, timeout)
    }
}
