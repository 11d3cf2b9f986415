//! The log as JSON Lines: one record a line, readable without this program, with the exact record beside the readable
//! event. [`crate::import`] takes it back.
//!
//! ```text
//! line 1       {"scorebook_export":1,"log":…,"authority":…,"records":n,"head":"n:chain"}
//! line p + 1   {"position":p,…,"event":{…},"record":"hexadecimal","chain":"…"}
//! line n + 2   {"end":true,"records":n,"head":"n:chain"}
//! ```
//!
//! A line is a function of its record and chain alone, so that the same log gives the same bytes at any time. Salts are in
//! it, and names of people: it is kept like the log itself.

pub(crate) mod hex;
mod json;
pub(crate) mod line;
mod readable;
mod words;

use std::io::Write;
use std::path::Path;

use engine::log::Head;

use crate::Journal;
use crate::copying::{self, CopyError, Identity, Watch, failed};
use crate::draft::Draft;
use line::{First, Last, VERSION};

/// Writes the whole log to a file, which is there only when it is complete.
///
/// # Errors
/// [`CopyError::Exists`] when there is such a file; [`CopyError::Empty`]; [`CopyError::Log`] when the log cannot be read;
/// [`CopyError::Io`].
pub fn to_file(journal: &Journal, path: &Path, watch: Watch<'_>) -> Result<Head, CopyError> {
    whole_file(path, |out| write(journal, out, path, watch))
}

/// Makes a file of what is written by `give`; it is there only when that has ended well.
///
/// # Errors
/// [`CopyError::Exists`] when there is such a file; [`CopyError::Io`]; what `give` says.
pub fn whole_file<T, E: From<CopyError>>(
    path: &Path,
    give: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<T, E> {
    if path.symlink_metadata().is_ok() {
        return Err(CopyError::Exists { path: path.to_owned() }.into());
    }
    let mut draft = Draft::begin(path)?;
    let given = give(&mut draft)?;
    draft.finish()?;
    Ok(given)
}

/// Writes the whole log, with memory for some thousands of records. `name` is said when writing fails.
///
/// # Errors
/// As [`to_file`].
pub fn write(journal: &Journal, out: &mut dyn Write, name: &Path, watch: Watch<'_>) -> Result<Head, CopyError> {
    let head = copying::head_of(journal)?;
    let identity = Identity::of(journal)?;
    let mut put = |text: String| writeln!(out, "{text}").map_err(failed("writing", name));
    put(line::text(&First {
        scorebook_export: VERSION,
        log: identity.log.to_string(),
        authority: identity.authority,
        records: head.position.get(),
        head: line::head(&head),
    }))?;
    copying::each(journal, (Head::EMPTY.position, Head::EMPTY.chain), head, watch, |raw, chain| {
        put(line::record(raw.header.position, &raw.bytes, chain)?)
    })?;
    put(line::text(&Last { end: true, records: head.position.get(), head: line::head(&head) }))?;
    out.flush().map_err(failed("writing", name))?;
    Ok(head)
}
