//! Questions, read.

use domain::ids::{AreaId, CohortId, MeasureId, ScorecardId, SubmissionId, ViewId};
use domain::limits::NAME_BYTES_MAX;
use domain::{Period, Position};
use prost::Message as _;

use crate::bounds::{self, Bounds};
use crate::event;
use crate::limits::EVENT_TYPES_MAX;
use crate::page::{self, Page};
use crate::v1;
use crate::value::{code, code_if_any, cohort, decode_period, id_if_any, position_if_any, text};
use crate::violation::{Decoded, FieldViolation, list, optional, required};

/// Asks for a scorecard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scorecard {
    /// Which.
    pub scorecard: ScorecardId,
    /// For which period.
    pub period: Period,
    /// For which area; `None` for the authority itself.
    pub area: Option<AreaId>,
    /// As of when.
    pub bounds: Bounds,
}

/// Asks what differs between two scorecards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The first.
    pub before: ComparedSide,
    /// The second.
    pub after: ComparedSide,
}

/// One of two scorecards that are compared. What it leaves out is as on the other side, except for the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedSide {
    /// A view, which says everything else.
    pub view: Option<ViewId>,
    /// Which scorecard.
    pub scorecard: Option<ScorecardId>,
    /// Of which period.
    pub period: Option<Period>,
    /// For which area.
    pub area: Option<AreaId>,
    /// As of when, where it is no view.
    pub bounds: Bounds,
}

/// Asks for a measure's results through time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureHistory {
    /// Which measure.
    pub measure: MeasureId,
    /// Where; `None` for the authority itself.
    pub area: Option<AreaId>,
    /// Who is counted.
    pub cohort: CohortId,
    /// Only periods that end when this one does, or later.
    pub from: Option<Period>,
    /// Only periods that end when this one does, or earlier.
    pub to: Option<Period>,
    /// As of when.
    pub bounds: Bounds,
    /// Which page of periods.
    pub page: Page,
}

/// Asks for a measure's targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetHistory {
    /// Which measure.
    pub measure: MeasureId,
    /// Only those set for this area.
    pub area: Option<AreaId>,
    /// Only those set for this cohort.
    pub cohort: Option<CohortId>,
    /// Also what each change judges.
    pub judged: bool,
    /// Only those of which something stands.
    pub standing_only: bool,
    /// Only what was recorded.
    pub as_recorded: bool,
    /// As of when.
    pub bounds: Bounds,
    /// Which page of changes.
    pub page: Page,
}

/// Asks which measures there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measures {
    /// Only those whose code, title or owner contains this, in any case; empty for all.
    pub text: String,
    /// As of when.
    pub bounds: Bounds,
    /// Which page.
    pub page: Page,
}

/// Asks which scorecards, or which areas, there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing {
    /// As of when.
    pub bounds: Bounds,
    /// Which page.
    pub page: Page,
}

/// Asks what was put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Submissions {
    /// Only those whose first record is after this position.
    pub after: Position,
    /// How many at most, 1 to 1,000.
    pub limit: usize,
    /// Wait until the log has reached this.
    pub at_least_position: Option<Position>,
}

/// Asks why a cell is rated as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Which measure.
    pub measure: MeasureId,
    /// Where; `None` for the authority itself.
    pub area: Option<AreaId>,
    /// Who is counted.
    pub cohort: CohortId,
    /// When.
    pub period: Period,
    /// As of when.
    pub bounds: Bounds,
}

/// Asks for records of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// After this position, exclusive.
    pub after: Position,
    /// How many at most, 1 to 1,000.
    pub limit: usize,
    /// Only those about this measure.
    pub measure: Option<MeasureId>,
    /// Only those with these names; empty for all.
    pub event_names: Vec<&'static str>,
    /// Only those of this submission.
    pub submission: Option<SubmissionId>,
    /// Wait until the log has reached this.
    pub at_least_position: Option<Position>,
}

/// Reads the question.
///
/// # Errors
/// The first field that cannot be read.
pub fn scorecard(request: v1::GetScorecardRequest) -> Result<Scorecard, FieldViolation> {
    Ok(Scorecard {
        scorecard: code("scorecard", &request.scorecard)?,
        period: decode_period("period", &request.period)?,
        area: code_if_any("area", &request.area)?,
        bounds: bounds::decode("as_of", request.as_of)?,
    })
}

/// Reads the question.
///
/// # Errors
/// The first field that cannot be read; something beside a view; a scorecard or a period that neither side says.
pub fn comparison(request: v1::CompareScorecardsRequest) -> Result<Comparison, FieldViolation> {
    let before = optional("before", request.before, side)?;
    let after = optional("after", request.after, side)?;
    let said = |of: fn(&ComparedSide) -> bool| {
        [&before, &after].into_iter().flatten().any(|side| side.view.is_some() || of(side))
    };
    for (field, said) in [
        ("before.scorecard", said(|side| side.scorecard.is_some())),
        ("before.period", said(|side| side.period.is_some())),
    ] {
        if !said {
            return Err(FieldViolation::absent(field, "name it on one of the sides, or a view"));
        }
    }
    let nothing = || ComparedSide { view: None, scorecard: None, period: None, area: None, bounds: Bounds::default() };
    Ok(Comparison { before: before.unwrap_or_else(nothing), after: after.unwrap_or_else(nothing) })
}

fn side(side: v1::ComparedScorecard) -> Decoded<ComparedSide> {
    let view = code_if_any("view", &side.view)?;
    let beside = [("scorecard", &side.scorecard), ("period", &side.period), ("area", &side.area)];
    if view.is_some() {
        if let Some((field, value)) = beside.into_iter().find(|(_, value)| !value.is_empty()) {
            return Err(FieldViolation::new(field, value, "is given beside a view, which says it", "leave it empty"));
        }
        if side.as_of.is_some() {
            let problem = "is given beside a view, which is pinned in time";
            return Err(FieldViolation::new("as_of", "", problem, "leave it out"));
        }
    }
    Ok(ComparedSide {
        view,
        scorecard: code_if_any("scorecard", &side.scorecard)?,
        period: period_if_any("period", &side.period)?,
        area: code_if_any("area", &side.area)?,
        bounds: bounds::decode("as_of", side.as_of)?,
    })
}

/// Reads the question.
///
/// # Errors
/// The first field that cannot be read; periods that end before they begin.
pub fn measure_history(request: v1::GetMeasureHistoryRequest) -> Result<MeasureHistory, FieldViolation> {
    let question = v1::GetMeasureHistoryRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let page = page::decode(request.page_size, &request.page_token, &question.encode_to_vec())?;
    let from = period_if_any("from_period", &request.from_period)?;
    let to = period_if_any("to_period", &request.to_period)?;
    if let Some((from, to)) = from.zip(to).filter(|(from, to)| to.last_day() < from.last_day()) {
        let problem = format!("ends before {}, where it begins", from.code());
        return Err(FieldViolation::new("to_period", to.code(), problem, "give a later period, or none"));
    }
    Ok(MeasureHistory {
        measure: code("measure", &request.measure)?,
        area: code_if_any("area", &request.area)?,
        cohort: cohort("cohort", &request.cohort)?,
        from,
        to,
        bounds: bounds::decode("as_of", request.as_of)?,
        page,
    })
}

pub(crate) fn period_if_any(field: &str, text: &str) -> Decoded<Option<Period>> {
    if text.is_empty() { Ok(None) } else { decode_period(field, text).map(Some) }
}

/// Reads the question.
///
/// # Errors
/// The first field that cannot be read.
pub fn target_history(request: v1::GetTargetHistoryRequest) -> Result<TargetHistory, FieldViolation> {
    let question = v1::GetTargetHistoryRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    if request.as_recorded && (request.judged || request.standing_only) {
        let instead = "ask for what was recorded alone, or for what it led to";
        return Err(FieldViolation::new("as_recorded", true, "is not for what changes judge or what stands", instead));
    }
    Ok(TargetHistory {
        page: page::decode(request.page_size, &request.page_token, &question.encode_to_vec())?,
        measure: code("measure", &request.measure)?,
        area: code_if_any("area", &request.area)?,
        cohort: code_if_any("cohort", &request.cohort)?,
        judged: request.judged,
        standing_only: request.standing_only,
        as_recorded: request.as_recorded,
        bounds: bounds::decode("as_of", request.as_of)?,
    })
}

/// Reads the question.
///
/// # Errors
/// The first field that cannot be read.
pub fn measures(request: v1::ListMeasuresRequest) -> Result<Measures, FieldViolation> {
    let question = v1::ListMeasuresRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    Ok(Measures {
        page: page::decode(request.page_size, &request.page_token, &question.encode_to_vec())?,
        text: text("query", request.query, NAME_BYTES_MAX)?,
        bounds: bounds::decode("as_of", request.as_of)?,
    })
}

/// Reads the question.
///
/// # Errors
/// The first field that cannot be read.
pub fn scorecards(request: v1::ListScorecardsRequest) -> Result<Listing, FieldViolation> {
    let question = v1::ListScorecardsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    Ok(Listing {
        page: page::decode(request.page_size, &request.page_token, &question.encode_to_vec())?,
        bounds: bounds::decode("as_of", request.as_of)?,
    })
}

/// Reads the question.
///
/// # Errors
/// The first field that cannot be read.
pub fn areas(request: v1::ListAreasRequest) -> Result<Listing, FieldViolation> {
    let question = v1::ListAreasRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    Ok(Listing {
        page: page::decode(request.page_size, &request.page_token, &question.encode_to_vec())?,
        bounds: bounds::decode("as_of", request.as_of)?,
    })
}

/// Reads the question.
///
/// # Errors
/// The first field that cannot be read.
pub fn submissions(request: v1::ListSubmissionsRequest) -> Result<Submissions, FieldViolation> {
    Ok(Submissions {
        after: Position::new(request.after_position),
        limit: page::decode_size(request.page_size)?,
        at_least_position: position_if_any(request.at_least_position),
    })
}

/// Reads the question.
///
/// # Errors
/// The first field that cannot be read.
pub fn explanation(request: v1::ExplainRatingRequest) -> Result<Explanation, FieldViolation> {
    required("cell", request.cell, |cell| {
        Ok(Explanation {
            measure: code("measure", &cell.measure)?,
            area: code_if_any("area", &cell.area)?,
            cohort: cohort("cohort", &cell.cohort)?,
            period: decode_period("period", &cell.period)?,
            bounds: Bounds::default(),
        })
    })
    .and_then(|question| Ok(Explanation { bounds: bounds::decode("as_of", request.as_of)?, ..question }))
}

/// Reads the question.
///
/// # Errors
/// The first field that cannot be read.
pub fn log(request: v1::ReadLogRequest) -> Result<Log, FieldViolation> {
    Ok(Log {
        after: Position::new(request.after_position),
        limit: page::decode_size(request.page_size)?,
        measure: code_if_any("measure", &request.measure)?,
        event_names: list("event_types", request.event_types, EVENT_TYPES_MAX, |name| event::decode_name(&name))?,
        submission: id_if_any("submission_id", &request.submission_id)?,
        at_least_position: position_if_any(request.at_least_position),
    })
}

/// The position that a question about the nodes waits for.
pub fn cluster(request: v1::GetClusterRequest) -> Option<Position> {
    position_if_any(request.at_least_position)
}

/// The position that a question about the server waits for.
pub fn status(request: v1::GetStatusRequest) -> Option<Position> {
    position_if_any(request.at_least_position)
}
