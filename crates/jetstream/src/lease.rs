//! The append lease: whoever has it is let go first by the others. It only keeps them from wasting their work; what makes
//! an append safe is that the stream refuses what does not follow.
//!
//! It is a key in a bucket whose entries end by themselves after [`LEASE`], so that a node that is killed keeps nobody
//! waiting for longer.

use std::sync::Mutex;
use std::time::Duration;

use async_nats::jetstream::kv::{Config, CreateErrorKind, Operation, Store};
use futures_util::StreamExt as _;
use tokio::sync::{OnceCell, watch};
use tokio::time::{Instant, timeout, timeout_at};

use crate::connection::Connection;
use crate::names::Names;

/// How long a lease lasts when it is not given back.
const LEASE: Duration = Duration::from_secs(10);
/// How long to wait before the bucket is watched again after a failure.
const AGAIN: Duration = Duration::from_secs(1);
/// After how many lost races in a row a node asks for it.
const RACES: u32 = 3;
/// From how many records on it asks at once.
const RECORDS: usize = 1_000;
const KEY: &str = "append";

pub(crate) struct Lease {
    connection: Connection,
    bucket: String,
    node: String,
    store: OnceCell<Store>,
    /// While this node has it.
    held: Mutex<Option<Held>>,
    /// Until when another node has it, unless it gives it back.
    others: watch::Sender<Option<Instant>>,
}

/// The lease, as this node has it.
#[derive(Clone, Copy)]
struct Held {
    /// The revision of the key.
    revision: u64,
    /// When it ends by itself.
    until: Option<Instant>,
}

impl Held {
    fn lasts(self) -> bool {
        self.until.is_some_and(|until| Instant::now() < until)
    }
}

/// A node's turn to append.
pub(crate) struct Turn<'a> {
    lease: &'a Lease,
}

impl Lease {
    pub(crate) fn new(connection: &Connection, names: &Names, node: String) -> Self {
        Self {
            connection: connection.clone(),
            bucket: names.lease_bucket(),
            node,
            store: OnceCell::new(),
            held: Mutex::new(None),
            others: watch::Sender::new(None),
        }
    }

    /// Makes the bucket; one that is there already is left as it is.
    pub(crate) async fn make(connection: &Connection, names: &Names, n_replicas: usize) -> Result<(), String> {
        let config = Config {
            bucket: names.lease_bucket(),
            description: "who is let go first with an append".to_owned(),
            history: 1,
            max_age: LEASE,
            max_bytes: 1024 * 1024,
            num_replicas: n_replicas,
            ..Config::default()
        };
        connection.context.create_key_value(config).await.map(drop).map_err(|error| error.to_string())
    }

    async fn store(&self) -> Result<&Store, String> {
        let open = || self.connection.context.get_key_value(&self.bucket);
        self.store.get_or_try_init(open).await.map_err(|error| error.to_string())
    }

    /// Watches who has it, for as long as this runs.
    pub(crate) async fn watch(&self) {
        loop {
            if let Err(error) = self.watch_once().await {
                tracing::debug!(error, "the append lease is not watched at this moment");
            }
            self.others.send_replace(None);
            drop(timeout(AGAIN, std::future::pending::<()>()).await);
        }
    }

    async fn watch_once(&self) -> Result<(), String> {
        let store = self.store().await?;
        let mut changes = store.watch_with_history(KEY).await.map_err(|error| error.to_string())?;
        while let Some(change) = changes.next().await {
            let entry = change.map_err(|error| error.to_string())?;
            let theirs = entry.operation == Operation::Put && entry.value != self.node.as_bytes();
            self.others.send_replace(if theirs { in_a_lease() } else { None });
        }
        Ok(())
    }

    /// Waits while another node has the lease, and takes it when this append needs it. An append without it is as safe: what
    /// goes wrong with the lease is said and nothing else.
    pub(crate) async fn turn(&self, n_lost: u32, n_records: usize) -> Turn<'_> {
        let held = self.held.lock().is_ok_and(|held| held.is_some_and(Held::lasts));
        if !held {
            drop(timeout(LEASE, self.wait_for_others()).await);
            if n_lost >= RACES || n_records > RECORDS {
                self.take().await;
            }
        }
        Turn { lease: self }
    }

    /// Waits until nobody else has it: given back, or ended by itself.
    async fn wait_for_others(&self) {
        let mut others = self.others.subscribe();
        loop {
            let Some(until) = *others.borrow_and_update() else { return };
            match timeout_at(until, others.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => return,
            }
        }
    }

    /// Tries for it, for as long as a lease lasts.
    async fn take(&self) {
        let taken = async {
            loop {
                match self.store().await?.create(KEY, self.node.clone().into()).await {
                    Ok(revision) => return Ok(revision),
                    Err(error) if error.kind() == CreateErrorKind::AlreadyExists => {
                        self.others.send_if_modified(|until| {
                            *until = until.or_else(in_a_lease);
                            false
                        });
                        self.wait_for_others().await;
                    }
                    Err(error) => return Err(error.to_string()),
                }
            }
        };
        match timeout(LEASE, taken).await {
            Ok(Ok(revision)) => {
                if let Ok(mut held) = self.held.lock() {
                    *held = Some(Held { revision, until: in_a_lease() });
                }
            }
            Ok(Err(error)) => tracing::warn!(error, "the append lease does not answer; this goes on without it"),
            Err(_elapsed) => tracing::info!("others have the append lease; this goes on without it"),
        }
    }
}

/// When a lease ends that begins now.
fn in_a_lease() -> Option<Instant> {
    Instant::now().checked_add(LEASE)
}

impl Turn<'_> {
    /// Gives the lease back, when this node has it.
    pub(crate) async fn end(self) {
        let held = self.lease.held.lock().ok().and_then(|mut held| held.take());
        let Some(Held { revision, .. }) = held else { return };
        let given_back = match self.lease.store().await {
            Ok(store) => store.delete_expect_revision(KEY, Some(revision)).await.map_err(|error| error.to_string()),
            Err(error) => Err(error),
        };
        if let Err(error) = given_back {
            tracing::debug!(error, "the append lease was not given back; it ends by itself");
        }
    }
}
