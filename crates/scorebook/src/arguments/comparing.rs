//! What `scorebook compare` takes.

use clap::Args;

/// Compares two scorecards.
#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// Two views, or a view and a time; or with --period a scorecard's code and two times. A time is a date, an instant,
    /// @POSITION, recorded:DATE for what Scorebook held by then, or now, which is meant where the last is left out.
    #[arg(value_name = "WHAT", required = true, num_args = 1..=3)]
    pub(crate) sides: Vec<String>,
    /// Of which period: then the first is a scorecard's code.
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: Option<String>,
    /// For which area, by code. Without it: that of the view, or the authority itself.
    #[arg(long, value_name = "CODE", requires = "period")]
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
