//! Remits of scorecards, meetings, and figures told there.

use domain::limits::NAME_BYTES_MAX;
use domain::scorecard::Remit;
use domain::{Figure, Meeting, Status};

use super::figure::{decode_figure, encode_figure};
use super::{code_if_any, decode_date, enums, text, text_required};
use crate::v1;
use crate::violation::{Decoded, required};

/// A remit; absent when it says nothing.
pub fn encode_remit(remit: &Remit) -> Option<v1::Remit> {
    let code = |code: &Option<domain::ScorecardId>| code.as_ref().map_or_else(String::new, ToString::to_string);
    (!remit.none()).then(|| v1::Remit {
        from: remit.from.map_or_else(String::new, |from| from.to_string()),
        owner: remit.owner.clone(),
        director: remit.director.clone(),
        behind: code(&remit.behind),
        subset_of: code(&remit.subset_of),
    })
}

/// A remit.
///
/// # Errors
/// A day, a code or a text that is none.
pub fn decode_remit(message: v1::Remit) -> Decoded<Remit> {
    let from = if message.from.is_empty() { None } else { Some(decode_date("from", &message.from)?) };
    Ok(Remit {
        from,
        owner: text("owner", message.owner, NAME_BYTES_MAX)?,
        director: text("director", message.director, NAME_BYTES_MAX)?,
        behind: code_if_any("behind", &message.behind)?,
        subset_of: code_if_any("subset_of", &message.subset_of)?,
    })
}

/// A meeting.
pub fn encode_meeting(meeting: &Meeting) -> v1::Meeting {
    v1::Meeting { committee: meeting.committee.clone(), on: meeting.on.to_string() }
}

/// A meeting.
///
/// # Errors
/// No committee, or no day.
pub fn decode_meeting(message: v1::Meeting) -> Decoded<Meeting> {
    let committee = text_required("committee", message.committee, NAME_BYTES_MAX)?;
    Ok(Meeting { committee, on: decode_date("on", &message.on)? })
}

/// A figure that was told, with how settled it is.
pub fn encode_told((figure, status): (Figure, Status)) -> v1::ToldFigure {
    v1::ToldFigure { figure: Some(encode_figure(figure)), status: enums::status::encode(status).into() }
}

/// A figure that was told.
///
/// # Errors
/// No figure, or no status.
pub fn decode_told(message: v1::ToldFigure) -> Decoded<(Figure, Status)> {
    let figure = required("figure", message.figure, decode_figure)?;
    Ok((figure, enums::status::decode("status", message.status)?))
}
