//! What an auditor asks for.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::{AsOf, ScorecardPage};

/// Shows the history of targets.
#[derive(Debug, Args)]
pub(crate) struct TargetHistory {
    /// The measure's code.
    #[arg(required_unless_present = "scorecard")]
    pub(crate) measure: Option<String>,
    /// The targets of every measure on this scorecard instead.
    #[arg(long, value_name = "CODE", conflicts_with_all = ["measure", "cohort"])]
    pub(crate) scorecard: Option<String>,
    /// Only those set for this area; of a scorecard, those set for it or for an area that contains it. Without it: any, or
    /// for a scorecard the authority itself.
    #[arg(long, value_name = "CODE")]
    pub(crate) area: Option<String>,
    /// Only those set for this cohort.
    #[arg(long, value_name = "CODE")]
    pub(crate) cohort: Option<String>,
    /// What the target was on this day (2018-11-29), as known at its end: only what stood then, and for which periods.
    #[arg(long, value_name = "DAY", conflicts_with = "known_at")]
    pub(crate) on: Option<String>,
    /// List every result that a target judges; without it the latest 12.
    #[arg(long)]
    pub(crate) judged: bool,
    #[command(flatten)]
    pub(crate) as_of: AsOf,
}

/// Puts evidence together.
#[derive(Debug, Args)]
pub(crate) struct Evidence {
    /// The measure's code.
    #[arg(long, value_name = "CODE")]
    pub(crate) measure: String,
    /// The day (2018-11-29): as known at its end where the authority is.
    #[arg(long, value_name = "DAY")]
    pub(crate) on: String,
    /// Where, by code. Without it: the authority itself.
    #[arg(long, value_name = "CODE")]
    pub(crate) area: Option<String>,
    /// Who is counted.
    #[arg(long, value_name = "CODE", default_value = "all")]
    pub(crate) cohort: String,
    /// Only the figure of this period. Without it: those that the target of the day judges.
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: Option<String>,
    #[command(flatten)]
    pub(crate) as_of: AsOf,
}

pub(crate) const WHAT_IF: &str = "\
WHEN is a day, an instant, @POSITION, or now. A target comes with its minimum standard, unless --standards-of or
--standards-for says otherwise. How many Reds there would be with next year's targets:
  scorebook what-if cype --period 2018-09 --targets-for FY2019
Every row of the answer is marked as not what was reported; nothing of it is stored.";

/// Supposes something of a scorecard: at least one of what can be supposed.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("supposed").required(true).multiple(true).args([
    "targets_of", "targets_for", "standards_of", "standards_for", "rules_of", "neighbours_of", "files",
]))]
pub(crate) struct WhatIf {
    /// The scorecard's code.
    pub(crate) scorecard: String,
    /// Of which period.
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: String,
    /// For which area, by code. Without it: the authority itself.
    #[arg(long, value_name = "CODE")]
    pub(crate) area: Option<String>,
    /// Under the targets and minimum standards as of then.
    #[arg(long, value_name = "WHEN", help_heading = "Suppose")]
    pub(crate) targets_of: Option<String>,
    /// Under the targets and minimum standards that stand for this period.
    #[arg(long, value_name = "PERIOD", help_heading = "Suppose")]
    pub(crate) targets_for: Option<String>,
    /// Under the minimum standards as of then, whatever the targets.
    #[arg(long, value_name = "WHEN", help_heading = "Suppose")]
    pub(crate) standards_of: Option<String>,
    /// Under the minimum standards that stand for this period, whatever the targets.
    #[arg(long, value_name = "PERIOD", help_heading = "Suppose")]
    pub(crate) standards_for: Option<String>,
    /// Under the rating rules and direction methods as of then.
    #[arg(long, value_name = "WHEN", help_heading = "Suppose")]
    pub(crate) rules_of: Option<String>,
    /// Beside the lists of neighbours as of then.
    #[arg(long, value_name = "WHEN", help_heading = "Suppose")]
    pub(crate) neighbours_of: Option<String>,
    /// As if these files were recorded too: targets.csv, or any other.
    #[arg(long = "with", value_name = "FILE", num_args = 1.., help_heading = "Suppose")]
    pub(crate) files: Vec<PathBuf>,
    /// Which page of the scorecard to show as text after what would be otherwise; JSON and CSV give the whole answer.
    #[arg(long, value_enum, default_value = "card", value_name = "PAGE")]
    pub(crate) page: ScorecardPage,
    #[command(flatten)]
    pub(crate) as_of: AsOf,
}
