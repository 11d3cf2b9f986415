//! Blocks: the values of the store, each with up to 16 whole records of one commit.
//!
//! ```text
//! offset  bytes
//!      0      4  magic "SBLK"
//!      4      2  block version, 1
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
use crate::record::{self, Frame, SALT_BYTES};

/// The most records in a block.
pub(crate) const BLOCK_RECORDS_MAX: u16 = 16;
/// The longest block. Sixteen of them stay far below the 128 KiB over which sled would put a page into a file of its own,
/// which it never syncs.
pub(crate) const BLOCK_BYTES_MAX: usize = 4_000;
const HEADER_BYTES: usize = 52;
const SUMMED_BYTES: usize = 48;

const MAGIC: [u8; 4] = *b"SBLK";
const VERSION: u16 = 1;

/// A block's bytes under the position of its first record.
pub(crate) type Stored = (Position, Vec<u8>);

/// Packs records into blocks and carries the chain along. Blocks never share commits.
pub(crate) struct Packer {
    chain: Digest,
    chain_before: Digest,
    first: Position,
    n_records: u16,
    records: Vec<u8>,
    record: Vec<u8>,
}

impl Packer {
    /// Begins after a record, with the chain there.
    pub(crate) fn after(chain: Digest) -> Self {
        Self {
            chain,
            chain_before: chain,
            first: Position::START,
            n_records: 0,
            records: Vec::with_capacity(BLOCK_BYTES_MAX),
            record: Vec::with_capacity(BLOCK_BYTES_MAX),
        }
    }

    /// The chain after the last record that was put in.
    pub(crate) const fn chain(&self) -> Digest {
        self.chain
    }

    /// Puts a record in; gives the block before it when that is full.
    pub(crate) fn push(&mut self, recorded: &Recorded, salt: [u8; SALT_BYTES]) -> Result<Option<Stored>, Error> {
        let mut record = std::mem::take(&mut self.record);
        record.clear();
        record::append(recorded, salt, &mut record)?;
        let short = || Fault::damaged("the record has no header").at(recorded.position);
        let chain = record::chain_of_written(self.chain, &record).ok_or_else(short)?;
        let before = self.push_bytes(recorded.position, &record, chain);
        self.record = record;
        Ok(before)
    }

    /// The same for a record's bytes, which lead to `chain`.
    pub(crate) fn push_bytes(&mut self, position: Position, record: &[u8], chain: Digest) -> Option<Stored> {
        let length = HEADER_BYTES.saturating_add(self.records.len()).saturating_add(record.len());
        let full = self.n_records >= BLOCK_RECORDS_MAX || length > BLOCK_BYTES_MAX;
        let before = if full { self.finish() } else { None };
        if self.n_records == 0 {
            self.first = position;
            self.chain_before = self.chain;
        }
        self.records.extend_from_slice(record);
        self.n_records = self.n_records.saturating_add(1);
        self.chain = chain;
        before
    }

    /// Ends the block that is being filled; called at the end of every commit.
    pub(crate) fn finish(&mut self) -> Option<Stored> {
        if self.n_records == 0 {
            return None;
        }
        let mut bytes = Vec::with_capacity(HEADER_BYTES.saturating_add(self.records.len()));
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&self.n_records.to_le_bytes());
        bytes.extend_from_slice(&self.first.get().to_le_bytes());
        bytes.extend_from_slice(&self.chain_before.0);
        let sum = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&sum.to_le_bytes());
        bytes.extend_from_slice(&self.records);
        self.records.clear();
        self.n_records = 0;
        Some((self.first, bytes))
    }
}

/// A block as it is read; its header's checksum is proved right, its records are not yet looked at.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    pub(crate) first: Position,
    pub(crate) chain_before: Digest,
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
        if header.take()? != MAGIC || header.u16()? != VERSION {
            return Err(Fault::damaged("the block is not of version 1"));
        }
        let n_records = header.u16()?;
        let first = Position::new(header.u64()?);
        if first != key || first == Position::START {
            return Err(Fault::damaged(format!("the block of position {first} is stored here")));
        }
        if n_records == 0 || n_records > BLOCK_RECORDS_MAX {
            return Err(Fault::damaged(format!("the block says that it has {n_records} records")));
        }
        Ok(Self { first, chain_before: Digest(header.take()?), n_records, records: rest.0 })
    }

    /// The position after its last record.
    pub(crate) fn end(&self) -> Position {
        self.first.plus(u64::from(self.n_records))
    }

    /// Its records, each proved right by its checksum and in its place.
    pub(crate) fn frames(&self) -> Frames<'a> {
        Frames { next: self.first, left: self.n_records, bytes: self.records }
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
pub(crate) struct Frames<'a> {
    next: Position,
    left: u16,
    bytes: &'a [u8],
}

impl<'a> Frames<'a> {
    fn take(&mut self) -> Result<Frame<'a>, Fault> {
        let (frame, rest) = Frame::split(self.bytes)?;
        let frame = frame.expect_position(self.next)?;
        if self.left == 1 && !rest.is_empty() {
            return Err(Fault::damaged(format!("{} bytes follow the last record of the block", rest.len())));
        }
        if self.left > 1 && frame.header.last_of_commit() {
            return Err(Fault::damaged("a commit ends within a block"));
        }
        self.bytes = rest;
        Ok(frame)
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = Result<Frame<'a>, Error>;

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
