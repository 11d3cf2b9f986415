//! Periods: the civil dates that a figure describes, with canonical codes that sort and print.
//!
//! | code | is |
//! |---|---|
//! | `2018-09` | a month |
//! | `2018-09-30` | one day, for a snapshot |
//! | `FY2018-Q2`, `CY2018-Q3` | a quarter of a financial (April to March) or calendar year |
//! | `AY2018-T1` | a term of an academic year (September to August): 1 autumn, 2 spring, 3 summer |
//! | `FY2018` `AY2018` `CY2018` | a year that begins in 2018 |
//! | `FY2013..FY2015` | three years, first and last included |
//!
//! `RY2018`, the reporting year of England's children's data, is read too: it is the year to 31 March 2018, the same
//! civil dates as `FY2017`, and therefore the same period.

mod key;

pub(crate) use key::Row;
pub use key::{DayNumber, LastDays, PeriodKey, PeriodKeys};

use std::fmt;

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::digits;

/// Which years there are; they begin in different months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum YearType {
    /// April to March, named by the year it begins in.
    Financial,
    /// September to August, named by the year it begins in.
    Academic,
    /// January to December.
    Calendar,
}

impl YearType {
    /// The two letters in a period code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Financial => "FY",
            Self::Academic => "AY",
            Self::Calendar => "CY",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Financial, Self::Academic, Self::Calendar].into_iter().find(|t| t.code() == code)
    }

    fn first_day(self, year: i16) -> Option<Date> {
        let (year, month) = match self {
            Self::Financial => (year, 4),
            Self::Academic => (year, 9),
            Self::Calendar => (year, 1),
        };
        Date::new(year, month, 1).ok()
    }
}

/// A quarter of a year, 1 to 4; a term of an academic year, 1 to 3.
type Part = i8;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Day,
    Month,
    Quarter(YearType, i16, Part),
    Term(i16, Part),
    Years(YearType, i16, i16),
}

/// The civil dates that a figure describes. Whether a figure is provisional is its status, never part of the period.
///
/// Ordered by last day, then by first day, so that a later period is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    last: Date,
    first: Date,
    kind: Kind,
}

/// Not a period's code. The codes are listed in the documentation of files (`docs/FORMATS.md`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a period such as 2018-09, FY2018-Q2, AY2018-T1, FY2018 or 2018-09-30")]
pub struct PeriodError {
    text: String,
}

/// The years in which a period may lie, inclusive; a year outside is a slip of the pen (`20188`).
pub const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

impl Period {
    /// One day. `None` outside [`YEARS`].
    pub fn day(date: Date) -> Option<Self> {
        YEARS.contains(&date.year()).then_some(Self { last: date, first: date, kind: Kind::Day })
    }

    /// A calendar month, 1 to 12. `None` when there is no such month or its year is outside [`YEARS`].
    pub fn month(year: i16, month: i8) -> Option<Self> {
        Self::build(Date::new(year, month, 1).ok()?, 1, Kind::Month)
    }

    /// A quarter, 1 to 4, of a financial or calendar year. `None` for other years or quarters.
    pub fn quarter(year_type: YearType, year: i16, quarter: i8) -> Option<Self> {
        let counted = matches!(year_type, YearType::Financial | YearType::Calendar) && (1..=4).contains(&quarter);
        let months = i32::from(quarter).checked_sub(1)?.checked_mul(3)?;
        let first = year_type.first_day(year)?.checked_add(months.months()).ok()?;
        counted.then_some(())?;
        Self::build(first, 3, Kind::Quarter(year_type, year, quarter))
    }

    /// A term of the academic year that begins in September of `year`: 1 autumn (to December), 2 spring (to March),
    /// 3 summer (to August). `None` for other terms.
    pub fn term(year: i16, term: i8) -> Option<Self> {
        let (skip, months) = match term {
            1 => (0_i32, 4),
            2 => (4, 3),
            3 => (7, 5),
            _ => return None,
        };
        let first = YearType::Academic.first_day(year)?.checked_add(skip.months()).ok()?;
        Self::build(first, months, Kind::Term(year, term))
    }

    /// A year.
    pub fn year(year_type: YearType, year: i16) -> Option<Self> {
        Self::years(year_type, year, year)
    }

    /// Several years, first and last included; at most 20.
    pub fn years(year_type: YearType, first_year: i16, last_year: i16) -> Option<Self> {
        let n_years = i32::from(last_year).checked_sub(i32::from(first_year))?.checked_add(1)?;
        (1..=20).contains(&n_years).then_some(())?;
        let kind = Kind::Years(year_type, first_year, last_year);
        Self::build(year_type.first_day(first_year)?, n_years.checked_mul(12)?, kind)
    }

    fn build(first: Date, n_months: i32, kind: Kind) -> Option<Self> {
        let last = first.checked_add(n_months.months()).ok()?.yesterday().ok()?;
        (YEARS.contains(&first.year()) && YEARS.contains(&last.year())).then_some(Self { last, first, kind })
    }

    /// Reads a canonical code. Labels of other publishers are read by `ingest`.
    ///
    /// # Errors
    /// [`PeriodError`] for anything else, years outside [`YEARS`] included.
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        read_code(text).ok_or_else(|| PeriodError { text: text.to_owned() })
    }

    /// The first day.
    pub const fn first_day(self) -> Date {
        self.first
    }

    /// The last day: a target judges the periods whose last day is in its span.
    pub const fn last_day(self) -> Date {
        self.last
    }

    /// How many months it lasts; 0 for a day.
    pub fn n_months(self) -> u32 {
        match self.kind {
            Kind::Day => 0,
            Kind::Month => 1,
            Kind::Quarter(..) | Kind::Term(_, 2) => 3,
            Kind::Term(_, 1) => 4,
            Kind::Term(..) => 5,
            Kind::Years(_, first, last) => {
                let n_years = i32::from(last).saturating_sub(i32::from(first)).saturating_add(1);
                u32::try_from(n_years).unwrap_or(0).saturating_mul(12)
            }
        }
    }

    /// The period of the same kind just before this one.
    pub fn previous(self) -> Option<Self> {
        match self.kind {
            Kind::Day => Self::day(self.first.yesterday().ok()?),
            Kind::Month => {
                let (year, month) = (self.first.year(), self.first.month());
                if month == 1 {
                    Self::month(year.checked_sub(1)?, 12)
                } else {
                    Self::month(year, month.checked_sub(1)?)
                }
            }
            Kind::Quarter(year_type, year, 1) => Self::quarter(year_type, year.checked_sub(1)?, 4),
            Kind::Quarter(year_type, year, quarter) => Self::quarter(year_type, year, quarter.checked_sub(1)?),
            Kind::Term(year, 1) => Self::term(year.checked_sub(1)?, 3),
            Kind::Term(year, term) => Self::term(year, term.checked_sub(1)?),
            Kind::Years(year_type, first, last) => Self::years(year_type, first.checked_sub(1)?, last.checked_sub(1)?),
        }
    }

    /// True when both are months, both are quarters of one sort of year, and so on.
    pub fn same_kind(self, other: Self) -> bool {
        match (self.kind, other.kind) {
            (Kind::Day, Kind::Day) | (Kind::Month, Kind::Month) | (Kind::Term(..), Kind::Term(..)) => true,
            (Kind::Quarter(a, ..), Kind::Quarter(b, ..)) => a == b,
            (Kind::Years(a, a_first, a_last), Kind::Years(b, b_first, b_last)) => {
                a == b && a_last.checked_sub(a_first) == b_last.checked_sub(b_first)
            }
            _ => false,
        }
    }

    /// The canonical code.
    pub fn code(self) -> String {
        let (first, last) = (self.first, self.last);
        match self.kind {
            Kind::Day => day_code(first),
            Kind::Month => format!("{:04}-{:02}", first.year(), first.month()),
            Kind::Quarter(year_type, year, quarter) => format!("{}{year:04}-Q{quarter}", year_type.code()),
            Kind::Term(year, term) => format!("AY{year:04}-T{term}"),
            Kind::Years(year_type, from, to) if from == to => format!("{}{from:04}", year_type.code()),
            Kind::Years(year_type, from, to) => {
                debug_assert!(first < last, "years last longer than a day");
                format!("{code}{from:04}..{code}{to:04}", code = year_type.code())
            }
        }
    }
}

/// As a person says it: “September 2018”, “academic year 2017/18”.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.words())
    }
}

impl Period {
    fn words(self) -> String {
        match self.kind {
            Kind::Day => day_words(self.first),
            Kind::Month => month_words(self.first),
            Kind::Quarter(YearType::Calendar, year, quarter) => format!("quarter {quarter} of {year}"),
            Kind::Quarter(_, year, quarter) => format!("quarter {quarter} of {}", slashed(year, year)),
            Kind::Term(year, term) => {
                let name = match term {
                    1 => "autumn",
                    2 => "spring",
                    _ => "summer",
                };
                format!("{name} term {}", slashed(year, year))
            }
            Kind::Years(YearType::Calendar, from, to) if from == to => format!("{from}"),
            Kind::Years(YearType::Calendar, from, to) => format!("{from} to {to}"),
            Kind::Years(YearType::Academic, from, to) => format!("academic year {}", slashed(from, to)),
            Kind::Years(YearType::Financial, from, to) => slashed(from, to),
        }
    }
}

/// “30 September 2018”.
pub fn day_words(date: Date) -> String {
    let mut words = String::with_capacity(DAY_BYTES_MAX);
    push_day(&mut words, date);
    words
}

/// “September 2018”.
fn month_words(date: Date) -> String {
    let mut words = String::with_capacity(DAY_BYTES_MAX);
    push_month(&mut words, date);
    words
}

/// The longest of them, in bytes: “30 September 2018”.
pub const DAY_BYTES_MAX: usize = 17;
/// The months' names, in English.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Puts a day's words at the end of others.
pub fn push_day(words: &mut String, date: Date) {
    words.push_str(digits::two(date.day().unsigned_abs().into()).trim_start_matches('0'));
    words.push(' ');
    push_month(words, date);
}

fn push_month(words: &mut String, date: Date) {
    let month = usize::from(date.month().unsigned_abs()).saturating_sub(1);
    words.push_str(MONTHS.get(month).copied().unwrap_or_default());
    words.push(' ');
    // A year before the first is written by the calendar's own rule.
    match u32::try_from(date.year()) {
        Ok(year @ 1_000..) => push_year(words, year),
        Ok(_) | Err(_) => words.push_str(&date.strftime("%Y").to_string()),
    }
}

/// Four digits.
fn push_year(text: &mut String, year: u32) {
    text.push_str(digits::two(year / 100));
    text.push_str(digits::two(year));
}

/// A day as ISO 8601 has it: `2018-09-30`.
pub fn day_code(date: Date) -> String {
    let Ok(year) = u32::try_from(date.year()) else { return date.to_string() };
    let mut text = String::with_capacity("2018-09-30".len());
    push_year(&mut text, year);
    for part in [date.month(), date.day()] {
        text.push('-');
        text.push_str(digits::two(part.unsigned_abs().into()));
    }
    text
}

/// “2017/18”, or “2013/14 to 2015/16” for several years.
fn slashed(from: i16, to: i16) -> String {
    let year = |y: i16| format!("{y}/{:02}", y.saturating_add(1).rem_euclid(100));
    if from == to { year(from) } else { format!("{} to {}", year(from), year(to)) }
}

fn read_code(text: &str) -> Option<Period> {
    if let Some((first, last)) = text.split_once("..") {
        let (first, last) = (read_year(first)?, read_year(last)?);
        return (first.0 == last.0 && first.1 < last.1).then(|| Period::years(first.0, first.1, last.1))?;
    }
    if let Some((year_type, year)) = read_year(text) {
        return Period::year(year_type, year);
    }
    let (head, part) = text.split_once('-')?;
    if let Some((year_type, year)) = read_year(head) {
        let number: i8 = read_digits(part.get(1..)?, 1)?.try_into().ok()?;
        return match (part.get(..1)?, year_type) {
            ("Q", _) => Period::quarter(year_type, year, number),
            ("T", YearType::Academic) => Period::term(year, number),
            _ => None,
        };
    }
    let year = read_digits(head, 4)?;
    match part.split_once('-') {
        None => Period::month(year, read_digits(part, 2)?.try_into().ok()?),
        Some((month, day)) => {
            let (month, day) = (read_digits(month, 2)?.try_into().ok()?, read_digits(day, 2)?.try_into().ok()?);
            Period::day(Date::new(year, month, day).ok()?)
        }
    }
}

/// Reads `FY2018`, or `RY2018` as the financial year that ends then.
fn read_year(text: &str) -> Option<(YearType, i16)> {
    let year = read_digits(text.get(2..)?, 4)?;
    match text.get(..2)? {
        "RY" => Some((YearType::Financial, year.checked_sub(1)?)),
        code => Some((YearType::from_code(code)?, year)),
    }
}

/// Reads exactly `n` digits.
fn read_digits(text: &str, n: usize) -> Option<i16> {
    (text.len() == n && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

impl std::str::FromStr for Period {
    type Err = PeriodError;
    fn from_str(text: &str) -> Result<Self, PeriodError> {
        Self::parse(text)
    }
}

/// A span of periods: `[from, to)` in civil dates. It holds a period when it holds the period's last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first day in the span.
    pub from: Date,
    /// The first day after the span; `None` when it is open.
    pub to: Option<Date>,
}

impl Span {
    /// From the first day of `first` to the last day of `last`, both included; open without `last`.
    ///
    /// `None` when `last` ends before `first` begins.
    pub fn of_periods(first: Period, last: Option<Period>) -> Option<Self> {
        let to = match last {
            Some(last) if last.last_day() < first.first_day() => return None,
            Some(last) => Some(last.last_day().tomorrow().ok()?),
            None => None,
        };
        Some(Self { from: first.first_day(), to })
    }

    /// True when the span judges `period`: its last day is inside.
    pub fn holds(self, period: Period) -> bool {
        self.holds_day(period.last_day())
    }

    /// True when some day is inside both.
    pub fn overlaps(self, other: Self) -> bool {
        self.to.is_none_or(|to| other.from < to) && other.to.is_none_or(|to| self.from < to)
    }

    /// True when every day of the other is inside.
    pub fn contains(self, other: Self) -> bool {
        self.from <= other.from && self.to.is_none_or(|to| other.to.is_some_and(|end| end <= to))
    }

    /// True when the day is inside.
    pub fn holds_day(self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }
}

impl Span {
    /// As a person says it: “from 1 April 2018 to 31 March 2019”.
    pub fn words(&self) -> String {
        let mut words = String::with_capacity("from  to ".len().saturating_add(2 * DAY_BYTES_MAX));
        words.push_str("from ");
        push_day(&mut words, self.from);
        if let Some(last) = self.to.and_then(|to| to.yesterday().ok()) {
            words.push_str(" to ");
            push_day(&mut words, last);
        }
        words
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words())
    }
}
