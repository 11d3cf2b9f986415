//! Periods as people label them, to periods; never guessed.

use domain::Period;
use domain::period::{MONTHS, YEARS};

/// What is wrong with a label: it “is not a period”; this is what to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remedy(pub(crate) String);

/// Two figures for a year are read as 2000 to 2069; a later one might as well be of the century before.
const SHORT_YEARS: std::ops::Range<i16> = 0..70;

/// Reads a canonical code, or `September 2018`, `Sep 2018`, `Sept 2018`, `Sep-18`.
pub(crate) fn read(text: &str) -> Result<Period, Remedy> {
    if let Ok(period) = Period::parse(text) {
        return Ok(period);
    }
    match month_and_year(text) {
        Some((month, year)) => read_month(month, year),
        None => Err(remedy_for(text)),
    }
}

fn read_month(month: i8, year: &str) -> Result<Period, Remedy> {
    let digits = year.bytes().all(|b| b.is_ascii_digit());
    let number: Option<i16> = match (digits, year.len()) {
        (true, 4) => year.parse().ok(),
        (true, 2) => year.parse().ok().filter(|n| SHORT_YEARS.contains(n)).and_then(|n: i16| n.checked_add(2000)),
        _ => None,
    };
    number.and_then(|number| Period::month(number, month)).ok_or_else(|| month_remedy(month, year))
}

/// Says how to write the month; with the year that may have been meant, for the sender to judge.
fn month_remedy(month: i8, year: &str) -> Remedy {
    let meant = year.get(..4).and_then(|four| four.parse::<i16>().ok()).filter(|four| YEARS.contains(four));
    match meant.and_then(|meant| Period::month(meant, month)) {
        Some(period) => Remedy(format!("write it as {} or {period}", period.code())),
        None => Remedy("write the year with four digits, from 1900 to 2199, such as 2018-07 or July 2018".to_owned()),
    }
}

/// Splits `Sep-18` and `September 2018` into the month's number and the year as written.
fn month_and_year(text: &str) -> Option<(i8, &str)> {
    let (name, year) = text.split_once([' ', '-', '\u{a0}'])?;
    let year = year.trim();
    let known = year.bytes().next().is_some_and(|b| b.is_ascii_digit());
    (1..).zip(MONTHS).find(|(_, month)| names(name, month)).map(|(number, _)| (number, year)).filter(|_| known)
}

/// The number of a month, 1 to 12, by its name.
pub(crate) fn month_of(name: &str) -> Option<i8> {
    (1..).zip(MONTHS).find(|(_, month)| names(name, month)).map(|(number, _)| number)
}

/// True for the whole name, its first three letters, and `Sept`; in any case, with or without a full stop.
fn names(text: &str, month: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    let short = month.get(..3).is_some_and(|short| text.eq_ignore_ascii_case(short));
    short || text.eq_ignore_ascii_case(month) || (month == "September" && text.eq_ignore_ascii_case("sept"))
}

fn remedy_for(text: &str) -> Remedy {
    if let Some(year) = year_label(text) {
        return Remedy(format!("write FY{year} for the financial year or AY{year} for the academic year"));
    }
    if text.len() == 4 && text.parse::<i16>().is_ok_and(|year| YEARS.contains(&year)) {
        return Remedy(format!("write CY{text}, FY{text} or AY{text}: which sort of year it is must be said"));
    }
    if let Some(day) = spreadsheet_day(text) {
        return Remedy(format!(
            "if it is how a spreadsheet counts the day {day}, format the cell as a date; else write it as 2018-09"
        ));
    }
    Remedy("write it as 2018-09, 2018-09-30, FY2018-Q2, AY2018-T1, FY2018 or September 2018".to_owned())
}

/// The day that a spreadsheet counts as such a number, from 2000 to 2099.
fn spreadsheet_day(text: &str) -> Option<domain::time::Date> {
    let days: i64 = text.parse().ok().filter(|days| (36_526..73_051).contains(days))?;
    let micros = days.checked_sub(25_569)?.checked_mul(86_400_000_000)?;
    Some(domain::Timestamp::from_micros(micros).ok()?.utc_date())
}

/// The first year of `2018/19`, `2018-19` or `2018/2019`, which do not say of which sort they are.
fn year_label(text: &str) -> Option<&str> {
    let (first, second) = text.split_once(['/', '-'])?;
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let shaped = first.len() == 4 && matches!(second.len(), 2 | 4) && digits(first) && digits(second);
    let year: i16 = first.parse().ok().filter(|year| shaped && YEARS.contains(year))?;
    let next = year.checked_add(1)?.to_string();
    next.ends_with(second).then_some(first)
}
