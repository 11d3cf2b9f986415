//! C files of `tests/shim`, compiled when they are needed, to be preloaded into a program.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

/// A compiled one. It is removed when this is dropped.
#[derive(Debug)]
pub(crate) struct Library {
    pub(crate) path: PathBuf,
    _folder: TempDir,
}

impl Library {
    /// Compiles `tests/shim/NAME.c` with the machine's C compiler.
    ///
    /// # Errors
    /// There is no C compiler (the error says how to install one), or it refuses.
    pub(crate) fn build(name: &str) -> Result<Self> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("shim").join(name).with_extension("c");
        let folder = tempfile::Builder::new().prefix("scorebook-shim-").tempdir().context("a temporary folder")?;
        let path = folder.path().join(name).with_extension("so");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-U_FORTIFY_SOURCE", "-o"]);
        let output = compiler.arg(&path).arg(&source).arg("-lpthread").output();
        let output = output.context("there is no C compiler `cc`; install one: apt-get install -y gcc libc6-dev")?;
        if !output.status.success() {
            bail!("cc refuses {}: {}", source.display(), String::from_utf8_lossy(&output.stderr));
        }
        Ok(Self { path, _folder: folder })
    }
}
