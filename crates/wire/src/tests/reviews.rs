//! Every part of a review has its field.

use domain::result::Colour;
use ratings::Rating;
use reporting::release::{CountryComparison, Counts, Flip, Listed, Move, Named, Outside, Review, Side};

use super::given::{at, cell};
use crate::review::encode_review;
use crate::v1;
use crate::value::{encode_cell, encode_timestamp};

fn named() -> Named {
    let (title, area_name, cohort_name) = ("Plans".to_owned(), "Kent".to_owned(), "Everybody".to_owned());
    Named { cell: cell(), title, area_name, cohort_name }
}

fn one<T>(first: T, n: u64) -> Listed<T> {
    Listed { first: vec![first], n }
}

fn moved(change: &str) -> Move {
    Move { what: named(), before: "1%".to_owned(), after: "10%".to_owned(), change: change.to_owned() }
}

fn flip<T>(before: T, after: T) -> Flip<T> {
    let side =
        |verdict, figure: &str, against: &str| Side { verdict, figure: figure.to_owned(), against: against.to_owned() };
    Flip { what: named(), before: side(before, "b", "bb"), after: side(after, "a", "aa") }
}

fn outside() -> Outside {
    Outside {
        what: named(),
        value: "9%".to_owned(),
        least: "1%".to_owned(),
        greatest: "8%".to_owned(),
        n_others: 7,
        region_name: "South East".to_owned(),
    }
}

#[test]
fn a_review_is_told_whole() {
    let review = Review {
        known_at: Some(at("2025-02-04T10:00:00Z")),
        counts: Counts { new: 1, revised: 2, withdrawn: 3, number_to_missing: 4, missing_to_number: 5 },
        emptied: vec![(cell().period, 6)],
        moves: one(moved("up 900%"), 7),
        tenfold: one(moved("10 times"), 8),
        outside: one(outside(), 9),
        ratings: one(flip(Rating::Rated(Colour::Green), Rating::Rated(Colour::Red)), 10),
        comparisons: one(flip(CountryComparison::Better, CountryComparison::Worse), 11),
        n_ratings_lost: 12,
        n_comparisons_lost: 13,
    };
    let what = Some(v1::NamedCell {
        cell: Some(encode_cell(&cell())),
        title: "Plans".to_owned(),
        area_name: "Kent".to_owned(),
        cohort_name: "Everybody".to_owned(),
    });
    let moved = |change: &str| v1::Move {
        what: what.clone(),
        before: "1%".to_owned(),
        after: "10%".to_owned(),
        change: change.to_owned(),
    };
    let rating = |rating: v1::Rating, figure: &str, target: &str| {
        Some(v1::RatingSide { rating: rating.into(), figure: figure.to_owned(), target: target.to_owned() })
    };
    let comparison = |comparison: v1::CountryComparison, figure: &str, country: &str| {
        let (figure, country) = (figure.to_owned(), country.to_owned());
        Some(v1::ComparisonSide { comparison: comparison.into(), figure, country })
    };
    let wanted = v1::Review {
        known_at: Some(encode_timestamp(at("2025-02-04T10:00:00Z"))),
        n_new: 1,
        n_revised: 2,
        n_withdrawn: 3,
        n_number_to_missing: 4,
        n_missing_to_number: 5,
        withdrawn_periods: vec![v1::PeriodCount { period: cell().period.code(), n: 6 }],
        moves: vec![moved("up 900%")],
        n_moves: 7,
        tenfold: vec![moved("10 times")],
        n_tenfold: 8,
        outside_region: vec![v1::OutsideRegion {
            what: what.clone(),
            value: "9%".to_owned(),
            least: "1%".to_owned(),
            greatest: "8%".to_owned(),
            n_others: 7,
            region_name: "South East".to_owned(),
        }],
        n_outside_region: 9,
        rating_flips: vec![v1::RatingFlip {
            what: what.clone(),
            before: rating(v1::Rating::Green, "b", "bb"),
            after: rating(v1::Rating::Red, "a", "aa"),
        }],
        n_rating_flips: 10,
        n_ratings_lost: 12,
        comparison_flips: vec![v1::ComparisonFlip {
            what: what.clone(),
            before: comparison(v1::CountryComparison::Better, "b", "bb"),
            after: comparison(v1::CountryComparison::Worse, "a", "aa"),
        }],
        n_comparison_flips: 11,
        n_comparisons_lost: 13,
    };
    assert_eq!(encode_review(&review), wanted);
}
