//! From a refused request to words on a terminal that say what to do next.

use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// Nobody waits for so long for a busy server.
const LONG: Duration = Duration::from_secs(10);

/// The words for a status: its message, each field or rule with its remedy, and the next move.
pub(crate) fn words(status: &Status) -> String {
    let mut words = status.message().to_owned();
    let details = status.get_error_details();
    if let Some(request) = details.bad_request() {
        for violation in &request.field_violations {
            if !words.contains(&violation.description) {
                words = format!("{words}\n  {}: {}", violation.field, violation.description);
            }
        }
    }
    if let Some(failure) = details.precondition_failure() {
        for violation in &failure.violations {
            if !words.contains(&violation.description) {
                words = format!("{words}\n  {}: {}", violation.subject, violation.description);
            }
        }
    }
    // Where the wait is long, the message says what has to be done first.
    let wait = details.retry_info().and_then(|retry| retry.retry_delay).unwrap_or_default();
    if wait < LONG
        && let Some(next) = next_move(status.code())
    {
        words.push('\n');
        words.push_str(next);
    }
    words
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the other codes' messages say the next move themselves")]
const fn next_move(code: Code) -> Option<&'static str> {
    match code {
        Code::NotFound => Some(
            "List what there is: scorebook scorecard (without a code), scorebook measure list, scorebook areas, scorebook \
             view list.",
        ),
        Code::Unavailable => Some("Try again; when that does not help, look at the server's own messages."),
        Code::ResourceExhausted => Some("Try again in a moment."),
        Code::PermissionDenied => Some("Ask whoever runs the server to allow it (asserted_may in the settings)."),
        _ => None,
    }
}

/// A status as an error of the program.
#[expect(clippy::needless_pass_by_value, reason = "it is passed to map_err")]
pub(crate) fn failed(status: Status) -> anyhow::Error {
    anyhow::anyhow!(words(&status))
}
