//! The book and the read models against the definition, for random worlds and bounds.

use domain::event::Comparator;
use domain::result::StatedPeriod;
use domain::scorecard::LayoutRow;
use domain::{AreaId, AsOf, Book, Period, Position, ScorecardId, Timestamp};
use engine::sha256;
use reporting::answer::{Row as RowAnswer, Scorecard};
use reporting::scorecard::{Question, scorecard};
use reporting::view::write;
use reporting::views::{Replay, view};

use crate::naive::row::Row;
use crate::naive::{Naive, View};
use crate::world::World;
use crate::world::draw::SCORECARD;

/// How many worlds a property is tried in.
pub(super) fn seeds() -> std::ops::Range<u64> {
    if option_env!("SCOREBOOK_SLOW_TESTS").is_some() { 0..20_000 } else { 0..200 }
}

fn card() -> ScorecardId {
    ScorecardId::new(SCORECARD).unwrap()
}

fn question(area: AreaId, period: Period) -> Question {
    Question { scorecard: card(), period, area }
}

/// What an answer's row comes down to.
fn reduced(row: &RowAnswer) -> Row {
    Row {
        cell: row.cell.clone(),
        definition: (row.definition.clone(), row.defined_later),
        result: row.result.as_ref().map(|it| (it.provenance.position, it.entry.clone())),
        target: row.target.as_ref().map(|it| (it.provenance.position, it.key.clone(), it.terms)),
        rating: (row.rating, Some(row.rule.clone()).filter(|rule| rule.as_str() != "none")),
        direction: (
            row.direction.direction,
            Some(row.direction.method.clone()).filter(|method| method.as_str() != "none"),
        ),
        previous: row.direction.previous.as_ref().map(|it| (it.period.clone(), it.as_stated)),
        benchmarks: row
            .benchmarks
            .iter()
            .map(|it| {
                let averaged = it
                    .neighbours
                    .as_ref()
                    .map(|by| (by.list.clone(), by.n_counted, by.not_averaged.is_none().then(|| it.display.clone())));
                (it.comparator.clone(), it.period.clone(), averaged)
            })
            .collect(),
        commentary: row.commentary.iter().map(|it| (it.text.clone(), it.stale)).collect(),
        actions: row.actions.iter().map(|it| (it.text.clone(), it.owner.clone(), it.due, it.stale)).collect(),
        forecasts: row.forecasts.iter().map(|(period, _)| *period).collect(),
    }
}

fn naive_rows(view: &View<'_>, area: &AreaId, period: Period) -> Option<Vec<Option<Row>>> {
    let (_, layout) = view.scorecard(&card(), period.last_day())?;
    view.area(area)?;
    Some(layout.rows().map(|row: &LayoutRow| view.row(row, area, period)).collect())
}

/// Asserts that the scorecard is the naive model's.
#[track_caller]
pub(super) fn assert_scorecard_is_naive(
    book: &Book,
    naive: &Naive,
    (area, period): (&AreaId, Period),
    (known_at, position): (Option<Timestamp>, Position),
    told: &str,
) {
    let answer = scorecard(book, &question(area.clone(), period), AsOf { known_at, position });
    assert_answer_is_naive(&answer, naive, (area, period), (known_at, position), told);
}

/// The same of an answer that was given.
#[track_caller]
pub(super) fn assert_answer_is_naive(
    answer: &Result<Scorecard, reporting::Error>,
    naive: &Naive,
    (area, period): (&AreaId, Period),
    (known_at, position): (Option<Timestamp>, Position),
    told: &str,
) {
    let view = naive.view(known_at, position);
    let rows = naive_rows(&view, area, period);
    let told = format!("{told}: {area} {period:?} as of {known_at:?}, {position}");
    match (answer, rows) {
        (Ok(answer), Some(rows)) => {
            assert_eq!(answer.basis.as_of, AsOf { known_at, position: view.position }, "{told}");
            let found: Vec<_> = answer.sections.iter().flat_map(|section| &section.rows).map(reduced).collect();
            assert_eq!(rows.iter().flatten().cloned().collect::<Vec<_>>(), found, "{told}");
            assert!(rows.iter().all(Option::is_some), "{told}");
            assert_eq!(usize::try_from(answer.counts.total()).unwrap(), rows.len(), "{told}");
        }
        (Err(_), None) => {}
        // A scorecard with a measure that is rolled back cannot be laid out.
        (Err(_), Some(rows)) => assert!(rows.iter().any(Option::is_none), "{told}"),
        (Ok(_), None) => panic!("{told}: an answer where the definition gives none"),
    }
}

/// Asserts that one of each kind of question has the naive model's answer.
fn assert_book_is_naive(world: &mut World, known_at: Option<Timestamp>, position: Position) {
    let (cell, key, area) = (world.draw_cell(), world.draw_key(), world.draw_area());
    let day = cell.period.last_day();
    let (book, view) = (&world.book, world.naive.view(known_at, position));
    let as_of = AsOf { known_at, position: book.settle(position) };
    let told = format!("seed {}, {cell:?}, {key:?}, as of {known_at:?}, {position}", world.seed);
    assert_eq!(as_of.position, view.position, "{told}");
    let measure = &cell.series.measure;

    let result = book.result(&cell, as_of).map(|it| (it.position(), it.entry().unwrap()));
    assert_eq!(result, view.result(&cell).map(|(at, entry)| (at, entry.clone())), "{told}");
    let target = book.target(&key, day, as_of).map(|it| (it.position, it.value.value.terms.unwrap()));
    assert_eq!(target, view.target(&key, day), "{told}");
    let definition = book.definition(measure, as_of).map(|(it, later)| (it.position, later));
    assert_eq!(definition, view.definition(measure).map(|(at, _, later)| (at, later)), "{told}");
    assert_eq!(book.withdrawal(measure, as_of).is_some(), view.withdrawal(measure).is_some(), "{told}");
    assert_eq!(book.area(&area, as_of).map(|it| &it.value.value), view.area(&area), "{told}");
    assert_eq!(book.cohort(&key.cohort, as_of).map(|it| &it.value.value), view.cohort(&key.cohort), "{told}");
    assert_eq!(book.rating_rule(Some(measure), day, as_of), view.rule(true, measure, day), "{told}");
    assert_eq!(book.direction_method(Some(measure), day, as_of), view.rule(false, measure, day), "{told}");
    let beside: Vec<_> = book.benchmarks(&cell, as_of).iter().map(|it| (it.position, &it.value.value)).collect();
    assert_eq!(beside, view.benchmarks(&cell), "{told}");
    let list = book.neighbours(&area, day, as_of).map(|it| &it.value.value);
    assert_eq!(list, view.neighbours(&area, day), "{told}");
    let written: Vec<_> = book
        .commentary(&cell, as_of)
        .iter()
        .map(|it| (it.position, it.value.value.about, book.text(&it.value.value.text).unwrap()))
        .collect();
    assert_eq!(written, view.commentary(&cell), "{told}");
    assert_eq!(book.format(position), world.naive.format(position), "{told}");
    let agreed: Vec<_> = book
        .actions(&cell, as_of)
        .iter()
        .map(|it| {
            let (position, action) = (it.position, &it.value.value);
            (position, action.about, book.text(&action.text).unwrap(), action.owner.clone(), action.due)
        })
        .collect();
    assert_eq!(agreed, view.actions(&cell), "{told}");
    let layout = book.scorecard_for(&card(), day, as_of).map(|it| it.value.value.layout.clone());
    assert_eq!(layout, view.scorecard(&card(), day).map(|(_, layout)| layout), "{told}");
    let given: Vec<_> = book.views(position).map(|it| (it.position, &it.value.value)).collect();
    assert_eq!(given, world.naive.views(position), "{told}");
    for (_, published) in given {
        let acts: Vec<_> = book
            .committee_acts(&published.view, as_of)
            .iter()
            .map(|it| (it.position, it.value.value.act, book.text(&it.value.value.text).unwrap()))
            .collect();
        assert_eq!(acts, view.committee_acts(&published.view), "{told}");
        let late = book.late_figures(&published.view, as_of);
        let late: Vec<_> = late.iter().map(|it| (it.position, &it.value.value)).collect();
        assert_eq!(late, view.late_figures(&published.view), "{told}");
    }
}

/// Backfills, renames, rollbacks, new rules and layouts that come after a view change no byte of what it is rebuilt to.
#[test]
fn a_view_is_rebuilt_to_the_same_bytes_whatever_came_after_it() {
    let (mut n_views, mut n_moved) = (0, 0);
    for seed in seeds() {
        let world = World::grown(seed, 60);
        for published in world.book.views(world.book.head()) {
            let id = &published.value.value.view;
            let told = format!("seed {seed}, {id}");
            let answer = view(&world.book, id, world.book.head(), sha256).unwrap();
            assert_eq!(answer.replay, Replay::Same, "{told}");
            assert_eq!(answer.text, world.naive.text(&published.value.value.content), "{told}");
            n_views += 1;
            let question = question(published.value.value.area.clone(), published.value.value.period);
            let now = scorecard(&world.book, &question, AsOf::position(world.book.head()));
            let now = now.map(|card| write(&card, &published.value.value.meeting, |content| world.book.text(content)));
            n_moved += u32::from(now.as_ref() != Ok(&answer.text));
        }
    }
    assert!(n_views > 100 && n_moved > 100, "{n_views} views, {n_moved} of which would say something else now");
}

#[test]
fn every_question_is_answered_as_the_definition_answers_it() {
    for seed in seeds() {
        let mut world = World::grown(seed, 25);
        for _ in 0..25 {
            let (known_at, position) = (world.draw_known_at(), world.draw_position());
            assert_book_is_naive(&mut world, known_at, position);
        }
    }
}

#[test]
fn every_scorecard_is_the_definitions() {
    for seed in seeds() {
        let mut world = World::grown(seed, 25);
        for _ in 0..6 {
            let (known_at, position) = (world.draw_known_at(), world.draw_position());
            let (area, period) = (world.draw_area(), world.draw_period());
            let told = format!("seed {seed}");
            assert_scorecard_is_naive(&world.book, &world.naive, (&area, period), (known_at, position), &told);
        }
    }
}

#[test]
fn an_answer_at_fixed_bounds_never_changes_as_the_log_grows() {
    for seed in seeds() {
        let mut world = World::grown(seed, 5);
        let mut seen: Vec<(Question, AsOf, Result<Scorecard, reporting::Error>)> = Vec::new();
        for _ in 0..20 {
            let as_of = AsOf { known_at: world.draw_known_at(), position: world.draw_position() };
            let question = question(world.draw_area(), world.draw_period());
            let answer = scorecard(&world.book, &question, as_of);
            seen.push((question, as_of, answer));
            world.step();
        }
        for (question, as_of, answer) in seen {
            assert_eq!(scorecard(&world.book, &question, as_of), answer, "seed {seed}, {as_of:?}");
        }
    }
}

#[test]
fn raising_known_at_past_the_last_record_changes_nothing() {
    for seed in seeds() {
        let mut world = World::grown(seed, 20);
        let last = world.records().iter().map(|record| record.known_at).max().unwrap();
        let question = question(world.draw_area(), world.draw_period());
        let position = world.draw_position();
        let answers: Vec<_> = [Some(last), Some(last.next()), Some(world.now()), None]
            .into_iter()
            .map(|known_at| scorecard(&world.book, &question, AsOf { known_at, position }))
            .map(|answer| answer.map(|card| (card.sections, card.counts, card.basis.n_backfilled)))
            .collect();
        assert!(answers.iter().all(|answer| *answer == answers[0]), "seed {seed}, at {position}");
    }
}

#[test]
fn a_redelivered_record_changes_nothing_and_a_gap_is_an_error_that_changes_nothing() {
    for seed in seeds() {
        let mut world = World::grown(seed, 10);
        let records = world.records().to_vec();
        let mut live = Book::default();
        let mut next = 0;
        while next < records.len() {
            match world.rng.below(5) {
                0 => next = next.saturating_sub(3),
                1 if next > 0 && next + 1 < records.len() && live.head() < records[next].position => {
                    let before = live.clone();
                    let gap = live.apply(&records[next + 1]).unwrap_err();
                    assert_eq!((gap.expected, gap.found), (live.head().next(), records[next + 1].position));
                    assert_eq!(live, before, "seed {seed}");
                }
                _ => {
                    live.apply(&records[next]).unwrap_or_else(|gap| panic!("seed {seed}: {gap}"));
                    next += 1;
                }
            }
        }
        assert!(live == world.book, "seed {seed}: a book fed with repetitions is the live book");
    }
}

#[test]
fn the_same_seed_gives_the_same_world() {
    for seed in 0..5 {
        assert_eq!(World::grown(seed, 30).records(), World::grown(seed, 30).records(), "seed {seed}");
    }
    assert_ne!(World::grown(1, 30).records(), World::grown(2, 30).records());
}

/// Every part is read at the same bounds, and together they are what the naive model has, whatever the parts' size.
#[test]
fn all_results_in_parts_are_the_naive_models() {
    for seed in 0..60 {
        let mut world = World::grown(seed, 25);
        for _ in 0..4 {
            let n_cells = usize::try_from(1 + world.rng.below(12)).unwrap();
            let known_at = world.rng.chance(50).then(|| world.now());
            let position = Position::new(1 + world.rng.below(world.book.head().get()));
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let as_of = AsOf { known_at, position };
                let part = reporting::results::results(&world.book, after.as_ref(), n_cells, as_of);
                for of_series in part.series {
                    assert_eq!(of_series.areas.first().map(|it| &it.area), Some(&of_series.series.area));
                    let rows = of_series.results.into_iter().map(|it| {
                        (domain::Cell { series: of_series.series.clone(), period: it.period }, it.position, it.entry)
                    });
                    found.extend(rows);
                }
                let Some(last) = part.last else { break };
                after = Some(last);
            }
            assert!(found.is_sorted_by(|left, right| left.0 < right.0), "seed {seed}: a stable order, and none twice");
            let view = world.naive.view(known_at, position);
            let mut expected: Vec<_> = view
                .counted()
                .filter_map(|record| match &record.event {
                    domain::Event::ResultRecorded(it) => Some(it.cell.clone()),
                    _ => None,
                })
                .collect();
            expected.sort();
            expected.dedup();
            let expected: Vec<_> = expected
                .into_iter()
                .filter_map(|cell| view.result(&cell).map(|(position, entry)| (cell.clone(), position, entry.clone())))
                .collect();
            assert_eq!(found, expected, "seed {seed}, as of {known_at:?}, {position}, {n_cells} at once");
        }
    }
}

/// The worlds are only worth something if they hold what the properties are about.
#[test]
fn worlds_hold_everything_that_can_be_recorded_and_many_ties() {
    let mut names = std::collections::BTreeSet::new();
    let (mut n_ties, mut n_backfills, mut n_refused) = (0, 0, 0);
    let mut own_benchmark = false;
    for seed in 0..100 {
        let world = World::grown(seed, 25);
        n_refused += world.n_refused;
        for record in world.records() {
            names.insert(record.event.name());
            n_backfills += usize::from(record.backfill());
            let other = |it: &&domain::Recorded| it.recorded_at != record.recorded_at;
            let same = world.records().iter().filter(other).any(|it| it.known_at == record.known_at);
            n_ties += usize::from(same);
            own_benchmark |= matches!(&record.event, domain::Event::BenchmarkRecorded(it)
                if matches!(it.comparator, Comparator::Area(_)) && matches!(it.period, StatedPeriod::Period(_)));
        }
    }
    for name in [
        "SubmissionRolledBack",
        "SubmissionReinstated",
        "MeasureRevised",
        "MeasureWithdrawn",
        "ResultWithdrawn",
        "TargetWithdrawn",
        "BenchmarkRecorded",
        "NeighboursAdopted",
        "CommentaryWritten",
        "RatingRuleAdopted",
        "DirectionMethodAdopted",
        "ContentStored",
        "FormatRaised",
        "ScorecardDefined",
        "ActionAgreed",
        "ViewPublished",
        "CommitteeActRecorded",
        "LateFigureTold",
    ] {
        assert!(names.contains(name), "{name} never comes about");
    }
    assert!(n_ties > 500 && n_backfills > 500 && n_refused > 100, "{n_ties} {n_backfills} {n_refused}");
    assert!(own_benchmark);
}
