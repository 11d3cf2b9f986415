//! Answers as the product gives many figures at once.

use domain::{AsOf, Figure, Timestamp};
use engine::Engine;
use reporting::grid::{Grid, GridCell, GridDifferences};
use reporting::target_history::{self, TargetWord};

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
    type Targets = Vec<TargetWord>;
    type Differences = GridDifferences;

    fn scorecard(&self, card: &Card) -> Grid {
        self.engine.grid(&card.question, self.as_of(card.known_at)).expect("an answer")
    }

    fn targets(&self, question: &Audit) -> Vec<TargetWord> {
        let Audit { measure, area } = question;
        let question =
            target_history::Question { measure: measure.clone(), area: Some(area.clone()), cohort: None, period: None };
        self.engine.target_words(&question, AsOf::position(self.engine.head().position))
    }

    fn differences(&self, card: &Card) -> GridDifferences {
        let (before, after) = (self.as_of(card.known_at), self.as_of(card.known_later));
        self.engine.grid_differences(&card.question, before, after).expect("an answer")
    }

    fn cells(answer: &Grid) -> Vec<RatedCell> {
        answer.cells.iter().map(|cell| rated(answer, cell)).collect()
    }

    fn changes(answer: &Vec<TargetWord>) -> Vec<TargetChange> {
        let change = |word: &TargetWord| TargetChange {
            known_at: word.known_at,
            from: word.entry.span.from,
            to: word.entry.span.to.expect("the workload's spans end"),
            terms: word.entry.terms.expect("the workload withdraws nothing"),
            reason: word.reason.clone(),
            decision: word.entry.decision.clone(),
        };
        answer.iter().map(change).collect()
    }

    fn changed(answer: &GridDifferences) -> Vec<(usize, RatedCell, RatedCell)> {
        let GridDifferences { before, after, differing } = answer;
        let pair = |at: &usize| (*at, rated(before, &before.cells[*at]), rated(after, &after.cells[*at]));
        let changed = differing.iter().map(pair);
        // Ours also tells apart what the peers do not: a direction where there is no target.
        changed.filter(|(_, was, is)| was != is).collect()
    }
}

pub(crate) fn rated(grid: &Grid, cell: &GridCell) -> RatedCell {
    let terms = grid.target(cell);
    let stated = |figure| match figure {
        Figure::Stated { value, .. } => tenths(value),
        Figure::Counted { .. } | Figure::Missing(_) => panic!("the workload has stated values alone"),
    };
    let direction = direction_sign(terms, cell.direction().code());
    RatedCell { tenths: grid.figure(cell).map(stated), terms, rating: rating_letter(cell.rating().word()), direction }
}
