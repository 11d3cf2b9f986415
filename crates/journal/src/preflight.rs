//! Looks at a store before sled opens it, and writes nothing: sled takes the first damage that it meets in what was
//! written since the last opening for the end of what was written, and overwrites the rest with zeroes.
//!
//! This walks the same bytes in the same way and asks what sled would keep. When a record that was acknowledged is not in
//! it, the store is refused as it stands, so that nothing but the damaged bytes is lost. The format is that of sled
//! 0.34.7, to which the program is pinned.
//!
//! ```text
//! conf     how long a segment is: 4 MiB, 512 KiB in the first stores
//! db       segments, in any order; a number in the log (lsn) is a place counted from the very first byte
//! segment  header (20): CRC-32 of the rest (inverted), lsn, stable lsn (both i64, xor i64::MAX); then messages
//! message  CRC-32 (inverted) of body and the rest of the header, kind (1), length, segment number, page; then the body
//! snap.X   where every page was at lsn X, when the store was opened last; what is after X is read again
//! ```
//!
//! Two things are proved: what sled would read goes on from X without a break as far as it ever was stable, and every
//! position up to the noted tip is in it, down to one that was there when the store was opened before.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::Path;

use domain::{Digest, Position};

use crate::OpenError;
use crate::bytes::{Bytes, Fault};
use crate::record::{self, Frame};
use crate::store::{failed, segment_bytes};
use crate::tip::Tip;

const SEGMENT_HEADER_BYTES: u64 = 20;
/// No message begins where fewer bytes than this are left of a segment.
const MESSAGE_HEADER_BYTES_MAX: u64 = 32;
/// How many blocks may begin between a position and the block that holds it.
const BACK: u64 = 15;

/// Refuses a store of which sled would destroy records that were acknowledged.
///
/// Reads the header of each segment, and what was written since the store was opened last.
///
/// # Errors
/// [`OpenError::Unsafe`]; [`OpenError::Io`].
pub(crate) fn check(dir: &Path) -> Result<(), OpenError> {
    let acknowledged = Tip::read(dir)?.map_or(Position::START, |(position, _)| position);
    let path = dir.join("db");
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound && acknowledged == Position::START => return Ok(()),
        Err(error) => return Err(failed("opening", &path)(error)),
    };
    let stable = snapshot(dir)?;
    let mut data = Data { file, segment_bytes: segment_bytes(dir)? };
    match look(&mut data, stable, acknowledged).map_err(failed("reading", &path))? {
        Ok(()) => Ok(()),
        Err(reason) => Err(OpenError::Unsafe { dir: dir.to_owned(), reason }),
    }
}

pub(crate) fn look(data: &mut Data, stable: Option<u64>, acknowledged: Position) -> io::Result<Result<(), String>> {
    let segments = match data.segments()? {
        Ok(segments) => segments,
        Err(reason) => return Ok(Err(reason)),
    };
    let from = stable.unwrap_or(0);
    let base = data.segment_start(from);
    let (tail, covered): (Vec<_>, Vec<_>) = segments.into_iter().partition(|segment| segment.lsn >= base);
    let highest = tail.iter().map(|segment| segment.stable).max().unwrap_or(0).max(base);
    let tail: BTreeMap<u64, u64> = tail.into_iter().map(|segment| (segment.lsn, segment.at)).collect();

    let end = end_of_what_joins_up(data, &tail, highest)?;
    let mut found = BTreeMap::new();
    let walk = Walk { max: Some(end), stops_at_damage: false };
    let reached =
        walk.run(data, &tail, &mut |body| blocks(body, Proved::Already, &mut |block| note(&mut found, &block)))?;
    if reached.unwrap_or(base) < from {
        let reason = format!("the store was whole up to byte {from} of its log, and is now damaged before that");
        return Ok(Err(reason));
    }
    let missing = first_missing(&found, acknowledged.get());
    if missing == 0 || is_in(data, covered, missing)? {
        return Ok(Ok(()));
    }
    Ok(Err(format!(
        "records up to {acknowledged} were acknowledged, and that of position {missing} is damaged or gone"
    )))
}

fn note(found: &mut BTreeMap<u64, u64>, block: &Found) {
    let known = found.entry(block.first).or_insert(0);
    *known = block.n_records.max(*known);
}

/// Goes down from a position for as long as it is in a block; 0 when it comes to the beginning.
fn first_missing(found: &BTreeMap<u64, u64>, acknowledged: u64) -> u64 {
    let mut wanted = acknowledged;
    while wanted > 0 {
        let near = found.range(wanted.saturating_sub(BACK)..=wanted);
        let Some((first, _)) = near.into_iter().find(|(first, n)| first.saturating_add(**n) > wanted) else {
            return wanted;
        };
        wanted = first.saturating_sub(1);
    }
    0
}

/// Whether a record is in one of the segments that were complete at the last opening, the newest first.
fn is_in(data: &mut Data, mut covered: Vec<Segment>, wanted: u64) -> io::Result<bool> {
    covered.sort_unstable_by_key(|segment| std::cmp::Reverse(segment.lsn));
    let mut bytes = Vec::new();
    for segment in covered {
        let mut here = false;
        data.read_segment(segment.at, &mut bytes)?;
        blocks(&bytes, Proved::Not, &mut |block| {
            here |= block.first <= wanted && wanted < block.first.saturating_add(block.n_records);
        });
        if here {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How far the newest snapshot goes; its name says so, and sled itself checks its bytes before it writes anything.
fn snapshot(dir: &Path) -> Result<Option<u64>, OpenError> {
    let mut newest = None;
    for entry in fs::read_dir(dir).map_err(failed("listing", dir))? {
        let name = entry.map_err(failed("listing", dir))?.file_name();
        let lsn = name.to_str().and_then(|name| u64::from_str_radix(name.strip_prefix("snap.")?, 16).ok());
        newest = newest.max(lsn);
    }
    Ok(newest)
}

/// A segment whose header is whole.
struct Segment {
    lsn: u64,
    stable: u64,
    at: u64,
}

/// sled's data file.
pub(crate) struct Data {
    pub(crate) file: File,
    pub(crate) segment_bytes: u64,
}

impl Data {
    /// Where the segment begins that a place of the log is in.
    fn segment_start(&self, lsn: u64) -> u64 {
        lsn.saturating_sub(lsn.checked_rem(self.segment_bytes).unwrap_or(0))
    }

    /// All segments; those that are free have headers of zeroes. Anything else in a header's place is damage: the header is
    /// written within one sector, so that no power cut leaves a part of it.
    fn segments(&mut self) -> io::Result<Result<Vec<Segment>, String>> {
        let length = self.file.metadata()?.len();
        let mut segments = Vec::new();
        let mut at = 0_u64;
        while at.saturating_add(SEGMENT_HEADER_BYTES) <= length {
            let mut header = [0_u8; 20];
            self.file.seek(SeekFrom::Start(at))?;
            self.file.read_exact(&mut header)?;
            match read_segment_header(&header) {
                Some((lsn, stable)) => segments.push(Segment { lsn, stable, at }),
                None if header == [0; 20] => {}
                None => return Ok(Err(format!("the store's segment at byte {at} has a damaged header"))),
            }
            at = at.saturating_add(self.segment_bytes);
        }
        Ok(Ok(segments))
    }

    pub(crate) fn read_segment(&mut self, at: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
        bytes.clear();
        self.file.seek(SeekFrom::Start(at))?;
        Read::by_ref(&mut self.file).take(self.segment_bytes).read_to_end(bytes)?;
        Ok(())
    }
}

pub(crate) fn read_segment_header(header: &[u8; 20]) -> Option<(u64, u64)> {
    let (sum, summed) = header.split_first_chunk::<4>()?;
    let (lsn, rest) = summed.split_first_chunk::<8>()?;
    let number = |bytes: [u8; 8]| u64::try_from(i64::from_le_bytes(bytes) ^ i64::MAX).ok();
    // Before anything was stable, the header says -1.
    let stable = rest.first_chunk::<8>().map(|stable| number(*stable).unwrap_or(0))?;
    (u32::from_le_bytes(*sum) == !crc32fast::hash(summed)).then_some((number(*lsn)?, stable))
}

/// The last byte of what follows, without a gap, from where the store is known to have been stable.
fn end_of_what_joins_up(data: &mut Data, tail: &BTreeMap<u64, u64>, highest: u64) -> io::Result<i128> {
    let mut expected = data.segment_start(highest);
    let mut joined = BTreeMap::new();
    let mut gap = None;
    for (&lsn, &at) in tail.range(expected..) {
        if lsn != expected {
            gap = Some(i128::from(expected));
            break;
        }
        joined.insert(lsn, at);
        expected = expected.saturating_add(data.segment_bytes);
    }
    let walk = Walk { max: gap, stops_at_damage: true };
    let end = walk.run(data, &joined, &mut |_| {})?;
    Ok(i128::from(end.unwrap_or(0)).saturating_sub(1))
}

/// How sled goes through its log.
struct Walk {
    /// The last byte at which a message may begin, or a batch end.
    max: Option<i128>,
    /// Whether damage is the end; otherwise only the rest of that segment is passed over.
    stops_at_damage: bool,
}

impl Walk {
    /// Shows the body of each message that would be read, and gives where the next one would begin.
    fn run(
        &self,
        data: &mut Data,
        segments: &BTreeMap<u64, u64>,
        visit: &mut dyn FnMut(&[u8]),
    ) -> io::Result<Option<u64>> {
        let mut cursor = None;
        let mut bytes = Vec::new();
        for (&lsn, &at) in segments {
            if self.is_beyond(lsn) {
                return Ok(cursor);
            }
            data.read_segment(at, &mut bytes)?;
            let mut inside = SEGMENT_HEADER_BYTES;
            let goes_on = loop {
                cursor = Some(lsn.saturating_add(inside));
                if inside > data.segment_bytes.saturating_sub(MESSAGE_HEADER_BYTES_MAX) {
                    break true;
                }
                if self.is_beyond(lsn.saturating_add(inside)) {
                    break false;
                }
                match Message::read(&bytes, inside, lsn.checked_div(data.segment_bytes).unwrap_or(0)) {
                    Message::Damaged => break !self.stops_at_damage,
                    Message::Cap => break true,
                    Message::Batch { last, .. } if self.is_beyond(last) => break false,
                    Message::Batch { length, .. } => inside = inside.saturating_add(length),
                    Message::Body { body, length } => {
                        visit(body);
                        inside = inside.saturating_add(length);
                    }
                }
            };
            if !goes_on {
                return Ok(cursor);
            }
        }
        Ok(cursor)
    }

    fn is_beyond(&self, lsn: u64) -> bool {
        self.max.is_some_and(|max| i128::from(lsn) > max)
    }
}

/// A message of sled's log; `length` is that of its header and body.
enum Message<'a> {
    /// Not whole, or nothing.
    Damaged,
    /// The rest of the segment is unused.
    Cap,
    /// What follows, up to `last`, is read only all together.
    Batch { last: u64, length: u64 },
    /// A page, a part of one, or a note of sled's own.
    Body { body: &'a [u8], length: u64 },
}

impl<'a> Message<'a> {
    fn read(segment: &'a [u8], at: u64, segment_number: u64) -> Self {
        Self::parse(segment, at, segment_number).unwrap_or(Self::Damaged)
    }

    fn parse(segment: &'a [u8], at: u64, segment_number: u64) -> Option<Self> {
        const CAP: u8 = 2;
        const BATCH: u8 = 3;
        const KIND_MAX: u8 = 11;
        let message = segment.get(usize::try_from(at).ok()?..)?;
        let (sum, rest) = message.split_first_chunk::<4>()?;
        let (&kind, mut rest) = rest.split_first()?;
        let n_body = number(&mut rest)?;
        let number_said = number(&mut rest)?;
        number(&mut rest)?;
        let n_header = message.len().checked_sub(rest.len())?;
        let body = rest.get(..usize::try_from(n_body).ok()?)?;
        if !(1..=KIND_MAX).contains(&kind) || number_said != segment_number {
            return None;
        }
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(body);
        hasher.update(message.get(4..n_header)?);
        if !hasher.finalize() != u32::from_le_bytes(*sum) {
            return None;
        }
        let length = u64::try_from(n_header).ok()?.checked_add(n_body)?;
        Some(match kind {
            CAP => Self::Cap,
            BATCH => Self::Batch { last: u64::from_le_bytes(body.try_into().ok()?), length },
            _ => Self::Body { body, length },
        })
    }
}

/// A number of one to nine bytes.
pub(crate) fn number(bytes: &mut &[u8]) -> Option<u64> {
    let (&first, rest) = bytes.split_first()?;
    let mut le = [0_u8; 8];
    let n_more = match first {
        0..=240 => 0,
        241..=248 => 1,
        249 => 2,
        _ => usize::from(first).checked_sub(247)?,
    };
    let (more, rest) = rest.split_at_checked(n_more)?;
    *bytes = rest;
    le.get_mut(..n_more)?.copy_from_slice(more);
    let [high, low, ..] = le;
    Some(match first {
        0..=240 => u64::from(first),
        241..=248 => u64::from(first).checked_sub(241)?.checked_mul(256)?.checked_add(240)?.checked_add(high.into())?,
        249 => u64::from(high).checked_mul(256)?.checked_add(2288)?.checked_add(low.into())?,
        _ => u64::from_le_bytes(le),
    })
}

/// One of our blocks, found whole among other bytes.
pub(crate) struct Found {
    /// Where in them it begins.
    pub(crate) at: usize,
    pub(crate) n_bytes: usize,
    pub(crate) first: u64,
    pub(crate) n_records: u64,
    pub(crate) chain_before: Digest,
}

/// Whether bytes are known to be what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proved {
    /// By a checksum over all of them.
    Already,
    /// So that each record's own checksum is looked at.
    Not,
}

/// Shows each of our blocks that begins somewhere in bytes and is whole.
pub(crate) fn blocks(bytes: &[u8], proved: Proved, visit: &mut dyn FnMut(Found)) {
    let mut at = 0_usize;
    while let Some(rest) = bytes.get(at..) {
        let Some(next) = rest.iter().position(|byte| *byte == b'S') else { return };
        at = at.saturating_add(next);
        let n_bytes = match whole_block(rest.get(next..).unwrap_or_default(), at, proved) {
            Ok(found) => {
                let n_bytes = found.n_bytes;
                visit(found);
                n_bytes
            }
            Err(_not_here) => 1,
        };
        at = at.saturating_add(n_bytes);
    }
}

/// The block that begins here, if it is whole.
fn whole_block(bytes: &[u8], at: usize, proved: Proved) -> Result<Found, Fault> {
    let mut header = Bytes(bytes);
    if header.take()? != *b"SBLK" {
        return Err(Fault::damaged("no block begins here"));
    }
    header.u16()?;
    let n_records = header.u16()?;
    let first = header.u64()?;
    let chain_before = Digest(header.take()?);
    let summed = bytes.get(..48).unwrap_or_default();
    if header.u32()? != crc32c::crc32c(summed) {
        return Err(Fault::damaged("the block's checksum does not match its header"));
    }
    let mut rest = header.0;
    for _ in 0..n_records {
        rest = match proved {
            Proved::Not => Frame::split(rest)?.1,
            Proved::Already => {
                let rest = record::length_said(rest).and_then(|length| rest.get(length..));
                rest.ok_or_else(|| Fault::damaged("the block ends within a record"))?
            }
        };
    }
    let n_bytes = bytes.len().saturating_sub(rest.len());
    Ok(Found { at, n_bytes, first, n_records: u64::from(n_records), chain_before })
}
