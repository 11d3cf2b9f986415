//! `cargo xtask ci`: everything that must pass before a change lands.
//!
//! Every step runs, even after one has failed, so that one run tells all; the tests come last,
//! and when all is well the test runner's lines are the last that are printed.

use crate::stopwatch::Stopwatch;
use crate::tools::deny;
use crate::{codegen, data_checks, process, test, tidy, workspace};
use anyhow::{Result, bail};
use std::path::Path;

/// What a step that found nothing wrong came to.
pub(crate) enum Verdict {
    Passed,
    /// What it needs is not on this machine: this is why nothing was checked.
    NotChecked(String),
}

type Step = (&'static str, fn(&Path) -> Result<Verdict>);

const STEPS: &[Step] = &[
    ("format", format),
    ("clippy", clippy),
    ("tidy", |_| tidy::run(&[]).map(passed)),
    ("codegen", |_| codegen::run(&["--check".to_owned()]).map(passed)),
    ("deny", |root| deny::check(root).map(passed)),
    ("advisories", deny::check_advisories),
    ("data", data),
];

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    crate::expect_no_arguments("ci", arguments)?;
    let root = workspace::root();
    let mut failed = run_all(STEPS, &root);
    println!("== tests");
    if let Err(error) = test::run_for_ci() {
        println!("tests failed: {error:#}");
        failed.push("tests");
    }
    if failed.is_empty() {
        return Ok(());
    }
    bail!("these steps failed: {}", failed.join(", "));
}

/// Runs the steps in order and returns the names of those that failed.
fn run_all(steps: &[Step], root: &Path) -> Vec<&'static str> {
    let mut failed = Vec::new();
    for (name, step) in steps {
        println!("== {name}");
        let watch = Stopwatch::start();
        let outcome = step(root);
        let seconds = watch.elapsed().as_secs_f64();
        match outcome {
            Ok(Verdict::Passed) => println!("{name}: ok, {seconds:.1} s"),
            Ok(Verdict::NotChecked(why)) => println!("{name}: NOT CHECKED: {why}"),
            Err(error) => {
                println!("{name}: failed after {seconds:.1} s: {error:#}");
                failed.push(*name);
            }
        }
    }
    failed
}

fn passed((): ()) -> Verdict {
    Verdict::Passed
}

fn format(root: &Path) -> Result<Verdict> {
    process::run(process::cargo(root).args(["fmt", "--all", "--check"])).map(passed)
}

fn clippy(root: &Path) -> Result<Verdict> {
    let mut command = process::cargo(root);
    command
        .env("CARGO_INCREMENTAL", "0")
        .args(["clippy", "--workspace", "--all-targets", "--locked"])
        .args(["--", "-D", "warnings"]);
    process::run(&mut command).map(passed)
}

/// The data sets lie beside the repository on some machines only.
fn data(root: &Path) -> Result<Verdict> {
    let folder = root.join("../shared");
    if !folder.is_dir() {
        return Ok(Verdict::NotChecked("there are no data sets beside the repository".to_owned()));
    }
    data_checks::check_folder(&folder).map(passed)
}

#[cfg(test)]
mod tests;
