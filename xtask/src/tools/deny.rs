//! cargo-deny: licences, banned crates and sources of `Cargo.lock`, and known advisories.

use super::{folder, is_stamped, set_stamp};
use crate::ci::Verdict;
use crate::process::{self, Ending};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const VERSION: &str = "0.20.2";
/// An installed cargo-deny is used if it reads the same form of `deny.toml`.
const SERIES: &str = "cargo-deny 0.20.";
/// How long fetching the advisories may take before it counts as unreachable.
const FETCH_LIMIT: Duration = Duration::from_mins(1);

/// Checks licences, bans and sources by `deny.toml`.
pub(crate) fn check(root: &Path) -> Result<()> {
    let program = fetch(root)?;
    let mut command = Command::new(program);
    command
        .current_dir(root)
        .args(["--locked", "check", "--hide-inclusion-graph"])
        .args(["licenses", "bans", "sources"]);
    process::run(&mut command)
}

/// Checks for advisories, if their database can be fetched.
pub(crate) fn check_advisories(root: &Path) -> Result<Verdict> {
    let program = fetch(root)?;
    let mut download = Command::new(&program);
    download.current_dir(root).env("GIT_TERMINAL_PROMPT", "0").args(["--locked", "fetch", "db"]);
    match process::run_within(&mut download, FETCH_LIMIT)? {
        Ending::Succeeded => {}
        Ending::Failed(said) => {
            let cause = said.lines().rfind(|line| !line.trim().is_empty());
            return Ok(Verdict::NotChecked(format!(
                "their database cannot be fetched ({})",
                cause.unwrap_or("no cause was given")
            )));
        }
        Ending::TimedOut => {
            return Ok(Verdict::NotChecked(format!("their database was not there within {} s", FETCH_LIMIT.as_secs())));
        }
    }
    let mut command = Command::new(&program);
    command.current_dir(root).args(["--locked", "check", "--disable-fetch", "advisories"]);
    process::run(&mut command)?;
    Ok(Verdict::Passed)
}

/// The program to run: the installed one, or one built into `target/tools/`, once.
pub(super) fn fetch(root: &Path) -> Result<PathBuf> {
    let installed = PathBuf::from("cargo-deny");
    let version = process::capture(Command::new(&installed).arg("--version"));
    if version.is_ok_and(|version| version.starts_with(SERIES)) {
        return Ok(installed);
    }
    let tools = folder(root);
    let program = tools.join("bin/cargo-deny");
    let stamp = tools.join("cargo-deny.pin");
    if is_stamped(&stamp, VERSION) && program.exists() {
        return Ok(program);
    }
    println!("building cargo-deny {VERSION} into {}: about 90 s on two cores", tools.display());
    let mut install = process::cargo(root);
    // Its own profile links for minutes; the checks take half a second either way.
    install
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .args(["install", "cargo-deny", "--quiet", "--force", "--locked"])
        .args(["--version", VERSION])
        .arg("--root")
        .arg(&tools);
    process::run(&mut install).with_context(|| {
        format!(
            "cargo-deny is missing and could not be built: install it with: cargo install \
             cargo-deny --version {VERSION} --locked"
        )
    })?;
    if !program.exists() {
        bail!("cargo install made no {}", program.display());
    }
    set_stamp(&stamp, VERSION)?;
    Ok(program)
}
