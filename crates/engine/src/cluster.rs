//! The nodes that keep one log together, as one of them knows them: what an adapter shows of the cluster. Who finds it out
//! is not known here; where one process has the log to itself, that is the whole cluster ([`View::alone`]).

use std::sync::Arc;
use std::time::Duration;

use domain::{Digest, LogId, Position, Timestamp};

use crate::Engine;
use crate::log::Head;

/// Gives the cluster as it is known at this moment. Cost: a look at the log's head and at its disk.
pub type Provider = Arc<dyn Fn() -> View + Send + Sync>;

/// What the one node is called where one process has the log to itself.
pub const ALONE: &str = "local";
/// The role of a node that does everything.
pub const ALL: &str = "all";

/// The nodes, and what is wrong with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The node that answers first, then the others by name.
    pub nodes: Vec<Node>,
    /// What whoever runs the nodes should see to, a sentence each without a full stop, the gravest first.
    pub problems: Vec<String>,
}

/// One node, as it said of itself when it was last heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name, which stays over restarts.
    pub name: String,
    /// Which start of it this is; `None` where one process has the log to itself.
    pub run: Option<[u8; 16]>,
    /// True for the node that answers.
    pub answers: bool,
    /// What it does: `ingest`, `ratings`, `reporting` or [`ALL`]; a newer node may say other words.
    pub roles: Vec<String>,
    /// The program's version.
    pub version: String,
    /// The newest record format that it can read and write; `None` when it does not say.
    pub format: Option<u32>,
    /// Which log it keeps; `None` for none yet.
    pub log: Option<LogId>,
    /// The last position of its log.
    pub position: Position,
    /// The chain there; `None` when it does not say.
    pub chain: Option<Digest>,
    /// When the last record was taken in.
    pub recorded_at: Option<Timestamp>,
    /// How many records it is behind the node of this log that is the furthest.
    pub lag: u64,
    /// Up to where its chain was compared with that of the node that answers, and is the same.
    pub agreed: Position,
    /// The last sequence number of the shared log's stream that it has followed.
    pub followed: Option<u64>,
    /// How long ago it was heard; `None` for the node that answers.
    pub heard_ago: Option<Duration>,
    /// By how many microseconds its clock was ahead of the answering node's when it was heard; negative for behind.
    pub clock_ahead_micros: Option<i64>,
    /// How it is doing.
    pub state: State,
    /// Why it records nothing, in a sentence without a full stop; `None` when it does.
    pub stopped: Option<String>,
    /// Where it answers gRPC.
    pub listen: Option<String>,
}

/// How a node is doing, as far as the one that answers can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It was heard lately, and records.
    Live,
    /// It was heard lately, and says that it records nothing.
    Stopped,
    /// It was not heard lately.
    Silent,
    /// It has another log, or another chain at a position, than the node that answers.
    Disagrees,
}

impl View {
    /// The one node there is, where one process has the log to itself.
    pub fn alone(engine: &Engine, version: &str) -> Self {
        let Head { position, chain, recorded_at } = engine.head();
        let stopped = engine.stopped();
        let node = Node {
            name: ALONE.to_owned(),
            run: None,
            answers: true,
            roles: vec![ALL.to_owned()],
            version: version.to_owned(),
            format: Some(engine.newest_format().into()),
            log: Some(engine.opened().log),
            position,
            chain: Some(chain),
            recorded_at,
            lag: 0,
            agreed: Position::START,
            followed: None,
            heard_ago: None,
            clock_ahead_micros: None,
            state: if stopped.is_some() { State::Stopped } else { State::Live },
            stopped,
            listen: None,
        };
        let damage = engine.damage().map(|damage| damage.to_string());
        Self { nodes: vec![node], problems: damage.into_iter().chain(engine.warnings()).collect() }
    }
}
