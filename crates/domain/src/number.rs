//! Exact numbers: decimals as they were written, and ratios that are never put through binary floating point.

use std::cmp::Ordering;
use std::fmt;

/// The largest scale of a [`Decimal`]: digits after the point.
pub const SCALE_MAX: u8 = 18;
/// The largest scale of a numerator or a denominator; it keeps every product below 2^127.
pub const RATIO_SCALE_MAX: u8 = 6;
/// The most digits that a figure is shown with after the point.
pub const DECIMAL_PLACES_MAX: u8 = 6;
/// The largest ratio multiplier: a rate per million.
pub const MULTIPLIER_MAX: u32 = 1_000_000;

/// A number as it was written: `coefficient × 10^-scale`.
///
/// Equality is of the writing (`74` and `74.0` differ); [`Decimal::compare`] is of the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    coefficient: i64,
    scale: u8,
}

/// Why a text is not a decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Not digits with at most one point and a leading minus sign. Write it as `-12.5`.
    #[error("is not a number written as digits, such as 43.4")]
    Form,
    /// More than 18 digits after the point, or too large for 64 bits. Write fewer digits.
    #[error("has more digits than can be kept exactly (18 after the point, about 18 in all)")]
    Digits,
}

impl Decimal {
    /// `coefficient × 10^-scale`.
    ///
    /// # Errors
    /// [`DecimalError::Digits`] when `scale` is over [`SCALE_MAX`].
    pub const fn new(coefficient: i64, scale: u8) -> Result<Self, DecimalError> {
        if scale > SCALE_MAX {
            return Err(DecimalError::Digits);
        }
        Ok(Self { coefficient, scale })
    }

    /// A whole number.
    pub const fn whole(coefficient: i64) -> Self {
        Self { coefficient, scale: 0 }
    }

    /// Reads `-12.50` as it is written, keeping the trailing zero. No exponent, sign `+`, space or thousands mark.
    ///
    /// # Errors
    /// [`DecimalError`].
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let point_without_digits = digits.contains('.') && fraction.is_empty();
        if whole.is_empty()
            || point_without_digits
            || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit())
        {
            return Err(DecimalError::Form);
        }
        let scale = u8::try_from(fraction.len()).ok().filter(|s| *s <= SCALE_MAX).ok_or(DecimalError::Digits)?;
        let mut coefficient: i64 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            let digit = i64::from(digit.wrapping_sub(b'0'));
            let digit = if negative { digit.wrapping_neg() } else { digit };
            coefficient = coefficient.checked_mul(10).and_then(|c| c.checked_add(digit)).ok_or(DecimalError::Digits)?;
        }
        Ok(Self { coefficient, scale })
    }

    /// The digits as a whole number.
    pub const fn coefficient(self) -> i64 {
        self.coefficient
    }

    /// How many of the digits stand after the point, 0 to 18.
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// The exact value.
    pub fn exact(self) -> Exact {
        Exact { numerator: i128::from(self.coefficient), denominator: pow10(self.scale) }
    }

    /// Compares the numbers: `74` equals `74.0`.
    pub fn compare(self, other: Self) -> Ordering {
        self.exact().compare(other.exact())
    }
}

impl Decimal {
    /// As it is written, all its digits: `-0.50`.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(TEXT_BYTES);
        self.push(&mut text, String::push_str);
        text
    }

    /// Puts it at the end of a text, with a comma between thousands: `1,747.0`.
    pub fn push_grouped(self, text: &mut String) {
        self.push(text, |text, whole| {
            let n_before = whole.len().saturating_sub(1) % 3;
            let (before, mut groups) = whole.split_at(n_before.saturating_add(1));
            text.push_str(before);
            while let Some((group, rest)) = groups.split_at_checked(3) {
                text.push(',');
                text.push_str(group);
                groups = rest;
            }
        });
    }

    /// Puts it at the end of a text, by how the digits before the point are put there.
    fn push(self, text: &mut String, push_whole: impl FnOnce(&mut String, &str)) {
        let scale = usize::from(self.scale);
        let mut digits = [b'0'; DIGITS_MAX];
        let (mut rest, mut n_digits) = (self.coefficient.unsigned_abs(), 0_usize);
        for digit in digits.iter_mut().rev() {
            if rest == 0 {
                break;
            }
            *digit |= u8::try_from(rest % 10).unwrap_or_default();
            (rest, n_digits) = (rest / 10, n_digits.saturating_add(1));
        }
        let n_digits = n_digits.max(scale.saturating_add(1));
        let (_unused, digits) = digits.split_at(DIGITS_MAX.saturating_sub(n_digits));
        let (whole, fraction) = digits.split_at(n_digits.saturating_sub(scale));
        let digits = |digits| str::from_utf8(digits).unwrap_or_default();
        if self.coefficient < 0 {
            text.push('-');
        }
        push_whole(text, digits(whole));
        if scale > 0 {
            text.push('.');
            text.push_str(digits(fraction));
        }
    }
}

/// How many digits a coefficient has at the most; no scale has more.
const DIGITS_MAX: usize = 19;
/// Room for the text of most numbers.
const TEXT_BYTES: usize = 8;

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl std::str::FromStr for Decimal {
    type Err = DecimalError;
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        Self::parse(text)
    }
}

/// `10^scale`, of scales up to 36.
pub fn pow10(scale: u8) -> i128 {
    POWERS.get(usize::from(scale)).copied().unwrap_or(i128::MAX)
}

#[expect(clippy::indexing_slicing, reason = "it is computed while compiling")]
const POWERS: [i128; 37] = {
    let mut powers = [1_i128; 37];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// Why a numerator and denominator give no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RatioError {
    /// Nothing can be divided by nothing. Record the result as missing, with its reason.
    #[error("the denominator is 0")]
    DenominatorZero,
    /// Counts of people and things are not negative. Correct the sign.
    #[error("a numerator or denominator is negative")]
    Negative,
    /// More than [`RATIO_SCALE_MAX`] digits after the point. Write fewer.
    #[error("a numerator or denominator has more than 6 digits after the point")]
    Scale,
    /// A multiplier of 0 or over [`MULTIPLIER_MAX`].
    #[error("the ratio multiplier is not 1 to 1,000,000")]
    Multiplier,
}

/// An exact value: a fraction with a positive denominator, not reduced.
#[derive(Debug, Clone, Copy)]
pub struct Exact {
    numerator: i128,
    denominator: i128,
}

impl Exact {
    /// `numerator / denominator × multiplier`, exactly.
    ///
    /// # Errors
    /// [`RatioError`].
    pub fn ratio(numerator: Decimal, denominator: Decimal, multiplier: u32) -> Result<Self, RatioError> {
        if denominator.coefficient == 0 {
            return Err(RatioError::DenominatorZero);
        }
        if numerator.coefficient < 0 || denominator.coefficient < 0 {
            return Err(RatioError::Negative);
        }
        if numerator.scale > RATIO_SCALE_MAX || denominator.scale > RATIO_SCALE_MAX {
            return Err(RatioError::Scale);
        }
        if multiplier == 0 || multiplier > MULTIPLIER_MAX {
            return Err(RatioError::Multiplier);
        }
        // At most 2^63 × 10^6 × 10^6 < 2^103, so that nothing here saturates.
        Ok(Self {
            numerator: i128::from(numerator.coefficient)
                .saturating_mul(i128::from(multiplier))
                .saturating_mul(pow10(denominator.scale)),
            denominator: i128::from(denominator.coefficient).saturating_mul(pow10(numerator.scale)),
        })
    }

    /// The fraction's upper number; below zero for a negative value.
    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    /// The fraction's lower number, above 0; the fraction is not reduced.
    pub const fn denominator(self) -> i128 {
        self.denominator
    }

    /// Compares two exact values. Never overflows and never rounds.
    pub fn compare(self, other: Self) -> Ordering {
        if self.denominator == other.denominator {
            return self.numerator.cmp(&other.numerator);
        }
        let crossed = self.numerator.checked_mul(other.denominator).zip(other.numerator.checked_mul(self.denominator));
        match crossed {
            Some((left, right)) => left.cmp(&right),
            None => compare_fractions(self, other),
        }
    }

    /// The distance between two values, exactly where it fits; `None` when it does not fit in 127 bits.
    pub fn distance(self, other: Self) -> Option<Self> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        Some(Self {
            numerator: left.checked_sub(right)?.checked_abs()?,
            denominator: self.denominator.checked_mul(other.denominator)?,
        })
    }

    /// How many times as large as another it is, both without their signs; `None` when the other is 0 or the fraction
    /// does not fit in 127 bits.
    pub fn times(self, other: Self) -> Option<Self> {
        let magnitude = |exact: Self| Some((exact.numerator.checked_abs()?, exact.denominator));
        let ((a, b), (c, d)) = (magnitude(self)?, magnitude(other)?);
        // Reduced across before anything is multiplied, so that all that can fit does.
        let (across, along) = (greatest_divisor(a, c), greatest_divisor(d, b));
        let numerator = a.checked_div(across)?.checked_mul(d.checked_div(along)?)?;
        let denominator = b.checked_div(along)?.checked_mul(c.checked_div(across)?)?;
        (denominator > 0).then_some(Self { numerator, denominator })
    }

    /// Rounds half away from zero to `decimal_places` (at most 6) digits after the point.
    ///
    /// `None` when the rounded number does not fit in 64 bits.
    pub fn round(self, decimal_places: u8) -> Option<Decimal> {
        let places = decimal_places.min(SCALE_MAX);
        let whole = self.numerator.checked_div_euclid(self.denominator)?;
        let rest = self.numerator.checked_rem_euclid(self.denominator)?;
        let scale = pow10(places);
        let scaled = rest.checked_mul(scale)?;
        let floor = whole.checked_mul(scale)?.checked_add(scaled.checked_div(self.denominator)?)?;
        let doubled_rest = scaled.checked_rem(self.denominator)?.checked_mul(2)?;
        let up = match doubled_rest.cmp(&self.denominator) {
            Ordering::Less => false,
            Ordering::Greater => true,
            Ordering::Equal => self.numerator >= 0,
        };
        let rounded = if up { floor.checked_add(1)? } else { floor };
        Some(Decimal { coefficient: i64::try_from(rounded).ok()?, scale: places })
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.compare(*other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl From<Decimal> for Exact {
    fn from(decimal: Decimal) -> Self {
        decimal.exact()
    }
}

/// The greatest number that divides both; at least 1, also of 0 and 0.
fn greatest_divisor(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a.checked_rem(b).unwrap_or(0));
    }
    a.max(1)
}

/// Compares by whole parts, then by the reciprocals of what is left, as Euclid would: no product is needed.
fn compare_fractions(mut left: Exact, mut right: Exact) -> Ordering {
    let mut flipped = false;
    loop {
        let order = left.numerator.div_euclid(left.denominator).cmp(&right.numerator.div_euclid(right.denominator));
        let (left_rest, right_rest) =
            (left.numerator.rem_euclid(left.denominator), right.numerator.rem_euclid(right.denominator));
        let order = match (order, left_rest, right_rest) {
            (Ordering::Equal, 0, 0) => Ordering::Equal,
            (Ordering::Equal, 0, _) => Ordering::Less,
            (Ordering::Equal, _, 0) => Ordering::Greater,
            (Ordering::Equal, _, _) => {
                left = Exact { numerator: left.denominator, denominator: left_rest };
                right = Exact { numerator: right.denominator, denominator: right_rest };
                flipped = !flipped;
                continue;
            }
            (order, _, _) => order,
        };
        return if flipped { order.reverse() } else { order };
    }
}
