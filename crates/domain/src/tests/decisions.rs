//! Every rejection is reached, says what to do, and records nothing; every change is told as what it is.

use super::rig::{
    Rig, area, at, cell, define, define_area, define_cohort, definition, entry, file, give, known, measure, record,
    stated, target, why,
};
use crate::command::Expect;
use crate::decide::Rejection;
use crate::event::{
    ActorNamed, AreaDefined, AreaLevel, MeasureWithdrawn, ResultRecorded, RowSetAside, TargetChanged, TargetWithdrawn,
};
use crate::measure::{Definition, MeasureKind, Polarity};
use crate::preview::{ChangeKind, Tally};
use crate::result::{Colour, ResultEntry, StatedPeriod, StatedPrevious};
use crate::{
    ActorId, AsOf, CohortId, Command, Date, Decimal, Event, Figure, Instruction, Minimum, Missing, Origin, RuleId,
    Span, Status, SubmissionId, Target, Terms,
};

fn withdraw_measure(code: &str, from: Date) -> Command {
    Command::WithdrawMeasure(MeasureWithdrawn { measure: measure(code), from, successor: None, comparable: false })
}

fn at_least(value: i64) -> Target {
    Target::AtLeast(Decimal::whole(value))
}

fn withdraw_target(code: &str) -> Command {
    let TargetChanged { key, span, .. } = target(code, at_least(90));
    Command::WithdrawTarget(TargetWithdrawn { key, span, decision: "minute 2".to_owned() })
}

fn counted(numerator: i64, denominator: i64) -> Command {
    let (numerator, denominator) = (Decimal::whole(numerator), Decimal::whole(denominator));
    let figure = Figure::Counted { numerator, denominator, stated: None };
    Command::RecordResult(ResultRecorded { cell: cell("kpi", "2018-01"), entry: entry(figure) })
}

fn without_reason(command: Command) -> Instruction {
    Instruction { why: why(" "), ..give(command) }
}

fn some_cell(area_code: &str, cohort: &str) -> Command {
    let mut it = cell("kpi", "2018-01");
    it.series.area = area(area_code);
    it.series.cohort = CohortId::new(cohort).unwrap();
    Command::RecordResult(ResultRecorded { cell: it, entry: entry(stated("1")) })
}

/// Rejections that one instruction reaches in a book that has only definitions.
fn rejections(rig: &Rig) -> Vec<(&'static str, Rejection)> {
    let id = SubmissionId([0xee; 16]);
    let new = |definition| Command::DefineMeasure { definition, expect: Expect::New };
    let existing = Command::DefineMeasure { definition: definition("none"), expect: Expect::Existing };
    let no_decision = TargetChanged { decision: " ".to_owned(), ..target("kpi", at_least(90)) };
    let circle = AreaDefined { area: area("E"), name: "E".into(), level: AreaLevel::Country, parent: Some(area("K")) };
    let cases = [
        ("UnknownMeasure", give(record("none", "2018-01", "1"))),
        ("UnknownMeasure", give(existing)),
        ("UnknownMeasure", give(withdraw_measure("none", Date::constant(2018, 1, 1)))),
        ("UnknownArea", give(some_cell("nowhere", "all"))),
        ("UnknownArea", give(define_area("X", Some("nowhere")))),
        ("UnknownCohort", give(some_cell("K", "nobody"))),
        ("UnknownSubmission", give(Command::RollBackSubmission(id))),
        ("AlreadyDefined", give(new(definition("kpi")))),
        ("AreaCircle", give(Command::DefineArea(circle))),
        ("Ratio", give(counted(1, 0))),
        ("Ratio", give(counted(-1, 5))),
        ("Terms", give(Command::ChangeTarget(target("kpi", Target::AtMost(Decimal::whole(5)))))),
        ("TargetOfActivity", give(Command::ChangeTarget(target("activity", at_least(5))))),
        ("NothingToWithdraw", give(Command::WithdrawResult(cell("kpi", "2018-01")))),
        ("NothingToWithdraw", give(withdraw_target("kpi"))),
        ("KnownInFuture", known(rig.now_micros + 1, record("kpi", "2018-01", "1"))),
        ("NoReason", without_reason(Command::WithdrawResult(cell("kpi", "2018-01")))),
        ("NoReason", without_reason(Command::ChangeTarget(target("kpi", at_least(90))))),
        ("NoReason", without_reason(withdraw_target("kpi"))),
        ("NoReason", without_reason(withdraw_measure("kpi", Date::constant(2018, 1, 1)))),
        ("NoReason", without_reason(Command::RollBackSubmission(id))),
        ("NoReason", without_reason(Command::ReinstateSubmission(id))),
        ("NoDecision", give(Command::ChangeTarget(no_decision))),
    ];
    cases.into_iter().map(|(name, instruction)| (name, rig.rejects(instruction))).collect()
}

fn name(rejection: &Rejection) -> String {
    let told = format!("{rejection:?}");
    told.split([' ', '(', '{']).next().unwrap().to_owned()
}

#[test]
fn each_rejection_is_reached_and_says_what_to_do() {
    let mut reached = std::collections::BTreeSet::new();
    let mut assert_told = |expected: &str, rejection: &Rejection| {
        assert_eq!(name(rejection), expected, "{rejection}");
        let (problem, remedy) = (rejection.to_string(), rejection.remedy());
        assert!(!problem.is_empty() && !problem.ends_with('.'), "{problem}");
        assert!(!remedy.is_empty() && !remedy.ends_with('.') && !remedy.starts_with(char::is_uppercase), "{remedy}");
        reached.insert(expected.to_owned());
    };
    for (expected, rejection) in rejections(&Rig::new()) {
        assert_told(expected, &rejection);
    }
    let mut rig = Rig::new();
    rig.put_in(vec![give(withdraw_measure("kpi", Date::constant(2018, 4, 1)))]);
    assert_told("MeasureWithdrawn", &rig.rejects(give(record("kpi", "2018-04", "1"))));
    assert_eq!(
        rig.decide(vec![give(record("kpi", "2018-03", "1"))]).rejected,
        [],
        "earlier periods are still reported"
    );

    let mut rig = Rig::new();
    let (first, _) = rig.put_in(vec![give(record("kpi", "2018-01", "1"))]);
    assert_told("NotRolledBack", &rig.rejects(give(Command::ReinstateSubmission(first))));
    let (second, _) = rig.put_in(vec![give(Command::RollBackSubmission(first))]);
    assert_told("AlreadyRolledBack", &rig.rejects(give(Command::RollBackSubmission(first))));
    assert_told("CannotRollBack", &rig.rejects(give(Command::RollBackSubmission(second))));
    assert_told("KnownTooEarly", &rig.rejects(known(1, Command::ReinstateSubmission(first))));
    let (other, _) = rig.put_in(vec![give(define(definition("other")))]);
    rig.put_in(vec![give(record("other", "2018-01", "1"))]);
    assert_told("WouldOrphan", &rig.rejects(give(Command::RollBackSubmission(other))));
    let both = vec![give(Command::ReinstateSubmission(first)), give(record("kpi", "2018-02", "1"))];
    assert_told("NotAlone", &rig.decide(both).rejected[0].rejection);
    let twice = vec![give(record("kpi", "2018-02", "1")), give(record("kpi", "2018-02", "1"))];
    assert_told("Duplicate", &rig.decide(twice).rejected[0].rejection);
    // The bounds have tests of their own; only the program knows which rules there are.
    let elsewhere = ["OutOfBounds", "Text", "TooLong", "TooMany", "UnknownRule"];
    assert_eq!(reached.len() + elsewhere.len(), 26, "{reached:?}");
    let rule = RuleId::new("kent.9").unwrap();
    assert!(!Rejection::UnknownRule { rule }.remedy().is_empty());
}

#[test]
fn a_rejection_names_its_field_and_its_line_and_the_line_where_it_was_first() {
    let rig = Rig::new();
    let line = |n: u32| Some(Origin { file: 0, line: std::num::NonZeroU32::new(n).unwrap() });
    let row = |n, period, value| Instruction { origin: line(n), ..give(record("kpi", period, value)) };
    let decision = rig.decide(vec![row(2, "2018-01", "1"), row(3, "2018-02", "2"), row(4, "2018-01", "3")]);
    let [rejected] = decision.rejected.as_slice() else { panic!("{:?}", decision.rejected) };
    assert_eq!((rejected.instruction, rejected.origin), (2, line(4)));
    assert_eq!(rejected.rejection, Rejection::Duplicate { what: "result", first: line(2) });
    assert_eq!(rejected.rejection.to_string(), "the same result is given twice, first on line 2");
    assert_eq!(decision.drafts.len(), 2, "what is not rejected is still judged");
    assert_eq!(rig.rejects(give(counted(1, 0))).field(), "denominator");
    assert_eq!(rig.rejects(give(counted(-1, 1))).field(), "numerator");
    assert_eq!(rig.rejects(give(record("none", "2018-01", "1"))).field(), "measure");
}

#[test]
fn a_file_may_define_what_it_uses_but_not_the_other_way_round() {
    let rig = Rig::new();
    let (defines, uses) = (give(define(definition("new"))), give(record("new", "2018-01", "1")));
    let decision = rig.decide(vec![defines.clone(), uses.clone()]);
    assert_eq!((decision.rejected.len(), decision.drafts.len()), (0, 2));
    let decision = rig.decide(vec![uses, defines]);
    assert_eq!(decision.rejected.len(), 1);
    let (areas, cohorts) = (give(define_area("X", Some("K"))), give(define_cohort("some")));
    assert_eq!(rig.decide(vec![areas, cohorts, give(some_cell("X", "some"))]).rejected, []);
}

#[test]
fn changes_are_told_as_new_revised_withdrawn_and_unchanged() {
    let mut rig = Rig::new();
    rig.put_in(vec![
        give(record("kpi", "2018-01", "43.44")),
        give(record("kpi", "2018-02", "7")),
        give(record("kpi", "2018-03", "9")),
    ]);
    let decision = rig.decide(vec![
        give(record("kpi", "2018-01", "43.51")),
        give(Command::WithdrawResult(cell("kpi", "2018-02"))),
        give(record("kpi", "2018-03", "9.0")),
        give(record("kpi", "2018-04", "11")),
        give(Command::SetAside(RowSetAside { text: "x".into(), field: String::new(), problem: "wrong".into() })),
    ]);
    assert_eq!(decision.tallies["result"], Tally { new: 1, revised: 1, withdrawn: 1, unchanged: 1 });
    assert_eq!(decision.tallies["row set aside"].new, 1);
    let told: Vec<_> = decision
        .changes
        .iter()
        .map(|change| (change.kind, change.subject.as_str(), change.before.as_str(), change.after.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (ChangeKind::Revised, "result of kpi, K, all, January 2018", "43.4%", "43.5%"),
            (ChangeKind::Withdrawn, "result of kpi, K, all, February 2018", "7.0%", ""),
            (ChangeKind::New, "result of kpi, K, all, April 2018", "", "11.0%"),
            (ChangeKind::New, "row set aside: x", "", "wrong"),
        ]
    );
    assert_eq!(decision.drafts.len(), 4);
}

#[test]
fn of_a_revision_that_looks_like_what_stood_it_is_said_what_differs() {
    let told = |standing: ResultEntry, given: ResultEntry| {
        let mut rig = Rig::new();
        let command = |entry| Command::RecordResult(ResultRecorded { cell: cell("kpi", "2018-01"), entry });
        rig.put_in(vec![give(command(standing))]);
        let change = rig.decide(vec![give(command(given))]).changes.remove(0);
        (change.before, change.after)
    };
    let both = |before: &str, after: &str| (before.to_owned(), after.to_owned());
    let of = |status| ResultEntry { status, ..entry(stated("44.5")) };
    let settled = told(of(Status::Provisional), of(Status::Final));
    assert_eq!(settled, both("44.5% (provisional)", "44.5% (final)"));
    let digits = told(entry(stated("2.69")), entry(stated("2.71")));
    assert_eq!(digits, both("2.7% (2.69)", "2.7% (2.71)"));
    let counted =
        Figure::Counted { numerator: "93".parse().unwrap(), denominator: "155".parse().unwrap(), stated: None };
    assert_eq!(told(entry(counted), entry(stated("60.000"))), both("60.0% (93 of 155)", "60.0% (60.000)"));
}

#[test]
fn whatever_is_said_of_a_figure_makes_it_another_entry() {
    let mut rig = Rig::new();
    let give_entry =
        |entry: ResultEntry| vec![give(Command::RecordResult(ResultRecorded { cell: cell("kpi", "2018-01"), entry }))];
    let standing = entry(stated("74"));
    rig.put_in(give_entry(standing.clone()));
    let previous = StatedPrevious { value: Decimal::whole(70), period: StatedPeriod::NotStated };
    let same = [
        ResultEntry { figure: stated("74.00"), ..standing.clone() },
        ResultEntry { source_text: "74 %".to_owned(), ..standing.clone() },
    ];
    for entry in same {
        assert_eq!(rig.decide(give_entry(entry.clone())).drafts, [], "{entry:?}");
    }
    let denominator = Some(Decimal::whole(364));
    let (part, whole) = (Decimal::whole(74), Decimal::whole(100));
    let others = [
        ResultEntry { figure: stated("74.01"), ..standing.clone() },
        ResultEntry { figure: Figure::Stated { value: Decimal::whole(74), denominator }, ..standing.clone() },
        ResultEntry {
            figure: Figure::Counted { numerator: part, denominator: whole, stated: None },
            ..standing.clone()
        },
        ResultEntry { figure: Figure::Missing(Missing::Low), ..standing.clone() },
        ResultEntry { status: Status::Final, ..standing.clone() },
        ResultEntry { stated_colour: Some(Colour::Red), ..standing.clone() },
        ResultEntry { stated_previous: Some(previous), ..standing.clone() },
    ];
    for entry in others {
        assert_eq!(rig.decide(give_entry(entry.clone())).drafts.len(), 1, "{entry:?}");
    }
}

#[test]
fn a_target_is_the_same_only_with_its_span_its_minimum_standard_and_its_decision() {
    let mut rig = Rig::new();
    let standing = target("kpi", at_least(90));
    let change = |changed: &TargetChanged| vec![give(Command::ChangeTarget(changed.clone()))];
    rig.put_in(change(&standing));
    let terms = |target, minimum| Terms { target, minimum };
    let written = Target::AtLeast("90.0".parse().unwrap());
    assert_eq!(
        rig.decide(change(&TargetChanged { terms: terms(written, Minimum::Unknown), ..standing.clone() })).drafts,
        []
    );
    let others = [
        TargetChanged { span: Span { to: Some(Date::constant(2019, 1, 1)), ..standing.span }, ..standing.clone() },
        TargetChanged { decision: "minute 9".to_owned(), ..standing.clone() },
        TargetChanged { terms: terms(at_least(90), Minimum::Value(Decimal::whole(80))), ..standing.clone() },
        TargetChanged { terms: terms(Target::MoreThan(Decimal::whole(90)), Minimum::Unknown), ..standing.clone() },
    ];
    for other in others {
        assert_eq!(rig.decide(change(&other)).drafts.len(), 1, "{other:?}");
    }
    rig.put_in(vec![give(withdraw_target("kpi"))]);
    assert_eq!(rig.decide(vec![give(withdraw_target("kpi"))]).drafts, [], "it is withdrawn already");
    assert_eq!(rig.decide(change(&standing)).drafts.len(), 1, "what was withdrawn can be set again");
}

#[test]
fn a_backfill_is_compared_with_what_stood_at_its_own_instant() {
    let mut rig = Rig::new();
    let early = rig.now_micros;
    rig.put_in(vec![give(record("kpi", "2018-01", "1"))]);
    let later = rig.now_micros;
    rig.put_in(vec![give(record("kpi", "2018-01", "2"))]);
    let n_drafts = |instruction| rig.decide(vec![instruction]).drafts.len();
    assert_eq!(n_drafts(known(early, record("kpi", "2018-01", "1"))), 0);
    assert_eq!(n_drafts(known(early, record("kpi", "2018-01", "2"))), 1, "it stands, but did not then");
    assert_eq!(n_drafts(known(later - 1, record("kpi", "2018-01", "1"))), 0);
    assert_eq!(n_drafts(known(later, record("kpi", "2018-01", "2"))), 0);
    assert_eq!(n_drafts(known(early - 1, record("kpi", "2018-01", "1"))), 1, "nothing stood yet");
    assert_eq!(n_drafts(give(record("kpi", "2018-01", "2"))), 0);
}

#[test]
fn a_redefined_measure_no_longer_takes_what_does_not_suit_it() {
    let mut rig = Rig::new();
    rig.put_in(vec![give(Command::ChangeTarget(target("kpi", at_least(90))))]);
    rig.put_in(vec![give(define(Definition { polarity: Polarity::Lower, ..definition("kpi") }))]);
    assert_eq!(name(&rig.rejects(give(Command::ChangeTarget(target("kpi", at_least(91)))))), "Terms");
    let kind = MeasureKind::Activity { expected: None };
    rig.put_in(vec![give(define(Definition { kind, ..definition("kpi") }))]);
    assert_eq!(name(&rig.rejects(give(Command::ChangeTarget(target("kpi", at_least(91)))))), "TargetOfActivity");
    rig.put_in(vec![give(withdraw_target("kpi"))]);
}

#[test]
fn a_withdrawn_measure_can_be_defined_again() {
    let mut rig = Rig::new();
    let from = Date::constant(2018, 1, 1);
    rig.put_in(vec![give(withdraw_measure("kpi", from))]);
    assert_eq!(rig.decide(vec![give(withdraw_measure("kpi", from))]).drafts, []);
    let as_of = |rig: &Rig| AsOf::position(rig.head());
    assert!(rig.book.withdrawal(&measure("kpi"), as_of(&rig)).is_some());
    let new = Command::DefineMeasure { definition: definition("kpi"), expect: Expect::New };
    let (_, decision) = rig.put_in(vec![give(new)]);
    assert!(matches!(decision.drafts[0].other(), Some(Event::MeasureRevised(_))));
    assert!(rig.book.withdrawal(&measure("kpi"), as_of(&rig)).is_none());
    assert_eq!(rig.decide(vec![give(record("kpi", "2018-04", "1"))]).rejected, []);
}

#[test]
fn an_actors_name_is_apart_from_the_bounds_of_answers() {
    let mut rig = Rig::new();
    let actor = ActorId::new("officer").unwrap();
    let named = |name: &str| vec![give(Command::NameActor(ActorNamed { actor: actor.clone(), name: name.to_owned() }))];
    assert_eq!(rig.book.actor_name(&actor), None);
    rig.put_in(named("Ada"));
    assert_eq!(rig.decide(named("Ada")).drafts, []);
    rig.put_in(named("Ada L."));
    assert_eq!(rig.book.actor_name(&actor), Some("Ada L."));
}

#[test]
fn a_decision_is_the_same_for_the_same_book_submission_and_instant() {
    let rig = Rig::new();
    let file = file("results.csv", vec![1, 2, 3], true);
    let mut submission =
        rig.submission(vec![give(record("kpi", "2018-01", "1")), give(record("none", "2018-01", "1"))]);
    submission.files.push(file);
    let decide = || rig.book.decide(&submission, at(rig.now_micros), super::rig::digest);
    assert_eq!(decide(), decide());
}

#[test]
fn a_target_that_was_set_again_meanwhile_is_another_account() {
    let mut rig = Rig::new();
    let set = |value, decision: &str| {
        let decision = decision.to_owned();
        vec![give(Command::ChangeTarget(TargetChanged { decision, ..target("kpi", at_least(value)) }))]
    };
    rig.put_in(set(90, "minute 1"));
    let previewed = rig.decide(set(95, "minute 3"));
    assert_eq!(previewed.account, rig.decide(set(95, "minute 3")).account);
    rig.put_in(set(90, "minute 2"));
    let meanwhile = rig.decide(set(95, "minute 3"));
    assert_eq!(previewed.changes, meanwhile.changes, "they are shown alike");
    assert_ne!(previewed.account, meanwhile.account);
}
