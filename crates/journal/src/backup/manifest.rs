//! The manifest of a backup: which segments count, and what they lead to.

use domain::{Digest, LogId, Position};
use engine::log::Head;
use serde::{Deserialize, Serialize};

/// The version of the format.
pub(super) const VERSION: u64 = 1;

/// A segment that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its file's name.
    pub(super) name: String,
    /// The position of its first record.
    pub(super) first: Position,
    /// The position of its last.
    pub(super) last: Position,
    /// The chain after its last record.
    pub(super) chain: Digest,
    /// How long it is.
    pub(super) bytes: u64,
    /// The digest of all of it.
    pub(super) sha256: Digest,
}

/// What a backup is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) log: LogId,
    pub(super) authority: String,
    /// Up to where it goes; always the end of a commit.
    pub(super) position: Position,
    /// The chain there.
    pub(super) chain: Digest,
    /// In the order of their records.
    pub(super) segments: Vec<Entry>,
}

/// The manifest as it is written: identifiers and digests are text.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    scorebook_backup: u64,
    log: String,
    authority: String,
    position: u64,
    chain: String,
    segments: Vec<StoredEntry>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredEntry {
    name: String,
    first: u64,
    last: u64,
    chain: String,
    bytes: u64,
    sha256: String,
}

/// Why a manifest is not taken.
pub(super) enum Unread {
    /// It was written by a newer program.
    Newer(u64),
    /// It is not what was written.
    Damaged(String),
}

impl Manifest {
    /// Of a backup that has nothing yet.
    pub(super) const fn empty(log: LogId, authority: String) -> Self {
        let Head { position, chain, .. } = Head::EMPTY;
        Self { log, authority, position, chain, segments: Vec::new() }
    }

    /// Over several lines, for people.
    pub(super) fn write(&self) -> String {
        let entry = |entry: &Entry| StoredEntry {
            name: entry.name.clone(),
            first: entry.first.get(),
            last: entry.last.get(),
            chain: entry.chain.to_string(),
            bytes: entry.bytes,
            sha256: entry.sha256.to_string(),
        };
        let stored = Stored {
            scorebook_backup: VERSION,
            log: self.log.to_string(),
            authority: self.authority.clone(),
            position: self.position.get(),
            chain: self.chain.to_string(),
            segments: self.segments.iter().map(entry).collect(),
        };
        let text = serde_json::to_string_pretty(&stored).expect("texts and numbers under text names are always JSON");
        text + "\n"
    }

    /// Reads it, and checks that its segments follow one another up to its position.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Unread> {
        let damaged = |error: &dyn ToString| Unread::Damaged(format!("it cannot be read: {}", error.to_string()));
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| damaged(&error))?;
        match value.get("scorebook_backup").and_then(serde_json::Value::as_u64) {
            Some(VERSION) => {}
            Some(version) => return Err(Unread::Newer(version)),
            None => return Err(Unread::Damaged("it is not the manifest of a backup".to_owned())),
        }
        let stored: Stored = serde_json::from_slice(bytes).map_err(|error| damaged(&error))?;
        let digest = |text: &str| text.parse::<Digest>().map_err(|error| damaged(&error));
        let entry = |entry: &StoredEntry| {
            Ok(Entry {
                name: entry.name.clone(),
                first: Position::new(entry.first),
                last: Position::new(entry.last),
                chain: digest(&entry.chain)?,
                bytes: entry.bytes,
                sha256: digest(&entry.sha256)?,
            })
        };
        let manifest = Self {
            log: stored.log.parse().map_err(|error| damaged(&error))?,
            position: Position::new(stored.position),
            chain: digest(&stored.chain)?,
            segments: stored.segments.iter().map(entry).collect::<Result<_, Unread>>()?,
            authority: stored.authority,
        };
        manifest.check().map_err(Unread::Damaged)?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), String> {
        let mut end = Head::EMPTY.position;
        for entry in &self.segments {
            if entry.name != name(entry.first) {
                return Err(format!("{:?} is not the name of a segment that begins at {}", entry.name, entry.first));
            }
            if entry.first != end.next() || entry.last < entry.first {
                return Err(format!("{} does not follow position {end}", entry.name));
            }
            end = entry.last;
        }
        let last = self.segments.last().map(|entry| entry.chain);
        if end != self.position || last != Some(self.chain) {
            return Err(format!("its segments end at position {end}, and it at {} with another chain", self.position));
        }
        Ok(())
    }
}

/// The name of the segment that begins at a position; names sort as positions do.
pub(super) fn name(first: Position) -> String {
    format!("{PREFIX}{:020}", first.get())
}

/// What the names of segments begin with.
pub(super) const PREFIX: &str = "records-";
