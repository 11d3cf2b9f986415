//! Digits, two at a time: one answer has hundreds of days and identifiers, which are put together of these at a fraction of the
//! work that a format is.

/// A number of 0 to 99 as two digits; of a larger one, the last two.
#[inline]
pub(crate) fn two(number: u32) -> &'static str {
    pair(DECIMAL, number % 100)
}

/// A byte as two hexadecimal digits, lower case.
#[inline]
pub(crate) fn hex(byte: u8) -> &'static str {
    pair(HEXADECIMAL, byte.into())
}

#[inline]
fn pair(pairs: &'static str, number: u32) -> &'static str {
    let at = usize::try_from(number).unwrap_or(0).saturating_mul(2);
    pairs.get(at..at.saturating_add(2)).unwrap_or_default()
}

const DECIMAL: &str = text(&pairs::<200>(10));
const HEXADECIMAL: &str = text(&pairs::<512>(16));

/// Pairs of digits to a base, in order.
#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "it is computed while compiling")]
const fn pairs<const N: usize>(base: usize) -> [u8; N] {
    let digits = b"0123456789abcdef";
    let mut pairs = [0; N];
    let mut at = 0;
    while at < N {
        let number = at / 2;
        pairs[at] = digits[if at % 2 == 0 { number / base } else { number % base }];
        at += 1;
    }
    pairs
}

const fn text(digits: &'static [u8]) -> &'static str {
    match std::str::from_utf8(digits) {
        Ok(text) => text,
        Err(_) => "",
    }
}
