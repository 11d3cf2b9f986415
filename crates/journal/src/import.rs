//! From an export back to a journal: the same records and the same chain, or nothing.
//!
//! Each line must be what an export of its exact record and chain is, byte for byte, so that nobody reads anything in the
//! readable event that is not in the record. Two kinds of line are taken without that: of a record that was too new for
//! the program that exported it, and of one that is too new for this program; there the exact record alone counts.

use std::io::{BufRead, Read as _};

use domain::{LogId, Position};
use engine::log::{Error, Head};
use serde_json::Value;

use crate::building::{Builder, Printed};
use crate::copying::{CopyError, Identity, Progress, Watch};
use crate::export::hex;
use crate::export::line::{self, Exact, First, LINE_BYTES_MAX, Last, VERSION};
use crate::record;
use crate::{Options, Verified};

/// How many records pass between two words of progress.
const WATCH_EVERY: u64 = 2_048;

/// What was imported or restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Which log.
    pub log: LogId,
    /// Up to where, and what is proved of it.
    pub verified: Verified,
}

/// Reads an export into a journal that is not there yet. It is there only when every line was read, every record and the
/// chain were proved, and what was written was opened and verified; until then it has another name.
///
/// `expect` is a `position:chain` that was printed earlier; without it a shorter or another log is not told apart.
///
/// # Errors
/// [`CopyError::Line`] names the first line that is not what was exported, a file that was cut off included;
/// [`CopyError::Exists`] when there is a journal already; [`CopyError::Unexpected`]; [`CopyError::Newer`];
/// [`CopyError::Io`].
pub fn from_lines(
    options: &Options,
    lines: &mut dyn BufRead,
    expect: Option<Printed>,
    watch: Watch<'_>,
) -> Result<Taken, CopyError> {
    let mut lines = Lines { from: lines, line: 0 };
    let first = lines.first()?;
    let mut builder = Builder::begin(options, expect)?;
    let mut log = None;
    for n_done in 0..first.records {
        let text =
            lines.next(|| format!("the file ends after {n_done} of {} records: it was cut off", first.records))?;
        let bytes = lines.take(&mut builder, &text)?;
        if log.is_none() {
            log = Some(lines.identify(&first, &builder, &bytes)?);
        }
        if n_done.is_multiple_of(WATCH_EVERY) {
            watch(Progress { n_done, n_total: first.records });
        }
    }
    lines.last(&first, &builder.head())?;
    watch(Progress { n_done: first.records, n_total: first.records });
    let log = log.ok_or(CopyError::Empty)?;
    // The line of position p is line p + 1.
    let line = |position: Position, reason| CopyError::Line { line: position.next().get(), reason };
    let verified = builder.finish().map_err(|error| error.found(line))?;
    Ok(Taken { log, verified })
}

/// The lines of a file, each bounded, and the number of the one that was read last.
struct Lines<'a> {
    from: &'a mut dyn BufRead,
    line: u64,
}

impl Lines<'_> {
    fn wrong(&self, reason: impl Into<String>) -> CopyError {
        CopyError::Line { line: self.line, reason: reason.into() }
    }

    /// The next line without its end; `None` at the end of the file.
    fn read(&mut self) -> Result<Option<String>, CopyError> {
        self.line = self.line.saturating_add(1);
        let mut bytes = Vec::new();
        let bound = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX);
        let read = (&mut *self.from).take(bound).read_until(b'\n', &mut bytes);
        if let Err(error) = read {
            return Err(self.wrong(format!("it cannot be read: {error}")));
        }
        match bytes.pop() {
            None => Ok(None),
            Some(b'\n') => String::from_utf8(bytes).map(Some).map_err(|_bytes| self.wrong("it is not UTF-8")),
            Some(_) if bytes.len().saturating_add(1) < LINE_BYTES_MAX => {
                Err(self.wrong("the line has no end: the file was cut off"))
            }
            Some(_) => Err(self.wrong(format!("it has more than {LINE_BYTES_MAX} bytes: it is no line of an export"))),
        }
    }

    /// The next line, which must be there.
    fn next(&mut self, ended: impl FnOnce() -> String) -> Result<String, CopyError> {
        let text = self.read()?;
        text.ok_or_else(|| self.wrong(ended()))
    }

    /// The first line.
    fn first(&mut self) -> Result<First, CopyError> {
        let text = self.next(|| "the file is empty".to_owned())?;
        let value: Option<Value> = serde_json::from_str(&text).ok();
        let version = value.as_ref().and_then(|value| value.get("scorebook_export")).and_then(Value::as_u64);
        match version {
            None => return Err(self.wrong("it is not the first line of an export")),
            Some(VERSION) => {}
            Some(version) => return Err(CopyError::Newer { what: "the export", version }),
        }
        let first: First = serde_json::from_str(&text).map_err(|error| self.wrong(error.to_string()))?;
        if line::text(&first) == text { Ok(first) } else { Err(self.wrong(REWRITTEN)) }
    }

    /// Takes a record's line into the journal, and gives the record's bytes.
    fn take(&self, builder: &mut Builder, text: &str) -> Result<Vec<u8>, CopyError> {
        let exact: Exact = match serde_json::from_str(text) {
            Ok(exact) => exact,
            Err(_) if serde_json::from_str::<Last>(text).is_ok() => {
                return Err(self.wrong(format!("the export ends here, at position {}", builder.head().position)));
            }
            Err(error) => return Err(self.wrong(format!("it is no line of a record: {error}"))),
        };
        let bytes = hex::read(&exact.record);
        let bytes = bytes.ok_or_else(|| self.wrong("its record is not in hexadecimal digits"))?;
        let chain = builder.push(&bytes).map_err(|error| error.found(|_position, reason| self.wrong(reason)))?;
        if exact.chain != chain.to_string() {
            return Err(self.wrong(format!("its chain is {}, but the records lead to {chain}", exact.chain)));
        }
        self.compare(&builder.head(), &bytes, text)?;
        Ok(bytes)
    }

    /// Compares the line with what its exact record says.
    fn compare(&self, head: &Head, bytes: &[u8], text: &str) -> Result<(), CopyError> {
        let Head { position, chain, .. } = *head;
        let expected = line::record(position, bytes, chain)?;
        if text == expected {
            return Ok(());
        }
        let unread = line::unread(position, bytes, chain)?;
        if text == unread {
            return Ok(());
        }
        let newer = matches!(record::decode(position, bytes), Err(Error::Newer { .. }));
        let values = serde_json::from_str(text).and_then(|said| Ok((said, serde_json::from_str(&expected)?)));
        let (said, exact): (Value, Value) = values.map_err(|error| self.wrong(error.to_string()))?;
        // Whoever exported it may know its type by name, and what is in it.
        let unknown: &[&str] = if newer { &["type", "event"] } else { &[] };
        match difference(&said, &exact, unknown, newer) {
            Some(reason) => Err(self.wrong(reason)),
            None if newer => Ok(()),
            None => Err(self.wrong(REWRITTEN)),
        }
    }

    /// Checks that the first record is of the log that the first line names.
    fn identify(&self, first: &First, builder: &Builder, bytes: &[u8]) -> Result<LogId, CopyError> {
        let found = Identity::of_record(builder.head().position, bytes);
        let found = found.map_err(|error| CopyError::from(error).found(|_position, reason| self.wrong(reason)))?;
        if found.log.to_string() == first.log && found.authority == first.authority {
            return Ok(found.log);
        }
        let reason = format!(
            "it names log {} of authority {}, but the first record opens log {} of authority {}",
            first.log, first.authority, found.log, found.authority
        );
        Err(CopyError::Line { line: 1, reason })
    }

    /// Checks the last line, and that nothing follows it.
    fn last(&mut self, first: &First, head: &Head) -> Result<(), CopyError> {
        let found = line::head(head);
        if first.head != found {
            let reason = format!("it says that the log ends at {}, but the records lead to {found}", first.head);
            return Err(CopyError::Line { line: 1, reason });
        }
        let text = self.next(|| "the last line is missing: the file was cut off".to_owned())?;
        let expected = line::text(&Last { end: true, records: first.records, head: found });
        if text != expected {
            return Err(self.wrong(format!("it is not the end of this export, which is {expected}")));
        }
        match self.read()? {
            None => Ok(()),
            Some(_) => Err(self.wrong("something follows the end of the export")),
        }
    }
}

const REWRITTEN: &str = "it is not written as an export writes it: take the file as it was exported";

/// The first field in which a line and its exact record disagree, in words.
fn difference(said: &Value, exact: &Value, unknown: &[&str], newer: bool) -> Option<String> {
    let (Some(said), Some(exact)) = (said.as_object(), exact.as_object()) else {
        return Some("it is no line of a record".to_owned());
    };
    for (name, value) in exact.iter().filter(|(name, _)| !unknown.contains(&name.as_str())) {
        let found = said.get(name).unwrap_or(&Value::Null);
        if let (Value::Object(_), Value::Object(_)) = (found, value)
            && let Some(inner) = difference(found, value, &[], false)
        {
            return Some(format!("in {name:?}, {inner}"));
        }
        if found != value {
            return Some(format!("the readable {name:?} is {found}, but the exact record says {value}"));
        }
    }
    let more = said.keys().find(|name| !newer && !exact.contains_key(*name))?;
    Some(format!("it has {more:?}, which the exact record has not"))
}

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
