//! An item of the feed as a server-sent event, whose data is a `CloudEvent` 1.0 in JSON.

use std::io;

use domain::event::LogOpened;
use engine::feed::{Changed, Delivery, Ended, Item};
use wire::cloud_event::CloudEvents;
use wire::feed::ChangedBy;

/// A comment, which readers of events leave out.
pub(crate) const HEARTBEAT: &str = ":\n\n";

/// Puts items into words. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Speaker(CloudEvents);

impl Speaker {
    /// For one log.
    ///
    /// # Errors
    /// When the contract in this program cannot be read: a build fault.
    pub(crate) fn new(opened: &LogOpened) -> io::Result<Self> {
        CloudEvents::new(opened).map(Self)
    }

    /// A server-sent event; or, as a comment, why no more comes.
    pub(crate) fn say(&self, told: Result<Delivery, Ended>) -> String {
        let Delivery { cursor, item } = match told {
            Ok(delivery) => delivery,
            Err(Ended::Failed(error)) => {
                tracing::error!(%error, source = ?std::error::Error::source(&error), "a feed failed");
                return ": the log cannot be used; the server's own log says why\n\n".to_owned();
            }
            Err(ended @ (Ended::Stopping | Ended::LogStopped)) => return format!(": {ended}\n\n"),
        };
        let place = |name| (name, format!("{{\"position\":\"{}\"}}", cursor.position));
        let (name, data) = match item {
            Item::Event(record) => {
                let event = self.0.event(&record, engine::feed::measure(&record.event));
                (event.name, event.json)
            }
            Item::RatingChanged(changed) => {
                let Changed { position, ordinal, recorded_at, submission, change } = *changed;
                let event = self.0.rating_changed(ChangedBy { position, ordinal, recorded_at, submission }, &change);
                (event.name, event.json)
            }
            Item::CaughtUp => place("CaughtUp"),
            Item::Progress => place("Progress"),
        };
        format!("id: {cursor}\nevent: {name}\ndata: {data}\n\n")
    }
}
