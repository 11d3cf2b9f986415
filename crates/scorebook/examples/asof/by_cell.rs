//! Answers put together cell by cell, from what explains a single one: slow, and by the product's own rules.

use domain::{AsOf, Cell, Figure, Series, Timestamp};
use engine::Engine;
use reporting::answer::{Row, TargetHistory};
use reporting::target_history::Question;

use crate::answers::{Answers, RatedCell, TargetChange, direction_sign, rating_letter, tenths};
use crate::questions::{Audit, Card};

pub(crate) struct ByCell {
    engine: Engine,
}

impl ByCell {
    pub(crate) const fn new(engine: Engine) -> Self {
        Self { engine }
    }

    fn rated(&self, question: &Card, known_at: Timestamp) -> Vec<RatedCell> {
        let as_of = AsOf { known_at: Some(known_at), position: self.engine.head().position };
        let cells = question.keys().map(|(measure, area, period)| {
            let series =
                Series { measure: measure.clone(), area: area.clone(), cohort: question.question.cohort.clone() };
            let (row, _) = self.engine.explain(&Cell { series, period }, as_of).expect("an answer");
            rated(&row)
        });
        cells.collect()
    }
}

impl Answers for ByCell {
    const EVERY: usize = 1;
    type Scorecard = Vec<RatedCell>;
    type Targets = TargetHistory;
    type Differences = Vec<(usize, RatedCell, RatedCell)>;

    fn scorecard(&self, question: &Card) -> Vec<RatedCell> {
        self.rated(question, question.known_at)
    }

    fn targets(&self, question: &Audit) -> TargetHistory {
        let Audit { measure, area } = question;
        let question = Question { measure: measure.clone(), area: Some(area.clone()), cohort: None, period: None };
        let as_of = AsOf::position(self.engine.head().position);
        self.engine.target_history(&question, as_of).expect("an answer")
    }

    fn differences(&self, question: &Card) -> Vec<(usize, RatedCell, RatedCell)> {
        let (first, later) = (self.rated(question, question.known_at), self.rated(question, question.known_later));
        different(first, later)
    }

    fn cells(answer: &Vec<RatedCell>) -> Vec<RatedCell> {
        answer.clone()
    }

    fn changes(answer: &TargetHistory) -> Vec<TargetChange> {
        let change = |change: &reporting::answer::TargetChangeAnswer| TargetChange {
            known_at: change.provenance.known_at,
            from: change.span.from,
            to: change.span.to.expect("the workload's spans end"),
            terms: change.terms.expect("the workload withdraws nothing"),
            reason: change.provenance.reason.clone(),
            decision: change.decision.clone(),
        };
        answer.changes.iter().map(change).collect()
    }

    fn changed(answer: &Vec<(usize, RatedCell, RatedCell)>) -> Vec<(usize, RatedCell, RatedCell)> {
        answer.clone()
    }
}

/// The cells of two answers to one question that differ, with their places.
pub(crate) fn different(first: Vec<RatedCell>, later: Vec<RatedCell>) -> Vec<(usize, RatedCell, RatedCell)> {
    let pairs = first.into_iter().zip(later).enumerate();
    pairs.filter(|(_, (one, two))| one != two).map(|(at, (one, two))| (at, one, two)).collect()
}

fn rated(row: &Row) -> RatedCell {
    let terms = row.target.as_ref().map(|target| target.terms);
    let stated = |figure| match figure {
        Figure::Stated { value, .. } => tenths(value),
        Figure::Counted { .. } | Figure::Missing(_) => panic!("the workload has stated values alone"),
    };
    let direction = direction_sign(terms, row.direction.direction.code());
    RatedCell {
        tenths: row.result.as_ref().map(|result| stated(result.entry.figure)),
        terms,
        rating: rating_letter(row.rating.word()),
        direction,
    }
}
