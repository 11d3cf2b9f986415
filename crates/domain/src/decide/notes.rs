//! Judging what is said of a figure: words about it, and what is done about it.

use super::desk::{Desk, as_of};
use super::{Outcome, Rejection};
use crate::command::Instruction;
use crate::event::{ActionAgreed, CommentaryWritten, Event};
use crate::result::Cell;
use crate::time::Date;

impl Desk<'_> {
    pub(super) fn write_commentary(
        &self,
        cell: &Cell,
        text: &str,
        instruction: &Instruction,
    ) -> Result<Outcome, Rejection> {
        let as_of = as_of(instruction);
        self.check_series(&cell.series, as_of)?;
        let about = self.result(cell, as_of);
        let position = about.map(|last| last.position);
        let last = self.last_commentary(cell, as_of);
        if last.is_some_and(|(about, last)| about == position && last == text) {
            return Ok(Outcome::Unchanged);
        }
        let (text, mut events) = self.content(text);
        events.push(Event::CommentaryWritten(CommentaryWritten { cell: cell.clone(), about: position, text }));
        Ok(Outcome::Change { events, before: String::new(), after: "a commentary".to_owned() })
    }

    pub(super) fn agree_action(
        &self,
        cell: &Cell,
        text: &str,
        (owner, due): (&str, Date),
        instruction: &Instruction,
    ) -> Result<Outcome, Rejection> {
        let as_of = as_of(instruction);
        self.check_series(&cell.series, as_of)?;
        let about = self.result(cell, as_of).map(|last| last.position);
        let last = self.last_action(cell, as_of);
        if last
            .as_ref()
            .is_some_and(|(last, words)| last.about == about && last.owner == owner && last.due == due && words == text)
        {
            return Ok(Outcome::Unchanged);
        }
        let words = |owner: &str, due: Date| format!("{owner}, by {due}");
        let before = last.map_or(String::new(), |(last, _)| words(&last.owner, last.due));
        let (text, mut events) = self.content(text);
        let owner = owner.to_owned();
        let after = words(&owner, due);
        events.push(Event::ActionAgreed(ActionAgreed { cell: cell.clone(), about, text, owner, due }));
        Ok(Outcome::Change { events, before, after })
    }
}
