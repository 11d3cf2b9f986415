//! Differences between two times, as members read them.

use domain::event::{AreaDefined, AreaLevel, BenchmarkRecorded, Comparator};
use domain::measure::{Content, Definition};
use domain::result::{Cause, ResultEntry, StatedPeriod};
use domain::scorecard::LayoutRow;
use domain::{AsOf, Command, Date, Instruction, Owner, Position, Status};

use super::rig::{
    NOW, Rig, as_known, because, cell, define, definition, entry, give, key, lay_out, local_target, record,
    record_entry, row, target, terms,
};
use crate::answer::{DifferenceKind, Undone};

fn sentences(rig: &Rig, before: AsOf, after: AsOf) -> Vec<String> {
    let comparison = rig.compare("2018-01", before, after);
    comparison.differences.into_iter().map(|difference| difference.sentence).collect()
}

/// A figure of 84.9 against a target of 85 with a minimum standard of 70, as of 1 February 2018.
fn amber() -> Rig {
    let mut rig = Rig::new();
    rig.on("2018-01-15").put_in(vec![local_target("one", 85, Some(70))]);
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "84.9")]);
    rig
}

const BEFORE: &str = "2018-02-15";

#[test]
fn a_revision_is_told_with_its_cause_and_what_follows_from_it() {
    let mut rig = amber();
    let revision = because("final figures", Some(Cause::ScheduledRevision), record("one", "2018-01", "86"));
    rig.on("2018-03-01").put_in(vec![revision]);
    assert_eq!(
        sentences(&rig, as_known(BEFORE), NOW),
        [
            "The result of The one for January 2018 changed from 84.9% to 86.0%. Scheduled revision, known on \
             1 March 2018. Reason: final figures.",
            "The one went from Amber to Green because the result changed, 1.1 percentage points better against the target.",
        ]
    );
    assert_eq!(sentences(&rig, as_known(BEFORE), as_known(BEFORE)), [""; 0]);
    assert_eq!(sentences(&rig, NOW, NOW), [""; 0]);
}

#[test]
fn a_change_of_target_is_told_with_its_decision() {
    let mut rig = amber();
    let changed = target(key("one", "K", Owner::Local), "2016-01-01", terms(80, None));
    rig.on("2018-03-01").put_in(vec![because("the plan was revised.", None, changed)]);
    assert_eq!(
        sentences(&rig, as_known(BEFORE), NOW),
        [
            "The target for The one was lowered from 85% to 80%, decided 1 March 2018, minute 7, after the January 2018 \
             result was known. Reason: the plan was revised.",
            "The minimum standard for The one, 70% or more, was taken away with it.",
            "The one went from Amber to Green because the target changed, and the minimum standard changed. The target \
             alone: Green, 5 percentage points better against the target. The minimum standard alone: not rated (no \
             minimum standard).",
        ]
    );
}

#[test]
fn what_is_new_and_what_no_longer_stands_is_told() {
    let mut rig = Rig::new();
    rig.on("2018-02-01").put_in(vec![record("one", "2017-12", "70")]);
    rig.on("2018-03-01").put_in(vec![because("", None, record("one", "2018-01", "86"))]);
    assert_eq!(
        sentences(&rig, as_known(BEFORE), NOW),
        [
            "The one now has a result for January 2018: 86.0%. Known on 1 March 2018.",
            "The one went from not rated (no result) to not rated (no target) because the result changed.",
            "The direction of travel of The one was “no result” and is now “improved”.",
        ]
    );
    rig.on("2018-04-01").put_in(vec![give(Command::WithdrawResult(cell("one", "2018-01")))]);
    let told = sentences(&rig, as_known("2018-03-15"), NOW);
    assert!(told[0].starts_with("The result of The one for January 2018, 86.0%, no longer stands: it was withdrawn. "));
}

#[test]
fn the_same_figure_recorded_again_as_final_is_told_as_that() {
    let mut rig = amber();
    let again = ResultEntry { status: Status::Final, ..entry("84.9") };
    rig.on("2018-03-01").put_in(vec![record_entry(cell("one", "2018-01"), again)]);
    assert_eq!(
        sentences(&rig, as_known(BEFORE), NOW),
        [
            "The result of The one for January 2018, 84.9%, is now final; it was without a status. Known on 1 March 2018. \
          Reason: because."
        ]
    );
}

#[test]
fn a_definition_and_a_layout_that_changed_are_told() {
    let mut rig = amber();
    let titled = |title: &str| define(Definition { title: title.to_owned(), ..definition("two") });
    rig.on("2018-03-01").put_in(vec![titled("The second"), lay_out(vec![row("two")])]);
    assert_eq!(
        sentences(&rig, as_known(BEFORE), NOW),
        [
            "The two is now called The second. Known on 1 March 2018, by officer. Reason: because.",
            "The one is no longer on the scorecard; it was in the section “All”. Known on 1 March 2018, by officer. Reason: because."
        ]
    );
    let back = rig.compare("2018-01", NOW, as_known(BEFORE));
    let kinds: Vec<_> = back.differences.iter().map(|it| (it.title.as_str(), it.kind)).collect();
    assert_eq!(kinds, [("The one", DifferenceKind::Added), ("The two", DifferenceKind::Name)]);
}

#[test]
fn a_figure_shown_twice_is_compared_each_with_its_own() {
    let mut rig = Rig::new();
    let shown = LayoutRow { rated: false, ..row("one") };
    let by = |owner| LayoutRow { owner: Some(owner), ..row("one") };
    rig.on("2018-01-15").put_in(vec![
        lay_out(vec![row("one"), shown, by(Owner::National)]),
        local_target("one", 85, Some(70)),
        target(key("one", "K", Owner::National), "2016-01-01", terms(60, None)),
    ]);
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "84.9")]);
    assert_eq!(sentences(&rig, NOW, NOW), [""; 0]);
    rig.on("2018-03-01").put_in(vec![record("one", "2018-01", "86")]);
    let told = sentences(&rig, as_known(BEFORE), NOW);
    assert_eq!(told.iter().filter(|it| it.contains("changed from 84.9% to 86.0%")).count(), 3);
    assert_eq!(
        told.iter().filter(|it| it.contains("went from")).count(),
        1,
        "one row's rating alone has changed: {told:?}"
    );
}

#[test]
fn each_difference_names_the_record_that_made_it() {
    let mut rig = amber();
    rig.on("2018-03-01").put_in(vec![record("one", "2018-01", "86")]);
    let comparison = rig.compare("2018-01", as_known(BEFORE), NOW);
    let made_by = comparison.differences[0].provenance.as_ref().unwrap();
    assert_eq!(made_by.position, rig.book.head());
    assert_eq!(comparison.before.basis.as_of.known_at, as_known(BEFORE).known_at);
    assert_eq!(comparison.after.basis.as_of.position, rig.book.head());
}

#[test]
fn a_withdrawn_measure_says_so_as_the_cause() {
    let mut rig = amber();
    let end: Instruction = give(Command::WithdrawMeasure(domain::event::MeasureWithdrawn {
        measure: super::rig::measure("one"),
        from: Date::constant(2018, 1, 1),
        successor: None,
        comparable: false,
    }));
    rig.on("2018-03-01").put_in(vec![end]);
    assert_eq!(
        sentences(&rig, as_known(BEFORE), NOW),
        [
            "The one is withdrawn from 1 January 2018. Known on 1 March 2018. Reason: because.",
            "The one went from Amber to not rated (measure withdrawn) because the measure was withdrawn.",
        ]
    );
}

#[test]
fn a_comparator_that_is_called_otherwise_is_told_once() {
    let mut rig = amber();
    let beside = |code: &str| {
        let cell = cell(code, "2018-01");
        let (period, comparator) = (StatedPeriod::Period(cell.period), Comparator::Area(super::rig::area("E")));
        let figure = Ok("80".parse().unwrap());
        give(Command::RecordBenchmark(BenchmarkRecorded { cell, comparator, period, figure, source: String::new() }))
    };
    rig.put_in(vec![beside("one"), beside("two")]);
    let (area, name, level) = (super::rig::area("E"), "England and Wales".to_owned(), AreaLevel::District);
    rig.on("2018-03-01").put_in(vec![give(Command::DefineArea(AreaDefined { area, name, level, parent: None }))]);
    assert_eq!(
        sentences(&rig, as_known(BEFORE), NOW),
        ["Area E (E) is now called England and Wales. Known on 1 March 2018, by officer. Reason: because."]
    );
}

#[test]
fn texts_that_part_late_are_told_from_where_they_part() {
    let mut rig = amber();
    let worded = |end: &str| {
        let text = format!("{} {end}", "Children who are counted. ".repeat(20));
        define(Definition { definition: Content::Inline(text), ..definition("one") })
    };
    rig.put_in(vec![worded("All of them")]);
    rig.on("2018-03-01").put_in(vec![worded("None of them")]);
    let told = rig.compare("2018-01", as_known(BEFORE), NOW).differences;
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].before.contains("All of them” (532 bytes)"), "{told:#?}");
    assert!(told[0].after.contains("None of them” (533 bytes)"), "{told:#?}");
    assert!(told[0].sentence.starts_with("The definition of The one was revised: words from “…"), "{told:#?}");
}

#[test]
fn what_moved_without_deciding_says_what_it_alone_would_have_done() {
    let mut rig = amber();
    rig.on("2018-03-01").put_in(vec![local_target("one", 80, Some(70)), record("one", "2018-01", "84.95")]);
    let told = sentences(&rig, as_known(BEFORE), NOW);
    assert_eq!(
        told.last().unwrap(),
        "The one went from Amber to Green because the target changed, 5 percentage points better against the target. The \
         result alone: still Amber, 0.05 percentage points better against the target."
    );
}

#[test]
fn what_was_written_and_agreed_is_told_in_its_words() {
    let mut rig = amber();
    let text = "Recruit two officers. ".repeat(10);
    let written =
        give(Command::WriteCommentary { cell: cell("one", "2018-01"), text: "Slower than planned.".to_owned() });
    rig.on("2018-03-01").put_in(vec![written, super::rig::agree("one", &text, "the Head of SEND", "2018-06-01")]);
    let words: String = text.chars().take(100).collect();
    assert_eq!(
        sentences(&rig, as_known(BEFORE), NOW),
        [
            "A new commentary on The one was written by officer, known on 1 March 2018: “Slower than planned.”."
                .to_owned(),
            format!(
                "A new action on The one was agreed by officer, known on 1 March 2018: “{words}…”, for the Head of SEND, due \
                 by 1 June 2018."
            ),
        ]
    );
}

#[test]
fn what_was_rolled_back_says_so_instead_of_who_set_what_stands_again() {
    let mut rig = amber();
    rig.on("2018-03-01");
    let n = rig.book.head().get();
    let wrong = rig.put_in(vec![record("one", "2018-01", "95"), local_target("one", 90, Some(70))]);
    rig.on("2018-04-01").put_in(vec![because("the wrong return.", None, give(Command::RollBackSubmission(wrong)))]);
    let head = rig.book.head();
    let told = sentences(&rig, as_known("2018-03-15"), NOW);
    let by = |of: u64| {
        format!(
            ", because the submission that set it (position {of}) was rolled back on 1 April 2018 by officer (position {head}). \
             Reason: the wrong return."
        )
    };
    assert_eq!(
        told[..2],
        [
            format!("The result of The one for January 2018 changed from 95.0% to 84.9%{}", by(n + 2)),
            format!("The target for The one was lowered from 90% to 85%{}", by(n + 3)),
        ]
    );
    let differences = rig.compare("2018-01", as_known("2018-03-15"), NOW).differences;
    let rollback = Undone {
        of: Position::new(n + 2),
        rolled_back: true,
        position: head,
        known_on: Date::constant(2018, 4, 1),
        actor: differences[0].provenance.as_ref().unwrap().actor.clone(),
        reason: "the wrong return.".to_owned(),
    };
    assert_eq!(differences[0].undone, Some(rollback));
    assert_eq!(differences[2].undone, None, "of a rating its causes are told");
    rig.on("2018-05-01").put_in(vec![give(Command::ReinstateSubmission(wrong))]);
    let told = sentences(&rig, as_known("2018-04-15"), NOW);
    let reinstated =
        format!("(position {}) was reinstated on 1 May 2018 by officer (position {})", n + 2, head.get() + 2);
    assert!(told[0].ends_with(&format!("{reinstated}. Reason: because.")), "{told:#?}");
}

#[test]
fn a_rollback_is_of_the_day_that_it_is_where_the_authority_is() {
    let mut rig = amber();
    let wrong = rig.on("2018-06-30").put_in(vec![record("one", "2018-01", "95")]);
    // Half past midnight of British summer time.
    rig.at("2018-07-14T23:30:00Z").put_in(vec![give(Command::RollBackSubmission(wrong))]);
    let told = sentences(&rig, as_known("2018-07-01"), NOW);
    assert!(told[0].contains(" was rolled back on 15 July 2018 by officer "), "{told:#?}");
}

#[test]
fn what_was_withdrawn_says_by_whom_and_why() {
    let mut rig = amber();
    let target = domain::event::TargetWithdrawn {
        key: key("one", "K", Owner::Local),
        span: domain::Span { from: Date::constant(2016, 1, 1), to: None },
        decision: "minute 9".to_owned(),
    };
    rig.on("2018-03-01").put_in(vec![
        give(Command::WithdrawResult(cell("one", "2018-01"))),
        because("no longer asked for", None, give(Command::WithdrawTarget(target))),
    ]);
    let told = sentences(&rig, as_known(BEFORE), NOW);
    assert_eq!(
        told[..2],
        [
            "The result of The one for January 2018, 84.9%, no longer stands: it was withdrawn. Known on 1 March 2018, by \
             officer. Reason: because.",
            "The target for The one, 85% or more (minimum standard 70% or more), no longer stands: it was withdrawn, minute 9. \
             Known on 1 March 2018, by officer. Reason: no longer asked for.",
        ]
    );
}
