//! Bounds on requests, beside those on records in [`domain::limits`].

/// The largest message that a server reads or writes, in bytes.
pub const MESSAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The most items on a page.
pub const PAGE_SIZE_MAX: u32 = 1_000;
/// The items on a page whose size is not asked for.
pub const PAGE_SIZE_DEFAULT: u32 = 100;
/// The most instructions in a request; more come as files.
pub const INSTRUCTIONS_MAX: usize = 10_000;
/// The most fields of a message, list items each: twice what any request may have. More are refused before they are read.
pub const FIELDS_MAX: usize = 20_000;
/// The most bytes of a file in one chunk of a stream.
pub const CHUNK_BYTES_MAX: usize = 1024 * 1024;
/// The longest name of a file, in bytes.
pub const FILE_NAME_BYTES_MAX: usize = 100;
/// The most event types in a filter.
pub const EVENT_TYPES_MAX: usize = 32;
/// The most measures, or areas, in a filter of the feed.
pub const FOLLOWED_MAX: usize = 256;
/// The most bytes of a value that a violation repeats.
pub const VALUE_BYTES_SHOWN: usize = 200;
/// The most measures, areas or periods of a grid.
pub const GRID_SIDE_MAX: usize = 1_000;
