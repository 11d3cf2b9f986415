//! The example holds every result, benchmark, forecast and target that the list of facts gives of its report.

use crate::workspace;
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::path::Path;

/// The report's name in the list of facts begins with this.
const REPORT: &str = "004_";

/// A row of a CSV file, by column.
pub(super) type Row = BTreeMap<String, String>;

pub(crate) fn check(facts: &Path) -> Result<()> {
    let folder = workspace::root().join("examples/kent-2018/as-reported");
    let example = Example {
        results: read(&folder.join("results.csv"))?,
        benchmarks: read(&folder.join("benchmarks.csv"))?,
        targets: read(&folder.join("targets.csv"))?,
    };
    let facts = read(facts)?;
    let missing: Vec<String> = facts
        .iter()
        .filter(|fact| column(fact, "document").starts_with(REPORT))
        .flat_map(|fact| example.lacks(fact))
        .collect();
    ensure!(!facts.is_empty(), "the list of facts is empty");
    if missing.is_empty() {
        return Ok(());
    }
    bail!("the example lacks:\n    {}", missing.join("\n    "))
}

/// The example's files.
pub(super) struct Example {
    pub(super) results: Vec<Row>,
    pub(super) benchmarks: Vec<Row>,
    pub(super) targets: Vec<Row>,
}

impl Example {
    /// What the example does not hold of one fact, in words.
    pub(super) fn lacks(&self, fact: &Row) -> Vec<String> {
        let name = format!("{} ({})", column(fact, "fact_id"), column(fact, "measure"));
        let paragraph = format!("paragraph {}", column(fact, "paragraph"));
        let of_paragraph = |row: &&Row| {
            let rest = column(row, "reason").split_once(&paragraph).map(|(_, rest)| rest);
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        let here: Vec<&Row> = self.results.iter().filter(of_paragraph).collect();
        let mut lacking = Vec::new();
        let kind = column(fact, "fact_kind");
        if kind == "result" && !here.iter().any(|row| same_result(fact, row)) {
            lacking.push(format!("the result of {name}"));
        }
        if kind == "forecast"
            && !here.iter().any(|row| same(fact, "value", row, "value") && column(row, "status") == "forecast")
        {
            lacking.push(format!("the forecast of {name}"));
        }
        let beside: Vec<&Row> = self.benchmarks.iter().filter(of_paragraph).collect();
        if kind == "benchmark" && !beside.iter().any(|row| same(fact, "benchmark_value", row, "value")) {
            lacking.push(format!("the benchmark of {name}"));
        }
        let targets: Vec<&Row> = self.targets.iter().filter(of_paragraph).collect();
        if kind == "result" && !holds_target(fact, &targets) {
            lacking.push(format!("the target of {name}"));
        }
        lacking
    }
}

fn same_result(fact: &Row, row: &Row) -> bool {
    let counted = !column(fact, "numerator").is_empty();
    let figure = if counted {
        same(fact, "numerator", row, "numerator") && same(fact, "denominator", row, "denominator")
    } else {
        same(fact, "value", row, "value")
    };
    let previous = column(fact, "previous_value").is_empty() || same(fact, "previous_value", row, "previous_value");
    figure && previous
}

/// True when the fact names no target, or the example has it: a value, a range, or one that follows from a difference.
fn holds_target(fact: &Row, targets: &[&Row]) -> bool {
    let stated = ["target", "derived_target"].map(|name| column(fact, name)).into_iter().find(|text| !text.is_empty());
    if let Some(target) = stated {
        return targets.iter().any(|row| number(column(row, "target")) == number(target));
    }
    let low = column(fact, "target_low");
    low.is_empty()
        || targets
            .iter()
            .any(|row| same(fact, "target_low", row, "target") && same(fact, "target_high", row, "target_high"))
}

fn same(fact: &Row, fact_column: &str, row: &Row, row_column: &str) -> bool {
    number(column(fact, fact_column)) == number(column(row, row_column))
}

/// A number without the zeros that say nothing: `85.0` and `85` are one.
fn number(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

fn column<'a>(row: &'a Row, name: &str) -> &'a str {
    row.get(name).map_or("", String::as_str)
}

fn read(path: &Path) -> Result<Vec<Row>> {
    let context = || format!("cannot read {}", path.display());
    let mut reader = csv::Reader::from_path(path).with_context(context)?;
    let header = reader.headers().with_context(context)?.clone();
    let row = |record: csv::StringRecord| {
        header.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect::<Row>()
    };
    reader.records().map(|record| record.map(row).with_context(context)).collect()
}
