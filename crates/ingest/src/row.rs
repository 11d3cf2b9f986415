//! A row by its columns: each field as text, code, number, period, day or one of some words, or the problem with it.

use csv::ByteRecord;
use domain::ids::CodeError;
use domain::limits::{CONTENT_BYTES_MAX, NAME_BYTES_MAX, REASON_BYTES_MAX};
use domain::result::{Cause, Series, StatedPeriod, Why};
use domain::{AreaId, Cell, CohortId, Decimal, MeasureId, Period, Timestamp, time::Date};

use crate::Defaults;
use crate::areas::{AreaNames, Found};
use crate::number::{self, Number, PerCent};
use crate::period;
use crate::refusal::Problem;
use crate::seen::Seen;

/// Where a column of a kind stands in this file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    /// `None` when the file has no such column.
    pub(crate) at: Option<usize>,
}

impl Column {
    pub(crate) fn problem(self, value: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Problem {
        Problem::new(self.name, value, problem, remedy)
    }
}

/// A record of the right number of fields.
#[derive(Clone, Copy)]
pub(crate) struct Row<'r> {
    record: &'r ByteRecord,
}

/// When something was known, and why it is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Meta {
    pub(crate) known_at: Option<Timestamp>,
    pub(crate) why: Why,
}

/// The columns of [`Meta`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct MetaColumns {
    pub(crate) known_at: Column,
    pub(crate) reason: Column,
    pub(crate) cause: Column,
}

impl MetaColumns {
    pub(crate) fn read(&self, row: Row<'_>, defaults: &Defaults) -> Result<Meta, Problem> {
        let known_at = match row.optional(self.known_at)? {
            None => defaults.known_at,
            Some(text) => Some(text.parse().map_err(|_error| {
                self.known_at.problem(
                    text,
                    "is not an instant with its time zone",
                    "write an instant such as 2018-11-29T10:00:00Z; a date alone does not say in which time zone it ends",
                )
            })?),
        };
        let reason = match row.line(self.reason, REASON_BYTES_MAX)? {
            "" => defaults.why.reason.clone(),
            text => text.to_owned(),
        };
        let cause = row.optional_word(self.cause, &CAUSES)?.or(defaults.why.cause);
        Ok(Meta { known_at, why: Why { reason, cause } })
    }

    /// The same, where nothing may be done without a reason.
    pub(crate) fn read_with_reason(&self, row: Row<'_>, defaults: &Defaults) -> Result<Meta, Problem> {
        let meta = self.read(row, defaults)?;
        if meta.why.reason.is_empty() {
            return Err(self.reason.problem("", "is empty", "say why, here or for the whole submission"));
        }
        Ok(meta)
    }
}

const CAUSES: [(&str, Cause); 3] = [
    ("scheduled-revision", Cause::ScheduledRevision),
    ("method-change", Cause::MethodChange),
    ("correction-of-error", Cause::CorrectionOfError),
];

impl<'r> Row<'r> {
    pub(crate) const fn new(record: &'r ByteRecord) -> Self {
        Self { record }
    }

    /// The field without the spaces around it; empty when the file has no such column.
    pub(crate) fn text(self, column: Column) -> Result<&'r str, Problem> {
        let Some(bytes) = column.at.and_then(|at| self.record.get(at)) else { return Ok("") };
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Err(column.problem("", "is not UTF-8", "save the file as CSV UTF-8"));
        };
        if text.len() > CONTENT_BYTES_MAX {
            return Err(column.problem(text, "has more than 8 MiB", "shorten it"));
        }
        Ok(text.trim())
    }

    /// `None` when it is empty.
    pub(crate) fn optional(self, column: Column) -> Result<Option<&'r str>, Problem> {
        self.text(column).map(|text| (!text.is_empty()).then_some(text))
    }

    /// Anything but nothing.
    pub(crate) fn required(self, column: Column) -> Result<&'r str, Problem> {
        self.optional(column)?.ok_or_else(|| column.problem("", "is empty", "fill it in"))
    }

    /// At most `limit` bytes, perhaps none.
    pub(crate) fn within(self, column: Column, limit: usize) -> Result<&'r str, Problem> {
        let text = self.text(column)?;
        if text.len() > limit {
            let length = text.len();
            return Err(column.problem(text, format!("has {length} bytes"), format!("use at most {limit}")));
        }
        Ok(text)
    }

    /// A name: one line of at most 200 bytes, perhaps none.
    pub(crate) fn label(self, column: Column) -> Result<&'r str, Problem> {
        self.line(column, NAME_BYTES_MAX)
    }

    /// One line of at most `limit` bytes, perhaps none.
    pub(crate) fn line(self, column: Column, limit: usize) -> Result<&'r str, Problem> {
        let text = self.within(column, limit)?;
        if text.contains(['\n', '\r', '\t']) {
            return Err(column.problem(text, "has more than one line, or a tab", "write it on one line, with spaces"));
        }
        Ok(text)
    }

    /// A name that must be there.
    pub(crate) fn name(self, column: Column) -> Result<&'r str, Problem> {
        self.required(column)?;
        self.label(column)
    }

    /// Must be empty, because of `problem`.
    pub(crate) fn empty(self, column: Column, problem: &str) -> Result<(), Problem> {
        match self.optional(column)? {
            None => Ok(()),
            Some(text) => Err(column.problem(text, problem, "leave it empty")),
        }
    }

    /// One of some words.
    pub(crate) fn word<T: Copy>(self, column: Column, words: &[(&str, T)]) -> Result<T, Problem> {
        let text = self.required(column)?;
        find_word(text, words).ok_or_else(|| word_problem(column, text, words))
    }

    /// One of some words, or nothing.
    pub(crate) fn optional_word<T: Copy>(self, column: Column, words: &[(&str, T)]) -> Result<Option<T>, Problem> {
        match self.optional(column)? {
            None => Ok(None),
            Some(text) => find_word(text, words).map(Some).ok_or_else(|| word_problem(column, text, words)),
        }
    }

    /// `yes` or `no`.
    pub(crate) fn flag(self, column: Column) -> Result<Option<bool>, Problem> {
        self.optional_word(column, &[("yes", true), ("no", false)])
    }

    /// A number, or nothing.
    pub(crate) fn number(self, column: Column) -> Result<Option<Decimal>, Problem> {
        Ok(self.written_number(column, PerCent::Refused)?.map(|number| number.value))
    }

    /// A number and whether it was written otherwise, or nothing.
    pub(crate) fn written_number(self, column: Column, per_cent: PerCent) -> Result<Option<Number>, Problem> {
        let Some(text) = self.optional(column)? else {
            return Ok(None);
        };
        match number::read(text, per_cent) {
            Ok(number) => Ok(Some(number)),
            Err(found) => Err(column.problem(text, found.problem, found.remedy)),
        }
    }

    /// A period.
    pub(crate) fn period(self, column: Column) -> Result<Period, Problem> {
        read_period(column, self.required(column)?)
    }

    /// A period, or nothing.
    pub(crate) fn optional_period(self, column: Column) -> Result<Option<Period>, Problem> {
        self.optional(column)?.map(|text| read_period(column, text)).transpose()
    }

    /// A period, `stated: words that name none`, or nothing.
    pub(crate) fn stated_period(self, column: Column) -> Result<StatedPeriod, Problem> {
        let text = self.label(column)?;
        if text.is_empty() {
            return Ok(StatedPeriod::NotStated);
        }
        let Some(words) = text.strip_prefix("stated:") else {
            return read_period(column, text).map(StatedPeriod::Period);
        };
        match words.trim() {
            "" => {
                Err(column.problem(text, "says nothing", "write the source's words after 'stated:', or leave it empty"))
            }
            words => Ok(StatedPeriod::Words(words.to_owned())),
        }
    }

    /// A day.
    pub(crate) fn day(self, column: Column) -> Result<Date, Problem> {
        let text = self.required(column)?;
        let period = Period::parse(text).ok().filter(|period| period.first_day() == period.last_day());
        let Some(period) = period else {
            return Err(column.problem(text, "is not a day", "write it as 2018-11-29"));
        };
        Ok(period.first_day())
    }

    /// A code that is used once.
    pub(crate) fn code<T>(self, column: Column, new: fn(&str) -> Result<T, CodeError>) -> Result<T, Problem> {
        let text = self.required(column)?;
        new(text).map_err(|error| code_problem(column, text, &error))
    }

    /// A code, or nothing.
    pub(crate) fn optional_code<T>(
        self,
        column: Column,
        new: fn(&str) -> Result<T, CodeError>,
    ) -> Result<Option<T>, Problem> {
        self.optional(column)?.map(|text| new(text).map_err(|error| code_problem(column, text, &error))).transpose()
    }
}

fn read_period(column: Column, text: &str) -> Result<Period, Problem> {
    period::read(text).map_err(|remedy| column.problem(text, "is not a period", remedy.0))
}

fn code_problem(column: Column, text: &str, error: &CodeError) -> Problem {
    let remedy = match error {
        CodeError::Empty { .. } => "fill it in",
        CodeError::TooLong { .. } => "shorten it",
        CodeError::Character { .. } => "use letters, digits, '-', '_' and '.' alone",
    };
    column.problem(text, "is not a code of 1 to 64 letters, digits, '-', '_' and '.'", remedy)
}

fn find_word<T: Copy>(text: &str, words: &[(&str, T)]) -> Option<T> {
    words.iter().find(|(word, _)| text.eq_ignore_ascii_case(word)).map(|(_, meaning)| *meaning)
}

fn word_problem<T>(column: Column, text: &str, words: &[(&str, T)]) -> Problem {
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let remedy = match crate::nearest::nearest(&text.to_ascii_lowercase(), known.iter().copied()) {
        Some(near) => format!("write {near} if that is meant, or another of {}", known.join(", ")),
        None => format!("write one of {}", known.join(", ")),
    };
    column.problem(text, format!("is no {} that is known", column.name.replace('_', " ")), remedy)
}

/// Codes that come again and again, each made once.
#[derive(Debug)]
struct Codes<T> {
    new: fn(&str) -> Result<T, CodeError>,
    text: fn(&T) -> &str,
    known: Seen<T>,
    /// The last one: rows are mostly sorted by something.
    last: Option<T>,
}

impl<T: Clone> Codes<T> {
    fn new(new: fn(&str) -> Result<T, CodeError>, text: fn(&T) -> &str) -> Self {
        Self { new, text, known: Seen::new(), last: None }
    }

    fn get(&mut self, column: Column, text: &str) -> Result<T, Problem> {
        if let Some(last) = &self.last
            && (self.text)(last) == text
        {
            return Ok(last.clone());
        }
        let code = if let Some(known) = self.known.get(text) {
            known.clone()
        } else {
            let code = (self.new)(text).map_err(|error| code_problem(column, text, &error))?;
            self.known.add(text, code.clone());
            code
        };
        self.last = Some(code.clone());
        Ok(code)
    }
}

/// The columns that name a cell: `measure`, `area`, `cohort` (`all` when empty) and `period`.
#[derive(Debug)]
pub(crate) struct CellColumns<'d> {
    names: &'d AreaNames,
    measure: Column,
    area: Column,
    cohort: Column,
    period: Column,
    measures: Codes<MeasureId>,
    areas: Codes<AreaId>,
    cohorts: Codes<CohortId>,
    /// Those that were read, by their labels.
    periods: Seen<Period>,
}

impl<'d> CellColumns<'d> {
    /// From `measure`, `area`, `cohort` and `period`, in this order, and the names by which areas may be called.
    pub(crate) fn new([measure, area, cohort, period]: [Column; 4], names: &'d AreaNames) -> Self {
        Self {
            names,
            measure,
            area,
            cohort,
            period,
            measures: Codes::new(MeasureId::new, MeasureId::as_str),
            areas: Codes::new(AreaId::new, AreaId::as_str),
            cohorts: Codes::new(CohortId::new, CohortId::as_str),
            periods: Seen::new(),
        }
    }

    pub(crate) fn series(&mut self, row: Row<'_>) -> Result<Series, Problem> {
        Ok(Series {
            measure: self.measures.get(self.measure, row.required(self.measure)?)?,
            area: self.area(row.required(self.area)?)?,
            cohort: self.cohorts.get(self.cohort, row.optional(self.cohort)?.unwrap_or("all"))?,
        })
    }

    /// By its code, or by a name that it has or had.
    fn area(&mut self, text: &str) -> Result<AreaId, Problem> {
        match self.names.find(text) {
            None if text.contains(' ') && !self.names.is_empty() => {
                let remedy = "write its code, or its name as it was imported";
                Err(self.area.problem(text, "is no area that is known by this name", remedy))
            }
            None => self.areas.get(self.area, text),
            Some(Found::One(area)) => Ok(area.clone()),
            Some(Found::Several(areas)) => {
                let codes = areas.into_iter().map(AreaId::as_str).collect::<Vec<_>>().join(" or ");
                Err(self.area.problem(text, "is the name of several areas", format!("write the code: {codes}")))
            }
        }
    }

    pub(crate) fn cell(&mut self, row: Row<'_>) -> Result<Cell, Problem> {
        Ok(Cell { series: self.series(row)?, period: self.period(row)? })
    }

    fn period(&mut self, row: Row<'_>) -> Result<Period, Problem> {
        let text = row.required(self.period)?;
        if let Some(period) = self.periods.get(text) {
            return Ok(*period);
        }
        let period = read_period(self.period, text)?;
        self.periods.add(text, period);
        Ok(period)
    }
}
