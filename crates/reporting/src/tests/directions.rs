//! Direction of travel by both methods, and what it was computed from.

use domain::measure::{Definition, Polarity};
use domain::result::{ResultEntry, StatedPeriod, StatedPrevious};
use domain::{Figure, Instruction, Missing, Status};
use ratings::{Direction, NoDirection};

use super::rig::{NOW, Rig, as_known, cell, define, definition, direction_method, entry, period, record, record_entry};

/// The direction of a month's row, with the earlier figure that it was computed from.
fn travel(rig: &Rig, month: &str) -> (Direction, Option<(String, StatedPeriod, bool)>) {
    let direction = rig.row("one", month, NOW).direction;
    (direction.direction, direction.previous.map(|previous| (previous.display, previous.period, previous.as_stated)))
}

fn of(code: &str) -> StatedPeriod {
    StatedPeriod::Period(period(code))
}

fn with_previous(month: &str, figure: &str, previous: &str, stated: StatedPeriod) -> Instruction {
    let stated_previous = Some(StatedPrevious { value: previous.parse().unwrap(), period: stated });
    record_entry(cell("one", month), ResultEntry { stated_previous, ..entry(figure) })
}

#[test]
fn the_latest_earlier_figure_that_stands_is_compared_with() {
    let mut rig = Rig::new();
    rig.put_in(vec![record("one", "2018-01", "70"), record("one", "2018-02", "80")]);
    rig.put_in(vec![with_previous("2018-05", "75", "99", of("2018-04"))]);
    let shown = |figure: &str, code| Some((figure.to_owned(), of(code), false));
    assert_eq!(travel(&rig, "2018-05"), (Direction::Worsened, shown("80.0%", "2018-02")));
    assert_eq!(travel(&rig, "2018-02"), (Direction::Improved, shown("70.0%", "2018-01")));
    assert_eq!(travel(&rig, "2018-01"), (Direction::None(NoDirection::NoPrevious), None));
    assert_eq!(travel(&rig, "2018-04"), (Direction::None(NoDirection::NoResult), None));
    rig.put_in(vec![define(Definition { polarity: Polarity::Lower, ..definition("one") })]);
    assert_eq!(travel(&rig, "2018-05").0, Direction::Improved);
}

#[test]
fn a_missing_figure_a_forecast_and_another_kind_of_period_are_passed_over() {
    let mut rig = Rig::new();
    let figure = Figure::Missing(Missing::NotSupplied);
    rig.put_in(vec![
        record("one", "2018-01", "70"),
        record_entry(cell("one", "2018-02"), ResultEntry { figure, ..entry("0") }),
        record_entry(cell("one", "2018-03"), ResultEntry { status: Status::Forecast, ..entry("99") }),
        record("one", "CY2018-Q1", "98"),
        record("one", "2018-04", "71"),
    ]);
    assert_eq!(travel(&rig, "2018-04"), (Direction::Improved, Some(("70.0%".to_owned(), of("2018-01"), false))));
}

#[test]
fn without_an_earlier_figure_the_sources_own_statement_is_compared_with_and_marked() {
    let mut rig = Rig::new();
    let words = StatedPeriod::Words("last year".to_owned());
    rig.put_in(vec![with_previous("2018-05", "75", "80.25", words.clone())]);
    assert_eq!(travel(&rig, "2018-05"), (Direction::Worsened, Some(("80.3%".to_owned(), words, true))));
    rig.put_in(vec![record("one", "2018-04", "60")]);
    assert_eq!(travel(&rig, "2018-05"), (Direction::Improved, Some(("60.0%".to_owned(), of("2018-04"), false))));
}

#[test]
fn the_period_before_is_compared_with_and_no_other() {
    let mut rig = Rig::new();
    rig.put_in(vec![direction_method("previous-period.1", "2018-03-01")]);
    rig.put_in(vec![record("one", "2018-01", "70"), record("one", "2018-02", "80")]);
    rig.put_in(vec![with_previous("2018-05", "75", "99", of("2018-04")), record("one", "2018-03", "80")]);
    let row = rig.row("one", "2018-05", NOW);
    assert_eq!(row.direction.direction, Direction::None(NoDirection::NoPrevious), "April has no figure");
    assert_eq!(row.direction.method.as_str(), "previous-period.1");
    assert_eq!(travel(&rig, "2018-03"), (Direction::NoChange, Some(("80.0%".to_owned(), of("2018-02"), false))));
    assert_eq!(
        rig.row("one", "2018-02", NOW).direction.method.as_str(),
        "previous-reported.1",
        "older periods keep theirs"
    );
}

#[test]
fn the_earlier_figure_is_the_one_that_stood_then() {
    let mut rig = Rig::new();
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "70")]);
    rig.on("2018-03-01").put_in(vec![record("one", "2018-02", "75")]);
    rig.on("2018-04-01").put_in(vec![record("one", "2018-01", "80")]);
    assert_eq!(rig.row("one", "2018-02", as_known("2018-03-15")).direction.direction, Direction::Improved);
    assert_eq!(rig.row("one", "2018-02", NOW).direction.direction, Direction::Worsened);
}
