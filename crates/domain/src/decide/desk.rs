//! The desk that a submission is judged on: what stands in the book, with what was drafted so far on top.

mod drafting;

use std::collections::BTreeMap;

use crate::book::{Action, Book, Commentary, MeasureState, Noted, ScorecardState};
use crate::command::{Command, Instruction, Submission};
use crate::decide::given::Given;
use crate::decide::key::Key;
use crate::decide::{Rejection, Sha256};
use crate::event::{
    AreaDefined, BenchmarkRecorded, CohortDefined, CommitteeAct, CommitteeActRecorded, LateFigureTold,
    NeighboursAdopted,
};
use crate::history::{History, Revision, Rollbacks, SubmissionNumber};
use crate::ids::{AreaId, CohortId, Digest, MeasureId, NeighboursId, Position, ScorecardId, ViewId};
use crate::limits;
use crate::measure::{Content, Definition};
use crate::period::Span;
use crate::preview::{Change, ChangeKind, Decision, Rejected};
use crate::result::{Cell, Series};
use crate::target::{TargetEntry, TargetKey};
use crate::time::{AsOf, Date, Timestamp};

/// Which rollbacks of the book count when a backfill is judged.
#[derive(Clone, Copy)]
enum Rolled {
    /// All that are known now: a backfill cannot rest on what was rolled back since.
    Now,
    /// Those that were known at the backfill's own instant, which an answer as of then still counts by.
    Then,
}

/// The book's rollbacks, seen so.
struct Lens<'a> {
    book: &'a Book,
    rolled: Rolled,
}

impl Rollbacks for Lens<'_> {
    fn rolled_back(&self, submission: SubmissionNumber, as_of: AsOf) -> bool {
        match self.rolled {
            Rolled::Now => self.book.rolled_back(submission, AsOf::position(as_of.position)),
            Rolled::Then => self.book.rolled_back(submission, as_of),
        }
    }
}

/// See the module's documentation.
pub(super) struct Desk<'a> {
    base: &'a Book,
    lens: Lens<'a>,
    draft: Book,
    submission: &'a Submission,
    now: Timestamp,
    sha256: Sha256,
    decision: Decision,
    /// How many records come before the drafts.
    n_paperwork: u64,
    /// How many of the decision's drafts are on the draft already.
    n_drafted: usize,
    /// What was given so far, and the results that were drafted: they are not on the draft.
    given: Given,
    /// The place of the instruction that is judged now.
    place: usize,
    /// The places of what changed nothing so far.
    unchanged: Vec<usize>,
    /// Where targets and measures are given: a later word of the submission may say again what stands over an earlier.
    order: BTreeMap<(Key<'a>, Option<Timestamp>), usize>,
}

/// What an instruction is compared with: what stood when it was known, all submissions taken together.
pub(super) const fn as_of(instruction: &Instruction) -> AsOf {
    AsOf { known_at: instruction.known_at, position: Position::MAX }
}

/// What stands under a key in the book and on the draft: the greater (`known_at`, `position`) of both.
fn newer<'a, T>(base: Option<&'a Revision<T>>, draft: Option<&'a Revision<T>>) -> Option<&'a Revision<T>> {
    match (base, draft) {
        (Some(b), Some(d)) if (b.known_at, b.position) > (d.known_at, d.position) => Some(b),
        (base, draft) => draft.or(base),
    }
}

/// Where a submission gives targets and measures.
fn order(submission: &Submission) -> BTreeMap<(Key<'_>, Option<Timestamp>), usize> {
    let keys = submission.instructions.iter().enumerate().filter_map(|(at, instruction)| {
        let key = Key::of(&instruction.command)?;
        let layered = matches!(key, Key::Target(..) | Key::Measure(_) | Key::MeasureEnd(_));
        layered.then_some(((key, instruction.known_at), at))
    });
    keys.collect()
}

impl<'a> Desk<'a> {
    pub(super) fn new(base: &'a Book, submission: &'a Submission, now: Timestamp, sha256: Sha256) -> Self {
        let lens = Lens { book: base, rolled: Rolled::Now };
        let n_paperwork = submission.n_paperwork();
        let draft = base.draft(n_paperwork);
        let decision = Decision { drafts: Vec::with_capacity(submission.instructions.len()), ..Decision::default() };
        let given = Given::new(submission, now);
        let order = order(submission);
        Self {
            base,
            lens,
            draft,
            submission,
            now,
            sha256,
            decision,
            n_paperwork,
            n_drafted: 0,
            given,
            place: 0,
            unchanged: Vec::new(),
            order,
        }
    }

    /// Judges once more, counting the rollbacks that were known at the instruction's own instant.
    pub(super) fn judge_then<T>(&mut self, judge: impl FnOnce(&Self) -> T) -> T {
        self.lens.rolled = Rolled::Then;
        let judged = judge(self);
        self.lens.rolled = Rolled::Now;
        judged
    }

    /// The book's rollbacks, as they count for the instruction being judged.
    pub(super) fn rollbacks(&self) -> &impl Rollbacks {
        &self.lens
    }

    pub(super) fn finish(self) -> Decision {
        self.decision
    }

    pub(super) fn n_instructions(&self) -> usize {
        self.submission.instructions.len()
    }

    pub(super) const fn base(&self) -> &'a Book {
        self.base
    }

    pub(super) fn sha256(&self, bytes: &[u8]) -> Digest {
        (self.sha256)(bytes)
    }

    pub(super) fn everything(&self) -> AsOf {
        AsOf::position(self.base.head())
    }

    pub(super) fn check_instant(&self, instruction: &Instruction) -> Result<(), Rejection> {
        match instruction.known_at {
            Some(known_at) if known_at > self.now => Err(Rejection::KnownInFuture { known_at }),
            _ => Ok(()),
        }
    }

    pub(super) fn reject(&mut self, rejected: Rejected) {
        self.decision.account.push_str("!\n");
        self.decision.rejected.push(rejected);
    }

    /// Whether a change is listed by its words; what is not is told in the account by its place alone, which with the
    /// submission says as much.
    pub(super) fn lists_more(&self) -> bool {
        self.decision.changes.len() < limits::CHANGES_LISTED_MAX
    }

    /// Counts a change, and lists it: where in the book what it replaces is, whether that stood, and both in words.
    pub(super) fn list(
        &mut self,
        instruction: &Instruction,
        place: Option<Position>,
        stood: bool,
        words: Option<(String, String)>,
    ) {
        let takes_away = matches!(
            instruction.command,
            Command::WithdrawResult(_)
                | Command::WithdrawTarget(_)
                | Command::WithdrawMeasure(_)
                | Command::RollBackSubmission(_)
        );
        let tally = self.decision.tallies.entry(instruction.command.noun()).or_default();
        let (kind, count) = match (takes_away, stood) {
            (true, _) => (ChangeKind::Withdrawn, &mut tally.withdrawn),
            (false, false) => (ChangeKind::New, &mut tally.new),
            (false, true) => (ChangeKind::Revised, &mut tally.revised),
        };
        *count = count.saturating_add(1);
        // The place of what stands tells apart what is shown alike: two figures that round to one.
        let place = place.map_or_else(String::new, |position| position.to_string());
        let (before, after) = words.unwrap_or_default();
        for part in [place.as_str(), "\t", before.as_str(), "\t", after.as_str(), "\n"] {
            self.decision.account.push_str(part);
        }
        if self.lists_more() {
            let subject = instruction.command.subject();
            self.decision.changes.push(Change { kind, subject, before, after, origin: instruction.origin });
        }
    }

    /// What changed nothing, and of whose subject the submission says something else too; by when it was known.
    pub(super) fn take_unsettled(&mut self) -> Vec<(usize, &'a Instruction)> {
        let unchanged = std::mem::take(&mut self.unchanged);
        let with_place = |place: usize| Some((place, self.submission.instructions.get(place)?));
        let mut unsettled: Vec<_> = unchanged.into_iter().filter_map(with_place).collect();
        unsettled.retain(|(place, instruction)| self.said_otherwise(*place, instruction));
        unsettled.sort_by_key(|(_, instruction)| self.instant(instruction));
        unsettled
    }

    /// True when the submission gives the same thing, or one that may lie over it, at another instant.
    fn said_otherwise(&self, place: usize, instruction: &Instruction) -> bool {
        let Some(key) = Key::of(&instruction.command) else { return false };
        if matches!(key, Key::Target(..) | Key::Measure(_) | Key::MeasureEnd(_)) {
            return true;
        }
        self.given.said_before(place, self.instant(instruction))
    }

    pub(super) fn uncount_unchanged(&mut self, instruction: &Instruction) {
        let tally = self.decision.tallies.entry(instruction.command.noun()).or_default();
        tally.unchanged = tally.unchanged.saturating_sub(1);
    }

    pub(super) fn count_unchanged(&mut self, instruction: &Instruction) {
        self.unchanged.push(self.place);
        let tally = self.decision.tallies.entry(instruction.command.noun()).or_default();
        tally.unchanged = tally.unchanged.saturating_add(1);
        self.decision.account.push_str("=\n");
    }

    /// Begins with the instruction at a place.
    pub(super) const fn turn_to(&mut self, place: usize) {
        self.place = place;
    }

    /// Refuses a second word about one key at one instant within the submission, also where the first said what stands.
    pub(super) fn check_once(&self, instruction: &Instruction) -> Result<(), Rejection> {
        let Some(first) = self.given.earlier(self.place) else { return Ok(()) };
        let first = self.submission.instructions.get(first).and_then(|first| first.origin);
        Err(Rejection::Duplicate { what: instruction.command.noun(), first })
    }

    /// Remembers an instruction that can be carried out.
    pub(super) fn give(&mut self, instruction: &Instruction) {
        self.given.carry_out(self.place, self.instant(instruction));
    }

    fn instant(&self, instruction: &Instruction) -> Timestamp {
        instruction.known_at.unwrap_or(self.now)
    }

    pub(super) fn measure_state(&self, measure: &MeasureId, as_of: AsOf) -> Option<&Revision<Noted<MeasureState>>> {
        newer(
            self.base.said_of(measure).and_then(|h| h.standing(as_of, &self.lens)),
            self.draft.measures.get(measure).and_then(|h| h.standing(as_of, &self.draft)),
        )
    }

    /// The definition as of then; for a measure that was defined only later, its earliest one.
    pub(super) fn definition(&self, measure: &MeasureId, as_of: AsOf) -> Option<&Definition> {
        match &self.defined(measure, as_of)?.value.value {
            MeasureState::Defined(definition) => Some(definition),
            MeasureState::Withdrawn(_) => None,
        }
    }

    /// Where that definition is.
    pub(super) fn defined(&self, measure: &MeasureId, as_of: AsOf) -> Option<&Revision<Noted<MeasureState>>> {
        let base = self.base.definition_by(measure, AsOf { position: self.base.head(), ..as_of }, &self.lens);
        let draft = self.draft.definition(measure, AsOf { position: self.draft.head(), ..as_of });
        match (base, draft) {
            (Some((base, false)), Some((draft, false))) => newer(Some(base), Some(draft)),
            // What was known goes before what is shown as the earliest.
            (Some((found, false)), _) | (_, Some((found, false))) => Some(found),
            (base, draft) => base.or(draft).map(|(found, _)| found),
        }
    }

    pub(super) fn area(&self, area: &AreaId, as_of: AsOf) -> Option<&AreaDefined> {
        let found = newer(
            self.base.areas.get(area).and_then(|h| h.standing(as_of, &self.lens)),
            self.draft.areas.get(area).and_then(|h| h.standing(as_of, &self.draft)),
        );
        Some(&found?.value.value)
    }

    pub(super) fn cohort(&self, cohort: &CohortId, as_of: AsOf) -> Option<&CohortDefined> {
        let found = newer(
            self.base.cohorts.get(cohort).and_then(|h| h.standing(as_of, &self.lens)),
            self.draft.cohorts.get(cohort).and_then(|h| h.standing(as_of, &self.draft)),
        );
        Some(&found?.value.value)
    }

    /// The last word about a scorecard's layout from a day, or from the beginning.
    pub(super) fn scorecard(
        &self,
        scorecard: &ScorecardId,
        from: Option<Date>,
        as_of: AsOf,
    ) -> Option<&ScorecardState> {
        let same = |revision: &&Revision<Noted<ScorecardState>>| revision.value.value.remit.from == from;
        let base = self.base.scorecards.get(scorecard).and_then(|h| h.newest_first(as_of, &self.lens).find(same));
        let draft = self.draft.scorecards.get(scorecard).and_then(|h| h.newest_first(as_of, &self.draft).find(same));
        Some(&newer(base, draft)?.value.value)
    }

    /// The layouts of a scorecard that stand, by the day that each holds from.
    pub(super) fn layouts(&self, scorecard: &ScorecardId, as_of: AsOf) -> BTreeMap<Option<Date>, &ScorecardState> {
        let all = |book: &'a Book| book.scorecards.get(scorecard).into_iter().flat_map(History::all);
        let drafted = self.draft.scorecards.get(scorecard).into_iter().flat_map(History::all);
        let days = all(self.base).chain(drafted).map(|revision| revision.value.value.remit.from);
        days.filter_map(|from| Some((from, self.scorecard(scorecard, from, as_of)?))).collect()
    }

    pub(super) fn neighbours(&self, list: &NeighboursId, as_of: AsOf) -> Option<&NeighboursAdopted> {
        let found = newer(
            self.base.neighbours.get(list).and_then(|h| h.standing(as_of, &self.lens)),
            self.draft.neighbours.get(list).and_then(|h| h.standing(as_of, &self.draft)),
        );
        Some(&found?.value.value)
    }

    /// The last word about any part of a span of a key's targets, a withdrawal included.
    ///
    /// Words that the submission gives again after this one are passed over: a file of targets over one another, put in
    /// twice, changes nothing.
    pub(super) fn target(
        &self,
        key: &TargetKey,
        span: Span,
        instruction: &Instruction,
    ) -> Option<&Revision<Noted<TargetEntry>>> {
        let as_of = as_of(instruction);
        let within = |revision: &&Revision<Noted<TargetEntry>>| {
            let other = revision.value.value.span;
            let again = || self.given_later(Key::Target(key, span), Key::Target(key, other), instruction);
            other.overlaps(span) && (other == span || !again())
        };
        let base = self.base.targets.get(key).and_then(|h| h.newest_first(as_of, &self.lens).find(within));
        let draft = self.draft.targets.get(key).and_then(|h| h.newest_first(as_of, &self.draft).find(within));
        newer(base, draft)
    }

    /// True when the submission gives `other` after `this`, known at the same instant.
    pub(super) fn given_later(&self, this: Key<'_>, other: Key<'_>, instruction: &Instruction) -> bool {
        let at = |key| self.order.get(&(key, instruction.known_at));
        at(this).zip(at(other)).is_some_and(|(this, other)| this < other)
    }

    pub(super) fn benchmark(&self, benchmark: &BenchmarkRecorded, as_of: AsOf) -> Option<&BenchmarkRecorded> {
        let in_book = |book: &'a Book| book.benchmarks.get(&benchmark.cell)?.get(&benchmark.comparator);
        let base = in_book(self.base).and_then(|h| h.standing(as_of, &self.lens));
        let drafted = self.draft.benchmarks.get(&benchmark.cell).and_then(|by| by.get(&benchmark.comparator));
        Some(&newer(base, drafted.and_then(|h| h.standing(as_of, &self.draft)))?.value.value)
    }

    /// The last words about a cell, with the result that they are about.
    pub(super) fn last_commentary(&self, cell: &Cell, as_of: AsOf) -> Option<(Option<Position>, String)> {
        let base = self.base.commentary.get(cell).and_then(|h| h.standing(as_of, &self.lens));
        let draft = self.draft.commentary.get(cell).and_then(|h| h.standing(as_of, &self.draft));
        let last: &Commentary = &newer(base, draft)?.value.value;
        let text = self.text(&last.text)?;
        Some((last.about, text))
    }

    /// The last action that was agreed about a cell, with its words.
    pub(super) fn last_action(&self, cell: &Cell, as_of: AsOf) -> Option<(&Action, String)> {
        let base = self.base.actions.get(cell).and_then(|h| h.standing(as_of, &self.lens));
        let draft = self.draft.actions.get(cell).and_then(|h| h.standing(as_of, &self.draft));
        let last = &newer(base, draft)?.value.value;
        Some((last, self.text(&last.text)?))
    }

    /// Whether an act of a committee on a view is recorded already, in these words.
    pub(super) fn acted(&self, view: &ViewId, act: CommitteeAct, text: &str, as_of: AsOf) -> bool {
        let same = |revision: &Revision<Noted<CommitteeActRecorded>>| {
            let recorded = &revision.value.value;
            recorded.act == act && self.text(&recorded.text).is_some_and(|words| words == text)
        };
        let base = self.base.committee_acts.get(view).into_iter().flat_map(|h| h.newest_first(as_of, &self.lens));
        let draft = self.draft.committee_acts.get(view).into_iter().flat_map(|h| h.newest_first(as_of, &self.draft));
        base.chain(draft).any(same)
    }

    /// The last that was told of a figure beside a view, with its words.
    pub(super) fn last_late_figure(
        &self,
        view: &ViewId,
        cell: &Cell,
        as_of: AsOf,
    ) -> Option<(&LateFigureTold, String)> {
        let same = |revision: &&Revision<Noted<LateFigureTold>>| revision.value.value.cell == *cell;
        let base = self.base.late_figures.get(view).and_then(|h| h.newest_first(as_of, &self.lens).find(same));
        let draft = self.draft.late_figures.get(view).and_then(|h| h.newest_first(as_of, &self.draft).find(same));
        let last = &newer(base, draft)?.value.value;
        Some((last, self.text(&last.text)?))
    }

    /// The text of a content, stored before or drafted.
    pub(super) fn text(&self, content: &Content) -> Option<String> {
        self.base.text(content).or_else(|| self.draft.text(content))
    }

    pub(super) fn stores(&self, digest: &Digest) -> bool {
        self.base.stores(digest) || self.draft.stores(digest)
    }

    pub(super) fn check_measure(&self, measure: &MeasureId, as_of: AsOf) -> Result<&Definition, Rejection> {
        self.definition(measure, as_of).ok_or_else(|| Rejection::UnknownMeasure { measure: measure.clone() })
    }

    /// An area must be defined, whenever: what is backfilled may be older than its name.
    pub(super) fn check_area(&self, area: &AreaId) -> Result<(), Rejection> {
        let found =
            self.base.area(area, self.everything()).or_else(|| self.draft.area(area, AsOf::position(Position::MAX)));
        found.map(|_| ()).ok_or_else(|| Rejection::UnknownArea { area: area.clone() })
    }

    /// A cohort must be defined, whenever.
    pub(super) fn check_cohort(&self, cohort: &CohortId) -> Result<(), Rejection> {
        let found = self
            .base
            .cohort(cohort, self.everything())
            .or_else(|| self.draft.cohort(cohort, AsOf::position(Position::MAX)));
        found.map(|_| ()).ok_or_else(|| Rejection::UnknownCohort { cohort: cohort.clone() })
    }

    pub(super) fn check_series(&self, series: &Series, as_of: AsOf) -> Result<&Definition, Rejection> {
        self.check_area(&series.area)?;
        self.check_cohort(&series.cohort)?;
        self.check_measure(&series.measure, as_of)
    }
}
