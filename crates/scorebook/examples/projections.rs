//! How much memory the projections of a log ask for, a revision. What an allocator keeps beside that is the process's, which
//! `asof opening` tells.
//!
//! projections DATA       its figure goes to standard output and to the file that RESULTS names, as those of `asof`

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a benchmark prints, reads the clock, and stops at the first surprise"
)]

use std::path::Path;

use domain::Book;
use engine::log::EventLog as _;
use peak_alloc::PeakAlloc;
use serde_json::json;

#[path = "asof/figures.rs"]
#[expect(dead_code, reason = "latencies are not measured here")]
mod figures;
#[path = "asof/pages.rs"]
mod pages;

use figures::Figures;
use pages::{each_page, journal};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

fn main() {
    let data = std::env::args_os().nth(1).expect("say `projections` and the folder of a log");
    let journal = journal(Path::new(&data));
    let mut book = Book::default();
    let n_read = each_page(&journal, |records| {
        for record in records {
            book.apply(record).expect("records follow one another");
        }
    });
    assert_eq!(book.head(), journal.head().position, "the book has all of the log");
    // What is given back is the book's, and nothing of what reading the log takes.
    let with_book = ALLOCATOR.current_usage();
    drop(book);
    let bytes = with_book.saturating_sub(ALLOCATOR.current_usage());
    let what = json!({"bytes": bytes, "revisions": n_read, "bytes_each": bytes as f64 / n_read as f64});
    Figures::open().put("projections", what);
}
