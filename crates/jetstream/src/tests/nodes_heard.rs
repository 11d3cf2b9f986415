//! Nodes that hear one another over a real server.

use std::sync::Arc;
use std::time::Duration;

use domain::{Actor, ActorId, AreaId, Digest, LogId, Position, Timestamp};
use engine::cluster::{State, View};
use engine::log::{Error, EventLog};
use engine::writer::Clock;
use engine::{Engine, Opening};
use simulator::conformance::commit;
use simulator::memory::Memory;
use simulator::nats::Nats;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::rig::{Rig, options};
use crate::nodes::{self, Disagreement, Nodes, Options, Service, Statement};
use crate::{Connection, Names};

/// How long a thing may take to come about, on a busy machine.
const SOON: Duration = Duration::from_secs(20);
/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(20);

fn names() -> Names {
    Names::of(&AreaId::new("E10000016").expect("a code"))
}

/// A node of that name and start, which reads and writes the format of the same number, with an empty log.
fn options_of(name: &str, run: u8) -> Options {
    Options {
        name: name.to_owned(),
        run: [run; 16],
        roles: vec!["reporting".to_owned()],
        version: "0.1.0".to_owned(),
        format: u32::from(run),
        listen: None,
        clock: Arc::new(|| Timestamp::from_micros(0).expect("an instant")),
        log: Arc::new(Memory::new()),
        beside: Arc::new(|| (None, Some(5))),
    }
}

/// What a node says that has no log yet.
fn like(node: &str) -> Statement {
    Statement {
        node: node.to_owned(),
        run: [7; 16],
        asks: true,
        roles: Vec::new(),
        version: String::new(),
        format: None,
        log: None,
        position: Position::START,
        chain: None,
        followed: None,
        recorded_at: None,
        now: Timestamp::from_micros(0).expect("an instant"),
        stopped: None,
        listen: None,
    }
}

/// A node with a log in memory.
struct Node {
    log: Arc<Memory>,
    nodes: Nodes,
    stop: watch::Sender<bool>,
    running: JoinHandle<Result<(), nodes::Error>>,
}

impl Node {
    async fn start(nats: &Nats, name: &str, run: u8) -> Self {
        let log = Arc::new(Memory::new());
        let options_of = Options { log: Arc::<Memory>::clone(&log), ..options_of(name, run) };
        let connection = Connection::open(&options(nats)).await.expect("a connection");
        let (service, nodes) = Service::new(connection, names(), options_of).expect("a good name");
        let (stop, stopping) = watch::channel(false);
        Self { log, nodes, stop, running: tokio::spawn(service.run(stopping)) }
    }

    /// Appends records; `micros` makes those of one node another's or not.
    fn append(&self, n: u64, micros: i64) {
        let head = self.log.head().position;
        self.log.append(head, &[commit(head.get(), n, micros)]).expect("appended");
    }

    /// Waits for what the view shows.
    async fn sees(&self, what: &str, so: impl Fn(&View) -> bool) {
        let mut looks = tokio::time::interval(LOOK);
        let seen = tokio::time::timeout(SOON, async {
            while !so(&self.nodes.view()) {
                looks.tick().await;
            }
        });
        assert!(seen.await.is_ok(), "{what}: {:#?}", self.nodes.view());
    }

    async fn disagreement(&self) -> Disagreement {
        let mut found = self.nodes.disagreement();
        let found = tokio::time::timeout(SOON, found.wait_for(Option::is_some)).await.expect("in time");
        found.expect("the node lives").clone().expect("waited for")
    }

    async fn stop(self) {
        self.stop.send_replace(true);
        self.running.await.expect("no panic").expect("a clean end");
    }
}

/// Three nodes that know one another.
async fn three(nats: &Nats) -> [Node; 3] {
    let nodes = [Node::start(nats, "a", 1).await, Node::start(nats, "b", 2).await, Node::start(nats, "c", 3).await];
    for node in &nodes {
        node.sees("three live nodes", |view| n_in(view, State::Live) == 3).await;
    }
    nodes
}

fn n_in(view: &View, state: State) -> usize {
    view.nodes.iter().filter(|node| node.state == state).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_with_the_same_log_agree() {
    let nats = Nats::single();
    let nodes = three(&nats).await;
    for (n, node) in nodes.iter().enumerate() {
        node.append(10, 1);
        // The rest comes later: what is ahead waits to be compared.
        if n > 0 {
            node.append(5, 2);
        }
    }
    nodes[0].sees("its lag", |view| view.nodes[0].lag == 5).await;
    nodes[0].append(5, 2);
    for node in &nodes {
        node.sees("agreement at 15", |view| {
            view.nodes[1..].iter().all(|other| other.agreed == Position::new(15) && other.lag == 0)
        })
        .await;
        assert_eq!(node.nodes.view().problems, [""; 0]);
        assert_eq!(*node.nodes.disagreement().borrow(), None);
    }
    let formats = nodes[2].nodes.live_formats();
    assert_eq!(formats.least, 1);
    assert_eq!(formats.unknown, ["this node has listened to the others for less than 10 s"]);
    for node in nodes {
        node.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_forks_is_named_by_every_other_with_the_position() {
    let nats = Nats::single();
    let [a, b, c] = three(&nats).await;
    for node in [&a, &b, &c] {
        node.append(10, 1);
    }
    a.append(3, 2);
    b.append(3, 2);
    c.append(3, 3);
    for node in [&a, &b] {
        let words = node.disagreement().await.to_string();
        assert!(words.starts_with("node c and node ") && words.contains("at position 13:"), "{words}");
        node.sees("it in the view", |view| {
            n_in(view, State::Disagrees) == 1 && view.nodes[0].state == State::Stopped && view.problems[0] == words
        })
        .await;
    }
    assert!(c.disagreement().await.to_string().contains("at position 13:"));
    for node in [a, b, c] {
        node.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_of_another_log_is_named() {
    let nats = Nats::single();
    let [a, b, c] = three(&nats).await;
    for (node, log) in [(&a, 1), (&b, 1), (&c, 9)] {
        let actor = Actor { id: ActorId::new("tester").expect("a code"), authenticated: false };
        let authority = AreaId::new("E10000016").expect("a code");
        let time_zone = "Europe/London".to_owned();
        let opening = Opening { log: LogId([log; 16]), authority, time_zone, format: engine::log::FORMAT, actor };
        let clock: Clock = Arc::new(|| Timestamp::from_micros(1).expect("an instant"));
        Engine::open_log(node.log.as_ref(), opening, &clock).expect("a new log");
    }
    for node in [&a, &b] {
        let words = node.disagreement().await.to_string();
        assert!(words.starts_with("node c keeps another log"), "{words}");
        node.sees("agreement of the others", |view| view.nodes[1].agreed > Position::START).await;
    }
    for node in [a, b, c] {
        node.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_dies_is_no_longer_live() {
    let nats = Nats::single();
    let [a, b, c] = three(&nats).await;
    c.running.abort();
    for node in [&a, &b] {
        node.sees("one is silent", |view| n_in(view, State::Live) == 2 && view.nodes[2].state == State::Silent).await;
    }
    a.stop().await;
    b.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_of_one_name_are_told_so() {
    let nats = Nats::single();
    let [a, b, c] = three(&nats).await;
    let double = Node::start(&nats, "a", 9).await;
    let told = |view: &View| view.problems.iter().any(|problem| problem.starts_with("two nodes call themselves a;"));
    for node in [&a, &b, &c, &double] {
        node.sees("two of one name", told).await;
    }
    for node in [a, b, c, double] {
        node.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn garbage_is_bounded_and_counted_and_the_nodes_go_on() {
    let nats = Nats::single();
    let [a, b, c] = three(&nats).await;
    let garbage = Connection::open(&options(&nats)).await.expect("a connection").client;
    let send = async |name: &str, bytes: Vec<u8>| {
        garbage.publish(names().node_subject(name), bytes.into()).await.expect("sent");
    };
    for n in 0..1_000 {
        let name = format!("g{n}");
        send(&name, like(&name).encode()).await;
    }
    send("x", b"no JSON".to_vec()).await;
    send("x", vec![b'x'; 1_000_000]).await;
    send("x", like("not-x").encode()).await;
    garbage.flush().await.expect("flushed");
    for node in [&a, &b, &c] {
        node.sees("what was refused", |view| {
            let said = |part: &str| view.problems.iter().any(|problem| problem.contains(part));
            said("more than 256 other nodes; 746 messages")
                && said("3 messages on the nodes' subjects could not be read")
        })
        .await;
        assert_eq!(node.nodes.view().nodes.len(), 257);
    }
    a.append(1, 1);
    b.append(1, 2);
    assert!(a.disagreement().await.to_string().contains("at position 1:"));
    for node in [a, b, c] {
        node.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_cut_off_says_so_and_comes_back() {
    let mut nats = Nats::single();
    let [a, b, c] = three(&nats).await;
    let cut_off = |view: &View| view.problems.iter().any(|problem| problem.contains("not connected to NATS"));
    nats.kill(0);
    a.sees("being cut off", cut_off).await;
    a.append(2, 1);
    nats.start(0);
    b.sees("the news", |view| view.nodes[1].position == Position::new(2) && !cut_off(view)).await;
    for node in [a, b, c] {
        node.stop().await;
    }
}

#[test]
fn a_disagreement_stops_the_writes_to_the_shared_log() {
    let rig = Rig::new(1);
    let names_of = rig.stream();
    let node = rig.node(&names_of, "one");
    let head = node.append(Position::START, &[commit(0, 3, 10)]).expect("appended");
    let options_of = Options { log: Arc::new(node.shared.clone()), ..options_of("one", 1) };
    let (service, nodes) = Service::new(rig.connect(), names_of.clone(), options_of).expect("a good name");
    let (stop, stopping) = watch::channel(false);
    let running = rig.runtime.spawn(service.run(stopping));
    let shared = node.shared.clone();
    let mut disagreement = nodes.disagreement();
    let halting = rig.runtime.spawn(async move {
        let found = disagreement.wait_for(Option::is_some).await.expect("the node lives").clone();
        shared.halt(found.expect("waited for").halt());
    });
    let said = Statement { position: Position::new(2), chain: Some(Digest([9; 32])), ..like("two") };
    let other = rig.connect().client;
    rig.runtime.block_on(async {
        let mut again = tokio::time::interval(LOOK);
        let told = tokio::time::timeout(SOON, async {
            while !halting.is_finished() {
                again.tick().await;
                other.publish(names_of.node_subject("two"), said.encode().into()).await.expect("sent");
            }
        });
        told.await.expect("it is found out in time");
    });
    match node.append(head.position, &[commit(3, 1, 20)]) {
        Err(Error::Halted(halt)) => {
            assert_eq!(halt.position, Position::new(2));
            assert!(halt.reason.starts_with("node two and node one (this one) disagree at position 2:"), "{halt}");
        }
        other => panic!("{other:?}"),
    }
    let own = &nodes.view().nodes[0];
    assert_eq!((own.state, own.position), (State::Stopped, head.position));
    stop.send_replace(true);
    rig.runtime.block_on(running).expect("no panic").expect("a clean end");
}
