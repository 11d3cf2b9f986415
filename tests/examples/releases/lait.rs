//! The 35 releases of the Local Authority Interactive Tool: taken in from the list of changes, and compared at each with
//! a fold of that list, and at the first and the last with the snapshots that were stored.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use domain::{Cell, Missing, Status, Timestamp};

use crate::files::{Areas, Row, decimal, rows};
use crate::scorebook::{Scorebook, Standing, cell, file};
use crate::verdicts;

/// The release whose figures a later one took back, and that one.
const ROLLED_BACK: (usize, usize) = (5, 7);

/// A measure as LAIT describes it.
pub(crate) struct Measure {
    pub(crate) code: String,
    years: Years,
    /// True when higher is better, false when lower is.
    pub(crate) higher: bool,
    csv: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Years {
    Academic,
    Financial,
    Calendar,
    September,
}

/// What the list of changes says, folded by its own labels: measure, period label, area.
type Fold = BTreeMap<(String, String, String), String>;

/// Everything of LAIT, read without Scorebook.
pub(crate) struct Lait {
    pub(crate) measures: BTreeMap<String, Measure>,
    changes: Vec<Row>,
    /// The instant of each release, from the first.
    pub(crate) seen_at: Vec<Timestamp>,
    pub(crate) areas: BTreeMap<String, String>,
}

/// Takes everything in, and compares.
pub(crate) fn check(folder: &Path, areas: &Areas) -> anyhow::Result<()> {
    let lait = read(folder, areas)?;
    let temporary = tempfile::tempdir()?;
    let scorebook = Scorebook::begin(&temporary.path().join("journal"))?;
    let measures: String = lait.measures.values().map(|measure| measure.csv.as_str()).collect();
    scorebook.define(areas, format!("{HEADER}{measures}"))?;
    let begin = Instant::now();
    let (mut n_changes, mut unchanged) = (0, Vec::new());
    let bytes = std::fs::read(folder.join("lait/lait_scorecard_measures_bitemporal_all_areas.csv"))?;
    for release in 1..=lait.seen_at.len() {
        if !lait.changes.iter().any(|row| row["release"] == release.to_string()) {
            unchanged.push(release.to_string());
            continue;
        }
        let changes = file("changes.csv", bytes.clone(), "lait-changes", &format!("release={release}"));
        n_changes += scorebook.submit(vec![changes], None, &format!("release {release} of LAIT"))?;
    }
    println!(
        "LAIT: {} releases, {} changes of {} measures in {} areas taken in by the layout lait-changes in {:.1} s: {n_changes} records of results",
        lait.seen_at.len(),
        lait.changes.len(),
        lait.measures.len(),
        lait.areas.len(),
        begin.elapsed().as_secs_f64()
    );
    println!("  releases that changed nothing of these measures, and are no submissions: {}", unchanged.join(", "));
    compare(&scorebook, &lait)?;
    snapshots(&scorebook, folder, &lait)?;
    stories(&scorebook, &lait)?;
    verdicts::report(&scorebook, &lait)?;
    scorebook.end()
}

const HEADER: &str =
    "measure,title,kind,unit,decimal_places,polarity,frequency,basis,year_type,definition,data_source\n";

fn read(folder: &Path, areas: &Areas) -> anyhow::Result<Lait> {
    let mut measures = BTreeMap::new();
    for row in rows(&folder.join("lait/lait_scorecard_measures_dictionary.csv"))? {
        let name = row["Measure_short"].clone();
        let years = match row["Year_Type"].as_str() {
            "Academic Year" => Years::Academic,
            "Financial Year" => Years::Financial,
            "Calendar Year" => Years::Calendar,
            _ => Years::September,
        };
        let year_type = match years {
            Years::Academic => "academic",
            Years::Financial | Years::September => "financial",
            Years::Calendar => "calendar",
        };
        let higher = row["Polarity"] == "High";
        ensure!(higher || row["Polarity"] == "Low", "{name} has neither polarity");
        let code = code(&name);
        let places = if row["dps"] == "NA" { "1" } else { &row["dps"] };
        let polarity = if higher { "higher" } else { "lower" };
        let csv = format!(
            "{code},\"{0}\",activity,\"{1}\",{places},{polarity},annual,not-stated,{year_type},\"{0}\",LAIT\n",
            row["Measure"], row["y_axis_name"]
        );
        measures.insert(name, Measure { code, years, higher, csv });
    }
    let seen_at = rows(&folder.join("lait/lait_release_index.csv"))?;
    let seen_at = seen_at.iter().map(|row| Ok(row["seen_at"].parse::<Timestamp>()?)).collect::<anyhow::Result<_>>()?;
    let changes = rows(&folder.join("lait/lait_scorecard_measures_bitemporal_all_areas.csv"))?;
    Ok(Lait { measures, changes, seen_at, areas: areas.lait.clone() })
}

/// A code from LAIT's name of a measure, by the rule that docs/LAYOUTS.md states.
fn code(name: &str) -> String {
    let name = name.replace('%', "pct").replace('&', "and").replace('<', "under");
    name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect()
}

impl Lait {
    /// The cell of a measure, a label and an area, as they are written.
    pub(crate) fn cell(&self, measure: &str, label: &str, area: &str) -> anyhow::Result<Cell> {
        let Measure { code, years, .. } =
            self.measures.get(measure).with_context(|| format!("{measure} is unknown"))?;
        let label = label.split('(').next().unwrap_or(label).trim();
        let (first, slashed) = match label.split_once('/') {
            Some((first, _)) => (first.parse::<i32>()?, true),
            None => (label.parse::<i32>()?, false),
        };
        let begins = if slashed { first } else { first - 1 };
        let period = match years {
            Years::Academic => format!("AY{begins}"),
            Years::Financial => format!("FY{begins}"),
            Years::Calendar => format!("CY{first}"),
            Years::September => format!("{first}-09-30"),
        };
        cell(code, &self.areas[area], "all", &period)
    }

    /// Every label that a measure ever had.
    pub(crate) fn labels(&self, measure: &str) -> BTreeSet<String> {
        let own = self.changes.iter().filter(|row| row["short_desc"] == measure);
        own.map(|row| row["period_label"].clone()).collect()
    }

    /// Folds the changes of one release into what stood before.
    fn fold(&self, fold: &mut Fold, release: usize) {
        for row in self.changes.iter().filter(|row| row["release"] == release.to_string()) {
            let key = (row["short_desc"].clone(), row["period_label"].clone(), row["area"].clone());
            if row["change"] == "row_withdrawn" {
                fold.remove(&key);
            } else {
                fold.insert(key, row["value"].clone());
            }
        }
    }

    /// A fold by cells, of which no two labels may be one.
    fn by_cell(&self, fold: &Fold) -> anyhow::Result<BTreeMap<Cell, Standing>> {
        let mut cells = BTreeMap::new();
        for ((measure, label, area), value) in fold {
            let cell = self.cell(measure, label, area)?;
            ensure!(cells.insert(cell, standing(value)).is_none(), "{measure} {label} {area} stands under two labels");
        }
        Ok(cells)
    }
}

fn standing(value: &str) -> Standing {
    decimal(value).ok_or(Missing::Unavailable)
}

/// As known at each release, every cell is what the fold of the list of changes says, and no other cell stands.
fn compare(scorebook: &Scorebook, lait: &Lait) -> anyhow::Result<()> {
    let (mut ever, mut recorded) = (BTreeSet::new(), BTreeSet::new());
    for row in &lait.changes {
        let cell = lait.cell(&row["short_desc"], &row["period_label"], &row["area"])?;
        if row["change"] != "row_withdrawn" {
            recorded.insert(cell.clone());
        }
        ever.insert(cell);
    }
    let mut fold = Fold::new();
    let (mut n_compared, mut differences) = (0_u64, Vec::new());
    scorebook.look(|looking| {
        ensure!(looking.n_cells() == recorded.len(), "{} cells, not {}", looking.n_cells(), recorded.len());
        for (release, seen_at) in (1..).zip(&lait.seen_at) {
            lait.fold(&mut fold, release);
            let expected = lait.by_cell(&fold)?;
            for cell in &ever {
                n_compared += 1;
                let found = looking.standing(cell, *seen_at)?;
                if found.as_ref() != expected.get(cell) {
                    differences.push(format!("release {release}, {cell:?}: {found:?}, not {:?}", expected.get(cell)));
                }
            }
        }
        let layouts: Vec<String> =
            looking.layouts().into_iter().filter(|it| it.starts_with("lait-changes sha256:")).collect();
        println!(
            "  {} submissions say that they were read by lait-changes; the log has {} records",
            layouts.len(),
            looking.n_records()
        );
        Ok(())
    })?;
    none(&differences, "as known at each release, against the fold of the list of changes")?;
    println!(
        "  as known at each of {} instants: {n_compared} cells compared exactly, 0 differences",
        lait.seen_at.len()
    );
    Ok(())
}

fn none(differences: &[String], what: &str) -> anyhow::Result<()> {
    let first: Vec<&str> = differences.iter().take(10).map(String::as_str).collect();
    ensure!(differences.is_empty(), "{what}: {} differences, the first:\n  {}", differences.len(), first.join("\n  "));
    Ok(())
}

/// At the first and the last release: every cell of the stored snapshot, and no other.
fn snapshots(scorebook: &Scorebook, folder: &Path, lait: &Lait) -> anyhow::Result<()> {
    for (release, name) in [(1, "01"), (lait.seen_at.len(), "35")] {
        let path = folder.join(format!("lait/lait_snapshot_release_{name}_29_measures.csv"));
        let (mut n_exact, mut n_unlisted, mut differences) = (0, 0, Vec::new());
        let seen_at = lait.seen_at[release - 1];
        let stored = rows(&path)?;
        scorebook.look(|looking| {
            let mut stood = BTreeSet::new();
            for row in &stored {
                let cell = lait.cell(&row["Short Desc"], &row["Years"], &row["LA and Regions"])?;
                match (looking.standing(&cell, seen_at)?, standing(&row["Values"])) {
                    (Some(found), expected) if found == expected => n_exact += 1,
                    // The list of changes leaves out a row that came without a figure.
                    (None, Err(_)) => n_unlisted += 1,
                    (found, expected) => differences.push(format!("{cell:?}: {found:?}, not {expected:?}")),
                }
                stood.insert(cell);
            }
            let mut fold = Fold::new();
            (1..=release).for_each(|release| lait.fold(&mut fold, release));
            let others = lait.by_cell(&fold)?.into_keys().filter(|cell| !stood.contains(cell)).count();
            ensure!(others == 0 && stood.len() == stored.len(), "{others} cells stand that are not in the snapshot");
            Ok(())
        })?;
        none(&differences, &format!("release {release} against its snapshot"))?;
        let preview = scorebook.preview(
            vec![file("snapshot.csv", std::fs::read(&path)?, "lait-snapshot", "")],
            Some(&seen_at.to_string()),
            "the stored snapshot",
        )?;
        ensure!(preview.n_refusals == 0, "the snapshot is refused: {:?}", preview.refusals.first());
        let unchanged = preview.tallies.get("result").map_or(0, |tally| tally.unchanged);
        println!(
            "  at release {release} the stored snapshot: {n_exact} rows equal exactly, {n_unlisted} without a figure that the list of changes leaves out, 0 differences; read by lait-snapshot it would leave {unchanged} cells as they are and write {} otherwise",
            preview.n_changes
        );
    }
    Ok(())
}

/// What happened in these releases, and must be seen again.
fn stories(scorebook: &Scorebook, lait: &Lait) -> anyhow::Result<()> {
    scorebook.look(|looking| {
        let at = |release: usize| lait.seen_at[release - 1];
        let value = |measure: &str, label: &str, release: usize| {
            let found = looking.standing(&lait.cell(measure, label, "Kent")?, at(release))?;
            Ok::<_, anyhow::Error>(found.and_then(Result::ok).unwrap_or_default())
        };
        let (before, back) = ROLLED_BACK;
        let mut n_same = 0;
        for row in lait.changes.iter().filter(|row| row["short_desc"] == "FirstYJS") {
            let cell = lait.cell("FirstYJS", &row["period_label"], &row["area"])?;
            // A figure that was missing before the list began is in it only where it comes back.
            let figure = |release| Ok::<_, anyhow::Error>(looking.standing(&cell, at(release))?.and_then(Result::ok));
            let (five, seven) = (figure(before)?, figure(back)?);
            ensure!(five == seven, "release {back} is not release {before} again: {cell:?} {five:?} {seven:?}");
            n_same += 1;
        }
        println!("  first-time entrants: release {back} equals release {before} in all cells of {n_same} changes");
        let entrants: Vec<String> =
            [5, 6, 7, 8, 35].into_iter().map(|release| value("FirstYJS", "2022", release)).collect::<Result<_, _>>()?;
        ensure!(entrants == ["133", "160", "133", "160", "162"], "Kent's first-time entrants: {entrants:?}");
        let fostering: Vec<String> = [24, 25, 28]
            .into_iter()
            .map(|release| value("LAC_Foster_Placements", "2022", release))
            .collect::<Result<_, _>>()?;
        ensure!(fostering == ["70", "47", "70"], "Kent's fostering of 2022: {fostering:?}");
        println!("  Kent: first-time entrants 2022 {}; fostering 2022 {}", entrants.join(", "), fostering.join(", "));
        provisional(looking, lait)
    })
}

/// Where a provisional label is withdrawn and a settled one appears in one release, one cell is revised.
fn provisional(looking: &crate::scorebook::Looking<'_>, lait: &Lait) -> anyhow::Result<()> {
    let (mut n_settled, mut n_kept) = (0, 0);
    let key = |row: &Row, label: &str| {
        ["release", "short_desc", "area"].map(|name| row[name].clone()).join("|") + "|" + label
    };
    let appeared = lait.changes.iter().filter(|row| row["change"] == "first_seen");
    let appeared: BTreeSet<String> = appeared.map(|row| key(row, &row["period_label"])).collect();
    for row in
        lait.changes.iter().filter(|row| row["change"] == "row_withdrawn" && row["period_label"].contains("prov"))
    {
        let settled = row["period_label"].split('(').next().unwrap_or_default().trim();
        if !appeared.contains(&key(row, settled)) {
            continue;
        }
        let release: usize = row["release"].parse()?;
        let cell = lait.cell(&row["short_desc"], &row["period_label"], &row["area"])?;
        let before = looking.said(&cell, lait.seen_at[release - 2]);
        let after = looking.said(&cell, lait.seen_at[release - 1]);
        let (Some((Status::Provisional, text)), Some((Status::NotStated, _))) = (&before, &after) else {
            anyhow::bail!("{cell:?} is not provisional and then settled: {before:?}, {after:?}");
        };
        n_settled += 1;
        n_kept += usize::from(text.ends_with(&format!("label: {}", row["period_label"])));
    }
    ensure!(n_settled > 0 && n_kept == n_settled, "{n_settled} settled, the label of {n_kept} kept");
    println!(
        "  provisional and final of one period are one cell: {n_settled} cells revised, none emptied, each label kept"
    );
    Ok(())
}
