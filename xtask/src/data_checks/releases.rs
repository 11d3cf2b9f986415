//! Real releases of official statistics, taken in whole by the product and asked again as known at each of them.

use crate::{process, workspace};
use anyhow::{Context, Result};
use std::path::Path;

/// Runs the example that takes them in and compares; it prints its report, and fails on any difference.
pub(super) fn check(folder: &Path) -> Result<()> {
    // The example runs in the root of the workspace, wherever this was typed.
    let folder = folder.canonicalize().with_context(|| format!("cannot find {}", folder.display()))?;
    let mut command = process::cargo(&workspace::root());
    command.args(["run", "--release", "--locked", "--quiet", "--package", "end-to-end", "--example", "releases", "--"]);
    process::run(command.arg(folder))
}
