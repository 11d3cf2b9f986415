//! A rule, a definition and a target brought down to whole numbers of one scale, to judge many figures with.
//!
//! It gives what [`crate::rate`] and [`crate::direction()`] give, for values written as digits of that scale; exactly,
//! because “at least 43.45” asks of tenths for at least 435. It judges nothing else: a missing figure, a forecast and a
//! ratio go to [`crate::rate`].

use domain::measure::{Definition, MeasureKind, Polarity};
use domain::number::Decimal;
use domain::result::Colour;
use domain::target::{Minimum, Target, Terms};

use crate::rating::{NotRated, Rating, Rule};
use crate::{Direction, direction, kent_1};

/// Digits from the first to the last, both included; none when the first is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Digits {
    first: i64,
    last: i64,
}

/// What a value that misses its target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missed {
    /// Amber inside, Red outside.
    Amber(Digits),
    NotRated(NotRated),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Better {
    More,
    Less,
    /// Nearer to the range.
    Nearer(Digits),
    Neither,
    /// The range's ends are not whole numbers of this scale.
    Unscaled,
}

/// See the module's documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Yardstick<'a> {
    definition: &'a Definition,
    terms: Option<Terms>,
    scale: u8,
    /// `Err` when no figure is rated, whatever it is.
    green: Result<Digits, NotRated>,
    missed: Missed,
    better: Better,
}

impl<'a> Yardstick<'a> {
    /// For values of `scale` digits after the point, 0 to 18. `withdrawn` says that the measure is, for the period.
    ///
    /// Cost: some divisions where the target has another scale.
    pub fn new(
        rule: Option<Rule>,
        definition: &'a Definition,
        terms: Option<Terms>,
        withdrawn: bool,
        scale: u8,
    ) -> Self {
        let green = green(rule, definition, terms, withdrawn, scale);
        let missed = terms.map_or(Missed::NotRated(NotRated::NoTarget), |it| missed(definition, it.minimum, scale));
        Self { definition, terms, scale, green, missed, better: better(definition, terms, scale) }
    }

    /// Rates the value `digits × 10^-scale`.
    #[inline]
    pub const fn rate(&self, digits: i64) -> Rating {
        match (self.green, self.missed) {
            (Ok(green), _) if green.hold(digits) => Rating::Rated(Colour::Green),
            (Ok(_), Missed::Amber(amber)) if amber.hold(digits) => Rating::Rated(Colour::Amber),
            (Ok(_), Missed::Amber(_)) => Rating::Rated(Colour::Red),
            (Ok(_), Missed::NotRated(reason)) | (Err(reason), _) => Rating::NotRated(reason),
        }
    }

    /// Whether the value is better than an earlier one of the same scale.
    #[inline]
    pub fn direction(&self, now: i64, before: i64) -> Direction {
        match self.better {
            Better::More => direction::judged(now.cmp(&before)),
            Better::Less => direction::judged(before.cmp(&now)),
            Better::Nearer(range) => direction::judged(range.distance(before).cmp(&range.distance(now))),
            Better::Neither => direction::unjudged(now.cmp(&before)),
            Better::Unscaled => match (Decimal::new(now, self.scale), Decimal::new(before, self.scale)) {
                (Ok(now), Ok(before)) => direction(self.definition, self.terms, now.exact(), before.exact()),
                (Err(_), _) | (_, Err(_)) => direction::unjudged(now.cmp(&before)),
            },
        }
    }
}

fn green(
    rule: Option<Rule>,
    definition: &Definition,
    terms: Option<Terms>,
    withdrawn: bool,
    scale: u8,
) -> Result<Digits, NotRated> {
    match rule {
        None => return Err(NotRated::UnknownRule),
        Some(Rule::Kent1) => kent_1::judged_at_all(definition, withdrawn, false)?,
    }
    let target = terms.ok_or(NotRated::NoTarget)?.target;
    if !kent_1::suits(definition.polarity, target) {
        return Err(NotRated::UnfitTarget);
    }
    Ok(match target {
        Target::AtLeast(least) => Digits::from(ceiling(least, scale)),
        Target::MoreThan(bound) => Digits::from(floor(bound, scale).saturating_add(1)),
        Target::AtMost(most) => Digits::to(floor(most, scale)),
        Target::LessThan(bound) => Digits::to(ceiling(bound, scale).saturating_sub(1)),
        Target::Within { low, high } => Digits::between(ceiling(low, scale), floor(high, scale)),
    })
}

fn missed(definition: &Definition, minimum: Minimum, scale: u8) -> Missed {
    match (definition.polarity, minimum) {
        (_, Minimum::Unknown) => Missed::NotRated(NotRated::NoMinimumStandard),
        (Polarity::Higher, Minimum::Value(least)) => Missed::Amber(Digits::from(ceiling(least, scale))),
        (Polarity::Lower, Minimum::Value(most)) => Missed::Amber(Digits::to(floor(most, scale))),
        (Polarity::Range, Minimum::Within { low, high }) => {
            Missed::Amber(Digits::between(ceiling(low, scale), floor(high, scale)))
        }
        (_, Minimum::Value(_) | Minimum::Within { .. }) => Missed::NotRated(NotRated::UnfitTarget),
    }
}

fn better(definition: &Definition, terms: Option<Terms>, scale: u8) -> Better {
    if matches!(definition.kind, MeasureKind::Activity { .. }) {
        return Better::Neither;
    }
    match (definition.polarity, terms.map(|terms| terms.target)) {
        (Polarity::Higher, _) => Better::More,
        (Polarity::Lower, _) => Better::Less,
        (Polarity::Range, Some(Target::Within { low, high })) => match (whole(low, scale), whole(high, scale)) {
            (Some(first), Some(last)) => Better::Nearer(Digits { first, last }),
            (None, _) | (_, None) => Better::Unscaled,
        },
        (Polarity::Range | Polarity::None, _) => Better::Neither,
    }
}

impl Digits {
    /// Of everything from here on.
    fn from(first: i128) -> Self {
        Self::between(first, i128::from(i64::MAX))
    }

    /// Of everything up to here.
    fn to(last: i128) -> Self {
        Self::between(i128::from(i64::MIN), last)
    }

    fn between(first: i128, last: i128) -> Self {
        let (min, max) = (i128::from(i64::MIN), i128::from(i64::MAX));
        if first > last || first > max || last < min {
            return Self { first: 1, last: 0 };
        }
        let fit = |end: i128| i64::try_from(end.clamp(min, max)).unwrap_or(0);
        Self { first: fit(first), last: fit(last) }
    }

    #[inline]
    const fn hold(self, digits: i64) -> bool {
        self.first <= digits && digits <= self.last
    }

    #[inline]
    fn distance(self, digits: i64) -> i128 {
        let digits = i128::from(digits);
        let below = i128::from(self.first).saturating_sub(digits);
        let above = digits.saturating_sub(i128::from(self.last));
        below.max(above).max(0)
    }
}

/// The least whole number of `10^-scale` that is not less than the decimal.
fn ceiling(decimal: Decimal, scale: u8) -> i128 {
    floor_of(i128::from(decimal.coefficient()).saturating_neg(), decimal.scale(), scale).saturating_neg()
}

/// The greatest that is not more.
fn floor(decimal: Decimal, scale: u8) -> i128 {
    floor_of(i128::from(decimal.coefficient()), decimal.scale(), scale)
}

/// At most 2^63 × 10^18 < 2^123, so that nothing here saturates.
fn floor_of(coefficient: i128, from: u8, to: u8) -> i128 {
    match from.cmp(&to) {
        std::cmp::Ordering::Equal => coefficient,
        std::cmp::Ordering::Less => coefficient.saturating_mul(domain::number::pow10(to.saturating_sub(from))),
        std::cmp::Ordering::Greater => coefficient.div_euclid(domain::number::pow10(from.saturating_sub(to))),
    }
}

/// The decimal as a whole number of `10^-scale`, if it is one that fits.
fn whole(decimal: Decimal, scale: u8) -> Option<i64> {
    let (low, high) = (floor(decimal, scale), ceiling(decimal, scale));
    if low == high { i64::try_from(low).ok() } else { None }
}
