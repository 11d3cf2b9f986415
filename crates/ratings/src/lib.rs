//! How a figure is judged: rating rules, direction methods, and the plain sentence that says why.
//!
//! It is pure, and [`rate`] allocates nothing. It knows no log, no period and no file: its caller resolves, as of some
//! time, which definition, result and target belong together, and hands them over as a [`Subject`]. It is not a store
//! of ratings, because they are derived whenever they are asked for. It never reads a word of a source to judge by.
//!
//! Invariants:
//! - the unrounded value is judged, by exact comparison; how many digits are shown changes no rating and no direction;
//! - a rule or method that has a version never changes: a fix is a new version beside it, so that an old period keeps
//!   the rating that was seen;
//! - words are made from polarity: “better than the target”, never “above”, where less is better;
//! - what is not rated always has exactly one reason, chosen by the documented order of [`NotRated`];
//! - the same arguments always give the same answer: no clock, no randomness, no floating point.
//!
//! Read in this order: [`rating`], `kent_1`, [`implied`], [`mod@direction`], [`Yardstick`], [`average`],
//! [`mod@verdict`], [`gap`], [`words`], [`explanation`].

pub mod rating;

mod kent_1;

pub mod implied;

pub mod direction;

pub mod average;
pub mod gap;
pub mod verdict;
mod yardstick;

pub mod explanation;
pub mod words;

pub use average::{Averaged, mean, median, pooled};
pub use direction::{Direction, Method, Movement, NoDirection, direction};
pub use explanation::explain;
pub use gap::{Gap, Moved};
pub use implied::{Implied, implied_minimum};
pub use rating::{Contradiction, KENT, NotRated, Rating, Rule, Subject, contradiction, rate, rule_is_known};
pub use verdict::{Verdict, verdict};
pub use yardstick::{Ratings, Sense, Yardstick, Yardsticks};

#[cfg(test)]
mod tests;
