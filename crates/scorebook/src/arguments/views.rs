//! What committees are given: publishing, listing and showing views, and what is said of a figure for them.

use clap::{Args, Subcommand, ValueEnum};

use super::acts::StatusWord;
use super::{AsOf, Confirm, ScorecardPage, SeriesFields};

/// What to do with views.
#[derive(Debug, Subcommand)]
pub(crate) enum ViewVerb {
    /// Publish what a committee is given: checked first, pinned to a place in time, and kept for ever.
    ///
    /// Without --known-at it is pinned to a position in the log alone, which fixes what was given all the same: what is
    /// recorded later, backfills too, cannot change it. For a meeting that is over, give its day (--known-at 2018-11-29):
    /// what became known only afterwards is then left out.
    Publish(ViewPublish),
    /// Say what stands in the way of publishing, and what there is to answer for; nothing is recorded.
    Check(ViewQuestion),
    /// List what committees were given, the latest meeting first.
    List(ViewList),
    /// Show what a committee was given, as it was, what it did with it, and whether it is rebuilt the same now.
    Show(ViewShow),
    /// Record what a committee did with a view.
    Act(ViewAct),
    /// Record a figure that was told at the meeting, beside the view and never inside it.
    LateFigure(Box<LateFigure>),
}

/// Which scorecard for which meeting.
#[derive(Debug, Args)]
pub(crate) struct ViewQuestion {
    /// The scorecard's code.
    #[arg(long, value_name = "CODE")]
    pub(crate) scorecard: String,
    /// Of which period.
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: String,
    /// For which meeting: the committee and the day, such as "Cabinet Committee, 2018-11-29".
    #[arg(long, value_name = "COMMITTEE, DAY")]
    pub(crate) meeting: String,
    /// For which area. Without it: the authority.
    #[arg(long, value_name = "CODE")]
    pub(crate) area: Option<String>,
    /// The view's code. Without it: the scorecard, the period, the day and an area that is not the authority, such as
    /// cype-2018-09-2018-11-29 or dir-2018-09-2018-11-22-e07000112.
    #[arg(long, value_name = "CODE")]
    pub(crate) id: Option<String>,
    #[command(flatten)]
    pub(crate) as_of: AsOf,
}

/// A view to be published.
#[derive(Debug, Args)]
pub(crate) struct ViewPublish {
    #[command(flatten)]
    pub(crate) question: ViewQuestion,
    /// Publish over warnings, for this reason, which is recorded with them.
    #[arg(long, value_name = "REASON")]
    pub(crate) over_warnings: Option<String>,
    /// Only check.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) confirm: Confirm,
}

/// Which views.
#[derive(Debug, Args)]
pub(crate) struct ViewList {
    /// Of this scorecard.
    #[arg(long, value_name = "CODE")]
    pub(crate) scorecard: Option<String>,
    /// For a committee whose name has this in it.
    #[arg(long, value_name = "WORDS")]
    pub(crate) committee: Option<String>,
    /// For a meeting on this day.
    #[arg(long, value_name = "DAY")]
    pub(crate) on: Option<String>,
}

/// Which view, and how.
#[derive(Debug, Args)]
pub(crate) struct ViewShow {
    /// Its code; `scorebook view list` prints the codes.
    pub(crate) id: String,
    /// Which page to make from what was given, as text; JSON and CSV give the whole view, or its directory.
    #[arg(long, value_enum, default_value = "card", value_name = "PAGE")]
    pub(crate) page: ScorecardPage,
    /// Write the bytes that were given, and nothing else.
    #[arg(long, conflicts_with = "page")]
    pub(crate) bytes: bool,
    /// Wait until the log has reached this position, so that you see your own write.
    #[arg(long, value_name = "N")]
    pub(crate) at_least_position: Option<u64>,
}

/// What a committee did.
#[derive(Debug, Args)]
pub(crate) struct ViewAct {
    /// The view's code.
    pub(crate) id: String,
    /// What it did.
    #[arg(value_enum)]
    pub(crate) act: ActWord,
    /// In its words; needed for a comment and a resolution.
    #[arg(long, value_name = "WORDS", default_value = "")]
    pub(crate) text: String,
    #[command(flatten)]
    pub(crate) said: Said,
}

/// A kind of act of a committee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ActWord {
    /// It noted the scorecard.
    Noted,
    /// It made a comment.
    Commented,
    /// It resolved something.
    Resolved,
}

/// A figure that was told at a meeting.
#[derive(Debug, Args)]
pub(crate) struct LateFigure {
    /// The view's code.
    pub(crate) id: String,
    /// The measure's code.
    pub(crate) measure: String,
    /// The figure, such as 43.4; without it, it was told in words alone.
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, required_unless_present = "text")]
    pub(crate) figure: Option<String>,
    /// How settled it is.
    #[arg(long, value_enum, default_value = "not-stated")]
    pub(crate) status: StatusWord,
    /// In words.
    #[arg(long, value_name = "WORDS")]
    pub(crate) text: Option<String>,
    /// For which period. Without it: the view's.
    #[arg(long)]
    pub(crate) period: Option<String>,
    /// For which area. Without it: the view's.
    #[arg(long, value_name = "CODE")]
    pub(crate) area: Option<String>,
    /// Who is counted.
    #[arg(long, value_name = "CODE", default_value = "all")]
    pub(crate) cohort: String,
    #[command(flatten)]
    pub(crate) said: Said,
}

/// When it was known and why, for what needs no reason.
#[derive(Debug, Clone, Args)]
pub(crate) struct Said {
    /// Why it is recorded, in words that are kept with it.
    #[arg(long, value_name = "WORDS", default_value = "")]
    pub(crate) reason: String,
    /// When it was known, if not now: an instant, or the end of a day. It is marked as a backfill.
    #[arg(long, value_name = "WHEN")]
    pub(crate) known_at: Option<String>,
    #[command(flatten)]
    pub(crate) confirm: Confirm,
}

/// Words about one figure.
#[derive(Debug, Args)]
pub(crate) struct Commentary {
    #[command(flatten)]
    pub(crate) about: About,
    /// The words.
    #[arg(long, value_name = "WORDS")]
    pub(crate) text: String,
    #[command(flatten)]
    pub(crate) said: Said,
}

/// What is done about one figure.
#[derive(Debug, Args)]
pub(crate) struct Action {
    #[command(flatten)]
    pub(crate) about: About,
    /// What is done.
    #[arg(long, value_name = "WORDS")]
    pub(crate) text: String,
    /// Who sees to it: a role or a team.
    #[arg(long, value_name = "WHO")]
    pub(crate) owner: String,
    /// The day by which it is to be done.
    #[arg(long, value_name = "DAY")]
    pub(crate) due: String,
    #[command(flatten)]
    pub(crate) said: Said,
}

/// Which figure.
#[derive(Debug, Args)]
pub(crate) struct About {
    /// The measure's code.
    #[arg(long, value_name = "CODE")]
    pub(crate) measure: String,
    /// For which period.
    #[arg(long)]
    pub(crate) period: String,
    #[command(flatten)]
    pub(crate) series: SeriesFields,
}
