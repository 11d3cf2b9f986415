//! Keeping the log safe: backups.

use std::path::PathBuf;

use clap::Args;

/// Backs up the log.
#[derive(Debug, Args)]
#[command(after_help = "It holds the salts, and names of people: keep it like the log. docs/OPERATIONS.md says more.")]
pub(crate) struct Backup {
    /// The backup's folder: a new one, or one that an earlier backup of this log made.
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
}

/// Restores a backup.
#[derive(Debug, Args)]
#[command(after_help = "--data-dir says where the log is to be; there must be none yet.")]
pub(crate) struct Restore {
    /// The backup's folder. Nothing in it is changed.
    #[arg(value_name = "BACKUP")]
    pub(crate) dir: PathBuf,
    /// A position and chain that were printed earlier, as POSITION:CHAIN.
    #[arg(long, value_name = "POSITION:CHAIN")]
    pub(crate) expect: Option<String>,
}
