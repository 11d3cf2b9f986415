//! The rule `kent.1`. This code never changes: a different rule is a different version, in a module of its own.
//!
//! | polarity | Green | else Amber | else Red |
//! |---|---|---|---|
//! | higher | value ≥ target | value ≥ minimum standard | |
//! | lower | value ≤ target | value ≤ minimum standard | |
//! | range | low ≤ value ≤ high | minimum low ≤ value ≤ minimum high | |
//!
//! A strict target (“less than 22%”) excludes equality with the target; a minimum standard never excludes equality.
//! A missed target with an unknown minimum standard is not rated.
//!
//! Source: Kent County Council, report to the Children's Social Care and Health Cabinet Committee, 23 March 2017,
//! paragraph 2.8 (Green, Amber and Red for higher-is-better; silent on equality with the minimum standard);
//! Kent County Council, Quarterly Performance Report, Quarter 1 2020/21, key to ratings (“Target has been achieved”,
//! “Floor Standard achieved but Target has not been met”, “Floor Standard has not been achieved”), which makes
//! equality with the minimum standard Amber. Lower and range are its mirror images, and are Scorebook's own reading.

use domain::measure::{Brief, Polarity};
use domain::number::Exact;
use domain::result::{Colour, Figure, Status};
use domain::target::{Minimum, Target};

use crate::rating::{NotRated, Subject};

/// Judges by the table above. The order of the questions is the documented order of [`NotRated`].
pub(crate) fn judge(subject: &Subject<'_>) -> Result<Colour, NotRated> {
    let definition = subject.definition;
    judged_at_all(definition.brief(), subject.withdrawn, subject.shown_only)?;
    let entry = subject.entry.ok_or(NotRated::NoResult)?;
    if let Figure::Missing(missing) = entry.figure {
        return Err(NotRated::Missing(missing));
    }
    if entry.status == Status::Forecast {
        return Err(NotRated::Forecast);
    }
    let terms = subject.terms.ok_or(NotRated::NoTarget)?;
    if !suits(definition.polarity, terms.target) {
        return Err(NotRated::UnfitTarget);
    }
    let Ok(Some(value)) = entry.figure.exact(definition.unit.multiplier) else {
        return Err(NotRated::NotDivisible);
    };
    if terms.target.reached(value) {
        return Ok(Colour::Green);
    }
    match (terms.minimum, meets(definition.polarity, terms.minimum, value)) {
        (Minimum::Unknown, _) => Err(NotRated::NoMinimumStandard),
        (_, Some(true)) => Ok(Colour::Amber),
        (_, Some(false)) => Ok(Colour::Red),
        (_, None) => Err(NotRated::UnfitTarget),
    }
}

/// Whether a figure of the measure is judged, whatever it is.
pub(crate) const fn judged_at_all(brief: Brief, withdrawn: bool, shown_only: bool) -> Result<(), NotRated> {
    if shown_only {
        return Err(NotRated::ShownOnly);
    }
    if withdrawn {
        return Err(NotRated::WithdrawnMeasure);
    }
    if brief.is_activity {
        return Err(NotRated::ActivityMeasure);
    }
    if matches!(brief.polarity, Polarity::None) { Err(NotRated::NoPolarity) } else { Ok(()) }
}

/// True when the target points the way that the polarity does.
pub(crate) fn suits(polarity: Polarity, target: Target) -> bool {
    matches!(
        (polarity, target),
        (Polarity::Higher, Target::AtLeast(_) | Target::MoreThan(_))
            | (Polarity::Lower, Target::AtMost(_) | Target::LessThan(_))
            | (Polarity::Range, Target::Within { .. })
    )
}

/// Whether the value meets the minimum standard; equality meets it.
///
/// `None` when the standard is unknown or does not suit the polarity.
pub(crate) fn meets(polarity: Polarity, minimum: Minimum, value: Exact) -> Option<bool> {
    match (polarity, minimum) {
        (Polarity::Higher, Minimum::Value(least)) => Some(value.compare(least.exact()).is_ge()),
        (Polarity::Lower, Minimum::Value(most)) => Some(value.compare(most.exact()).is_le()),
        (Polarity::Range, Minimum::Within { low, high }) => {
            Some(value.compare(low.exact()).is_ge() && value.compare(high.exact()).is_le())
        }
        (Polarity::Higher | Polarity::Lower, Minimum::Unknown | Minimum::Within { .. })
        | (Polarity::Range, Minimum::Unknown | Minimum::Value(_))
        | (Polarity::None, _) => None,
    }
}
