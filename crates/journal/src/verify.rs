//! Proving the whole log, and saying what a proof can and cannot tell.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use std::{fmt, io};

use domain::{Digest, Position};
use engine::log::{Error, EventLog as _, Head};

use crate::block::Block;
use crate::copying::Progress;
use crate::journal::{Journal, missing};
use crate::payload::Recent;
use crate::record::Header;
use crate::recovery::wrong_chain;
use crate::store::unreadable;

/// A log of which every record was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Up to where.
    pub head: Head,
    /// How many commits.
    pub n_commits: u64,
    /// How many records are too new for this program; they are chained like the others, but it cannot read them.
    pub n_newer: u64,
    /// What is proved by it.
    pub assurance: Assurance,
}

/// What a proof of a log rests on, and therefore what it can exclude.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assurance {
    /// The log agrees with itself. Whoever could write to the disk may have cut off its end or written all of it anew.
    Itself,
    /// The log agrees with a `position:chain` that was printed earlier and kept elsewhere.
    Printed {
        /// Up to here nothing was changed, removed or added since.
        position: Position,
        /// How many records came after; they may have been cut off or written anew since.
        n_after: u64,
    },
}

/// In plain sentences, for people.
impl fmt::Display for Assurance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Itself => f.write_str(
                "Every record is as it was chained. \
                 That the end was cut off, or that all of it was written anew, cannot be excluded \
                 without a position and chain that were printed earlier.",
            ),
            Self::Printed { position, n_after: 0 } => {
                write!(f, "Every record up to position {position} is what it was when that position was printed.")
            }
            Self::Printed { position, n_after } => write!(
                f,
                "Every record up to position {position} is what it was when that position was printed. \
                 The {n_after} after it are as they were chained; that more were cut off, or that they were written anew, \
                 cannot be excluded."
            ),
        }
    }
}

/// How many blocks are proved in the background before others are let in, and for how long.
const PAGE_BLOCKS: u32 = 64;
const PAGE_PAUSE: Duration = Duration::from_millis(1);

/// How many blocks are proved between two words of progress.
const WATCH_BLOCKS: u32 = 128;

/// A proof under way in the background. It ends when this is dropped, which waits for it: at most a block.
#[derive(Debug)]
pub struct Checking {
    told: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Checking {
    /// Waits until every record is proved, or damage was found.
    pub fn finish(mut self) {
        self.join();
    }

    fn join(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        thread.thread().unpark();
        if thread.join().is_err() {
            tracing::error!("verifying in the background ended without an answer");
        }
    }
}

impl Drop for Checking {
    fn drop(&mut self) {
        self.told.store(true, Ordering::Relaxed);
        self.join();
    }
}

/// What is carried from record to record.
struct Proof {
    head: Head,
    within_commit: bool,
    n_commits: u64,
    n_newer: u64,
    recent: Recent,
    watch: Option<Position>,
    /// The position that is watched, once it is reached, and the chain there.
    watched: Option<(Position, Digest)>,
}

impl Proof {
    fn of_nothing(watch: Option<Position>) -> Self {
        let head = Head::EMPTY;
        let watched = watch.filter(|at| *at == head.position).map(|at| (at, head.chain));
        let recent = Recent::for_records(usize::MAX);
        Self { head, within_commit: false, n_commits: 0, n_newer: 0, recent, watch, watched }
    }

    /// Checks the times of a record against those before it.
    fn check_times(&self, header: &Header) -> Result<(), String> {
        let Header { recorded_at, known_at, .. } = header;
        if known_at > recorded_at {
            return Err(format!("known_at {known_at} is later than recorded_at {recorded_at}"));
        }
        match self.head.recorded_at {
            Some(before) if self.within_commit && *recorded_at != before => {
                Err(format!("recorded_at {recorded_at} is not its commit's, {before}"))
            }
            Some(before) if !self.within_commit && *recorded_at <= before => {
                Err(format!("recorded_at {recorded_at} is not later than that of the commit before, {before}"))
            }
            _ => Ok(()),
        }
    }

    /// Goes on through a block that begins after the head.
    fn block(&mut self, block: &Block<'_>) -> Result<(), Error> {
        if block.chain_before != self.head.chain {
            return Err(wrong_chain(self.head.position.max(Position::START.next())));
        }
        for frame in block.frames() {
            let frame = frame?;
            let position = frame.header.position;
            self.check_times(&frame.header).map_err(|reason| Error::Corrupt { position, reason })?;
            match frame.decode(&mut self.recent).map_err(|fault| fault.at(position)) {
                Ok(_) => {}
                Err(Error::Newer { .. }) => self.n_newer = self.n_newer.saturating_add(1),
                Err(error) => return Err(error),
            }
            let chain = frame.chain(self.head.chain);
            self.head = Head { position, chain, recorded_at: Some(frame.header.recorded_at) };
            self.watched = self.watched.or(self.watch.filter(|at| *at == position).map(|at| (at, chain)));
            self.within_commit = !frame.header.last_of_commit();
            self.n_commits = self.n_commits.saturating_add(u64::from(frame.header.last_of_commit()));
        }
        Ok(())
    }
}

/// Holds a proof against what was printed earlier.
fn judge(proof: &Proof, expect: Option<(Position, Digest)>) -> Result<Verified, Error> {
    let Proof { head, n_commits, n_newer, watched, .. } = *proof;
    let assurance = match (expect, watched) {
        (None, _) => Assurance::Itself,
        (Some((position, printed)), Some((_, chain))) if printed == chain => {
            Assurance::Printed { position, n_after: head.position.get().saturating_sub(position.get()) }
        }
        (Some((position, printed)), Some((_, chain))) => {
            let reason = format!("its chain is {chain}, but {printed} was printed: it, or what is before, was changed");
            return Err(Error::Corrupt { position, reason });
        }
        (Some((position, _)), None) => {
            let reason =
                format!("position {position} was printed, but the log ends at {}: it was cut off", head.position);
            return Err(Error::Corrupt { position: head.position.next(), reason });
        }
    };
    Ok(Verified { head, n_commits, n_newer, assurance })
}

impl Journal {
    /// Proves every record up to the head, in order: checksums, places, times, ends of commits, payloads, chain.
    ///
    /// `expect` is a position and its chain, as reports, views and backups print them. Without it nobody can tell a log
    /// from a shorter or another one; [`Verified::assurance`] says so. Takes about a microsecond a record.
    ///
    /// # Errors
    /// [`Error::Corrupt`] names the first position that cannot be trusted, or that was printed and is not as it was;
    /// [`Error::Broken`] when the disk fails.
    pub fn verify(&self, expect: Option<(Position, Digest)>) -> Result<Verified, Error> {
        // Damage within the log stops writing. Another chain than the printed one may be a slip of the pen, and does not.
        judge(&self.note_damage(self.prove(expect.map(|(position, _)| position), &mut |_| true))?, expect)
    }

    /// The same for as long as it is to go on, which is asked now and then, with how far it is; `None` when it was not.
    ///
    /// # Errors
    /// As [`Journal::verify`].
    pub fn verify_while(
        &self,
        expect: Option<(Position, Digest)>,
        goes_on: &mut dyn FnMut(Progress) -> bool,
    ) -> Result<Option<Verified>, Error> {
        let (mut n_blocks, mut told_to_stop) = (0_u32, false);
        let mut each_block = |at| {
            n_blocks = n_blocks.wrapping_add(1);
            told_to_stop = n_blocks.is_multiple_of(WATCH_BLOCKS) && !goes_on(at);
            !told_to_stop
        };
        let proof = self.note_damage(self.prove(expect.map(|(position, _)| position), &mut each_block))?;
        if told_to_stop { Ok(None) } else { judge(&proof, expect).map(Some) }
    }

    /// Proves, on a thread of its own that leaves room for others, every record that is in the log now. Damage is logged and
    /// noted: nothing more is appended then, and [`engine::log::EventLog::damage`] says so.
    ///
    /// # Errors
    /// When the thread does not start.
    pub fn verify_in_background(self: &Arc<Self>) -> io::Result<Checking> {
        let told = Arc::new(AtomicBool::new(false));
        let (journal, stop) = (Arc::clone(self), Arc::clone(&told));
        let thread = thread::Builder::new().name("journal verify".to_owned()).spawn(move || {
            let mut n_blocks: u32 = 0;
            let mut goes_on = |_| {
                n_blocks = n_blocks.wrapping_add(1);
                if n_blocks.is_multiple_of(PAGE_BLOCKS) {
                    thread::park_timeout(PAGE_PAUSE);
                }
                !stop.load(Ordering::Relaxed)
            };
            match journal.note_damage(journal.prove(None, &mut goes_on)) {
                Ok(proof) => {
                    let (position, n_newer) = (proof.head.position.get(), proof.n_newer);
                    tracing::info!(position, n_newer, "every record up to this position is verified");
                }
                // It was logged when it was noted.
                Err(Error::Corrupt { .. }) => {}
                Err(error) => tracing::error!(%error, "the log could not be verified"),
            }
        })?;
        Ok(Checking { told, thread: Some(thread) })
    }

    /// Proves the log against itself, for as long as it is to go on, and notes the chain at one position.
    fn prove(&self, watch: Option<Position>, goes_on: &mut dyn FnMut(Progress) -> bool) -> Result<Proof, Error> {
        let end = self.head();
        let mut proof = Proof::of_nothing(watch);
        let mut blocks = self.store.blocks_from(Position::START);
        while proof.head.position < end.position {
            if !goes_on(Progress { n_done: proof.head.position.get(), n_total: end.position.get() }) {
                return Ok(proof);
            }
            let next = proof.head.position.next();
            let (first, value) =
                blocks.next().ok_or_else(|| missing(next))?.map_err(|error| unreadable(error, next))?;
            if first != next {
                return Err(missing(next));
            }
            proof.block(&Block::read(first, &value)?)?;
        }
        if proof.head == end { Ok(proof) } else { Err(wrong_chain(end.position)) }
    }
}
