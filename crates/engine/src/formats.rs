//! To which record format a log may be raised: one that this program reads and writes, and everybody else who keeps it.

use std::sync::{Arc, OnceLock};

use domain::decide::Rejection;

/// Says whether everybody else who keeps a shared log reads a format, or who does not, in words without a full stop.
pub type Others = Arc<dyn Fn(u16) -> Result<(), String> + Send + Sync>;

/// Asked before anything that would raise the log's format is accepted.
pub(crate) struct Formats {
    /// The newest that this program reads and writes here.
    pub(crate) newest: u16,
    /// Whether others keep the log too.
    shared: bool,
    others: OnceLock<Others>,
}

impl Formats {
    pub(crate) const fn new(newest: u16, shared: bool) -> Self {
        Self { newest, shared, others: OnceLock::new() }
    }

    /// Whom to ask from now on. The first who is named stays.
    pub(crate) fn ask(&self, others: Others) {
        if self.others.set(others).is_err() {
            tracing::error!("who is asked about record formats was said twice");
        }
    }

    /// Why the log cannot be raised to a format now.
    pub(crate) fn unsupported(&self, format: u16) -> Option<Rejection> {
        if format > self.newest {
            return Some(Rejection::FormatUnknown { format, newest: self.newest });
        }
        let reason = match self.others.get() {
            Some(others) => others(format).err()?,
            None if self.shared => "what the other nodes read is not known yet".to_owned(),
            None => return None,
        };
        Some(Rejection::FormatUnsupported { format, reason })
    }
}
