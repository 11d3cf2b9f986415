//! One scorecard in process, against folding the log anew for each question.

use super::measure::Samples;
use super::row::{Row, Unit};
use crate::{process, workspace};
use anyhow::{Context, Result};

pub(crate) fn rows() -> Result<Vec<Row>> {
    let mut command = process::cargo(&workspace::root());
    command.args(["run", "--quiet", "--release", "--locked", "--package", "simulator", "--example", "scorecard"]);
    let text = process::capture(&mut command)?;
    text.lines().map(read).collect()
}

/// Reads a row as the example prints it: title, peer, goal, our rounds and the peer's in nanoseconds, parted by tabs.
pub(super) fn read(line: &str) -> Result<Row> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [title, peer_name, goal, ours, peer] = fields.as_slice() else {
        anyhow::bail!("{line:?} is not a row of five fields");
    };
    Ok(Row {
        title: (*title).to_owned(),
        peer_name: (*peer_name).to_owned(),
        unit: Unit::Seconds,
        ours: samples(ours)?,
        peer: samples(peer)?,
        goal: goal.parse().with_context(|| format!("{goal:?} is not a goal"))?,
    })
}

fn samples(text: &str) -> Result<Samples> {
    // A unit's power of ten keeps the figure exact where a division would not.
    let seconds = |nanos: &str| format!("{nanos}e-9").parse().with_context(|| format!("{nanos:?} is not a number"));
    Samples::new(text.split(',').map(seconds).collect::<Result<_>>()?)
}
