//! What is known of the other nodes. Pure: it reads no clock and hears nobody by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::{Digest, LogId, Position, Timestamp};
use tokio::time::Instant;

use super::comparison::{Claims, Difference, Disagreement, Point};
use super::statement::Statement;

/// How many other nodes are kept at the most.
pub const NODES_MAX: usize = 256;
/// How long after it was heard a node is live.
pub const LIVE: Duration = Duration::from_secs(10);
/// How long after it was heard a node is forgotten.
pub const FORGOTTEN: Duration = Duration::from_mins(10);
/// How many starts of one node are told apart.
const RUNS_MAX: usize = 4;

/// An instant on both clocks: one that only goes on, and the one that people set.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// For how long ago something was.
    pub at: Instant,
    /// For what the time is.
    pub clock: Timestamp,
}

/// The other nodes, as they were heard. At most [`NODES_MAX`]; what is refused is counted.
#[derive(Debug)]
pub struct Table {
    pub(super) own: Own,
    pub(super) entries: BTreeMap<String, Entry>,
    /// Messages that were no statements.
    pub(super) unread: Refused,
    /// Statements of nodes for which there was no room.
    pub(super) unlisted: Refused,
    /// Since when this node hears the others; `None` while it is cut off.
    pub(super) hears_since: Option<Instant>,
}

/// Which node's table it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Own {
    pub(super) name: String,
    pub(super) run: [u8; 16],
}

/// One other node. It may have this node's own name, when two have.
#[derive(Debug)]
pub(super) struct Entry {
    /// What it said last.
    pub(super) said: Statement,
    /// When.
    pub(super) heard: Instant,
    /// By how much its clock was ahead then, in microseconds.
    pub(super) ahead_micros: i64,
    pub(super) claims: Claims,
    /// The first that was found.
    pub(super) disagreement: Option<Disagreement>,
    /// Its starts, each with when it was heard last; the newest last.
    runs: Vec<([u8; 16], Instant)>,
    /// When an earlier start spoke after a later one, which it cannot when there is one node of the name.
    doubled: Option<Instant>,
}

/// How often something was refused.
#[derive(Debug, Default)]
pub(super) struct Refused {
    pub(super) n: u64,
    /// What was wrong with the last, and when it came.
    pub(super) last: Option<(String, Instant)>,
}

impl Refused {
    fn count(&mut self, why: String, at: Instant) {
        self.n = self.n.saturating_add(1);
        self.last = Some((why, at));
    }

    /// The last one, when it is not older than that.
    pub(super) fn within(&self, age: Duration, now: Instant) -> Option<&str> {
        let last = self.last.as_ref().filter(|(_, at)| now.saturating_duration_since(*at) <= age);
        last.map(|(why, _)| why.as_str())
    }
}

impl Entry {
    fn new(said: Statement, now: Now) -> Self {
        let (heard, claims) = (now.at, Claims::default());
        Self { said, heard, ahead_micros: 0, claims, disagreement: None, runs: Vec::new(), doubled: None }
    }

    fn hear(&mut self, said: Statement, now: Now) {
        let newest = self.runs.last().map(|(run, _)| *run);
        if newest != Some(said.run) {
            let earlier = self.runs.iter().position(|(run, _)| *run == said.run);
            match earlier {
                Some(at) => {
                    self.runs.remove(at);
                    self.doubled = Some(now.at);
                }
                None => self.claims.forget(),
            }
            if self.runs.len() >= RUNS_MAX {
                self.runs.remove(0);
            }
            self.runs.push((said.run, now.at));
        } else if let Some((_, heard)) = self.runs.last_mut() {
            *heard = now.at;
        }
        if let Some(chain) = said.chain {
            self.claims.said(Point { position: said.position, chain });
        }
        self.ahead_micros = said.now.micros().saturating_sub(now.clock.micros());
        self.heard = now.at;
        self.said = said;
    }

    pub(super) fn live(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.heard) <= LIVE
    }

    /// Whether two nodes have this name now.
    pub(super) fn doubled(&self, now: Instant) -> bool {
        self.doubled.is_some_and(|at| now.saturating_duration_since(at) <= LIVE)
    }
}

impl Table {
    /// Of the node of that name and start, which has heard nobody.
    pub fn new(name: &str, run: [u8; 16]) -> Self {
        let own = Own { name: name.to_owned(), run };
        let (unread, unlisted) = (Refused::default(), Refused::default());
        Self { own, entries: BTreeMap::new(), unread, unlisted, hears_since: None }
    }

    /// Time has gone on: who has not been heard for [`FORGOTTEN`] is forgotten. `connected` says whether others can be heard
    /// at this moment.
    pub fn turn(&mut self, connected: bool, now: Instant) {
        self.hears_since = if connected { Some(self.hears_since.unwrap_or(now)) } else { None };
        self.entries.retain(|_, entry| now.saturating_duration_since(entry.heard) <= FORGOTTEN);
    }

    /// A node has spoken. One's own words are passed over.
    pub fn heard(&mut self, said: Statement, now: Now) {
        if said.node == self.own.name && said.run == self.own.run {
            return;
        }
        if !self.entries.contains_key(&said.node) && self.entries.len() >= NODES_MAX {
            // Who has been silent longest gives way; nobody who is live does.
            let silent = self.entries.iter().filter(|(_, entry)| !entry.live(now.at));
            let Some(longest) = silent.min_by_key(|(_, entry)| entry.heard).map(|(name, _)| name.clone()) else {
                self.unlisted.count(said.node, now.at);
                return;
            };
            self.entries.remove(&longest);
        }
        let entry = self.entries.entry(said.node.clone()).or_insert_with(|| Entry::new(said.clone(), now));
        entry.hear(said, now);
    }

    /// What was heard was no statement.
    pub fn heard_noise(&mut self, why: String, now: Instant) {
        self.unread.count(why, now);
    }

    /// At which positions up to the head the own chain is wanted, to compare it: at most two a node.
    pub fn wanted(&self, head: Position) -> BTreeSet<Position> {
        self.entries.values().flat_map(|entry| entry.claims.wanted(head)).collect()
    }

    /// Compares what the others have said with the own log and its chains, and gives the first disagreement that is new.
    /// What is beyond the chains given is compared another time.
    pub fn compare(&mut self, log: Option<LogId>, chains: &BTreeMap<Position, Digest>) -> Option<Disagreement> {
        let mut first = None;
        for (name, entry) in &mut self.entries {
            let difference = match (log, entry.said.log) {
                // Places in two logs have nothing to do with one another.
                (Some(own), Some(theirs)) if own != theirs => {
                    entry.claims.forget();
                    let position = entry.said.position;
                    Some(Difference::Log { own, theirs, position })
                }
                _ => entry.claims.compare(chains),
            };
            let new = difference.filter(|_| entry.disagreement.is_none());
            if let Some(difference) = new {
                let (node, own) = (name.clone(), self.own.name.clone());
                let found = Disagreement { node, own, difference };
                entry.disagreement = Some(found.clone());
                first = first.or(Some(found));
            }
        }
        first
    }
}
