//! Bounds on what a record may hold. A record with its header fits in a block of 4,000 bytes.

/// The longest name, title, label or unit, in bytes.
pub const NAME_BYTES_MAX: usize = 200;
/// The longest reason or decision reference, in bytes.
pub const REASON_BYTES_MAX: usize = 1_000;
/// The longest text kept inside a record, in bytes; a longer one is stored as content and referred to.
pub const INLINE_BYTES_MAX: usize = 1_500;
/// The longest text that answers quote, a definition or a commentary, in bytes.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;
/// One stored part of a content, in bytes.
pub const PART_BYTES_MAX: usize = 3_500;
/// The largest content (a definition, a layout, a submitted file), in bytes.
pub const CONTENT_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The most records in a log: a place in it is kept in 32 bits.
pub const LOG_RECORDS_MAX: u64 = 4_294_967_295;
/// The most records in a commit.
pub const COMMIT_RECORDS_MAX: usize = 1_000_000;
/// The most bytes of encoded records in a commit.
pub const COMMIT_BYTES_MAX: usize = 240 * 1024 * 1024;
/// The most files in a submission.
pub const SUBMISSION_FILES_MAX: usize = 16;
/// The most refusals that a report lists; all are counted.
pub const REFUSALS_LISTED_MAX: usize = 1_000;
/// The most changes that a preview lists; all are counted.
pub const CHANGES_LISTED_MAX: usize = 1_000;
/// The most rows on a scorecard.
pub const SCORECARD_ROWS_MAX: usize = 1_000;
/// The longest text of warnings that a view is published over, in bytes.
pub const WARNINGS_BYTES_MAX: usize = 256 * 1024;
/// The most areas on a neighbour list.
pub const NEIGHBOURS_MAX: usize = 32;
