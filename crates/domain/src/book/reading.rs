//! Reading the book: what was received, and what stands within bounds.

use std::collections::{BTreeMap, BTreeSet};

use super::measures::{Definitions, Said, StoredDefinition};
use super::{Action, Book, Commentary, MeasureState, Noted, Received, ScorecardState};
use crate::event::{AreaDefined, BenchmarkRecorded, CohortDefined, NeighboursAdopted, RuleAdopted};
use crate::history::{History, Revision, Rollbacks, SubmissionNumber};
use crate::ids::{ActorId, AreaId, CohortId, Digest, MeasureId, Position, ScorecardId, SubmissionId, ViewId};
use crate::measure::Content;
use crate::result::Cell;
use crate::target::{TargetEntry, TargetKey};
use crate::time::{AsOf, Date};
use crate::view::{CommitteeActRecorded, LateFigureTold, ViewPublished};

/// What was received, and what stands within bounds.
impl Book {
    /// A submission by its number.
    pub fn submission(&self, number: SubmissionNumber) -> Option<&Received> {
        self.submissions.get(usize::try_from(number.0).ok()?)
    }

    /// A submission by its identifier.
    pub fn received(&self, id: SubmissionId) -> Option<(SubmissionNumber, &Received)> {
        let number = *self.submission_numbers.get(&id)?;
        Some((number, self.submission(number)?))
    }

    /// Who put in a submission's rollback or reinstatement, by its position: it is alone in its own submission, so that
    /// none begins between that one's first record and it. Cost: a binary search among the submissions.
    pub fn undone_by(&self, position: Position) -> Option<&ActorId> {
        let n = self.submissions.partition_point(|received| received.first <= position);
        self.submissions.get(n.checked_sub(1)?).map(|received| &received.actor.id)
    }

    /// All submissions, in the order in which they were taken in.
    pub fn submissions(&self) -> &[Received] {
        &self.submissions
    }

    /// The text of a content; `None` when it is not in the log or is not UTF-8.
    pub fn text(&self, content: &Content) -> Option<String> {
        match content {
            Content::Inline(text) => Some(text.clone()),
            Content::Stored { digest, .. } => String::from_utf8(self.contents.get(digest)?.clone()).ok(),
        }
    }

    /// A book to draft on: empty, but going on `n_records` after this one's head.
    pub(crate) fn draft(&self, n_records: u64) -> Self {
        Self { head: self.head.plus(n_records), ..Self::default() }
    }

    /// Every definition, to be lent together.
    pub const fn definitions(&self) -> &Definitions {
        self.measures.definitions()
    }

    /// True when a text content is stored.
    pub fn stores(&self, digest: &Digest) -> bool {
        self.contents.contains_key(digest)
    }

    /// Everything that was ever said of a measure itself, looked up once.
    pub fn measure(&self, measure: &MeasureId) -> Option<MeasureStates<'_>> {
        Some(MeasureStates { book: self, said: self.measures.said_of(measure)? })
    }

    /// The measure's definition that stands, or, when it was defined only later, its earliest with `true`.
    pub fn definition(&self, measure: &MeasureId, as_of: AsOf) -> Option<(&Revision<Noted<MeasureState>>, bool)> {
        self.measure(measure)?.definition(as_of)
    }

    /// The same, by rollbacks that are seen otherwise.
    pub(crate) fn definition_by<'a>(
        &'a self,
        measure: &MeasureId,
        as_of: AsOf,
        rollbacks: &'a impl Rollbacks,
    ) -> Option<(&'a Revision<Noted<MeasureState>>, bool)> {
        definition(self.said_of(measure)?, as_of, rollbacks)
    }

    /// What was ever said of a measure itself; nothing, too, of one that only results or targets are about. Cost: one hash.
    pub(crate) fn said_of(&self, measure: &MeasureId) -> Option<&History<Noted<MeasureState>>> {
        Some(&self.measures.numbered(self.columns.measure(measure)?)?.history)
    }

    /// The withdrawal of a measure that stands, if its last word is one.
    pub fn withdrawal(&self, measure: &MeasureId, as_of: AsOf) -> Option<&Revision<Noted<MeasureState>>> {
        let last = self.measure(measure)?.last(as_of)?;
        matches!(last.value.value, MeasureState::Withdrawn(_)).then_some(last)
    }

    /// An area as it is called, or its earliest name when it was defined only later.
    pub fn area(&self, area: &AreaId, as_of: AsOf) -> Option<&Revision<Noted<AreaDefined>>> {
        let history = self.areas.get(area)?;
        history.standing(as_of, self).or_else(|| history.earliest(as_of.position, self))
    }

    /// A cohort as it is called, or its earliest name when it was defined only later.
    pub fn cohort(&self, cohort: &CohortId, as_of: AsOf) -> Option<&Revision<Noted<CohortDefined>>> {
        let history = self.cohorts.get(cohort)?;
        history.standing(as_of, self).or_else(|| history.earliest(as_of.position, self))
    }

    /// The last word about a scorecard, for whichever periods it is.
    pub fn scorecard(&self, scorecard: &ScorecardId, as_of: AsOf) -> Option<&Revision<Noted<ScorecardState>>> {
        self.scorecards.get(scorecard)?.standing(as_of, self)
    }

    /// A scorecard as it is laid out for periods with this last day: of what stands the one that holds from the latest day
    /// that is not after it; of one day, the last word. Cost: the scorecard's revisions.
    pub fn scorecard_for(
        &self,
        scorecard: &ScorecardId,
        last_day: Date,
        as_of: AsOf,
    ) -> Option<&Revision<Noted<ScorecardState>>> {
        let from = |revision: &Revision<Noted<ScorecardState>>| revision.value.value.remit.from;
        let mut best: Option<&Revision<Noted<ScorecardState>>> = None;
        for revision in self.scorecards.get(scorecard)?.newest_first(as_of, self) {
            let holds = from(revision).is_none_or(|from| from <= last_day);
            if holds && best.is_none_or(|found| from(revision) > from(found)) {
                best = Some(revision);
            }
        }
        best
    }

    /// Every layout of a scorecard that stands, one for each day that one holds from, earliest first.
    pub fn scorecard_layouts(&self, scorecard: &ScorecardId, as_of: AsOf) -> Vec<&Revision<Noted<ScorecardState>>> {
        let mut layouts = BTreeMap::new();
        for revision in self.scorecards.get(scorecard).into_iter().flat_map(|history| history.newest_first(as_of, self))
        {
            layouts.entry(revision.value.value.remit.from).or_insert(revision);
        }
        layouts.into_values().collect()
    }

    /// The first to be known of a scorecard's layouts within a bound on the position.
    pub fn first_scorecard(&self, scorecard: &ScorecardId, as_of: AsOf) -> Option<&Revision<Noted<ScorecardState>>> {
        self.scorecards.get(scorecard)?.newest_first(as_of, self).last()
    }

    /// The target of one key that judges periods with this last day: the last word about it, unless a withdrawal.
    pub fn target(&self, key: &TargetKey, last_day: Date, as_of: AsOf) -> Option<&Revision<Noted<TargetEntry>>> {
        self.last_target(key, last_day, as_of).filter(|revision| revision.value.value.terms.is_some())
    }

    fn last_target(&self, key: &TargetKey, last_day: Date, as_of: AsOf) -> Option<&Revision<Noted<TargetEntry>>> {
        self.targets.get(key)?.newest_first(as_of, self).find(|r| r.value.value.span.holds_day(last_day))
    }

    /// Every change of a measure's targets, by key. Cost: the logarithm of the number of keys.
    pub fn targets_of<'a>(
        &'a self,
        measure: &'a MeasureId,
    ) -> impl Iterator<Item = (&'a TargetKey, &'a History<Noted<TargetEntry>>)> {
        let all = self.targets.range(TargetKey::first_of(measure)..);
        all.take_while(move |(key, _)| key.measure == *measure)
    }

    /// The benchmarks that stand beside a cell, by comparator.
    pub fn benchmarks(&self, cell: &Cell, as_of: AsOf) -> Vec<&Revision<Noted<BenchmarkRecorded>>> {
        self.benchmarks
            .get(cell)
            .into_iter()
            .flat_map(BTreeMap::values)
            .filter_map(|history| history.standing(as_of, self))
            .collect()
    }

    /// The list of an area's neighbours for the last day of a period: of the lists that stand, the one that holds from the
    /// latest day that is not after it; of one day, the last to be adopted. Cost: the number of the area's lists.
    pub fn neighbours(
        &self,
        area: &AreaId,
        last_day: Date,
        as_of: AsOf,
    ) -> Option<&Revision<Noted<NeighboursAdopted>>> {
        let lists = self.neighbour_lists.get(area)?.iter().filter_map(|list| self.neighbours.get(list));
        lists
            .filter_map(|history| history.standing(as_of, self))
            .filter(|revision| revision.value.value.area == *area && revision.value.value.from <= last_day)
            .max_by_key(|revision| (revision.value.value.from, revision.known_at, revision.position))
    }

    /// What was written about a cell within the bounds, oldest first.
    pub fn commentary(&self, cell: &Cell, as_of: AsOf) -> Vec<&Revision<Noted<Commentary>>> {
        oldest_first(self.commentary.get(cell), as_of, self)
    }

    /// What was agreed about a cell within the bounds, oldest first.
    pub fn actions(&self, cell: &Cell, as_of: AsOf) -> Vec<&Revision<Noted<Action>>> {
        oldest_first(self.actions.get(cell), as_of, self)
    }

    /// A view, if it was published by a position. No bound on what was known and no rollback takes it out.
    pub fn view(&self, view: &ViewId, position: Position) -> Option<&Revision<Noted<ViewPublished>>> {
        self.views.get(view).filter(|revision| revision.position <= position)
    }

    /// Every view that was published by a position, in code order. Cost: all of them.
    pub fn views(&self, position: Position) -> impl Iterator<Item = &Revision<Noted<ViewPublished>>> {
        self.views.values().filter(move |revision| revision.position <= position)
    }

    /// What committees did with a view, within the bounds, oldest first.
    pub fn committee_acts(&self, view: &ViewId, as_of: AsOf) -> Vec<&Revision<Noted<CommitteeActRecorded>>> {
        oldest_first(self.committee_acts.get(view), as_of, self)
    }

    /// The figures that were told beside a view, within the bounds, oldest first.
    pub fn late_figures(&self, view: &ViewId, as_of: AsOf) -> Vec<&Revision<Noted<LateFigureTold>>> {
        oldest_first(self.late_figures.get(view), as_of, self)
    }

    /// The rating rule for a measure and the last day of a period: the measure's own before the general one, and of
    /// each the one adopted from the latest day that is not after it.
    ///
    /// Without a measure, that of the measures that have none of their own.
    pub fn rating_rule(&self, measure: Option<&MeasureId>, last_day: Date, as_of: AsOf) -> Option<&RuleAdopted> {
        self.rating_rule_adoption(measure, last_day, as_of).map(|revision| &revision.value.value)
    }

    /// The same, with where it is recorded.
    pub fn rating_rule_adoption(
        &self,
        measure: Option<&MeasureId>,
        last_day: Date,
        as_of: AsOf,
    ) -> Option<&Revision<Noted<RuleAdopted>>> {
        adopted(&self.rating_rules, measure, last_day, as_of, self)
    }

    /// The direction method, chosen as the rating rule is.
    pub fn direction_method(&self, measure: Option<&MeasureId>, last_day: Date, as_of: AsOf) -> Option<&RuleAdopted> {
        self.direction_method_adoption(measure, last_day, as_of).map(|revision| &revision.value.value)
    }

    /// The same, with where it is recorded.
    pub fn direction_method_adoption(
        &self,
        measure: Option<&MeasureId>,
        last_day: Date,
        as_of: AsOf,
    ) -> Option<&Revision<Noted<RuleAdopted>>> {
        adopted(&self.direction_methods, measure, last_day, as_of, self)
    }

    /// The measures that a rule or a method was ever adopted for by name.
    pub fn measures_with_rules(&self) -> BTreeSet<&MeasureId> {
        let adopted = self.rating_rules.all().chain(self.direction_methods.all());
        adopted.filter_map(|revision| revision.value.value.measure.as_ref()).collect()
    }

    /// All measures, areas and scorecards ever defined, in code order.
    pub fn measure_ids(&self) -> impl Iterator<Item = &MeasureId> {
        self.measures.keys()
    }

    /// Every name that an area has or had, in code order; a name may be there several times. Cost: all of them.
    pub fn area_names(&self) -> impl Iterator<Item = (&AreaId, &str)> {
        let head = AsOf { known_at: None, position: self.head() };
        self.areas.iter().flat_map(move |(area, history)| {
            history.newest_first(head, self).map(move |revision| (area, revision.value.value.name.as_str()))
        })
    }

    /// All areas ever defined, in code order.
    pub fn area_ids(&self) -> impl Iterator<Item = &AreaId> {
        self.areas.keys()
    }

    /// All scorecards ever defined, in code order.
    pub fn scorecard_ids(&self) -> impl Iterator<Item = &ScorecardId> {
        self.scorecards.keys()
    }

    /// An actor's name, as it is known now: names are erasable and belong to no answer's bounds.
    pub fn actor_name(&self, actor: &ActorId) -> Option<&str> {
        let revision = self.actors.get(actor)?.standing(AsOf::position(self.head), self)?;
        Some(&revision.value.value)
    }
}

/// What was ever said of a measure itself.
#[derive(Clone, Copy)]
pub struct MeasureStates<'a> {
    book: &'a Book,
    said: &'a Said,
}

impl<'a> MeasureStates<'a> {
    pub(super) const fn new(book: &'a Book, said: &'a Said) -> Self {
        Self { book, said }
    }

    /// Every word on it, by (`known_at`, `position`), rolled back ones included.
    pub fn all(self) -> impl Iterator<Item = &'a Revision<Noted<MeasureState>>> {
        self.said.history.all()
    }

    /// The definition that stands, or, when it was defined only later, its earliest with `true`.
    pub fn definition(self, as_of: AsOf) -> Option<(&'a Revision<Noted<MeasureState>>, bool)> {
        definition(&self.said.history, as_of, self.book)
    }

    /// The last word on it: a definition, or a withdrawal.
    pub fn last(self, as_of: AsOf) -> Option<&'a Revision<Noted<MeasureState>>> {
        self.said.history.standing(as_of, self.book)
    }

    /// The definition that stands; `None` as well where the last word is a withdrawal. Cost: a few steps.
    #[inline]
    pub fn defined(self, as_of: AsOf) -> Option<StoredDefinition> {
        self.said.standing(as_of, self.book)
    }

    /// The definition that the record at a position gave.
    pub fn defined_at(self, position: Position) -> Option<StoredDefinition> {
        self.said.given_at(position)
    }
}

fn oldest_first<'a, T>(history: Option<&'a History<T>>, as_of: AsOf, book: &'a Book) -> Vec<&'a Revision<T>> {
    let mut found: Vec<_> = history.into_iter().flat_map(|history| history.newest_first(as_of, book)).collect();
    found.reverse();
    found
}

fn definition<'a>(
    history: &'a History<Noted<MeasureState>>,
    as_of: AsOf,
    rollbacks: &'a impl Rollbacks,
) -> Option<(&'a Revision<Noted<MeasureState>>, bool)> {
    let defined = |r: &&Revision<Noted<MeasureState>>| matches!(r.value.value, MeasureState::Defined(_));
    match history.newest_first(as_of, rollbacks).find(defined) {
        Some(revision) => Some((revision, false)),
        None => history
            .all()
            .filter(|r| r.position <= as_of.position)
            .filter(|r| !rollbacks.rolled_back(r.submission, AsOf::position(as_of.position)))
            .find(defined)
            .map(|revision| (revision, true)),
    }
}

/// The adoption that holds for a day; where none was known yet, the earliest to be known of those in the log.
fn adopted<'a>(
    history: &'a History<Noted<RuleAdopted>>,
    measure: Option<&MeasureId>,
    last_day: Date,
    as_of: AsOf,
    book: &'a Book,
) -> Option<&'a Revision<Noted<RuleAdopted>>> {
    let latest = |own: bool| {
        let mut best: Option<&'a Revision<Noted<RuleAdopted>>> = None;
        for revision in history.newest_first(as_of, book) {
            let rule = &revision.value.value;
            let scoped = if own { rule.measure.as_ref() == measure } else { rule.measure.is_none() };
            if scoped && rule.from <= last_day && best.is_none_or(|found| rule.from > found.value.value.from) {
                best = Some(revision);
            }
        }
        best
    };
    let earliest = || {
        let all = AsOf::position(as_of.position);
        let counts = |r: &&Revision<Noted<RuleAdopted>>| {
            let rule = &r.value.value;
            let for_the_day = rule.measure.is_none() && rule.from <= last_day;
            for_the_day && r.position <= as_of.position && !book.rolled_back(r.submission, all)
        };
        history.all().find(counts)
    };
    measure.and_then(|_| latest(true)).or_else(|| latest(false)).or_else(earliest)
}
