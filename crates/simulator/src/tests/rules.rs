//! What a submission does to what stands: nothing twice, nothing halfway, and nothing left without its definition.

use domain::command::{Expect, ScorecardDefinition};
use domain::decide::Rejection;
use domain::event::{AreaDefined, AreaLevel, BenchmarkRecorded, Comparator, MeasureWithdrawn, ResultRecorded};
use domain::measure::Definition;
use domain::result::StatedPeriod;
use domain::scorecard::{LayoutRow, Section};
use domain::{
    AreaId, AsOf, Cell, CohortId, Command, Decimal, Event, Instruction, Layout, MeasureId, Position, ScorecardId,
    Series, SubmissionId,
};
use engine::sha256;
use reporting::scorecard::{Question, scorecard};

use super::properties::seeds;
use super::stories::{Story, cell, entry, known, measure, record, target};
use crate::world::draw::SCORECARD;
use crate::world::{World, instruction, submission};

/// What would be refused of a submission, and how many records it would make.
fn judged(story: &Story, instructions: Vec<Instruction>) -> (Vec<Rejection>, usize) {
    let submission = submission(1_000_000, instructions);
    let decision = story.world.book.decide(&submission, story.world.now(), sha256);
    (decision.rejected.into_iter().map(|it| it.rejection).collect(), decision.drafts.len())
}

#[track_caller]
fn assert_refused(story: &Story, instructions: Vec<Instruction>, expected: impl Fn(&Rejection) -> bool) {
    let (rejections, _) = judged(story, instructions);
    assert!(rejections.iter().any(expected), "{rejections:?}");
}

#[track_caller]
fn assert_unchanged(story: &Story, instructions: Vec<Instruction>) {
    assert_eq!(judged(story, instructions), (vec![], 0));
}

fn roll_back(id: SubmissionId) -> Instruction {
    instruction(Command::RollBackSubmission(id))
}

fn reinstate(id: SubmissionId) -> Instruction {
    instruction(Command::ReinstateSubmission(id))
}

fn area_id(code: &str) -> AreaId {
    AreaId::new(code).unwrap()
}

fn area(code: &str, parent: Option<&str>) -> Instruction {
    let (area, parent) = (area_id(code), parent.map(area_id));
    instruction(Command::DefineArea(AreaDefined { area, name: code.to_owned(), level: AreaLevel::Region, parent }))
}

/// A measure like another one.
fn define(story: &Story, code: &str, title: &str) -> Instruction {
    let as_of = AsOf::position(story.head());
    let (like, _) = story.world.book.definition(&measure(), as_of).unwrap();
    let domain::book::MeasureState::Defined(like) = &like.value.value else { panic!("it is defined") };
    let measure = MeasureId::new(code).unwrap();
    let definition = Definition { measure, title: title.to_owned(), ..Definition::clone(like) };
    instruction(Command::DefineMeasure { definition, expect: Expect::Either })
}

fn record_of(code: &str, area: &str, value: &str) -> Instruction {
    let series = Series { measure: MeasureId::new(code).unwrap(), area: area_id(area), cohort: CohortId::all() };
    let cell = Cell { series, period: "2018-01".parse().unwrap() };
    instruction(Command::RecordResult(ResultRecorded { cell, entry: entry(value) }))
}

fn lay_out(measures: &[&str]) -> Instruction {
    let rows = measures.iter().map(|code| LayoutRow {
        measure: MeasureId::new(code).unwrap(),
        cohort: CohortId::all(),
        rated: true,
        owner: None,
    });
    instruction(Command::DefineScorecard(ScorecardDefinition {
        scorecard: ScorecardId::new(SCORECARD).unwrap(),
        title: "The card".to_owned(),
        committee: String::new(),
        layout: Layout { sections: vec![Section { title: "All".to_owned(), rows: rows.collect() }] },
        remit: domain::scorecard::Remit::default(),
    }))
}

fn withdraw_measure(code: &str) -> Instruction {
    let measure = MeasureId::new(code).unwrap();
    let from = domain::Date::constant(2018, 1, 1);
    instruction(Command::WithdrawMeasure(MeasureWithdrawn { measure, from, successor: None, comparable: false }))
}

/// Saying it again records nothing, save where the first saying itself changed what was said before it.
#[test]
fn what_was_just_accepted_changes_nothing_when_it_is_put_in_again() {
    let mut n_checked = 0;
    for seed in seeds() {
        let mut world = World::grown(seed, 8);
        for _ in 0..8 {
            let instructions = world.draw_instructions();
            let Some((accepted, _)) = world.put_in(instructions) else { continue };
            let defines = |it: &Instruction| matches!(it.command, Command::DefineMeasure { .. });
            let ends = |it: &Instruction| matches!(it.command, Command::WithdrawMeasure(_));
            if accepted.instructions.iter().any(defines) && accepted.instructions.iter().any(ends) {
                continue;
            }
            let again = submission(2_000_000, accepted.instructions.clone());
            let decision = world.book.decide(&again, world.now(), sha256);
            for draft in &decision.drafts {
                // A commentary that came before a figure is about another figure the second time.
                let commentary = matches!(draft.other(), Some(Event::CommentaryWritten(_) | Event::ContentStored(_)));
                assert!(commentary, "seed {seed}: {draft:?} of {:#?}", accepted.instructions);
            }
            for rejected in &decision.rejected {
                let command = &accepted.instructions[rejected.instruction].command;
                let undone = matches!(
                    command,
                    Command::WithdrawResult(_) | Command::RollBackSubmission(_) | Command::ReinstateSubmission(_)
                );
                // A target may come before the definition that no longer takes it.
                let redefined =
                    matches!(command, Command::ChangeTarget(_)) && accepted.instructions.iter().any(defines);
                assert!(undone || redefined, "seed {seed}: {rejected:?}");
            }
            n_checked += 1;
        }
    }
    assert!(n_checked > 500, "{n_checked}");
}

#[test]
fn a_file_of_targets_over_one_another_put_in_twice_changes_nothing() {
    let mut story = Story::begin();
    let file = vec![target("2018-01", None, 90), target("2018-03", None, 95), target("2018-05", None, 97)];
    story.next_day(file.clone());
    assert_unchanged(&story, file.clone());
    let (rejections, n_drafts) = judged(&story, vec![file[0].clone()]);
    assert_eq!((rejections, n_drafts), (vec![], 1), "alone, the first would judge the later periods too");
}

#[test]
fn a_file_that_defines_a_measure_and_withdraws_it_put_in_twice_changes_nothing() {
    let mut story = Story::begin();
    let file = vec![define(&story, "m-new", "New"), record_of("m-new", "K", "5"), withdraw_measure("m-new")];
    story.next_day(file.clone());
    assert_unchanged(&story, file.clone());
    assert_eq!(judged(&story, vec![file[0].clone()]).1, 1, "alone, the definition takes the withdrawal back");
}

#[test]
fn one_thing_given_twice_is_refused_also_when_the_first_says_what_stands() {
    let mut story = Story::begin();
    let duplicate = |it: &Rejection| matches!(it, Rejection::Duplicate { .. });
    assert_refused(&story, vec![record("2018-01", "5"), record("2018-01", "6")], duplicate);
    story.next_day(vec![record("2018-01", "5")]);
    assert_refused(&story, vec![record("2018-01", "5"), record("2018-01", "6")], duplicate);
    assert_refused(&story, vec![record("2018-01", "6"), record("2018-01", "5")], duplicate);
    assert_refused(&story, vec![record("2018-01", "5"), record("2018-01", "5")], duplicate);
    assert_refused(&story, vec![target("2018-01", None, 90), target("2018-01", None, 91)], duplicate);
    assert_refused(&story, vec![area("E", None), area("E", None)], duplicate);
    assert_refused(&story, vec![define(&story, "a", "A"), define(&story, "a", "B")], duplicate);
    assert_refused(&story, vec![lay_out(&["m-high"]), lay_out(&["m-low"])], duplicate);
    let two = vec![known(-5, record("2018-01", "5")), known(-4, record("2018-01", "6"))];
    assert_eq!(judged(&story, two).0, vec![], "what was known at two instants are two things");
}

#[test]
fn a_file_that_was_rolled_back_can_be_put_in_again_backfilled_or_not() {
    for known_on in [None, Some(-50)] {
        let mut story = Story::begin();
        let file = || {
            let record = record("2018-01", "5");
            vec![known_on.map_or(record.clone(), |day| known(day, record))]
        };
        let first = story.next_day(file());
        story.next_day(vec![roll_back(first)]);
        assert_eq!(story.shows("2018-01", None, Position::MAX), None);
        story.next_day(file());
        assert_eq!(story.shows("2018-01", None, Position::MAX).as_deref(), Some("5"), "known on {known_on:?}");
    }
}

#[test]
fn a_backfill_that_says_what_stands_now_but_not_what_stood_then_is_recorded() {
    let mut story = Story::begin();
    story.next_day(vec![record("2018-01", "4")]); // Day 1.
    let wrong = story.next_day(vec![record("2018-01", "5")]); // Day 2.
    story.next_day(vec![roll_back(wrong)]); // Day 3.
    let shows =
        |story: &Story| [Some(2), None].map(|known_on| story.shows("2018-01", known_on, Position::MAX).unwrap());
    assert_eq!(shows(&story), ["5", "4"]);
    story.next_day(vec![known(2, record("2018-01", "4"))]); // Day 4.
    assert_eq!(shows(&story), ["4", "4"]);
    assert_unchanged(&story, vec![known(2, record("2018-01", "4"))]);
}

#[test]
fn the_order_of_lines_does_not_matter_where_they_were_known_at_different_instants() {
    for newest_first in [false, true] {
        let mut story = Story::begin();
        story.next_day(vec![known(-50, record("2018-01", "1"))]);
        let mut file = vec![known(-40, record("2018-01", "2")), known(-30, record("2018-01", "1"))];
        if newest_first {
            file.reverse();
        }
        story.next_day(file.clone());
        let shows = |known_on| story.shows("2018-01", known_on, Position::MAX).unwrap();
        assert_eq!([Some(-45), Some(-35), Some(-25), None].map(shows), ["1", "2", "1", "1"]);
        assert_unchanged(&story, file);
    }
}

#[test]
fn a_backfill_cannot_rest_on_a_definition_that_was_rolled_back_since() {
    let mut story = Story::begin();
    let defining = story.next_day(vec![define(&story, "m-new", "New")]); // Day 1.
    story.next_day(vec![roll_back(defining)]); // Day 2.
    let unknown = |it: &Rejection| matches!(it, Rejection::UnknownMeasure { .. });
    assert_refused(&story, vec![record_of("m-new", "K", "5")], unknown);
    assert_refused(&story, vec![known(1, record_of("m-new", "K", "5"))], unknown);
}

#[test]
fn a_rollback_that_would_orphan_is_refused_until_what_uses_the_definition_is_gone() {
    let mut story = Story::begin();
    let orphan = |it: &Rejection| matches!(it, Rejection::WouldOrphan { .. });
    let defining = story.next_day(vec![define(&story, "m-new", "New"), area("X", None)]);
    let using = story.next_day(vec![record_of("m-new", "X", "5")]);
    assert_refused(&story, vec![roll_back(defining)], orphan);
    story.next_day(vec![roll_back(using)]);
    story.next_day(vec![roll_back(defining)]);
    assert_refused(&story, vec![reinstate(using)], orphan);
    story.next_day(vec![reinstate(defining)]);
    story.next_day(vec![reinstate(using)]);
}

#[test]
fn whatever_uses_a_definition_keeps_it() {
    let orphan = |it: &Rejection| matches!(it, Rejection::WouldOrphan { .. });
    let benchmark = |area: &str| {
        instruction(Command::RecordBenchmark(BenchmarkRecorded {
            cell: cell("2018-01"),
            comparator: Comparator::Area(area_id(area)),
            figure: Ok(Decimal::whole(60)),
            period: StatedPeriod::NotStated,
            source: String::new(),
        }))
    };
    let commentary = |code: &str| {
        let Command::RecordResult(it) = record_of(code, "K", "1").command else { panic!("a result") };
        instruction(Command::WriteCommentary { cell: it.cell, text: "Good.".to_owned() })
    };
    let uses = [
        benchmark("X"),
        commentary("m-new"),
        record_of("m-new", "K", "5"),
        area("K", Some("X")),
        lay_out(&["m-new"]),
        withdraw_measure("m-new"),
    ];
    for using in uses {
        let mut story = Story::begin();
        let defining = story.next_day(vec![define(&story, "m-new", "New"), area("X", None)]);
        assert_eq!(judged(&story, vec![roll_back(defining)]).0, vec![], "nothing uses it yet");
        story.next_day(vec![using.clone()]);
        assert_refused(&story, vec![roll_back(defining)], orphan);
    }
}

#[test]
fn a_submission_that_uses_only_its_own_definitions_can_be_rolled_back() {
    let mut story = Story::begin();
    story.next_day(vec![lay_out(&["m-high"])]);
    let before = story.head();
    let whole = story.next_day(vec![
        define(&story, "m-new", "New"),
        area("X", None),
        area("K", Some("X")),
        lay_out(&["m-new"]),
        record_of("m-new", "X", "5"),
    ]);
    story.next_day(vec![roll_back(whole)]);
    let layout = |position| {
        let card = story.world.book.scorecard_for(
            &ScorecardId::new(SCORECARD).unwrap(),
            domain::Date::constant(2018, 12, 31),
            AsOf::position(position),
        );
        card.unwrap().value.value.layout.clone()
    };
    assert_eq!(layout(story.head()), layout(before));
}

#[test]
fn a_rollback_comes_alone_so_that_nothing_beside_it_is_orphaned() {
    let mut story = Story::begin();
    let alone = |it: &Rejection| matches!(it, Rejection::NotAlone { .. });
    let one = story.next_day(vec![define(&story, "m-new", "New")]);
    let other = story.next_day(vec![define(&story, "m-new", "New again")]);
    story.next_day(vec![record_of("m-new", "K", "5")]);
    assert_refused(&story, vec![roll_back(one), roll_back(other)], alone);
    assert_refused(&story, vec![roll_back(other), record("2018-01", "5")], alone);
    assert_refused(&story, vec![roll_back(one), reinstate(one)], alone);
    assert_eq!(judged(&story, vec![roll_back(other)]).0, vec![], "the first still defines it");
}

#[test]
fn a_rollback_or_the_opening_cannot_be_rolled_back_itself() {
    let mut story = Story::begin();
    let first = story.next_day(vec![record("2018-01", "1")]);
    let fixed = |it: &Rejection| matches!(it, Rejection::CannotRollBack { .. });
    let rollback = story.next_day(vec![roll_back(first)]);
    assert_refused(&story, vec![roll_back(rollback)], fixed);
    let opening = story.world.book.submissions().first().unwrap().id;
    assert_refused(&story, vec![roll_back(opening)], fixed);
    let already = |it: &Rejection| matches!(it, Rejection::AlreadyRolledBack { .. });
    assert_refused(&story, vec![roll_back(first)], already);
    story.next_day(vec![reinstate(first)]);
    assert_refused(&story, vec![reinstate(first)], |it| matches!(it, Rejection::NotRolledBack { .. }));
    let nobody = SubmissionId([0xee; 16]);
    assert_refused(&story, vec![roll_back(nobody)], |it| matches!(it, Rejection::UnknownSubmission { .. }));
}

#[test]
fn a_reinstatement_brings_the_same_answers_back() {
    let mut n_checked = 0;
    for seed in seeds() {
        let mut world = World::grown(seed, 15);
        let id = world.rng.pick(&world.submissions.clone()).id;
        let question = Question {
            scorecard: ScorecardId::new(SCORECARD).unwrap(),
            period: world.draw_period(),
            area: world.draw_area(),
        };
        let answer = |world: &World| {
            let as_of = AsOf::position(world.book.head());
            scorecard(&world.book, &question, as_of).map(|card| (card.sections, card.counts))
        };
        let before = answer(&world);
        let rolled_back = |world: &World| {
            let (_, received) = world.book.received(id).unwrap();
            received.rolled_back(AsOf::position(world.book.head()))
        };
        if rolled_back(&world) || world.put_in(vec![roll_back(id)]).is_none() || !rolled_back(&world) {
            continue;
        }
        world.put_in(vec![reinstate(id)]).expect("what could be rolled back can be reinstated");
        assert_eq!(answer(&world), before, "seed {seed}");
        n_checked += 1;
    }
    assert!(n_checked > 20, "{n_checked}");
}

/// However submissions are rolled back and reinstated, everything that counts has its definitions.
#[test]
fn nothing_that_counts_is_ever_without_its_definition() {
    for seed in seeds() {
        let world = World::grown(seed, 40);
        let view = world.naive.view(None, world.book.head());
        let assert_series = |series: &Series| {
            assert!(view.definition(&series.measure).is_some(), "seed {seed}: {series:?}");
            assert!(view.area(&series.area).is_some(), "seed {seed}: {series:?}");
            assert!(view.cohort(&series.cohort).is_some(), "seed {seed}: {series:?}");
        };
        for record in view.counted() {
            match &record.event {
                Event::ResultRecorded(it) => assert_series(&it.cell.series),
                Event::ResultWithdrawn(it) => assert_series(&it.series),
                Event::CommentaryWritten(it) => assert_series(&it.cell.series),
                Event::BenchmarkRecorded(it) => {
                    assert_series(&it.cell.series);
                    if let Comparator::Area(area) = &it.comparator {
                        assert!(view.area(area).is_some(), "seed {seed}: {area}");
                    }
                }
                Event::AreaDefined(it) => {
                    let above = it.parent.as_ref().is_none_or(|parent| view.area(parent).is_some());
                    assert!(above, "seed {seed}: {it:?}");
                }
                Event::MeasureWithdrawn(it) => assert!(view.definition(&it.measure).is_some(), "seed {seed}"),
                _ => {}
            }
        }
    }
}
