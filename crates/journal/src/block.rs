//! Blocks: the values of the store, each with up to 16 whole records: of whole commits that were appended at once, or of a
//! part of one commit. Where a commit ends in a block, one ends with it too, so that its last record tells all.
//!
//! ```text
//! offset  bytes
//!      0      4  magic "SBLK"
//!      4      2  block version: 1; 2 when a commit ends before its last record
//!      6      2  number of records, 1 to 16
//!      8      8  position of the first of them
//!     16     32  chain before the first of them
//!     48      4  CRC-32C of bytes 0 to 47; each record has its own
//!     52         the records, one after the other, to the end of the value
//! ```
//!
//! The key is the first position, big endian, so that the store's order is the log's. The chain before a block lets one
//! open a log, and answer a chain at a position, without reading what is before.

use domain::{Digest, Position, Recorded};
use engine::log::Error;

use crate::bytes::{Bytes, Fault};
use crate::record::{self, Frame, Raw, SALT_BYTES};

/// The most records in a block.
pub(crate) const BLOCK_RECORDS_MAX: u16 = 16;
/// The longest block. Sixteen of them stay far below the 128 KiB over which sled would put a page into a file of its own,
/// which it never syncs.
pub(crate) const BLOCK_BYTES_MAX: usize = 4_000;
const HEADER_BYTES: usize = 52;
const SUMMED_BYTES: usize = 48;

const MAGIC: [u8; 4] = *b"SBLK";
/// The version of a block in which no commit ends before its last record.
const VERSION: u16 = 1;
/// The version of a block in which several commits end: programs that know only the first would call it damaged.
const VERSION_SHARED: u16 = 2;

/// A block's bytes under the position of its first record.
pub(crate) type Stored = (Position, Vec<u8>);

/// Packs records into blocks and carries the chain along.
pub(crate) struct Packer {
    chain: Digest,
    /// The block that is being filled.
    filling: Filling,
    record: Vec<u8>,
}

/// A block that is being filled. Up to `whole`, what is in it are whole commits.
struct Filling {
    first: Position,
    chain_before: Digest,
    n_records: u16,
    records: Vec<u8>,
    whole: Whole,
}

/// How far a block holds whole commits, and the chain there.
#[derive(Clone, Copy)]
struct Whole {
    n_commits: u16,
    n_records: u16,
    n_bytes: usize,
    chain: Digest,
}

impl Packer {
    /// Begins after a record, with the chain there.
    pub(crate) fn after(chain: Digest) -> Self {
        Self { chain, filling: Filling::after(Position::START, chain), record: Vec::with_capacity(BLOCK_BYTES_MAX) }
    }

    /// The chain after the last record that was put in.
    pub(crate) const fn chain(&self) -> Digest {
        self.chain
    }

    /// Puts a record in; adds what is full before it to `blocks`.
    pub(crate) fn push(
        &mut self,
        recorded: &Recorded,
        salt: [u8; SALT_BYTES],
        blocks: &mut Vec<Stored>,
    ) -> Result<(), Error> {
        let mut record = std::mem::take(&mut self.record);
        record.clear();
        record::append(recorded, salt, &mut record)?;
        let short = || Fault::damaged("the record has no header").at(recorded.position);
        let chain = record::chain_of_written(self.chain, &record).ok_or_else(short)?;
        self.push_bytes(recorded.position, &record, chain, blocks);
        self.record = record;
        Ok(())
    }

    /// The same for a record's bytes, which lead to `chain`.
    pub(crate) fn push_bytes(&mut self, position: Position, record: &[u8], chain: Digest, blocks: &mut Vec<Stored>) {
        // What is whole goes first: then the commit that did not fit beside it may still fit into a block of its own.
        while self.filling.n_records > 0 && !self.filling.has_room(record.len()) {
            blocks.extend(self.filling.take(self.chain));
        }
        if self.filling.n_records == 0 {
            self.filling.first = position;
            self.filling.chain_before = self.chain;
        }
        self.filling.records.extend_from_slice(record);
        self.filling.n_records = self.filling.n_records.saturating_add(1);
        self.chain = chain;
    }

    /// Notes that the last record ended its commit: the next may share the block.
    pub(crate) fn end_commit(&mut self) {
        let Filling { n_records, records, whole, .. } = &mut self.filling;
        let n_commits = whole.n_commits.saturating_add(1);
        *whole = Whole { n_commits, n_records: *n_records, n_bytes: records.len(), chain: self.chain };
    }

    /// Ends the block that is being filled, at the end of a commit.
    pub(crate) fn finish(&mut self) -> Option<Stored> {
        self.filling.take(self.chain)
    }
}

impl Filling {
    fn after(first: Position, chain_before: Digest) -> Self {
        let whole = Whole { n_commits: 0, n_records: 0, n_bytes: 0, chain: chain_before };
        Self { first, chain_before, n_records: 0, records: Vec::with_capacity(BLOCK_BYTES_MAX), whole }
    }

    fn has_room(&self, n_bytes: usize) -> bool {
        let length = HEADER_BYTES.saturating_add(self.records.len()).saturating_add(n_bytes);
        self.n_records < BLOCK_RECORDS_MAX && length <= BLOCK_BYTES_MAX
    }

    /// Takes what is whole, or a part of a commit when nothing is, and keeps the rest.
    fn take(&mut self, chain: Digest) -> Option<Stored> {
        if self.n_records == 0 {
            return None;
        }
        let part = Whole { n_commits: 0, n_records: self.n_records, n_bytes: self.records.len(), chain };
        let taken = if self.whole.n_commits > 0 { self.whole } else { part };
        let mut bytes = Vec::with_capacity(HEADER_BYTES.saturating_add(taken.n_bytes));
        bytes.extend_from_slice(&MAGIC);
        let version = if taken.n_commits > 1 { VERSION_SHARED } else { VERSION };
        bytes.extend_from_slice(&version.to_le_bytes());
        bytes.extend_from_slice(&taken.n_records.to_le_bytes());
        bytes.extend_from_slice(&self.first.get().to_le_bytes());
        bytes.extend_from_slice(&self.chain_before.0);
        let sum = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&sum.to_le_bytes());
        bytes.extend(self.records.drain(..taken.n_bytes));
        let stored = (self.first, bytes);
        self.first = self.first.plus(u64::from(taken.n_records));
        self.chain_before = taken.chain;
        self.n_records = self.n_records.saturating_sub(taken.n_records);
        self.whole.n_commits = 0;
        Some(stored)
    }
}

/// A block as it is read; its header's checksum is proved right, its records are not yet looked at.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    pub(crate) first: Position,
    pub(crate) chain_before: Digest,
    shared: bool,
    n_records: u16,
    records: &'a [u8],
}

impl<'a> Block<'a> {
    /// Reads the value that is stored under the position `first`.
    pub(crate) fn read(first: Position, value: &'a [u8]) -> Result<Self, Error> {
        Self::parse(first, value).map_err(|fault| fault.at(first))
    }

    fn parse(key: Position, value: &'a [u8]) -> Result<Self, Fault> {
        let short = || Fault::damaged("the block ends within its header");
        let (summed, rest) = value.split_at_checked(SUMMED_BYTES).ok_or_else(short)?;
        let mut rest = Bytes(rest);
        if rest.u32()? != crc32c::crc32c(summed) {
            return Err(Fault::damaged("the block's checksum does not match its header"));
        }
        let mut header = Bytes(summed);
        let (magic, version) = (header.take()?, header.u16()?);
        if magic != MAGIC || !matches!(version, VERSION | VERSION_SHARED) {
            return Err(Fault::damaged("the block is not of version 1 or 2"));
        }
        let n_records = header.u16()?;
        let first = Position::new(header.u64()?);
        if first != key || first == Position::START {
            return Err(Fault::damaged(format!("the block of position {first} is stored here")));
        }
        if n_records == 0 || n_records > BLOCK_RECORDS_MAX {
            return Err(Fault::damaged(format!("the block says that it has {n_records} records")));
        }
        let shared = version == VERSION_SHARED;
        Ok(Self { first, chain_before: Digest(header.take()?), shared, n_records, records: rest.0 })
    }

    /// The position after its last record.
    pub(crate) fn end(&self) -> Position {
        self.first.plus(u64::from(self.n_records))
    }

    /// Its records, each proved right by its checksum and in its place.
    pub(crate) fn frames(&self) -> impl Iterator<Item = Result<Frame<'a>, Error>> + use<'a> {
        self.records().map(|raw| raw.and_then(|raw| raw.frame().map_err(|fault| fault.at(raw.position))))
    }

    /// The same, without the rest of their headers.
    pub(crate) const fn records(&self) -> Records<'a> {
        Records { next: self.first, shared: self.shared, left: self.n_records, bytes: self.records }
    }

    /// The same from a position on; what is before is proved, too.
    pub(crate) fn records_from(&self, next: Position) -> Result<Records<'a>, Error> {
        let mut records = self.records();
        while records.next < next {
            match records.next() {
                Some(record) => record.map(drop)?,
                None => break,
            }
        }
        Ok(records)
    }

    /// Its last record, and the chain after it.
    pub(crate) fn last(&self) -> Result<(Frame<'a>, Digest), Error> {
        let mut chain = self.chain_before;
        let mut last = None;
        for frame in self.frames() {
            let frame = frame?;
            chain = frame.chain(chain);
            last = Some(frame);
        }
        last.map(|frame| (frame, chain)).ok_or_else(|| Fault::damaged("the block is empty").at(self.first))
    }
}

/// The records of a block, in order; ends at the first that is damaged.
pub(crate) struct Records<'a> {
    next: Position,
    shared: bool,
    left: u16,
    bytes: &'a [u8],
}

impl<'a> Records<'a> {
    #[inline]
    fn take(&mut self) -> Result<Raw<'a>, Fault> {
        let (record, rest) = Raw::split(self.bytes)?;
        record.expect_position(self.next)?;
        if self.left == 1 && !rest.is_empty() {
            return Err(Fault::damaged(format!("{} bytes follow the last record of the block", rest.len())));
        }
        let ends = record.last_of_commit();
        if self.left > 1 && ends && !self.shared {
            return Err(Fault::damaged("a commit ends within a block of version 1"));
        }
        if self.left == 1 && !ends && self.shared {
            return Err(Fault::damaged("a block of version 2 ends within a commit"));
        }
        self.bytes = rest;
        Ok(record)
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Raw<'a>, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return None;
        }
        let position = self.next;
        let taken = self.take();
        self.left = if taken.is_ok() { self.left.saturating_sub(1) } else { 0 };
        self.next = position.next();
        Some(taken.map_err(|fault| fault.at(position)))
    }
}
