//! The feed as a stream: pages of it, then waiting for the head.

use std::collections::BTreeSet;
use std::time::Duration;

use engine::feed::{Changed, Cursor, Delivery, Feed, Filter, Item, Start};
use engine::log::Head;
use engine::settings::{FOLLOWERS_MAX, PROGRESS_MS};
use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use wire::feed::{ChangedBy, Follow};
use wire::v1;
use wire::v1::follow_response::Item as Wire;

use crate::service::Service;
use crate::status::{from_engine, from_field};

/// How many items wait for a follower that is slower than the log; then the log waits to be read.
const WAITING_MAX: usize = 64;

type Told = Result<v1::FollowResponse, Status>;

/// Begins to follow.
pub(crate) fn follow(service: &Service, asked: Follow) -> Result<ReceiverStream<Told>, Status> {
    let start = start(&asked)?;
    let Follow { measures, areas, scorecard, types, .. } = asked;
    // What is on a scorecard is about the authority, unless other areas are asked for.
    let areas = if scorecard.is_some() && areas.is_empty() { BTreeSet::from([service.area(None)]) } else { areas };
    let busy = |_| from_engine(engine::Error::Busy { what: "followers", limit: FOLLOWERS_MAX });
    let place = std::sync::Arc::clone(&service.followers).try_acquire_owned().map_err(busy)?;
    let heads = service.engine.heads();
    let feed = service.engine.follow(start, Filter { measures, areas, scorecard, types }).map_err(from_engine)?;
    let (sender, receiver) = mpsc::channel(WAITING_MAX);
    tokio::spawn(tell(feed, heads, sender, service.stopping.clone(), place));
    Ok(ReceiverStream::new(receiver))
}

fn start(asked: &Follow) -> Result<Start, Status> {
    if asked.cursor.is_empty() {
        return Ok(Start::After(asked.after));
    }
    let cursor: Result<Cursor, _> = asked.cursor.parse();
    cursor.map(Start::Cursor).map_err(|_no_cursor| from_field(wire::feed::no_cursor(&asked.cursor)))
}

/// Tells a follower what comes until it leaves, the server stops or the log fails.
async fn tell(
    mut feed: Feed,
    mut heads: watch::Receiver<Head>,
    sender: mpsc::Sender<Told>,
    mut stopping: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
) {
    let ended = tokio::select! {
        ended = tell_all(&mut feed, &mut heads, &sender) => ended,
        () = sender.closed() => return,
        // A sender that is gone means the same as being told.
        _ = stopping.wait_for(|stopping| *stopping) => Status::unavailable("the server is stopping; go on from the last cursor"),
    };
    // A follower that left is told nothing.
    drop(sender.send(Err(ended)).await);
}

/// Ends with why.
async fn tell_all(feed: &mut Feed, heads: &mut watch::Receiver<Head>, sender: &mpsc::Sender<Told>) -> Status {
    loop {
        heads.mark_unchanged();
        let page = match feed.page() {
            Ok(page) => page,
            Err(error) => return from_engine(error),
        };
        for delivery in page.deliveries {
            if sender.send(Ok(encode(delivery))).await.is_err() {
                return Status::cancelled("the follower left");
            }
        }
        if !page.at_head {
            // A page with nothing in it sends nothing: others are let in all the same.
            tokio::task::yield_now().await;
            continue;
        }
        match tokio::time::timeout(Duration::from_millis(PROGRESS_MS), heads.changed()).await {
            Ok(Ok(())) => {}
            Ok(Err(_gone)) => return Status::unavailable("the log has stopped; go on from the last cursor"),
            Err(_elapsed) => match feed.progress() {
                // Who left is seen at the next turn.
                Ok(Some(delivery)) => drop(sender.send(Ok(encode(delivery))).await),
                Ok(None) => {}
                Err(error) => return from_engine(error),
            },
        }
    }
}

fn encode(delivery: Delivery) -> v1::FollowResponse {
    let position = delivery.cursor.position.get();
    let item = match delivery.item {
        Item::Event(record) => Wire::Event(wire::event::encode(&record)),
        Item::RatingChanged(changed) => {
            let Changed { position, ordinal, recorded_at, submission, change } = *changed;
            Wire::RatingChanged(wire::feed::encode_change(
                ChangedBy { position, ordinal, recorded_at, submission },
                &change,
            ))
        }
        Item::CaughtUp => Wire::CaughtUp(v1::CaughtUp { position }),
        Item::Progress => Wire::Progress(v1::Progress { position }),
    };
    v1::FollowResponse { cursor: delivery.cursor.to_string(), item: Some(item) }
}
