//! What a view's text says exactly for programs: targets, definitions' terms, and what cohorts do to a measure.

use domain::measure::Basis;
use reporting::view::{Line, Outline};

use super::number;
use crate::v1::{self, minimum, target};
use crate::value::definition::encode_basis;
use crate::value::{count, enums};

/// A target and its minimum standard; `None` of words alone.
pub(super) fn terms(line: &Line) -> Option<v1::Terms> {
    let target = match line.value("comparison") {
        "at-least" => target::Target::AtLeast(number(line.value("value"))?),
        "more-than" => target::Target::MoreThan(number(line.value("value"))?),
        "at-most" => target::Target::AtMost(number(line.value("value"))?),
        "less-than" => target::Target::LessThan(number(line.value("value"))?),
        "within" => target::Target::Within(range(line)?),
        _ => return None,
    };
    let minimum = line.one("minimum-standard").and_then(|line| match number(line.value("value")) {
        Some(value) => Some(minimum::Minimum::Value(value)),
        None => range(line).map(minimum::Minimum::Within),
    });
    Some(v1::Terms {
        target: Some(v1::Target { target: Some(target) }),
        minimum: minimum.map(|minimum| v1::Minimum { minimum: Some(minimum) }),
    })
}

fn range(line: &Line) -> Option<v1::DecimalRange> {
    Some(v1::DecimalRange { low: Some(number(line.value("low"))?), high: Some(number(line.value("high"))?) })
}

/// Which way is better, how often there is a figure, what it sums up, and how it is shown.
pub(super) fn terms_of(definition: v1::Definition, line: &Line) -> v1::Definition {
    let polarity = enums::polarity::ALL.iter().find(|it| reporting::words::polarity(**it) == line.value("polarity"));
    let frequency =
        enums::frequency::ALL.iter().find(|it| reporting::words::frequency(**it) == line.value("frequency"));
    let (basis, basis_months) = basis(line.value("basis")).map_or((v1::BasisKind::Unspecified, 0), encode_basis);
    let unit = line.one("unit");
    v1::Definition {
        unit: Some(v1::Unit {
            label: unit.map_or("", |unit| unit.value.as_str()).to_owned(),
            multiplier: line.value("multiplier").parse().unwrap_or_default(),
        }),
        decimal_places: line.value("decimal-places").parse().unwrap_or_default(),
        polarity: polarity.map_or(v1::Polarity::Unspecified, |it| enums::polarity::encode(*it)).into(),
        frequency: frequency.map_or(v1::Frequency::Unspecified, |it| enums::frequency::encode(*it)).into(),
        basis: basis.into(),
        basis_months,
        ..definition
    }
}

fn basis(words: &str) -> Option<Basis> {
    let months = |words: &str| words.trim_end_matches(" months").parse().ok();
    match (words.strip_prefix("rolling "), words.strip_prefix("mean of ")) {
        (Some(words), _) => months(words).map(Basis::RollingMonths),
        (None, Some(words)) => months(words).map(Basis::MeanOfMonths),
        (None, None) => [Basis::Snapshot, Basis::YearToDate, Basis::SinglePeriod, Basis::NotStated]
            .into_iter()
            .find(|basis| reporting::words::basis(*basis) == words),
    }
}

/// The measures that are shown for several cohorts; each cohort's figure is in the first row that shows it.
pub(super) fn cohort_impacts(outline: &Outline, sections: &[v1::Section]) -> Vec<v1::CohortImpact> {
    outline.all("cohort-impact").map(|line| impact(line, sections)).collect()
}

fn impact(line: &Line, sections: &[v1::Section]) -> v1::CohortImpact {
    let place = |cohort: &str| {
        let shows =
            |row: &v1::Row| row.cell.as_ref().is_some_and(|cell| cell.measure == line.value && cell.cohort == cohort);
        sections.iter().enumerate().find_map(|(at, section)| Some((at, section.rows.iter().position(shows)?)))
    };
    let figure = |cohort: &Line| {
        let (section, row) = place(&cohort.value)?;
        let verdict = enums::verdict::ALL.iter().find(|it| it.words() == cohort.value("verdict"));
        Some(v1::CohortFigure {
            section: count(section),
            row: count(row),
            difference_display: cohort.value("difference").to_owned(),
            verdict: verdict.map_or(v1::Verdict::Unspecified, |it| enums::verdict::encode(*it)).into(),
            sentence: cohort.value("sentence").to_owned(),
        })
    };
    v1::CohortImpact {
        measure: line.value.clone(),
        title: line.value("title").to_owned(),
        figures: line.all("cohort").filter_map(figure).collect(),
    }
}
