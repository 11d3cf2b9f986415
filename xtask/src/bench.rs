//! `cargo xtask bench NAME [ARGUMENTS] [--json FILE]`: the one way that speed is shown.
//!
//! A benchmark builds what it needs, then measures ours and the peer in turn, for several
//! rounds in one run, so that whatever else the machine does falls on both. The table says the
//! median of the rounds and their spread; the file says the same to programs. An unmet goal is
//! said, and fails nothing: only what cannot be measured is an error.
//!
//! A new benchmark is a module with `pub(crate) fn rows() -> Result<Vec<Row>>`, or one that takes what was said after the
//! name, and a line in [`BENCHES`].

mod asof;
mod cli;
mod feed;
mod journal;
mod measure;
mod row;
mod scorecard;

use crate::workspace;
use anyhow::{Context, Result, bail};
use row::Row;
use std::fs;
use std::path::Path;

/// One named benchmark.
struct Bench {
    name: &'static str,
    summary: &'static str,
    rows: Rows,
}

/// What makes a benchmark's rows.
enum Rows {
    /// By itself.
    Alone(fn() -> Result<Vec<Row>>),
    /// From what is said after its name.
    Given(fn(&[String]) -> Result<Vec<Row>>),
}

const BENCHES: &[Bench] = &[
    Bench {
        name: "asof",
        summary: "a county as of any time, beside the peers in PEERS",
        rows: Rows::Given(asof::rows),
    },
    Bench { name: "cli", summary: "the time that one invocation of the binary costs", rows: Rows::Alone(cli::rows) },
    Bench { name: "feed", summary: "following the real server through gRPC", rows: Rows::Alone(feed::rows) },
    Bench {
        name: "journal",
        summary: "the log beside a segment file, PostgreSQL and SQLite",
        rows: Rows::Alone(journal::rows),
    },
    Bench {
        name: "scorecard",
        summary: "one scorecard as of any time, in process",
        rows: Rows::Alone(scorecard::rows),
    },
];

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (words, json) = match arguments {
        [words @ .., flag, file] if flag == "--json" => (words, Some(Path::new(file))),
        words => (words, None),
    };
    let [name, rest @ ..] = words else {
        bail!("say `cargo xtask bench NAME [ARGUMENTS] [--json FILE]`; {}", list());
    };
    let Some(bench) = BENCHES.iter().find(|bench| bench.name == name) else {
        bail!("there is no benchmark `{name}`; {}", list());
    };
    println!("{}: {}", bench.name, bench.summary);
    let rows = match (&bench.rows, rest) {
        (Rows::Alone(rows), []) => rows(),
        (Rows::Alone(_), [word, ..]) => bail!("the benchmark {name} takes no arguments, but was given `{word}`"),
        (Rows::Given(rows), rest) => rows(rest),
    };
    let rows = rows.with_context(|| format!("benchmark {name}"))?;
    println!("{}", row::table(&rows));
    if let Some(file) = json {
        write_json(&rows, file)?;
    }
    Ok(())
}

fn list() -> String {
    let names: Vec<_> = BENCHES.iter().map(|bench| format!("{} ({})", bench.name, bench.summary)).collect();
    format!("there are: {}", names.join(", "))
}

fn write_json(rows: &[Row], file: &Path) -> Result<()> {
    // A relative name is meant from where the command was typed, which cargo does not change.
    fs::write(file, row::json(rows)?).with_context(|| format!("cannot write {}", file.display()))?;
    println!("{} rows in {}", rows.len(), file.display());
    Ok(())
}

/// The folder of the binaries that [`build`] makes.
fn release_folder() -> std::path::PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace::root().join("target"), std::path::PathBuf::from);
    target.join("release")
}

/// Builds one package as users run it.
fn build(package: &str) -> Result<()> {
    let mut command = crate::process::cargo(&workspace::root());
    command.args(["build", "--release", "--locked", "--package", package]);
    crate::process::run(&mut command)
}

/// Builds an example of one package as [`build`] does.
fn build_example(package: &str, example: &str) -> Result<()> {
    let mut command = crate::process::cargo(&workspace::root());
    command.args(["build", "--release", "--locked", "--package", package, "--example", example]);
    crate::process::run(&mut command)
}

#[cfg(test)]
mod tests;
