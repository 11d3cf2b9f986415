//! Areas by the names that people write, for those who do not write codes.

use std::collections::BTreeMap;

use domain::AreaId;

/// The names that areas have or had, each with its area. Capitals and the number of spaces do not matter.
///
/// A code is found as itself, whatever else is called so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AreaNames {
    areas: BTreeMap<String, Vec<AreaId>>,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found<'n> {
    /// One area.
    One(&'n AreaId),
    /// Two or more that have or had this name, in code order.
    Several(&'n [AreaId]),
}

impl AreaNames {
    /// From areas and names, of which each area may have several, in any order.
    pub fn new<'a>(names: impl IntoIterator<Item = (&'a AreaId, &'a str)>) -> Self {
        let mut areas: BTreeMap<String, Vec<AreaId>> = BTreeMap::new();
        let mut codes: BTreeMap<String, Vec<AreaId>> = BTreeMap::new();
        for (area, name) in names {
            let called = areas.entry(normal(name)).or_default();
            if let Err(place) = called.binary_search(area) {
                called.insert(place, area.clone());
            }
            codes.entry(normal(area.as_str())).or_insert_with(|| vec![area.clone()]);
        }
        areas.extend(codes);
        Self { areas }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// `None` for what nothing is called; also for the codes of official statistics, which need not be looked up.
    pub(crate) fn find(&self, text: &str) -> Option<Found<'_>> {
        if self.areas.is_empty() || is_official(text) {
            return None;
        }
        match self.areas.get(&normal(text))?.as_slice() {
            [one] => Some(Found::One(one)),
            several => Some(Found::Several(several)),
        }
    }
}

/// True for a letter and eight digits: every row of a large file has such a code.
fn is_official(text: &str) -> bool {
    let (letter, digits) = text.split_at_checked(1).unwrap_or_default();
    digits.len() == 8 && letter.bytes().all(|b| b.is_ascii_uppercase()) && digits.bytes().all(|b| b.is_ascii_digit())
}

fn normal(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
