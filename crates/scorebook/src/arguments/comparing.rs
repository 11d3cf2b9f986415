//! What `scorebook compare` takes.

use clap::Args;

/// Compares two scorecards.
#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The scorecard's code.
    pub(crate) scorecard: String,
    /// The first time: a date, an instant, @POSITION, or now.
    pub(crate) before: String,
    /// The second time.
    #[arg(default_value = "now")]
    pub(crate) after: String,
    /// Of which period.
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: String,
    /// For which area, by code. Without it: the authority itself.
    #[arg(long, value_name = "CODE")]
    pub(crate) area: Option<String>,
    /// Another scorecard as the second.
    #[arg(long, value_name = "CODE")]
    pub(crate) after_scorecard: Option<String>,
    /// Another period for the second.
    #[arg(long, value_name = "PERIOD")]
    pub(crate) after_period: Option<String>,
    /// Another area for the second.
    #[arg(long, value_name = "CODE")]
    pub(crate) after_area: Option<String>,
}
