//! The rows of a grid under a layout: what each says of which cells.

use std::collections::BTreeMap;

use domain::ids::CodeError;
use domain::number::Exact;
use domain::result::{ResultEntry, Series, Why};
use domain::{AreaId, Cell, CohortId, Decimal, Figure, MeasureId, Missing, Status};

use super::header::{Column, Places, TakeFrom};
use super::release::{Candidate, Says, reduce};
use super::{Kind, Layout, Named, Others, YearsOf, at, code_of};
use crate::Reading;
use crate::areas::{Found, plain};
use crate::kinds::{MISSING, STATUSES};
use crate::label::{Label, Unclear, Years, read, read_identified};
use crate::number::{self, PerCent};
use crate::refusal::Problem;
use crate::row::Meta;
use crate::sheet::Rows;

/// A row of a grid: the line on which it begins, from 1, and its fields; or what is wrong with it as a row.
pub(crate) type GridRow = (u32, Result<Vec<String>, Problem>);

/// Reads a grid whose first row is the header; `Err` when it cannot be read as a whole.
pub(crate) fn read_rows(
    layout: &Layout,
    grid: &mut dyn Iterator<Item = GridRow>,
    reading: &Reading<'_>,
    rows: &mut Rows,
) -> Result<(), Vec<(u32, Problem)>> {
    let Some((line, header)) = grid.next() else {
        return Err(vec![(1, Problem::whole("the file is empty", "begin it with a line of column names"))]);
    };
    let header = header.map_err(|problem| vec![(line, problem)])?;
    let places = Places::find(layout, &header)
        .map_err(|problems| problems.into_iter().map(|problem| (line, problem)).collect::<Vec<_>>())?;
    let selected = selected(layout, reading.select).map_err(|problem| vec![(line, problem)])?;
    let mut reader = Reader { layout, places, reading, selected, measures: BTreeMap::new(), sources: BTreeMap::new() };
    let mut candidates = Vec::new();
    for (line, fields) in grid {
        match fields.map(|fields| reader.row(line, &fields)) {
            Ok(None) => {}
            Ok(Some(Ok(mut said))) => {
                rows.counted = rows.counted.saturating_add(1);
                candidates.append(&mut said);
            }
            Ok(Some(Err(problem))) | Err(problem) => {
                rows.counted = rows.counted.saturating_add(1);
                rows.refusals.add(line, problem);
            }
        }
    }
    reduce(candidates, rows);
    Ok(())
}

/// The value that selects rows, when the layout has a column for it.
fn selected<'a>(layout: &Layout, select: &'a str) -> Result<Option<&'a str>, Problem> {
    let Some(column) = layout.selects_by() else {
        let problem = "is selected by, although the layout selects by no column";
        return if select.is_empty() { Ok(None) } else { Err(at("", select, problem, "leave --select out")) };
    };
    match select.split_once('=') {
        Some((name, value)) if name.trim() == column && !value.trim().is_empty() => Ok(Some(value.trim())),
        Some(_) | None => {
            let problem = "is a column that says which rows are put in at once, and no value of it is given";
            Err(at(column, select, problem, format!("say which: --select {column}=VALUE")))
        }
    }
}

struct Reader<'l> {
    layout: &'l Layout,
    places: Places<'l>,
    reading: &'l Reading<'l>,
    selected: Option<&'l str>,
    /// Codes by the names that the file has.
    measures: BTreeMap<String, Option<MeasureId>>,
    /// The name that a code was made of, so that no two become one.
    sources: BTreeMap<MeasureId, String>,
}

/// What all results of a row have in common.
struct Common {
    line: u32,
    area: AreaId,
    label: String,
    identifier: Option<String>,
    meta: Meta,
    withdraws: bool,
}

impl Reader<'_> {
    /// What a row says; `None` for a row that is blank or not selected.
    fn row(&mut self, line: u32, fields: &[String]) -> Option<Result<Vec<Candidate>, Problem>> {
        if fields.iter().all(|field| field.trim().is_empty()) {
            return None;
        }
        if fields.len() != self.places.n_columns {
            let problem = format!("has {} fields where the header has {}", fields.len(), self.places.n_columns);
            let remedy = "put a text with a comma in quotation marks, and leave no field out";
            return Some(Err(Problem::whole(problem, remedy)));
        }
        if let (Some(column), Some(selected)) = (self.places.select, self.selected)
            && text(fields, column) != selected
        {
            return None;
        }
        Some(self.candidates(line, fields))
    }

    fn candidates(&mut self, line: u32, fields: &[String]) -> Result<Vec<Candidate>, Problem> {
        let mut candidates = Vec::new();
        let mut common = None;
        let mut taken = false;
        for number in 0..self.places.takes.len() {
            let Some(take) = self.places.takes.get(number).filter(|take| self.holds(take, fields)) else {
                continue;
            };
            taken = true;
            let Some(measure) = self.layout.measure(take, fields, &mut self.measures, &mut self.sources)? else {
                continue;
            };
            let common = match &mut common {
                Some(common) => &*common,
                None => &*common.insert(self.common(line, fields)?),
            };
            candidates.push(self.candidate(fields, take, measure, common)?);
        }
        if taken || self.layout.pass_over {
            return Ok(candidates);
        }
        let filters = self.layout.filters.iter().zip(&self.places.filters);
        let said: Vec<String> =
            filters.map(|((name, _), column)| format!("{name} {:?}", text(fields, *column))).collect();
        let problem = format!("is taken by no indicator of the layout ({})", said.join(", "));
        Err(Problem::whole(problem, "add its values to the layout, or write rows_without_indicator = \"pass-over\""))
    }

    /// True when a row's filters have the values that an indicator is for.
    fn holds(&self, take: &TakeFrom<'_>, fields: &[String]) -> bool {
        take.take.conditions.iter().all(|(filter, values)| {
            let column = self.places.filters.get(*filter);
            column.is_some_and(|column| values.iter().any(|value| value == text(fields, *column)))
        })
    }

    fn common(&self, line: u32, fields: &[String]) -> Result<Common, Problem> {
        let Places { period, period_identifier, .. } = &self.places;
        Ok(Common {
            line,
            area: self.area(fields)?,
            label: text(fields, *period).to_owned(),
            identifier: period_identifier.map(|column| text(fields, column).to_owned()),
            meta: self.meta(fields)?,
            withdraws: self.withdraws(fields)?,
        })
    }

    fn candidate(
        &self,
        fields: &[String],
        take: &TakeFrom<'_>,
        measure: MeasureId,
        common: &Common,
    ) -> Result<Candidate, Problem> {
        let cohort = match (&take.take.cohort, take.cohort) {
            (Named::Said(cohort), _) => cohort.clone(),
            (Named::In(_), Some(column)) => match text(fields, column) {
                "" => CohortId::all(),
                name => code(column, name, CohortId::new)?,
            },
            (Named::In(_), None) => CohortId::all(),
        };
        let label = self.label(fields, take, &measure, common)?;
        let series = Series { measure, area: common.area.clone(), cohort };
        let cell = Cell { series, period: label.period };
        let says = if common.withdraws {
            Says::Withdraw
        } else {
            self.entry(fields, take, label, common)?.map_or(Says::Nothing, Says::Record)
        };
        Ok(Candidate { line: common.line, cell, says, label: common.label.clone(), meta: common.meta.clone() })
    }

    fn area(&self, fields: &[String]) -> Result<AreaId, Problem> {
        let found = self.places.areas.iter().map(|column| (*column, text(fields, *column)));
        let Some((column, name)) = found.into_iter().find(|(_, name)| !name.is_empty()) else {
            let names: Vec<&str> = self.places.areas.iter().map(|column| column.name).collect();
            return Err(at(&names.join(", "), "", "is empty, so that no area is named", "fill it in"));
        };
        if let Some(area) = self.layout.areas.codes.get(&plain(name)) {
            return Ok(area.clone());
        }
        if !self.layout.areas.by_name {
            return code(column, name, AreaId::new);
        }
        let known = &self.reading.defaults.known.areas;
        if let Some(area) = known.coded(name) {
            return Ok(area.clone());
        }
        match known.find(name) {
            Some(Found::One(area)) => Ok(area.clone()),
            None => {
                let remedy = "define the area under this name, or give its code in [areas.codes] of the layout";
                Err(at(column.name, name, "is the name of no area that is known, nor the code of one", remedy))
            }
            Some(Found::Several(several)) => {
                let codes: Vec<String> = several.iter().map(ToString::to_string).collect();
                let problem = format!("is the name of several areas ({})", codes.join(", "));
                Err(at(column.name, name, problem, "say in [areas.codes] of the layout which is meant"))
            }
        }
    }

    fn meta(&self, fields: &[String]) -> Result<Meta, Problem> {
        let defaults = self.reading.defaults;
        let known_at = match self.places.known_at.map(|column| (column, text(fields, column))) {
            None | Some((_, "")) => defaults.known_at,
            Some((column, text)) => Some(text.parse().map_err(|_error| {
                let remedy = "write an instant such as 2018-11-29T10:00:00Z";
                at(column.name, text, "is not an instant with its time zone", remedy)
            })?),
        };
        let Why { reason, cause } = &defaults.why;
        Ok(Meta { known_at, why: Why { reason: reason.clone(), cause: *cause } })
    }

    fn withdraws(&self, fields: &[String]) -> Result<bool, Problem> {
        let (Kind::Changes { record, withdraw, .. }, Some(column)) = (&self.layout.kind, self.places.change) else {
            return Ok(false);
        };
        let word = text(fields, column);
        let is = |words: &[String]| words.iter().any(|known| known == word);
        match (is(record), is(withdraw)) {
            (_, true) => Ok(true),
            (true, false) => Ok(false),
            (false, false) => {
                let known = [record.as_slice(), withdraw].concat().join(", ");
                Err(at(column.name, word, "is no change that the layout knows", format!("write one of {known}")))
            }
        }
    }

    fn label(
        &self,
        fields: &[String],
        take: &TakeFrom<'_>,
        measure: &MeasureId,
        common: &Common,
    ) -> Result<Label, Problem> {
        let name = take.measure.map_or("", |column| text(fields, column));
        let periods = &self.layout.periods;
        let own = periods.of_measures.get(name).or_else(|| periods.of_measures.get(measure.as_str())).copied();
        let found = match &common.identifier {
            Some(identifier) => {
                let said = own.or_else(|| periods.of_identifiers.get(&identifier.to_ascii_lowercase()).copied());
                read_identified(&common.label, identifier, said)
            }
            None => match own.map_or_else(|| self.years(measure), |own| Ok(Some(own))) {
                Ok(years) => read(&common.label, years),
                Err(unclear) => Err(unclear),
            },
        };
        found.map_err(|Unclear { problem, remedy }| at(self.places.period.name, &common.label, problem, remedy))
    }

    /// The sort of year of a measure that has none of its own in the layout.
    fn years(&self, measure: &MeasureId) -> Result<Option<Years>, Unclear> {
        let to = match self.layout.periods.years {
            None => return Ok(None),
            Some(YearsOf::Always(years)) => return Ok(Some(years)),
            Some(YearsOf::MeasureTo) => true,
            Some(YearsOf::MeasureFrom) => false,
        };
        match self.reading.defaults.known.years_of(measure) {
            Some(years) if to => Ok(Some(Years::To(years))),
            Some(years) => Ok(Some(Years::From(years))),
            None => Err(Unclear {
                problem: format!("is read by the measure's sort of year, and {measure} is not defined"),
                remedy: "define the measure first".to_owned(),
            }),
        }
    }

    fn entry(
        &self,
        fields: &[String],
        take: &TakeFrom<'_>,
        label: Label,
        common: &Common,
    ) -> Result<Option<ResultEntry>, Problem> {
        let Some((figure, mut writing)) = self.figure(fields, take)? else {
            return Ok(None);
        };
        let status = self.status(fields, label.status)?;
        if label.status.is_some() {
            writing.push(format!("label: {}", common.label));
        }
        // A text on one line, as an export gives it and an import takes it.
        let source_text = writing.join("; ").split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Some(ResultEntry { figure, status, stated_colour: None, stated_previous: None, source_text }))
    }

    fn status(&self, fields: &[String], label: Option<Status>) -> Result<Status, Problem> {
        let Some((column, word)) = self.places.status.map(|column| (column, text(fields, column))) else {
            return Ok(label.unwrap_or(Status::NotStated));
        };
        if word.is_empty() {
            return Ok(label.unwrap_or(Status::NotStated));
        }
        let Some((_, said)) = STATUSES.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)) else {
            let known: Vec<&str> = STATUSES.iter().map(|(known, _)| *known).collect();
            return Err(at(column.name, word, "is no status", format!("write one of {}", known.join(", "))));
        };
        match label {
            Some(label) if label != *said => {
                Err(at(column.name, word, "contradicts the mark of the period", "take one of the two away"))
            }
            Some(_) | None => Ok(*said),
        }
    }

    /// The figure, with the writings that are kept beside it; `None` when a symbol says nothing about the cell.
    fn figure(&self, fields: &[String], take: &TakeFrom<'_>) -> Result<Option<(Figure, Vec<String>)>, Problem> {
        let mut writing = Vec::new();
        let mut part = |column: Option<Column<'_>>, shift: u8| -> Result<Part, Problem> {
            let Some(column) = column.filter(|column| column.at.is_some()) else {
                return Ok(Part::Absent);
            };
            let written = text(fields, column);
            let (part, differs) = self.part(column, written, shift)?;
            if differs {
                writing.push(written.to_owned());
            }
            Ok(part)
        };
        // The counts of a ratio are what they are, however its value is written.
        let (value, numerator, denominator) =
            (part(take.value, take.take.shift)?, part(take.numerator, 0)?, part(take.denominator, 0)?);
        let parts = [value, numerator, denominator];
        if let Some(missing) = parts.iter().find_map(|part| if let Part::Missing(it) = part { Some(*it) } else { None })
        {
            return Ok(Some((Figure::Missing(missing), writing)));
        }
        if parts.iter().any(|part| matches!(part, Part::PassedOver)) {
            return Ok(None);
        }
        let column = take.denominator.or(take.value).map_or("", |column| column.name);
        let figure = match parts.map(Part::number) {
            [stated, Some(numerator), Some(denominator)] => {
                Exact::ratio(numerator, denominator, 1).map_err(|error| {
                    at(column, "", format!("gives no value: {error}"), "correct it, or name its symbol in [symbols]")
                })?;
                Figure::Counted { numerator, denominator, stated }
            }
            [Some(value), None, denominator] => Figure::Stated { value, denominator },
            [None | Some(_), _, _] => return Err(at(column, "", "is empty", "fill it in")),
        };
        Ok(Some((figure, writing)))
    }

    /// A field as a number or a symbol, and whether its writing is kept.
    fn part(&self, column: Column<'_>, written: &str, shift: u8) -> Result<(Part, bool), Problem> {
        if let Some(symbol) = self.layout.symbols.get(&written.to_ascii_lowercase()) {
            let Some(missing) = symbol else { return Ok((Part::PassedOver, false)) };
            return Ok((Part::Missing(*missing), !MISSING.contains(&(written, *missing))));
        }
        if written.is_empty() {
            let remedy = "fill it in, or say in [symbols] of the layout what an empty field means: \"\" = \"x\"";
            return Err(at(column.name, "", "is empty", remedy));
        }
        let number = number::read_from_a_spreadsheet(written, PerCent::Allowed).map_err(|found| {
            if written.bytes().any(|b| b.is_ascii_digit()) && !written.starts_with(['<', '>', '~']) {
                return at(column.name, written, found.problem, found.remedy);
            }
            let remedy = format!("say in [symbols] of the layout what it means: {written:?} = \"c\"");
            at(column.name, written, "is no number, and no symbol of the layout", remedy)
        })?;
        let Some(value) = shifted(number.value, shift) else {
            return Err(at(column.name, written, "has too many digits for what it is multiplied by", "write fewer"));
        };
        Ok((Part::Number(value), number.rewritten || shift > 0))
    }
}

/// A part of a figure.
#[derive(Debug, Clone, Copy)]
enum Part {
    Absent,
    Number(Decimal),
    Missing(Missing),
    PassedOver,
}

impl Part {
    fn number(self) -> Option<Decimal> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }
}

impl Layout {
    /// The measure of a row; `None` when the layout passes its name over.
    fn measure(
        &self,
        take: &TakeFrom<'_>,
        fields: &[String],
        known: &mut BTreeMap<String, Option<MeasureId>>,
        sources: &mut BTreeMap<MeasureId, String>,
    ) -> Result<Option<MeasureId>, Problem> {
        let (column, name) = match (&take.take.measure, take.measure) {
            (Named::Said(measure), _) => return Ok(Some(measure.clone())),
            (Named::In(_), Some(column)) => (column, text(fields, column)),
            (Named::In(_), None) => return Ok(None),
        };
        if let Some(measure) = known.get(name) {
            return Ok(measure.clone());
        }
        let measure = match (self.measures.codes.get(name), self.measures.others) {
            (Some(measure), _) => Some(measure.clone()),
            (None, Others::ByRule) => Some(code(column, &code_of(name), MeasureId::new)?),
            (None, Others::PassedOver) => None,
            (None, Others::Refused) => {
                let remedy = "give its code in [measures.codes] of the layout, or write others = \"pass-over\"";
                return Err(at(column.name, name, "is no measure that the layout knows", remedy));
            }
        };
        let explicit = |name: &str| self.measures.codes.contains_key(name);
        if let Some(measure) = &measure
            && let Some(other) = sources.insert(measure.clone(), name.to_owned())
            && !explicit(name)
            && !explicit(&other)
        {
            let problem = format!("has the same code as {other:?}, which is {measure}");
            sources.insert(measure.clone(), other);
            return Err(at(column.name, name, problem, "give each a code of its own in [measures.codes]"));
        }
        known.insert(name.to_owned(), measure.clone());
        Ok(measure)
    }
}

fn text<'f>(fields: &'f [String], column: Column<'_>) -> &'f str {
    column.at.and_then(|at| fields.get(at)).map_or("", |field| field.trim())
}

fn code<T>(column: Column<'_>, text: &str, new: fn(&str) -> Result<T, CodeError>) -> Result<T, Problem> {
    new(text).map_err(|_error| {
        let problem = "is not a code of 1 to 64 letters, digits, '-', '_' and '.'";
        at(column.name, text, problem, "give its code in the layout, in [areas.codes] or [measures.codes]")
    })
}

/// A number times a power of ten, exactly.
fn shifted(number: Decimal, power: u8) -> Option<Decimal> {
    if let Some(scale) = number.scale().checked_sub(power) {
        return Decimal::new(number.coefficient(), scale).ok();
    }
    let more = u32::from(power.checked_sub(number.scale())?);
    Some(Decimal::whole(number.coefficient().checked_mul(10_i64.checked_pow(more)?)?))
}
