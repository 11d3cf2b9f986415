//! What an auditor asks against the definition, for random worlds and bounds: for which days a target stands, what was held
//! at an instant, and that what is supposed as it is changes nothing.

use domain::ids::SubmissionId;
use domain::result::Cause;
use domain::target::TargetKey;
use domain::{ActorId, AsOf, Origin, Position, ScorecardId, Span, Terms, Timestamp};
use reporting::answer::TargetChangeAnswer;
use reporting::scorecard::Question;
use reporting::target_history::{self, Extent, RecordedTarget, RecordedTargets, recorded_targets, target_history};
use reporting::what_if::{Supposing, Suppositions, Yardsticks, what_if};

use super::properties::seeds;
use crate::world::World;
use crate::world::draw::SCORECARD;

#[test]
fn a_change_stands_for_the_days_for_which_it_is_the_target() {
    let mut n_standing = 0;
    for seed in seeds() {
        let mut world = World::grown(seed, 25);
        for _ in 0..5 {
            let (known_at, position) = (world.draw_known_at(), world.draw_position());
            let (cell, key) = (world.draw_cell(), world.draw_key());
            let as_of = AsOf { known_at, position };
            let question =
                target_history::Question { measure: key.measure.clone(), area: None, cohort: None, period: None };
            let Ok(history) = target_history(&world.book, &question, Extent::default(), as_of) else { continue };
            let day = cell.period.last_day();
            let of_day =
                history.changes.iter().filter(|it| it.key == key && it.stands.iter().any(|it| it.holds_day(day)));
            let standing: Vec<Position> = of_day.map(|change| change.provenance.position).collect();
            let expected = world.naive.view(known_at, position).target(&key, day).map(|(position, _)| position);
            assert_eq!(standing, Vec::from_iter(expected), "seed {seed}, {key:?} on {day}, as of {as_of:?}");
            n_standing += standing.len();
        }
    }
    assert!(n_standing > 20, "some stand: {n_standing}");
}

#[test]
fn what_was_recorded_is_what_the_history_says_without_what_it_led_to() {
    let (mut n_changes, mut n_rolled_back) = (0, 0);
    for seed in seeds() {
        let mut world = World::grown(seed, 25);
        for _ in 0..5 {
            let as_of = AsOf { known_at: world.draw_known_at(), position: world.draw_position() };
            let (measure, period) = (world.draw_key().measure, world.draw_cell().period);
            for period in [None, Some(period)] {
                let measure = measure.clone();
                let question = target_history::Question { measure, area: None, cohort: None, period };
                let history = target_history(&world.book, &question, Extent::default(), as_of);
                let recorded = recorded_targets(&world.book, &question, as_of);
                let (Ok(history), Ok(recorded)) = (&history, &recorded) else {
                    assert_eq!(history.err(), recorded.err());
                    continue;
                };
                assert_eq!(*recorded.definition, history.definition);
                assert_eq!(recorded.basis.as_of, history.basis.as_of);
                assert!(period.is_some() || recorded.basis == history.basis, "seed {seed}");
                let in_full: Vec<_> = recorded.changes.iter().map(|change| in_full(recorded, change)).collect();
                assert_eq!(
                    in_full,
                    history.changes.iter().map(as_recorded).collect::<Vec<_>>(),
                    "seed {seed}, {as_of:?}"
                );
                n_changes += in_full.len();
                n_rolled_back += recorded.changes.iter().filter(|change| change.rolled_back).count();
            }
        }
    }
    assert!(n_changes > 100 && n_rolled_back > 0, "{n_changes}, {n_rolled_back}");
}

/// All that was recorded of a change.
type Recorded<'a> = (&'a TargetKey, (Span, Option<Terms>, &'a str), Came<'a>, (&'a str, Option<Cause>, bool));
/// When it was known and recorded, where it is, and who put it in with what.
type Came<'a> = ((Timestamp, Timestamp, Position), (&'a ActorId, bool, SubmissionId), Option<(&'a str, Origin)>);

fn in_full<'a>(targets: &'a RecordedTargets, change: &'a RecordedTarget) -> Recorded<'a> {
    let RecordedTarget { entry, known_at, position, origin, reason, cause, rolled_back, .. } = change;
    let from = &targets.came_with[change.came_with];
    let came = (
        (*known_at, from.recorded_at, *position),
        (&from.actor, from.authenticated, from.submission),
        origin.map(|origin| (from.file_name.as_str(), origin)),
    );
    let words = (entry.span, entry.terms, entry.decision.as_str());
    (&targets.keys[change.key], words, came, (reason, *cause, *rolled_back))
}

fn as_recorded(change: &TargetChangeAnswer) -> Recorded<'_> {
    let from = &change.provenance;
    let came = (
        (from.known_at, from.recorded_at, from.position),
        (&from.actor, from.authenticated, from.submission),
        from.origin.as_ref().map(|(name, origin)| (name.as_str(), *origin)),
    );
    let words = (change.span, change.terms, change.decision.as_str());
    (&change.key, words, came, (&from.reason, from.cause, change.rolled_back))
}

#[test]
fn what_was_held_at_an_instant_is_every_commit_that_was_taken_in_by_then() {
    for seed in seeds() {
        let mut world = World::grown(seed, 25);
        let wanted = world.draw_position();
        let records = &world.naive.records;
        let Some(by) = records.iter().find(|record| record.position == wanted).map(|record| record.recorded_at) else {
            continue;
        };
        let held = records.iter().filter(|record| record.recorded_at <= by).map(|record| record.position).max();
        assert_eq!(Some(world.book.taken_in_by(by)), held, "seed {seed}, by {by}");
    }
}

#[test]
fn what_is_supposed_as_it_is_changes_nothing_and_other_yardsticks_change_no_figure() {
    let mut n_otherwise = 0;
    for seed in seeds() {
        let mut world = World::grown(seed, 25);
        let as_of = AsOf { known_at: world.draw_known_at(), position: world.draw_position() };
        let other = AsOf { known_at: world.draw_known_at(), position: world.draw_position() };
        let (area, period) = (world.draw_area(), world.draw_cell().period);
        let question = Question { scorecard: ScorecardId::new(SCORECARD).unwrap(), period, area };
        let book = &world.book;
        let suppose = |then: AsOf| {
            let yardsticks = Yardsticks { as_of: Some(then), period: None };
            let suppositions =
                Suppositions { targets: yardsticks, standards: yardsticks, rules: Some(then), neighbours: Some(then) };
            what_if((book, as_of), &Supposing { book, as_of, files: &[] }, &question, &suppositions)
        };
        let Ok(same) = suppose(as_of) else { continue };
        assert_eq!(same.supposed, same.reported, "seed {seed}, {question:?}, as of {as_of:?}");
        let otherwise = suppose(other).unwrap();
        let rows = |card: &reporting::answer::Scorecard| -> Vec<_> {
            let rows = card.sections.iter().flat_map(|section| &section.rows);
            rows.map(|row| (row.cell.clone(), row.result.clone(), row.definition.clone())).collect()
        };
        assert_eq!(rows(&otherwise.supposed), rows(&otherwise.reported), "seed {seed}");
        n_otherwise += otherwise.rated_otherwise.len();
    }
    assert!(n_otherwise > 5, "some are rated otherwise: {n_otherwise}");
}
