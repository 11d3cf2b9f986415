//! A record's bytes: a fixed little-endian header, then the payload.
//!
//! ```text
//! offset  bytes
//!      0      2  magic "SB"
//!      2      2  header version, 1
//!      4      2  type number, see `payload::kind`
//!      6      2  schema version of that type, from 1
//!      8      8  position, from 1
//!     16      8  recorded_at, microseconds since 1970-01-01T00:00:00Z, signed
//!     24      8  known_at, likewise
//!     32     16  event id
//!     48      2  flags: 1 last of its commit, 2 part of a submitted file
//!     50      4  length of the payload in bytes, 0 to 3,800
//!     54     16  salt, random
//!     70      4  CRC-32C (Castagnoli) of bytes 0 to 69 and of the payload
//!     74         the payload
//! ```
//!
//! Bytes 0 to 53 are what the chain covers of the header. Neither the salt nor the checksum is among them, so that a
//! payload and its salt can be erased while the chain still verifies through the kept leaf.

use domain::{Digest, EventId, Position, Recorded, Timestamp};
use engine::log::{Error, FORMAT};
use sha2::{Digest as _, Sha256};

use crate::bytes::{Bytes, Fault};
use crate::payload::{self, Recent};

/// The length of a header.
pub const HEADER_BYTES: usize = 74;
/// The longest payload, so that a record fits in a block and no stored value is over 4,000 bytes.
pub const PAYLOAD_BYTES_MAX: usize = 3_800;
/// The length of a salt.
pub const SALT_BYTES: usize = 16;

const MAGIC: [u8; 2] = *b"SB";
const VERSION: u16 = 1;
/// How much of the header the chain covers: all that is before the salt.
const CHAINED_BYTES: usize = 54;
const SUMMED_BYTES: usize = CHAINED_BYTES + SALT_BYTES;
/// Where the event id begins, and the flags.
const EVENT_ID_AT: usize = 32;
const FLAGS_AT: usize = 48;
/// Where the four bytes of the payload's length are.
const LENGTH_AT: usize = 50;

const LAST_OF_COMMIT: u16 = 1;
const FILE: u16 = 2;

/// What can be known of a record without its payload, and therefore of every record, newer ones included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The type number; never reused.
    pub kind: u16,
    /// The version of the type's payload, from 1.
    pub schema: u16,
    /// Where it is in the log.
    pub position: Position,
    /// When Scorebook took it in.
    pub recorded_at: Timestamp,
    /// When it was known.
    pub known_at: Timestamp,
    /// Its identifier.
    pub event_id: EventId,
    /// Bits as stored; those that this program does not know are kept.
    pub flags: u16,
    /// Random bytes that keep a short payload from being guessed by its hash. They never leave in an answer or a feed.
    pub salt: [u8; SALT_BYTES],
}

impl Header {
    /// True on the last record of a commit.
    pub const fn last_of_commit(&self) -> bool {
        self.flags & LAST_OF_COMMIT != 0
    }

    /// True on a part of a submitted file, which answers never quote: a reader may skip its payload.
    pub const fn file(&self) -> bool {
        self.flags & FILE != 0
    }

    /// The name of its type; `None` when this program does not know the type.
    pub fn name(&self) -> Option<&'static str> {
        payload::kind::name(self.kind)
    }
}

/// A record as it is stored, its checksum proved right. It survives programs that cannot read its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRecord {
    /// Its header.
    pub header: Header,
    /// Header and payload, exactly as stored.
    pub bytes: Vec<u8>,
}

/// Writes a record's bytes.
///
/// # Errors
/// [`Error::Refused`] when its payload is over [`PAYLOAD_BYTES_MAX`].
pub fn encode(recorded: &Recorded, salt: [u8; SALT_BYTES]) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    append(recorded, salt, &mut bytes)?;
    Ok(bytes)
}

/// Reads a record's bytes, all of them.
///
/// # Errors
/// [`Error::Corrupt`] at `position` when they are not a record of that position, [`Error::Newer`] when a newer program
/// wrote them.
pub fn decode(position: Position, bytes: &[u8]) -> Result<Recorded, Error> {
    let frame = whole(bytes).and_then(|frame| frame.expect_position(position)).map_err(|fault| fault.at(position))?;
    frame.decode(&mut Recent::for_records(1)).map_err(|fault| fault.at(position))
}

/// Reads a record's header, after its checksum, which covers the payload too, is proved right.
///
/// # Errors
/// As [`decode`]; an unknown type or schema is no error here.
pub fn header(position: Position, bytes: &[u8]) -> Result<Header, Error> {
    let frame = whole(bytes).and_then(|frame| frame.expect_position(position)).map_err(|fault| fault.at(position))?;
    Ok(frame.header)
}

/// `SHA-256(0x00 ‖ salt ‖ payload)`: what stays of a payload that is erased.
pub fn leaf(salt: &[u8; SALT_BYTES], payload: &[u8]) -> Digest {
    let hash = Sha256::new().chain_update([0]).chain_update(salt).chain_update(payload);
    Digest(hash.finalize().into())
}

/// The chain after a record: `SHA-256(0x01 ‖ chain before it ‖ header without salt and checksum ‖ leaf)`.
///
/// The chain before the first record is 32 zero bytes. It covers records only, so that every copy of a log has the same
/// chain however it is packed.
///
/// # Errors
/// [`Error::Corrupt`] at `position` when the bytes are not a record of that position.
pub fn chain(before: Digest, position: Position, bytes: &[u8]) -> Result<Digest, Error> {
    let frame = whole(bytes).and_then(|frame| frame.expect_position(position)).map_err(|fault| fault.at(position))?;
    Ok(frame.chain(before))
}

/// The chain after a record that was just written, whose checksum needs no proof.
pub(crate) fn chain_of_written(before: Digest, bytes: &[u8]) -> Option<Digest> {
    let (header, payload) = bytes.split_first_chunk::<HEADER_BYTES>()?;
    let (chained, rest) = header.split_first_chunk::<CHAINED_BYTES>()?;
    Some(chain_on(before, chained, leaf(rest.first_chunk()?, payload)))
}

fn chain_on(before: Digest, chained: &[u8], leaf: Digest) -> Digest {
    let hash = Sha256::new().chain_update([1]).chain_update(before.0).chain_update(chained);
    Digest(hash.chain_update(leaf.0).finalize().into())
}

/// Appends a record's bytes to `out`; on an error `out` is as it was.
pub(crate) fn append(recorded: &Recorded, salt: [u8; SALT_BYTES], out: &mut Vec<u8>) -> Result<(), Error> {
    let start = out.len();
    let file = payload::file(&recorded.event);
    let flags = if recorded.last_of_commit { LAST_OF_COMMIT } else { 0 } | if file { FILE } else { 0 };
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&payload::kind::of(&recorded.event).to_le_bytes());
    out.extend_from_slice(&payload::schema(&recorded.event).to_le_bytes());
    out.extend_from_slice(&recorded.position.get().to_le_bytes());
    out.extend_from_slice(&recorded.recorded_at.micros().to_le_bytes());
    out.extend_from_slice(&recorded.known_at.micros().to_le_bytes());
    out.extend_from_slice(&recorded.event_id.0);
    out.extend_from_slice(&flags.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&salt);
    out.extend_from_slice(&[0; 4]);
    let written = payload::write(recorded, out).and_then(|()| seal(out.get_mut(start..).unwrap_or_default()));
    if let Err(reason) = written {
        out.truncate(start);
        return Err(refused(recorded, &reason));
    }
    Ok(())
}

/// The length of a record's bytes.
pub(crate) fn size(recorded: &Recorded) -> Result<usize, Error> {
    let payload_bytes = payload::size(recorded).map_err(|reason| refused(recorded, &reason))?;
    if payload_bytes > PAYLOAD_BYTES_MAX {
        return Err(refused(recorded, &too_long(payload_bytes)));
    }
    Ok(payload_bytes.saturating_add(HEADER_BYTES))
}

/// Puts the length and the checksum into a record whose other bytes are there.
fn seal(record: &mut [u8]) -> Result<(), String> {
    let no_header = || "the record has no header".to_owned();
    let (header, payload) = record.split_first_chunk_mut::<HEADER_BYTES>().ok_or_else(no_header)?;
    let payload_bytes = u32::try_from(payload.len()).ok().filter(|n| within_limit(*n));
    let payload_bytes = payload_bytes.ok_or_else(|| too_long(payload.len()))?;
    let (summed, sum) = header.split_first_chunk_mut::<SUMMED_BYTES>().ok_or_else(no_header)?;
    if let Some(length) = summed.get_mut(LENGTH_AT..CHAINED_BYTES) {
        length.copy_from_slice(&payload_bytes.to_le_bytes());
    }
    sum.copy_from_slice(&checksum(summed, payload).to_le_bytes());
    Ok(())
}

fn within_limit(payload_bytes: u32) -> bool {
    usize::try_from(payload_bytes).is_ok_and(|n| n <= PAYLOAD_BYTES_MAX)
}

fn too_long(payload_bytes: usize) -> String {
    format!("its payload has {payload_bytes} bytes; at most {PAYLOAD_BYTES_MAX} are allowed")
}

fn refused(recorded: &Recorded, reason: &str) -> Error {
    let (position, name) = (recorded.position, recorded.event.name());
    Error::Refused { reason: format!("the {name} for position {position}: {reason}") }
}

fn checksum(summed: &[u8], payload: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(summed), payload)
}

/// One record among stored bytes, its checksum proved right, and no more of its header read than tells where it is and when
/// it came: what a pass over many records needs of each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Raw<'a> {
    head: &'a [u8; HEADER_BYTES],
    pub(crate) payload: &'a [u8],
    /// Both.
    bytes: &'a [u8],
    pub(crate) kind: u16,
    pub(crate) schema: u16,
    flags: u16,
    pub(crate) position: Position,
    pub(crate) recorded_at: Timestamp,
    pub(crate) known_at: Timestamp,
}

/// One record among stored bytes, its checksum proved right.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub(crate) header: Header,
    pub(crate) bytes: &'a [u8],
    chained: &'a [u8],
    payload: &'a [u8],
}

/// How long the record is that begins here, as its header says, which this does not prove.
pub(crate) fn length_said(bytes: &[u8]) -> Option<usize> {
    let length = Bytes(bytes.get(LENGTH_AT..)?).u32().ok().filter(|length| within_limit(*length))?;
    usize::try_from(length).ok()?.checked_add(HEADER_BYTES)
}

fn whole(bytes: &[u8]) -> Result<Frame<'_>, Fault> {
    let (frame, rest) = Frame::split(bytes)?;
    if !rest.is_empty() {
        return Err(Fault::damaged(format!("{} bytes follow the record", rest.len())));
    }
    Ok(frame)
}

impl<'a> Raw<'a> {
    /// Takes the first record off `bytes`.
    #[inline]
    pub(crate) fn split(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Fault> {
        let short = || Fault::damaged("the bytes end within a record");
        let (head, payload) = bytes.split_first_chunk::<HEADER_BYTES>().ok_or_else(short)?;
        let (summed, _) = head.split_first_chunk::<SUMMED_BYTES>().ok_or_else(short)?;
        let length = u32::from_le_bytes(field::<LENGTH_AT, 4>(head));
        if field::<0, 2>(head) != MAGIC || !within_limit(length) {
            return Err(Fault::damaged("no record begins here"));
        }
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let payload = payload.get(..length).ok_or_else(short)?;
        let (bytes, rest) = bytes.split_at_checked(HEADER_BYTES.saturating_add(length)).ok_or_else(short)?;
        if u32::from_le_bytes(field::<SUMMED_BYTES, 4>(head)) != checksum(summed, payload) {
            return Err(Fault::damaged("its checksum does not match its bytes"));
        }
        let number = u16::from_le_bytes;
        let (kind, schema) = (number(field::<4, 2>(head)), number(field::<6, 2>(head)));
        if number(field::<2, 2>(head)) != VERSION {
            return Err(Fault::Newer { kind, schema });
        }
        let position = Position::new(u64::from_le_bytes(field::<8, 8>(head)));
        let recorded_at = instant(i64::from_le_bytes(field::<16, 8>(head)))?;
        let known_at = instant(i64::from_le_bytes(field::<24, 8>(head)))?;
        let flags = number(field::<FLAGS_AT, 2>(head));
        Ok((Self { head, payload, bytes, kind, schema, flags, position, recorded_at, known_at }, rest))
    }

    #[inline]
    pub(crate) fn expect_position(&self, position: Position) -> Result<(), Fault> {
        if self.position != position {
            return Err(Fault::damaged(format!("the record of position {} is stored here", self.position)));
        }
        Ok(())
    }

    /// True on the last record of a commit.
    #[inline]
    pub(crate) const fn last_of_commit(&self) -> bool {
        self.flags & LAST_OF_COMMIT != 0
    }

    /// True when its header says nothing but, perhaps, that it is the last of its commit: it is of no file, and nothing is in
    /// it that this program does not know.
    #[inline]
    pub(crate) const fn plain(&self) -> bool {
        self.flags & !LAST_OF_COMMIT == 0
    }

    /// With all of its header.
    pub(crate) fn frame(&self) -> Result<Frame<'a>, Fault> {
        let short = || Fault::damaged("the bytes end within a record");
        let chained = self.head.get(..CHAINED_BYTES).ok_or_else(short)?;
        let (event_id, salt) = (EventId(field::<EVENT_ID_AT, 16>(self.head)), field::<CHAINED_BYTES, 16>(self.head));
        let Self { payload, bytes, kind, schema, flags, position, recorded_at, known_at, .. } = *self;
        let header = Header { kind, schema, position, recorded_at, known_at, event_id, flags, salt };
        Ok(Frame { header, bytes, chained, payload })
    }
}

impl<'a> Frame<'a> {
    /// Takes the first record off `bytes`.
    pub(crate) fn split(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Fault> {
        let (raw, rest) = Raw::split(bytes)?;
        Ok((raw.frame()?, rest))
    }

    pub(crate) fn expect_position(self, position: Position) -> Result<Self, Fault> {
        if self.header.position != position {
            return Err(Fault::damaged(format!("the record of position {} is stored here", self.header.position)));
        }
        Ok(self)
    }

    pub(crate) fn chain(&self, before: Digest) -> Digest {
        chain_on(before, self.chained, leaf(&self.header.salt, self.payload))
    }

    /// That its header says nothing which this program does not know.
    pub(crate) fn expect_known(&self) -> Result<(), Fault> {
        let Header { kind, schema, flags, .. } = self.header;
        if flags & !(LAST_OF_COMMIT | FILE) != 0 {
            return Err(Fault::Newer { kind, schema });
        }
        Ok(())
    }

    /// Header and payload, exactly as stored.
    pub(crate) const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    pub(crate) const fn payload(&self) -> &'a [u8] {
        self.payload
    }

    pub(crate) fn decode(&self, recent: &mut Recent) -> Result<Recorded, Fault> {
        self.expect_known()?;
        let Header { kind, schema, .. } = self.header;
        let (attribution, event) = payload::read(kind, schema, self.payload, recent)?;
        if payload::file(&event) != self.header.file() {
            return Err(Fault::damaged("its header and its payload disagree on whether it is part of a file"));
        }
        Ok(Recorded {
            position: self.header.position,
            recorded_at: self.header.recorded_at,
            known_at: self.header.known_at,
            event_id: self.header.event_id,
            last_of_commit: self.header.last_of_commit(),
            attribution,
            event,
        })
    }

    /// Decodes what a program may read on after whose newest format is this one.
    ///
    /// # Errors
    /// [`Error::Newer`] also for a record that says of the log, or by its type, that it is of a later format.
    pub(crate) fn decode_up_to(&self, newest_format: u16, recent: &mut Recent) -> Result<Recorded, Error> {
        let Header { kind, schema, position, .. } = self.header;
        let recorded = self.decode(recent).map_err(|fault| fault.at(position))?;
        if recorded.event.format() > newest_format {
            let held_back = (newest_format < FORMAT).then_some(newest_format);
            return Err(Error::Newer { position, kind, schema, held_back });
        }
        Ok(recorded)
    }

    pub(crate) fn to_raw(self) -> RawRecord {
        RawRecord { header: self.header, bytes: self.bytes.to_vec() }
    }
}

/// Some bytes of a header, of which all are there.
#[inline]
fn field<const AT: usize, const N: usize>(head: &[u8; HEADER_BYTES]) -> [u8; N] {
    head.get(AT..).and_then(<[u8]>::first_chunk).copied().unwrap_or([0; N])
}

#[inline]
fn instant(micros: i64) -> Result<Timestamp, Fault> {
    Timestamp::from_micros(micros).map_err(|error| Fault::damaged(error.to_string()))
}
