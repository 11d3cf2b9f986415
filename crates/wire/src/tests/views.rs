//! A published view's text as a scorecard again.

use domain::Meeting;
use domain::measure::Content;
use domain::result::{Figure, Missing, ResultEntry};
use ratings::NotRated;
use reporting::answer::{BenchmarkAnswer, Counts, ResultAnswer, Row, Scorecard};
use reporting::view::{Outline, write};

use super::answers::{PLACE, card, neighbours, not_rated, row};
use crate::answer::encode_scorecard;
use crate::v1;
use crate::view::scorecard;

fn rows() -> Vec<Row> {
    let averaged = BenchmarkAnswer { neighbours: Some(neighbours()), missing: None, ..row().benchmarks.remove(0) };
    let result = row().result.unwrap();
    let missing = ResultEntry { figure: Figure::Missing(Missing::Low), stated_previous: None, ..result.entry.clone() };
    let missing = Row { result: Some(ResultAnswer { entry: missing, ..result }), ..not_rated(NotRated::NoTarget) };
    vec![
        row(),
        Row { benchmarks: vec![averaged], ..row() },
        missing,
        Row { result: None, ..not_rated(NotRated::NoResult) },
    ]
}

fn full() -> Scorecard {
    card(
        rows(),
        Counts { red: 2, not_rated: vec![(NotRated::NoTarget, 1), (NotRated::NoResult, 1)], ..Counts::default() },
    )
}

fn decoded(card: &Scorecard) -> v1::Scorecard {
    scorecard(&Outline::parse(&text(card)).unwrap())
}

fn text(card: &Scorecard) -> String {
    let meeting = Meeting { committee: "Cabinet".to_owned(), on: "2018-11-29".parse().unwrap() };
    write(card, &meeting, |content| match content {
        Content::Inline(text) => Some(text.clone()),
        Content::Stored { .. } => None,
    })
}

/// Without what a text for people does not say: codes of enums that its words say, and what only programs ask for.
fn said(mut card: v1::Scorecard) -> v1::Scorecard {
    if let Some(basis) = &mut card.basis {
        basis.chain.clear();
        basis.log_id.clear();
    }
    for row in card.sections.iter_mut().flat_map(|section| &mut section.rows) {
        if let Some(contradiction) = &mut row.contradiction {
            (contradiction.computed, contradiction.stated) = (0, 0);
        }
        row.marks
            .iter_mut()
            .for_each(|mark| *mark = v1::Mark { kind: mark.kind, words: mark.words.clone(), ..v1::Mark::default() });
        if let Some(definition) = &mut row.definition {
            *definition = v1::Definition {
                measure: definition.measure.clone(),
                title: definition.title.clone(),
                kind: definition.kind,
                expected: definition.expected,
                unit: definition.unit.clone().map(|unit| v1::Unit { multiplier: 0, ..unit }),
                definition: definition.definition.clone(),
                data_source: definition.data_source.clone(),
                owner: definition.owner.clone(),
                ..v1::Definition::default()
            };
        }
        if let Some(target) = &mut row.target {
            (target.span, target.terms) = (None, None);
        }
        for neighbours in row.benchmarks.iter_mut().filter_map(|benchmark| benchmark.neighbours.as_mut()) {
            *neighbours = v1::NeighboursAnswer {
                list: neighbours.list.clone(),
                from: neighbours.from.clone(),
                words: neighbours.words.clone(),
                provenance: neighbours.provenance.take(),
                ..v1::NeighboursAnswer::default()
            };
        }
        let benchmarks = row.benchmarks.iter_mut().filter_map(|benchmark| benchmark.neighbours.as_mut());
        let provenances = [
            row.result.as_mut().and_then(|result| result.provenance.as_mut()),
            row.target.as_mut().and_then(|target| target.provenance.as_mut()),
        ];
        let provenances = provenances.into_iter().flatten();
        let provenances = provenances.chain(benchmarks.filter_map(|it| it.provenance.as_mut()));
        let provenances = provenances.chain(row.commentary.iter_mut().filter_map(|it| it.provenance.as_mut()));
        for provenance in provenances.chain(row.actions.iter_mut().filter_map(|it| it.provenance.as_mut())) {
            provenance.submission_id.clear();
            provenance.cause = 0;
        }
    }
    card
}

#[test]
fn the_text_says_what_the_scorecard_says() {
    let encoded = said(encode_scorecard(&full(), PLACE));
    let decoded = decoded(&full());
    for (decoded, encoded) in decoded.sections[0].rows.iter().zip(&encoded.sections[0].rows) {
        assert_eq!(decoded, encoded);
    }
    assert_eq!(decoded, encoded);
}

#[test]
fn counts_are_those_of_the_rows() {
    let counts = decoded(&full()).counts.unwrap();
    assert_eq!((counts.red, counts.n_not_rated, counts.total), (2, 2, 4));
}

#[test]
fn words_that_nobody_knows_are_kept_beside_an_unspecified_enum() {
    let text = text(&full()).replace("rating\tRed", "rating\tBlue");
    let card = scorecard(&Outline::parse(&text).unwrap());
    let row = &card.sections[0].rows[0];
    assert_eq!((row.rating(), row.rating_word.as_str()), (v1::Rating::Unspecified, "Blue"));
}
