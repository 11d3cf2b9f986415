//! `cargo xtask chaos [--seed N] [--rounds M] [--seconds S]`: a real cluster through hours of trouble, if one likes.
//!
//! The run itself is the end-to-end test `cluster::chaos`; a short one is a test. This is the long form, in a release build:
//! as many rounds as are asked for, each from the next seed and with so many seconds of trouble, and a report of each.

use crate::{process, tools, workspace};
use anyhow::{Context, Result, bail};

const TEST: &str = "cluster::chaos::nothing_is_lost_doubled_or_out_of_order";
/// From a minute on disks are filled too, and a node is cut off for minutes once in a while.
const SECONDS: &str = "120";
const ROUNDS: &str = "1";
const SEED: &str = "1";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    seed: String,
    rounds: String,
    seconds: String,
}

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let Asked { seed, rounds, seconds } = read(arguments)?;
    let root = workspace::root();
    tools::fetch_for_tests(&root)?;
    let mut build = process::cargo(&root);
    process::run(build.args(["build", "--release", "--locked", "--package", "scorebook"]))?;
    let mut test = process::cargo(&root);
    test.args(["test", "--quiet", "--release", "--locked", "--package", "end-to-end", "--lib", "--"]);
    test.args([TEST, "--exact", "--nocapture"]);
    test.env("SCOREBOOK_CHAOS_SEED", seed).env("SCOREBOOK_CHAOS_ROUNDS", rounds);
    process::run(test.env("SCOREBOOK_CHAOS_SECONDS", seconds))
}

fn read(arguments: &[String]) -> Result<Asked> {
    let mut asked = Asked { seed: SEED.to_owned(), rounds: ROUNDS.to_owned(), seconds: SECONDS.to_owned() };
    let mut rest = arguments.iter();
    while let Some(flag) = rest.next() {
        let value = || number(flag, rest.clone().next());
        match flag.as_str() {
            "--seed" => asked.seed = value()?,
            "--rounds" => asked.rounds = value()?,
            "--seconds" => asked.seconds = value()?,
            other => {
                bail!("`cargo xtask chaos` takes --seed N, --rounds M and --seconds S, but was given `{other}`")
            }
        }
        rest.next();
    }
    Ok(asked)
}

fn number(flag: &str, text: Option<&String>) -> Result<String> {
    let text = text.with_context(|| format!("`{flag}` needs a value"))?;
    let number: u64 = text.parse().with_context(|| format!("`{flag}` takes a whole number, and not `{text}`"))?;
    Ok(number.to_string())
}

#[cfg(test)]
mod tests;
