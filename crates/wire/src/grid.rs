//! Many figures at once: the question read, and the answer in columns.

pub mod column;
pub(crate) mod outcomes;

use domain::measure::Definition;
use domain::{AreaId, MeasureId, Missing, Period};
use ratings::Rating;
use reporting::grid::{FigureKind, Grid, Outcome, Question};

use crate::answer::row::{encode_direction, encode_rating};
use crate::bounds::{self, Bounds, Place, encode_basis};
use crate::limits::GRID_SIDE_MAX;
use crate::v1;
use crate::value::{code, cohort, decode_period, enums, figure::encode_figure, target::encode_terms};
use crate::violation::{Decoded, FieldViolation, list};
use outcomes::Outcomes;

/// Asks for a grid; without areas, for the authority itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Measures, areas, periods and cohort.
    pub question: Question,
    /// As of when.
    pub bounds: Bounds,
}

/// Reads the question.
///
/// # Errors
/// The first field that cannot be read.
pub fn decode(request: v1::GetGridRequest) -> Result<Asked, FieldViolation> {
    let measures = some("measures", request.measures, |text| code::<MeasureId>("", &text))?;
    let areas = list("areas", request.areas, GRID_SIDE_MAX, |text| code::<AreaId>("", &text))?;
    let periods: Vec<Period> = some("periods", request.periods, |text| decode_period("", &text))?;
    let cohort = cohort("cohort", &request.cohort)?;
    let bounds = bounds::decode("as_of", request.as_of)?;
    Ok(Asked { question: Question { measures, areas, cohort, periods }, bounds })
}

fn some<T>(field: &str, items: Vec<String>, decode: impl FnMut(String) -> Decoded<T>) -> Decoded<Vec<T>> {
    if items.is_empty() {
        return Err(FieldViolation::absent(field, "give at least one"));
    }
    list(field, items, GRID_SIDE_MAX, decode)
}

/// A grid, in columns. Cost: some nanoseconds a cell.
pub fn encode(grid: &Grid, question: &Question, place: Place) -> v1::Grid {
    let mut outcomes = Outcomes::default();
    let mut numbers = (0, 0);
    let places = grid.cells.iter().map(|cell| {
        numbers = (cell.number.min(numbers.0), cell.number.max(numbers.1));
        outcomes.place(cell.outcome)
    });
    let outcome_places: Vec<u32> = places.collect();
    let n = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    v1::Grid {
        basis: Some(encode_basis(&grid.basis, place)),
        measures: grid.definitions.iter().map(|(definition, later)| measure(definition, later)).collect(),
        areas: question.areas.iter().map(ToString::to_string).collect(),
        periods: question.periods.iter().map(|period| period.code()).collect(),
        outcome_places: Some(column::of_places(outcome_places.into_iter(), n(outcomes.met.len().saturating_sub(1)))),
        outcomes: outcomes.met.into_iter().map(outcome).collect(),
        numbers: Some(column::of_numbers(grid.cells.iter().map(|cell| cell.number), numbers)),
        target_places: Some(column::of_places(grid.cells.iter().map(|cell| cell.target), n(grid.targets.len()))),
        targets: grid.targets.iter().map(|stored| stored.terms().map(encode_terms).unwrap_or_default()).collect(),
        ratios: grid.ratios.iter().map(|figure| encode_figure(*figure)).collect(),
    }
}

fn outcome(outcome: Outcome) -> v1::GridOutcome {
    let none = outcome.kind() == FigureKind::None;
    let status = if none { v1::Status::Unspecified } else { enums::status::encode(outcome.status()) };
    let (not_rated_code, not_rated_reason) = match outcome.rating() {
        Rating::Rated(_) => Default::default(),
        Rating::NotRated(reason) => (reason.code().to_owned(), reason.reason().to_owned()),
    };
    v1::GridOutcome {
        kind: kind(outcome.kind()).into(),
        scale: u32::from(outcome.scale()),
        status: status.into(),
        rating: encode_rating(outcome.rating()).into(),
        not_rated_code,
        not_rated_reason,
        direction: encode_direction(outcome.direction()).into(),
    }
}

fn measure(definition: &Definition, defined_later: bool) -> v1::GridMeasure {
    v1::GridMeasure {
        measure: definition.measure.to_string(),
        title: definition.title.clone(),
        unit: definition.unit.label.clone(),
        multiplier: definition.unit.multiplier,
        decimal_places: u32::from(definition.decimal_places),
        polarity: enums::polarity::encode(definition.polarity).into(),
        defined_later,
    }
}

const fn kind(kind: FigureKind) -> v1::FigureKind {
    match kind {
        FigureKind::None => v1::FigureKind::Unspecified,
        FigureKind::Stated => v1::FigureKind::Value,
        FigureKind::Counted => v1::FigureKind::Ratio,
        FigureKind::Missing(Missing::Confidential) => v1::FigureKind::Confidential,
        FigureKind::Missing(Missing::NotApplicable) => v1::FigureKind::NotApplicable,
        FigureKind::Missing(Missing::Unavailable) => v1::FigureKind::Unavailable,
        FigureKind::Missing(Missing::Low) => v1::FigureKind::Low,
        FigureKind::Missing(Missing::Unreliable) => v1::FigureKind::Unreliable,
        FigureKind::Missing(Missing::NotSupplied) => v1::FigureKind::NotSupplied,
        FigureKind::Missing(Missing::KnownNotToExist) => v1::FigureKind::KnownNotToExist,
    }
}
