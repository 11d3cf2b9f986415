//! Many figures at once: the question read, and the answer in columns.

use domain::measure::Definition;
use domain::{AreaId, MeasureId, Missing, Period, Status};
use ratings::{NotRated, Rating};
use reporting::grid::{FigureKind, Grid, Question};

use crate::answer::row::{encode_direction, encode_rating};
use crate::bounds::{self, Bounds, Place, encode_basis};
use crate::limits::GRID_SIDE_MAX;
use crate::v1;
use crate::value::{code, cohort, decode_period, enums, figure::encode_figure, target::encode_terms};
use crate::violation::{Decoded, FieldViolation, list};

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
    let mut reasons: Vec<NotRated> = Vec::new();
    let n_cells = grid.cells.len();
    let column = || Vec::with_capacity(n_cells);
    let (mut kinds, mut scales, mut statuses) = (column(), column(), column());
    let (mut ratings, mut not_rated, mut directions) = (column(), column(), column());
    let mut numbers = Vec::with_capacity(n_cells);
    let mut target_places = Vec::with_capacity(n_cells);
    for cell in &grid.cells {
        kinds.push(byte(kind(cell.kind).into()));
        numbers.push(cell.number);
        scales.push(cell.scale);
        statuses.push(if cell.kind == FigureKind::None { 0 } else { byte(status(cell.status).into()) });
        ratings.push(byte(encode_rating(cell.rating).into()));
        not_rated.push(match cell.rating {
            Rating::Rated(_) => 0,
            Rating::NotRated(reason) => place_of(&mut reasons, reason),
        });
        directions.push(byte(encode_direction(cell.direction).into()));
        target_places.push(cell.target);
    }
    v1::Grid {
        basis: Some(encode_basis(&grid.basis, place)),
        measures: grid.definitions.iter().map(|(definition, later)| measure(definition, *later)).collect(),
        areas: question.areas.iter().map(ToString::to_string).collect(),
        periods: question.periods.iter().map(|period| period.code()).collect(),
        kinds,
        numbers,
        scales,
        statuses,
        ratings,
        not_rated,
        directions,
        target_places,
        reasons: reasons.into_iter().map(reason).collect(),
        targets: grid.targets.iter().map(|terms| encode_terms(*terms)).collect(),
        ratios: grid.ratios.iter().map(|figure| encode_figure(*figure)).collect(),
    }
}

/// The reason's place from 1, a new one when it was not met before. There are fewer than a byte holds.
fn place_of(reasons: &mut Vec<NotRated>, reason: NotRated) -> u8 {
    let at = reasons.iter().position(|known| *known == reason).unwrap_or_else(|| {
        reasons.push(reason);
        reasons.len().saturating_sub(1)
    });
    u8::try_from(at.saturating_add(1)).unwrap_or(u8::MAX)
}

fn reason(reason: NotRated) -> v1::GridReason {
    v1::GridReason { code: reason.code().to_owned(), words: reason.reason().to_owned() }
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

const fn status(status: Status) -> v1::Status {
    enums::status::encode(status)
}

/// An enum's number, of which none here is over 255.
fn byte(number: i32) -> u8 {
    u8::try_from(number).unwrap_or(0)
}
