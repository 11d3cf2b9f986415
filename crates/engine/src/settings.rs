//! The bounds of the engine, with their defaults.

/// How many submissions wait for the writer before the next is told to come again.
pub const QUEUE_LENGTH_MAX: usize = 256;
/// How many queued submissions share one disk sync at the most.
pub const GROUP_COMMITS_MAX: usize = 64;
/// How often a submission is decided again because another node's was recorded first, before it is to be sent again.
pub const RACES_MAX: usize = 32;
/// How many submissions are decided one by one after another node's was recorded first.
pub const CAREFUL_SUBMISSIONS: u32 = 256;
/// The most instructions of a submission that shares a group on a shared log, so that a group is one batch of messages.
pub const SHARED_GROUP_INSTRUCTIONS: usize = 1_000;
/// The most bytes of its files, likewise.
pub const SHARED_GROUP_FILE_BYTES: usize = 1024 * 1024;
/// How many records share one disk sync before the group is closed.
pub const GROUP_RECORDS_MAX: usize = 4_096;
/// How many readers wait for a position before the next is told to come again.
pub const WAITERS_MAX: usize = 1_000;
/// How long a reader waits for a position, in milliseconds.
pub const WAIT_MS: u64 = 5_000;
/// How far the clock may be behind the last record before it is said, in minutes.
pub const CLOCK_BEHIND_MINUTES_MAX: i64 = 5;
/// How many records are read from the log, or folded under one lock, at a time.
pub const PAGE_RECORDS: usize = 4_096;
/// The most bytes of files in one submission.
pub const SUBMISSION_BYTES_MAX: usize = 240 * 1024 * 1024;
/// The longest file name that is kept, in bytes.
pub const FILE_NAME_BYTES_MAX: usize = 100;
/// How many followers there are before the next is told to come again.
pub const FOLLOWERS_MAX: usize = 1_000;
/// How many may watch the head and be woken before submitters are answered; of more the submitters are answered first,
/// because each that is woken takes a microsecond.
pub const WATCHERS_FIRST_MAX: usize = 16;
/// How many items wait for a follower that is slower than the log; then the log waits to be read.
pub const FOLLOWER_ITEMS_MAX: usize = 64;
/// How many records a follower's page looks at.
pub const FEED_RECORDS: usize = 512;
/// How many cells a follower's page compares under one lock.
pub const FEED_CELLS: usize = 128;
/// After how many records without an item that is wanted a follower is told how far it is.
pub const PROGRESS_RECORDS: u64 = 10_000;
/// After how many milliseconds without an item that is wanted it is told so.
pub const PROGRESS_MS: u64 = 10_000;
/// The most bytes of submitted files that are read from the log for one pack of evidence.
pub const EVIDENCE_FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// How many cells a preview looks at for moves and verdicts; of more only the changes are told.
pub const REVIEW_CELLS_MAX: usize = 500_000;
/// How many cells of a grid are read under one lock: some tenths of a millisecond, after which the writer is let in.
pub const GRID_SLICE_CELLS: usize = 16_384;
