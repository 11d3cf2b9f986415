//! A note of how far the log goes, beside the store: what tells a log that lost its end from one that never had it.
//!
//! sled takes a damaged page near the end of its file for the end of what was written, and opens without a word. The note
//! is written after each sync, and never synced itself: it may be behind the log, after a power cut, but never ahead of
//! it, so that a log which ends before its note has lost records that were acknowledged. `preflight` looks for them before
//! sled is let near.
//!
//! ```text
//! file   two slots of 64 bytes, written in turn, so that one is always whole
//! slot   "STIP" (4)  version = 1 (u32)  position (u64)  chain (32)  CRC-32C of the 48 bytes before (u32)  zeroes
//! ```

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use domain::{Digest, Position};

use crate::OpenError;
use crate::store::failed;

const NAME: &str = "tip";
const MAGIC: [u8; 4] = *b"STIP";
const VERSION: u32 = 1;
const SLOT_BYTES: usize = 64;

/// The note's file.
#[derive(Debug)]
pub(crate) struct Tip {
    file: File,
    second: bool,
}

impl Tip {
    /// Opens the note of a folder and reads what it says; nothing when there is none, or no slot is whole.
    pub(crate) fn open(dir: &Path) -> Result<(Self, Option<(Position, Digest)>), OpenError> {
        let path = dir.join(NAME);
        let file = File::options().create(true).truncate(false).read(true).write(true).open(&path);
        let mut file = file.map_err(failed("opening", &path))?;
        let newest = newest(&mut file).map_err(failed("reading", &path))?;
        let second = newest.is_some_and(|(_, number)| number == 0);
        Ok((Self { file, second }, newest.map(|(said, _)| said)))
    }

    /// Reads what the note of a folder says, and makes none where there is none.
    pub(crate) fn read(dir: &Path) -> Result<Option<(Position, Digest)>, OpenError> {
        let path = dir.join(NAME);
        match File::open(&path) {
            Ok(mut file) => Ok(newest(&mut file).map_err(failed("reading", &path))?.map(|(said, _)| said)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("opening", &path)(error)),
        }
    }

    /// Notes the head. One slot is left as it was, in case this one is cut short.
    pub(crate) fn note(&mut self, position: Position, chain: Digest) -> io::Result<()> {
        let offset = if self.second { SeekFrom::Start(64) } else { SeekFrom::Start(0) };
        self.second = !self.second;
        self.file.seek(offset)?;
        self.file.write_all(&write(position, chain))
    }
}

/// The newest slot that is whole, and which of the two it is.
fn newest(file: &mut File) -> io::Result<Option<((Position, Digest), usize)>> {
    let mut slots = Vec::with_capacity(2 * SLOT_BYTES);
    Read::by_ref(file).take(128).read_to_end(&mut slots)?;
    let said = slots.chunks(SLOT_BYTES).enumerate().filter_map(|(number, slot)| Some((read(slot)?, number)));
    Ok(said.max_by_key(|((position, _), _)| *position))
}

fn write(position: Position, chain: Digest) -> Vec<u8> {
    let mut slot = Vec::with_capacity(SLOT_BYTES);
    slot.extend_from_slice(&MAGIC);
    slot.extend_from_slice(&VERSION.to_le_bytes());
    slot.extend_from_slice(&position.get().to_le_bytes());
    slot.extend_from_slice(&chain.0);
    let checksum = crc32c::crc32c(&slot);
    slot.extend_from_slice(&checksum.to_le_bytes());
    slot.resize(SLOT_BYTES, 0);
    slot
}

fn read(slot: &[u8]) -> Option<(Position, Digest)> {
    let (said, rest) = slot.split_at_checked(48)?;
    let checksum = u32::from_le_bytes(*rest.first_chunk()?);
    let (magic, said) = said.split_first_chunk::<4>()?;
    let (version, said) = said.split_first_chunk()?;
    let (position, chain) = said.split_first_chunk()?;
    let whole = *magic == MAGIC
        && u32::from_le_bytes(*version) == VERSION
        && slot.get(..48).is_some_and(|said| crc32c::crc32c(said) == checksum);
    whole.then_some((Position::new(u64::from_le_bytes(*position)), Digest(chain.try_into().ok()?)))
}
