//! Judging what a committee is given, and what it did with it.

use super::desk::{Desk, as_of};
use super::{Outcome, Rejection, parts};
use crate::command::Instruction;
use crate::event::{CommitteeAct, CommitteeActRecorded, Event, LateFigureTold, ViewPublished};
use crate::ids::ViewId;
use crate::measure::Content;
use crate::result::{Cell, Figure, Status};
use crate::view::{ViewDraft, told_words};

impl Desk<'_> {
    /// What is given is pinned to a place in the log before it, so that nothing else may be put in with it.
    pub(super) fn publish_view(&self, draft: &ViewDraft, instruction: &Instruction) -> Result<Outcome, Rejection> {
        self.check_alone("publishing a view")?;
        if instruction.known_at.is_some() {
            let problem = "is said of a view, which is published when it is recorded";
            return Err(Rejection::Text { field: "known_at", problem });
        }
        let (book, position) = (self.base(), draft.as_of.position);
        if position > book.head() || book.settle(position) != position {
            let bounds = "the end of a commit in the log";
            return Err(Rejection::OutOfBounds { field: "at_position", value: position.to_string(), bounds });
        }
        if book.scorecard_for(&draft.scorecard, draft.period.last_day(), draft.as_of).is_none() {
            return Err(Rejection::UnknownScorecard { scorecard: draft.scorecard.clone() });
        }
        if book.area(&draft.area, draft.as_of).is_none() {
            return Err(Rejection::UnknownArea { area: draft.area.clone() });
        }
        let (over, mut events) = self.content(&draft.over.to_string());
        let digest = self.sha256(draft.text.as_bytes());
        if !self.stores(&digest) {
            events.extend(parts(digest, draft.text.as_bytes(), false));
        }
        let size = u32::try_from(draft.text.len()).unwrap_or(u32::MAX);
        let published = ViewPublished {
            view: draft.view.clone(),
            scorecard: draft.scorecard.clone(),
            period: draft.period,
            area: draft.area.clone(),
            meeting: draft.meeting.clone(),
            known_at: draft.as_of.known_at,
            position,
            form: draft.form.clone(),
            content: Content::Stored { digest, size },
            over,
        };
        match book.view(&draft.view, book.head()) {
            Some(standing) if standing.value.value == published => return Ok(Outcome::Unchanged),
            Some(_) => return Err(Rejection::ViewThere { view: draft.view.clone() }),
            None => events.push(Event::ViewPublished(published)),
        }
        let after = format!("published for {}", draft.meeting);
        Ok(Outcome::Change { events, before: String::new(), after })
    }

    pub(super) fn record_committee_act(
        &self,
        view: &ViewId,
        act: CommitteeAct,
        text: &str,
        instruction: &Instruction,
    ) -> Result<Outcome, Rejection> {
        self.check_view(view)?;
        if self.acted(view, act, text, as_of(instruction)) {
            return Ok(Outcome::Unchanged);
        }
        let (text, mut events) = self.content(text);
        events.push(Event::CommitteeActRecorded(CommitteeActRecorded { view: view.clone(), act, text }));
        Ok(Outcome::Change { events, before: String::new(), after: act.word().to_owned() })
    }

    pub(super) fn tell_late_figure(
        &self,
        (view, cell): (&ViewId, &Cell),
        told: Option<(Figure, Status)>,
        text: &str,
        instruction: &Instruction,
    ) -> Result<Outcome, Rejection> {
        let as_of = as_of(instruction);
        self.check_view(view)?;
        let definition = self.check_series(&cell.series, as_of)?;
        if let Some((figure, _)) = told {
            figure.exact(definition.unit.multiplier)?;
        }
        let last = self.last_late_figure(view, cell, as_of);
        if last.as_ref().is_some_and(|(last, words)| last.told == told && words == text) {
            return Ok(Outcome::Unchanged);
        }
        let words = |told: Option<(Figure, Status)>| match told {
            Some((figure, Status::NotStated)) => told_words(figure, &definition.unit),
            Some((figure, status)) => format!("{}, {}", told_words(figure, &definition.unit), status.words()),
            None => "told in words alone".to_owned(),
        };
        let (before, after) = (last.map_or_else(String::new, |(last, _)| words(last.told)), words(told));
        let (text, mut events) = self.content(text);
        events.push(Event::LateFigureTold(LateFigureTold { view: view.clone(), cell: cell.clone(), told, text }));
        Ok(Outcome::Change { events, before, after })
    }

    fn check_view(&self, view: &ViewId) -> Result<(), Rejection> {
        let found = self.base().view(view, self.base().head());
        found.map(|_| ()).ok_or_else(|| Rejection::UnknownView { view: view.clone() })
    }
}
