//! Periods as tidy releases of England's official statistics write them: `time_period` and `time_identifier`.
//!
//! A year that begins in one calendar year and ends in the next has six digits and no slash, `201718`; a calendar or
//! reporting year four. A single day and several years have no form there; they have one of our own here.
//!
//! Source: Department for Education, “Explore education statistics” data standards, `time_period` and `time_identifier`.

use domain::Period;
use domain::period::MONTHS;

use crate::period::Remedy;

const YEARS: [(&str, &str); 3] = [("FY", "Financial year"), ("AY", "Academic year"), ("CY", "Calendar year")];
const TERMS: [&str; 3] = ["Autumn term", "Spring term", "Summer term"];

/// A period as `time_period` and `time_identifier`; [`read_time`] gives it back.
pub fn time_of(period: Period) -> (String, String) {
    let code = period.code();
    in_words(&code).unwrap_or_else(|| (code, "Day".to_owned()))
}

/// `None` for a day, whose code is its `time_period`.
fn in_words(code: &str) -> Option<(String, String)> {
    if let Some((first, last)) = code.split_once("..") {
        let (kind, identifier) = year_kind(first)?;
        let (first, last) = (digits(kind, first.get(2..)?)?, digits(kind, last.get(2..)?)?);
        return Some((format!("{first}-{last}"), format!("{identifier}s")));
    }
    let Some((kind, identifier)) = year_kind(code) else {
        let (year, month) = code.split_once('-')?;
        let name = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
        return Some((year.to_owned(), (*name).to_owned()));
    };
    let time_period = digits(kind, code.get(2..6)?)?;
    let identifier = match code.get(6..)?.split_at_checked(2) {
        None => identifier.to_owned(),
        Some(("-T", term)) => (*TERMS.get(term.parse::<usize>().ok()?.checked_sub(1)?)?).to_owned(),
        Some((_, quarter)) => format!("{identifier} Q{quarter}"),
    };
    Some((time_period, identifier))
}

fn year_kind(code: &str) -> Option<(&'static str, &'static str)> {
    YEARS.into_iter().find(|(kind, _)| code.starts_with(kind))
}

/// A year as it is written: four digits, or six where it ends in the next calendar year.
fn digits(kind: &str, year: &str) -> Option<String> {
    if kind == "CY" {
        return Some(year.to_owned());
    }
    let next = year.parse::<i16>().ok()?.checked_add(1)?.checked_rem(100)?;
    Some(format!("{year}{next:02}"))
}

/// Reads what [`time_of`] writes, and a reporting year, which is the financial year that ends in it.
pub(crate) fn read_time(time_period: &str, time_identifier: &str) -> Result<Period, Remedy> {
    code_of(time_period, &time_identifier.to_ascii_lowercase())
        .and_then(|code| Period::parse(&code).ok())
        .ok_or_else(|| {
            Remedy(
                "write a calendar or reporting year as 2018, a financial or academic year, its quarters and terms as 201718, \
                 and the month of September 2018 as 2018 with the time_identifier September"
                    .to_owned(),
            )
        })
}

fn code_of(time: &str, identifier: &str) -> Option<String> {
    if identifier == "day" {
        return Some(time.to_owned()).filter(|day| day.len() == 10);
    }
    if let Some(month) = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(identifier)) {
        return Some(format!("{}-{:02}", four(time)?, month.checked_add(1)?));
    }
    if let Some(term) = TERMS.iter().position(|name| name.eq_ignore_ascii_case(identifier)) {
        return Some(format!("AY{}-T{}", year("AY", time)?, term.checked_add(1)?));
    }
    if identifier == "reporting year" {
        return Some(format!("RY{}", four(time)?));
    }
    let (kind, rest) = YEARS
        .into_iter()
        .find_map(|(kind, name)| Some((kind, identifier.strip_prefix(&name.to_ascii_lowercase())?)))?;
    match rest {
        "" => Some(format!("{kind}{}", year(kind, time)?)),
        "s" => {
            let (first, last) = time.split_once('-')?;
            Some(format!("{kind}{}..{kind}{}", year(kind, first)?, year(kind, last)?))
        }
        quarter => Some(format!("{kind}{}-Q{}", year(kind, time)?, quarter.strip_prefix(" q")?)),
    }
}

/// The year that a year of this kind begins in, from its digits.
fn year<'a>(kind: &str, time: &'a str) -> Option<&'a str> {
    let begins = time.get(..4)?;
    (digits(kind, four(begins)?)? == time).then_some(begins)
}

fn four(time: &str) -> Option<&str> {
    (time.len() == 4 && time.bytes().all(|b| b.is_ascii_digit())).then_some(time)
}
