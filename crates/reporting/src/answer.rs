//! What the questions are answered with: plain data, the same for every reader.

use domain::event::{AreaLevel, Comparator};
use domain::ids::{ActorId, Origin, ScorecardId, SubmissionId};
use domain::measure::Definition;
use domain::period::{DAY_BYTES_MAX, day_words, push_day};
use domain::result::{Cause, Doubt, Missing, StatedPeriod};
use domain::scorecard::Remit;
use domain::target::{Owner, TargetKey};
use domain::time::{AsOf, Timestamp};
use domain::{AreaId, Cell, CohortId, Date, MeasureId, Period, Position, RuleId, Span, Terms};
use ratings::{Contradiction, Direction, Rating, Verdict};

use crate::cohorts::CohortImpact;

mod comparison;
mod neighbours;

pub use comparison::{CauseKind, ComparedSide, Comparison, Difference, DifferenceKind, NamedCause, Undone};
pub use neighbours::{LeftOut, NeighboursAnswer, NotAveraged};

/// What an answer rests on, printed with every answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Basis {
    /// The bounds that were used: P is the end of a commit, and may be lower than was asked.
    pub as_of: AsOf,
    /// How many of the records that the answer shows were backfilled: said to be known before they were taken in.
    pub n_backfilled: u32,
}

/// Where a shown thing is recorded: who put it in, when, why, from which line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Its place in the log.
    pub position: Position,
    /// When it was known.
    pub known_at: Timestamp,
    /// When Scorebook took it in.
    pub recorded_at: Timestamp,
    /// On which day it was known, in the authority's time zone.
    pub known_on: Date,
    /// On which day Scorebook took it in, in the authority's time zone.
    pub recorded_on: Date,
    /// Who put it in.
    pub actor: ActorId,
    /// Whether that was proved.
    pub authenticated: bool,
    /// With what.
    pub submission: SubmissionId,
    /// The name of the file and the line in it, when it came from one.
    pub origin: Option<(String, Origin)>,
    /// Why, in words; may be empty.
    pub reason: String,
    /// Of which kind, when something was replaced.
    pub cause: Option<Cause>,
}

impl Provenance {
    /// “recorded on 12 March 2019, said to be known on 1 April 2018”, of a backfill; `None` of any other record.
    pub fn backdated(&self) -> Option<String> {
        let (recorded, known) = ((self.recorded_at, self.recorded_on), (self.known_at, self.known_on));
        (self.known_at < self.recorded_at).then(|| backdated_words(recorded, known))
    }
}

/// “recorded on 12 March 2019, said to be known on 1 April 2018”, of instants and their days in the authority's time zone;
/// the instants, in UTC, where both are on one day.
pub fn backdated_words(recorded: (Timestamp, Date), known: (Timestamp, Date)) -> String {
    let (recorded_on, known_on) = ("recorded on ", ", said to be known on ");
    if recorded.1 == known.1 {
        return format!("{recorded_on}{}{known_on}{}", recorded.0, known.0);
    }
    let n_bytes_max = recorded_on.len().saturating_add(known_on.len()).saturating_add(2 * DAY_BYTES_MAX);
    let mut words = String::with_capacity(n_bytes_max);
    words.push_str(recorded_on);
    push_day(&mut words, recorded.1);
    words.push_str(known_on);
    push_day(&mut words, known.1);
    words
}

/// A scorecard, rebuilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scorecard {
    /// Which.
    pub scorecard: ScorecardId,
    /// Its title as of then.
    pub title: String,
    /// The committee it goes to; may be empty.
    pub committee: String,
    /// From when it is laid out so, who answers for it, and what it has to do with others.
    pub remit: Remit,
    /// The period it was asked for. A row may be for another one, which it then says.
    pub period: Period,
    /// The area it is for.
    pub area: AreaId,
    /// Its name as of then.
    pub area_name: String,
    /// What it rests on.
    pub basis: Basis,
    /// The sections, in order.
    pub sections: Vec<Section>,
    /// How many rows are what; always adds up.
    pub counts: Counts,
    /// The measures that are shown for several cohorts, in the rows' order.
    pub cohort_impacts: Vec<CohortImpact>,
}

/// A headed group of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// Its rows, in order.
    pub rows: Vec<Row>,
}

/// How many rows are what: `green + amber + red + not rated = total`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Rated Green.
    pub green: u32,
    /// Rated Amber.
    pub amber: u32,
    /// Rated Red.
    pub red: u32,
    /// Not rated, by reason (its code), in code order.
    pub not_rated: Vec<(ratings::NotRated, u32)>,
}

/// One measure on a scorecard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Measure, area, cohort, and the period of the result that is shown (the scorecard's own when there is none).
    pub cell: Cell,
    /// The definition as of then.
    pub definition: Definition,
    /// True when the measure was defined only later: its earliest definition is shown.
    pub defined_later: bool,
    /// The cohort's name as of then.
    pub cohort_name: String,
    /// The result, or nothing when none stands.
    pub result: Option<ResultAnswer>,
    /// The target that judges, or nothing when none stands.
    pub target: Option<TargetAnswer>,
    /// The rating.
    pub rating: Rating,
    /// The rule that computed it.
    pub rule: RuleId,
    /// One sentence that says why.
    pub explanation: String,
    /// The source's own colour, when it is not the computed one.
    pub contradiction: Option<Contradiction>,
    /// The direction of travel.
    pub direction: DirectionAnswer,
    /// The comparators' figures, by comparator.
    pub benchmarks: Vec<BenchmarkAnswer>,
    /// What was written about the figure, oldest first.
    pub commentary: Vec<CommentaryAnswer>,
    /// What was agreed to be done about the figure, oldest first.
    pub actions: Vec<ActionAnswer>,
    /// Forecasts for later periods, never rated.
    pub forecasts: Vec<(Period, String)>,
    /// What a reader must know before relying on it.
    pub marks: Vec<Mark>,
}

/// A result as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultAnswer {
    /// What was recorded.
    pub entry: domain::result::ResultEntry,
    /// As it is shown: `43.4%`, or the reason for being missing.
    pub display: String,
    /// Where it is recorded.
    pub provenance: Provenance,
}

/// A target as it stands for a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetAnswer {
    /// Whose, and for what; its area is the row's, or a containing one.
    pub key: TargetKey,
    /// The name of the area that it was set for.
    pub area_name: String,
    /// Which periods it judges.
    pub span: Span,
    /// The target and its minimum standard.
    pub terms: Terms,
    /// The target as it is shown: `95% or more`.
    pub display: String,
    /// The minimum standard as it is shown; `None` when it is unknown.
    pub minimum_display: Option<String>,
    /// The decision that set it.
    pub decision: String,
    /// True when it was recorded after the result that it judges was known, whenever it is itself said to have been known.
    pub set_after_result: bool,
    /// Where it is recorded.
    pub provenance: Provenance,
}

impl TargetAnswer {
    /// What a reader must know of when it was set; `None` when it was recorded before the result was known.
    pub fn late(&self) -> Option<Mark> {
        let Provenance { recorded_at, known_at, recorded_on, known_on, .. } = self.provenance;
        match (self.set_after_result, known_at < recorded_at) {
            (false, _) => None,
            (true, false) => Some(Mark::TargetSetAfterResult),
            (true, true) => Some(Mark::TargetBackdated { recorded_at, known_at, recorded_on, known_on }),
        }
    }
}

/// A direction of travel with what it was computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectionAnswer {
    /// The direction.
    pub direction: Direction,
    /// The method that computed it.
    pub method: RuleId,
    /// The earlier figure that it was compared with.
    pub previous: Option<PreviousAnswer>,
}

/// The earlier figure that a direction was computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviousAnswer {
    /// As it is shown.
    pub display: String,
    /// When it was for.
    pub period: StatedPeriod,
    /// True when it is the source's own statement beside the result, because no earlier result stands.
    pub as_stated: bool,
}

/// A comparator's figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BenchmarkAnswer {
    /// Whose.
    pub comparator: Comparator,
    /// Its name as of then.
    pub name: String,
    /// As it is shown, or the reason for being missing.
    pub display: String,
    /// The reason for being missing.
    pub missing: Option<Missing>,
    /// Its own period.
    pub period: StatedPeriod,
    /// Who published it; may be empty.
    pub source: String,
    /// The figure recorded beside the result, as shown, when the comparator's own result stands and differs from it.
    pub stated_otherwise: Option<String>,
    /// How the row's figure stands against it; `None` when one of the two is missing, or they are for different periods.
    pub verdict: Option<Verdict>,
    /// How it was averaged from the neighbours' own results, or why it was not.
    pub neighbours: Option<NeighboursAnswer>,
}

/// Words about a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentaryAnswer {
    /// The words.
    pub text: String,
    /// True when the figure has changed since they were written.
    pub stale: bool,
    /// Where they are recorded.
    pub provenance: Provenance,
}

/// What a reader must know before relying on a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// A printed value and its counts do not add up.
    Doubt(Doubt),
    /// The figure is provisional.
    Provisional,
    /// The figure is an estimate.
    Estimated,
    /// An earlier year's figure stands in this one's place.
    CarriedForward,
    /// The figure is for an older period than the measure's frequency allows: this many months before the scorecard's.
    Old(u32),
    /// The target is a containing area's.
    TargetOfArea(AreaId),
    /// The target was set after the result it judges was known.
    TargetSetAfterResult,
    /// The same of a target that is said to have been known before it was recorded.
    TargetBackdated {
        /// When it was recorded: after the result was known.
        recorded_at: Timestamp,
        /// When it is said to have been known.
        known_at: Timestamp,
        /// On which day it was recorded, in the authority's time zone.
        recorded_on: Date,
        /// On which day it is said to have been known, in the authority's time zone.
        known_on: Date,
    },
    /// The measure was defined only after what is shown was known.
    DefinedLater,
    /// An activity figure lies outside its expected range.
    OutsideExpectedRange,
}

/// A measure through time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureHistory {
    /// The definition as of then.
    pub definition: Definition,
    /// The text of the definition.
    pub definition_text: String,
    /// True when the measure is withdrawn as of then.
    pub withdrawn: Option<Withdrawal>,
    /// The area and its name as of then.
    pub area: (AreaId, String),
    /// Who is counted.
    pub cohort: CohortId,
    /// One row a period, oldest first.
    pub rows: Vec<Row>,
    /// Every revision of those periods' results within the bounds, by period, then oldest first; rolled back ones marked.
    pub revisions: Vec<RevisionAnswer>,
    /// What it rests on.
    pub basis: Basis,
}

/// The end of a measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The first day for which it is not reported.
    pub from: Date,
    /// What is reported instead.
    pub successor: Option<MeasureId>,
    /// True when the successor continues it.
    pub comparable: bool,
    /// Where it is recorded, with its reason.
    pub provenance: Provenance,
}

/// One revision of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionAnswer {
    /// Which period.
    pub period: Period,
    /// What was recorded; `None` for a withdrawal.
    pub entry: Option<domain::result::ResultEntry>,
    /// As it is shown.
    pub display: String,
    /// True when its submission is rolled back as of then.
    pub rolled_back: bool,
    /// True for the one that stands.
    pub standing: bool,
    /// Where it is recorded.
    pub provenance: Provenance,
}

/// What a measure's targets were, who changed them, when and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetHistory {
    /// The definition as of then.
    pub definition: Definition,
    /// Who is counted, where only one cohort's targets are told.
    pub cohort: Option<CohortId>,
    /// Every change within the bounds, by (`known_at`, `position`).
    pub changes: Vec<TargetChangeAnswer>,
    /// What it rests on.
    pub basis: Basis,
}

/// One change of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetChangeAnswer {
    /// What it was set for, and by whom.
    pub key: TargetKey,
    /// Which periods it judges.
    pub span: Span,
    /// The terms; `None` when the target was withdrawn.
    pub terms: Option<Terms>,
    /// The target as it is shown; `withdrawn` for a withdrawal.
    pub display: String,
    /// The minimum standard as it is shown; `None` when it is unknown.
    pub minimum_display: Option<String>,
    /// The decision that set it.
    pub decision: String,
    /// True when its submission is rolled back as of then.
    pub rolled_back: bool,
    /// On which day it became known that its submission is rolled back, where that is later than the bounds on what was
    /// known, and so not in this answer.
    pub rolled_back_later: Option<Date>,
    /// True when on some day of its span it is still the target.
    pub standing: bool,
    /// For which days it is still the target, earliest first.
    pub stands: Vec<Span>,
    /// The results that were known when it was recorded, of periods that it judges: how many.
    pub n_results_known_before: u32,
    /// What it judges, and how it is rated under it; only where that was asked for.
    pub judged: Option<Judged>,
    /// Where it is recorded.
    pub provenance: Provenance,
}

impl TargetChangeAnswer {
    /// “rolled back later, on 12 March 2019”, where that was known only after the bounds.
    pub fn later_words(&self) -> Option<String> {
        self.rolled_back_later.map(|day| format!("rolled back later, on {}", day_words(day)))
    }
}

/// The results in a target's span, of its own area and cohort.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judged {
    /// How many of them can be judged by it.
    pub n_judged: u32,
    /// How many of those meet it: are Green.
    pub n_met: u32,
    /// How many of those meet the minimum standard: are Green or Amber.
    pub n_minimum_met: u32,
    /// Each result, by period.
    pub periods: Vec<JudgedPeriod>,
}

/// A result under a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedPeriod {
    /// Of which period.
    pub period: Period,
    /// The figure as it is shown.
    pub display: String,
    /// The rating that this target gives it, whether or not it still stands.
    pub rating: Rating,
    /// The rule that computed it.
    pub rule: RuleId,
    /// True when it is this target that judges the result within the bounds.
    pub judges: bool,
    /// True when the target was recorded after the result was known.
    pub set_after_result: bool,
    /// Where the result is recorded.
    pub position: Position,
}

/// The measures that there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// By code.
    pub measures: Vec<DirectoryEntry>,
    /// What it rests on.
    pub basis: Basis,
}

/// One measure in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryEntry {
    /// Its definition as of then.
    pub definition: Definition,
    /// The text of the definition.
    pub definition_text: String,
    /// Its end, when it is withdrawn.
    pub withdrawn: Option<Withdrawal>,
    /// Where the definition is recorded.
    pub provenance: Provenance,
    /// The first and last period with a result, in any area.
    pub periods: Option<(Period, Period)>,
}

/// What is being done about a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionAnswer {
    /// What.
    pub text: String,
    /// Who sees to it.
    pub owner: String,
    /// The day by which it is to be done.
    pub due: Date,
    /// True when the figure has changed since it was agreed.
    pub stale: bool,
    /// Where it is recorded.
    pub provenance: Provenance,
}

/// An area in the directory of areas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaAnswer {
    /// Its code.
    pub area: AreaId,
    /// Its name as of then.
    pub name: String,
    /// What it is.
    pub level: AreaLevel,
    /// The area that contains it.
    pub parent: Option<AreaId>,
}

/// What one owner's target is, said with whose it is.
pub fn owner_words(owner: Owner) -> &'static str {
    match owner {
        Owner::Local => "local target",
        Owner::Service => "service standard",
        Owner::National => "national target",
    }
}
