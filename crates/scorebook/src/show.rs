//! Answers shown: to people in a terminal, and to programs as JSON or CSV.
//!
//! It takes the contract's answers and a writer, and decides nothing: every figure, word and rating comes from the
//! answer. It asks no server, opens no file, and reads no clock and no terminal; what the terminal can do is told by
//! [`Style`].
//!
//! Invariants:
//! - a line is never longer than the width, unless one unbreakable word (a code, a hash) is;
//! - nothing is cut: what does not fit is wrapped, and what is left out is counted;
//! - a rating is a word and a shape; colour only repeats them;
//! - what was typed by somebody reaches the terminal without control characters;
//! - the same answer, style and width give the same bytes.
//!
//! Read in this order: [`text`], [`table`], [`words`], [`row`], [`scorecard`], then the others.

use std::io::{self, Write};

mod text;

mod table;

pub(crate) mod words;

mod row;

mod scorecard;

mod pages;
mod views;

mod comparison;
mod evidence;
mod explanation;
mod measure_history;
mod target_history;
mod what_if;

mod lists;

mod cluster;

mod event;
pub(crate) mod feed;
mod log;

mod refusals;
mod review;
mod submit;

pub(crate) mod csv;

#[cfg(test)]
mod tests;

pub(crate) use cluster::cluster;
pub(crate) use comparison::comparison;
pub(crate) use evidence::evidence;
pub(crate) use explanation::{explanation, status};
pub(crate) use lists::{areas, directory, scorecards, submissions};
pub(crate) use log::{Detail, log};
pub(crate) use measure_history::measure_history;
pub(crate) use pages::{cohorts, exceptions, sources};
pub(crate) use scorecard::scorecard;
pub(crate) use submit::{preview, receipt};
pub(crate) use target_history::{target_histories, target_history};
pub(crate) use views::{CardPage, check, published, view, views};
pub(crate) use what_if::what_if;
pub(crate) use wire::json::write_pretty as json;

/// What the terminal, or the file, can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    /// True for the 16 colours of a terminal; they repeat what words and shapes say.
    pub(crate) colour: bool,
    /// How many columns a line may take. 80 to 200 is comfortable; below, tables are shown as labelled lines.
    pub(crate) width: usize,
    /// True to write symbols and typographic marks in ASCII. Letters in names and comments are kept as they are.
    pub(crate) ascii: bool,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs: the contract's messages in protobuf's JSON mapping
    Json,
    /// For spreadsheets: one header row, one row a thing, exact values beside what is shown
    Csv,
}

/// A heading over what follows.
pub(crate) fn heading(out: &mut dyn Write, style: &Style, words: &str) -> io::Result<()> {
    let mut page = text::Page::new(out, style);
    page.heading(words)?;
    page.blank()
}

/// A paragraph, wrapped.
pub(crate) fn paragraph(out: &mut dyn Write, style: &Style, words: &str) -> io::Result<()> {
    let mut page = text::Page::new(out, style);
    page.text(0, &text::Text::plain(words))?;
    page.blank()
}
