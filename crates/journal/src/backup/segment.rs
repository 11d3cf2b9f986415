//! Segments: whole records, one after the other, behind a header that says where they belong.
//!
//! ```text
//! offset  bytes
//!      0      4  magic "SBAK"
//!      4      4  version, 1 (u32, little endian)
//!      8     16  log
//!     24      8  position of the first record (u64, little endian)
//!     32     32  chain before the first record
//!     64         the records
//! ```

use std::io::Write as _;

use domain::{Digest, LogId, Position};
use sha2::{Digest as _, Sha256};

use super::folder::Folder;
use super::manifest::{self, Entry};
use crate::bytes::{Bytes, Fault};
use crate::copying::{CopyError, failed};
use crate::draft::Draft;

pub(super) const HEADER_BYTES: usize = 64;
const MAGIC: [u8; 4] = *b"SBAK";
const VERSION: u32 = 1;

/// A segment that is being written.
pub(super) struct Writer {
    draft: Draft,
    hash: Sha256,
    first: Position,
    n_bytes: usize,
}

impl Writer {
    /// Begins one in a folder.
    pub(super) fn begin(folder: &Folder, log: LogId, first: Position, chain_before: Digest) -> Result<Self, CopyError> {
        let draft = Draft::begin(&folder.path(&manifest::name(first)))?;
        let mut writer = Self { draft, hash: Sha256::new(), first, n_bytes: 0 };
        let mut header = Vec::with_capacity(HEADER_BYTES);
        header.extend_from_slice(&MAGIC);
        header.extend_from_slice(&VERSION.to_le_bytes());
        header.extend_from_slice(&log.0);
        header.extend_from_slice(&first.get().to_le_bytes());
        header.extend_from_slice(&chain_before.0);
        writer.put(&header)?;
        Ok(writer)
    }

    /// True when so many bytes more keep it within the bound.
    pub(super) const fn has_room(&self, n_bytes: usize, bytes_max: usize) -> bool {
        self.n_bytes.saturating_add(n_bytes) <= bytes_max
    }

    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<(), CopyError> {
        self.hash.update(bytes);
        self.n_bytes = self.n_bytes.saturating_add(bytes.len());
        self.draft.write_all(bytes).map_err(failed("writing", self.draft.path()))
    }

    /// Makes it durable, and gives its entry for the manifest.
    pub(super) fn finish(self, (last, chain): (Position, Digest)) -> Result<Entry, CopyError> {
        self.draft.finish()?;
        Ok(Entry {
            name: manifest::name(self.first),
            first: self.first,
            last,
            chain,
            bytes: u64::try_from(self.n_bytes).unwrap_or(u64::MAX),
            sha256: Digest(self.hash.finalize().into()),
        })
    }
}

/// Checks a segment's digest and header, and gives its records.
pub(super) fn records<'a>(
    bytes: &'a [u8],
    entry: &Entry,
    log: LogId,
    chain_before: Digest,
) -> Result<&'a [u8], String> {
    if Sha256::digest(bytes).as_slice() != entry.sha256.0 {
        return Err("its SHA-256 is not the one in the manifest".to_owned());
    }
    let header = header(bytes).map_err(|_fault| "it ends within its header".to_owned())?;
    if header != (MAGIC, VERSION, log.0, entry.first.get(), chain_before.0) {
        return Err("it is a segment of another log or place".to_owned());
    }
    Ok(bytes.get(HEADER_BYTES..).unwrap_or_default())
}

type Header = ([u8; 4], u32, [u8; 16], u64, [u8; 32]);

fn header(bytes: &[u8]) -> Result<Header, Fault> {
    let mut bytes = Bytes(bytes);
    Ok((bytes.take()?, bytes.u32()?, bytes.take()?, bytes.u64()?, bytes.take()?))
}
