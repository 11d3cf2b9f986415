//! Targets: what a result is judged against, and the minimum standard that goes with it.

mod digits;

use std::cmp::Ordering;
use std::fmt;

use crate::ids::{AreaId, CohortId, MeasureId};
use crate::measure::Polarity;
use crate::number::{Decimal, Exact};
use crate::period::Span;

pub use digits::{Digits, Standard, StoredTerms, TermsInDigits};

/// Whose target it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// The council's own. Rates first, unless a row says otherwise.
    Local,
    /// A service's own standard. Rates where there is no local one.
    Service,
    /// Set nationally. Rates where there is neither.
    National,
}

/// What a target is set for. Targets of several owners stand side by side.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TargetKey {
    /// Of what.
    pub measure: MeasureId,
    /// For where, and for every area inside it that has none of its own.
    pub area: AreaId,
    /// For whom, and never for another cohort.
    pub cohort: CohortId,
    /// By whom.
    pub owner: Owner,
}

impl TargetKey {
    /// A key that no other of the measure is before.
    pub fn first_of(measure: &MeasureId) -> Self {
        Self { measure: measure.clone(), area: AreaId::least(), cohort: CohortId::least(), owner: Owner::Local }
    }
}

/// What must be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Reached at this value or more.
    AtLeast(Decimal),
    /// Reached above this value; equality misses.
    MoreThan(Decimal),
    /// Reached at this value or less.
    AtMost(Decimal),
    /// Reached below this value; equality misses.
    LessThan(Decimal),
    /// Reached inside, both ends included.
    Within {
        /// The lower end.
        low: Decimal,
        /// The upper end.
        high: Decimal,
    },
}

/// The least that is acceptable, ends included. Below it is Red.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Minimum {
    /// Nobody said. A missed target then cannot be called Amber or Red.
    Unknown,
    /// For higher-is-better the least, for lower-is-better the most.
    Value(Decimal),
    /// For a range: acceptable inside, both ends included.
    Within {
        /// The lower end.
        low: Decimal,
        /// The upper end.
        high: Decimal,
    },
}

/// A target and its minimum standard, which always change together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// What must be reached.
    pub target: Target,
    /// The least that is acceptable.
    pub minimum: Minimum,
}

/// What is wrong with terms. Each says what to give instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// The target's direction is not the measure's.
    #[error("a measure with polarity {polarity} takes a target {wanted}")]
    Polarity {
        /// The measure's polarity.
        polarity: &'static str,
        /// The comparisons that fit.
        wanted: &'static str,
    },
    /// A range that ends before it begins.
    #[error("the range ends below where it begins: {low} to {high}")]
    Backwards {
        /// The lower end as given.
        low: Decimal,
        /// The upper end as given.
        high: Decimal,
    },
    /// The minimum standard is harder to reach than the target.
    #[error("the minimum standard {minimum} is better than the target {target}")]
    MinimumBetter {
        /// The minimum standard.
        minimum: Decimal,
        /// The target's value.
        target: Decimal,
    },
    /// A range of minimum standards for a single target, or the other way round.
    #[error("the minimum standard must be a range exactly when the target is one")]
    MinimumForm,
}

impl Terms {
    /// Checks the terms against a measure's polarity.
    ///
    /// # Errors
    /// [`TermsError`].
    pub fn check(self, polarity: Polarity) -> Result<(), TermsError> {
        let fits = |polarity, wanted| Err(TermsError::Polarity { polarity, wanted });
        match (polarity, self.target) {
            (Polarity::Higher, Target::AtLeast(target) | Target::MoreThan(target)) => {
                self.check_minimum(target, Ordering::Greater)
            }
            (Polarity::Lower, Target::AtMost(target) | Target::LessThan(target)) => {
                self.check_minimum(target, Ordering::Less)
            }
            (Polarity::Range, Target::Within { low, high }) => self.check_range(low, high),
            (Polarity::Higher, _) => fits("higher", "at-least or more-than"),
            (Polarity::Lower, _) => fits("lower", "at-most or less-than"),
            (Polarity::Range, _) => fits("range", "within"),
            (Polarity::None, _) => fits("none", "of no kind: revise its polarity first"),
        }
    }

    fn check_minimum(self, target: Decimal, better: Ordering) -> Result<(), TermsError> {
        match self.minimum {
            Minimum::Value(minimum) if minimum.compare(target) == better => {
                Err(TermsError::MinimumBetter { minimum, target })
            }
            Minimum::Unknown | Minimum::Value(_) => Ok(()),
            Minimum::Within { .. } => Err(TermsError::MinimumForm),
        }
    }

    fn check_range(self, low: Decimal, high: Decimal) -> Result<(), TermsError> {
        if high.compare(low) == Ordering::Less {
            return Err(TermsError::Backwards { low, high });
        }
        match self.minimum {
            Minimum::Value(_) => Err(TermsError::MinimumForm),
            Minimum::Within { low: floor, .. } if floor.compare(low) == Ordering::Greater => {
                Err(TermsError::MinimumBetter { minimum: floor, target: low })
            }
            Minimum::Within { high: ceiling, .. } if ceiling.compare(high) == Ordering::Less => {
                Err(TermsError::MinimumBetter { minimum: ceiling, target: high })
            }
            Minimum::Unknown | Minimum::Within { .. } => Ok(()),
        }
    }
}

impl Target {
    /// True when the value reaches the target.
    pub fn reached(self, value: Exact) -> bool {
        let against = |target: Decimal| value.compare(target.exact());
        match self {
            Self::AtLeast(target) => against(target).is_ge(),
            Self::MoreThan(target) => against(target).is_gt(),
            Self::AtMost(target) => against(target).is_le(),
            Self::LessThan(target) => against(target).is_lt(),
            Self::Within { low, high } => against(low).is_ge() && against(high).is_le(),
        }
    }
}

/// What a target was set to for its span, as the book keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetEntry {
    /// Which periods it judges.
    pub span: Span,
    /// The target and its minimum standard; `None` withdraws what stood for the span.
    pub terms: Option<Terms>,
    /// The decision that set it: a minute, a plan, a letter. Required.
    pub decision: String,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(value) => write!(f, "{value} or more"),
            Self::MoreThan(value) => write!(f, "more than {value}"),
            Self::AtMost(value) => write!(f, "{value} or less"),
            Self::LessThan(value) => write!(f, "less than {value}"),
            Self::Within { low, high } => write!(f, "{low} to {high}"),
        }
    }
}
