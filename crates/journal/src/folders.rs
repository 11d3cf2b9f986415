//! Folders that no power cut takes away: a folder's name is kept in the one above it, and is durable once that is synced.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::copying::{CopyError, failed};

/// Makes a folder that only its owner can look into, with those above it that are not there, and makes its name durable,
/// also when an earlier process had made it.
///
/// # Errors
/// [`CopyError::Io`].
pub fn make_private(dir: &Path) -> Result<(), CopyError> {
    let n_missing = dir.ancestors().take_while(|folder| !folder.exists()).count();
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(failed("creating", dir))?;
    let made = dir.canonicalize().map_err(failed("finding", dir))?;
    for folder in made.ancestors().skip(1).take(n_missing.max(1)) {
        match sync(folder) {
            // It may be used, but not read: whoever made it had other rights than this program.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
            synced => synced.map_err(failed("syncing", folder))?,
        }
    }
    Ok(())
}

/// Makes the names in a folder durable.
#[cfg(unix)]
pub(crate) fn sync(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Elsewhere a folder cannot be opened as a file, and its entries are durable with the files.
#[cfg(not(unix))]
pub(crate) fn sync(_dir: &Path) -> io::Result<()> {
    Ok(())
}
