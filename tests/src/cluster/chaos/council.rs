//! Three servers, four nodes behind relays of their own, and where each node listens at the moment.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use simulator::nats::Nats;
use simulator::relay::Relay;

use super::consumer::Consumer;
use crate::cluster::{Cluster, Node};
use crate::folder::{Folder, number};
use crate::program::{DEADLINE, path, run, signal};
use crate::small_disk::SmallDisk;

/// How many servers there are; most of them is two.
pub(super) const N_SERVERS: usize = 3;
/// What each node does. The first two take submissions.
pub(super) const ROLES: [&str; 4] = ["ingest", "ingest", "ratings", "reporting"];
/// How large the disk of a server is, when it is to be filled: the public feed takes a kilobyte and more an item.
const DISK_MEBIBYTES: u64 = 1_024;

/// What the clients talk to.
pub(super) struct Council {
    cluster: Mutex<Cluster>,
    /// Of each server, in the long form.
    disks: Vec<SmallDisk>,
    members: Vec<Member>,
    consumer: Consumer,
}

/// A node, and its ways to the servers.
struct Member {
    node: Mutex<Node>,
    relays: Vec<Relay>,
    /// Where it listens; empty while it does not.
    url: Mutex<String>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Council {
    /// A council with the example's log, and a node of every role up to date.
    pub(super) fn new(with_disks: bool) -> Self {
        let first = Folder::kent();
        let (nats, disks) = servers(with_disks);
        let cluster = Cluster { nats };
        cluster.reseed(&first).succeeded();
        let servers: Vec<SocketAddr> = cluster.nats.addresses().iter().map(|url| address(url)).collect();
        let mut folders = vec![first];
        folders.resize_with(ROLES.len(), Folder::new);
        let members: Vec<Member> =
            folders.into_iter().zip(ROLES).map(|(folder, roles)| Member::new(folder, roles, &servers)).collect();
        thread::scope(|scope| members.iter().for_each(|member| drop(scope.spawn(|| member.start()))));
        Self { cluster: Mutex::new(cluster), disks, members, consumer: Consumer::default() }
    }

    /// Where a node listens; nothing while it does not.
    pub(super) fn url(&self, node: usize) -> String {
        lock(&self.members[node].url).clone()
    }

    pub(super) fn consumer(&self) -> &Consumer {
        &self.consumer
    }

    pub(super) fn kill_server(&self, server: usize) {
        lock(&self.cluster).nats.kill(server);
    }

    pub(super) fn start_server(&self, server: usize) {
        lock(&self.cluster).nats.start(server);
    }

    pub(super) fn pause_server(&self, server: usize) {
        lock(&self.cluster).nats.pause(server);
    }

    pub(super) fn resume_server(&self, server: usize) {
        lock(&self.cluster).nats.resume(server);
    }

    pub(super) fn fill_disk(&self, server: usize) {
        self.disks[server].fill_up_to(0);
    }

    /// Makes room, and starts the server again: one whose disk was full stores nothing more until then.
    pub(super) fn empty_disk(&self, server: usize) {
        self.disks[server].make_room();
        self.kill_server(server);
        self.start_server(server);
    }

    pub(super) fn kill_node(&self, node: usize) {
        let member = &self.members[node];
        lock(&member.url).clear();
        lock(&member.node).kill();
    }

    pub(super) fn start_node(&self, node: usize) {
        self.members[node].start();
    }

    /// Sends a signal to a node's process.
    pub(super) fn signal_node(&self, node: usize, name: &str) {
        signal(name, lock(&self.members[node].node).server.as_ref().expect("it runs").pid());
    }

    /// The ways of a node to the servers.
    pub(super) fn relays(&self, node: usize) -> &[Relay] {
        &self.members[node].relays
    }

    pub(super) fn n_elections(&self) -> u64 {
        lock(&self.cluster).nats.n_elections()
    }

    /// Waits until every node has the same log, up to a position at least.
    #[track_caller]
    pub(super) fn wait_until_level(&self, position: u64) {
        let step = Duration::from_millis(100);
        let mut left = DEADLINE;
        loop {
            let heads: Vec<Option<(u64, String)>> = (0..ROLES.len()).map(|node| self.head(node)).collect();
            if heads.iter().all(|head| *head == heads[0] && head.as_ref().is_some_and(|head| head.0 >= position)) {
                return;
            }
            assert!(!left.is_zero(), "the nodes never have the same log, up to {position}: {heads:?}");
            left = left.saturating_sub(step);
            thread::park_timeout(step);
        }
    }

    /// The whole feed, as a node tells it now.
    #[track_caller]
    pub(super) fn whole_feed(&self) -> Vec<String> {
        let line = "follow --until-caught-up --format json";
        let finished = run(command(&self.url(ROLES.len() - 1), line), b"").succeeded();
        finished.stdout.lines().map(str::to_owned).collect()
    }

    /// Where a node's log ends, if it answers.
    fn head(&self, node: usize) -> Option<(u64, String)> {
        let finished = run(command(&self.url(node), "status --format json"), b"");
        let status = (finished.code == Some(0)).then(|| finished.json())?;
        Some((number(&status["position"]), status["chain"].as_str()?.to_owned()))
    }

    /// Stops every node, and gives their folders.
    #[track_caller]
    pub(super) fn stop(self) -> Vec<Folder> {
        let node = |member: Member| member.node.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.members.into_iter().map(|member| node(member).stop()).collect()
    }
}

impl Member {
    fn new(folder: Folder, roles: &'static str, servers: &[SocketAddr]) -> Self {
        let relays = servers.iter().map(|server| Relay::to(*server)).collect();
        Self { node: Mutex::new(Node { folder, roles, server: None }), relays, url: Mutex::default() }
    }

    #[track_caller]
    fn start(&self) {
        let urls: Vec<String> = self.relays.iter().map(|relay| format!("nats://{}", relay.address())).collect();
        let mut node = lock(&self.node);
        node.start_over(&urls.join(","), N_SERVERS);
        node.server.as_ref().expect("it runs").url.clone_into(&mut lock(&self.url));
    }
}

/// A command that asks the node at an address, and looks into no folder.
pub(super) fn command(url: &str, line: &str) -> Command {
    let mut command = Command::new(path());
    command.args(["--server", url]).args(line.split(' ')).env_clear().env("HOME", std::env::temp_dir());
    command
}

/// Servers, each with a disk of its own when there are to be some.
fn servers(with_disks: bool) -> (Nats, Vec<SmallDisk>) {
    if !with_disks {
        return (Nats::cluster(N_SERVERS), Vec::new());
    }
    let mut nats = Nats::with(N_SERVERS, "jetstream { store_dir: \"{store}/disk\", sync_interval: always }\n");
    // Nothing is in them yet: they begin again on their disks.
    (0..N_SERVERS).for_each(|server| nats.kill(server));
    let disk = |server: usize| SmallDisk::at(&nats.store(server).join("disk"), DISK_MEBIBYTES);
    let disks: Vec<SmallDisk> = (0..N_SERVERS).map(disk).collect();
    (0..N_SERVERS).for_each(|server| nats.start(server));
    (nats, disks)
}

fn address(url: &str) -> SocketAddr {
    url.trim_start_matches("nats://").parse().expect("an address")
}
