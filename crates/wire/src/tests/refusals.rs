//! Each bad field names itself, by its path, with what to do.

use domain::SubmissionId;
use domain::command::{Command, Expect, ScorecardDefinition};
use domain::event::{
    ActorNamed, AreaDefined, AreaLevel, Average, BenchmarkRecorded, CohortDefined, CommitteeAct, Comparator,
    MeasureWithdrawn, NeighboursAdopted, ResultRecorded, RowSetAside, RuleAdopted, TargetChanged, TargetWithdrawn,
};
use domain::result::StatedPeriod;
use domain::scorecard::{Layout, LayoutRow, Remit, Section};

use super::given::{self, code, date, decimal};
use crate::v1::instruction::Command as Wire;
use crate::{command, v1};

/// Encodes the command, spoils it, and says which field is named.
#[track_caller]
fn named(given: Command, spoil: impl FnOnce(&mut Wire)) -> String {
    let mut message = command::encode(&given::instruction(given));
    command::decode(message.clone()).expect("the command is good before it is spoilt");
    spoil(message.command.as_mut().unwrap());
    let violation = command::decode(message).unwrap_err();
    assert!(!violation.problem.is_empty() && !violation.remedy.is_empty(), "{violation}");
    violation.field
}

macro_rules! names {
    ($given:expr; $variant:ident: $($field:literal: $message:ident => $spoil:expr;)+) => {$(
        let field = named($given, |wire| match wire {
            Wire::$variant($message) => $spoil,
            other => panic!("{other:?}"),
        });
        assert_eq!(field, $field);
    )+};
}

fn entry(it: &mut v1::RecordResult) -> &mut v1::ResultEntry {
    it.entry.as_mut().unwrap()
}

fn figure(it: &mut v1::RecordResult, figure: v1::figure::Figure) {
    entry(it).figure = Some(v1::Figure { figure: Some(figure) });
}

fn terms(it: &mut v1::ChangeTarget) -> &mut v1::Terms {
    it.terms.as_mut().unwrap()
}

fn section(it: &mut v1::DefineScorecard) -> &mut v1::LayoutSection {
    &mut it.layout.as_mut().unwrap().sections[0]
}

const LONG: usize = 201;

fn measure() -> Command {
    Command::DefineMeasure { definition: given::definition(), expect: Expect::New }
}

#[test]
fn of_a_definition() {
    fn inner(it: &mut v1::DefineMeasure) -> &mut v1::Definition {
        it.definition.as_mut().unwrap()
    }
    names! { measure(); DefineMeasure:
        "define_measure.definition": it => it.definition = None;
        "define_measure.expect": it => it.expect = 0;
        "define_measure.definition.measure": it => inner(it).measure = "two words".to_owned();
        "define_measure.definition.title": it => inner(it).title = String::new();
        "define_measure.definition.title": it => inner(it).title = "x".repeat(LONG);
        "define_measure.definition.kind": it => inner(it).kind = 0;
        "define_measure.definition.kind": it => inner(it).kind = 9;
        "define_measure.definition.expected": it => inner(it).expected = Some(crate::value::encode_range((decimal("1"), decimal("2"))));
        "define_measure.definition.expected.low": it => inner(it).expected = Some(v1::DecimalRange::default());
        "define_measure.definition.unit": it => inner(it).unit = None;
        "define_measure.definition.unit.multiplier": it => inner(it).unit = Some(v1::Unit::default());
        "define_measure.definition.unit.label": it => inner(it).unit = Some(v1::Unit { label: "x".repeat(LONG), multiplier: 1 });
        "define_measure.definition.decimal_places": it => inner(it).decimal_places = 7;
        "define_measure.definition.polarity": it => inner(it).polarity = 0;
        "define_measure.definition.frequency": it => inner(it).frequency = 99;
        "define_measure.definition.basis": it => inner(it).basis = 0;
        "define_measure.definition.basis": it => inner(it).basis = 99;
        "define_measure.definition.basis_months": it => inner(it).basis_months = 0;
        "define_measure.definition.basis_months": it => inner(it).basis_months = 256;
        "define_measure.definition.basis_months": it => inner(it).basis = v1::BasisKind::Snapshot.into();
        "define_measure.definition.year_type": it => inner(it).year_type = -1;
        "define_measure.definition.definition.stored": it => inner(it).definition = Some(v1::Content {
            content: Some(v1::content::Content::Stored(v1::StoredContent::default())),
        });
        "define_measure.definition.data_source": it => inner(it).data_source = "x".repeat(LONG);
        "define_measure.definition.owner": it => inner(it).owner = "x".repeat(LONG);
    }
}

#[test]
fn of_a_result() {
    let given = || Command::RecordResult(ResultRecorded { cell: given::cell(), entry: given::entry() });
    let too_fine = v1::Decimal { coefficient: 1, scale: 19 };
    names! { given(); RecordResult:
        "record_result.cell": it => it.cell = None;
        "record_result.cell.measure": it => it.cell.as_mut().unwrap().measure = String::new();
        "record_result.cell.area": it => it.cell.as_mut().unwrap().area = "E1/2".to_owned();
        "record_result.cell.cohort": it => it.cell.as_mut().unwrap().cohort = "x".repeat(65);
        "record_result.cell.period": it => it.cell.as_mut().unwrap().period = "2018-13".to_owned();
        "record_result.entry": it => it.entry = None;
        "record_result.entry.figure": it => entry(it).figure = None;
        "record_result.entry.figure": it => entry(it).figure = Some(v1::Figure { figure: None });
        "record_result.entry.figure.stated.value": it => figure(it, v1::figure::Figure::Stated(v1::StatedFigure::default()));
        "record_result.entry.figure.stated.denominator.scale": it => figure(it, v1::figure::Figure::Stated(
            v1::StatedFigure { value: Some(v1::Decimal::default()), denominator: Some(too_fine) },
        ));
        "record_result.entry.figure.counted.numerator": it => figure(it, v1::figure::Figure::Counted(v1::CountedFigure::default()));
        "record_result.entry.figure.counted.denominator": it => figure(it, v1::figure::Figure::Counted(
            v1::CountedFigure { numerator: Some(v1::Decimal::default()), ..v1::CountedFigure::default() },
        ));
        "record_result.entry.figure.missing": it => figure(it, v1::figure::Figure::Missing(0));
        "record_result.entry.status": it => entry(it).status = 0;
        "record_result.entry.stated_colour": it => entry(it).stated_colour = 4;
        "record_result.entry.stated_previous.value": it => entry(it).stated_previous = Some(v1::StatedPrevious::default());
        "record_result.entry.stated_previous.period.words": it => {
            let words = v1::stated_period::Stated::Words(String::new());
            entry(it).stated_previous.as_mut().unwrap().period = Some(v1::StatedPeriod { stated: Some(words) });
        };
        "record_result.entry.source_text": it => entry(it).source_text = "x".repeat(LONG);
    }
}

#[test]
fn of_a_target() {
    let given = || {
        Command::ChangeTarget(TargetChanged {
            key: given::key(),
            span: given::span(),
            terms: given::terms(),
            decision: "minute 12".to_owned(),
        })
    };
    names! { given(); ChangeTarget:
        "change_target.key": it => it.key = None;
        "change_target.key.measure": it => it.key.as_mut().unwrap().measure = String::new();
        "change_target.key.area": it => it.key.as_mut().unwrap().area = String::new();
        "change_target.key.cohort": it => it.key.as_mut().unwrap().cohort = "a b".to_owned();
        "change_target.key.owner": it => it.key.as_mut().unwrap().owner = 0;
        "change_target.span": it => it.span = None;
        "change_target.span.from": it => it.span.as_mut().unwrap().from = String::new();
        "change_target.span.to": it => it.span.as_mut().unwrap().to = "2018-04-01".to_owned();
        "change_target.terms": it => it.terms = None;
        "change_target.terms.target": it => terms(it).target = None;
        "change_target.terms.target": it => terms(it).target = Some(v1::Target { target: None });
        "change_target.terms.target.more_than.scale": it => terms(it).target = Some(v1::Target {
            target: Some(v1::target::Target::MoreThan(v1::Decimal { coefficient: 1, scale: 19 })),
        });
        "change_target.terms.target.within.low": it => terms(it).target = Some(v1::Target {
            target: Some(v1::target::Target::Within(v1::DecimalRange::default())),
        });
        "change_target.terms.minimum.value.scale": it => terms(it).minimum = Some(v1::Minimum {
            minimum: Some(v1::minimum::Minimum::Value(v1::Decimal { coefficient: 1, scale: 300 })),
        });
        "change_target.decision": it => it.decision = String::new();
        "change_target.decision": it => it.decision = "x".repeat(1_001);
    }
    let given = || {
        let (key, span) = (given::key(), given::span());
        Command::WithdrawTarget(TargetWithdrawn { key, span, decision: "minute 12".to_owned() })
    };
    names! { given(); WithdrawTarget:
        "withdraw_target.key": it => it.key = None;
        "withdraw_target.span": it => it.span = None;
        "withdraw_target.decision": it => it.decision = String::new();
    }
}

#[test]
fn of_names_and_areas() {
    let actor = || Command::NameActor(ActorNamed { actor: code("jo"), name: "Jo".to_owned() });
    names! { actor(); NameActor:
        "name_actor.actor": it => it.actor = String::new();
        "name_actor.name": it => it.name = String::new();
    }
    let area = || {
        Command::DefineArea(AreaDefined {
            area: code("E10000016"),
            name: "Kent".to_owned(),
            level: AreaLevel::Authority,
            parent: None,
        })
    };
    names! { area(); DefineArea:
        "define_area.area": it => it.area = "E 1".to_owned();
        "define_area.name": it => it.name = "x".repeat(LONG);
        "define_area.level": it => it.level = 5;
        "define_area.parent": it => it.parent = "E 1".to_owned();
    }
    let cohort = || {
        Command::DefineCohort(CohortDefined { cohort: code("all"), name: "All".to_owned(), description: String::new() })
    };
    names! { cohort(); DefineCohort:
        "define_cohort.cohort": it => it.cohort = String::new();
        "define_cohort.name": it => it.name = String::new();
        "define_cohort.description": it => it.description = "x".repeat(1_001);
    }
    let list = || {
        Command::AdoptNeighbours(NeighboursAdopted {
            list: code("kent"),
            area: code("E10000016"),
            from: date("2018-04-01"),
            members: vec![code("E10000011")],
            average: Average::Mean,
            at_least: 1,
        })
    };
    names! { list(); AdoptNeighbours:
        "adopt_neighbours.list": it => it.list = String::new();
        "adopt_neighbours.area": it => it.area = String::new();
        "adopt_neighbours.from": it => it.from = "April".to_owned();
        "adopt_neighbours.members": it => it.members.clear();
        "adopt_neighbours.members": it => it.members = vec!["E1".to_owned(); 33];
        "adopt_neighbours.members[1]": it => it.members.push("E 1".to_owned());
        "adopt_neighbours.average": it => it.average = 0;
        "adopt_neighbours.at_least": it => it.at_least = 256;
    }
}

#[test]
fn of_benchmarks_and_commentary() {
    let benchmark = || {
        Command::RecordBenchmark(BenchmarkRecorded {
            cell: given::cell(),
            comparator: Comparator::Neighbours,
            figure: Ok(decimal("58.6")),
            period: StatedPeriod::NotStated,
            source: "DfE".to_owned(),
        })
    };
    names! { benchmark(); RecordBenchmark:
        "record_benchmark.cell": it => it.cell = None;
        "record_benchmark.comparator": it => it.comparator = None;
        "record_benchmark.comparator": it => it.comparator = Some(v1::Comparator { comparator: None });
        "record_benchmark.comparator.area": it => it.comparator = Some(v1::Comparator {
            comparator: Some(v1::comparator::Comparator::Area(String::new())),
        });
        "record_benchmark.comparator.group": it => it.comparator = Some(v1::Comparator {
            comparator: Some(v1::comparator::Comparator::Group("x".repeat(LONG))),
        });
        "record_benchmark.value": it => it.figure = None;
        "record_benchmark.value.scale": it => it.figure =
            Some(v1::record_benchmark::Figure::Value(v1::Decimal { coefficient: 1, scale: 19 }));
        "record_benchmark.missing": it => it.figure = Some(v1::record_benchmark::Figure::Missing(0));
        "record_benchmark.period.period": it => it.period = Some(v1::StatedPeriod {
            stated: Some(v1::stated_period::Stated::Period("2018".to_owned())),
        });
        "record_benchmark.source": it => it.source = "x".repeat(LONG);
    }
    let commentary = || Command::WriteCommentary { cell: given::cell(), text: "Good.".to_owned() };
    names! { commentary(); WriteCommentary:
        "write_commentary.cell": it => it.cell = None;
        "write_commentary.text": it => it.text = String::new();
    }
}

#[test]
fn of_rules_and_withdrawals() {
    let rule = || RuleAdopted { rule: code("kent.1"), measure: None, from: date("2018-04-01") };
    names! { Command::AdoptRatingRule(rule()); AdoptRatingRule:
        "adopt_rating_rule.rule": it => it.rule = String::new();
        "adopt_rating_rule.measure": it => it.measure = "a b".to_owned();
        "adopt_rating_rule.from": it => it.from = "2018-02-30".to_owned();
    }
    names! { Command::AdoptDirectionMethod(rule()); AdoptDirectionMethod:
        "adopt_direction_method.method": it => it.method = String::new();
        "adopt_direction_method.measure": it => it.measure = "a b".to_owned();
        "adopt_direction_method.from": it => it.from = String::new();
    }
    let withdrawn = || {
        Command::WithdrawMeasure(MeasureWithdrawn {
            measure: code("pep"),
            from: date("2018-09-01"),
            successor: None,
            comparable: false,
        })
    };
    names! { withdrawn(); WithdrawMeasure:
        "withdraw_measure.measure": it => it.measure = String::new();
        "withdraw_measure.from": it => it.from = String::new();
        "withdraw_measure.successor": it => it.successor = "a b".to_owned();
    }
    names! { Command::WithdrawResult(given::cell()); WithdrawResult:
        "withdraw_result.cell": it => it.cell = None;
    }
    let id = SubmissionId([1; 16]);
    names! { Command::RollBackSubmission(id); RollBackSubmission:
        "roll_back_submission.submission_id": it => it.submission_id = "7".to_owned();
    }
    names! { Command::ReinstateSubmission(id); ReinstateSubmission:
        "reinstate_submission.submission_id": it => it.submission_id = String::new();
    }
    let row = || {
        let (text, field) = ("a,b".to_owned(), "period".to_owned());
        Command::SetAside(RowSetAside { text, field, problem: "is not a period".to_owned() })
    };
    names! { row(); SetAside:
        "set_aside.text": it => it.text = "x".repeat(1_001);
        "set_aside.field": it => it.field = "x".repeat(LONG);
        "set_aside.problem": it => it.problem = String::new();
    }
    names! { Command::RaiseFormat(2); RaiseFormat:
        "raise_format.format": it => it.format = 0;
        "raise_format.format": it => it.format = 65_536;
    }
}

#[test]
fn of_what_is_said_for_a_committee() {
    let agree = || {
        let (text, owner, due) = ("Visit schools.".to_owned(), "Standards".to_owned(), date("2019-03-31"));
        Command::AgreeAction { cell: given::cell(), text, owner, due }
    };
    names! { agree(); AgreeAction:
        "agree_action.cell": it => it.cell = None;
        "agree_action.text": it => it.text = String::new();
        "agree_action.owner": it => it.owner = String::new();
        "agree_action.due": it => it.due = "31/03/2019".to_owned();
    }
    let act = || Command::RecordCommitteeAct { view: code("v"), act: CommitteeAct::Noted, text: String::new() };
    names! { act(); RecordCommitteeAct:
        "record_committee_act.view": it => it.view = String::new();
        "record_committee_act.act": it => it.act = 4;
        "record_committee_act.text": it => it.text = "x".repeat(65_537);
    }
    let told = Some((given::entry().figure, given::entry().status));
    let late = || Command::TellLateFigure { view: code("v"), cell: given::cell(), told, text: String::new() };
    names! { late(); TellLateFigure:
        "tell_late_figure.view": it => it.view = "a b".to_owned();
        "tell_late_figure.cell": it => it.cell = None;
        "tell_late_figure.told.figure": it => it.told.as_mut().unwrap().figure = None;
        "tell_late_figure.told.status": it => it.told.as_mut().unwrap().status = 0;
        "tell_late_figure.text": it => it.text = "x".repeat(65_537);
    }
}

#[test]
fn of_a_scorecard() {
    let given = || {
        let row = LayoutRow { measure: code("m"), cohort: code("all"), rated: true, owner: None };
        Command::DefineScorecard(ScorecardDefinition {
            scorecard: code("cype"),
            title: "CYPE".to_owned(),
            committee: String::new(),
            layout: Layout { sections: vec![Section { title: "Monthly".to_owned(), rows: vec![row] }] },
            remit: Remit { owner: "Finance".to_owned(), ..Remit::default() },
        })
    };
    names! { given(); DefineScorecard:
        "define_scorecard.scorecard": it => it.scorecard = String::new();
        "define_scorecard.title": it => it.title = String::new();
        "define_scorecard.committee": it => it.committee = "x".repeat(LONG);
        "define_scorecard.layout": it => it.layout = None;
        "define_scorecard.remit.from": it => it.remit.as_mut().unwrap().from = "soon".to_owned();
        "define_scorecard.remit.owner": it => it.remit.as_mut().unwrap().owner = "x".repeat(LONG);
        "define_scorecard.remit.director": it => it.remit.as_mut().unwrap().director = "x".repeat(LONG);
        "define_scorecard.remit.behind": it => it.remit.as_mut().unwrap().behind = "a b".to_owned();
        "define_scorecard.remit.subset_of": it => it.remit.as_mut().unwrap().subset_of = "a b".to_owned();
        "define_scorecard.layout.sections[0].title": it => section(it).title = "two\nlines".to_owned();
        "define_scorecard.layout.sections[0].rows[0].measure": it => section(it).rows[0].measure = String::new();
        "define_scorecard.layout.sections[0].rows[0].cohort": it => section(it).rows[0].cohort = "a b".to_owned();
        "define_scorecard.layout.sections[0].rows[0].owner": it => section(it).rows[0].owner = 4;
        "define_scorecard.layout.sections": it => {
            let row = section(it).rows[0].clone();
            section(it).rows = vec![row; 1_001];
        };
    }
}

#[test]
fn of_what_every_instruction_has() {
    let good = || command::encode(&given::instruction(Command::WithdrawResult(given::cell())));
    let field = |message| command::decode(message).unwrap_err().field;
    assert_eq!(field(v1::Instruction { command: None, ..good() }), "command");
    assert_eq!(field(v1::Instruction { reason: "x".repeat(1_001), ..good() }), "reason");
    assert_eq!(field(v1::Instruction { cause: 4, ..good() }), "cause");
    assert_eq!(field(v1::Instruction { known_on: "yesterday".to_owned(), ..good() }), "known_on");
    let never = prost_types::Timestamp { seconds: i64::MAX, nanos: 0 };
    assert_eq!(field(v1::Instruction { known_at: Some(never), ..good() }), "known_at");
    let origin = |file, line| Some(v1::Origin { file, line, file_name: String::new() });
    assert_eq!(field(v1::Instruction { origin: origin(0, 0), ..good() }), "origin.line");
    assert_eq!(field(v1::Instruction { origin: origin(70_000, 1), ..good() }), "origin.file");
}

#[test]
fn a_long_value_is_cut_between_characters() {
    let given = Command::NameActor(ActorNamed { actor: code("jo"), name: "Jo".to_owned() });
    let mut message = command::encode(&given::instruction(given));
    if let Some(Wire::NameActor(it)) = &mut message.command {
        it.name = "é".repeat(150);
    }
    let violation = command::decode(message).unwrap_err();
    assert_eq!(violation.value, "é".repeat(100));
    assert_eq!(violation.problem, "has 300 bytes; at most 200 are allowed");
}

#[test]
fn of_questions() {
    use crate::query;
    let field = |asked: Result<(), crate::FieldViolation>| asked.unwrap_err().field;
    let scorecard = v1::GetScorecardRequest { scorecard: "cype".to_owned(), ..v1::GetScorecardRequest::default() };
    assert_eq!(field(query::scorecard(scorecard.clone()).map(drop)), "period");
    let area = v1::GetScorecardRequest { area: "a b".to_owned(), period: "2018-09".to_owned(), ..scorecard };
    assert_eq!(field(query::scorecard(area).map(drop)), "area");
    let backwards = v1::GetMeasureHistoryRequest {
        measure: "m".to_owned(),
        from_period: "2018-09".to_owned(),
        to_period: "2018-08".to_owned(),
        ..v1::GetMeasureHistoryRequest::default()
    };
    assert_eq!(field(query::measure_history(backwards).map(drop)), "to_period");
    let cell = v1::Cell { measure: "m".to_owned(), ..v1::Cell::default() };
    let explain = v1::ExplainRatingRequest { cell: Some(cell), as_of: None };
    assert_eq!(field(query::explanation(explain).map(drop)), "cell.period");
    let unknown = v1::ReadLogRequest {
        event_types: vec!["ResultRecorded".to_owned(), "ResultChanged".to_owned()],
        ..v1::ReadLogRequest::default()
    };
    assert_eq!(field(query::log(unknown).map(drop)), "event_types[1]");
    let long = v1::ListMeasuresRequest { query: "x".repeat(LONG), ..v1::ListMeasuresRequest::default() };
    assert_eq!(field(query::measures(long).map(drop)), "query");
}
