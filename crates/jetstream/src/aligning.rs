//! Comparing a journal with the stream: where in the stream the journal ends, or why it does not.

use domain::{Digest, Position};
use engine::log::{EventLog as _, Head};
use journal::Journal;

use crate::frame::Frame;
use crate::stream::{Error, Stream, Tail};

/// Where a journal ends in a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// After the message with this sequence; 0 before the first.
    After(u64),
    /// The stream ends before it, at a position.
    Behind(Position),
    /// They differ from a position on.
    Fork(Position),
    /// The stream begins after where the journal ends.
    Cut(Position),
}

/// Compares a journal with the stream, by the leader's own answers. Cost: some twenty messages are asked for.
///
/// # Errors
/// When the stream does not answer, holds what is no log, or the journal cannot be read.
pub(crate) async fn align(stream: &Stream, journal: &Journal, tail: Tail) -> Result<Place, Trouble> {
    let head = journal.head();
    if tail.last_sequence == 0 {
        let empty = head.position == Position::START;
        return Ok(if empty { Place::After(0) } else { Place::Behind(Position::START) });
    }
    let first = stream.frame(tail.first_sequence).await?;
    if first.first > head.position.next() {
        return Ok(Place::Cut(first.first));
    }
    if head.position == Position::START {
        return Ok(Place::After(tail.first_sequence.saturating_sub(1)));
    }
    let last = stream.frame(tail.last_sequence).await?;
    let end = last.end().min(head.position);
    let holding = holding(stream, tail, end).await?;
    let (sequence, frame) = holding;
    if agrees(journal, &frame, end)? {
        return Ok(match () {
            () if end < head.position => Place::Behind(end),
            () if frame.end() == head.position && frame.ends_commit => Place::After(sequence),
            // The journal holds whole commits only.
            () => Place::Fork(frame.first),
        });
    }
    fork(stream, journal, (tail.first_sequence, sequence)).await.map(Place::Fork)
}

/// Why a journal and a stream cannot be compared.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error(transparent)]
    Stream(#[from] Error),
    #[error(transparent)]
    Journal(#[from] engine::log::Error),
}

/// The message that holds a position, by halving.
async fn holding(stream: &Stream, tail: Tail, position: Position) -> Result<(u64, Frame), Error> {
    let (mut low, mut high) = (tail.first_sequence, tail.last_sequence);
    loop {
        let middle = low.saturating_add(high.saturating_sub(low) / 2);
        let frame = stream.frame(middle).await?;
        if frame.end() < position && middle < high {
            low = middle.saturating_add(1);
        } else if frame.first > position && middle > low {
            high = middle.saturating_sub(1);
        } else if frame.first <= position && position <= frame.end() {
            return Ok((middle, frame));
        } else {
            return Err(stream.foreign(middle, &format!("position {position} is in no message")));
        }
    }
}

/// Whether the journal has the records of a frame, up to a position in it, after the same chain.
fn agrees(journal: &Journal, frame: &Frame, up_to: Position) -> Result<bool, engine::log::Error> {
    let before = Position::new(frame.first.get().saturating_sub(1));
    if journal.chain_at(before)? != Some(frame.chain_before) {
        return Ok(false);
    }
    let n_records = usize::try_from(up_to.get().saturating_sub(before.get())).unwrap_or(usize::MAX);
    let ours = journal.read_raw(before, n_records)?;
    let ours: Vec<u8> = ours.into_iter().flat_map(|record| record.bytes).collect();
    Ok(frame.payload.starts_with(&ours))
}

/// The first position of the first message at which the two differ.
async fn fork(stream: &Stream, journal: &Journal, (mut low, mut high): (u64, u64)) -> Result<Position, Trouble> {
    while low < high {
        let middle = low.saturating_add(high.saturating_sub(low) / 2);
        let frame = stream.frame(middle).await?;
        if chain_before(journal, &frame)? == Some(frame.chain_before) && agrees(journal, &frame, frame.end())? {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    Ok(stream.frame(low).await?.first)
}

fn chain_before(journal: &Journal, frame: &Frame) -> Result<Option<Digest>, engine::log::Error> {
    journal.chain_at(Position::new(frame.first.get().saturating_sub(1)))
}

/// The sentence for what stands in the way, with what to do.
pub(crate) fn in_words(place: Place, stream: &str, head: &Head) -> Option<(Position, String)> {
    let own = head.position;
    match place {
        Place::After(_) => None,
        Place::Behind(end) => Some((
            end.next(),
            format!(
                "the stream {stream} ends at position {end}, but this node's journal holds up to {own}: the stream was lost or \
                 set back; see that its servers are all there, and otherwise stop the node with the highest position and \
                 run: scorebook log reseed (docs/OPERATIONS.md, “A lost stream”)"
            ),
        )),
        Place::Fork(position) => Some((
            position,
            format!(
                "the stream {stream} and this node's journal differ from position {position} on: one of them was restored \
                 and went on otherwise; compare with the other nodes (scorebook cluster), and see docs/OPERATIONS.md, “When \
                 nodes disagree”"
            ),
        )),
        Place::Cut(first) => Some((
            own.next(),
            format!(
                "the stream {stream} begins at position {first}, and this node's journal ends at {own}: restore this node \
                 from another one's backup first (docs/OPERATIONS.md, “A new node”)"
            ),
        )),
    }
}
