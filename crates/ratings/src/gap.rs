//! How far a figure is from its target, or from its minimum standard, exactly; better is more.
//!
//! Only a difference of two gaps is of use to anybody: by how much a new figure or a new target moved it.

use domain::measure::{Definition, Polarity};
use domain::target::{Minimum, Target, Terms};
use domain::{Decimal, Exact};

use crate::average::Averaged;

/// How far a value is on the better side of something, in the measure's unit; below 0 on the worse side.
#[derive(Debug, Clone)]
pub struct Gap(Averaged);

/// By how much a gap moved, in the measure's unit; above 0 for the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// With no more digits after the point than it takes, and at most 6.
    pub by: Decimal,
    /// True when it has more than 6, so that `by` is rounded half away from zero.
    pub rounded: bool,
}

impl Gap {
    /// To the target: of a range, to its nearer end. `None` where the target does not suit the polarity.
    pub fn to_target(definition: &Definition, terms: Terms, value: Exact) -> Option<Self> {
        match (definition.polarity, terms.target) {
            (Polarity::Higher, Target::AtLeast(least) | Target::MoreThan(least)) => Some(Self::above(least, value)),
            (Polarity::Lower, Target::AtMost(most) | Target::LessThan(most)) => Some(Self::below(most, value)),
            (Polarity::Range, Target::Within { low, high }) => Some(Self::inside(low, high, value)),
            _ => None,
        }
    }

    /// To the minimum standard. `None` where it is unknown, or does not suit the polarity.
    pub fn to_minimum(definition: &Definition, terms: Terms, value: Exact) -> Option<Self> {
        match (definition.polarity, terms.minimum) {
            (Polarity::Higher, Minimum::Value(least)) => Some(Self::above(least, value)),
            (Polarity::Lower, Minimum::Value(most)) => Some(Self::below(most, value)),
            (Polarity::Range, Minimum::Within { low, high }) => Some(Self::inside(low, high, value)),
            _ => None,
        }
    }

    fn above(bound: Decimal, value: Exact) -> Self {
        Self(Averaged::from(value).minus(bound.exact().into()))
    }

    fn below(bound: Decimal, value: Exact) -> Self {
        Self(Averaged::from(bound.exact()).minus(value.into()))
    }

    fn inside(low: Decimal, high: Decimal, value: Exact) -> Self {
        let (low, high) = (Self::above(low, value), Self::below(high, value));
        if low.0.order(&high.0).is_lt() { low } else { high }
    }

    /// By how much it is greater than an earlier one. `None` when 64 bits do not hold it.
    pub fn since(&self, earlier: &Self) -> Option<Moved> {
        let moved = self.0.clone().minus(earlier.0.clone());
        for places in 0..=domain::number::DECIMAL_PLACES_MAX {
            let by = moved.round(places)?;
            if Averaged::from(by.exact()).order(&moved).is_eq() {
                return Some(Moved { by, rounded: false });
            }
        }
        Some(Moved { by: moved.round(domain::number::DECIMAL_PLACES_MAX)?, rounded: true })
    }
}
