//! Terms in whole numbers of one scale, as a book keeps them, to be compared with many figures.
//!
//! It is exact: “at least 43.45” asks of tenths for at least 435.

use std::borrow::Cow;

use super::{Minimum, Target, Terms};
use crate::measure::Polarity;
use crate::number::{Decimal, pow10};

/// Digits from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digits {
    first: i64,
    /// How far the last is from the first.
    width: u64,
}

/// Which values of one scale reach a target and meet its minimum standard. Cost: 40 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermsInDigits {
    /// What reaches the target.
    pub target: Digits,
    /// What meets the minimum standard; everything when that is not known.
    pub minimum: Digits,
    /// How many of the digits stand after the point.
    pub scale: u8,
    /// Of what measures the target is: more is better, less is, or a range.
    pub suits: Polarity,
    /// Whether equality with the bound misses the target.
    strict: bool,
    /// Whether there is a minimum standard, and it is of the target's form.
    pub standard: Standard,
}

/// What there is for a minimum standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standard {
    /// One of the target's form.
    Known,
    /// Nobody said.
    Unknown,
    /// A range for a single target, or the other way round.
    Unfit,
}

/// Terms as a book keeps them: in digits where all that is written has one scale, which most have. Equal for equal terms.
///
/// An enumeration would take 8 bytes less. But what tells its kinds lies amid the digits, and where they are copied around that,
/// a processor waits for its own writes: it was a twentieth of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTerms {
    /// In the digits that they are written in; of others, nothing.
    in_digits: TermsInDigits,
    /// Others as they are written.
    written: Option<Box<Terms>>,
}

const _: () = assert!(size_of::<Option<StoredTerms>>() == 48, "targets are read together");

impl StoredTerms {
    /// Of any terms.
    pub fn new(terms: Terms) -> Self {
        let (Target::AtLeast(end)
        | Target::MoreThan(end)
        | Target::AtMost(end)
        | Target::LessThan(end)
        | Target::Within { low: end, .. }) = terms.target;
        let in_digits = TermsInDigits::new(&terms, end.scale());
        let same = in_digits.filter(|in_digits| in_digits.terms().is_some_and(|read| read == terms));
        match same {
            Some(in_digits) => Self { in_digits, written: None },
            None => Self { in_digits: TermsInDigits::NOTHING, written: Some(Box::new(terms)) },
        }
    }

    /// Whether all that is written has one scale.
    pub const fn in_one_scale(&self) -> bool {
        self.written.is_none()
    }

    /// As they are written.
    pub fn terms(&self) -> Option<Terms> {
        match &self.written {
            None => self.in_digits.terms(),
            Some(terms) => Some(**terms),
        }
    }

    /// For values of `scale` digits after the point; `None` as [`TermsInDigits::new`].
    #[inline]
    pub fn in_digits(&self, scale: u8) -> Option<Cow<'_, TermsInDigits>> {
        if self.in_digits.scale == scale && self.written.is_none() {
            return Some(Cow::Borrowed(&self.in_digits));
        }
        TermsInDigits::new(&self.terms()?, scale).map(Cow::Owned)
    }
}

impl TermsInDigits {
    /// No terms at all.
    const NOTHING: Self = Self {
        target: Digits::ALL,
        minimum: Digits::ALL,
        scale: 0,
        suits: Polarity::None,
        strict: false,
        standard: Standard::Unfit,
    };

    /// For values of `scale` digits after the point, 0 to 18. `None` where a bound is none of such digits, a range holds none of
    /// them, or the end of one is no whole number of them.
    ///
    /// Cost: a comparison for each bound of that scale; for another, a multiplication or a division.
    #[cold]
    pub fn new(terms: &Terms, scale: u8) -> Option<Self> {
        let (suits, strict, target) = match terms.target {
            Target::AtLeast(least) => (Polarity::Higher, false, Digits::from(ceiling(least, scale)?)),
            Target::MoreThan(bound) => (Polarity::Higher, true, Digits::from(floor(bound, scale)?.checked_add(1)?)),
            Target::AtMost(most) => (Polarity::Lower, false, Digits::to(floor(most, scale)?)),
            Target::LessThan(bound) => (Polarity::Lower, true, Digits::to(ceiling(bound, scale)?.checked_sub(1)?)),
            Target::Within { low, high } => (Polarity::Range, false, Digits::between(low, high, scale)?),
        };
        let (standard, minimum) = match (suits, terms.minimum) {
            (_, Minimum::Unknown) => (Standard::Unknown, Digits::ALL),
            (Polarity::Higher, Minimum::Value(least)) => (Standard::Known, Digits::from(ceiling(least, scale)?)),
            (Polarity::Lower, Minimum::Value(most)) => (Standard::Known, Digits::to(floor(most, scale)?)),
            (Polarity::Range, Minimum::Within { low, high }) => (Standard::Known, Digits::between(low, high, scale)?),
            (_, Minimum::Value(_) | Minimum::Within { .. }) => (Standard::Unfit, Digits::ALL),
        };
        Some(Self { target, minimum, scale, suits, strict, standard })
    }

    /// The terms that they are, all written in digits of the scale; `None` where the standard is unfit.
    fn terms(&self) -> Option<Terms> {
        let decimal = |digits| Decimal::new(digits, self.scale).ok();
        let (first, last) = (self.target.first, self.target.last());
        let target = match (self.suits, self.strict) {
            (Polarity::Higher, false) => Target::AtLeast(decimal(first)?),
            (Polarity::Higher, true) => Target::MoreThan(decimal(first.checked_sub(1)?)?),
            (Polarity::Lower, false) => Target::AtMost(decimal(last)?),
            (Polarity::Lower, true) => Target::LessThan(decimal(last.checked_add(1)?)?),
            (Polarity::Range, _) => Target::Within { low: decimal(first)?, high: decimal(last)? },
            (Polarity::None, _) => return None,
        };
        let (first, last) = (self.minimum.first, self.minimum.last());
        let minimum = match (self.standard, self.suits) {
            (Standard::Unknown, _) => Minimum::Unknown,
            (Standard::Known, Polarity::Higher) => Minimum::Value(decimal(first)?),
            (Standard::Known, Polarity::Lower) => Minimum::Value(decimal(last)?),
            (Standard::Known, Polarity::Range) => Minimum::Within { low: decimal(first)?, high: decimal(last)? },
            (Standard::Known, Polarity::None) | (Standard::Unfit, _) => return None,
        };
        Some(Terms { target, minimum })
    }
}

impl Digits {
    /// All of them.
    pub const ALL: Self = Self { first: i64::MIN, width: u64::MAX };

    const fn from(first: i64) -> Self {
        Self { first, width: i64::MAX.abs_diff(first) }
    }

    const fn to(last: i64) -> Self {
        Self { first: i64::MIN, width: last.abs_diff(i64::MIN) }
    }

    fn between(low: Decimal, high: Decimal, scale: u8) -> Option<Self> {
        let (first, last) = (whole(low, scale)?, whole(high, scale)?);
        if first <= last { Some(Self { first, width: last.abs_diff(first) }) } else { None }
    }

    const fn last(self) -> i64 {
        self.first.saturating_add_unsigned(self.width)
    }

    /// Whether it is one of them. One comparison: what is before the first is as far from it, counted round, as what is far
    /// behind the last.
    #[inline]
    pub const fn hold(self, digits: i64) -> bool {
        digits.wrapping_sub(self.first).cast_unsigned() <= self.width
    }

    /// How far it is from the nearest of them.
    #[inline]
    pub fn distance(self, digits: i64) -> u64 {
        let last = self.last();
        let below = if digits < self.first { self.first.abs_diff(digits) } else { 0 };
        let above = if digits > last { digits.abs_diff(last) } else { 0 };
        below.max(above)
    }
}

/// The least digits that are not less than the decimal; `None` when all are, or none has so many.
fn ceiling(decimal: Decimal, scale: u8) -> Option<i64> {
    let (whole, more) = scaled(decimal, scale)?;
    whole.checked_add(i64::from(more))
}

/// The greatest digits that are not more than the decimal; `None` as above.
fn floor(decimal: Decimal, scale: u8) -> Option<i64> {
    scaled(decimal, scale).map(|(whole, _)| whole)
}

/// The digits that the decimal is written with, when it is a whole number of them.
fn whole(decimal: Decimal, scale: u8) -> Option<i64> {
    scaled(decimal, scale).filter(|(_, more)| !more).map(|(whole, _)| whole)
}

/// The decimal as a whole number of `10^-scale`, and whether it is more than that by a part of one; `None` when it does not fit.
fn scaled(decimal: Decimal, scale: u8) -> Option<(i64, bool)> {
    let coefficient = decimal.coefficient();
    // At most 10^18, which fits.
    let unit = |places: u8| i64::try_from(pow10(places)).ok();
    match scale.checked_sub(decimal.scale()) {
        Some(0) => Some((coefficient, false)),
        Some(places) => Some((coefficient.checked_mul(unit(places)?)?, false)),
        None => {
            let unit = unit(decimal.scale().saturating_sub(scale))?;
            Some((coefficient.div_euclid(unit), coefficient.rem_euclid(unit) != 0))
        }
    }
}
