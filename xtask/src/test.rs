//! `cargo xtask test [ARGS]`: every test of the workspace, with what they need.
//!
//! The arguments go to the test runner: `cargo nextest` where it is installed, else
//! `cargo test`. Nothing is printed after the runner's last line.

use crate::{process, tools, workspace};
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    run_for(Audience::Person, arguments)
}

/// The same as continuous integration wants it: the runner's `ci` profile, nothing incremental.
pub(crate) fn run_for_ci() -> Result<()> {
    run_for(Audience::Ci, &[])
}

#[derive(Clone, Copy)]
enum Audience {
    Person,
    Ci,
}

fn run_for(audience: Audience, arguments: &[String]) -> Result<()> {
    let root = workspace::root();
    tools::fetch_for_tests(&root)?;
    let mut build = cargo(audience, &root);
    build.args(["build", "--locked", "--package", "scorebook"]);
    process::run(&mut build).context("the tests drive the real binary, and it does not build")?;
    process::run(runner(audience, &root).args(arguments))
}

fn cargo(audience: Audience, root: &Path) -> Command {
    let mut command = process::cargo(root);
    match audience {
        Audience::Person => {}
        Audience::Ci => {
            command.env("CARGO_INCREMENTAL", "0");
        }
    }
    command
}

fn runner(audience: Audience, root: &Path) -> Command {
    let mut command = cargo(audience, root);
    let for_ci: &str = if process::capture(cargo(audience, root).args(["nextest", "--version"])).is_ok() {
        command.args(["nextest", "run", "--workspace", "--locked"]);
        "--profile=ci"
    } else {
        println!(
            "cargo-nextest is not installed, so `cargo test` runs the tests: slow ones are not \
             ended (`cargo install cargo-nextest --locked` installs it)"
        );
        command.args(["test", "--workspace", "--locked"]);
        "--no-fail-fast"
    };
    match audience {
        Audience::Person => {}
        Audience::Ci => {
            command.arg(for_ci);
        }
    }
    command
}
