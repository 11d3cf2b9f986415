//! Real nats-servers on loopback, in a folder of their own, one or a cluster: started, killed, stopped, resumed.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use tempfile::TempDir;

/// How long a server may take to be ready, under the load of all other tests.
const READY: Duration = Duration::from_mins(1);

/// Where a server is to be.
pub struct Place<'a> {
    /// Which it is, from 0.
    pub at: usize,
    /// Its own folder, which holds `nats.conf`.
    pub store: &'a Path,
    /// The ports for clients, of all servers.
    pub clients: &'a [u16],
    /// The ports for one another, of all servers.
    pub routes: &'a [u16],
}

/// Servers that are killed when this is dropped.
pub struct Nats {
    servers: Vec<Server>,
    n_elections: Arc<AtomicU64>,
    dir: TempDir,
}

struct Server {
    port: u16,
    config: PathBuf,
    running: Option<Child>,
}

impl Nats {
    /// One server with JetStream, which syncs before it acknowledges.
    pub fn single() -> Self {
        Self::cluster(1)
    }

    /// A cluster of `n` servers, likewise; ready once they have a leader, which who makes a stream waits for.
    pub fn cluster(n: usize) -> Self {
        Self::with(n, "")
    }

    /// A cluster with more in every server's configuration: users, TLS, limits. The text may name `{store}`, the server's
    /// own folder.
    pub fn with(n: usize, more: &str) -> Self {
        Self::configured(n, |place| {
            let Place { at, store, clients, routes } = place;
            let mut config = format!("listen: \"127.0.0.1:{}\"\nserver_name: \"n{at}\"\n", clients[*at]);
            let folder = store.display();
            writeln!(config, "jetstream {{ store_dir: \"{folder}\", sync_interval: always }}").expect("written");
            if n > 1 {
                let all: Vec<String> = routes.iter().map(|port| format!("\"nats://127.0.0.1:{port}\"")).collect();
                let (own, all) = (routes[*at], all.join(", "));
                // Nobody is told of the other servers' addresses: who connects through a relay stays behind it.
                writeln!(
                    config,
                    "cluster {{ name: scorebook, listen: \"127.0.0.1:{own}\", routes: [{all}], no_advertise: true }}"
                )
                .expect("written");
            }
            config.push_str(&more.replace("{store}", &store.display().to_string()));
            config
        })
    }

    /// A cluster with configurations of one's own, each for its place.
    pub fn configured(n: usize, config: impl Fn(&Place<'_>) -> String) -> Self {
        let dir = tempfile::tempdir().expect("a folder for nats-server");
        let ports = free_ports(2 * n);
        let (clients, routes) = ports.split_at(n);
        let servers = (0..n).map(|at| {
            let store = dir.path().join(format!("n{at}"));
            fs::create_dir_all(&store).expect("a folder for a server");
            let path = store.join("nats.conf");
            fs::write(&path, config(&Place { at, store: &store, clients, routes })).expect("a configuration");
            Server { port: clients[at], config: path, running: None }
        });
        let mut nats = Self { servers: servers.collect(), n_elections: Arc::default(), dir };
        for at in 0..n {
            nats.start(at);
        }
        nats
    }

    /// The servers' addresses.
    pub fn addresses(&self) -> Vec<String> {
        self.servers.iter().map(|server| format!("nats://127.0.0.1:{}", server.port)).collect()
    }

    /// The folder that holds the servers' own.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// How many there are.
    pub fn n_servers(&self) -> usize {
        self.servers.len()
    }

    /// The folder of a server's own.
    pub fn store(&self, at: usize) -> PathBuf {
        self.dir.path().join(format!("n{at}"))
    }

    /// How many times the servers have said that one of them leads a stream now.
    pub fn n_elections(&self) -> u64 {
        self.n_elections.load(Ordering::Relaxed)
    }

    /// Starts a server that does not run, and waits until it takes connections.
    pub fn start(&mut self, at: usize) {
        let server = &mut self.servers[at];
        assert!(server.running.is_none(), "server {at} runs already");
        let mut command = Command::new(binary());
        command.arg("--config").arg(&server.config).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("nats-server starts");
        let ready = read_log(child.stderr.take().expect("its messages are read"), Arc::clone(&self.n_elections));
        let said = ready.recv_timeout(READY);
        server.running = Some(child);
        match said {
            Ok(Ok(())) => {}
            Ok(Err(log)) => panic!("nats-server ended before it was ready:\n{log}"),
            Err(error) => panic!("nats-server was not ready in time: {error}"),
        }
    }

    /// Kills a server at once, as `kill -9` does.
    pub fn kill(&mut self, at: usize) {
        if let Some(mut child) = self.servers[at].running.take() {
            child.kill().expect("a server can be killed");
            child.wait().expect("a killed server ends");
        }
    }

    /// Stops a server's process where it is, without its knowing; [`Nats::resume`] lets it go on.
    pub fn pause(&self, at: usize) {
        self.signal(at, "STOP");
    }

    /// Lets a paused server go on.
    pub fn resume(&self, at: usize) {
        self.signal(at, "CONT");
    }

    fn signal(&self, at: usize, signal: &str) {
        let child = self.servers[at].running.as_ref().expect("the server runs");
        let sent = Command::new("kill").arg(format!("-{signal}")).arg(child.id().to_string()).status();
        assert!(sent.expect("kill runs").success(), "SIG{signal} is sent");
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        for at in 0..self.servers.len() {
            self.kill(at);
        }
    }
}

/// Reads a server's messages to their end, and says once that it is ready, or, when it ends before, what it said.
fn read_log(stderr: std::process::ChildStderr, n_elections: Arc<AtomicU64>) -> Receiver<Result<(), String>> {
    let (sender, receiver) = sync_channel(2);
    std::thread::spawn(move || {
        let mut said = String::new();
        let mut ready = false;
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            if !ready && line.contains("Server is ready") {
                ready = true;
                drop(sender.send(Ok(())));
            }
            if line.contains("new stream leader for") {
                n_elections.fetch_add(1, Ordering::Relaxed);
            }
            if said.len() < 20_000 && !ready {
                writeln!(said, "{line}").expect("written");
            }
        }
        drop(sender.send(Err(said)));
    });
    receiver
}

/// Ports that nobody listens on at this moment.
fn free_ports(n: usize) -> Vec<u16> {
    let held: Vec<TcpListener> =
        (0..n).map(|_| TcpListener::bind(("127.0.0.1", 0)).expect("a port of loopback")).collect();
    held.iter().map(|listener| listener.local_addr().expect("its address").port()).collect()
}

/// The pinned server that `cargo xtask tools` fetches, or the one that `NATS_SERVER` names.
///
/// # Panics
/// When there is none, with the command that fetches it.
pub fn binary() -> PathBuf {
    if let Some(named) = std::env::var_os("NATS_SERVER") {
        return PathBuf::from(named);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let fetched = root.join("target/tools/venv/bin/nats-server");
    assert!(fetched.is_file(), "{} is not there; run: cargo xtask tools", fetched.display());
    fetched
}
