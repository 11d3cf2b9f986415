//! The table as it is shown, and what is wrong in it, in sentences.

use std::time::Duration;

use domain::Position;
use engine::cluster::{Node, State, View};
use tokio::time::Instant;

use super::statement::Statement;
use super::table::{Entry, FORGOTTEN, LIVE, NODES_MAX, Now, Table};

/// How far two clocks may be apart before it is said, in microseconds.
const SKEW_MICROS_MAX: u64 = 2_000_000;
/// How many problems are said; the rest is counted.
const PROBLEMS_MAX: usize = 100;

/// Which record formats the live nodes can read and write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formats {
    /// The least of the newest formats of all live nodes that say theirs, this one included.
    pub least: u32,
    /// The other live nodes that say theirs, by name.
    pub others: Vec<(String, u32)>,
    /// Why there may be a node of another format, a sentence each; empty when every live node's is known. As long as there
    /// is one, no newer format may be written.
    pub unknown: Vec<String>,
}

impl Formats {
    /// Why the log may not be raised to a format now, in words without a full stop: who does not read it, or may not.
    pub fn refusal(&self, format: u32) -> Option<String> {
        let older = self.others.iter().filter(|(_, newest)| *newest < format);
        let older = older.map(|(name, newest)| format!("node {name} reads up to format {newest}"));
        let reasons: Vec<String> = older.chain(self.unknown.iter().cloned()).collect();
        (!reasons.is_empty()).then(|| reasons.join("; "))
    }
}

impl Table {
    /// The cluster as it is known now; `own` is what this node says of itself.
    pub fn view(&self, own: &Statement, now: Now) -> View {
        let same_log = |said: &&Statement| said.log.is_none() || said.log == own.log;
        let all = || self.entries.values().map(|entry| &entry.said);
        let furthest = all().filter(same_log).map(|said| said.position).fold(own.position, Position::max);
        let lag =
            |said: &Statement| if same_log(&said) { furthest.get().saturating_sub(said.position.get()) } else { 0 };
        let mut first = node(own, lag(own));
        first.answers = true;
        let others = self.entries.values().map(|entry| Node {
            agreed: entry.claims.agreed(),
            heard_ago: Some(now.at.saturating_duration_since(entry.heard)),
            clock_ahead_micros: Some(entry.ahead_micros),
            state: state(entry, now.at),
            ..node(&entry.said, lag(&entry.said))
        });
        View { nodes: std::iter::once(first).chain(others).collect(), problems: self.problems(own, now.at) }
    }

    /// What is wrong, the gravest first.
    fn problems(&self, own: &Statement, now: Instant) -> Vec<String> {
        let mut said: Vec<String> = Vec::new();
        if self.hears_since.is_none() {
            said.push("this node is not connected to NATS: what is said of the others is from before".to_owned());
        }
        said.extend(self.entries.values().filter_map(|entry| entry.disagreement.as_ref()).map(ToString::to_string));
        // A disagreement is said already.
        if let Some(why) = own.stopped.as_ref().filter(|why| !said.contains(why)) {
            said.push(format!("node {} (this one) records nothing: {why}", own.node));
        }
        let live = || self.entries.iter().filter(|(_, entry)| entry.live(now));
        let doubled = live().filter(|(name, entry)| **name == self.own.name || entry.doubled(now));
        said.extend(doubled.map(|(name, _)| {
            format!("two nodes call themselves {name}; give each a name of its own, and start the renamed one again")
        }));
        said.extend(live().filter_map(|(name, entry)| {
            entry.said.stopped.as_ref().map(|why| format!("node {name} records nothing: {why}"))
        }));
        said.extend(live().filter_map(|(name, entry)| skew(name, entry.ahead_micros)));
        if self.unlisted.within(FORGOTTEN, now).is_some() {
            let n = self.unlisted.n;
            said.push(format!(
                "there are more than {NODES_MAX} other nodes; {n} messages of the rest were passed over"
            ));
        }
        if let Some(why) = self.unread.within(FORGOTTEN, now) {
            let n = self.unread.n;
            said.push(format!("{n} messages on the nodes' subjects could not be read; the last: {why}"));
        }
        let n_more = said.len().saturating_sub(PROBLEMS_MAX);
        if n_more > 0 {
            // One gives way to the sentence that counts.
            said.truncate(PROBLEMS_MAX.saturating_sub(1));
            said.push(format!("and {} more", n_more.saturating_add(1)));
        }
        said
    }

    /// Which formats the live nodes can read and write; `own` is this node's.
    pub fn formats(&self, own: u32, now: Instant) -> Formats {
        let mut unknown: Vec<String> = Vec::new();
        match self.hears_since.map(|since| now.saturating_duration_since(since)) {
            None => unknown.push("this node is not connected to NATS".to_owned()),
            Some(listening) if listening < LIVE => {
                unknown.push("this node has listened to the others for less than 10 s".to_owned());
            }
            Some(_) => {}
        }
        let mut others = Vec::new();
        for (name, entry) in self.entries.iter().filter(|(_, entry)| entry.live(now)) {
            match entry.said.format {
                Some(format) => others.push((name.clone(), format)),
                None => unknown.push(format!("node {name} does not say which record format it can read")),
            }
        }
        if self.unlisted.within(LIVE, now).is_some() {
            unknown.push(format!("there are more than {NODES_MAX} other nodes"));
        }
        if let Some(why) = self.unread.within(LIVE, now) {
            unknown.push(format!("a message on the nodes' subjects could not be read: {why}"));
        }
        let least = others.iter().map(|(_, format)| *format).fold(own, u32::min);
        Formats { least, others, unknown }
    }
}

/// A node from what it says of itself.
fn node(said: &Statement, lag: u64) -> Node {
    let said = said.clone();
    Node {
        name: said.node,
        run: Some(said.run),
        answers: false,
        roles: said.roles,
        version: said.version,
        format: said.format,
        log: said.log,
        position: said.position,
        chain: said.chain,
        recorded_at: said.recorded_at,
        lag,
        agreed: Position::START,
        followed: said.followed,
        heard_ago: None,
        clock_ahead_micros: None,
        state: if said.stopped.is_some() { State::Stopped } else { State::Live },
        stopped: said.stopped,
        listen: said.listen,
    }
}

fn state(entry: &Entry, now: Instant) -> State {
    if entry.disagreement.is_some() {
        State::Disagrees
    } else if !entry.live(now) {
        State::Silent
    } else if entry.said.stopped.is_some() {
        State::Stopped
    } else {
        State::Live
    }
}

/// That a clock is too far from this node's, and by how much.
fn skew(name: &str, ahead_micros: i64) -> Option<String> {
    let apart = Duration::from_micros(ahead_micros.unsigned_abs());
    let way = if ahead_micros > 0 { "ahead of" } else { "behind" };
    let tenths = apart.as_millis() / 100;
    let amount = format!("{}.{} s", tenths / 10, tenths % 10);
    (ahead_micros.unsigned_abs() > SKEW_MICROS_MAX)
        .then(|| format!("the clock of node {name} is {amount} {way} this node's; let both keep their time by NTP"))
}
