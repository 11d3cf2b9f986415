//! What only the owner of a data folder may ask of the server that holds it: a backup, an export, a proof. Salts are in
//! them, so that they stay on this machine and never go through the contract.
//!
//! ```text
//! control.sock in the data folder, for its owner alone
//!   asked     {"backup":"/folder"}   "export"   {"verify":{"expect":"POSITION:CHAIN"}}                   one line
//!   answered  {"done":n,"total":m} … {"bytes":n} and n bytes … then {"made":"words"} or {"failed":"words"}   a line each
//! ```
//!
//! Whoever asked may leave: a backup is finished all the same, because it is the server that keeps it; everything else
//! ends there.

#[cfg(unix)]
mod answering;
#[cfg(unix)]
mod asking;

use std::path::PathBuf;

#[cfg(unix)]
use serde::{Deserialize, Serialize};

#[cfg(unix)]
pub(crate) use asking::ask;
#[cfg(not(unix))]
pub(crate) use elsewhere::ask;

/// Its name in the data folder.
#[cfg(unix)]
const NAME: &str = "control.sock";
/// More than any path has.
#[cfg(unix)]
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// What is asked.
#[derive(Debug)]
#[cfg_attr(unix, derive(Serialize, Deserialize), serde(rename_all = "lowercase", deny_unknown_fields))]
pub(crate) enum Asked {
    /// To copy into a folder what it does not have yet.
    Backup(PathBuf),
    /// Every record as a line.
    Export,
    /// To check every record and the chain.
    Verify {
        /// A position and chain that were printed earlier.
        expect: Option<String>,
    },
}

#[cfg(unix)]
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Answer {
    Progress { done: u64, total: u64 },
    Bytes { bytes: u64 },
    Made { made: String },
    Failed { failed: String },
}

/// Where a server is asked; gone when this is dropped.
pub(crate) struct Control {
    path: Option<PathBuf>,
}

impl Drop for Control {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.path.as_deref().map(std::fs::remove_file) {
            tracing::debug!(%error, "the server's control socket was gone already");
        }
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use std::io::Write;
    use std::path::Path;
    use std::sync::Arc;

    use journal::{Journal, Watch};

    use super::{Asked, Control};

    impl Control {
        /// Elsewhere the server is stopped first.
        pub(crate) fn listen(_data_dir: &Path, _journal: &Arc<Journal>) -> Self {
            Self { path: None }
        }
    }

    /// Elsewhere the server is stopped first.
    ///
    /// # Errors
    /// Always.
    pub(crate) fn ask(_: &Path, _: &Asked, _: &mut dyn Write, _: Watch<'_>) -> anyhow::Result<String> {
        anyhow::bail!("a running server is asked for this on Unix alone: stop it first")
    }
}
