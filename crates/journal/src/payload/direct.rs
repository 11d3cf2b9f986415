//! Results and withdrawals without serde: they are nearly all of a log, and this is what reading and writing one costs.
//!
//! The bytes are those of [`v1`] and bincode, field by field; tests hold the two against each other. What is not read here
//! is read by bincode, which says what is wrong with it: nothing is accepted here that bincode would refuse.

use domain::event::{Attribution, ResultRecorded};
use domain::result::StatedPeriod;
use domain::{Decimal, Figure, Period};

use super::codes::{Code as _, optional};
use super::v1;
use crate::bytes::Bytes;

/// Where bytes go, or are counted.
pub(super) trait Out {
    fn put(&mut self, bytes: &[u8]);

    fn text(&mut self, text: &str) {
        // No text is longer than 64 bits can say.
        self.put(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
        self.put(text.as_bytes());
    }

    fn decimal(&mut self, value: Decimal) {
        self.put(&value.coefficient().to_le_bytes());
        self.put(&[value.scale()]);
    }

    fn maybe_decimal(&mut self, value: Option<Decimal>) {
        match value {
            None => self.put(&[0]),
            Some(value) => {
                self.put(&[1]);
                self.decimal(value);
            }
        }
    }
}

impl Out for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// Counts the bytes.
pub(super) struct Count(pub(super) usize);

impl Out for Count {
    fn put(&mut self, bytes: &[u8]) {
        self.0 = self.0.saturating_add(bytes.len());
    }
}

/// Writes the payload of a result.
pub(super) fn result_recorded(attribution: &Attribution, e: &ResultRecorded, out: &mut impl Out) {
    prefix(attribution, out);
    let series = &e.cell.series;
    out.text(series.measure.as_str());
    out.text(series.area.as_str());
    out.text(series.cohort.as_str());
    period(e.cell.period, out);
    figure(e.entry.figure, out);
    out.put(&[e.entry.status.to_code(), optional(e.entry.stated_colour)]);
    match &e.entry.stated_previous {
        None => out.put(&[0]),
        Some(previous) => {
            out.put(&[1]);
            out.decimal(previous.value);
            match &previous.period {
                StatedPeriod::NotStated => {
                    out.put(&[0]);
                    out.text("");
                }
                StatedPeriod::Period(stated) => {
                    out.put(&[1]);
                    period(*stated, out);
                }
                StatedPeriod::Words(words) => {
                    out.put(&[2]);
                    out.text(words);
                }
            }
        }
    }
    out.text(&e.entry.source_text);
}

fn prefix(attribution: &Attribution, out: &mut impl Out) {
    let Attribution { actor, submission, origin, why } = attribution;
    out.text(actor.id.as_str());
    out.put(&[u8::from(actor.authenticated)]);
    out.put(&submission.0);
    match origin {
        None => out.put(&[0]),
        Some(origin) => {
            out.put(&[1]);
            out.put(&origin.file.to_le_bytes());
            out.put(&origin.line.get().to_le_bytes());
        }
    }
    out.put(&[optional(why.cause)]);
    out.text(&why.reason);
}

/// A month of four digits' years, which nearly every period is, without a text of its own.
fn period(value: Period, out: &mut impl Out) {
    match (value.n_months(), month_code(value)) {
        (1, Some(code)) => {
            out.put(&7_u64.to_le_bytes());
            out.put(&code);
        }
        _ => out.text(&value.code()),
    }
}

fn month_code(month: Period) -> Option<[u8; 7]> {
    let first = month.first_day();
    let century = digits(u8::try_from(first.year().checked_div(100)?).ok()?)?;
    let year = digits(u8::try_from(first.year().checked_rem(100)?).ok()?)?;
    let month = digits(u8::try_from(first.month()).ok()?)?;
    Some([century[0], century[1], year[0], year[1], b'-', month[0], month[1]])
}

fn digits(number: u8) -> Option<[u8; 2]> {
    if number > 99 {
        return None;
    }
    Some([number.checked_div(10)?.checked_add(b'0')?, number.checked_rem(10)?.checked_add(b'0')?])
}

fn figure(value: Figure, out: &mut impl Out) {
    match value {
        Figure::Stated { value, denominator } => {
            out.put(&[1, 0]);
            out.maybe_decimal(Some(value));
            out.maybe_decimal(None);
            out.maybe_decimal(denominator);
        }
        Figure::Counted { numerator, denominator, stated } => {
            out.put(&[2, 0]);
            out.maybe_decimal(stated);
            out.maybe_decimal(Some(numerator));
            out.maybe_decimal(Some(denominator));
        }
        Figure::Missing(missing) => out.put(&[3, missing.to_code(), 0, 0, 0]),
    }
}

/// A text as it is read: checked to be one, or bytes that are checked when they are not what was checked before.
pub(crate) trait Text<'a>: Copy {
    /// From its bytes.
    fn of(bytes: &'a [u8]) -> Option<Self>;
    /// The text.
    fn checked(self) -> Option<&'a str>;
}

impl<'a> Text<'a> for &'a str {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        std::str::from_utf8(bytes).ok()
    }

    fn checked(self) -> Option<&'a str> {
        Some(self)
    }
}

impl<'a> Text<'a> for &'a [u8] {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        Some(bytes)
    }

    fn checked(self) -> Option<&'a str> {
        std::str::from_utf8(self).ok()
    }
}

/// Reads the payload of a result, all of it; `None` when that is not what the bytes are.
pub(super) fn read_result<'a, S: Text<'a>>(bytes: &'a [u8]) -> Option<v1::Payload<S, v1::ResultRecorded<S>>> {
    let mut left = Bytes(bytes);
    let prefix = read_prefix(&mut left)?;
    let cell = read_cell(&mut left)?;
    Some(v1::Payload { prefix, event: read_after_cell(cell, left.0)? })
}

/// The prefix of a payload, and what follows it.
pub(super) fn read_prefix_of(bytes: &[u8]) -> Option<(v1::Prefix<&[u8]>, &[u8])> {
    let mut left = Bytes(bytes);
    Some((read_prefix(&mut left)?, left.0))
}

/// A cell of which no text is checked yet.
pub(super) type CellBytes<'a> = v1::Cell<&'a [u8]>;

/// The cell of a result, and what follows it.
#[inline]
pub(super) fn read_cell_of(bytes: &[u8]) -> Option<(CellBytes<'_>, &[u8])> {
    let mut left = Bytes(bytes);
    Some((read_cell(&mut left)?, left.0))
}

/// Reads what follows the cell of a result, all of it.
pub(super) fn read_after_cell<'a, S: Text<'a>>(cell: v1::Cell<S>, bytes: &'a [u8]) -> Option<v1::ResultRecorded<S>> {
    let mut left = Bytes(bytes);
    let figure = read_figure(&mut left)?;
    let [status, stated_colour] = left.take().ok()?;
    let stated_previous = match byte(&mut left)? {
        0 => None,
        1 => {
            let value = read_decimal(&mut left)?;
            let form = byte(&mut left)?;
            Some(v1::StatedPrevious { value, period: v1::StatedPeriod { form, text: text(&mut left)? } })
        }
        _ => return None,
    };
    let source_text = text(&mut left)?;
    let event = v1::ResultRecorded { cell, figure, status, stated_colour, stated_previous, source_text };
    left.0.is_empty().then_some(event)
}

/// Reads the payload of a withdrawal, all of it.
pub(super) fn read_withdrawal(bytes: &[u8]) -> Option<v1::Payload<&str, v1::ResultWithdrawn<&str>>> {
    let mut left = Bytes(bytes);
    let prefix = read_prefix(&mut left)?;
    let event = v1::ResultWithdrawn { cell: read_cell(&mut left)? };
    left.0.is_empty().then_some(v1::Payload { prefix, event })
}

fn byte(left: &mut Bytes<'_>) -> Option<u8> {
    let [byte] = left.take().ok()?;
    Some(byte)
}

fn flag(left: &mut Bytes<'_>) -> Option<bool> {
    match byte(left)? {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

#[inline]
fn text<'a, S: Text<'a>>(left: &mut Bytes<'a>) -> Option<S> {
    let (length, rest) = left.0.split_first_chunk()?;
    let (text, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    left.0 = rest;
    S::of(text)
}

fn read_prefix<'a, S: Text<'a>>(left: &mut Bytes<'a>) -> Option<v1::Prefix<S>> {
    let actor = text(left)?;
    let authenticated = flag(left)?;
    let submission = left.take().ok()?;
    let origin = if flag(left)? {
        let file = left.u16().ok()?;
        Some(v1::Origin { file, line: left.u32().ok()? })
    } else {
        None
    };
    let cause = byte(left)?;
    Some(v1::Prefix { actor, authenticated, submission, origin, cause, reason: text(left)? })
}

#[inline]
fn read_cell<'a, S: Text<'a>>(left: &mut Bytes<'a>) -> Option<v1::Cell<S>> {
    let measure = text(left)?;
    let area = text(left)?;
    let cohort = text(left)?;
    Some(v1::Cell { measure, area, cohort, period: text(left)? })
}

fn read_decimal(left: &mut Bytes<'_>) -> Option<v1::Decimal> {
    let coefficient = left.i64().ok()?;
    Some(v1::Decimal { coefficient, scale: byte(left)? })
}

/// Neither there nor absent.
struct Neither;

fn read_maybe_decimal(left: &mut Bytes<'_>) -> Result<Option<v1::Decimal>, Neither> {
    if flag(left).ok_or(Neither)? { read_decimal(left).map(Some).ok_or(Neither) } else { Ok(None) }
}

fn read_figure(left: &mut Bytes<'_>) -> Option<v1::Figure> {
    let [form, missing] = left.take().ok()?;
    let value = read_maybe_decimal(left).ok()?;
    let numerator = read_maybe_decimal(left).ok()?;
    Some(v1::Figure { form, missing, value, numerator, denominator: read_maybe_decimal(left).ok()? })
}
