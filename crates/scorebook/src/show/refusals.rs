//! What is refused, and where: lines of text files, cells of workbooks.

use std::collections::BTreeMap;
use std::io;

use wire::v1;

use super::text::{Ink, Page, Text, joined};
use super::words;

/// How many lines or cells are named one by one.
const PLACES_NAMED: usize = 5;

/// Lists the first refusals, those that differ in their place alone together.
pub(super) fn show(page: &mut Page<'_>, preview: &v1::Preview, listed: usize) -> io::Result<()> {
    if preview.refusals.is_empty() {
        return Ok(());
    }
    let n = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let alike = alike(&preview.refusals);
    let shown = alike.get(..listed).unwrap_or(&alike);
    let n_refusals = preview.n_refusals.max(n(preview.refusals.len()));
    page.heading(&format!("{} refused", words::thousands(n_refusals)))?;
    let are_all = n_refusals == n(preview.refusals.len());
    for refusals in shown {
        page.labelled(0, "•", 2, &refused(refusals, are_all))?;
    }
    let n_shown = shown.iter().map(Vec::len).sum::<usize>();
    match n_refusals.saturating_sub(n(n_shown)) {
        0 => Ok(()),
        more => page.text(0, &Text::plain(format!("… and {} more.", words::thousands(more)))),
    }
}

/// A refusal, and the place that it names.
struct Refused<'r> {
    refusal: &'r v1::Refusal,
    /// Without the sheet, of a workbook: the cell says which.
    file: &'r str,
    /// The cell, of a workbook: `Ashford!C5`.
    cell: Option<&'r str>,
    field: &'r str,
}

impl<'r> Refused<'r> {
    fn of(refusal: &'r v1::Refusal) -> Self {
        let (file, field) = (refusal.file.as_str(), refusal.field.as_str());
        let workbook =
            file.rsplit_once(" sheet ").filter(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()));
        // A sheet's name may have spaces, and a cell's row and column have none.
        let after_sheet = field.rfind('!').and_then(|at| field.get(at..)).map_or(0, str::len);
        let begins = field.len().saturating_sub(after_sheet);
        let ends =
            field.get(begins..).and_then(|rest| rest.find(' ')).map_or(field.len(), |at| begins.saturating_add(at));
        match (workbook, field.split_at_checked(ends)) {
            (Some((file, _)), Some((cell, rest))) if after_sheet > 0 => {
                Self { refusal, file, cell: Some(cell), field: rest.trim_start() }
            }
            _ => Self { refusal, file, cell: None, field },
        }
    }
}

/// Refusals that differ in their place alone, together, in the order of the first of each.
fn alike(refusals: &[v1::Refusal]) -> Vec<Vec<Refused<'_>>> {
    let mut groups: Vec<Vec<Refused<'_>>> = Vec::new();
    let mut places: BTreeMap<[&str; 5], usize> = BTreeMap::new();
    for refused in refusals.iter().map(Refused::of) {
        let v1::Refusal { value, problem, remedy, .. } = refused.refusal;
        // Of a workbook, periods across the top are fields by many names: the cell says which.
        let field = if refused.cell.is_some() { "" } else { refused.field };
        let place = *places.entry([refused.file, field, value, problem, remedy]).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(refused),
            None => groups.push(vec![refused]),
        }
    }
    groups
}

/// “results.csv lines 7, 9 and 11”, “figures.xlsx Ashford!C5”. Where these `are_all` that are refused, how many they are is
/// known too.
fn place(file: &str, refusals: &[Refused<'_>], are_all: bool) -> String {
    let mut places: Vec<String> = Vec::new();
    let mut of_cells = false;
    for Refused { refusal, cell, .. } in refusals {
        of_cells |= cell.is_some();
        let place = cell.map_or_else(|| words::thousands(refusal.line.into()), str::to_owned);
        if places.last() != Some(&place) {
            places.push(place);
        }
    }
    let (one, many) = if of_cells { ("", "") } else { ("line ", "lines ") };
    match places.as_slice() {
        [only] => format!("{file} {one}{only}"),
        [first @ .., last] if places.len() <= PLACES_NAMED => format!("{file} {many}{} and {last}", first.join(", ")),
        _ => {
            let named = places.iter().take(PLACES_NAMED).cloned().collect::<Vec<_>>().join(", ");
            let what = if of_cells { "places" } else { "lines" };
            let more = if are_all { "" } else { " or more" };
            format!("{file} {many}{named} … ({} {what}{more})", places.len())
        }
    }
}

/// “results.csv line 7, period: "July 20188" is not a period; write it as 2018-07 or July 2018”.
fn refused(refusals: &[Refused<'_>], are_all: bool) -> Text {
    let Some(Refused { refusal, file, field, .. }) = refusals.first() else { return Text::plain("") };
    let place = match (*file, refusal.line) {
        ("", _) => joined(field),
        (file, 0) => joined(file),
        (file, _) if refusals.len() == 1 => joined(&place(file, refusals, are_all)),
        (file, _) => place(file, refusals, are_all),
    };
    let all = refusals.iter().all(|other| other.field == *field);
    let field =
        if file.is_empty() || field.is_empty() || !all { String::new() } else { format!(", {}", joined(field)) };
    let colon = if place.is_empty() { "" } else { ": " };
    let value = if refusal.value.is_empty() { String::new() } else { format!("\"{}\" ", refusal.value) };
    let text = Text::inked(Ink::Strong, format!("{place}{field}{colon}"))
        .then(Ink::Plain, format!("{value}{}", refusal.problem.trim_end_matches('.')));
    if refusal.remedy.is_empty() { text } else { text.then(Ink::Plain, format!("; {}", refusal.remedy)) }
}
