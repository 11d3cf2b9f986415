//! Putting what is decided on the desk, and reading the results among it.
//!
//! Results are not on the draft: there may be a million of them, and what was drafted of each cell is found by its place.

use std::borrow::Cow;

use super::Desk;
use crate::book::StoredResult;
use crate::command::{Command, Instruction};
use crate::decide::key::Key;
use crate::decide::standing::LastResult;
use crate::event::Event;
use crate::ids::Position;
use crate::preview::{Draft, Drafted};
use crate::result::Cell;
use crate::time::{AsOf, Timestamp};

impl Desk<'_> {
    /// Puts an event into the decision.
    pub(in crate::decide) fn draft(&mut self, draft: Draft) {
        if matches!(draft.event, Event::ResultWithdrawn(_)) {
            self.enter_draft(draft.known_at);
        }
        self.decision.drafts.push(Drafted::Other(Box::new(draft)));
    }

    /// Puts the result of the instruction that is judged now into the decision.
    pub(in crate::decide) fn draft_result(&mut self, instruction: &Instruction) {
        self.enter_draft(instruction.known_at);
        self.decision.drafts.push(Drafted::Result(self.place));
    }

    /// Enters the next draft as one about its instruction's cell.
    fn enter_draft(&mut self, known_at: Option<Timestamp>) {
        self.given.draft(self.place, known_at.unwrap_or(self.now), self.decision.drafts.len());
    }

    /// Where in the log a draft will be.
    fn position_of(&self, draft: usize) -> Position {
        let n_before = u64::try_from(draft).unwrap_or(u64::MAX).saturating_add(self.n_paperwork);
        self.base.head().plus(n_before.saturating_add(1))
    }

    /// Puts on the draft what was decided so far. Called before an instruction is judged, and not after each: nothing is
    /// judged after the last, which in most submissions is the only one.
    pub(in crate::decide) fn catch_up(&mut self) {
        for drafted in self.decision.drafts.iter().skip(self.n_drafted) {
            let Drafted::Other(draft) = drafted else { continue };
            if matches!(draft.event, Event::ResultWithdrawn(_)) {
                continue;
            }
            let record = Draft::clone(draft).recorded(self.submission, self.draft.head().next(), self.now);
            self.draft.apply(&record).expect("the draft's next position follows its head");
        }
        self.n_drafted = self.decision.drafts.len();
    }

    /// The last word about a cell, a withdrawal included.
    pub(in crate::decide) fn result(&self, cell: &Cell, as_of: AsOf) -> Option<LastResult<'_>> {
        let base = self.base.figures(&cell.series).last(cell.period, as_of, &self.lens);
        match (base, self.drafted_result(cell, as_of)) {
            (Some(base), Some((known_at, drafted)))
                if (base.known_at(), base.position()) > (known_at, drafted.position) =>
            {
                Some(LastResult::recorded(base))
            }
            (base, Some((_, drafted))) => Some(LastResult { in_book: base.map(StoredResult::position), ..drafted }),
            (base, None) => base.map(LastResult::recorded),
        }
    }

    /// The last word about a cell of those that were drafted, with when it is known.
    fn drafted_result(&self, cell: &Cell, as_of: AsOf) -> Option<(Timestamp, LastResult<'_>)> {
        let instructions = &self.submission.instructions;
        let key = Some(Key::Result(cell));
        let of_its_own = instructions.get(self.place).is_some_and(|now| Key::of(&now.command) == key);
        let place = if of_its_own { self.place } else { self.given.about(Key::Result(cell), instructions)? };
        let (known_at, draft) = self.given.newest(place, as_of.known_at)?;
        let position = self.position_of(draft);
        let entry = match self.decision.drafts.get(draft)? {
            Drafted::Other(_) => None,
            Drafted::Result(place) => {
                let Command::RecordResult(recorded) = &instructions.get(*place)?.command else { return None };
                Some(Cow::Borrowed(&recorded.entry))
            }
        };
        Some((known_at, LastResult { position, entry, in_book: None }))
    }
}
