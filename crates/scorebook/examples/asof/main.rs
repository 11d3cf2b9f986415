//! A county of ten years, asked as of any time: ours beside the peers, on their workload and with their query sets.
//!
//! ```text
//! asof prepare EVENTS FILES          the peers' one file of events as the files that Scorebook reads; not timed
//! asof load FILES DATA               from those files, durably into a log, to the first answer
//! asof questions DATA QUERIES        Q1 to Q4 in process: checked, then timed
//! asof rebuild DATA QUERIES          Q5: the log folded again, and every cell rated
//! asof opening DATA QUERIES          from a clean stop to the first answer, and what the process grows by
//! asof served DATA QUERIES           Q1 to Q3 through gRPC, from this process to a server that it starts
//! asof steps DATA QUERIES            what of an answer to Q1 to Q3 through gRPC is what, in process
//! asof live DATA                     from an acknowledgement to a follower in this process that has the new rating
//! asof mixed DATA QUERIES            Q1 while results are recorded, and recording while a whole county is asked for
//! asof serve DATA                    that server, until its standard input is closed
//! ```
//!
//! Figures are printed, and added to the file that `RESULTS` names, as the peers add theirs: an object of JSON a line, with
//! `peer`, `scale` (`SCALE`), `run` (`RUN`) and `metric`. `cargo xtask bench asof` runs it and shows the table.
//!
//! Read in this order: [`county`], [`questions`], [`answers`], [`text`], then what is measured.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    clippy::float_arithmetic,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a benchmark prints, reads the clock, and stops at the first surprise"
)]

mod county;
mod questions;
mod text;

mod answers;
mod by_grid;

mod held;
mod loading;
mod opening;
mod rebuilding;

mod live;
mod mixed;
mod served;
mod steps;

mod checked;
mod figures;
mod pages;

use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::by_grid::ByGrid;
use crate::figures::Figures;
use crate::held::Held;
use crate::questions::Questions;

/// As the product's own: see `docs/decisions/0009-allocator.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let begin = Instant::now();
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let words: Vec<&Path> = arguments.iter().map(PathBuf::as_path).collect();
    let what = words.first().and_then(|word| word.to_str()).unwrap_or_default();
    match (what, words.get(1..).unwrap_or_default()) {
        ("prepare", [events, files]) => county::prepare(events, files),
        ("load", [files, data]) => loading::load(files, data, &mut Figures::open()),
        ("questions", [data, queries]) => questions(data, queries),
        ("rebuild", [data, queries]) => rebuilding::rebuild(data, &Questions::read(queries), &mut Figures::open()),
        ("opening", [data, queries]) => {
            opening::measure(begin, data, &Questions::read(queries), &mut Figures::open());
        }
        ("served", [data, queries]) => served::measure(data, &Questions::read(queries), &mut Figures::open()),
        ("steps", [data, queries]) => steps(data, queries),
        ("mixed", [data, queries]) => mixed::measure(data, &Questions::read(queries), &mut Figures::open()),
        ("live", [data]) => live::measure(data, &mut Figures::open()),
        ("serve", [data]) => served::serve(data),
        _ => panic!("say `asof prepare|load|questions|rebuild|opening|served|steps|live|mixed|serve` and its folders"),
    }
}

/// Q1 to Q4 in process.
fn questions(data: &Path, queries: &Path) {
    let questions = Questions::read(queries);
    let mut figures = Figures::open();
    let held = Held::open(data);
    let answers = ByGrid::new(held.engine.clone());
    checked::check(&answers, &questions, &mut figures);
    checked::time(&answers, &questions, "", &mut figures);
    figures.put("memory", figures::memory());
    drop(answers);
    held.close();
}

/// The parts of Q1 to Q3 through gRPC.
fn steps(data: &Path, queries: &Path) {
    let held = Held::open(data);
    steps::measure(&held.engine, &Questions::read(queries), &mut Figures::open());
    held.close();
}
