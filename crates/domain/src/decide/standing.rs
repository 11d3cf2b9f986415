//! What stands that an instruction would replace, and where in the log.

use std::borrow::Cow;

use super::desk::{Desk, as_of};
use crate::book::StoredResult;
use crate::command::{Command, Instruction};
use crate::history::History;
use crate::ids::Position;
use crate::period::Span;
use crate::result::{Cell, ResultEntry};
use crate::target::TargetKey;

/// The last word about a cell.
pub(super) struct LastResult<'a> {
    pub(super) position: Position,
    /// `None` when it was withdrawn.
    pub(super) entry: Option<Cow<'a, ResultEntry>>,
    /// Where the last word in the book is; there may be a later one on the draft.
    pub(super) in_book: Option<Position>,
}

impl LastResult<'_> {
    pub(super) fn recorded(stored: StoredResult<'_>) -> Self {
        let position = stored.position();
        Self { position, entry: stored.entry().map(Cow::Owned), in_book: Some(position) }
    }
}

impl Desk<'_> {
    /// The position, in the book, of the last word about what the instruction is about; `None` when there is none.
    pub(super) fn standing_at(&self, instruction: &Instruction) -> Option<Position> {
        let book = self.base();
        match &instruction.command {
            Command::DefineArea(area) => self.last_at(book.areas.get(&area.area)?, instruction),
            Command::DefineCohort(cohort) => self.last_at(book.cohorts.get(&cohort.cohort)?, instruction),
            Command::DefineMeasure { definition, .. } => {
                self.last_at(book.measures.get(&definition.measure)?, instruction)
            }
            Command::WithdrawMeasure(withdrawn) => self.last_at(book.measures.get(&withdrawn.measure)?, instruction),
            Command::RecordResult(recorded) => self.last_result_at(&recorded.cell, instruction),
            Command::WithdrawResult(cell)
            | Command::WriteCommentary { cell, .. }
            | Command::AgreeAction { cell, .. }
            | Command::TellLateFigure { cell, .. } => self.last_result_at(cell, instruction),
            Command::ChangeTarget(it) => self.last_target_at(&it.key, it.span, instruction),
            Command::WithdrawTarget(it) => self.last_target_at(&it.key, it.span, instruction),
            Command::RecordBenchmark(it) => {
                self.last_at(book.benchmarks.get(&it.cell)?.get(&it.comparator)?, instruction)
            }
            Command::AdoptNeighbours(list) => self.last_at(book.neighbours.get(&list.list)?, instruction),
            Command::DefineScorecard(it) => {
                let history = book.scorecards.get(&it.scorecard)?.newest_first(as_of(instruction), self.rollbacks());
                history.into_iter().find(|state| state.value.value.remit.from == it.remit.from).map(|it| it.position)
            }
            // What stands is told in full by its words.
            Command::NameActor(_)
            | Command::AdoptRatingRule(_)
            | Command::AdoptDirectionMethod(_)
            | Command::RollBackSubmission(_)
            | Command::ReinstateSubmission(_)
            | Command::RaiseFormat(_)
            | Command::PublishView(_)
            | Command::RecordCommitteeAct { .. }
            | Command::SetAside(_) => None,
        }
    }

    fn last_target_at(&self, key: &TargetKey, span: Span, instruction: &Instruction) -> Option<Position> {
        let position = self.target(key, span, instruction)?.position;
        (position <= self.base().head()).then_some(position)
    }

    fn last_result_at(&self, cell: &Cell, instruction: &Instruction) -> Option<Position> {
        let last = self.base().figures(&cell.series).last(cell.period, as_of(instruction), self.rollbacks());
        last.map(StoredResult::position)
    }

    fn last_at<T>(&self, history: &History<T>, instruction: &Instruction) -> Option<Position> {
        history.standing(as_of(instruction), self.rollbacks()).map(|revision| revision.position)
    }
}
