//! A row under a layout: what it says of which cells.

use std::collections::BTreeMap;

use domain::ids::CodeError;
use domain::number::Exact;
use domain::result::{ResultEntry, Series, Why};
use domain::{AreaId, Cell, CohortId, Decimal, Figure, MeasureId, Missing, Status};

use super::header::{Column, Places, TakeFrom};
use super::release::{Candidate, Says};
use super::{Kind, Layout, Named, Others, YearsOf, at, code_of};
use crate::Reading;
use crate::areas::{Found, plain};
use crate::kinds::{MISSING, STATUSES};
use crate::label::{Label, Unclear, Years, read, read_identified};
use crate::number::{self, PerCent};
use crate::refusal::Problem;
use crate::row::Meta;

/// Reads rows, each by itself.
pub(super) struct Reader<'l> {
    pub(super) layout: &'l Layout,
    pub(super) places: Places<'l>,
    pub(super) reading: &'l Reading<'l>,
    pub(super) selected: Option<&'l str>,
    /// The name of the sheet, of a workbook.
    pub(super) sheet: Option<&'l str>,
    /// Codes by the names that the file has.
    pub(super) measures: BTreeMap<String, Option<MeasureId>>,
    /// The name that a code was made of, so that no two become one.
    pub(super) sources: BTreeMap<MeasureId, String>,
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
    /// Whether a row is meant, of a layout that selects.
    pub(super) fn selects(&self, fields: &[String]) -> bool {
        match (self.places.select, self.selected) {
            (Some(column), Some(selected)) => text(fields, column) == selected,
            (_, None) | (None, _) => true,
        }
    }

    /// What a row says of cells.
    pub(super) fn candidates(&mut self, line: u32, fields: &[String]) -> Result<Vec<Candidate>, Problem> {
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

    /// The columns of the figures that a row gives.
    pub(super) fn figures(&self, fields: &[String]) -> Vec<usize> {
        let takes = self.places.takes.iter().filter(|take| self.holds(take, fields));
        let columns = takes.flat_map(|take| [take.value, take.numerator, take.denominator]);
        columns.flatten().filter_map(|column| column.at).collect()
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

    /// The area that the row or, for a layout that says so, the sheet is about.
    fn area(&self, fields: &[String]) -> Result<AreaId, Problem> {
        if self.layout.areas.sheet {
            return self.area_called(Column { name: "", at: None }, self.sheet.unwrap_or_default().trim());
        }
        let found = self.places.areas.iter().map(|column| (*column, text(fields, *column)));
        let Some((column, name)) = found.into_iter().find(|(_, name)| !name.is_empty()) else {
            let names: Vec<&str> = self.places.areas.iter().map(|column| column.name).collect();
            return Err(at(&names.join(", "), "", "is empty, so that no area is named", "fill it in"));
        };
        self.area_called(column, name)
    }

    fn area_called(&self, column: Column<'_>, name: &str) -> Result<AreaId, Problem> {
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
                Err(column.problem(name, "is the name of no area that is known, nor the code of one", remedy))
            }
            Some(Found::Several(several)) => {
                let codes: Vec<String> = several.iter().map(ToString::to_string).collect();
                let problem = format!("is the name of several areas ({})", codes.join(", "));
                Err(column.problem(name, problem, "say in [areas.codes] of the layout which is meant"))
            }
        }
    }

    fn meta(&self, fields: &[String]) -> Result<Meta, Problem> {
        let defaults = self.reading.defaults;
        let known_at = match self.places.known_at.map(|column| (column, text(fields, column))) {
            None | Some((_, "")) => defaults.known_at,
            Some((column, text)) => Some(text.parse().map_err(|_error| {
                let remedy = "write an instant such as 2018-11-29T10:00:00Z";
                column.problem(text, "is not an instant with its time zone", remedy)
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
                Err(column.problem(word, "is no change that the layout knows", format!("write one of {known}")))
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
        found.map_err(|Unclear { problem, remedy }| self.places.period.problem(&common.label, problem, remedy))
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
            return Err(column.problem(word, "is no status", format!("write one of {}", known.join(", "))));
        };
        match label {
            Some(label) if label != *said => {
                Err(column.problem(word, "contradicts the mark of the period", "take one of the two away"))
            }
            Some(_) | None => Ok(*said),
        }
    }

    /// The figure, with the writings that are kept beside it; `None` when a symbol says nothing about the cell.
    fn figure(&self, fields: &[String], take: &TakeFrom<'_>) -> Result<Option<(Figure, Vec<String>)>, Problem> {
        let mut writing = Vec::new();
        let mut part = |column: Option<Column<'_>>, how: How| -> Result<Part, Problem> {
            let Some(column) = column.filter(|column| column.at.is_some()) else {
                return Ok(Part::Absent);
            };
            let written = text(fields, column);
            let (part, differs) = self.part(column, written, how)?;
            if differs {
                writing.push(written.to_owned());
            }
            Ok(part)
        };
        let of_value = How { shift: take.take.shift, per_cent: PerCent::Allowed };
        // The counts of a ratio are what they are, however its value is written.
        let of_count = How { shift: 0, per_cent: PerCent::Refused };
        let (value, numerator, denominator) =
            (part(take.value, of_value)?, part(take.numerator, of_count)?, part(take.denominator, of_count)?);
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
    fn part(&self, column: Column<'_>, written: &str, how: How) -> Result<(Part, bool), Problem> {
        let How { shift, per_cent } = how;
        if let Some(symbol) = self.layout.symbols.get(&written.to_ascii_lowercase()) {
            let Some(missing) = symbol else { return Ok((Part::PassedOver, false)) };
            return Ok((Part::Missing(*missing), !MISSING.contains(&(written, *missing))));
        }
        if written.is_empty() {
            let remedy = "fill it in, or say in [symbols] of the layout what an empty field means: \"\" = \"x\"";
            return Err(column.problem("", "is empty", remedy));
        }
        let number = number::read_from_a_spreadsheet(written, per_cent).map_err(|found| {
            if written.bytes().any(|b| b.is_ascii_digit()) && !written.starts_with(['<', '>', '~']) {
                return column.problem(written, found.problem, found.remedy);
            }
            let remedy = format!(
                "say in [symbols] of the layout what {written:?} means: c confidential, z not applicable, x not available, \
                 low rounds to 0, or pass-over"
            );
            column.problem(written, "is no number, and no symbol of the layout", remedy)
        })?;
        let per_cent = written.ends_with('%');
        if per_cent && !matches!(shift, 0 | HUNDREDFOLD) {
            let remedy = "write all figures of the column without it, or leave times out of the layout";
            return Err(column.problem(written, "has a per cent sign, and the layout multiplies", remedy));
        }
        // The sign says already what multiplying by 100 would make of 0.434.
        let shift = if per_cent { 0 } else { shift };
        let Some(value) = shifted(number.value, shift) else {
            return Err(column.problem(written, "has too many digits for what it is multiplied by", "write fewer"));
        };
        Ok((Part::Number(value), number.rewritten || shift > 0))
    }
}

/// The power of ten by which a share becomes a percentage.
const HUNDREDFOLD: u8 = 2;

/// How a part of a figure is read.
#[derive(Clone, Copy)]
struct How {
    /// The power of ten by which it is multiplied.
    shift: u8,
    per_cent: PerCent,
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
                return Err(column.problem(name, "is no measure that the layout knows", remedy));
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
            return Err(column.problem(name, problem, "give each a code of its own in [measures.codes]"));
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
        column.problem(text, problem, "give its code in the layout, in [areas.codes] or [measures.codes]")
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
