//! Results in the tidy layout that `scorebook export tidy` writes, one a row, as exactly as they were recorded.
//!
//! Numbers are read as they are written: what an export says was recorded so, also where a spreadsheet would have meant
//! another number by it. Names, units and places in the log are for readers; a result is told by its codes.

use domain::event::ResultRecorded;
use domain::result::{ResultEntry, StatedPeriod, StatedPrevious};
use domain::{Cell, Command, Decimal, Figure, Missing, Status};

use super::figures::{COLOURS, MISSING, STATUSES, check_ratio};
use crate::Defaults;
use crate::refusal::Problem;
use crate::row::{CellColumns, Column, Row};
use crate::sheet::{Header, Rows};
use crate::table::Table;
use crate::tidy_time::read_time;

/// The names of the levels, each with the column of its codes.
const LEVELS: [(&str, &str); 4] = [
    ("National", "country_code"),
    ("Regional", "region_code"),
    ("Local authority", "new_la_code"),
    ("Local authority district", "lad_code"),
];

/// What the columns of a row are.
struct Columns {
    time_period: Column,
    time_identifier: Column,
    level: Column,
    value: Column,
    calculated: Column,
    numerator: Column,
    denominator: Column,
    missing: Column,
    status: Column,
    stated_rating: Column,
    previous_value: Column,
    previous_period: Column,
    source_text: Column,
}

pub(super) fn results(table: &mut Table<'_>, header: &Header, defaults: &Defaults, rows: &mut Rows) {
    let mut cells = LEVELS.map(|(_, code)| {
        let [measure, area, cohort, period] = header.columns(["measure", code, "cohort", "time_period"]);
        CellColumns::new([measure, area, cohort, period], &defaults.known.areas)
    });
    let [time_period, time_identifier, level] = header.columns(["time_period", "time_identifier", "geographic_level"]);
    let [value, calculated, numerator, denominator] =
        header.columns(["value", "calculated", "numerator", "denominator"]);
    let [missing, status, stated_rating] = header.columns(["missing", "status", "stated_rating"]);
    let [previous_value, previous_period, source_text] =
        header.columns(["previous_value", "previous_period", "source_text"]);
    let columns = Columns {
        time_period,
        time_identifier,
        level,
        value,
        calculated,
        numerator,
        denominator,
        missing,
        status,
        stated_rating,
        previous_value,
        previous_period,
        source_text,
    };
    let meta = header.meta();
    rows.each(table, header, |row| {
        let meta = meta.read(row, defaults)?;
        let levels = [(LEVELS[0].0, 0), (LEVELS[1].0, 1), (LEVELS[2].0, 2), (LEVELS[3].0, 3)];
        let level = row.word(columns.level, &levels)?;
        let [national, regional, authority, district] = &mut cells;
        let of_level = match level {
            0 => national,
            1 => regional,
            2 => authority,
            _ => district,
        };
        let cell = Cell { series: of_level.series(row)?, period: columns.period(row)? };
        let entry = columns.entry(row)?;
        Ok((Command::RecordResult(ResultRecorded { cell, entry }), meta))
    });
}

impl Columns {
    fn period(&self, row: Row<'_>) -> Result<domain::Period, Problem> {
        let (time, identifier) = (row.required(self.time_period)?, row.required(self.time_identifier)?);
        read_time(time, identifier).map_err(|remedy| {
            self.time_period.problem(time, format!("is not a period with the time_identifier {identifier:?}"), remedy.0)
        })
    }

    fn entry(&self, row: Row<'_>) -> Result<ResultEntry, Problem> {
        let stated_previous = match (exact(row, self.previous_value)?, row.stated_period(self.previous_period)?) {
            (Some(value), period) => Some(StatedPrevious { value, period }),
            (None, StatedPeriod::NotStated) => None,
            (None, StatedPeriod::Period(_) | StatedPeriod::Words(_)) => {
                let problem = "is empty, although previous_period says when it was for";
                return Err(self.previous_value.problem("", problem, "give it, or empty previous_period"));
            }
        };
        Ok(ResultEntry {
            figure: self.figure(row)?,
            status: row.optional_word(self.status, &STATUSES)?.unwrap_or(Status::NotStated),
            stated_colour: row.optional_word(self.stated_rating, &COLOURS)?,
            stated_previous,
            source_text: unguarded(row.label(self.source_text)?).to_owned(),
        })
    }

    fn figure(&self, row: Row<'_>) -> Result<Figure, Problem> {
        if let Some(missing) = self.missing(row)? {
            row.empty(self.numerator, "is part of a figure beside a reason for having none")?;
            row.empty(self.denominator, "is part of a figure beside a reason for having none")?;
            return Ok(Figure::Missing(missing));
        }
        let (numerator, denominator) = (exact(row, self.numerator)?, exact(row, self.denominator)?);
        let calculated = row.flag(self.calculated)?.unwrap_or(false);
        // What was calculated was never stated, and is calculated again whenever it is asked for.
        let stated = if calculated { None } else { exact(row, self.value)? };
        match (numerator, denominator, stated) {
            (Some(numerator), Some(denominator), stated) => {
                check_ratio(row, self.denominator, numerator, denominator)?;
                Ok(Figure::Counted { numerator, denominator, stated })
            }
            (None, denominator, Some(value)) => Ok(Figure::Stated { value, denominator }),
            (numerator, _, _) => {
                let column = if numerator.is_some() { self.denominator } else { self.value };
                let remedy = "give value, or numerator and denominator, or a symbol such as c in value";
                Err(column.problem("", "is empty or calculated, and what it would come from is not there", remedy))
            }
        }
    }

    /// One of the five symbols in `value`; or what has no symbol in `missing`, with `x` in its place.
    fn missing(&self, row: Row<'_>) -> Result<Option<Missing>, Problem> {
        let symbol = crate::symbol::official(row.text(self.value)?);
        let Some(said) = row.optional_word(self.missing, &MISSING)? else { return Ok(symbol) };
        if symbol.is_some_and(|symbol| symbol == said || symbol == Missing::Unavailable) {
            return Ok(Some(said));
        }
        row.empty(self.value, "is a figure, or another symbol, beside a reason for having none")?;
        Ok(Some(said))
    }
}

fn exact(row: Row<'_>, column: Column) -> Result<Option<Decimal>, Problem> {
    let Some(text) = row.optional(column)? else { return Ok(None) };
    let remedy = "write digits with a point, such as 43.4";
    Decimal::parse(text).map(Some).map_err(|error| column.problem(text, error.to_string(), remedy))
}

/// Without the apostrophe that keeps a spreadsheet from taking it for a formula, or an apostrophe of its own for that one.
fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\''])).unwrap_or(text)
}
