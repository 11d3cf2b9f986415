//! What a measure's targets were: who changed them, when, why, on whose authority, and what they judge.

mod judged;
mod recorded;

use std::collections::BTreeSet;

use domain::book::{MeasureState, MeasureStates, Noted, StoredResult};
use domain::history::{History, Revision, Rollbacks as _};
use domain::measure::Definition;
use domain::period::DayNumber;
use domain::target::{TargetEntry, TargetKey};
use domain::time::AsOf;
use domain::{AreaId, Book, CohortId, Date, MeasureId, Period, Position, ScorecardId, Span};

use crate::Error;
use crate::answer::{Basis, TargetChangeAnswer, TargetHistory};
use crate::reader::Reader;
use crate::row::set_after;

pub use recorded::{CameWith, RecordedTarget, RecordedTargets, recorded_targets};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Of which measure.
    pub measure: MeasureId,
    /// Set for this area; any without.
    pub area: Option<AreaId>,
    /// Set for this cohort; any without.
    pub cohort: Option<CohortId>,
    /// Judging this period; any without.
    pub period: Option<Period>,
}

/// What is told beside the changes themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extent {
    /// Also what each change judges, and how it is rated under it: a look at each of those results.
    pub judged: bool,
    /// Only changes of which something stands: what the target is within the bounds, and for which periods.
    pub standing_only: bool,
}

/// Every change within the bounds, by (`known_at`, `position`).
///
/// Cost: for each key, the periods of its series and its changes; for each change, a look at both.
///
/// # Errors
/// [`Error::NotDefined`] when the measure is not there as of then.
pub fn target_history(book: &Book, question: &Question, extent: Extent, as_of: AsOf) -> Result<TargetHistory, Error> {
    let reader = Reader::new(book, as_of);
    let mut history = reader.targets(&question.measure, |key| question.asks(key), extent)?;
    history.changes.retain(|change| question.period.is_none_or(|period| change.span.holds(period)));
    Ok(history)
}

/// Asks for the targets of a scorecard's measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfScorecard {
    /// Which scorecard.
    pub scorecard: ScorecardId,
    /// Set for this area, or for one that contains it.
    pub area: AreaId,
}

/// The targets of every row of a scorecard, in its order, each measure and cohort once.
///
/// Cost: that of [`target_history`] for each row.
///
/// # Errors
/// [`Error::NotDefined`] when the scorecard is not there as of then.
pub fn of_scorecard(
    book: &Book,
    question: &OfScorecard,
    extent: Extent,
    as_of: AsOf,
) -> Result<(Vec<TargetHistory>, Basis), Error> {
    let reader = Reader::new(book, as_of);
    let id = &question.scorecard;
    let missing = || Error::NotDefined { what: "scorecard", code: id.to_string() };
    let state = book.scorecard(id, reader.as_of).ok_or_else(missing)?;
    reader.rests_on(state);
    let areas = reader.area_and_containing(&question.area);
    let mut told = BTreeSet::new();
    let mut histories = Vec::new();
    for row in state.value.value.layout.rows().filter(|row| told.insert((&row.measure, &row.cohort))) {
        let asks = |key: &TargetKey| key.cohort == row.cohort && areas.contains(&key.area);
        histories
            .push(TargetHistory { cohort: Some(row.cohort.clone()), ..reader.targets(&row.measure, asks, extent)? });
    }
    Ok((histories, reader.basis()))
}

impl Question {
    fn asks(&self, key: &TargetKey) -> bool {
        self.area.as_ref().is_none_or(|area| *area == key.area)
            && self.cohort.as_ref().is_none_or(|cohort| *cohort == key.cohort)
    }

    fn judged_by(&self, entry: &TargetEntry) -> bool {
        self.period.is_none_or(|period| entry.span.holds(period))
    }
}

/// Room for as many periods as most series have: ten years of months.
const N_PERIODS: usize = 120;

/// One key, and what its changes may judge.
struct Told<'a> {
    key: &'a TargetKey,
    definition: &'a Definition,
    /// What was ever said of the measure.
    states: Option<MeasureStates<'a>>,
    /// Of every period of the target's own area and cohort that has a result: its last day, and what was first known.
    results: Vec<(DayNumber, StoredResult<'a>)>,
}

impl Told<'_> {
    /// How many results that a change may judge were known when it was recorded.
    fn n_known_before(&self, change: &Revision<Noted<TargetEntry>>) -> usize {
        let span = change.value.value.span;
        let before = |day: DayNumber| self.results.partition_point(|(last_day, _)| *last_day < day);
        let judged =
            before(DayNumber::of(span.from))..span.to.map_or(self.results.len(), |to| before(DayNumber::of(to)));
        let judged = self.results.get(judged).unwrap_or_default();
        judged.iter().filter(|(_, first)| set_after(change, *first)).count()
    }

    /// The definition that a change was set under.
    fn set_under(&self, change: &Revision<Noted<TargetEntry>>) -> &Definition {
        let then = AsOf { known_at: Some(change.known_at), position: change.position };
        let definition = self.states.and_then(|states| states.definition(then));
        match definition.map(|(revision, _)| &revision.value.value) {
            Some(MeasureState::Defined(set_under)) => set_under,
            Some(MeasureState::Withdrawn(_)) | None => self.definition,
        }
    }
}

impl Reader<'_> {
    /// A measure's changes of the keys that are asked for.
    pub(crate) fn targets(
        &self,
        measure: &MeasureId,
        asks: impl Fn(&TargetKey) -> bool,
        extent: Extent,
    ) -> Result<TargetHistory, Error> {
        let states = self.book.measure(measure);
        let definition = self.defined_of(measure, states)?.definition;
        let mut changes = Vec::new();
        for (key, history) in self.book.targets_of(measure).filter(|(key, _)| asks(key)) {
            let within = || history.all().filter(|r| self.as_of.covers(r.known_at, r.position));
            let n_changes = within().count();
            if n_changes == 0 {
                continue;
            }
            changes.reserve(n_changes);
            let mut results = Vec::with_capacity(N_PERIODS);
            // Each is handed over, which costs half as much as asking for the next.
            self.book.figures(&series_of(key)).first_known(self.as_of).for_each(|first| results.push(first));
            let told = Told { key, definition, states, results };
            let mut stands = self.stands(history);
            for revision in within() {
                let stands = stands.pop_if(|(position, _)| *position == revision.position);
                let (_, stands) = stands.unwrap_or_default();
                if !extent.standing_only || !stands.is_empty() {
                    changes.push(self.change(&told, revision, stands, extent));
                }
            }
        }
        let order = |change: &TargetChangeAnswer| (change.provenance.known_at, change.provenance.position);
        // Those of one key are in order already, and large.
        if !changes.is_sorted_by_key(order) {
            changes.sort_by_key(order);
        }
        Ok(TargetHistory { definition: definition.clone(), cohort: None, changes, basis: self.basis() })
    }

    /// For which days each change of a key is the target, newest first, by its position; without those rolled back.
    fn stands(&self, history: &History<Noted<TargetEntry>>) -> Vec<(Position, Vec<Span>)> {
        let newest_first = history.newest_first(self.as_of, self.book).map(|it| (it, Vec::new()));
        let mut newest_first: Vec<(_, Vec<Span>)> = newest_first.collect();
        // Nothing changes between one end of a span and the next.
        let ends = newest_first.iter().flat_map(|(it, _)| [Some(it.value.value.span.from), it.value.value.span.to]);
        let mut ends: Vec<Date> = ends.flatten().collect();
        ends.sort_unstable();
        ends.dedup();
        let nexts = ends.iter().skip(1).map(|day| Some(*day)).chain([None]);
        for (from, to) in ends.iter().copied().zip(nexts) {
            let last_word = newest_first.iter_mut().find(|(it, _)| it.value.value.span.holds_day(from));
            let Some((_, spans)) = last_word.filter(|(it, _)| it.value.value.terms.is_some()) else { continue };
            match spans.last_mut().filter(|last| last.to == Some(from)) {
                Some(last) => last.to = to,
                None => spans.push(Span { from, to }),
            }
        }
        newest_first.into_iter().map(|(it, spans)| (it.position, spans)).collect()
    }

    fn change(
        &self,
        told: &Told<'_>,
        revision: &Revision<Noted<TargetEntry>>,
        stands: Vec<Span>,
        extent: Extent,
    ) -> TargetChangeAnswer {
        let entry = &revision.value.value;
        // A standard that was set as “60% or more” is never shown as “60% or less” because the polarity changed since.
        let set_under = told.set_under(revision);
        TargetChangeAnswer {
            key: told.key.clone(),
            span: entry.span,
            terms: entry.terms,
            display: entry
                .terms
                .map_or_else(|| "withdrawn".to_owned(), |terms| ratings::words::target(set_under, terms.target)),
            minimum_display: entry.terms.and_then(|terms| ratings::words::minimum(set_under, terms.minimum)),
            decision: entry.decision.clone(),
            rolled_back: self.book.rolled_back(revision.submission, self.as_of),
            rolled_back_later: self
                .book
                .submission(revision.submission)
                .and_then(|received| received.rolled_back_later(self.as_of))
                .map(|at| self.book.day(at)),
            standing: !stands.is_empty(),
            stands,
            n_results_known_before: u32::try_from(told.n_known_before(revision)).unwrap_or(u32::MAX),
            judged: extent.judged.then(|| self.judged(told.key, revision, told.definition)),
            provenance: self.provenance(revision),
        }
    }
}

pub(crate) fn series_of(key: &TargetKey) -> domain::Series {
    domain::Series { measure: key.measure.clone(), area: key.area.clone(), cohort: key.cohort.clone() }
}
