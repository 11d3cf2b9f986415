//! Answers as the product gives many figures at once.

use domain::{AsOf, Figure, Terms, Timestamp};
use engine::Engine;
use reporting::grid::{Grid, GridCell, GridDifferences};
use reporting::target_history::{self, RecordedTarget, RecordedTargets};

use crate::answers::{Answers, RatedCell, TargetChange, direction_sign, rating_letter, tenths};
use crate::questions::{Audit, Card};

pub(crate) struct ByGrid {
    engine: Engine,
}

impl ByGrid {
    pub(crate) const fn new(engine: Engine) -> Self {
        Self { engine }
    }

    fn as_of(&self, known_at: Timestamp) -> AsOf {
        AsOf { known_at: Some(known_at), position: self.engine.head().position }
    }
}

impl Answers for ByGrid {
    const EVERY: usize = 1;
    type Scorecard = Grid;
    type Targets = RecordedTargets;
    type Differences = GridDifferences;

    fn scorecard(&self, card: &Card) -> Grid {
        self.engine.grid(&card.question, self.as_of(card.known_at)).expect("an answer")
    }

    fn targets(&self, question: &Audit) -> RecordedTargets {
        let Audit { measure, area } = question;
        let question =
            target_history::Question { measure: measure.clone(), area: Some(area.clone()), cohort: None, period: None };
        self.engine.recorded_targets(&question, AsOf::position(self.engine.head().position)).expect("an answer")
    }

    fn differences(&self, card: &Card) -> GridDifferences {
        let (before, after) = (self.as_of(card.known_at), self.as_of(card.known_later));
        self.engine.grid_differences(&card.question, before, after).expect("an answer")
    }

    fn cells(answer: &Grid) -> Vec<RatedCell> {
        answer.cells.iter().map(|cell| rated(cell, answer.figure(cell), answer.target(cell))).collect()
    }

    fn changes(answer: &RecordedTargets) -> Vec<TargetChange> {
        let change = |change: &RecordedTarget| TargetChange {
            known_at: change.known_at,
            from: change.entry.span.from,
            to: change.entry.span.to.expect("the workload's spans end"),
            terms: change.entry.terms.expect("the workload withdraws nothing"),
            reason: change.reason.clone(),
            decision: change.entry.decision.clone(),
        };
        answer.changes.iter().map(change).collect()
    }

    fn changed(answer: &GridDifferences) -> Vec<(usize, RatedCell, RatedCell)> {
        let told = |cell: &GridCell| rated(cell, answer.figure(cell), answer.target(cell));
        let changed = answer.cells.iter().map(|cell| (cell.at, told(&cell.was), told(&cell.is)));
        // Ours also tells apart what the peers do not: a direction where there is no target.
        changed.filter(|(_, was, is)| was != is).collect()
    }
}

pub(crate) fn rated(cell: &GridCell, figure: Option<Figure>, terms: Option<Terms>) -> RatedCell {
    let stated = |figure| match figure {
        Figure::Stated { value, .. } => tenths(value),
        Figure::Counted { .. } | Figure::Missing(_) => panic!("the workload has stated values alone"),
    };
    let direction = direction_sign(terms, cell.direction().code());
    RatedCell { tenths: figure.map(stated), terms, rating: rating_letter(cell.rating().word()), direction }
}
