//! Three yearly releases of each of six tables of “Explore education statistics”, each table through one layout; every
//! figure compared with its row, and every revision with the list of them that was made of the same tables.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, ensure};
use domain::{Cell, Missing, Timestamp};

use crate::files::{Areas, Row, TABLES, decimal, rows};
use crate::scorebook::{Looking, Scorebook, Standing, cell, file};

/// A table's name here, in the list of revisions, and its layout.
fn layout(table: &str) -> (&str, &'static str) {
    match table {
        "c1_rereferrals" => (table, "ees-c1-rereferrals"),
        "d3_repeat_cpp" => (table, "ees-d3-repeat-cpp"),
        "csww_indicators" => (table, "ees-csww-indicators"),
        "cla_number_and_rate" => (table, "ees-cla-number-and-rate"),
        "la_cla_placement_stability" => (table, "ees-cla-placement-stability"),
        _ => ("la_care_leavers_activity", "ees-care-leavers-activity"),
    }
}

const RELEASES: [&str; 3] = ["2023", "2024", "2025"];

/// Takes everything in, and compares.
pub(crate) fn check(folder: &Path, areas: &Areas) -> anyhow::Result<()> {
    let revisions = rows(&folder.join("ees_same_period_revisions.csv"))?;
    let temporary = tempfile::tempdir()?;
    let scorebook = Scorebook::begin(&temporary.path().join("journal"))?;
    scorebook.define(areas, measures(folder)?)?;
    for table in TABLES {
        let (dataset, layout) = layout(table);
        let mut counts = Vec::new();
        for release in RELEASES {
            let name = format!("{table}__release_{release}.csv");
            let seen = seen(&revisions, dataset, release)?;
            let bytes = std::fs::read(folder.join("ees_releases").join(&name))?;
            let files = vec![file(&name, bytes, layout, "")];
            let n_changes = scorebook.submit(files, Some(&seen), &format!("{table}, release of {release}"))?;
            counts.push(n_changes.to_string());
        }
        println!("EES {table}: three releases by {layout}: {} changes", counts.join(", "));
    }
    scorebook.look(|looking| {
        every_row(looking, folder, &revisions)?;
        every_revision(looking, &revisions)
    })?;
    scorebook.end()
}

/// When a release came to be known; the list says it as a day.
fn seen(revisions: &[Row], dataset: &str, release: &str) -> anyhow::Result<String> {
    let of = |year: &str| revisions.iter().find(|row| row["dataset"] == dataset && row["new_release"] == year);
    let day = match release {
        "2023" => of("2024").map(|row| &row["old_release_seen"]),
        year => of(year).map(|row| &row["new_release_seen"]),
    };
    Ok(format!("{}T12:00:00Z", day.with_context(|| format!("{dataset} {release} has no day"))?))
}

/// Definitions of all that the tables measure, by this check's own names of them.
fn measures(folder: &Path) -> anyhow::Result<String> {
    let mut text = "measure,title,kind,unit,decimal_places,polarity,frequency,basis,year_type,definition\n".to_owned();
    let mut codes: Vec<String> = Vec::new();
    for table in TABLES {
        for release in RELEASES {
            for row in rows(&folder.join(format!("ees_releases/{table}__release_{release}.csv")))? {
                codes.extend(row.keys().filter_map(|column| measured(table, column, &row)).map(|(measure, _)| measure));
            }
            codes.sort_unstable();
            codes.dedup();
        }
    }
    for code in codes {
        writeln!(text, "{code},{code},activity,count,1,none,annual,not-stated,financial,as the table says")?;
    }
    Ok(text)
}

/// The first of these columns that a row has.
fn first<'a>(row: &'a Row, names: &[&str]) -> &'a str {
    names.iter().filter_map(|name| row.get(*name)).find(|text| !text.is_empty()).map_or("", String::as_str)
}

/// What a column of a table measures in a row, and of whom; `None` for what is no figure.
fn measured(table: &str, column: &str, row: &Row) -> Option<(String, &'static str)> {
    let column = column.to_lowercase();
    let count = matches!(column.as_str(), "number" | "children_count" | "care_leaver_count");
    let percent = matches!(column.as_str(), "percentage" | "children_percent" | "care_leaver_percent");
    let suffix = if percent { "-percent" } else { "" };
    let all = |code: &str| Some((code.to_owned(), "all"));
    match layout(table).1 {
        "ees-c1-rereferrals" => all(match column.as_str() {
            "referrals" | "referral_count" => "referrals",
            "referrals_rate" => "referrals-rate",
            "re_referrals" | "rereferral_count" => "re-referrals",
            "re_referrals_percent" | "rereferral_percent" => "re-referrals-percent",
            "no_further_action" | "no_further_action_count" => "no-further-action",
            "no_further_action_percent" => "no-further-action-percent",
            "not_in_need" | "not_in_need_count" => "not-in-need",
            "not_in_need_percent" => "not-in-need-percent",
            "referrals_child" | "referral_child_count" => "children-referred",
            "referrals_child_rate" => "children-referred-rate",
            "re_referrals_child" | "rereferral_child_count" => "children-re-referred",
            "re_referrals_child_percent" | "rereferral_child_percent" => "children-re-referred-percent",
            _ => return None,
        }),
        "ees-d3-repeat-cpp" => all(match column.as_str() {
            "cpp_start" => "cpp-starts",
            "cpp_subsequent" => "cpp-repeat",
            "cpp_subsequent_percent" => "cpp-repeat-percent",
            _ => return None,
        }),
        "ees-csww-indicators" => {
            let figure = column == "cases" || column.ends_with("_fte") || column.ends_with("_headcount");
            figure.then(|| (format!("csww-{}", column.replace('_', "-")), "all"))
        }
        "ees-cla-number-and-rate" => {
            let population = first(row, &["population_count", "population_type"]);
            let of = match population.split(' ').nth(1)? {
                "looked" => "cla",
                "starting" => "cla-starting",
                _ => "cla-ceasing",
            };
            match column.as_str() {
                "rate_per_10000" => all(&format!("{of}-rate")),
                "population_estimate" if of == "cla" => all("cla-population-estimate"),
                _ if count => all(of),
                _ => None,
            }
        }
        "ees-cla-placement-stability" => {
            let (group, stability) = (&row["cla_group"], &row["placement_stability"]);
            let code = match (stability.split(' ').next()?, group.contains("2.5 years"), group.contains("CLA 2 years"))
            {
                ("Living", ..) => "cla-same-carer-2-years",
                ("With", _, true) => "cla-3-placements-in-2-years",
                ("With", ..) => "cla-3-placements-in-year",
                (_, true, _) => "cla-2.5-years-under-16",
                (_, _, true) => "cla-2-years",
                _ => "cla-placed",
            };
            (count || (percent && !stability.starts_with("Total"))).then(|| (format!("{code}{suffix}"), "all"))
        }
        _ => {
            let activity = first(row, &["activity", "breakdown"]);
            let cohort =
                if first(row, &["age", "care_leaver_age"]).contains("17") { "aged-17-to-18" } else { "aged-19-to-21" };
            let code = match activity {
                "Total" => "care-leavers",
                other if other.contains("not in") => "care-leavers-neet",
                _ => "care-leavers-eet",
            };
            (count || (percent && activity != "Total")).then(|| (format!("{code}{suffix}"), cohort))
        }
    }
}

fn period(table: &str, year: &str) -> anyhow::Result<String> {
    Ok(match table {
        "csww_indicators" => format!("{year}-09-30"),
        _ => format!("FY{}", year.parse::<i32>()? - 1),
    })
}

fn standing(text: &str) -> anyhow::Result<Standing> {
    Ok(match text {
        "c" => Err(Missing::Confidential),
        "z" => Err(Missing::NotApplicable),
        "x" => Err(Missing::Unavailable),
        "u" => Err(Missing::Unreliable),
        "low" | "k" => Err(Missing::Low),
        number => Ok(decimal(number).with_context(|| format!("{number:?} is neither a number nor a symbol"))?),
    })
}

/// Every figure of every row, as known when its release came.
fn every_row(looking: &Looking<'_>, folder: &Path, revisions: &[Row]) -> anyhow::Result<()> {
    let (mut n_compared, mut expected_cells) = (0_u64, BTreeSet::<Cell>::new());
    for table in TABLES {
        for release in RELEASES {
            let known_at: Timestamp = seen(revisions, layout(table).0, release)?.parse()?;
            for row in rows(&folder.join(format!("ees_releases/{table}__release_{release}.csv")))? {
                let area = first(&row, &["new_la_code", "region_code", "country_code"]).replace(" / ", "-");
                let period = period(table, &row["time_period"])?;
                for (column, text) in &row {
                    let Some((measure, cohort)) = measured(table, column, &row) else { continue };
                    let cell = cell(&measure, &area, cohort, &period)?;
                    let found = looking.standing(&cell, known_at)?;
                    ensure!(
                        found == Some(standing(text)?),
                        "{table} {release} {column} {cell:?}: {found:?}, not {text:?}"
                    );
                    expected_cells.insert(cell);
                    n_compared += 1;
                }
            }
        }
    }
    ensure!(looking.n_cells() == expected_cells.len(), "{} cells, not {}", looking.n_cells(), expected_cells.len());
    println!(
        "  every figure of every row, as known at its release: {n_compared} compared exactly, 0 differences, {} cells",
        expected_cells.len()
    );
    Ok(())
}

/// Every revision of the list: the old figure as known at the old release, the new one at the new.
fn every_revision(looking: &Looking<'_>, revisions: &[Row]) -> anyhow::Result<()> {
    let (mut n_compared, mut n_left, mut suppressed) = (0, 0, Vec::new());
    for row in revisions {
        let dataset = row["dataset"].as_str();
        let Some((measure, cohort)) = measured(dataset, &row["indicator"], row) else {
            n_left += 1;
            continue;
        };
        let cell =
            cell(&measure, &row["area_code"].replace(" / ", "-"), cohort, &period(dataset, &row["time_period"])?)?;
        for (seen, value) in [("old_release_seen", "value_old"), ("new_release_seen", "value_new")] {
            let known_at: Timestamp = format!("{}T12:00:00Z", row[seen]).parse()?;
            let found = looking.standing(&cell, known_at)?;
            ensure!(
                found == Some(standing(&row[value])?),
                "{cell:?} as known on {}: {found:?}, not {}",
                row[seen],
                row[value]
            );
        }
        if row["kind"] == "number_to_symbol" && row["value_new"] == "c" {
            suppressed.push(format!("{} {} {}", row["area"], row["time_period"], measure));
        }
        n_compared += 1;
    }
    println!(
        "  the list of revisions: {n_compared} hold before and after, {n_left} are of figures that no layout takes (shares of totals, and population estimates that repeat another row's)"
    );
    ensure!(
        suppressed.iter().any(|it| it.starts_with("City of London 2022")),
        "City of London 2022 is not suppressed later"
    );
    println!(
        "  {} published numbers became c, and are a number as known before and confidential from then: {} …",
        suppressed.len(),
        suppressed[0]
    );
    Ok(())
}
