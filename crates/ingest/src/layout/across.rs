//! What several files and sheets of one submission say together: each was read by itself.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use domain::event::ResultRecorded;
use domain::ids::{Origin, sheet_and_row};
use domain::limits::REFUSALS_LISTED_MAX;
use domain::{Cell, Command, Instruction, MeasureId, Timestamp};

use super::release::{same, settled};
use crate::Parsed;
use crate::refusal::{Problem, Refusals};

/// How files and sheets are called.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// The names of files, by their places in the submission.
    pub files: &'a [&'a str],
    /// The names of workbooks' sheets, by file and number.
    pub sheets: &'a BTreeMap<(u16, u32), String>,
}

/// Holds the parts of a submission that layouts read against one another: no two names become one code, and of several
/// figures for a cell at an instant the most settled stands. Each part is reduced already.
///
/// What stands against that is refused in its part. A withdrawal in one part and a figure in another are left as they are.
pub fn reconcile(parts: &mut [(u16, Parsed)], places: Places<'_>) {
    if parts.iter().filter(|(_, part)| part.codes_by_rule.is_some()).count() < 2 {
        return;
    }
    one_name_a_code(parts, places);
    one_figure_a_cell(parts, places);
}

impl Places<'_> {
    fn sheet(&self, file: u16, line: u32) -> Option<&str> {
        self.sheets.get(&(file, sheet_and_row(line).0?)).map(String::as_str)
    }

    /// A file or sheet.
    fn part(&self, file: u16, line: u32) -> String {
        let name = self.files.get(usize::from(file)).copied().unwrap_or_default();
        self.sheet(file, line).map_or_else(|| name.to_owned(), |sheet| format!("the sheet {sheet:?} of {name}"))
    }

    fn row(&self, origin: Origin) -> String {
        let (sheet, row) = sheet_and_row(origin.line.get());
        let what = if sheet.is_some() { "row" } else { "line" };
        format!("{what} {row} of {}", self.part(origin.file, origin.line.get()))
    }
}

/// Refuses the figures of a measure whose code was made of another name in a part before.
fn one_name_a_code(parts: &mut [(u16, Parsed)], places: Places<'_>) {
    let mut first: BTreeMap<MeasureId, (String, String)> = BTreeMap::new();
    for (file, part) in parts {
        let line = part.instructions.first().and_then(|it| it.origin).map_or(0, |origin| origin.line.get());
        let place = places.part(*file, line);
        let mut problems: BTreeMap<&MeasureId, Problem> = BTreeMap::new();
        for (code, name) in part.codes_by_rule.iter().flatten() {
            let (other, before) = first.entry(code.clone()).or_insert_with(|| (name.clone(), place.clone()));
            if other != name {
                let problem = format!("has the same code as {other:?} in {before}, which is {code}");
                let remedy = "give each a code of its own in [measures.codes]";
                problems.insert(code, Problem::new("", name, problem, remedy));
            }
        }
        let problem = |(at, it): (usize, &Instruction)| {
            let (cell, _) = figure(it)?;
            problems.get(&cell.series.measure).map(|problem| (at, problem.clone()))
        };
        let refused: BTreeMap<usize, Problem> = (0..).zip(&part.instructions).filter_map(problem).collect();
        refuse(*file, part, refused, places);
    }
}

/// Of several figures for a cell at an instant, in several parts, the most settled stands; where two differ that are
/// equally settled, all are refused.
fn one_figure_a_cell(parts: &mut [(u16, Parsed)], places: Places<'_>) {
    let mut cells: BTreeMap<(&Cell, Option<Timestamp>), Vec<Said<'_>>> = BTreeMap::new();
    for (part, (_, parsed)) in (0..).zip(parts.iter()) {
        if parsed.codes_by_rule.is_none() {
            continue;
        }
        for (at, it) in (0..).zip(&parsed.instructions) {
            let Some(((cell, recorded), origin)) = figure(it).zip(it.origin) else { continue };
            cells.entry((cell, it.known_at)).or_default().push(Said { part, at, origin, recorded });
        }
    }
    let mut dropped: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut refused: BTreeMap<usize, BTreeMap<usize, Problem>> = BTreeMap::new();
    for said in cells.values().filter(|said| said.len() > 1) {
        for (it, becomes) in said.iter().zip(becomes(said, places)) {
            match becomes {
                Becomes::Stands => {}
                Becomes::Nothing => drop(dropped.entry(it.part).or_default().insert(it.at)),
                Becomes::Refused(problem) => drop(refused.entry(it.part).or_default().insert(it.at, problem)),
            }
        }
    }
    for (number, (file, part)) in (0..).zip(parts) {
        let mut gone = dropped.remove(&number).unwrap_or_default();
        let refused = refused.remove(&number).unwrap_or_default();
        gone.extend(refused.keys());
        list(*file, part, refused, places);
        without(part, &gone);
    }
}

/// A figure that a part says of a cell.
struct Said<'a> {
    part: usize,
    /// Its place among the instructions.
    at: usize,
    origin: Origin,
    recorded: &'a ResultRecorded,
}

enum Becomes {
    Stands,
    Nothing,
    Refused(Problem),
}

/// What becomes of each of several figures for one cell.
fn becomes(said: &[Said<'_>], places: Places<'_>) -> Vec<Becomes> {
    let standing = |it: &Said<'_>| settled(it.recorded.entry.status);
    let differ = |one: &Said<'_>, other: &Said<'_>| !same(&one.recorded.entry.figure, &other.recorded.entry.figure);
    // The first of the most settled.
    let Some(best) = said.iter().min_by_key(|it| Reverse(standing(it))) else {
        return Vec::new();
    };
    let contradicts = |it: &Said<'_>| standing(it) == standing(best) && differ(it, best);
    let Some(other) = said.iter().find(|it| contradicts(it)) else {
        let stands = |it: &Said<'_>| std::ptr::eq(it, best);
        return said.iter().map(|it| if stands(it) { Becomes::Stands } else { Becomes::Nothing }).collect();
    };
    let Cell { series, period } = &best.recorded.cell;
    let name = format!("{} {} {}", series.measure, series.area, period.code());
    let otherwise = |than: &Said<'_>| {
        let problem = format!("says otherwise of {name} than {}, and neither is more settled", places.row(than.origin));
        Problem::whole(problem, "keep one of the two rows")
    };
    let refused = |it: &Said<'_>| {
        if std::ptr::eq(it, best) {
            return otherwise(other);
        }
        if contradicts(it) {
            return otherwise(best);
        }
        let (one, other) = (places.row(best.origin), places.row(other.origin));
        Problem::whole(format!("is a row of {name}, of which {one} and {other} differ"), "correct those first")
    };
    said.iter().map(|it| Becomes::Refused(refused(it))).collect()
}

/// What a part says of which cell, when that is a figure.
const fn figure(instruction: &Instruction) -> Option<(&Cell, &ResultRecorded)> {
    if let Command::RecordResult(recorded) = &instruction.command { Some((&recorded.cell, recorded)) } else { None }
}

fn refuse(file: u16, part: &mut Parsed, refused: BTreeMap<usize, Problem>, places: Places<'_>) {
    let gone = refused.keys().copied().collect();
    list(file, part, refused, places);
    without(part, &gone);
}

/// Adds refusals of instructions, by their places.
fn list(file: u16, part: &mut Parsed, refused: BTreeMap<usize, Problem>, places: Places<'_>) {
    for (at, problem) in refused {
        let Some(line) = part.instructions.get(at).and_then(|it| it.origin).map(|origin| origin.line.get()) else {
            continue;
        };
        let mut refusals = Refusals::of(file, places.sheet(file, line));
        refusals.add(line, problem);
        part.n_refused = part.n_refused.saturating_add(1);
        if part.refusals.len() < REFUSALS_LISTED_MAX {
            part.refusals.append(&mut refusals.listed);
        }
    }
    part.refusals.sort_by_key(|refusal| refusal.line);
}

/// Takes instructions out, by their places.
fn without(part: &mut Parsed, gone: &BTreeSet<usize>) {
    if gone.is_empty() {
        return;
    }
    let mut at = 0..;
    part.instructions.retain(|_| at.next().is_none_or(|at| !gone.contains(&at)));
}
