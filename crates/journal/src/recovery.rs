//! What is done on opening: find the end, remove what was never acknowledged, prove the tail.

use domain::{Digest, Position};
use engine::log::{Error, Head};

use crate::block::Block;
use crate::journal::missing;
use crate::store::{Store, unreadable};

/// How many blocks are proved on opening: up to 16,000 records in some hundredths of a second.
const TAIL_BLOCKS: usize = 1_000;
/// How many blocks are removed at once.
const REMOVE_BLOCKS_MAX: usize = 256;

/// Gives the head of the log in a store, after removing what follows the last end of a commit.
///
/// `noted` is what is known to have been acknowledged: a store that ends before it is not touched.
pub(crate) fn recover(store: &Store, noted: Option<(Position, Digest)>) -> Result<Head, Error> {
    let (torn, end) = find_torn(store)?;
    if let Some((acknowledged, _)) = noted.filter(|(acknowledged, _)| *acknowledged > end) {
        let reason = format!("the store ends at position {end}, but records up to {acknowledged} were acknowledged");
        return Err(Error::Corrupt { position: end.next(), reason });
    }
    if let Some(first) = torn.last() {
        tracing::warn!(
            first = first.get(),
            n_blocks = torn.len(),
            "records that were never acknowledged, of a commit that was cut short, are removed"
        );
    }
    // From the end, so that a crash in between leaves a commit that is still cut short, and nothing else.
    for firsts in torn.chunks(REMOVE_BLOCKS_MAX) {
        store.remove(firsts)?;
        store.sync()?;
    }
    let head = prove_tail(store)?;
    match noted {
        Some((position, chain)) if position == head.position && chain != head.chain => Err(wrong_chain(position)),
        _ => Ok(head),
    }
}

/// The first positions of the blocks after the last end of a commit, the last first; and that end.
fn find_torn(store: &Store) -> Result<(Vec<Position>, Position), Error> {
    let mut torn = Vec::new();
    let mut before = None;
    for stored in store.blocks_backwards() {
        let (first, value) = stored.map_err(|error| unreadable_before(error, before))?;
        before = Some(first);
        let (last, _) = Block::read(first, &value)?.last()?;
        if last.header.last_of_commit() {
            return Ok((torn, last.header.position));
        }
        torn.push(first);
    }
    Ok((torn, Position::START))
}

/// Checks checksums, contiguity and chain of the last blocks, and gives the head.
fn prove_tail(store: &Store) -> Result<Head, Error> {
    let mut head = Head::EMPTY;
    // Where the block after this one begins, and which chain it says is before it.
    let mut after: Option<(Position, Digest)> = None;
    let mut n_blocks: usize = 0;
    for stored in store.blocks_backwards().take(TAIL_BLOCKS) {
        let (first, value) = stored.map_err(|error| unreadable_before(error, after.map(|(first, _)| first)))?;
        let block = Block::read(first, &value)?;
        let (last, chain) = block.last()?;
        match after {
            None => {
                head = Head { position: last.header.position, chain, recorded_at: Some(last.header.recorded_at) };
            }
            Some((next, _)) if next != block.end() => return Err(missing(block.end())),
            Some((_, before)) if before != chain => return Err(wrong_chain(first)),
            Some(_) => {}
        }
        after = Some((first, block.chain_before));
        n_blocks = n_blocks.saturating_add(1);
    }
    match after {
        Some((first, before)) if first == Position::START.next() && before != Head::EMPTY.chain => {
            Err(wrong_chain(first))
        }
        Some((first, _)) if first > Position::START.next() && n_blocks < TAIL_BLOCKS => {
            Err(missing(Position::START.next()))
        }
        _ => Ok(head),
    }
}

/// Damage that the store found before a block, or at its end: the position before that is the last that it can be at.
fn unreadable_before(error: Error, first: Option<Position>) -> Error {
    unreadable(error, first.map_or(Position::START.next(), |first| Position::new(first.get().saturating_sub(1))))
}

/// The error of a block whose records do not lead to the chain that the next one was written after.
pub(crate) fn wrong_chain(position: Position) -> Error {
    let reason = "the chain through it is not the one that what follows was written after".to_owned();
    Error::Corrupt { position, reason }
}
