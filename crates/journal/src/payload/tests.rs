//! What is written and read without serde is what serde would write and read.

use domain::event::Attribution;
use domain::{Cell, Event, Figure};
use proptest::prelude::*;

use super::fuzzing::check_direct;
use super::quick::Shared;
use super::{Recent, cell, kind, read, schema, size, write, writing};
use crate::tests::{samples, strategies};

fn cell_of(event: &Event) -> Option<(&Cell, Option<Figure>)> {
    if let Event::ResultRecorded(result) = event {
        return Some((&result.cell, Some(result.entry.figure)));
    }
    if let Event::ResultWithdrawn(cell) = event { Some((cell, None)) } else { None }
}

fn results() -> impl Iterator<Item = domain::Recorded> {
    let samples = samples::all().into_iter().map(|(_, sample)| sample);
    samples.filter(|sample| cell_of(&sample.event).is_some())
}

proptest! {
    #[test]
    fn any_payload_is_written_as_serde_writes_it(recorded in strategies::recorded()) {
        let (mut directly, mut by_serde) = (Vec::new(), Vec::new());
        write(&recorded, &mut directly).unwrap();
        writing::event(&recorded.attribution, &recorded.event, &mut &mut by_serde).unwrap();
        prop_assert_eq!(&directly, &by_serde);
        prop_assert_eq!(size(&recorded).unwrap(), by_serde.len());
        check_direct(&by_serde);
    }

    #[test]
    fn bytes_that_are_no_payload_are_read_as_bincode_reads_them(bytes in prop::collection::vec(0..4_u8, 0..200)) {
        check_direct(&bytes);
    }

    #[test]
    fn what_was_read_lately_changes_nothing(records in prop::collection::vec(strategies::recorded(), 1..20)) {
        let mut recent = Recent::for_records(2);
        for recorded in records {
            let mut bytes = Vec::new();
            write(&recorded, &mut bytes).unwrap();
            let (attribution, event) = read(kind::of(&recorded.event), schema(&recorded.event), &bytes, &mut recent).unwrap();
            prop_assert_eq!((attribution, event), (recorded.attribution, recorded.event));
        }
    }
}

#[test]
fn a_payload_with_any_byte_changed_or_missing_is_read_as_bincode_reads_it() {
    let mut n_read = 0;
    for sample in results() {
        let mut bytes = Vec::new();
        write(&sample, &mut bytes).unwrap();
        n_read += 1;
        for at in 0..bytes.len() {
            check_direct(&bytes[..at]);
            for changed in [0, 1, 2, 0x7f, 0x80, 0xc3, 0xff] {
                let kept = std::mem::replace(&mut bytes[at], changed);
                check_direct(&bytes);
                bytes[at] = kept;
            }
        }
        bytes.push(0);
        check_direct(&bytes);
    }
    assert!(n_read >= 2, "there are results and withdrawals among the samples");
}

#[test]
fn a_cell_is_what_its_event_says() {
    for sample in results() {
        let mut bytes = Vec::new();
        write(&sample, &mut bytes).unwrap();
        let found = cell(kind::of(&sample.event), 1, &bytes).unwrap().expect("it has a cell");
        let (expected, figure) = cell_of(&sample.event).expect("only those with cells are here");
        assert_eq!(found.measure, expected.series.measure.as_str());
        assert_eq!(found.area, expected.series.area.as_str());
        assert_eq!(found.cohort, expected.series.cohort.as_str());
        assert_eq!(found.period, expected.period.code());
        assert_eq!(found.figure, figure);
    }
}

#[test]
fn what_shares_a_prefix_came_from_the_same_file_with_the_same_words() {
    let mut n_shared = 0;
    for sample in results() {
        let mut bytes = Vec::new();
        write(&sample, &mut bytes).unwrap();
        let Some(shared) = Shared::of(&bytes) else { continue };
        for at in 0..bytes.len() {
            for changed in [0, 1, 3, b'x', 0xff] {
                let kept = std::mem::replace(&mut bytes[at], changed);
                let found = shared.split(&bytes).map(|(origin, _)| origin);
                let whole = read(kind::of(&sample.event), 1, &bytes, &mut Recent::for_records(1)).ok();
                if let (Some(origin), Some((attribution, _))) = (found, whole) {
                    let expected = Attribution { origin: Some(origin), ..sample.attribution.clone() };
                    assert_eq!(attribution, expected, "byte {at} is {changed}");
                    n_shared += usize::from(kept != changed);
                }
                bytes[at] = kept;
            }
        }
    }
    assert!(n_shared > 0, "lines and figures differ where the prefix is shared");
}
