//! Nodes on real servers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use domain::{AreaId, Digest, Position, Recorded};
use engine::log::{Commit, Error, EventLog, Halt, Head};
use journal::{Journal, Salts};
use simulator::nats::Nats;
use simulator::relay::Relay;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::following::Ended;
use crate::lease::Lease;
use crate::stream::Stream;
use crate::{Connection, Credentials, Names, Options, Parts, Shared};

pub(super) fn options(nats: &Nats) -> Options {
    Options { servers: nats.addresses(), name: "test".to_owned(), credentials: Credentials::None, tls: None }
}

pub(super) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

/// Servers, a runtime, and the names of authorities that nobody else has.
pub(super) struct Rig {
    pub(super) runtime: Runtime,
    pub(super) nats: Nats,
    n_authorities: AtomicU32,
}

impl Rig {
    pub(super) fn new(n_servers: usize) -> Self {
        Self { runtime: runtime(), nats: Nats::cluster(n_servers), n_authorities: AtomicU32::new(0) }
    }

    pub(super) fn connect(&self) -> Connection {
        self.runtime.block_on(Connection::open(&options(&self.nats))).expect("a connection")
    }

    /// Names with an empty stream.
    pub(super) fn stream(&self) -> Names {
        let n = self.n_authorities.fetch_add(1, Ordering::Relaxed);
        let names = Names::of(&AreaId::new(&format!("E{n:08}")).expect("a code"));
        let (connection, n_replicas) = (self.connect(), self.nats.n_servers());
        let stream = Stream::of(&connection, &names);
        self.runtime.block_on(async {
            let made = crate::reseeding::make(&stream, n_replicas).await;
            made.expect("a stream");
            Lease::make(&connection, &names, n_replicas).await.expect("a bucket");
        });
        names
    }

    /// A node on a new folder.
    pub(super) fn node(&self, names: &Names, node: &str) -> Node {
        self.node_in(names, node, tempfile::tempdir().expect("a folder"))
    }

    /// A node on a folder.
    pub(super) fn node_in(&self, names: &Names, node: &str, folder: TempDir) -> Node {
        self.node_with(names, node, folder, Salts::Random)
    }

    pub(super) fn node_with(&self, names: &Names, node: &str, folder: TempDir, salts: Salts) -> Node {
        self.node_over(self.connect(), names, (node, folder, salts))
    }

    /// A node whose connection goes through a relay to the only server.
    pub(super) fn node_through(&self, names: &Names, node: &str) -> (Node, Relay) {
        let server = self.nats.addresses()[0].trim_start_matches("nats://").parse().expect("an address");
        let relay = Relay::to(server);
        let options = Options { servers: vec![format!("nats://{}", relay.address())], ..options(&self.nats) };
        let connection = self.runtime.block_on(Connection::open(&options)).expect("a connection");
        let folder = tempfile::tempdir().expect("a folder");
        (self.node_over(connection, names, (node, folder, Salts::Random)), relay)
    }

    fn node_over(&self, connection: Connection, names: &Names, (node, folder, salts): (&str, TempDir, Salts)) -> Node {
        let options =
            journal::Options { salts, save_records: 1, ..journal::Options::new(folder.path().join("journal")) };
        let journal = Arc::new(Journal::open(&options).expect("a journal"));
        let _entered = self.runtime.enter();
        let parts = Parts {
            connection,
            names: names.clone(),
            journal: Arc::clone(&journal),
            salts,
            node: node.to_owned(),
            appends: true,
        };
        let shared = Shared::new(parts);
        let (stop, stopping) = watch::channel(false);
        let following = shared.clone();
        let followed = self.runtime.spawn(async move { following.follow(stopping).await });
        Node { shared, journal, stop, followed: Some(followed), handle: self.runtime.handle().clone(), folder }
    }
}

/// A log that follows the stream for as long as it lives.
pub(super) struct Node {
    pub(super) shared: Shared,
    pub(super) journal: Arc<Journal>,
    stop: watch::Sender<bool>,
    followed: Option<JoinHandle<Result<(), Ended>>>,
    handle: tokio::runtime::Handle,
    folder: TempDir,
}

impl Node {
    /// Stops it and gives its folder, to begin again.
    pub(super) fn stop(mut self) -> TempDir {
        self.end();
        std::mem::replace(&mut self.folder, tempfile::tempdir().expect("a folder"))
    }

    fn end(&mut self) {
        self.stop.send_replace(true);
        if let Some(followed) = self.followed.take() {
            self.handle.block_on(followed).expect("the task ends").expect("the journal is whole");
        }
    }

    /// Waits for something to be so.
    #[track_caller]
    pub(super) fn wait_until(&self, what: &str, so: impl Fn(&Self) -> bool) {
        let mut n_left = 1_200;
        while !so(self) {
            assert!(n_left > 0, "waited in vain: {what}; halted: {:?}", self.shared.halted());
            n_left -= 1;
            std::thread::park_timeout(Duration::from_millis(50));
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.end();
        }
    }
}

impl EventLog for Node {
    fn head(&self) -> Head {
        self.shared.head()
    }
    fn check(&self, commit: &Commit) -> Result<(), Error> {
        self.shared.check(commit)
    }
    fn append(&self, expected: Position, commits: &[Commit]) -> Result<Head, Error> {
        self.shared.append(expected, commits)
    }
    fn read(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, Error> {
        self.shared.read(after, limit)
    }
    fn chain_at(&self, position: Position) -> Result<Option<Digest>, Error> {
        self.shared.chain_at(position)
    }
    fn wait_for(&self, position: Position, timeout: Duration) -> bool {
        self.shared.wait_for(position, timeout)
    }
    fn shared(&self) -> bool {
        true
    }
    fn halted(&self) -> Option<Halt> {
        self.shared.halted()
    }
}
