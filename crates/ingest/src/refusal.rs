//! What is not taken in, and what to do about it.

use std::fmt;

use domain::limits::REFUSALS_LISTED_MAX;

use crate::table::cut;

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
}

impl Problem {
    pub(crate) fn new(field: &str, value: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            field: cut(field, VALUE_BYTES_MAX).to_owned(),
            value: cut(value, VALUE_BYTES_MAX).to_owned(),
            what: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// About a whole row or file.
    pub(crate) fn whole(problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new("", "", problem, remedy)
    }

    fn at(self, file: u16, line: u32) -> Refusal {
        let Self { field, value, what: problem, remedy } = self;
        Refusal { file, line, field, value, problem, remedy }
    }
}

/// The refusals of one file: the first are listed, all are counted.
#[derive(Debug)]
pub(crate) struct Refusals {
    file: u16,
    pub(crate) listed: Vec<Refusal>,
    pub(crate) counted: usize,
}

impl Refusals {
    pub(crate) const fn new(file: u16) -> Self {
        Self { file, listed: Vec::new(), counted: 0 }
    }

    pub(crate) fn add(&mut self, line: u32, problem: Problem) {
        self.counted = self.counted.saturating_add(1);
        if self.listed.len() < REFUSALS_LISTED_MAX {
            self.listed.push(problem.at(self.file, line));
        }
    }
}
