//! A message of the log's stream: whole records of one commit, as they were written, with what they are in its headers.
//!
//! ```text
//! Scorebook-First     position of the first record
//! Scorebook-Records   how many there are
//! Scorebook-Types     how many of which type, by type number: 2:1,12:340
//! Scorebook-Chain     the chain before the first, 64 hexadecimal digits
//! Scorebook-Commit    "ends" on the last message of a commit, "goes on" on the others
//! payload             the records, one after the other; at most 256 KiB
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;

use async_nats::HeaderMap;
use bytes::Bytes;
use domain::{Digest, Position};
use journal::Run;

/// The largest payload of a message, in bytes. A commit has at most 240 MiB, and a message at most 1,000 siblings.
pub(crate) const FRAME_BYTES_MAX: usize = 256 * 1024;
/// How many messages are committed at once at the most, as the server allows.
pub(crate) const BATCH_FRAMES_MAX: usize = 1_000;

const FIRST: &str = "Scorebook-First";
const RECORDS: &str = "Scorebook-Records";
const TYPES: &str = "Scorebook-Types";
const CHAIN: &str = "Scorebook-Chain";
const COMMIT: &str = "Scorebook-Commit";
const ENDS: &str = "ends";
const GOES_ON: &str = "goes on";

/// Whole records of one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) first: Position,
    pub(crate) n_records: u64,
    pub(crate) chain_before: Digest,
    pub(crate) ends_commit: bool,
    pub(crate) payload: Bytes,
    types: BTreeMap<u16, u64>,
}

/// A message that is not what a frame is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is not a message of a log: {0}")]
pub(crate) struct NoFrame(String);

impl Frame {
    /// The position of its last record.
    pub(crate) fn end(&self) -> Position {
        Position::new(self.first.get().saturating_add(self.n_records).saturating_sub(1))
    }

    pub(crate) fn run(&self) -> Run<'_> {
        Run { chain_before: self.chain_before, bytes: &self.payload }
    }

    pub(crate) fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(FIRST, self.first.to_string());
        headers.insert(RECORDS, self.n_records.to_string());
        let mut types = String::new();
        for (kind, n) in &self.types {
            let comma = if types.is_empty() { "" } else { "," };
            write!(types, "{comma}{kind}:{n}").expect("a text takes what is written");
        }
        headers.insert(TYPES, types);
        headers.insert(CHAIN, self.chain_before.to_string());
        headers.insert(COMMIT, if self.ends_commit { ENDS } else { GOES_ON });
        headers
    }

    pub(crate) fn read(headers: &HeaderMap, payload: Bytes) -> Result<Self, NoFrame> {
        let text = |name: &str| {
            headers.get(name).map(async_nats::HeaderValue::as_str).ok_or_else(|| NoFrame(format!("it has no {name}")))
        };
        let wrong = |name: &str, text: &str| NoFrame(format!("{name} is {text:?}"));
        let number = |name: &str| {
            let text = text(name)?;
            text.parse::<u64>().ok().filter(|number| *number > 0).ok_or_else(|| wrong(name, text))
        };
        let chain = text(CHAIN)?;
        let ends_commit = match text(COMMIT)? {
            ENDS => true,
            GOES_ON => false,
            other => return Err(wrong(COMMIT, other)),
        };
        if payload.len() > FRAME_BYTES_MAX {
            return Err(NoFrame(format!("it has {} bytes", payload.len())));
        }
        let n_records = number(RECORDS)?;
        if !usize::try_from(n_records).is_ok_and(|n| n <= payload.len()) {
            return Err(wrong(RECORDS, &n_records.to_string()));
        }
        Ok(Self {
            first: Position::new(number(FIRST)?),
            n_records,
            chain_before: chain.parse().map_err(|_error| wrong(CHAIN, chain))?,
            ends_commit,
            payload,
            types: BTreeMap::new(),
        })
    }
}

/// Packs records into frames.
#[derive(Debug, Default)]
pub(crate) struct Packer {
    frames: Vec<Frame>,
    filling: Option<Filling>,
}

#[derive(Debug)]
struct Filling {
    first: Position,
    n_records: u64,
    chain_before: Digest,
    bytes: Vec<u8>,
    types: BTreeMap<u16, u64>,
}

impl Packer {
    /// Puts a record in; a commit ends with the record that says so.
    pub(crate) fn push(&mut self, header: &journal::Header, bytes: &[u8], chain_before: Digest) {
        if self.filling.as_ref().is_some_and(|it| it.bytes.len().saturating_add(bytes.len()) > FRAME_BYTES_MAX) {
            self.close(false);
        }
        let filling = self.filling.get_or_insert_with(|| Filling {
            first: header.position,
            n_records: 0,
            chain_before,
            bytes: Vec::new(),
            types: BTreeMap::new(),
        });
        filling.n_records = filling.n_records.saturating_add(1);
        filling.bytes.extend_from_slice(bytes);
        let n = filling.types.entry(header.kind).or_default();
        *n = n.saturating_add(1);
        if header.last_of_commit() {
            self.close(true);
        }
    }

    fn close(&mut self, ends_commit: bool) {
        if let Some(Filling { first, n_records, chain_before, bytes, types }) = self.filling.take() {
            let payload = Bytes::from(bytes);
            self.frames.push(Frame { first, n_records, chain_before, ends_commit, payload, types });
        }
    }

    /// The frames of whole commits that were put in since they were last taken.
    pub(crate) fn take(&mut self) -> Vec<Frame> {
        std::mem::take(&mut self.frames)
    }
}
