//! What stands of a key's revisions within bounds.

use proptest::prelude::*;

use super::rig::at;
use crate::history::{History, Revision, Rollbacks, SubmissionNumber};
use crate::{AsOf, Position};

/// The submissions that are rolled back, whatever the bounds.
struct RolledBack(Vec<u32>);

impl Rollbacks for RolledBack {
    fn rolled_back(&self, submission: SubmissionNumber, _: AsOf) -> bool {
        self.0.contains(&submission.0)
    }
}

fn revision(position: u64, known_at: i64, submission: u32) -> Revision<u64> {
    Revision {
        known_at: at(known_at),
        position: Position::new(position),
        recorded_at: at(1_000),
        submission: SubmissionNumber(submission),
        value: position,
    }
}

/// Revisions at positions 1, 2, 3 … known at these instants, each of its own submission.
fn history(known_at: &[i64]) -> History<u64> {
    let mut history = History::default();
    for (number, known_at) in (1_u32..).zip(known_at) {
        history.add(revision(u64::from(number), *known_at, number));
    }
    history
}

fn standing(history: &History<u64>, known_at: Option<i64>, position: u64, without: &[u32]) -> Option<u64> {
    let as_of = AsOf { known_at: known_at.map(at), position: Position::new(position) };
    history.standing(as_of, &RolledBack(without.to_vec())).map(|revision| revision.value)
}

#[test]
fn the_last_to_be_known_stands_and_of_two_known_at_once_the_later_position() {
    let history = history(&[10, 30, 20, 30]);
    assert_eq!(standing(&history, None, 4, &[]), Some(4));
    assert_eq!(standing(&history, None, 3, &[]), Some(2), "the third is a backfill");
    assert_eq!(standing(&history, Some(29), 4, &[]), Some(3));
    assert_eq!(standing(&history, Some(20), 4, &[]), Some(3), "the bound is inclusive");
    assert_eq!(standing(&history, Some(19), 4, &[]), Some(1));
    assert_eq!(standing(&history, Some(9), 4, &[]), None);
    assert_eq!(standing(&history, None, 0, &[]), None);
    assert_eq!(standing(&history, None, 4, &[4]), Some(2));
    assert_eq!(standing(&history, None, 4, &[4, 2]), Some(3));
    assert_eq!(standing(&history, None, 4, &[1, 2, 3, 4]), None);
}

#[test]
fn the_earliest_is_asked_whatever_was_known_when() {
    let history = history(&[10, 5, 20]);
    let earliest = |position, without: &[u32]| {
        history.earliest(Position::new(position), &RolledBack(without.to_vec())).map(|it| it.value)
    };
    assert_eq!(earliest(3, &[]), Some(2));
    assert_eq!(earliest(1, &[]), Some(1));
    assert_eq!(earliest(3, &[2]), Some(1));
    assert_eq!(earliest(0, &[]), None);
}

#[test]
fn an_instant_before_it_was_taken_in_makes_a_backfill() {
    assert!(revision(1, 999, 1).backfill());
    assert!(!revision(1, 1_000, 1).backfill());
}

proptest! {
    #[test]
    fn what_stands_is_the_greatest_of_all_that_count(
        known_at in prop::collection::vec(0..5_i64, 0..12),
        bound in proptest::option::of(0..6_i64),
        position in 0..14_u64,
        without in prop::collection::vec(1..12_u32, 0..4),
    ) {
        let counted = (1_u32..).zip(&known_at).filter(|(number, known_at)| {
            u64::from(*number) <= position && bound.is_none_or(|bound| **known_at <= bound) && !without.contains(number)
        });
        let mut sorted: Vec<(i64, u64)> = counted.map(|(number, known_at)| (*known_at, u64::from(number))).collect();
        sorted.sort_unstable();
        sorted.reverse();
        let history = history(&known_at);
        prop_assert_eq!(standing(&history, bound, position, &without), sorted.first().map(|(_, number)| *number));
        let as_of = AsOf { known_at: bound.map(at), position: Position::new(position) };
        let rolled_back = RolledBack(without);
        let newest_first: Vec<u64> = history.newest_first(as_of, &rolled_back).map(|it| it.value).collect();
        prop_assert_eq!(newest_first, sorted.into_iter().map(|(_, number)| number).collect::<Vec<_>>());
    }
}
