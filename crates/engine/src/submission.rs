//! What is put in, what it would change, and what was recorded.

use std::collections::BTreeMap;

use domain::event::Source;
use domain::preview::{Change, Tally};
use domain::result::Why;
use domain::{Actor, Digest, Instruction, Position, SubmissionId, Timestamp};
use ingest::Refusal;
use reporting::release::Review;

/// Something put in at once, to be taken whole or not at all: files, or single instructions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The client's identifier. Without one it is made from the digest, so that a repeated request is known.
    pub id: Option<SubmissionId>,
    /// SHA-256 of the request as the client gave it, without this identifier and the fields below the instructions.
    pub digest: Digest,
    /// Who puts it in.
    pub actor: Actor,
    /// When everything in it was known, unless an instruction says otherwise; `None` for now.
    pub known_at: Option<Timestamp>,
    /// Why, unless an instruction says otherwise.
    pub why: Why,
    /// Files, in any order; they are read in the order in which their kinds depend on one another.
    pub files: Vec<File>,
    /// Single instructions, carried out after the files.
    pub instructions: Vec<Instruction>,
    /// Record the rows that are refused as set aside, instead of refusing the whole.
    pub set_aside: bool,
    /// How many withdrawals of snapshots its sender accepts, where it could be that a file was cut short. Given, it must
    /// be their exact number.
    pub accept_withdrawals: Option<u64>,
    /// The preview that its sender saw. If what it read has changed since, nothing is recorded.
    pub expected: Option<Token>,
}

/// A file as it was put in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct File {
    /// Its name, without folders.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// True when its results are a whole table as of when they were known: what stands in its scope and is not in it is
    /// withdrawn; see [`domain::snapshot`]. Of a file of another kind it says nothing.
    pub snapshot: bool,
    /// The layout that it is read by: a built-in one, or another file of the request; empty for Scorebook's own columns.
    pub layout: String,
    /// Which rows are taken, as `column=value`, for a layout that selects; else empty.
    pub select: String,
}

/// Names a preview: what it read, and what it would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The head that it was computed at.
    pub position: Position,
    /// SHA-256 of all that it read and would change.
    pub digest: Digest,
}

/// What a request would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// To accept exactly this.
    pub token: Token,
    /// Its files as they would be recorded.
    pub sources: Vec<Source>,
    /// What one should know of how the files were read, such as a sheet that was passed over; the first 200.
    pub notes: Vec<String>,
    /// How much of what would change, by noun.
    pub tallies: BTreeMap<&'static str, Tally>,
    /// The changes, the first 1,000.
    pub changes: Vec<Change>,
    /// How many changes there are.
    pub n_changes: u64,
    /// What is refused, the first 1,000, by file and line.
    pub refusals: Vec<Refusal>,
    /// How many refusals there are. Unless they are set aside, any one refuses the whole.
    pub n_refusals: u64,
    /// How many rows would be set aside.
    pub n_set_aside: u64,
    /// How many results would be withdrawn because a snapshot does not have them; among those that are tallied.
    pub n_absent: u64,
    /// What it would do to figures and verdicts; `None` when it touches none, when it is too large, and when this is not
    /// only a preview.
    pub review: Option<Review>,
    /// True when it touches more than [`crate::settings::REVIEW_CELLS_MAX`] cells, too many to be reviewed.
    pub too_large_to_review: bool,
}

impl Preview {
    /// True when everything stands already.
    pub fn unchanged(&self) -> bool {
        self.n_changes == 0 && self.n_set_aside == 0
    }
}

/// What was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The submission's identifier.
    pub submission: SubmissionId,
    /// Its first record.
    pub first: Position,
    /// Its last record: ask at least at this position to see what was recorded.
    pub last: Position,
    /// When it was taken in.
    pub recorded_at: Timestamp,
    /// The log's hash chain at its last record.
    pub chain: Digest,
    /// True when it was recorded by an earlier request with the same identifier and content.
    pub already: bool,
}
