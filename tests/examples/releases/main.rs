//! Real releases, taken in whole and asked again as known at each of them, against folds and files that know nothing of
//! Scorebook.
//!
//! ```text
//! releases FOLDER   FOLDER holds lait/, ees_releases/ and ees_same_period_revisions.csv
//! ```
//!
//! It prints a report, and ends with an error at the first kind of difference. `cargo xtask check-releases` runs it.
//! What the files hold is read here by other code than the product's: labels, numbers and codes too.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a check prints, reads the clock, counts, and stops at the first surprise"
)]

mod ees;
mod files;
mod lait;
mod scorebook;
mod verdicts;

use std::path::PathBuf;

use anyhow::{Context as _, bail};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [folder] = arguments.as_slice() else { bail!("say `releases FOLDER`") };
    let areas = files::areas(folder).context("the areas of the files")?;
    lait::check(folder, &areas).context("LAIT")?;
    ees::check(folder, &areas).context("Explore education statistics")
}
