//! Numbers as people and spreadsheets write them, to decimals; exactly, or not at all.

use domain::Decimal;
use domain::number::DecimalError;

use crate::double;

/// A number that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    /// What was read.
    pub(crate) value: Decimal,
    /// True when it was written otherwise: with a `%`, with thousands marks, as a double's long form, or with a sum's
    /// noise.
    pub(crate) rewritten: bool,
}

/// What is wrong with a number, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NumberProblem {
    pub(crate) problem: String,
    pub(crate) remedy: String,
}

fn problem<T>(problem: &str, remedy: &str) -> Result<T, NumberProblem> {
    Err(NumberProblem { problem: problem.to_owned(), remedy: remedy.to_owned() })
}

/// Whether a per cent sign may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PerCent {
    /// In a column whose source text is kept.
    Allowed,
    /// Elsewhere: the unit belongs to the measure.
    Refused,
}

/// Reads a trimmed text such as `43.4`, `-0.5`, `1,747` or, where it is allowed, `43.4%`.
pub(crate) fn read(text: &str, per_cent: PerCent) -> Result<Number, NumberProblem> {
    let number = match (text.strip_suffix('%'), per_cent) {
        (None, _) => text,
        (Some(number), PerCent::Allowed) => number.trim_end(),
        (Some(_), PerCent::Refused) => {
            return problem("has a per cent sign", "write the number alone; the unit is the measure's");
        }
    };
    let plain = without_thousands(number)?;
    let shortest = double::shortest(&plain);
    let short = shortest.as_deref().unwrap_or(&plain);
    let clean = double::without_noise(short);
    let digits = clean.as_deref().unwrap_or(short);
    match Decimal::parse(digits) {
        Ok(value) => Ok(Number { value, rewritten: digits != text }),
        Err(error @ DecimalError::Form) => problem(&error.to_string(), &remedy_for(number)),
        Err(error @ DecimalError::Digits) => problem(&error.to_string(), "write fewer digits"),
    }
}

/// Reads the same, and the exponents that spreadsheets write too: `7.7999999999999999E-4` is 0.00078.
pub(crate) fn read_from_a_spreadsheet(text: &str, per_cent: PerCent) -> Result<Number, NumberProblem> {
    match double::without_exponent(text) {
        Some(digits) => read(&digits, per_cent).map(|number| Number { rewritten: true, ..number }),
        None => read(text, per_cent),
    }
}

/// What to write instead of a text that is no number.
fn remedy_for(text: &str) -> String {
    let number_like = text.bytes().any(|b| b.is_ascii_digit());
    if number_like && text.chars().any(|c| c.is_numeric() && !c.is_ascii_digit()) {
        return "write the figure alone, in plain digits, without the mark of a footnote".to_owned();
    }
    if number_like && text.contains(['e', 'E']) {
        return "write it out as digits, without an exponent".to_owned();
    }
    if number_like && text.starts_with('+') {
        return "leave out the plus sign".to_owned();
    }
    "write digits with a point, such as 43.4".to_owned()
}

/// Takes out thousands marks, only where each stands before exactly three digits: `1,747`, never `43,4`.
fn without_thousands(text: &str) -> Result<std::borrow::Cow<'_, str>, NumberProblem> {
    if !text.contains(',') {
        return Ok(text.into());
    }
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut groups = whole.strip_prefix('-').unwrap_or(whole).split(',');
    let all_digits = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let leads = groups.next().is_some_and(|first| all_digits(first) && first.len() <= 3 && !first.starts_with('0'));
    if !leads || !groups.all(|group| all_digits(group) && group.len() == 3) || fraction.is_some_and(|f| f.contains(','))
    {
        return problem(
            "has a comma that is no thousands mark",
            "write a point before decimals (43.4), and a comma only between thousands (1,747)",
        );
    }
    Ok(text.replace(',', "").into())
}
