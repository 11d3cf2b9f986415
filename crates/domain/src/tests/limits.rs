//! The bounds on what a record may hold: taken at the bound, refused above it.

use super::rig::{Rig, area, cell, define, definition, entry, give, measure, stated, target, why};
use crate::command::ScorecardDefinition;
use crate::decide::Rejection;
use crate::event::{
    ActorNamed, AreaDefined, AreaLevel, Average, BenchmarkRecorded, CohortDefined, Comparator, NeighboursAdopted,
    ResultRecorded, RowSetAside,
};
use crate::ids::NeighboursId;
use crate::limits::{NAME_BYTES_MAX, NEIGHBOURS_MAX, REASON_BYTES_MAX, SCORECARD_ROWS_MAX, TEXT_BYTES_MAX};
use crate::measure::{Content, Definition, Unit};
use crate::result::{ResultEntry, StatedPeriod, StatedPrevious};
use crate::scorecard::{LayoutRow, Remit, Section};
use crate::{ActorId, CohortId, Command, Date, Decimal, Instruction, Layout, ScorecardId, Target};

fn benchmark(comparator: Comparator, period: StatedPeriod, source: String) -> Command {
    let figure = Ok(Decimal::whole(60));
    Command::RecordBenchmark(BenchmarkRecorded { cell: cell("kpi", "2018-01"), comparator, figure, period, source })
}

fn scorecard(title: String, committee: String, section: String) -> Command {
    let scorecard = ScorecardId::new("card").unwrap();
    let sections = vec![Section { title: section, rows: Vec::new() }];
    Command::DefineScorecard(ScorecardDefinition {
        scorecard,
        title,
        committee,
        layout: Layout { sections },
        remit: Remit::default(),
    })
}

fn row_aside(text: String, problem: String) -> Command {
    Command::SetAside(RowSetAside { text, field: String::new(), problem })
}

type Making = fn(String) -> Instruction;

/// A text field that must be one line, its bound, and an instruction that has it.
const LINES: [(&str, usize, Making); 14] = [
    ("reason", REASON_BYTES_MAX, |text| Instruction { why: why(&text), ..give(define(definition("new"))) }),
    ("name", NAME_BYTES_MAX, |name| {
        give(Command::NameActor(ActorNamed { actor: ActorId::new("officer").unwrap(), name }))
    }),
    ("name", NAME_BYTES_MAX, |name| {
        give(Command::DefineArea(AreaDefined { area: area("X"), name, level: AreaLevel::Region, parent: None }))
    }),
    ("name", NAME_BYTES_MAX, |name| {
        let cohort = CohortId::new("new").unwrap();
        give(Command::DefineCohort(CohortDefined { cohort, name, description: String::new() }))
    }),
    ("title", NAME_BYTES_MAX, |title| give(define(Definition { title, ..definition("new") }))),
    ("unit", NAME_BYTES_MAX, |label| {
        give(define(Definition { unit: Unit { label, multiplier: 1 }, ..definition("new") }))
    }),
    ("data_source", NAME_BYTES_MAX, |data_source| give(define(Definition { data_source, ..definition("new") }))),
    ("owner", NAME_BYTES_MAX, |owner| give(define(Definition { owner, ..definition("new") }))),
    ("decision", REASON_BYTES_MAX, |decision| {
        let changed = target("kpi", Target::AtLeast(Decimal::whole(90)));
        give(Command::ChangeTarget(crate::event::TargetChanged { decision, ..changed }))
    }),
    ("comparator", NAME_BYTES_MAX, |group| {
        give(benchmark(Comparator::Group(group), StatedPeriod::NotStated, String::new()))
    }),
    ("source", NAME_BYTES_MAX, |source| give(benchmark(Comparator::Neighbours, StatedPeriod::NotStated, source))),
    ("benchmark_period", NAME_BYTES_MAX, |words| {
        give(benchmark(Comparator::Neighbours, StatedPeriod::Words(words), String::new()))
    }),
    ("title", NAME_BYTES_MAX, |title| give(scorecard(title, String::new(), "Monthly".to_owned()))),
    ("section", NAME_BYTES_MAX, |section| give(scorecard("Card".to_owned(), String::new(), section))),
];

/// A text field that may have line breaks.
const TEXTS: [(&str, usize, Making); 5] = [
    ("description", REASON_BYTES_MAX, |description| {
        let cohort = CohortId::new("new").unwrap();
        give(Command::DefineCohort(CohortDefined { cohort, name: "New".to_owned(), description }))
    }),
    ("value", NAME_BYTES_MAX, |source_text| {
        let entry = ResultEntry { source_text, ..entry(stated("5")) };
        give(Command::RecordResult(ResultRecorded { cell: cell("kpi", "2018-01"), entry }))
    }),
    ("text", TEXT_BYTES_MAX, |text| give(Command::WriteCommentary { cell: cell("kpi", "2018-01"), text })),
    ("row", REASON_BYTES_MAX, |text| give(row_aside(text, "wrong".to_owned()))),
    ("problem", REASON_BYTES_MAX, |problem| give(row_aside("a,b".to_owned(), problem))),
];

#[test]
fn a_text_is_taken_at_its_bound_and_refused_above_it() {
    let rig = Rig::new();
    for (wanted, limit, make) in LINES.into_iter().chain(TEXTS) {
        let at_limit = rig.decide(vec![make("x".repeat(limit))]);
        assert_eq!(at_limit.rejected, [], "{wanted} of {limit} bytes");
        match rig.rejects(make("x".repeat(limit + 1))) {
            Rejection::TooLong { field, bytes, limit: bound } => {
                assert_eq!((field, bytes, bound), (wanted, limit + 1, limit));
            }
            other => panic!("{wanted}: {other}"),
        }
    }
}

#[test]
fn a_control_character_in_a_line_is_refused() {
    let rig = Rig::new();
    for (wanted, _, make) in LINES {
        for text in ["two\nlines", "a\ttab", "a\u{7f}b", "a\u{85}b", "\0"] {
            match rig.rejects(make(text.to_owned())) {
                Rejection::Text { field, .. } => assert_eq!(field, wanted),
                other => panic!("{wanted}: {other}"),
            }
        }
    }
}

#[test]
fn what_people_must_read_is_not_empty() {
    let rig = Rig::new();
    let optional = ["reason", "unit", "data_source", "owner", "source", "description", "value", "row", "problem"];
    for (wanted, _, make) in LINES.into_iter().chain(TEXTS) {
        for text in ["", "   "] {
            let decision = rig.decide(vec![make(text.to_owned())]);
            assert_eq!(decision.rejected.is_empty(), optional.contains(&wanted), "{wanted} is {text:?}");
        }
    }
}

#[test]
fn numbers_outside_their_bounds_are_refused() {
    let rig = Rig::new();
    let with_unit =
        |multiplier| give(define(Definition { unit: Unit { label: "%".to_owned(), multiplier }, ..definition("new") }));
    let with_places = |decimal_places| give(define(Definition { decimal_places, ..definition("new") }));
    for taken in [with_unit(1), with_unit(1_000_000), with_places(0), with_places(6)] {
        assert_eq!(rig.decide(vec![taken]).rejected, []);
    }
    for refused in [with_unit(0), with_unit(1_000_001), with_places(7), with_places(255)] {
        assert!(matches!(rig.rejects(refused), Rejection::OutOfBounds { .. }));
    }
}

#[test]
fn too_many_are_refused() {
    let rig = Rig::new();
    let neighbours = |n| {
        give(Command::AdoptNeighbours(NeighboursAdopted {
            list: NeighboursId::new("near").unwrap(),
            area: area("K"),
            from: Date::constant(2018, 1, 1),
            members: vec![area("E"); n],
            average: Average::Mean,
            at_least: 1,
        }))
    };
    let rows = |n| {
        let row = LayoutRow { measure: measure("kpi"), cohort: CohortId::all(), rated: true, owner: None };
        let layout = Layout { sections: vec![Section { title: "All".to_owned(), rows: vec![row; n] }] };
        let (title, committee) = ("Card".to_owned(), String::new());
        let scorecard = ScorecardId::new("card").unwrap();
        give(Command::DefineScorecard(ScorecardDefinition {
            scorecard,
            title,
            committee,
            layout,
            remit: Remit::default(),
        }))
    };
    for taken in [neighbours(NEIGHBOURS_MAX), rows(SCORECARD_ROWS_MAX)] {
        assert_eq!(rig.decide(vec![taken]).rejected, []);
    }
    for refused in [neighbours(NEIGHBOURS_MAX + 1), rows(SCORECARD_ROWS_MAX + 1)] {
        assert!(matches!(rig.rejects(refused), Rejection::TooMany { .. }));
    }
}

#[test]
fn the_words_of_a_previous_period_are_bounded_and_a_definition_may_be_long() {
    let rig = Rig::new();
    let previous = |words: String| {
        let previous = StatedPrevious { value: Decimal::whole(1), period: StatedPeriod::Words(words) };
        let entry = ResultEntry { stated_previous: Some(previous), ..entry(stated("5")) };
        give(Command::RecordResult(ResultRecorded { cell: cell("kpi", "2018-01"), entry }))
    };
    assert_eq!(rig.decide(vec![previous("x".repeat(NAME_BYTES_MAX))]).rejected, []);
    assert!(matches!(rig.rejects(previous("x".repeat(NAME_BYTES_MAX + 1))), Rejection::TooLong { .. }));
    let text = |n| give(define(Definition { definition: Content::Inline("x".repeat(n)), ..definition("new") }));
    assert_eq!(rig.decide(vec![text(TEXT_BYTES_MAX)]).rejected, []);
    assert!(matches!(rig.rejects(text(TEXT_BYTES_MAX + 1)), Rejection::TooLong { .. }));
}
