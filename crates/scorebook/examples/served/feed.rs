//! How soon a follower has what was put in, and how much it takes.

use std::time::Instant;

use tokio::runtime::Runtime;
use tonic::Streaming;
use wire::v1::follow_response::Item;
use wire::v1::{FollowRequest, FollowResponse, GetStatusRequest, ReadLogRequest};

use crate::figures::{definitions, result, targets};
use crate::server::{Client, Server, submit};
use crate::{N_ROUNDS, row};

/// Submissions of one event in a round; each changes its cell's rating.
const N_SINGLES: i64 = 300;
/// Results of one submission; each changes its cell's rating.
const N_AT_ONCE: i64 = 9_600;
const PAGE: u32 = 1_000;

pub(crate) fn rows(runtime: &Runtime, server: &Server) {
    let mut client = runtime.block_on(server.client());
    runtime.block_on(submit(&mut client, definitions()));
    runtime.block_on(submit(&mut client, targets()));
    let mut watcher = runtime.block_on(server.client());
    let Latencies { whole, whole_p99, after, after_p99 } = latencies(runtime, &mut client, &mut watcher);
    let title =
        |what: &str, percent: u8| format!("one result, from {what} to its rating change at a follower, p{percent}");
    let goal = [0.002];
    row(&title("its answer", 99), "the goal", "seconds", 1.0, (&after_p99, &goal));
    row(&title("its answer", 50), "the goal for p99", "seconds", 0.0, (&after, &goal));
    row(&title("being submitted", 99), "the same, p50", "seconds", 0.0, (&whole_p99, &whole));
    at_once(runtime, "", &mut client, &mut watcher);
    catching_up(runtime, &mut client, &mut watcher);
}

async fn follow(client: &mut Client, after_position: u64) -> Streaming<FollowResponse> {
    let request = FollowRequest { after_position, ..FollowRequest::default() };
    client.follow(request).await.expect("a feed").into_inner()
}

async fn next(feed: &mut Streaming<FollowResponse>) -> Item {
    feed.message().await.expect("the feed goes on").and_then(|answer| answer.item).expect("an item")
}

/// Reads until so many rating changes have come.
pub(crate) async fn until_changed(feed: &mut Streaming<FollowResponse>, n_changes: i64) {
    let mut left = n_changes;
    while left > 0 {
        if matches!(next(feed).await, Item::RatingChanged(_)) {
            left -= 1;
        }
    }
}

/// How long a rating change takes to a follower, in seconds, by round.
#[derive(Default)]
pub(crate) struct Latencies {
    /// From being submitted.
    pub(crate) whole: Vec<f64>,
    pub(crate) whole_p99: Vec<f64>,
    /// From the answer.
    pub(crate) after: Vec<f64>,
    pub(crate) after_p99: Vec<f64>,
}

/// One client puts in, another follows; the clock is the same for both.
pub(crate) fn latencies(runtime: &Runtime, client: &mut Client, watcher: &mut Client) -> Latencies {
    let mut all = Latencies::default();
    for round in 0..=N_ROUNDS {
        let (submitted, answered, told) = runtime.block_on(async {
            let mut feed = follow_from_here(client, watcher).await;
            assert!(matches!(next(&mut feed).await, Item::CaughtUp(_)), "nothing came meanwhile");
            let following = tokio::spawn(async move {
                let mut told = Vec::new();
                for _ in 0..N_SINGLES {
                    until_changed(&mut feed, 1).await;
                    told.push(Instant::now());
                }
                told
            });
            let (mut submitted, mut answered) = (Vec::new(), Vec::new());
            for number in 0..N_SINGLES {
                submitted.push(Instant::now());
                submit(client, vec![result(0, flipped(number))]).await;
                answered.push(Instant::now());
            }
            (submitted, answered, following.await.expect("the follower's end"))
        });
        if round > 0 {
            let seconds = |from: &[Instant]| -> Vec<f64> {
                let pairs = told.iter().zip(from);
                let mut seconds: Vec<f64> =
                    pairs.map(|(told, from)| told.saturating_duration_since(*from).as_secs_f64()).collect();
                seconds.sort_unstable_by(f64::total_cmp);
                seconds
            };
            let (whole, later) = (seconds(&submitted), seconds(&answered));
            all.whole.push(percentile(&whole, 50));
            all.whole_p99.push(percentile(&whole, 99));
            all.after.push(percentile(&later, 50));
            all.after_p99.push(percentile(&later, 99));
        }
    }
    all
}

/// Better and worse than the target, in turn; never the same figure twice.
pub(crate) fn flipped(number: i64) -> i64 {
    if number % 2 == 0 { 900 + number % 99 } else { 100 + number % 99 }
}

fn percentile(sorted: &[f64], percent: usize) -> f64 {
    // Nothing at all would be taken for a mistake: an answer that came after the change is a microsecond.
    sorted.get((sorted.len() * percent / 100).min(sorted.len() - 1)).copied().expect("there are some").max(1e-6)
}

fn many(round: i64) -> Vec<domain::Instruction> {
    (0..N_AT_ONCE).map(|cell| result(cell, flipped(round))).collect()
}

/// From being submitted to the last rating change, against the answer alone.
pub(crate) fn at_once(runtime: &Runtime, place: &str, client: &mut Client, watcher: &mut Client) {
    let (mut followed, mut alone) = (Vec::new(), Vec::new());
    for round in 0..=N_ROUNDS {
        let begin = Instant::now();
        runtime.block_on(submit(client, many(2 * round)));
        let answered = begin.elapsed().as_secs_f64();
        let told = runtime.block_on(async {
            let mut feed = follow_from_here(client, watcher).await;
            let begin = Instant::now();
            let following = tokio::spawn(async move {
                until_changed(&mut feed, N_AT_ONCE).await;
                begin.elapsed().as_secs_f64()
            });
            submit(client, many(2 * round + 1)).await;
            following.await.expect("the follower's end")
        });
        if round > 0 {
            followed.push(N_AT_ONCE as f64 / told);
            alone.push(N_AT_ONCE as f64 / answered);
        }
    }
    let title = format!("{place}{N_AT_ONCE} results at once, until a follower has every event and rating change");
    row(&title, "until they are answered, nobody following", "per_second", 0.0, (&followed, &alone));
}

/// All of the log through the feed, against its records alone, page by page.
fn catching_up(runtime: &Runtime, client: &mut Client, watcher: &mut Client) {
    let (mut followed, mut read) = (Vec::new(), Vec::new());
    for round in 0..=N_ROUNDS {
        let begin = Instant::now();
        let n_items = runtime.block_on(async {
            let mut feed = follow(watcher, 0).await;
            let mut n_items: i64 = 0;
            while !matches!(next(&mut feed).await, Item::CaughtUp(_)) {
                n_items += 1;
            }
            n_items
        });
        let ours = n_items as f64 / begin.elapsed().as_secs_f64();
        let begin = Instant::now();
        let n_records = runtime.block_on(async {
            let (mut after_position, mut n_records) = (0, 0);
            loop {
                let request = ReadLogRequest { after_position, page_size: PAGE, ..ReadLogRequest::default() };
                let page = client.read_log(request).await.expect("a page").into_inner();
                n_records += page.envelopes.len();
                after_position = page.next_after_position;
                if page.next_after_position == page.head_position {
                    return n_records;
                }
            }
        });
        if round > 0 {
            followed.push(ours);
            read.push(n_records as f64 / begin.elapsed().as_secs_f64());
        }
    }
    let peer = "records alone, in pages of 1,000";
    row("a follower from the beginning, events and rating changes", peer, "per_second", 0.0, (&followed, &read));
}

/// Follows one server from where the log of another ends now.
pub(crate) async fn follow_from_here(client: &mut Client, watcher: &mut Client) -> Streaming<FollowResponse> {
    let position = client.get_status(GetStatusRequest::default()).await.expect("a status").into_inner().position;
    watcher.get_status(GetStatusRequest { at_least_position: position }).await.expect("it gets there");
    follow(watcher, position).await
}
