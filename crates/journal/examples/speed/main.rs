//! Times the journal beside a plain segment file, `PostgreSQL` and `SQLite`, in one run and turn by turn.
//!
//! Prints one line a row: its title, the peer, the unit, the goal, our rounds and the peer's, parted by tabs.
//! `cargo xtask bench journal` starts a `PostgreSQL` for it, runs it and shows the table.
//!
//! ```text
//! speed FOLDER RECORDS [POSTGRES]   all rows; FOLDER is on the disk to be measured, POSTGRES holds the server's socket
//! speed only PART FOLDER RECORDS    one part: append, single, writers, submissions, read, large, saved or profile
//! speed fill FOLDER RECORDS         fills a log, says so, and waits to be killed; used by the others
//! speed read-all FOLDER             reads a log, and says the most memory that it had; so does `read-store`, without us
//! ```

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    reason = "a benchmark prints, reads the clock, and stops at the first surprise"
)]

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod appending;
mod events;
mod large;
mod peers;
mod reading;
mod rows;
mod saving;
mod segment;
mod writers;

use std::path::Path;

/// How many records the largest log has that is measured.
const LARGE_RECORDS: u64 = 10_000_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["fill", folder, n_records] => reading::fill_and_wait(Path::new(folder), count(n_records)),
        ["read-all", folder] => large::read_all(Path::new(folder)),
        ["read-store", folder] => large::read_store(Path::new(folder)),
        ["only", part, folder, n_records] => only(part, Path::new(folder), count(n_records)),
        [folder, n_records] => all(Path::new(folder), count(n_records), None),
        [folder, n_records, postgres] => all(Path::new(folder), count(n_records), Some(Path::new(postgres))),
        _ => panic!("say `speed FOLDER RECORDS [POSTGRES]`"),
    }
}

fn count(text: &str) -> u64 {
    text.parse().expect("a number of records")
}

fn all(folder: &Path, n_records: u64, postgres: Option<&Path>) {
    appending::batches(folder, postgres);
    appending::singles(folder, postgres);
    writers::rows(folder);
    reading::rows(folder, n_records);
    large::rows(folder, LARGE_RECORDS);
    saving::rows(folder, LARGE_RECORDS);
}

fn only(part: &str, folder: &Path, n_records: u64) {
    match part {
        "append" => appending::batches(folder, None),
        "single" => appending::singles(folder, None),
        "writers" => writers::rows(folder),
        "submissions" => writers::profile(folder, n_records),
        "read" => reading::rows(folder, n_records),
        "large" => large::rows(folder, n_records),
        "saved" => saving::rows(folder, n_records),
        "profile" => reading::profile(n_records),
        other => panic!("there is no part {other}"),
    }
}
