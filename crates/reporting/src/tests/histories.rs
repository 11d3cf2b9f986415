//! A measure through time, and the directories.

use domain::{AsOf, Cell, Command, Position};

use super::rig::{NOW, Rig, as_known, cell, define, definition, give, known, period, record};
use crate::PeriodRange;
use crate::directory::{areas, measures, scorecards};
use crate::history::{explain, history};

/// Each revision as `period figure`, with `*` when it stands and `-` when it is rolled back.
fn revisions(rig: &Rig, range: PeriodRange, as_of: AsOf) -> Vec<String> {
    let answer = history(&rig.book, &cell("one", "2018-01").series, range, as_of).unwrap();
    let told = answer.revisions.into_iter().map(|it| {
        let mark = match (it.standing, it.rolled_back) {
            (true, false) => "*",
            (false, true) => "-",
            (false, false) => "",
            (true, true) => "standing though rolled back",
        };
        format!("{} {}{mark}", it.period.code(), it.display)
    });
    told.collect()
}

#[test]
fn a_history_has_every_revision_with_its_fate_and_a_row_for_every_figure_that_stands() {
    let mut rig = Rig::new();
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "1"), record("one", "2018-02", "9")]);
    let wrong = rig.on("2018-03-01").put_in(vec![record("one", "2018-01", "2")]);
    rig.on("2018-04-01").put_in(vec![record("one", "2018-01", "3")]);
    rig.on("2018-05-01").put_in(vec![give(Command::RollBackSubmission(wrong))]);
    rig.on("2018-06-01").put_in(vec![give(Command::WithdrawResult(cell("one", "2018-02")))]);
    let all = PeriodRange::ALL;
    assert_eq!(
        revisions(&rig, all, NOW),
        ["2018-01 1.0%", "2018-01 2.0%-", "2018-01 3.0%*", "2018-02 9.0%", "2018-02 withdrawn"]
    );
    assert_eq!(revisions(&rig, all, as_known("2018-03-15")), ["2018-01 1.0%", "2018-01 2.0%*", "2018-02 9.0%*"]);
    let february = PeriodRange { from: Some(period("2018-02").first_day()), to: None };
    assert_eq!(revisions(&rig, february, NOW), ["2018-02 9.0%", "2018-02 withdrawn"]);
    let answer = history(&rig.book, &cell("one", "2018-01").series, all, NOW).unwrap();
    let rows: Vec<Cell> = answer.rows.into_iter().map(|row| row.cell).collect();
    assert_eq!(rows, [cell("one", "2018-01")]);
}

#[test]
fn a_backfilled_record_is_counted_once_however_often_it_is_shown() {
    let mut rig = Rig::new();
    rig.on("2018-02-01")
        .put_in(vec![known("2018-01-20", record("one", "2018-01", "1")), record("one", "2018-02", "2")]);
    let answer = history(&rig.book, &cell("one", "2018-01").series, PeriodRange::ALL, NOW).unwrap();
    assert_eq!(answer.basis.n_backfilled, 1, "as a row, as a revision, and as the figure before another");
    let (_, basis) = explain(&rig.book, &cell("one", "2018-02"), NOW).unwrap();
    assert_eq!(basis.n_backfilled, 1, "the direction rests on it");
}

#[test]
fn the_directories_are_as_of_then() {
    let mut rig = Rig::new();
    rig.on("2018-02-01").put_in(vec![
        define(definition("three")),
        record("one", "2017-03", "1"),
        record("one", "2018-01", "1"),
    ]);
    let codes = |as_of| -> Vec<_> {
        measures(&rig.book, as_of).measures.into_iter().map(|it| it.definition.measure.to_string()).collect()
    };
    assert_eq!(codes(NOW), ["one", "three", "two"]);
    assert_eq!(codes(as_known("2018-01-01")), ["one", "two"]);
    assert_eq!(codes(AsOf::position(Position::START)), [""; 0]);
    let one = measures(&rig.book, NOW).measures.remove(0);
    assert_eq!(one.periods, Some((period("2017-03"), period("2018-01"))));
    assert_eq!(one.definition_text, "Counted.");
    let (cards, _) = scorecards(&rig.book, NOW);
    assert_eq!((cards[0].title.as_str(), cards[0].n_rows), ("The card", 2));
    let (all, _) = areas(&rig.book, NOW);
    assert_eq!(all.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Area D", "Area E", "Area K"]);
}
