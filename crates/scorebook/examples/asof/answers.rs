//! What is asked, whoever answers: the fast way in process, the slow one that it was proved against, or a server.
//!
//! What is timed is the answer in the shape that its user holds it in; the shape that is checked is made of it after the clock
//! has stopped.

use domain::{Terms, Timestamp};

use crate::questions::{Audit, Card};

pub(crate) trait Answers {
    /// Every how manyth question is asked; more than 1 where asking takes long.
    const EVERY: usize;

    /// The answer to Q1 and Q2.
    type Scorecard;
    /// The answer to Q3.
    type Targets;
    /// The answer to Q4.
    type Differences;

    /// Every cell of the question as known at its instant.
    fn scorecard(&self, question: &Card) -> Self::Scorecard;

    /// Every change of a measure's targets, within all bounds.
    fn targets(&self, question: &Audit) -> Self::Targets;

    /// The cells that are otherwise as known later.
    fn differences(&self, question: &Card) -> Self::Differences;

    /// The cells by measure, area and period.
    fn cells(answer: &Self::Scorecard) -> Vec<RatedCell>;

    /// The changes by when they were known.
    fn changes(answer: &Self::Targets) -> Vec<TargetChange>;

    /// The cells that differ: the place in the question's order, then as known first and later.
    fn changed(answer: &Self::Differences) -> Vec<(usize, RatedCell, RatedCell)>;
}

/// One cell of an answer, in the words of the peers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RatedCell {
    /// The result in tenths; `None` when there is none.
    pub(crate) tenths: Option<i64>,
    /// The terms that judge it.
    pub(crate) terms: Option<Terms>,
    /// `G`, `A`, `R`, or `N` for not rated.
    pub(crate) rating: char,
    /// `+`, `-`, `=`, or `.` without a figure, an earlier one, or a target.
    pub(crate) direction: char,
}

/// One change of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TargetChange {
    pub(crate) known_at: Timestamp,
    /// The first day.
    pub(crate) from: domain::Date,
    /// The first day after it.
    pub(crate) to: domain::Date,
    pub(crate) terms: Terms,
    /// The event's identifier, and who set it.
    pub(crate) reason: String,
    /// The source.
    pub(crate) decision: String,
}

/// The rating's letter by its word.
pub(crate) fn rating_letter(word: &str) -> char {
    match word {
        "Green" => 'G',
        "Amber" => 'A',
        "Red" => 'R',
        "not rated" => 'N',
        other => panic!("{other:?} is no rating"),
    }
}

/// The direction's sign by its code.
pub(crate) fn direction_sign(terms: Option<Terms>, code: &str) -> char {
    match (terms, code) {
        // The peers give no direction without a target; ours does where higher or lower is better.
        (None, _) | (_, "no-result" | "no-previous") => '.',
        (Some(_), "improved") => '+',
        (Some(_), "worsened") => '-',
        (Some(_), "no-change") => '=',
        (Some(_), other) => panic!("{other:?} is no direction of the workload"),
    }
}

/// A decimal in tenths.
pub(crate) fn tenths(value: domain::Decimal) -> i64 {
    match value.scale() {
        0 => value.coefficient() * 10,
        1 => value.coefficient(),
        _ => panic!("{value} has more than one digit after the point"),
    }
}

/// The cells of two answers to one question that differ, with their places.
pub(crate) fn different(first: Vec<RatedCell>, later: Vec<RatedCell>) -> Vec<(usize, RatedCell, RatedCell)> {
    let pairs = first.into_iter().zip(later).enumerate();
    pairs.filter(|(_, (one, two))| one != two).map(|(at, (one, two))| (at, one, two)).collect()
}
