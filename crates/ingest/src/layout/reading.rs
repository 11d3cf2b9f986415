//! A layout's TOML to a [`Layout`], or all that is wrong with it.

use std::collections::BTreeMap;

use domain::ids::CodeError;
use domain::{AreaId, CohortId, MeasureId, Missing};

use super::toml::{Found, Table, Text, parse};
use super::{Areas, Kind, Layout, Measures, Named, Others, Periods, Source, Take, YearsOf};
use crate::areas::plain;
use crate::kind::normal;
use crate::kinds::MISSING;
use crate::label::{YEARS_WORDS, Years};
use crate::number::{PerCent, read_from_a_spreadsheet};
use crate::refusal::Problem;

const ROOT: [&str; 15] = [
    "name",
    "title",
    "kind",
    "ignore",
    "ignore_others",
    "rows_without_indicator",
    "select",
    "columns",
    "areas",
    "measures",
    "periods",
    "filters",
    "indicators",
    "changes",
    "symbols",
];
const COLUMNS: [&str; 10] = [
    "period",
    "period_identifier",
    "known_at",
    "status",
    "measure",
    "cohort",
    "value",
    "numerator",
    "denominator",
    "change",
];
/// In place of a reason for being missing: the row says nothing about the cell.
const PASS_OVER: &str = "pass-over";

/// What becomes of that for which there is nothing: true when it is passed over.
const ABSENT: [(&str, bool); 2] = [("refuse", false), (PASS_OVER, true)];

/// Reads a layout.
pub(super) fn read(text: &str) -> Result<Layout, Vec<Found>> {
    let document = parse(text).map_err(|found| vec![found])?;
    let mut text = Text::new(text);
    let root = super::toml::root(&document);
    text.only(root, &ROOT);
    let layout = whole(&mut text, root);
    text.problems.sort_by_key(|(line, _)| *line);
    match layout {
        Some(layout) if text.problems.is_empty() => Ok(layout),
        _ => Err(text.problems),
    }
}

fn whole(text: &mut Text<'_>, root: Table<'_>) -> Option<Layout> {
    let name = name(text, root);
    let title = text.string(root, "title").map(|(_, title)| title).unwrap_or_default();
    let across = text.table(root, "periods").is_some_and(|periods| text.flag(periods, "across"));
    let none = toml_edit::Table::new();
    let columns = text.table(root, "columns").or(across.then(|| super::toml::empty("columns", &none)));
    let Some(columns) = columns else {
        text.problem(
            1,
            Problem::new("columns", "", "is a table that a layout must have", "say which columns hold what"),
        );
        return None;
    };
    text.only(columns, &COLUMNS);
    let filters = filters(text, root);
    let takes = takes(text, root, columns, &filters, across);
    let period = column(text, columns, "period");
    if period.is_some() == across {
        let (problem, remedy) = if across {
            ("stands beside periods.across", "keep one of the two")
        } else {
            ("is not said", "say which column it is, or that periods stand across the top: periods.across = true")
        };
        text.problem(columns.line(), Problem::new("columns.period", "", problem, remedy));
    }
    Some(Layout {
        name,
        title,
        kind: kind(text, root, columns)?,
        ignore: text.strings(root, "ignore").map_or(Vec::new(), |(_, names)| names.iter().map(|n| normal(n)).collect()),
        ignore_others: text.flag(root, "ignore_others"),
        select: select(text, root),
        period,
        period_identifier: column(text, columns, "period_identifier"),
        known_at: column(text, columns, "known_at"),
        status: column(text, columns, "status"),
        areas: areas(text, root)?,
        measures: measures(text, root),
        periods: periods(text, root),
        filters,
        takes,
        pass_over: word(text, root, "rows_without_indicator", &ABSENT).unwrap_or(false),
        symbols: symbols(text, root),
    })
}

/// The name becomes part of every record of a file, and is told apart from a file's name by having no folder.
fn name(text: &mut Text<'_>, root: Table<'_>) -> String {
    let Some((line, name)) = text.string(root, "name") else {
        text.problem(1, Problem::new("name", "", "is not said", "give the layout a name, such as \"our-returns\""));
        return String::new();
    };
    code(text, line, "name", &name, MeasureId::new);
    name
}

/// A code, or a problem.
fn code<T>(text: &mut Text<'_>, line: u32, key: &str, name: &str, new: fn(&str) -> Result<T, CodeError>) -> Option<T> {
    let found = new(name);
    if found.is_err() {
        let remedy = "write 1 to 64 letters, digits, '-', '_' and '.'";
        text.problem(line, Problem::new(key, name, "is not a code", remedy));
    }
    found.ok()
}

fn word<T: Copy>(text: &mut Text<'_>, table: Table<'_>, key: &str, words: &[(&str, T)]) -> Option<T> {
    let (line, said) = text.string(table, key)?;
    let found = words.iter().find(|(word, _)| *word == said).map(|(_, meaning)| *meaning);
    if found.is_none() {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        text.problem(line, Problem::new(key, &said, "is not known here", format!("write one of {}", known.join(", "))));
    }
    found
}

fn column(text: &mut Text<'_>, table: Table<'_>, key: &str) -> Option<Source> {
    text.strings(table, key).map(|(_, names)| Source { names, optional: false })
}

fn select(text: &mut Text<'_>, root: Table<'_>) -> Option<Source> {
    let table = text.table(root, "select")?;
    text.only(table, &["column"]);
    let found = column(text, table, "column");
    if found.is_none() {
        text.problem(table.line(), Problem::new("select.column", "", "is not said", "say which column selects"));
    }
    found
}

#[derive(Clone, Copy)]
enum KindWord {
    Figures,
    Snapshot,
    Changes,
}

fn kind(text: &mut Text<'_>, root: Table<'_>, columns: Table<'_>) -> Option<Kind> {
    let words = [("figures", KindWord::Figures), ("snapshot", KindWord::Snapshot), ("changes", KindWord::Changes)];
    if !root.has("kind") {
        text.problem(1, Problem::new("kind", "", "is not said", "write one of figures, snapshot, changes"));
    }
    match word(text, root, "kind", &words)? {
        KindWord::Figures => Some(Kind::Figures),
        KindWord::Snapshot => Some(Kind::Snapshot),
        KindWord::Changes => {
            let table = text.table(root, "changes");
            let column = column(text, columns, "change");
            let (Some(table), Some(column)) = (table, column) else {
                let remedy = "give columns.change, and [changes] with record and withdraw";
                text.problem(1, Problem::new("changes", "", "is not said, although the kind is changes", remedy));
                return None;
            };
            text.only(table, &["record", "withdraw", "withdraw_absent"]);
            let lenient = word(text, table, "withdraw_absent", &ABSENT).unwrap_or(false);
            let mut words = |key| text.strings(table, key).map_or(Vec::new(), |(_, words)| words);
            Some(Kind::Changes { column, record: words("record"), withdraw: words("withdraw"), lenient })
        }
    }
}

fn areas(text: &mut Text<'_>, root: Table<'_>) -> Option<Areas> {
    let Some(table) = text.table(root, "areas") else {
        text.problem(
            1,
            Problem::new("areas", "", "is a table that a layout must have", "say which columns name the area"),
        );
        return None;
    };
    text.only(table, &["columns", "sheet", "by", "codes"]);
    let sheet = text.flag(table, "sheet");
    let by_name = word(text, table, "by", &[("code", false), ("name", true)]).unwrap_or(false);
    let columns = text.strings(table, "columns").map_or(Vec::new(), |(_, names)| names);
    if columns.is_empty() != sheet {
        let (problem, remedy) = if sheet {
            ("stands beside areas.sheet", "keep one of the two")
        } else {
            ("is not said", "name the columns, best first, or take the sheet's name: areas.sheet = true")
        };
        text.problem(table.line(), Problem::new("areas.columns", "", problem, remedy));
    }
    let mut codes = BTreeMap::new();
    if let Some(table) = text.table(table, "codes") {
        for (line, from, to) in text.pairs(table) {
            if let Some(area) = code(text, line, "areas.codes", &to, AreaId::new) {
                codes.insert(plain(&from), area);
            }
        }
    }
    // Which of them a file has may differ: a national table has no column of authorities.
    let columns = columns.into_iter().map(|name| Source { names: vec![name], optional: true }).collect();
    Some(Areas { columns, by_name, sheet, codes })
}

fn measures(text: &mut Text<'_>, root: Table<'_>) -> Measures {
    let mut found = Measures { codes: BTreeMap::new(), others: Others::Refused };
    let Some(table) = text.table(root, "measures") else {
        return found;
    };
    text.only(table, &["others", "codes"]);
    let words = [("refuse", Others::Refused), ("by-rule", Others::ByRule), ("pass-over", Others::PassedOver)];
    found.others = word(text, table, "others", &words).unwrap_or(Others::Refused);
    if let Some(table) = text.table(table, "codes") {
        for (line, from, to) in text.pairs(table) {
            if let Some(measure) = code(text, line, "measures.codes", &to, MeasureId::new) {
                found.codes.insert(from.trim().to_owned(), measure);
            }
        }
    }
    found
}

fn periods(text: &mut Text<'_>, root: Table<'_>) -> Periods {
    let mut found = Periods { years: None, of_measures: BTreeMap::new(), of_identifiers: BTreeMap::new() };
    let Some(table) = text.table(root, "periods") else {
        return found;
    };
    text.only(table, &["years", "across", "measures", "identifiers"]);
    found.years = text.string(table, "years").and_then(|(line, word)| match word.as_str() {
        "of-measure-from" => Some(YearsOf::MeasureFrom),
        "of-measure-to" => Some(YearsOf::MeasureTo),
        word => years(text, line, "periods.years", word).map(YearsOf::Always),
    });
    if let Some(table) = text.table(table, "measures") {
        for (line, word, names) in text.lists(table) {
            let Some(years) = years(text, line, "periods.measures", &word) else { continue };
            found.of_measures.extend(names.into_iter().map(|name| (name, years)));
        }
    }
    if let Some(table) = text.table(table, "identifiers") {
        for (line, name, word) in text.pairs(table) {
            if let Some(years) = years(text, line, "periods.identifiers", &word) {
                found.of_identifiers.insert(name.to_ascii_lowercase(), years);
            }
        }
    }
    found
}

fn years(text: &mut Text<'_>, line: u32, key: &str, word: &str) -> Option<Years> {
    let found = Years::of_word(word);
    if found.is_none() {
        let known: Vec<&str> = YEARS_WORDS.iter().map(|(word, _)| *word).collect();
        let remedy = format!("write one of {}, or a day such as day-09-30", known.join(", "));
        text.problem(line, Problem::new(key, word, "is no sort of year", remedy));
    }
    found
}

fn filters(text: &mut Text<'_>, root: Table<'_>) -> Vec<(String, Source)> {
    let Some(table) = text.table(root, "filters") else {
        return Vec::new();
    };
    let all = text.lists(table);
    all.into_iter().map(|(_, name, names)| (name, Source { names, optional: false })).collect()
}

/// The results that a row gives: one for each indicator, or the one whose measure stands in a column.
fn takes(
    text: &mut Text<'_>,
    root: Table<'_>,
    columns: Table<'_>,
    filters: &[(String, Source)],
    across: bool,
) -> Vec<Take> {
    let mut takes = Vec::new();
    for table in text.tables(root, "indicators") {
        takes.extend(indicator(text, table, columns, filters, across));
    }
    if let Some(measure) = column(text, columns, "measure") {
        if takes.is_empty() {
            let cohort = cohort_column(text, columns);
            takes.push(figure(text, columns, Named::In(measure), cohort, across));
        } else {
            let remedy = "keep one of the two: a column of measures, or indicators";
            text.problem(columns.line(), Problem::new("columns.measure", "", "stands beside [[indicators]]", remedy));
        }
    } else if takes.is_empty() {
        let remedy = "give columns.measure, or an [[indicators]] for each measure";
        text.problem(1, Problem::whole("the layout does not say what is measured", remedy));
    }
    takes
}

fn indicator(
    text: &mut Text<'_>,
    table: Table<'_>,
    columns: Table<'_>,
    filters: &[(String, Source)],
    across: bool,
) -> Option<Take> {
    text.only(table, &["measure", "cohort", "value", "numerator", "denominator", "where", "times", "optional"]);
    let Some((line, measure)) = text.string(table, "measure") else {
        text.problem(table.line(), Problem::new("indicators.measure", "", "is not said", "give the measure's code"));
        return None;
    };
    let measure = code(text, line, "indicators.measure", &measure, MeasureId::new)?;
    let said = text.string(table, "cohort");
    let said = said.and_then(|(line, said)| code(text, line, "indicators.cohort", &said, CohortId::new));
    let cohort = said.map_or_else(|| cohort_column(text, columns), Named::Said);
    let mut take = figure(text, table, Named::Said(measure), cohort, across);
    let optional = text.flag(table, "optional");
    for source in [&mut take.value, &mut take.numerator, &mut take.denominator].into_iter().flatten() {
        source.optional = optional;
    }
    if let Some(table) = text.table(table, "where") {
        for (line, name, values) in text.lists(table) {
            if let Some(filter) = filters.iter().position(|(known, _)| *known == name) {
                take.conditions.push((filter, values));
            } else {
                let remedy = "give its column in [filters]";
                text.problem(line, Problem::new("indicators.where", &name, "is no filter of the layout", remedy));
            }
        }
    }
    Some(take)
}

/// The column of cohorts, or everybody.
fn cohort_column(text: &mut Text<'_>, columns: Table<'_>) -> Named<CohortId> {
    column(text, columns, "cohort").map_or_else(|| Named::Said(CohortId::all()), Named::In)
}

fn figure(
    text: &mut Text<'_>,
    table: Table<'_>,
    measure: Named<MeasureId>,
    cohort: Named<CohortId>,
    across: bool,
) -> Take {
    let value = column(text, table, "value");
    let numerator = column(text, table, "numerator");
    let denominator = column(text, table, "denominator");
    let whole = value.is_some() || numerator.is_some();
    if across && (whole || denominator.is_some()) {
        let remedy = "leave it out: the figures stand below the periods";
        text.problem(table.line(), Problem::new("value", "", "stands beside periods.across", remedy));
    } else if across {
        // The figure is the field below the period.
    } else if !whole || (numerator.is_some() && denominator.is_none()) {
        let remedy = "give value, or numerator and denominator";
        text.problem(table.line(), Problem::new("value", "", "is not said", remedy));
    }
    let times = text.whole(table, "times");
    if let (Some((line, _)), Some(_), None) = (times, &numerator, &value) {
        let remedy = "take it out: numerator and denominator give the same ratio, and a unit of % multiplies it by 100";
        text.problem(line, Problem::new("indicators.times", "", "is said, although there is no value", remedy));
    }
    let shift = times.map_or(0, |(line, times)| shift(text, line, times));
    Take { measure, cohort, value, numerator, denominator, conditions: Vec::new(), shift }
}

fn shift(text: &mut Text<'_>, line: u32, times: i64) -> u8 {
    let found = (0_u8..=6).find(|power| 10_i64.checked_pow(u32::from(*power)) == Some(times));
    if found.is_none() {
        let remedy = "write 10, 100, 1000 and so on, up to 1000000";
        text.problem(line, Problem::new("times", &times.to_string(), "is not a power of ten", remedy));
    }
    found.unwrap_or(0)
}

fn symbols(text: &mut Text<'_>, root: Table<'_>) -> BTreeMap<String, Option<Missing>> {
    let mut symbols = BTreeMap::new();
    let Some(table) = text.table(root, "symbols") else {
        return symbols;
    };
    for (line, symbol, word) in text.pairs(table) {
        let missing = MISSING.iter().find(|(known, _)| *known == word).map(|(_, missing)| Some(*missing));
        if let Some(missing) = missing.or((word == PASS_OVER).then_some(None)) {
            symbol_that_can_be(text, line, &symbol, symbols.get(&folded(&symbol)).is_some_and(|said| *said != missing));
            symbols.insert(folded(&symbol), missing);
        } else {
            let known: Vec<&str> = MISSING.iter().map(|(known, _)| *known).collect();
            let remedy = format!("write one of {}, {PASS_OVER}", known.join(", "));
            text.problem(line, Problem::new("symbols", &word, "is no reason for having no figure", remedy));
        }
    }
    symbols
}

/// A symbol as it is compared.
fn folded(symbol: &str) -> String {
    symbol.trim().to_ascii_lowercase()
}

/// Says of a symbol that it cannot be one: a number is the figure, and one that has two meanings has none.
fn symbol_that_can_be(text: &mut Text<'_>, line: u32, symbol: &str, contradicted: bool) {
    if read_from_a_spreadsheet(symbol.trim(), PerCent::Allowed).is_ok() {
        let remedy = "take it out, and write in the file why there is no figure, such as x";
        text.problem(line, Problem::new("symbols", symbol, "is a number, and a number is always the figure", remedy));
    }
    if contradicted {
        let problem = "is there already with another meaning, because capitals and spaces around it do not matter";
        text.problem(line, Problem::new("symbols", symbol, problem, "keep one of the two"));
    }
}
