//! A rule, a definition and a target brought down to whole numbers of one scale, to judge many figures with.
//!
//! It gives what [`crate::rate`] and [`crate::direction()`] give, for values written as digits of that scale; exactly,
//! because “at least 43.45” asks of tenths for at least 435. It judges nothing else: a missing figure, a forecast and a
//! ratio go to [`crate::rate`].

use std::cmp::Ordering;

use domain::measure::{Definition, MeasureKind, Polarity};
use domain::number::Decimal;
use domain::result::Colour;
use domain::target::{Minimum, Target, Terms};

use crate::direction::{self, Direction};
use crate::kent_1;
use crate::rating::{NotRated, Rating, Rule};

/// Digits from the first to the last, both included; none when the first is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Digits {
    first: i64,
    last: i64,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compared {
    Plainly,
    /// The nearer to the range is the greater.
    Nearer(Digits),
}

/// See the module's documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Yardstick {
    scale: u8,
    green: Digits,
    amber: Digits,
    /// What a value inside `green` is, what another inside `amber` is, and what any other is.
    ratings: [Rating; 3],
    /// `None` where the ends of the range are not whole numbers of this scale.
    compared: Option<Compared>,
    /// What a value is that is greater, equal or less than the earlier one, as they are compared.
    directions: [Direction; 3],
}

impl Yardstick {
    /// For values of `scale` digits after the point, 0 to 18. `withdrawn` says that the measure is, for the period.
    ///
    /// Cost: some multiplications, or divisions where the target has more digits.
    #[inline]
    pub fn new(rule: Option<Rule>, definition: &Definition, terms: Option<&Terms>, withdrawn: bool, scale: u8) -> Self {
        let (green, (amber, missed)) = match green(rule, definition, terms, withdrawn, scale) {
            Ok((green, minimum)) => ((green, Rating::Rated(Colour::Green)), missed(definition, minimum, scale)),
            Err(reason) => ((Digits::ALL, Rating::NotRated(reason)), (Digits::ALL, [Rating::NotRated(reason); 2])),
        };
        let [in_amber, red] = missed;
        let (compared, directions) = compared(definition, terms, scale);
        Self { scale, green: green.0, amber, ratings: [green.1, in_amber, red], compared, directions }
    }

    /// Of what scale the values are that it judges.
    #[inline]
    pub const fn scale(&self) -> u8 {
        self.scale
    }

    /// Rates the value `digits × 10^-scale`.
    pub fn rate(&self, digits: i64) -> Rating {
        let [red, green, amber] = self.ratings();
        match self.rating_place(digits) {
            0 => red,
            2 => amber,
            _ => green,
        }
    }

    /// What it rates, by their places: neither Green nor Amber, Green, and Amber.
    #[inline]
    pub const fn ratings(&self) -> [Rating; 3] {
        let [green, amber, red] = self.ratings;
        [red, green, amber]
    }

    /// The place of a value's rating among [`Yardstick::ratings`]; 3 for a Green that would meet the minimum standard too. It
    /// is worked out without a branch: no processor guesses what figures are.
    #[inline]
    pub fn rating_place(&self, digits: i64) -> usize {
        usize::from(self.green.hold(digits)) | usize::from(self.amber.hold(digits)) << 1
    }

    /// Whether it can compare: the ends of a target range are whole numbers of this scale. Where not, ask
    /// [`crate::direction()`].
    #[inline]
    pub const fn compares(&self) -> bool {
        self.compared.is_some()
    }

    /// Whether the value is better than an earlier one of the same scale; nothing that counts unless it
    /// [compares](Self::compares).
    #[inline]
    pub fn direction(&self, now: i64, before: i64) -> Direction {
        let [equal, greater, less] = self.directions();
        match Self::direction_place(self.sort_key(now), self.sort_key(before)) {
            0 => equal,
            1 => greater,
            _ => less,
        }
    }

    /// What it says of a value that is equal, greater or less than the earlier one, as they are compared.
    #[inline]
    pub const fn directions(&self) -> [Direction; 3] {
        let [greater, equal, less] = self.directions;
        [equal, greater, less]
    }

    /// What values are compared by: the greater, the better or the more.
    #[inline]
    pub fn sort_key(&self, digits: i64) -> i64 {
        match self.compared {
            // The nearer, the greater; from 0 on, a distance takes all 64 bits.
            Some(Compared::Nearer(range)) => !(range.distance(digits) ^ 1 << 63).cast_signed(),
            Some(Compared::Plainly) | None => digits,
        }
    }

    /// The place of a direction among [`Yardstick::directions`], by the [keys](Self::sort_key) of both values; without a
    /// branch too.
    #[inline]
    pub fn direction_place(now: i64, before: i64) -> usize {
        usize::from(now > before) | usize::from(now < before) << 1
    }
}

/// What is Green, and the minimum standard beside it; why nothing is rated, whatever it is.
#[inline]
fn green(
    rule: Option<Rule>,
    definition: &Definition,
    terms: Option<&Terms>,
    withdrawn: bool,
    scale: u8,
) -> Result<(Digits, Minimum), NotRated> {
    match rule {
        None => return Err(NotRated::UnknownRule),
        Some(Rule::Kent1) => kent_1::judged_at_all(definition, withdrawn, false)?,
    }
    let Terms { target, minimum } = *terms.ok_or(NotRated::NoTarget)?;
    if !kent_1::suits(definition.polarity, target) {
        return Err(NotRated::UnfitTarget);
    }
    let green = match target {
        Target::AtLeast(least) => Digits::from(ceiling(least, scale)),
        Target::MoreThan(bound) => floor(bound, scale).map_or(Digits::ALL, |not| Digits::from(not.checked_add(1))),
        Target::AtMost(most) => Digits::to(floor(most, scale)),
        Target::LessThan(bound) => ceiling(bound, scale).map_or(Digits::ALL, |not| Digits::to(not.checked_sub(1))),
        Target::Within { low, high } => Digits::between(ceiling(low, scale), floor(high, scale)),
    };
    Ok((green, minimum))
}

/// Of values that miss the target: which meet the minimum standard, what those are, and what the others are.
#[inline]
fn missed(definition: &Definition, minimum: Minimum, scale: u8) -> (Digits, [Rating; 2]) {
    let coloured = [Rating::Rated(Colour::Amber), Rating::Rated(Colour::Red)];
    match (definition.polarity, minimum) {
        (Polarity::Higher, Minimum::Value(least)) => (Digits::from(ceiling(least, scale)), coloured),
        (Polarity::Lower, Minimum::Value(most)) => (Digits::to(floor(most, scale)), coloured),
        (Polarity::Range, Minimum::Within { low, high }) => {
            (Digits::between(ceiling(low, scale), floor(high, scale)), coloured)
        }
        (_, Minimum::Unknown) => (Digits::ALL, [Rating::NotRated(NotRated::NoMinimumStandard); 2]),
        (_, Minimum::Value(_) | Minimum::Within { .. }) => (Digits::ALL, [Rating::NotRated(NotRated::UnfitTarget); 2]),
    }
}

#[inline]
fn compared(definition: &Definition, terms: Option<&Terms>, scale: u8) -> (Option<Compared>, [Direction; 3]) {
    let orders = [Ordering::Greater, Ordering::Equal, Ordering::Less];
    let neither = (Some(Compared::Plainly), orders.map(direction::unjudged));
    if matches!(definition.kind, MeasureKind::Activity { .. }) {
        return neither;
    }
    match (definition.polarity, terms.map(|terms| terms.target)) {
        (Polarity::Higher, _) => (Some(Compared::Plainly), orders.map(direction::judged)),
        (Polarity::Lower, _) => (Some(Compared::Plainly), orders.map(Ordering::reverse).map(direction::judged)),
        (Polarity::Range, Some(Target::Within { low, high })) => {
            let range = whole(low, scale).zip(whole(high, scale)).map(|(first, last)| Digits { first, last });
            (range.map(Compared::Nearer), orders.map(direction::judged))
        }
        (Polarity::Range | Polarity::None, _) => neither,
    }
}

impl Digits {
    const ALL: Self = Self { first: i64::MIN, last: i64::MAX };

    const NONE: Self = Self { first: i64::MAX, last: i64::MIN };

    /// Of everything from here on; nothing from nowhere.
    fn from(first: Option<i64>) -> Self {
        first.map_or(Self::NONE, |first| Self { first, ..Self::ALL })
    }

    /// Of everything up to here.
    fn to(last: Option<i64>) -> Self {
        last.map_or(Self::NONE, |last| Self { last, ..Self::ALL })
    }

    fn between(first: Option<i64>, last: Option<i64>) -> Self {
        first.zip(last).map_or(Self::NONE, |(first, last)| Self { first, last })
    }

    /// Both ends are looked at, whatever the first says: there is no branch to be guessed wrong.
    #[inline]
    #[expect(clippy::needless_bitwise_bool, reason = "it is the point")]
    const fn hold(self, digits: i64) -> bool {
        (self.first <= digits) & (digits <= self.last)
    }

    #[inline]
    fn distance(self, digits: i64) -> u64 {
        let below = if digits < self.first { self.first.abs_diff(digits) } else { 0 };
        let above = if digits > self.last { digits.abs_diff(self.last) } else { 0 };
        below.max(above)
    }
}

/// The least digits that are not less than the decimal; `None` when all are.
#[inline]
fn ceiling(decimal: Decimal, scale: u8) -> Option<i64> {
    match scaled(decimal, scale) {
        Ok((whole, more)) => Some(whole.saturating_add(i64::from(more))),
        Err(Beyond::All) => None,
        Err(Beyond::None) => Some(i64::MIN),
    }
}

/// The greatest digits that are not more than the decimal; `None` when all are.
#[inline]
fn floor(decimal: Decimal, scale: u8) -> Option<i64> {
    match scaled(decimal, scale) {
        Ok((whole, _)) => Some(whole),
        Err(Beyond::All) => Some(i64::MAX),
        Err(Beyond::None) => None,
    }
}

/// The digits that the decimal is written with, when it is a whole number of them.
fn whole(decimal: Decimal, scale: u8) -> Option<i64> {
    scaled(decimal, scale).ok().filter(|(_, more)| !more).map(|(whole, _)| whole)
}

/// A number that is more than all digits, or less.
enum Beyond {
    All,
    None,
}

/// The decimal as a whole number of `10^-scale`, and whether it is more than that by a part of one.
#[inline]
fn scaled(decimal: Decimal, scale: u8) -> Result<(i64, bool), Beyond> {
    let coefficient = decimal.coefficient();
    // At most 10^18, which fits.
    let unit = |places: u8| i64::try_from(domain::number::pow10(places)).unwrap_or(i64::MAX);
    match decimal.scale().cmp(&scale) {
        Ordering::Equal => Ok((coefficient, false)),
        Ordering::Less => {
            let beyond = if coefficient > 0 { Beyond::All } else { Beyond::None };
            let whole = coefficient.checked_mul(unit(scale.saturating_sub(decimal.scale()))).ok_or(beyond)?;
            Ok((whole, false))
        }
        Ordering::Greater => {
            let unit = unit(decimal.scale().saturating_sub(scale));
            Ok((coefficient.div_euclid(unit), coefficient.rem_euclid(unit) != 0))
        }
    }
}
