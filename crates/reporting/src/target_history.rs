//! What a measure's targets were: who changed them, when, why, on whose authority, and what they judge.

use domain::book::Noted;
use domain::history::{Revision, Rollbacks as _};
use domain::target::{TargetEntry, TargetKey};
use domain::time::AsOf;
use domain::{ActorId, AreaId, Book, CohortId, Date, MeasureId, Period, Position, Timestamp};

use crate::Error;
use crate::answer::{TargetChangeAnswer, TargetHistory};
use crate::reader::Reader;

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

/// Every change within the bounds, by (`known_at`, `position`).
///
/// Cost: the changes of the measure, times the periods of its series.
///
/// # Errors
/// [`Error::NotDefined`] when the measure is not there as of then.
pub fn target_history(book: &Book, question: &Question, as_of: AsOf) -> Result<TargetHistory, Error> {
    let reader = Reader::new(book, as_of);
    let definition = reader.defined(&question.measure)?.definition;
    let mut changes = Vec::new();
    for (key, history) in book.targets_of(&question.measure).filter(|(key, _)| question.asks(key)) {
        let within = history.all().filter(|r| reader.as_of.covers(r.known_at, r.position));
        for revision in within.filter(|revision| question.judged_by(&revision.value.value)) {
            changes.push(reader.change(key, revision, definition));
        }
    }
    changes.sort_by_key(|change| (change.provenance.known_at, change.provenance.position));
    Ok(TargetHistory { definition: definition.clone(), changes, basis: reader.basis() })
}

/// A change of a target as it was recorded, without what it led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetWord {
    /// What it was set for, and by whom.
    pub key: TargetKey,
    /// Which periods it judges, its terms, and the decision that set it.
    pub entry: TargetEntry,
    /// When it was known.
    pub known_at: Timestamp,
    /// Where it is in the log.
    pub position: Position,
    /// Who recorded it.
    pub actor: ActorId,
    /// Why, in words.
    pub reason: String,
}

/// Every change within the bounds, by (`known_at`, `position`): for an auditor's program, which computes the rest itself.
///
/// Cost: the changes of the measure.
pub fn target_words(book: &Book, question: &Question, as_of: AsOf) -> Vec<TargetWord> {
    let as_of = AsOf { position: book.settle(as_of.position), ..as_of };
    let mut words = Vec::new();
    for (key, history) in book.targets_of(&question.measure).filter(|(key, _)| question.asks(key)) {
        let judging = history.all().filter(|it| question.judged_by(&it.value.value));
        for revision in judging.filter(|it| as_of.covers(it.known_at, it.position)) {
            let Some(received) = book.submission(revision.submission) else { continue };
            words.push(TargetWord {
                key: key.clone(),
                entry: revision.value.value.clone(),
                known_at: revision.known_at,
                position: revision.position,
                actor: received.actor.id.clone(),
                reason: revision.value.why.reason.clone(),
            });
        }
    }
    words.sort_by_key(|word| (word.known_at, word.position));
    words
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

impl Reader<'_> {
    fn change(
        &self,
        key: &TargetKey,
        revision: &Revision<Noted<TargetEntry>>,
        definition: &domain::measure::Definition,
    ) -> TargetChangeAnswer {
        let entry = &revision.value.value;
        let judged = self.judged_periods(key, entry);
        let stands = |day: Date| {
            let standing = self.book.target(key, day, self.as_of);
            standing.is_some_and(|standing| standing.position == revision.position)
        };
        // Where it stands at all, it does on its first day or on the day after another change's span ends.
        let ends = self.book.targets_of(&key.measure).filter(|(other, _)| *other == key);
        let ends = ends.flat_map(|(_, history)| history.all()).filter_map(|other| other.value.value.span.to);
        let mut days = [entry.span.from].into_iter().chain(ends).filter(|day| entry.span.holds_day(*day));
        let known_before = judged
            .iter()
            .filter(|period| self.set_after_result(revision, self.book.figures(&series_of(key)), **period));
        TargetChangeAnswer {
            key: key.clone(),
            span: entry.span,
            terms: entry.terms,
            display: entry
                .terms
                .map_or_else(|| "withdrawn".to_owned(), |terms| ratings::words::target(definition, terms.target)),
            minimum_display: entry.terms.and_then(|terms| ratings::words::minimum(definition, terms.minimum)),
            decision: entry.decision.clone(),
            rolled_back: self.book.rolled_back(revision.submission, self.as_of),
            standing: days.any(stands),
            n_results_known_before: u32::try_from(known_before.count()).unwrap_or(u32::MAX),
            provenance: self.provenance(revision),
        }
    }

    /// The periods of the target's own area and cohort that its span holds and that have a result.
    fn judged_periods(&self, key: &TargetKey, entry: &TargetEntry) -> Vec<Period> {
        let series = series_of(key);
        let figures = self.book.figures(&series);
        let stands = |period: &Period| figures.standing(*period, self.as_of).is_some();
        figures.periods().filter(|period| entry.span.holds(*period)).filter(stands).collect()
    }
}

fn series_of(key: &TargetKey) -> domain::Series {
    domain::Series { measure: key.measure.clone(), area: key.area.clone(), cohort: key.cohort.clone() }
}
