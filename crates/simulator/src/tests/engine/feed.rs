//! The feed: the same from any cursor, at any time, and nothing missed or repeated by who comes and goes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::ids::ScorecardId;
use domain::{Event, LogId, MeasureId, Position};
use engine::Error;
use engine::feed::{Cursor, Delivery, Feed, Filter, Followers, Following, Item, RATING_CHANGED, Start};
use engine::log::EventLog as _;
use engine::settings::{FOLLOWERS_MAX, WATCHERS_FIRST_MAX};
use tokio::sync::watch;
use tokio::time::{Instant, advance};

use super::rig::{Rig, definitions, request, wait};
use crate::memory::Memory;
use crate::tests::properties::seeds;
use crate::world::World;
use crate::world::draw::SCORECARD;

/// A log that holds the first commits of a world.
fn log(world: &World, n_commits: usize) -> Arc<Memory> {
    let memory = Memory::new();
    memory.append(Position::START, &world.commits[..n_commits]).unwrap();
    Arc::new(memory)
}

/// Everything that there is now, without the word that it is all.
fn rest(feed: &mut Feed) -> Vec<Delivery> {
    let mut deliveries = Vec::new();
    loop {
        let page = feed.page().unwrap();
        deliveries.extend(page.deliveries);
        if page.at_head {
            assert!(matches!(deliveries.pop().map(|last| last.item), Some(Item::CaughtUp)));
            assert_eq!(feed.page().unwrap().deliveries, [], "it is said once");
            return deliveries;
        }
    }
}

fn all(rig: &Rig, start: Start, filter: &Filter) -> Vec<Delivery> {
    rest(&mut rig.engine.follow(start, filter.clone()).unwrap())
}

const BEGINNING: Start = Start::After(Position::START);

#[test]
fn every_record_and_every_rating_change_comes_once_and_in_order() {
    for seed in seeds().step_by(20) {
        let world = World::grown(seed, 25);
        let rig = Rig::start(log(&world, world.commits.len()));
        let deliveries = all(&rig, BEGINNING, &Filter::default());
        let places: Vec<_> = deliveries.iter().map(|it| (it.cursor.position, it.cursor.ordinal)).collect();
        let ends: BTreeSet<Position> = world.commits.iter().map(|commit| commit.last().unwrap().position).collect();
        let records = deliveries.iter().filter_map(|it| match &it.item {
            Item::Event(record) => Some(record.as_ref().clone()),
            _ => None,
        });
        assert_eq!(records.collect::<Vec<_>>(), world.records(), "seed {seed}");
        assert!(places.is_sorted() && places.iter().collect::<BTreeSet<_>>().len() == places.len(), "seed {seed}");
        for delivery in &deliveries {
            if let Item::RatingChanged(changed) = &delivery.item {
                assert_eq!((changed.position, changed.ordinal), (delivery.cursor.position, delivery.cursor.ordinal));
                assert!(ends.contains(&changed.position) && changed.change.before != changed.change.after.rating);
                assert!(!changed.change.causes.is_empty(), "seed {seed}: {changed:?} has a cause");
            }
        }
        rig.stop().unwrap();
    }
}

#[test]
fn what_a_commit_changed_is_on_the_page_of_its_last_event() {
    let mut n_met = 0;
    for seed in seeds().step_by(40) {
        let world = World::grown(seed, 25);
        let rig = Rig::start(log(&world, world.commits.len()));
        let mut feed = rig.engine.follow(BEGINNING, Filter::default()).unwrap();
        let mut page = feed.page().unwrap();
        while !page.at_head {
            let places: Vec<_> = page.deliveries.iter().map(|it| (it.cursor.position, it.cursor.ordinal)).collect();
            for (position, _) in places.iter().filter(|(_, ordinal)| *ordinal == 1) {
                assert!(places.contains(&(*position, 0)), "seed {seed}: {position}");
                n_met += 1;
            }
            page = feed.page().unwrap();
        }
        drop(feed);
        rig.stop().unwrap();
    }
    assert!(n_met > 0);
}

#[test]
fn who_goes_on_from_its_cursor_as_the_log_grows_misses_and_repeats_nothing() {
    for seed in seeds().step_by(40) {
        let world = World::grown(seed, 20);
        let (mut found, mut start) = (Vec::new(), BEGINNING);
        for n_commits in 1..=world.commits.len() {
            let rig = Rig::start(log(&world, n_commits));
            found.extend(all(&rig, start, &Filter::default()));
            start = Start::Cursor(found.last().unwrap().cursor);
            rig.stop().unwrap();
        }
        let rig = Rig::start(log(&world, world.commits.len()));
        assert_eq!(found, all(&rig, BEGINNING, &Filter::default()), "seed {seed}");
        rig.stop().unwrap();
    }
}

#[test]
fn ten_thousand_reconnections_miss_and_repeat_nothing() {
    let world = World::grown(5, 40);
    let rig = Rig::start(log(&world, world.commits.len()));
    let expected = all(&rig, BEGINNING, &Filter::default());
    let (mut n_connections, mut round) = (0, 0);
    while n_connections < 10_000 {
        let (mut found, mut start): (Vec<Delivery>, _) = (Vec::new(), BEGINNING);
        while found.len() < expected.len() {
            let mut feed = rig.engine.follow(start, Filter::default()).unwrap();
            let page = feed.page().unwrap();
            let n_taken = 1 + (round + n_connections) % 3;
            found.extend(page.deliveries.into_iter().filter(|it| it.item != Item::CaughtUp).take(n_taken));
            // A cursor is kept as text.
            start = Start::Cursor(found.last().unwrap().cursor.to_string().parse().unwrap());
            n_connections += 1;
        }
        assert!(found == expected, "round {round}");
        round += 1;
    }
    rig.stop().unwrap();
}

#[test]
fn a_filter_leaves_out_what_does_not_agree_and_nothing_else() {
    let mut n_found = [0_usize; 4];
    for seed in seeds().step_by(20) {
        let mut world = World::grown(seed, 25);
        let cell = world.draw_cell();
        let rig = Rig::start(log(&world, world.commits.len()));
        let everything = all(&rig, BEGINNING, &Filter::default());
        let measure = cell.series.measure.clone();
        let card = Some(ScorecardId::new(SCORECARD).unwrap());
        let filters = [
            Filter { measures: BTreeSet::from([measure.clone()]), ..Filter::default() },
            Filter { areas: BTreeSet::from([cell.series.area.clone()]), ..Filter::default() },
            Filter { types: BTreeSet::from(["TargetChanged", RATING_CHANGED]), ..Filter::default() },
            Filter { scorecard: card, areas: BTreeSet::from([cell.series.area.clone()]), ..Filter::default() },
        ];
        for (number, filter) in filters.iter().enumerate() {
            let found = all(&rig, BEGINNING, filter);
            let mut left = everything.iter();
            assert!(found.iter().all(|it| left.any(|other| other == it)), "seed {seed}: a part, in order, as it is");
            n_found[number] += found.len();
            let wanted = |delivery: &&Delivery| match (&delivery.item, number) {
                (Item::RatingChanged(it), 0) => it.change.after.cell.series.measure == measure,
                (Item::RatingChanged(it), 1) => it.change.after.cell.series.area == cell.series.area,
                (Item::RatingChanged(_), 2) => true,
                (Item::Event(it), 0) => about(&it.event, &measure),
                (Item::Event(it), 1) => {
                    matches!(&it.event, Event::ResultRecorded(it) if it.cell.series.area == cell.series.area)
                }
                (Item::Event(it), 2) => it.event.name() == "TargetChanged",
                _ => false,
            };
            for delivery in everything.iter().filter(wanted) {
                assert!(found.contains(delivery), "seed {seed}: filter {number} leaves out {delivery:?}");
            }
        }
        rig.stop().unwrap();
    }
    assert!(n_found.iter().all(|n| *n > 20), "{n_found:?}");
}

fn about(event: &Event, measure: &MeasureId) -> bool {
    match event {
        Event::ResultRecorded(it) => it.cell.series.measure == *measure,
        Event::TargetChanged(it) => it.key.measure == *measure,
        Event::MeasureRevised(it) => it.measure == *measure,
        Event::RatingRuleAdopted(it) => it.measure.as_ref().is_none_or(|of| of == measure),
        _ => false,
    }
}

#[test]
fn a_cursor_of_another_log_or_of_another_course_of_it_is_refused() {
    let (world, other) = (World::grown(3, 10), World::grown(4, 10));
    let rig = Rig::start(log(&world, world.commits.len()));
    let cursor = all(&rig, BEGINNING, &Filter::default()).last().unwrap().cursor;
    let refused = |rig: &Rig, cursor: Cursor, words: &str| {
        let followed = rig.engine.follow(Start::Cursor(cursor), Filter::default());
        let Err(error @ Error::Cursor { .. }) = followed.map(|_| ()) else { panic!("{cursor} is followed") };
        assert!(error.to_string().contains(words), "{error}");
    };
    refused(&rig, Cursor { log: LogId([1; 16]), ..cursor }, "of the log");
    refused(&rig, Cursor { chain: [0; 8], ..cursor }, "went on otherwise");
    refused(&rig, Cursor { position: cursor.position.next(), ..cursor }, "the log ends at");
    rig.stop().unwrap();
    // The same log identifier, the same beginning, and then something else.
    let fork = Rig::start(log(&other, other.commits.len()));
    let place = cursor.position.min(fork.engine.head().position);
    refused(&fork, Cursor { position: place, ..cursor }, "went on otherwise");
    let beyond = fork.engine.follow(Start::After(fork.engine.head().position.next()), Filter::default());
    assert!(matches!(beyond.map(|_| ()), Err(Error::AfterHead { .. })));
    fork.stop().unwrap();
}

#[test]
fn every_cursor_is_read_back_from_its_text_and_no_other_text_is_one() {
    let cursor =
        Cursor { log: LogId([7; 16]), position: Position::new(12), ordinal: 3, chain: [1, 2, 3, 4, 5, 6, 7, 255] };
    for ordinal in [0, 1, Cursor::ALL] {
        let cursor = Cursor { ordinal, ..cursor };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }
    let text = cursor.to_string();
    assert_eq!(text, "07070707-0707-0707-0707-070707070707:12:3:01020304050607ff");
    let others = [
        String::new(),
        text.replace(":12:", ":+12:"),
        text.replace(":12:", ":012:"),
        text.replace(":3:", ":4294967295:"),
        text.replace(":3:", "::"),
        text.to_uppercase(),
        format!("{text}:"),
        text[..text.len() - 1].to_owned(),
    ];
    for other in others {
        assert!(other.parse::<Cursor>().is_err(), "{other:?} is read as a cursor");
    }
}

#[test]
fn who_has_caught_up_is_told_what_comes_and_how_far_it_is() {
    let rig = Rig::start(Arc::new(Memory::new()));
    let filter = Filter { types: BTreeSet::from(["MeasureDefined"]), ..Filter::default() };
    let mut feed = rig.engine.follow(BEGINNING, filter).unwrap();
    assert_eq!(rest(&mut feed), []);
    assert_eq!(feed.progress().unwrap(), None, "it has just been told");
    rig.submit(request(200, definitions())).unwrap();
    let page = feed.page().unwrap();
    assert!(!page.deliveries.is_empty() && page.deliveries.iter().all(|it| matches!(it.item, Item::Event(_))));
    assert!(feed.page().unwrap().at_head);
    let head = rig.engine.head().position;
    let progress = feed.progress().unwrap().expect("a commit ended after the last item");
    assert_eq!((progress.cursor.position, progress.item), (head, Item::Progress));
    assert_eq!(feed.progress().unwrap(), None, "it is said once");
    assert_eq!(all(&rig, Start::Cursor(progress.cursor), &Filter::default()), []);
    drop(feed);
    rig.stop().unwrap();
}

#[test]
fn there_are_so_many_places_for_followers_and_who_leaves_gives_its_place_back() {
    let rig = Rig::start(Arc::new(Memory::new()));
    let (_stop, stopping) = watch::channel(false);
    let followers = Followers::new(stopping);
    let elsewhere = followers.clone();
    let follow = || followers.follow(&rig.engine, BEGINNING, Filter::default());
    let mut following: Vec<Following> = (0..FOLLOWERS_MAX).map(|_| follow().unwrap()).collect();
    let next = elsewhere.follow(&rig.engine, BEGINNING, Filter::default());
    assert!(matches!(next.err(), Some(Error::Busy { what: "followers", .. })));
    following.pop();
    let refused = elsewhere.follow(&rig.engine, Start::After(Position::new(1_000_000)), Filter::default());
    assert!(matches!(refused.err(), Some(Error::AfterHead { .. })), "and takes no place");
    following.push(follow().unwrap());
    assert!(follow().is_err());
    drop(following);
    rig.stop().unwrap();
}

#[test]
fn a_log_that_grows_with_what_is_not_wanted_does_not_put_off_the_word_of_progress() {
    let rig = Rig::start(Arc::new(Memory::new()));
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().unwrap();
    let (stop, stopping) = watch::channel(false);
    let filter = Filter { types: BTreeSet::from(["SubmissionRolledBack"]), ..Filter::default() };
    let following = Followers::new(stopping).follow(&rig.engine, BEGINNING, filter).unwrap();
    let (sender, mut told) = Following::queue();
    runtime.spawn(following.tell(sender, |told| told.map(|delivery| delivery.item)));
    assert!(matches!(runtime.block_on(told.recv()), Some(Ok(Item::CaughtUp))));
    let began = runtime.block_on(async {
        let began = Instant::now();
        advance(Duration::from_secs(6)).await;
        began
    });
    rig.submit(request(200, definitions())).unwrap();
    assert!(matches!(runtime.block_on(told.recv()), Some(Ok(Item::Progress))));
    assert_eq!(runtime.block_on(async { began.elapsed() }).as_secs(), 10);
    drop(stop);
    assert!(matches!(runtime.block_on(told.recv()), Some(Err(engine::feed::Ended::Stopping))));
    assert!(runtime.block_on(told.recv()).is_none(), "that is the last word");
    drop(runtime);
    rig.stop().unwrap();
}

#[test]
fn everybody_who_watches_the_head_is_woken_however_many_they_are() {
    for n_watching in [1, WATCHERS_FIRST_MAX + 1] {
        let rig = Rig::start(Arc::new(Memory::new()));
        let mut watching: Vec<_> = (0..n_watching).map(|_| rig.engine.heads()).collect();
        for heads in &mut watching {
            heads.mark_unchanged();
        }
        let (_, receipt) = rig.submit(request(200, definitions())).unwrap();
        assert_eq!(rig.engine.head().position, receipt.last, "who was answered sees it");
        for heads in &mut watching {
            wait(heads.changed()).unwrap();
            assert_eq!(heads.borrow().position, receipt.last);
        }
        rig.stop().unwrap();
    }
}
