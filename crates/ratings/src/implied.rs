//! What a printed colour says about a minimum standard that was not printed.

use domain::measure::{Definition, Polarity};
use domain::number::Exact;
use domain::result::{Colour, ResultEntry};
use domain::target::{Minimum, Target, Terms};

use crate::kent_1;
use crate::rating::{NotRated, Subject};
use crate::words;

/// The constraint that a printed Amber or Red puts on the unprinted minimum standard, by `kent.1`.
///
/// Amber: the minimum standard is no better than the value. Red: it is strictly better than the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Implied {
    polarity: Polarity,
    value: Exact,
    met: bool,
}

/// The constraint on the minimum standard under which the rule gives `colour` to a result that misses `target`.
///
/// `None` when the colour constrains nothing: it is Green, or the result reaches the target (Amber or Red then
/// contradicts the rule whatever the minimum standard is), or the result is not rated for another reason than the
/// minimum standard.
pub fn implied_minimum(
    definition: &Definition,
    entry: &ResultEntry,
    target: Target,
    colour: Colour,
) -> Option<Implied> {
    let met = match colour {
        Colour::Green => return None,
        Colour::Amber => true,
        Colour::Red => false,
    };
    let terms = Some(Terms { target, minimum: Minimum::Unknown });
    let subject = Subject { definition, entry: Some(entry), terms, withdrawn: false, shown_only: false };
    if kent_1::judge(&subject) != Err(NotRated::NoMinimumStandard) {
        return None;
    }
    let value = entry.figure.exact(definition.unit.multiplier).ok()??;
    Some(Implied { polarity: definition.polarity, value, met })
}

impl Implied {
    /// True exactly when the rule, judging by this minimum standard, gives the printed colour.
    ///
    /// So false for [`Minimum::Unknown`], which gives no colour, and for a range where a value is wanted or the other
    /// way round. Whether the standard also fits its target is [`Terms::check`]'s question.
    pub fn accepts(&self, minimum: Minimum) -> bool {
        kent_1::meets(self.polarity, minimum, self.value) == Some(self.met)
    }

    /// The constraint in words, to stand after “the minimum standard is ”: `84.3% or less`, `more than 65.6%`.
    pub fn words(&self, definition: &Definition) -> String {
        let value = words::value(definition, self.value);
        match (self.polarity, self.met) {
            (Polarity::Higher, true) => format!("{value} or less"),
            (Polarity::Higher, false) => format!("more than {value}"),
            (Polarity::Lower, true) => format!("{value} or more"),
            (Polarity::Lower, false) => format!("less than {value}"),
            (Polarity::Range | Polarity::None, true) => format!("a range with {value} inside"),
            (Polarity::Range | Polarity::None, false) => format!("a range with {value} outside"),
        }
    }
}
