//! Submitted bytes to instructions: CSV files with documented columns, one for each kind of thing.
//!
//! It is pure: bytes in, instructions and refusals out. It opens no file, reads no clock, and decides nothing: whether
//! a measure is known or a figure new is for [`domain`] to say. It does not guess: what it does not understand becomes a
//! [`Refusal`] with line, field, value and remedy.
//!
//! ```text
//! bytes ── table ──▶ records with lines ── kind ──▶ header ── row, number, period ──▶ kinds ──▶ instructions
//!                                                                                          └──▶ refusals
//! ```
//!
//! Invariants:
//! - [`parse`] never panics, whatever the bytes;
//! - every row that is not blank is in exactly one instruction or one refusal (under a [`Layout`]: in the instructions of
//!   its cells, where a release says one thing of a cell in several rows, or in one refusal, or passed over because the
//!   layout says so; where periods stand across the top, a figure counts as a row, and rows without any are counted apart); when the file as a whole cannot be read
//!   ([`Parsed::unreadable`]), no row is in any instruction;
//! - lines are counted as an editor shows them, from 1, also after a field that holds line ends;
//! - numbers are read exactly; binary floating point is known to one small module, `double`.
//!
//! Files in other columns, and workbooks with them, are read by [`read_file_with`] under a layout: see [`layout`].
//!
//! The columns are described in `docs/FORMATS.md`. Start reading at [`parse`], then `sheet`, then a file in `kinds`.

use std::collections::BTreeMap;

use domain::result::Why;
use domain::{Cell, Instruction, MeasureId, Timestamp};

mod areas;
mod double;
mod kind;
mod kinds;
mod known;
mod label;
pub mod layout;
mod nearest;
mod number;
mod period;
mod refusal;
mod row;
mod seen;
mod sheet;
mod symbol;
mod table;
mod tidy_time;
pub mod workbook;

#[cfg(any(test, fuzzing))]
pub mod fuzzing;

#[cfg(test)]
mod tests;

pub use areas::AreaNames;
pub use kind::{Kind, ORDER, kind_of, kind_of_file};
pub use known::Known;
pub use layout::{Coverage, Layout};
pub use refusal::Refusal;
pub use tidy_time::time_of;

use domain::limits::REASON_BYTES_MAX;
use refusal::{Problem, Refusals};
use sheet::{Header, Rows};
use table::{Marks, Table};

/// What holds for every row that does not say otherwise in its own `known_at`, `reason` or `cause`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Defaults {
    /// When it was known; `None` for now.
    pub known_at: Option<Timestamp>,
    /// Why.
    pub why: Why,
    /// The areas and measures that there are.
    pub known: Known,
}

/// A submitted file, read: text is one part, a workbook one for each sheet that holds something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct File {
    /// What each part asks for.
    pub parts: Vec<Parsed>,
    /// How the file was read, such as `scorebook-results.1`; empty when it could not be.
    pub layout: String,
    /// The names of the sheets that are parts, by their numbers; none of text.
    pub sheets: BTreeMap<u32, String>,
    /// What one should know of how it was read, such as a sheet that was passed over; whole sentences without a full
    /// stop.
    pub notes: Vec<String>,
}

/// Reads a file of text ([`parse`]) or a workbook ([`workbook`]), whichever its bytes are.
pub fn read_file(name: &str, file: u16, bytes: &[u8], defaults: &Defaults) -> File {
    if workbook::is_workbook(bytes) {
        return workbook::parse(file, bytes, defaults);
    }
    let parsed = parse(name, file, bytes, defaults);
    File { layout: parsed.layout.clone(), parts: vec![parsed], notes: Vec::new(), sheets: BTreeMap::new() }
}

/// How a file is read by a layout, beside the layout itself.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// Its place in the submission.
    pub file: u16,
    /// What holds for every row that does not say otherwise.
    pub defaults: &'a Defaults,
    /// Which rows are taken, as `column=value`, for a layout that selects; else empty.
    pub select: &'a str,
}

/// A file, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// What the rows ask for, in the order of their lines; under a layout in the order of their instants, then of the first
    /// line that says so.
    pub instructions: Vec<Instruction>,
    /// Cells of which a row is there and says nothing, because its layout passes its symbol over. Of a snapshot they are
    /// not absent, and stay as they are. In the order of the rows; a cell may come twice.
    pub present: Vec<Cell>,
    /// What is not taken in, by line; the first [`domain::limits::REFUSALS_LISTED_MAX`].
    pub refusals: Vec<Refusal>,
    /// How many refusals there are: the rows refused, or what is wrong with the file as a whole.
    pub n_refused: usize,
    /// Rows that are not blank, refused ones included; 0 when the file is unreadable.
    pub n_rows: usize,
    /// Rows of a table with periods across the top that have a label and no figure, such as footnotes; they are passed
    /// over, and not counted among the others.
    pub n_without_figures: usize,
    /// How the file was read, such as `scorebook-results.1`, or the name of the layout; empty when its kind is not known.
    pub layout: String,
    /// Which of Scorebook's kinds its rows are; `None` when it is not known.
    pub kind: Option<Kind>,
    /// What the file holds of the cells that it is about.
    pub coverage: Coverage,
    /// Under a layout, the names of measures of which codes were made by rule, by their codes, so that other parts of the
    /// submission make no such code of another name; `None` without a layout.
    pub codes_by_rule: Option<BTreeMap<MeasureId, String>>,
    /// True when a withdrawal of what does not stand is to be passed over, not refused: its layout says so.
    pub passes_over_absent: bool,
    /// True when the file as a whole cannot be read (encoding, header): the refusals are about the file, there are no
    /// instructions, and setting rows aside would lose all of them.
    pub unreadable: bool,
}

/// Reads a file.
///
/// `name` is the file's name without folders, and only breaks a tie between kinds; `file` its place in the submission.
/// Cost: one pass over the bytes.
pub fn parse(name: &str, file: u16, bytes: &[u8], defaults: &Defaults) -> Parsed {
    let mut rows = Rows::new(file);
    match read(name, bytes, defaults, &mut rows) {
        Ok(kind) => Parsed { kind: Some(kind), layout: kind.layout(), ..finish(rows, false) },
        Err(problems) => unreadable(file, None, problems),
    }
}

/// Reads a file of text, or the sheets of a workbook, in the columns of a layout.
pub fn read_file_with(layout: &Layout, bytes: &[u8], reading: &Reading<'_>) -> File {
    if workbook::is_workbook(bytes) {
        return workbook::parse_with(layout, bytes, reading);
    }
    let parsed = parse_with(layout, bytes, reading);
    let notes = without_figures(parsed.n_without_figures, "").into_iter().collect();
    File { layout: parsed.layout.clone(), parts: vec![parsed], notes, ..File::default() }
}

/// Reads a CSV file in the columns of a layout.
///
/// Cost: one pass over the bytes, and memory for what the rows say.
pub fn parse_with(layout: &Layout, bytes: &[u8], reading: &Reading<'_>) -> Parsed {
    match check_encoding(bytes) {
        Ok(bytes) => by_layout(layout, &mut Grid { table: Table::new(bytes) }, None, reading),
        Err(problem) => unreadable(reading.file, None, vec![problem]),
    }
}

/// Reads a grid in the columns of a layout; of a sheet, with its name.
fn by_layout(
    layout: &Layout,
    grid: &mut dyn Iterator<Item = layout::GridRow>,
    sheet: Option<&str>,
    reading: &Reading<'_>,
) -> Parsed {
    let mut rows = Rows::of(reading.file, sheet);
    let parsed = match layout::read_rows(layout, grid, sheet, reading, &mut rows) {
        Ok(()) => finish(rows, false),
        Err(problems) => unreadable(reading.file, sheet, problems),
    };
    let (kind, coverage, passes_over_absent) = (Some(Kind::Results), layout.coverage(), layout.passes_over_absent());
    Parsed { kind, coverage, passes_over_absent, layout: layout.name().to_owned(), ..parsed }
}

/// Says how many rows were passed over because no figure stands in them; `place` is put after it.
fn without_figures(n_rows: usize, place: &str) -> Option<String> {
    match n_rows {
        0 => None,
        1 => Some(format!("1 row without figures was passed over{place}")),
        n_rows => Some(format!("{n_rows} rows without figures were passed over{place}")),
    }
}

/// The records of a CSV file as a grid.
struct Grid<'a> {
    table: Table<'a>,
}

impl Iterator for Grid<'_> {
    type Item = layout::GridRow;

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.table.next()?;
        let fields = sheet::check_whole(line.record, line.marks)
            .map(|()| line.record.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect());
        Some(layout::GridRow::new(line.number, fields))
    }
}

/// What is wrong with a file as a whole.
fn unreadable(file: u16, sheet: Option<&str>, problems: Vec<(u32, Problem)>) -> Parsed {
    let mut refusals = Refusals::of(file, sheet);
    for (line, problem) in problems {
        refusals.add(line, problem);
    }
    finish(Rows { refusals, ..Rows::new(file) }, true)
}

fn finish(rows: Rows, unreadable: bool) -> Parsed {
    let Rows { instructions, refusals, counted: n_rows, present, without_figures, codes_by_rule, .. } = rows;
    let n_without_figures = without_figures;
    let Refusals { mut listed, counted: n_refused, .. } = refusals;
    listed.sort_by_key(|refusal| refusal.line);
    let (layout, kind, coverage) = (String::new(), None, Coverage::Rows);
    let passes_over_absent = false;
    Parsed {
        instructions,
        present,
        refusals: listed,
        n_refused,
        n_rows,
        n_without_figures,
        layout,
        kind,
        coverage,
        codes_by_rule,
        passes_over_absent,
        unreadable,
    }
}

/// The file's kind once its rows are read, or all that is wrong with it as a whole, with lines.
fn read(name: &str, bytes: &[u8], defaults: &Defaults, rows: &mut Rows) -> Result<Kind, Vec<(u32, Problem)>> {
    let bytes = check_encoding(bytes).map_err(|problem| vec![problem])?;
    let mut table = Table::new(bytes);
    let Some(first) = table.next() else {
        return Err(vec![(1, Problem::whole("the file is empty", "begin it with a line of column names"))]);
    };
    let line = first.number;
    if matches!(first.marks, Marks::Unclosed) {
        let remedy = "close it";
        return Err(vec![(line, Problem::whole("the header opens a quotation mark that is never closed", remedy))]);
    }
    sheet::check_marks(first.marks).map_err(|problem| vec![(line, problem)])?;
    let (kind, header) = Header::read(name, first.record)
        .map_err(|problems| problems.into_iter().map(|problem| (line, problem)).collect::<Vec<_>>())?;
    rows.expect(bytes);
    kinds::read(kind, &mut table, &header, defaults, rows);
    Ok(kind)
}

/// UTF-8 without its byte order mark, or what the file seems to be instead.
fn check_encoding(bytes: &[u8]) -> Result<&[u8], (u32, Problem)> {
    let save = "save it as CSV UTF-8";
    if bytes.starts_with(b"PK\x03\x04") {
        return Err((1, Problem::whole("the file is a workbook, not CSV", "save its sheet as CSV UTF-8")));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err((1, Problem::whole("the file is UTF-16", save)));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let n_lines = before.split(|byte| *byte == b'\n').count();
            let line = u32::try_from(n_lines).unwrap_or(u32::MAX);
            Err((line, Problem::whole("the file is not UTF-8 here", save)))
        }
    }
}

/// Reads a period as people label it: a canonical code, `September 2018`, `Sep-18`.
///
/// # Errors
/// What to write instead, as an imperative.
pub fn read_period(text: &str) -> Result<domain::Period, String> {
    period::read(text).map_err(|period::Remedy(remedy)| remedy)
}

/// How many lines a text has, a last one without an end included. Cost: a look at every byte, many at once.
pub fn n_lines(bytes: &[u8]) -> usize {
    table::count(bytes, b'\n').saturating_add(1)
}

/// The row that begins on `line` (from 1) as it was, cut after 1,000 bytes; empty when there is none.
///
/// Cost: a pass over the file up to there; for many rows use [`rows_text`].
pub fn row_text(bytes: &[u8], line: u32) -> String {
    rows_text(bytes, &[line]).pop().unwrap_or_default()
}

/// [`row_text`] for many lines, ascending, in one pass.
pub fn rows_text(bytes: &[u8], lines: &[u32]) -> Vec<String> {
    if workbook::is_workbook(bytes) {
        return workbook::rows_text(bytes, lines, REASON_BYTES_MAX);
    }
    table::rows_text(bytes, lines, REASON_BYTES_MAX)
}
