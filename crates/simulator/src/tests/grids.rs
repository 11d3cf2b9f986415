//! A grid against the rows of its cells, and what is kept of a result against its record, for random worlds and bounds.

use std::collections::BTreeSet;

use domain::book::MeasureState;
use domain::event::Event;
use domain::{AsOf, Book, Cell, CohortId, Figure, Period, Series, Status, Terms};
use ratings::{Direction, Rating};
use reporting::grid::{Differing, Grid, GridCell, Question, differences, grid, slices};
use reporting::history;

use super::properties::seeds;
use crate::world::World;

/// Every measure, area and period that some record of the world is about, of one of its cohorts.
fn everything(world: &mut World) -> Question {
    let book = &world.book;
    let periods: BTreeSet<Period> = book.all_series().flat_map(|series| book.figures(series).periods()).collect();
    let (measures, areas) = (book.measure_ids().cloned().collect(), book.area_ids().cloned().collect());
    let cohort = world.draw_key().cohort;
    // Some, so that the period before one is often not asked for.
    let periods = periods.into_iter().filter(|_| world.rng.below(4) > 0).collect();
    Question { measures, areas, cohort, periods }
}

fn cells(question: &Question) -> impl Iterator<Item = Cell> {
    let Question { measures, areas, cohort, periods } = question;
    measures.iter().flat_map(move |measure| {
        areas.iter().flat_map(move |area| {
            periods.iter().map(move |period| Cell {
                series: Series { measure: measure.clone(), area: area.clone(), cohort: cohort.clone() },
                period: *period,
            })
        })
    })
}

/// The figure without the denominator that is printed beside a value, which a grid leaves out.
fn plain(figure: Figure) -> Figure {
    match figure {
        Figure::Stated { value, .. } => Figure::Stated { value, denominator: None },
        figure => figure,
    }
}

#[track_caller]
fn assert_cells_are_their_rows(book: &Book, question: &Question, grid: &Grid, as_of: AsOf, told: &str) {
    let defined = question.measures.iter().map(|measure| {
        let (revision, later) = book.definition(measure, as_of).unwrap();
        let MeasureState::Defined(definition) = &revision.value.value else { panic!("{told}: {measure}") };
        (&**definition, later)
    });
    assert!(grid.definitions.iter().eq(defined), "{told}");
    let cells: Vec<Cell> = cells(question).collect();
    assert_eq!(grid.cells.len(), cells.len(), "{told}");
    for (cell, found) in cells.iter().zip(&grid.cells) {
        let (row, basis) = history::explain(book, cell, as_of).unwrap();
        assert_eq!(grid.basis.as_of, basis.as_of, "{told}");
        let shown = row.result.as_ref().map(|result| (plain(result.entry.figure), result.entry.status));
        assert_eq!(grid.figure(found).map(|figure| (figure, found.status())), shown, "{told}, {cell:?}");
        assert_eq!(grid.target(found), row.target.map(|target| target.terms), "{told}, {cell:?}");
        assert_eq!((found.rating(), found.direction()), (row.rating, row.direction.direction), "{told}, {cell:?}");
    }
}

#[test]
fn a_cell_of_a_grid_is_what_its_row_says() {
    for seed in seeds() {
        let mut world = World::grown(seed, 25);
        let question = everything(&mut world);
        for _ in 0..3 {
            let (known_at, position) = (world.draw_known_at(), world.draw_position());
            let as_of = AsOf { known_at, position: world.book.settle(position) };
            let told = format!("seed {seed}, as of {as_of:?}");
            if let Ok(found) = grid(&world.book, &question, as_of) {
                assert_cells_are_their_rows(&world.book, &question, &found, as_of, &told);
            } else {
                let defined = |it| world.book.definition(it, as_of).is_some_and(|(it, _)| it.position <= position);
                let there = |it| world.book.area(it, as_of).is_some();
                let all = question.measures.iter().all(defined) && question.areas.iter().all(there);
                assert!(!all, "{told}");
            }
        }
    }
}

#[test]
fn a_grid_in_slices_is_the_grid() {
    let shown = |grid: &Grid| -> Vec<_> {
        let shown = |cell: &GridCell| {
            let plain = (cell.kind(), cell.scale(), cell.status(), cell.rating(), cell.direction());
            (plain, grid.figure(cell), grid.target(cell))
        };
        grid.cells.iter().map(shown).collect()
    };
    let mut n_slices = 0;
    for seed in seeds() {
        let mut world = World::grown(seed, 25);
        let question = everything(&mut world);
        let as_of = AsOf { known_at: world.draw_known_at(), position: world.book.head() };
        let Ok(whole) = grid(&world.book, &question, as_of) else { continue };
        // A line, a few lines, a few measures.
        for n_cells in [1, question.periods.len() * 2, question.n_cells() / 3] {
            let mut slices = slices(&question, n_cells).unwrap();
            let Some(first) = slices.next() else { continue };
            let mut all = grid(&world.book, &first.question, as_of).unwrap();
            for slice in slices {
                all.append(grid(&world.book, &slice.question, as_of).unwrap(), slice.same_measure);
                n_slices += 1;
            }
            assert_eq!(shown(&all), shown(&whole), "seed {seed}, slices of {n_cells}");
            assert_eq!(all.basis, whole.basis, "seed {seed}, slices of {n_cells}");
            assert_eq!(all.definitions, whole.definitions, "seed {seed}, slices of {n_cells}");
        }
    }
    assert!(n_slices > 1_000, "{n_slices}");
}

#[test]
fn what_differs_between_two_times_are_the_cells_that_do() {
    type Plain = (Option<Figure>, Option<Terms>, Status, Rating, Direction);
    let of =
        |figure, target, cell: &GridCell| -> Plain { (figure, target, cell.status(), cell.rating(), cell.direction()) };
    let (mut n_differing, mut n_alike) = (0, 0);
    for seed in seeds() {
        let mut world = World::grown(seed, 25);
        let question = everything(&mut world);
        let head = world.book.head();
        let earlier = AsOf { known_at: world.draw_known_at(), position: head };
        let later = AsOf { known_at: if seed % 3 == 0 { world.draw_known_at() } else { None }, position: head };
        let [Ok(before), Ok(after)] = [earlier, later].map(|as_of| grid(&world.book, &question, as_of)) else {
            assert!(differences(&world.book, &question, earlier, later).is_err(), "seed {seed}");
            continue;
        };
        let found = differences(&world.book, &question, earlier, later).unwrap();
        assert_eq!(found.as_of, [before.basis.as_of, after.basis.as_of], "seed {seed}");
        let in_grid = |grid: &Grid, at: usize| {
            let cell = &grid.cells[at];
            of(grid.figure(cell), grid.target(cell), cell)
        };
        let told = |cell: &GridCell| of(found.figure(cell), found.target(cell), cell);
        let expected: Vec<(usize, Plain, Plain)> = (0..question.n_cells())
            .map(|at| (at, in_grid(&before, at), in_grid(&after, at)))
            .filter(|(_, was, is)| was != is)
            .collect();
        let found: Vec<(usize, Plain, Plain)> =
            found.cells.iter().map(|Differing { at, was, is }| (*at, told(was), told(is))).collect();
        assert_eq!(found, expected, "seed {seed}");
        n_differing += expected.len();
        n_alike += question.n_cells() - expected.len();
    }
    assert!(n_differing > 1_000 && n_alike > 1_000, "{n_differing}, {n_alike}");
}

#[test]
fn every_backfill_that_a_grid_shows_is_counted_once() {
    let mut n_adopted = 0;
    for seed in seeds() {
        let mut world = World::grown(seed, 15);
        // All periods, so that no figure is the one before another and not shown itself.
        let mut question = everything(&mut world);
        let book = &world.book;
        question.periods = book
            .all_series()
            .flat_map(|series| book.figures(series).periods())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let as_of = AsOf::position(book.head());
        let Ok(found) = grid(book, &question, as_of) else { continue };
        let mut backfilled = BTreeSet::new();
        for cell in cells(&question) {
            let (row, _) = history::explain(book, &cell, as_of).unwrap();
            let (result, target) = (row.result.map(|it| it.provenance), row.target.map(|it| it.provenance));
            let shown = result.into_iter().chain(target);
            backfilled.extend(shown.filter(|it| it.known_at < it.recorded_at).map(|it| it.position));
            let (defined, _) = book.definition(&cell.series.measure, as_of).unwrap();
            backfilled.extend(defined.backfill().then_some(defined.position));
            let ended = book.withdrawal(&cell.series.measure, as_of);
            backfilled.extend(ended.filter(|it| it.backfill()).map(|it| it.position));
            let (measure, day) = (Some(&cell.series.measure), cell.period.last_day());
            let rule = book.rating_rule_adoption(measure, day, as_of);
            let adopted = rule.into_iter().chain(book.direction_method_adoption(measure, day, as_of));
            let adopted: Vec<_> = adopted.filter(|it| it.backfill()).map(|it| it.position).collect();
            n_adopted += adopted.len();
            backfilled.extend(adopted);
        }
        assert_eq!(usize::try_from(found.basis.n_backfilled).unwrap(), backfilled.len(), "seed {seed}");
    }
    assert!(n_adopted > 100, "rules that were adopted as known earlier come about: {n_adopted}");
}

#[test]
fn a_result_is_kept_with_all_that_was_recorded() {
    for seed in seeds() {
        let world = World::grown(seed, 25);
        for record in world.records() {
            let (cell, entry) = match &record.event {
                Event::ResultRecorded(it) => (&it.cell, Some(&it.entry)),
                Event::ResultWithdrawn(cell) => (cell, None),
                _ => continue,
            };
            let figures = world.book.figures(&cell.series);
            let kept = figures.revisions(cell.period).find(|it| it.position() == record.position).unwrap().revision();
            let received = world.book.submission(kept.submission).unwrap();
            assert_eq!(kept.value.value.as_ref(), entry, "seed {seed}");
            assert_eq!((kept.known_at, kept.recorded_at), (record.known_at, record.recorded_at), "seed {seed}");
            assert_eq!(received.id, record.attribution.submission, "seed {seed}");
            assert_eq!(
                (kept.value.origin, kept.value.why),
                (record.attribution.origin, record.attribution.why.clone())
            );
        }
    }
}

#[test]
fn a_question_that_is_too_large_or_not_in_order_is_refused() {
    let mut world = World::grown(1, 5);
    let question = everything(&mut world);
    let (book, as_of) = (&world.book, AsOf::position(world.book.head()));
    let backwards = Question { periods: question.periods.iter().rev().copied().collect(), ..question.clone() };
    assert_eq!(grid(book, &backwards, as_of), Err(reporting::Error::NotAscending));
    let measure = question.measures[0].clone();
    let large = Question { measures: vec![measure; 1_000_001], ..question };
    let refused = grid(book, &large, as_of).unwrap_err().to_string();
    assert!(refused.ends_with("at most 1000000 at once; ask for fewer measures, areas or periods"), "{refused}");
    let nobody = Question { cohort: CohortId::new("nobody").unwrap(), ..everything(&mut world) };
    let empty = grid(&world.book, &nobody, as_of);
    assert!(empty.is_ok_and(|grid| grid.cells.iter().all(|cell| grid.figure(cell).is_none())));
}
