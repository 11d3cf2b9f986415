//! The files as they are, read by columns, and the areas that they name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context as _;

/// A row of a CSV file, by column.
pub(crate) type Row = BTreeMap<String, String>;

/// Reads a CSV file.
pub(crate) fn rows(path: &Path) -> anyhow::Result<Vec<Row>> {
    let bytes = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers()?.clone();
    let row =
        |record: csv::StringRecord| header.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| Ok(record.map(row)?)).collect()
}

/// The areas: codes, levels and names, and LAIT's names with their codes.
pub(crate) struct Areas {
    /// Code, name, level; no name is there twice.
    pub(crate) all: Vec<(String, String, &'static str)>,
    /// By LAIT's name.
    pub(crate) lait: BTreeMap<String, String>,
}

/// The tables of “Explore education statistics” that are here, each with three releases.
pub(crate) const TABLES: [&str; 6] = [
    "c1_rereferrals",
    "d3_repeat_cpp",
    "csww_indicators",
    "cla_number_and_rate",
    "la_cla_placement_stability",
    "la_care_leavers_activity_headline",
];

/// Gathers the areas of all tables, and finds each of LAIT's by its old code, or by its name for a region. One that has
/// no GSS code anywhere (the old Bournemouth) is coded `LA-` and its old code.
pub(crate) fn areas(folder: &Path) -> anyhow::Result<Areas> {
    // Newer releases last, so that the newest code of an old code is kept.
    let mut levels: BTreeMap<String, (String, &'static str)> = BTreeMap::new();
    let mut by_old: BTreeMap<String, (String, String)> = BTreeMap::new();
    for release in ["2023", "2024", "2025"] {
        for table in TABLES {
            for row in rows(&folder.join(format!("ees_releases/{table}__release_{release}.csv")))? {
                let at = |name: &str| row[name].trim().to_owned();
                let (code, name, level) = match row["geographic_level"].as_str() {
                    "National" => (at("country_code"), at("country_name"), "country"),
                    "Regional" => (at("region_code"), at("region_name"), "region"),
                    _ => (at("new_la_code").replace(" / ", "-"), at("la_name"), "authority"),
                };
                if level == "authority" {
                    let newest = by_old.entry(at("old_la_code")).or_default();
                    *newest = newest.clone().max((at("time_period"), code.clone()));
                }
                levels.insert(code, (name, level));
            }
        }
    }
    let mut lait = BTreeMap::new();
    for row in rows(&folder.join("lait/lait_areas.csv"))? {
        let (name, old) = (&row["area"], &row["old_la_code"]);
        let region =
            levels.iter().find(|(_, (known, level))| *level != "authority" && known.eq_ignore_ascii_case(name));
        let code = match name.as_str() {
            "London (Inner)" => "E13000001".to_owned(),
            "London (Outer)" => "E13000002".to_owned(),
            _ => by_old
                .get(old)
                .map(|(_, code)| code.clone())
                .or_else(|| region.map(|(code, _)| code.clone()))
                .unwrap_or_else(|| {
                    let code = format!("LA-{old}");
                    println!("  {name} has no GSS code in any table: coded {code}");
                    code
                }),
        };
        let level = levels.get(&code).map_or("authority", |(_, level)| level);
        levels.insert(code.clone(), (name.clone(), level));
        lait.insert(name.clone(), code);
    }
    let codes: BTreeSet<&String> = lait.values().collect();
    anyhow::ensure!(codes.len() == lait.len(), "two of LAIT's areas have one code");
    // An area that was replaced and kept its name is told apart by its code.
    let known: BTreeSet<String> = lait.keys().map(|name| name.to_lowercase()).collect();
    let mut names = known.clone();
    let mut all = Vec::new();
    for (code, (name, level)) in &levels {
        let own = codes.contains(code) || names.insert(name.to_lowercase());
        all.push((code.clone(), if own { name.clone() } else { format!("{name} ({code})") }, *level));
    }
    Ok(Areas { all, lait })
}

/// The significant digits of a number that has been rounded, at most which it is a decimal that somebody meant.
const MEANT_DIGITS_MAX: usize = 12;

/// A number as the shortest decimal that gives its double back, without zeros that say nothing; `None` when it is none.
///
/// Where that has more than 15 digits, and the double has at most 12 in the 15 that are sure, it is those: the
/// publisher's sums wrote `1.0699999999999999` for 1.07.
pub(crate) fn decimal(text: &str) -> Option<String> {
    let double: f64 = text.parse().ok()?;
    let n_digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count();
    let shortest = double.to_string();
    let rounded = format!("{double:.14e}");
    let mantissa = rounded.split_once('e').map_or("", |(mantissa, _)| mantissa);
    let meant = n_digits(&shortest) > 15 && n_digits(mantissa.trim_end_matches('0')) <= MEANT_DIGITS_MAX;
    let number = if meant { rounded.parse::<f64>().ok()?.to_string() } else { shortest };
    Some(plain(&number))
}

/// A decimal without zeros that say nothing: `85.0` and `85` are one.
pub(crate) fn plain(text: &str) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}
