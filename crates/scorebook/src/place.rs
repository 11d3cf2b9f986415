//! Where the log is: opened here, or asked of the server that holds it.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, bail};
use domain::{LogId, Timestamp};
use engine::feed::Followers;
use engine::log::EventLog;
use engine::writer::Clock;
use engine::{Engine, Options};
use grpc::Service;
use journal::{Journal, OpenError, Salvage};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tonic::transport::{Channel, Endpoint};
use wire::v1::scorebook_service_client::ScorebookServiceClient;

use crate::arguments::Place;
use crate::settings::Settings;

/// The program's version, as it is released.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The largest answer that is taken from a server, in bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A log that can be asked.
pub(crate) enum Access {
    /// Opened by this process.
    Here(Held),
    /// Held by a server.
    There(ScorebookServiceClient<Channel>),
}

/// A log that this process holds, with its writer's thread.
pub(crate) struct Held {
    pub(crate) service: Service,
    /// The places for followers, of the service and of whoever else serves the feed.
    pub(crate) followers: Followers,
    pub(crate) engine: Engine,
    /// None when it is damaged so that it does not open, and only what is before the damage is read.
    pub(crate) journal: Option<Arc<Journal>>,
    /// Tells whoever serves, and all followers, to end.
    pub(crate) stop: watch::Sender<bool>,
    writer: JoinHandle<Result<(), engine::log::Error>>,
}

impl Held {
    /// Lets the writer finish what it has, and waits for it.
    ///
    /// # Errors
    /// When the log failed.
    pub(crate) fn close(self) -> anyhow::Result<()> {
        let Self { service, followers, engine, journal, stop, writer } = self;
        // Connections that do not end may hold on to the engine: the writer is told, and does not wait for them.
        engine.stop();
        stop.send_replace(true);
        drop((service, followers, engine, journal));
        match writer.join() {
            Ok(ended) => ended.context("the log failed"),
            Err(_panic) => bail!("the writer ended without an answer"),
        }
    }

    /// True once the writer has ended, which it does early only when the log failed.
    pub(crate) fn failed(&self) -> bool {
        self.writer.is_finished()
    }
}

/// What a server leaves beside its log, so that the command line finds it.
#[derive(Debug, Serialize, Deserialize)]
struct Notice {
    /// Where it listens.
    listen: SocketAddr,
    /// Its process.
    pid: u32,
    /// The identifier of the log that it serves.
    log: String,
}

/// The name of that file.
const NOTICE: &str = "server.json";
/// The longest such file that is read, in bytes.
const NOTICE_BYTES_MAX: u64 = 4_096;

/// Makes a data folder that only its owner can look into: it holds salts, and names of people.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn make_private(dir: &Path) -> anyhow::Result<()> {
    journal::make_private(dir).with_context(|| format!("{} cannot be made", dir.display()))
}

/// The folder that holds the journal inside the data folder.
pub(crate) fn journal_dir(data_dir: &Path) -> PathBuf {
    data_dir.join("journal")
}

/// What this node is called: as asked, or a name that is made once. It is kept in the data folder, which is a node's from
/// then on.
///
/// # Errors
/// When it is no name, or can be neither read nor kept.
pub(crate) fn node_name(data_dir: &Path, asked: Option<&str>) -> anyhow::Result<String> {
    let path = data_dir.join(NODE);
    let kept = fs::read_to_string(&path).ok().map(|kept| kept.trim().to_owned());
    if let Some(asked) = asked {
        anyhow::ensure!(is_node_name(asked), "--node takes {NODE_NAME}");
    } else if let Some(kept) = kept {
        anyhow::ensure!(is_node_name(&kept), "{} does not hold a node's name: {NODE_NAME}", path.display());
        return Ok(kept);
    }
    let name = asked.map_or_else(new_node_name, |asked| Ok(asked.to_owned()))?;
    fs::write(&path, &name).with_context(|| format!("writing {} failed", path.display()))?;
    Ok(name)
}

fn new_node_name() -> anyhow::Result<String> {
    let mut random = [0; 2];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("the system gives no random numbers: {error}"))?;
    let host: String = whoami::hostname().unwrap_or_default();
    let host: String = host.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(40).collect();
    let host = if host.is_empty() { "node" } else { &host };
    Ok(format!("{host}-{:04x}", u16::from_be_bytes(random)))
}

/// Why nothing is recorded in a node's folder while no node serves it.
const A_NODES_FOLDER: &str = "this data folder is a node's, and what is recorded in it alone is never the others'; send it to \
                              a node whose role is ingest, or, when the cluster is given up, remove the file node from this \
                              folder (docs/OPERATIONS.md, “A cluster”)";

/// Whether other nodes can be told such a name.
fn is_node_name(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// What such a name is like.
const NODE_NAME: &str = "1 to 64 letters, digits, - and _";
/// The name of the file that holds it.
const NODE: &str = "node";

/// The one clock of the program.
pub(crate) fn clock() -> Clock {
    Arc::new(|| {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads the clock; everything else is given it"
        )]
        let now = std::time::SystemTime::now();
        let since = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let micros = i64::try_from(since.as_micros()).unwrap_or(i64::MAX);
        Timestamp::from_micros(micros).unwrap_or_else(|_| first_instant())
    })
}

/// A clock that is out of all bounds stands still; `recorded_at` goes on from the last record.
fn first_instant() -> Timestamp {
    Timestamp::from_micros(0).expect("the epoch is an instant")
}

/// Finds the log: the server that was named, the server that holds the folder, or the folder itself.
///
/// # Errors
/// When there is no log, or it cannot be reached or opened; each says what to do.
pub(crate) async fn find(place: &Place, settings: &Settings) -> anyhow::Result<Access> {
    if let Some(address) = &place.server {
        let url = if address.contains("://") { address.clone() } else { format!("http://{address}") };
        let channel = connect(&url).await.with_context(|| format!("no server answers at {url}"))?;
        return Ok(Access::There(channel));
    }
    let data_dir = settings.data_dir(place.data_dir.as_deref())?;
    if let Some(notice) = read_notice(&data_dir)
        && let Some(client) = holder(&notice).await
    {
        return Ok(Access::There(client));
    }
    Ok(Access::Here(open(&data_dir, settings)?))
}

/// The server that left the notice. `None` when nobody listens there, or somebody with another log: a server that was
/// killed leaves its notice, and its address may have become somebody else's.
async fn holder(notice: &Notice) -> Option<ScorebookServiceClient<Channel>> {
    let client = connect(&format!("http://{}", notice.listen)).await.ok()?;
    let mut asking = client.clone();
    let asked = asking.get_status(wire::v1::GetStatusRequest::default());
    let status = tokio::time::timeout(CONNECTING, asked).await.ok()?.ok()?.into_inner();
    (status.log_id == notice.log).then_some(client)
}

async fn connect(url: &str) -> anyhow::Result<ScorebookServiceClient<Channel>> {
    let endpoint = Endpoint::from_shared(url.to_owned()).context("not an address such as 127.0.0.1:7420")?;
    let channel = endpoint.connect_timeout(CONNECTING).timeout(ANSWERING).connect().await?;
    Ok(ScorebookServiceClient::new(channel).max_decoding_message_size(ANSWER_BYTES_MAX))
}

/// How long a server may take to take a connection, and to say which log it holds.
const CONNECTING: Duration = Duration::from_secs(5);
/// How long a server may take to answer; a large import takes minutes.
const ANSWERING: Duration = Duration::from_mins(30);

/// Opens the journal of a data folder that was begun.
///
/// # Errors
/// When there is none, another process has it, or it is damaged.
pub(crate) fn open_journal(data_dir: &Path, settings: &Settings) -> anyhow::Result<Journal> {
    let dir = journal_dir(data_dir);
    if !dir.exists() {
        bail!(
            "there is no log in {}\n\
             Begin one:      scorebook init --authority E10000016   (Kent; give your own council's GSS code)\n\
             Or look around: scorebook demo\n\
             Or say where it is, with --data-dir or --server.",
            data_dir.display()
        );
    }
    open_or_make_journal(data_dir, settings)
}

/// Opens the journal of a data folder, or makes an empty one in it.
///
/// # Errors
/// When another process has it, or it is damaged.
pub(crate) fn open_or_make_journal(data_dir: &Path, settings: &Settings) -> anyhow::Result<Journal> {
    let mut options = journal::Options::new(journal_dir(data_dir));
    options.cache_bytes = settings.cache_mebibytes.saturating_mul(1024 * 1024);
    options.newest_format = settings.newest_format()?;
    options.save_records = settings.save_records;
    Journal::open(&options).map_err(|error| {
        let words = match (&error, read_notice(data_dir)) {
            (OpenError::InUse { .. }, Some(Notice { listen, pid, .. })) => {
                format!("the server at {listen} (process {pid}) holds this log; ask it, or stop it first")
            }
            (OpenError::InUse { .. }, None) => format!(
                "another process has the log in {} open and says no address to ask\n\
                 If a server is starting, try again in a moment; otherwise stop that process.",
                data_dir.display()
            ),
            (
                OpenError::Log { .. }
                | OpenError::Store { .. }
                | OpenError::Blobs { .. }
                | OpenError::Unsafe { .. },
                _,
            ) => {
                "the log is not what was written: keep the folder as it is, and restore the newest backup into another one"
                    .to_owned()
            }
            (OpenError::Full(_), _) => "the log was left as it is".to_owned(),
            _ => "the log does not open".to_owned(),
        };
        anyhow::Error::new(error).context(words)
    })
}

/// Whether the journal does not open because another process has it.
pub(crate) fn is_in_use(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(OpenError::InUse { .. }))
}

/// Opens a data folder and starts its writer. Of a damaged log, what is before the damage is held, to be read; and all of
/// a log for whose opening its disk has no room.
///
/// # Errors
/// As [`open_journal`], when nothing can be read; when the log was never begun.
pub(crate) fn open(data_dir: &Path, settings: &Settings) -> anyhow::Result<Held> {
    let elsewhere = data_dir.join(NODE).exists().then_some(A_NODES_FOLDER);
    match open_journal(data_dir, settings) {
        Ok(journal) => {
            let journal = Arc::new(journal);
            hold_log(Arc::<Journal>::clone(&journal), Some(journal), settings, elsewhere)
        }
        Err(error) => match salvage(data_dir, &error) {
            Some(salvage) => hold_log(Arc::new(salvage), None, settings, elsewhere),
            None => Err(error),
        },
    }
}

/// What can be read of a log that does not open because it is damaged, or its disk is full.
fn salvage(data_dir: &Path, error: &anyhow::Error) -> Option<Salvage> {
    let opening: &OpenError = error.downcast_ref()?;
    let dir = journal_dir(data_dir);
    let reason = if let OpenError::Full(full) = opening {
        return Salvage::open_full(&dir, full.clone()).ok();
    } else if let OpenError::Unsafe { reason, .. }
    | OpenError::Log { source: engine::log::Error::Corrupt { reason, .. }, .. } = opening
    {
        reason.clone()
    } else if let OpenError::Store { source, .. } = opening {
        source.to_string()
    } else {
        return None;
    };
    match Salvage::open(&dir, &reason) {
        Ok(salvage) => Some(salvage),
        Err(error) => {
            tracing::error!(%error, "nothing of the damaged log can be read");
            None
        }
    }
}

/// Says where the first damage is, when that is why a log does not open.
pub(crate) fn name_damage(data_dir: &Path, error: anyhow::Error) -> anyhow::Error {
    match salvage(data_dir, &error).and_then(|salvage| salvage.damage()) {
        Some(damage) => error.context(format!(
            "the log is damaged at position {}; what is before it is whole and can be read",
            damage.position
        )),
        None => error,
    }
}

/// Starts an engine on a log, behind which this process may have a journal.
///
/// # Errors
/// When the log was never begun, or cannot be read.
pub(crate) fn hold_log(
    log: Arc<dyn EventLog>,
    journal: Option<Arc<Journal>>,
    settings: &Settings,
    elsewhere: Option<&'static str>,
) -> anyhow::Result<Held> {
    let (permissions, newest_format) = (settings.permissions()?, settings.newest_format()?);
    let options = Options { clock: clock(), permissions, elsewhere, newest_format };
    let (engine, writer) = Engine::start(log, options).map_err(|error| {
        if matches!(error, engine::Error::NotOpened) {
            return anyhow::anyhow!("the log is empty; begin it with: scorebook init --authority E10000016");
        }
        error.into()
    })?;
    let thread = std::thread::Builder::new().name("writer".to_owned());
    let writer = thread.spawn(move || writer.run()).context("the writer's thread does not start")?;
    let (stop, stopping) = watch::channel(false);
    let followers = Followers::new(stopping);
    let service = Service::new(engine.clone(), VERSION, followers.clone());
    Ok(Held { service, followers, engine, journal, stop, writer })
}

/// Word of where a server listens, beside its log for as long as this lives.
pub(crate) struct Posted(PathBuf);

impl Posted {
    /// Leaves word.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn post(data_dir: &Path, listen: SocketAddr, log: LogId) -> anyhow::Result<Self> {
        let path = data_dir.join(NOTICE);
        let notice = serde_json::to_vec(&Notice { listen, pid: std::process::id(), log: log.to_string() })?;
        let draft = data_dir.join("server.json.new");
        fs::write(&draft, notice)
            .and_then(|()| fs::rename(&draft, &path))
            .with_context(|| format!("writing {} failed", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Posted {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0) {
            tracing::debug!(%error, "the server's notice was gone already");
        }
    }
}

/// What a server left; nothing when there is none, or it is not readable.
fn read_notice(data_dir: &Path) -> Option<Notice> {
    let path = data_dir.join(NOTICE);
    if fs::metadata(&path).ok()?.len() > NOTICE_BYTES_MAX {
        return None;
    }
    serde_json::from_slice(&fs::read(&path).ok()?).ok()
}
