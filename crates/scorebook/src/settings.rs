//! Settings: defaults, then a file, then the environment. Flags choose the folder and the file, nothing else.
//!
//! | name | environment | default |
//! |---|---|---|
//! | `data_dir` | `SCOREBOOK_DATA_DIR` | the platform's data folder |
//! | `listen` | `SCOREBOOK_LISTEN` | `127.0.0.1:7420` |
//! | `http` | `SCOREBOOK_HTTP` | none |
//! | `log` | `SCOREBOOK_LOG` | `warn`, and `info` when serving |
//! | `cache_mebibytes` | `SCOREBOOK_CACHE_MEBIBYTES` | 64 |
//! | `save_records` | `SCOREBOOK_SAVE_RECORDS` | 65,536 |
//! | `asserted_may` | `SCOREBOOK_ASSERTED_MAY` | everything |
//! | `metrics` | `SCOREBOOK_METRICS` | none |
//! | `nats` and the names that begin with it | `SCOREBOOK_NATS` … | none |
//! | `authority` | `SCOREBOOK_AUTHORITY` | the log's own |
//! | `replicas` | `SCOREBOOK_REPLICAS` | 3 |
//! | `newest_format` | `SCOREBOOK_NEWEST_FORMAT` | the program's own |

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use engine::log::FORMAT;
use engine::permissions::{Act, Permissions};
use etcetera::BaseStrategy as _;
use figment::Figment;
use figment::providers::{Env, Format as _, Toml};
use serde::Deserialize;

mod nats;

/// What can be set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// The folder of the log.
    #[serde(default)]
    pub(crate) data_dir: Option<PathBuf>,
    /// The address that the server listens on; loopback only.
    #[serde(default = "default_listen")]
    pub(crate) listen: SocketAddr,
    /// The address on which the server serves the feed over HTTP, if it does; loopback only.
    #[serde(default)]
    pub(crate) http: Option<SocketAddr>,
    /// Which messages the program logs, as `tracing` filters.
    #[serde(default)]
    pub(crate) log: Option<String>,
    /// How much of the store is kept in memory.
    #[serde(default = "default_cache")]
    pub(crate) cache_mebibytes: u64,
    /// After how many records the book is saved again, so that a start is quick; 0 for never.
    #[serde(default = "default_save_records")]
    pub(crate) save_records: u64,
    /// What actors may do who only say who they are, besides asking: record, set-targets, backfill, roll-back, publish, administer.
    #[serde(default)]
    pub(crate) asserted_may: Option<Vec<String>>,
    /// The address of `/metrics`, `/ready` and `/live`, if they are served; any address.
    #[serde(default)]
    pub(crate) metrics: Option<SocketAddr>,
    /// The addresses of NATS servers, of one cluster.
    #[serde(default, deserialize_with = "nats::addresses")]
    nats: Vec<String>,
    /// The user to be there, with [`Settings::nats_password_file`].
    #[serde(default)]
    nats_user: Option<String>,
    /// The file that holds the user's password.
    #[serde(default)]
    nats_password_file: Option<PathBuf>,
    /// The file that holds a token, instead of a user.
    #[serde(default)]
    nats_token_file: Option<PathBuf>,
    /// The file that holds the seed of an `NKey`, instead of a user.
    #[serde(default)]
    nats_nkey_file: Option<PathBuf>,
    /// The credentials file (a JWT and its seed), instead of a user.
    #[serde(default)]
    nats_credentials_file: Option<PathBuf>,
    /// PEM file of the authority that signed the NATS servers' certificates.
    #[serde(default)]
    nats_ca_file: Option<PathBuf>,
    /// PEM file of this node's own certificate, with [`Settings::nats_key_file`].
    #[serde(default)]
    nats_certificate_file: Option<PathBuf>,
    /// PEM file of the key to that certificate.
    #[serde(default)]
    nats_key_file: Option<PathBuf>,
    /// The GSS code of the council whose log is shared over NATS, for a node that has none yet.
    #[serde(default)]
    authority: Option<String>,
    /// How many NATS servers keep each stream that is made: 1, 3 or 5.
    #[serde(default = "default_replicas")]
    replicas: u8,
    /// The newest record format that is read and written, to rehearse an upgrade.
    #[serde(default = "default_format")]
    newest_format: u16,
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 7420))
}

const fn default_format() -> u16 {
    FORMAT
}

const fn default_cache() -> u64 {
    64
}

const fn default_save_records() -> u64 {
    journal::SAVE_RECORDS
}

const fn default_replicas() -> u8 {
    3
}

/// The names of all settings, as the environment has them after `SCOREBOOK_`.
const NAMES: [&str; 20] = [
    "data_dir",
    "listen",
    "http",
    "log",
    "cache_mebibytes",
    "save_records",
    "asserted_may",
    "newest_format",
    "metrics",
    "nats",
    "nats_user",
    "nats_password_file",
    "nats_token_file",
    "nats_nkey_file",
    "nats_credentials_file",
    "nats_ca_file",
    "nats_certificate_file",
    "nats_key_file",
    "authority",
    "replicas",
];

/// The file that is read when no other is named.
const FILE: &str = "scorebook.toml";

impl Settings {
    /// Reads the settings.
    ///
    /// # Errors
    /// When the file cannot be read, or a setting is unknown or malformed.
    pub(crate) fn read(file: Option<&Path>) -> anyhow::Result<Self> {
        let mut figment = Figment::new();
        if let Some(file) = file {
            anyhow::ensure!(file.is_file(), "the settings file {} is not there", file.display());
            figment = figment.merge(Toml::file_exact(file));
        } else {
            let folder = etcetera::choose_base_strategy().context("your home folder is not known")?;
            figment = figment.merge(Toml::file(folder.config_dir().join("scorebook").join(FILE)));
        }
        figment = figment.merge(Env::prefixed("SCOREBOOK_").only(&NAMES));
        figment.extract().context("the settings cannot be used; they are described in docs/SETTINGS.md")
    }

    /// The folder of the log.
    ///
    /// # Errors
    /// When neither it nor a home folder is known.
    pub(crate) fn data_dir(&self, flag: Option<&Path>) -> anyhow::Result<PathBuf> {
        if let Some(dir) = flag.or(self.data_dir.as_deref()) {
            return Ok(dir.to_owned());
        }
        let folders = etcetera::choose_base_strategy()
            .context("your home folder is not known: say where the log is with --data-dir")?;
        Ok(folders.data_dir().join("scorebook"))
    }

    /// The newest record format that is read and written.
    ///
    /// # Errors
    /// When this program has no such format.
    pub(crate) fn newest_format(&self) -> anyhow::Result<u16> {
        let format = self.newest_format;
        anyhow::ensure!(
            (1..=FORMAT).contains(&format),
            "newest_format is {format}; this program has formats 1 to {FORMAT}"
        );
        Ok(format)
    }

    /// Who may do what.
    ///
    /// # Errors
    /// When an act is named that there is not.
    pub(crate) fn permissions(&self) -> anyhow::Result<Permissions> {
        let Some(codes) = &self.asserted_may else { return Ok(Permissions::local()) };
        let act = |code: &String| {
            let all = Act::ALL.map(Act::code).join(", ");
            let found = Act::ALL.into_iter().find(|act| act.code() == code);
            found.with_context(|| format!("asserted_may names {code:?}; there are {all}"))
        };
        let asserted = codes.iter().map(act).collect::<anyhow::Result<BTreeSet<Act>>>()?;
        Ok(Permissions { asserted, ..Permissions::local() })
    }
}

#[cfg(test)]
mod tests;
