//! Sheets in the columns of a layout.

use domain::ids::sheet_line;
use domain::limits::COMMIT_RECORDS_MAX;

use crate::layout::{Flaw, GridRow};
use crate::{File, Layout, Reading};

use super::Unreadable;
use super::cell::Field;
use super::grid::{self, Sheet};
use super::header::{self, LayoutHeader};
use super::long::{fault, merged_from, passed_over, refused, shared};

/// Reads every sheet in which the layout finds its columns, and says in which it does not.
pub(crate) fn parse_with(layout: &Layout, bytes: &[u8], reading: &Reading<'_>) -> File {
    match super::read(bytes).and_then(|sheets| read(layout, &sheets, reading)) {
        Ok(read) => read,
        Err(unreadable) => File { parts: vec![refused(reading.file, unreadable)], ..File::default() },
    }
}

fn read(layout: &Layout, sheets: &[Sheet], reading: &Reading<'_>) -> Result<File, Unreadable> {
    let mut file = File { layout: layout.name().to_owned(), ..File::default() };
    let mut n_records = 0_usize;
    for sheet in sheets {
        let found = if sheet.hidden { None } else { header::of_layout(sheet, layout) };
        let Some(found) = found else {
            file.notes.extend(passed_over(sheet, "with the columns of the layout"));
            continue;
        };
        let below = sheet.rows.get(found.below..).unwrap_or_default();
        let part = crate::by_layout(layout, &mut rows(layout, sheet, &found, below), Some(&sheet.name), reading);
        let place = format!(" in the sheet {:?}", sheet.name);
        file.notes.extend(crate::without_figures(part.n_without_figures, &place));
        if part.n_rows == 0 && (!part.unreadable || below.is_empty()) {
            let nothing = format!("the sheet {:?} has a header and no rows that are read", sheet.name);
            file.notes.extend((part.n_without_figures == 0).then_some(nothing));
            continue;
        }
        n_records = n_records.saturating_add(part.n_rows.max(part.instructions.len()));
        if n_records > COMMIT_RECORDS_MAX {
            let problem = format!("the workbook has more than {COMMIT_RECORDS_MAX} figures or rows");
            return Err(Unreadable::new(problem, "split it"));
        }
        file.sheets.insert(sheet.number, sheet.name.clone());
        file.parts.push(part);
    }
    if file.parts.is_empty() {
        let mut remedy = format!("the layout needs {}", layout.needs());
        for note in &file.notes {
            remedy = format!("{remedy}; {note}");
        }
        return Err(Unreadable::new("the workbook has no sheet with rows below the columns of the layout", remedy));
    }
    Ok(file)
}

/// The header and the rows below it, each as wide as the header: what stands beside it belongs to no column. Beside
/// periods the next column is one without a name: it may be a period whose name was lost.
fn rows<'s>(
    layout: &Layout,
    sheet: &'s Sheet,
    header: &LayoutHeader,
    below: &'s [grid::GridRow],
) -> impl Iterator<Item = GridRow> + use<'s> {
    let width = header.names.len().saturating_add(usize::from(layout.is_across()));
    let names = header.names.iter().cloned().chain(std::iter::repeat(String::new())).take(width).collect();
    let (line, names) = match &header.fault {
        Some((line, problem)) => (*line, Err(problem.clone())),
        None => (header.line, Ok(names)),
    };
    let first = GridRow::new(sheet_line(sheet.number, line), names);
    std::iter::once(first).chain(below.iter().map(move |row| {
        let fields = (0..width).map(|column| row.text(column).to_owned()).collect();
        let flaws = (0..).zip(row.fields.iter().take(width)).filter_map(|(at, field)| flaw(at, field)).collect();
        GridRow { line: sheet_line(sheet.number, row.line), fields: Ok(fields), flaws }
    }))
}

fn flaw(at: usize, field: &Field) -> Option<Flaw> {
    let (at, problem) = fault(at, field).or_else(|| shared(at, field))?;
    let merged_from = merged_from(field);
    Some(Flaw { at, problem: problem.in_column(Some(at)), merged_from })
}
