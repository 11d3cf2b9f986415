//! An item of the feed as a server-sent event, whose data is a `CloudEvent` 1.0 in JSON.

use std::io;
use std::sync::Arc;

use domain::Timestamp;
use domain::event::LogOpened;
use engine::feed::{Changed, Delivery, Ended, Item, RATING_CHANGED};
use serde::Serialize;
use wire::feed::ChangedBy;
use wire::json::Kind;

/// A comment, which readers of events leave out.
pub(crate) const HEARTBEAT: &str = ":\n\n";

/// Puts items into words. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Speaker(Arc<Words>);

struct Words {
    log: String,
    /// `/scorebook/<authority>`.
    source: String,
    envelope: Kind,
    rating_changed: Kind,
}

/// The attributes in the order in which the specification has them.
#[derive(Serialize)]
struct CloudEvent<'a, D> {
    specversion: &'static str,
    id: String,
    source: &'a str,
    r#type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    time: String,
    datacontenttype: &'static str,
    data: D,
}

/// What a `CloudEvent` is about, beside its data.
struct About<'a> {
    /// Position and ordinal.
    place: (u64, u32),
    name: &'a str,
    measure: Option<&'a str>,
    recorded_at: Timestamp,
}

impl Speaker {
    /// For one log.
    ///
    /// # Errors
    /// When the contract in this program cannot be read: a build fault.
    pub(crate) fn new(opened: &LogOpened) -> io::Result<Self> {
        let log = opened.log.to_string();
        let source = format!("/scorebook/{}", opened.authority);
        let (envelope, rating_changed) = (Kind::of("Envelope")?, Kind::of(RATING_CHANGED)?);
        Ok(Self(Arc::new(Words { log, source, envelope, rating_changed })))
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
        let place = || format!("{{\"position\":\"{}\"}}", cursor.position);
        let (name, data) = match item {
            Item::Event(record) => {
                let name = record.event.name();
                let about = About {
                    place: (record.position.get(), 0),
                    name,
                    measure: engine::feed::measure(&record.event).map(domain::MeasureId::as_str),
                    recorded_at: record.recorded_at,
                };
                (name, self.cloud_event(&about, &self.0.envelope, &wire::event::encode(&record)))
            }
            Item::RatingChanged(changed) => {
                let Changed { position, ordinal, recorded_at, submission, change } = *changed;
                let about = About {
                    place: (position.get(), ordinal),
                    name: RATING_CHANGED,
                    measure: Some(change.after.cell.series.measure.as_str()),
                    recorded_at,
                };
                let by = ChangedBy { position, ordinal, recorded_at, submission };
                let message = wire::feed::encode_change(by, &change);
                (RATING_CHANGED, self.cloud_event(&about, &self.0.rating_changed, &message))
            }
            Item::CaughtUp => ("CaughtUp", place()),
            Item::Progress => ("Progress", place()),
        };
        format!("id: {cursor}\nevent: {name}\ndata: {data}\n\n")
    }

    /// One line: JSON has no line feed outside of texts, and writes those inside as `\n`.
    fn cloud_event(&self, about: &About<'_>, kind: &Kind, message: &impl prost::Message) -> String {
        let About { place: (position, ordinal), name, measure, recorded_at } = about;
        let event = CloudEvent {
            specversion: "1.0",
            id: format!("{}/{position}.{ordinal}", self.0.log),
            source: &self.0.source,
            r#type: format!("scorebook.v1.{name}"),
            subject: *measure,
            time: recorded_at.to_string(),
            datacontenttype: "application/json",
            data: kind.map(message).expect("a message of the contract is of its own kind"),
        };
        serde_json::to_string(&event).expect("a message of the contract has a form in JSON")
    }
}
