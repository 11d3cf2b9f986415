//! Every result that stands: the question read, and its parts written.

use domain::Position;
use domain::ids::Origin;
use reporting::answer::Basis;
use reporting::results::{SeriesResults, StandingResult};

use crate::answer::encode_area;
use crate::bounds::{self, Bounds, Place, encode_basis};
use crate::v1;
use crate::v1::read_results_response::Part;
use crate::value::figure::encode_entry;
use crate::value::{encode_decimal, encode_timestamp};
use crate::violation::Decoded;

/// As of when.
///
/// # Errors
/// The first field that cannot be read.
pub fn decode(message: v1::ReadResultsRequest) -> Decoded<Bounds> {
    bounds::decode("as_of", message.as_of)
}

/// The first message.
pub fn encode_begin(basis: &Basis, place: Place) -> v1::ReadResultsResponse {
    v1::ReadResultsResponse { part: Some(Part::Basis(encode_basis(basis, place))) }
}

/// What stands of one series.
pub fn encode_series(series: &SeriesResults) -> v1::ReadResultsResponse {
    let definition = &series.definition;
    let encoded = v1::SeriesResults {
        measure: series.series.measure.to_string(),
        measure_title: definition.title.clone(),
        unit: definition.unit.label.clone(),
        decimal_places: definition.decimal_places.into(),
        data_source: definition.data_source.clone(),
        cohort: series.series.cohort.to_string(),
        areas: series.areas.iter().map(encode_area).collect(),
        results: series.results.iter().map(encode_result).collect(),
    };
    v1::ReadResultsResponse { part: Some(Part::Series(encoded)) }
}

/// The last message.
pub fn encode_end(n_results: u64, n_backfilled: u64) -> v1::ReadResultsResponse {
    v1::ReadResultsResponse { part: Some(Part::End(v1::ResultsEnd { n_results, n_backfilled })) }
}

fn encode_result(result: &StandingResult) -> v1::StandingResult {
    let (time_period, time_identifier) = ingest::time_of(result.period);
    let origin = |(name, origin): &(String, Origin)| v1::Origin {
        file: origin.file.into(),
        line: origin.line.get(),
        file_name: name.clone(),
    };
    v1::StandingResult {
        period: result.period.code(),
        time_period,
        time_identifier,
        entry: Some(encode_entry(&result.entry)),
        calculated: result.calculated.map(encode_decimal),
        known_at: Some(encode_timestamp(result.known_at)),
        position: Position::get(result.position),
        origin: result.origin.as_ref().map(origin),
    }
}
