//! The stream of the public feed: made, read at its end, and written at its end only.

use std::error::Error as _;
use std::time::Duration;

use async_nats::jetstream::context::{PublishAckFuture, PublishError, PublishErrorKind};
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType, Stream};
use async_nats::jetstream::{self, Context, ContextBuilder, ErrorCode};
use domain::Position;
use engine::feed::Cursor;

use super::message::Message;
use super::{Error, IN_FLIGHT_MAX, MESSAGE_BYTES_MAX, Setback};
use crate::{Connection, Names};

/// The header with an item's cursor.
const CURSOR: &str = "Scorebook-Cursor";
/// How long an acknowledgement may take after the one before it. A server that was killed never gives it.
const ACKNOWLEDGED: Duration = Duration::from_secs(2);
/// How long the server remembers message identifiers. The sequence keeps a message from being taken twice, for ever; this
/// costs the server memory, and is as short as is of any use to who looks at it.
const DUPLICATE_WINDOW: Duration = Duration::from_secs(1);

/// The stream.
pub(super) struct FeedStream {
    connection: Connection,
    /// For publishing: its own bound on what is in flight, so that no other user of the connection is in the way.
    publishing: Context,
    config: Config,
}

/// The stream's end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Last {
    /// Of the last message; 0 when there is none.
    pub(super) sequence: u64,
    /// What it carries.
    pub(super) cursor: Option<Cursor>,
}

impl Last {
    /// Where in the log it is.
    pub(super) fn position(&self) -> Position {
        self.cursor.map_or(Position::START, |cursor| cursor.position)
    }
}

/// A message on its way.
pub(super) struct Sent {
    last: Last,
    ack: PublishAckFuture,
}

impl Sent {
    /// Waits until it is the stream's last message.
    pub(super) async fn acknowledged(self) -> Result<Last, Setback> {
        let ack = self.ack.await.map_err(setback)?;
        // It was there before, by its identifier, in another place.
        if ack.sequence != self.last.sequence {
            return Err(Setback::Outrun);
        }
        Ok(self.last)
    }
}

impl FeedStream {
    pub(super) fn new(connection: Connection, names: &Names, n_replicas: usize) -> Self {
        let config = Config {
            name: names.feed_stream(),
            description: Some("Scorebook's public feed; rebuilt from the log when it is deleted".to_owned()),
            subjects: names.feed_subjects().to_vec(),
            storage: StorageType::File,
            retention: RetentionPolicy::Limits,
            discard: DiscardPolicy::New,
            num_replicas: n_replicas,
            duplicate_window: DUPLICATE_WINDOW,
            allow_direct: true,
            deny_delete: true,
            deny_purge: true,
            ..Config::default()
        };
        let publishing = ContextBuilder::new()
            .timeout(ACKNOWLEDGED)
            .ack_timeout(ACKNOWLEDGED)
            .max_ack_inflight(IN_FLIGHT_MAX)
            .backpressure_on_inflight(true)
            .build(connection.client.clone());
        Self { connection, publishing, config }
    }

    pub(super) fn name(&self) -> &str {
        &self.config.name
    }

    #[cfg(test)]
    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    /// Its end, by the leader's own answers; it is made when it is not there. A direct get would ask any replica, which may
    /// be behind. A leader that is behind all the same does no harm: what is sent after an earlier message is refused.
    pub(super) async fn last(&self) -> Result<Last, Setback> {
        let max = self.connection.message_bytes_max();
        if max < MESSAGE_BYTES_MAX {
            return Err(Setback::Stop(Error::Server { max, needed: MESSAGE_BYTES_MAX }));
        }
        let context = &self.connection.context;
        let stream = context.get_or_create_stream(self.config.clone()).await.map_err(lost)?;
        let info = stream.cached_info();
        if let Some(problem) = self.differs(&info.config) {
            return Err(self.spoilt(problem));
        }
        let sequence = info.state.last_sequence;
        if info.state.messages != sequence {
            return Err(self.spoilt(format!("has {} messages up to sequence {sequence}", info.state.messages)));
        }
        if sequence == 0 {
            return Ok(Last { sequence, cursor: None });
        }
        let cursor = self.cursor(&stream, sequence).await?;
        Ok(Last { sequence, cursor: Some(cursor) })
    }

    async fn cursor(&self, stream: &Stream, sequence: u64) -> Result<Cursor, Setback> {
        let message = stream.get_raw_message(sequence).await.map_err(lost)?;
        let cursor = message.headers.get_last(CURSOR).and_then(|cursor| cursor.as_str().parse().ok());
        cursor.ok_or_else(|| self.spoilt(format!("has a message {sequence} that is none of the feed's")))
    }

    /// In what a stream that was there is of no use. Its replicas, placement and compression are the operator's.
    fn differs(&self, found: &Config) -> Option<String> {
        let sorted = |config: &Config| {
            let mut subjects = config.subjects.clone();
            subjects.sort();
            subjects
        };
        let limited = found.max_bytes > 0 || found.max_messages > 0 || found.max_messages_per_subject > 0;
        if sorted(found) != sorted(&self.config) {
            Some(format!("takes the subjects {}", found.subjects.join(", ")))
        } else if limited || !found.max_age.is_zero() || found.retention != RetentionPolicy::Limits {
            Some("does not keep every message".to_owned())
        } else if found.storage != StorageType::File {
            Some("is not kept in files".to_owned())
        } else {
            None
        }
    }

    fn spoilt(&self, problem: String) -> Setback {
        Setback::Stop(Error::Stream { stream: self.config.name.clone(), problem })
    }

    pub(super) fn other_log(&self, last: &Last, problem: String) -> Setback {
        Setback::Stop(Error::OtherLog { stream: self.config.name.clone(), sequence: last.sequence, problem })
    }

    /// Sends a message that is to be the next after a sequence.
    pub(super) async fn send(&self, message: Message, after: u64) -> Result<Sent, Setback> {
        let Message { subject, id, cursor, json } = message;
        let publish = PublishMessage::build()
            .payload(json.into())
            .message_id(id)
            .expected_stream(&self.config.name)
            .expected_last_sequence(after)
            .header("Content-Type", "application/cloudevents+json")
            .header(CURSOR, cursor.to_string().as_str());
        let ack = self.publishing.send_publish(subject, publish).await.map_err(setback)?;
        Ok(Sent { last: Last { sequence: after.saturating_add(1), cursor: Some(cursor) }, ack })
    }
}

fn lost(error: impl std::error::Error + Send + Sync + 'static) -> Setback {
    Setback::Lost(Box::new(error))
}

/// What a refusal means. Where the server gives no answer, or another refusal, nobody knows.
fn setback(error: PublishError) -> Setback {
    let code =
        error.source().and_then(|source| source.downcast_ref::<jetstream::Error>()).map(jetstream::Error::error_code);
    let outrun = error.kind() == PublishErrorKind::WrongLastSequence
        || code == Some(ErrorCode::STREAM_WRONG_LAST_SEQUENCE_CONSTANT);
    if outrun { Setback::Outrun } else { lost(error) }
}
