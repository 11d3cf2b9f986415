//! What cannot be read of a request, and what to do about it.

use std::fmt;

use crate::limits::VALUE_BYTES_SHOWN;

/// A field that cannot be read. Correct it as the remedy says, and send the request again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldViolation {
    /// The path from the request: `instructions[3].record_result.cell.period`. Empty for the request itself.
    pub field: String,
    /// What stands there, at most 200 bytes of it; empty when nothing does.
    pub value: String,
    /// What is wrong, to be read after the value: “is not a period”.
    pub problem: String,
    /// What to do, as an imperative: “write it as 2018-07”.
    pub remedy: String,
}

impl fmt::Display for FieldViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        if !self.value.is_empty() {
            write!(f, "{:?} ", self.value)?;
        }
        write!(f, "{}; {}", self.problem, self.remedy)
    }
}

impl std::error::Error for FieldViolation {}

impl FieldViolation {
    /// A violation of one field, named from the message that holds it.
    pub(crate) fn new(
        field: &str,
        value: impl fmt::Display,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            field: field.to_owned(),
            value: cut(&value.to_string(), VALUE_BYTES_SHOWN).to_owned(),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// A field that must be there and is not.
    pub(crate) fn absent(field: &str, remedy: impl Into<String>) -> Self {
        Self::new(field, "", "is missing", remedy)
    }

    /// The same violation, seen from the message that holds this one in `field`.
    pub(crate) fn within(mut self, field: &str) -> Self {
        self.field = match self.field.as_str() {
            "" => field.to_owned(),
            inner => format!("{field}.{inner}"),
        };
        self
    }
}

/// At most `bytes_max` bytes of a text, cut between characters.
fn cut(text: &str, bytes_max: usize) -> &str {
    let fits = |end: &usize| *end <= bytes_max;
    let ends = text.char_indices().map(|(start, c)| start.saturating_add(c.len_utf8()));
    let end = ends.take_while(fits).last().unwrap_or(0);
    text.get(..end).unwrap_or(text)
}

/// What a conversion from the wire gives.
pub(crate) type Decoded<T> = Result<T, FieldViolation>;

/// Decodes a message that must be there.
pub(crate) fn required<M, T>(field: &str, message: Option<M>, decode: impl FnOnce(M) -> Decoded<T>) -> Decoded<T> {
    let message = message.ok_or_else(|| FieldViolation::absent(field, "give it"))?;
    decode(message).map_err(|violation| violation.within(field))
}

/// Decodes a message that may be absent.
pub(crate) fn optional<M, T>(
    field: &str,
    message: Option<M>,
    decode: impl FnOnce(M) -> Decoded<T>,
) -> Decoded<Option<T>> {
    message.map(|message| decode(message).map_err(|violation| violation.within(field))).transpose()
}

/// Decodes the items of a list of at most `n_max`.
pub(crate) fn list<M, T>(
    field: &str,
    items: Vec<M>,
    n_max: usize,
    mut decode: impl FnMut(M) -> Decoded<T>,
) -> Decoded<Vec<T>> {
    bounded(field, items.len(), n_max)?;
    let numbered = items.into_iter().enumerate();
    numbered.map(|(i, item)| decode(item).map_err(|violation| violation.within(&format!("{field}[{i}]")))).collect()
}

/// Checks the length of a list.
pub(crate) fn bounded(field: &str, n_items: usize, n_max: usize) -> Decoded<()> {
    if n_items <= n_max {
        return Ok(());
    }
    let problem = format!("has {n_items} items; at most {n_max} are allowed");
    Err(FieldViolation::new(field, "", problem, "split the request, or send a file"))
}
