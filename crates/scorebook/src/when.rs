//! Reading an instant, a day, or a place in the log, as people write them.

use anyhow::Context as _;
use domain::{Date, Timestamp};
use wire::v1;
use wire::value::encode_timestamp;

/// An instant, or a day whose end is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum When {
    Instant(Timestamp),
    EndOf(Date),
}

/// Reads `2018-11-29` or `2018-11-29T10:00:00Z`.
///
/// # Errors
/// When it is neither.
pub(crate) fn read(text: &str) -> anyhow::Result<When> {
    if let Ok(day) = text.parse::<Date>()
        && !text.contains(['T', ' '])
    {
        return Ok(When::EndOf(day));
    }
    let help = || format!("{text:?} is neither a day such as 2018-11-29 nor an instant such as 2018-11-29T10:00:00Z");
    text.parse().map(When::Instant).with_context(help)
}

/// The code of a day, and of nothing else.
///
/// # Errors
/// When it is none.
pub(crate) fn day(text: &str) -> anyhow::Result<String> {
    match read(text) {
        Ok(When::EndOf(day)) => Ok(day.to_string()),
        Ok(When::Instant(_)) | Err(_) => Err(anyhow::anyhow!("{text:?} is not a day such as 2018-11-29")),
    }
}

/// The two fields of a request.
///
/// # Errors
/// As [`read`].
pub(crate) fn fields(text: Option<&str>) -> anyhow::Result<(Option<prost_types::Timestamp>, String)> {
    Ok(match text.map(read).transpose()? {
        None => (None, String::new()),
        Some(When::Instant(at)) => (Some(encode_timestamp(at)), String::new()),
        Some(When::EndOf(day)) => (None, day.to_string()),
    })
}

/// The bounds that the flags say; nothing when they say nothing.
///
/// # Errors
/// As [`read`].
pub(crate) fn as_of(flags: &crate::arguments::AsOf) -> anyhow::Result<Option<v1::AsOf>> {
    let (known_at, known_on) = fields(flags.known_at.as_deref())?;
    let (recorded_by, recorded_on) = fields(flags.recorded_by.as_deref())?;
    Ok(Some(v1::AsOf {
        known_at,
        known_on,
        recorded_by,
        recorded_on,
        at_position: flags.at_position.unwrap_or_default(),
        at_least_position: flags.at_least_position.unwrap_or_default(),
    }))
}

/// Reads one side of a comparison: `now`, `@120`, a day or an instant; after `recorded:`, what Scorebook held by then.
///
/// # Errors
/// When it is none of them.
pub(crate) fn side(text: &str) -> anyhow::Result<Option<v1::AsOf>> {
    if text == "now" {
        return Ok(None);
    }
    if let Some(position) = text.strip_prefix('@') {
        let at_position = position.parse().with_context(|| format!("{text:?} is not a position such as @120"))?;
        return Ok(Some(v1::AsOf { at_position, ..v1::AsOf::default() }));
    }
    if let Some(held) = text.strip_prefix("recorded:") {
        let (recorded_by, recorded_on) = fields(Some(held))?;
        return Ok(Some(v1::AsOf { recorded_by, recorded_on, ..v1::AsOf::default() }));
    }
    let (known_at, known_on) = fields(Some(text))?;
    Ok(Some(v1::AsOf { known_at, known_on, ..v1::AsOf::default() }))
}

/// The code of a period as people label it.
///
/// # Errors
/// When it is none, with what to write.
pub(crate) fn period(text: &str) -> anyhow::Result<String> {
    let read = ingest::read_period(text).map(domain::Period::code);
    read.map_err(|remedy| anyhow::anyhow!("{text:?} is not a period; {remedy}"))
}
