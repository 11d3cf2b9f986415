//! What can go wrong, by the caller's next move.

use domain::{Position, SubmissionId, ViewId};
use reporting::publication::Check;

use crate::permissions::Act;
use crate::submission::Preview;
use crate::{log, settings};

/// Why a request was not carried out. Nothing was recorded, except where a variant says otherwise.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Some of it cannot be taken in. Correct what the preview lists, or ask for refused rows to be set aside.
    #[error("the submission is refused: {} of its rows or instructions cannot be taken in", .0.n_refusals)]
    Refused(Box<Preview>),
    /// What the accepted preview read has changed since. Ask for a new preview, and accept that instead.
    #[error("what the preview read has changed since; nothing was recorded")]
    Changed(Box<Preview>),
    /// The identifier belongs to another submission. Give this one its own.
    #[error("submission {id} is in the log with other content")]
    Conflict {
        /// The identifier.
        id: SubmissionId,
    },
    /// The actor may not do this. Ask an administrator.
    #[error("{actor} may not {}", act.code())]
    Denied {
        /// Who.
        actor: String,
        /// What.
        act: Act,
    },
    /// Something stands in the way of publishing, or there are warnings and no reason to publish over them. See to what the
    /// check says, or give the reason.
    #[error("{}", unpublishable(.0))]
    Unpublishable(Box<Check>),
    /// The view is published already. Give another code.
    #[error(
        "view {view} is published already; give another code (--id), or see what was given: `scorebook view show {view}`"
    )]
    ViewThere {
        /// Which.
        view: ViewId,
    },
    /// A view is not there, or not as it was recorded.
    #[error(transparent)]
    Unserved(reporting::views::Unserved),
    /// Something about the request as a whole is wrong. Correct it.
    #[error("{field}: {problem}")]
    Request {
        /// Which field.
        field: &'static str,
        /// What is wrong with it, and what to do.
        problem: String,
    },
    /// What was asked about is not there as of then. Correct the code, or ask as of a later time.
    #[error(transparent)]
    NotDefined(reporting::Error),
    /// Too many are waiting. Try again in a moment.
    #[error("too many {what} are waiting ({limit}); try again in a moment")]
    Busy {
        /// Of what.
        what: &'static str,
        /// The bound.
        limit: usize,
    },
    /// The position was not reached in time. Try again, or ask for less.
    #[error("position {wanted} was not reached within {} ms; the log is at {head}", settings::WAIT_MS)]
    NotReached {
        /// What was asked for.
        wanted: Position,
        /// Where the log is.
        head: Position,
    },
    /// The position is after the head. Ask with `at_least_position` to wait for it.
    #[error("position {wanted} is after the head, {head}")]
    AfterHead {
        /// What was asked for.
        wanted: Position,
        /// Where the log is.
        head: Position,
    },
    /// The cursor is not of this log as it is now. Follow from the beginning, or from a position that is known to be right.
    #[error("the cursor cannot be followed from: {problem}")]
    Cursor {
        /// Why not.
        problem: String,
    },
    /// The writer has stopped, because the log failed or the server is stopping. Whether the submission was recorded is
    /// not known: send it again with the same identifier.
    #[error("the writer has stopped; whether the submission was recorded is not known")]
    Stopped,
    /// The log is damaged, so that nothing more is recorded. What is before the damage can be asked. Restore a backup.
    #[error("{0}")]
    ReadOnly(log::Damage),
    /// The shared log is not written to for now. What is recorded can be asked. See to what it says.
    #[error("{0}")]
    Halted(log::Halt),
    /// Submissions are not taken here. Send it where it says.
    #[error("no submission is taken here: {why}")]
    Elsewhere {
        /// Why, and where to send it.
        why: &'static str,
    },
    /// The shared log does not answer, so that it is not known whether the submission was recorded: send it again with the
    /// same identifier.
    #[error("whether the submission was recorded is not known yet: {reason}; send it again with the same identifier")]
    Unsettled {
        /// What is in the way.
        reason: String,
    },
    /// The log holds what this program cannot read. Ask as of a position before that, or upgrade the program.
    #[error("{0}")]
    Newer(log::Newer),
    /// There is no room on the log's disk. Make room, then send it again.
    #[error("nothing was recorded: {0}")]
    Full(log::Full),
    /// The log failed, or is damaged.
    #[error("the log cannot be used")]
    Log(#[source] log::Error),
    /// The log does not begin as a log does. It is not Scorebook's, or is damaged.
    #[error("the log does not begin with LogOpened")]
    NotOpened,
    /// The log is there already. Leave it as it is.
    #[error("the log is open already, for authority {authority}")]
    AlreadyOpened {
        /// Whose it is.
        authority: String,
    },
    /// Not a time zone of the IANA database.
    #[error("{name:?} is not a time zone such as Europe/London")]
    TimeZone {
        /// As given.
        name: String,
    },
}

fn unpublishable(check: &Check) -> String {
    let things = |n: usize, one: &str, many: &str| if n == 1 { one.to_owned() } else { format!("{n} {many}") };
    match check.n_in_the_way() {
        0 => {
            let n = check.warnings().0.len();
            format!(
                "there {} {}; see to what the check says, or say why it is published over that (--over-warnings REASON)",
                if n == 1 { "is" } else { "are" },
                things(n, "1 warning", "warnings")
            )
        }
        n => format!(
            "{} in the way of publishing; see to what the check says",
            things(n, "1 thing stands", "things stand")
        ),
    }
}

impl From<log::Error> for Error {
    fn from(error: log::Error) -> Self {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the other errors of a log are its own")]
        match error {
            log::Error::Full(full) => Self::Full(full),
            log::Error::Halted(halt) => Self::Halted(halt),
            log::Error::Unsettled { reason } => Self::Unsettled { reason },
            other => Self::Log(other),
        }
    }
}

impl From<reporting::Error> for Error {
    fn from(error: reporting::Error) -> Self {
        let problem = error.to_string();
        match error {
            reporting::Error::TooLarge { .. } => Self::Request { field: "measures", problem },
            reporting::Error::NotAscending => Self::Request { field: "periods", problem },
            missing @ (reporting::Error::NotDefined { .. }
            | reporting::Error::NoView { .. }
            | reporting::Error::DefinedLater { .. }
            | reporting::Error::LaterPeriods { .. }) => Self::NotDefined(missing),
        }
    }
}
