//! Reading the book: what was received, and what stands within bounds.

use std::collections::BTreeMap;

use super::{Book, Commentary, MeasureState, Noted, Received, ScorecardState};
use crate::event::{AreaDefined, BenchmarkRecorded, CohortDefined, RuleAdopted};
use crate::history::{History, Revision, Rollbacks, SubmissionNumber};
use crate::ids::{ActorId, AreaId, CohortId, Digest, MeasureId, ScorecardId, SubmissionId};
use crate::measure::Content;
use crate::period::Period;
use crate::result::{Cell, ResultEntry, Series};
use crate::target::{TargetEntry, TargetKey};
use crate::time::{AsOf, Date};

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

    /// True when a text content is stored.
    pub fn stores(&self, digest: &Digest) -> bool {
        self.contents.contains_key(digest)
    }

    /// The measure's definition that stands, or, when it was defined only later, its earliest with `true`.
    pub fn definition(&self, measure: &MeasureId, as_of: AsOf) -> Option<(&Revision<Noted<MeasureState>>, bool)> {
        self.definition_by(measure, as_of, self)
    }

    /// The same, by rollbacks that are seen otherwise.
    pub(crate) fn definition_by<'a>(
        &'a self,
        measure: &MeasureId,
        as_of: AsOf,
        rollbacks: &'a impl Rollbacks,
    ) -> Option<(&'a Revision<Noted<MeasureState>>, bool)> {
        let history = self.measures.get(measure)?;
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

    /// The withdrawal of a measure that stands, if its last word is one.
    pub fn withdrawal(&self, measure: &MeasureId, as_of: AsOf) -> Option<&Revision<Noted<MeasureState>>> {
        let last = self.measures.get(measure)?.standing(as_of, self)?;
        matches!(last.value.value, MeasureState::Withdrawn(_)).then_some(last)
    }

    /// An area as it is called, or its earliest name when it was defined only later.
    pub fn area(&self, area: &AreaId, as_of: AsOf) -> Option<&Revision<Noted<AreaDefined>>> {
        let history = self.areas.get(area)?;
        history.standing(as_of, self).or_else(|| history.earliest(as_of.position, self))
    }

    /// All names that an area has or had, oldest first.
    pub fn area_names<'a>(&'a self, area: &AreaId) -> impl Iterator<Item = &'a str> + use<'a> {
        let all = self.areas.get(area).into_iter().flat_map(History::all);
        all.map(|revision| revision.value.value.name.as_str())
    }

    /// A cohort as it is called, or its earliest name when it was defined only later.
    pub fn cohort(&self, cohort: &CohortId, as_of: AsOf) -> Option<&Revision<Noted<CohortDefined>>> {
        let history = self.cohorts.get(cohort)?;
        history.standing(as_of, self).or_else(|| history.earliest(as_of.position, self))
    }

    /// A scorecard's layout.
    pub fn scorecard(&self, scorecard: &ScorecardId, as_of: AsOf) -> Option<&Revision<Noted<ScorecardState>>> {
        self.scorecards.get(scorecard)?.standing(as_of, self)
    }

    /// The first to be known of a scorecard's layouts within a bound on the position.
    pub fn first_scorecard(&self, scorecard: &ScorecardId, as_of: AsOf) -> Option<&Revision<Noted<ScorecardState>>> {
        self.scorecards.get(scorecard)?.newest_first(as_of, self).last()
    }

    /// The result that stands in a cell: its last word, unless that is a withdrawal.
    pub fn result(&self, cell: &Cell, as_of: AsOf) -> Option<&Revision<Noted<Option<ResultEntry>>>> {
        self.last_result(cell, as_of).filter(|revision| revision.value.value.is_some())
    }

    pub(crate) fn last_result(&self, cell: &Cell, as_of: AsOf) -> Option<&Revision<Noted<Option<ResultEntry>>>> {
        self.results.get(&cell.series)?.get(&cell.period)?.standing(as_of, self)
    }

    /// Everything that was ever recorded for a series, looked up once.
    pub fn figures(&self, series: &Series) -> Figures<'_> {
        Figures { book: self, periods: self.results.get(series) }
    }

    /// Every period that was ever recorded for a series with its revisions, earliest period first.
    pub fn periods(
        &self,
        series: &Series,
    ) -> impl DoubleEndedIterator<Item = (Period, &History<Noted<Option<ResultEntry>>>)> {
        self.results.get(series).into_iter().flatten().map(|(period, history)| (*period, history))
    }

    /// Every series that was ever recorded, in order.
    pub fn all_series(&self) -> impl Iterator<Item = &Series> {
        self.results.keys()
    }

    /// Every series that was ever recorded, from one on, in order. Cost: the logarithm of their number.
    pub fn series_from<'a>(&'a self, first: &Series) -> impl Iterator<Item = &'a Series> + use<'a> {
        self.results.range(first..).map(|(series, _)| series)
    }

    /// The target of one key that judges periods with this last day: the last word about it, unless a withdrawal.
    pub fn target(&self, key: &TargetKey, last_day: Date, as_of: AsOf) -> Option<&Revision<Noted<TargetEntry>>> {
        self.last_target(key, last_day, as_of).filter(|revision| revision.value.value.terms.is_some())
    }

    fn last_target(&self, key: &TargetKey, last_day: Date, as_of: AsOf) -> Option<&Revision<Noted<TargetEntry>>> {
        self.targets.get(key)?.newest_first(as_of, self).find(|r| r.value.value.span.holds_day(last_day))
    }

    /// Every change of a measure's targets, by key.
    pub fn targets_of(&self, measure: &MeasureId) -> impl Iterator<Item = (&TargetKey, &History<Noted<TargetEntry>>)> {
        self.targets.iter().filter(move |(key, _)| key.measure == *measure)
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

    /// What was written about a cell within the bounds, oldest first.
    pub fn commentary(&self, cell: &Cell, as_of: AsOf) -> Vec<&Revision<Noted<Commentary>>> {
        let mut found: Vec<_> =
            self.commentary.get(cell).into_iter().flat_map(|history| history.newest_first(as_of, self)).collect();
        found.reverse();
        found
    }

    /// The rating rule for a measure and the last day of a period: the measure's own before the general one, and of
    /// each the one adopted from the latest day that is not after it.
    pub fn rating_rule(&self, measure: &MeasureId, last_day: Date, as_of: AsOf) -> Option<&RuleAdopted> {
        adopted(&self.rating_rules, measure, last_day, as_of, self)
    }

    /// The direction method, chosen as the rating rule is.
    pub fn direction_method(&self, measure: &MeasureId, last_day: Date, as_of: AsOf) -> Option<&RuleAdopted> {
        adopted(&self.direction_methods, measure, last_day, as_of, self)
    }

    /// All measures, areas and scorecards ever defined, in code order.
    pub fn measure_ids(&self) -> impl Iterator<Item = &MeasureId> {
        self.measures.keys()
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

    /// How many cells ever had a result.
    pub fn n_cells(&self) -> usize {
        self.results.values().map(BTreeMap::len).sum()
    }
}

/// The figures of one series, by period.
#[derive(Clone, Copy)]
pub struct Figures<'a> {
    book: &'a Book,
    periods: Option<&'a super::Results>,
}

impl<'a> Figures<'a> {
    /// The result that stands for a period: its last word, unless that is a withdrawal.
    pub fn standing(&self, period: Period, as_of: AsOf) -> Option<&'a Revision<Noted<Option<ResultEntry>>>> {
        let revision = self.periods?.get(&period)?.standing(as_of, self.book)?;
        revision.value.value.is_some().then_some(revision)
    }

    /// Every revision of a period.
    pub fn history(&self, period: Period) -> Option<&'a History<Noted<Option<ResultEntry>>>> {
        self.periods?.get(&period)
    }

    /// Every period that ends when this one does or earlier, latest first.
    pub fn until(&self, period: Period) -> impl Iterator<Item = Period> + use<'a> {
        let earlier = move |later: &Period| later.last_day() > period.last_day();
        self.periods.into_iter().flat_map(|periods| periods.keys().rev().copied()).skip_while(earlier)
    }

    /// Every period after this one, earliest first.
    pub fn after(&self, period: Period) -> impl Iterator<Item = Period> + use<'a> {
        let range = (std::ops::Bound::Excluded(period), std::ops::Bound::Unbounded);
        self.periods.into_iter().flat_map(move |periods| periods.range(range).map(|(period, _)| *period))
    }
}

/// The adoption that holds for a day; where none was known yet, the earliest to be known of those in the log.
fn adopted<'a>(
    history: &'a History<Noted<RuleAdopted>>,
    measure: &MeasureId,
    last_day: Date,
    as_of: AsOf,
    book: &'a Book,
) -> Option<&'a RuleAdopted> {
    let latest = |own: bool| {
        let mut best: Option<&'a RuleAdopted> = None;
        for revision in history.newest_first(as_of, book) {
            let rule = &revision.value.value;
            let scoped = if own { rule.measure.as_ref() == Some(measure) } else { rule.measure.is_none() };
            if scoped && rule.from <= last_day && best.is_none_or(|found| rule.from > found.from) {
                best = Some(rule);
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
        history.all().find(counts).map(|r| &r.value.value)
    };
    latest(true).or_else(|| latest(false)).or_else(earliest)
}
