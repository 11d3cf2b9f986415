//! Speaking and listening: the table fed from NATS, and the own log compared.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use async_nats::{Message, SubscribeError};
use domain::{Digest, Event, LogId, Position};
use engine::cluster::View;
use engine::log::{EventLog, Head};
use engine::writer::Clock;
use futures_util::StreamExt as _;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior};

use super::comparison::Disagreement;
use super::statement::{Statement, are_roles, is_name};
use super::table::{Now, Table};
use super::view::Formats;
use crate::{Connection, Names, names};

/// How often a node looks at its log, compares, and speaks where there is something new; no statement comes sooner after
/// another.
const LOOKS: Duration = Duration::from_millis(200);
/// How often it speaks when there is nothing new.
const SPEAKS: Duration = Duration::from_secs(2);

/// Gives what stops the node's writes besides its log and a disagreement, and how far it has followed the stream.
pub type Beside = Arc<dyn Fn() -> (Option<String>, Option<u64>) + Send + Sync>;

/// What a node is.
#[derive(Clone)]
pub struct Options {
    /// Its name, which stays over restarts: 1 to 64 bytes of letters, digits, `-`, `_` and `.`, no other node's.
    pub name: String,
    /// Sixteen random bytes, of this start alone.
    pub run: [u8; 16],
    /// What it does: `ingest`, `ratings`, `reporting`, or `all`.
    pub roles: Vec<String>,
    /// The program's version.
    pub version: String,
    /// The newest record format that it reads and writes.
    pub format: u32,
    /// Where it answers gRPC.
    pub listen: Option<String>,
    /// The clock.
    pub clock: Clock,
    /// The node's own journal.
    pub log: Arc<dyn EventLog>,
    /// Why nothing is recorded (`None` when the log alone decides that), and the last sequence number that is followed.
    pub beside: Beside,
}

/// Why a node cannot take part.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The node's own name or roles cannot be used. Correct them.
    #[error("{value:?} cannot be a node's {what}; use letters, digits, '-', '_' and '.', at most 64")]
    Name {
        /// `name` or `role`.
        what: &'static str,
        /// As given.
        value: String,
    },
    /// The others cannot be listened to. Connect anew.
    #[error("the nodes' subjects cannot be listened to")]
    Subscribe(#[source] SubscribeError),
    /// The connection is closed for good. Connect anew.
    #[error("the connection to NATS is closed")]
    Closed,
}

/// What is known of the cluster. Cheap to clone.
#[derive(Clone)]
pub struct Nodes {
    shared: Arc<Shared>,
}

struct Shared {
    options: Options,
    table: Mutex<Table>,
    /// Known from the first record on.
    log_id: OnceLock<LogId>,
    disagreement: watch::Sender<Option<Disagreement>>,
}

/// Speaks and listens while it runs.
pub struct Service {
    connection: Connection,
    names: Names,
    shared: Arc<Shared>,
    /// What was last said, and when.
    said: Option<(Position, Instant)>,
    /// Whether another node has asked since.
    asked: bool,
}

impl Service {
    /// A node's part in the cluster, to be run, and what it finds out.
    ///
    /// # Errors
    /// [`Error::Name`].
    pub fn new(connection: Connection, names: Names, options: Options) -> Result<(Self, Nodes), Error> {
        if !is_name(&options.name) {
            return Err(Error::Name { what: "name", value: options.name });
        }
        if !are_roles(&options.roles) {
            return Err(Error::Name { what: "role", value: options.roles.join(", ") });
        }
        let table = Mutex::new(Table::new(&options.name, options.run));
        let (disagreement, _) = watch::channel(None);
        let shared = Arc::new(Shared { options, table, log_id: OnceLock::new(), disagreement });
        let nodes = Nodes { shared: Arc::clone(&shared) };
        Ok((Self { connection, names, shared, said: None, asked: false }, nodes))
    }

    /// Speaks and listens until `stopping` is true or its sender is gone.
    ///
    /// # Errors
    /// [`Error::Subscribe`]; [`Error::Closed`].
    pub async fn run(mut self, mut stopping: watch::Receiver<bool>) -> Result<(), Error> {
        let all = self.names.node_subject("*");
        let mut messages = self.connection.client.subscribe(all).await.map_err(Error::Subscribe)?;
        let mut looks = tokio::time::interval(LOOKS);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _told_or_gone = async { stopping.wait_for(|stop| *stop).await.is_ok() } => return Ok(()),
                _instant = looks.tick() => self.look().await,
                message = messages.next() => self.hear(&message.ok_or(Error::Closed)?),
            }
        }
    }

    fn hear(&mut self, message: &Message) {
        let now = self.shared.now();
        match read(message) {
            Ok(said) => {
                self.asked |= said.asks && said.run != self.shared.options.run;
                self.shared.table().heard(said, now);
            }
            Err(why) => self.shared.table().heard_noise(why, now.at),
        }
    }

    /// Compares what can be compared, and speaks when it is time.
    async fn look(&mut self) {
        let shared = Arc::clone(&self.shared);
        let compared = tokio::task::spawn_blocking(move || shared.compare()).await;
        let Ok(head) = compared else {
            tracing::error!("comparing the log with the other nodes' failed");
            return;
        };
        let now = Instant::now();
        let connected = self.connection.connected();
        self.shared.table().turn(connected, now);
        let due = match self.said {
            None => true,
            Some((position, at)) => {
                self.asked || position != head.position || now.saturating_duration_since(at) >= SPEAKS
            }
        };
        if due && connected {
            self.speak(head, now).await;
        }
    }

    async fn speak(&mut self, head: Head, now: Instant) {
        let said = Statement { asks: self.said.is_none(), ..self.shared.statement(head) };
        let subject = self.names.node_subject(&names::token(&said.node));
        let sending = self.connection.client.publish(subject, said.encode().into());
        match tokio::time::timeout(LOOKS, sending).await {
            Ok(Ok(())) => {
                self.said = Some((head.position, now));
                self.asked = false;
            }
            Ok(Err(error)) => tracing::warn!(%error, "the other nodes cannot be spoken to"),
            // The connection has just been lost, and its queue is full.
            Err(_elapsed) => tracing::debug!("the other nodes cannot be spoken to in time"),
        }
    }
}

/// What a message says, from the one who may say it on that subject.
fn read(message: &Message) -> Result<Statement, String> {
    let subject = message.subject.as_str();
    let said = Statement::decode(&message.payload).map_err(|error| format!("on {subject}: {error}"))?;
    let own = subject.rsplit('.').next() == Some(names::token(&said.node).as_str());
    if own { Ok(said) } else { Err(format!("on {subject}: it is of node {}", said.node)) }
}

impl Nodes {
    /// The cluster as it is known now, this node first. Cost: a look at the log's head and at its disk.
    pub fn view(&self) -> View {
        let own = self.shared.statement(self.shared.options.log.head());
        self.shared.table().view(&own, self.shared.now())
    }

    /// The first disagreement, once there is one; it stays until the node is started again.
    pub fn disagreement(&self) -> watch::Receiver<Option<Disagreement>> {
        self.shared.disagreement.subscribe()
    }

    /// Which record formats the live nodes can read and write.
    pub fn live_formats(&self) -> Formats {
        self.shared.table().formats(self.shared.options.format, Instant::now())
    }
}

impl Shared {
    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Now {
        Now { at: Instant::now(), clock: (self.options.clock)() }
    }

    /// What this node says of itself at a head.
    fn statement(&self, head: Head) -> Statement {
        let Options { name, run, roles, version, format, listen, clock, log, beside } = self.options.clone();
        let disagreement = self.disagreement.borrow().as_ref().map(ToString::to_string);
        let (stopped, followed) = beside();
        Statement {
            node: name,
            run,
            asks: false,
            roles,
            version,
            format: Some(format),
            log: self.log_id.get().copied(),
            position: head.position,
            chain: Some(head.chain),
            followed,
            recorded_at: head.recorded_at,
            now: clock(),
            stopped: disagreement.or_else(|| engine::log::stopped(log.as_ref())).or(stopped),
            listen,
        }
    }

    /// Compares what the others have said with the own log, and gives its head. Reads the log: not for an async thread.
    fn compare(&self) -> Head {
        let log = self.options.log.as_ref();
        let head = log.head();
        if self.log_id.get().is_none()
            && let Some(id) = first_record(log)
        {
            self.log_id.get_or_init(|| id);
        }
        let wanted = self.table().wanted(head.position);
        let chains = wanted.into_iter().filter_map(|position| Some((position, chain(log, &head, position)?)));
        let chains: BTreeMap<Position, Digest> = chains.collect();
        let found = self.table().compare(self.log_id.get().copied(), &chains);
        if let Some(found) = found {
            tracing::error!("{found}");
            self.disagreement.send_if_modified(|first| {
                let new = first.is_none();
                first.get_or_insert(found);
                new
            });
        }
        head
    }
}

/// Which log it is, once it has begun.
fn first_record(log: &dyn EventLog) -> Option<LogId> {
    let records = log.read(Position::START, 1).ok()?;
    if let Event::LogOpened(opened) = &records.first()?.event { Some(opened.log) } else { None }
}

/// The own chain at a position; `None` where it cannot be read, which the log says for itself.
fn chain(log: &dyn EventLog, head: &Head, position: Position) -> Option<Digest> {
    if position == head.position {
        return Some(head.chain);
    }
    log.chain_at(position).unwrap_or_else(|error| {
        tracing::debug!(%error, "the chain at position {position} cannot be read, to compare it with another node's");
        None
    })
}
