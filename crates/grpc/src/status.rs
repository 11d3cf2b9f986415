//! From what went wrong to a gRPC status with `google.rpc` details: a rule's no is `FAILED_PRECONDITION`, a bad input
//! `INVALID_ARGUMENT` with its fields, a conflict `ABORTED`, our own fault `INTERNAL`: logged, not told.

use std::time::Duration;

use engine::Error;
use engine::submission::Preview;
use reporting::publication::Check;
use reporting::views::Unserved;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, PreconditionViolation, StatusExt as _};

/// How long a caller waits before it tries again.
const RETRY_AFTER: Duration = Duration::from_millis(200);
/// The same where somebody has to make room first.
const RETRY_WHEN_FULL: Duration = Duration::from_mins(1);
/// How many bytes of refusals a status carries: clients drop headers over 8 KiB. A preview carries the first 1,000.
const VIOLATION_BYTES_MAX: usize = 3_000;

pub(crate) fn from_field(violation: wire::FieldViolation) -> Status {
    let message = violation.to_string();
    let description = format!("{}; {}", violation.problem, violation.remedy);
    let details = ErrorDetails::with_bad_request(vec![FieldViolation::new(violation.field, description)]);
    Status::with_error_details(Code::InvalidArgument, message, details)
}

/// A task of ours that panicked.
#[expect(clippy::needless_pass_by_value, reason = "it is passed to map_err")]
pub(crate) fn from_panic(error: tokio::task::JoinError) -> Status {
    tracing::error!(%error, "a request's task ended without an answer");
    Status::internal("the server failed to answer; nothing was recorded")
}

#[expect(clippy::needless_pass_by_value, reason = "it is passed to map_err")]
pub(crate) fn from_engine(error: Error) -> Status {
    let message = error.to_string();
    match &error {
        Error::Refused(preview) => refused(&message, preview),
        Error::Changed(_) => precondition(Code::Aborted, message, "preview", "ask for a new preview and accept that"),
        Error::Conflict { .. } => {
            let remedy = "give this submission an identifier of its own";
            precondition(Code::AlreadyExists, message, "submission_id", remedy)
        }
        Error::Denied { .. } => Status::permission_denied(message),
        Error::Request { field, problem } => {
            let violation = FieldViolation::new(*field, problem);
            let details = ErrorDetails::with_bad_request(vec![violation]);
            Status::with_error_details(Code::InvalidArgument, message, details)
        }
        Error::NotDefined(_) | Error::Unserved(Unserved::Unknown { .. }) => Status::not_found(message),
        Error::Unserved(Unserved::Lost { .. }) => Status::data_loss(message),
        Error::ViewThere { .. } => {
            precondition(Code::AlreadyExists, message, "view", "give another code, or get the view that is there")
        }
        Error::Unpublishable(check) => unpublishable(message, check),
        Error::Busy { .. } => {
            let details = ErrorDetails::with_retry_info(Some(RETRY_AFTER));
            Status::with_error_details(Code::ResourceExhausted, message, details)
        }
        Error::Full(_) => {
            let mut details = ErrorDetails::with_retry_info(Some(RETRY_WHEN_FULL));
            details.add_quota_failure_violation("disk", "make room on the disk that holds the log");
            Status::with_error_details(Code::ResourceExhausted, message, details)
        }
        Error::NotReached { .. } => Status::deadline_exceeded(message),
        Error::AfterHead { .. } => Status::out_of_range(message),
        Error::Cursor { .. } => {
            let remedy = "follow from the beginning, or from a position that is known to be right";
            precondition(Code::FailedPrecondition, message, "cursor", remedy)
        }
        Error::Stopped | Error::Unsettled { .. } => Status::unavailable(message),
        Error::Halted(_) => precondition(Code::FailedPrecondition, message, "log", "see to what the message says"),
        Error::Elsewhere { .. } => {
            precondition(Code::FailedPrecondition, message, "role", "send it to a node whose role is ingest")
        }
        Error::Newer(_) => {
            let remedy = "upgrade this node, or end its being held back; or ask as of an earlier position";
            precondition(Code::FailedPrecondition, message, "format", remedy)
        }
        Error::ReadOnly(_) => precondition(Code::FailedPrecondition, message, "log", "restore the newest backup"),
        Error::Log(engine::log::Error::Refused { reason }) => Status::failed_precondition(reason),
        Error::Log(_) | Error::NotOpened | Error::AlreadyOpened { .. } | Error::TimeZone { .. } | _ => ours(&error),
    }
}

fn ours(error: &Error) -> Status {
    tracing::error!(error = %engine::causes(error), "a request failed");
    Status::internal("the log cannot be used; the server's own log says why")
}

fn precondition(code: Code, message: String, subject: &str, remedy: &str) -> Status {
    let violation = PreconditionViolation::new("STATE", subject, remedy);
    Status::with_error_details(code, message, ErrorDetails::with_precondition_failure(vec![violation]))
}

/// What was found, as far as the details of an error go; a check lists all of it.
fn unpublishable(message: String, check: &Check) -> Status {
    let mut n_bytes: usize = 0;
    let found = check
        .findings
        .iter()
        .map(|finding| PreconditionViolation::new(finding.issue.code(), finding.subject(), finding.words.clone()));
    let room = found.take_while(|violation| {
        n_bytes = n_bytes.saturating_add(violation.subject.len()).saturating_add(violation.description.len());
        n_bytes <= VIOLATION_BYTES_MAX
    });
    let details = ErrorDetails::with_precondition_failure(room.collect::<Vec<_>>());
    Status::with_error_details(Code::FailedPrecondition, message, details)
}

/// Rows that cannot be read are a bad argument; rules that say no are a failed precondition.
fn refused(message: &str, preview: &Preview) -> Status {
    let mut violations = Vec::new();
    let mut n_bytes: usize = 0;
    for refusal in &preview.refusals {
        let violation = violation(preview, refusal);
        n_bytes = n_bytes.saturating_add(violation.field.len()).saturating_add(violation.description.len());
        if n_bytes > VIOLATION_BYTES_MAX {
            break;
        }
        violations.push(violation);
    }
    let n_listed = u64::try_from(violations.len()).unwrap_or(u64::MAX);
    let more = preview.n_refusals.saturating_sub(n_listed);
    let more = if more == 0 { String::new() } else { format!("; {more} more are in the preview") };
    let first = violations.first().map_or(String::new(), |first| format!(": {}: {}", first.field, first.description));
    let mut details = ErrorDetails::new();
    let code = if preview.sources.is_empty() {
        let rule = |it: FieldViolation| PreconditionViolation::new("RULE", it.field, it.description);
        details.set_precondition_failure(violations.into_iter().map(rule).collect::<Vec<_>>());
        Code::FailedPrecondition
    } else {
        details.set_bad_request(violations);
        Code::InvalidArgument
    };
    Status::with_error_details(code, format!("{message}{first}{more}"), details)
}

fn violation(preview: &Preview, refusal: &ingest::Refusal) -> FieldViolation {
    let file = preview.sources.get(usize::from(refusal.file)).map_or("", |source| source.name.as_str());
    let field = match refusal.line {
        0 => refusal.field.clone(),
        line => {
            let (file, line) = wire::value::place(file, line);
            // What is about a whole line names no field.
            let field = if refusal.field.is_empty() { String::new() } else { format!(":{}", refusal.field) };
            format!("{file}:{line}{field}")
        }
    };
    let value = if refusal.value.is_empty() { String::new() } else { format!("{:?} ", refusal.value) };
    FieldViolation::new(field, format!("{value}{}; {}", refusal.problem, refusal.remedy))
}
