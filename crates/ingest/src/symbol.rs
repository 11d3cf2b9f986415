//! Signs in the column of values that say why there is no figure; `docs/FORMATS.md` has the table.

use domain::Missing;

use crate::kinds::MISSING;

/// What a text that is no number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// One of the five symbols of official statistics, in small letters or capitals.
    Official(Missing),
    /// A sign in common use, of which the writing is kept.
    Common(Missing),
    /// A dash: none, not applicable or not available, as each writer has it.
    Dash,
}

/// Signs in common use, in lower case.
///
/// Source: “Data symbols”, analysts' guide of the Department for Education, for `k` and the former `:` and `~`; the key
/// of Kent's scorecards (“N/A Data not available”) for `n/a`, which elsewhere means not applicable.
const COMMON: [(&str, Missing); 5] = [
    ("n/a", Missing::Unavailable),
    ("..", Missing::Unavailable),
    (":", Missing::Unavailable),
    ("~", Missing::Low),
    ("k", Missing::Low),
];

/// A hyphen, an en dash, an em dash, a minus sign.
const DASHES: [&str; 4] = ["-", "\u{2013}", "\u{2014}", "\u{2212}"];

/// Reads a trimmed text; `None` for what is no symbol.
pub(crate) fn read(text: &str) -> Option<Symbol> {
    if let Some(missing) = official(text) {
        return Some(Symbol::Official(missing));
    }
    if DASHES.contains(&text) {
        return Some(Symbol::Dash);
    }
    let common = COMMON.iter().find(|(sign, _)| text.eq_ignore_ascii_case(sign)).map(|(_, missing)| *missing);
    common.or(small_number(text).then_some(Missing::Confidential)).map(Symbol::Common)
}

/// One of the five symbols of official statistics.
pub(crate) fn official(text: &str) -> Option<Missing> {
    let symbols = MISSING.iter().take(5);
    symbols.into_iter().find(|(symbol, _)| text.eq_ignore_ascii_case(symbol)).map(|(_, missing)| *missing)
}

/// True for `<5`: a count too small to be given. `<0.5` and `<1%` may be figures that round to 0.
fn small_number(text: &str) -> bool {
    let count = text.strip_prefix('<').map_or("", str::trim_start);
    !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit())
}
