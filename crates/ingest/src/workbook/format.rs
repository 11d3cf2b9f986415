//! Number formats, as far as they change what a number means: percentages, and how much of a date is shown.
//!
//! Source: ECMA-376 part 1, section 18.8.31, number format codes.

use std::cmp::Ordering;

use super::cell::Fault;

/// The sections of a format code without texts in quotation marks, escaped characters and brackets.
struct Sections {
    plain: Vec<String>,
    /// True when a condition in brackets chooses the section.
    conditional: bool,
}

fn sections(code: &str) -> Sections {
    let mut plain = vec![String::new()];
    let mut conditional = false;
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => drop(characters.by_ref().find(|c| *c == '"')),
            // The next character stands for itself, is a width, or fills.
            '\\' | '_' | '*' => drop(characters.next()),
            '[' => {
                let inside: String = characters.by_ref().take_while(|c| *c != ']').collect();
                conditional |= inside.starts_with(['<', '>', '=']);
            }
            ';' => plain.push(String::new()),
            _ => {
                if let Some(section) = plain.last_mut() {
                    section.push(character.to_ascii_lowercase());
                }
            }
        }
    }
    Sections { plain, conditional }
}

const HALF_PER_CENT: Fault = Fault {
    problem: "has a number format that shows some numbers as percentages and others not",
    remedy: "give the column one format, and look at what it then shows",
};

/// Whether a number of this sign is shown multiplied by 100, with a per cent sign.
pub(super) fn per_cent(code: &str, sign: Ordering) -> Result<bool, &'static Fault> {
    if !code.contains('%') {
        return Ok(false);
    }
    let Sections { plain, conditional } = sections(code);
    let shown: Vec<bool> = plain.iter().take(3).map(|section| section.contains('%')).collect();
    if conditional && shown.iter().any(|one| Some(one) != shown.first()) {
        return Err(&HALF_PER_CENT);
    }
    let at = match (sign, shown.len()) {
        (Ordering::Less, 2..) => 1,
        (Ordering::Equal, 3..) => 2,
        _ => 0,
    };
    Ok(shown.get(at).copied().unwrap_or(false))
}

/// How much of a date a format shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// A day.
    Day,
    /// A month, with or without its year: `mmm-yy`.
    Month,
    /// A year alone.
    Year,
    /// A day and a time of day.
    Instant,
    /// A time of day alone.
    Time,
}

/// How much of a date a format code shows; a day where it says nothing, as some built-in formats of other languages do.
pub(super) fn shown(code: &str) -> Shown {
    let first = sections(code).plain.into_iter().next().unwrap_or_default();
    if first == "general" {
        return Shown::Day;
    }
    let has = |letter: char| first.contains(letter);
    // With hours or seconds, `m` is minutes; `am/pm` has an `m` too.
    match (has('h') || has('s'), has('d'), has('y'), has('m')) {
        (true, true, _, _) | (true, _, true, _) => Shown::Instant,
        (true, false, false, _) => Shown::Time,
        (false, false, _, true) => Shown::Month,
        (false, false, true, false) => Shown::Year,
        (false, ..) => Shown::Day,
    }
}
