//! Excel workbooks (`.xlsx`, `.xlsm`) as officers keep them: bytes to sheets, and sheets to what files of columns ask for.
//!
//! ```text
//! bytes ── package ──▶ bounded parts ── grid (cell, format) ──▶ sheets ── header ──▶ where columns and periods stand
//!                                                                                ├── long ──▶ rows ──▶ kinds
//!                                                                                └── by_layout ──▶ layout
//! ```
//!
//! It is not a spreadsheet: it computes no formula and looks at nothing but values, number formats, merged cells and raised
//! digits.
//! A [`Sheet`] knows nothing of what its columns mean; `docs/FORMATS.md` has the rules by which its texts are made.

use crate::refusal::Problem;

mod by_layout;
mod cell;
mod format;
mod grid;
mod header;
mod long;
mod package;
mod place;
mod raised;

pub use cell::{Fault, Field, Source};
pub use grid::{GridRow, Sheet};
pub use place::reference;

pub(crate) use by_layout::parse_with;
pub(crate) use long::{parse, rows_text};

/// The most bytes that a workbook's parts may have unpacked.
pub const UNPACKED_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// The most sheets.
pub const SHEETS_MAX: usize = 200;
/// The most rows with anything in them, in all sheets.
pub const ROWS_MAX: usize = 1_000_000;
/// The most columns of a sheet.
pub const COLUMNS_MAX: usize = 1_000;

/// How a workbook is read, kept with the submission: the kinds of its sheets follow from their headers.
pub(crate) const LAYOUT: &str = "scorebook-workbook.1";

/// Why a workbook as a whole cannot be read, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong: “the workbook is damaged”.
    pub problem: String,
    /// What to do, as an imperative.
    pub remedy: String,
}

impl Unreadable {
    fn new(problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { problem: problem.into(), remedy: remedy.into() }
    }
}

impl From<Unreadable> for Problem {
    fn from(Unreadable { problem, remedy }: Unreadable) -> Self {
        Self::whole(problem, remedy)
    }
}

/// The first bytes of a zip archive, of an empty one, and of what older programs and passwords make.
const MAGICS: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", OLD];
/// A compound file: an `.xls`, or a workbook with a password.
const OLD: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// True for bytes that are read as a workbook, whatever the file is called.
pub fn is_workbook(bytes: &[u8]) -> bool {
    MAGICS.iter().any(|magic| bytes.starts_with(magic))
}

/// Reads all sheets, in their order; hidden ones are there without their rows, charts are not there.
///
/// Cost: the workbook is unpacked twice, three times when it has formulas; it holds at most 5,000,000 fields.
///
/// # Errors
/// When it is no workbook, is damaged or protected, or is over one of the bounds above.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Unreadable> {
    if bytes.starts_with(OLD) {
        let problem = "the file is an Excel workbook of before 2007, or is protected by a password";
        return Err(Unreadable::new(problem, "save it as an Excel workbook (.xlsx) without a password"));
    }
    read_within(bytes, UNPACKED_BYTES_MAX)
}

/// The same, of a zip archive that may unpack to so many bytes.
pub(crate) fn read_within(bytes: &[u8], unpacked_bytes_max: u64) -> Result<Vec<Sheet>, Unreadable> {
    let package = package::check(bytes, unpacked_bytes_max)?;
    grid::read(bytes, &package)
}
