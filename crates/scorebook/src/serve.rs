//! Serving: the log opened, an address listened on, and a clean stop with nothing lost.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use journal::Journal;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use web::operating::Facts;

use crate::arguments::Serve;
use crate::cluster::{self, Node};
use crate::control::Control;
use crate::place::{self, Held};
use crate::settings::Settings;

mod operating;

/// How long requests under way may take to end once the server is told to stop.
const STOPPING: Duration = Duration::from_secs(10);

/// Serves until told to stop.
///
/// # Errors
/// When the log does not open, the address is taken or not loopback, or the log fails while serving.
pub(crate) async fn serve(
    data_dir: &Path,
    settings: &Settings,
    asked: Serve,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let addresses = Addresses::of(settings, &asked)?;
    let (mut held, mut node) = hold(data_dir, settings, &asked).await?;
    let bound = Bound::to(addresses).await?;
    let listen = bound.grpc.1;
    if let Some(node) = &mut node {
        node.take_part(&mut held, listen)?;
    }
    // Heard from here on, so that a stop as soon as the address is known is a clean one.
    let signal = signal()?;
    let posted = place::Posted::post(data_dir, listen, held.engine.opened().log)?;
    // Before anybody is told that it serves, so that whoever asks next is answered.
    let control = held.journal.as_ref().map(|journal| Control::listen(data_dir, journal));
    if let Err(error) = greet(out, data_dir, (&held, node.as_ref()), &bound) {
        tracing::warn!(%error, "nobody reads the greeting");
    }
    // What was folded just now was decoded; this proves the chain through it while requests are answered.
    let checking = held.journal.as_ref().map(Journal::verify_in_background).transpose();
    let checking = checking.context("the verifying thread does not start")?;
    let facts = operating::facts(&held, node.as_ref());
    let told = async {
        match &mut node {
            Some(node) => tokio::select! {
                ended = node.ended() => ended,
                told = signal => told,
            },
            None => signal.await,
        }
    };
    let served = until_told(bound, facts, &held, told).await;
    drop(checking);
    drop((posted, control));
    let end = held.engine.head();
    let closed = held.close();
    let left = match node {
        Some(node) => node.leave().await,
        None => Ok(()),
    };
    served?;
    closed?;
    left?;
    tracing::info!(position = %end.position, chain = %end.chain, "stopped");
    if let Err(error) = writeln!(out, "Stopped. The log is at position {}, chain {}.", end.position, end.chain) {
        tracing::debug!(%error, "nobody reads the farewell");
    }
    Ok(())
}

/// Opens the log of the data folder, or joins a cluster with it.
async fn hold(data_dir: &Path, settings: &Settings, asked: &Serve) -> anyhow::Result<(Held, Option<Node>)> {
    if !asked.roles.is_empty() {
        let (held, node) = cluster::join(data_dir, settings, (&asked.over, &asked.roles)).await?;
        return Ok((held, Some(node)));
    }
    anyhow::ensure!(asked.over.nats.is_empty(), "--nats needs a role, for example --role ingest --role reporting");
    let held = place::open(data_dir, settings)?;
    if held.journal.is_none() && held.engine.damage().is_none() {
        // It could be read, but nothing would be recorded when there is room again.
        bail!("{}", held.engine.warnings().join("\n"));
    }
    Ok((held, None))
}

/// Where to listen.
struct Addresses {
    grpc: SocketAddr,
    http: Option<SocketAddr>,
    metrics: Option<SocketAddr>,
}

impl Addresses {
    /// As asked, or as set.
    ///
    /// # Errors
    /// When one is for others than this machine, and must not be.
    fn of(settings: &Settings, asked: &Serve) -> anyhow::Result<Self> {
        let grpc = asked.listen.unwrap_or(settings.listen);
        let http = asked.http.or(settings.http);
        loopback(grpc, "listen", 7420)?;
        http.map_or(Ok(()), |address| loopback(address, "http", 7421))?;
        Ok(Self { grpc, http, metrics: asked.metrics.or(settings.metrics) })
    }
}

/// What is listened on, and where that is.
struct Bound {
    grpc: (TcpListener, SocketAddr),
    http: Option<(TcpListener, SocketAddr)>,
    metrics: Option<(TcpListener, SocketAddr)>,
}

impl Bound {
    async fn to(addresses: Addresses) -> anyhow::Result<Self> {
        let Addresses { grpc, http, metrics } = addresses;
        let grpc = bind(grpc, "listen").await?;
        let http = match http {
            Some(address) => Some(bind(address, "http").await?),
            None => None,
        };
        let metrics = match metrics {
            Some(address) => Some(bind(address, "metrics").await?),
            None => None,
        };
        Ok(Self { grpc, http, metrics })
    }
}

/// Nobody from elsewhere is listened to.
fn loopback(address: SocketAddr, flag: &str, port: u16) -> anyhow::Result<()> {
    if !address.ip().is_loopback() {
        bail!(
            "{address} is not a loopback address: nobody's identity is checked yet, so that only this machine may ask\n\
             Listen on 127.0.0.1 or [::1], for example --{flag} 127.0.0.1:{port}."
        );
    }
    Ok(())
}

async fn bind(address: SocketAddr, flag: &str) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).await;
    let listener =
        listener.with_context(|| format!("{address} cannot be listened on; try another: --{flag} 127.0.0.1:0"))?;
    let listen = listener.local_addr().context("the address is not known")?;
    Ok((listener, listen))
}

fn greet(
    out: &mut dyn Write,
    data_dir: &Path,
    (held, node): (&Held, Option<&Node>),
    bound: &Bound,
) -> anyhow::Result<()> {
    let listen = bound.grpc.1;
    let end = held.engine.head();
    let opened = held.engine.opened();
    let (n_measures, n_cells, n_submissions) = held.engine.counts();
    writeln!(out, "Scorebook {} listens on http://{listen} (gRPC, with health and reflection).", place::VERSION)?;
    if let Some((_, http)) = bound.http {
        writeln!(out, "The feed over HTTP is at http://{http}/v1/feed.")?;
    }
    if let Some((_, metrics)) = bound.metrics {
        writeln!(out, "How it is: http://{metrics}/metrics and http://{metrics}/ready.")?;
    }
    if let Some(node) = node {
        writeln!(out, "It is node {} of a cluster; its role: {}.", node.name(), node.role())?;
    }
    writeln!(out, "Authority {}, time zone {}, log {}.", opened.authority, opened.time_zone, opened.log)?;
    writeln!(
        out,
        "It holds {n_measures} measures, {n_cells} cells and {n_submissions} submissions, up to position {}.",
        end.position
    )?;
    if let Some(saved) = held.engine.began_with_saved() {
        let n_after = end.position.get().saturating_sub(saved.get());
        writeln!(
            out,
            "It began with the book that was saved at position {saved}, and read {n_after} records after it."
        )?;
    }
    if let Some(damage) = held.engine.damage() {
        writeln!(out, "This server is {damage}.")?;
    }
    for warning in held.engine.warnings() {
        writeln!(out, "Warning: {warning}.")?;
    }
    writeln!(out, "Data: {}. Stop with Ctrl-C or SIGTERM.", data_dir.display())?;
    out.flush()?;
    Ok(())
}

/// Serves until a signal comes or the writer ends, then lets what is under way end.
async fn until_told(
    bound: Bound,
    facts: impl Fn() -> Facts + Send + Sync + 'static,
    held: &Held,
    signal: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let shutdown = || {
        let mut told = held.stop.subscribe();
        async move {
            // A sender that is gone means the same as being told.
            let _gone_or_told = told.wait_for(|stop| *stop).await.is_ok();
        }
    };
    let mut serving = JoinSet::new();
    let over_grpc = grpc::serve(bound.grpc.0, held.service.clone(), shutdown());
    serving.spawn(async { over_grpc.await.context("the server failed") });
    if let Some((listener, _)) = bound.http {
        let site = web::Site::new(held.engine.clone(), held.followers.clone());
        let over_http = web::serve(listener, site.context("the contract cannot be read")?, shutdown());
        serving.spawn(async {
            over_http.await;
            Ok(())
        });
    }
    if let Some((listener, _)) = bound.metrics {
        let over_http = web::operating::serve(listener, facts, shutdown());
        serving.spawn(async {
            over_http.await;
            Ok(())
        });
    }
    let failed = tokio::select! {
        Some(ended) = serving.join_next() => return ended.context("the server's task ended")?,
        signalled = signal => {
            signalled?;
            false
        }
        // It ends when the log has failed; its thread is gone a moment later.
        () = held.engine.ended() => true,
    };
    held.stop.send_replace(true);
    let all = async {
        while let Some(ended) = serving.join_next().await {
            ended.context("the server's task ended")??;
        }
        anyhow::Ok(())
    };
    match tokio::time::timeout(STOPPING, all).await {
        Ok(ended) => ended?,
        Err(_elapsed) => {
            tracing::warn!("some connections did not end in time; they are cut");
            serving.abort_all();
        }
    }
    if failed || held.failed() {
        bail!("the log has failed; the server has stopped so that nothing is said to be recorded that is not");
    }
    Ok(())
}

/// Hears from now on whether the process is told to stop; ends when it is.
#[cfg(unix)]
fn signal() -> anyhow::Result<impl Future<Output = anyhow::Result<()>>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be waited for")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("Ctrl-C cannot be waited for")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        Ok(())
    })
}

/// Ends when the process is told to stop.
#[cfg(not(unix))]
fn signal() -> anyhow::Result<impl Future<Output = anyhow::Result<()>>> {
    Ok(async { tokio::signal::ctrl_c().await.context("Ctrl-C cannot be waited for") })
}
