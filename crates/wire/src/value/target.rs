//! Targets and minimum standards.

use domain::target::{Minimum, Target, TargetKey, Terms};

use super::{code, cohort, decode_decimal, decode_range, encode_decimal, encode_range, enums};
use crate::v1::{self, minimum, target};
use crate::violation::{Decoded, FieldViolation, optional, required};

/// What a target is set for.
pub fn encode_key(key: &TargetKey) -> v1::TargetKey {
    v1::TargetKey {
        measure: key.measure.as_str().to_owned(),
        area: key.area.as_str().to_owned(),
        cohort: key.cohort.as_str().to_owned(),
        owner: enums::owner::encode(key.owner).into(),
    }
}

/// What a target is set for.
///
/// # Errors
/// A part that is missing or no code.
pub fn decode_key(message: v1::TargetKey) -> Decoded<TargetKey> {
    let v1::TargetKey { measure, area, cohort: who, owner } = message;
    Ok(TargetKey {
        measure: code("measure", &measure)?,
        area: code("area", &area)?,
        cohort: cohort("cohort", &who)?,
        owner: enums::owner::decode("owner", owner)?,
    })
}

/// A target and its minimum standard; an unknown one is absent.
pub fn encode_terms(terms: Terms) -> v1::Terms {
    let target = match terms.target {
        Target::AtLeast(value) => target::Target::AtLeast(encode_decimal(value)),
        Target::MoreThan(value) => target::Target::MoreThan(encode_decimal(value)),
        Target::AtMost(value) => target::Target::AtMost(encode_decimal(value)),
        Target::LessThan(value) => target::Target::LessThan(encode_decimal(value)),
        Target::Within { low, high } => target::Target::Within(encode_range((low, high))),
    };
    let minimum = match terms.minimum {
        Minimum::Unknown => None,
        Minimum::Value(value) => Some(minimum::Minimum::Value(encode_decimal(value))),
        Minimum::Within { low, high } => Some(minimum::Minimum::Within(encode_range((low, high)))),
    };
    v1::Terms {
        target: Some(v1::Target { target: Some(target) }),
        minimum: minimum.map(|minimum| v1::Minimum { minimum: Some(minimum) }),
    }
}

/// A target and its minimum standard. Whether they fit each other and the measure is for `decide` to say.
///
/// # Errors
/// No target, or a number that is none.
pub fn decode_terms(message: v1::Terms) -> Decoded<Terms> {
    Ok(Terms {
        target: required("target", message.target, decode_target)?,
        minimum: optional("minimum", message.minimum, decode_minimum)?.unwrap_or(Minimum::Unknown),
    })
}

fn decode_target(message: v1::Target) -> Decoded<Target> {
    let value = |field, value| decode_decimal(value).map_err(|violation| violation.within(field));
    match message.target {
        Some(target::Target::AtLeast(least)) => value("at_least", least).map(Target::AtLeast),
        Some(target::Target::MoreThan(bound)) => value("more_than", bound).map(Target::MoreThan),
        Some(target::Target::AtMost(most)) => value("at_most", most).map(Target::AtMost),
        Some(target::Target::LessThan(bound)) => value("less_than", bound).map(Target::LessThan),
        Some(target::Target::Within(range)) => decode_range(range)
            .map(|(low, high)| Target::Within { low, high })
            .map_err(|violation| violation.within("within")),
        None => Err(FieldViolation::absent("", "give one of at_least, more_than, at_most, less_than and within")),
    }
}

fn decode_minimum(message: v1::Minimum) -> Decoded<Minimum> {
    match message.minimum {
        Some(minimum::Minimum::Value(value)) => {
            decode_decimal(value).map(Minimum::Value).map_err(|violation| violation.within("value"))
        }
        Some(minimum::Minimum::Within(range)) => decode_range(range)
            .map(|(low, high)| Minimum::Within { low, high })
            .map_err(|violation| violation.within("within")),
        None => Ok(Minimum::Unknown),
    }
}
