//! Following as a running part: pages of the feed, then waiting for the head, until the follower leaves or is sent away.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};

use super::{Delivery, Feed, Filter, Start};
use crate::engine::Engine;
use crate::error::Error;
use crate::log::Head;
use crate::settings::{FOLLOWER_ITEMS_MAX, FOLLOWERS_MAX, PROGRESS_MS};

/// The places for followers of one process, however they reach it. Cheap to clone.
#[derive(Clone)]
pub struct Followers {
    places: Arc<Semaphore>,
    /// True once followers are sent away: they would never end by themselves.
    stopping: watch::Receiver<bool>,
}

/// A follower that has its place, and is told nothing yet.
pub struct Following {
    feed: Feed,
    heads: watch::Receiver<Head>,
    stopping: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
}

/// Why no more comes. Each time, go on from the last cursor.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// The server stops.
    #[error("the server is stopping; go on from the last cursor")]
    Stopping,
    /// The log takes no more records.
    #[error("the log has stopped; go on from the last cursor")]
    LogStopped,
    /// The log cannot be read.
    #[error(transparent)]
    Failed(Error),
}

impl Followers {
    /// No followers yet. They are sent away once `stopping` says so, or its sender is gone.
    pub fn new(stopping: watch::Receiver<bool>) -> Self {
        Self { places: Arc::new(Semaphore::new(FOLLOWERS_MAX)), stopping }
    }

    /// How many there are at this moment.
    pub fn n_followers(&self) -> usize {
        FOLLOWERS_MAX.saturating_sub(self.places.available_permits())
    }

    /// Gives a follower its place. What is on a scorecard is about the authority, unless other areas are asked for.
    ///
    /// # Errors
    /// [`Error::Busy`] when there are [`FOLLOWERS_MAX`]; as [`Engine::follow`].
    pub fn follow(&self, engine: &Engine, start: Start, mut filter: Filter) -> Result<Following, Error> {
        if filter.scorecard.is_some() && filter.areas.is_empty() {
            filter.areas = BTreeSet::from([engine.opened().authority.clone()]);
        }
        let busy = |_no_place| Error::Busy { what: "followers", limit: FOLLOWERS_MAX };
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(busy)?;
        let heads = engine.heads();
        let feed = engine.follow(start, filter)?;
        Ok(Following { feed, heads, stopping: self.stopping.clone(), _place: place })
    }
}

impl Following {
    /// A queue for a follower: when it is full, the log waits to be read.
    pub fn queue<T>() -> (mpsc::Sender<T>, mpsc::Receiver<T>) {
        mpsc::channel(FOLLOWER_ITEMS_MAX)
    }

    /// Tells the follower everything that comes, in the words of `say`; lastly why no more comes. Returns when that is told,
    /// or when the follower has left.
    pub async fn tell<T>(mut self, sender: mpsc::Sender<T>, say: impl Fn(Result<Delivery, Ended>) -> T) {
        let mut stopping = self.stopping.clone();
        let ended = tokio::select! {
            ended = self.tell_all(&sender, &say) => ended,
            () = sender.closed() => return,
            // A sender that is gone means the same as being told.
            _ = stopping.wait_for(|stopping| *stopping) => Ended::Stopping,
        };
        // A follower that left is told nothing.
        drop(sender.send(say(Err(ended))).await);
    }

    async fn tell_all<T>(&mut self, sender: &mpsc::Sender<T>, say: &impl Fn(Result<Delivery, Ended>) -> T) -> Ended {
        let mut silence = tokio::time::interval(Duration::from_millis(PROGRESS_MS));
        silence.reset();
        loop {
            self.heads.mark_unchanged();
            let page = match self.feed.page() {
                Ok(page) => page,
                Err(error) => return Ended::Failed(error),
            };
            for delivery in page.deliveries {
                // Who left is seen by `tell`.
                drop(sender.send(say(Ok(delivery))).await);
                silence.reset();
            }
            if !page.at_head {
                // A page with nothing in it sends nothing: others are let in all the same.
                tokio::task::yield_now().await;
                continue;
            }
            // Not the time since the head moved: a log that grows with what is not wanted is silent too.
            tokio::select! {
                moved = self.heads.changed() => {
                    if moved.is_err() {
                        return Ended::LogStopped;
                    }
                    // Whoever put it in may be answered by this thread too, and has its answer first.
                    tokio::task::yield_now().await;
                }
                _ = silence.tick() => match self.feed.progress() {
                    Ok(Some(delivery)) => drop(sender.send(say(Ok(delivery))).await),
                    Ok(None) => {}
                    Err(error) => return Ended::Failed(error),
                },
            }
        }
    }
}
