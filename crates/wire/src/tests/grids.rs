//! Columns are read back as they were, in as few bytes as they need; outcomes are told once.

use std::collections::BTreeSet;

use domain::result::{Colour, Missing, Status};
use proptest::prelude::*;
use ratings::{Direction, NoDirection, NotRated, Rating};
use reporting::grid::{FigureKind, Outcome};

use crate::grid::column::{numbers, of_numbers, of_places, places};
use crate::grid::outcomes::Outcomes;
use crate::v1;

fn any_outcome() -> impl Strategy<Value = Outcome> {
    let kind = prop_oneof![
        Just(FigureKind::None),
        Just(FigureKind::Stated),
        Just(FigureKind::Counted),
        Just(FigureKind::Missing(Missing::Low)),
    ];
    let status = prop_oneof![Just(Status::Final), Just(Status::Provisional), Just(Status::NotStated)];
    let rating = prop_oneof![
        Just(Rating::Rated(Colour::Green)),
        Just(Rating::Rated(Colour::Red)),
        Just(Rating::NotRated(NotRated::NoTarget)),
        Just(Rating::NotRated(NotRated::NoResult)),
    ];
    let direction = prop_oneof![
        Just(Direction::Improved),
        Just(Direction::NoClearTrend),
        Just(Direction::None(NoDirection::NoPrevious)),
        Just(Direction::None(NoDirection::NoResult)),
    ];
    (kind, 0_u8..19, status, rating, direction)
        .prop_map(|(kind, scale, status, rating, direction)| Outcome::new(kind, scale, status, rating, direction))
}

/// The least and the greatest number, and 0.
fn ends(numbers: &[i64]) -> (i64, i64) {
    numbers.iter().fold((0, 0), |(least, greatest), number| (least.min(*number), greatest.max(*number)))
}

proptest! {
    #[test]
    fn a_column_is_read_back(given in prop::collection::vec(any::<i64>(), 0..50), shift in 0_u32..64) {
        let given: Vec<i64> = given.into_iter().map(|number| number >> shift).collect();
        let column = of_numbers(given.iter().copied(), ends(&given));
        prop_assert_eq!(column.entries.len(), given.len().saturating_mul(usize::try_from(column.entry_bytes).unwrap()));
        prop_assert_eq!(numbers(&column).unwrap(), given);
    }

    #[test]
    fn a_column_of_places_is_read_back(given in prop::collection::vec(any::<u32>(), 0..50), shift in 0_u32..32) {
        let given: Vec<u32> = given.into_iter().map(|place| place >> shift).collect();
        let column = of_places(given.iter().copied(), given.iter().copied().max().unwrap_or(0));
        prop_assert_eq!(column.entries.len(), given.len().saturating_mul(usize::try_from(column.entry_bytes).unwrap()));
        prop_assert_eq!(places(&column).unwrap(), given);
    }

    #[test]
    fn every_outcome_is_found_and_each_is_told_once(cells in prop::collection::vec(any_outcome(), 0..400)) {
        let mut outcomes = Outcomes::default();
        let found: Vec<u32> = cells.iter().map(|cell| outcomes.place(*cell)).collect();
        let said = |cell: &Outcome| {
            let status = (cell.kind() != FigureKind::None).then_some(cell.status());
            format!("{:?}", (cell.kind(), cell.scale(), status, cell.rating(), cell.direction()))
        };
        for (cell, place) in cells.iter().zip(found) {
            prop_assert_eq!(said(&outcomes.met[usize::try_from(place).unwrap()]), said(cell));
        }
        let distinct: BTreeSet<String> = cells.iter().map(said).collect();
        prop_assert_eq!(outcomes.met.len(), distinct.len());
    }
}

#[test]
fn a_column_takes_as_few_bytes_as_its_largest_entry_needs() {
    let bytes = |largest: i64| of_numbers([0, largest].into_iter(), ends(&[0, largest])).entry_bytes;
    assert_eq!([127, 128, -128, -129, 32_767, 32_768, -32_769].map(bytes), [1, 2, 1, 2, 2, 4, 4]);
    assert_eq!([i64::from(i32::MAX), i64::from(i32::MAX) + 1, i64::MIN].map(bytes), [4, 8, 8]);
    let bytes = |largest: u32| of_places([0, largest].into_iter(), largest).entry_bytes;
    assert_eq!([0, 255, 256, 65_535, 65_536].map(bytes), [1, 1, 2, 2, 4]);
}

#[test]
fn what_is_no_column_is_refused() {
    for (entry_bytes, n_bytes) in [(0, 4), (2, 3), (3, 3), (4, 6), (8, 12), (16, 16)] {
        let column = v1::GridColumn { entry_bytes, entries: vec![0; n_bytes] };
        assert!(numbers(&column).is_err(), "{entry_bytes}, {n_bytes}");
        assert!(places(&column).is_err(), "{entry_bytes}, {n_bytes}");
    }
    assert!(places(&v1::GridColumn { entry_bytes: 8, entries: vec![0; 8] }).is_err(), "places have at most four bytes");
}
