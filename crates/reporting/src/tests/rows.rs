//! Which figure a row shows, and what is said about it.

use domain::event::MeasureWithdrawn;
use domain::measure::{Definition, Frequency, MeasureKind, Polarity};
use domain::result::{Colour, Doubt, ResultEntry};
use domain::{Command, Date, Decimal, Figure, Missing, Status};
use ratings::{Contradiction, NotRated, Rating};

use super::rig::{
    NOW, Rig, as_known, cell, define, definition, entry, give, known, lay_out, local_target, measure, question, record,
    record_entry, row,
};
use crate::Error;
use crate::answer::Mark;
use crate::scorecard::scorecard;

fn of_frequency(frequency: Frequency) -> Rig {
    let mut rig = Rig::new();
    rig.put_in(vec![define(Definition { frequency, ..definition("one") })]);
    rig
}

fn with_status(status: Status, figure: &str) -> ResultEntry {
    ResultEntry { status, ..entry(figure) }
}

#[test]
fn a_months_missing_figure_is_not_silently_last_months() {
    let mut rig = of_frequency(Frequency::Monthly);
    rig.put_in(vec![record("one", "2018-08", "5"), record("one", "2018-10", "6")]);
    assert_eq!(rig.shown("one", "2018-08"), "2018-08: 5.0%");
    assert_eq!(rig.shown("one", "2018-09"), "2018-09: nothing");
    assert_eq!(rig.row("one", "2018-09", NOW).rating, Rating::NotRated(NotRated::NoResult));
    assert_eq!(rig.shown("one", "2018-10"), "2018-10: 6.0%");
    assert_eq!(rig.shown("one", "CY2018-Q3"), "2018-09: nothing".replace("2018-09", "CY2018-Q3"));
    assert_eq!(rig.shown("one", "FY2018"), "FY2018: nothing");
    rig.put_in(vec![record("one", "2018-09-30", "7")]);
    assert_eq!(rig.shown("one", "2018-09"), "2018-09-30: 7.0%", "a snapshot of the month's end is the month's");
}

#[test]
fn a_quarters_figure_is_shown_until_the_next_quarter_ends() {
    let mut rig = of_frequency(Frequency::Quarterly);
    rig.put_in(vec![record("one", "CY2018-Q2", "5")]);
    for (asked, shown) in [
        ("2018-05", "2018-05: nothing"),
        ("2018-06", "CY2018-Q2: 5.0%"),
        ("2018-08", "CY2018-Q2: 5.0%"),
        ("2018-09", "2018-09: nothing"),
    ] {
        assert_eq!(rig.shown("one", asked), shown);
        assert_eq!(rig.row("one", asked, NOW).marks, []);
    }
}

#[test]
fn a_years_figure_is_the_latest_with_its_own_period_and_is_marked_when_it_is_old() {
    let mut rig = of_frequency(Frequency::Annual);
    rig.put_in(vec![record("one", "AY2015", "4"), record("one", "AY2016", "5")]);
    assert_eq!(rig.shown("one", "2018-07"), "AY2016: 5.0%");
    assert_eq!(rig.row("one", "2018-07", NOW).marks, []);
    assert_eq!(rig.row("one", "2018-08", NOW).marks, [Mark::Old(12)], "the next year has ended");
    assert_eq!(rig.row("one", "2018-09", NOW).marks, [Mark::Old(13)]);
    assert_eq!(rig.shown("one", "2017-07"), "AY2015: 4.0%", "a year is shown once it has ended");
    assert_eq!(rig.shown("one", "2016-07"), "2016-07: nothing");
}

#[test]
fn a_terms_figure_is_the_latest() {
    let mut rig = of_frequency(Frequency::Termly);
    rig.put_in(vec![record("one", "AY2017-T1", "4"), record("one", "AY2017-T2", "5")]);
    assert_eq!(rig.shown("one", "2018-02"), "AY2017-T1: 4.0%");
    assert_eq!(rig.shown("one", "2018-07"), "AY2017-T2: 5.0%");
    assert_eq!(rig.row("one", "2018-07", NOW).marks, []);
    assert_eq!(rig.row("one", "2018-08", NOW).marks, [Mark::Old(5)]);
}

#[test]
fn a_forecast_is_never_rated_and_is_listed_beside_the_figure() {
    let mut rig = of_frequency(Frequency::Annual);
    rig.put_in(vec![
        record("one", "FY2016", "95"),
        record_entry(cell("one", "FY2017"), with_status(Status::Forecast, "96")),
        record_entry(cell("one", "FY2018"), with_status(Status::Forecast, "97")),
        local_target("one", 90, None),
    ]);
    let row = rig.row("one", "2018-09", NOW);
    assert_eq!(row.cell, cell("one", "FY2016"), "a forecast does not stand in a figure's place");
    assert_eq!(row.rating, Rating::Rated(Colour::Green));
    let forecasts: Vec<_> = row.forecasts.iter().map(|(period, text)| (period.code(), text.as_str())).collect();
    assert_eq!(forecasts, [("FY2017".to_owned(), "96.0%"), ("FY2018".to_owned(), "97.0%")]);
    let row = rig.row("one", "FY2017", NOW);
    assert_eq!((row.cell, row.rating), (cell("one", "FY2017"), Rating::NotRated(NotRated::Forecast)));
}

#[test]
fn what_a_reader_must_know_is_marked() {
    let mut rig = Rig::new();
    let marks = |rig: &Rig, period: &str| rig.row("one", period, NOW).marks;
    let figure = Figure::Stated { value: "74.0".parse().unwrap(), denominator: Some(Decimal::whole(364)) };
    rig.put_in(vec![
        record_entry(cell("one", "2018-01"), with_status(Status::Provisional, "5")),
        record_entry(cell("one", "2018-02"), with_status(Status::Estimated, "5")),
        record_entry(cell("one", "2018-03"), with_status(Status::CarriedForward, "5")),
        record_entry(cell("one", "2018-04"), ResultEntry { figure, ..entry("5") }),
        record_entry(cell("one", "2018-05"), with_status(Status::Final, "5")),
    ]);
    assert_eq!(marks(&rig, "2018-01"), [Mark::Provisional]);
    assert_eq!(marks(&rig, "2018-02"), [Mark::Estimated]);
    assert_eq!(marks(&rig, "2018-03"), [Mark::CarriedForward]);
    let doubt = Doubt::Unattainable { value: "74.0".parse().unwrap(), denominator: Decimal::whole(364) };
    assert_eq!(marks(&rig, "2018-04"), [Mark::Doubt(doubt)]);
    assert_eq!(marks(&rig, "2018-05"), []);
    let kind = MeasureKind::Activity { expected: Some((Decimal::whole(6), Decimal::whole(9))) };
    rig.put_in(vec![define(Definition { kind, polarity: Polarity::None, ..definition("one") })]);
    let row = rig.row("one", "2018-05", NOW);
    assert_eq!(row.marks, [Mark::OutsideExpectedRange]);
    assert_eq!(row.rating, Rating::NotRated(NotRated::ActivityMeasure));
}

#[test]
fn a_printed_colour_is_kept_and_a_contradiction_shown() {
    let mut rig = Rig::new();
    let printed = |colour, figure: &str| ResultEntry { stated_colour: Some(colour), ..entry(figure) };
    rig.put_in(vec![
        record_entry(cell("one", "2018-01"), printed(Colour::Green, "84.9")),
        record_entry(cell("one", "2018-02"), printed(Colour::Amber, "84.9")),
        record_entry(cell("two", "2018-01"), printed(Colour::Green, "84.9")),
        local_target("one", 85, Some(70)),
    ]);
    let row = rig.row("one", "2018-01", NOW);
    assert_eq!(row.rating, Rating::Rated(Colour::Amber));
    assert_eq!(row.contradiction, Some(Contradiction { computed: Colour::Amber, stated: Colour::Green }));
    assert_eq!(rig.row("one", "2018-02", NOW).contradiction, None);
    let unrated = rig.row("two", "2018-01", NOW);
    assert_eq!((unrated.rating, unrated.contradiction), (Rating::NotRated(NotRated::NoTarget), None));
    assert_eq!(unrated.result.unwrap().entry.stated_colour, Some(Colour::Green), "it is shown as stated");
}

#[test]
fn the_unrounded_value_is_judged_whatever_is_shown() {
    let mut rig = Rig::new();
    rig.put_in(vec![record("one", "2018-01", "84.96"), local_target("one", 85, Some(70))]);
    for decimal_places in 0..=2 {
        rig.put_in(vec![define(Definition { decimal_places, ..definition("one") })]);
        assert_eq!(rig.row("one", "2018-01", NOW).rating, Rating::Rated(Colour::Amber));
    }
}

#[test]
fn a_withdrawn_measure_still_shows_in_views_from_before() {
    let mut rig = Rig::new();
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "95"), local_target("one", 90, None)]);
    let end =
        |from| MeasureWithdrawn { measure: measure("one"), from, successor: Some(measure("two")), comparable: false };
    rig.on("2018-06-01").put_in(vec![give(Command::WithdrawMeasure(end(Date::constant(2018, 1, 1))))]);
    assert_eq!(rig.row("one", "2018-01", NOW).rating, Rating::NotRated(NotRated::WithdrawnMeasure));
    assert_eq!(rig.row("one", "2018-01", as_known("2018-03-01")).rating, Rating::Rated(Colour::Green));
    rig.on("2018-07-01").put_in(vec![give(Command::WithdrawMeasure(end(Date::constant(2018, 2, 1))))]);
    assert_eq!(rig.row("one", "2018-01", NOW).rating, Rating::Rated(Colour::Green), "it was reported in January");
    assert_eq!(rig.row("one", "2018-02", NOW).rating, Rating::NotRated(NotRated::WithdrawnMeasure));
    let directory = crate::directory::measures(&rig.book, NOW);
    let withdrawn = directory.measures.iter().find_map(|entry| entry.withdrawn.as_ref()).unwrap();
    assert_eq!(withdrawn.successor, Some(measure("two")));
}

#[test]
fn two_measures_with_one_title_stay_two() {
    let mut rig = Rig::new();
    let titled = |code: &str| Definition { title: "Returner Interviews".to_owned(), ..definition(code) };
    rig.put_in(vec![
        define(titled("one")),
        define(titled("two")),
        record("one", "2018-01", "1"),
        record("two", "2018-01", "2"),
    ]);
    let card = rig.card("2018-01", NOW);
    let shown: Vec<_> = card.sections[0]
        .rows
        .iter()
        .map(|row| {
            (
                row.definition.title.as_str(),
                row.cell.series.measure.as_str(),
                row.result.as_ref().unwrap().display.as_str(),
            )
        })
        .collect();
    assert_eq!(shown, [("Returner Interviews", "one", "1.0%"), ("Returner Interviews", "two", "2.0%")]);
}

#[test]
fn a_measure_that_was_defined_later_is_shown_by_its_earliest_definition_and_marked() {
    let mut rig = Rig::new();
    rig.on("2018-06-01").put_in(vec![
        define(Definition { title: "First title".to_owned(), ..definition("late") }),
        known("2018-02-01", record("late", "2018-01", "5")),
        known("2018-01-01", lay_out(vec![row("late")])),
    ]);
    rig.on("2018-07-01").put_in(vec![define(Definition { title: "Second title".to_owned(), ..definition("late") })]);
    let before = rig.row("late", "2018-01", as_known("2018-03-01"));
    assert_eq!((before.definition.title.as_str(), before.defined_later), ("First title", true));
    assert_eq!(before.marks, [Mark::DefinedLater]);
    assert_eq!(before.result.unwrap().display, "5.0%");
    let layout_known = rig.card("2018-01", as_known("2018-03-01"));
    assert_eq!(layout_known.basis.n_backfilled, 2, "the layout and the result");
    let now = rig.row("late", "2018-01", as_known("2018-06-02"));
    assert_eq!((now.definition.title.as_str(), now.defined_later), ("First title", false));
    assert_eq!(rig.row("late", "2018-01", NOW).definition.title, "Second title");
}

#[test]
fn counts_reconcile_with_the_rows_and_give_the_reasons() {
    let mut rig = Rig::new();
    let codes = ["green", "amber", "red", "low", "none", "activity", "suppressed"];
    let mut instructions: Vec<_> = codes.iter().map(|code| define(definition(code))).collect();
    let kind = MeasureKind::Activity { expected: None };
    instructions.remove(5);
    instructions.push(define(Definition { kind, polarity: Polarity::None, ..definition("activity") }));
    let mut rows: Vec<_> = codes.iter().map(|code| row(code)).collect();
    rows.push(domain::scorecard::LayoutRow { rated: false, ..row("green") });
    instructions.push(lay_out(rows));
    rig.put_in(instructions);
    for (code, figure) in
        [("green", "95"), ("amber", "85"), ("red", "75"), ("low", "85"), ("none", "1"), ("activity", "1")]
    {
        rig.put_in(vec![record(code, "2018-01", figure)]);
    }
    let figure = Figure::Missing(Missing::Confidential);
    rig.put_in(vec![record_entry(cell("suppressed", "2018-01"), ResultEntry { figure, ..entry("1") })]);
    for (code, minimum) in [("green", Some(80)), ("amber", Some(80)), ("red", Some(80)), ("low", None)] {
        rig.put_in(vec![local_target(code, 90, minimum)]);
    }
    let counts = rig.card("2018-01", NOW).counts;
    assert_eq!((counts.green, counts.amber, counts.red), (1, 1, 1));
    let not_rated: Vec<_> = counts.not_rated.iter().map(|(reason, n)| (reason.code(), *n)).collect();
    assert_eq!(
        not_rated,
        [
            ("shown-only", 1),
            ("activity-measure", 1),
            ("missing-confidential", 1),
            ("no-target", 1),
            ("no-minimum-standard", 1),
        ]
    );
    assert_eq!((counts.rated(), counts.not_rated_total(), counts.total()), (3, 5, 8));
}

#[test]
fn what_is_not_there_as_of_then_is_refused_by_name() {
    let mut rig = Rig::new();
    rig.on("2018-02-01").put_in(vec![define(definition("new"))]);
    let refused = |as_of| scorecard(&rig.book, &question("2018-01"), as_of).unwrap_err();
    match refused(as_known("2015-01-01")) {
        Error::DefinedLater { what, code, known_at } => {
            assert_eq!((what, code.as_str(), known_at.utc_date()), ("scorecard", "card", Date::constant(2016, 1, 1)));
        }
        other @ (Error::NotDefined { .. }
        | Error::NoView { .. }
        | Error::TooLarge { .. }
        | Error::NotAscending
        | Error::LaterPeriods { .. }) => panic!("{other}"),
    }
    let start = domain::AsOf::position(domain::Position::START);
    assert_eq!(refused(start), Error::NotDefined { what: "scorecard", code: "card".to_owned() });
    let nowhere = crate::scorecard::Question { area: super::rig::area("nowhere"), ..question("2018-01") };
    assert_eq!(scorecard(&rig.book, &nowhere, NOW).unwrap_err().to_string(), "area nowhere is not defined as of then");
}

#[test]
fn the_basis_says_the_settled_position_and_each_backfill_once() {
    let mut rig = Rig::new();
    rig.on("2018-02-01").put_in(vec![
        known("2018-01-05", record("one", "2017-12", "90")),
        known("2018-01-31", record("one", "2018-01", "95")),
        known("2017-12-31", local_target("one", 90, None)),
        record("two", "2018-01", "1"),
    ]);
    let end = rig.book.head();
    rig.put_in(vec![record("two", "2018-02", "1"), record("two", "2018-03", "1")]);
    let inside = domain::AsOf::position(end.plus(2));
    let card = rig.card("2018-01", inside);
    assert_eq!(card.basis.as_of.position, end);
    assert_eq!(card.basis.n_backfilled, 3, "the figure, the figure before it, the target");
    assert_eq!(rig.card("2018-03", NOW).basis.n_backfilled, 1, "the target alone");
    assert_eq!(rig.card("2015-12", NOW).basis.n_backfilled, 0);
}
