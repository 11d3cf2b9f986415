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
            definition.year_type = 0;
        }
        if let Some(target) = &mut row.target {
            target.span = None;
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

/// Rows in another order than their reasons are counted in.
#[test]
fn reasons_are_counted_in_the_order_of_the_texts_own_line() {
    let mut full = full();
    full.sections[0].rows.reverse();
    assert_eq!(decoded(&full).counts, encode_scorecard(&full, PLACE).counts);
}

#[test]
fn what_cohorts_do_is_said_of_the_rows_that_show_them() {
    let cohort = |code: &str| {
        let mut row = row();
        row.cell.series.cohort = super::given::code(code);
        row
    };
    let mut card = full();
    card.sections[0].rows = vec![cohort("some"), cohort("all")];
    card.cohort_impacts = reporting::cohorts::impacts(&card.sections);
    let impacts = decoded(&card).cohort_impacts;
    assert_eq!(impacts, encode_scorecard(&card, PLACE).cohort_impacts);
    assert_eq!((impacts[0].figures[0].row, impacts[0].figures[1].row), (1, 0), "everybody first");
}

#[test]
fn targets_are_exact() {
    use domain::target::{Minimum, Target};
    let (low, high) = (domain::Decimal::whole(40), domain::Decimal::whole(60));
    let targets = [
        Target::AtLeast(high),
        Target::MoreThan(high),
        Target::AtMost(low),
        Target::LessThan(low),
        Target::Within { low, high },
    ];
    for target in targets {
        for minimum in [Minimum::Unknown, Minimum::Value(low), Minimum::Within { low, high }] {
            let mut card = full();
            let Some(answer) = &mut card.sections[0].rows[0].target else { panic!("a target") };
            answer.terms = domain::Terms { target, minimum };
            let encoded = encode_scorecard(&card, PLACE).sections[0].rows[0].target.clone().unwrap();
            assert_eq!(decoded(&card).sections[0].rows[0].target.clone().unwrap().terms, encoded.terms);
        }
    }
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
