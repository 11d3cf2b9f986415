//! `cargo xtask fuzz [--seconds N] [TARGET]`: gives every reader of bytes from outside whatever covers more of it.
//!
//! The targets are in `fuzz/fuzz_targets`, and what they do in the module `fuzzing` of the crates. This is the long form,
//! with libFuzzer: it begins with what is kept in `fuzz/corpus` and adds to `target/fuzz`. The short form is tests.

use crate::{process, workspace};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// For each target.
const SECONDS: &str = "300";

/// Bounds on every run: an input's length, its seconds, one allocation and the whole process in MiB.
const BOUNDS: [&str; 4] = ["-max_len=16384", "-timeout=10", "-malloc_limit_mb=64", "-rss_limit_mb=1024"];

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    seconds: String,
    target: Option<String>,
}

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let Asked { seconds, target } = read(arguments)?;
    let root = workspace::root();
    let mut targets = targets(&root)?;
    if let Some(only) = target {
        if !targets.contains(&only) {
            bail!("there is no target `{only}`; there are {}", targets.join(", "));
        }
        targets = vec![only];
    }
    must_run(process::cargo(&root).args(["fuzz", "--version"]), "cargo install --locked cargo-fuzz")?;
    must_run(Command::new("c++").arg("--version"), "apt-get install -y g++")?;
    for target in &targets {
        println!("== {target}, {seconds} s");
        let found = root.join("target/fuzz").join(target);
        fs::create_dir_all(&found).with_context(|| format!("cannot make {}", found.display()))?;
        let mut command = process::cargo(&root);
        // Without a sanitizer it needs no nightly toolchain; the code that is fuzzed has no `unsafe`.
        command.args(["fuzz", "run", "--sanitizer", "none", target]).arg(&found).arg(format!("fuzz/corpus/{target}"));
        command.arg("--").args(BOUNDS).arg(format!("-max_total_time={seconds}")).arg("-print_final_stats=1");
        process::run(&mut command)?;
    }
    Ok(())
}

fn read(arguments: &[String]) -> Result<Asked> {
    let mut asked = Asked { seconds: SECONDS.to_owned(), target: None };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--seconds" => {
                let text = rest.next().context("`--seconds` needs a value")?;
                // 0 would be without end for libFuzzer.
                let seconds: Option<u32> = text.parse().ok().filter(|seconds| *seconds > 0);
                let seconds =
                    seconds.with_context(|| format!("`--seconds` takes a number from 1, and not `{text}`"))?;
                asked.seconds = seconds.to_string();
            }
            target if !target.starts_with('-') && asked.target.is_none() => asked.target = Some(target.to_owned()),
            other => bail!("`cargo xtask fuzz` takes --seconds N and one target, but was given `{other}`"),
        }
    }
    Ok(asked)
}

/// The names of the targets, in order.
fn targets(root: &Path) -> Result<Vec<String>> {
    let folder = root.join("fuzz/fuzz_targets");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry.with_context(|| format!("cannot list {}", folder.display()))?.path();
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

/// Fails with what installs a program when it does not run.
fn must_run(command: &mut Command, remedy: &str) -> Result<()> {
    let shown = process::shown(command);
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !status.is_ok_and(|status| status.success()) {
        bail!("`{shown}` does not run; install it: {remedy}");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
