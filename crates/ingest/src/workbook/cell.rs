//! A cell's value to the text that it means, or what is wrong with it.

use std::cmp::Ordering;

use calamine::{DataRef, ExcelDateTime};
use domain::Timestamp;
use domain::time::Date;

use crate::double;

use super::format::{self, Shown};

/// A cell of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What it means, without the spaces around it; empty when nothing stands there.
    pub text: String,
    /// Where that comes from.
    pub source: Source,
}

/// Where a field's text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The cell itself.
    Own,
    /// The first cell of the merged cells that it belongs to.
    Merged {
        /// That cell's row, from 1.
        row: u32,
        /// That cell's column, from 0.
        column: u16,
    },
    /// The cell has no value that can be read; the text is what it shows, if anything.
    Fault(&'static Fault),
}

/// What is wrong with a cell.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// To be read after what stands there: “is an error”.
    pub problem: &'static str,
    /// What to do, as an imperative.
    pub remedy: &'static str,
}

static ERROR: Fault = Fault { problem: "is an error", remedy: "correct it in the workbook, or empty the cell" };
static NOT_A_NUMBER: Fault = Fault { problem: "is no number that can be kept", remedy: "type the number again" };
static DURATION: Fault =
    Fault { problem: "is a length of time", remedy: "write it as a number, in the measure's unit" };
static TIME: Fault = Fault { problem: "is a time of day without a date", remedy: "write what is meant as text" };
static INSTANT: Fault = Fault {
    problem: "is a date with a time of day, which does not say in which time zone",
    remedy: "format it as a date alone, or write it as text, such as 2018-11-29T10:00:00Z",
};
static NO_DATE: Fault = Fault {
    problem: "is formatted as a date, and is none from 1900 to 2199",
    remedy: "type the date again, or format the cell as a number",
};
pub(super) static NO_VALUE: Fault = Fault {
    problem: "is a formula without a value",
    remedy: "open the workbook in Excel and save it, so that its formulas are computed",
};

/// A date of the 1904 system is so many days after the same number of the 1900 system.
const DAYS_1904: i64 = 1_462;
/// 1 January 1970 in the 1900 system.
const DAYS_1970: i64 = 25_569;
/// The 1900 system has a 29 February 1900; only from the day after it do its numbers count days.
const FIRST_SOUND: i64 = 61;
const DAY_MICROS: i64 = 86_400_000_000;

impl Field {
    pub(super) const EMPTY: Self = Self { text: String::new(), source: Source::Own };

    const fn own(text: String) -> Self {
        Self { text, source: Source::Own }
    }

    pub(super) const fn fault(text: String, fault: &'static Fault) -> Self {
        Self { text, source: Source::Fault(fault) }
    }

    /// True when nothing stands there.
    pub fn blank(&self) -> bool {
        self.text.is_empty() && !matches!(self.source, Source::Fault(_))
    }

    /// From a value and its format; `days_1904` says from when dates are counted.
    pub(super) fn read(value: &DataRef<'_>, code: &str, days_1904: bool) -> Self {
        match value {
            DataRef::Empty => Self::EMPTY,
            DataRef::String(text) => Self::own(text.trim().to_owned()),
            DataRef::SharedString(text) => Self::own(text.trim().to_owned()),
            DataRef::Bool(true) => Self::own("TRUE".to_owned()),
            DataRef::Bool(false) => Self::own("FALSE".to_owned()),
            DataRef::Int(number) => number_field(Some(number.to_string()), code),
            DataRef::Float(number) => number_field(double::of_spreadsheet(*number), code),
            DataRef::DateTime(date) => date_field(date, code, days_1904),
            DataRef::DateTimeIso(text) => iso_field(text.trim(), code),
            DataRef::DurationIso(text) => Self::fault(text.clone(), &DURATION),
            DataRef::Error(error) => Self::fault(error.to_string(), &ERROR),
        }
    }
}

fn number_field(digits: Option<String>, code: &str) -> Field {
    let Some(digits) = digits else { return Field::fault(String::new(), &NOT_A_NUMBER) };
    let sign = match digits.as_str() {
        "0" => Ordering::Equal,
        text if text.starts_with('-') => Ordering::Less,
        _ => Ordering::Greater,
    };
    match format::per_cent(code, &digits, sign) {
        Ok(false) => Field::own(digits),
        Ok(true) => Field::own(hundredfold(&digits) + "%"),
        Err((shown, fault)) => Field::fault(shown, fault),
    }
}

/// A decimal text with its point moved two places: `0.434` to `43.4`.
fn hundredfold(digits: &str) -> String {
    let (sign, number) = digits.strip_prefix('-').map_or(("", digits), |number| ("-", number));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let moved: String = fraction.chars().chain("00".chars()).take(2).collect();
    let rest = fraction.get(2..).unwrap_or_default();
    let joined = format!("{whole}{moved}");
    let whole = match joined.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{rest}")
}

fn date_field(date: &ExcelDateTime, code: &str, days_1904: bool) -> Field {
    let digits = double::of_spreadsheet(date.as_f64());
    let text = digits.clone().unwrap_or_default();
    if date.is_duration() {
        return Field::fault(text, &DURATION);
    }
    let (days, timed) = text.split_once('.').map_or((text.as_str(), false), |(days, _)| (days, true));
    let days = days.parse::<i64>().ok().filter(|_| !text.starts_with('-'));
    let day = days.and_then(|days| civil(days, days_1904));
    day_field(text, format::shown(code), day, timed)
}

/// A date that is written out, `2018-10-01T00:00:00`; with a time zone it is the instant that it says.
fn iso_field(text: &str, code: &str) -> Field {
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, ""));
    let (Ok(day), true) = (date.parse(), time.chars().all(|c| matches!(c, '0'..='9' | ':' | '.'))) else {
        return Field::own(text.to_owned());
    };
    let timed = time.contains(|c| matches!(c, '1'..='9'));
    // Without a format of its own, it is shown whole.
    let whole = timed && code.eq_ignore_ascii_case("general");
    let shown = if whole { Shown::Instant } else { format::shown(code) };
    day_field(text.to_owned(), shown, sound(day).then_some(day), timed)
}

/// A day as far as it is shown; `timed` where it has a time of day.
fn day_field(text: String, shown: Shown, day: Option<Date>, timed: bool) -> Field {
    match (shown, day) {
        (Shown::Time, _) => Field::fault(text, &TIME),
        (_, None) => Field::fault(text, &NO_DATE),
        (Shown::Instant, Some(_)) if timed => Field::fault(text, &INSTANT),
        (Shown::Day | Shown::Instant, Some(day)) => Field::own(day.to_string()),
        // Not `2009-10`, which a layout may read as two years.
        (Shown::Month, Some(day)) => Field::own(day.strftime("%b %Y").to_string()),
        (Shown::Year, Some(day)) => Field::own(day.strftime("%Y").to_string()),
    }
}

/// True for a day of the years that periods have.
fn sound(day: Date) -> bool {
    domain::period::YEARS.contains(&day.year())
}

/// The day that a spreadsheet counts as `days`.
fn civil(days: i64, days_1904: bool) -> Option<Date> {
    let days = if days_1904 { days.checked_add(DAYS_1904)? } else { days };
    if days < FIRST_SOUND {
        return None;
    }
    let micros = days.checked_sub(DAYS_1970)?.checked_mul(DAY_MICROS)?;
    let day = Timestamp::from_micros(micros).ok()?.utc_date();
    sound(day).then_some(day)
}
