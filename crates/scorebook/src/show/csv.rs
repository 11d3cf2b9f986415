//! Answers as CSV (RFC 4180, UTF-8): one header row, one row a thing, as many rows as the text has.
//!
//! Conventions:
//! - what is shown (`…_display`, `…_words`) stands beside the exact value, which is decimal text without separators;
//! - a date is YYYY-MM-DD, an instant RFC 3339 in UTC, a period its code;
//! - what is missing is an empty cell, with its reason in a column beside it;
//! - true and false are `yes` and `no`;
//! - a cell of free text (a title, a reason, a comment, a file's name) that begins with `=`, `+`, `-`, `@`, a tab or a
//!   carriage return gets an apostrophe before it, so that no spreadsheet takes it for a formula. Numbers, codes, dates
//!   and words of the program are never changed.

mod columns;
mod lists;
mod records;
mod tidy;
mod views;

use std::io::{self, Write};

pub(crate) use lists::{areas, cluster, directory, scorecards, submissions};
pub(crate) use records::{comparison, evidence, log, target_histories, target_history};
pub(crate) use tidy::Tidy;
pub(crate) use views::{check, view, views};

use wire::v1;

use super::words;
use columns::Cells;

/// One row a row of the scorecard.
///
/// # Errors
/// What `out` says.
pub(crate) fn scorecard(out: &mut dyn Write, card: &v1::Scorecard) -> io::Result<()> {
    let rows = card.sections.iter().flat_map(|section| section.rows.iter().map(move |row| (section, row)));
    let shown = rows.map(|(section, row)| {
        let mut cells = Cells::default();
        of_scorecard(&mut cells, card, &section.title, row);
        cells
    });
    write(out, shown, || {
        let mut cells = Cells::default();
        of_scorecard(&mut cells, &v1::Scorecard::default(), "", &v1::Row::default());
        cells
    })
}

fn of_scorecard(cells: &mut Cells, card: &v1::Scorecard, section: &str, row: &v1::Row) {
    cells.code("scorecard", &card.scorecard);
    cells.code("scorecard_period", &card.period);
    cells.free("section", section);
    columns::row(cells, row);
    columns::basis(cells, card.basis.as_ref());
}

/// One row a row of the scorecard as it would be; then those that would be gone. Each says first that it is not what was
/// reported.
///
/// # Errors
/// What `out` says.
pub(crate) fn what_if(out: &mut dyn Write, answer: &v1::WhatIfResponse) -> io::Result<()> {
    let card = answer.scorecard.clone().unwrap_or_default();
    let of = |section: &str, row: &v1::Row, reported: &str, otherwise: bool| {
        let mut cells = Cells::default();
        cells.free("supposed", &answer.supposed);
        cells.code("rating_reported", reported);
        cells.flag("rated_otherwise", otherwise);
        of_scorecard(&mut cells, &card, section, row);
        cells
    };
    let mut otherwise = answer.rated_otherwise.iter().filter(|it| it.supposed.is_some()).peekable();
    let mut rows = Vec::new();
    for section in &card.sections {
        for row in &section.rows {
            let found = otherwise.next_if(|it| it.supposed.as_ref() == Some(row));
            let reported = found.map_or(row.rating_word.as_str(), |it| {
                it.reported.as_ref().map_or("not there", |reported| reported.rating_word.as_str())
            });
            rows.push(of(&section.title, row, reported, found.is_some()));
        }
    }
    for gone in answer.rated_otherwise.iter().filter(|it| it.supposed.is_none()) {
        let Some(row) = &gone.reported else { continue };
        let supposed = v1::Row { rating_word: "not there".to_owned(), ..row.clone() };
        rows.push(of("", &supposed, &row.rating_word, true));
    }
    write(out, rows.into_iter(), || of("", &v1::Row::default(), "", false))
}

/// One row a period; its earlier revisions are in one cell.
///
/// # Errors
/// What `out` says.
pub(crate) fn measure_history(out: &mut dyn Write, history: &v1::MeasureHistory) -> io::Result<()> {
    let shown = |row: &v1::Row| {
        let period = row.cell.as_ref().map_or("", |cell| cell.period.as_str());
        let revisions: Vec<String> = history.revisions.iter().filter(|r| r.period == period).map(revision).collect();
        let mut cells = Cells::default();
        columns::row(&mut cells, row);
        cells.number("n_revisions", &revisions.len().to_string());
        cells.free("revisions", &revisions.join("; "));
        columns::basis(&mut cells, history.basis.as_ref());
        cells
    };
    write(out, history.rows.iter().map(shown), || shown(&v1::Row::default()))
}

/// “66% at position 41, known 2018-11-29T10:00:00Z, rolled back”.
fn revision(revision: &v1::RevisionAnswer) -> String {
    let provenance = revision.provenance.clone().unwrap_or_default();
    let known = words::instant_code(provenance.known_at.as_ref());
    let rolled_back = if revision.rolled_back { ", rolled back" } else { "" };
    let standing = if revision.standing { ", stands" } else { "" };
    format!("{} at position {}, known {known}{standing}{rolled_back}", revision.display, provenance.position)
}

/// Writes rows under the header that they, or `example` when there are none, give.
fn write(out: &mut dyn Write, rows: impl Iterator<Item = Cells>, example: impl FnOnce() -> Cells) -> io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(out);
    let mut rows = rows.peekable();
    let header = rows.peek().map_or_else(|| example().header(), Cells::header);
    writer.write_record(&header).map_err(as_io)?;
    for row in rows {
        writer.write_record(row.values()).map_err(as_io)?;
    }
    writer.flush()
}

/// The kind of an error in writing is kept, so that a reader who has seen enough is known for what it is.
fn as_io(error: ::csv::Error) -> io::Error {
    if let ::csv::ErrorKind::Io(cause) = error.kind() { io::Error::from(cause.kind()) } else { error.into() }
}
