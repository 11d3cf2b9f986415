//! A log on a disk that is slow, refuses, and crashes, with what the journal promises about each.
//!
//! As in the journal, a commit is put as blocks of at most 16 records, in order, with a sync after every 16 blocks (the
//! journal's is after 128, which the simulation's commits do not come to) and one at the end. A crash leaves what was
//! synced and any beginning of the rest, so that a commit may be torn; opening removes what follows the last end of a
//! commit, and makes durable what it keeps. Records, rules and chain are [`Memory`]'s.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Digest, Position, Recorded};
use engine::log::{Commit, Error, EventLog, Head};

use super::Trace;
use crate::memory::Memory;
use crate::rng::Rng;

/// How many records a block has at most, and after how many blocks there is a sync.
const BLOCK_RECORDS_MAX: u64 = 16;
const UNSYNCED_BLOCKS_MAX: u64 = 16;

/// What is wrong with a disk, to show that it is found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Says that an append is synced when it is not.
    SkipsSync,
    /// What is found on opening is shown without being synced.
    SkipsSyncOnOpening,
    /// Takes the last record that is left of a torn commit for its end.
    KeepsTornCommit,
    /// Removes one commit too many with a torn one.
    RemovesWholeCommit,
    /// Another word stands in a record after a crash.
    AltersRecord,
    /// Keeps what it refused.
    KeepsRefused,
}

/// How an append ends.
enum End {
    Synced,
    Refused,
    Crash,
}

struct State {
    rng: Rng,
    /// Nothing goes wrong any more.
    calm: bool,
    /// What a crash left of what was not synced.
    left: Vec<Recorded>,
    /// The end of what a power cut leaves; the head's position, unless the disk has a flaw.
    synced: Position,
    /// Whether an append was refused.
    refused: bool,
}

/// The disk. While an append takes its time, it lets everybody else go on.
pub struct Disk {
    log: Memory,
    state: Mutex<State>,
    meanwhile: Box<dyn Fn() + Send + Sync>,
    flaw: Option<Flaw>,
    trace: Trace,
}

impl Disk {
    /// An empty disk. `meanwhile` is called for each tick that an append takes.
    pub fn new(seed: u64, flaw: Option<Flaw>, trace: Trace, meanwhile: Box<dyn Fn() + Send + Sync>) -> Self {
        let rng = Rng::new(seed);
        let state = State { rng, calm: false, left: Vec::new(), synced: Position::START, refused: false };
        Self { log: Memory::new(), state: Mutex::new(state), meanwhile, flaw, trace }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on every append is quick and succeeds.
    pub fn calm(&self) {
        self.state().calm = true;
    }

    /// Whether an append was ever refused.
    pub fn has_refused(&self) -> bool {
        self.state().refused
    }

    /// Everything that was synced, or said to be.
    pub fn records(&self) -> Vec<Recorded> {
        self.log.read(Position::START, usize::MAX).expect("a log in memory can be read")
    }

    /// The power is cut.
    pub fn crash(&self) {
        let mut state = self.state();
        if state.synced < self.log.head().position {
            self.log.cut(state.synced);
            state.left.clear();
        }
    }

    /// Opens what a crash left: the torn commit at the end is removed, the whole ones before it are kept and synced.
    pub fn recover(&self) {
        let mut state = self.state();
        let mut left = std::mem::take(&mut state.left);
        if self.flaw == Some(Flaw::KeepsTornCommit)
            && let Some(last) = left.last_mut()
        {
            last.last_of_commit = true;
        }
        let n_whole = left.iter().rposition(|record| record.last_of_commit).map_or(0, |last| last + 1);
        let n_torn = left.len() - n_whole;
        left.truncate(n_whole);
        self.append_all(&left);
        self.trace
            .say(format_args!("open: {n_whole} records that nobody was told of are kept, {n_torn} torn ones removed"));
        if self.flaw == Some(Flaw::RemovesWholeCommit) && n_torn > 0 {
            let records = self.records();
            let ends = records.iter().rev().filter(|record| record.last_of_commit);
            self.log.cut(ends.map(|record| record.position).nth(1).unwrap_or(Position::START));
        }
        if self.flaw == Some(Flaw::AltersRecord) {
            let mut records = self.records();
            let at = state.rng.below(u64::try_from(records.len()).expect("few"));
            if let Some(record) = records.get_mut(usize::try_from(at).expect("few")) {
                record.attribution.why.reason.push('?');
            }
            self.log.cut(Position::START);
            self.append_all(&records);
        }
        if self.flaw != Some(Flaw::SkipsSyncOnOpening) {
            state.synced = self.log.head().position;
        }
    }

    fn append_all(&self, records: &[Recorded]) {
        let commits: Vec<Commit> =
            records.split_inclusive(|record| record.last_of_commit).map(<[Recorded]>::to_vec).collect();
        self.log.append(self.log.head().position, &commits).expect("whole commits follow");
    }

    /// How many ticks an append takes, and how it ends.
    fn draw(&self) -> (u64, End) {
        let mut state = self.state();
        if state.calm {
            return (0, End::Synced);
        }
        let ticks = match state.rng.below(10) {
            0..5 => 0,
            5..9 => state.rng.below(8),
            _ => state.rng.below(50),
        };
        let end = match state.rng.below(100) {
            0..20 => End::Crash,
            20..23 => End::Refused,
            _ => End::Synced,
        };
        (ticks, end)
    }

    /// What is on the disk of some commits after a crash at any moment of their append.
    fn torn(&self, commits: &[Commit]) -> Vec<Recorded> {
        let mut state = self.state();
        let mut blocks: Vec<&[Recorded]> = Vec::new();
        for commit in commits {
            let mut rest = &commit[..];
            while !rest.is_empty() {
                // Long records fill a block sooner.
                let n_max = if state.rng.chance(50) { BLOCK_RECORDS_MAX } else { 3 };
                let n = usize::try_from(1 + state.rng.below(n_max)).expect("few");
                let (block, after) = rest.split_at(n.min(rest.len()));
                blocks.push(block);
                rest = after;
            }
        }
        let n_blocks = u64::try_from(blocks.len()).expect("few");
        let n_put = if state.rng.chance(20) { n_blocks } else { state.rng.below(n_blocks + 1) };
        let n_synced = n_put / UNSYNCED_BLOCKS_MAX * UNSYNCED_BLOCKS_MAX;
        let n_left = if state.rng.chance(50) { n_put } else { n_synced + state.rng.below(n_put - n_synced + 1) };
        self.trace.say(format_args!("  power cut: {n_put} of {n_blocks} blocks were put, {n_left} are left"));
        blocks[..usize::try_from(n_left).expect("few")].concat()
    }
}

impl EventLog for Disk {
    fn head(&self) -> Head {
        self.log.head()
    }

    fn check(&self, commit: &Commit) -> Result<(), Error> {
        self.log.check(commit)
    }

    fn append(&self, expected: Position, commits: &[Commit]) -> Result<Head, Error> {
        let (ticks, end) = self.draw();
        let n_records: usize = commits.iter().map(Vec::len).sum();
        let n_commits = commits.len();
        self.trace
            .say(format_args!("append after {expected}: {n_commits} commits, {n_records} records, {ticks} ticks"));
        for _ in 0..ticks {
            (self.meanwhile)();
        }
        match end {
            End::Synced => {
                let head = self.log.append(expected, commits)?;
                let mut state = self.state();
                let skips = self.flaw == Some(Flaw::SkipsSync) && state.rng.chance(50);
                if !skips {
                    state.synced = head.position;
                }
                Ok(head)
            }
            End::Refused => {
                self.trace.say("  the append is refused");
                self.state().refused = true;
                if self.flaw == Some(Flaw::KeepsRefused) {
                    self.log.append(expected, commits)?;
                }
                Err(Error::Refused { reason: "the disk is nearly full".to_owned() })
            }
            End::Crash => {
                let left = self.torn(commits);
                self.state().left = left;
                Err(Error::Broken { doing: "appending", source: "the power is cut".into() })
            }
        }
    }

    fn read(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, Error> {
        self.log.read(after, limit)
    }

    fn chain_at(&self, position: Position) -> Result<Option<Digest>, Error> {
        self.log.chain_at(position)
    }

    fn wait_for(&self, position: Position, timeout: Duration) -> bool {
        self.log.wait_for(position, timeout)
    }
}
