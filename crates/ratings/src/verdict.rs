//! How a figure stands against a comparator's: better, worse or level, by the measure's polarity.

use std::cmp::Ordering;

use domain::measure::{Definition, MeasureKind, Polarity};
use domain::target::{Target, Terms};
use domain::{Decimal, Exact};

use crate::average::Averaged;

/// How a figure stands against another of the same period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It is better.
    Better,
    /// It is worse.
    Worse,
    /// It is neither.
    Level,
    /// It is greater, and neither way is better: polarity `none`, activity, or a range without a target range.
    Higher,
    /// It is less, and neither way is better.
    Lower,
    /// It is equal, and neither way is better.
    Same,
}

impl Verdict {
    /// For people, to be followed by a comparator's name: “better than”.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Better => "better than",
            Self::Worse => "worse than",
            Self::Level => "level with",
            Self::Higher => "higher than",
            Self::Lower => "lower than",
            Self::Same => "the same as",
        }
    }
}

/// How `own` stands against `other`. Judges unrounded values. `terms` are those that judge `own`; in a range's measure the
/// figure that is nearer to the target range is better, and two inside it are level.
pub fn verdict(definition: &Definition, terms: Option<Terms>, own: Exact, other: &Averaged) -> Verdict {
    let own = Averaged::from(own);
    let higher = own.order(other);
    if matches!(definition.kind, MeasureKind::Activity { .. }) {
        return unjudged(higher);
    }
    match (definition.polarity, terms.map(|terms| terms.target)) {
        (Polarity::Higher, _) => judged(higher),
        (Polarity::Lower, _) => judged(higher.reverse()),
        (Polarity::Range, Some(Target::Within { low, high })) => {
            judged(outside(other, low, high).order(&outside(&own, low, high)))
        }
        (Polarity::Range | Polarity::None, _) => unjudged(higher),
    }
}

/// `Greater` is better.
const fn judged(order: Ordering) -> Verdict {
    match order {
        Ordering::Greater => Verdict::Better,
        Ordering::Less => Verdict::Worse,
        Ordering::Equal => Verdict::Level,
    }
}

const fn unjudged(order: Ordering) -> Verdict {
    match order {
        Ordering::Greater => Verdict::Higher,
        Ordering::Less => Verdict::Lower,
        Ordering::Equal => Verdict::Same,
    }
}

/// How far outside a range a value is; 0 inside it.
fn outside(value: &Averaged, low: Decimal, high: Decimal) -> Averaged {
    let (low, high) = (Averaged::from(low.exact()), Averaged::from(high.exact()));
    if value.order(&low).is_lt() {
        low.minus(value.clone())
    } else if value.order(&high).is_gt() {
        value.clone().minus(high)
    } else {
        Averaged::from(Decimal::whole(0).exact())
    }
}
