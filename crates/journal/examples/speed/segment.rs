//! The floor: records one after the other in plain files, and nothing else.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use domain::{Digest, Position, Recorded};
use journal::record;

use crate::events;

const SEGMENT_BYTES: usize = 64 * 1024 * 1024;

/// A log of 64 MiB files. Each record is behind its length.
pub(crate) struct Segments {
    folder: PathBuf,
    file: File,
    n_bytes: usize,
    n_files: usize,
    buffer: Vec<u8>,
}

impl Segments {
    pub(crate) fn create(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).expect("a folder");
        let mut segments =
            Self { folder: folder.to_owned(), file: segment(folder, 0), n_bytes: 0, n_files: 1, buffer: Vec::new() };
        segments.file.sync_all().expect("a sync");
        segments.buffer.reserve(1024 * 1024);
        segments
    }

    /// Appends records that are encoded already, with one sync.
    pub(crate) fn append(&mut self, records: &[Vec<u8>]) {
        self.buffer.clear();
        for record in records {
            let length = u32::try_from(record.len()).expect("a short record");
            self.buffer.extend_from_slice(&length.to_le_bytes());
            self.buffer.extend_from_slice(record);
        }
        if self.n_bytes + self.buffer.len() > SEGMENT_BYTES {
            self.file = segment(&self.folder, self.n_files);
            self.n_files += 1;
            self.n_bytes = 0;
        }
        self.file.write_all(&self.buffer).expect("a write");
        self.file.sync_data().expect("a sync");
        self.n_bytes += self.buffer.len();
    }

    /// Encodes records, then appends them.
    pub(crate) fn encode_and_append(&mut self, commit: &[Recorded]) {
        self.append(&events::encoded(commit));
    }
}

fn segment(folder: &Path, number: usize) -> File {
    let path = folder.join(format!("{number:08}.segment"));
    File::options().create(true).append(true).open(path).expect("a segment")
}

/// What is done with each record that is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Its checksum is proved and its payload decoded, and it is chained.
    Chained,
    /// Its checksum is proved and its payload decoded.
    Decoded,
    /// Its checksum is proved and its header read.
    Header,
}

/// Reads all segments in order; how many records there are.
pub(crate) fn read(folder: &Path, reading: Reading) -> u64 {
    let mut position = Position::START;
    let mut chain = Digest([0; 32]);
    let mut bytes = Vec::with_capacity(SEGMENT_BYTES);
    for number in 0.. {
        let Ok(mut file) = File::open(folder.join(format!("{number:08}.segment"))) else { break };
        bytes.clear();
        file.read_to_end(&mut bytes).expect("a segment");
        let mut left = bytes.as_slice();
        while let Some((length, rest)) = left.split_first_chunk::<4>() {
            let length = usize::try_from(u32::from_le_bytes(*length)).expect("a short record");
            let (record, rest) = rest.split_at(length);
            position = position.next();
            match reading {
                Reading::Chained => {
                    let decoded = record::decode(position, record).expect("a record");
                    assert_eq!(decoded.position, position);
                    chain = record::chain(chain, position, record).expect("a record");
                }
                Reading::Decoded => {
                    let decoded = record::decode(position, record).expect("a record");
                    assert_eq!(decoded.position, position);
                }
                Reading::Header => {
                    let header = record::header(position, record).expect("a record");
                    assert_eq!(header.position, position);
                }
            }
            left = rest;
        }
    }
    assert!(chain != Digest([0; 32]) || reading != Reading::Chained, "there are records");
    position.get()
}
