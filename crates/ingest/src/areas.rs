//! Areas by the names that people write, for those who do not write codes.

use std::collections::{BTreeMap, BTreeSet};

use domain::AreaId;

/// The names that areas have or had, each with its area. Capitals, the number of spaces, and `&` for `and` do not matter.
///
/// A code is found as itself, whatever else is called so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AreaNames {
    areas: BTreeMap<String, BTreeSet<AreaId>>,
    codes: BTreeMap<String, AreaId>,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found<'n> {
    /// One area.
    One(&'n AreaId),
    /// Two or more that have or had this name, in code order.
    Several(Vec<&'n AreaId>),
}

impl AreaNames {
    /// From areas and names, of which each area may have several, in any order.
    pub fn new<'a>(names: impl IntoIterator<Item = (&'a AreaId, &'a str)>) -> Self {
        let mut found = Self::default();
        names.into_iter().for_each(|(area, name)| found.add(area, name));
        found
    }

    /// Adds a name that an area has or had.
    pub fn add(&mut self, area: &AreaId, name: &str) {
        self.areas.entry(plain(name)).or_default().insert(area.clone());
        self.codes.entry(plain(area.as_str())).or_insert_with(|| area.clone());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// The area that has this code.
    pub(crate) fn coded(&self, text: &str) -> Option<&AreaId> {
        self.codes.get(&plain(text))
    }

    /// `None` for what nothing is called; also for the codes of official statistics, which need not be looked up.
    pub(crate) fn find(&self, text: &str) -> Option<Found<'_>> {
        if self.areas.is_empty() || is_official(text) {
            return None;
        }
        let text = plain(text);
        if let Some(area) = self.codes.get(&text) {
            return Some(Found::One(area));
        }
        let named: Vec<&AreaId> = self.areas.get(&text)?.iter().collect();
        Some(match named.as_slice() {
            [one] => Found::One(one),
            _ => Found::Several(named),
        })
    }
}

/// True for a letter and eight digits: every row of a large file has such a code.
fn is_official(text: &str) -> bool {
    let (letter, digits) = text.split_at_checked(1).unwrap_or_default();
    digits.len() == 8 && letter.bytes().all(|b| b.is_ascii_uppercase()) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// A name as it is compared.
pub(crate) fn plain(name: &str) -> String {
    let name = name.to_lowercase().replace('&', " and ");
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}
