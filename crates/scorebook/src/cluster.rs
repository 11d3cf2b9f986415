//! A node of a cluster: the log shared over NATS, with this node's own journal behind it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use domain::event::Event;
use domain::{AreaId, Position};
use engine::Engine;
use engine::cluster::State;
use engine::log::{EventLog as _, Halt};
use jetstream::announce::{Announcer, Progress};
use jetstream::nodes::Nodes;
use jetstream::{Connection, Names, Parts, Shared};
use journal::{Journal, Salts};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{interval, timeout};
use web::operating::Cluster;

use crate::arguments::{Over, Role};
use crate::place::{self, Held};
use crate::settings::Settings;

/// How long a node that holds a log waits for the stream before it serves what it holds.
const CATCHING_UP: Duration = Duration::from_secs(20);

/// The same where no server is connected.
const CONNECTING: Duration = Duration::from_secs(3);

/// How often it is looked whether the first records have come.
const LOOK: Duration = Duration::from_millis(20);

/// A node that follows the stream for as long as this lives.
pub(crate) struct Node {
    shared: Shared,
    connection: Connection,
    names: Names,
    name: String,
    roles: Vec<Role>,
    /// What it does beside answering; each ends when it is told to stop, or because it can do no more.
    tasks: JoinSet<anyhow::Result<()>>,
    stop: watch::Sender<bool>,
    n_replicas: usize,
    /// What is known of the others, once this node takes part.
    nodes: Option<Nodes>,
    /// How far the public feed is, where this node announces it.
    announced: Option<watch::Receiver<Progress>>,
}

impl Node {
    /// Its roles, with commas between them.
    pub(crate) fn role(&self) -> String {
        self.roles.iter().map(|role| role.word()).collect::<Vec<_>>().join(",")
    }

    /// What the other nodes call it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// How its part in the shared log goes, each time that is asked.
    pub(crate) fn facts(&self) -> impl Fn() -> Cluster + Send + Sync + use<> {
        let (shared, nodes, announced) = (self.shared.clone(), self.nodes.clone(), self.announced.clone());
        move || {
            let standing = shared.standing();
            let view = nodes.as_ref().map(|nodes| nodes.view().nodes).unwrap_or_default();
            let live = || view.iter().filter(|node| !matches!(node.state, State::Silent));
            let skew = live().filter_map(|node| node.clock_ahead_micros).map(i64::unsigned_abs).max();
            let followed = standing.followed_sequence.unwrap_or(0);
            Cluster {
                connected: standing.connected,
                lag_messages: standing.last_sequence.saturating_sub(followed),
                silence_seconds: standing.silence.as_secs(),
                writes_stopped: shared.halted().map(|halt| halt.reason),
                nodes_disagree: nodes.as_ref().is_some_and(|nodes| nodes.disagreement().borrow().is_some()),
                n_live_nodes: u64::try_from(live().count()).unwrap_or(u64::MAX),
                clock_skew_milliseconds: skew.unwrap_or(0) / 1_000,
                announced_position: announced
                    .as_ref()
                    .map(|progress| progress.borrow().announced.map_or(0, |cursor| cursor.position.get())),
            }
        }
    }

    /// Ends when one of its parts can do no more.
    ///
    /// # Errors
    /// Why it can do no more.
    pub(crate) async fn ended(&mut self) -> anyhow::Result<()> {
        match self.tasks.join_next().await {
            Some(ended) => ended.context("a part of this node has ended")?,
            None => Ok(()),
        }
    }

    /// Stops following, with everything that was taken durable.
    ///
    /// # Errors
    /// When the node's own log failed.
    pub(crate) async fn leave(mut self) -> anyhow::Result<()> {
        self.stop.send_replace(true);
        while !self.tasks.is_empty() {
            self.ended().await?;
        }
        Ok(())
    }

    /// Follows the stream.
    fn follow(&mut self) {
        let (following, stopping) = (self.shared.clone(), self.stop.subscribe());
        self.tasks.spawn(async move {
            let followed = following.follow(stopping).await;
            followed.context("this node has stopped, so that nothing is said to be recorded that is not")
        });
    }

    /// Tells the other nodes of this one, and compares its log with theirs: where they differ, nothing more is recorded.
    ///
    /// # Errors
    /// When the other nodes cannot be listened to.
    pub(crate) fn take_part(&mut self, held: &mut Held, listen: SocketAddr) -> anyhow::Result<()> {
        let (engine, following) = (held.engine.clone(), self.shared.clone());
        let beside = move || {
            let newer = engine.newer().map(|newer| newer.to_string());
            (newer, following.standing().followed_sequence)
        };
        let options = jetstream::nodes::Options {
            name: self.name.clone(),
            run: random()?,
            roles: self.roles.iter().map(|role| role.word().to_owned()).collect(),
            version: place::VERSION.to_owned(),
            format: held.engine.newest_format().into(),
            listen: Some(listen.to_string()),
            clock: place::clock(),
            log: Arc::new(self.shared.clone()),
            beside: Arc::new(beside),
        };
        let (service, nodes) = jetstream::nodes::Service::new(self.connection.clone(), self.names.clone(), options)?;
        let stopping = self.stop.subscribe();
        self.tasks.spawn(async move { service.run(stopping).await.context("the other nodes are not heard") });
        self.nodes = Some(nodes.clone());
        let (mut found, shared, mut stopping) = (nodes.disagreement(), self.shared.clone(), self.stop.subscribe());
        self.tasks.spawn(async move {
            tokio::select! {
                Ok(found) = found.wait_for(Option::is_some) => found.iter().for_each(|found| shared.halt(found.halt())),
                _ = stopping.wait_for(|stop| *stop) => return Ok(()),
            }
            // A sender that is gone means the same as being told.
            drop(stopping.wait_for(|stop| *stop).await);
            Ok(())
        });
        if self.roles.contains(&Role::Ratings) {
            self.announce(held.engine.clone())?;
        }
        let others = nodes.clone();
        held.engine
            .ask_others(Arc::new(move |format| others.live_formats().refusal(format.into()).map_or(Ok(()), Err)));
        held.service = held.service.clone().in_cluster(Arc::new(move || nodes.view()));
        Ok(())
    }
}

impl Node {
    /// Puts every event and rating change into the stream that other programs read.
    fn announce(&mut self, engine: Engine) -> anyhow::Result<()> {
        let options = jetstream::announce::Options { n_replicas: self.n_replicas };
        let announcer = Announcer::new(engine, self.connection.clone(), &self.names, options)?;
        self.announced = Some(announcer.progress());
        let stopping = self.stop.subscribe();
        self.tasks.spawn(async move {
            let ended = announcer.run(stopping).await;
            ended.context("this node can announce nothing more to other programs; the log itself is as it was")
        });
        Ok(())
    }
}

fn random<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut random = [0; N];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("the system gives no random numbers: {error}"))?;
    Ok(random)
}

/// Opens this node's journal, or makes one, and follows the stream; then starts the engine on what is there.
///
/// # Errors
/// When the journal does not open, NATS does not take the connection, or there is no log to follow.
pub(crate) async fn join(
    data_dir: &Path,
    settings: &Settings,
    (over, roles): (&Over, &[Role]),
) -> anyhow::Result<(Held, Node)> {
    place::make_private(data_dir)?;
    let name = place::node_name(data_dir, over.node.as_deref())?;
    let options = options(settings, over, &name)?;
    let n_replicas = replicas(settings, over)?;
    let journal = Arc::new(place::open_or_make_journal(data_dir, settings)?);
    let names = Names::of(&authority(&journal, settings, over)?);
    let connection = Connection::open(&options).await?;
    let shared = Shared::new(Parts {
        connection: connection.clone(),
        names: names.clone(),
        journal: Arc::clone(&journal),
        salts: Salts::Random,
        node: name.clone(),
        appends: roles.contains(&Role::Ingest),
    });
    let (roles, tasks, stop) = (roles.to_vec(), JoinSet::new(), watch::Sender::new(false));
    let (nodes, announced) = (None, None);
    let mut node = Node { shared, connection, names, name, roles, tasks, stop, n_replicas, nodes, announced };
    node.follow();
    let holds_a_log = journal.head().position > Position::START;
    if let Err(error) = begin(&node.shared, &journal).await {
        node.leave().await?;
        return Err(error);
    }
    let elsewhere = (!node.roles.contains(&Role::Ingest)).then_some("send it to a node whose role is ingest");
    // What is still to come is folded while it comes.
    let held = place::hold_log(Arc::new(node.shared.clone()), Some(Arc::clone(&journal)), settings, elsewhere)?;
    if let Err(error) = catch_up(&node.shared, &held.engine, holds_a_log).await {
        held.close()?;
        node.leave().await?;
        return Err(error);
    }
    Ok((held, node))
}

/// Waits until the journal has its first records, which say whose log it is.
async fn begin(shared: &Shared, journal: &Journal) -> anyhow::Result<()> {
    let begun = async {
        let mut looks = interval(LOOK);
        loop {
            looks.tick().await;
            let standing = shared.standing();
            if journal.head().position > Position::START {
                return Ok(());
            }
            if let Some(halt) = shared.halted() {
                bail!("{}", halt.reason);
            }
            if standing.answered && standing.followed_sequence == Some(standing.last_sequence) {
                bail!("the stream is empty: fill it from an embedded log with scorebook log reseed");
            }
        }
    };
    match timeout(patience(shared), begun).await {
        Ok(begun) => begun,
        Err(_elapsed) => bail!("the stream does not answer: see that its NATS servers run, and that it is there"),
    }
}

/// How long to wait for the stream.
fn patience(shared: &Shared) -> Duration {
    if shared.standing().connected { CATCHING_UP } else { CONNECTING }
}

/// Waits until this node answers with what the stream holds. One that held a log before serves that all the same, and says
/// so; a new one has nothing to serve until it has all of it.
async fn catch_up(shared: &Shared, engine: &Engine, holds_a_log: bool) -> anyhow::Result<()> {
    let mut reached = Position::START;
    loop {
        let caught_up = async {
            shared.caught_up().await?;
            // Whatever of it this program can read.
            Ok::<_, Halt>(engine.reach(shared.head().position).await.is_ok())
        };
        let stands_in_the_way = match timeout(patience(shared), caught_up).await {
            Ok(Ok(_reached)) => return Ok(()),
            Ok(Err(halt)) => halt.reason,
            Err(_elapsed) => "the stream has not answered yet, or is still being caught up with".to_owned(),
        };
        let now = engine.head().position;
        if holds_a_log {
            tracing::warn!("this node serves what it holds, up to position {now}: {stands_in_the_way}");
            return Ok(());
        }
        if now == reached {
            bail!("{stands_in_the_way}");
        }
        reached = now;
        tracing::info!("catching up: position {reached}");
    }
}

/// Whose log it is: as the journal says, or as one is told.
fn authority(journal: &Journal, settings: &Settings, over: &Over) -> anyhow::Result<AreaId> {
    let told = match &over.authority {
        Some(code) => Some(AreaId::new(code).context("--authority takes a GSS code such as E10000016")?),
        None => settings.authority()?,
    };
    let first = journal.read(Position::START, 1).context("the journal cannot be read")?;
    let opened = match first.first().map(|record| &record.event) {
        Some(Event::LogOpened(opened)) => Some(&opened.authority),
        Some(_) | None => None,
    };
    match (opened, told) {
        (Some(own), Some(told)) if *own != told => {
            bail!(
                "the log in the data folder is of authority {own}, not of {told}: name another folder with --data-dir"
            )
        }
        (Some(own), _) => Ok(own.clone()),
        (None, Some(told)) => Ok(told),
        (None, None) => {
            bail!("this node holds no log yet: say whose it is to follow, for example --authority E10000016")
        }
    }
}

/// How many servers keep a stream that is made.
fn replicas(settings: &Settings, over: &Over) -> anyhow::Result<usize> {
    settings.replicas(over.replicas)
}

/// Fills a stream from the journal of a data folder.
///
/// # Errors
/// When there is no journal, another process has it, or the stream does not take it.
pub(crate) async fn reseed(
    data_dir: &Path,
    settings: &Settings,
    over: &Over,
    out: &mut dyn std::io::Write,
) -> anyhow::Result<()> {
    let (options, replicas) = (options(settings, over, "reseed")?, replicas(settings, over)?);
    let journal = place::open_journal(data_dir, settings)?;
    let names = Names::of(&authority(&journal, settings, over)?);
    let connection = Connection::open(&options).await?;
    let mut bar = crate::progress::Bar::new("reseeding")?;
    let end = journal.head().position.get();
    let head = jetstream::reseeding::reseed(&connection, &names, &journal, replicas, |at| {
        bar.tell(journal::Progress { n_done: at.get(), n_total: end });
    })
    .await?;
    drop(bar);
    writeln!(
        out,
        "The stream {} holds the log up to position {}, on {replicas} {}.",
        names.log_stream(),
        head.position,
        if replicas == 1 { "server" } else { "servers" }
    )?;
    writeln!(out, "Head: {}:{}", head.position, head.chain)?;
    writeln!(out, "Next: scorebook serve --role ingest --nats …   (docs/OPERATIONS.md, “A cluster”)")?;
    Ok(())
}

/// With whom to connect, and as whom.
fn options(settings: &Settings, over: &Over, name: &str) -> anyhow::Result<jetstream::Options> {
    let options = settings.nats(&over.nats, name)?;
    options.context("say where NATS is, for example --nats nats://127.0.0.1:4222")
}
