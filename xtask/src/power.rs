//! `cargo xtask power [--rounds N] [--seed S] [--only WORDS]`: cuts the power of a journal again and again.
//!
//! The simulation itself is in `tests/src/power.rs`; a few rounds of it are tests. This is the long form: as many rounds
//! as are asked for of every kind, as a table. `--only` keeps the lines that have these words in them.

use crate::{process, workspace};
use anyhow::{Context, Result, bail};

/// Some minutes on two cores.
const ROUNDS: &str = "30";
const SEED: &str = "1";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    rounds: String,
    seed: String,
    only: String,
}

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let Asked { rounds, seed, only } = read(arguments)?;
    let mut command = process::cargo(&workspace::root());
    command.args(["run", "--quiet", "--locked", "--package", "end-to-end", "--example", "power", "--"]);
    process::run(command.args(["table", &rounds, &seed, &only]))
}

fn read(arguments: &[String]) -> Result<Asked> {
    let mut asked = Asked { rounds: ROUNDS.to_owned(), seed: SEED.to_owned(), only: String::new() };
    let mut rest = arguments.iter();
    while let Some(flag) = rest.next() {
        let value = || rest.clone().next().with_context(|| format!("`{flag}` needs a value"));
        match flag.as_str() {
            "--rounds" => asked.rounds = number(flag, value()?)?,
            "--seed" => asked.seed = number(flag, value()?)?,
            "--only" => value()?.clone_into(&mut asked.only),
            other => bail!("`cargo xtask power` takes --rounds N, --seed S and --only WORDS, but was given `{other}`"),
        }
        rest.next();
    }
    Ok(asked)
}

fn number(flag: &str, text: &str) -> Result<String> {
    let number: u64 = text.parse().with_context(|| format!("`{flag}` takes a whole number, and not `{text}`"))?;
    Ok(number.to_string())
}

#[cfg(test)]
mod tests;
