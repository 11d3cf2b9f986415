//! Publishing views, listing them, and serving them.

use domain::limits::{NAME_BYTES_MAX, REASON_BYTES_MAX};
use domain::view::{Warning, Warnings};
use domain::{ActorId, AreaId, Digest, Meeting, Period, Position, ScorecardId, SubmissionId, ViewId};
use prost::Message as _;
use reporting::answer::Basis;
use reporting::publication::{Check, Finding, Severity};
use reporting::view::{Departure, Outline};
use reporting::views::{ActAnswer, Filter, LateFigureAnswer, Replay, ViewAnswer, ViewEntry};

use crate::answer::encode_provenance;
use crate::bounds::{self, Bounds, Place, encode_basis};
use crate::page::{self, Page};
use crate::v1;
use crate::value::meeting::{decode_meeting, encode_meeting, encode_told};
use crate::value::{
    code, code_if_any, count, decode_date, decode_period, encode_cell, encode_timestamp, enums, id_if_any,
    position_if_any, text,
};
use crate::violation::{FieldViolation, required};

/// What is asked to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The sender's identifier, if it has one.
    pub id: Option<SubmissionId>,
    /// Who says that they publish it.
    pub actor: ActorId,
    /// Of which scorecard.
    pub scorecard: ScorecardId,
    /// For which period.
    pub period: Period,
    /// For which area; `None` for the authority.
    pub area: Option<AreaId>,
    /// For which meeting.
    pub meeting: Meeting,
    /// The view's code, if it has one.
    pub view: Option<ViewId>,
    /// K and P.
    pub bounds: Bounds,
    /// Why over warnings; may be empty.
    pub over: String,
    /// Record nothing.
    pub check_only: bool,
    /// The position of the check that is being accepted.
    pub checked: Option<Position>,
}

/// The bytes whose digest says whether two requests are the same: everything but the identifier, and what says how the
/// request is to be judged.
pub fn content(request: &v1::PublishViewRequest) -> Vec<u8> {
    let as_of = request.as_of.clone().map(|as_of| v1::AsOf { at_least_position: 0, ..as_of });
    let content = v1::PublishViewRequest {
        submission_id: String::new(),
        as_of,
        check_only: false,
        checked_position: 0,
        ..request.clone()
    };
    content.encode_to_vec()
}

/// A request to publish.
///
/// # Errors
/// The first field that cannot be read.
pub fn decode(request: v1::PublishViewRequest) -> Result<Asked, FieldViolation> {
    Ok(Asked {
        id: id_if_any("submission_id", &request.submission_id)?,
        actor: code("actor", &request.actor)?,
        scorecard: code("scorecard", &request.scorecard)?,
        period: decode_period("period", &request.period)?,
        area: code_if_any("area", &request.area)?,
        meeting: required("meeting", request.meeting, decode_meeting)?,
        view: code_if_any("view", &request.view)?,
        bounds: bounds::decode("as_of", request.as_of)?,
        over: text("over_warnings", request.over_warnings, REASON_BYTES_MAX)?,
        check_only: request.check_only,
        checked: position_if_any(request.checked_position),
    })
}

/// Which views are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Which.
    pub filter: Filter,
    /// Published up to here.
    pub at_position: Option<Position>,
    /// Wait for this.
    pub at_least_position: Option<Position>,
    /// Which page.
    pub page: Page,
}

/// Reads the question.
///
/// # Errors
/// The first field that cannot be read.
pub fn decode_listing(request: v1::ListViewsRequest) -> Result<Listing, FieldViolation> {
    let question = v1::ListViewsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let on = if request.on.is_empty() { None } else { Some(decode_date("on", &request.on)?) };
    Ok(Listing {
        filter: Filter {
            scorecard: code_if_any("scorecard", &request.scorecard)?,
            committee: text("committee", request.committee, NAME_BYTES_MAX)?,
            on,
        },
        at_position: position_if_any(request.at_position),
        at_least_position: position_if_any(request.at_least_position),
        page: page::decode(request.page_size, &request.page_token, &question.encode_to_vec())?,
    })
}

/// Which view is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct One {
    /// Which.
    pub view: ViewId,
    /// With what stands beside it up to here.
    pub at_position: Option<Position>,
    /// Wait for this.
    pub at_least_position: Option<Position>,
}

/// Reads the question.
///
/// # Errors
/// The first field that cannot be read.
pub fn decode_one(request: &v1::GetViewRequest) -> Result<One, FieldViolation> {
    Ok(One {
        view: code("view", &request.view)?,
        at_position: position_if_any(request.at_position),
        at_least_position: position_if_any(request.at_least_position),
    })
}

/// What was found, of a view that would be pinned to a basis.
pub fn encode_check(
    (view, sha256): (&ViewId, Digest),
    check: &Check,
    meeting: &Meeting,
    (basis, place): (&Basis, Place),
) -> v1::PublicationCheck {
    let n_in_the_way = count(check.n_in_the_way());
    v1::PublicationCheck {
        view: view.to_string(),
        findings: check.findings.iter().map(encode_finding).collect(),
        n_in_the_way,
        n_warnings: count(check.findings.len()).saturating_sub(n_in_the_way),
        counted: check.counted.clone(),
        basis: Some(encode_basis(basis, place)),
        sha256: sha256.to_string(),
        meeting: Some(encode_meeting(meeting)),
    }
}

fn encode_finding(finding: &Finding) -> v1::PublicationFinding {
    let severity = match finding.issue.severity() {
        Severity::StandsInTheWay => v1::FindingSeverity::InTheWay,
        Severity::Warning => v1::FindingSeverity::Warning,
    };
    v1::PublicationFinding {
        code: finding.issue.code().to_owned(),
        severity: severity.into(),
        cell: finding.cell.as_ref().map(encode_cell),
        title: finding.title.clone(),
        words: finding.words.clone(),
    }
}

/// A view, without what was given.
pub fn encode_view(entry: &ViewEntry) -> v1::View {
    let published = &entry.published;
    let size = match &published.content {
        domain::measure::Content::Inline(text) => count(text.len()),
        domain::measure::Content::Stored { size, .. } => *size,
    };
    v1::View {
        view: published.view.to_string(),
        scorecard: published.scorecard.to_string(),
        period: published.period.code(),
        period_words: published.period.to_string(),
        area: published.area.to_string(),
        meeting: Some(encode_meeting(&published.meeting)),
        known_at: published.known_at.map(encode_timestamp),
        position: published.position.get(),
        form: published.form.clone(),
        sha256: published.content.digest().map_or_else(String::new, |digest| digest.to_string()),
        size,
        provenance: Some(encode_provenance(&entry.provenance)),
        over: encode_warnings(&entry.over),
        n_beside: count(entry.n_beside),
    }
}

fn encode_warnings(warnings: &Warnings) -> Vec<v1::Warning> {
    let warning = |warning: &Warning| v1::Warning {
        code: warning.code.clone(),
        subject: warning.subject.clone(),
        words: warning.words.clone(),
    };
    warnings.0.iter().map(warning).collect()
}

/// A view as it was given, and what is made of it now.
pub fn encode_answer(answer: &ViewAnswer, head: Position) -> v1::GetViewResponse {
    v1::GetViewResponse {
        view: Some(encode_view(&answer.entry)),
        content: answer.text.clone().into_bytes(),
        scorecard: Outline::parse(&answer.text).ok().map(|outline| crate::view::scorecard(&outline)),
        acts: answer.acts.iter().map(encode_act).collect(),
        late_figures: answer.late_figures.iter().map(encode_late_figure).collect(),
        replay: Some(encode_replay(&answer.replay)),
        head_position: head.get(),
    }
}

fn encode_act(act: &ActAnswer) -> v1::CommitteeActAnswer {
    v1::CommitteeActAnswer {
        act: enums::committee_act::encode(act.act).into(),
        text: act.text.clone(),
        provenance: Some(encode_provenance(&act.provenance)),
    }
}

fn encode_late_figure(late: &LateFigureAnswer) -> v1::LateFigureAnswer {
    v1::LateFigureAnswer {
        cell: Some(encode_cell(&late.cell)),
        title: late.title.clone(),
        period_words: late.cell.period.to_string(),
        area_name: late.area_name.clone(),
        cohort_name: late.cohort_name.clone(),
        told: late.told.map(encode_told),
        display: late.display.clone(),
        text: late.text.clone(),
        provenance: Some(encode_provenance(&late.provenance)),
    }
}

fn encode_replay(replay: &Replay) -> v1::Replay {
    match replay {
        Replay::Same => v1::Replay { same: true, ..v1::Replay::default() },
        Replay::Departs(departures) => {
            v1::Replay { departures: departures.iter().map(encode_departure).collect(), ..v1::Replay::default() }
        }
        Replay::Impossible(why) => v1::Replay { impossible: why.clone(), ..v1::Replay::default() },
    }
}

fn encode_departure(departure: &Departure) -> v1::ViewDeparture {
    v1::ViewDeparture {
        within: departure.within.clone(),
        seen: departure.seen.clone().unwrap_or_default(),
        computed: departure.computed.clone().unwrap_or_default(),
        words: departure.words(),
    }
}
