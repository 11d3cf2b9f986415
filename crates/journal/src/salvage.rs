//! Reading a store that must not be opened, or for whose opening there is no room: the whole records before the damage,
//! straight from the bytes of sled's data file.
//!
//! Nothing is written, and sled is not asked. Blocks stand whole in the file, each with the chain before it, so that from
//! the first record on each next one is found and proved by its chain. Where there is none, the log is damaged.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::{Digest, Position, Recorded};
use engine::log::{Commit, Damage, Error, EventLog, FORMAT, Full, Head};

use crate::OpenError;
use crate::block::Block;
use crate::journal::missing;
use crate::payload::Recent;
use crate::preflight::{Data, Proved, blocks, read_segment_header};
use crate::store::{broken, failed, segment_bytes};
use crate::tip::Tip;

/// What is whole before the damage in a folder whose journal does not open: the commits from the first on, to be read.
///
/// Opening takes a pass over the file, and about 100 bytes of memory a block of at most 16 records.
#[derive(Debug)]
pub struct Salvage {
    file: Mutex<File>,
    places: BTreeMap<Position, Place>,
    head: Head,
    why: Why,
}

/// Why nothing is written to it.
#[derive(Debug)]
enum Why {
    Damaged(Damage),
    Full(Full),
}

impl Why {
    fn error(&self) -> Error {
        match self {
            Self::Damaged(Damage { position, reason }) => {
                Error::Corrupt { position: *position, reason: reason.clone() }
            }
            Self::Full(full) => Error::Full(full.clone()),
        }
    }
}

/// Where in the file a block stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    at: u64,
    n_bytes: usize,
}

/// Blocks by their first position and the chain before them.
pub(crate) type Candidates = BTreeMap<(u64, [u8; 32]), Place>;

impl Salvage {
    /// Looks for the records in a folder. `reason` is why its journal did not open.
    ///
    /// # Errors
    /// [`OpenError::Io`]; [`OpenError::Log`] when not one whole commit is there.
    pub fn open(dir: &Path, reason: &str) -> Result<Self, OpenError> {
        let (salvage, end) = Self::read(dir, reason)?;
        let damage = Damage { position: end.next(), reason: reason.to_owned() };
        tracing::error!(position = damage.position.get(), reason, "the log is damaged: what is before is read only");
        Ok(Self { why: Why::Damaged(damage), ..salvage })
    }

    /// Reads a whole journal that does not open because its disk is full.
    ///
    /// # Errors
    /// As [`Salvage::open`]; [`OpenError::Log`] when it is damaged, too.
    pub fn open_full(dir: &Path, full: Full) -> Result<Self, OpenError> {
        let acknowledged = Tip::read(dir)?.map_or(Position::START, |(position, _)| position);
        let (salvage, end) = Self::read(dir, "it does not begin as a log does")?;
        if salvage.head.position < acknowledged {
            let source = missing(end.next());
            return Err(OpenError::Log { dir: dir.to_owned(), source });
        }
        Ok(Self { why: Why::Full(full), ..salvage })
    }

    /// What is whole, and up to where that was proved.
    fn read(dir: &Path, reason: &str) -> Result<(Self, Position), OpenError> {
        let path = dir.join("db");
        let file = File::open(&path).map_err(failed("opening", &path))?;
        let mut data = Data { file, segment_bytes: segment_bytes(dir)? };
        let noted = Tip::read(dir)?.map(|(position, _)| position);
        let candidates = candidates(&mut data).map_err(failed("reading", &path))?;
        let (places, end, head) = prove(&mut data.file, &candidates, noted).map_err(failed("reading", &path))?;
        let why = Why::Damaged(Damage { position: end.next(), reason: reason.to_owned() });
        if head.position == Position::START {
            return Err(OpenError::Log { dir: dir.to_owned(), source: why.error() });
        }
        Ok((Self { file: Mutex::new(data.file), places, head, why }, end))
    }

    fn block(&self, place: Place) -> Result<Vec<u8>, Error> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        bytes_at(&mut file, place).map_err(|error| broken("reading")(Box::new(error)))
    }

    /// Visits the records after a position up to the head, each with the chain through it, until told to stop.
    fn visit(
        &self,
        after: Position,
        visitor: &mut dyn FnMut(&crate::record::Frame<'_>, Digest) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let before = self.places.range(..=after.next()).next_back().map_or(Position::START, |(first, _)| *first);
        for (&first, &place) in self.places.range(before..) {
            let bytes = self.block(place)?;
            let block = Block::read(first, &bytes)?;
            let mut chain = block.chain_before;
            for frame in block.frames() {
                let frame = frame?;
                chain = frame.chain(chain);
                let position = frame.header.position;
                if position > self.head.position || (position > after && !visitor(&frame, chain)?) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

fn bytes_at(file: &mut File, Place { at, n_bytes }: Place) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; n_bytes];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Every whole block in the file; of several copies the one that was written last, because what was removed is not.
pub(crate) fn candidates(data: &mut Data) -> io::Result<Candidates> {
    let length = data.file.metadata()?.len();
    let mut segments = Vec::new();
    let mut at = 0_u64;
    while at < length {
        let mut header = [0_u8; 20];
        data.file.seek(SeekFrom::Start(at))?;
        let n_bytes = Read::by_ref(&mut data.file).take(20).read(&mut header)?;
        let lsn = read_segment_header(&header).filter(|_| n_bytes == header.len()).map_or(0, |(lsn, _)| lsn);
        segments.push((lsn, at));
        at = at.saturating_add(data.segment_bytes);
    }
    segments.sort_unstable();
    let mut candidates = Candidates::new();
    let mut bytes = Vec::new();
    for (_, at) in segments {
        data.read_segment(at, &mut bytes)?;
        blocks(&bytes, Proved::Not, &mut |found| {
            let at = at.saturating_add(u64::try_from(found.at).unwrap_or(u64::MAX));
            candidates.insert((found.first, found.chain_before.0), Place { at, n_bytes: found.n_bytes });
        });
    }
    Ok(candidates)
}

/// The blocks that follow one another from the first record on, the last position that is proved, and the last end of a
/// commit. Nothing after the noted tip: it was never acknowledged.
pub(crate) fn prove(
    file: &mut File,
    candidates: &Candidates,
    noted: Option<Position>,
) -> io::Result<(BTreeMap<Position, Place>, Position, Head)> {
    let mut places = BTreeMap::new();
    let (mut head, mut end, mut chain) = (Head::EMPTY, Position::START, Head::EMPTY.chain);
    while let Some(&place) = candidates.get(&(end.next().get(), chain.0))
        && noted.is_none_or(|noted| end < noted)
    {
        let bytes = bytes_at(file, place)?;
        let read = Block::read(end.next(), &bytes).and_then(|block| block.last());
        let Ok((last, after)) = read else { break };
        places.insert(end.next(), place);
        (end, chain) = (last.header.position, after);
        if last.header.last_of_commit() {
            head = Head { position: end, chain, recorded_at: Some(last.header.recorded_at) };
        }
    }
    Ok((places, end, head))
}

impl EventLog for Salvage {
    fn head(&self) -> Head {
        self.head
    }

    fn check(&self, _commit: &Commit) -> Result<(), Error> {
        Err(self.why.error())
    }

    fn append(&self, _expected: Position, _commits: &[Commit]) -> Result<Head, Error> {
        Err(self.why.error())
    }

    fn read(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, Error> {
        let mut records = Vec::new();
        let mut recent = Recent::for_records(limit);
        if limit > 0 {
            self.visit(after, &mut |frame, _| {
                records.push(frame.decode_up_to(FORMAT, &mut recent)?);
                Ok(records.len() < limit)
            })?;
        }
        Ok(records)
    }

    fn chain_at(&self, position: Position) -> Result<Option<Digest>, Error> {
        if position == Position::START || position > self.head.position {
            return Ok((position == Position::START).then_some(Head::EMPTY.chain));
        }
        let mut found = None;
        let before = Position::new(position.get().saturating_sub(1));
        self.visit(before, &mut |frame, chain| {
            found = (frame.header.position == position).then_some(chain);
            Ok(false)
        })?;
        found.ok_or_else(|| missing(position)).map(Some)
    }

    fn wait_for(&self, position: Position, _timeout: Duration) -> bool {
        self.head.position >= position
    }

    fn damage(&self) -> Option<Damage> {
        if let Why::Damaged(damage) = &self.why { Some(damage.clone()) } else { None }
    }

    fn full(&self) -> Option<Full> {
        if let Why::Full(full) = &self.why { Some(full.clone()) } else { None }
    }
}
