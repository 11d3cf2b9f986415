//! Answers as the product gives many figures at once.

use domain::{AsOf, Figure, Terms, Timestamp};
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
        answer.cells.iter().map(|cell| rated(cell, answer.figure(cell), answer.target(cell))).collect()
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
