//! Evidence: what a measure's target was on a day, with the records themselves, their chain, and the lines of the files
//! that they came from.

use std::collections::{BTreeMap, BTreeSet};

use domain::book::Received;
use domain::event::{Event, Source};
use domain::limits::PART_BYTES_MAX;
use domain::time::AsOf;
use domain::{Digest, Position, Recorded, SubmissionId};
use reporting::evidence::{Evidence, Question, evidence};

use super::Engine;
use crate::error::Error;
use crate::settings::{EVIDENCE_FILE_BYTES_MAX, PAGE_RECORDS};
use crate::sha256;

/// The evidence with its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// What was so.
    pub evidence: Evidence,
    /// The records that say so, in the log's order.
    pub records: Vec<Told>,
    /// The records that undid any of them or put it back, whenever they were known, in the log's order; each of
    /// [`Evidence::undoings`].
    pub undoings: Vec<Told>,
    /// The files that they came from, by submission and place.
    pub files: Vec<SourceFile>,
}

/// A record with its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it is evidence of.
    pub of: Vec<&'static str>,
    /// The chain up to and including it.
    pub chain: Digest,
    /// The record.
    pub record: Recorded,
    /// The file that it came from, as it was taken in.
    pub source: Option<Source>,
    /// The text of its line, at most 1,000 bytes; empty when the file was not read.
    pub line_text: String,
}

/// A file that records came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// With which submission.
    pub submission: SubmissionId,
    /// The file as it is recorded.
    pub source: Source,
    /// What became of reading it.
    pub read: FileRead,
}

/// What became of reading a file's bytes from the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileRead {
    /// They have the digest that is recorded.
    Agrees,
    /// They are not there, or have another digest.
    Differs,
    /// The file was too large to be kept in the log.
    NotStored,
    /// More would have been read than [`EVIDENCE_FILE_BYTES_MAX`].
    TooMuch,
}

/// A file of a submission.
type Place = (SubmissionId, u16);

impl Engine {
    /// The evidence for a measure on a day.
    ///
    /// Cost: that of [`evidence`]; a look at the log for each record and for its chain; and the files that they came from, at
    /// most [`EVIDENCE_FILE_BYTES_MAX`] bytes.
    ///
    /// # Errors
    /// [`Error::NotDefined`]; a failure of the log.
    pub fn evidence(&self, question: &Question, as_of: AsOf) -> Result<Pack, Error> {
        let evidence = evidence(&self.book(), question, as_of)?;
        let mut records = Vec::with_capacity(evidence.records.len());
        for (position, of) in &evidence.records {
            records.extend(self.told(*position, of.clone())?);
        }
        let mut undoings = Vec::with_capacity(evidence.undoings.len());
        for undoing in &evidence.undoings {
            undoings.extend(self.told(undoing.position, undoing.of.iter().copied().collect())?);
        }
        let files = self.lines(&mut records)?;
        Ok(Pack { evidence, records, undoings, files })
    }

    fn told(&self, position: Position, of: Vec<&'static str>) -> Result<Option<Told>, Error> {
        let before = Position::new(position.get().saturating_sub(1));
        let Some(record) = self.read(before, 1)?.pop() else { return Ok(None) };
        let chain = self.chain_at(position)?;
        Ok(Some(Told { of, chain, record, source: None, line_text: String::new() }))
    }

    /// Adds the files and lines that records came from.
    fn lines(&self, records: &mut [Told]) -> Result<Vec<SourceFile>, Error> {
        let mut wanted: BTreeMap<Place, BTreeSet<u32>> = BTreeMap::new();
        for told in records.iter() {
            if let Some(origin) = told.record.attribution.origin {
                let place = (told.record.attribution.submission, origin.file);
                wanted.entry(place).or_default().insert(origin.line.get());
            }
        }
        let mut n_bytes_left = EVIDENCE_FILE_BYTES_MAX;
        let mut files = Vec::new();
        let mut texts: BTreeMap<(Place, u32), String> = BTreeMap::new();
        let mut sources: BTreeMap<Place, Source> = BTreeMap::new();
        for (place, lines) in wanted {
            let (submission, number) = place;
            let Some(received) = self.received(submission) else { continue };
            let Some(source) = received.sources.get(usize::from(number)).cloned() else { continue };
            let read = if !source.stored {
                FileRead::NotStored
            } else if source.size > n_bytes_left {
                FileRead::TooMuch
            } else {
                n_bytes_left = n_bytes_left.saturating_sub(source.size);
                let bytes = self.file(&received, number, &source)?;
                if sha256(&bytes) == source.sha256 {
                    let lines: Vec<u32> = lines.into_iter().collect();
                    let found = ingest::rows_text(&bytes, &lines);
                    texts.extend(lines.into_iter().map(|line| (place, line)).zip(found));
                    FileRead::Agrees
                } else {
                    FileRead::Differs
                }
            };
            sources.insert(place, source.clone());
            files.push(SourceFile { submission, source, read });
        }
        for told in records {
            let Some(origin) = told.record.attribution.origin else { continue };
            let place = (told.record.attribution.submission, origin.file);
            told.source = sources.get(&place).cloned();
            told.line_text = texts.remove(&(place, origin.line.get())).unwrap_or_default();
        }
        Ok(files)
    }

    /// The bytes of a stored file. Its parts follow the first record of the submission, after those of the files before it.
    fn file(&self, received: &Received, number: u16, source: &Source) -> Result<Vec<u8>, Error> {
        let stored = received.sources.iter().take(usize::from(number)).filter(|before| before.stored);
        let n_before = stored.map(n_parts).fold(0, u64::saturating_add);
        let mut after = received.first.plus(n_before);
        let mut n_left = n_parts(source);
        let mut bytes = Vec::new();
        while n_left > 0 {
            let limit = usize::try_from(n_left).unwrap_or(PAGE_RECORDS).min(PAGE_RECORDS);
            let page = self.read(after, limit)?;
            let Some(last) = page.last() else { break };
            after = last.position;
            n_left = n_left.saturating_sub(u64::try_from(page.len()).unwrap_or(u64::MAX));
            for record in &page {
                if let Event::ContentStored(part) = &record.event
                    && part.digest == source.sha256
                {
                    bytes.extend_from_slice(&part.bytes);
                }
            }
        }
        Ok(bytes)
    }
}

/// How many records a stored file takes; an empty one takes one.
fn n_parts(source: &Source) -> u64 {
    source.size.div_ceil(u64::try_from(PART_BYTES_MAX).unwrap_or(u64::MAX)).max(1)
}
