//! Results: a figure for a cell, or the reason why there is none.

use std::cmp::Ordering;

use crate::ids::{AreaId, CohortId, MeasureId};
use crate::number::{Decimal, Exact, RatioError};
use crate::period::Period;

/// One line of figures through time: a measure, where, and who is counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series {
    /// What.
    pub measure: MeasureId,
    /// Where.
    pub area: AreaId,
    /// Who is counted.
    pub cohort: CohortId,
}

impl Series {
    /// A series that no other of the measure is before.
    pub fn first_of(measure: &MeasureId) -> Self {
        Self { measure: measure.clone(), area: AreaId::least(), cohort: CohortId::least() }
    }
}

/// What a result is about: a series and a period.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Measure, area and cohort.
    pub series: Series,
    /// When.
    pub period: Period,
}

/// A figure as its source gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// A value, as printed. A denominator beside it lets one ask whether any whole numerator gives it.
    Stated {
        /// The value.
        value: Decimal,
        /// How many it is a share of, when the source says.
        denominator: Option<Decimal>,
    },
    /// A numerator and denominator: judged as the exact ratio, times the unit's multiplier.
    Counted {
        /// The part.
        numerator: Decimal,
        /// The whole; not 0.
        denominator: Decimal,
        /// The value that the source printed beside them, kept and checked, never judged.
        stated: Option<Decimal>,
    },
    /// There is no figure, and this is why.
    Missing(Missing),
}

impl Figure {
    /// The unrounded value; `None` when it is missing.
    ///
    /// # Errors
    /// [`RatioError`] when the numerator and denominator give no value; accepted results never do.
    pub fn exact(self, multiplier: u32) -> Result<Option<Exact>, RatioError> {
        match self {
            Self::Stated { value, .. } => Ok(Some(value.exact())),
            Self::Counted { numerator, denominator, .. } => Exact::ratio(numerator, denominator, multiplier).map(Some),
            Self::Missing(_) => Ok(None),
        }
    }

    /// What does not add up between a printed value and its counts. Such a figure is kept and flagged, never changed.
    pub fn doubt(self, multiplier: u32) -> Option<Doubt> {
        match self {
            Self::Stated { value, denominator: Some(denominator) } => {
                let attainable = attainable(value, denominator, multiplier)?;
                (!attainable).then_some(Doubt::Unattainable { value, denominator })
            }
            Self::Counted { numerator, denominator, stated: Some(stated) } => {
                let exact = Exact::ratio(numerator, denominator, multiplier).ok()?;
                let rounded = exact.round(stated.scale())?;
                (rounded.compare(stated) != Ordering::Equal).then_some(Doubt::Disagrees { stated, rounded })
            }
            Self::Stated { denominator: None, .. } | Self::Counted { stated: None, .. } | Self::Missing(_) => None,
        }
    }
}

/// What does not add up in a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// No whole numerator of this denominator rounds to the printed value.
    Unattainable {
        /// The printed value.
        value: Decimal,
        /// The printed denominator.
        denominator: Decimal,
    },
    /// The printed value is not the rounded ratio of the printed counts.
    Disagrees {
        /// The printed value.
        stated: Decimal,
        /// The ratio, rounded to as many places as were printed.
        rounded: Decimal,
    },
}

/// Whether some whole numerator, divided by `denominator` and multiplied, rounds to `value` at its printed places.
///
/// `None` when the denominator is not a positive whole number or the numbers are too large to say.
fn attainable(value: Decimal, denominator: Decimal, multiplier: u32) -> Option<bool> {
    if denominator.scale() != 0 || denominator.coefficient() <= 0 {
        return None;
    }
    let per_unit = i128::from(denominator.coefficient());
    let scale = 10_i128.checked_pow(u32::from(value.scale()))?;
    let below = i128::from(value.coefficient())
        .checked_mul(per_unit)?
        .checked_div_euclid(scale.checked_mul(i128::from(multiplier))?)?;
    for step in 0..=1 {
        let numerator = i64::try_from(below.checked_add(step)?).ok()?;
        if numerator < 0 {
            continue;
        }
        let ratio = Exact::ratio(Decimal::whole(numerator), denominator, multiplier).ok()?;
        if ratio.round(value.scale())?.compare(value) == Ordering::Equal {
            return Some(true);
        }
    }
    Some(false)
}

/// Why there is no figure. The first five are the symbols of England's official statistics.
///
/// Source: the analysts' guide of the Department for Education, “Data symbols”; `NotSupplied` and `KnownNotToExist` are Scorebook's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// `c`: suppressed, because it could tell about a person.
    Confidential,
    /// `z`: not applicable.
    NotApplicable,
    /// `x`: not available.
    Unavailable,
    /// `low`: rounds to 0 but is not 0.
    Low,
    /// `u`: too unreliable to give.
    Unreliable,
    /// The data are still to be supplied.
    NotSupplied,
    /// It is known that there is no such figure.
    KnownNotToExist,
}

impl Status {
    /// Every status, by the number that columns keep of it.
    pub const ALL: [Self; 7] = [
        Self::NotStated,
        Self::Provisional,
        Self::Revised,
        Self::Final,
        Self::Estimated,
        Self::CarriedForward,
        Self::Forecast,
    ];

    /// Its place in [`Status::ALL`].
    pub const fn number(self) -> u8 {
        match self {
            Self::NotStated => 0,
            Self::Provisional => 1,
            Self::Revised => 2,
            Self::Final => 3,
            Self::Estimated => 4,
            Self::CarriedForward => 5,
            Self::Forecast => 6,
        }
    }

    /// As it is said of a figure: “provisional”, “status not stated”.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Provisional => "provisional",
            Self::Revised => "revised",
            Self::Final => "final",
            Self::Estimated => "estimated",
            Self::CarriedForward => "carried forward",
            Self::Forecast => "forecast",
            Self::NotStated => "status not stated",
        }
    }
}

impl Missing {
    /// Every reason, by the number that columns keep of it.
    pub const ALL: [Self; 7] = [
        Self::Confidential,
        Self::NotApplicable,
        Self::Unavailable,
        Self::Low,
        Self::Unreliable,
        Self::NotSupplied,
        Self::KnownNotToExist,
    ];

    /// Its place in [`Missing::ALL`].
    pub const fn number(self) -> u8 {
        match self {
            Self::Confidential => 0,
            Self::NotApplicable => 1,
            Self::Unavailable => 2,
            Self::Low => 3,
            Self::Unreliable => 4,
            Self::NotSupplied => 5,
            Self::KnownNotToExist => 6,
        }
    }

    /// In words, as a reader sees it in the figure's place.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Confidential => "confidential",
            Self::NotApplicable => "not applicable",
            Self::Unavailable => "not available",
            Self::Low => "rounds to 0",
            Self::Unreliable => "too unreliable to give",
            Self::NotSupplied => "data to be supplied",
            Self::KnownNotToExist => "no such figure exists",
        }
    }
}

/// How settled a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Expected to change.
    Provisional,
    /// Changed since it was first given.
    Revised,
    /// Not expected to change.
    Final,
    /// Worked out, not counted.
    Estimated,
    /// An earlier year's figure put in this one's place.
    CarriedForward,
    /// Expected, not measured: shown apart and never rated.
    Forecast,
    /// The source does not say.
    NotStated,
}

/// A colour, as a rating or as a source printed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colour {
    /// Target achieved or exceeded.
    Green,
    /// Target missed, minimum standard achieved.
    Amber,
    /// Minimum standard missed.
    Red,
}

/// A period as a source gives it beside a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatedPeriod {
    /// A period.
    Period(Period),
    /// Words that name no period, kept as they are.
    Words(String),
    /// Nothing was said.
    NotStated,
}

/// The earlier figure that a source prints beside a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedPrevious {
    /// The figure.
    pub value: Decimal,
    /// When it was for.
    pub period: StatedPeriod,
}

/// What is recorded for a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultEntry {
    /// The figure, or why there is none.
    pub figure: Figure,
    /// How settled it is.
    pub status: Status,
    /// The colour that the source printed, kept beside the computed rating.
    pub stated_colour: Option<Colour>,
    /// The earlier figure that the source printed.
    pub stated_previous: Option<StatedPrevious>,
    /// The source's own writing of the figure, where it differs from what was read; may be empty.
    pub source_text: String,
}

/// Why something that was recorded is replaced or taken back.
///
/// Source: Department for Work and Pensions revisions policy: three causes of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Planned: provisional figures made final.
    ScheduledRevision,
    /// The method or the definition changed.
    MethodChange,
    /// An error was corrected.
    CorrectionOfError,
}

/// Why a record was made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Why {
    /// In words, at most [`crate::limits::REASON_BYTES_MAX`] bytes. Required wherever something is replaced or taken back.
    pub reason: String,
    /// Of which kind, when something is replaced.
    pub cause: Option<Cause>,
}
