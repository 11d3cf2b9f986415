//! Areas, cohorts, measures, rules and withdrawals: what figures refer to.

use domain::command::Expect;
use domain::event::{AreaDefined, AreaLevel, CohortDefined, MeasureWithdrawn, RuleAdopted};
use domain::measure::{Basis, Content, Definition, Frequency, MeasureKind, Polarity, Unit};
use domain::number::{DECIMAL_PLACES_MAX, MULTIPLIER_MAX};
use domain::period::YearType;
use domain::{AreaId, CohortId, Command, Decimal, MeasureId, RuleId};

use crate::Defaults;
use crate::refusal::Problem;
use crate::row::{Column, Row};
use crate::sheet::{Header, Rows};
use crate::table::Table;

pub(super) fn areas(table: &mut Table<'_>, header: &Header, defaults: &Defaults, rows: &mut Rows) {
    let [area, name, level, parent] = header.columns(["area", "name", "level", "parent"]);
    let meta = header.meta();
    let levels = [
        ("country", AreaLevel::Country),
        ("region", AreaLevel::Region),
        ("authority", AreaLevel::Authority),
        ("district", AreaLevel::District),
    ];
    rows.each(table, header, |row| {
        let meta = meta.read(row, defaults)?;
        let defined = AreaDefined {
            area: row.code(area, AreaId::new)?,
            name: row.name(name)?.to_owned(),
            level: row.word(level, &levels)?,
            parent: row.optional_code(parent, AreaId::new)?,
        };
        Ok((Command::DefineArea(defined), meta))
    });
}

pub(super) fn cohorts(table: &mut Table<'_>, header: &Header, defaults: &Defaults, rows: &mut Rows) {
    let [cohort, name, description] = header.columns(["cohort", "name", "description"]);
    let meta = header.meta();
    rows.each(table, header, |row| {
        let meta = meta.read(row, defaults)?;
        let defined = CohortDefined {
            cohort: row.code(cohort, CohortId::new)?,
            name: row.name(name)?.to_owned(),
            description: row.within(description, domain::limits::REASON_BYTES_MAX)?.to_owned(),
        };
        Ok((Command::DefineCohort(defined), meta))
    });
}

pub(super) fn rules(table: &mut Table<'_>, header: &Header, defaults: &Defaults, rows: &mut Rows) {
    let [kind, rule, measure, from] = header.columns(["kind", "rule", "measure", "from"]);
    let meta = header.meta();
    rows.each(table, header, |row| {
        let meta = meta.read(row, defaults)?;
        let rating = row.word(kind, &[("rating", true), ("direction", false)])?;
        let adopted = RuleAdopted {
            rule: row.code(rule, RuleId::new)?,
            measure: row.optional_code(measure, MeasureId::new)?,
            from: row.day(from)?,
        };
        let command = if rating { Command::AdoptRatingRule(adopted) } else { Command::AdoptDirectionMethod(adopted) };
        Ok((command, meta))
    });
}

pub(super) fn withdrawals(table: &mut Table<'_>, header: &Header, defaults: &Defaults, rows: &mut Rows) {
    let [measure, from, successor, comparable] = header.columns(["measure", "from", "successor", "comparable"]);
    let meta = header.meta();
    rows.each(table, header, |row| {
        let meta = meta.read_with_reason(row, defaults)?;
        let withdrawn = MeasureWithdrawn {
            measure: row.code(measure, MeasureId::new)?,
            from: row.day(from)?,
            successor: row.optional_code(successor, MeasureId::new)?,
            comparable: row.flag(comparable)?.unwrap_or(false),
        };
        if withdrawn.comparable && withdrawn.successor.is_none() {
            return Err(comparable.problem("yes", "has no successor to be comparable with", "name it in successor"));
        }
        Ok((Command::WithdrawMeasure(withdrawn), meta))
    });
}

/// The columns of a measure.
struct MeasureColumns {
    measure: Column,
    title: Column,
    kind: Column,
    unit: Column,
    decimal_places: Column,
    polarity: Column,
    frequency: Column,
    basis: Column,
    year_type: Column,
    definition: Column,
    data_source: Column,
    owner: Column,
    expected_low: Column,
    expected_high: Column,
}

pub(super) fn measures(table: &mut Table<'_>, header: &Header, defaults: &Defaults, rows: &mut Rows) {
    let columns = MeasureColumns {
        measure: header.column("measure"),
        title: header.column("title"),
        kind: header.column("kind"),
        unit: header.column("unit"),
        decimal_places: header.column("decimal_places"),
        polarity: header.column("polarity"),
        frequency: header.column("frequency"),
        basis: header.column("basis"),
        year_type: header.column("year_type"),
        definition: header.column("definition"),
        data_source: header.column("data_source"),
        owner: header.column("owner"),
        expected_low: header.column("expected_low"),
        expected_high: header.column("expected_high"),
    };
    let meta = header.meta();
    rows.each(table, header, |row| {
        let meta = meta.read(row, defaults)?;
        let definition = columns.definition(row)?;
        Ok((Command::DefineMeasure { definition, expect: Expect::Either }, meta))
    });
}

const POLARITIES: [(&str, Polarity); 4] =
    [("higher", Polarity::Higher), ("lower", Polarity::Lower), ("range", Polarity::Range), ("none", Polarity::None)];

const FREQUENCIES: [(&str, Frequency); 4] = [
    ("monthly", Frequency::Monthly),
    ("quarterly", Frequency::Quarterly),
    ("termly", Frequency::Termly),
    ("annual", Frequency::Annual),
];

const YEAR_TYPES: [(&str, YearType); 3] =
    [("financial", YearType::Financial), ("academic", YearType::Academic), ("calendar", YearType::Calendar)];

impl MeasureColumns {
    fn definition(&self, row: Row<'_>) -> Result<Definition, Problem> {
        Ok(Definition {
            measure: row.code(self.measure, MeasureId::new)?,
            title: row.name(self.title)?.to_owned(),
            kind: self.kind(row)?,
            unit: self.unit(row)?,
            decimal_places: self.decimal_places(row)?,
            polarity: row.word(self.polarity, &POLARITIES)?,
            frequency: row.word(self.frequency, &FREQUENCIES)?,
            basis: self.basis(row)?,
            year_type: row.optional_word(self.year_type, &YEAR_TYPES)?.unwrap_or(YearType::Financial),
            definition: Content::Inline(row.required(self.definition)?.to_owned()),
            data_source: row.label(self.data_source)?.to_owned(),
            owner: row.label(self.owner)?.to_owned(),
        })
    }

    fn kind(&self, row: Row<'_>) -> Result<MeasureKind, Problem> {
        let activity = row.word(self.kind, &[("indicator", false), ("activity", true)])?;
        if !activity {
            row.empty(self.expected_low, "is for activity measures alone")?;
            row.empty(self.expected_high, "is for activity measures alone")?;
            return Ok(MeasureKind::Indicator);
        }
        let expected = match (row.number(self.expected_low)?, row.number(self.expected_high)?) {
            (None, None) => None,
            (Some(low), Some(high)) if high.compare(low).is_lt() => {
                let problem = format!("is below expected_low, {low}");
                return Err(self.expected_high.problem(&high.to_string(), problem, "exchange the two"));
            }
            (Some(low), Some(high)) => Some((low, high)),
            (Some(_), None) => return Err(one_end(self.expected_high)),
            (None, Some(_)) => return Err(one_end(self.expected_low)),
        };
        Ok(MeasureKind::Activity { expected })
    }

    /// `%` counts hundredths, `per 10,000 children` what it says; every other unit is what one division gives.
    fn unit(&self, row: Row<'_>) -> Result<Unit, Problem> {
        let label = row.name(self.unit)?;
        if label == "%" {
            return Ok(Unit::percent());
        }
        if ["percent", "per cent", "percentage"].iter().any(|word| label.eq_ignore_ascii_case(word)) {
            return Err(self.unit.problem(label, "does not say that it counts hundredths", "write %"));
        }
        let multiplier = match per(label) {
            None => 1,
            Some(number) => read_multiplier(number).ok_or_else(|| {
                let problem = "counts per something that is not a whole number from 1 to 1,000,000";
                self.unit.problem(label, problem, "write it as 'per 10,000 children'")
            })?,
        };
        Ok(Unit { label: label.to_owned(), multiplier })
    }

    fn decimal_places(&self, row: Row<'_>) -> Result<u8, Problem> {
        let text = row.required(self.decimal_places)?;
        text.parse().ok().filter(|places| *places <= DECIMAL_PLACES_MAX && text.len() == 1).ok_or_else(|| {
            self.decimal_places.problem(text, "is no number of digits after the point", "write a digit from 0 to 6")
        })
    }

    fn basis(&self, row: Row<'_>) -> Result<Basis, Problem> {
        let text = row.required(self.basis)?;
        let words = [
            ("snapshot", Basis::Snapshot),
            ("year-to-date", Basis::YearToDate),
            ("single-period", Basis::SinglePeriod),
            ("not-stated", Basis::NotStated),
        ];
        if let Some((_, basis)) = words.iter().find(|(word, _)| text.eq_ignore_ascii_case(word)) {
            return Ok(*basis);
        }
        let rolling = text.strip_prefix("rolling-").and_then(read_months).map(Basis::RollingMonths);
        let mean = text.strip_prefix("mean-of-").and_then(read_months).map(Basis::MeanOfMonths);
        rolling.or(mean).ok_or_else(|| {
            let remedy = "write one of snapshot, year-to-date, rolling-12, mean-of-3, single-period, not-stated";
            self.basis.problem(text, "is no basis that is known", remedy)
        })
    }
}

fn one_end(column: Column) -> Problem {
    column.problem("", "is empty, although the range's other end is given", "give both ends or neither")
}

/// A number of months from 2 to 120.
fn read_months(text: &str) -> Option<u8> {
    let digits = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|months| digits && (2..=120).contains(months))
}

/// The number that follows the word `per`: `10,000` in `per 10,000 children`; none in `children per social worker`.
fn per(label: &str) -> Option<&str> {
    let mut words = label.split_whitespace();
    while let Some(word) = words.next() {
        if word.eq_ignore_ascii_case("per") {
            return words.next().filter(|next| next.bytes().any(|b| b.is_ascii_digit()));
        }
    }
    None
}

fn read_multiplier(text: &str) -> Option<u32> {
    let number: Decimal = crate::number::read(text, crate::number::PerCent::Refused).ok()?.value;
    let whole = u32::try_from(number.coefficient()).ok().filter(|_| number.scale() == 0)?;
    (1..=MULTIPLIER_MAX).contains(&whole).then_some(whole)
}
