//! The evidence for a measure on a day.

use domain::event::TargetChanged;
use domain::measure::{Definition, Polarity};
use domain::{AsOf, Command, Instruction, Owner, Position, Span};

use super::rig::{
    Rig, as_known, cell, cell_of, define, definition, entry, give, key, known, period, record, record_entry, target,
    terms,
};
use crate::evidence::{Evidence, FIGURES_MAX, Question, UndoingKind, evidence};

fn set(value: i64) -> Instruction {
    let span = Span::of_periods(period("FY2018"), Some(period("FY2018"))).unwrap();
    let (key, decision) = (key("one", "K", Owner::Local), format!("minute {value}"));
    give(Command::ChangeTarget(TargetChanged { key, span, terms: terms(value, Some(80)), decision }))
}

fn of(rig: &Rig, on: &str, period_code: Option<&str>) -> Evidence {
    let question =
        Question { series: cell("one", "2018-01").series, on: on.parse().unwrap(), period: period_code.map(period) };
    let as_of = AsOf { known_at: Some(format!("{on}T23:59:59Z").parse().unwrap()), ..as_known(on) };
    evidence(&rig.book, &question, as_of).unwrap()
}

/// Set in March for the year from April on; first figures in June, one of them before that year; changed in July, and
/// another figure in August.
fn year() -> Rig {
    let mut rig = Rig::new();
    rig.on("2018-03-01").put_in(vec![set(95)]);
    let months = [("2018-03", "70"), ("2018-04", "92"), ("2018-05", "96")];
    rig.on("2018-06-01").put_in(months.map(|(month, figure)| record("one", month, figure)).to_vec());
    rig.on("2018-07-01").put_in(vec![set(90)]);
    rig.on("2018-08-01").put_in(vec![record("one", "2018-06", "79"), record("one", "2018-04", "93")]);
    rig
}

fn positions(it: &Evidence, what: &str) -> Vec<u64> {
    let of_it = it.records.iter().filter(|(_, of)| of.contains(&what));
    of_it.map(|(position, _)| position.get()).collect()
}

#[test]
fn the_target_is_that_of_the_day_and_later_changes_are_not_known() {
    let rig = year();
    let it = of(&rig, "2018-06-15", None);
    let target = it.target.as_ref().unwrap();
    assert_eq!((target.display.as_str(), target.decision.as_str()), ("95% or more", "minute 95"));
    assert_eq!(it.history.changes.len(), 1);
    let figures: Vec<_> = it.figures.iter().map(|row| (row.cell.period.code(), row.rating.word())).collect();
    assert_eq!(figures, [("2018-05".to_owned(), "Green"), ("2018-04".to_owned(), "Amber")], "latest first");
    assert_eq!(
        it.sentences,
        [
            "As known on 15 June 2018, the target for periods that end on that day for The one in Area K was 95% or more, \
             and the minimum standard was 80% or more.",
            "It is the local target set for Area K (from 1 April 2018 to 31 March 2019); it was then the target from 1 \
             April 2018 to 31 March 2019.",
            "officer set it (authenticated); it was recorded on 1 March 2018, when it was known.",
            "By whose authority: minute 95",
            "Reason: because",
            "Of 2 results in its span, 1 met it, and 2 met the minimum standard.",
            "Of the targets that could judge it, 1 change was known by the end of 15 June 2018.",
        ]
    );
}

#[test]
fn every_record_that_is_told_is_there_with_what_it_is_evidence_of() {
    let rig = year();
    let it = of(&rig, "2018-08-15", None);
    assert_eq!(it.target.as_ref().unwrap().display, "90% or more");
    assert_eq!(positions(&it, "target").len(), 2);
    assert_eq!(positions(&it, "result").len(), 4, "with the revision that was replaced");
    assert_eq!(positions(&it, "rule").len(), 1);
    assert_eq!(positions(&it, "definition").len(), 1);
    // The opening, the definitions, and four more.
    assert_eq!(positions(&it, "submission").len(), 6);
    let all: Vec<Position> = it.records.iter().map(|(position, _)| *position).collect();
    assert!(all.is_sorted() && it.n_records_not_listed == 0);
    assert_eq!((it.rules.len(), it.rules[0].rule.as_str()), (1, "kent.1"));
    let late = it.sentences.iter().any(|said| said == "It was recorded after 2 results that it judges were known.");
    assert!(late, "{:?}", it.sentences);
}

#[test]
fn one_period_is_told_alone_with_the_target_that_judges_it() {
    let rig = year();
    let it = of(&rig, "2018-08-15", Some("2018-05"));
    assert_eq!(it.figures.iter().map(|row| row.cell.period.code()).collect::<Vec<_>>(), ["2018-05"]);
    assert_eq!(positions(&it, "result").len(), 1);
    assert!(it.sentences[0].contains("the target for May 2018"), "{}", it.sentences[0]);
}

#[test]
fn without_a_target_the_latest_figure_by_the_day_is_told() {
    let mut rig = Rig::new();
    rig.on("2018-06-01").put_in(vec![record("one", "2018-04", "92"), record("one", "2018-05", "96")]);
    let it = of(&rig, "2018-06-15", None);
    assert_eq!(it.target, None);
    assert_eq!(it.figures.iter().map(|row| row.cell.period.code()).collect::<Vec<_>>(), ["2018-05"]);
    assert_eq!(
        it.sentences[0],
        "As known on 15 June 2018, no target for periods that end on that day stood for The one in Area K."
    );
}

#[test]
fn a_backdated_target_says_both_days() {
    let mut rig = Rig::new();
    rig.on("2018-06-01").put_in(vec![record("one", "2018-04", "92")]);
    rig.on("2018-07-01").put_in(vec![known("2018-03-01", set(90))]);
    let it = of(&rig, "2018-06-15", None);
    assert_eq!(it.basis.n_backfilled, 1);
    assert_eq!(
        it.sentences[2],
        "officer set it (authenticated); it was recorded on 1 July 2018, said to be known on 1 March 2018."
    );
}

#[test]
fn a_districts_evidence_is_of_the_containing_areas_target_and_its_own_figures() {
    let mut rig = Rig::new();
    rig.on("2018-03-01").put_in(vec![target(key("one", "K", Owner::Local), "2018-01-01", terms(90, None))]);
    rig.on("2018-06-01")
        .put_in(vec![record_entry(cell_of("one", "D", "2018-05"), entry("91")), record("one", "2018-05", "80")]);
    let series = cell_of("one", "D", "2018-05").series;
    let question = Question { series, on: "2018-06-15".parse().unwrap(), period: None };
    let it = evidence(&rig.book, &question, as_known("2018-06-15")).unwrap();
    assert_eq!(it.target.unwrap().key.area.as_str(), "K");
    assert!(it.sentences[1].starts_with("It is the local target set for Area K"), "{}", it.sentences[1]);
    let shown: Vec<_> = it.figures.iter().map(|row| row.result.as_ref().unwrap().display.clone()).collect();
    assert_eq!(shown, ["91.0%"]);
}

#[test]
fn a_rollback_is_evidence_too() {
    let mut rig = Rig::new();
    let id = rig.on("2018-03-01").put_in(vec![set(95)]);
    rig.on("2018-06-01").put_in(vec![record("one", "2018-04", "92")]);
    rig.on("2018-07-01").put_in(vec![give(Command::RollBackSubmission(id))]);
    assert_eq!(positions(&of(&rig, "2018-06-15", None), "rollback").len(), 0);
    let after = of(&rig, "2018-07-15", None);
    assert_eq!((positions(&after, "rollback").len(), after.target), (1, None));
}

#[test]
fn no_more_than_so_many_figures_are_told_and_the_rest_are_counted() {
    let mut rig = Rig::new();
    rig.put_in(vec![target(key("one", "K", Owner::Local), "1990-01-01", terms(90, None))]);
    let months = (2000..2004).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}")));
    rig.put_in(months.map(|month| record("one", &month, "91")).collect());
    let it = of(&rig, "2018-06-15", None);
    assert_eq!((it.figures.len(), it.n_figures_not_listed), (FIGURES_MAX, 48 - FIGURES_MAX));
}

#[test]
fn days_in_sentences_are_those_of_the_authority() {
    let mut rig = Rig::new();
    rig.at("2019-06-30T23:30:00Z").put_in(vec![set(90)]);
    let it = of(&rig, "2019-07-01", Some("2018-05"));
    assert_eq!(it.sentences[2], "officer set it (authenticated); it was recorded on 1 July 2019, when it was known.");
    rig.at("2019-12-31T23:30:00Z").put_in(vec![known("2018-03-01", set(91))]);
    let provenance = of(&rig, "2019-12-31", Some("2018-05")).history.changes[0].provenance.clone();
    assert_eq!(provenance.backdated().unwrap(), "recorded on 31 December 2019, said to be known on 1 March 2018");
    rig.at("2020-06-30T23:30:00Z").put_in(vec![record("one", "2018-05", "92")]);
    rig.at("2020-07-02T12:00:00Z").put_in(vec![set(93)]);
    let before = AsOf { known_at: Some("2020-07-01T12:00:00Z".parse().unwrap()), ..as_known("2020-07-01") };
    let sentences = |from| -> Vec<String> {
        let compared = rig.compare("2018-05", from, AsOf::position(Position::MAX));
        compared.differences.into_iter().map(|it| it.sentence).collect()
    };
    assert!(sentences(before).iter().any(|it| it.contains("decided 2 July 2020")));
    let all = sentences(as_known("2020-01-01"));
    assert!(all.iter().any(|it| it.contains("nown on 1 July 2020")), "{all:?}");
}

#[test]
fn what_was_undone_after_the_day_is_told_and_changes_nothing_else() {
    let mut rig = Rig::new();
    let target = rig.on("2018-03-01").put_in(vec![set(95)]);
    let figures = rig.on("2018-06-01").put_in(vec![record("one", "2018-04", "92")]);
    let before = of(&rig, "2018-06-15", None);
    assert_eq!((before.undoings.len(), before.target.as_ref().unwrap().later_words()), (0, None));
    rig.on("2018-08-01").put_in(vec![give(Command::RollBackSubmission(figures))]);
    rig.on("2018-08-02").put_in(vec![give(Command::ReinstateSubmission(figures))]);
    rig.on("2018-09-01").put_in(vec![give(Command::WithdrawResult(cell("one", "2018-04")))]);
    rig.on("2018-10-01").put_in(vec![give(Command::RollBackSubmission(target))]);
    let it = of(&rig, "2018-06-15", None);
    assert_eq!(it.records, before.records, "what was known then is the same");
    let told: Vec<_> = it.undoings.iter().map(|u| (u.kind, u.later, u.known_on.to_string(), u.periods.len())).collect();
    let expected = [
        (UndoingKind::RolledBack, true, "2018-08-01".to_owned(), 1),
        (UndoingKind::Reinstated, true, "2018-08-02".to_owned(), 1),
        (UndoingKind::Withdrawn, true, "2018-09-01".to_owned(), 1),
        (UndoingKind::RolledBack, true, "2018-10-01".to_owned(), 0),
    ];
    assert_eq!(told, expected);
    let words = "rolled back later, on 1 October 2018";
    assert_eq!(it.target.unwrap().later_words().as_deref(), Some(words));
    assert!(it.history.changes[0].standing && it.sentences.iter().any(|said| said.contains(words)));
    let since = of(&rig, "2018-11-01", Some("2018-04"));
    assert!(since.undoings.iter().all(|undoing| !undoing.later));
    assert!(since.history.changes[0].rolled_back && since.history.changes[0].rolled_back_later.is_none());
}

#[test]
fn a_standard_is_shown_as_it_was_set_and_a_definition_of_later_is_marked() {
    let mut rig = year();
    let lower = Definition { polarity: Polarity::Lower, ..definition("one") };
    rig.on("2018-09-01").put_in(vec![define(lower)]);
    let it = of(&rig, "2018-09-15", None);
    assert_eq!(it.definition.polarity, Polarity::Lower);
    assert_eq!(it.target.unwrap().minimum_display.as_deref(), Some("80% or more"), "nobody set 80% or less");
    assert!(!it.defined_later);
    rig.on("2018-10-01").put_in(vec![define(definition("three"))]);
    let series = cell("three", "2018-01").series;
    let question = Question { series, on: "2018-06-15".parse().unwrap(), period: None };
    assert!(evidence(&rig.book, &question, as_known("2018-06-15")).unwrap().defined_later);
}
