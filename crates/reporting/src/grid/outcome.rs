//! What a cell is apart from its number and its target, in one number, so that a line's cells are judged without a branch.

use domain::Status;
use domain::result::{Colour, Missing};
use ratings::{Direction, Movement, NoDirection, NotRated, Rating};

use super::FigureKind;

/// A kind of figure, its scale and status, a rating and a direction.
///
/// ```text
/// bit    0     4        9       12      18         22
///        kind  scale    status  rating  direction  0
/// ```
///
/// Equal outcomes are equal numbers. Cost: of reading a part, a look into a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Outcome(u32);

/// A part of an outcome, at its place.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Part(u32);

/// The first bits of the parts.
const SCALE: u32 = 4;
const STATUS: u32 = 9;
const RATING: u32 = 12;
const DIRECTION: u32 = 18;
const END: u32 = 22;

/// The number of the first reason for having no figure, behind the other kinds.
const FIRST_MISSING: u8 = 3;
/// The number of the first reason for having no rating, behind the colours.
const FIRST_NOT_RATED: u8 = 3;
/// The number of the first of those that are a missing figure's, behind the others.
const FIRST_NOT_RATED_MISSING: u8 = 14;

/// The reasons for having no rating, but for missing figures.
const NOT_RATED: [NotRated; 11] = [
    NotRated::UnknownRule,
    NotRated::ShownOnly,
    NotRated::WithdrawnMeasure,
    NotRated::ActivityMeasure,
    NotRated::NoPolarity,
    NotRated::NoResult,
    NotRated::Forecast,
    NotRated::NoTarget,
    NotRated::UnfitTarget,
    NotRated::NotDivisible,
    NotRated::NoMinimumStandard,
];

const DIRECTIONS: [Direction; 10] = [
    Direction::Improved,
    Direction::Worsened,
    Direction::NoChange,
    Direction::NoClearTrend,
    Direction::Unjudged(Movement::Up),
    Direction::Unjudged(Movement::Down),
    Direction::Unjudged(Movement::Same),
    Direction::None(NoDirection::NoResult),
    Direction::None(NoDirection::NoPrevious),
    Direction::None(NoDirection::UnknownMethod),
];

impl Part {
    #[inline]
    pub(super) fn kind(kind: FigureKind, scale: u8) -> Self {
        let number = match kind {
            FigureKind::None => 0,
            FigureKind::Stated => 1,
            FigureKind::Counted => 2,
            FigureKind::Missing(missing) => FIRST_MISSING.saturating_add(missing.number()),
        };
        Self(u32::from(number) | u32::from(scale) << SCALE)
    }

    /// By its place in [`Status::ALL`].
    #[inline]
    pub(super) const fn status(number: u32) -> Self {
        Self(number << STATUS)
    }

    pub(super) const fn rating(rating: Rating) -> Self {
        let number = match rating {
            Rating::Rated(Colour::Green) => 0,
            Rating::Rated(Colour::Amber) => 1,
            Rating::Rated(Colour::Red) => 2,
            Rating::NotRated(NotRated::UnknownRule) => 3,
            Rating::NotRated(NotRated::ShownOnly) => 4,
            Rating::NotRated(NotRated::WithdrawnMeasure) => 5,
            Rating::NotRated(NotRated::ActivityMeasure) => 6,
            Rating::NotRated(NotRated::NoPolarity) => 7,
            Rating::NotRated(NotRated::NoResult) => 8,
            Rating::NotRated(NotRated::Forecast) => 9,
            Rating::NotRated(NotRated::NoTarget) => 10,
            Rating::NotRated(NotRated::UnfitTarget) => 11,
            Rating::NotRated(NotRated::NotDivisible) => 12,
            Rating::NotRated(NotRated::NoMinimumStandard) => 13,
            Rating::NotRated(NotRated::Missing(missing)) => FIRST_NOT_RATED_MISSING.saturating_add(missing.number()),
        };
        Self(u32::from_le_bytes([number, 0, 0, 0]) << RATING)
    }

    pub(super) const fn direction(direction: Direction) -> Self {
        let number: u32 = match direction {
            Direction::Improved => 0,
            Direction::Worsened => 1,
            Direction::NoChange => 2,
            Direction::NoClearTrend => 3,
            Direction::Unjudged(Movement::Up) => 4,
            Direction::Unjudged(Movement::Down) => 5,
            Direction::Unjudged(Movement::Same) => 6,
            Direction::None(NoDirection::NoResult) => 7,
            Direction::None(NoDirection::NoPrevious) => 8,
            Direction::None(NoDirection::UnknownMethod) => 9,
        };
        Self(number << DIRECTION)
    }

    /// With another part, of another sort.
    #[inline]
    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The outcome of which all parts are here.
    #[inline]
    pub(super) const fn whole(self) -> Outcome {
        Outcome(self.0)
    }
}

impl Outcome {
    /// Of no part.
    pub(super) const EMPTY: Self = Self(0);

    /// Of its parts; `scale` up to 31. Where nothing stands there is no scale and no status.
    pub fn new(kind: FigureKind, scale: u8, status: Status, rating: Rating, direction: Direction) -> Self {
        let judged = Part::rating(rating).with(Part::direction(direction));
        let figure = match kind {
            FigureKind::None => Part::kind(kind, 0),
            FigureKind::Stated | FigureKind::Counted | FigureKind::Missing(_) => {
                Part::kind(kind, scale & 0b1_1111).with(Part::status(u32::from(status.number())))
            }
        };
        figure.with(judged).whole()
    }

    /// What the number is.
    pub fn kind(self) -> FigureKind {
        match self.part(0, SCALE) {
            0 => FigureKind::None,
            1 => FigureKind::Stated,
            2 => FigureKind::Counted,
            code => pick(&Missing::ALL, code, FIRST_MISSING).map_or(FigureKind::None, FigureKind::Missing),
        }
    }

    /// How many of a value's digits stand after the point.
    #[inline]
    pub fn scale(self) -> u8 {
        self.part(SCALE, STATUS)
    }

    /// How settled the figure is; not stated where nothing stands.
    pub fn status(self) -> Status {
        pick(&Status::ALL, self.part(STATUS, RATING), 0).unwrap_or(Status::NotStated)
    }

    /// Its rating.
    pub fn rating(self) -> Rating {
        let code = self.part(RATING, DIRECTION);
        match code {
            0 => Rating::Rated(Colour::Green),
            1 => Rating::Rated(Colour::Amber),
            2 => Rating::Rated(Colour::Red),
            _ => {
                let missing = || pick(&Missing::ALL, code, FIRST_NOT_RATED_MISSING).map(NotRated::Missing);
                let reason = pick(&NOT_RATED, code, FIRST_NOT_RATED).or_else(missing);
                Rating::NotRated(reason.unwrap_or(NotRated::NoResult))
            }
        }
    }

    /// Its direction of travel.
    pub fn direction(self) -> Direction {
        let code = self.part(DIRECTION, END);
        pick(&DIRECTIONS, code, 0).unwrap_or(Direction::None(NoDirection::NoResult))
    }

    /// For tables by outcome: below 2²², and different for different ones.
    #[inline]
    pub const fn number(self) -> u32 {
        self.0
    }

    #[inline]
    fn part(self, from: u32, to: u32) -> u8 {
        let part = self.0 >> from & !(u32::MAX << to.saturating_sub(from));
        u8::try_from(part).unwrap_or(0)
    }
}

/// What a code stands for, of those that begin with `first`.
fn pick<T: Copy>(all: &[T], code: u8, first: u8) -> Option<T> {
    all.get(usize::from(code.checked_sub(first)?)).copied()
}
