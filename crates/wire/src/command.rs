//! Commands, in both directions: the command line speaks to a server with the same words as to a log.

mod decode;
mod encode;

use domain::result::Why;
use domain::{Date, Instruction};

use crate::bounds::{Known, decode_known};
use crate::v1;
use crate::value::{decode_origin, encode_origin, encode_timestamp, enums};
use crate::violation::{Decoded, FieldViolation, optional};

/// An instruction as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The instruction. Its `known_at` is `None` when `known_on` is given, until somebody who knows the time zone
    /// fills it in.
    pub instruction: Instruction,
    /// Known at the end of this day in the authority's time zone.
    pub known_on: Option<Date>,
}

/// An instruction with everything that it needs.
///
/// # Errors
/// The first field that cannot be read. Whether the command can be carried out is for `decide` to say.
pub fn decode(message: v1::Instruction) -> Result<Asked, FieldViolation> {
    decode_with(message, Known::Now, &Why::default())
}

/// An instruction, with what its request says of all that do not say it themselves.
pub(crate) fn decode_with(message: v1::Instruction, known: Known, why: &Why) -> Decoded<Asked> {
    let (known_at, known_on) = match (decode_known(message.known_at, &message.known_on)?, known) {
        (Known::Now, Known::Now) => (None, None),
        (Known::At(at), _) | (Known::Now, Known::At(at)) => (Some(at), None),
        (Known::EndOf(date), _) | (Known::Now, Known::EndOf(date)) => (None, Some(date)),
    };
    let own = decode_why(message.reason, message.cause)?;
    let why = Why {
        reason: if own.reason.is_empty() { why.reason.clone() } else { own.reason },
        cause: own.cause.or(why.cause),
    };
    let origin = optional("origin", message.origin, |origin| decode_origin(&origin))?;
    let command = match message.command {
        Some(command) => decode::command(command)?,
        None => return Err(FieldViolation::absent("command", "say what to do, such as record_result")),
    };
    Ok(Asked { instruction: Instruction { command, known_at, why, origin }, known_on })
}

/// Why, in words and of which kind.
pub(crate) fn decode_why(reason: String, cause: i32) -> Decoded<Why> {
    Ok(Why {
        reason: crate::value::text("reason", reason, domain::limits::REASON_BYTES_MAX)?,
        cause: enums::if_any("cause", cause, enums::cause::decode)?,
    })
}

/// An instruction as a client sends it; without a command for a view, which the server makes itself.
pub fn encode(instruction: &Instruction) -> v1::Instruction {
    v1::Instruction {
        command: encode::command(&instruction.command),
        known_at: instruction.known_at.map(encode_timestamp),
        known_on: String::new(),
        reason: instruction.why.reason.clone(),
        cause: instruction.why.cause.map_or(v1::Cause::Unspecified, enums::cause::encode).into(),
        origin: instruction.origin.map(|origin| encode_origin(origin, "")),
    }
}
