//! A sheet's rows to the rows of a file of columns: those of a wide sheet a figure each, every one with its cell.

use csv::ByteRecord;
use domain::ids::{Origin, sheet_and_row, sheet_line};
use domain::limits::COMMIT_RECORDS_MAX;

use crate::kind::Kind;
use crate::refusal::{Problem, Refusals};
use crate::sheet::{Header as Columns, Rows};
use crate::table::{Table, cut};
use crate::{Defaults, File, Parsed, Refusal, kinds};

use super::cell::{Field, Source};
use super::grid::{GridRow, Sheet};
use super::header::{self, Header};
use super::{LAYOUT, Unreadable, reference};

/// Reads every sheet that has a header of a known kind, and says which have none.
pub(crate) fn parse(file: u16, bytes: &[u8], defaults: &Defaults) -> File {
    match super::read(bytes).and_then(|sheets| read(file, &sheets, defaults)) {
        Ok(read) => read,
        Err(unreadable) => File { parts: vec![refused(file, unreadable)], ..File::default() },
    }
}

pub(super) fn refused(file: u16, unreadable: Unreadable) -> Parsed {
    let mut refusals = Refusals::new(file);
    refusals.add(1, unreadable.into());
    crate::finish(Rows { refusals, ..Rows::new(file) }, true)
}

fn read(file: u16, sheets: &[Sheet], defaults: &Defaults) -> Result<File, Unreadable> {
    let mut file_read = File { layout: LAYOUT.to_owned(), ..File::default() };
    let mut n_records = 0_usize;
    for sheet in sheets {
        let found = if sheet.hidden { None } else { header::find(sheet) };
        let Some(found) = found else {
            file_read.notes.extend(passed_over(sheet, "of a kind that is known"));
            continue;
        };
        let long = Long::of(sheet, &found);
        let place = format!(" in the sheet {:?}", sheet.name);
        file_read.notes.extend(crate::without_figures(long.n_without_figures, &place));
        if long.lines.is_empty() {
            let nothing = format!("the sheet {:?} has a header and no rows", sheet.name);
            file_read.notes.extend((long.n_without_figures == 0).then_some(nothing));
            continue;
        }
        n_records = n_records.saturating_add(long.lines.len());
        if n_records > COMMIT_RECORDS_MAX {
            let problem = format!("the workbook has more than {COMMIT_RECORDS_MAX} figures or rows");
            return Err(Unreadable::new(problem, "split it"));
        }
        file_read.sheets.insert(sheet.number, sheet.name.clone());
        file_read.parts.push(long.parse(file, defaults));
    }
    if file_read.parts.is_empty() {
        let mut remedy =
            "name the columns of a kind, such as measure, area, period and value (docs/FORMATS.md), or give a layout"
                .to_owned();
        for note in &file_read.notes {
            remedy = format!("{remedy}; {note}");
        }
        return Err(Unreadable::new(
            "the workbook has no sheet with rows below the columns of a kind that is known",
            remedy,
        ));
    }
    Ok(file_read)
}

pub(super) fn passed_over(sheet: &Sheet, header: &str) -> Option<String> {
    let name = &sheet.name;
    match (sheet.hidden, sheet.rows.is_empty()) {
        (true, _) => Some(format!("the sheet {name:?} is hidden and was not read; unhide it if it is meant")),
        (false, true) => None,
        (false, false) => {
            Some(format!("the sheet {name:?} has no header {header} in its first rows, and was not read"))
        }
    }
}

/// A column of what is read, and where it stands in the sheet.
struct Column {
    name: String,
    /// `None` when the sheet's name is what it holds, and for what differs from row to row.
    at: Option<usize>,
}

/// A row of what is read.
struct Line {
    /// Of the sheet, from 1.
    row: u32,
    /// Where its figure stands, in a wide sheet.
    figure: Option<usize>,
    /// Its fields, or the column of the one that cannot be read.
    fields: Result<ByteRecord, (usize, Problem)>,
}

struct Long<'s> {
    sheet: &'s Sheet,
    kind: Kind,
    header: u32,
    columns: Vec<Column>,
    lines: Vec<Line>,
    /// Rows of a wide sheet without any figure, such as footnotes.
    n_without_figures: usize,
}

impl<'s> Long<'s> {
    fn of(sheet: &'s Sheet, header: &Header) -> Self {
        let below = sheet.rows.get(header.below..).unwrap_or_default();
        let named = |column: usize| header.names.get(column).is_some_and(|name| !name.is_empty());
        let width = below.iter().map(|row| row.fields.len()).max().unwrap_or(0).max(header.names.len());
        let used = |column: usize| named(column) || below.iter().any(|row| !row.text(column).is_empty());
        let labels = (0..width).filter(|column| !header.periods.contains(column) && used(*column));
        let name = |column: usize| header.names.get(column).cloned().unwrap_or_default();
        let mut columns: Vec<Column> = labels.map(|at| Column { name: name(at), at: Some(at) }).collect();
        let mut lines = Vec::new();
        let mut n_without_figures = 0_usize;
        let area = area_of(sheet, header);
        let figures = figures_of(header);
        for row in below {
            let label = |column: &Column| column.at.and_then(|at| row.fields.get(at).map(|field| (at, field)));
            let labels: Vec<Option<(usize, &Field)>> = columns.iter().map(label).collect();
            if header.periods.is_empty() {
                lines.extend(line(row, &labels, area, Figures::In(&figures)));
            } else {
                let own = |at: &&usize| !is_heading(row.fields.get(**at), &header.periods);
                let below_periods = header.periods.iter().filter(own).map(|at| (*at, name(*at)));
                let n_before = lines.len();
                lines
                    .extend(below_periods.filter_map(|(at, name)| line(row, &labels, area, Figures::Below(at, &name))));
                n_without_figures = n_without_figures.saturating_add(usize::from(lines.len() == n_before));
            }
        }
        columns.extend(area.map(|_| Column { name: "area".to_owned(), at: None }));
        if !header.periods.is_empty() {
            columns.extend(["period", "value"].map(|name| Column { name: name.to_owned(), at: None }));
        }
        Self { sheet, kind: header.kind, header: header.line, columns, lines, n_without_figures }
    }

    fn parse(self, file: u16, defaults: &Defaults) -> Parsed {
        let names: ByteRecord = self.columns.iter().map(|column| column.name.as_bytes()).collect();
        let columns = match Columns::of(self.kind, &names) {
            Ok(columns) => columns,
            Err(problems) => return self.unreadable(file, problems),
        };
        let mut rows = Rows::new(file);
        let numbered = (1..).zip(&self.lines);
        let records = numbered.clone().filter_map(|(number, line)| Some((number, line.fields.as_ref().ok()?.clone())));
        kinds::read(self.kind, &mut Table::of_records(records.collect()), &columns, defaults, &mut rows);
        for (number, line) in numbered {
            if let Err((_, problem)) = &line.fields {
                rows.counted = rows.counted.saturating_add(1);
                rows.refusals.add(number, problem.clone());
            }
        }
        rows.without_figures = self.n_without_figures;
        let mut parsed = Parsed { kind: Some(self.kind), layout: self.kind.layout(), ..crate::finish(rows, false) };
        for instruction in &mut parsed.instructions {
            let line = instruction.origin.and_then(|origin| self.line(origin.line.get()));
            instruction.origin = line.and_then(|line| Origin::in_sheet(file, self.sheet.number, line.row));
        }
        for refusal in &mut parsed.refusals {
            if let Some(line) = self.line(refusal.line) {
                self.place(refusal, line.row, self.column(&refusal.field, Some(line)));
            }
        }
        parsed
    }

    fn unreadable(&self, file: u16, problems: Vec<Problem>) -> Parsed {
        let mut refusals = Refusals::new(file);
        for problem in problems {
            refusals.add(1, problem);
        }
        let mut parsed = crate::finish(Rows { refusals, ..Rows::new(file) }, true);
        for refusal in &mut parsed.refusals {
            self.place(refusal, self.header, self.column(&refusal.field, None));
        }
        parsed
    }

    fn line(&self, number: u32) -> Option<&Line> {
        self.lines.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// Where in the sheet a column stands that a refusal names.
    fn column(&self, name: &str, line: Option<&Line>) -> Option<usize> {
        if let Some(Line { fields: Err((at, _)), .. }) = line {
            return Some(*at);
        }
        let at = self.columns.iter().find(|column| crate::kind::normal(&column.name) == name)?.at;
        at.or_else(|| line.and_then(|line| line.figure).filter(|_| name != "area"))
    }

    /// Names the cell beside the column.
    fn place(&self, refusal: &mut Refusal, row: u32, column: Option<usize>) {
        let cell = reference(&self.sheet.name, row, column);
        refusal.field = if refusal.field.is_empty() { cell } else { format!("{cell} {}", refusal.field) };
        refusal.line = sheet_line(self.sheet.number, row);
    }
}

/// The sheet's name, where figures have no column for their area.
fn area_of<'s>(sheet: &'s Sheet, header: &Header) -> Option<&'s str> {
    let kinds = [Kind::Results, Kind::Targets, Kind::Benchmarks, Kind::Commentary, Kind::Actions];
    let about_areas = kinds.contains(&header.kind);
    let named = header.names.iter().any(|name| crate::kind::normal(name) == "area");
    (about_areas && !named).then(|| sheet.name.trim())
}

/// The columns of a kind of file in which a figure stands.
const FIGURES: [&str; 4] = ["value", "numerator", "denominator", "previous_value"];

/// The columns of figures of a sheet with a row a figure.
fn figures_of(header: &Header) -> Vec<usize> {
    let has_figures = [Kind::Results, Kind::Tidy, Kind::Benchmarks].contains(&header.kind);
    let named = (0..).zip(&header.names).filter(|(_, name)| FIGURES.contains(&crate::kind::normal(name).as_str()));
    named.filter(|_| has_figures && header.periods.is_empty()).map(|(at, _)| at).collect()
}

/// Where the figures of a row stand.
#[derive(Clone, Copy)]
enum Figures<'h> {
    /// In these columns, beside the row's own period.
    In(&'h [usize]),
    /// In the column of a period, which has this name.
    Below(usize, &'h str),
}

/// One row of what is read, or none where nothing stands.
fn line(row: &GridRow, labels: &[Option<(usize, &Field)>], area: Option<&str>, figures: Figures<'_>) -> Option<Line> {
    let (own, figure): (&[usize], _) = match figures {
        Figures::In(columns) => (columns, None),
        Figures::Below(at, period) => (&[], Some((at, period))),
    };
    let value = match figure {
        Some((at, _)) => Some((at, row.fields.get(at).filter(|field| !field.blank())?)),
        None => None,
    };
    if value.is_none() && labels.iter().flatten().all(|(_, field)| field.blank()) {
        return None;
    }
    let at = figure.map(|(at, _)| at);
    let faults = labels.iter().flatten().chain(value.as_ref()).find_map(|(at, field)| fault(*at, field));
    // A heading that reaches over the figures too is no figure.
    let from_figures = |field: &Field| merged_from(field).is_some_and(|from| own.contains(&from));
    let several = labels.iter().flatten().find(|(at, field)| own.contains(at) && from_figures(field));
    let merged = value.as_ref().or(several).and_then(|(at, field)| shared(*at, field));
    if let Some(problem) = faults.or(merged) {
        return Some(Line { row: row.line, figure: at, fields: Err(problem) });
    }
    let mut fields = ByteRecord::new();
    for label in labels {
        fields.push_field(label.map_or("", |(_, field)| &field.text).as_bytes());
    }
    if let Some(area) = area {
        fields.push_field(area.as_bytes());
    }
    if let (Some((_, period)), Some((_, value))) = (figure, value) {
        fields.push_field(header::period_label(period).unwrap_or_default().as_bytes());
        fields.push_field(value.text.as_bytes());
    }
    Some(Line { row: row.line, figure: at, fields: Ok(fields) })
}

pub(super) fn fault(at: usize, field: &Field) -> Option<(usize, Problem)> {
    match field.source {
        Source::Fault(fault) => Some((at, Problem::new("", &field.text, fault.problem, fault.remedy))),
        Source::Own | Source::Merged { .. } => None,
    }
}

/// The first column of the merged cells that a field belongs to, unless it stands first itself.
pub(super) fn merged_from(field: &Field) -> Option<usize> {
    match field.source {
        Source::Merged { column, .. } => Some(usize::from(column)),
        Source::Own | Source::Fault(_) => None,
    }
}

/// True for a heading or a footnote that reaches over periods: it is merged with a cell that stands below none.
fn is_heading(field: Option<&Field>, periods: &[usize]) -> bool {
    field.and_then(merged_from).is_some_and(|from| !periods.contains(&from))
}

/// A figure is about one period and one row: merged cells do not say whether each has it or all have it together.
pub(super) fn shared(at: usize, field: &Field) -> Option<(usize, Problem)> {
    match field.source {
        Source::Merged { row, column } => {
            let first = reference("", row, Some(usize::from(column)));
            let problem =
                format!("is merged with {}, so that one figure stands for several", first.trim_start_matches("''!"));
            Some((at, Problem::new("", &field.text, problem, "unmerge the cells, and give each its own figure")))
        }
        Source::Own | Source::Fault(_) => None,
    }
}

/// The rows of sheets as they were read, fields separated by commas; empty where there is no such row.
pub(crate) fn rows_text(bytes: &[u8], lines: &[u32], limit: usize) -> Vec<String> {
    let sheets = super::read(bytes).unwrap_or_default();
    let text = |line: &u32| {
        let (Some(number), row) = sheet_and_row(*line) else { return String::new() };
        let sheet = sheets.iter().find(|sheet| sheet.number == number);
        let found = sheet.and_then(|sheet| {
            let at = sheet.rows.binary_search_by_key(&row, |found| found.line).ok()?;
            sheet.rows.get(at)
        });
        let texts = found.map_or(&[][..], |row| &row.fields).iter().map(|field| field.text.as_str());
        cut(&texts.collect::<Vec<_>>().join(","), limit).to_owned()
    };
    lines.iter().map(text).collect()
}
