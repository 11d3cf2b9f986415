//! What is not taken in, and what to do about it.

use std::collections::BTreeSet;
use std::fmt;

use domain::ids::sheet_and_row;
use domain::limits::REFUSALS_LISTED_MAX;

use crate::table::cut;
use crate::workbook::reference;

/// The most bytes of a value that a refusal repeats.
const VALUE_BYTES_MAX: usize = 200;

/// A row, or a whole file, that is not taken in.
///
/// Its display begins with the line, so that the caller puts the file's name before it:
/// `results.csv ` + `line 7, period: "July 20188" is not a period; write it as 2018-07 or July 2018`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The file's place in the submission, from 0.
    pub file: u16,
    /// The line on which the row begins, from 1; the header's for a whole file.
    pub line: u32,
    /// The column; empty when it is about the whole row or file.
    pub field: String,
    /// What stands there, at most 200 bytes of it; empty when nothing does.
    pub value: String,
    /// What is wrong, to be read after the value: “is not a period”.
    pub problem: String,
    /// What to do, as an imperative: “write it as 2018-07”.
    pub remedy: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if !self.field.is_empty() {
            write!(f, ", {}", self.field)?;
        }
        f.write_str(": ")?;
        if !self.value.is_empty() {
            write!(f, "{:?} ", self.value)?;
        }
        write!(f, "{}; {}", self.problem, self.remedy)
    }
}

/// A refusal that does not yet know its file and line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    field: String,
    value: String,
    what: String,
    remedy: String,
    /// The column of a sheet, from 0, by which a spreadsheet names the cell; `None` when it is about the whole row.
    column: Option<usize>,
}

impl Problem {
    pub(crate) fn new(field: &str, value: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            field: cut(field, VALUE_BYTES_MAX).to_owned(),
            value: cut(value, VALUE_BYTES_MAX).to_owned(),
            what: problem.into(),
            remedy: remedy.into(),
            column: None,
        }
    }

    /// The same, of a column from 0.
    pub(crate) fn in_column(self, column: Option<usize>) -> Self {
        Self { column, ..self }
    }

    /// The same, under the name that the column has in the file.
    pub(crate) fn called(self, field: &str) -> Self {
        Self { field: cut(field, VALUE_BYTES_MAX).to_owned(), ..self }
    }

    /// The column that it is about, from 0.
    pub(crate) const fn column(&self) -> Option<usize> {
        self.column
    }

    /// About a whole row or file.
    pub(crate) fn whole(problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new("", "", problem, remedy)
    }

    fn at(self, file: u16, sheet: Option<&str>, line: u32) -> Refusal {
        let Self { field, value, what: problem, remedy, column } = self;
        let field = match sheet.map(|sheet| reference(sheet, sheet_and_row(line).1, column)) {
            None => field,
            Some(cell) if field.is_empty() => cell,
            Some(cell) => format!("{cell} {field}"),
        };
        Refusal { file, line, field, value, problem, remedy }
    }
}

/// The refusals of one file: the first are listed, and the first of each kind before others like it; all are counted.
#[derive(Debug)]
pub(crate) struct Refusals {
    file: u16,
    /// The sheet whose cells are named, for rows of one.
    sheet: Option<String>,
    pub(crate) listed: Vec<Refusal>,
    pub(crate) counted: usize,
    /// What is listed of each kind: field, value and problem.
    kinds: BTreeSet<[String; 3]>,
    /// The places of those that say what one before them says, but for the line.
    again: Vec<usize>,
}

impl Refusals {
    pub(crate) const fn new(file: u16) -> Self {
        Self { file, sheet: None, listed: Vec::new(), counted: 0, kinds: BTreeSet::new(), again: Vec::new() }
    }

    /// Of the rows of a sheet, whose lines are [`domain::ids::sheet_line`]s; of a text without one.
    pub(crate) fn of(file: u16, sheet: Option<&str>) -> Self {
        Self { sheet: sheet.map(str::to_owned), ..Self::new(file) }
    }

    pub(crate) fn add(&mut self, line: u32, problem: Problem) {
        self.counted = self.counted.saturating_add(1);
        let full = self.listed.len() >= REFUSALS_LISTED_MAX;
        if full && self.again.is_empty() {
            return;
        }
        let new = self.kinds.insert([problem.field.clone(), problem.value.clone(), problem.what.clone()]);
        if full && !new {
            return;
        }
        let refusal = problem.at(self.file, self.sheet.as_deref(), line);
        let place = if full { self.again.pop() } else { None };
        if let Some(like_others) = place.and_then(|place| self.listed.get_mut(place)) {
            *like_others = refusal;
            return;
        }
        if !new {
            self.again.push(self.listed.len());
        }
        self.listed.push(refusal);
    }
}
