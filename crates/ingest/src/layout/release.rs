//! A release is reduced to one change a cell before it is recorded.
//!
//! A publisher withdraws `2024 (prov)` and adds `2024` in one release: that is one cell, revised. So
//! - a figure goes before a withdrawal of the same cell under another label;
//! - of several figures for a cell the most settled stands: final, then without a mark, then revised, provisional, others;
//! - the same figure in the same standing twice is one;
//! - two figures of the same standing that differ are refused, both, each naming the other's line.

use std::collections::BTreeMap;

use domain::event::ResultRecorded;
use domain::ids::sheet_and_row;
use domain::result::ResultEntry;
use domain::{Cell, Command, Status};

use crate::refusal::Problem;
use crate::row::Meta;
use crate::sheet::Rows;

/// What one row says of one cell.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) line: u32,
    pub(super) cell: Cell,
    /// `None` when the row withdraws it.
    pub(super) entry: Option<ResultEntry>,
    /// The period as the row writes it.
    pub(super) label: String,
    pub(super) meta: Meta,
}

/// Makes one instruction, or refusals, of what the rows say of each cell; in the order of their lines.
pub(super) fn reduce(candidates: Vec<Candidate>, rows: &mut Rows) {
    let mut cells: BTreeMap<Cell, Vec<Candidate>> = BTreeMap::new();
    for candidate in candidates {
        cells.entry(candidate.cell.clone()).or_default().push(candidate);
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
    standing.sort_by_key(|candidate| candidate.line);
    for Candidate { line, cell, entry, meta, .. } in standing {
        let command = match entry {
            Some(entry) => Command::RecordResult(ResultRecorded { cell, entry }),
            None => Command::WithdrawResult(cell),
        };
        rows.instruct(line, command, meta);
    }
}

/// The one that stands, of all that is said of a cell.
fn one_of(mut said: Vec<Candidate>) -> Result<Option<Candidate>, Vec<(u32, Problem)>> {
    // By how settled they are, withdrawals first; then the later lines before, so that the first line is kept at the end.
    said.sort_by_key(|candidate| (standing(candidate), std::cmp::Reverse(candidate.line)));
    let Some(best) = said.pop() else {
        return Ok(None);
    };
    for other in &said {
        let same_label = other.label == best.label;
        let equal = standing(other) == standing(&best);
        let contradicts = match (&other.entry, &best.entry) {
            (Some(other), Some(best)) => equal && other.figure != best.figure,
            (None, Some(_)) => same_label,
            (_, None) => false,
        };
        if contradicts {
            return Err(vec![contradiction(&best, other), contradiction(other, &best)]);
        }
    }
    Ok(Some(best))
}

fn contradiction(of: &Candidate, other: &Candidate) -> (u32, Problem) {
    let Cell { series, period } = &of.cell;
    let cell = format!("{} {} {}", series.measure, series.area, period.code());
    let place = match sheet_and_row(other.line) {
        (None, line) => format!("line {line}"),
        (Some(_), row) => format!("row {row}"),
    };
    let problem = format!("says otherwise of {cell} than {place}, and neither is more settled");
    (of.line, Problem::whole(problem, "keep one of the two rows"))
}

/// How settled a figure is, least first; a withdrawal is less than any figure.
fn standing(candidate: &Candidate) -> u8 {
    let Some(entry) = &candidate.entry else {
        return 0;
    };
    match entry.status {
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
