//! The public feed: every item of [`Engine::follow`], in order, each exactly once, in a stream of its own.
//!
//! ```text
//! sequence 1 2 3 …     the items of the feed from the beginning, as CloudEvents; no other message, no gap
//! ```
//!
//! The feed is a function of the log, so that each item has its one sequence, and every message is sent with the sequence
//! that has to be the last before it. Whoever sends it, however often, it is taken once and in its place. So nothing is kept
//! about what was announced but the stream itself: its last message holds the cursor to go on after.
//!
//! After a lost connection, an unknown outcome or another's message the last message is read again, from the stream's
//! leader. Of two announcers at once, the one that comes second at some sequence stands by, and goes on when the stream
//! falls behind its own log for about two seconds.
//!
//! What it is not: a guard against two logs that went on otherwise. It finds out when it reads the last message, and stops.

mod feed_stream;
mod message;

use std::collections::VecDeque;
use std::time::Duration;

use domain::Position;
use engine::Engine;
use engine::feed::{Cursor, Feed, Filter, Item, Start};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::{Connection, Names};
use feed_stream::{FeedStream, Last, Sent};
pub use message::MESSAGE_BYTES_MAX;
use message::Messages;

/// How many messages are sent before the first of them is acknowledged.
const IN_FLIGHT_MAX: usize = 256;
/// How long after a setback the last message is read again, at the earliest; and how often who stands by reads it.
const PACE: Duration = Duration::from_secs(1);
/// How many times in a row who stands by finds the stream behind and unmoved before it goes on itself.
const UNMOVED_MAX: u32 = 2;
/// How long the log is silent before it is looked whether the stream is still as it was left.
const SILENCE: Duration = Duration::from_secs(10);

/// What an announcer is started with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// On how many servers a new stream is kept: 1, 3 or 5. A stream that is there keeps its number.
    pub n_replicas: usize,
}

/// Puts the feed into its stream. Any number may run at once, for one log.
pub struct Announcer {
    engine: Engine,
    stream: FeedStream,
    messages: Messages,
    progress: watch::Sender<Progress>,
}

/// How far the stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// What this announcer does.
    pub role: Role,
    /// The last item that is known to be in the stream.
    pub announced: Option<Cursor>,
    /// How many items that are: the sequence of the last message.
    pub sequence: u64,
}

/// What an announcer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// It has no answer from the stream, at first or since the last setback.
    #[default]
    Connecting,
    /// Its own log is not yet where the stream is.
    Behind,
    /// It announces.
    Announcing,
    /// It watches another announce.
    StandingBy,
}

/// Why nothing more is announced. What is in the stream stays as it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The stream is not this log's as it is now. If this log is the right one, delete the stream: it is rebuilt from the
    /// beginning, and whoever stored a cursor of the other is refused.
    #[error(
        "the stream {stream} cannot be gone on with after its message {sequence}: {problem}; \
         if this log is the right one, delete the stream, which is then rebuilt from the log"
    )]
    OtherLog {
        /// Its name.
        stream: String,
        /// Its last message.
        sequence: u64,
        /// What is wrong, with the position.
        problem: String,
    },
    /// The stream is not as an announcer makes it. Delete it: it is rebuilt from the log.
    #[error("the stream {stream} {problem}; delete it, and it is rebuilt from the log")]
    Stream {
        /// Its name.
        stream: String,
        /// How it is otherwise.
        problem: String,
    },
    /// The server would refuse large items. Raise `max_payload` in its configuration.
    #[error(
        "the NATS server takes messages of {max} bytes, and the feed needs {needed}; raise max_payload in its configuration"
    )]
    Server {
        /// What it takes.
        max: usize,
        /// What is needed.
        needed: usize,
    },
    /// An item is larger than any should be. Report it.
    #[error("the item at {cursor} is a message of {n_bytes} bytes, and {MESSAGE_BYTES_MAX} are the most")]
    Item {
        /// Which.
        cursor: Cursor,
        /// How large it is.
        n_bytes: usize,
    },
    /// The log cannot be read. See to it, and start again.
    #[error("the log cannot be announced")]
    Log(#[source] engine::Error),
    /// The contract in this program cannot be read: a build fault.
    #[error("the contract cannot be read")]
    Contract(#[source] std::io::Error),
}

/// Why a turn ends.
enum Setback {
    /// The log takes no more records, and all of it is announced.
    LogEnded,
    /// The stream has another message where the next belonged.
    Outrun,
    /// Nobody knows what became of what was sent.
    Lost(async_nats::Error),
    /// It cannot go on.
    Stop(Error),
}

impl From<engine::Error> for Setback {
    fn from(error: engine::Error) -> Self {
        Self::Stop(Error::Log(error))
    }
}

impl Announcer {
    /// For one log. Nothing is sent before [`Announcer::run`].
    ///
    /// # Errors
    /// [`Error::Contract`].
    pub fn new(engine: Engine, connection: Connection, names: &Names, options: Options) -> Result<Self, Error> {
        let messages = Messages::new(engine.opened(), names.clone()).map_err(Error::Contract)?;
        let stream = FeedStream::new(connection, names, options.n_replicas);
        Ok(Self { engine, stream, messages, progress: watch::Sender::default() })
    }

    /// How far the stream is, as it goes.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Announces until `shutdown` says so or its sender is gone, or the log takes no more records. It may be dropped at any
    /// time. Where NATS does not answer, it tries again every second, and says so.
    ///
    /// Holds one page of the feed, some hundred items, and 256 messages that wait for their acknowledgements.
    ///
    /// # Errors
    /// [`Error`]: nothing that another try would mend.
    pub async fn run(self, mut shutdown: watch::Receiver<bool>) -> Result<(), Error> {
        tokio::select! {
            ended = self.announce() => ended,
            // A sender that is gone means the same as being told.
            _ = shutdown.wait_for(|stop| *stop) => Ok(()),
        }
    }

    async fn announce(&self) -> Result<(), Error> {
        let mut pace = interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut outrun = false;
        loop {
            pace.tick().await;
            let setback = self.turn(outrun).await;
            outrun = matches!(setback, Setback::Outrun);
            match setback {
                Setback::LogEnded => return Ok(()),
                Setback::Stop(error) => return Err(error),
                Setback::Outrun => tracing::info!("another announces the feed; this one stands by"),
                Setback::Lost(error) => {
                    self.progress.send_modify(|progress| progress.role = Role::Connecting);
                    tracing::warn!(%error, "the feed is not announced at this moment; trying again");
                }
            }
        }
    }

    /// Finds out where the stream is and goes on from there.
    async fn turn(&self, outrun: bool) -> Setback {
        let last = if outrun { self.stand_by().await } else { self.last().await };
        let last = match last {
            Ok(last) => last,
            Err(setback) => return setback,
        };
        match self.publish(&last).await {
            Ok(()) => Setback::LogEnded,
            Err(setback) => setback,
        }
    }

    /// Waits until the stream is behind this log and does not move.
    async fn stand_by(&self) -> Result<Last, Setback> {
        let mut pace = interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut seen, mut n_unmoved) = (None, 0_u32);
        loop {
            pace.tick().await;
            let last = self.last().await?;
            self.report(Role::StandingBy, last);
            let moved = seen.replace(last.sequence) != Some(last.sequence);
            let more = self.more_after(&last).await?;
            if !more && self.engine.heads().has_changed().is_err() {
                return Err(Setback::LogEnded);
            }
            if moved || !more {
                n_unmoved = 0;
                continue;
            }
            n_unmoved = n_unmoved.saturating_add(1);
            if n_unmoved >= UNMOVED_MAX {
                return Ok(last);
            }
        }
    }

    /// The stream's end, which is of this log.
    async fn last(&self) -> Result<Last, Setback> {
        let last = self.stream.last().await?;
        let opened = self.engine.opened().log;
        match last.cursor {
            Some(Cursor { log, position, .. }) if log != opened => {
                let problem = format!("it is at position {position} of the log {log}, and this is {opened}");
                Err(self.stream.other_log(&last, problem))
            }
            _ => Ok(last),
        }
    }

    /// Whether this log has items after the stream's last.
    async fn more_after(&self, last: &Last) -> Result<bool, Setback> {
        if self.engine.head().position < last.position() {
            return Ok(false);
        }
        let mut feed = self.follow(last)?;
        loop {
            let page = feed.page()?;
            let announced = |item: &Item| matches!(item, Item::Event(_) | Item::RatingChanged(_));
            if page.deliveries.iter().any(|delivery| announced(&delivery.item)) {
                return Ok(true);
            }
            if page.at_head {
                return Ok(false);
            }
            tokio::task::yield_now().await;
        }
    }

    /// The feed after the stream's last item, which this log has reached.
    fn follow(&self, last: &Last) -> Result<Feed, Setback> {
        let start = last.cursor.map_or(Start::After(Position::START), Start::Cursor);
        self.engine.follow(start, Filter::default()).map_err(|error| {
            if let engine::Error::Cursor { problem } = error {
                self.stream.other_log(last, problem)
            } else {
                error.into()
            }
        })
    }

    /// Sends everything after the stream's last item, and then what comes.
    async fn publish(&self, last: &Last) -> Result<(), Setback> {
        let mut heads = self.engine.heads();
        if heads.borrow().position < last.position() {
            self.report(Role::Behind, *last);
            self.reach(last, &mut heads).await?;
        }
        let mut feed = self.follow(last)?;
        self.report(Role::Announcing, *last);
        let mut sequence = last.sequence;
        let mut in_flight = VecDeque::with_capacity(IN_FLIGHT_MAX);
        loop {
            heads.mark_unchanged();
            let page = feed.page()?;
            for delivery in page.deliveries {
                let Some(message) = self.messages.of(delivery).map_err(Setback::Stop)? else { continue };
                if in_flight.len() == IN_FLIGHT_MAX {
                    self.confirm(in_flight.pop_front()).await?;
                }
                in_flight.push_back(self.stream.send(message, sequence).await?);
                sequence = sequence.saturating_add(1);
            }
            if !page.at_head {
                tokio::task::yield_now().await;
                continue;
            }
            while !in_flight.is_empty() {
                self.confirm(in_flight.pop_front()).await?;
            }
            match timeout(SILENCE, heads.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_log_ended)) => return Ok(()),
                Err(_silence) if self.last().await?.sequence == sequence => {}
                Err(_silence) => return Err(Setback::Outrun),
            }
        }
    }

    /// Waits until this log is where the stream is.
    async fn reach(&self, last: &Last, heads: &mut watch::Receiver<engine::log::Head>) -> Result<(), Setback> {
        let (stream, wanted) = (self.stream.name(), last.position());
        let head = self.engine.head().position;
        tracing::warn!(
            %stream, %wanted, %head,
            "the stream is ahead of this log, which waits for its records; if the log was restored, delete the stream"
        );
        let reached = heads.wait_for(|head| head.position >= wanted).await;
        reached.map(|_head| ()).map_err(|_log_ended| Setback::LogEnded)
    }

    /// Waits for an acknowledgement.
    async fn confirm(&self, sent: Option<Sent>) -> Result<(), Setback> {
        let Some(sent) = sent else { return Ok(()) };
        let last = sent.acknowledged().await?;
        self.report(Role::Announcing, last);
        Ok(())
    }

    fn report(&self, role: Role, last: Last) {
        self.progress.send_replace(Progress { role, announced: last.cursor, sequence: last.sequence });
    }
}

#[cfg(test)]
mod tests;
