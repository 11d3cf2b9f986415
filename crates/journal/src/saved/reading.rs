//! Reading a saved book back.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use domain::book::{Restoring, Unrestorable};
use domain::{Book, Event, Position};
use engine::log::{Error, EventLog as _};

use super::{END, FRAME_BYTES, HEADER_BYTES, Header, PART, RECORDS, frame_sum};
use crate::Journal;
use crate::bytes::Bytes;
use crate::payload::Recent;
use crate::record::Frame;

/// Why a saved book is not used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unusable {
    #[error("it cannot be read ({0})")]
    Io(#[from] io::Error),
    #[error("it is damaged ({0})")]
    Damaged(&'static str),
    #[error("it is damaged ({0})")]
    Unrestorable(#[from] Unrestorable),
    #[error("it was saved by another version of this program")]
    OtherVersion,
    #[error("it holds records of a later format than this program reads")]
    Newer,
    #[error("it is of another log")]
    OtherLog,
    #[error("it goes on to position {0}, after the end of this log")]
    Beyond(Position),
    #[error("it is of a log that parted from this one at position {0} or before")]
    Parted(Position),
    #[error("one of its records cannot be read ({0})")]
    Record(Error),
    #[error("what this log holds at its position cannot be read ({0})")]
    Log(Error),
}

/// How many records are decoded with what is remembered of those before.
const RECENT_RECORDS: usize = 4_096;

impl Journal {
    pub(super) fn restore(&self, path: &Path) -> Result<Book, Unusable> {
        let mut file = File::open(path)?;
        let mut header = [0; HEADER_BYTES];
        file.read_exact(&mut header).map_err(ended)?;
        let header = Header::of(&header).ok_or(Unusable::Damaged("its header is not what was written"))?;
        self.expect_own(&header)?;
        let n_bytes = file.metadata()?.len().saturating_sub(u64::try_from(HEADER_BYTES).unwrap_or(0));
        let book = self.restore_from(file, n_bytes)?;
        let same = book.head() == header.position && book.log().is_some_and(|opened| opened.log == header.log);
        if same { Ok(book) } else { Err(Unusable::Damaged("its header is of another")) }
    }

    /// That it was saved by this version of the program, of this log.
    fn expect_own(&self, header: &Header) -> Result<(), Unusable> {
        if header.fold != Book::FOLD {
            return Err(Unusable::OtherVersion);
        }
        if header.format > self.newest_format() {
            return Err(Unusable::Newer);
        }
        let first = self.read(Position::START, 1).map_err(Unusable::Log)?;
        let opened = first.first().map(|record| &record.event);
        if !matches!(opened, Some(Event::LogOpened(opened)) if opened.log == header.log) {
            return Err(Unusable::OtherLog);
        }
        match self.chain_at(header.position).map_err(Unusable::Log)? {
            None => Err(Unusable::Beyond(header.position)),
            Some(chain) if chain != header.chain => Err(Unusable::Parted(header.position)),
            Some(_) => Ok(()),
        }
    }

    fn restore_from(&self, file: File, n_bytes: u64) -> Result<Book, Unusable> {
        let mut frames = Frames { file, n_left: n_bytes, number: 0, content: Vec::new() };
        let mut restoring = Restoring::default();
        let (mut n_records, mut last): (u64, _) = (0, Position::START);
        let mut recent = Recent::for_records(RECENT_RECORDS);
        loop {
            match frames.next()? {
                (PART, part) => restoring.part(part)?,
                (RECORDS, mut records) => {
                    while !records.is_empty() {
                        let (frame, rest) =
                            Frame::split(records).map_err(|fault| Unusable::Record(fault.at(last.next())))?;
                        let record = frame.decode_up_to(self.newest_format(), &mut recent).map_err(Unusable::Record)?;
                        restoring.record(&record)?;
                        last = record.position;
                        n_records = n_records.saturating_add(1);
                        records = rest;
                    }
                }
                (END, said) if Bytes(said).u64().ok() == Some(n_records) && said.len() == 8 => break,
                _ => return Err(Unusable::Damaged("its end is not what was written")),
            }
        }
        if frames.n_left > 0 {
            return Err(Unusable::Damaged("it goes on after its end"));
        }
        Ok(restoring.finish()?)
    }
}

/// A file's frames, in order, each proved right by its checksum before anything is done with it.
struct Frames {
    file: File,
    n_left: u64,
    number: u32,
    /// The last one's content, of a buffer that is used again.
    content: Vec<u8>,
}

impl Frames {
    fn next(&mut self) -> Result<(u32, &[u8]), Unusable> {
        let mut head = [0; FRAME_BYTES];
        self.file.read_exact(&mut head).map_err(ended)?;
        let short = |_| Unusable::Damaged("it ends too soon");
        let mut head = Bytes(&head);
        let (kind, number) = (head.u32().map_err(short)?, head.u32().map_err(short)?);
        let (length, sum) = (head.u32().map_err(short)?, head.u32().map_err(short)?);
        let n_taken = u64::from(length).saturating_add(u64::try_from(FRAME_BYTES).unwrap_or(0));
        // A length that was damaged makes no room for more than there is.
        self.n_left = self.n_left.checked_sub(n_taken).ok_or(Unusable::Damaged("it ends too soon"))?;
        self.content.resize(usize::try_from(length).unwrap_or(0), 0);
        self.file.read_exact(&mut self.content).map_err(ended)?;
        if number != self.number || sum != frame_sum(kind, number, &self.content) {
            return Err(Unusable::Damaged("a checksum does not match"));
        }
        self.number = self.number.saturating_add(1);
        Ok((kind, &self.content))
    }
}

/// A file that is too short is damaged, and not a fault of the disk.
fn ended(error: io::Error) -> Unusable {
    if error.kind() == io::ErrorKind::UnexpectedEof { Unusable::Damaged("it ends too soon") } else { error.into() }
}
