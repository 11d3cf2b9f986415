//! What a commit changes of the ratings, against the definition: every cell, before and after.

use std::collections::BTreeMap;

use domain::{Cell, Event, Position};
use ratings::{NotRated, Rating};
use reporting::rating_changes::{RatingChanges, Touched};

use super::properties::seeds;
use crate::naive::Naive;
use crate::world::World;

/// How many cells are compared at a time: few, so that every boundary is met.
const PAGE: usize = 3;

/// What a record touches, and with a rollback or a reinstatement what that submission's records touch.
fn touched(world: &World, commit: &[domain::Recorded]) -> Touched {
    let mut touched = Touched::default();
    for record in commit {
        touched.add(&record.event);
        if let Event::SubmissionRolledBack(id) | Event::SubmissionReinstated(id) = record.event {
            let of_it = world.records().iter().filter(|it| it.attribution.submission == id);
            of_it.for_each(|it| touched.add(&it.event));
        }
    }
    touched
}

/// Every cell with a result up to a position, and what it is rated there; without a measure, as without a result.
fn ratings(naive: &Naive, at: Position, cells: &[(Cell, String)]) -> Vec<Rating> {
    let view = naive.view(None, at);
    cells.iter().map(|(cell, _)| view.rating(cell).unwrap_or(Rating::NotRated(NotRated::NoResult))).collect()
}

fn cells(naive: &Naive, until: Position) -> Vec<(Cell, String)> {
    let of = |event: &Event| match event {
        Event::ResultRecorded(it) => Some(it.cell.clone()),
        Event::ResultWithdrawn(cell) => Some(cell.clone()),
        _ => None,
    };
    let recorded = naive.records.iter().filter(|record| record.position <= until);
    let mut cells: BTreeMap<_, Cell> = BTreeMap::new();
    for cell in recorded.filter_map(|record| of(&record.event)) {
        cells.insert((cell.series.clone(), cell.period.code()), cell);
    }
    cells.into_iter().map(|((_, code), cell)| (cell, code)).collect()
}

#[test]
fn the_changes_of_every_commit_are_those_of_the_definition() {
    let (mut n_changes, mut n_wide) = (0_usize, 0_usize);
    for seed in seeds().step_by(2) {
        let world = World::grown(seed, 25);
        let mut before = Position::START;
        for commit in &world.commits {
            let end = commit.last().unwrap().position;
            let cells = cells(&world.naive, end);
            let (was, is) = (ratings(&world.naive, before, &cells), ratings(&world.naive, end, &cells));
            let expected: Vec<_> = cells
                .into_iter()
                .zip(was.into_iter().zip(is))
                .filter(|(_, (was, is))| was != is)
                .map(|((cell, _), (was, is))| (cell, was, is))
                .collect();
            let touched = touched(&world, commit);
            let changes = RatingChanges::new(&world.book, &touched, before, end);
            let mut found = Vec::new();
            let mut at = None;
            loop {
                let (page, last) = changes.page(at.as_ref(), PAGE);
                found.extend(page.into_iter().map(|it| (it.after.cell.clone(), it.before, it.after.rating)));
                at = last;
                if at.is_none() {
                    break;
                }
            }
            assert_eq!(found, expected, "seed {seed}, the commit that ends at {end}");
            n_changes += found.len();
            n_wide += usize::from(found.len() > PAGE);
            before = end;
        }
    }
    assert!(n_changes > 100 && n_wide > 10, "{n_changes} changes, {n_wide} commits with several");
}
