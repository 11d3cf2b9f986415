//! From a backup to a journal, proved before anybody can open it.

use std::path::Path;

use domain::{Digest, Position};
use engine::log::Head;

use super::folder::Folder;
use super::manifest::{Entry, Manifest};
use super::segment;
use crate::Options;
use crate::building::{Builder, Printed};
use crate::copying::{CopyError, Identity, Progress, Watch};
use crate::import::Taken;
use crate::record::Frame;

/// Makes a journal that is not there yet from a backup: every digest, checksum and record, and the chain through all of
/// them, is proved on the way, and what was written is opened and verified before it takes its place.
///
/// `expect` is a `position:chain` that was printed earlier; without it an older or another backup is not told apart.
///
/// # Errors
/// [`CopyError::Backup`] names the file that is not what was written; [`CopyError::Exists`] when there is a journal;
/// [`CopyError::Unexpected`]; [`CopyError::Newer`]; [`CopyError::Io`].
pub fn restore(options: &Options, dir: &Path, expect: Option<Printed>, watch: Watch<'_>) -> Result<Taken, CopyError> {
    let folder = Folder::to_read(dir);
    let damaged = |reason: String| CopyError::Backup { path: folder.manifest_path(), reason };
    let manifest = folder.read_manifest()?;
    let manifest = manifest.ok_or_else(|| damaged("there is none: this folder is no backup".to_owned()))?;
    let mut builder = Builder::begin(options, expect)?;
    for entry in &manifest.segments {
        let bytes = folder.read(entry)?;
        let wrong = |reason: String| CopyError::Backup { path: folder.path(&entry.name), reason };
        let records = segment::records(&bytes, entry, manifest.log, builder.head().chain).map_err(wrong)?;
        put(&mut builder, records, &mut |n_done| watch(Progress { n_done, n_total: manifest.position.get() }))
            .map_err(|error| error.found(at(&wrong)))?;
        if ended(&builder.head()) != (entry.last, entry.chain) {
            return Err(wrong(format!("its records end at {}, and not at {}", builder.head().position, entry.last)));
        }
        identify(&manifest, entry, records).map_err(wrong)?;
    }
    // The last segment's end is the manifest's, which was checked when that was read.
    let verified = builder.finish().map_err(|error| error.found(at(&damaged)))?;
    Ok(Taken { log: manifest.log, verified })
}

fn ended(head: &Head) -> (Position, Digest) {
    (head.position, head.chain)
}

/// Puts a segment's records in.
fn put(builder: &mut Builder, mut left: &[u8], watch: &mut dyn FnMut(u64)) -> Result<(), CopyError> {
    while !left.is_empty() {
        let position = builder.head().position.next();
        let (frame, rest) = Frame::split(left).map_err(|fault| fault.at(position))?;
        builder.push(frame.bytes)?;
        left = rest;
        if position.get().is_multiple_of(2_048) || left.is_empty() {
            watch(position.get());
        }
    }
    Ok(())
}

/// Checks that the first record opens the log that the manifest names.
fn identify(manifest: &Manifest, entry: &Entry, records: &[u8]) -> Result<(), String> {
    let first = Position::START.next();
    if entry.first != first {
        return Ok(());
    }
    let (frame, _) = Frame::split(records).map_err(|fault| fault.at(first).to_string())?;
    let found = Identity::of_record(first, frame.bytes).map_err(|error| error.to_string())?;
    if found.log != manifest.log || found.authority != manifest.authority {
        return Err(format!("it opens log {} of authority {}, and not the manifest's", found.log, found.authority));
    }
    Ok(())
}

/// Says where in a file a damaged record is.
fn at(wrong: &dyn Fn(String) -> CopyError) -> impl FnOnce(Position, String) -> CopyError {
    |position, reason| wrong(format!("position {position}: {reason}"))
}
