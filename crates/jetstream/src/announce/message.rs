//! An item of the feed as a message.

use std::io;

use domain::event::LogOpened;
use engine::feed::{Changed, Cursor, Delivery, Item};
use wire::cloud_event::{CloudEvent, CloudEvents};
use wire::feed::ChangedBy;

use super::Error;
use crate::Names;

/// The most bytes of a message, its headers included. A record holds at most 3,800 bytes, of which JSON may write each as
/// six. A rating change has at most seven differences, each with two values, a sentence and a reason, of about 5,000 bytes,
/// and the rating's with up to eight causes of a line each; they are single lines, of which JSON writes a byte as at most two.
pub const MESSAGE_BYTES_MAX: usize = 128 * 1024;
/// Of those, what the headers and the subject may take.
const HEADER_BYTES_MAX: usize = 1_024;

/// Makes messages of items.
pub(super) struct Messages {
    words: CloudEvents,
    names: Names,
}

/// An item, ready to be sent.
pub(super) struct Message {
    pub(super) subject: String,
    /// `<log>/<position>.<ordinal>`.
    pub(super) id: String,
    pub(super) cursor: Cursor,
    /// The `CloudEvent`, in structured JSON.
    pub(super) json: String,
}

impl Messages {
    pub(super) fn new(opened: &LogOpened, names: Names) -> io::Result<Self> {
        Ok(Self { words: CloudEvents::new(opened)?, names })
    }

    /// `None` for what is not announced: that it is all, for now.
    pub(super) fn of(&self, delivery: Delivery) -> Result<Option<Message>, Error> {
        let Delivery { cursor, item } = delivery;
        let (subject, event) = match item {
            Item::Event(record) => {
                let measure = engine::feed::measure(&record.event);
                (self.names.event_subject(record.event.name(), measure), self.words.event(&record, measure))
            }
            Item::RatingChanged(changed) => {
                let Changed { position, ordinal, recorded_at, submission, change } = *changed;
                let event =
                    self.words.rating_changed(ChangedBy { position, ordinal, recorded_at, submission }, &change);
                (self.names.rating_subject(&change.after.cell.series.measure), event)
            }
            Item::CaughtUp | Item::Progress => return Ok(None),
        };
        let CloudEvent { id, json, .. } = event;
        let n_bytes = json.len().saturating_add(HEADER_BYTES_MAX);
        if n_bytes > MESSAGE_BYTES_MAX {
            return Err(Error::Item { cursor, n_bytes });
        }
        Ok(Some(Message { subject, id, cursor, json }))
    }
}
