//! The fold of the log: everything that was recorded, by key, so that what stood within any bounds can be read off.
//!
//! Reading never depends on how far the book has been folded: an answer as of a position that is folded is final.

use std::collections::BTreeMap;

use crate::event::{
    AreaDefined, Attribution, BenchmarkRecorded, CohortDefined, Comparator, ContentStored, Event, LogOpened,
    MeasureWithdrawn, NeighboursAdopted, Recorded, RuleAdopted, Source,
};
use crate::history::{History, Revision, Rollbacks, SubmissionNumber};
use crate::ids::{
    Actor, ActorId, AreaId, CohortId, Digest, MeasureId, NeighboursId, Origin, Position, ScorecardId, SubmissionId,
};
use crate::measure::{Content, Definition};
use crate::period::Period;
use crate::result::{Cell, ResultEntry, Series, Why};
use crate::scorecard::Layout;
use crate::target::{TargetEntry, TargetKey};
use crate::time::{AsOf, Date, Timestamp};

/// A value with who recorded it, from where, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted<T> {
    /// What was recorded.
    pub value: T,
    /// From which line.
    pub origin: Option<Origin>,
    /// Why.
    pub why: Why,
}

/// A measure's life: defined, or withdrawn from a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MeasureState {
    /// It is defined so.
    Defined(Definition),
    /// It is no longer reported.
    Withdrawn(MeasureWithdrawn),
}

/// A commentary as the book keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commentary {
    /// The result that it was written about.
    pub about: Option<Position>,
    /// The words.
    pub text: Content,
}

/// A scorecard as the book keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScorecardState {
    /// What members read.
    pub title: String,
    /// Which committee it goes to.
    pub committee: String,
    /// Its sections and rows.
    pub layout: Layout,
}

/// A submission as the book keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Its identifier.
    pub id: SubmissionId,
    /// The digest of its request.
    pub digest: Digest,
    /// Who put it in.
    pub actor: Actor,
    /// Its files.
    pub sources: Vec<Source>,
    /// Its first record.
    pub first: Position,
    /// Its last record so far.
    pub last: Position,
    /// When it was taken in.
    pub recorded_at: Timestamp,
    /// How many of its records can stand in an answer.
    pub n_facts: u64,
    /// True when it rolls back or reinstates another, or opens the log: it cannot be rolled back itself.
    pub fixed: bool,
    /// True for `RolledBack`, false for `Reinstated`.
    standings: Vec<(Timestamp, Position, bool)>,
}

type Results = BTreeMap<Period, History<Noted<Option<ResultEntry>>>>;

/// Everything recorded so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    head: Position,
    recorded_at: Option<Timestamp>,
    log: Option<LogOpened>,
    commit_ends: Vec<(Position, Timestamp)>,
    submissions: Vec<Received>,
    submission_numbers: BTreeMap<SubmissionId, SubmissionNumber>,
    contents: BTreeMap<Digest, Vec<u8>>,
    pub(crate) actors: BTreeMap<ActorId, History<Noted<String>>>,
    pub(crate) measures: BTreeMap<MeasureId, History<Noted<MeasureState>>>,
    pub(crate) areas: BTreeMap<AreaId, History<Noted<AreaDefined>>>,
    pub(crate) cohorts: BTreeMap<CohortId, History<Noted<CohortDefined>>>,
    pub(crate) results: BTreeMap<Series, Results>,
    pub(crate) targets: BTreeMap<TargetKey, History<Noted<TargetEntry>>>,
    pub(crate) benchmarks: BTreeMap<Cell, BTreeMap<Comparator, History<Noted<BenchmarkRecorded>>>>,
    pub(crate) commentary: BTreeMap<Cell, History<Noted<Commentary>>>,
    pub(crate) neighbours: BTreeMap<NeighboursId, History<Noted<NeighboursAdopted>>>,
    pub(crate) rating_rules: History<Noted<RuleAdopted>>,
    pub(crate) direction_methods: History<Noted<RuleAdopted>>,
    pub(crate) scorecards: BTreeMap<ScorecardId, History<Noted<ScorecardState>>>,
}

/// Records do not follow one another. Read the log again from [`Book::head`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected the record at position {expected}, found {found}")]
pub struct Gap {
    /// The position that comes next.
    pub expected: Position,
    /// The one that came.
    pub found: Position,
}

impl Rollbacks for Book {
    fn rolled_back(&self, submission: SubmissionNumber, as_of: AsOf) -> bool {
        self.submission(submission).is_some_and(|received| received.rolled_back(as_of))
    }
}

impl Received {
    /// True when the last rollback or reinstatement within the bounds, by (`known_at`, `position`), is a rollback.
    pub fn rolled_back(&self, as_of: AsOf) -> bool {
        self.standings
            .iter()
            .filter(|(known_at, position, _)| as_of.covers(*known_at, *position))
            .max_by_key(|(known_at, position, _)| (*known_at, *position))
            .is_some_and(|(_, _, rolled_back)| *rolled_back)
    }
}

impl Book {
    /// The position of the last record folded.
    pub const fn head(&self) -> Position {
        self.head
    }

    /// The last record's `recorded_at`.
    pub const fn recorded_at(&self) -> Option<Timestamp> {
        self.recorded_at
    }

    /// Whose log it is; `None` before its first record.
    pub const fn log(&self) -> Option<&LogOpened> {
        self.log.as_ref()
    }

    /// The greatest end of a commit that is not after `position`: what a bound inside a commit is lowered to.
    pub fn settle(&self, position: Position) -> Position {
        let n = self.commit_ends.partition_point(|(end, _)| *end <= position);
        n.checked_sub(1).and_then(|i| self.commit_ends.get(i)).map_or(Position::START, |(end, _)| *end)
    }

    /// Folds one record. A redelivered record changes nothing. Cost: the logarithm of the number of keys.
    ///
    /// # Errors
    /// [`Gap`] when a record before it is missing; nothing is changed.
    pub fn apply(&mut self, record: &Recorded) -> Result<(), Gap> {
        if record.position <= self.head {
            return Ok(());
        }
        let expected = self.head.next();
        if record.position != expected {
            return Err(Gap { expected, found: record.position });
        }
        self.fold(record);
        self.head = record.position;
        self.recorded_at = Some(record.recorded_at);
        if record.last_of_commit {
            self.commit_ends.push((record.position, record.recorded_at));
        }
        Ok(())
    }

    fn fold(&mut self, record: &Recorded) {
        let noted = Noter { record, submission: self.enter(record) };
        match &record.event {
            Event::LogOpened(opened) => self.log = Some(opened.clone()),
            Event::SubmissionReceived(_) | Event::RowSetAside(_) => {}
            Event::SubmissionRolledBack(id) => self.mark(*id, record, true),
            Event::SubmissionReinstated(id) => self.mark(*id, record, false),
            Event::ContentStored(part) => self.keep(part),
            Event::ActorNamed(it) => add(&mut self.actors, &it.actor, noted.of(it.name.clone())),
            Event::MeasureDefined(it) | Event::MeasureRevised(it) => {
                add(&mut self.measures, &it.measure, noted.of(MeasureState::Defined(it.clone())));
            }
            Event::MeasureWithdrawn(it) => {
                add(&mut self.measures, &it.measure, noted.of(MeasureState::Withdrawn(it.clone())));
            }
            Event::AreaDefined(it) => add(&mut self.areas, &it.area, noted.of(it.clone())),
            Event::CohortDefined(it) => add(&mut self.cohorts, &it.cohort, noted.of(it.clone())),
            Event::ResultRecorded(it) => self.cell(&it.cell).add(noted.of(Some(it.entry.clone()))),
            Event::ResultWithdrawn(cell) => self.cell(cell).add(noted.of(None)),
            Event::TargetChanged(it) => {
                let (span, decision) = (it.span, it.decision.clone());
                add(&mut self.targets, &it.key, noted.of(TargetEntry { span, terms: Some(it.terms), decision }));
            }
            Event::TargetWithdrawn(it) => {
                let (span, decision) = (it.span, it.decision.clone());
                add(&mut self.targets, &it.key, noted.of(TargetEntry { span, terms: None, decision }));
            }
            Event::BenchmarkRecorded(it) => {
                let beside = self.benchmarks.entry(it.cell.clone()).or_default();
                add(beside, &it.comparator, noted.of(it.clone()));
            }
            Event::NeighboursAdopted(it) => add(&mut self.neighbours, &it.list, noted.of(it.clone())),
            Event::CommentaryWritten(it) => {
                let commentary = Commentary { about: it.about, text: it.text.clone() };
                add(&mut self.commentary, &it.cell, noted.of(commentary));
            }
            Event::RatingRuleAdopted(it) => self.rating_rules.add(noted.of(it.clone())),
            Event::DirectionMethodAdopted(it) => self.direction_methods.add(noted.of(it.clone())),
            Event::ScorecardDefined(it) => {
                let layout = self.text(&it.layout).and_then(|text| Layout::parse(&text).ok()).unwrap_or_default();
                let state = ScorecardState { title: it.title.clone(), committee: it.committee.clone(), layout };
                add(&mut self.scorecards, &it.scorecard, noted.of(state));
            }
        }
    }

    fn cell(&mut self, cell: &Cell) -> &mut History<Noted<Option<ResultEntry>>> {
        if !self.results.contains_key(&cell.series) {
            self.results.insert(cell.series.clone(), Results::default());
        }
        match self.results.get_mut(&cell.series) {
            Some(periods) => periods.entry(cell.period).or_default(),
            None => unreachable!("the series was entered above"),
        }
    }

    /// Enters the record's submission, or counts the record to it.
    fn enter(&mut self, record: &Recorded) -> SubmissionNumber {
        let Attribution { submission: id, actor, .. } = &record.attribution;
        let next = SubmissionNumber(u32::try_from(self.submissions.len()).unwrap_or(u32::MAX));
        let number = *self.submission_numbers.entry(*id).or_insert(next);
        if number == next {
            self.submissions.push(Received {
                id: *id,
                digest: Digest([0; 32]),
                actor: actor.clone(),
                sources: Vec::new(),
                first: record.position,
                last: record.position,
                recorded_at: record.recorded_at,
                n_facts: 0,
                fixed: false,
                standings: Vec::new(),
            });
        }
        if let Some(received) = self.submission_mut(number) {
            received.last = record.position;
            match &record.event {
                Event::SubmissionReceived(first) => {
                    received.digest = first.digest;
                    received.sources.clone_from(&first.sources);
                }
                Event::LogOpened(_) | Event::SubmissionRolledBack(_) | Event::SubmissionReinstated(_) => {
                    received.fixed = true;
                }
                fact => received.n_facts = received.n_facts.saturating_add(u64::from(fact.stands())),
            }
        }
        number
    }

    fn mark(&mut self, id: SubmissionId, record: &Recorded, rolled_back: bool) {
        let number = self.submission_numbers.get(&id).copied();
        if let Some(received) = number.and_then(|number| self.submission_mut(number)) {
            received.standings.push((record.known_at, record.position, rolled_back));
        }
    }

    /// Submitted files are for the auditor's export; answers never quote them, so that they take no memory here.
    fn keep(&mut self, part: &ContentStored) {
        if part.file {
            return;
        }
        if part.part == 0 {
            self.contents.insert(part.digest, Vec::new());
        }
        if let Some(content) = self.contents.get_mut(&part.digest) {
            content.extend_from_slice(&part.bytes);
        }
    }

    fn submission_mut(&mut self, number: SubmissionNumber) -> Option<&mut Received> {
        self.submissions.get_mut(usize::try_from(number.0).ok()?)
    }
}

fn add<K: Ord + Clone, T>(map: &mut BTreeMap<K, History<T>>, key: &K, revision: Revision<T>) {
    map.entry(key.clone()).or_default().add(revision);
}

/// Makes revisions of one record.
struct Noter<'a> {
    record: &'a Recorded,
    submission: SubmissionNumber,
}

impl Noter<'_> {
    fn of<T>(&self, value: T) -> Revision<Noted<T>> {
        Revision {
            known_at: self.record.known_at,
            position: self.record.position,
            recorded_at: self.record.recorded_at,
            submission: self.submission,
            value: Noted {
                value,
                origin: self.record.attribution.origin,
                why: self.record.attribution.why.clone(),
            },
        }
    }
}

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

    /// A cohort as it is called, or its earliest name when it was defined only later.
    pub fn cohort(&self, cohort: &CohortId, as_of: AsOf) -> Option<&Revision<Noted<CohortDefined>>> {
        let history = self.cohorts.get(cohort)?;
        history.standing(as_of, self).or_else(|| history.earliest(as_of.position, self))
    }

    /// A scorecard's layout.
    pub fn scorecard(&self, scorecard: &ScorecardId, as_of: AsOf) -> Option<&Revision<Noted<ScorecardState>>> {
        self.scorecards.get(scorecard)?.standing(as_of, self)
    }

    /// The result that stands in a cell: its last word, unless that is a withdrawal.
    pub fn result(&self, cell: &Cell, as_of: AsOf) -> Option<&Revision<Noted<Option<ResultEntry>>>> {
        self.last_result(cell, as_of).filter(|revision| revision.value.value.is_some())
    }

    pub(crate) fn last_result(&self, cell: &Cell, as_of: AsOf) -> Option<&Revision<Noted<Option<ResultEntry>>>> {
        self.results.get(&cell.series)?.get(&cell.period)?.standing(as_of, self)
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

    /// The target of one key that judges periods with this last day: the last word about it, unless a withdrawal.
    pub fn target(&self, key: &TargetKey, last_day: Date, as_of: AsOf) -> Option<&Revision<Noted<TargetEntry>>> {
        self.last_target(key, last_day, as_of).filter(|revision| revision.value.value.terms.is_some())
    }

    fn last_target(&self, key: &TargetKey, last_day: Date, as_of: AsOf) -> Option<&Revision<Noted<TargetEntry>>> {
        self.targets.get(key)?.newest_first(as_of, self).find(|r| r.value.value.span.holds_day(last_day))
    }

    /// Every change of a measure's targets, by key.
    pub fn targets_of(
        &self,
        measure: &MeasureId,
    ) -> impl Iterator<Item = (&TargetKey, &History<Noted<TargetEntry>>)> {
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
