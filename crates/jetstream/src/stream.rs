//! The stream of a log: what it is made of, what is last in it, and the one way in which something gets into it.

use std::error::Error as _;
use std::time::Duration;

use async_nats::client::RequestErrorKind;
use async_nats::jetstream::consumer::DeliverPolicy;
use async_nats::jetstream::consumer::pull::{Ordered, OrderedConfig};
use async_nats::jetstream::context::CreateStreamErrorKind;
use async_nats::jetstream::stream::{Config, DiscardPolicy, LastRawMessageErrorKind, StorageType};
use async_nats::jetstream::{self, ErrorCode, stream};
use async_nats::{HeaderMap, Request, header};
use serde::Deserialize;

use crate::connection::{Connection, REQUEST};
use crate::frame::{BATCH_FRAMES_MAX, FRAME_BYTES_MAX, Frame, NoFrame};
use crate::names::Names;

/// What JetStream does not do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such stream. Make it with `scorebook log reseed`.
    #[error(
        "there is no stream {stream}: see that the authority is the right one; make it, or make it again when it was lost, \
         with: scorebook log reseed (docs/OPERATIONS.md, “A cluster” and “A lost stream”)"
    )]
    None {
        /// Its name.
        stream: String,
    },
    /// Nobody answers, or not in time: no leader, no connection, or no permission to ask. Try again.
    #[error("JetStream does not answer while {doing}: see that a server is connected, and that this user may do so")]
    Unreachable {
        /// What was being done.
        doing: &'static str,
        /// What is known of why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// One server is no cluster. Ask for one copy, or connect to a cluster.
    #[error(
        "one NATS server by itself cannot keep {n_replicas} copies of a stream: give --replicas 1, or connect to a cluster"
    )]
    Alone {
        /// How many copies were asked for.
        n_replicas: usize,
    },
    /// Something else is in the stream than what a log is. Somebody else writes to its subject: find out who.
    #[error(
        "message {sequence} of stream {stream} is unusable: {reason} (docs/OPERATIONS.md, “A stray message in the stream”)"
    )]
    Foreign {
        /// The stream.
        stream: String,
        /// Which message.
        sequence: u64,
        /// What is wrong with it.
        reason: String,
    },
}

/// What the leader says of the stream's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tail {
    pub(crate) first_sequence: u64,
    /// 0 for an empty stream.
    pub(crate) last_sequence: u64,
    /// When the stream was made, in nanoseconds since 1970: another number means another stream.
    pub(crate) made: i128,
}

/// What became of what was published.
#[derive(Debug)]
pub(crate) enum Published {
    /// It is in the stream, and the last of it has this sequence.
    Stored(u64),
    /// Something else is there.
    Lost,
    /// The server refused it; it is not there.
    Refused(String),
    /// Nobody took it at this moment: there is no leader, or no stream. It is not there.
    Nobody,
    /// It may be there, or come yet.
    Unknown(String),
}

/// The stream of one authority's log. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Stream {
    connection: Connection,
    pub(crate) name: String,
    subject: String,
}

/// How long a publication may take, and how much longer for each MiB of it.
const PUBLISHING: Duration = Duration::from_secs(5);
const PUBLISHING_MEBIBYTE: Duration = Duration::from_millis(250);

fn unreachable<E>(doing: &'static str) -> impl FnOnce(E) -> Error
where
    E: std::error::Error + Send + Sync + 'static,
{
    move |error| Error::Unreachable { doing, source: Box::new(error) }
}

impl Stream {
    pub(crate) fn of(connection: &Connection, names: &Names) -> Self {
        Self { connection: connection.clone(), name: names.log_stream(), subject: names.log_subject() }
    }

    pub(crate) fn connected(&self) -> bool {
        self.connection.connected()
    }

    /// Makes the stream; one that is there already is left as it is.
    pub(crate) async fn make(&self, n_replicas: usize) -> Result<(), Error> {
        let config = Config {
            name: self.name.clone(),
            subjects: vec![self.subject.clone()],
            storage: StorageType::File,
            num_replicas: n_replicas,
            discard: DiscardPolicy::New,
            deny_delete: true,
            deny_purge: true,
            allow_atomic_publish: true,
            max_message_size: MESSAGE_BYTES_MAX,
            description: Some("the log of a scorebook: never edited, never shortened".to_owned()),
            ..Config::default()
        };
        let made = self.connection.context.create_stream(config).await;
        made.map(drop).map_err(|error| {
            if let CreateStreamErrorKind::JetStream(said) = error.kind()
                && said.error_code() == ErrorCode::STREAM_REPLICAS_NOT_SUPPORTED
            {
                return Error::Alone { n_replicas };
            }
            unreachable("making the stream")(error)
        })
    }

    /// The same stream, as only one who fills it writes to it.
    pub(crate) fn filling(&self) -> Self {
        Self { subject: format!("{}.filling", self.subject), ..self.clone() }
    }

    /// From now on the stream takes what is published to this subject, and nothing else.
    pub(crate) async fn open(&self) -> Result<(), Error> {
        let info = self.handle().await?.get_info().await.map_err(unreachable("asking for the stream's settings"))?;
        let config = Config { subjects: vec![self.subject.clone()], ..info.config };
        self.connection
            .context
            .update_stream(config)
            .await
            .map(drop)
            .map_err(unreachable("changing the stream's subject"))
    }

    async fn handle(&self) -> Result<stream::Stream<()>, Error> {
        self.connection.context.get_stream_no_info(&self.name).await.map_err(unreachable("asking for the stream"))
    }

    /// The end of the stream, as its leader says.
    pub(crate) async fn tail(&self) -> Result<Tail, Error> {
        let info = self.handle().await?.get_info().await.map_err(|error| {
            let said: Option<&jetstream::Error> = error.source().and_then(|source| source.downcast_ref());
            if said.is_some_and(|said| said.error_code() == ErrorCode::STREAM_NOT_FOUND) {
                return Error::None { stream: self.name.clone() };
            }
            unreachable("asking for the end of the stream")(error)
        })?;
        Ok(Tail {
            first_sequence: info.state.first_sequence,
            last_sequence: info.state.last_sequence,
            made: info.created.unix_timestamp_nanos(),
        })
    }

    /// The frame with a sequence, from the leader.
    pub(crate) async fn frame(&self, sequence: u64) -> Result<Frame, Error> {
        let message = self.handle().await?.get_raw_message(sequence).await.map_err(|error| {
            if matches!(error.kind(), LastRawMessageErrorKind::NoMessageFound) {
                self.foreign(sequence, "it is not there")
            } else {
                unreachable("asking for a message")(error)
            }
        })?;
        self.read(sequence, &message.headers, message.payload)
    }

    pub(crate) fn read(&self, sequence: u64, headers: &HeaderMap, payload: bytes::Bytes) -> Result<Frame, Error> {
        Frame::read(headers, payload).map_err(|error: NoFrame| self.foreign(sequence, &error.to_string()))
    }

    pub(crate) fn foreign(&self, sequence: u64, reason: &str) -> Error {
        Error::Foreign { stream: self.name.clone(), sequence, reason: reason.to_owned() }
    }

    /// The messages after a sequence, in order, for as long as they are wanted.
    pub(crate) async fn follow(&self, after: u64) -> Result<Ordered, Error> {
        let config = OrderedConfig {
            deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: after.saturating_add(1) },
            ..OrderedConfig::default()
        };
        let consumer = self.handle().await?.create_consumer(config).await.map_err(unreachable("following"))?;
        consumer.messages().await.map_err(unreachable("following"))
    }

    /// Publishes frames after a sequence: all of them are in the stream then, or none.
    pub(crate) async fn publish(&self, after: u64, frames: &[Frame]) -> Published {
        match frames {
            [] => Published::Stored(after),
            [frame] => {
                let headers = self.fenced(frame, after);
                self.send(headers, frame, frames).await
            }
            _ if frames.len() > BATCH_FRAMES_MAX => {
                Published::Refused(format!("{} messages at once; at most {BATCH_FRAMES_MAX}", frames.len()))
            }
            _ => {
                // While no server is connected, what is to be sent waits for its place.
                let all = self.publish_batch(after, frames);
                let Ok(published) = tokio::time::timeout(patience(frames).saturating_add(REQUEST), all).await else {
                    return Published::Unknown("it could not be sent".to_owned());
                };
                published
            }
        }
    }

    async fn publish_batch(&self, after: u64, frames: &[Frame]) -> Published {
        let batch = self.connection.client.new_inbox();
        let batch = batch.rsplit('.').next().unwrap_or(&batch).to_owned();
        let Some((last, others)) = frames.split_last() else { return Published::Stored(after) };
        for (n, frame) in (1_u64..).zip(others) {
            let mut headers = if n == 1 { self.fenced(frame, after) } else { frame.headers() };
            headers.insert(header::NATS_BATCH_ID, batch.as_str());
            headers.insert(header::NATS_BATCH_SEQUENCE, n.to_string());
            if n == 1 {
                // Answered with nothing, or with why not.
                let begun = self.send(headers, frame, std::slice::from_ref(frame)).await;
                if !matches!(begun, Published::Stored(_)) {
                    return begun;
                }
            } else {
                let sent = self
                    .connection
                    .client
                    .publish_with_headers(self.subject.clone(), headers, frame.payload.clone())
                    .await;
                if let Err(error) = sent {
                    // Without its end the batch is abandoned.
                    return Published::Refused(error.to_string());
                }
            }
        }
        let mut headers = last.headers();
        headers.insert(header::NATS_BATCH_ID, batch.as_str());
        headers.insert(header::NATS_BATCH_SEQUENCE, frames.len().to_string());
        headers.insert(header::NATS_BATCH_COMMIT, header::NATS_BATCH_COMMIT_FINAL);
        self.send(headers, last, frames).await
    }

    fn fenced(&self, frame: &Frame, after: u64) -> HeaderMap {
        let mut headers = frame.headers();
        headers.insert(header::NATS_EXPECTED_STREAM, self.name.as_str());
        headers.insert(header::NATS_EXPECTED_LAST_SEQUENCE, after.to_string());
        headers
    }

    /// Sends one message and waits for its answer, the longer the more was sent before it.
    async fn send(&self, headers: HeaderMap, frame: &Frame, sent: &[Frame]) -> Published {
        let timeout = patience(sent);
        let request = Request::new().headers(headers).payload(frame.payload.clone()).timeout(Some(timeout));
        let sent = self.connection.client.send_request(self.subject.clone(), request);
        // While no server is connected, what is to be sent waits for its place, which the request's own time is not for.
        let Ok(answered) = tokio::time::timeout(timeout.saturating_add(REQUEST), sent).await else {
            return Published::Unknown("it could not be sent".to_owned());
        };
        match answered {
            Ok(answer) => read_answer(&answer.payload),
            // Nobody took it: there is no stream, or no leader at this moment.
            Err(error) if error.kind() == RequestErrorKind::NoResponders => Published::Nobody,
            Err(error) => Published::Unknown(error.to_string()),
        }
    }
}

/// How long frames may take to be stored, or to be followed: the longer the more there are.
pub(crate) fn patience(frames: &[Frame]) -> Duration {
    let n_bytes: usize = frames.iter().map(|frame| frame.payload.len()).sum();
    let n_mebibytes = u32::try_from(n_bytes >> 20).unwrap_or(u32::MAX);
    PUBLISHING.saturating_add(PUBLISHING_MEBIBYTE.saturating_mul(n_mebibytes))
}

/// The largest message with its headers, in bytes.
const MESSAGE_BYTES_MAX: i32 = 512 * 1024;
const _: () = assert!(FRAME_BYTES_MAX < 512 * 1024, "a frame and its headers are one message");

/// An acknowledgement, or a refusal.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    seq: u64,
    #[serde(default)]
    error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    err_code: u64,
    #[serde(default)]
    description: String,
}

/// The codes of “wrong last sequence”: with the number, and while another is being decided.
const WRONG_LAST: [u64; 2] = [10_071, 10_164];
/// The code of a batch of which a part is missing: its leader has changed meanwhile, and nothing of it is there.
const INCOMPLETE: u64 = 10_176;

fn read_answer(payload: &[u8]) -> Published {
    if payload.is_empty() {
        return Published::Stored(0);
    }
    match serde_json::from_slice(payload) {
        Ok(Answer { error: Some(Refusal { err_code, .. }), .. }) if WRONG_LAST.contains(&err_code) => Published::Lost,
        Ok(Answer { error: Some(Refusal { err_code: INCOMPLETE, .. }), .. }) => Published::Nobody,
        Ok(Answer { error: Some(Refusal { err_code, description }), .. }) => {
            Published::Refused(format!("{description} (JetStream error {err_code})"))
        }
        Ok(Answer { seq, error: None }) => Published::Stored(seq),
        Err(error) => Published::Unknown(format!("its answer cannot be read: {error}")),
    }
}
