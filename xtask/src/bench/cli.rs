//! What one invocation of the command line costs, against a process that does nothing.

use super::measure::{in_turn, process_seconds};
use super::row::{Row, Unit};
use super::{build, release_folder};
use anyhow::Result;
use std::path::Path;
use std::process::Command;

const N_ROUNDS: usize = 7;
/// One process takes about a millisecond, so a round is several of them.
const N_RUNS: u32 = 20;

pub(crate) fn rows() -> Result<Vec<Row>> {
    build("scorebook")?;
    let ours = release_folder().join("scorebook");
    Ok(vec![version(&ours, Path::new("/bin/true"))?])
}

/// Compares `ours --version` with `peer`, which is run without arguments.
pub(super) fn version(ours: &Path, peer: &Path) -> Result<Row> {
    let (ours, others) = in_turn(
        N_ROUNDS,
        || process_seconds(Command::new(ours).arg("--version"), N_RUNS),
        || process_seconds(&mut Command::new(peer), N_RUNS),
    )?;
    Ok(Row {
        title: "scorebook --version".to_owned(),
        peer_name: peer.display().to_string(),
        unit: Unit::Seconds,
        ours,
        peer: others,
        // Nobody feels five times one millisecond.
        goal: 0.2,
    })
}
