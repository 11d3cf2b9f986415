//! An item of the feed as a `CloudEvent` 1.0 in JSON: the same bytes over every transport.
//!
//! Source: `CloudEvents` 1.0.2, and its JSON event format.

use std::fmt::Write as _;
use std::io;
use std::sync::Arc;

use domain::event::LogOpened;
use domain::{MeasureId, Position, Recorded, Timestamp};
use reporting::rating_changes::RatingChange;

use crate::event;
use crate::feed::{ChangedBy, RATING_CHANGED, encode_change};
use crate::json::Kind;

/// Puts the items of one log into words. Cheap to clone.
#[derive(Debug, Clone)]
pub struct CloudEvents(Arc<Words>);

#[derive(Debug)]
struct Words {
    log: String,
    /// `/scorebook/<authority>`.
    source: String,
    envelope: Kind,
    rating_changed: Kind,
}

/// One item in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudEvent {
    /// `<log>/<position>.<ordinal>`: it names one item for ever.
    pub id: String,
    /// The name of its type, without `scorebook.v1.` before it.
    pub name: &'static str,
    /// The event on one line: JSON has no line feed outside of texts, and writes those inside as `\n`.
    pub json: String,
}

/// What a `CloudEvent` is about, beside its data.
struct About<'a> {
    position: Position,
    ordinal: u32,
    name: &'static str,
    measure: Option<&'a MeasureId>,
    recorded_at: Timestamp,
}

impl CloudEvents {
    /// For one log.
    ///
    /// # Errors
    /// When the contract in this program cannot be read: a build fault.
    pub fn new(opened: &LogOpened) -> io::Result<Self> {
        let log = opened.log.to_string();
        let source = format!("/scorebook/{}", opened.authority);
        let (envelope, rating_changed) = (Kind::of("Envelope")?, Kind::of(RATING_CHANGED)?);
        Ok(Self(Arc::new(Words { log, source, envelope, rating_changed })))
    }

    /// A record of the log, about one measure or none.
    ///
    /// # Panics
    /// For a record of another contract than this program's: a build fault.
    pub fn event(&self, record: &Recorded, measure: Option<&MeasureId>) -> CloudEvent {
        let Recorded { position, recorded_at, .. } = *record;
        let about = About { position, ordinal: 0, name: record.event.name(), measure, recorded_at };
        self.write(&about, &self.0.envelope, &event::encode(record))
    }

    /// A rating change.
    ///
    /// # Panics
    /// As [`CloudEvents::event`].
    pub fn rating_changed(&self, by: ChangedBy, change: &RatingChange) -> CloudEvent {
        let ChangedBy { position, ordinal, recorded_at, .. } = by;
        let measure = Some(&change.after.cell.series.measure);
        let about = About { position, ordinal, name: RATING_CHANGED, measure, recorded_at };
        self.write(&about, &self.0.rating_changed, &encode_change(by, change))
    }

    /// The attributes in the order in which the specification has them.
    fn write(&self, about: &About<'_>, kind: &Kind, message: &impl prost::Message) -> CloudEvent {
        let About { position, ordinal, name, measure, recorded_at } = about;
        let id = format!("{}/{position}.{ordinal}", self.0.log);
        let mut json = r#"{"specversion":"1.0""#.to_owned();
        let mut attribute = |name: &str, value: &str| {
            write!(json, ",\"{name}\":{}", serde_json::Value::from(value)).expect("a text takes more");
        };
        attribute("id", &id);
        attribute("source", &self.0.source);
        attribute("type", &format!("scorebook.v1.{name}"));
        if let Some(measure) = measure {
            attribute("subject", measure.as_str());
        }
        attribute("time", &recorded_at.to_string());
        attribute("datacontenttype", "application/json");
        let data = kind.map(message).expect("a message of the contract is of its own kind");
        let data = serde_json::to_string(&data).expect("a message of the contract has a form in JSON");
        write!(json, ",\"data\":{data}}}").expect("a text takes more");
        CloudEvent { id, name, json }
    }
}
