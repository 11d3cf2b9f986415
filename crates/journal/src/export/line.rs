//! The lines of an export.

use domain::{Digest, Position, Recorded};
use engine::log::{Error, Head};
use serde::{Deserialize, Serialize};

use super::json::Json;
use super::{hex, readable, words};
use crate::record::{self, Header};

/// The version of the format. A changed line gets a new one, and the lines of every version can be read.
pub(crate) const VERSION: u64 = 1;

/// More than any line has: a record's digits, and its texts with every character escaped.
pub(crate) const LINE_BYTES_MAX: usize = 64 * 1024;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct First {
    pub(crate) scorebook_export: u64,
    pub(crate) log: String,
    pub(crate) authority: String,
    pub(crate) records: u64,
    pub(crate) head: String,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Last {
    pub(crate) end: bool,
    pub(crate) records: u64,
    pub(crate) head: String,
}

/// What is taken from a record's line; the rest of it is compared.
#[derive(Debug, Deserialize)]
pub(crate) struct Exact {
    pub(crate) record: String,
    pub(crate) chain: String,
}

/// `position:chain`.
pub(crate) fn head(head: &Head) -> String {
    format!("{}:{}", head.position, head.chain)
}

/// JSON on one line.
pub(crate) fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts, numbers and flags under text names are always JSON")
}

/// The line of a record; one that is too new to be read gets its number for a type, and no event.
///
/// # Errors
/// [`Error::Corrupt`] when the bytes are no record of that position.
pub(crate) fn record(position: Position, bytes: &[u8], chain: Digest) -> Result<String, Error> {
    match record::decode(position, bytes) {
        Ok(recorded) => {
            let header = record::header(position, bytes)?;
            Ok(text(&Json::Object([known(&header, &recorded), exact(bytes, chain)].concat())))
        }
        Err(Error::Newer { .. }) => unread(position, bytes, chain),
        Err(error) => Err(error),
    }
}

/// The line of a record of which only the header is read.
///
/// # Errors
/// As [`record`].
pub(crate) fn unread(position: Position, bytes: &[u8], chain: Digest) -> Result<String, Error> {
    let header = record::header(position, bytes)?;
    let kind = vec![
        ("type", Json::Number(header.kind.into())),
        ("schema", Json::Number(header.schema.into())),
        ("event", Json::Null),
    ];
    Ok(text(&Json::Object([place(&header), kind, exact(bytes, chain)].concat())))
}

type Fields = Vec<(&'static str, Json)>;

fn place(header: &Header) -> Fields {
    vec![
        ("position", Json::Number(header.position.get())),
        ("recorded_at", Json::text(header.recorded_at)),
        ("known_at", Json::text(header.known_at)),
        ("event_id", Json::text(header.event_id)),
        ("last_of_commit", Json::Flag(header.last_of_commit())),
    ]
}

fn known(header: &Header, recorded: &Recorded) -> Fields {
    let attribution = &recorded.attribution;
    let origin = |origin: domain::Origin| {
        Json::Object(vec![("file", Json::Number(origin.file.into())), ("line", Json::Number(origin.line.get().into()))])
    };
    let mut fields = place(header);
    fields.extend([
        ("type", Json::text(recorded.event.name())),
        ("schema", Json::Number(header.schema.into())),
        ("actor", Json::text(&attribution.actor.id)),
        ("authenticated", Json::Flag(attribution.actor.authenticated)),
        ("submission", Json::text(attribution.submission)),
        ("reason", Json::text(&attribution.why.reason)),
        ("cause", Json::maybe_text(attribution.why.cause.map(words::cause))),
        ("origin", attribution.origin.map_or(Json::Null, origin)),
        ("event", readable::event(&recorded.event)),
    ]);
    fields
}

fn exact(bytes: &[u8], chain: Digest) -> Fields {
    vec![("record", Json::Text(hex::write(bytes))), ("chain", Json::text(chain))]
}
