//! The feed: what is asked for, read; and rating changes as they leave.

use std::collections::BTreeSet;

use domain::ids::ScorecardId;
use domain::{AreaId, MeasureId, Position, SubmissionId, Timestamp};
use ratings::Rating;
use reporting::rating_changes::RatingChange;

use crate::answer::comparison::encode_difference;
use crate::answer::row::{encode_rating, not_rated};
use crate::event;
use crate::limits::{EVENT_TYPES_MAX, FOLLOWED_MAX};
use crate::v1;
use crate::value::{code, code_if_any, encode_cell, encode_timestamp};
use crate::violation::{Decoded, FieldViolation, list};

/// The name of a rating change among the names of events.
pub const RATING_CHANGED: &str = "RatingChanged";

/// Asks for the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    /// After this cursor, as its sender received it; empty for none.
    pub cursor: String,
    /// Without a cursor: after everything of this position.
    pub after: Position,
    /// About these measures; none for all.
    pub measures: BTreeSet<MeasureId>,
    /// In these areas; none for all.
    pub areas: BTreeSet<AreaId>,
    /// On this scorecard.
    pub scorecard: Option<ScorecardId>,
    /// Of these types; none for all.
    pub types: BTreeSet<&'static str>,
}

/// Reads what is asked for.
///
/// # Errors
/// The first field that cannot be read.
pub fn decode(request: v1::FollowRequest) -> Result<Follow, FieldViolation> {
    if !request.cursor.is_empty() && request.after_position > 0 {
        let after = request.after_position.to_string();
        return Err(FieldViolation::new("after_position", &after, "is given beside a cursor", "give one of them"));
    }
    Ok(Follow {
        cursor: request.cursor,
        after: Position::new(request.after_position),
        measures: set(list("measures", request.measures, FOLLOWED_MAX, |given| code("", &given))?),
        areas: set(list("areas", request.areas, FOLLOWED_MAX, |given| code("", &given))?),
        scorecard: code_if_any("scorecard", &request.scorecard)?,
        types: set(list("types", request.types, EVENT_TYPES_MAX, |given| type_name(&given))?),
    })
}

fn set<T: Ord>(items: Vec<T>) -> BTreeSet<T> {
    items.into_iter().collect()
}

fn type_name(given: &str) -> Decoded<&'static str> {
    if given == RATING_CHANGED { Ok(RATING_CHANGED) } else { event::decode_name(given) }
}

/// The refusal of a text that is no cursor.
pub fn no_cursor(given: &str) -> FieldViolation {
    let remedy = "send a cursor as it was received, or none and a position";
    FieldViolation::new("cursor", given, "is not a cursor", remedy)
}

/// The commit that changed a rating, and which of its changes it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangedBy {
    /// The end of the commit.
    pub position: Position,
    /// The change's place among the commit's, from 1.
    pub ordinal: u32,
    /// When the commit was taken in.
    pub recorded_at: Timestamp,
    /// With which submission.
    pub submission: SubmissionId,
}

/// A rating change.
pub fn encode_change(by: ChangedBy, change: &RatingChange) -> v1::RatingChanged {
    let RatingChange { before, after, causes } = change;
    v1::RatingChanged {
        position: by.position.get(),
        ordinal: by.ordinal,
        recorded_at: Some(encode_timestamp(by.recorded_at)),
        submission_id: by.submission.to_string(),
        cell: Some(encode_cell(&after.cell)),
        title: after.definition.title.clone(),
        period_words: after.cell.period.to_string(),
        before: Some(encode_rated(*before)),
        after: Some(encode_rated(after.rating)),
        rule: after.rule.to_string(),
        result: after.result.as_ref().map_or_else(String::new, |result| result.display.clone()),
        target: after.target.as_ref().map_or_else(String::new, |target| target.display.clone()),
        explanation: after.explanation.clone(),
        causes: causes.iter().map(encode_difference).collect(),
    }
}

fn encode_rated(rating: Rating) -> v1::RatedAs {
    let (code, reason) = not_rated(rating);
    v1::RatedAs {
        rating: encode_rating(rating).into(),
        word: rating.word().to_owned(),
        not_rated_code: code.to_owned(),
        not_rated_reason: reason.to_owned(),
    }
}
