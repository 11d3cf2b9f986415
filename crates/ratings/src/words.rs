//! The words that ratings, targets and figures are shown with. They are made from polarity and numbers only.

use domain::measure::{Definition, Polarity};
use domain::number::{Decimal, Exact};
use domain::result::{Colour, Missing};
use domain::target::{Minimum, Target};

/// `Green`, `Amber` or `Red`.
pub const fn colour(colour: Colour) -> &'static str {
    match colour {
        Colour::Green => "Green",
        Colour::Amber => "Amber",
        Colour::Red => "Red",
    }
}

/// Why a figure is missing, to stand in its place.
pub const fn missing(missing: Missing) -> &'static str {
    match missing {
        Missing::Confidential => "suppressed, because it could tell about a person",
        Missing::NotApplicable => "not applicable",
        Missing::Unavailable => "not available",
        Missing::Low => "rounds to 0 but is not 0",
        Missing::Unreliable => "too unreliable to give",
        Missing::NotSupplied => "not yet supplied",
        Missing::KnownNotToExist => "known not to exist",
    }
}

/// An exact value, rounded for show: `43.4%`, or `a value too large to show` where 64 bits do not hold it.
pub fn value(definition: &Definition, value: Exact) -> String {
    match value.round(definition.decimal_places) {
        Some(rounded) => number(definition, rounded),
        None => "a value too large to show".to_owned(),
    }
}

/// A target as it is written, with its unit: `95% or more`, `less than 22%`, `17.5% to 22.5%`.
pub fn target(definition: &Definition, target: Target) -> String {
    match target {
        Target::AtLeast(value) => between("", definition, value, " or more"),
        Target::MoreThan(value) => between("more than ", definition, value, ""),
        Target::AtMost(value) => between("", definition, value, " or less"),
        Target::LessThan(value) => between("less than ", definition, value, ""),
        Target::Within { low, high } => range(definition, low, high),
    }
}

/// A minimum standard as it is written, with its unit: `60% or more`; `None` when it is unknown.
pub fn minimum(definition: &Definition, minimum: Minimum) -> Option<String> {
    match (minimum, definition.polarity) {
        (Minimum::Unknown, _) => None,
        (Minimum::Value(value), Polarity::Higher) => Some(between("", definition, value, " or more")),
        (Minimum::Value(value), Polarity::Lower) => Some(between("", definition, value, " or less")),
        (Minimum::Value(value), Polarity::Range | Polarity::None) => Some(number(definition, value)),
        (Minimum::Within { low, high }, _) => Some(range(definition, low, high)),
    }
}

/// A number as it is written, with thousands separated and its unit.
pub fn number(definition: &Definition, number: Decimal) -> String {
    between("", definition, number, "")
}

/// The same between words.
fn between(before: &str, definition: &Definition, number: Decimal, after: &str) -> String {
    let mut text = String::with_capacity(before.len().saturating_add(NUMBER_BYTES).saturating_add(after.len()));
    text.push_str(before);
    push_number(&mut text, definition, number);
    text.push_str(after);
    text
}

/// Room for most numbers with their unit.
const NUMBER_BYTES: usize = 16;

fn push_number(text: &mut String, definition: &Definition, number: Decimal) {
    number.push_grouped(text);
    let (space, unit) = definition.unit.after_number();
    text.push_str(space);
    text.push_str(unit);
}

/// `17.5% to 22.5%`, but `200 to 300 pupils`.
pub fn range(definition: &Definition, low: Decimal, high: Decimal) -> String {
    let mut text = String::with_capacity(2 * NUMBER_BYTES);
    if definition.unit.label == "%" {
        push_number(&mut text, definition, low);
    } else {
        low.push_grouped(&mut text);
    }
    text.push_str(" to ");
    push_number(&mut text, definition, high);
    text
}
