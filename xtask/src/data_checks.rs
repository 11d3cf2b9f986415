//! `cargo xtask data FOLDER`: what the code must make of data that is not in the repository.
//!
//! A check is a row of [`CHECKS`]: what it is called, the file or folder it needs below
//! FOLDER, and the function that is given that path. A check whose data is missing is skipped,
//! and said to be.

mod releases;
mod seed_facts;

use crate::stopwatch::Stopwatch;
use anyhow::{Context, Result, bail};
use std::path::Path;

/// The name of a check, what it needs below the folder, and the check itself.
type Check = (&'static str, &'static str, fn(&Path) -> Result<()>);

const CHECKS: &[Check] = &[
    ("seed facts", "domain/seed-facts.csv", seed_facts::check),
    ("releases", "data/lait", |lait| releases::check(lait.parent().unwrap_or(lait))),
];

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let [folder] = arguments else {
        bail!("`cargo xtask data` takes one folder: `cargo xtask data ../shared`");
    };
    check_all(CHECKS, Path::new(folder))
}

/// `cargo xtask check-releases FOLDER`: the releases alone, from the folder that holds them.
pub(crate) fn run_releases(arguments: &[String]) -> Result<()> {
    let [folder] = arguments else {
        bail!("`cargo xtask check-releases` takes one folder: `cargo xtask check-releases ../shared/data`");
    };
    releases::check(Path::new(folder))
}

/// Runs every check whose data is below `folder`, and fails after the last if any failed.
pub(crate) fn check_folder(folder: &Path) -> Result<()> {
    check_all(CHECKS, folder)
}

fn check_all(checks: &[Check], folder: &Path) -> Result<()> {
    if !folder.is_dir() {
        bail!("{} is not a folder", folder.display());
    }
    let mut failed = Vec::new();
    for (name, needs, check) in checks {
        let path = folder.join(needs);
        if !path.exists() {
            println!("  {name}: skipped, {} is not there", path.display());
            continue;
        }
        let watch = Stopwatch::start();
        match check(&path).with_context(|| format!("data check {name}")) {
            Ok(()) => println!("  {name}: ok, {:.1} s", watch.elapsed().as_secs_f64()),
            Err(error) => {
                println!("  {name}: failed: {error:#}");
                failed.push(*name);
            }
        }
    }
    println!("  {} data checks in {}", checks.len(), folder.display());
    if !failed.is_empty() {
        bail!("data checks failed: {}", failed.join(", "));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
