//! The words that people read for what the contract names by an enum. One word for each thing; those of ratings,
//! directions, colours and missing figures are the crate `ratings`' own.

use domain::Exact;
use domain::measure::{Basis, Definition, Frequency, MeasureKind, Polarity, grouped};
use domain::result::{Cause, Doubt, StatedPeriod, Status};
use ratings::{Method, NotRated};

use crate::answer::{Counts, DirectionAnswer, Mark, Row, backdated_words};

/// Why something was replaced.
pub const fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::ScheduledRevision => "scheduled revision",
        Cause::MethodChange => "change of method",
        Cause::CorrectionOfError => "correction of an error",
    }
}

/// How settled a figure is.
pub const fn status(status: Status) -> &'static str {
    status.words()
}

/// When a stated figure was for.
pub fn stated_period(period: &StatedPeriod) -> String {
    match period {
        StatedPeriod::Period(period) => period.to_string(),
        StatedPeriod::Words(words) => words.clone(),
        StatedPeriod::NotStated => "period not stated".to_owned(),
    }
}

/// Whether a measure is judged.
pub const fn kind(kind: MeasureKind) -> &'static str {
    match kind {
        MeasureKind::Indicator => "key performance indicator",
        MeasureKind::Activity { .. } => "activity",
    }
}

/// Which way is better.
pub const fn polarity(polarity: Polarity) -> &'static str {
    match polarity {
        Polarity::Higher => "higher is better",
        Polarity::Lower => "lower is better",
        Polarity::Range => "inside the target range is better",
        Polarity::None => "neither way is better",
    }
}

/// How often there is a figure.
pub const fn frequency(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::Monthly => "monthly",
        Frequency::Quarterly => "quarterly",
        Frequency::Termly => "termly",
        Frequency::Annual => "annual",
    }
}

/// What span of time one figure sums up.
pub fn basis(basis: Basis) -> String {
    match basis {
        Basis::Snapshot => "snapshot".to_owned(),
        Basis::YearToDate => "year to date".to_owned(),
        Basis::RollingMonths(months) => format!("rolling {months} months"),
        Basis::SinglePeriod => "single period".to_owned(),
        Basis::MeanOfMonths(months) => format!("mean of {months} months"),
        Basis::NotStated => "basis not stated".to_owned(),
    }
}

/// What a reader must know before relying on a row. `target_area` is the name of the area whose target judges.
pub fn mark(mark: &Mark, target_area: &str) -> String {
    match mark {
        Mark::Doubt(Doubt::Unattainable { value, denominator }) => {
            format!("no whole number out of {denominator} gives the printed {value}")
        }
        Mark::Doubt(Doubt::Disagrees { stated, rounded }) => {
            format!("the source printed {stated}, but its own counts give {rounded}")
        }
        Mark::Provisional => "provisional".to_owned(),
        Mark::Estimated => "estimated".to_owned(),
        Mark::CarriedForward => "an earlier year's figure, carried forward".to_owned(),
        Mark::Old(1) => "1 month older than the scorecard".to_owned(),
        Mark::Old(months) => format!("{months} months older than the scorecard"),
        Mark::TargetOfArea(area) if target_area.is_empty() => format!("judged by the target of {area}"),
        Mark::TargetOfArea(_) => format!("judged by the target of {target_area}"),
        Mark::TargetSetAfterResult => "the target was set after the result was known".to_owned(),
        Mark::TargetBackdated { recorded_at, known_at, recorded_on, known_on } => {
            format!("the target was {}", backdated_words((*recorded_at, *recorded_on), (*known_at, *known_on)))
        }
        Mark::DefinedLater => "the measure was defined only later".to_owned(),
        Mark::OutsideExpectedRange => "outside its expected range".to_owned(),
    }
}

/// What a mark is called by programs, in kebab case; it never changes.
pub const fn mark_code(mark: &Mark) -> &'static str {
    match mark {
        Mark::Doubt(Doubt::Unattainable { .. }) => "unattainable",
        Mark::Doubt(Doubt::Disagrees { .. }) => "disagrees",
        Mark::Provisional => "provisional",
        Mark::Estimated => "estimated",
        Mark::CarriedForward => "carried-forward",
        Mark::Old(_) => "old",
        Mark::TargetOfArea(_) => "target-of-area",
        Mark::TargetSetAfterResult => "target-set-after-result",
        Mark::TargetBackdated { .. } => "target-backdated",
        Mark::DefinedLater => "defined-later",
        Mark::OutsideExpectedRange => "outside-expected-range",
    }
}

/// How a direction was computed: its method in words, or the method's code when this program has no such method.
pub fn method(answer: &DirectionAnswer) -> String {
    Method::of(&answer.method).map_or_else(|| answer.method.to_string(), |method| method.words().to_owned())
}

/// Why a row is rated as it is, and what else to know, in plain sentences.
pub fn explanation(row: &Row) -> Vec<String> {
    let target_area = row.target.as_ref().map_or("", |target| target.area_name.as_str());
    let contradiction = row.contradiction.map(|contradiction| sentence(&contradiction.to_string()));
    let marks = row.marks.iter().map(|it| sentence(&format!("note: {}", mark(it, target_area))));
    let mut sentences = vec![row.explanation.clone()];
    sentences.extend(contradiction);
    sentences.push(direction(&row.direction));
    sentences.extend(marks);
    sentences
}

fn direction(answer: &DirectionAnswer) -> String {
    let how = method(answer);
    let words = answer.direction.words();
    match &answer.previous {
        Some(previous) => {
            let period = stated_period(&previous.period);
            let stated = if previous.as_stated { ", as the source stated it" } else { "" };
            format!("Direction of travel: {words}, {how} ({}, {period}{stated}).", previous.display)
        }
        None => format!("Direction of travel: {words}."),
    }
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}

/// How many rows are what, always adding up: “12 Green, 9 Amber, 4 Red. 25 rated + 6 not rated (4 no target; 2 activity)
/// + 1 withdrawn = 32 rows.”
pub fn counts(counts: &Counts) -> String {
    let (rated, total) = (counts.rated(), counts.total());
    let of = |why: NotRated| counts.not_rated.iter().find(|(other, _)| *other == why).map_or(0, |(_, n)| *n);
    let withdrawn = of(NotRated::WithdrawnMeasure);
    let not_rated = counts.not_rated_total().saturating_sub(withdrawn);
    let others = counts.not_rated.iter().filter(|(why, _)| *why != NotRated::WithdrawnMeasure);
    let reasons: Vec<String> = others.map(|(why, n)| format!("{n} {}", why.reason())).collect();
    let reasons = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join("; ")) };
    let Counts { green, amber, red, .. } = counts;
    let rows = if total == 1 { "row" } else { "rows" };
    format!(
        "{green} Green, {amber} Amber, {red} Red. {rated} rated + {not_rated} not rated{reasons} + {withdrawn} withdrawn \
         = {total} {rows}."
    )
}

/// How far apart two figures of a measure are, as shown: “2.1 percentage points”, “12 days”.
pub fn distance(definition: &Definition, distance: Exact) -> String {
    let Some(rounded) = distance.round(definition.decimal_places) else {
        return "more than can be shown".to_owned();
    };
    match definition.unit.label.as_str() {
        "%" => format!("{} percentage points", grouped(rounded)),
        _ => definition.unit.show(&grouped(rounded)),
    }
}
