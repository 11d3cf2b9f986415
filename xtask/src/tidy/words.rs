//! Words that must not land: unfinished work, tests that are put off, floats in a fact.

use super::rust_text::code_only;
use super::{Finding, is_generated, is_test, lines};
use crate::workspace::Source;

/// Written in halves, so that this file does not find itself.
const UNFINISHED: &[(&str, &str)] = &[
    (concat!("todo", "!"), "finish it, or leave it out"),
    (concat!("unimplemented", "!"), "finish it, or leave it out"),
    (concat!("FIX", "ME"), "fix it, or file an issue"),
    (concat!("XX", "X"), "fix it, or file an issue"),
    (concat!("#[ig", "nore"), "make the test quick, or put it behind SCOREBOOK_SLOW_TESTS"),
];

/// The crates that hold facts or judge them.
const EXACT: &[&str] = &["crates/domain/", "crates/ratings/", "crates/reporting/"];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in lines(source) {
        for (word, remedy) in UNFINISHED {
            if contains_word(line, word) {
                let what = format!("`{word}` must not land");
                findings.push(Finding::new(&source.path, number, what, remedy));
            }
        }
    }
    findings
}

/// Binary floating point in a crate whose numbers must be exact.
pub(super) fn check_floats(source: &Source) -> Vec<Finding> {
    let exact = EXACT.iter().any(|folder| source.path.starts_with(folder));
    if !exact || is_test(&source.path) || is_generated(&source.path) {
        return Vec::new();
    }
    let code = code_only(&source.text);
    (1..)
        .zip(code.lines())
        .filter(|(_, line)| ["f32", "f64"].iter().any(|float| has_float(line, float)))
        .map(|(number, _)| {
            Finding::new(
                &source.path,
                number,
                "binary floating point where numbers are exact",
                "use the decimal of `domain`, or integers",
            )
        })
        .collect()
}

/// Whether `word` is in `line`, and is not part of a longer identifier.
fn contains_word(line: &str, word: &str) -> bool {
    places(line, word).any(|(before, after)| {
        let begins = word.starts_with('#') || !before.is_some_and(is_word);
        let ends = word.ends_with('!') || word.starts_with('#') || !after.is_some_and(is_word);
        begins && ends
    })
}

/// Whether `float` is in `line` as a type, a literal's suffix, or the end of a name (`as_f64`).
fn has_float(line: &str, float: &str) -> bool {
    places(line, float).any(|(before, after)| !before.is_some_and(char::is_alphabetic) && !after.is_some_and(is_word))
}

/// The characters around each place where `word` is in `line`.
fn places<'a>(line: &'a str, word: &'a str) -> impl Iterator<Item = (Option<char>, Option<char>)> + 'a {
    line.match_indices(word).map(|(at, found)| {
        let (before, rest) = line.split_at(at);
        let after = rest.strip_prefix(found).unwrap_or(rest);
        (before.chars().next_back(), after.chars().next())
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
