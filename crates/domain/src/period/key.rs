//! A period as one number that sorts as periods do, for columns of many figures.

use super::{Kind, Period, YearType};
use crate::time::Date;

/// A [`Period`] in 23 bits: year since 1900, month and day of its last day, then what kind it is, longest first.
///
/// Ordered exactly as periods are, and read back exactly. Cost: a few shifts either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeriodKey(u32);

/// How many of the lowest bits say the kind.
const KIND_BITS: u32 = 5;
const KIND: u32 = !(u32::MAX << KIND_BITS);
const DAY_BITS: u32 = 5;
const MONTH_BITS: u32 = 4;
/// The first year of [`super::YEARS`].
const FIRST_YEAR: i16 = 1900;

/// What stands after the yearly kinds, 20 years (0) to one (19), longest first. Of equal length, as [`Kind`] is ordered.
const TERM_OF_FIVE: u32 = 20;
const TERM_OF_FOUR: u32 = 21;
const FINANCIAL_QUARTER: u32 = 22;
const CALENDAR_QUARTER: u32 = 23;
const TERM_OF_THREE: u32 = 24;
const MONTH: u32 = 25;
const DAY: u32 = 26;
/// The code of a single year.
const ONE_YEAR: u32 = 19;

impl PeriodKey {
    /// The key of a period.
    pub fn of(period: Period) -> Self {
        let last = period.last;
        let year = last.year().saturating_sub(FIRST_YEAR);
        let mut bits = u32::try_from(year).unwrap_or(0);
        bits = (bits << MONTH_BITS) | u32::from(last.month().unsigned_abs());
        bits = (bits << DAY_BITS) | u32::from(last.day().unsigned_abs());
        Self((bits << KIND_BITS) | kind_code(period.kind))
    }

    /// The period; `None` for a number that is no period's key.
    pub fn period(self) -> Option<Period> {
        let part = |shift: u32, bits: u32| i8::try_from((self.0 >> shift) & !(u32::MAX << bits)).ok();
        let day = part(KIND_BITS, DAY_BITS)?;
        let month = part(KIND_BITS.saturating_add(DAY_BITS), MONTH_BITS)?;
        let years = self.0 >> KIND_BITS.saturating_add(DAY_BITS).saturating_add(MONTH_BITS);
        let year = i16::try_from(years).ok()?.checked_add(FIRST_YEAR)?;
        let last = Date::new(year, month, day).ok()?;
        let period = read(last, self.0 & KIND)?;
        (period.last == last).then_some(period)
    }

    /// The last day.
    pub fn last_day(self) -> DayNumber {
        DayNumber(i32::try_from(self.0 >> KIND_BITS).unwrap_or(i32::MAX))
    }

    /// How many months the last day's is after the first of all.
    pub(crate) fn months(self) -> u32 {
        let months = self.0 >> KIND_BITS.saturating_add(DAY_BITS);
        (months >> MONTH_BITS).saturating_mul(12).saturating_add(months & !(u32::MAX << MONTH_BITS))
    }

    /// How many months a period of its kind takes; `None` unless it is a month, a quarter or a year.
    #[inline]
    const fn apart(self) -> Option<u32> {
        match self.0 & KIND {
            MONTH => Some(1),
            CALENDAR_QUARTER | FINANCIAL_QUARTER => Some(3),
            ONE_YEAR => Some(12),
            _ => None,
        }
    }

    /// True for the month, quarter or year right after one of its kind; never of other kinds.
    #[inline]
    pub(crate) fn follows(self, earlier: Self) -> bool {
        let alike = (self.0 ^ earlier.0) & KIND == 0;
        alike && self.apart().is_some_and(|apart| self.months() == earlier.months().saturating_add(apart))
    }

    /// The number.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// A key from bits that were a key's before.
    pub(crate) const fn of_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// A key read back from its number; `None` when it is no period's.
    pub fn from_bits(bits: u32) -> Option<Self> {
        let key = Self(bits);
        (Self::of(key.period()?) == key).then_some(key)
    }

    /// The least key of the periods that end after this one's last day.
    #[must_use]
    pub const fn after_last_day(self) -> Self {
        Self(((self.0 >> KIND_BITS).saturating_add(1)) << KIND_BITS)
    }
}

/// Periods to be looked up in lines, ascending.
#[derive(Debug, Clone, Copy)]
pub struct PeriodKeys<'a> {
    keys: &'a [PeriodKey],
    row: Option<Row>,
}

/// Periods of one kind, each right after the one before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) n: usize,
    first: PeriodKey,
    /// How many months the first is after the first of all.
    months: u32,
    /// How many months one of them takes.
    apart: u32,
}

impl Row {
    /// How many periods its first is after one of their kind; `None` when it is not, and of other kinds.
    #[inline]
    pub(crate) fn n_after(self, earlier: PeriodKey) -> Option<u32> {
        self.n_between(self.months.checked_sub(earlier.months())?, earlier)
    }

    /// How many periods its first is before one of their kind; `None` when it is not, and of other kinds.
    pub(crate) fn n_before(self, later: PeriodKey) -> Option<u32> {
        self.n_between(later.months().checked_sub(self.months)?, later)
    }

    /// How many periods are between its first and another, which is some months apart.
    #[inline]
    fn n_between(self, months: u32, other: PeriodKey) -> Option<u32> {
        let n = if self.apart == 1 { months } else { months.checked_div(self.apart)? };
        let whole = n.saturating_mul(self.apart) == months;
        if whole && (self.first.0 ^ other.0) & KIND == 0 { Some(n) } else { None }
    }
}

impl<'a> PeriodKeys<'a> {
    /// Of keys that are ascending. Cost: a look at each.
    pub fn new(keys: &'a [PeriodKey]) -> Self {
        let row = keys.first().and_then(|first| {
            let row = Row { n: keys.len(), first: *first, months: first.months(), apart: first.apart()? };
            keys.is_sorted_by(|earlier, later| later.follows(*earlier)).then_some(row)
        });
        Self { keys, row }
    }

    /// The keys.
    #[inline]
    pub const fn all(self) -> &'a [PeriodKey] {
        self.keys
    }

    /// When they are months, quarters or years, each right after the one before.
    #[inline]
    pub(crate) const fn row(self) -> Option<Row> {
        self.row
    }

    /// True when they are months, quarters or years, each right after the one before.
    #[inline]
    pub const fn in_a_row(self) -> bool {
        self.row.is_some()
    }
}

/// The last days of some periods, ascending.
#[derive(Debug, Clone)]
pub struct LastDays {
    days: Vec<DayNumber>,
    /// Of months, each right after the one before: how many months the first is after the first of all.
    first_month: Option<i32>,
}

impl LastDays {
    /// Of keys that are ascending. Cost: a look at each.
    pub fn new(keys: &[PeriodKey]) -> Self {
        let months = PeriodKeys::new(keys).row().filter(|row| row.apart == 1);
        let first_month = months.and_then(|row| i32::try_from(row.months).ok());
        Self { days: keys.iter().map(|key| key.last_day()).collect(), first_month }
    }

    /// Each of them.
    #[inline]
    pub fn all(&self) -> &[DayNumber] {
        &self.days
    }

    /// How many of them are before a day. Cost: of months in a row none, of others a binary search.
    #[inline]
    pub(crate) fn n_before(&self, day: DayNumber) -> usize {
        match self.first_month {
            // A month is over before a day of any later one, and before no day of its own.
            Some(first) => usize::try_from(day.months().saturating_sub(first)).unwrap_or(0).min(self.days.len()),
            None => self.days.partition_point(|last| *last < day),
        }
    }
}

/// A civil date as one number that sorts as dates do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayNumber(i32);

impl DayNumber {
    /// After every day.
    pub const MAX: Self = Self(i32::MAX);

    /// The number of a day.
    pub fn of(day: Date) -> Self {
        let year = i32::from(day.year()).saturating_sub(i32::from(FIRST_YEAR));
        Self((((year << MONTH_BITS) | i32::from(day.month())) << DAY_BITS) | i32::from(day.day()))
    }

    /// How many months it is after the first of all; less than 0 before that.
    #[inline]
    const fn months(self) -> i32 {
        let months = self.0 >> DAY_BITS;
        (months >> MONTH_BITS).saturating_mul(12).saturating_add(months & !(i32::MAX << MONTH_BITS))
    }
}

fn kind_code(kind: Kind) -> u32 {
    match kind {
        Kind::Years(_, first, last) => {
            let longer = u32::try_from(i32::from(last).saturating_sub(i32::from(first))).unwrap_or(ONE_YEAR);
            ONE_YEAR.saturating_sub(longer)
        }
        Kind::Term(_, 1) => TERM_OF_FOUR,
        Kind::Term(_, 2) => TERM_OF_THREE,
        Kind::Term(..) => TERM_OF_FIVE,
        Kind::Quarter(YearType::Calendar, ..) => CALENDAR_QUARTER,
        Kind::Quarter(..) => FINANCIAL_QUARTER,
        Kind::Month => MONTH,
        Kind::Day => DAY,
    }
}

fn read(last: Date, code: u32) -> Option<Period> {
    let (year, month) = (last.year(), last.month());
    let before = year.checked_sub(1)?;
    let quarter_ending = |month: i8| (month.rem_euclid(3) == 0).then(|| month.div_euclid(3));
    match code {
        DAY => Period::day(last),
        MONTH => Period::month(year, month),
        CALENDAR_QUARTER => Period::quarter(YearType::Calendar, year, quarter_ending(month)?),
        FINANCIAL_QUARTER => match quarter_ending(month)? {
            1 => Period::quarter(YearType::Financial, before, 4),
            later => Period::quarter(YearType::Financial, year, later.checked_sub(1)?),
        },
        TERM_OF_FOUR => Period::term(year, 1),
        TERM_OF_THREE => Period::term(before, 2),
        TERM_OF_FIVE => Period::term(before, 3),
        0..=ONE_YEAR => {
            let longer = i16::try_from(ONE_YEAR.checked_sub(code)?).ok()?;
            let (year_type, last_year) = match month {
                3 => (YearType::Financial, before),
                8 => (YearType::Academic, before),
                _ => (YearType::Calendar, year),
            };
            Period::years(year_type, last_year.checked_sub(longer)?, last_year)
        }
        _ => None,
    }
}
