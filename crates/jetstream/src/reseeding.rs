//! From a journal to a stream: a new one, or one that was lost, gets every record of the log, at the same positions.

use std::time::Duration;

use domain::Position;
use engine::log::{EventLog as _, Head};
use journal::{Journal, record};
use tokio::time::{Instant, interval};

use crate::aligning::{Place, Trouble, align, in_words};
use crate::connection::Connection;
use crate::frame::{BATCH_FRAMES_MAX, Frame, Packer};
use crate::lease::Lease;
use crate::names::Names;
use crate::stream::{self, Published, Stream};

/// How many records are read from the journal at a time.
const PAGE_RECORDS: usize = 4_096;
/// After how many bytes a batch of small commits is sent off.
const BATCH_BYTES: usize = 8 * 1024 * 1024;
/// How long the cluster may take to be able to make a stream.
const MAKING: Duration = Duration::from_secs(20);
const AGAIN: Duration = Duration::from_millis(500);

/// Why a stream was not filled, by what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing in the journal. Begin a log with `scorebook init`.
    #[error("the journal is empty: begin a log with scorebook init")]
    Empty,
    /// The stream holds something else, or more. Nothing was changed.
    #[error("{reason}")]
    Differs {
        /// What it holds, and what to do.
        reason: String,
    },
    /// JetStream does not do it. See to what it says, and do it again: it goes on where it was.
    #[error("the stream takes no more after position {reached}: {reason}")]
    Refused {
        /// How far it holds the log.
        reached: Position,
        /// What it says.
        reason: String,
    },
    /// The stream does not answer. Do it again: it goes on where it was.
    #[error(transparent)]
    Stream(#[from] stream::Error),
    /// The journal cannot be read.
    #[error("the journal cannot be read")]
    Journal(#[from] engine::log::Error),
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Stream(error) => Self::Stream(error),
            Trouble::Journal(error) => Self::Journal(error),
        }
    }
}

/// Makes the log's stream and the lease's bucket where they are not there, and puts into the stream what the journal holds
/// and it does not. `watch` is told how far it is. Done again, it goes on where it was.
///
/// Nobody else may append meanwhile: an append of somebody else's ends it with [`Error::Refused`].
///
/// # Errors
/// [`Error`].
pub async fn reseed(
    connection: &Connection,
    names: &Names,
    journal: &Journal,
    n_replicas: usize,
    mut watch: impl FnMut(Position),
) -> Result<Head, Error> {
    let head = journal.head();
    if head.position == Position::START {
        return Err(Error::Empty);
    }
    let stream = Stream::of(connection, names);
    make(&stream, n_replicas).await?;
    let made = Lease::make(connection, names, n_replicas).await;
    made.map_err(|reason| Error::Refused { reached: Position::START, reason })?;
    let filling = stream.filling();
    filling.open().await?;
    let filled = fill(&filling, journal, &mut watch).await;
    // Also when it was not filled because it differs: it is as it was then.
    if !matches!(filled, Err(Error::Refused { .. } | Error::Stream(_))) {
        stream.open().await?;
    }
    filled
}

async fn fill(stream: &Stream, journal: &Journal, watch: &mut impl FnMut(Position)) -> Result<Head, Error> {
    let head = journal.head();
    let tail = stream.tail().await?;
    let place = align(stream, journal, tail).await?;
    let reached = match place {
        Place::Behind(end) => end,
        Place::After(sequence) if sequence == tail.last_sequence => head.position,
        Place::After(_) => {
            let end = stream.frame(tail.last_sequence).await?.end();
            let reason =
                format!("the stream holds more than this journal: it ends at position {end}, not at {}", head.position);
            return Err(Error::Differs { reason });
        }
        Place::Fork(_) | Place::Cut(_) => {
            let reason = in_words(place, &stream.name, &head).map_or_else(String::new, |(_, reason)| reason);
            return Err(Error::Differs { reason });
        }
    };
    let mut filling =
        Filling { stream: stream.clone(), sequence: tail.last_sequence, reached, batch: Vec::new(), n_bytes: 0 };
    filling.fill(journal, head.position, watch).await?;
    Ok(head)
}

/// A cluster that has just started takes some seconds until it can make a stream.
pub(crate) async fn make(stream: &Stream, n_replicas: usize) -> Result<(), stream::Error> {
    let deadline = Instant::now().checked_add(MAKING);
    let mut tries = interval(AGAIN);
    loop {
        tries.tick().await;
        match stream.make(n_replicas).await {
            Err(error @ stream::Error::Alone { .. }) => return Err(error),
            Err(error) if deadline.is_none_or(|deadline| Instant::now() >= deadline) => return Err(error),
            Err(_error) => {}
            Ok(()) => return Ok(()),
        }
    }
}

/// A stream that is being filled.
struct Filling {
    stream: Stream,
    /// The stream's last message.
    sequence: u64,
    /// The position that it holds the log to.
    reached: Position,
    /// Whole commits that are not in the stream yet.
    batch: Vec<Frame>,
    n_bytes: usize,
}

impl Filling {
    async fn fill(&mut self, journal: &Journal, end: Position, watch: &mut impl FnMut(Position)) -> Result<(), Error> {
        let mut packer = Packer::default();
        let mut commit = Vec::new();
        let mut read = self.reached;
        let mut chain = journal.chain_at(read)?.unwrap_or(Head::EMPTY.chain);
        while read < end {
            for raw in journal.read_raw(read, PAGE_RECORDS)? {
                packer.push(&raw.header, &raw.bytes, chain);
                read = raw.header.position;
                chain = record::chain(chain, read, &raw.bytes)?;
                commit.extend(packer.take());
                if raw.header.last_of_commit() {
                    self.add(std::mem::take(&mut commit)).await?;
                }
            }
            watch(self.reached);
        }
        self.send().await?;
        watch(self.reached);
        Ok(())
    }

    async fn add(&mut self, commit: Vec<Frame>) -> Result<(), Error> {
        if self.batch.len().saturating_add(commit.len()) > BATCH_FRAMES_MAX || self.n_bytes >= BATCH_BYTES {
            self.send().await?;
        }
        let n_bytes: usize = commit.iter().map(|frame| frame.payload.len()).sum();
        self.n_bytes = self.n_bytes.saturating_add(n_bytes);
        self.batch.extend(commit);
        Ok(())
    }

    async fn send(&mut self) -> Result<(), Error> {
        let batch = std::mem::take(&mut self.batch);
        self.n_bytes = 0;
        let Some(last) = batch.last() else { return Ok(()) };
        let reached = self.reached;
        match self.stream.publish(self.sequence, &batch).await {
            Published::Stored(sequence) => {
                self.sequence = sequence;
                self.reached = last.end();
                Ok(())
            }
            Published::Lost => {
                let reason = "somebody else has written to it meanwhile".to_owned();
                Err(Error::Refused { reached, reason })
            }
            Published::Nobody => {
                Err(Error::Refused { reached, reason: "it has no leader at this moment; do it again".to_owned() })
            }
            Published::Refused(reason) | Published::Unknown(reason) => Err(Error::Refused { reached, reason }),
        }
    }
}
