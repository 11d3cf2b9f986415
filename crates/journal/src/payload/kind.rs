//! Type numbers. A number is never given to another type, not even when its type is no longer written.

use domain::Event;

macro_rules! kinds {
    ($($constant:ident = $number:literal is $event:ident),+ $(,)?) => {
        $(pub(crate) const $constant: u16 = $number;)+

        /// The type number of an event.
        pub(crate) const fn of(event: &Event) -> u16 {
            match event {
                $(Event::$event(_) => $constant,)+
            }
        }

        /// The name of a type; `None` for a number that this program does not know.
        pub(crate) const fn name(kind: u16) -> Option<&'static str> {
            match kind {
                $($constant => Some(stringify!($event)),)+
                _ => None,
            }
        }

        /// All type numbers with their names, in order.
        #[cfg(test)]
        pub(crate) const ALL: &[(u16, &str)] = &[$(($constant, stringify!($event)),)+];
    };
}

kinds! {
    LOG_OPENED = 1 is LogOpened,
    SUBMISSION_RECEIVED = 2 is SubmissionReceived,
    SUBMISSION_ROLLED_BACK = 3 is SubmissionRolledBack,
    SUBMISSION_REINSTATED = 4 is SubmissionReinstated,
    CONTENT_STORED = 5 is ContentStored,
    ACTOR_NAMED = 6 is ActorNamed,
    MEASURE_DEFINED = 7 is MeasureDefined,
    MEASURE_REVISED = 8 is MeasureRevised,
    MEASURE_WITHDRAWN = 9 is MeasureWithdrawn,
    AREA_DEFINED = 10 is AreaDefined,
    COHORT_DEFINED = 11 is CohortDefined,
    RESULT_RECORDED = 12 is ResultRecorded,
    RESULT_WITHDRAWN = 13 is ResultWithdrawn,
    TARGET_CHANGED = 14 is TargetChanged,
    TARGET_WITHDRAWN = 15 is TargetWithdrawn,
    BENCHMARK_RECORDED = 16 is BenchmarkRecorded,
    NEIGHBOURS_ADOPTED = 17 is NeighboursAdopted,
    COMMENTARY_WRITTEN = 18 is CommentaryWritten,
    RATING_RULE_ADOPTED = 19 is RatingRuleAdopted,
    DIRECTION_METHOD_ADOPTED = 20 is DirectionMethodAdopted,
    SCORECARD_DEFINED = 21 is ScorecardDefined,
    ROW_SET_ASIDE = 22 is RowSetAside,
    FORMAT_RAISED = 23 is FormatRaised,
    ACTION_AGREED = 24 is ActionAgreed,
    VIEW_PUBLISHED = 25 is ViewPublished,
    COMMITTEE_ACT_RECORDED = 26 is CommitteeActRecorded,
    LATE_FIGURE_TOLD = 27 is LateFigureTold,
}
