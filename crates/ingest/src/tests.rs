//! What files say, and what becomes of it.

#![expect(
    clippy::wildcard_enum_match_arm,
    clippy::arithmetic_side_effects,
    reason = "a test names the one variant that it expects, and its small sums do not overflow"
)]

mod cards;
mod definitions;
mod examples;
mod figures;
mod fuzzing;
mod labels;
mod layouts;
mod numbers;
mod properties;
mod same;
mod shape;
mod targets;
mod tidy;
mod workbooks;

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use domain::{Command, Timestamp};

use crate::{Defaults, Parsed, Refusal, parse};

/// Memory is counted for the whole process: whoever takes much of it takes this for reading, who counts it for writing.
static MEMORY: RwLock<()> = RwLock::new(());

/// Held first by every test that takes much memory.
fn beside_others() -> RwLockReadGuard<'static, ()> {
    MEMORY.read().unwrap_or_else(PoisonError::into_inner)
}

/// Parses a file with nothing said for the whole submission.
fn read(name: &str, text: &str) -> Parsed {
    parse(name, 0, text.as_bytes(), &Defaults::default())
}

/// The commands of a file without refusals.
#[track_caller]
fn commands(text: &str) -> Vec<Command> {
    let parsed = read("file.csv", text);
    assert_eq!(parsed.refusals, Vec::<Refusal>::new());
    parsed.instructions.into_iter().map(|instruction| instruction.command).collect()
}

/// The only command of a file without refusals.
#[track_caller]
fn command(text: &str) -> Command {
    let mut commands = commands(text);
    assert_eq!(commands.len(), 1, "{commands:?}");
    commands.remove(0)
}

/// The refusals of a file as they are shown.
fn refused(text: &str) -> Vec<String> {
    read("file.csv", text).refusals.iter().map(ToString::to_string).collect()
}

/// The only refusal of a file.
#[track_caller]
fn refusal(text: &str) -> String {
    let mut shown = refused(text);
    assert_eq!(shown.len(), 1, "{shown:?}");
    shown.remove(0)
}

/// A file of one row, from columns and their fields, each in quotation marks.
fn row(fields: &[(&str, &str)]) -> String {
    let line = |part: Vec<String>| format!("{}\n", part.join(","));
    let quoted = |field: &str| format!("\"{}\"", field.replace('"', "\"\""));
    line(fields.iter().map(|(column, _)| (*column).to_owned()).collect())
        + &line(fields.iter().map(|(_, field)| quoted(field)).collect())
}

/// The fields with one of them changed, or added.
fn with<'a>(fields: &[(&'a str, &'a str)], column: &'a str, field: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut changed: Vec<_> = fields.iter().copied().filter(|(name, _)| *name != column).collect();
    changed.push((column, field));
    changed
}

/// Each change of one field is refused, with this text in the refusal after the column's name.
#[track_caller]
fn check_refused(fields: &[(&str, &str)], cases: &[(&str, &str, &str)]) {
    for (column, field, expected) in cases {
        let shown = refusal(&row(&with(fields, column, field)));
        assert!(shown.starts_with("line 2"), "{shown}");
        assert!(shown.contains(expected), "{column} {field:?}: {shown}");
    }
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}
