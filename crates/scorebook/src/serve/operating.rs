//! How this server is, for whoever operates it.

use std::fs;
use std::sync::Arc;

use engine::settings::CLOCK_BEHIND_MINUTES_MAX;
use web::operating::{Disk, Facts};

use crate::cluster::Node;
use crate::place::{Held, VERSION};

/// Looks each time it is asked.
pub(super) fn facts(held: &Held, node: Option<&Node>) -> impl Fn() -> Facts + Send + Sync + use<> {
    let role = node.map_or_else(|| "all".to_owned(), Node::role);
    let cluster = node.map(Node::facts);
    let (engine, followers) = (held.engine.clone(), held.followers.clone());
    // What serves may outlive the log by a moment, and must not keep it open.
    let journal = held.journal.as_ref().map(Arc::downgrade);
    let stopping = held.stop.subscribe();
    move || {
        let end = engine.head();
        let journal = journal.as_ref().and_then(std::sync::Weak::upgrade);
        let (free_bytes, needed_bytes) = journal.map_or((None, 0), |journal| journal.free_and_needed_bytes());
        let behind = end.recorded_at.map_or(0, |last| last.micros().saturating_sub(engine.now().micros()));
        let (_, _, n_submissions) = engine.counts();
        Facts {
            version: VERSION,
            role: role.clone(),
            records: engine.takes_submissions(),
            stopping: *stopping.borrow(),
            head: end.position.get(),
            damage: engine.damage().map(|damage| damage.to_string()),
            disk: free_bytes.map(|free_bytes| Disk { free_bytes, needed_bytes }),
            clock_behind_seconds: u64::try_from(behind / 1_000_000).unwrap_or(0),
            clock_behind_seconds_max: CLOCK_BEHIND_MINUTES_MAX.unsigned_abs().saturating_mul(60),
            n_followers: followers.n_followers(),
            n_submissions,
            n_refused: engine.n_refused(),
            resident_bytes: resident_bytes(),
            cluster: cluster.as_ref().map(|facts| facts()),
        }
    }
}

/// How much memory the process has in use, where the system says so (Linux).
fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    kibibytes.trim().strip_suffix(" kB")?.parse::<u64>().ok()?.checked_mul(1_024)
}
