//! What differs between two scorecards, and by what causes.

use domain::{ActorId, AreaId, CohortId, Date, MeasureId, Period, Position, ScorecardId, ViewId};
use ratings::Moved;

use super::{Basis, Provenance};

/// What differs between two scorecards, with causes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The first.
    pub before: ComparedSide,
    /// The second.
    pub after: ComparedSide,
    /// What differs: first of the scorecard as a whole, then row by row in the second one's order; rows that went away are
    /// last. At most [`crate::comparison::DIFFERENCES_MAX`].
    pub differences: Vec<Difference>,
    /// How many there are, listed or not.
    pub n_differences: usize,
}

/// One of two scorecards that are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedSide {
    /// The view that it is; `None` when it is none.
    pub view: Option<ViewId>,
    /// Which.
    pub scorecard: ScorecardId,
    /// Its title as of then.
    pub title: String,
    /// The period it is for.
    pub period: Period,
    /// The area it is for.
    pub area: AreaId,
    /// Its name as of then.
    pub area_name: String,
    /// What it rests on.
    pub basis: Basis,
    /// Of a view: what is rebuilt otherwise than the committee saw it, or why nothing is, each in a sentence. What differs
    /// is then of what is rebuilt.
    pub departures: Vec<String>,
}

/// One difference, as a sentence and by kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which measure; `None` when it is of the scorecard as a whole.
    pub measure: Option<MeasureId>,
    /// Its title in the second scorecard, or in the first when it is not there; the scorecard's for the whole.
    pub title: String,
    /// Who is counted in the row, on the same scorecard; `None` when it is of the scorecard as a whole.
    pub cohort: Option<CohortId>,
    /// What kind of thing changed.
    pub kind: DifferenceKind,
    /// Of which one of several: the comparator, the area, the cohort, the section; by code where it has one. Empty where there is
    /// only one.
    pub of: String,
    /// The comparator by name; empty for anything else, where `of` says it.
    pub of_name: String,
    /// What it was, as shown; empty for nothing.
    pub before: String,
    /// What it is, as shown; empty for nothing.
    pub after: String,
    /// In a plain sentence, with its cause.
    pub sentence: String,
    /// Of a rating and of a verdict: what changed it. Giving back what they name gives the first's again, and giving the
    /// first what they name gives the second's; none of them can be left out.
    pub causes: Vec<NamedCause>,
    /// Where the change is recorded, when one record made it.
    pub provenance: Option<Provenance>,
    /// The rollback, or the reinstatement, that the sentence names as what made it.
    pub undone: Option<Undone>,
}

/// The rollback by which something stands no longer, or the reinstatement by which it stands again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// The record that it took out of answers, or put back.
    pub of: Position,
    /// True for a rollback, false for a reinstatement.
    pub rolled_back: bool,
    /// Where it is in the log.
    pub position: Position,
    /// On which day it was known, in the authority's time zone.
    pub known_on: Date,
    /// Who put it in.
    pub actor: ActorId,
    /// Why.
    pub reason: String,
}

/// What kind of thing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// The scorecard's title, the committee it goes to, who answers for it; or they are two scorecards.
    Scorecard,
    /// A section's heading.
    Section,
    /// The name of the measure, of the area or of a cohort.
    Name,
    /// The list of neighbours, or how they are averaged.
    Neighbours,
    /// The row is new on the scorecard.
    Added,
    /// The row is gone from the scorecard.
    Removed,
    /// The measure is withdrawn, or no longer so, or otherwise.
    Withdrawn,
    /// The row is in another section, or at another place among the others.
    Moved,
    /// The row is for another cohort.
    Cohort,
    /// Whether the row is rated, or whose target rates it.
    Layout,
    /// The measure's definition, its title apart.
    Definition,
    /// The figure, or the period that it is for.
    Result,
    /// How settled the figure is.
    Status,
    /// The target.
    Target,
    /// The minimum standard, apart from the target.
    Minimum,
    /// A comparator's figure.
    Benchmark,
    /// The rating rule.
    Rule,
    /// The direction method.
    Method,
    /// The rating.
    Rating,
    /// How the figure stands against a comparator's.
    Verdict,
    /// The direction of travel.
    Direction,
    /// A commentary was written, or is now about a figure that has changed.
    Commentary,
    /// An action was agreed, or is now about a figure that has changed.
    Action,
}

/// What a rating, or a verdict, can become another by. In the order in which causes are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CauseKind {
    /// The figure, its status, or the period that it is for.
    Data,
    /// The target.
    Target,
    /// The minimum standard, where there is a target on both sides.
    Minimum,
    /// The rating rule.
    Rule,
    /// The definition.
    Definition,
    /// Who is counted.
    Cohort,
    /// Whether the row is rated, and whose target rates it.
    Layout,
    /// Whether the measure is withdrawn.
    Withdrawal,
    /// The comparator's figure.
    Comparator,
    /// The list of neighbours, or how they are averaged.
    Neighbours,
}

/// A cause that is named, and what it does by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCause {
    /// Which.
    pub kind: CauseKind,
    /// In words, as in “because … changed”.
    pub words: String,
    /// What the first scorecard would say with this alone as in the second: a rating, or a verdict.
    pub alone: String,
    /// What the second scorecard would say with this alone as in the first.
    pub without: String,
    /// By how much this alone moves the first scorecard's figure against its target, in the measure's unit, above 0 for the
    /// better; for [`CauseKind::Minimum`], against its minimum standard. `None` where it is not moved, or there is nothing
    /// to measure by.
    pub moved: Option<Moved>,
}
