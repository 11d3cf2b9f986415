//! One figure of several areas': pooled, mean or median, exactly.
//!
//! A mean of ratios has a denominator that is the product of theirs, up to about 2,700 bits for 32 of them, so that it is a
//! fraction of big integers; it is rounded once, for show. Which areas count, and what is done about one that has no figure,
//! is the caller's to say.

use std::cmp::Ordering;

use domain::Decimal;
use domain::number::{DECIMAL_PLACES_MAX, Exact};
use num_bigint::{BigInt, Sign};

/// An average: a fraction with a positive denominator, not reduced.
#[derive(Debug, Clone)]
pub struct Averaged {
    numerator: BigInt,
    denominator: BigInt,
}

/// A numerator and a denominator as they were counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// How many of them.
    pub numerator: Decimal,
    /// Of how many.
    pub denominator: Decimal,
}

/// The sum of the numerators over the sum of the denominators, times the multiplier; `None` when the denominators add up to
/// nothing.
pub fn pooled(counts: &[Counts], multiplier: u32) -> Option<Averaged> {
    let sum = |part: fn(&Counts) -> Decimal| {
        let zero = Averaged { numerator: BigInt::ZERO, denominator: BigInt::from(1) };
        counts.iter().map(|counts| Averaged::from(part(counts).exact())).fold(zero, Averaged::plus)
    };
    let (above, below) = (sum(|counts| counts.numerator), sum(|counts| counts.denominator));
    (below.numerator.sign() == Sign::Plus).then(|| above.times(multiplier).over(&below))
}

/// The mean of the unrounded values; `None` of none.
pub fn mean(values: &[Exact]) -> Option<Averaged> {
    let (first, rest) = values.split_first()?;
    let sum = rest.iter().map(|value| Averaged::from(*value)).fold(Averaged::from(*first), Averaged::plus);
    Some(sum.over(&Averaged::from(Exact::from(Decimal::whole(i64::try_from(values.len()).ok()?)))))
}

/// The middle of the unrounded values; of an even number of them the mean of the middle two. `None` of none.
pub fn median(values: &[Exact]) -> Option<Averaged> {
    let mut sorted = values.to_vec();
    sorted.sort_by(|left, right| left.compare(*right));
    let last = sorted.len().checked_sub(1)?;
    // The two are one and the same of an odd number.
    let (lower, upper) = (sorted.get(last.div_euclid(2))?, sorted.get(sorted.len().div_euclid(2))?);
    mean(&[*lower, *upper])
}

impl From<Exact> for Averaged {
    fn from(value: Exact) -> Self {
        Self { numerator: value.numerator().into(), denominator: value.denominator().into() }
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "big integers do not overflow, and no denominator is 0")]
impl Averaged {
    fn plus(self, other: Self) -> Self {
        Self {
            numerator: &self.numerator * &other.denominator + other.numerator * &self.denominator,
            denominator: self.denominator * other.denominator,
        }
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        self.plus(Self { numerator: -other.numerator, ..other })
    }

    fn times(self, factor: u32) -> Self {
        Self { numerator: self.numerator * factor, ..self }
    }

    /// Divided by something above 0.
    fn over(self, other: &Self) -> Self {
        Self { numerator: self.numerator * &other.denominator, denominator: self.denominator * &other.numerator }
    }

    pub(crate) fn order(&self, other: &Self) -> Ordering {
        (&self.numerator * &other.denominator).cmp(&(&other.numerator * &self.denominator))
    }

    /// Rounds half away from zero to `decimal_places` (at most 6) digits after the point.
    ///
    /// `None` when the rounded number does not fit in 64 bits.
    pub fn round(&self, decimal_places: u8) -> Option<Decimal> {
        let places = decimal_places.min(DECIMAL_PLACES_MAX);
        let doubled = self.numerator.magnitude() * 10_u32.pow(u32::from(places)) * 2_u32;
        let rounded = (doubled + self.denominator.magnitude()) / (self.denominator.magnitude() * 2_u32);
        let rounded = BigInt::from_biguint(self.numerator.sign(), rounded);
        Decimal::new(i64::try_from(rounded).ok()?, places).ok()
    }
}
