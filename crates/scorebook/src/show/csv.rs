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
pub(crate) use records::{comparison, log, target_history};
pub(crate) use tidy::Tidy;
pub(crate) use views::{check, views};

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
        cells.code("scorecard", &card.scorecard);
        cells.code("scorecard_period", &card.period);
        cells.free("section", &section.title);
        columns::row(&mut cells, row);
        columns::basis(&mut cells, card.basis.as_ref());
        cells
    });
    write(out, shown, || {
        let mut cells = Cells::default();
        cells.code("scorecard", "");
        cells.code("scorecard_period", "");
        cells.free("section", "");
        columns::row(&mut cells, &v1::Row::default());
        columns::basis(&mut cells, None);
        cells
    })
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
