//! The journal: the append-only log of one process, on sled. Nothing else names sled or bincode.
//!
//! It is not a database of results: it keeps records in the order in which they became so, and gives them back. It knows
//! nothing of what a record means, computes no rating, and has no index but the position. It never edits a record.
//!
//! ```text
//! folder    LOCK            held by the one process that has it open
//!           conf, db, snap.…, blobs/   sled's own; blobs/ stays empty
//!           book.…          the book, saved so that a start is quick; see `saved`
//!           tip             how far the log goes, noted after each sync: shows that a store lost its end
//! tree      "log":  first position (u64, big endian)  →  block
//! block     header (52 bytes: first position, how many, chain before)  then 1 to 16 records; at most 4,000 bytes
//! record    header (74 bytes: type, schema, position, times, id, flags, salt, checksum)  then the payload
//! payload   bincode: who, with which submission, why; then the event's fields; at most 3,800 bytes
//!
//! commit    ┌ block ──────────┐ ┌ block ──────────┐ ┌ block ─┐   one or more blocks of its own, or a
//!           │ 1 2 3 … 16      │ │ 17 18 … 32      │ │ 33 34* │   part of one that whole commits share
//!           └─────────────────┘ └─────────────────┘ └────────┘   * last of its commit
//! chain     leaf(n)  = SHA-256(0x00 ‖ salt ‖ payload)
//!           chain(n) = SHA-256(0x01 ‖ chain(n−1) ‖ header without salt and checksum ‖ leaf(n)),  chain(0) = 32 × 0
//! ```
//!
//! Invariants:
//! - what [`Journal::append`](engine::log::EventLog::append) acknowledged is on the disk, and is never removed;
//! - blocks after the last end of a commit were never acknowledged, and are removed on opening;
//! - blocks are never rewritten; no stored value is over 4,000 bytes;
//! - every stored byte is under a checksum, and every record under the chain;
//! - a payload struct that was ever released is never edited, and its golden bytes are kept in `tests/fixtures`;
//! - a record that is too new to be read is kept byte for byte.
//!
//! Read in this order: [`record`], `payload`, `block`, `preflight`, `room`, `store`, `journal`, `recovery`, `verify`, `salvage`,
//! `saved`, `sharing`; then, for a way out and back, `copying`, `draft`, `folders`, `building`, [`export`], [`import`], [`backup`].

mod bytes;
mod payload;
pub mod record;

mod block;
mod preflight;
mod room;
mod store;
mod tip;

mod bounds;
mod cells;
mod folding;
mod journal;
mod recovery;
mod salts;
mod salvage;
mod verify;

mod saved;
mod sharing;

mod building;
mod copying;
mod draft;
mod folders;

pub mod export;
pub mod import;

pub mod backup;

use std::io;
use std::path::PathBuf;

use engine::log::Full;

pub use building::Printed;
pub use cells::CellRecord;
pub use copying::{CopyError, Progress, Watch};
pub use folders::make_private;
pub use journal::{Journal, Options, SAVE_RECORDS};
pub use record::{Header, RawRecord};
pub use salts::Salts;
pub use salvage::Salvage;
pub use sharing::{Run, Written, encode};
pub use verify::{Assurance, Checking, Verified};

/// Why a journal cannot be opened, by what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process, or another part of this one, has it open. Ask that one, or stop it first.
    #[error("the journal in {} is already open, in another process or elsewhere in this one", dir.display())]
    InUse {
        /// The journal's folder.
        dir: PathBuf,
    },
    /// The file system refuses. Mend permissions or space, then open it again.
    #[error("{doing} {} failed", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// There is no room on its disk for what opening writes. Make room, then open it again; [`Salvage`] reads it meanwhile.
    #[error("{0}")]
    Full(Full),
    /// The store does not open: it is damaged, or not a store. Restore the folder from a backup.
    #[error("the store in {} does not open", dir.display())]
    Store {
        /// The journal's folder.
        dir: PathBuf,
        /// What the store says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The store is damaged where opening it would overwrite what is after the damage; it was left as it is. Keep it, and
    /// restore the folder from a backup; [`Salvage`] reads what is before the damage.
    #[error("the store in {} must not be opened: {reason}", dir.display())]
    Unsafe {
        /// The journal's folder.
        dir: PathBuf,
        /// What was found.
        reason: String,
    },
    /// There are values in files of their own, which are not safe from a power cut. Something else wrote into the folder:
    /// restore it from a backup.
    #[error("{} is not empty: something other than this program wrote into the store", dir.display())]
    Blobs {
        /// The folder that should be empty.
        dir: PathBuf,
    },
    /// The end of the log is damaged, or too new. Restore it from a backup, or upgrade the program.
    #[error("the journal in {} cannot be trusted", dir.display())]
    Log {
        /// The journal's folder.
        dir: PathBuf,
        /// What was found, with its position.
        source: engine::log::Error,
    },
}

#[cfg(any(test, fuzzing))]
pub mod fuzzing;

#[cfg(test)]
mod tests;
