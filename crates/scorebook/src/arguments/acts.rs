//! Single acts: one result, one target, one measure, one submission, each with a preview first.

use clap::{ArgGroup, Args, Subcommand, ValueEnum};

use super::{AsOf, Confirm, SeriesFields};

/// Why, which is always asked for.
#[derive(Debug, Clone, Args)]
pub(crate) struct Why {
    /// Why. Required.
    #[arg(long, value_name = "WORDS")]
    pub(crate) reason: String,
    /// Of which kind, when something is replaced.
    #[arg(long, value_enum)]
    pub(crate) cause: Option<CauseWord>,
    /// When it was known, if not now: an instant, or the end of a day. It is marked as a backfill.
    #[arg(long, value_name = "WHEN")]
    pub(crate) known_at: Option<String>,
    #[command(flatten)]
    pub(crate) confirm: Confirm,
}

/// The cause of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CauseWord {
    /// Planned: provisional figures made final.
    ScheduledRevision,
    /// The method or the definition changed.
    MethodChange,
    /// An error was corrected.
    CorrectionOfError,
}

/// One result.
#[derive(Debug, Subcommand)]
pub(crate) enum ResultAct {
    /// Record a figure, or the reason for having none.
    #[command(group = ArgGroup::new("figure").args(["value", "numerator", "missing"]).required(true).multiple(true))]
    Record {
        /// The measure's code.
        measure: String,
        /// The figure, such as 43.4.
        #[arg(long, allow_hyphen_values = true)]
        value: Option<String>,
        /// How many of the denominator.
        #[arg(long, requires = "denominator")]
        numerator: Option<String>,
        /// Of how many.
        #[arg(long)]
        denominator: Option<String>,
        /// Why there is no figure: c, z, x, low, u, not-supplied or known-not-to-exist.
        #[arg(long, value_name = "SYMBOL", conflicts_with_all = ["value", "numerator"])]
        missing: Option<String>,
        /// How settled it is.
        #[arg(long, value_enum, default_value = "not-stated")]
        status: StatusWord,
        /// For which period.
        #[arg(long)]
        period: String,
        #[command(flatten)]
        series: SeriesFields,
        #[command(flatten)]
        why: Why,
    },
    /// Take back a result: the cell is empty again, and nothing older shows through.
    Withdraw {
        /// The measure's code.
        measure: String,
        /// For which period.
        #[arg(long)]
        period: String,
        #[command(flatten)]
        series: SeriesFields,
        #[command(flatten)]
        why: Why,
    },
}

/// How settled a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusWord {
    /// Expected to change.
    Provisional,
    /// Changed since it was first given.
    Revised,
    /// Not expected to change.
    Final,
    /// Worked out, not counted.
    Estimated,
    /// An earlier year's figure.
    CarriedForward,
    /// Expected, not measured; never rated.
    Forecast,
    /// The source does not say.
    NotStated,
}

/// Whose target it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OwnerWord {
    /// The council's own.
    Local,
    /// A service's own standard.
    Service,
    /// Set nationally.
    National,
}

/// How a result is held against the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Comparison {
    /// This value or more.
    AtLeast,
    /// Above this value.
    MoreThan,
    /// This value or less.
    AtMost,
    /// Below this value.
    LessThan,
    /// From this value to --target-high.
    Within,
}

/// One target.
#[derive(Debug, Subcommand)]
pub(crate) enum TargetAct {
    /// Set a target and its minimum standard for a span of periods, replacing what stood for it.
    Set {
        /// The measure's code.
        measure: String,
        /// How a result is held against it.
        #[arg(long, value_enum)]
        comparison: Comparison,
        /// The value, or the lower end of the range.
        #[arg(long, allow_hyphen_values = true)]
        target: String,
        /// The upper end of the range.
        #[arg(long, allow_hyphen_values = true)]
        target_high: Option<String>,
        /// The minimum standard, or its lower end. Without it, a missed target cannot be called Amber or Red.
        #[arg(long, allow_hyphen_values = true)]
        minimum: Option<String>,
        /// The upper end of the minimum standard's range.
        #[arg(long, allow_hyphen_values = true)]
        minimum_high: Option<String>,
        #[command(flatten)]
        span: SpanFields,
        /// The decision that set it: a minute, a plan, a letter. Required.
        #[arg(long, value_name = "WORDS")]
        decision: String,
        #[command(flatten)]
        why: Why,
    },
    /// End a target for a span of periods: nothing older shows through.
    Withdraw {
        /// The measure's code.
        measure: String,
        #[command(flatten)]
        span: SpanFields,
        /// The decision that withdrew it. Required.
        #[arg(long, value_name = "WORDS")]
        decision: String,
        #[command(flatten)]
        why: Why,
    },
}

/// For what, by whom, and for which periods a target is set.
#[derive(Debug, Clone, Args)]
pub(crate) struct SpanFields {
    #[command(flatten)]
    pub(crate) series: SeriesFields,
    /// Whose it is.
    #[arg(long, value_enum, default_value = "local")]
    pub(crate) owner: OwnerWord,
    /// The first period that it judges.
    #[arg(long, value_name = "PERIOD")]
    pub(crate) from: String,
    /// The last period that it judges, included. Without it: until another is set.
    #[arg(long, value_name = "PERIOD")]
    pub(crate) to: Option<String>,
}

/// Measures: questions and acts.
#[derive(Debug, Subcommand)]
pub(crate) enum MeasureVerb {
    /// List the measures that there are.
    List {
        /// Only those whose code, title or owner contains this.
        #[arg(default_value = "")]
        text: String,
        #[command(flatten)]
        as_of: AsOf,
    },
    /// Say in sentences why a result has its rating.
    Explain {
        /// The measure's code.
        measure: String,
        /// For which period.
        #[arg(long)]
        period: String,
        #[command(flatten)]
        series: SeriesFields,
        #[command(flatten)]
        as_of: AsOf,
    },
    #[command(flatten)]
    Act(MeasureAct),
}

/// Defining, revising and ending measures.
#[derive(Debug, Subcommand)]
pub(crate) enum MeasureAct {
    /// Define a measure that is not there yet.
    Define {
        /// Its code, which stays.
        measure: String,
        #[command(flatten)]
        fields: Box<MeasureFields>,
        #[command(flatten)]
        why: Why,
    },
    /// Replace a measure's definition, from now on. All of it is given.
    Revise {
        /// Its code.
        measure: String,
        #[command(flatten)]
        fields: Box<MeasureFields>,
        #[command(flatten)]
        why: Why,
    },
    /// End a measure. It still shows in views from before.
    Withdraw {
        /// Its code.
        measure: String,
        /// The first day for which it is no longer reported, such as 2017-02-01.
        #[arg(long, value_name = "DATE")]
        from: String,
        /// The measure that is reported instead.
        #[arg(long, value_name = "CODE")]
        successor: Option<String>,
        /// The successor's figures continue this measure's.
        #[arg(long, requires = "successor")]
        comparable: bool,
        #[command(flatten)]
        why: Why,
    },
}

/// A measure's definition; the words are those of measures.csv in docs/FORMATS.md.
#[derive(Debug, Clone, Args)]
pub(crate) struct MeasureFields {
    /// What members read.
    #[arg(long)]
    pub(crate) title: String,
    /// indicator (rated) or activity (shown for information).
    #[arg(long, default_value = "indicator")]
    pub(crate) kind: String,
    /// %, days, pupils, "per 10,000 children" …
    #[arg(long)]
    pub(crate) unit: String,
    /// Digits shown after the point, 0 to 6.
    #[arg(long, default_value = "1")]
    pub(crate) decimal_places: String,
    /// higher, lower, range or none.
    #[arg(long)]
    pub(crate) polarity: String,
    /// monthly, quarterly, termly or annual.
    #[arg(long)]
    pub(crate) frequency: String,
    /// snapshot, year-to-date, rolling-12, mean-of-3, single-period or not-stated.
    #[arg(long, default_value = "not-stated")]
    pub(crate) basis: String,
    /// financial, academic or calendar.
    #[arg(long, default_value = "financial")]
    pub(crate) year_type: String,
    /// What exactly is counted.
    #[arg(long)]
    pub(crate) definition: String,
    /// Where the figures come from.
    #[arg(long, default_value = "")]
    pub(crate) data_source: String,
    /// The service that answers for it.
    #[arg(long, default_value = "")]
    pub(crate) owner: String,
}

/// Submissions: a question and acts.
#[derive(Debug, Subcommand)]
pub(crate) enum SubmissionVerb {
    /// List what was put in.
    List {
        /// After this position.
        #[arg(long, value_name = "N", default_value_t = 0)]
        after: u64,
        /// How many at most.
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: u32,
    },
    #[command(flatten)]
    Act(SubmissionAct),
}

/// Taking submissions out of answers, and back in.
#[derive(Debug, Subcommand)]
pub(crate) enum SubmissionAct {
    /// Take a submission out of every answer from now on. It stays in the log, and in answers as of before.
    RollBack {
        /// Its identifier.
        submission: String,
        #[command(flatten)]
        why: Why,
    },
    /// Let a rolled back submission count again.
    Reinstate {
        /// Its identifier.
        submission: String,
        #[command(flatten)]
        why: Why,
    },
}
