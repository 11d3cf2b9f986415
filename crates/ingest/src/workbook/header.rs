//! Where a sheet's columns are named: titles stand above, and a header may have two rows.

use crate::Layout;
use crate::kind::{Kind, kind_of, normal};
use crate::number::{self, PerCent};
use crate::period;
use crate::refusal::Problem;

use super::cell::Source;
use super::grid::{GridRow, Sheet};
use super::long::{fault, merged_from};

/// The header is looked for in so many rows with anything in them.
const ROWS_SEARCHED: usize = 50;
/// The columns of which a wide sheet must name one.
const SUBJECTS: [&str; 3] = ["measure", "area", "cohort"];
/// What a wide sheet says by its shape.
const MADE: [&str; 2] = ["period", "value"];

/// A sheet's header.
#[derive(Debug)]
pub(super) struct Header {
    /// What the sheet holds.
    pub(super) kind: Kind,
    /// The row of the names, from 1; the last of two.
    pub(super) line: u32,
    /// The place among the sheet's rows of the first row below it.
    pub(super) below: usize,
    /// The columns' names, from column A.
    pub(super) names: Vec<String>,
    /// The columns that are a period each; none when every row has its own.
    pub(super) periods: Vec<usize>,
}

/// Finds the header: the first row, or two that merged cells join, all of whose names are known; failing that, the
/// first row with names enough to say what it is meant to be.
pub(super) fn find(sheet: &Sheet) -> Option<Header> {
    let searched = || sheet.rows.iter().enumerate().take(ROWS_SEARCHED);
    let known = searched().find_map(|(at, row)| {
        let two = two_rows(sheet, at, &|name| period_label(name).is_some())
            .and_then(|(names, line)| recognise(sheet, names, line, at.saturating_add(2)));
        let one = || recognise(sheet, names(row), row.line, at.saturating_add(1));
        two.filter(all_known).or_else(|| one().filter(all_known))
    });
    known.or_else(|| searched().find_map(|(at, row)| recognise(sheet, names(row), row.line, at.saturating_add(1))))
}

/// The header of a sheet that a layout is for.
#[derive(Debug)]
pub(super) struct LayoutHeader {
    /// The row of the names, from 1; the last of two.
    pub(super) line: u32,
    /// The place among the sheet's rows of the first row below it.
    pub(super) below: usize,
    /// The columns' names, from column A.
    pub(super) names: Vec<String>,
    /// The first name that cannot be read, and its row, unless the layout passes its column over.
    pub(super) fault: Option<(u32, Problem)>,
}

/// Finds the header of a layout: the first row, or two that merged cells join, in which it finds what it needs. Of two
/// that merged cells join across only, the first alone is the header where it suits as well.
pub(super) fn of_layout(sheet: &Sheet, layout: &Layout) -> Option<LayoutHeader> {
    let across = layout.is_across();
    let fits = |(texts, line): (Vec<String>, u32), rows: &[GridRow], below: usize| {
        // `2025 Jul` is a period where the layout looks for some, and else the name of a column.
        let called = |name: String| if across { period_label(&name).unwrap_or(name) } else { name };
        let names: Vec<String> = texts.into_iter().map(called).collect();
        let fit = layout.fit(&names)?;
        let fault = if layout.passes_others_over() { None } else { rows.iter().find_map(fault_in) };
        Some((fit, LayoutHeader { line, below, names, fault }))
    };
    let is_period = |name: &str| across && (period_label(name).is_some() || layout.names_a_period(name));
    sheet.rows.iter().enumerate().take(ROWS_SEARCHED).find_map(|(at, row)| {
        let (one_ends, two_end) = (at.saturating_add(1), at.saturating_add(2));
        let rows = |end: usize| sheet.rows.get(at..end).unwrap_or_default();
        let one = fits((names(row), row.line), rows(one_ends), one_ends);
        let two = two_rows(sheet, at, &is_period).and_then(|two| fits(two, rows(two_end), two_end));
        let below_too = rows(two_end).last().is_some_and(|lower| reaches_into(row.line, lower));
        let (_, found) = match (one, two) {
            (Some(one), Some(two)) if two.0 < one.0 || (two.0 == one.0 && !below_too) => one,
            (one, two) => two.or(one)?,
        };
        Some(found)
    })
}

/// The first cell of a row that cannot be read.
fn fault_in(row: &GridRow) -> Option<(u32, Problem)> {
    let (at, problem) = (0..).zip(&row.fields).find_map(|(at, field)| fault(at, field))?;
    Some((row.line, problem.in_column(Some(at))))
}

fn names(row: &GridRow) -> Vec<String> {
    row.fields.iter().map(|field| one_line(&field.text)).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// This row's names and the next's, joined, when merged cells of this row reach over columns or into the next row.
///
/// They are not joined where the next row has what is no name below a period that stands there by itself, or a number
/// below any: that is the first row of figures.
fn two_rows(sheet: &Sheet, at: usize, is_period: &dyn Fn(&str) -> bool) -> Option<(Vec<String>, u32)> {
    let (upper, lower) = (sheet.rows.get(at)?, sheet.rows.get(at.saturating_add(1))?);
    let joins = reaches_into(upper.line, upper) || reaches_into(upper.line, lower);
    if lower.line != upper.line.saturating_add(1) || !joins {
        return None;
    }
    let width = upper.fields.len().max(lower.fields.len());
    let mut joined = Vec::new();
    for column in 0..width {
        let (above, below) = (one_line(upper.text(column)), one_line(lower.text(column)));
        let name = join(&above, &below);
        let more = name != above && !above.is_empty();
        let figure = || !spans(upper, column) || number::read_from_a_spreadsheet(&below, PerCent::Allowed).is_ok();
        if more && is_period(&above) && !is_period(&name) && figure() {
            return None;
        }
        joined.push(name);
    }
    Some((joined, lower.line))
}

/// True when cells of a row are merged with one that stands in the row of this number.
fn reaches_into(line: u32, row: &GridRow) -> bool {
    row.fields.iter().any(|field| matches!(field.source, Source::Merged { row, .. } if row == line))
}

/// True for one of merged cells that reach over several columns.
fn spans(row: &GridRow, column: usize) -> bool {
    let own = row.fields.get(column).and_then(merged_from);
    own.is_some_and(|first| first != column) || row.fields.iter().any(|field| merged_from(field) == Some(column))
}

/// `2025` over `Jul` is `2025 Jul`; a name over itself, or over nothing, is there once.
fn join(upper: &str, lower: &str) -> String {
    match (upper, lower) {
        (one, "") | ("", one) => one.to_owned(),
        (upper, lower) if upper == lower => upper.to_owned(),
        (upper, lower) => format!("{upper} {lower}"),
    }
}

/// A period by its label; `2025 Jul` is `Jul 2025`.
pub(super) fn period_label(name: &str) -> Option<String> {
    if period::read(name).is_ok() {
        return Some(name.to_owned());
    }
    let (first, rest) = name.split_once(' ')?;
    let turned = format!("{rest} {first}");
    period::read(&turned).ok().map(|_| turned)
}

fn recognise(sheet: &Sheet, names: Vec<String>, line: u32, below: usize) -> Option<Header> {
    let periods: Vec<usize> =
        (0..).zip(&names).filter(|(_, name)| period_label(name).is_some()).map(|(column, _)| column).collect();
    let subject = names.iter().any(|name| SUBJECTS.contains(&normal(name).as_str()));
    if !periods.is_empty() && subject {
        return Some(Header { kind: Kind::Results, line, below, names, periods });
    }
    let texts: Vec<&str> = names.iter().map(String::as_str).collect();
    let kind = kind_of(&sheet.name, &texts)?;
    Some(Header { kind, line, below, names, periods: Vec::new() })
}

fn all_known(header: &Header) -> bool {
    let wide = !header.periods.is_empty();
    (0..).zip(&header.names).filter(|(column, name)| !name.is_empty() && !header.periods.contains(column)).all(
        |(_, name)| {
            let name = normal(name);
            header.kind.columns().any(|known| known == name) && !(wide && MADE.contains(&name.as_str()))
        },
    )
}
