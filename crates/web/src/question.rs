//! What is asked for, read from a query and `Last-Event-ID`: as `FollowRequest` over gRPC, with the same refusals.

use axum::http::HeaderValue;
use engine::feed::{Cursor, Filter, Start};
use percent_encoding::percent_decode_str;
use wire::FieldViolation;
use wire::feed::Follow;
use wire::v1::FollowRequest;

use crate::problem::Problem;

const PARAMETERS: &str = "after, cursor, measure, area, scorecard and type";

/// Reads what is asked for. `Last-Event-ID` goes before what the query says about the place.
///
/// # Errors
/// 400, with the parameter, the problem and the remedy.
pub(crate) fn read(query: &str, last_event_id: Option<&HeaderValue>) -> Result<(Start, Filter), Problem> {
    let mut request = FollowRequest::default();
    let mut given = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (text(name)?, text(value)?);
        match name.as_str() {
            "measure" => request.measures.push(value),
            "area" => request.areas.push(value),
            "type" => request.types.push(value),
            "after" | "cursor" | "scorecard" if given.contains(&name) => {
                return Err(Problem::bad(format!("{name}: is given twice; give it once")));
            }
            "after" => request.after_position = position(&value)?,
            "cursor" => request.cursor = value,
            "scorecard" => request.scorecard = value,
            _ => return Err(Problem::bad(format!("{name:.100?} is not a parameter; there are {PARAMETERS}"))),
        }
        given.push(name);
    }
    if let Some(id) = last_event_id.filter(|id| !id.is_empty()) {
        request.after_position = 0;
        request.cursor = String::from_utf8_lossy(id.as_bytes()).into_owned();
    }
    let Follow { cursor, after, measures, areas, scorecard, types } =
        wire::feed::decode(request).map_err(|violation| refuse(&violation))?;
    let start = if cursor.is_empty() {
        Start::After(after)
    } else {
        let read: Result<Cursor, _> = cursor.parse();
        Start::Cursor(read.map_err(|_no_cursor| refuse(&wire::feed::no_cursor(&cursor)))?)
    };
    Ok((start, Filter { measures, areas, scorecard, types }))
}

/// One name or value as forms write it: `+` for a space, `%` and two digits for a byte.
fn text(encoded: &str) -> Result<String, Problem> {
    let spaced = encoded.replace('+', " ");
    match percent_decode_str(&spaced).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(Problem::bad(format!("{encoded:.100?} is not UTF-8; write it as %C3%A9 for é"))),
    }
}

fn position(value: &str) -> Result<u64, Problem> {
    let refusal = |_| Problem::bad(format!("after: {value:.100?} is not a position; give a whole number such as 154"));
    value.parse().map_err(refusal)
}

/// The refusal of a field, by the name of its parameter.
fn refuse(violation: &FieldViolation) -> Problem {
    let (field, _index) = violation.field.split_once('[').unwrap_or((&violation.field, ""));
    let parameter = match field {
        "after_position" => "after",
        "measures" => "measure",
        "areas" => "area",
        "types" => "type",
        other => other,
    };
    Problem::bad(FieldViolation { field: parameter.to_owned(), ..violation.clone() }.to_string())
}
