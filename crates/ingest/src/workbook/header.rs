//! Where a sheet's columns are named: titles stand above, and a header may have two rows.

use crate::Layout;
use crate::kind::{Kind, kind_of, normal};
use crate::period;

use super::cell::Source;
use super::grid::{GridRow, Sheet};

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
        let two = two_rows(sheet, at).and_then(|(names, line)| recognise(sheet, names, line, at.saturating_add(2)));
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
}

/// Finds the header of a layout: the first row, or two that merged cells join, in which it finds what it needs.
pub(super) fn of_layout(sheet: &Sheet, layout: &Layout) -> Option<LayoutHeader> {
    let fits = |(texts, line): (Vec<String>, u32), below: usize| {
        // `2025 Jul` is a period where the layout looks for some, and else the name of a column.
        let called = |name: String| if layout.is_across() { period_label(&name).unwrap_or(name) } else { name };
        let names: Vec<String> = texts.into_iter().map(called).collect();
        layout.finds_its_columns(&names).then_some(LayoutHeader { line, below, names })
    };
    sheet.rows.iter().enumerate().take(ROWS_SEARCHED).find_map(|(at, row)| {
        let two = two_rows(sheet, at).and_then(|two| fits(two, at.saturating_add(2)));
        two.or_else(|| fits((names(row), row.line), at.saturating_add(1)))
    })
}

fn names(row: &GridRow) -> Vec<String> {
    row.fields.iter().map(|field| one_line(&field.text)).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// This row's names and the next's, joined, when merged cells of this row reach over columns or into the next row.
fn two_rows(sheet: &Sheet, at: usize) -> Option<(Vec<String>, u32)> {
    let (upper, lower) = (sheet.rows.get(at)?, sheet.rows.get(at.saturating_add(1))?);
    let of_upper = |row: &GridRow| {
        row.fields.iter().any(|field| matches!(field.source, Source::Merged { row, .. } if row == upper.line))
    };
    if lower.line != upper.line.saturating_add(1) || !(of_upper(upper) || of_upper(lower)) {
        return None;
    }
    let width = upper.fields.len().max(lower.fields.len());
    let joined = (0..width).map(|column| join(&one_line(upper.text(column)), &one_line(lower.text(column))));
    Some((joined.collect(), lower.line))
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
