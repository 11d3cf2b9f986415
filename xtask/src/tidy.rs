//! `cargo xtask tidy`: the rules of `docs/STYLE.md` that a program can check.
//!
//! Each check is a function of texts, so that its tests give it what must fail. Every finding
//! names the file, the line and what to do.

mod layers;
mod links;
mod names;
mod rust_text;
mod sizes;
mod words;

use crate::workspace::{self, Source};
use anyhow::{Result, bail};
use std::fmt;

/// One place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// Relative to the root.
    path: String,
    /// From 1; 1 too where the whole file is meant.
    line: usize,
    what: String,
    remedy: &'static str,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>, remedy: &'static str) -> Self {
        Self { path: path.to_owned(), line, what: what.into(), remedy }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, what, remedy } = self;
        write!(f, "{path}:{line}: {what}; {remedy}")
    }
}

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    crate::expect_no_arguments("tidy", arguments)?;
    let root = workspace::root();
    let paths = workspace::paths(&root)?;
    let rust = workspace::sources(&root, &paths, &["rs"])?;
    let other = workspace::sources(&root, &paths, &["proto", "py", "sh", "toml"])?;
    let markdown = workspace::sources(&root, &paths, &["md"])?;

    let mut findings = names::check(&paths);
    findings.extend(sizes::check(&rust));
    findings.extend(sizes::check_architecture(&markdown));
    for source in rust.iter().chain(&other).filter(|s| !is_generated(&s.path)) {
        findings.extend(words::check(source));
    }
    for source in &rust {
        findings.extend(words::check_floats(source));
    }
    for source in &markdown {
        findings.extend(links::check(source, &|path| root.join(path).exists()));
    }
    findings.extend(layers::check(&layers::packages(&root)?));
    report(findings, rust.len())
}

fn report(mut findings: Vec<Finding>, n_files: usize) -> Result<()> {
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => {
            println!("tidy: {n_files} Rust files, nothing to do");
            Ok(())
        }
        n => bail!("tidy: {n} findings; docs/STYLE.md explains the rules"),
    }
}

/// Whether the file is written by `cargo xtask codegen`.
fn is_generated(path: &str) -> bool {
    path.split('/').any(|part| part == "gen")
}

/// Whether the file is Rust that only tests run.
fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.split('/').rev().skip(1).any(|part| part == "tests")
}

/// The text's lines with their numbers, from 1.
fn lines(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(source.text.lines())
}

#[cfg(test)]
mod tests;
