//! What differs between two scorecards.

use reporting::answer::{ComparedSide, Comparison, Difference, NamedCause, Undone};

use super::encode_provenance;
use crate::bounds::{Place, encode_basis};
use crate::v1;
use crate::value::{count_long, encode_decimal, enums};

/// What differs between two scorecards. The places are those of the two bases.
pub fn encode_comparison(comparison: &Comparison, before: Place, after: Place) -> v1::Comparison {
    v1::Comparison {
        before: Some(encode_side(&comparison.before, before)),
        after: Some(encode_side(&comparison.after, after)),
        differences: comparison.differences.iter().map(encode_difference).collect(),
        n_differences: count_long(comparison.n_differences),
    }
}

fn encode_side(side: &ComparedSide, place: Place) -> v1::ComparedSide {
    v1::ComparedSide {
        view: side.view.as_ref().map(ToString::to_string).unwrap_or_default(),
        scorecard: side.scorecard.to_string(),
        title: side.title.clone(),
        period: side.period.code(),
        period_words: side.period.to_string(),
        area: side.area.to_string(),
        area_name: side.area_name.clone(),
        basis: Some(encode_basis(&side.basis, place)),
        departures: side.departures.clone(),
    }
}

pub(crate) fn encode_difference(difference: &Difference) -> v1::Difference {
    v1::Difference {
        measure: difference.measure.as_ref().map(ToString::to_string).unwrap_or_default(),
        title: difference.title.clone(),
        cohort: difference.cohort.as_ref().map(ToString::to_string).unwrap_or_default(),
        kind: enums::difference_kind::encode(difference.kind).into(),
        of: difference.of.clone(),
        of_name: difference.of_name.clone(),
        before: difference.before.clone(),
        after: difference.after.clone(),
        sentence: difference.sentence.clone(),
        causes: difference.causes.iter().map(encode_cause).collect(),
        provenance: difference.provenance.as_ref().map(encode_provenance),
        undone: difference.undone.as_ref().map(encode_undone),
    }
}

fn encode_undone(undone: &Undone) -> v1::Undone {
    v1::Undone {
        of_position: undone.of.get(),
        rolled_back: undone.rolled_back,
        position: undone.position.get(),
        known_on: undone.known_on.to_string(),
        actor: undone.actor.to_string(),
        reason: undone.reason.clone(),
    }
}

fn encode_cause(cause: &NamedCause) -> v1::NamedCause {
    v1::NamedCause {
        kind: enums::cause_kind::encode(cause.kind).into(),
        words: cause.words.clone(),
        alone: cause.alone.clone(),
        without: cause.without.clone(),
        moved: cause.moved.map(|moved| encode_decimal(moved.by)),
        moved_rounded: cause.moved.is_some_and(|moved| moved.rounded),
    }
}
