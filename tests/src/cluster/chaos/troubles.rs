//! What goes wrong, drawn from the seed: one thing with the servers, one with the nodes, or both, for a while.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use simulator::relay::Relay;
use simulator::rng::Rng;

use super::council::{Council, N_SERVERS, ROLES};
use super::{Scene, now};
use crate::program::DEADLINE;

/// How often it is looked whether something was acknowledged.
const STEP: Duration = Duration::from_millis(20);
/// How long a trouble lasts at the most, in milliseconds, in the short form and in the long one.
const SHORT_MS_MAX: u64 = 1_200;
const LONG_MS_MAX: u64 = 8_000;
/// How long a node is cut off for, once in a while, in the long form.
const MINUTES: Duration = Duration::from_mins(2);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    KillServers,
    PauseServers,
    FillDisks,
    KillNode,
    PauseNode,
    /// No connection between a node and the servers.
    CutOff,
    /// A node does not hear the servers.
    Deafen,
    /// The servers do not hear a node.
    Mute,
    KillConsumer,
}

const ABOUT_SERVERS: [Kind; 3] = [Kind::KillServers, Kind::PauseServers, Kind::FillDisks];
const ABOUT_NODES: [Kind; 7] =
    [Kind::KillNode, Kind::KillNode, Kind::PauseNode, Kind::CutOff, Kind::Deafen, Kind::Mute, Kind::KillConsumer];

/// Something that goes wrong with some servers, or with one node.
struct Trouble {
    kind: Kind,
    who: Vec<usize>,
}

/// What was done, and how long it took until something was acknowledged again.
#[derive(Default)]
pub(super) struct Tally {
    done: BTreeMap<String, u64>,
    n_without_quorum: u64,
    worst: Duration,
}

pub(super) struct Troubles<'a> {
    rng: Rng,
    council: &'a Council,
    scene: &'a Scene,
    long: bool,
    tally: Tally,
}

impl<'a> Troubles<'a> {
    pub(super) fn new(rng: Rng, council: &'a Council, scene: &'a Scene, long: bool) -> Self {
        Self { rng, council, scene, long, tally: Tally::default() }
    }

    /// One trouble after the other, for so long. Between two of them something is acknowledged.
    pub(super) fn last(&mut self, time: Duration) {
        let begun = now();
        self.until_acknowledged(&[]);
        while begun.elapsed() < time && !self.over() {
            let troubles = self.draw();
            let lasts = self.lasts(&troubles);
            let without = troubles.iter().any(Trouble::without_quorum);
            for trouble in &troubles {
                let n = self.tally.done.entry(trouble.to_string()).or_default();
                *n += 1;
                self.begin(trouble);
            }
            // From here on until before anything is healed.
            self.scene.quorum.fetch_add(u64::from(without), Ordering::SeqCst);
            self.tally.n_without_quorum += u64::from(without);
            self.wait(lasts);
            self.scene.quorum.fetch_add(u64::from(without), Ordering::SeqCst);
            for trouble in &troubles {
                self.end(trouble);
            }
            self.until_acknowledged(&troubles);
        }
    }

    pub(super) fn tally(self) -> Tally {
        self.tally
    }

    fn over(&self) -> bool {
        self.scene.ending.load(Ordering::SeqCst)
    }

    /// One with the servers first, which is healed first: a node starts only where a server takes its connection.
    fn draw(&mut self) -> Vec<Trouble> {
        let (servers, nodes) = match self.rng.below(4) {
            0 => (true, true),
            1 => (true, false),
            _ => (false, true),
        };
        let mut troubles = Vec::new();
        if servers {
            let n_kinds = if self.long { 3 } else { 2 };
            let kind = self.rng.pick(&ABOUT_SERVERS[..n_kinds]);
            // Most of them now and then, so that nothing can be acknowledged; all of the disks.
            let n = match (self.rng.chance(25), kind) {
                (false, _) => 1,
                (true, Kind::FillDisks) => N_SERVERS,
                (true, _) => N_SERVERS - 1,
            };
            let first = self.rng.below(3);
            let who = (first..).take(n).map(|server| usize::try_from(server).expect("a server") % N_SERVERS).collect();
            troubles.push(Trouble { kind, who });
        }
        if nodes {
            let kind = self.rng.pick(&ABOUT_NODES);
            let node = usize::try_from(self.rng.below(4)).expect("a node") % ROLES.len();
            troubles.push(Trouble { kind, who: vec![node] });
        }
        troubles
    }

    fn lasts(&mut self, troubles: &[Trouble]) -> Duration {
        let max = if self.long { LONG_MS_MAX } else { SHORT_MS_MAX };
        let drawn = Duration::from_millis(100 + self.rng.below(max));
        let cut_off = troubles.iter().any(|trouble| trouble.kind == Kind::CutOff);
        if self.long && cut_off && self.rng.chance(25) { MINUTES } else { drawn }
    }

    /// Waits for some time, or until somebody has failed.
    fn wait(&self, time: Duration) {
        let begun = now();
        while begun.elapsed() < time && !self.over() {
            thread::park_timeout(STEP);
        }
    }

    /// Waits until something more is acknowledged.
    fn until_acknowledged(&mut self, after: &[Trouble]) {
        let before = self.scene.n_acknowledged.load(Ordering::SeqCst);
        let begun = now();
        while self.scene.n_acknowledged.load(Ordering::SeqCst) == before && !self.over() {
            let after: Vec<String> = after.iter().map(ToString::to_string).collect();
            assert!(begun.elapsed() < DEADLINE, "nothing is acknowledged any more after {after:?}");
            thread::park_timeout(STEP);
        }
        self.tally.worst = self.tally.worst.max(begun.elapsed());
    }

    fn begin(&self, Trouble { kind, who }: &Trouble) {
        let council = self.council;
        for &one in who {
            match kind {
                Kind::KillServers => council.kill_server(one),
                Kind::PauseServers => council.pause_server(one),
                Kind::FillDisks => council.fill_disk(one),
                Kind::KillNode => council.kill_node(one),
                Kind::PauseNode => council.signal_node(one, "STOP"),
                Kind::CutOff => council.relays(one).iter().for_each(Relay::cut),
                Kind::Deafen => council.relays(one).iter().for_each(Relay::deafen),
                Kind::Mute => council.relays(one).iter().for_each(Relay::mute),
                Kind::KillConsumer => council.consumer().kill(),
            }
        }
    }

    fn end(&self, Trouble { kind, who }: &Trouble) {
        let council = self.council;
        for &one in who {
            match kind {
                Kind::KillServers => council.start_server(one),
                Kind::PauseServers => council.resume_server(one),
                Kind::FillDisks => council.empty_disk(one),
                Kind::KillNode => council.start_node(one),
                Kind::PauseNode => council.signal_node(one, "CONT"),
                Kind::CutOff | Kind::Deafen | Kind::Mute => council.relays(one).iter().for_each(Relay::heal),
                Kind::KillConsumer => {}
            }
        }
    }
}

impl Trouble {
    /// Whether so many servers are gone that nothing new can be acknowledged.
    fn without_quorum(&self) -> bool {
        matches!(self.kind, Kind::KillServers | Kind::PauseServers) && self.who.len() > N_SERVERS / 2
    }
}

/// As it is counted: by kind, how many servers, or which role.
impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let role = self.who.first().map_or("", |node| ROLES[*node]);
        let n = self.who.len();
        match self.kind {
            Kind::KillServers => write!(f, "servers killed, {n} of {N_SERVERS}"),
            Kind::PauseServers => write!(f, "servers stopped and resumed, {n} of {N_SERVERS}"),
            Kind::FillDisks => write!(f, "servers' disks full, {n} of {N_SERVERS}"),
            Kind::KillNode => write!(f, "{role} killed"),
            Kind::PauseNode => write!(f, "{role} stopped and resumed"),
            Kind::CutOff => write!(f, "{role} cut off"),
            Kind::Deafen => write!(f, "{role} not hearing"),
            Kind::Mute => write!(f, "{role} not heard"),
            Kind::KillConsumer => write!(f, "consumer killed"),
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} times most servers were gone, and nothing new was acknowledged", self.n_without_quorum)?;
        writeln!(f, "at most {:.1} s from the end of a trouble to the next acknowledgement", self.worst.as_secs_f64())?;
        self.done.iter().try_for_each(|(what, n)| writeln!(f, "{n:>5}  {what}"))
    }
}
