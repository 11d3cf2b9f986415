//! A workbook's sheets as grids of texts.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, DataRef, Dimensions, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};

use super::cell::{Field, NO_VALUE, Source};
use super::package::Package;
use super::raised;
use super::{COLUMNS_MAX, ROWS_MAX, SHEETS_MAX, Unreadable};

/// The most fields in all sheets, empty ones before others in their row included.
const FIELDS_MAX: usize = 5_000_000;
/// The most bytes of text in all sheets: a text that is kept once in a workbook may be shown in many cells.
const TEXT_BYTES_MAX: usize = 64 * 1024 * 1024;
/// The longest name of a sheet; Excel's have at most 31 characters.
const NAME_BYTES_MAX: usize = 124;
/// The last row that a spreadsheet has, from 0.
const LAST_ROW: u32 = 1_048_575;

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its place in the workbook, from 1; hidden sheets and charts are counted too.
    pub number: u32,
    /// Its name as it is shown.
    pub name: String,
    /// True when it is hidden; its rows are then not read.
    pub hidden: bool,
    /// The rows with anything in them, in their order; hidden ones too.
    pub rows: Vec<GridRow>,
}

/// A row of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridRow {
    /// Its number in the sheet, from 1.
    pub line: u32,
    /// Its cells from column A to the last with anything in it.
    pub fields: Vec<Field>,
}

impl GridRow {
    /// The text in a column, from 0; empty where nothing stands.
    pub fn text(&self, column: usize) -> &str {
        self.fields.get(column).map_or("", |field| &field.text)
    }
}

/// Fields by row and column, both from 0, as far as they are filled.
type Cells = BTreeMap<u32, Vec<Field>>;

/// What may still be read.
struct Room {
    rows: usize,
    fields: usize,
    bytes: usize,
    /// Fields that merged cells may still fill, each as often as it is filled: merged cells of a damaged workbook overlap.
    filled: usize,
}

impl Room {
    fn take(&mut self, n_rows: usize, n_fields: usize, n_bytes: usize) -> Result<(), Unreadable> {
        let over = |what: &str, most: usize| {
            let problem = format!("the workbook has more than {most} {what}");
            Unreadable::new(problem, "split it, or take out the sheets that are not needed")
        };
        self.rows = self.rows.checked_sub(n_rows).ok_or_else(|| over("rows", ROWS_MAX))?;
        self.fields = self.fields.checked_sub(n_fields).ok_or_else(|| over("cells", FIELDS_MAX))?;
        self.bytes = self.bytes.checked_sub(n_bytes).ok_or_else(|| over("bytes of text", TEXT_BYTES_MAX))?;
        Ok(())
    }

    fn fill(&mut self, n_fields: usize) -> Result<(), Unreadable> {
        let problem = || format!("the workbook's merged cells are more than {FIELDS_MAX}, or overlap");
        let remedy = "unmerge those that are not needed, and save it again in Excel";
        self.filled = self.filled.checked_sub(n_fields).ok_or_else(|| Unreadable::new(problem(), remedy))?;
        Ok(())
    }
}

type Book<'b> = Xlsx<Cursor<&'b [u8]>>;

pub(super) fn read(bytes: &[u8], package: &Package) -> Result<Vec<Sheet>, Unreadable> {
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| not_a_workbook(&error))?;
    let listed = book.sheets_metadata().to_vec();
    if listed.len() > SHEETS_MAX {
        let problem = format!("the workbook has {} sheets; at most {SHEETS_MAX} are taken", listed.len());
        return Err(Unreadable::new(problem, "split it"));
    }
    let mut room = Room { rows: ROWS_MAX, fields: FIELDS_MAX, bytes: TEXT_BYTES_MAX, filled: FIELDS_MAX };
    let mut sheets: Vec<Sheet> = Vec::new();
    for (number, sheet) in (1..).zip(listed).filter(|(_, sheet)| sheet.typ == SheetType::WorkSheet) {
        if sheets.iter().any(|other| other.name == sheet.name) {
            return Err(Unreadable::new(format!("two sheets are called {:?}", sheet.name), "give one another name"));
        }
        if sheet.name.is_empty() || sheet.name.len() > NAME_BYTES_MAX {
            let problem = format!("sheet {number} has a name of {} bytes", sheet.name.len());
            return Err(Unreadable::new(problem, format!("give it one of 1 to {NAME_BYTES_MAX} bytes")));
        }
        let hidden = sheet.visible != SheetVisible::Visible;
        let rows = if hidden { Vec::new() } else { rows(&mut book, &sheet.name, package, &mut room)? };
        sheets.push(Sheet { number, name: sheet.name, hidden, rows });
    }
    Ok(sheets)
}

fn not_a_workbook(error: &XlsxError) -> Unreadable {
    Unreadable::new(
        format!("the file is packed like a workbook and is not one that can be read ({error})"),
        "open it in Excel and save it as an Excel workbook (.xlsx)",
    )
}

fn unread(sheet: &str, error: &XlsxError) -> Unreadable {
    Unreadable::new(
        format!("the sheet {sheet:?} cannot be read ({error})"),
        "open the workbook in Excel and save it again",
    )
}

fn rows(book: &mut Book<'_>, name: &str, package: &Package, room: &mut Room) -> Result<Vec<GridRow>, Unreadable> {
    let mut cells = values(book, name, package, room)?;
    if package.formulas {
        mark_formulas(book, name, &mut cells, room)?;
    }
    let merged = book.merge_cells_by_sheet_name(name).map_err(|error| unread(name, &error))?;
    fill(&mut cells, &merged, room)?;
    let rows = cells.into_iter().filter(|(_, fields)| fields.iter().any(|field| !field.blank()));
    Ok(rows.map(|(row, fields)| GridRow { line: row.saturating_add(1), fields }).collect())
}

/// The cells that have values.
fn values(book: &mut Book<'_>, name: &str, package: &Package, room: &mut Room) -> Result<Cells, Unreadable> {
    let days_1904 = book.has_1904_epoch();
    let mut reader = book.worksheet_cells_reader(name).map_err(|error| unread(name, &error))?;
    let formats = reader.styles().iter().map(|style| style.number_format.as_ref());
    let codes: Vec<String> =
        formats.map(|format| format.map_or("General", |format| &format.format_code).to_owned()).collect();
    let mut cells = Cells::new();
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|error| unread(name, &error))? {
        let code = codes.get(style).map_or("General", String::as_str);
        let mut field = Field::read(cell.get_value(), code, days_1904);
        if let Some(shown) = shown(cell.get_value(), package) {
            field.text.clone_from(shown);
        }
        if !field.blank() {
            put(&mut cells, name, cell.get_position(), field, room)?;
        }
    }
    Ok(cells)
}

/// What a text shows in which a digit is raised or lowered. A plain text that reads as such a one is taken for it.
fn shown<'p>(value: &DataRef<'_>, package: &'p Package) -> Option<&'p String> {
    if package.raised.is_empty() {
        return None;
    }
    let text = match value {
        DataRef::String(text) => text.as_str(),
        DataRef::SharedString(text) => text,
        DataRef::Int(_)
        | DataRef::Float(_)
        | DataRef::Bool(_)
        | DataRef::DateTime(_)
        | DataRef::DateTimeIso(_)
        | DataRef::DurationIso(_)
        | DataRef::Error(_)
        | DataRef::Empty => return None,
    };
    package.raised.get(&raised::key(text))
}

fn put(cells: &mut Cells, name: &str, at: (u32, u32), field: Field, room: &mut Room) -> Result<(), Unreadable> {
    let (row, column) = at;
    let column = usize::try_from(column).unwrap_or(usize::MAX);
    if row > LAST_ROW || column >= COLUMNS_MAX {
        let place = super::reference(name, row.saturating_add(1), Some(column));
        let problem = format!("{place} has a value; at most {COLUMNS_MAX} columns are taken");
        return Err(Unreadable::new(problem, "delete the columns on the right that are not needed"));
    }
    if !cells.contains_key(&row) {
        room.take(1, 0, 0)?;
    }
    let fields = cells.entry(row).or_default();
    let n_new = column.saturating_add(1).saturating_sub(fields.len());
    room.take(0, n_new, field.text.len())?;
    fields.resize(fields.len().max(column.saturating_add(1)), Field::EMPTY);
    if let Some(place) = fields.get_mut(column) {
        *place = field;
    }
    Ok(())
}

/// A formula that was never computed has no value, and is not an empty cell.
fn mark_formulas(book: &mut Book<'_>, name: &str, cells: &mut Cells, room: &mut Room) -> Result<(), Unreadable> {
    let mut reader = book.worksheet_cells_reader(name).map_err(|error| unread(name, &error))?;
    while let Some(record) = reader.next_cell_with_formula_metadata().map_err(|error| unread(name, &error))? {
        if record.formula.is_some() && Data::from(record.value) == Data::Empty {
            put(cells, name, record.pos, Field::fault(String::new(), &NO_VALUE), room)?;
        }
    }
    Ok(())
}

/// Puts what stands first in merged cells into all of them, as far as the sheet has anything.
fn fill(cells: &mut Cells, merged: &[Dimensions], room: &mut Room) -> Result<(), Unreadable> {
    let last_row = cells.keys().next_back().copied().unwrap_or(0);
    let width = cells.values().map(Vec::len).max().unwrap_or(0);
    let last_column = u32::try_from(width).unwrap_or(0).saturating_sub(1);
    for Dimensions { start, end } in merged {
        let (row, Ok(column)) = (start.0, u16::try_from(start.1)) else { continue };
        let first = cells.get(&row).and_then(|fields| fields.get(usize::from(column))).filter(|field| !field.blank());
        let Some(first) = first.cloned() else { continue };
        let source = match first.source {
            Source::Own | Source::Merged { .. } => Source::Merged { row: row.saturating_add(1), column },
            fault @ Source::Fault(_) => fault,
        };
        let filled = Field { text: first.text, source };
        let (rows, columns) = (start.0..=end.0.min(last_row), start.1..=end.1.min(last_column));
        room.fill(rows.clone().count().saturating_mul(columns.clone().count()))?;
        for row in rows {
            for column in columns.clone() {
                if (row, column) != *start {
                    // The name is only for a column that is too far to the right, which this is not.
                    put(cells, "", (row, column), filled.clone(), room)?;
                }
            }
        }
    }
    Ok(())
}
