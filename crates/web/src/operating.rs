//! How the server is: `/metrics` for Prometheus, `/ready` and `/live` for whoever starts and stops it.
//!
//! Every value is read when it is asked for, so there is nothing to register, and the text is written here.
//!
//! Source: Prometheus, “Exposition formats”, text format 0.0.4.

use std::fmt::Write as _;
use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::server::serve_routes;

/// How many connections there are at once; the next waits until one ends.
const CONNECTIONS_MAX: usize = 16;
/// How many messages of the shared log a node may be behind and still be ready.
pub const LAG_MESSAGES_MAX: u64 = 1_000;
/// For how many seconds a node may have heard nothing of the shared log and still be ready.
pub const SILENCE_SECONDS_MAX: u64 = 30;

/// What is known of a server at one moment. Nothing of the log's content.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The program's version.
    pub version: &'static str,
    /// `all`; or of `ingest`, `ratings` and `reporting` those that it has, with commas between them.
    pub role: String,
    /// Whether it takes submissions: one that does is not ready when it cannot.
    pub records: bool,
    /// Whether it was told to stop.
    pub stopping: bool,
    /// The position of the head that readers see.
    pub head: u64,
    /// What is damaged, in a sentence.
    pub damage: Option<String>,
    /// The log's disk; `None` where it does not say what is free.
    pub disk: Option<Disk>,
    /// How far the clock is behind the last record, in seconds; 0 when it is not.
    pub clock_behind_seconds: u64,
    /// How far it may be behind before it is a warning, in seconds.
    pub clock_behind_seconds_max: u64,
    /// Followers of the feed at this moment.
    pub n_followers: usize,
    /// Submissions in the log.
    pub n_submissions: usize,
    /// Submissions that came to the writer and were not recorded, since the start.
    pub n_refused: u64,
    /// Memory in use, in bytes, where the system says so.
    pub resident_bytes: Option<u64>,
    /// The node's part in the shared log; `None` for a server on its own.
    pub cluster: Option<Cluster>,
}

/// A disk.
#[derive(Debug, Clone, Copy)]
pub struct Disk {
    /// How many bytes are free.
    pub free_bytes: u64,
    /// How many have to be for the smallest submission.
    pub needed_bytes: u64,
}

/// A node's part in a log that is shared over NATS.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// Whether a NATS server is connected.
    pub connected: bool,
    /// How many messages of the stream are not in the journal yet.
    pub lag_messages: u64,
    /// For how many seconds nothing was heard of the stream, heartbeats included.
    pub silence_seconds: u64,
    /// Why nothing is written, in a sentence.
    pub writes_stopped: Option<String>,
    /// Whether nodes, or a node and the stream, have different chains at one position.
    pub nodes_disagree: bool,
    /// Up to which position the public feed has everything; `None` for a role that does not announce.
    pub announced_position: Option<u64>,
}

impl Facts {
    /// Why nobody should be sent here, in a sentence; `None` when it is ready.
    pub fn not_ready(&self) -> Option<String> {
        if self.stopping {
            return Some("it is stopping".to_owned());
        }
        if self.records
            && let Some(damage) = &self.damage
        {
            return Some(damage.clone());
        }
        let cluster = self.cluster.as_ref()?;
        if self.records
            && let Some(why) = &cluster.writes_stopped
        {
            return Some(format!("writes are stopped: {why}"));
        }
        if cluster.silence_seconds > SILENCE_SECONDS_MAX {
            let seconds = cluster.silence_seconds;
            return Some(format!("nothing was heard of the shared log for {seconds} s; see that NATS can be reached"));
        }
        let lag = cluster.lag_messages;
        (lag > LAG_MESSAGES_MAX)
            .then(|| format!("{lag} messages of the shared log are not read yet; it is catching up"))
    }

    /// The text for Prometheus.
    pub fn metrics(&self) -> String {
        let mut text = Text(String::with_capacity(4_096));
        let about = format!("{{version=\"{}\",role=\"{}\"}}", self.version, self.role);
        text.add("scorebook_build_info", "Version and role; always 1.", &about, 1);
        text.gauge("scorebook_ready", "Whether /ready says yes.", u64::from(self.not_ready().is_none()));
        text.gauge("scorebook_head_position", "The last position that readers see.", self.head);
        text.gauge("scorebook_log_damaged", "Whether the log is damaged.", u64::from(self.damage.is_some()));
        if let Some(Disk { free_bytes, needed_bytes }) = self.disk {
            text.gauge("scorebook_disk_free_bytes", "What is free on the log's disk.", free_bytes);
            text.gauge("scorebook_disk_needed_bytes", "What has to be free to record anything.", needed_bytes);
        }
        let behind = "How far the clock is behind the last record.";
        text.gauge("scorebook_clock_behind_seconds", behind, self.clock_behind_seconds);
        let behind_max = "How far it may be behind before that is a warning.";
        text.gauge("scorebook_clock_behind_limit_seconds", behind_max, self.clock_behind_seconds_max);
        text.gauge("scorebook_followers", "Followers of the feed.", count(self.n_followers));
        let recorded = "Submissions in the log.";
        text.add("scorebook_submissions_recorded_total", recorded, "", count(self.n_submissions));
        let refused = "Submissions that were not recorded, since the start.";
        text.add("scorebook_submissions_refused_total", refused, "", self.n_refused);
        if let Some(bytes) = self.resident_bytes {
            text.gauge("process_resident_memory_bytes", "Memory in use.", bytes);
        }
        if let Some(cluster) = &self.cluster {
            text.cluster(cluster);
        }
        text.0
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

struct Text(String);

impl Text {
    fn add(&mut self, name: &str, help: &str, labels: &str, value: u64) {
        let kind = if name.ends_with("_total") { "counter" } else { "gauge" };
        writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name}{labels} {value}").expect("text grows");
    }

    fn gauge(&mut self, name: &str, help: &str, value: u64) {
        self.add(name, help, "", value);
    }

    fn cluster(&mut self, cluster: &Cluster) {
        self.gauge("scorebook_nats_connected", "Whether a NATS server is connected.", u64::from(cluster.connected));
        let lag = "Messages of the shared log that are not in the journal yet.";
        self.gauge("scorebook_lag_messages", lag, cluster.lag_messages);
        let silence = "For how long nothing was heard of the shared log.";
        self.gauge("scorebook_silence_seconds", silence, cluster.silence_seconds);
        let stopped = u64::from(cluster.writes_stopped.is_some());
        self.gauge("scorebook_writes_stopped", "Whether nothing is written.", stopped);
        let disagree = "Whether chains differ at one position.";
        self.gauge("scorebook_nodes_disagree", disagree, u64::from(cluster.nodes_disagree));
        if let Some(position) = cluster.announced_position {
            self.gauge("scorebook_announced_position", "Up to where the public feed has everything.", position);
        }
    }
}

/// Serves until `shutdown` is ready, then lets what is under way end.
pub async fn serve(
    listener: TcpListener,
    facts: impl Fn() -> Facts + Send + Sync + 'static,
    shutdown: impl Future<Output = ()> + Send,
) {
    serve_routes(listener, routes(Arc::new(facts)), CONNECTIONS_MAX, shutdown).await;
}

fn routes(facts: Arc<dyn Fn() -> Facts + Send + Sync>) -> Router {
    let for_ready = Arc::clone(&facts);
    let metrics = move || {
        let text = facts().metrics();
        async move { ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text) }
    };
    let ready = move || {
        let answer = match for_ready().not_ready() {
            None => (StatusCode::OK, "ready\n".to_owned()),
            Some(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n")),
        };
        async move { answer }
    };
    Router::new()
        .route("/metrics", get(metrics))
        .route("/ready", get(ready))
        .route("/live", get(|| async { "live\n" }))
        .fallback(|| async { (StatusCode::NOT_FOUND, "there are /metrics, /ready and /live\n") })
}

#[cfg(test)]
mod tests;
