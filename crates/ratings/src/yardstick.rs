//! A rule, a definition and a target's digits, to judge many figures of one scale with.
//!
//! It gives what [`crate::rate`] and [`crate::direction()`] give, for values of that scale. It judges nothing else: a missing
//! figure, a forecast and a ratio go to [`crate::rate`].

use domain::measure::{Brief, Polarity};
use domain::result::Colour;
use domain::target::{Digits, Standard, TermsInDigits};

use crate::direction::{self, Direction};
use crate::kent_1;
use crate::rating::{NotRated, Rating, Rule};

/// What values are rated, by whether they are inside `green` and `amber`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ratings {
    /// Green, Amber or Red.
    Colours,
    /// Green, or nothing, for a reason.
    Green(NotRated),
    /// Nothing, whatever the value is, for a reason.
    None(NotRated),
}

/// What it says of a value that it is greater than an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// It got better.
    Better,
    /// It got worse.
    Worse,
    /// It moved.
    Unjudged,
}

/// See the module's documentation. [`Yardsticks`] make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Yardstick {
    green: Digits,
    amber: Digits,
    ratings: Ratings,
    sense: Sense,
    /// Whether a value is the greater the nearer it is to `green`; otherwise values are compared as they are.
    by_nearness: bool,
}

impl Yardstick {
    /// Rates the value `digits × 10^-scale`.
    pub fn rate(&self, digits: i64) -> Rating {
        match (self.ratings, self.rating_place(digits)) {
            (Ratings::None(reason), _) | (Ratings::Green(reason), 0 | 2) => Rating::NotRated(reason),
            (Ratings::Colours, 0) => Rating::Rated(Colour::Red),
            (Ratings::Colours, 2) => Rating::Rated(Colour::Amber),
            (Ratings::Colours | Ratings::Green(_), _) => Rating::Rated(Colour::Green),
        }
    }

    /// What it rates values.
    #[inline]
    pub const fn ratings(&self) -> Ratings {
        self.ratings
    }

    /// The place of a value's rating: 0 for one that misses both the target and the minimum standard, 1 and 3 for one that
    /// reaches the target, 2 for one that only meets the minimum standard. It is worked out without a branch: no processor
    /// guesses what figures are.
    #[inline]
    pub fn rating_place(&self, digits: i64) -> usize {
        usize::from(self.green.hold(digits)) | usize::from(self.amber.hold(digits)) << 1
    }

    /// Whether the value is better than an earlier one of the same scale.
    pub fn direction(&self, now: i64, before: i64) -> Direction {
        let order = self.sort_key(now).cmp(&self.sort_key(before));
        match self.sense {
            Sense::Better => direction::judged(order),
            Sense::Worse => direction::judged(order.reverse()),
            Sense::Unjudged => direction::unjudged(order),
        }
    }

    /// What it says of a value that it is greater than an earlier one, by their [keys](Self::sort_key).
    #[inline]
    pub const fn sense(&self) -> Sense {
        self.sense
    }

    /// What values are compared by: the greater, the better or the more.
    #[inline]
    pub fn sort_key(&self, digits: i64) -> i64 {
        // The nearer, the greater; from 0 on, a distance takes all 64 bits.
        if self.by_nearness { !(self.green.distance(digits) ^ 1 << 63).cast_signed() } else { digits }
    }

    /// The place of a direction by the [keys](Self::sort_key) of both values, without a branch too: 0 for equal ones, 1 for a
    /// greater one now, 2 for a less.
    #[inline]
    pub fn direction_place(now: i64, before: i64) -> usize {
        usize::from(now > before) | usize::from(now < before) << 1
    }
}

/// What makes the yardsticks of one measure: all but their terms.
#[derive(Debug, Clone, Copy)]
pub struct Yardsticks {
    /// Why nothing is rated, whatever the terms are.
    not_rated: Option<NotRated>,
    /// `None` for activity, which is not judged.
    polarity: Option<Polarity>,
    suits: Polarity,
}

impl Yardsticks {
    /// `withdrawn` says that the measure is, for the period.
    #[inline]
    pub fn new(rule: Option<Rule>, brief: Brief, withdrawn: bool) -> Self {
        let not_rated = match rule {
            None => Some(NotRated::UnknownRule),
            Some(Rule::Kent1) => kent_1::judged_at_all(brief, withdrawn, false).err(),
        };
        let polarity = (!brief.is_activity).then_some(brief.polarity);
        Self { not_rated, polarity, suits: brief.polarity }
    }

    /// The yardstick for values of the scale that the terms are of.
    #[inline]
    pub fn with(self, terms: Option<&TermsInDigits>) -> Yardstick {
        let ratings = match self.judged(terms) {
            Err(reason) => Ratings::None(reason),
            Ok(Standard::Known) => Ratings::Colours,
            Ok(Standard::Unknown) => Ratings::Green(NotRated::NoMinimumStandard),
            Ok(Standard::Unfit) => Ratings::Green(NotRated::UnfitTarget),
        };
        let (green, amber) = terms.map_or((Digits::ALL, Digits::ALL), |terms| (terms.target, terms.minimum));
        let (sense, by_nearness) = self.compared(terms);
        Yardstick { green, amber, ratings, sense, by_nearness }
    }

    /// What a period is rated of which nothing stands.
    pub fn rate_nothing(self) -> Rating {
        Rating::NotRated(self.not_rated.unwrap_or(NotRated::NoResult))
    }

    /// What minimum standard is beside a target that judges; why nothing is rated, whatever it is.
    #[inline]
    fn judged(self, terms: Option<&TermsInDigits>) -> Result<Standard, NotRated> {
        if let Some(reason) = self.not_rated {
            return Err(reason);
        }
        let terms = terms.ok_or(NotRated::NoTarget)?;
        if terms.suits == self.suits { Ok(terms.standard) } else { Err(NotRated::UnfitTarget) }
    }

    /// What a greater value is, and whether it is the one that is nearer to the target.
    #[inline]
    fn compared(self, terms: Option<&TermsInDigits>) -> (Sense, bool) {
        match self.polarity {
            Some(Polarity::Higher) => (Sense::Better, false),
            Some(Polarity::Lower) => (Sense::Worse, false),
            Some(Polarity::Range) if terms.is_some_and(|terms| terms.suits == Polarity::Range) => (Sense::Better, true),
            Some(Polarity::Range | Polarity::None) | None => (Sense::Unjudged, false),
        }
    }
}
