//! What the check of a publication can find.

/// Whether it can be published so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is published before it is seen to.
    StandsInTheWay,
    /// It is published over this with a reason, which is recorded.
    Warning,
}

/// What was found. Each has one severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Issue {
    /// A Red that nothing was written about.
    RedWithoutCommentary,
    /// A Red whose commentary is all about an earlier revision of the figure.
    RedCommentaryStale,
    /// A Red for which no action is agreed.
    RedWithoutAction,
    /// A Red whose actions were all agreed about an earlier revision of the figure.
    RedActionStale,
    /// The action agreed last was due before the meeting.
    ActionOverdue,
    /// Commentary that is all about an earlier revision of a figure that is not Red.
    CommentaryStale,
    /// Actions that were all agreed about an earlier revision of a figure that is not Red.
    ActionStale,
    /// An Amber whose direction of travel is down.
    AmberWorsening,
    /// No figure stands, or it is still to be supplied.
    NoResult,
    /// The figure is older than the measure's frequency allows.
    Old,
    /// The figure is provisional.
    Provisional,
    /// A key performance indicator without a target.
    NoTarget,
    /// Its target does not suit its polarity.
    UnfitTarget,
    /// The target is missed, and nobody said what the minimum standard is.
    NoMinimumStandard,
    /// The source printed another colour.
    Contradiction,
    /// No whole numerator gives the printed value.
    Unattainable,
    /// The printed value is not that of the printed counts.
    CountsDisagree,
    /// The target was set after the result was known.
    TargetAfterResult,
    /// The figure became known only after the meeting's day.
    KnownAfterMeeting,
    /// The row is no longer on the scorecard that this one is a part of.
    NotInWhole,
    /// The scorecard goes to another committee than the meeting is of.
    OtherCommittee,
    /// The meeting is before the last day of the scorecard's period.
    PeriodNotOver,
}

impl Issue {
    /// Every issue.
    pub const ALL: [Self; 22] = [
        Self::RedWithoutCommentary,
        Self::RedCommentaryStale,
        Self::RedWithoutAction,
        Self::RedActionStale,
        Self::ActionOverdue,
        Self::CommentaryStale,
        Self::ActionStale,
        Self::AmberWorsening,
        Self::NoResult,
        Self::Old,
        Self::Provisional,
        Self::NoTarget,
        Self::UnfitTarget,
        Self::NoMinimumStandard,
        Self::Contradiction,
        Self::Unattainable,
        Self::CountsDisagree,
        Self::TargetAfterResult,
        Self::KnownAfterMeeting,
        Self::NotInWhole,
        Self::OtherCommittee,
        Self::PeriodNotOver,
    ];

    /// For programs; it never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::RedWithoutCommentary => "red-without-commentary",
            Self::RedCommentaryStale => "red-commentary-stale",
            Self::RedWithoutAction => "red-without-action",
            Self::RedActionStale => "red-action-stale",
            Self::ActionOverdue => "action-overdue",
            Self::CommentaryStale => "commentary-stale",
            Self::ActionStale => "action-stale",
            Self::AmberWorsening => "amber-worsening",
            Self::NoResult => "no-result",
            Self::Old => "old",
            Self::Provisional => "provisional",
            Self::NoTarget => "no-target",
            Self::UnfitTarget => "unfit-target",
            Self::NoMinimumStandard => "no-minimum-standard",
            Self::Contradiction => "contradiction",
            Self::Unattainable => "unattainable",
            Self::CountsDisagree => "counts-disagree",
            Self::TargetAfterResult => "target-after-result",
            Self::KnownAfterMeeting => "known-after-meeting",
            Self::NotInWhole => "not-in-whole",
            Self::OtherCommittee => "other-committee",
            Self::PeriodNotOver => "period-not-over",
        }
    }

    /// A member is owed an explanation of every Red; all else may be known and said.
    pub const fn severity(self) -> Severity {
        match self {
            Self::RedWithoutCommentary | Self::RedCommentaryStale | Self::RedWithoutAction | Self::RedActionStale => {
                Severity::StandsInTheWay
            }
            Self::ActionOverdue
            | Self::CommentaryStale
            | Self::ActionStale
            | Self::AmberWorsening
            | Self::NoResult
            | Self::Old
            | Self::Provisional
            | Self::NoTarget
            | Self::UnfitTarget
            | Self::NoMinimumStandard
            | Self::Contradiction
            | Self::Unattainable
            | Self::CountsDisagree
            | Self::TargetAfterResult
            | Self::KnownAfterMeeting
            | Self::NotInWhole
            | Self::OtherCommittee
            | Self::PeriodNotOver => Severity::Warning,
        }
    }
}
