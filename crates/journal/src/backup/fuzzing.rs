//! Any bytes as the files of a backup.

use sha2::{Digest as _, Sha256};

use super::manifest::{Entry, Manifest};
use super::segment;
use crate::bytes::Bytes;
use crate::record::Frame;
use domain::{Digest, LogId, Position};

pub(crate) fn read(bytes: &[u8]) {
    let mut bytes = Bytes(bytes);
    let Ok(length) = bytes.u16() else { return };
    let Some((manifest, segment)) = bytes.0.split_at_checked(length.into()) else { return };
    if let Ok(manifest) = Manifest::read(manifest) {
        let again = Manifest::read(manifest.write().as_bytes()).ok();
        assert_eq!(again, Some(manifest), "what was read can be written and read again");
    }
    let mut header = Bytes(segment);
    let said = (|| {
        let _magic_and_version: [u8; 8] = header.take().ok()?;
        let log = LogId(header.take().ok()?);
        Some((log, Position::new(header.u64().ok()?), Digest(header.take().ok()?)))
    })();
    let Some((log, first, chain)) = said else { return };
    let sha256 = Digest(Sha256::digest(segment).into());
    let entry = Entry { name: String::new(), first, last: first, chain, bytes: 0, sha256 };
    let Ok(mut left) = segment::records(segment, &entry, log, chain) else { return };
    while let Ok((frame, rest)) = Frame::split(left) {
        let _record_or_refusal = crate::record::decode(frame.header.position, frame.bytes);
        left = rest;
    }
}
