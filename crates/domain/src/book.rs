//! The fold of the log: everything that was recorded, by key, so that what stood within any bounds can be read off.
//!
//! Reading never depends on how far the book has been folded: an answer as of a position that is folded is final.

pub(crate) mod columns;
mod excerpt;
mod figures;
mod folding;
mod grid;
mod measures;
mod origins;
mod reading;
mod ready;
mod saved;

pub use columns::Laying;
pub use figures::{CommitSpan, Figures, ResultRevision, StoredResult};
pub use folding::{Folding, ReaderSeries, Unready};
pub use grid::{
    AreaNumber, Bounds, CohortNumber, FigureWindow, JudgedAlike, Late, MeasureColumns, MeasureNumber, Older, Plain,
    Seen, Standing, Standings, StoredTarget,
};
pub use measures::{DefinitionNumber, Definitions, StoredDefinition};
pub use reading::MeasureStates;
pub use ready::{NumberedResult, ReadyResults};
pub use saved::{Restoring, Unrestorable};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::event::{
    AreaDefined, Attribution, BenchmarkRecorded, CohortDefined, Comparator, ContentStored, Event, FIRST_FORMAT,
    LogOpened, MeasureWithdrawn, NeighboursAdopted, Recorded, RuleAdopted, Source,
};
use crate::history::{History, Revision, Rollbacks, SubmissionNumber};
use crate::ids::{
    Actor, ActorId, AreaId, CohortId, Digest, MeasureId, NeighboursId, Origin, Position, ScorecardId, SubmissionId,
    ViewId,
};
use crate::measure::{Content, Definition};
use crate::period::PeriodKey;
use crate::result::{Cell, ResultEntry, Why};
use crate::scorecard::{Layout, Remit};
use crate::target::{TargetEntry, TargetKey};
use crate::time::{AsOf, Date, Timestamp, Zone};
use crate::view::{CommitteeActRecorded, LateFigureTold, ViewPublished};
use columns::{Columns, Stamp};
use measures::Measures;
use origins::Origins;

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
    /// It is defined so. Shared, as answers hold it too.
    Defined(Arc<Definition>),
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

/// An action as the book keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// The result that it was agreed about.
    pub about: Option<Position>,
    /// What is being done.
    pub text: Content,
    /// Who sees to it.
    pub owner: String,
    /// The day by which it is to be done.
    pub due: Date,
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
    /// From when it is laid out so, and who answers for it.
    pub remit: Remit,
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
    /// True when it rolls back or reinstates another, opens the log or raises its format, or publishes a view: it cannot be
    /// rolled back itself.
    pub fixed: bool,
    /// Where it was rolled back and reinstated, in the order of the log.
    rollbacks: Vec<Rollback>,
}

/// A submission's rollback, or the reinstatement that ends one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollback {
    /// When it was known.
    pub known_at: Timestamp,
    /// Where it is in the log.
    pub position: Position,
    /// True for a rollback, false for a reinstatement.
    pub rolled_back: bool,
    /// Why; at most [`crate::limits::REASON_BYTES_MAX`] bytes.
    pub reason: String,
}

impl Rollback {
    /// Of several the greatest holds.
    const fn place(&self) -> (Timestamp, Position) {
        (self.known_at, self.position)
    }
}

/// Everything recorded so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    head: Position,
    recorded_at: Option<Timestamp>,
    log: Option<LogOpened>,
    /// The log's, looked up once.
    zone: Zone,
    /// The log's formats, each from a record on.
    pub(crate) formats: Vec<(Position, u16)>,
    commit_ends: Vec<(Position, Timestamp)>,
    submissions: Vec<Received>,
    submission_numbers: BTreeMap<SubmissionId, SubmissionNumber>,
    contents: BTreeMap<Digest, Vec<u8>>,
    pub(crate) actors: BTreeMap<ActorId, History<Noted<String>>>,
    pub(crate) measures: Measures,
    pub(crate) areas: BTreeMap<AreaId, History<Noted<AreaDefined>>>,
    pub(crate) cohorts: BTreeMap<CohortId, History<Noted<CohortDefined>>>,
    pub(crate) columns: Columns,
    pub(crate) origins: Origins,
    /// Whether any submission was ever rolled back.
    pub(crate) some_rolled_back: bool,
    pub(crate) targets: BTreeMap<TargetKey, History<Noted<TargetEntry>>>,
    pub(crate) benchmarks: BTreeMap<Cell, BTreeMap<Comparator, History<Noted<BenchmarkRecorded>>>>,
    pub(crate) commentary: BTreeMap<Cell, History<Noted<Commentary>>>,
    pub(crate) neighbours: BTreeMap<NeighboursId, History<Noted<NeighboursAdopted>>>,
    /// The lists that were ever adopted for an area.
    neighbour_lists: BTreeMap<AreaId, BTreeSet<NeighboursId>>,
    pub(crate) rating_rules: History<Noted<RuleAdopted>>,
    pub(crate) direction_methods: History<Noted<RuleAdopted>>,
    pub(crate) scorecards: BTreeMap<ScorecardId, History<Noted<ScorecardState>>>,
    pub(crate) actions: BTreeMap<Cell, History<Noted<Action>>>,
    pub(crate) views: BTreeMap<ViewId, Revision<Noted<ViewPublished>>>,
    pub(crate) committee_acts: BTreeMap<ViewId, History<Noted<CommitteeActRecorded>>>,
    pub(crate) late_figures: BTreeMap<ViewId, History<Noted<LateFigureTold>>>,
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
        self.some_rolled_back && self.submission(submission).is_some_and(|received| received.rolled_back(as_of))
    }
}

impl Received {
    /// When the rollback or reinstatement that holds was known; `None` when there was none.
    pub(crate) fn standing_known_at(&self) -> Option<Timestamp> {
        self.rollbacks.iter().map(|rollback| rollback.known_at).max()
    }

    /// Where it was rolled back and reinstated, in the order of the log.
    pub fn rollbacks(&self) -> &[Rollback] {
        &self.rollbacks
    }

    /// When the rollback was known that takes it out of the log as it stands at the bound on positions, where one known
    /// later than the bounds does: within them it is not rolled back.
    pub fn rolled_back_later(&self, as_of: AsOf) -> Option<Timestamp> {
        if self.rolled_back(as_of) {
            return None;
        }
        let last = self.last_standing(AsOf::position(as_of.position));
        last.filter(|rollback| rollback.rolled_back).map(|rollback| rollback.known_at)
    }

    /// True when the last rollback or reinstatement within the bounds is a rollback.
    pub fn rolled_back(&self, as_of: AsOf) -> bool {
        self.last_standing(as_of).is_some_and(|rollback| rollback.rolled_back)
    }

    /// The last rollback or reinstatement within the bounds, by (`known_at`, `position`).
    pub fn last_standing(&self, as_of: AsOf) -> Option<&Rollback> {
        let within = self.rollbacks.iter().filter(|rollback| as_of.covers(rollback.known_at, rollback.position));
        within.max_by_key(|rollback| rollback.place())
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

    /// The civil date of an instant in the authority's time zone: the day that sentences say. In UTC before the log's first
    /// record, and in a log whose time zone this program does not know.
    pub fn day(&self, at: Timestamp) -> Date {
        self.zone.date(at)
    }

    /// The newest format that the log may hold up to a position: formats are of the log and not of what is known, so that
    /// `known_at` does not bound them.
    pub fn format(&self, position: Position) -> u16 {
        let raised = self.formats.iter().rev().find(|(from, _)| *from <= position);
        raised.map_or(FIRST_FORMAT, |(_, format)| *format)
    }

    /// The greatest end of a commit that is not after `position`: what a bound inside a commit is lowered to.
    pub fn settle(&self, position: Position) -> Position {
        let n = self.commit_ends.partition_point(|(end, _)| *end <= position);
        n.checked_sub(1).and_then(|i| self.commit_ends.get(i)).map_or(Position::START, |(end, _)| *end)
    }

    /// The end of the last commit that was taken in by an instant, inclusive; the log's start when none was. Cost: a binary
    /// search, as `recorded_at` only grows.
    pub fn taken_in_by(&self, recorded_by: Timestamp) -> Position {
        let n = self.commit_ends.partition_point(|(_, recorded_at)| *recorded_at <= recorded_by);
        n.checked_sub(1).and_then(|i| self.commit_ends.get(i)).map_or(Position::START, |(end, _)| *end)
    }

    /// The end of the commit that holds a position; `None` after the last end that was folded. Cost: a binary search.
    pub fn commit_end(&self, position: Position) -> Option<Position> {
        let n = self.commit_ends.partition_point(|(end, _)| *end < position);
        self.commit_ends.get(n).map(|(end, _)| *end)
    }

    /// Folds one record. A redelivered record changes nothing. Cost: the logarithm of the number of keys.
    ///
    /// # Errors
    /// [`Gap`] when a record before it is missing; nothing is changed.
    pub fn apply(&mut self, record: &Recorded) -> Result<(), Gap> {
        if self.follows(record.position)? {
            self.fold(record);
            self.go_on(record.position, record.recorded_at, record.last_of_commit);
        }
        Ok(())
    }

    /// True for the position that comes next, false for one that is folded already.
    fn follows(&self, position: Position) -> Result<bool, Gap> {
        let expected = self.head.next();
        if position > expected { Err(Gap { expected, found: position }) } else { Ok(position == expected) }
    }

    fn go_on(&mut self, position: Position, recorded_at: Timestamp, last_of_commit: bool) {
        self.head = position;
        self.recorded_at = Some(recorded_at);
        if last_of_commit {
            self.commit_ends.push((position, recorded_at));
        }
    }

    fn fold(&mut self, record: &Recorded) {
        let noted = Noter { record, submission: self.enter(record) };
        match &record.event {
            Event::LogOpened(opened) => {
                self.log = Some(opened.clone());
                self.zone = Zone::named(&opened.time_zone).unwrap_or_default();
                self.formats.push((record.position, opened.format));
            }
            Event::FormatRaised(format) => self.formats.push((record.position, *format)),
            Event::SubmissionReceived(_) | Event::RowSetAside(_) => {}
            Event::SubmissionRolledBack(id) => self.mark(*id, record, true),
            Event::SubmissionReinstated(id) => self.mark(*id, record, false),
            Event::ContentStored(part) => self.keep(part),
            Event::ActorNamed(it) => add(&mut self.actors, &it.actor, noted.of(it.name.clone())),
            Event::MeasureDefined(it) | Event::MeasureRevised(it) => {
                self.add_measure(&it.measure, noted.of(MeasureState::Defined(Arc::new(it.clone()))));
            }
            Event::MeasureWithdrawn(it) => {
                self.add_measure(&it.measure, noted.of(MeasureState::Withdrawn(it.clone())));
            }
            Event::AreaDefined(it) => add(&mut self.areas, &it.area, noted.of(it.clone())),
            Event::CohortDefined(it) => add(&mut self.cohorts, &it.cohort, noted.of(it.clone())),
            Event::ResultRecorded(it) => self.add_result(&it.cell, Some(&it.entry), &noted),
            Event::ResultWithdrawn(cell) => self.add_result(cell, None, &noted),
            Event::TargetChanged(it) => {
                let (span, terms, decision) = (it.span, Some(it.terms), it.decision.clone());
                self.add_target(&it.key, TargetEntry { span, terms, decision }, &noted);
            }
            Event::TargetWithdrawn(it) => {
                let (span, decision) = (it.span, it.decision.clone());
                self.add_target(&it.key, TargetEntry { span, terms: None, decision }, &noted);
            }
            Event::BenchmarkRecorded(it) => {
                let beside = self.benchmarks.entry(it.cell.clone()).or_default();
                add(beside, &it.comparator, noted.of(it.clone()));
            }
            Event::NeighboursAdopted(it) => {
                add(&mut self.neighbours, &it.list, noted.of(it.clone()));
                self.neighbour_lists.entry(it.area.clone()).or_default().insert(it.list.clone());
            }
            Event::CommentaryWritten(it) => {
                let commentary = Commentary { about: it.about, text: it.text.clone() };
                add(&mut self.commentary, &it.cell, noted.of(commentary));
            }
            Event::RatingRuleAdopted(it) => self.rating_rules.add(noted.of(it.clone())),
            Event::DirectionMethodAdopted(it) => self.direction_methods.add(noted.of(it.clone())),
            Event::ScorecardDefined(it) => {
                let layout = self.text(&it.layout).and_then(|text| Layout::parse(&text).ok()).unwrap_or_default();
                let (title, committee, remit) = (it.title.clone(), it.committee.clone(), it.remit.clone());
                let state = ScorecardState { title, committee, layout, remit };
                add(&mut self.scorecards, &it.scorecard, noted.of(state));
            }
            Event::ActionAgreed(it) => {
                let (text, owner) = (it.text.clone(), it.owner.clone());
                add(&mut self.actions, &it.cell, noted.of(Action { about: it.about, text, owner, due: it.due }));
            }
            // What was given first under a code stands.
            Event::ViewPublished(it) => {
                self.views.entry(it.view.clone()).or_insert_with(|| noted.of(it.clone()));
            }
            Event::CommitteeActRecorded(it) => add(&mut self.committee_acts, &it.view, noted.of(it.clone())),
            Event::LateFigureTold(it) => add(&mut self.late_figures, &it.view, noted.of(it.clone())),
        }
    }

    fn add_measure(&mut self, measure: &MeasureId, revision: Revision<Noted<MeasureState>>) {
        let number = self.columns.enter_measure(measure);
        self.measures.add(measure, number, revision);
    }

    fn add_result(&mut self, cell: &Cell, entry: Option<&ResultEntry>, noted: &Noter<'_>) {
        let Noter { record, submission } = noted;
        let line = self.columns.enter(&cell.series);
        self.columns.add((line, PeriodKey::of(cell.period)), entry, Stamp::of(record));
        self.note(record, *submission);
    }

    fn note(&mut self, record: &Recorded, submission: SubmissionNumber) {
        let Attribution { origin, why, .. } = &record.attribution;
        self.origins.add(record.position, submission, *origin, why);
    }

    fn add_target(&mut self, key: &TargetKey, entry: TargetEntry, noted: &Noter<'_>) {
        let Noter { record, submission } = noted;
        self.columns.add_target(key, entry.span, entry.terms, Stamp::of(record));
        self.note(record, *submission);
        add(&mut self.targets, key, noted.of(entry));
    }

    /// Enters the record's submission, or counts the record to it.
    fn enter(&mut self, record: &Recorded) -> SubmissionNumber {
        let number = self.enter_submission(&record.attribution, record.position, record.recorded_at);
        if let Some(received) = self.submission_mut(number) {
            if let Event::SubmissionReceived(first) = &record.event {
                received.digest = first.digest;
                received.sources.clone_from(&first.sources);
            }
            received.fixed |= record.event.fixes_submission();
            received.n_facts = received.n_facts.saturating_add(u64::from(record.event.stands()));
        }
        number
    }

    /// The number of a record's submission, which goes on to that record. Cost: mostly a look at the last submission.
    fn enter_submission(
        &mut self,
        Attribution { submission: id, actor, .. }: &Attribution,
        position: Position,
        recorded_at: Timestamp,
    ) -> SubmissionNumber {
        let n = u32::try_from(self.submissions.len()).unwrap_or(u32::MAX);
        let number = match self.submissions.last() {
            Some(last) if last.id == *id => SubmissionNumber(n.saturating_sub(1)),
            _ => *self.submission_numbers.entry(*id).or_insert(SubmissionNumber(n)),
        };
        if number.0 == n {
            self.submissions.push(Received {
                id: *id,
                digest: Digest([0; 32]),
                actor: actor.clone(),
                sources: Vec::new(),
                first: position,
                last: position,
                recorded_at,
                n_facts: 0,
                fixed: false,
                rollbacks: Vec::new(),
            });
        }
        if let Some(received) = self.submission_mut(number) {
            received.last = position;
        }
        number
    }

    fn mark(&mut self, id: SubmissionId, record: &Recorded, rolled_back: bool) {
        let number = self.submission_numbers.get(&id).copied();
        if let Some(received) = number.and_then(|number| self.submission_mut(number)) {
            let reason = record.attribution.why.reason.clone();
            let Recorded { known_at, position, .. } = *record;
            received.rollbacks.push(Rollback { known_at, position, rolled_back, reason });
            self.some_rolled_back = true;
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
            value: Noted { value, origin: self.record.attribution.origin, why: self.record.attribution.why.clone() },
        }
    }
}
