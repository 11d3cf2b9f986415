//! Refusals as `application/problem+json` (RFC 9457), whose `detail` says what to do.

use std::error::Error as _;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use engine::Error;
use serde_json::json;

/// After how many seconds to come again when there is no place.
const RETRY_AFTER_SECONDS: &str = "5";

/// A refusal.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) detail: String,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into() }
    }

    /// Something about the request is wrong.
    pub(crate) fn bad(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match &error {
            Error::Cursor { .. } => {
                let remedy = "follow from the beginning, or from a position that is known to be right";
                Self::new(StatusCode::CONFLICT, format!("{error}; {remedy}"))
            }
            Error::AfterHead { .. } => Self::bad(format!("{error}; follow after a position that an answer has given")),
            Error::Busy { .. } | Error::Newer(_) => Self::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
            Error::Log(_)
            | Error::Refused(_)
            | Error::Changed(_)
            | Error::Conflict { .. }
            | Error::Denied { .. }
            | Error::Request { .. }
            | Error::NotDefined(_)
            | Error::NotReached { .. }
            | Error::Stopped
            | Error::ReadOnly(_)
            | Error::Halted(_)
            | Error::Elsewhere { .. }
            | Error::Unsettled { .. }
            | Error::Full(_)
            | Error::NotOpened
            | Error::AlreadyOpened { .. }
            | Error::TimeZone { .. }
            | _ => {
                tracing::error!(%error, source = ?error.source(), "a request failed");
                let detail = "the log cannot be used; the server's own log says why";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self { status, detail } = self;
        let title = status.canonical_reason().unwrap_or_default();
        let body = json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail });
        let mut response = (status, [(CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECONDS));
        }
        response
    }
}
