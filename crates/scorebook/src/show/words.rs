//! Numbers, dates, people and places of an answer in words.

use std::io;

use domain::Period;
use domain::measure::grouped;
use domain::period::day_words;
use domain::time::{Date, Timestamp};
use wire::v1;

use super::text::{Ink, Page, Text, joined};

const MICROS_PER_SECOND: i64 = 1_000_000;
const NANOS_PER_MICRO: i32 = 1_000;

/// How many digits of a chain or a digest are enough to tell two apart by eye.
const DIGITS_SHOWN: usize = 12;

fn timestamp(at: &prost_types::Timestamp) -> Option<Timestamp> {
    let micros = i64::from(at.nanos.checked_div(NANOS_PER_MICRO)?);
    Timestamp::from_micros(at.seconds.checked_mul(MICROS_PER_SECOND)?.checked_add(micros)?).ok()
}

/// “29 November 2018, 10:00:05 UTC”, down to the second, the day kept on one line; empty when there is none.
pub(crate) fn instant(at: Option<&prost_types::Timestamp>) -> String {
    let Some(at) = at.and_then(timestamp) else { return String::new() };
    let code = at.to_string();
    let second = code.split_once('T').and_then(|(_, time)| time.get(..8)).unwrap_or_default();
    format!("{}, {}", joined(&day_words(at.utc_date())), joined(&format!("{second} UTC")))
}

/// RFC 3339 in UTC, to the microsecond: for programs. Empty when there is none.
pub(crate) fn instant_code(at: Option<&prost_types::Timestamp>) -> String {
    at.and_then(timestamp).map_or_else(String::new, |at| at.to_string())
}

/// “2018-11-29 10:00:05Z”, to the second, for columns.
pub(crate) fn instant_short(at: Option<&prost_types::Timestamp>) -> String {
    let code = instant_code(at);
    match code.split_once('T') {
        Some((date, time)) => format!("{date} {}Z", time.get(..8).unwrap_or(time)),
        None => code,
    }
}

/// “29 November 2018” for 2018-11-29; anything else as it is.
pub(crate) fn day(code: &str) -> String {
    code.parse::<Date>().map_or_else(|_| code.to_owned(), day_words)
}

/// “from periods that end on 1 April 2018”; “for all periods” for what was adopted when the log was opened.
pub(crate) fn from_periods(from: &str) -> String {
    match from {
        "0001-01-01" => "for all periods".to_owned(),
        from => format!("from periods that end on {}", day(from)),
    }
}

/// “September 2018” for 2018-09; anything else as it is.
pub(crate) fn period(code: &str) -> String {
    code.parse::<Period>().map_or_else(|_| code.to_owned(), |period| period.to_string())
}

/// “from 1 April 2018 to 31 March 2019”, both included.
pub(crate) fn span(span: Option<&v1::Span>) -> String {
    let Some(span) = span else { return String::new() };
    let from = day(&span.from);
    match span.to.parse::<Date>().and_then(Date::yesterday) {
        Ok(last) => format!("from {from} to {}", day_words(last)),
        Err(_) if span.to.is_empty() => format!("from {from} on"),
        Err(_) => format!("from {from} to before {}", span.to),
    }
}

/// The exact number as it was written, for programs: “1747”, “74.0”. Empty when there is none.
pub(crate) fn decimal(number: Option<&v1::Decimal>) -> String {
    let read = number.and_then(|number| wire::value::decode_decimal(*number).ok());
    read.map_or_else(String::new, |number| number.to_string())
}

/// With a comma between thousands, for people: “1,747”.
pub(crate) fn number(number: Option<&v1::Decimal>) -> String {
    let read = number.and_then(|number| wire::value::decode_decimal(*number).ok());
    read.map_or_else(String::new, grouped)
}

/// “17.5 to 22.5”.
pub(crate) fn range(range: &v1::DecimalRange) -> String {
    format!("{} to {}", number(range.low.as_ref()), number(range.high.as_ref()))
}

/// “1 row”, “2 rows”, “1,000 rows”.
pub(crate) fn count(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(n), if n == 1 { one } else { many })
}

/// “1,747”.
pub(crate) fn thousands(n: u64) -> String {
    let whole = i64::try_from(n).ok().and_then(|n| domain::number::Decimal::new(n, 0).ok());
    whole.map_or_else(|| n.to_string(), grouped)
}

/// “mi-team (authenticated)”, “mi-team (asserted)”.
pub(crate) fn actor(actor: Option<&v1::Actor>) -> String {
    let Some(actor) = actor else { return "nobody named".to_owned() };
    let proof = if actor.authenticated { "authenticated" } else { "asserted" };
    format!("{} ({proof})", actor.id)
}

/// “line 2 of targets.csv”; empty when it did not come from a file.
pub(crate) fn origin(origin: Option<&v1::Origin>) -> String {
    match origin {
        None => String::new(),
        Some(origin) if origin.file_name.is_empty() => format!("line {} of file {}", origin.line, origin.file),
        Some(origin) => format!("line {} of {}", origin.line, origin.file_name),
    }
}

/// “recorded 29 November 2018, 10:00 UTC by mi-team (asserted), position 190, line 2 of targets.csv”, with when it was
/// known where that is earlier.
pub(crate) fn provenance(provenance: &v1::Provenance) -> String {
    let known = if provenance.known_at == provenance.recorded_at {
        String::new()
    } else {
        format!("known {}, ", instant(provenance.known_at.as_ref()))
    };
    let recorded = instant(provenance.recorded_at.as_ref());
    let line = match origin(provenance.origin.as_ref()) {
        line if line.is_empty() => line,
        line => format!(", {line}"),
    };
    let who = joined(&actor(provenance.actor.as_ref()));
    format!("{known}recorded {recorded} by {who}, {}{line}", joined(&format!("position {}", provenance.position)))
}

/// The first digits of a chain or a digest.
pub(crate) fn short(digest: &str) -> String {
    digest.get(..DIGITS_SHOWN).map_or_else(|| digest.to_owned(), |digits| format!("{digits}…"))
}

/// “As known on 29 November 2018, 23:59 UTC · position 182 · chain 3f9a1c2e77ab…”.
pub(crate) fn basis(basis: &v1::Basis) -> Text {
    let known = match instant(basis.known_at.as_ref()) {
        known if known.is_empty() => Text::plain("With everything known"),
        known => Text::plain("As known on ").then_joined(Ink::Strong, &known),
    };
    let chain = short(&basis.chain);
    known
        .then(Ink::Plain, " · ")
        .then_joined(Ink::Plain, &format!("position {}", basis.position))
        .then(Ink::Plain, " · ")
        .then_joined(Ink::Plain, &format!("chain {chain}"))
}

/// How many of the records shown were said to be known before they were taken in; empty for none.
pub(crate) fn backfilled(basis: &v1::Basis) -> String {
    match basis.n_backfilled {
        0 => String::new(),
        1 => "One record shown was backfilled: said to be known earlier than it was taken in.".to_owned(),
        n => {
            let n = thousands(n.into());
            format!("{n} records shown were backfilled: said to be known earlier than they were taken in.")
        }
    }
}

/// Writes what proves later that nothing before was altered: “182:3f9a…”, whole and on a line of its own.
pub(crate) fn proof(page: &mut Page<'_>, basis: Option<&v1::Basis>) -> io::Result<()> {
    let Some(basis) = basis else { return Ok(()) };
    page.blank()?;
    page.text(0, &Text::inked(Ink::Faint, "Position and chain, to show later that nothing before them was altered:"))?;
    page.text(2, &Text::plain(format!("{}:{}", basis.position, basis.chain)))
}

/// A display without the measure's unit, which stands beside the title then. A percentage keeps its sign.
pub(crate) fn bare(display: &str, definition: Option<&v1::Definition>) -> String {
    match definition.and_then(|definition| definition.unit.as_ref()).map(|unit| unit.label.as_str()) {
        None | Some("" | "%") => display.to_owned(),
        Some(unit) => display.replace(&format!(" {unit}"), ""),
    }
}

/// The unit that [`bare`] leaves out; empty when it leaves none out.
pub(crate) fn unit_apart(definition: &v1::Definition) -> &str {
    match definition.unit.as_ref().map(|unit| unit.label.as_str()) {
        None | Some("%") => "",
        Some(unit) => unit,
    }
}

/// The first letter as a capital, and a full stop at the end.
pub(crate) fn sentence(text: &str) -> String {
    let text = capital(text);
    if text.is_empty() || text.ends_with(['.', '!', '?', ':', '”']) { text } else { format!("{text}.") }
}

/// The first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// “in Kent and all areas inside it”: an area's name with its code, kept on one line where that fits.
pub(crate) fn area(name: &str, code: &str) -> String {
    if name.is_empty() || name == code { code.to_owned() } else { joined(&format!("{name} ({code})")) }
}

/// What a cohort is called; empty for everybody.
pub(crate) fn cohort<'a>(code: &'a str, name: &'a str) -> &'a str {
    match (code, name) {
        ("" | "all", _) => "",
        (code, "") => code,
        (_, name) => name,
    }
}

/// Which way is better.
pub(crate) const fn polarity(polarity: v1::Polarity) -> &'static str {
    match polarity {
        v1::Polarity::Higher => "higher is better",
        v1::Polarity::Lower => "lower is better",
        v1::Polarity::Range => "inside the target range is better",
        v1::Polarity::None => "neither way is better",
        v1::Polarity::Unspecified => "",
    }
}

/// How often there is a figure.
pub(crate) const fn frequency(frequency: v1::Frequency) -> &'static str {
    match frequency {
        v1::Frequency::Monthly => "monthly",
        v1::Frequency::Quarterly => "quarterly",
        v1::Frequency::Termly => "termly",
        v1::Frequency::Annual => "annual",
        v1::Frequency::Unspecified => "",
    }
}

/// What span of time one figure sums up; empty when nobody said.
pub(crate) fn sums_up(definition: &v1::Definition) -> String {
    match definition.basis() {
        v1::BasisKind::Snapshot => "snapshot".to_owned(),
        v1::BasisKind::YearToDate => "year to date".to_owned(),
        v1::BasisKind::RollingMonths => format!("rolling {} months", definition.basis_months),
        v1::BasisKind::SinglePeriod => "single period".to_owned(),
        v1::BasisKind::MeanOfMonths => format!("mean of {} months", definition.basis_months),
        v1::BasisKind::NotStated | v1::BasisKind::Unspecified => String::new(),
    }
}

/// Whether a measure is judged.
pub(crate) const fn kind(kind: v1::MeasureKind) -> &'static str {
    match kind {
        v1::MeasureKind::Indicator => "indicator",
        v1::MeasureKind::Activity => "activity",
        v1::MeasureKind::Unspecified => "",
    }
}

/// How settled a figure is; empty when the source does not say.
pub(crate) const fn status(status: v1::Status) -> &'static str {
    match status {
        v1::Status::Provisional => "provisional",
        v1::Status::Revised => "revised",
        v1::Status::Final => "final",
        v1::Status::Estimated => "estimated",
        v1::Status::CarriedForward => "carried forward",
        v1::Status::Forecast => "forecast",
        v1::Status::NotStated | v1::Status::Unspecified => "",
    }
}

/// What a committee did; empty for nothing.
pub(crate) const fn committee_act(act: v1::CommitteeAct) -> &'static str {
    match act {
        v1::CommitteeAct::Noted => "noted",
        v1::CommitteeAct::Commented => "commented",
        v1::CommitteeAct::Resolved => "resolved",
        v1::CommitteeAct::Unspecified => "",
    }
}

/// What a warning is about; one of nothing in particular is of the scorecard as a whole.
pub(crate) fn warned_of(warning: &v1::Warning) -> &str {
    if warning.subject.is_empty() { "the scorecard" } else { &warning.subject }
}

/// A colour's name; empty for none.
pub(crate) const fn colour(colour: v1::Colour) -> &'static str {
    match colour {
        v1::Colour::Green => "Green",
        v1::Colour::Amber => "Amber",
        v1::Colour::Red => "Red",
        v1::Colour::Unspecified => "",
    }
}

/// Whose a target is.
pub(crate) const fn owner(owner: v1::Owner) -> &'static str {
    match owner {
        v1::Owner::Local => "local",
        v1::Owner::Service => "service",
        v1::Owner::National => "national",
        v1::Owner::Unspecified => "",
    }
}
