//! Direction of travel: whether a figure got better since an earlier one, and which earlier one that is.

use std::cmp::Ordering;

use domain::RuleId;
use domain::measure::{Definition, MeasureKind, Polarity};
use domain::number::{Decimal, Exact};
use domain::target::{Target, Terms};

/// Which earlier figure a direction is computed from. A method's meaning never changes: its code has a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// The latest earlier period whose figure stands; without one, the previous figure that the source printed.
    ///
    /// Source: Kent County Council, Education and Young People's Services scorecard, April 2016, key: “compared to
    /// previously reported data”.
    PreviousReported,
    /// The period exactly one before, and no other.
    PreviousPeriod,
}

impl Method {
    /// All methods, for a refusal to list.
    pub const ALL: [Self; 2] = [Self::PreviousReported, Self::PreviousPeriod];

    /// The method of that code; `None` when this program has none.
    pub fn of(method: &RuleId) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == method.as_str())
    }

    /// Its code with its version, as a log adopts it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PreviousReported => "previous-reported.1",
            Self::PreviousPeriod => "previous-period.1",
        }
    }

    /// How it is named where a direction is shown.
    pub const fn words(self) -> &'static str {
        match self {
            Self::PreviousReported => "compared with the previously reported figure",
            Self::PreviousPeriod => "compared with the period before",
        }
    }
}

/// Direction of travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// It got better.
    Improved,
    /// It got worse.
    Worsened,
    /// Neither better nor worse. In a range's measure the figure itself may have moved.
    NoChange,
    /// Too many figures to call it either way. Only methods that look at more than two figures say so.
    NoClearTrend,
    /// It moved, and neither way is better: polarity `none`, activity, or a range without a target range.
    Unjudged(Movement),
    /// There is no direction, and this is why.
    None(NoDirection),
}

impl Direction {
    /// For people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Improved => "improved",
            Self::Worsened => "worsened",
            Self::NoChange => "no change",
            Self::NoClearTrend => "no clear trend",
            Self::Unjudged(Movement::Up) => "up",
            Self::Unjudged(Movement::Down) => "down",
            Self::Unjudged(Movement::Same) => "the same",
            Self::None(reason) => reason.reason(),
        }
    }

    /// For programs, in kebab case; it never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Improved => "improved",
            Self::Worsened => "worsened",
            Self::NoChange => "no-change",
            Self::NoClearTrend => "no-clear-trend",
            Self::Unjudged(Movement::Up) => "unjudged-up",
            Self::Unjudged(Movement::Down) => "unjudged-down",
            Self::Unjudged(Movement::Same) => "unjudged-same",
            Self::None(reason) => reason.code(),
        }
    }
}

/// Which way a figure moved, without saying that it is good or bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Movement {
    /// It is greater.
    Up,
    /// It is less.
    Down,
    /// It is equal.
    Same,
}

/// Why there is no direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoDirection {
    /// There is no figure to compare.
    NoResult,
    /// There is no earlier figure to compare it with.
    NoPrevious,
    /// This program has no method of that code.
    UnknownMethod,
}

impl NoDirection {
    /// The reason in plain words.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NoResult => "no result",
            Self::NoPrevious => "no earlier figure",
            Self::UnknownMethod => "unknown direction method",
        }
    }

    /// The reason for programs, in kebab case; it never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoResult => "no-result",
            Self::NoPrevious => "no-previous",
            Self::UnknownMethod => "unknown-method",
        }
    }
}

/// Whether `now` is better than `before`, by the measure's polarity. Judges unrounded values; allocates nothing.
///
/// `terms` are those that judge `now`; both figures are held against them. A range's measure improves when its distance
/// from the target range, 0 inside it, gets smaller. Two distances on opposite sides of the range whose exact fractions
/// need more than 127 bits are left unjudged.
pub fn direction(definition: &Definition, terms: Option<Terms>, now: Exact, before: Exact) -> Direction {
    let moved = now.compare(before);
    if matches!(definition.kind, MeasureKind::Activity { .. }) {
        return unjudged(moved);
    }
    match (definition.polarity, terms.map(|terms| terms.target)) {
        (Polarity::Higher, _) => judged(moved),
        (Polarity::Lower, _) => judged(moved.reverse()),
        (Polarity::Range, Some(Target::Within { low, high })) => {
            nearness(now, before, low, high).map_or(unjudged(moved), judged)
        }
        (Polarity::Range | Polarity::None, _) => unjudged(moved),
    }
}

/// `Greater` is better.
#[inline]
pub(crate) fn judged(order: Ordering) -> Direction {
    match order {
        Ordering::Greater => Direction::Improved,
        Ordering::Less => Direction::Worsened,
        Ordering::Equal => Direction::NoChange,
    }
}

#[inline]
pub(crate) fn unjudged(moved: Ordering) -> Direction {
    Direction::Unjudged(match moved {
        Ordering::Greater => Movement::Up,
        Ordering::Less => Movement::Down,
        Ordering::Equal => Movement::Same,
    })
}

/// Where a value lies, with the end of the range that it is nearer to.
#[derive(Clone, Copy)]
enum Side {
    Below(Exact),
    Inside,
    Above(Exact),
}

fn side(value: Exact, low: Decimal, high: Decimal) -> Side {
    let (low, high) = (low.exact(), high.exact());
    if value.compare(low).is_lt() {
        Side::Below(low)
    } else if value.compare(high).is_gt() {
        Side::Above(high)
    } else {
        Side::Inside
    }
}

/// `Greater` when `now` is nearer to the range than `before`. `None` when the distances do not fit.
///
/// Two values on one side are compared without their distances, so that only opposite sides can fail to fit.
fn nearness(now: Exact, before: Exact, low: Decimal, high: Decimal) -> Option<Ordering> {
    match (side(now, low, high), side(before, low, high)) {
        (Side::Inside, Side::Inside) => Some(Ordering::Equal),
        (Side::Inside, Side::Below(_) | Side::Above(_)) => Some(Ordering::Greater),
        (Side::Below(_) | Side::Above(_), Side::Inside) => Some(Ordering::Less),
        (Side::Below(_), Side::Below(_)) => Some(now.compare(before)),
        (Side::Above(_), Side::Above(_)) => Some(before.compare(now)),
        (Side::Below(now_end), Side::Above(before_end)) | (Side::Above(now_end), Side::Below(before_end)) => {
            Some(before.distance(before_end)?.compare(now.distance(now_end)?))
        }
    }
}
