//! A log, read page by page.

use std::path::Path;

use domain::{Position, Recorded};
use engine::log::EventLog as _;
use journal::Journal;

/// The bytes of the log that the store keeps in memory.
const CACHE_BYTES: u64 = 64 * 1024 * 1024;
const PAGE_RECORDS: usize = 4_096;

pub(crate) fn journal(data: &Path) -> Journal {
    let mut options = journal::Options::new(data.join("journal"));
    options.cache_bytes = CACHE_BYTES;
    Journal::open(&options).expect("a log that opens")
}

/// Gives away every page of a log, and says how many records there are.
pub(crate) fn each_page(journal: &Journal, mut take: impl FnMut(&[Recorded])) -> usize {
    let (mut after, mut n_read) = (Position::START, 0);
    loop {
        let records = journal.read(after, PAGE_RECORDS).expect("a page of the log");
        let Some(last) = records.last() else { return n_read };
        after = last.position;
        n_read += records.len();
        take(&records);
    }
}
