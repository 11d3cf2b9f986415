//! Previews: what a submission would change, and what that would do to figures and verdicts, seen on a copy of what it
//! touches while the book goes on.

use std::collections::BTreeSet;

use domain::event::Event;
use domain::preview::Draft;
use domain::time::AsOf;
use domain::{Book, Command, Position, Submission, Timestamp};
use reporting::release::{Release, Review, review};

use super::Engine;
use crate::error::Error;
use crate::intake::{Judged, Prepared};
use crate::settings::{PAGE_RECORDS, REVIEW_CELLS_MAX};
use crate::submission::Preview;

impl Engine {
    /// What a request would change, without recording anything; `None` while the book is ahead of what is durable, when
    /// the head has to move first ([`Engine::heads`]). Cost: a decision for each instruction, and a look at each cell of
    /// the measures touched; the book is held for the decisions and a copy of those measures alone.
    ///
    /// # Errors
    /// A failure of the log, of which a rollback reads what it takes out.
    pub fn preview(&self, prepared: &Prepared) -> Result<Option<Preview>, Error> {
        let release = self.rolled_back(prepared)?;
        let book = self.book();
        if book.head() != self.head().position {
            return Ok(None);
        }
        let now = book.recorded_at().map_or(self.now(), |last| self.now().max(last.next()));
        let Judged { submission, drafts, mut preview } = prepared.judge(&book, now, &self.shared.formats);
        let supposed = Supposed::of(&book, release, (&submission, submission.drafts(&drafts)), now);
        drop(book);
        match supposed {
            Ok(supposed) => preview.review = supposed.and_then(Supposed::review),
            Err(TooLarge) => preview.too_large_to_review = true,
        }
        Ok(Some(preview))
    }

    /// What a rollback or a reinstatement takes out or puts back.
    fn rolled_back(&self, prepared: &Prepared) -> Result<Release, Error> {
        let mut release = Release::default();
        let submissions = prepared.submission.instructions.iter().filter_map(|instruction| {
            let (Command::RollBackSubmission(id) | Command::ReinstateSubmission(id)) = instruction.command else {
                return None;
            };
            self.received(id)
        });
        for received in submissions {
            let mut after = Position::new(received.first.get().saturating_sub(1));
            while after < received.last {
                let records = self.read(after, PAGE_RECORDS)?;
                let Some(end) = records.last().map(|record| record.position) else { break };
                let of_it = records.iter().filter(|record| record.attribution.submission == received.id);
                of_it.for_each(|record| release.add(&record.event));
                after = end;
            }
        }
        Ok(release)
    }
}

/// Copied from the book, not yet looked at.
struct Supposed {
    excerpt: Book,
    release: Release,
    submission: Submission,
    drafts: Vec<Draft>,
    now: Timestamp,
}

/// More than [`REVIEW_CELLS_MAX`] cells would have to be looked at.
struct TooLarge;

impl Supposed {
    /// Copies what the drafts of a submission touch; of a rollback, `release` has its records already. `None` when they
    /// touch no figure and no verdict. Cost: a copy of the measures touched.
    ///
    /// # Errors
    /// [`TooLarge`].
    fn of(
        book: &Book,
        mut release: Release,
        (submission, drafts): (&Submission, Vec<Draft>),
        now: Timestamp,
    ) -> Result<Option<Self>, TooLarge> {
        for draft in &drafts {
            release.add(&draft.event);
        }
        let measures: &BTreeSet<_> = release.measures();
        if measures.is_empty() {
            return Ok(None);
        }
        if book.n_cells_of(measures).saturating_add(release.n_cells()) > REVIEW_CELLS_MAX {
            return Err(TooLarge);
        }
        let excerpt = book.excerpt(measures);
        Ok(Some(Self { excerpt, release, submission: alone(submission), drafts, now }))
    }

    /// Looks at it: as known at the one instant that all of it has, or as everything stands. Cost: see [`review`].
    fn review(self) -> Option<Review> {
        let Self { mut excerpt, release, submission, drafts, now } = self;
        let said = |draft: &&Draft| !matches!(draft.event, Event::RowSetAside(_));
        let instants: BTreeSet<Option<Timestamp>> = drafts.iter().filter(said).map(|draft| draft.known_at).collect();
        let known_at = if instants.len() == 1 { instants.into_iter().next().flatten() } else { None };
        let head = excerpt.head();
        excerpt.suppose(&submission, drafts, now).ok()?;
        let bounds = |position| AsOf { known_at, position };
        let look = |book: &Book| review(book, &release, bounds(head), bounds(Position::MAX));
        if known_at.is_some() && excerpt.has_rollbacks() {
            // As it was decided: what was rolled back since does not stand, unless all that changes is what was known then.
            let mut since = excerpt.clone();
            since.know_rollbacks_always(head);
            let seen = look(&since);
            if seen.tells_something() {
                return Some(seen);
            }
        }
        Some(look(&excerpt))
    }
}

/// Who and which, without what.
pub(super) fn alone(submission: &Submission) -> Submission {
    let Submission { id, digest, actor, .. } = submission;
    Submission { id: *id, digest: *digest, actor: actor.clone(), files: Vec::new(), instructions: Vec::new() }
}
