//! Against real servers, and the embedded feed as what has to be there.

#![expect(clippy::arithmetic_side_effects, reason = "an overflow fails the test that has it")]

mod consumers;
mod rig;

use domain::Position;
use engine::feed::{Delivery, Filter, Item, Start};
use simulator::nats::Nats;
use simulator::rng::Rng;

use super::feed_stream::FeedStream;
use super::message::{Message, Messages};
use super::{Error, Role, Setback};
use rig::{Council, Running, connect};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_item_is_announced_once_and_in_order() {
    let nats = Nats::single();
    let mut council = Council::grown(1, 60);
    let mut running = council.announce(&nats).await;
    running.reach(council.feed().len()).await;
    council.check(&council.seen(&nats).await);
    council.grow(20).await;
    running.reach(council.feed().len()).await;
    let seen = council.seen(&nats).await;
    council.check(&seen);
    assert!(seen.iter().filter(|it| it.subject.contains(".ratings.RatingChanged.m-")).count() > 10);
    let announced = running.progress.borrow().announced.expect("something is");
    assert_eq!(announced.position, council.engine.head().position);
    running.stop.send_replace(true);
    running.ended().await.expect("it was told to stop");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_announcer_that_is_cut_off_anywhere_is_gone_on_from() {
    let nats = Nats::single();
    let mut rng = Rng::new(2);
    let mut council = Council::grown(2, 200);
    let mut n_inside = 0;
    for _ in 0..12 {
        let n_items = u64::try_from(council.feed().len()).expect("a few");
        let mut running = council.announce(&nats).await;
        let after = running.until("a beginning", |progress| progress.role == Role::Announcing).await.sequence;
        let until = (after + rng.below(25)).min(n_items);
        let cut_at = running.until("more", |progress| progress.sequence >= until).await.sequence;
        drop(running);
        n_inside += u64::from(cut_at < n_items);
        council.grow(3).await;
    }
    let mut running = council.announce(&nats).await;
    running.reach(council.feed().len()).await;
    assert!(n_inside > 0, "it is always done before it is cut off");
    council.check(&council.seen(&nats).await);
}

/// Two at once from the beginning: the one that announces in the end, and the one that stands by.
async fn two(nats: &Nats, council: &mut Council) -> (Running, Running) {
    let (mut first, mut second) = tokio::join!(council.announce(nats), council.announce(nats));
    let standing = |it: &Running| it.progress.borrow().role == Role::StandingBy;
    loop {
        let n_items = council.feed().len();
        tokio::join!(first.reach(n_items), second.reach(n_items));
        match (standing(&first), standing(&second)) {
            (true, false) => return (second, first),
            (false, true) => return (first, second),
            // Who was quick enough to miss the other meets it after some more.
            _ => council.grow(1).await,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_announcers_one_stands_by_until_it_is_needed() {
    let nats = Nats::single();
    let mut council = Council::grown(3, 120);
    let (active, mut standby) = two(&nats, &mut council).await;
    council.check(&council.seen(&nats).await);
    drop(active);
    council.grow(5).await;
    standby.until("taking over", |progress| progress.role == Role::Announcing).await;
    standby.reach(council.feed().len()).await;
    council.check(&council.seen(&nats).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_announcer_ends_with_its_log() {
    let nats = Nats::single();
    let mut council = Council::grown(15, 120);
    let (active, standby) = two(&nats, &mut council).await;
    council.grow(5).await;
    council.engine.stop();
    active.ended().await.expect("nothing more comes");
    standby.ended().await.expect("nothing more comes");
    council.check(&council.seen(&nats).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_comes_late_is_not_taken_again() {
    let nats = Nats::single();
    let council = Council::grown(4, 4);
    let mut running = council.announce(&nats).await;
    running.reach(council.feed().len()).await;
    let stream = FeedStream::new(connect(&nats).await, &council.names(), 1);
    let announced = stream.last().await.unwrap_or_else(|_| panic!("it is there")).cursor.expect("a message");
    let late = |id: &str| Message {
        subject: council.names().event_subject("Late", None),
        id: id.to_owned(),
        cursor: announced,
        json: "{}".to_owned(),
    };
    for after in [0, 1, 2] {
        let sent = stream.send(late(&format!("late-{after}")), after).await.unwrap_or_else(|_| panic!("it is sent"));
        assert!(matches!(sent.acknowledged().await, Err(Setback::Outrun)), "after {after}");
    }
    council.check(&council.seen(&nats).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_in_between_loses_and_doubles_nothing() {
    let mut nats = Nats::single();
    let mut rng = Rng::new(5);
    let mut council = Council::grown(5, 80);
    let mut running = council.announce(&nats).await;
    for _ in 0..3 {
        council.grow(8).await;
        let n_items = u64::try_from(council.feed().len()).expect("a few");
        let until = (running.progress.borrow().sequence + rng.below(40)).min(n_items);
        running.until("more", |progress| progress.sequence >= until).await;
        nats.kill(0);
        nats.start(0);
    }
    running.reach(council.feed().len()).await;
    council.check(&council.seen(&nats).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_is_deleted_is_rebuilt_the_same() {
    let nats = Nats::single();
    let mut council = Council::grown(6, 40);
    let mut running = council.announce(&nats).await;
    running.reach(council.feed().len()).await;
    let before = council.seen(&nats).await;
    let connection = connect(&nats).await;
    connection.context.delete_stream(council.names().feed_stream()).await.expect("it is deleted");
    council.grow(3).await;
    running.until("a beginning", |progress| progress.sequence < 50).await;
    running.reach(council.feed().len()).await;
    let rebuilt = council.seen(&nats).await;
    assert_eq!(rebuilt[..before.len()], before);
    council.check(&rebuilt);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_nodes_of_which_one_after_another_is_killed_lose_and_double_nothing() {
    let mut nats = Nats::cluster(3);
    let mut rng = Rng::new(7);
    let mut council = Council::grown(7, 120);
    let (mut first, mut second) = tokio::join!(council.announce(&nats), council.announce(&nats));
    for until in [rng.below(150), 150 + rng.below(50)] {
        first.until("more", |progress| progress.sequence >= until).await;
        let at = usize::try_from(rng.below(3)).expect("below 3");
        nats.kill(at);
        council.grow(8).await;
        nats.start(at);
    }
    let n_items = council.feed().len();
    tokio::join!(first.reach(n_items), second.reach(n_items));
    council.check(&council.seen(&nats).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_stream_of_another_log_is_not_gone_on_with() {
    let nats = Nats::single();
    let council = Council::grown(8, 10);
    let mut running = council.announce(&nats).await;
    running.reach(council.feed().len()).await;
    drop(running);
    // The same log by its identifier, which went on otherwise: its salts are others.
    let forked = Council::grown(8, 30);
    let error = forked.announce(&nats).await.ended().await.expect_err("it is another log");
    let text = error.to_string();
    assert!(matches!(error, Error::OtherLog { .. }), "{text}");
    let head = council.engine.head().position;
    assert!(text.contains(&format!("the log went on otherwise before position {head}: it was restored")), "{text}");
    assert!(text.contains("delete the stream"), "{text}");
    council.check(&council.seen(&nats).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_is_behind_the_stream_waits_and_says_so() {
    let nats = Nats::single();
    let mut ahead = Council::grown(9, 30);
    ahead.grow(1).await;
    let mut running = ahead.announce(&nats).await;
    running.reach(ahead.feed().len()).await;
    drop(running);
    let mut behind = Council::grown(9, 30);
    let mut running = behind.announce(&nats).await;
    running.until("being behind", |progress| progress.role == Role::Behind).await;
    // It gets there otherwise, and stops.
    behind.grow(2).await;
    assert!(matches!(running.ended().await, Err(Error::OtherLog { .. })));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_is_of_no_use_is_refused_with_what_to_do() {
    let nats = Nats::single();
    let council = Council::grown(10, 4);
    let context = connect(&nats).await.context;
    let good = FeedStream::new(connect(&nats).await, &council.names(), 1).config().clone();
    for (config, problem) in [
        (good.clone(), "has a message 1 that is none of the feed's"),
        (async_nats::jetstream::stream::Config { max_messages: 5, ..good.clone() }, "does not keep every message"),
        (
            async_nats::jetstream::stream::Config { subjects: vec!["scorebook.K.events.>".to_owned()], ..good },
            "takes the subjects scorebook.K.events.>",
        ),
    ] {
        let name = config.name.clone();
        context.create_stream(config).await.expect("it is made");
        let sent =
            context.publish(council.names().event_subject("Other", None), "{}".into()).await.expect("it is sent");
        sent.await.expect("it is taken");
        let text = council.announce(&nats).await.ended().await.expect_err("it is of no use").to_string();
        assert!(text.contains(problem) && text.contains("delete it"), "{text}");
        context.delete_stream(name).await.expect("it is deleted");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_would_refuse_large_items_is_refused() {
    let nats = Nats::with(1, "max_payload: 65536\n");
    let error = Council::grown(11, 4).announce(&nats).await.ended().await.expect_err("its bound is too low");
    assert!(error.to_string().contains("raise max_payload"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_largest_items_are_within_the_bound_and_a_larger_one_is_an_error() {
    let council = Council::grown(16, 60);
    let messages = Messages::new(council.engine.opened(), council.names()).expect("the contract");
    let mut feed = council.engine.follow(Start::After(Position::START), Filter::default()).expect("a feed");
    let (mut n_changes, mut n_events) = (0, 0);
    loop {
        let page = feed.page().expect("a page");
        for Delivery { cursor, mut item } in page.deliveries {
            let stretched = match &mut item {
                Item::RatingChanged(changed) => {
                    let change = &mut changed.change;
                    let mut cause = change.causes.pop().expect("the rating itself");
                    let line = |n_bytes| "\"".repeat(n_bytes);
                    (cause.title, cause.before, cause.after, cause.sentence) =
                        (line(200), line(400), line(400), line(3_000));
                    if let Some(provenance) = &mut cause.provenance {
                        provenance.reason = line(1_000);
                    }
                    change.causes = vec![cause; 7];
                    change.after.explanation = line(2_000);
                    n_changes += 1;
                    true
                }
                Item::Event(record) => {
                    record.attribution.why.reason = "\u{1}".repeat(3_800);
                    n_events += 1;
                    true
                }
                Item::CaughtUp | Item::Progress => false,
            };
            let message = messages.of(Delivery { cursor, item }).expect("it is within the bound");
            assert_eq!(message.is_some(), stretched);
        }
        if page.at_head {
            break;
        }
    }
    assert!(n_changes > 5 && n_events > 50, "{n_changes} {n_events}");
    let record = council.engine.read(Position::START, 1).expect("a record").remove(0);
    let mut too_large = Box::new(record);
    too_large.attribution.why.reason = "\u{1}".repeat(22_000);
    let cursor = "09090909-0909-0909-0909-090909090909:1:0:0102030405060708".parse().expect("a cursor");
    let refused = messages.of(Delivery { cursor, item: Item::Event(too_large) });
    assert!(matches!(refused, Err(Error::Item { n_bytes, .. }) if n_bytes > 128 * 1024));
}
