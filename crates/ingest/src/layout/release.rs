//! A release is reduced to one change a cell and instant before it is recorded.
//!
//! Rows of one cell that were known at two instants are two revisions, and are both kept. Of those known at one, a
//! publisher withdraws `2024 (prov)` and adds `2024` in one release: that is one cell, revised. So
//! - a figure goes before a withdrawal of the same cell under another label;
//! - of several figures for a cell the most settled stands: final, then without a mark, then revised, provisional, others;
//! - the same figure in the same standing twice is one;
//! - where two figures of the same standing differ, every row of the cell is refused, each naming another's line: which of
//!   them is right nobody can tell, so none may go unsaid.
//!
//! A row whose symbol says nothing about its cell makes no change, but the cell is present in the release.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use domain::event::ResultRecorded;
use domain::ids::sheet_and_row;
use domain::result::ResultEntry;
use domain::{Cell, Command, Decimal, Figure, Status, Timestamp};

use crate::refusal::Problem;
use crate::row::Meta;
use crate::sheet::Rows;

/// What one row says of one cell.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) line: u32,
    pub(super) cell: Cell,
    pub(super) says: Says,
    /// The period as the row writes it.
    pub(super) label: String,
    pub(super) meta: Meta,
}

/// What becomes of the cell.
#[derive(Debug)]
pub(super) enum Says {
    Record(ResultEntry),
    Withdraw,
    /// The cell is in the file, and stays as it is.
    Nothing,
}

impl Candidate {
    fn entry(&self) -> Option<&ResultEntry> {
        if let Says::Record(entry) = &self.says { Some(entry) } else { None }
    }
}

/// Makes one instruction, or refusals, of what the rows say of each cell at each instant.
///
/// The instructions are in the order of their instants, what has none at the end, and then of their lines: a withdrawal
/// needs what it withdraws, on whichever line that stands.
pub(super) fn reduce(candidates: Vec<Candidate>, rows: &mut Rows) {
    let mut cells: BTreeMap<(Cell, Option<Timestamp>), Vec<Candidate>> = BTreeMap::new();
    for candidate in candidates {
        if matches!(candidate.says, Says::Nothing) {
            rows.present.push(candidate.cell);
        } else {
            cells.entry((candidate.cell.clone(), candidate.meta.known_at)).or_default().push(candidate);
        }
    }
    let mut standing: Vec<Candidate> = Vec::with_capacity(cells.len());
    for (_, said) in cells {
        match one_of(said) {
            Ok(candidate) => standing.extend(candidate),
            Err(problems) => {
                for (line, problem) in problems {
                    rows.refusals.add(line, problem);
                }
            }
        }
    }
    standing.sort_by_key(|it| (it.meta.known_at.is_none(), it.meta.known_at, it.line));
    for Candidate { line, cell, says, meta, .. } in standing {
        let command = match says {
            Says::Record(entry) => Command::RecordResult(ResultRecorded { cell, entry }),
            Says::Withdraw => Command::WithdrawResult(cell),
            Says::Nothing => continue,
        };
        rows.instruct(line, command, meta);
    }
}

/// The one that stands, of all that is said of a cell at an instant.
fn one_of(mut said: Vec<Candidate>) -> Result<Option<Candidate>, Vec<(u32, Problem)>> {
    // By how settled they are, withdrawals first; then the later lines and columns before, so that the first is at the end.
    said.reverse();
    said.sort_by_key(|candidate| (standing(candidate), Reverse(candidate.line)));
    let Some(best) = said.pop() else {
        return Ok(None);
    };
    let Some(at) = said.iter().rposition(|other| contradict(&best, other)) else {
        return Ok(Some(best));
    };
    let other = said.remove(at);
    // One refusal a row, also where two figures of one row contradict one another.
    let mut problems = BTreeMap::from([(best.line, contradiction(&best, &other))]);
    problems.entry(other.line).or_insert_with(|| contradiction(&other, &best));
    for row in said {
        let between = if contradict(&best, &row) { contradiction(&row, &best) } else { beside(&row, &best, &other) };
        problems.entry(row.line).or_insert(between);
    }
    Err(problems.into_iter().collect())
}

/// True when two rows of one cell cannot both be right, and neither goes before the other.
fn contradict(best: &Candidate, other: &Candidate) -> bool {
    match (other.entry(), best.entry()) {
        (Some(figure), Some(of_best)) => standing(other) == standing(best) && !same(&figure.figure, &of_best.figure),
        (None, Some(_)) => other.label == best.label,
        (_, None) => false,
    }
}

/// Whether two figures are the same number, however many digits are written: 43.4 is 43.40.
pub(super) fn same(one: &Figure, other: &Figure) -> bool {
    let equal = |one: Decimal, other: Decimal| one.compare(other) == Ordering::Equal;
    let both = |one: Option<Decimal>, other: Option<Decimal>| match (one, other) {
        (Some(one), Some(other)) => equal(one, other),
        (one, other) => one.is_none() && other.is_none(),
    };
    match (*one, *other) {
        (Figure::Stated { value: a, denominator: of_a }, Figure::Stated { value: b, denominator: of_b }) => {
            equal(a, b) && both(of_a, of_b)
        }
        (
            Figure::Counted { numerator: a, denominator: of_a, stated: stated_a },
            Figure::Counted { numerator: b, denominator: of_b, stated: stated_b },
        ) => equal(a, b) && equal(of_a, of_b) && both(stated_a, stated_b),
        (Figure::Missing(a), Figure::Missing(b)) => a == b,
        _ => false,
    }
}

fn contradiction(of: &Candidate, other: &Candidate) -> Problem {
    if of.line == other.line {
        let problem = format!("says two things of {}, and neither is more settled", name(of));
        return Problem::whole(problem, "see that the row's figures agree, or that the layout takes one of them");
    }
    let problem = format!("says otherwise of {} than {}, and neither is more settled", name(of), place(other));
    Problem::whole(problem, "keep one of the two rows")
}

/// Of a row that contradicts nothing itself, and is refused with the other rows of its cell.
fn beside(of: &Candidate, one: &Candidate, other: &Candidate) -> Problem {
    let (first, second) = if one.line <= other.line { (one, other) } else { (other, one) };
    let lines = if first.line == second.line {
        format!("{} says two things", place(first))
    } else {
        format!("{} and {} differ", place(first), place(second))
    };
    Problem::whole(format!("is a row of {}, of which {lines}", name(of)), "correct those first")
}

/// Where a row stands in its file or sheet.
fn place(candidate: &Candidate) -> String {
    match sheet_and_row(candidate.line) {
        (None, line) => format!("line {line}"),
        (Some(_), row) => format!("row {row}"),
    }
}

fn name(candidate: &Candidate) -> String {
    let Cell { series, period } = &candidate.cell;
    format!("{} {} {}", series.measure, series.area, period.code())
}

/// How settled a figure is, least first; a withdrawal is less than any figure.
fn standing(candidate: &Candidate) -> u8 {
    candidate.entry().map_or(0, |entry| settled(entry.status))
}

/// The same of a figure, from 1.
pub(super) const fn settled(status: Status) -> u8 {
    match status {
        Status::Forecast => 1,
        Status::CarriedForward => 2,
        Status::Estimated => 3,
        Status::Provisional => 4,
        Status::Revised => 5,
        // A publisher drops the mark when a figure is settled.
        Status::NotStated => 6,
        Status::Final => 7,
    }
}
