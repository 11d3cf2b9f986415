//! Results, benchmarks and commentary: figures and words about cells.

use domain::event::{BenchmarkRecorded, Comparator, ResultRecorded};
use domain::number::RatioError;
use domain::result::{Colour, ResultEntry, StatedPeriod, StatedPrevious};
use domain::{AreaId, Command, Decimal, Exact, Figure, Missing, Status};

use crate::Defaults;
use crate::number::PerCent;
use crate::refusal::Problem;
use crate::row::{CellColumns, Column, Row};
use crate::sheet::{Header, Rows};
use crate::symbol::{self, Symbol};
use crate::table::Table;

/// Reasons for having no figure, by the words and symbols of the column `missing`.
pub(crate) const MISSING: [(&str, Missing); 7] = [
    ("c", Missing::Confidential),
    ("z", Missing::NotApplicable),
    ("x", Missing::Unavailable),
    ("low", Missing::Low),
    ("u", Missing::Unreliable),
    ("not-supplied", Missing::NotSupplied),
    ("known-not-to-exist", Missing::KnownNotToExist),
];

/// How settled a figure is, by the words of the column `status`.
pub(crate) const STATUSES: [(&str, Status); 7] = [
    ("provisional", Status::Provisional),
    ("revised", Status::Revised),
    ("final", Status::Final),
    ("estimated", Status::Estimated),
    ("carried-forward", Status::CarriedForward),
    ("forecast", Status::Forecast),
    ("not-stated", Status::NotStated),
];

pub(super) const COLOURS: [(&str, Colour); 3] =
    [("green", Colour::Green), ("amber", Colour::Amber), ("red", Colour::Red)];

/// The columns of a result beside its cell.
struct ResultColumns {
    figure: FigureColumns,
    status: Column,
    stated_rating: Column,
    previous_value: Column,
    previous_period: Column,
}

pub(super) fn results(table: &mut Table<'_>, header: &Header, defaults: &Defaults, rows: &mut Rows) {
    let mut cells = CellColumns::new(header.columns(["measure", "area", "cohort", "period"]), &defaults.known.areas);
    let columns = ResultColumns {
        figure: FigureColumns {
            value: header.column("value"),
            numerator: header.column("numerator"),
            denominator: header.column("denominator"),
            missing: header.column("missing"),
        },
        status: header.column("status"),
        stated_rating: header.column("stated_rating"),
        previous_value: header.column("previous_value"),
        previous_period: header.column("previous_period"),
    };
    let meta = header.meta();
    rows.each(table, header, |row| {
        let meta = meta.read(row, defaults)?;
        let cell = cells.cell(row)?;
        let entry = columns.entry(row)?;
        Ok((Command::RecordResult(ResultRecorded { cell, entry }), meta))
    });
}

impl ResultColumns {
    fn entry(&self, row: Row<'_>) -> Result<ResultEntry, Problem> {
        let (figure, source_text) = self.figure.read(row)?;
        Ok(ResultEntry {
            figure,
            status: row.optional_word(self.status, &STATUSES)?.unwrap_or(Status::NotStated),
            stated_colour: row.optional_word(self.stated_rating, &COLOURS)?,
            stated_previous: self.previous(row)?,
            source_text,
        })
    }

    fn previous(&self, row: Row<'_>) -> Result<Option<StatedPrevious>, Problem> {
        let period = row.stated_period(self.previous_period)?;
        match (row.number(self.previous_value)?, period) {
            (Some(value), period) => Ok(Some(StatedPrevious { value, period })),
            (None, StatedPeriod::NotStated) => Ok(None),
            (None, StatedPeriod::Period(_) | StatedPeriod::Words(_)) => {
                let problem = "is empty, although previous_period says when it was for";
                Err(self.previous_value.problem("", problem, "give the previous figure, or empty previous_period"))
            }
        }
    }
}

/// The columns of which a figure is made.
struct FigureColumns {
    value: Column,
    numerator: Column,
    denominator: Column,
    missing: Column,
}

impl FigureColumns {
    /// The figure, and the source's own writing of it where that differs.
    fn read(&self, row: Row<'_>) -> Result<(Figure, String), Problem> {
        if let Some((missing, writing)) = self.missing(row)? {
            return Ok((Figure::Missing(missing), writing));
        }
        let numerator = row.written_number(self.numerator, PerCent::Refused)?;
        let denominator = row.written_number(self.denominator, PerCent::Refused)?;
        let stated = read_value(row, self.value, self.missing)?;
        let figure = match (numerator, denominator, stated) {
            (Some(numerator), Some(denominator), stated) => {
                check_ratio(row, self.denominator, numerator.value, denominator.value)?;
                let stated = stated.map(|number| number.value);
                Figure::Counted { numerator: numerator.value, denominator: denominator.value, stated }
            }
            (None, denominator, Some(value)) => {
                Figure::Stated { value: value.value, denominator: denominator.map(|number| number.value) }
            }
            (Some(_), None, _) => return Err(lacking(self.denominator)),
            (None, Some(_), None) => return Err(lacking(self.numerator)),
            (None, None, None) => {
                let remedy = "give value, or numerator and denominator, or say in missing why there is none";
                return Err(self.value.problem("", "is empty, and so is every other part of a figure", remedy));
            }
        };
        let written = [(self.value, stated), (self.numerator, numerator), (self.denominator, denominator)];
        let mut texts = Vec::new();
        for (column, number) in written {
            if number.is_some_and(|number| number.rewritten) {
                texts.push(format!("{} {}", column.name, row.text(column)?));
            }
        }
        Ok((figure, source_text(row, self.value, &texts)?))
    }

    /// Why there is no figure, with the source's writing of it where that is kept: said in `missing`, or by a symbol in
    /// `value`. A sign that is no official symbol means what `missing` says, where that says anything.
    fn missing(&self, row: Row<'_>) -> Result<Option<(Missing, String)>, Problem> {
        let said = row.optional_word(self.missing, &MISSING)?;
        let text = row.text(self.value)?;
        let found = match (said, symbol::read(text)) {
            (None, None) => return Ok(None),
            (Some(said), None) => {
                row.empty(self.value, "is a figure beside a reason for having none")?;
                (said, "")
            }
            (Some(said), Some(Symbol::Official(symbol))) if said != symbol => {
                return Err(self.value.problem(text, "contradicts what missing says", "leave it empty"));
            }
            (_, Some(Symbol::Official(symbol))) => (symbol, ""),
            (Some(said), Some(Symbol::Common(_) | Symbol::Dash)) => (said, text),
            (None, Some(Symbol::Common(missing))) => (missing, text),
            (None, Some(Symbol::Dash)) => return Err(self.dash(text)),
        };
        row.empty(self.numerator, "is part of a figure beside a reason for having none")?;
        row.empty(self.denominator, "is part of a figure beside a reason for having none")?;
        Ok(Some((found.0, found.1.to_owned())))
    }

    fn dash(&self, text: &str) -> Problem {
        let remedy = match self.missing.at {
            Some(_) => {
                "write 0 if it is none, or say in missing: z not applicable, x not available, low rounds to 0, c confidential"
            }
            None => {
                "write 0 if it is none, z if not applicable, x if not available, low if it rounds to 0, c if confidential"
            }
        };
        self.value.problem(text, "is a dash, which may mean none, not applicable or not available", remedy)
    }
}

/// Refuses counts that give no value; `column` is the denominator's.
pub(super) fn check_ratio(
    row: Row<'_>,
    column: Column,
    numerator: Decimal,
    denominator: Decimal,
) -> Result<(), Problem> {
    let Err(error) = Exact::ratio(numerator, denominator, 1) else {
        return Ok(());
    };
    let remedy = match error {
        RatioError::DenominatorZero => "say in missing why there is no figure (z: not applicable)",
        RatioError::Negative => "correct the sign",
        RatioError::Scale | RatioError::Multiplier => "write fewer digits after the point",
    };
    Err(column.problem(row.text(column)?, format!("gives no value: {error}"), remedy))
}

fn lacking(column: Column) -> Problem {
    let remedy = "give numerator and denominator together, or the value";
    column.problem("", "is empty, although the other part of the ratio is given", remedy)
}

/// The value's text alone when only it was written otherwise; else each part with its column's name.
fn source_text(row: Row<'_>, value: Column, texts: &[String]) -> Result<String, Problem> {
    match texts {
        [only] if only.starts_with(value.name) => row.text(value).map(str::to_owned),
        _ => Ok(texts.join(", ")),
    }
}

/// The value column: a number, perhaps with `%`. What is no number may be a sign that there is none.
fn read_value(row: Row<'_>, value: Column, missing: Column) -> Result<Option<crate::number::Number>, Problem> {
    let text = row.text(value)?;
    if !text.is_empty() && !text.bytes().any(|b| b.is_ascii_digit()) || text.starts_with(['<', '>', '~']) {
        let words: Vec<&str> = MISSING.iter().map(|(word, _)| *word).collect();
        let (words, symbols) = (words.join(", "), words.iter().take(5).copied().collect::<Vec<_>>().join(", "));
        let remedy = match missing.at {
            Some(_) => format!("say in {} why there is no figure: one of {words}", missing.name),
            None => format!("write why there is no figure, one of {symbols}, or say it in a column {}", missing.name),
        };
        return Err(value.problem(text, "is not a number", remedy));
    }
    row.written_number(value, PerCent::Allowed)
}

pub(super) fn benchmarks(table: &mut Table<'_>, header: &Header, defaults: &Defaults, rows: &mut Rows) {
    let mut cells = CellColumns::new(header.columns(["measure", "area", "cohort", "period"]), &defaults.known.areas);
    let [comparator, value, missing] = header.columns(["comparator", "value", "missing"]);
    let [period, source] = header.columns(["benchmark_period", "source"]);
    let meta = header.meta();
    rows.each(table, header, |row| {
        let meta = meta.read(row, defaults)?;
        let cell = cells.cell(row)?;
        let recorded = BenchmarkRecorded {
            cell,
            comparator: read_comparator(row, comparator)?,
            figure: read_benchmark(row, value, missing)?,
            period: row.stated_period(period)?,
            source: row.label(source)?.to_owned(),
        };
        Ok((Command::RecordBenchmark(recorded), meta))
    });
}

fn read_comparator(row: Row<'_>, column: Column) -> Result<Comparator, Problem> {
    let text = row.name(column)?;
    if text.eq_ignore_ascii_case("neighbours") {
        return Ok(Comparator::Neighbours);
    }
    match text.strip_prefix("group:").map(str::trim) {
        None => row.code(column, AreaId::new).map(Comparator::Area).map_err(|_problem| {
            let remedy = "write an area's code, neighbours, or 'group: ' and the group's name";
            column.problem(text, "is no comparator", remedy)
        }),
        Some("") => Err(column.problem(text, "names no group", "write the group's name after 'group:'")),
        Some(group) => Ok(Comparator::Group(group.to_owned())),
    }
}

fn read_benchmark(row: Row<'_>, value: Column, missing: Column) -> Result<Result<Decimal, Missing>, Problem> {
    // A benchmark is made of a value alone, and keeps no other writing of it.
    let none = Column { name: "", at: None };
    let (figure, writing) = FigureColumns { value, numerator: none, denominator: none, missing }.read(row)?;
    match figure {
        Figure::Missing(_) if !writing.is_empty() => {
            let remedy = "write the symbol alone: c, z, x, low or u";
            Err(value.problem(&writing, "is a sign whose writing a benchmark does not keep", remedy))
        }
        Figure::Missing(missing) => Ok(Err(missing)),
        Figure::Stated { value: number, .. } => {
            // Refuses the per cent sign, which a result's source text would keep.
            row.number(value)?;
            Ok(Ok(number))
        }
        Figure::Counted { .. } => Err(value.problem("", "is empty", "give the comparator's figure")),
    }
}

pub(super) fn commentary(table: &mut Table<'_>, header: &Header, defaults: &Defaults, rows: &mut Rows) {
    let mut cells = CellColumns::new(header.columns(["measure", "area", "cohort", "period"]), &defaults.known.areas);
    let text = header.column("text");
    let meta = header.meta();
    rows.each(table, header, |row| {
        let meta = meta.read(row, defaults)?;
        let cell = cells.cell(row)?;
        let text = row.required(text)?.to_owned();
        Ok((Command::WriteCommentary { cell, text }, meta))
    });
}

pub(super) fn actions(table: &mut Table<'_>, header: &Header, defaults: &Defaults, rows: &mut Rows) {
    let mut cells = CellColumns::new(header.columns(["measure", "area", "cohort", "period"]), &defaults.known.areas);
    let [text, owner, due] = header.columns(["text", "owner", "due"]);
    let meta = header.meta();
    rows.each(table, header, |row| {
        let meta = meta.read(row, defaults)?;
        let cell = cells.cell(row)?;
        let (text, owner) = (row.required(text)?.to_owned(), row.name(owner)?.to_owned());
        Ok((Command::AgreeAction { cell, text, owner, due: row.day(due)? }, meta))
    });
}
