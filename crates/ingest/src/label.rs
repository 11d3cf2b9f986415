//! Labels of periods as publishers write them (`2018`, `2017/18`, `2025 (prov)`), to a period and a status.
//!
//! A label does not say all: which sort of year a bare `2018` is, and whether it names the year by its beginning or its
//! end, the layout says ([`Years`]), or a second column of the file, as in tables of “Explore education statistics”
//! ([`read_identified`]). What is not certain is refused; nothing is guessed.

use domain::period::{YEARS, YearType};
use domain::{Period, Status, time::Date};

use crate::period;

/// What a year without further words is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Years {
    /// A year of this type; a bare `2018` is the year that begins in 2018.
    From(YearType),
    /// A year of this type; a bare `2018` is the year that ends in 2018.
    To(YearType),
    /// One day of each year, by month and day: figures as at 30 September.
    Day(i8, i8),
}

/// How a layout names [`Years`], besides `day-09-30`.
pub(crate) const YEARS_WORDS: [(&str, Years); 5] = [
    ("academic-from", Years::From(YearType::Academic)),
    ("academic-to", Years::To(YearType::Academic)),
    ("financial-from", Years::From(YearType::Financial)),
    ("financial-to", Years::To(YearType::Financial)),
    ("calendar", Years::From(YearType::Calendar)),
];

impl Years {
    /// Reads a layout's word for it.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        if let Some((_, years)) = YEARS_WORDS.iter().find(|(known, _)| *known == word) {
            return Some(*years);
        }
        let (month, day) = word.strip_prefix("day-")?.split_once('-')?;
        let two = |part: &str| (part.len() == 2).then(|| digits(part))?;
        let (month, day) = (i8::try_from(two(month)?).ok()?, i8::try_from(two(day)?).ok()?);
        // A year without 29 February, so that the day is there in every year.
        Date::new(2001, month, day).ok().map(|_date| Self::Day(month, day))
    }

    fn year_type(self) -> Option<YearType> {
        match self {
            Self::From(year_type) | Self::To(year_type) => Some(year_type),
            Self::Day(..) => None,
        }
    }

    /// The period of a bare year.
    fn bare(self, year: i16) -> Option<Period> {
        match self {
            Self::From(year_type) => Period::year(year_type, year),
            Self::To(YearType::Calendar) => Period::year(YearType::Calendar, year),
            Self::To(year_type) => Period::year(year_type, year.checked_sub(1)?),
            Self::Day(month, day) => Period::day(Date::new(year, month, day).ok()?),
        }
    }

    /// The period of `2017/18` to `2019/20`, by their first years.
    fn spanning(self, first: i16, last: i16) -> Option<Period> {
        let year_type = self.year_type().filter(|year_type| *year_type != YearType::Calendar)?;
        Period::years(year_type, first, last)
    }
}

/// A label that was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Label {
    /// The civil dates.
    pub(crate) period: Period,
    /// How settled its figures are; `None` when the label does not say.
    pub(crate) status: Option<Status>,
}

/// Marks in brackets after a period, in lower case, with the status that they say.
pub(crate) const MARKS: [(&str, Status); 9] = [
    ("prov", Status::Provisional),
    ("provisional", Status::Provisional),
    ("p", Status::Provisional),
    ("rev", Status::Revised),
    ("revised", Status::Revised),
    ("r", Status::Revised),
    ("final", Status::Final),
    // What was spent in the end, beside what was planned.
    ("ot", Status::Final),
    ("outturn", Status::Final),
];

/// What is wrong with a label, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unclear {
    pub(crate) problem: String,
    pub(crate) remedy: String,
}

fn unclear<T>(problem: impl Into<String>, remedy: impl Into<String>) -> Result<T, Unclear> {
    Err(Unclear { problem: problem.into(), remedy: remedy.into() })
}

/// Reads a label by itself. Without `years` only what names its own sort of period is read: months, days, `FY2018`.
pub(crate) fn read(text: &str, years: Option<Years>) -> Result<Label, Unclear> {
    let text = with_hyphens(text);
    let (text, status) = split_mark(&text)?;
    Ok(Label { period: unmarked(text, years)?, status })
}

/// Reads a label beside the identifier that says what it is, such as `201718` beside `Academic year`. `years` is what
/// the layout makes of this identifier, when it says so.
pub(crate) fn read_identified(text: &str, identifier: &str, years: Option<Years>) -> Result<Label, Unclear> {
    let text = with_hyphens(text);
    let (text, status) = split_mark(&text)?;
    let period = match years {
        Some(years) => unmarked(text, Some(years))?,
        None => identified(text, identifier)?,
    };
    Ok(Label { period, status })
}

/// With a hyphen for the dash of print, `2017–18`.
fn with_hyphens(text: &str) -> String {
    text.replace('–', "-")
}

/// `2025 (prov)` to `2025` and its status.
fn split_mark(text: &str) -> Result<(&str, Option<Status>), Unclear> {
    let Some((period, mark)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
        return Ok((text.trim(), None));
    };
    let mark = mark.trim().to_ascii_lowercase();
    if let Some((_, status)) = MARKS.iter().find(|(known, _)| *known == mark) {
        return Ok((period.trim(), Some(*status)));
    }
    let known: Vec<&str> = MARKS.iter().map(|(known, _)| *known).collect();
    unclear("has a mark in brackets that is not known", format!("write one of {}", known.join(", ")))
}

fn unmarked(text: &str, years: Option<Years>) -> Result<Period, Unclear> {
    if let Some(year) = year(text) {
        return match years.map(|years| years.bare(year)) {
            Some(Some(period)) => Ok(period),
            Some(None) => unclear("is not a year from 1900 to 2199", "correct it"),
            None => unclear("does not say which sort of year it is", "say so in the layout: years = \"academic-to\""),
        };
    }
    if let Some((first, last)) = range(text) {
        return two_years(first).zip(two_years_short(last, first)).map_or_else(
            || unclear("is not two years of the same sort", "write them as 2013/14-15/16"),
            |(first, last)| several(years, first, last),
        );
    }
    match (pair(text), years) {
        (Some(pair), Some(years)) => match two_years(pair) {
            Some(first) => spanning(Some(years), first, first),
            // Two digits after a hyphen that are no next year are the number of a month, perhaps.
            None if period::read(text).is_ok() => unclear(
                "is not a year: the second does not follow the first",
                "write a year as 2017/18, and a month by its name, such as Apr 2018",
            ),
            None => unclear("is not a year: the second does not follow the first", "write it as 2017/18"),
        },
        _ => period::read(text).map_err(|remedy| Unclear { problem: "is not a period".to_owned(), remedy: remedy.0 }),
    }
}

fn several(years: Option<Years>, first: i16, last: i16) -> Result<Period, Unclear> {
    if last < first {
        return unclear("is several years of which the last begins before the first", "write them as 2013/14-15/16");
    }
    spanning(years, first, last)
}

fn spanning(years: Option<Years>, first: i16, last: i16) -> Result<Period, Unclear> {
    match years.map(|years| years.spanning(first, last)) {
        Some(Some(period)) => Ok(period),
        Some(None) => unclear(
            "names two years, and the layout says that figures are for a calendar year or a day",
            "say in the layout which years they are: years = \"academic-to\" or \"financial-to\"",
        ),
        None => unclear("does not say which sort of year it is", "say so in the layout: years = \"financial-to\""),
    }
}

/// A year that can be, from exactly four digits.
fn year(text: &str) -> Option<i16> {
    (text.len() == 4).then(|| digits(text))?.filter(|year| YEARS.contains(year))
}

fn digits(text: &str) -> Option<i16> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

/// The halves of `2017/18`, `2017-18`, `2017/2018` and `201718`, before it is known whether they follow one another.
fn pair(text: &str) -> Option<(&str, &str)> {
    let six = if text.len() == 6 { text.split_at_checked(4) } else { None };
    let (first, second) = text.split_once(['/', '-']).or(six)?;
    let shaped = year(first).is_some() && matches!(second.len(), 2 | 4) && digits(second).is_some();
    shaped.then_some((first, second))
}

/// The first of two years, of which the second is the next.
fn two_years((first, second): (&str, &str)) -> Option<i16> {
    let first = year(first)?;
    let next = first.checked_add(1)?.to_string();
    next.ends_with(second).then_some(first)
}

/// The most years by which a year without a century is taken to follow one of the century before.
const OVER_A_CENTURY_MAX: i16 = 50;

/// The last of several years, which may leave out the century: `15/16` after `2013/14`, `00/01` after `1998/99`.
fn two_years_short((first, second): (&str, &str), (begins, _): (&str, &str)) -> Option<i16> {
    if first.len() == 4 {
        return two_years((first, second));
    }
    let whole = format!("{}{first}", begins.get(..2)?);
    let begins = year(begins)?;
    let next_century = year(&whole).and_then(|year| year.checked_add(100));
    match next_century.filter(|last| last.checked_sub(begins).is_some_and(|n_years| n_years <= OVER_A_CENTURY_MAX)) {
        Some(last) => two_years((&last.to_string(), second)),
        None => two_years((&whole, second)),
    }
}

type Pair<'a> = (&'a str, &'a str);

/// The two ends of `2013/14-15/16`, `2013/14-2015/16` and `2013/14 to 2015/16`.
fn range(text: &str) -> Option<(Pair<'_>, Pair<'_>)> {
    let (first, last) = text.split_once(" to ").or_else(|| text.split_once('-'))?;
    let last = last.trim();
    let shaped = last.split_once('/').filter(|(a, b)| [a, b].iter().all(|part| digits(part).is_some()))?;
    Some((first.trim().split_once('/')?, shaped))
}

/// The identifiers of “Explore education statistics” that Scorebook has a period for.
fn identified(text: &str, identifier: &str) -> Result<Period, Unclear> {
    let name = identifier.trim().to_ascii_lowercase();
    if let Some(month) = period::month_of(&name) {
        return year(text).and_then(|year| Period::month(year, month)).map_or_else(|| four(identifier), Ok);
    }
    if name == "calendar year" || name == "reporting year" {
        let years = if name == "calendar year" { YearType::Calendar } else { YearType::Financial };
        return year(text).and_then(|year| Years::To(years).bare(year)).map_or_else(|| four(identifier), Ok);
    }
    if let Some(quarter) = name.strip_prefix("calendar year q") {
        let period = year(text).zip(one_digit(quarter)).and_then(|(y, q)| Period::quarter(YearType::Calendar, y, q));
        return period.map_or_else(|| four(identifier), Ok);
    }
    let quarter = name.strip_prefix("financial year q").and_then(one_digit).filter(|quarter| (1..=4).contains(quarter));
    let beginning = |first: i16| match (name.as_str(), quarter) {
        ("academic year", _) => Period::year(YearType::Academic, first),
        ("financial year", _) => Period::year(YearType::Financial, first),
        ("autumn term", _) => Period::term(first, 1),
        ("spring term", _) => Period::term(first, 2),
        ("summer term", _) => Period::term(first, 3),
        (_, Some(quarter)) => Period::quarter(YearType::Financial, first, quarter),
        (_, None) => None,
    };
    // Any year will do to ask whether the identifier is known.
    if beginning(2000).is_none() {
        let problem = format!("is for {identifier:?}, which Scorebook has no period for");
        return unclear(problem, "say in [periods.identifiers] of the layout what it is, or set its rows aside");
    }
    let found = pair(text).and_then(two_years).and_then(beginning);
    found.map_or_else(
        || unclear(format!("is not two years in sequence, as {identifier:?} needs"), "write it as 201718"),
        Ok,
    )
}

fn one_digit(text: &str) -> Option<i8> {
    (text.len() == 1).then(|| digits(text))?.and_then(|digit| i8::try_from(digit).ok())
}

fn four<T>(identifier: &str) -> Result<T, Unclear> {
    unclear(format!("is not one year, as {identifier:?} needs"), "write it as 2018")
}
