//! Power cuts: what is left of a journal when the disk forgets what was not synced.
//!
//! A small program ([`driver`]) appends to a journal, or copies one, and prints what is acknowledged into a file outside
//! the disk's folder. A C file that is preloaded into it (`tests/shim/power_cut.c`, compiled when it is needed) keeps what the disk
//! would have, and at a chosen call makes the folder that and kills the process. Then the program is run again to open
//! what is left and to hold it against what was acknowledged.
//!
//! ```text
//! round      a new folder, then by [`Scene`]:
//!   Load       append ✂ check  append ✂ check           cuts among the first hundreds of calls, and at the very end
//!   Overwriting  the same, right after a place was used again, with nothing else that was not synced
//!   Creation   append ✂ check  append ✂ check           the first cut while the folder is made
//!   Recovery   append ✂ open ✂ open ✂ … check           cuts while what an earlier cut left is opened
//!   BackingUp  backup ✂ backup ✂ … check  backup ✂ check  cuts while a journal is opened, appended to and backed up
//!   Resuming, Exporting, Restoring, Importing           the same with their verbs
//! ```
//!
//! It is not a proof about a disk: calls are counted under a lock, pages survive by a random number, and what a drive
//! does with a write cache that lies is not modelled, except by [`Syncs::Ignored`], which shows that this can fail.
//!
//! Invariants: a round is a function of its seed as far as threads allow: where the cut falls and which pages survive are
//! drawn from it, but what the store's own threads write in between is not. No process outlives its round.

mod round;
mod shim;
pub mod table;

pub use round::{Outcome, Report, round};
pub use shim::{Disk, driver};

/// The exit code of `power check` when something that was acknowledged is missing or different.
pub const EXIT_LOST: u8 = 3;
/// The exit code when the journal does not open.
pub const EXIT_CANNOT_OPEN: u8 = 4;

/// When the power goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// While commits are appended, or right after the program has ended.
    Load,
    /// Right after the store wrote over a place that held something else, of which alone the disk then has the new.
    Overwriting,
    /// While the folder is first opened.
    Creation,
    /// While what an earlier cut left is opened, several times in a row.
    Recovery,
    /// While a journal is appended to and backed up in turn, for the first time and after more commits.
    BackingUp,
    /// While a backup is made where the run before was killed as soon as it had named its manifest.
    Resuming,
    /// While a journal is appended to and exported in turn.
    Exporting,
    /// While a journal is made of a backup.
    Restoring,
    /// While a journal is made of an export.
    Importing,
}

/// When names (creation, renaming, removal) are durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// At once.
    Now,
    /// With the folder's own sync; of what is not synced a beginning survives.
    WithFolder,
}

/// What the disk does with a sync of the store's data file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syncs {
    /// What was written before it survives.
    Kept,
    /// Nothing: to show that the simulation finds what is lost.
    Ignored,
}

/// One way to cut the power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// When.
    pub scene: Scene,
    /// How many records a commit has.
    pub batch: u64,
    /// When names are durable.
    pub names: Names,
    /// Whether syncs are kept.
    pub syncs: Syncs,
}

#[cfg(test)]
mod said;
#[cfg(test)]
mod tests;
