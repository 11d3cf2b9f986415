//! The one place that knows binary floating point, because spreadsheets write it: `4.5999999999999996` is how a program
//! that computes with doubles writes 4.6, and `28.999999999999996` what it makes of 0.29 times 100. Nothing is computed
//! here; a text becomes the double that it names and that double becomes the shortest text that names it, or the text of
//! its first 15 digits, all exactly as the standard library defines.

/// The most significant digits that any double keeps: up to here what is written is what is meant.
const DIGITS_KEPT_BY_EVERY_DOUBLE: usize = 15;
/// The significant digits with which programs write a double that needs more than those.
const DIGITS_OF_PROGRAMS: std::ops::RangeInclusive<usize> = 16..=17;
/// The fewest zeros in which a number that is rounded to so many digits ends, for the rest to be noise.
const NOISE_ZEROS_MIN: usize = 3;
/// The longest text that is looked at; a decimal that can be kept is shorter.
const TEXT_BYTES_MAX: usize = 64;

/// The shortest decimal that gives the same double back, when `text` is a double written out long.
///
/// `text` is digits with a point and perhaps a minus sign. It is a double's long form when it has more than 15
/// significant digits and is that double's exact value, rounded to as many digits as are written. `None` for every
/// other text (which stays as it is written) and when the shortest form is what is written.
pub(crate) fn shortest(text: &str) -> Option<String> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    if !plain || text.len() > TEXT_BYTES_MAX || !text.contains('.') {
        return None;
    }
    let digits = text.bytes().filter(u8::is_ascii_digit);
    let n_digits = digits.skip_while(|digit| *digit == b'0').count();
    if n_digits <= DIGITS_KEPT_BY_EVERY_DOUBLE {
        return None;
    }
    let double: f64 = text.parse().ok()?;
    let places = n_digits.saturating_sub(1);
    let long = format!("{double:.places$e}");
    let (mantissa, _exponent) = long.split_once('e')?;
    let shortest = double.to_string();
    // The same double has the same exponent, unless rounding carried into another digit; then the digits differ too.
    (significant(mantissa) == significant(text) && shortest != text).then_some(shortest)
}

/// The decimal that a program's sum was to be, when `text` misses it by a hair: 0.29 times 100 is written
/// `28.999999999999996`, and 0.1 and 0.2 together `0.30000000000000004`.
///
/// `text` is digits with a point and perhaps a minus sign. It has a sum's noise when it has 16 or 17 significant digits,
/// as many as programs write, and its double, rounded to the 15 that every double keeps, ends in three zeros or more.
/// That it is the double's shortest form is not asked: spreadsheets write `1.0699999999999999` for a double that is
/// nearer to `1.0699999999999998`. `None` for every other text, so that 1/3 and 100/7 stay as they are written: of
/// decimals without end one in a thousand is taken for noise, and is changed by less than a part in 10¹⁴.
pub(crate) fn without_noise(text: &str) -> Option<String> {
    // Most numbers are shorter, and are not looked at.
    if text.len() <= DIGITS_KEPT_BY_EVERY_DOUBLE || text.len() > TEXT_BYTES_MAX || !text.contains('.') {
        return None;
    }
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    if !plain || !DIGITS_OF_PROGRAMS.contains(&significant(text).len()) {
        return None;
    }
    let double: f64 = text.parse().ok()?;
    let places = DIGITS_KEPT_BY_EVERY_DOUBLE.saturating_sub(1);
    let rounded = format!("{double:.places$e}");
    let (mantissa, _exponent) = rounded.split_once('e')?;
    let n_digits = significant(mantissa).trim_end_matches('0').len();
    let noise = n_digits <= DIGITS_KEPT_BY_EVERY_DOUBLE.saturating_sub(NOISE_ZEROS_MIN);
    let decimal = rounded.parse::<f64>().ok()?.to_string();
    (noise && decimal != text).then_some(decimal)
}

/// The decimal that a spreadsheet's number was: the shortest that gives the double back, or, where that still has more
/// than 15 significant digits, the double rounded to 15, which is all that a spreadsheet shows or takes.
///
/// `-0.25000000000000006` is `-0.25`. `None` when it is not finite.
pub(crate) fn of_spreadsheet(double: f64) -> Option<String> {
    if !double.is_finite() {
        return None;
    }
    let shortest = double.to_string();
    let digits = significant(&shortest);
    let text = if digits.trim_end_matches('0').len() > DIGITS_KEPT_BY_EVERY_DOUBLE {
        let places = DIGITS_KEPT_BY_EVERY_DOUBLE.saturating_sub(1);
        format!("{double:.places$e}").parse::<f64>().ok()?.to_string()
    } else {
        shortest
    };
    Some(if text == "-0" { "0".to_owned() } else { text })
}

/// A number with an exponent, which only programs write, as the shortest decimal that gives the same double back.
///
/// `None` for a text without an exponent, for one that is no number or no finite one, and for one that a double cannot
/// keep: a number so small that it becomes 0, and a whole number that becomes another one.
pub(crate) fn without_exponent(text: &str) -> Option<String> {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let plain = mantissa.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    // Three digits of exponent are more than a number that can be kept has.
    if !plain || !digits(exponent) || exponent.len() > 3 || text.len() > TEXT_BYTES_MAX {
        return None;
    }
    let shortest = text.parse::<f64>().ok().filter(|double| double.is_finite())?.to_string();
    let (written, read) = (significant(mantissa), significant(&shortest));
    let vanished = read.is_empty() && !written.is_empty();
    // A whole number of more digits than every double keeps is read exactly or not at all.
    let long = !shortest.contains('.') && read.len() > DIGITS_KEPT_BY_EVERY_DOUBLE;
    let another = long && written.trim_end_matches('0') != read.trim_end_matches('0');
    (!vanished && !another).then_some(shortest)
}

/// The digits from the first that is not 0.
fn significant(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).skip_while(|digit| *digit == '0').collect()
}
