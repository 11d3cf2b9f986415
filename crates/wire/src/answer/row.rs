//! One row: a cell with everything that belongs to it.

use domain::Period;
use domain::result::Doubt;
use ratings::{Direction, Movement, NoDirection, Rating};
use reporting::answer::{
    ActionAnswer, BenchmarkAnswer, CommentaryAnswer, DirectionAnswer, LeftOut, Mark, NeighboursAnswer, NotAveraged,
    PreviousAnswer, ResultAnswer, Row, TargetAnswer, owner_words,
};
use reporting::words;

use super::encode_provenance;
use crate::v1;
use crate::value::{
    definition, encode_cell, encode_decimal, encode_span, encode_timestamp, enums,
    figure::{encode_comparator, encode_entry, encode_stated_period},
    target::{encode_key, encode_terms},
};

/// A row.
pub fn encode_row(row: &Row) -> v1::Row {
    let (not_rated_code, not_rated_reason) = not_rated(row.rating);
    let target_area = row.target.as_ref().map_or("", |target| target.area_name.as_str());
    v1::Row {
        cell: Some(encode_cell(&row.cell)),
        period_words: row.cell.period.to_string(),
        definition: Some(definition::encode(&row.definition)),
        defined_later: row.defined_later,
        cohort_name: row.cohort_name.clone(),
        result: row.result.as_ref().map(encode_result),
        target: row.target.as_ref().map(encode_target),
        rating: encode_rating(row.rating).into(),
        rating_word: row.rating.word().to_owned(),
        not_rated_code: not_rated_code.to_owned(),
        not_rated_reason: not_rated_reason.to_owned(),
        rule: row.rule.to_string(),
        explanation: row.explanation.clone(),
        contradiction: row.contradiction.map(|contradiction| v1::Contradiction {
            computed: enums::colour::encode(contradiction.computed).into(),
            stated: enums::colour::encode(contradiction.stated).into(),
            words: contradiction.to_string(),
        }),
        direction: Some(encode_direction_answer(&row.direction)),
        benchmarks: row.benchmarks.iter().map(encode_benchmark).collect(),
        commentary: row.commentary.iter().map(encode_commentary).collect(),
        actions: row.actions.iter().map(encode_action).collect(),
        forecasts: row.forecasts.iter().map(encode_forecast).collect(),
        marks: row.marks.iter().map(|mark| encode_mark(mark, target_area)).collect(),
    }
}

/// The code and the words of the reason for being not rated; empty for a colour.
pub(crate) const fn not_rated(rating: Rating) -> (&'static str, &'static str) {
    match rating {
        Rating::Rated(_) => ("", ""),
        Rating::NotRated(why) => (why.code(), why.reason()),
    }
}

/// A rating; the reason for being not rated is apart.
pub(crate) fn encode_rating(rating: Rating) -> v1::Rating {
    use domain::result::Colour;
    match rating {
        Rating::Rated(Colour::Green) => v1::Rating::Green,
        Rating::Rated(Colour::Amber) => v1::Rating::Amber,
        Rating::Rated(Colour::Red) => v1::Rating::Red,
        Rating::NotRated(_) => v1::Rating::NotRated,
    }
}

/// A direction, and the reason for having none.
pub(crate) const fn encode_direction(direction: Direction) -> v1::Direction {
    match direction {
        Direction::Improved => v1::Direction::Improved,
        Direction::Worsened => v1::Direction::Worsened,
        Direction::NoChange => v1::Direction::NoChange,
        Direction::NoClearTrend => v1::Direction::NoClearTrend,
        Direction::Unjudged(Movement::Up) => v1::Direction::UnjudgedUp,
        Direction::Unjudged(Movement::Down) => v1::Direction::UnjudgedDown,
        Direction::Unjudged(Movement::Same) => v1::Direction::UnjudgedSame,
        Direction::None(NoDirection::NoResult) => v1::Direction::NoneNoResult,
        Direction::None(NoDirection::NoPrevious) => v1::Direction::NoneNoPrevious,
        Direction::None(NoDirection::UnknownMethod) => v1::Direction::NoneUnknownMethod,
    }
}

fn encode_result(result: &ResultAnswer) -> v1::ResultAnswer {
    v1::ResultAnswer {
        entry: Some(encode_entry(&result.entry)),
        display: result.display.clone(),
        provenance: Some(encode_provenance(&result.provenance)),
    }
}

fn encode_target(target: &TargetAnswer) -> v1::TargetAnswer {
    v1::TargetAnswer {
        key: Some(encode_key(&target.key)),
        owner_words: owner_words(target.key.owner).to_owned(),
        area_name: target.area_name.clone(),
        span: Some(encode_span(target.span)),
        terms: Some(encode_terms(target.terms)),
        display: target.display.clone(),
        minimum_display: target.minimum_display.clone().unwrap_or_default(),
        decision: target.decision.clone(),
        set_after_result: target.set_after_result,
        provenance: Some(encode_provenance(&target.provenance)),
    }
}

fn encode_direction_answer(answer: &DirectionAnswer) -> v1::DirectionAnswer {
    v1::DirectionAnswer {
        direction: encode_direction(answer.direction).into(),
        words: answer.direction.words().to_owned(),
        method: answer.method.to_string(),
        method_words: words::method(answer),
        previous: answer.previous.as_ref().map(encode_previous),
    }
}

fn encode_previous(previous: &PreviousAnswer) -> v1::PreviousAnswer {
    v1::PreviousAnswer {
        display: previous.display.clone(),
        period: encode_stated_period(&previous.period),
        period_words: words::stated_period(&previous.period),
        as_stated: previous.as_stated,
    }
}

fn encode_benchmark(benchmark: &BenchmarkAnswer) -> v1::BenchmarkAnswer {
    v1::BenchmarkAnswer {
        comparator: Some(encode_comparator(&benchmark.comparator)),
        name: benchmark.name.clone(),
        display: benchmark.display.clone(),
        missing: benchmark.missing.map_or(v1::Missing::Unspecified, enums::missing::encode).into(),
        period: encode_stated_period(&benchmark.period),
        period_words: words::stated_period(&benchmark.period),
        source: benchmark.source.clone(),
        stated_otherwise: benchmark.stated_otherwise.clone().unwrap_or_default(),
        verdict: benchmark.verdict.map_or(v1::Verdict::Unspecified, enums::verdict::encode).into(),
        verdict_words: benchmark.verdict.map_or_else(String::new, |verdict| verdict.words().to_owned()),
        neighbours: benchmark.neighbours.as_ref().map(encode_neighbours),
    }
}

fn encode_neighbours(neighbours: &NeighboursAnswer) -> v1::NeighboursAnswer {
    let left_out = |it: &LeftOut| v1::LeftOutNeighbour {
        area: it.area.to_string(),
        name: it.name.clone(),
        reason: it.reason.clone(),
    };
    v1::NeighboursAnswer {
        list: neighbours.list.to_string(),
        from: neighbours.from.to_string(),
        average: enums::average::encode(neighbours.average).into(),
        at_least: neighbours.at_least.into(),
        n_members: u32::try_from(neighbours.n_members).unwrap_or(u32::MAX),
        n_counted: u32::try_from(neighbours.n_counted).unwrap_or(u32::MAX),
        left_out: neighbours.left_out.iter().map(left_out).collect(),
        not_averaged: neighbours.not_averaged.as_ref().map_or_else(String::new, NotAveraged::words),
        words: neighbours.words(),
        provenance: Some(encode_provenance(&neighbours.provenance)),
    }
}

fn encode_commentary(commentary: &CommentaryAnswer) -> v1::CommentaryAnswer {
    v1::CommentaryAnswer {
        text: commentary.text.clone(),
        stale: commentary.stale,
        provenance: Some(encode_provenance(&commentary.provenance)),
    }
}

fn encode_action(action: &ActionAnswer) -> v1::ActionAnswer {
    v1::ActionAnswer {
        text: action.text.clone(),
        owner: action.owner.clone(),
        due: action.due.to_string(),
        stale: action.stale,
        provenance: Some(encode_provenance(&action.provenance)),
    }
}

fn encode_forecast((period, display): &(Period, String)) -> v1::Forecast {
    v1::Forecast { period: period.code(), period_words: period.to_string(), display: display.clone() }
}

/// A mark with its numbers. `target_area` is the name of the area whose target judges.
pub(crate) fn encode_mark(mark: &Mark, target_area: &str) -> v1::Mark {
    let plain = |kind: v1::MarkKind| v1::Mark {
        kind: kind.into(),
        words: words::mark(mark, target_area),
        stated: None,
        denominator: None,
        rounded: None,
        n_months: 0,
        area: String::new(),
        recorded_at: None,
        known_at: None,
    };
    match mark {
        Mark::Doubt(Doubt::Unattainable { value, denominator }) => v1::Mark {
            stated: Some(encode_decimal(*value)),
            denominator: Some(encode_decimal(*denominator)),
            ..plain(v1::MarkKind::Unattainable)
        },
        Mark::Doubt(Doubt::Disagrees { stated, rounded }) => v1::Mark {
            stated: Some(encode_decimal(*stated)),
            rounded: Some(encode_decimal(*rounded)),
            ..plain(v1::MarkKind::Disagrees)
        },
        Mark::Provisional => plain(v1::MarkKind::Provisional),
        Mark::Estimated => plain(v1::MarkKind::Estimated),
        Mark::CarriedForward => plain(v1::MarkKind::CarriedForward),
        Mark::Old(n_months) => v1::Mark { n_months: *n_months, ..plain(v1::MarkKind::Old) },
        Mark::TargetOfArea(area) => v1::Mark { area: area.to_string(), ..plain(v1::MarkKind::TargetOfArea) },
        Mark::TargetSetAfterResult => plain(v1::MarkKind::TargetSetAfterResult),
        Mark::TargetBackdated { recorded_at, known_at, .. } => v1::Mark {
            recorded_at: Some(encode_timestamp(*recorded_at)),
            known_at: Some(encode_timestamp(*known_at)),
            ..plain(v1::MarkKind::TargetBackdated)
        },
        Mark::DefinedLater => plain(v1::MarkKind::DefinedLater),
        Mark::OutsideExpectedRange => plain(v1::MarkKind::OutsideExpectedRange),
    }
}
