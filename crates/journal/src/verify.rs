//! Proving the whole log, and saying what a proof can and cannot tell.

use std::fmt;

use domain::{Digest, Position, Timestamp};
use engine::log::{Error, EventLog as _, Head};

use crate::block::Block;
use crate::journal::{Journal, missing};
use crate::record::Header;
use crate::recovery::wrong_chain;

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

/// What is carried from record to record.
struct Proof {
    head: Head,
    within_commit: bool,
    n_commits: u64,
    n_newer: u64,
}

impl Proof {
    /// Checks a record against those before it.
    fn check(&self, header: &Header) -> Result<(), String> {
        let Header { recorded_at, known_at, .. } = header;
        let before: Option<Timestamp> = self.head.recorded_at;
        if known_at > recorded_at {
            return Err(format!("known_at {known_at} is later than recorded_at {recorded_at}"));
        }
        match before {
            Some(before) if self.within_commit && *recorded_at != before => {
                Err(format!("recorded_at {recorded_at} is not its commit's, {before}"))
            }
            Some(before) if !self.within_commit && *recorded_at <= before => {
                Err(format!("recorded_at {recorded_at} is not later than that of the commit before, {before}"))
            }
            _ => Ok(()),
        }
    }
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
        let verified = self.prove(expect);
        self.note_damage(verified)
    }

    fn prove(&self, expect: Option<(Position, Digest)>) -> Result<Verified, Error> {
        let end = self.head();
        if let Some((position, printed)) = expect
            && position == Position::START
        {
            check_printed(position, printed, Head::EMPTY.chain)?;
        }
        if let Some((position, _)) = expect
            && position > end.position
        {
            let reason =
                format!("position {position} was printed, but the log ends at {}: it was cut off", end.position);
            return Err(Error::Corrupt { position: end.position.next(), reason });
        }
        let mut proof = Proof { head: Head::EMPTY, within_commit: false, n_commits: 0, n_newer: 0 };
        let mut blocks = self.store.blocks_from(Position::START);
        while proof.head.position < end.position {
            let next = proof.head.position.next();
            let (first, value) = blocks.next().ok_or_else(|| missing(next))??;
            if first != next {
                return Err(missing(next));
            }
            prove_block(&mut proof, &Block::read(first, &value)?, expect)?;
        }
        if proof.head != end {
            return Err(wrong_chain(end.position));
        }
        let assurance = match expect {
            None => Assurance::Itself,
            Some((position, _)) => {
                Assurance::Printed { position, n_after: end.position.get().saturating_sub(position.get()) }
            }
        };
        Ok(Verified { head: end, n_commits: proof.n_commits, n_newer: proof.n_newer, assurance })
    }
}

fn prove_block(proof: &mut Proof, block: &Block<'_>, expect: Option<(Position, Digest)>) -> Result<(), Error> {
    if block.chain_before != proof.head.chain {
        return Err(wrong_chain(proof.head.position));
    }
    for frame in block.frames() {
        let frame = frame?;
        let position = frame.header.position;
        proof.check(&frame.header).map_err(|reason| Error::Corrupt { position, reason })?;
        match frame.decode().map_err(|fault| fault.at(position)) {
            Ok(_) => {}
            Err(Error::Newer { .. }) => proof.n_newer = proof.n_newer.saturating_add(1),
            Err(error) => return Err(error),
        }
        let chain = frame.chain(proof.head.chain);
        if let Some((at, printed)) = expect
            && at == position
        {
            check_printed(position, printed, chain)?;
        }
        proof.head = Head { position, chain, recorded_at: Some(frame.header.recorded_at) };
        proof.within_commit = !frame.header.last_of_commit();
        if frame.header.last_of_commit() {
            proof.n_commits = proof.n_commits.saturating_add(1);
        }
    }
    Ok(())
}

fn check_printed(position: Position, printed: Digest, chain: Digest) -> Result<(), Error> {
    if printed == chain {
        return Ok(());
    }
    let reason = format!("its chain is {chain}, but {printed} was printed: it, or what is before, was changed");
    Err(Error::Corrupt { position, reason })
}
