//! What a measure's targets were: who changed them, when, why, on whose authority, and what they judge.

use domain::book::{Noted, StoredResult};
use domain::history::{History, Revision, Rollbacks as _};
use domain::period::DayNumber;
use domain::target::{TargetEntry, TargetKey};
use domain::time::AsOf;
use domain::{ActorId, AreaId, Book, CohortId, Date, MeasureId, Period, Position, Timestamp};

use crate::Error;
use crate::answer::{TargetChangeAnswer, TargetHistory};
use crate::reader::Reader;
use crate::row::set_after;

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
/// Cost: for each key, the periods of its series and its changes; for each change, a look at both.
///
/// # Errors
/// [`Error::NotDefined`] when the measure is not there as of then.
pub fn target_history(book: &Book, question: &Question, as_of: AsOf) -> Result<TargetHistory, Error> {
    let reader = Reader::new(book, as_of);
    let definition = reader.defined(&question.measure)?.definition;
    let mut changes = Vec::new();
    for (key, history) in book.targets_of(&question.measure).filter(|(key, _)| question.asks(key)) {
        let within = history.all().filter(|r| reader.as_of.covers(r.known_at, r.position));
        let mut within = within.filter(|revision| question.judged_by(&revision.value.value)).peekable();
        if within.peek().is_none() {
            continue;
        }
        let told = Told { key, history, results: book.figures(&series_of(key)).first_known(reader.as_of).collect() };
        changes.extend(within.map(|revision| reader.change(&told, revision, definition)));
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

/// One key's changes, and what they may judge.
struct Told<'a> {
    key: &'a TargetKey,
    history: &'a History<Noted<TargetEntry>>,
    /// Of every period of the target's own area and cohort that has a result: its last day, and what was first known.
    results: Vec<(DayNumber, StoredResult<'a>)>,
}

impl Told<'_> {
    /// Whether a change is the target of some day that its span holds.
    fn stands(&self, change: &Revision<Noted<TargetEntry>>, reader: &Reader<'_>) -> bool {
        let span = change.value.value.span;
        let judged_by_it = |day: Date| {
            let judging =
                self.history.newest_first(reader.as_of, reader.book).find(|r| r.value.value.span.holds_day(day));
            judging.is_some_and(|judging| judging.position == change.position)
        };
        // Where it stands at all, it does on its first day or on the day after another change's span ends.
        let ends = self.history.all().filter_map(|other| other.value.value.span.to);
        let mut days = [span.from].into_iter().chain(ends).filter(|day| span.holds_day(*day));
        change.value.value.terms.is_some() && days.any(judged_by_it)
    }

    /// How many results that a change may judge were known when it was recorded.
    fn n_known_before(&self, change: &Revision<Noted<TargetEntry>>) -> usize {
        let span = change.value.value.span;
        let (from, to) = (DayNumber::of(span.from), span.to.map_or(DayNumber::MAX, DayNumber::of));
        let judged = self.results.iter().filter(|(last_day, _)| from <= *last_day && *last_day < to);
        judged.filter(|(_, first)| set_after(change, *first)).count()
    }
}

impl Reader<'_> {
    fn change(
        &self,
        told: &Told<'_>,
        revision: &Revision<Noted<TargetEntry>>,
        definition: &domain::measure::Definition,
    ) -> TargetChangeAnswer {
        let entry = &revision.value.value;
        TargetChangeAnswer {
            key: told.key.clone(),
            span: entry.span,
            terms: entry.terms,
            display: entry
                .terms
                .map_or_else(|| "withdrawn".to_owned(), |terms| ratings::words::target(definition, terms.target)),
            minimum_display: entry.terms.and_then(|terms| ratings::words::minimum(definition, terms.minimum)),
            decision: entry.decision.clone(),
            rolled_back: self.book.rolled_back(revision.submission, self.as_of),
            standing: told.stands(revision, self),
            n_results_known_before: u32::try_from(told.n_known_before(revision)).unwrap_or(u32::MAX),
            provenance: self.provenance(revision),
        }
    }
}

fn series_of(key: &TargetKey) -> domain::Series {
    domain::Series { measure: key.measure.clone(), area: key.area.clone(), cohort: key.cohort.clone() }
}
