//! The canonical form of what a committee was given.

use domain::event::{Average, BenchmarkRecorded, Comparator, NeighboursAdopted};
use domain::ids::NeighboursId;
use domain::measure::{Definition, MeasureKind};
use domain::result::{Figure, Missing, ResultEntry, StatedPeriod, StatedPrevious};
use domain::scorecard::{LayoutRow, Remit};
use domain::{AsOf, Cell, CohortId, Command, Instruction, Meeting, Owner, Position, Status};

use super::rig::{
    NOW, Rig, as_known, because, cell, define, definition, entry, give, key, known, lay_out, local_target, question,
    record, record_entry, row, target, terms,
};
use crate::scorecard::scorecard;
use crate::view::{Departure, Malformed, Outline, departures, write};

/// Everything that a scorecard can say, known by February 2018.
fn full() -> Rig {
    let mut rig = Rig::new();
    let activity = Definition {
        kind: MeasureKind::Activity { expected: Some((domain::Decimal::whole(10), domain::Decimal::whole(20))) },
        ..definition("calls")
    };
    let some = LayoutRow { cohort: CohortId::new("some").unwrap(), rated: false, ..row("one") };
    rig.on("2018-01-10").put_in(vec![
        define(Definition {
            data_source: "Return A\\B".to_owned(),
            owner: "Children's services".to_owned(),
            ..definition("one")
        }),
        define(activity),
        answered_for(lay_out(vec![row("one"), some, row("two"), row("calls")])),
        local_target("one", 85, Some(70)),
        target(key("two", "E", Owner::National), "2016-01-01", terms(90, None)),
    ]);
    let counted = Figure::Counted {
        numerator: domain::Decimal::whole(759),
        denominator: domain::Decimal::whole(1747),
        stated: Some("43.5".parse().unwrap()),
    };
    let stated_previous =
        StatedPrevious { value: "41.0".parse().unwrap(), period: StatedPeriod::Words("last year".to_owned()) };
    let missing =
        ResultEntry { figure: Figure::Missing(Missing::Confidential), source_text: "c".to_owned(), ..entry("1") };
    let in_area = |area: &str| Cell {
        series: domain::Series { area: super::rig::area(area), ..cell("one", "2018-01").series },
        ..cell("one", "2018-01")
    };
    rig.on("2018-02-01").put_in(vec![
        record("one", "2017-12", "84.9"),
        record_entry(
            cell("one", "2018-01"),
            ResultEntry {
                figure: counted,
                status: Status::Provisional,
                stated_previous: Some(stated_previous),
                ..entry("1")
            },
        ),
        record_entry(in_area("E"), entry("44")),
        record_entry(cell("two", "2018-01"), missing),
        record("calls", "2018-01", "25"),
        record_entry(cell("calls", "2018-03"), ResultEntry { status: Status::Forecast, ..entry("12") }),
        comment("one", "Late.\nIt is being\tseen to."),
        give(Command::AgreeAction {
            cell: cell("one", "2018-01"),
            text: "Recruit.".to_owned(),
            owner: "Head of service".to_owned(),
            due: "2018-06-01".parse().unwrap(),
        }),
        give(Command::RecordBenchmark(BenchmarkRecorded {
            cell: cell("one", "2018-01"),
            comparator: Comparator::Area(super::rig::area("E")),
            figure: Ok("45".parse().unwrap()),
            period: StatedPeriod::Period(super::rig::period("2018-01")),
            source: "A release".to_owned(),
        })),
        give(Command::AdoptNeighbours(NeighboursAdopted {
            list: NeighboursId::new("of-2017").unwrap(),
            area: super::rig::area("K"),
            from: "2017-01-01".parse().unwrap(),
            members: vec![super::rig::area("E"), super::rig::area("D")],
            average: Average::Mean,
            at_least: 1,
        })),
    ]);
    rig
}

fn answered_for(mut laid_out: Instruction) -> Instruction {
    if let Command::DefineScorecard(definition) = &mut laid_out.command {
        let (owner, director) = ("Performance team".to_owned(), "Corporate Director".to_owned());
        definition.remit = Remit { from: "2017-04-01".parse().ok(), owner, director, ..Remit::default() };
    }
    laid_out
}

fn comment(code: &str, text: &str) -> Instruction {
    give(Command::WriteCommentary { cell: cell(code, "2018-01"), text: text.to_owned() })
}

fn written(rig: &Rig, as_of: AsOf) -> String {
    let card = scorecard(&rig.book, &question("2018-01"), as_of).unwrap();
    let meeting = Meeting { committee: "Cabinet".to_owned(), on: "2018-02-20".parse().unwrap() };
    write(&card, &meeting, |content| rig.book.text(content))
}

fn outline(text: &str) -> Outline {
    Outline::parse(text).unwrap()
}

/// A view that any program wrote is the same for ever: this text was written when the form was made.
#[test]
fn the_form_is_as_it_was_made() {
    let written = written(&full(), as_known("2018-02-15"));
    similar(&written, include_str!("golden/view-1.txt"));
}

/// As texts of many lines are told apart.
fn similar(computed: &str, seen: &str) {
    let differing = computed.lines().zip(seen.lines()).find(|(computed, seen)| computed != seen);
    assert_eq!(differing, None, "the first line that differs");
    assert_eq!(computed.lines().count(), seen.lines().count());
}

#[test]
fn what_is_written_is_read_back() {
    let outline = outline(&written(&full(), NOW));
    assert_eq!(outline.value("scorecard"), "card");
    let section = outline.all("section").next().unwrap();
    let rows: Vec<&str> = section.all("row").map(|row| row.value.as_str()).collect();
    assert_eq!(rows, ["one", "one some", "two", "calls"]);
    let one = section.all("row").next().unwrap();
    assert_eq!(one.value("rating"), "Red");
    assert_eq!(one.value("data-source"), "Return A\\B");
    assert_eq!(one.value("commentary"), "Late.\nIt is being\tseen to.");
    assert_eq!(one.one("result").unwrap().value("numerator"), "759");
    assert_eq!(one.one("target").unwrap().value("minimum-standard"), "70% or more");
}

/// A definition of more than 2,000 bytes is stored apart, and is in the text all the same.
#[test]
fn a_long_definition_is_given_in_its_words() {
    let mut rig = full();
    let words = "Plans finalised within 20 weeks of the request. ".repeat(60);
    rig.on("2018-02-02").put_in(vec![define(Definition {
        definition: domain::measure::Content::Inline(words.clone()),
        ..definition("one")
    })]);
    let text = written(&rig, NOW);
    let row = outline(&text);
    let row = row.all("section").next().unwrap().all("row").next().unwrap();
    assert_eq!((row.value("definition"), row.value("definition-sha256")), (words.trim_end(), ""));
    let card = scorecard(&rig.book, &question("2018-01"), NOW).unwrap();
    let meeting = Meeting { committee: "Cabinet".to_owned(), on: "2018-02-20".parse().unwrap() };
    assert!(write(&card, &meeting, |_| None).contains("definition-sha256\t"), "what is lost is named");
}

#[test]
fn what_is_recorded_later_changes_no_byte() {
    let mut rig = full();
    let seen = AsOf { known_at: None, position: rig.book.head() };
    let before = written(&rig, seen);
    rig.on("2019-01-01").put_in(vec![
        define(Definition { title: "Renamed".to_owned(), ..definition("one") }),
        lay_out(vec![row("two")]),
        because("the plan", None, target(key("one", "K", Owner::Local), "2016-01-01", terms(1, None))),
        because("late", None, known("2018-01-20", record("one", "2018-01", "99"))),
    ]);
    assert_ne!(written(&rig, NOW), before);
    assert_eq!(written(&rig, seen), before);
}

#[test]
fn what_is_computed_otherwise_is_told_beside_what_was_seen() {
    let stored = outline(&written(&full(), NOW));
    assert_eq!(departures(&stored, &stored), []);
    let text = written(&full(), NOW);
    let changed = text
        .replace("\trating\tRed\n", "\trating\tAmber\n")
        .replace("\t\tmark\tprovisional\n\t\t\tcode\tprovisional\n", "");
    let told = departures(&stored, &outline(&changed));
    let within = || vec!["section All".to_owned(), "row one".to_owned()];
    let was = |line: &str| Some(line.to_owned());
    assert_eq!(
        told,
        [
            Departure { within: within(), seen: was("rating Red"), computed: was("rating Amber") },
            Departure { within: within(), seen: was("mark provisional"), computed: None },
        ]
    );
    assert_eq!(
        told.first().unwrap().words(),
        "Under “row one”, this program computes “rating Amber” where the committee saw “rating Red”."
    );
    assert_eq!(
        departures(&outline(&changed), &stored).last().unwrap().words(),
        "Under “row one”, this program computes “mark provisional” where the committee saw nothing."
    );
}

#[test]
fn rows_in_another_order_are_told() {
    let rig = full();
    let stored = outline(&written(&rig, NOW));
    let mut other = stored.clone();
    let section = other.lines.iter_mut().find(|line| line.name == "section").unwrap();
    section.inner.swap(0, 2);
    assert_ne!(departures(&stored, &other), []);
    assert_ne!(departures(&other, &stored), []);
}

#[test]
fn texts_that_are_no_view_are_refused_with_their_line() {
    let refused = |text: &str| Outline::parse(text).unwrap_err();
    assert_eq!(refused(""), Malformed { line: 1, problem: "is not “view/1”" });
    assert_eq!(refused("view/2\n"), Malformed { line: 1, problem: "is not “view/1”" });
    assert_eq!(refused("view/1\ntitle"), Malformed { line: 2, problem: "is not a name and a value" });
    assert_eq!(refused("view/1\na\tb\n\t\tc\td"), Malformed { line: 3, problem: "is indented under nothing" });
    assert_eq!(refused("view/1\na\tb\\x"), Malformed { line: 2, problem: "has a wrong escape" });
    assert_eq!(refused("view/1\na\tb\\"), Malformed { line: 2, problem: "has a wrong escape" });
}

#[test]
fn the_position_is_the_one_that_was_settled() {
    let rig = full();
    let head = rig.book.head();
    let inside = AsOf { known_at: None, position: Position::new(head.get() - 1) };
    let settled = rig.book.settle(inside.position);
    assert_eq!(outline(&written(&rig, inside)).value("position"), settled.to_string());
}
