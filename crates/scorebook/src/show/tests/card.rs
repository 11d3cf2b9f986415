use wire::v1;

use super::*;

fn at(width: usize) -> String {
    written(|out| scorecard(out, &Style { width, ..STYLE }, &given::card()))
}

#[test]
fn a_card_at_80_columns() {
    insta::assert_snapshot!(at(80));
}

#[test]
fn a_card_at_120_columns() {
    insta::assert_snapshot!(at(120));
}

#[test]
fn a_card_at_160_columns() {
    insta::assert_snapshot!(at(160));
}

#[test]
fn a_narrow_card_in_ascii_is_labelled_lines() {
    let text = written(|out| scorecard(out, &Style { width: 60, ascii: true, ..STYLE }, &given::card()));
    assert!(text.is_ascii(), "only ASCII was asked for, and only ASCII was given");
    insta::assert_snapshot!(text);
}

#[test]
fn colour_adds_nothing_but_colour() {
    let coloured = written(|out| scorecard(out, &Style { colour: true, ..STYLE }, &given::card()));
    assert!(coloured.contains("\u{1b}[97;41m ■ Red \u{1b}[0m"), "Red on its ground: {coloured}");
    assert_eq!(without_colour(&coloured), at(80));
}

fn without_colour(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + piece.split_once('m').map_or(piece, |(_, rest)| rest))
}

#[test]
fn the_counts_reconcile_in_words() {
    let counts = v1::Counts {
        green: 12,
        amber: 9,
        red: 4,
        n_not_rated: 7,
        total: 32,
        not_rated: vec![
            v1::NotRatedCount { code: "no-target".into(), reason: "no target".into(), n_rows: 4 },
            v1::NotRatedCount { code: "shown-only".into(), reason: "shown for information".into(), n_rows: 3 },
        ],
    };
    insta::assert_snapshot!(
        scorecard::counts_in_words(&counts),
        @"12 Green, 9 Amber, 4 Red: 25 rated. 7 not rated (4 no target; 3 shown for information). 25 + 7 = 32 rows."
    );
}

#[test]
fn what_was_typed_cannot_steer_the_terminal() {
    let mut card = given::card();
    card.title = "Score\u{1b}[2Jcard\u{202e}\u{7}".into();
    let text = written(|out| scorecard(out, &STYLE, &card));
    assert!(text.starts_with("Score\u{fffd}[2Jcard\u{fffd}\u{fffd}\n"), "{text}");
    assert!(text.chars().all(|letter| letter == '\n' || !letter.is_control()), "{text:?}");
}

#[test]
fn a_card_without_rows_says_so() {
    let card = v1::Scorecard { title: "Empty".into(), ..v1::Scorecard::default() };
    let text = written(|out| scorecard(out, &STYLE, &card));
    assert!(text.contains("0 + 0 = 0 rows."), "{text}");
}

#[test]
fn only_the_symbols_used_are_explained() {
    let mut card = given::card();
    card.sections.truncate(1);
    card.sections[0].rows.truncate(1);
    let text = written(|out| scorecard(out, &STYLE, &card));
    assert!(text.contains("● Green: target achieved"), "{text}");
    assert!(!text.contains("■ Red: minimum") && !text.contains("[c]:"), "{text}");
}
