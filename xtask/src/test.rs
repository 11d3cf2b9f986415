//! `cargo xtask test [ARGS]`: every test of the workspace, with what they need.
//!
//! The arguments go to the test runner: `cargo nextest` where it is installed, else
//! `cargo test`. Nothing is printed after the runner's last line.

use crate::{process, tools, workspace};
use anyhow::{Context, Result};
use std::path::Path;

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    run_with(arguments, &[])
}

/// The same as continuous integration wants it: the runner's `ci` profile, nothing incremental.
pub(crate) fn run_for_ci() -> Result<()> {
    run_with(&[], &[("CARGO_INCREMENTAL", "0")])
}

fn run_with(arguments: &[String], environment: &[(&str, &str)]) -> Result<()> {
    let root = workspace::root();
    tools::fetch_for_tests(&root)?;
    let mut build = process::cargo(&root);
    build
        .args(["build", "--locked", "--package", "scorebook"])
        .envs(environment.iter().copied());
    process::run(&mut build).context("the tests drive the real binary, and it does not build")?;
    let mut command = runner(&root, !environment.is_empty());
    command
        .args(arguments)
        .envs(environment.iter().copied());
    process::run(&mut command)
}

fn runner(root: &Path, ci: bool) -> std::process::Command {
    let mut command = process::cargo(root);
    if process::capture(process::cargo(root).args(["nextest", "--version"])).is_ok() {
        command.args(["nextest", "run", "--workspace", "--locked"]);
        if ci {
            command.args(["--profile", "ci"]);
        }
    } else {
        println!(
            "cargo-nextest is not installed, so `cargo test` runs the tests: slow ones are not \
             ended (`cargo install cargo-nextest --locked` installs it)"
        );
        command.args(["test", "--workspace", "--locked"]);
        if ci {
            command.arg("--no-fail-fast");
        }
    }
    command
}
