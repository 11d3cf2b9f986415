//! The disk that forgets, as a library to preload; and the program that it is preloaded into.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::preload::Library;

/// A process that takes longer has hung.
const SECONDS_MAX: &str = "120";

/// The compiled disk. It is removed when this is dropped.
#[derive(Debug)]
pub struct Disk {
    library: Library,
    driver: PathBuf,
}

impl Disk {
    /// Compiles `tests/shim/power_cut.c` with the machine's C compiler.
    ///
    /// # Errors
    /// There is no C compiler (the error says how to install one), it refuses, or `driver` is not built.
    pub fn build(driver: PathBuf) -> Result<Self> {
        if !driver.is_file() {
            bail!("{} is not there; run: cargo build -p end-to-end --example power", driver.display());
        }
        Ok(Self { library: Library::build("power_cut")?, driver })
    }

    /// The driver on a disk whose power is never cut.
    pub(super) fn steady(&self) -> Command {
        let mut command = Command::new(&self.driver);
        command.env_clear().env("LD_PRELOAD", &self.library.path).env("POWER_SECONDS", SECONDS_MAX);
        command
    }
}

/// The driver that cargo built beside this program: `examples/power` in the folder of the profile.
///
/// `cargo test` and `cargo nextest run` build it, but `cargo test NAME` does not build it anew: say `cargo build -p
/// end-to-end --example power` first.
///
/// # Errors
/// This program was not started from a cargo target folder.
pub fn driver() -> Result<PathBuf> {
    let own = std::env::current_exe().context("a program knows its own path")?;
    let profile = own.parent().and_then(Path::parent).context("it is in a folder of its profile's folder")?;
    Ok(profile.join("examples").join("power"))
}
