//! What is looked at before a committee is given a scorecard.

use domain::measure::{Definition, Frequency, MeasureKind, Polarity};
use domain::result::{Colour, Figure, Missing, ResultEntry};
use domain::scorecard::Remit;
use domain::{AsOf, Command, Decimal, Instruction, Meeting, ScorecardId, Status};

use super::rig::{
    NOW, Rig, agree, as_known, because, cell, define, definition, entry, give, lay_out, local_target, question, record,
    record_entry, row,
};
use crate::publication::{Check, Finding, Issue, Severity, check};
use crate::scorecard::{Question, scorecard};

fn meeting(day: &str) -> Meeting {
    Meeting { committee: "Cabinet".to_owned(), on: day.parse().unwrap() }
}

fn checked(rig: &Rig, as_of: AsOf) -> Check {
    check(&rig.book, &scorecard(&rig.book, &question("2018-01"), as_of).unwrap(), &meeting("2018-02-20"))
}

fn issues(check: &Check) -> Vec<Issue> {
    check.findings.iter().map(|finding| finding.issue).collect()
}

fn comment(code: &str) -> Instruction {
    give(Command::WriteCommentary { cell: cell(code, "2018-01"), text: "Seen to.".to_owned() })
}

/// One measure with a target of 85 and a minimum standard of 70, both long known, and what else is given.
fn with(instructions: Vec<Instruction>) -> Rig {
    let mut rig = Rig::new();
    let set = local_target("one", 85, Some(70));
    rig.on("2017-01-10").put_in(vec![define(definition("one")), lay_out(vec![row("one")]), set]);
    rig.on("2018-02-01").put_in(instructions);
    rig
}

#[track_caller]
fn finds(instructions: Vec<Instruction>, expected: &[Issue]) -> Rig {
    let rig = with(instructions);
    assert_eq!(issues(&checked(&rig, NOW)), expected);
    rig
}

#[test]
fn a_green_has_nothing_to_answer_for() {
    let rig = finds(vec![record("one", "2018-01", "90")], &[]);
    let check = checked(&rig, NOW);
    assert_eq!(check.counted, "1 Green, 0 Amber, 0 Red. 1 rated + 0 not rated + 0 withdrawn = 1 row.");
    assert_eq!((check.n_in_the_way(), check.warnings().0.len()), (0, 0));
}

#[test]
fn every_red_has_commentary_and_an_action_about_the_figure_that_stands() {
    let red = || record("one", "2018-01", "50");
    let rig = finds(vec![red()], &[Issue::RedWithoutCommentary, Issue::RedWithoutAction]);
    let check = checked(&rig, NOW);
    assert_eq!(check.n_in_the_way(), 2);
    let words = &check.findings[0].words;
    assert!(words.contains("scorebook commentary --measure one --area K --period 2018-01"), "{words}");
    let words = &check.findings[1].words;
    assert!(words.contains("scorebook action --measure one --area K --period 2018-01"), "{words}");
    finds(vec![red(), comment("one")], &[Issue::RedWithoutAction]);
    let act = || agree("one", "Visit.", "Standards", "2018-06-30");
    let mut rig = finds(vec![red(), comment("one"), act()], &[]);

    rig.on("2018-02-05").put_in(vec![record("one", "2018-01", "51")]);
    assert_eq!(issues(&checked(&rig, NOW)), [Issue::RedCommentaryStale, Issue::RedActionStale]);
    rig.on("2018-02-06").put_in(vec![comment("one")]);
    assert_eq!(issues(&checked(&rig, NOW)), [Issue::RedActionStale]);
    rig.on("2018-02-07").put_in(vec![act()]);
    assert_eq!(issues(&checked(&rig, NOW)), []);
    assert_eq!(issues(&checked(&rig, as_known("2018-02-02"))), [], "as it was known then, nothing was stale");
}

#[test]
fn an_action_is_overdue_from_the_day_after_it_was_due() {
    let due =
        |day: &str| vec![record("one", "2018-01", "50"), comment("one"), agree("one", "Visit.", "Standards", day)];
    finds(due("2018-02-20"), &[]);
    let mut rig = finds(due("2018-02-19"), &[Issue::ActionOverdue]);
    assert_eq!(checked(&rig, NOW).n_in_the_way(), 0, "it is a warning");
    rig.on("2018-02-10").put_in(vec![agree("one", "Visit again.", "Standards", "2018-06-30")]);
    assert_eq!(issues(&checked(&rig, NOW)), [], "the last agreement counts");
}

#[test]
fn stale_words_about_what_is_not_red_are_a_warning() {
    let said = vec![record("one", "2018-01", "90"), comment("one"), agree("one", "Go on.", "Standards", "2018-06-30")];
    let mut rig = finds(said, &[]);
    rig.on("2018-02-05").put_in(vec![record("one", "2018-01", "91")]);
    assert_eq!(issues(&checked(&rig, NOW)), [Issue::CommentaryStale, Issue::ActionStale]);
    assert_eq!(checked(&rig, NOW).n_in_the_way(), 0);
}

#[test]
fn an_amber_is_looked_at_when_it_worsened() {
    finds(vec![record("one", "2017-12", "75"), record("one", "2018-01", "80")], &[]);
    finds(vec![record("one", "2017-12", "82"), record("one", "2018-01", "80")], &[Issue::AmberWorsening]);
    let worsened = || vec![record("one", "2017-12", "82"), record("one", "2018-01", "80"), comment("one")];
    let mut rig = finds(worsened(), &[]);
    rig.on("2018-02-05").put_in(vec![record("one", "2018-01", "79")]);
    assert!(issues(&checked(&rig, NOW)).contains(&Issue::AmberWorsening), "what is written is of an earlier figure");
}

#[test]
fn what_has_no_figure_is_told_and_what_never_will_is_not() {
    let missing = |missing| ResultEntry { figure: Figure::Missing(missing), ..entry("1") };
    finds(vec![comment("one")], &[Issue::NoResult]);
    finds(vec![record_entry(cell("one", "2018-01"), missing(Missing::NotSupplied))], &[Issue::NoResult]);
    finds(vec![record_entry(cell("one", "2018-01"), missing(Missing::Confidential))], &[]);
}

#[test]
fn what_the_row_is_marked_with_is_a_warning() {
    let annual = define(Definition { frequency: Frequency::Annual, ..definition("one") });
    finds(vec![annual.clone(), record("one", "AY2016", "90")], &[]);
    finds(vec![annual, record("one", "AY2015", "90")], &[Issue::Old]);
    let provisional = ResultEntry { status: Status::Provisional, ..entry("90") };
    finds(vec![record_entry(cell("one", "2018-01"), provisional)], &[Issue::Provisional]);
    let figure = Figure::Stated { value: "86.5".parse().unwrap(), denominator: Some(Decimal::whole(3)) };
    finds(vec![record_entry(cell("one", "2018-01"), ResultEntry { figure, ..entry("1") })], &[Issue::Unattainable]);
    let figure = Figure::Counted {
        numerator: Decimal::whole(9),
        denominator: Decimal::whole(10),
        stated: Some("91.0".parse().unwrap()),
    };
    finds(vec![record_entry(cell("one", "2018-01"), ResultEntry { figure, ..entry("1") })], &[Issue::CountsDisagree]);
    let mut rig = finds(vec![record("one", "2018-01", "90")], &[]);
    rig.on("2018-02-20").put_in(vec![because("x", None, record("one", "2018-01", "91"))]);
    assert_eq!(issues(&checked(&rig, NOW)), [], "known on the day of the meeting itself");
    rig.on("2018-02-21").put_in(vec![because("x", None, record("one", "2018-01", "92"))]);
    assert_eq!(issues(&checked(&rig, NOW)), [Issue::KnownAfterMeeting]);
    assert_eq!(issues(&checked(&rig, as_known("2018-02-20"))), []);
    let mut rig = finds(vec![record("one", "2018-01", "90")], &[]);
    rig.on("2018-02-10").put_in(vec![local_target("one", 86, Some(70))]);
    assert_eq!(issues(&checked(&rig, NOW)), [Issue::TargetAfterResult]);
}

#[test]
fn a_colour_that_the_source_printed_otherwise_is_a_warning() {
    let printed = |colour| ResultEntry { stated_colour: Some(colour), ..entry("90") };
    finds(vec![record_entry(cell("one", "2018-01"), printed(Colour::Green))], &[]);
    finds(vec![record_entry(cell("one", "2018-01"), printed(Colour::Amber))], &[Issue::Contradiction]);
    finds(vec![record_entry(cell("one", "2018-01"), printed(Colour::Amber)), comment("one")], &[]);
}

#[test]
fn an_indicator_that_cannot_be_rated_is_a_warning_and_an_activity_is_none() {
    let mut rig = Rig::new();
    let activity =
        Definition { kind: MeasureKind::Activity { expected: None }, polarity: Polarity::None, ..definition("calls") };
    rig.on("2017-01-10").put_in(vec![
        define(definition("one")),
        define(definition("two")),
        define(activity),
        lay_out(vec![row("one"), row("two"), row("calls")]),
        local_target("two", 85, None),
    ]);
    rig.on("2018-02-01").put_in(vec![
        record("one", "2018-01", "90"),
        record("two", "2018-01", "80"),
        record("calls", "2018-01", "7"),
    ]);
    assert_eq!(issues(&checked(&rig, NOW)), [Issue::NoTarget, Issue::NoMinimumStandard]);
    rig.on("2018-02-05").put_in(vec![define(Definition { polarity: Polarity::Lower, ..definition("two") })]);
    assert_eq!(issues(&checked(&rig, NOW)), [Issue::NoTarget, Issue::UnfitTarget]);
}

#[test]
fn a_part_whose_whole_was_laid_out_otherwise_says_so() {
    let mut rig = with(vec![record("one", "2018-01", "90"), define(definition("two"))]);
    let mut part = lay_out(vec![row("one")]);
    let Command::DefineScorecard(card) = &mut part.command else { panic!("a scorecard") };
    card.scorecard = ScorecardId::new("part").unwrap();
    card.remit = Remit { subset_of: Some(ScorecardId::new("card").unwrap()), ..Remit::default() };
    rig.on("2018-02-03").put_in(vec![part]);
    rig.on("2018-02-04").put_in(vec![lay_out(vec![row("two")])]);
    let of_part = |as_of| {
        let question = Question { scorecard: ScorecardId::new("part").unwrap(), ..question("2018-01") };
        let card = scorecard(&rig.book, &question, as_of).unwrap();
        issues(&check(&rig.book, &card, &meeting("2018-02-20")))
    };
    assert_eq!(of_part(as_known("2018-02-03")), []);
    assert_eq!(of_part(NOW), [Issue::NotInWhole]);
}

#[test]
fn what_stands_in_the_way_comes_first_and_a_figure_that_is_shown_twice_is_told_once() {
    let mut rig = Rig::new();
    rig.on("2017-01-10").put_in(vec![
        define(definition("one")),
        define(definition("two")),
        lay_out(vec![row("one"), row("two"), domain::scorecard::LayoutRow { rated: false, ..row("one") }]),
        local_target("two", 85, Some(70)),
    ]);
    let provisional = ResultEntry { status: Status::Provisional, ..entry("90") };
    rig.on("2018-02-01")
        .put_in(vec![record_entry(cell("one", "2018-01"), provisional), record("two", "2018-01", "50")]);
    let check = checked(&rig, NOW);
    let found: Vec<(Issue, String)> = check.findings.iter().map(|it| (it.issue, it.subject())).collect();
    let (one, two) = ("one".to_owned(), "two".to_owned());
    assert_eq!(
        found,
        [
            (Issue::RedWithoutCommentary, two.clone()),
            (Issue::RedWithoutAction, two),
            (Issue::NoTarget, one.clone()),
            (Issue::Provisional, one),
        ]
    );
    let warnings = check.warnings().0;
    assert_eq!(warnings.iter().map(|it| it.code.as_str()).collect::<Vec<_>>(), ["no-target", "provisional"]);
    assert_eq!(
        check.counted,
        "0 Green, 0 Amber, 1 Red. 1 rated + 2 not rated (1 shown for information; 1 no target) + 0 withdrawn = 3 rows."
    );
}

#[test]
fn a_meeting_of_another_committee_or_before_the_period_is_over_is_a_warning_of_the_whole() {
    let rig = with(vec![record("one", "2018-01", "90"), record("one", "2017-12", "90")]);
    let found = |committee: &str, on: &str| {
        let meeting = Meeting { committee: committee.to_owned(), on: on.parse().unwrap() };
        let card = scorecard(&rig.book, &question("2018-01"), NOW).unwrap();
        check(&rig.book, &card, &meeting)
    };
    assert_eq!(issues(&found(" cabinet ", "2018-02-20")), [], "capitals and spaces are no other committee");
    let other = found("Cabinet Committee", "2018-02-20");
    assert_eq!(issues(&other), [Issue::OtherCommittee]);
    let Finding { cell, title, words, .. } = &other.findings[0];
    assert_eq!((cell, title.as_str(), other.findings[0].subject()), (&None, "The card", String::new()));
    assert!(words.starts_with("it goes to Cabinet, and the meeting is of Cabinet Committee: "), "{words}");
    // What was recorded at noon of 1 February is not known on these days either.
    let early = found("Cabinet", "2018-01-30");
    assert_eq!(issues(&early), [Issue::PeriodNotOver, Issue::KnownAfterMeeting]);
    let words = &early.findings[0].words;
    assert!(
        words.starts_with("the meeting is on 30 January 2018, and January 2018 ends only on 31 January"),
        "{words}"
    );
    assert_eq!(
        issues(&found("Cabinet", "2018-01-31")),
        [Issue::KnownAfterMeeting],
        "its last day is not before its end"
    );
    assert_eq!(early.warnings().0[0].subject, "");
}

#[test]
fn a_scorecard_that_names_no_committee_goes_to_any() {
    let mut rig = with(vec![record("one", "2018-01", "90")]);
    let mut open = lay_out(vec![row("one")]);
    let Command::DefineScorecard(card) = &mut open.command else { panic!("a scorecard") };
    card.committee = String::new();
    rig.on("2018-02-03").put_in(vec![open]);
    assert_eq!(issues(&checked(&rig, as_known("2018-02-02"))), []);
    let card = scorecard(&rig.book, &question("2018-01"), NOW).unwrap();
    let other = Meeting { committee: "Another".to_owned(), ..meeting("2018-02-20") };
    assert_eq!(issues(&check(&rig.book, &card, &other)), []);
}

#[test]
fn codes_are_all_different_and_only_reds_stand_in_the_way() {
    let codes: std::collections::BTreeSet<&str> = Issue::ALL.iter().map(|issue| issue.code()).collect();
    assert_eq!(codes.len(), Issue::ALL.len());
    let in_the_way = Issue::ALL.into_iter().filter(|issue| issue.severity() == Severity::StandsInTheWay);
    assert!(in_the_way.clone().all(|issue| issue.code().starts_with("red-")));
    assert_eq!(in_the_way.count(), 4);
}
