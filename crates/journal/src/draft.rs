//! A file that is there whole or not at all: written under another name, made durable, then renamed.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::copying::{CopyError, failed};
use crate::store;

/// What is put after the name of a file that is not finished.
pub(crate) const UNFINISHED: &str = ".part";

/// A file that is being written. It is removed when it is dropped before it is [finished](Draft::finish).
#[derive(Debug)]
pub(crate) struct Draft {
    file: Option<BufWriter<File>>,
    unfinished: PathBuf,
    path: PathBuf,
}

impl Draft {
    /// Begins a file, readable by its owner alone. What another process left unfinished under its name is written over.
    pub(crate) fn begin(path: &Path) -> Result<Self, CopyError> {
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(UNFINISHED);
        let unfinished = PathBuf::from(unfinished);
        let mut options = File::options();
        options.create(true).truncate(true).write(true);
        // It holds salts, and names of people.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&unfinished).map_err(failed("creating", &unfinished))?;
        Ok(Self { file: Some(BufWriter::with_capacity(1 << 18, file)), unfinished, path: path.to_owned() })
    }

    /// Makes the file durable and gives it its name; what had the name before is gone.
    pub(crate) fn finish(mut self) -> Result<(), CopyError> {
        let written = self.file.take().map_or(Ok(()), |mut file| file.flush().and_then(|()| file.get_ref().sync_all()));
        if let Err(error) = written {
            self.remove();
            return Err(failed("writing", &self.path)(error));
        }
        fs::rename(&self.unfinished, &self.path).map_err(failed("naming", &self.path))?;
        sync_parent(&self.path)
    }

    /// Whose place it takes once it is finished.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn remove(&self) {
        if let Err(error) = fs::remove_file(&self.unfinished) {
            tracing::debug!(path = %self.unfinished.display(), %error, "an unfinished file could not be removed");
        }
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.file {
            Some(file) => file.write(bytes),
            None => Err(io::Error::other("the file is finished")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            // What is buffered belongs to a file that nobody will read.
            drop(file.into_parts());
            self.remove();
        }
    }
}

/// Makes a name in a folder durable.
pub(crate) fn sync_parent(path: &Path) -> Result<(), CopyError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(store::sync_folder(parent)?)
}
