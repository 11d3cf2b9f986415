//! Many rounds of every kind, as a table.

use std::io::Write;

use anyhow::{Context as _, Result};

use super::{Disk, Names, Outcome, Plan, Scene, Syncs, driver, round};

/// How many failures of one kind are told in words.
const TOLD_MAX: u64 = 3;

/// What many rounds of one plan came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many rounds.
    pub n_rounds: u64,
    /// How often the power was cut in them.
    pub n_cuts: u64,
    /// How many commits and copies had been acknowledged.
    pub n_acknowledged: u64,
    /// Rounds after which all was well.
    pub n_intact: u64,
    /// Rounds that lost what was acknowledged, or kept part of a commit.
    pub n_lost: u64,
    /// Rounds after which the journal did not open.
    pub n_cannot_open: u64,
}

/// Every plan that must leave the journal intact.
pub fn plans() -> Vec<Plan> {
    let mut plans = Vec::new();
    for names in [Names::Now, Names::WithFolder] {
        let plan = |scene, batch| Plan { scene, batch, names, syncs: Syncs::Kept };
        plans.extend([1, 64, 1_024, 6_000].map(|batch| plan(Scene::Load, batch)));
        plans.extend([64, 1_024, 6_000].map(|batch| plan(Scene::Overwriting, batch)));
        plans.push(plan(Scene::Creation, 1));
        plans.extend([1, 64, 1_024, 6_000].map(|batch| plan(Scene::Recovery, batch)));
        plans.push(plan(Scene::Resuming, 1));
        for scene in [Scene::BackingUp, Scene::Restoring, Scene::Exporting, Scene::Importing] {
            plans.extend([1, 64, 1_024].map(|batch| plan(scene, batch)));
        }
    }
    plans
}

/// The plans that must not: the disk ignores the syncs of the data file.
pub fn plans_that_must_fail() -> Vec<Plan> {
    let scenes =
        [(Scene::Load, 1), (Scene::Load, 64), (Scene::Load, 1_024), (Scene::Restoring, 64), (Scene::Importing, 64)];
    scenes.map(|(scene, batch)| Plan { scene, batch, names: Names::Now, syncs: Syncs::Ignored }).to_vec()
}

/// Runs `n_rounds` rounds of each plan, with the seeds from `seed` on, and prints a table; gives how many rounds did not
/// end as they should. A seed that failed is printed, so that `--rounds 1 --seed` shows it again.
///
/// # Errors
/// The simulation itself did not work, or nobody takes the output.
pub fn print((n_rounds, seed): (u64, u64), only: &str, out: &mut dyn Write) -> Result<u64> {
    let disk = Disk::build(driver()?)?;
    let mut n_failed: u64 = 0;
    writeln!(out, "power cuts, {n_rounds} rounds each, seeds from {seed}")?;
    writeln!(
        out,
        "{:<52} {:>6} {:>6} {:>12} {:>6} {:>6} {:>11}",
        "configuration", "rounds", "cuts", "acknowledged", "intact", "lost", "cannot open"
    )?;
    for plan in plans().into_iter().chain(plans_that_must_fail()).filter(|plan| shown(*plan).contains(only)) {
        let tally = tally(&disk, plan, (n_rounds, seed), out)?;
        writeln!(
            out,
            "{:<52} {:>6} {:>6} {:>12} {:>6} {:>6} {:>11}",
            shown(plan),
            tally.n_rounds,
            tally.n_cuts,
            tally.n_acknowledged,
            tally.n_intact,
            tally.n_lost,
            tally.n_cannot_open
        )?;
        out.flush()?;
        let n_wrong = match plan.syncs {
            Syncs::Kept => tally.n_rounds.saturating_sub(tally.n_intact),
            Syncs::Ignored => u64::from(tally.n_intact == tally.n_rounds),
        };
        n_failed = n_failed.saturating_add(n_wrong);
    }
    Ok(n_failed)
}

/// Runs many rounds of one plan; the first failures are told in words where there should be none.
///
/// # Errors
/// As [`round`].
pub fn tally(disk: &Disk, plan: Plan, (n_rounds, seed): (u64, u64), out: &mut dyn Write) -> Result<Tally> {
    let mut tally = Tally::default();
    for seed in (0..n_rounds).map(|n| seed.saturating_add(n)) {
        let report = round(disk, plan, seed).with_context(|| format!("{}, seed {seed}", shown(plan)))?;
        tally.n_rounds = tally.n_rounds.saturating_add(1);
        tally.n_cuts = tally.n_cuts.saturating_add(report.n_cuts);
        tally.n_acknowledged = tally.n_acknowledged.saturating_add(report.n_acknowledged);
        let said = match report.outcome {
            Outcome::Intact => {
                tally.n_intact = tally.n_intact.saturating_add(1);
                continue;
            }
            Outcome::Lost(said) => {
                tally.n_lost = tally.n_lost.saturating_add(1);
                format!("lost: {said}")
            }
            Outcome::CannotOpen(said) => {
                tally.n_cannot_open = tally.n_cannot_open.saturating_add(1);
                format!("cannot open: {said}")
            }
        };
        let n_told = tally.n_lost.saturating_add(tally.n_cannot_open);
        if plan.syncs == Syncs::Kept && n_told <= TOLD_MAX {
            writeln!(out, "{}, seed {seed}: {said}\n{}", shown(plan), report.last_cut)?;
        }
    }
    Ok(tally)
}

/// A plan in words.
fn shown(plan: Plan) -> String {
    let scene = match plan.scene {
        Scene::Load => "appending",
        Scene::Overwriting => "writing over",
        Scene::Creation => "creating",
        Scene::Recovery => "reopening",
        Scene::BackingUp => "backing up",
        Scene::Resuming => "backing up after a kill",
        Scene::Restoring => "restoring",
        Scene::Exporting => "exporting",
        Scene::Importing => "importing",
    };
    let names = match plan.names {
        Names::Now => "names at once",
        Names::WithFolder => "names with folder",
    };
    let syncs = match plan.syncs {
        Syncs::Kept => "",
        Syncs::Ignored => ", fdatasync ignored",
    };
    format!("{scene}, batch {}, {names}{syncs}", plan.batch)
}
