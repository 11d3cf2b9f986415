//! Why an instruction cannot be carried out, and what to do about it.

use crate::ids::{AreaId, CohortId, MeasureId, Origin, RuleId, ScorecardId, SubmissionId, ViewId};
use crate::number::RatioError;
use crate::target::TermsError;
use crate::time::Timestamp;

/// A rule's no. Its display is the problem; [`Rejection::remedy`] is what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// No such measure.
    #[error("measure {measure} is not defined")]
    UnknownMeasure {
        /// The code as given.
        measure: MeasureId,
    },
    /// No such area.
    #[error("area {area} is not defined")]
    UnknownArea {
        /// The code as given.
        area: AreaId,
    },
    /// No such cohort.
    #[error("cohort {cohort} is not defined")]
    UnknownCohort {
        /// The code as given.
        cohort: CohortId,
    },
    /// No such scorecard, or none that is laid out for the period.
    #[error("scorecard {scorecard} is not defined, or not yet for the period")]
    UnknownScorecard {
        /// The code as given.
        scorecard: ScorecardId,
    },
    /// No such view.
    #[error("view {view} is not published")]
    UnknownView {
        /// The code as given.
        view: ViewId,
    },
    /// A view is given once, and stands.
    #[error("view {view} is published already")]
    ViewThere {
        /// Which.
        view: ViewId,
    },
    /// A row of a part that the whole does not have: with another cohort, rated otherwise, or not at all.
    #[error("{measure}, {cohort} is not on scorecard {whole} just so, of which this is a part")]
    NotInWhole {
        /// The whole.
        whole: ScorecardId,
        /// The row's measure.
        measure: MeasureId,
        /// The row's cohort.
        cohort: CohortId,
    },
    /// No such rule or method in this program.
    #[error("rule {rule} is not known to this program")]
    UnknownRule {
        /// The code as given.
        rule: RuleId,
    },
    /// No such submission.
    #[error("submission {id} is not in the log")]
    UnknownSubmission {
        /// As given.
        id: SubmissionId,
    },
    /// The measure is there already.
    #[error("measure {measure} is defined already")]
    AlreadyDefined {
        /// Which.
        measure: MeasureId,
    },
    /// The measure was withdrawn before this period.
    #[error("measure {measure} is withdrawn from {from}")]
    MeasureWithdrawn {
        /// Which.
        measure: MeasureId,
        /// The first day for which it is not reported.
        from: crate::Date,
    },
    /// An area that contains itself.
    #[error("area {area} would contain itself")]
    AreaCircle {
        /// Which.
        area: AreaId,
    },
    /// The numerator and denominator give no value.
    #[error(transparent)]
    Ratio(#[from] RatioError),
    /// The target does not fit the measure.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// A target for a measure that is not rated.
    #[error("measure {measure} is an activity measure and takes no target")]
    TargetOfActivity {
        /// Which.
        measure: MeasureId,
    },
    /// Nothing stands that could be withdrawn.
    #[error("nothing stands that could be withdrawn: {what}")]
    NothingToWithdraw {
        /// What was to be withdrawn.
        what: String,
    },
    /// The same thing twice in one submission.
    #[error("the same {what} is given twice{}", first.map_or(String::new(), |o| format!(", first on {}", o.place())))]
    Duplicate {
        /// Of what.
        what: &'static str,
        /// Where it was given first.
        first: Option<Origin>,
    },
    /// Known in the future. It does not name the clock's time: a preview that sets the row aside is to be the same when
    /// it is accepted.
    #[error("known_at {known_at} is later than now")]
    KnownInFuture {
        /// As given.
        known_at: Timestamp,
    },
    /// A reason is required here.
    #[error("{what} needs a reason")]
    NoReason {
        /// What is to be done.
        what: &'static str,
    },
    /// A decision reference is required here.
    #[error("a target needs the decision that set it")]
    NoDecision,
    /// A text over its bound.
    #[error("{field} has {bytes} bytes; at most {limit} are allowed")]
    TooLong {
        /// Which field.
        field: &'static str,
        /// Its length.
        bytes: usize,
        /// The bound.
        limit: usize,
    },
    /// A text that must not be empty, or must be one line.
    #[error("{field} {problem}")]
    Text {
        /// Which field.
        field: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Too many of something.
    #[error("{n} {what} are given; at most {limit} are allowed")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        n: usize,
        /// The bound.
        limit: usize,
    },
    /// A number outside its bounds.
    #[error("{field} {value} is not {bounds}")]
    OutOfBounds {
        /// Which field.
        field: &'static str,
        /// As given.
        value: String,
        /// What is allowed.
        bounds: &'static str,
    },
    /// Rolled back already.
    #[error("submission {id} is rolled back already")]
    AlreadyRolledBack {
        /// Which.
        id: SubmissionId,
    },
    /// Not rolled back.
    #[error("submission {id} is not rolled back")]
    NotRolledBack {
        /// Which.
        id: SubmissionId,
    },
    /// It opens the log or raises its format, rolls back or reinstates another, or publishes a view.
    #[error("submission {id} opens the log, raises its format, publishes a view, or rolls back or reinstates another")]
    CannotRollBack {
        /// Which.
        id: SubmissionId,
    },
    /// A rollback or reinstatement said to be known before the one that holds.
    #[error("known_at {known_at} is before {last}, when submission {id} was last rolled back or reinstated")]
    KnownTooEarly {
        /// Which submission.
        id: SubmissionId,
        /// As given.
        known_at: Timestamp,
        /// When the one that holds was known.
        last: Timestamp,
    },
    /// Something else beside a rollback or a reinstatement.
    #[error("{what} is put in together with something else")]
    NotAlone {
        /// What must be alone.
        what: &'static str,
    },
    /// A definition in use would be left without one, or a fact would come back without its definition.
    #[error("{user} uses {what}, which would not be defined")]
    WouldOrphan {
        /// What would not be defined.
        what: String,
        /// What uses it.
        user: String,
    },
    /// A log is never lowered: it may hold what the earlier format does not have.
    #[error("format {format} is earlier than the log's, which is {log}")]
    FormatEarlier {
        /// As given.
        format: u16,
        /// The log's.
        log: u16,
    },
    /// This program does not know the format.
    #[error("format {format} is newer than what this program reads and writes, which is {newest}")]
    FormatUnknown {
        /// As given.
        format: u16,
        /// The program's newest.
        newest: u16,
    },
    /// Somebody who keeps the log does not, or may not, know the format.
    #[error("the log cannot be raised to format {format}: {reason}")]
    FormatUnsupported {
        /// As given.
        format: u16,
        /// Who, or what is in the way, in words.
        reason: String,
    },
    /// The log's format is too old for what would be recorded.
    #[error("{event} needs a log of format {needs}, and this one is of format {log}")]
    FormatTooOld {
        /// What would be recorded.
        event: &'static str,
        /// The least format that has it.
        needs: u16,
        /// The log's.
        log: u16,
    },
}

impl Rejection {
    /// What to do, as an imperative sentence without a full stop.
    pub fn remedy(&self) -> String {
        match self {
            Self::UnknownMeasure { .. } => {
                "define it first, or correct the code; `scorebook measure list` prints the codes".to_owned()
            }
            Self::UnknownArea { .. } => "define the area first (areas.csv), or correct the code".to_owned(),
            Self::UnknownCohort { .. } => "define the cohort first (cohorts.csv), or correct the code".to_owned(),
            Self::UnknownRule { .. } => {
                "adopt kent.1 (ratings), or previous-reported.1 or previous-period.1 (directions)".to_owned()
            }
            Self::UnknownScorecard { .. } => {
                "define the scorecard first (scorecards.csv), or correct the code or the period".to_owned()
            }
            Self::UnknownView { .. } => "correct the code; `scorebook view list` prints the codes".to_owned(),
            Self::ViewThere { view } => {
                format!("give another code (--id); `scorebook view show {view}` shows what the committee was given")
            }
            Self::NotInWhole { whole, .. } => {
                format!(
                    "put the row on {whole} too, with the same cohort, rated by the same owner's target, or leave it out"
                )
            }
            Self::UnknownSubmission { .. } => "`scorebook submission list` prints the identifiers".to_owned(),
            Self::AlreadyDefined { .. } => "revise it instead: `scorebook measure revise`".to_owned(),
            Self::MeasureWithdrawn { .. } => {
                "define the measure again first, or record for an earlier period".to_owned()
            }
            Self::AreaCircle { .. } => "correct the parent".to_owned(),
            Self::Ratio(RatioError::DenominatorZero) => "record it as missing, with its reason".to_owned(),
            Self::Ratio(_) => "correct the numerator and the denominator".to_owned(),
            Self::Terms(_) => "correct the comparison, the target or the minimum standard".to_owned(),
            Self::TargetOfActivity { .. } => {
                "revise the measure to an indicator first, or leave the target out".to_owned()
            }
            Self::NothingToWithdraw { .. } => "leave it out, or correct the measure, area, cohort or period".to_owned(),
            Self::Duplicate { .. } => "keep one of them".to_owned(),
            Self::KnownInFuture { .. } => "give an instant in the past, or leave known_at out".to_owned(),
            Self::NoReason { .. } => "say why (--reason, or the column reason)".to_owned(),
            Self::NoDecision => "name the minute, plan or letter (--decision, or the column decision)".to_owned(),
            Self::TooLong { .. } => "shorten it".to_owned(),
            Self::Text { .. } => "correct the text".to_owned(),
            Self::TooMany { .. } => "split it".to_owned(),
            Self::OutOfBounds { bounds, .. } => format!("give one that is {bounds}"),
            Self::AlreadyRolledBack { .. } => "nothing is left to do; reinstate it to let it count again".to_owned(),
            Self::NotRolledBack { .. } => "nothing is left to do; it counts".to_owned(),
            Self::CannotRollBack { .. } => {
                "reinstate, or roll back, the other submission itself; a committee's view stays".to_owned()
            }
            Self::KnownTooEarly { .. } => "give a later instant, or leave known_at out".to_owned(),
            Self::NotAlone { .. } => "put it in by itself".to_owned(),
            Self::WouldOrphan { .. } => "roll back or withdraw what uses it first, or define it anew".to_owned(),
            Self::FormatEarlier { .. } => "give a later one, or leave the log as it is".to_owned(),
            Self::FormatUnknown { .. } => "upgrade this program first, or give an earlier one".to_owned(),
            Self::FormatUnsupported { .. } => {
                "upgrade or stop what cannot read it, and try again; `scorebook cluster` shows the nodes".to_owned()
            }
            Self::FormatTooOld { needs, .. } => {
                format!("raise it once every node is upgraded: `scorebook log raise-format {needs}`")
            }
        }
    }

    /// The field that it is about, as files name it; empty when it is about the whole row.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::UnknownMeasure { .. }
            | Self::AlreadyDefined { .. }
            | Self::MeasureWithdrawn { .. }
            | Self::TargetOfActivity { .. }
            | Self::NotInWhole { .. } => "measure",
            Self::UnknownScorecard { .. } => "scorecard",
            Self::UnknownView { .. } | Self::ViewThere { .. } => "view",
            Self::UnknownArea { .. } => "area",
            Self::UnknownCohort { .. } => "cohort",
            Self::UnknownRule { .. } => "rule",
            Self::UnknownSubmission { .. }
            | Self::AlreadyRolledBack { .. }
            | Self::NotRolledBack { .. }
            | Self::CannotRollBack { .. }
            | Self::NotAlone { .. } => "submission",
            Self::AreaCircle { .. } => "parent",
            Self::Ratio(RatioError::DenominatorZero) => "denominator",
            Self::Ratio(_) => "numerator",
            Self::Terms(TermsError::Polarity { .. }) => "comparison",
            Self::Terms(TermsError::Backwards { .. }) => "target_high",
            Self::Terms(TermsError::MinimumBetter { .. } | TermsError::MinimumForm) => "minimum",
            Self::KnownInFuture { .. } | Self::KnownTooEarly { .. } => "known_at",
            Self::NoReason { .. } => "reason",
            Self::NoDecision => "decision",
            Self::TooLong { field, .. } | Self::Text { field, .. } | Self::OutOfBounds { field, .. } => field,
            Self::NothingToWithdraw { .. }
            | Self::Duplicate { .. }
            | Self::TooMany { .. }
            | Self::WouldOrphan { .. }
            | Self::FormatTooOld { .. } => "",
            Self::FormatEarlier { .. } | Self::FormatUnknown { .. } | Self::FormatUnsupported { .. } => "format",
        }
    }
}
