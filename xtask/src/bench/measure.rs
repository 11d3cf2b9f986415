//! Rounds, and what they add up to.

use crate::process;
use crate::stopwatch::Stopwatch;
use anyhow::{Context, Result, bail};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The figures of several rounds, in one unit; at least one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    /// Takes the rounds' figures, in any order. Fails if there is none, or one is no number
    /// above zero: nothing can be compared with it.
    pub(crate) fn new(mut figures: Vec<f64>) -> Result<Self> {
        if figures.is_empty() {
            bail!("no round was measured");
        }
        if let Some(bad) = figures.iter().find(|figure| !figure.is_finite() || **figure <= 0.0) {
            bail!("a round gave {bad}, which cannot be compared");
        }
        figures.sort_by(f64::total_cmp);
        Ok(Self(figures))
    }

    /// How many rounds.
    pub(crate) fn n_rounds(&self) -> usize {
        self.0.len()
    }

    /// The least figure.
    pub(crate) fn min(&self) -> f64 {
        self.0.first().copied().unwrap_or(f64::NAN)
    }

    /// The greatest figure.
    pub(crate) fn max(&self) -> f64 {
        self.0.last().copied().unwrap_or(f64::NAN)
    }

    /// The figure in the middle; the mean of the two there if their number is even.
    pub(crate) fn median(&self) -> f64 {
        let n = self.0.len();
        let at = |index: usize| self.0.get(index).copied().unwrap_or(f64::NAN);
        if n.is_multiple_of(2) { f64::midpoint(at((n / 2).saturating_sub(1)), at(n / 2)) } else { at(n / 2) }
    }
}

/// Measures ours, then the peer, and so on for `n_rounds`. One round before them is not kept:
/// it fills the caches of both.
pub(crate) fn in_turn(
    n_rounds: usize,
    mut ours: impl FnMut() -> Result<f64>,
    mut peer: impl FnMut() -> Result<f64>,
) -> Result<(Samples, Samples)> {
    ours().context("ours")?;
    peer().context("peer")?;
    let mut figures = (Vec::new(), Vec::new());
    for _ in 0..n_rounds {
        figures.0.push(ours().context("ours")?);
        figures.1.push(peer().context("peer")?);
    }
    Ok((Samples::new(figures.0).context("ours")?, Samples::new(figures.1).context("peer")?))
}

/// Seconds of wall-clock time from starting `command` to its end, by the mean of `n_runs`.
pub(crate) fn process_seconds(command: &mut Command, n_runs: u32) -> Result<f64> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let watch = Stopwatch::start();
    for _ in 0..n_runs {
        process::run(command)?;
    }
    let mean: Option<Duration> = watch.elapsed().checked_div(n_runs);
    mean.map(|mean| mean.as_secs_f64()).context("a process must be run at least once to be timed")
}
