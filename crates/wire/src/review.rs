//! What a submission would do to figures and verdicts.

use ratings::Rating;
use reporting::release::{CountryComparison, Flip, Move, Named, Outside, Review, Side};

use crate::answer::row::encode_rating;
use crate::v1;
use crate::value::{encode_cell, encode_timestamp, enums};

/// A review.
pub fn encode_review(review: &Review) -> v1::Review {
    let Review { counts, moves, tenfold, outside, ratings, comparisons, .. } = review;
    v1::Review {
        known_at: review.known_at.map(encode_timestamp),
        n_new: counts.new,
        n_revised: counts.revised,
        n_withdrawn: counts.withdrawn,
        n_number_to_missing: counts.number_to_missing,
        n_missing_to_number: counts.missing_to_number,
        withdrawn_periods: review
            .emptied
            .iter()
            .map(|(period, n)| v1::PeriodCount { period: period.code(), n: *n })
            .collect(),
        moves: moves.first.iter().map(encode_move).collect(),
        n_moves: moves.n,
        tenfold: tenfold.first.iter().map(encode_move).collect(),
        n_tenfold: tenfold.n,
        outside_region: outside.first.iter().map(encode_outside).collect(),
        n_outside_region: outside.n,
        rating_flips: ratings.first.iter().map(encode_rating_flip).collect(),
        n_rating_flips: ratings.n,
        n_ratings_lost: review.n_ratings_lost,
        comparison_flips: comparisons.first.iter().map(encode_comparison_flip).collect(),
        n_comparison_flips: comparisons.n,
        n_comparisons_lost: review.n_comparisons_lost,
    }
}

fn named(what: &Named) -> v1::NamedCell {
    v1::NamedCell {
        cell: Some(encode_cell(&what.cell)),
        title: what.title.clone(),
        area_name: what.area_name.clone(),
        cohort_name: what.cohort_name.clone(),
    }
}

fn encode_move(it: &Move) -> v1::Move {
    v1::Move {
        what: Some(named(&it.what)),
        before: it.before.clone(),
        after: it.after.clone(),
        change: it.change.clone(),
    }
}

fn encode_outside(it: &Outside) -> v1::OutsideRegion {
    v1::OutsideRegion {
        what: Some(named(&it.what)),
        value: it.value.clone(),
        least: it.least.clone(),
        greatest: it.greatest.clone(),
        n_others: it.n_others,
        region_name: it.region_name.clone(),
    }
}

fn encode_rating_flip(flip: &Flip<Rating>) -> v1::RatingFlip {
    let side = |side: &Side<Rating>| v1::RatingSide {
        rating: encode_rating(side.verdict).into(),
        figure: side.figure.clone(),
        target: side.against.clone(),
    };
    v1::RatingFlip { what: Some(named(&flip.what)), before: Some(side(&flip.before)), after: Some(side(&flip.after)) }
}

fn encode_comparison_flip(flip: &Flip<CountryComparison>) -> v1::ComparisonFlip {
    let side = |side: &Side<CountryComparison>| v1::ComparisonSide {
        comparison: enums::country_comparison::encode(side.verdict).into(),
        figure: side.figure.clone(),
        country: side.against.clone(),
    };
    v1::ComparisonFlip {
        what: Some(named(&flip.what)),
        before: Some(side(&flip.before)),
        after: Some(side(&flip.after)),
    }
}
