//! What a log needs whose records are written once and kept by many: records as bytes, and bytes as records.
//!
//! Whoever appends writes them ([`encode`]) with salts of its own; everybody, itself included, puts the same bytes into its
//! journal ([`Journal::extend`]), so that all of them have the same chain.

use domain::{Digest, Position, Timestamp};
use engine::log::{Commit, Error, Head};

use crate::block::{Packer, Stored};
use crate::bounds::{self, Bounds};
use crate::bytes::Fault;
use crate::journal::{BATCH_BLOCKS_MAX, Journal};
use crate::payload::Recent;
use crate::record::{self, Frame};
use crate::salts::{Salter, Salts};

/// A record that was written, and where it leads.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    /// Header and payload.
    pub bytes: &'a [u8],
    /// Its header.
    pub header: &'a record::Header,
    /// The chain before it.
    pub chain_before: Digest,
}

/// Writes commits that follow a head, gives each record to `each`, and gives the head that they lead to.
///
/// # Errors
/// [`Error::Refused`] as an append would; [`Error::Broken`] when there are no random numbers.
pub fn encode(
    before: &Head,
    commits: &[Commit],
    salts: Salts,
    mut each: impl FnMut(Written<'_>),
) -> Result<Head, Error> {
    bounds::check_order(before, commits, Bounds::COMMIT)?;
    commits.iter().try_for_each(|commit| bounds::check_size(commit, Bounds::COMMIT).map(drop))?;
    let mut salter = Salter::new(salts);
    let mut head = *before;
    let mut bytes = Vec::new();
    for recorded in commits.iter().flatten() {
        bytes.clear();
        record::append(recorded, salter.next()?, &mut bytes)?;
        let (frame, _) = Frame::split(&bytes).map_err(|fault| fault.at(recorded.position))?;
        each(Written { bytes: &bytes, header: &frame.header, chain_before: head.chain });
        head = Head {
            position: recorded.position,
            chain: frame.chain(head.chain),
            recorded_at: Some(recorded.recorded_at),
        };
    }
    Ok(head)
}

/// Some records as they were written elsewhere, one after the other.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// The chain before the first of them, as whoever wrote them had it.
    pub chain_before: Digest,
    /// The records.
    pub bytes: &'a [u8],
}

impl Journal {
    /// Appends records that were written elsewhere, byte for byte, and returns the new head once they are durable. The runs
    /// are whole commits together, however they are cut. Records of newer programs are kept untouched.
    ///
    /// # Errors
    /// As [`engine::log::EventLog::append`]. [`Error::Refused`] names the position at which they are not what follows, and
    /// changes nothing; [`Error::Full`] likewise.
    pub fn extend(&self, expected: Position, runs: &[Run<'_>]) -> Result<Head, Error> {
        self.append_with(expected, |before| {
            let frames = follow(&before, runs)?;
            let n_bytes: usize = runs.iter().map(|run| run.bytes.len()).sum();
            self.room().promise(u64::try_from(n_bytes).unwrap_or(u64::MAX))?;
            self.store_frames(before, &frames)
        })
    }

    fn store_frames(&self, before: Head, frames: &[(Frame<'_>, Digest)]) -> Result<Head, Error> {
        let mut packer = Packer::after(before.chain);
        let mut batch: Vec<Stored> = Vec::new();
        let mut head = before;
        let mut ends = Vec::new();
        for (frame, chain) in frames {
            packer.push_bytes(frame.header.position, frame.bytes, *chain, &mut batch);
            head = Head { position: frame.header.position, chain: *chain, recorded_at: Some(frame.header.recorded_at) };
            if frame.header.last_of_commit() {
                packer.end_commit();
                ends.push((head.position, head.chain));
            }
            if batch.len() >= BATCH_BLOCKS_MAX {
                self.store.put(std::mem::take(&mut batch))?;
            }
        }
        batch.extend(packer.finish());
        self.store.put(batch)?;
        self.store.sync()?;
        self.note_ends(ends);
        Ok(head)
    }
}

/// The records of some runs, each with the chain after it, when all of them are what follows.
fn follow<'a>(before: &Head, runs: &[Run<'a>]) -> Result<Vec<(Frame<'a>, Digest)>, Error> {
    let mut frames = Vec::new();
    let mut next = Following { head: *before, commit: None };
    let mut recent = Recent::for_records(usize::MAX);
    for run in runs {
        let mut bytes = run.bytes;
        let position = next.head.position.next();
        if run.chain_before != next.head.chain {
            let (theirs, ours) = (run.chain_before, next.head.chain);
            return Err(refused(position, &format!("the chain before it is {theirs} there, and {ours} here")));
        }
        while !bytes.is_empty() {
            let position = next.head.position.next();
            let (frame, rest) = Frame::split(bytes)
                .and_then(|(frame, rest)| Ok((frame.expect_position(position)?, rest)))
                .map_err(|fault| unusable(position, fault))?;
            next.take(&frame).map_err(|reason| refused(position, &reason))?;
            match frame.decode(&mut recent) {
                Ok(_) | Err(Fault::Newer { .. }) => {}
                Err(fault) => return Err(unusable(position, fault)),
            }
            frames.push((frame, next.head.chain));
            bytes = rest;
        }
    }
    if next.commit.is_some() {
        return Err(refused(next.head.position, "the commit has no end"));
    }
    Ok(frames)
}

fn refused(position: Position, reason: &str) -> Error {
    Error::Refused { reason: format!("at position {position}: {reason}") }
}

fn unusable(position: Position, fault: Fault) -> Error {
    refused(position, &fault.at(position).to_string())
}

/// The head that a run of records has led to, and the commit that it is in.
struct Following {
    head: Head,
    commit: Option<Counted>,
}

/// A commit that has no end yet.
struct Counted {
    recorded_at: Timestamp,
    n_records: usize,
    n_bytes: usize,
}

impl Following {
    fn take(&mut self, frame: &Frame<'_>) -> Result<(), String> {
        let record::Header { position, recorded_at, known_at, .. } = frame.header;
        let before = self.head.recorded_at;
        let commit = self.commit.get_or_insert(Counted { recorded_at, n_records: 0, n_bytes: 0 });
        if commit.n_records == 0 && before.is_some_and(|before| recorded_at <= before) {
            return Err(format!("recorded_at {recorded_at} is not later than that of the commit before"));
        }
        if recorded_at != commit.recorded_at {
            return Err(format!("recorded_at {recorded_at} is not its commit's, {}", commit.recorded_at));
        }
        if known_at > recorded_at {
            return Err(format!("known_at {known_at} is later than recorded_at {recorded_at}"));
        }
        commit.n_records = commit.n_records.saturating_add(1);
        commit.n_bytes = commit.n_bytes.saturating_add(frame.bytes.len());
        let Bounds { n_records, n_bytes } = Bounds::COMMIT;
        if commit.n_records > n_records || commit.n_bytes > n_bytes {
            return Err(format!("its commit is over the bounds of {n_records} records and {n_bytes} bytes"));
        }
        if frame.header.last_of_commit() {
            self.commit = None;
        }
        self.head = Head { position, chain: frame.chain(self.head.chain), recorded_at: Some(recorded_at) };
        Ok(())
    }
}
