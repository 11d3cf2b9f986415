//! A council with its log on sled, and what is in the stream of its feed.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use domain::{Position, Submission};
use engine::feed::{Filter, Item, Start};
use engine::log::EventLog;
use engine::permissions::Permissions;
use engine::submission::Request;
use engine::{Engine, log};
use journal::Journal;
use simulator::nats::Nats;
use simulator::world::{BEGIN_MICROS, World, instant};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle as Task;
use tokio::time::timeout;
use wire::cloud_event::CloudEvents;
use wire::feed::ChangedBy;

use crate::announce::{Announcer, Error, Options, Progress};
use crate::{Connection, Credentials, Names};

/// How long anything may take, under the load of all other tests.
const SOON: Duration = Duration::from_secs(25);

pub(super) struct Council {
    pub(super) engine: Engine,
    _writer: JoinHandle<Result<(), log::Error>>,
    /// What is not put in yet.
    later: VecDeque<Submission>,
    _dir: TempDir,
}

/// What a consumer sees of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) subject: String,
    pub(super) headers: BTreeMap<String, Vec<String>>,
    pub(super) json: String,
}

impl Council {
    /// A log with the first part of a world in it; the other part can be put in later.
    pub(super) fn grown(seed: u64, n_submissions: usize) -> Self {
        let world = World::grown(seed, n_submissions);
        let dir = tempfile::tempdir().expect("a folder");
        let log = Journal::open(&journal::Options::new(dir.path())).expect("a journal");
        // The opening commit belongs to no submission.
        let n_first = world.submissions.len() / 2;
        log.append(Position::START, &world.commits[..=n_first]).expect("it is appended");
        let later = world.submissions[n_first..].iter().cloned().collect();
        let options = engine::Options {
            clock: Arc::new(|| instant(BEGIN_MICROS + 1_000_000)),
            permissions: Permissions::local(),
            elsewhere: None,
            newest_format: log::FORMAT,
        };
        let (engine, writer) = Engine::start(Arc::new(log), options).expect("an engine");
        let writer = std::thread::spawn(move || writer.run());
        Self { engine, _writer: writer, later, _dir: dir }
    }

    /// Puts in some of what comes later: what is refused is left out.
    pub(super) async fn grow(&mut self, n_commits: usize) {
        let mut n_left = n_commits;
        while n_left > 0 {
            let before = self.engine.head().position;
            let submission = self.later.pop_front().expect("the world is large enough");
            let request = Request {
                id: Some(submission.id),
                digest: submission.digest,
                actor: submission.actor,
                known_at: None,
                why: domain::result::Why::default(),
                files: Vec::new(),
                instructions: submission.instructions,
                set_aside: false,
                accept_withdrawals: None,
                expected: None,
            };
            match self.engine.record(self.engine.prepare(request).expect("it is read")).await {
                Ok(_) if self.engine.head().position > before => n_left -= 1,
                Ok(_) | Err(engine::Error::Refused(_)) => {}
                Err(error) => panic!("it is not recorded: {error}"),
            }
        }
    }

    pub(super) fn names(&self) -> Names {
        Names::of(&self.engine.opened().authority)
    }

    /// The feed from its beginning, as it is to be in the stream.
    pub(super) fn feed(&self) -> Vec<Seen> {
        let log = self.engine.opened().log;
        let (words, names) = (CloudEvents::new(self.engine.opened()).expect("the contract"), self.names());
        let mut feed = self.engine.follow(Start::After(Position::START), Filter::default()).expect("a feed");
        let mut all = Vec::new();
        loop {
            let page = feed.page().expect("a page");
            for delivery in page.deliveries {
                let (subject, event) = match delivery.item {
                    Item::Event(record) => {
                        let measure = engine::feed::measure(&record.event);
                        (names.event_subject(record.event.name(), measure), words.event(&record, measure))
                    }
                    Item::RatingChanged(it) => {
                        let engine::feed::Changed { position, ordinal, recorded_at, submission, change } = *it;
                        let by = ChangedBy { position, ordinal, recorded_at, submission };
                        let measure = &change.after.cell.series.measure;
                        (names.rating_subject(measure), words.rating_changed(by, &change))
                    }
                    Item::CaughtUp | Item::Progress => continue,
                };
                let cursor = delivery.cursor;
                let headers = [
                    ("Content-Type", "application/cloudevents+json".to_owned()),
                    ("Nats-Expected-Last-Sequence", all.len().to_string()),
                    ("Nats-Expected-Stream", names.feed_stream()),
                    ("Nats-Msg-Id", format!("{log}/{}.{}", cursor.position, cursor.ordinal)),
                    ("Scorebook-Cursor", cursor.to_string()),
                ];
                let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), vec![value])).collect();
                all.push(Seen { subject, headers, json: event.json });
            }
            if page.at_head {
                return all;
            }
        }
    }

    /// An announcer over a connection of its own.
    pub(super) async fn announce(&self, nats: &Nats) -> Running {
        let connection = connect(nats).await;
        let options = Options { n_replicas: nats.n_servers() };
        let announcer = Announcer::new(self.engine.clone(), connection, &self.names(), options).expect("an announcer");
        let progress = announcer.progress();
        let (stop, stopping) = watch::channel(false);
        Running { task: tokio::spawn(announcer.run(stopping)), progress, stop }
    }

    /// What is in the stream, by its sequences from 1; none may be missing.
    pub(super) async fn seen(&self, nats: &Nats) -> Vec<Seen> {
        let connection = connect(nats).await;
        let stream = connection.context.get_stream(self.names().feed_stream()).await.expect("the stream is there");
        let mut all = Vec::new();
        for sequence in 1..=stream.cached_info().state.last_sequence {
            let message = stream.get_raw_message(sequence).await.expect("every message is there");
            let text = |value: &async_nats::HeaderValue| value.as_str().to_owned();
            let headers = message.headers.iter();
            let headers = headers.map(|(name, values)| (name.to_string(), values.iter().map(text).collect())).collect();
            let json = String::from_utf8(message.payload.to_vec()).expect("JSON is text");
            all.push(Seen { subject: message.subject.to_string(), headers, json });
        }
        all
    }

    /// The stream is the feed, from the beginning to its end: nothing missing, nothing twice, nothing else.
    #[track_caller]
    pub(super) fn check(&self, seen: &[Seen]) {
        let feed = self.feed();
        for (sequence, (seen, expected)) in (1..).zip(seen.iter().zip(&feed)) {
            assert_eq!(seen, expected, "at sequence {sequence}");
        }
        assert_eq!(seen.len(), feed.len());
    }
}

/// A running announcer, which ends with this.
pub(super) struct Running {
    pub(super) task: Task<Result<(), Error>>,
    pub(super) progress: watch::Receiver<Progress>,
    pub(super) stop: watch::Sender<bool>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Running {
    /// Waits for something about its progress.
    pub(super) async fn until(&mut self, what: &str, reached: impl FnMut(&Progress) -> bool) -> Progress {
        let waited = timeout(SOON, self.progress.wait_for(reached)).await;
        let Ok(waited) = waited.map(|it| it.map(|progress| *progress)) else {
            panic!("{what} did not come about: {:?}", *self.progress.borrow());
        };
        let Ok(progress) = waited else {
            panic!("it ended before {what}: {:?}", (&mut self.task).await);
        };
        progress
    }

    /// Waits until so many items are announced.
    pub(super) async fn reach(&mut self, n_items: usize) {
        let wanted = u64::try_from(n_items).expect("a few");
        self.until("the end of the feed", |progress| progress.sequence >= wanted).await;
    }

    /// How it ended by itself.
    pub(super) async fn ended(mut self) -> Result<(), Error> {
        timeout(SOON, &mut self.task).await.expect("it ends in time").expect("it does not panic")
    }
}

pub(super) async fn connect(nats: &Nats) -> Connection {
    let options = crate::Options {
        servers: nats.addresses(),
        name: "test".to_owned(),
        credentials: Credentials::None,
        tls: None,
    };
    Connection::open(&options).await.expect("a connection")
}
