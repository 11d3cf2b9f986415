//! The folder of a backup.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::manifest::{Entry, Manifest, PREFIX, Unread};
use crate::copying::{CopyError, failed};
use crate::draft::{Draft, UNFINISHED};
use crate::folders;

const MANIFEST: &str = "manifest.json";
const LOCK: &str = "LOCK";
/// A manifest of some hundred thousand segments.
const MANIFEST_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// More than any segment has.
const SEGMENT_BYTES_READ_MAX: u64 = 128 * 1024 * 1024;

/// A folder that is a backup, or becomes one.
#[derive(Debug)]
pub(super) struct Folder {
    dir: PathBuf,
    /// Held while it is written.
    _lock: Option<File>,
}

impl Folder {
    /// Opens it to write there, alone; created when it is not there, and refused when it holds something else.
    pub(super) fn open(dir: &Path) -> Result<Self, CopyError> {
        if dir.exists() {
            refuse_other(dir)?;
        }
        folders::make_private(dir)?;
        let path = dir.join(LOCK);
        let lock = File::options().create(true).truncate(false).write(true).open(&path);
        let lock = lock.map_err(failed("opening", &path))?;
        match lock.try_lock() {
            Ok(()) => {
                // A run that was killed may have named its files without making the names durable.
                folders::sync(dir).map_err(failed("syncing", dir))?;
                Ok(Self { dir: dir.to_owned(), _lock: Some(lock) })
            }
            Err(TryLockError::WouldBlock) => Err(CopyError::InUse { path: dir.to_owned() }),
            Err(TryLockError::Error(error)) => Err(failed("locking", &path)(error)),
        }
    }

    /// Opens it to read there; nothing in it is changed.
    pub(super) fn to_read(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), _lock: None }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    pub(super) fn manifest_path(&self) -> PathBuf {
        self.path(MANIFEST)
    }

    /// The manifest; `None` when there is none.
    pub(super) fn read_manifest(&self) -> Result<Option<Manifest>, CopyError> {
        let path = self.manifest_path();
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed("opening", &path)(error)),
        };
        let mut bytes = Vec::new();
        file.take(MANIFEST_BYTES_MAX).read_to_end(&mut bytes).map_err(failed("reading", &path))?;
        match Manifest::read(&bytes) {
            Ok(manifest) => Ok(Some(manifest)),
            Err(Unread::Newer(version)) => Err(CopyError::Newer { what: "the backup", version }),
            Err(Unread::Damaged(reason)) => Err(CopyError::Backup { path, reason }),
        }
    }

    pub(super) fn write_manifest(&self, manifest: &Manifest) -> Result<(), CopyError> {
        let path = self.manifest_path();
        let mut draft = Draft::begin(&path)?;
        draft.write_all(manifest.write().as_bytes()).map_err(failed("writing", &path))?;
        draft.finish()
    }

    /// Looks that every segment is there, and as long as it was; [`super::restore`] reads them.
    pub(super) fn check_lengths(&self, manifest: &Manifest) -> Result<(), CopyError> {
        for entry in &manifest.segments {
            let path = self.path(&entry.name);
            let found = fs::metadata(&path).map_err(failed("reading", &path))?.len();
            if found != entry.bytes {
                let reason = format!("it has {found} bytes, and not {}", entry.bytes);
                return Err(CopyError::Backup { path, reason });
            }
        }
        Ok(())
    }

    /// A whole segment.
    pub(super) fn read(&self, entry: &Entry) -> Result<Vec<u8>, CopyError> {
        let path = self.path(&entry.name);
        let file = File::open(&path).map_err(failed("opening", &path))?;
        let mut bytes = Vec::new();
        file.take(SEGMENT_BYTES_READ_MAX).read_to_end(&mut bytes).map_err(failed("reading", &path))?;
        Ok(bytes)
    }

    /// Removes what a run that was cut short left: unfinished files, and segments that no manifest names.
    pub(super) fn remove_unfinished(&self, manifest: &Manifest) -> Result<(), CopyError> {
        for name in names(&self.dir)? {
            let counts = manifest.segments.iter().any(|entry| entry.name == name);
            if name.ends_with(UNFINISHED) || (name.starts_with(PREFIX) && !counts) {
                let path = self.path(&name);
                fs::remove_file(&path).map_err(failed("removing", &path))?;
            }
        }
        Ok(())
    }
}

fn names(dir: &Path) -> Result<Vec<String>, CopyError> {
    let listed: io::Result<Vec<_>> = fs::read_dir(dir).and_then(Iterator::collect);
    let entries = listed.map_err(failed("listing", dir))?;
    Ok(entries.into_iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
}

/// A folder with anything in it that a backup has not is somebody's own.
fn refuse_other(dir: &Path) -> Result<(), CopyError> {
    let ours = |name: &str| {
        let name = name.strip_suffix(UNFINISHED).unwrap_or(name);
        name == MANIFEST || name == LOCK || name.starts_with(PREFIX)
    };
    match names(dir)?.into_iter().find(|name| !ours(name)) {
        None => Ok(()),
        Some(name) => Err(CopyError::Exists { path: dir.join(name) }),
    }
}
