//! Number formats, as far as they change what a number means: percentages, whether a number is shown
//! at all, and how much of a date is shown.
//!
//! Source: ECMA-376 part 1, section 18.8.31, number format codes.

use std::cmp::Ordering;

use domain::Decimal;

use super::cell::Fault;

/// A section of a format code.
#[derive(Default)]
struct Section {
    /// Without texts in quotation marks, escaped characters and brackets, in small letters.
    plain: String,
    /// The texts in quotation marks, the escaped characters and currencies.
    text: String,
    /// The condition in brackets that chooses it.
    condition: Option<Condition>,
}

/// A condition on a number, such as `<5`.
struct Condition {
    /// The orders of the number and the bound with which it holds.
    holds: &'static [Ordering],
    /// `None` where it cannot be read.
    bound: Option<Decimal>,
}

const OPERATORS: [(&str, &[Ordering]); 6] = [
    ("<=", &[Ordering::Less, Ordering::Equal]),
    (">=", &[Ordering::Greater, Ordering::Equal]),
    ("<>", &[Ordering::Less, Ordering::Greater]),
    ("<", &[Ordering::Less]),
    (">", &[Ordering::Greater]),
    ("=", &[Ordering::Equal]),
];

impl Condition {
    fn read(inside: &str) -> Option<Self> {
        let (bound, holds) =
            OPERATORS.into_iter().find_map(|(sign, holds)| Some((inside.strip_prefix(sign)?, holds)))?;
        Some(Self { holds, bound: Decimal::parse(bound.trim()).ok() })
    }

    /// Whether it holds; `None` where that cannot be told.
    fn holds(&self, number: Option<Decimal>) -> Option<bool> {
        Some(self.holds.contains(&number?.compare(self.bound?)))
    }
}

impl Section {
    fn shows_number(&self) -> bool {
        self.plain.contains(['0', '#', '?', '@']) || self.plain.contains("general")
    }

    /// What it shows beside a number.
    fn shown(&self) -> String {
        let plain = self.plain.trim();
        if plain.is_empty() { self.text.trim().to_owned() } else { format!("{}{plain}", self.text.trim()) }
    }
}

fn sections(code: &str) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut section = Section::default();
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => section.text.extend(characters.by_ref().take_while(|c| *c != '"')),
            '\\' => section.text.extend(characters.next()),
            // The next character is a width, or fills.
            '_' | '*' => drop(characters.next()),
            '[' => {
                let inside: String = characters.by_ref().take_while(|c| *c != ']').collect();
                section.condition = Condition::read(&inside).or(section.condition);
                let currency = inside.strip_prefix('$').and_then(|rest| rest.split('-').next());
                section.text.push_str(currency.unwrap_or_default());
            }
            ';' => sections.push(std::mem::take(&mut section)),
            _ => section.plain.push(character.to_ascii_lowercase()),
        }
    }
    sections.push(section);
    sections
}

static HALF_PER_CENT: Fault = Fault {
    problem: "has a number format that shows some numbers as percentages and others not",
    remedy: "give the column one format, and look at what it then shows",
};
static COVERED: Fault = Fault {
    problem: "is what the number format shows in place of a number",
    remedy: "write the symbol itself in the cell, or give the cell a format that shows the number",
};
static HIDDEN: Fault = Fault {
    problem: "is a number that its format does not show",
    remedy: "give the cell a format that shows it, or write in the cell what is meant",
};

/// Whether a number is shown multiplied by 100, with a per cent sign; or what is shown and what is wrong with it, where
/// that is nothing of the number.
///
/// `digits` is the number, and `sign` says how it compares with 0. A dash for 0 is how accounts write it.
pub(super) fn per_cent(code: &str, digits: &str, sign: Ordering) -> Result<bool, (String, &'static Fault)> {
    let plain = |code: &str| code.bytes().all(|b| b"0#?.,".contains(&b));
    if code.trim().is_empty() || code.eq_ignore_ascii_case("general") || plain(code) {
        return Ok(false);
    }
    // The fourth is for texts.
    let mut sections = sections(code);
    sections.truncate(3);
    let chosen = if sections.iter().any(|section| section.condition.is_some()) {
        conditional(&sections, Decimal::parse(digits).ok(), sign)
    } else {
        let at = match (sign, sections.len()) {
            (Ordering::Less, 2..) => 1,
            (Ordering::Equal, 3..) => 2,
            _ => 0,
        };
        sections.get(at).into_iter().collect()
    };
    for section in chosen.iter().filter(|section| !section.shows_number()) {
        let shown = section.shown();
        let dash = !shown.is_empty() && shown.chars().all(|c| matches!(c, '-' | '–' | '—'));
        if !(dash && sign == Ordering::Equal) {
            let fault = if shown.is_empty() { &HIDDEN } else { &COVERED };
            return Err((shown, fault));
        }
    }
    let hundredfold = |section: &Section| section.plain.contains('%');
    let mixed = sections.iter().any(|section| Some(hundredfold(section)) != sections.first().map(hundredfold));
    if mixed && sections.iter().any(|section| section.condition.is_some()) {
        return Err((digits.to_owned(), &HALF_PER_CENT));
    }
    Ok(chosen.first().is_some_and(|section| hundredfold(section)))
}

/// The sections that may show a number, where conditions choose; none where all of them fail. Programs differ on what a
/// section without a condition is for that stands before others.
fn conditional(sections: &[Section], number: Option<Decimal>, sign: Ordering) -> Vec<&Section> {
    let mut found = Vec::new();
    for (at, section) in sections.iter().enumerate() {
        let ends = match &section.condition {
            Some(condition) => condition.holds(number),
            None if at.saturating_add(1) == sections.len() => Some(true),
            None => (at == 1 && sign == Ordering::Less).then_some(true),
        };
        if ends != Some(false) {
            found.push(section);
        }
        if ends == Some(true) {
            break;
        }
    }
    found
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
    let first = sections(code).into_iter().next().unwrap_or_default().plain;
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
