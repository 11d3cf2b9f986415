//! The past shown as it was: the mistakes that the nearest prior art made at it, each with the issue that tells of it.
//!
//! Source: issues of ICTU Quality-time, <https://github.com/ICTU/quality-time/issues>, by number: 2958, 7891, 4793, 4279,
//! 6555, 2997, 3722, 10739, 3380.

use domain::event::MeasureWithdrawn;
use domain::measure::Definition;
use domain::{AsOf, Command, Owner};

use super::rig::{
    NOW, Rig, as_known, because, cell, define, define_area, definition, give, key, known, lay_out, local_target,
    measure, question, record, row, target, terms,
};
use crate::Error;
use crate::answer::Mark;
use crate::directory;
use crate::scorecard::scorecard;

/// What a measure shows and is rated.
fn shown(rig: &Rig, as_of: AsOf) -> (String, &'static str) {
    let row = rig.row("one", "2018-01", as_of);
    (row.result.map_or_else(String::new, |result| result.display), row.rating.word())
}

fn of(figure: &str, rating: &'static str) -> (String, &'static str) {
    (figure.to_owned(), rating)
}

/// Issue 2958: a date in the past was entered, and the values of now were shown.
/// Issue 7891: of a day's measurements, its earliest was shown and not its latest.
#[test]
fn the_latest_record_at_or_before_an_instant_is_shown() {
    let mut rig = Rig::new();
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "70")]);
    let first = rig.book.recorded_at().unwrap();
    rig.put_in(vec![record("one", "2018-01", "71")]);
    let second = rig.book.recorded_at().unwrap();
    rig.put_in(vec![record("one", "2018-01", "72")]);
    rig.on("2018-03-01").put_in(vec![record("one", "2018-01", "73")]);
    let figure = |known_at| shown(&rig, AsOf { known_at: Some(known_at), ..NOW }).0;
    assert_eq!((figure(first).as_str(), figure(second).as_str()), ("70.0%", "71.0%"), "at the very instant");
    assert_eq!(shown(&rig, as_known("2018-02-02")).0, "72.0%", "the last of the day");
    assert_eq!(shown(&rig, as_known("2018-01-31")).0, "", "nothing was known the day before");
    assert_eq!(shown(&rig, NOW).0, "73.0%");
}

/// Issue 4793: with several dates side by side, not each of them got the latest measurement up to it.
#[test]
fn each_of_several_dates_has_its_own() {
    let mut rig = Rig::new();
    for (day, figure) in [("2018-02-01", "70"), ("2018-02-10", "75"), ("2018-02-20", "80")] {
        rig.on(day).put_in(vec![record("one", "2018-01", figure)]);
    }
    let seen: Vec<_> =
        ["2018-02-05", "2018-02-15", "2018-02-25"].map(|day| shown(&rig, as_known(day)).0).into_iter().collect();
    assert_eq!(seen, ["70.0%", "75.0%", "80.0%"]);
}

/// What a measurement is called was judged by the targets of now.
#[test]
fn a_rating_of_the_past_is_judged_by_the_target_rule_and_definition_of_then() {
    let mut rig = Rig::new();
    rig.on("2018-01-15").put_in(vec![local_target("one", 85, Some(70))]);
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "84.9")]);
    let lowered = target(key("one", "K", Owner::Local), "2016-01-01", terms(80, Some(60)));
    rig.on("2018-03-01").put_in(vec![because("the plan was revised", None, lowered)]);
    let new_name = Definition { title: "Another name".to_owned(), decimal_places: 0, ..definition("one") };
    rig.on("2018-04-01").put_in(vec![define(new_name)]);
    assert_eq!(shown(&rig, as_known("2018-02-15")), of("84.9%", "Amber"));
    assert_eq!(shown(&rig, as_known("2018-03-15")), of("84.9%", "Green"));
    assert_eq!(shown(&rig, NOW), of("85%", "Green"));
    assert_eq!(rig.row("one", "2018-01", as_known("2018-03-15")).definition.title, "The one");
}

/// Issues 4279 and 6555: what was recent then was flagged as out of date, because it was judged by today.
#[test]
fn whether_a_figure_is_old_does_not_depend_on_today() {
    let mut rig = Rig::new();
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "70")]);
    rig.on("2026-01-01").put_in(vec![record("two", "2025-12", "70")]);
    assert_eq!(rig.row("one", "2018-01", as_known("2018-02-15")).marks, []);
    assert_eq!(rig.row("one", "2018-01", NOW).marks, rig.row("one", "2018-01", as_known("2018-02-15")).marks);
    let old = rig.row("one", "2018-03", as_known("2018-02-15"));
    assert!(old.result.is_none() || old.marks.iter().any(|mark| matches!(mark, Mark::Old(_))));
}

/// Issues 2997 and 3722: what was added or removed later was shown, or missing, in the past.
#[test]
fn only_what_existed_then_is_shown() {
    let mut rig = Rig::new();
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "70")]);
    rig.on("2018-03-01").put_in(vec![define(definition("three")), define_area("D2", Some("K"))]);
    rig.on("2018-04-01").put_in(vec![lay_out(vec![row("three"), row("two")])]);
    let end = MeasureWithdrawn {
        measure: measure("two"),
        from: domain::Date::constant(2018, 1, 1),
        successor: None,
        comparable: false,
    };
    rig.on("2018-05-01").put_in(vec![give(Command::WithdrawMeasure(end))]);
    let rows = |as_of| -> Vec<String> {
        let card = rig.card("2018-01", as_of);
        let rows = card.sections.into_iter().flat_map(|section| section.rows);
        rows.map(|row| format!("{}: {}", row.cell.series.measure, row.rating.word())).collect()
    };
    assert_eq!(rows(as_known("2018-03-15")), ["one: not rated", "two: not rated"], "what is gone since is there");
    assert_eq!(rows(as_known("2018-04-15")), ["three: not rated", "two: not rated"]);
    let withdrawn = |as_of| directory::measures(&rig.book, as_of).measures.iter().any(|it| it.withdrawn.is_some());
    assert!(!withdrawn(as_known("2018-04-15")) && withdrawn(NOW), "what was withdrawn later is not withdrawn yet");
    let measures = |as_of| directory::measures(&rig.book, as_of).measures.len();
    assert_eq!((measures(as_known("2018-02-15")), measures(as_known("2018-03-15"))), (2, 3));
    let areas = |as_of| directory::areas(&rig.book, as_of).0.len();
    assert_eq!((areas(as_known("2018-02-15")), areas(as_known("2018-03-15"))), (3, 4));
    let cards = |as_of| directory::scorecards(&rig.book, as_of).0.len();
    assert_eq!((cards(as_known("2015-12-31")), cards(NOW)), (0, 1));
    let refused = scorecard(&rig.book, &question("2018-01"), as_known("2015-12-31")).unwrap_err();
    assert!(matches!(refused, Error::DefinedLater { .. }), "{refused}");
}

/// Issues 10739 and 3380: the past could be edited, or what was done while looking at it was done to the present.
#[test]
fn the_past_is_not_edited_a_backfill_is_marked_and_no_fixed_answer_changes() {
    let mut rig = Rig::new();
    rig.on("2018-01-15").put_in(vec![local_target("one", 85, Some(70))]);
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "84.9")]);
    let fixed = AsOf { position: rig.book.head(), ..as_known("2018-02-15") };
    let given = rig.card("2018-01", fixed);
    rig.on("2018-06-01").put_in(vec![known("2018-02-10", record("one", "2018-01", "90"))]);
    rig.put_in(vec![known("2018-02-11", because("said later", None, local_target("one", 95, Some(70))))]);
    assert_eq!(rig.card("2018-01", fixed), given, "as it was given");
    let as_known_then = rig.row("one", "2018-01", as_known("2018-02-15"));
    let made_by = as_known_then.result.unwrap().provenance;
    assert!(made_by.known_at < made_by.recorded_at, "the record says that it came later");
    assert_eq!(as_known_then.target.unwrap().display, "95% or more");
    assert_eq!(rig.card("2018-01", as_known("2018-02-15")).basis.n_backfilled, 2, "and the answer that it rests on it");
    rig.put_in(vec![known("2018-02-12", give(Command::WithdrawResult(cell("one", "2018-01"))))]);
    assert_eq!(rig.card("2018-01", fixed), given, "nor by a withdrawal");
    let told = rig.compare("2018-01", fixed, as_known("2018-02-11"));
    let told = told.differences.iter().map(|it| it.sentence.as_str()).collect::<Vec<_>>().join(" ");
    assert!(told.contains("Recorded on 1 June 2018, said to be known on 10 February 2018."), "{told}");
    assert!(
        told.contains("recorded on 1 June 2018, said to be known on 11 February 2018, minute 7, after the January")
    );
}
