//! Which record took away what stood, where none came in its place: a withdrawal, or a rollback of the submission.

use domain::book::Rollback;
use domain::period::day_words;
use domain::time::AsOf;
use domain::{Book, Cell};

use super::{Pair, capital, known, reason, reason_words};
use crate::answer::{Provenance, TargetAnswer, Undone};

/// “ Known on 1 March 2018, by officer. Reason: a mistake.”
pub(crate) fn recorded(made_by: &Provenance) -> String {
    format!(" {}, by {}.{}", capital(&known(made_by)), made_by.actor, reason(made_by))
}

impl Undone {
    /// “, because the submission that set it (position 7) was rolled back on 1 May 2018 by officer (position 12). Reason: the
    /// wrong return.”, to end a sentence with.
    pub(crate) fn words(&self) -> String {
        let Self { of, rolled_back, position, known_on, actor, reason } = self;
        let what = if *rolled_back { "rolled back" } else { "reinstated" };
        let (day, why) = (day_words(*known_on), reason_words(reason));
        let by = format!("was {what} on {day} by {actor} (position {position}).{why}");
        format!(", because the submission that set it (position {of}) {by}")
    }
}

/// What took out what stood on the first side and is rolled back on the second, or put back what was on the first and counts
/// again. `None` of anything else.
pub(crate) fn undone(
    book: &Book,
    (was, before): (Option<&Provenance>, AsOf),
    (is, after): (Option<&Provenance>, AsOf),
) -> Option<Undone> {
    if was.map(|it| it.position) == is.map(|it| it.position) {
        return None;
    }
    let last = |made_by: &Provenance, as_of| book.received(made_by.submission)?.1.last_standing(as_of);
    let rolled_back = was.and_then(|was| Some((was, last(was, after).filter(|it| it.rolled_back)?)));
    let counts_again = || {
        let is = is.filter(|is| last(is, before).is_some_and(|it| it.rolled_back))?;
        Some((is, last(is, after).filter(|it| !it.rolled_back)?))
    };
    let (made_by, Rollback { known_at, position, rolled_back, reason }) = rolled_back.or_else(counts_again)?;
    Some(Undone {
        of: made_by.position,
        rolled_back: *rolled_back,
        position: *position,
        known_on: book.day(*known_at),
        actor: book.undone_by(*position)?.clone(),
        reason: reason.clone(),
    })
}

impl Pair<'_, '_> {
    /// See [`undone`].
    pub(super) fn undone(&self, was: Option<&Provenance>, is: Option<&Provenance>) -> Option<Undone> {
        let (before, after) = (self.before.reader, self.after.reader);
        undone(after.book, (was, before.as_of), (is, after.as_of))
    }

    /// The record by which the second side has no result.
    pub(super) fn result_withdrawn(&self) -> Option<Provenance> {
        let (cell, reader) = (&self.is.cell, self.after.reader);
        let last = reader.book.figures(&cell.series).newest_first(cell.period, reader.as_of).next()?;
        last.is_withdrawal().then(|| reader.provenance(&last.revision()))
    }

    /// The record, and the decision, by which a target no longer stands on the second side.
    pub(super) fn target_withdrawn(&self, was: &TargetAnswer) -> Option<(String, Provenance)> {
        let reader = self.after.reader;
        let day = self.is.cell.period.last_day();
        let (_, history) = reader.book.targets_of(&was.key.measure).find(|(key, _)| **key == was.key)?;
        let last = history.newest_first(reader.as_of, reader.book).find(|it| it.value.value.span.holds_day(day))?;
        let withdrawn = &last.value.value;
        withdrawn.terms.is_none().then(|| (withdrawn.decision.clone(), reader.provenance(last)))
    }

    /// Where the second side's rating rule, or its direction method, is recorded.
    pub(super) fn adopted(&self, method: bool) -> Option<Provenance> {
        let (Cell { series, period }, reader) = (&self.is.cell, self.after.reader);
        let (book, measure, day) = (reader.book, Some(&series.measure), period.last_day());
        let revision = if method {
            book.direction_method_adoption(measure, day, reader.as_of)
        } else {
            book.rating_rule_adoption(measure, day, reader.as_of)
        };
        revision.map(|revision| reader.provenance(revision))
    }

    /// The records of both definitions.
    pub(super) fn definitions(&self) -> (Option<Provenance>, Option<Provenance>) {
        let (before, after) = (self.before.reader, self.after.reader);
        let measure = &self.is.cell.series.measure;
        let was = before.defined(measure).ok().map(|it| before.provenance(it.revision));
        (was, after.defined(measure).ok().map(|it| after.provenance(it.revision)))
    }
}
