//! Scalars, and the messages that are made of them.

pub mod definition;
pub mod enums;
pub mod figure;
pub mod layout;
pub mod meeting;
pub mod target;

use std::num::NonZeroU32;
use std::str::FromStr;

use domain::ids::{CodeError, Digest, IdError, Origin, sheet_and_row};
use domain::period::day_code;
use domain::{Actor, Cell, CohortId, Date, Decimal, Period, Position, Series, Span, Timestamp};

use crate::v1;
use crate::violation::{Decoded, FieldViolation};

const DATE_REMEDY: &str = "write it as YYYY-MM-DD, such as 2018-09-30";
const PERIOD_REMEDY: &str = "write it as 2018-09, FY2018-Q2, AY2018-T1, FY2018 or 2018-09-30";
const CODE_REMEDY: &str = "give its code: 1 to 64 letters, digits, '-', '_' and '.'";
const ID_REMEDY: &str = "give it as it was printed, such as 01234567-89ab-cdef-0123-456789abcdef";
const DIGEST_REMEDY: &str = "give it as it was printed: 64 hexadecimal digits";
const INSTANT_REMEDY: &str = "give an instant of the years 1 to 9999, with nanos from 0 to 999,999,999";

const MICROS_PER_SECOND: i64 = 1_000_000;
const NANOS_PER_MICRO: i32 = 1_000;

/// A decimal, exactly.
pub fn encode_decimal(decimal: Decimal) -> v1::Decimal {
    v1::Decimal { coefficient: decimal.coefficient(), scale: decimal.scale().into() }
}

/// A decimal, exactly.
///
/// # Errors
/// A scale over 18.
pub fn decode_decimal(message: v1::Decimal) -> Decoded<Decimal> {
    let scale = u8::try_from(message.scale).ok();
    scale.and_then(|scale| Decimal::new(message.coefficient, scale).ok()).ok_or_else(|| {
        FieldViolation::new("scale", message.scale, "is not 0 to 18", "write fewer digits after the point")
    })
}

/// Two numbers, low and high.
pub fn encode_range((low, high): (Decimal, Decimal)) -> v1::DecimalRange {
    v1::DecimalRange { low: Some(encode_decimal(low)), high: Some(encode_decimal(high)) }
}

/// Two numbers, low and high. Whether low is not above high is for `decide` to say.
///
/// # Errors
/// An end that is missing or no decimal.
pub fn decode_range(message: v1::DecimalRange) -> Decoded<(Decimal, Decimal)> {
    let low = crate::violation::required("low", message.low, decode_decimal)?;
    let high = crate::violation::required("high", message.high, decode_decimal)?;
    Ok((low, high))
}

/// An instant, to the microsecond.
pub fn encode_timestamp(at: Timestamp) -> prost_types::Timestamp {
    let seconds = at.micros().div_euclid(MICROS_PER_SECOND);
    let micros = i32::try_from(at.micros().rem_euclid(MICROS_PER_SECOND)).unwrap_or_default();
    prost_types::Timestamp { seconds, nanos: micros.saturating_mul(NANOS_PER_MICRO) }
}

/// A span of time, to the microsecond; negative for back.
pub fn encode_duration(micros: i64) -> prost_types::Duration {
    // Both parts have the sign of the whole.
    let seconds = micros.checked_div(MICROS_PER_SECOND).unwrap_or_default();
    let rest = i32::try_from(micros.checked_rem(MICROS_PER_SECOND).unwrap_or_default()).unwrap_or_default();
    prost_types::Duration { seconds, nanos: rest.saturating_mul(NANOS_PER_MICRO) }
}

/// An instant. A part of a microsecond is left out, so that the instant is never later than what was given.
///
/// # Errors
/// Nanoseconds outside 0 to 999,999,999, or a year that cannot be printed.
pub fn decode_timestamp(message: prost_types::Timestamp) -> Decoded<Timestamp> {
    let micros = (0..1_000_000_000).contains(&message.nanos).then_some(message.nanos);
    micros
        .and_then(|nanos| nanos.checked_div(NANOS_PER_MICRO))
        .and_then(|micros| message.seconds.checked_mul(MICROS_PER_SECOND)?.checked_add(i64::from(micros)))
        .and_then(|micros| Timestamp::from_micros(micros).ok())
        .ok_or_else(|| {
            let value = format!("{} s {} ns", message.seconds, message.nanos);
            FieldViolation::new("", value, "is not an instant", INSTANT_REMEDY)
        })
}

/// A civil date.
///
/// # Errors
/// Anything that is not written YYYY-MM-DD.
pub fn decode_date(field: &str, text: &str) -> Decoded<Date> {
    if text.is_empty() {
        return Err(FieldViolation::absent(field, DATE_REMEDY));
    }
    let canonical = |date: &Date| date.to_string() == text;
    Date::from_str(text)
        .ok()
        .filter(canonical)
        .ok_or_else(|| FieldViolation::new(field, text, "is not a date", DATE_REMEDY))
}

/// A period from its code.
///
/// # Errors
/// Anything that is not a period's code.
pub fn decode_period(field: &str, text: &str) -> Decoded<Period> {
    if text.is_empty() {
        return Err(FieldViolation::absent(field, PERIOD_REMEDY));
    }
    Period::parse(text).map_err(|_not_a_code| FieldViolation::new(field, text, "is not a period", PERIOD_REMEDY))
}

/// A code that must be there.
pub(crate) fn code<C: FromStr<Err = CodeError>>(field: &str, text: &str) -> Decoded<C> {
    text.parse().map_err(|error| match error {
        CodeError::Empty { .. } => FieldViolation::absent(field, CODE_REMEDY),
        CodeError::TooLong { .. } | CodeError::Character { .. } => {
            FieldViolation::new(field, text, format!("cannot be used: {error}"), CODE_REMEDY)
        }
    })
}

/// A code that may be empty.
pub(crate) fn code_if_any<C: FromStr<Err = CodeError>>(field: &str, text: &str) -> Decoded<Option<C>> {
    if text.is_empty() { Ok(None) } else { code(field, text).map(Some) }
}

/// A cohort's code; empty is everybody.
pub(crate) fn cohort(field: &str, text: &str) -> Decoded<CohortId> {
    Ok(code_if_any(field, text)?.unwrap_or_else(CohortId::all))
}

/// An identifier that must be there.
pub(crate) fn id<I: FromStr<Err = IdError>>(field: &str, text: &str) -> Decoded<I> {
    if text.is_empty() {
        return Err(FieldViolation::absent(field, ID_REMEDY));
    }
    text.parse().map_err(|_not_an_id| FieldViolation::new(field, text, "is not an identifier", ID_REMEDY))
}

/// An identifier that may be empty.
pub(crate) fn id_if_any<I: FromStr<Err = IdError>>(field: &str, text: &str) -> Decoded<Option<I>> {
    if text.is_empty() { Ok(None) } else { id(field, text).map(Some) }
}

/// A digest that must be there.
pub(crate) fn digest(field: &str, text: &str) -> Decoded<Digest> {
    if text.is_empty() {
        return Err(FieldViolation::absent(field, DIGEST_REMEDY));
    }
    text.parse().map_err(|_not_a_digest| FieldViolation::new(field, text, "is not a digest", DIGEST_REMEDY))
}

/// A text of at most `bytes_max` bytes.
pub(crate) fn text(field: &str, text: String, bytes_max: usize) -> Decoded<String> {
    if text.len() <= bytes_max {
        return Ok(text);
    }
    let problem = format!("has {} bytes; at most {bytes_max} are allowed", text.len());
    Err(FieldViolation::new(field, text, problem, "shorten it"))
}

/// A text of 1 to `bytes_max` bytes.
pub(crate) fn text_required(field: &str, given: String, bytes_max: usize) -> Decoded<String> {
    if given.is_empty() { Err(FieldViolation::absent(field, "give a text")) } else { text(field, given, bytes_max) }
}

/// What a result is about.
pub fn encode_cell(cell: &Cell) -> v1::Cell {
    v1::Cell {
        measure: cell.series.measure.to_string(),
        area: cell.series.area.to_string(),
        cohort: cell.series.cohort.to_string(),
        period: cell.period.code(),
    }
}

/// What a result is about.
///
/// # Errors
/// A part that is missing or no code.
pub fn decode_cell(message: v1::Cell) -> Decoded<Cell> {
    let v1::Cell { measure, area, cohort: who, period } = message;
    Ok(Cell {
        series: Series {
            measure: code("measure", &measure)?,
            area: code("area", &area)?,
            cohort: cohort("cohort", &who)?,
        },
        period: decode_period("period", &period)?,
    })
}

/// A span of periods.
pub fn encode_span(span: Span) -> v1::Span {
    v1::Span { from: day_code(span.from), to: span.to.map(day_code).unwrap_or_default() }
}

/// A span of periods.
///
/// # Errors
/// A date that is none, or a span that ends before it begins.
pub fn decode_span(message: v1::Span) -> Decoded<Span> {
    let from = decode_date("from", &message.from)?;
    if message.to.is_empty() {
        return Ok(Span { from, to: None });
    }
    let to = decode_date("to", &message.to)?;
    if to <= from {
        let problem = format!("is not later than {from}, where the span begins");
        return Err(FieldViolation::new("to", message.to, problem, "give the first day after the span"));
    }
    Ok(Span { from, to: Some(to) })
}

/// Who did it.
pub fn encode_actor(actor: &Actor) -> v1::Actor {
    v1::Actor { id: actor.id.to_string(), authenticated: actor.authenticated }
}

/// Where a record came from; `file_name` is empty where it is not known.
pub fn encode_origin(origin: Origin, file_name: &str) -> v1::Origin {
    let (file_name, line) = place(file_name, origin.line.get());
    v1::Origin { file: origin.file.into(), line, file_name }
}

/// A file's name and a line in it as they are shown: of a workbook, `figures.xlsx sheet 3` and the row of that sheet.
/// Without a name the line stays as it is recorded.
pub fn place(file_name: &str, line: u32) -> (String, u32) {
    match sheet_and_line(file_name, line) {
        (Some(sheet), row) => (format!("{file_name} sheet {sheet}"), row),
        (None, line) => (file_name.to_owned(), line),
    }
}

/// The sheet of a workbook, and the line as [`place`] shows it.
pub(crate) fn sheet_and_line(file_name: &str, line: u32) -> (Option<u32>, u32) {
    if file_name.is_empty() { (None, line) } else { sheet_and_row(line) }
}

/// Where a record came from. The file's name is not looked at.
///
/// # Errors
/// A file number over 65,535, or line 0.
pub fn decode_origin(message: &v1::Origin) -> Decoded<Origin> {
    let file = u16::try_from(message.file)
        .map_err(|_too_large| FieldViolation::new("file", message.file, "is not 0 to 65,535", "count files from 0"))?;
    let line = NonZeroU32::new(message.line)
        .ok_or_else(|| FieldViolation::new("line", message.line, "is not a line", "count lines from 1"))?;
    Ok(Origin { file, line })
}

/// A position that may be 0 for “none”.
pub(crate) fn position_if_any(position: u64) -> Option<Position> {
    (position > 0).then(|| Position::new(position))
}

/// A count for the wire. No list is as long as the type allows.
pub(crate) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A count for the wire.
pub(crate) fn count_long(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
