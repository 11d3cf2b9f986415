//! Answers written out by hand.

#![expect(clippy::unnecessary_wraps, reason = "a message's fields are optional, and these are written into them")]

mod card;
mod cluster;
mod history;
mod submitted;

use prost_types::Timestamp;
use wire::v1;

pub(crate) use card::{benchmark, card, ehcp, moved, row};
pub(crate) use cluster::nodes;
pub(crate) use history::{comparison, directory, explanation, measure_history, target_history};
pub(crate) use submitted::{preview, records, release, submissions};

/// Seconds since 1970 of 29 November 2018, 10:00 UTC.
const MEETING: i64 = 1_543_485_600;

pub(crate) fn at(days: i64) -> Option<Timestamp> {
    Some(Timestamp { seconds: MEETING.saturating_add(days.saturating_mul(86_400)), nanos: 0 })
}

pub(crate) fn decimal(text: &str) -> Option<v1::Decimal> {
    let scale = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let coefficient = text.replace('.', "").parse().unwrap_or_default();
    Some(v1::Decimal { coefficient, scale: u32::try_from(scale).expect("small") })
}

pub(crate) fn provenance(position: u64, days: i64) -> Option<v1::Provenance> {
    Some(v1::Provenance {
        position,
        known_at: at(days),
        recorded_at: at(days),
        actor: Some(v1::Actor { id: "mi-team".into(), authenticated: false }),
        submission_id: "5f0c1c1e-0f3f-5d0a-9c55-0a3f5a2b1c01".into(),
        origin: Some(v1::Origin { file: 0, line: 7, file_name: "results.csv".into() }),
        reason: "as printed in the report of 29 November 2018".into(),
        cause: 0,
        cause_words: String::new(),
    })
}

pub(crate) fn basis() -> Option<v1::Basis> {
    Some(v1::Basis {
        known_at: at(0),
        position: 182,
        chain: "3f9a1c2e77ab54d0".repeat(4),
        n_backfilled: 163,
        log_id: "0d5c3c1e-0f3f-4d0a-9c55-0a3f5a2b1c01".into(),
    })
}

/// A measure: code, title, unit, decimal places.
pub(crate) fn definition(measure: &str, title: &str, unit: &str) -> Option<v1::Definition> {
    Some(v1::Definition {
        measure: measure.into(),
        title: title.into(),
        kind: v1::MeasureKind::Indicator.into(),
        unit: Some(v1::Unit { label: unit.into(), multiplier: 100 }),
        decimal_places: 1,
        polarity: v1::Polarity::Higher.into(),
        frequency: v1::Frequency::Monthly.into(),
        basis: v1::BasisKind::RollingMonths.into(),
        basis_months: 12,
        year_type: v1::YearType::Financial.into(),
        ..v1::Definition::default()
    })
}
