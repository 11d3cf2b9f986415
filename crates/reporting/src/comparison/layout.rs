//! Where rows stand: cohorts, sections, order, and whether they are rated.

use std::collections::{BTreeMap, BTreeSet};

use domain::scorecard::LayoutRow;

use super::pairs;
use super::{Given, Placed, of_row};
use crate::answer::{Difference, DifferenceKind, owner_words};

pub(super) fn cohort(was: &Placed, now: &Placed) -> Option<Difference> {
    if was.layout.cohort == now.layout.cohort {
        return None;
    }
    let shown = |placed: &Placed| format!("{} ({})", placed.row.cohort_name, placed.layout.cohort);
    let (before, after) = (shown(was), shown(now));
    let (title, row) = (&now.row.definition.title, &now.row);
    let how = if now.layout.rated { "shown and rated" } else { "shown" };
    let figure =
        row.result.as_ref().map_or_else(|| "it has no result".to_owned(), |it| format!("its figure is {}", it.display));
    let target =
        row.target.as_ref().map_or_else(|| "it has no target".to_owned(), |it| format!("its target is {}", it.display));
    let sentence = format!("{title} is now {how} for {after} instead of {before}; {figure}, {target}.");
    Some(of_row(&now.row, DifferenceKind::Cohort, (before, after), sentence))
}

/// With `several` rows of the measure it says for which cohort.
pub(super) fn layout(was: &Placed, now: &Placed, several: bool) -> Option<Difference> {
    let shown = |placed: &Placed| match (placed.layout.rated, placed.layout.owner) {
        (false, _) => "shown for information".to_owned(),
        (true, None) => "rated".to_owned(),
        (true, Some(owner)) => format!("rated by the {}", owner_words(owner)),
    };
    let (before, after) = (shown(was), shown(now));
    if before == after {
        return None;
    }
    let title = &now.row.definition.title;
    let title = if several { format!("{title} for {}", now.row.cohort_name) } else { title.clone() };
    let no_longer = was.layout.rated && !now.layout.rated;
    let after_words = if no_longer { format!("no longer rated, but {after},") } else { format!("now {after}") };
    let sentence = format!("{title} is {after_words} on the scorecard; it was {before}.");
    Some(of_row(&now.row, DifferenceKind::Layout, (before, after), sentence))
}

/// Rows that are in another section or at another place among the others, by section and place on the second side.
pub(super) type Moved = BTreeSet<(usize, usize)>;

/// A pair of rows, the same whichever side comes first.
type RowKey = (LayoutRow, LayoutRow, usize);

/// Sections that are one section on both sides, by their places.
fn same_sections(before: &Given<'_>, after: &Given<'_>, pairs: &[(&Placed, &Placed)]) -> BTreeSet<(usize, usize)> {
    let together: BTreeSet<(usize, usize)> = pairs.iter().map(|(was, now)| (was.section, now.section)).collect();
    let titles = |given: &Given<'_>| -> BTreeSet<String> {
        given.card.sections.iter().map(|section| section.title.clone()).collect()
    };
    let (was, is) = (titles(before), titles(after));
    let same = |(from, to): &(usize, usize)| {
        let (from_title, to_title) = (before.section_title(*from), after.section_title(*to));
        // A section that has all of another's rows, and no others that were there before, has a new heading.
        let whole = together.iter().all(|(other_from, other_to)| (other_from == from) == (other_to == to));
        from_title == to_title || (whole && !is.contains(from_title) && !was.contains(to_title))
    };
    together.iter().copied().filter(same).collect()
}

/// New headings, and sections at another place among the others.
pub(super) fn sections(before: &Given<'_>, after: &Given<'_>, pairs: &[(&Placed, &Placed)]) -> Vec<Difference> {
    let same = same_sections(before, after, pairs);
    let mut found = Vec::new();
    for (from, to) in &same {
        let (was, is) = (before.section_title(*from).to_owned(), after.section_title(*to).to_owned());
        if was != is {
            let sentence = format!("The section “{was}” is now called “{is}”.");
            found.push(of_section(after, String::new(), (was, is), sentence));
        }
    }
    // By both titles, so that it does not matter which side comes first.
    let key = |(from, to): &(usize, usize)| {
        let (was, is) = (before.section_title(*from), after.section_title(*to));
        (was.min(is), was.max(is))
    };
    let mut in_order: Vec<_> = same.iter().collect();
    let earlier: Vec<_> = in_order.iter().map(|it| key(it)).collect();
    in_order.sort_by_key(|(_, to)| *to);
    let later: Vec<_> = in_order.iter().map(|it| key(it)).collect();
    let once = |keys: &[(&str, &str)]| keys.iter().collect::<BTreeSet<_>>().len() == keys.len();
    if !once(&earlier) {
        return found;
    }
    let moved = pairs::moved(&earlier, &later);
    for (from, to) in in_order.into_iter().filter(|it| moved.contains(&key(it))) {
        let place =
            |given: &Given<'_>, at: usize| format!("section {} of {}", at.saturating_add(1), given.card.sections.len());
        let (title, was, is) = (after.section_title(*to), place(before, *from), place(after, *to));
        let sentence = format!("The section “{title}” is now {is}; it was {was}.");
        let (first, _) = key(&(*from, *to));
        found.push(of_section(after, first.to_owned(), (was, is), sentence));
    }
    found
}

fn of_section(after: &Given<'_>, of: String, (before, after_words): (String, String), sentence: String) -> Difference {
    Difference {
        measure: None,
        title: after.card.title.clone(),
        cohort: None,
        kind: DifferenceKind::Section,
        of,
        of_name: String::new(),
        before,
        after: after_words,
        sentence,
        causes: Vec::new(),
        provenance: None,
        undone: None,
    }
}

/// The pairs with their keys, in the second side's order: of pairs that are alike, the first goes first on both sides.
fn with_keys<'p>(pairs: &[(&'p Placed, &'p Placed)]) -> Vec<(RowKey, &'p Placed, &'p Placed)> {
    let mut n_alike: BTreeMap<(LayoutRow, LayoutRow), usize> = BTreeMap::new();
    let numbered = pairs.iter().map(|(was, now)| {
        let rows = ((&was.layout).min(&now.layout).clone(), (&was.layout).max(&now.layout).clone());
        let n = n_alike.entry(rows.clone()).or_default();
        *n = n.saturating_add(1);
        ((rows.0, rows.1, *n), *was, *now)
    });
    numbered.collect()
}

pub(super) fn moved_rows(before: &Given<'_>, after: &Given<'_>, pairs: &[(&Placed, &Placed)]) -> Moved {
    let same = same_sections(before, after, pairs);
    let pairs = with_keys(pairs);
    let place = |now: &Placed| (now.section, now.place);
    let elsewhere = pairs.iter().filter(|(_, was, now)| !same.contains(&(was.section, now.section)));
    let mut moved: Moved = elsewhere.map(|(_, _, now)| place(now)).collect();
    for (from, to) in same {
        let here: Vec<_> = pairs.iter().filter(|(_, was, now)| (was.section, now.section) == (from, to)).collect();
        let later: Vec<&RowKey> = here.iter().map(|(key, ..)| key).collect();
        let mut earlier = here.clone();
        earlier.sort_by_key(|(_, was, _)| was.place);
        let earlier: Vec<&RowKey> = earlier.into_iter().map(|(key, ..)| key).collect();
        let keys = pairs::moved(&earlier, &later);
        moved.extend(here.iter().filter(|(key, ..)| keys.contains(key)).map(|(_, _, now)| place(now)));
    }
    moved
}

pub(super) fn moved(
    before: &Given<'_>,
    after: &Given<'_>,
    (was, now): (&Placed, &Placed),
    moved: &Moved,
) -> Option<Difference> {
    if !moved.contains(&(now.section, now.place)) {
        return None;
    }
    let shown = (place(before, was), place(after, now));
    // Of rows that moved together, only the first may show it.
    if shown.0 == shown.1 {
        return None;
    }
    let title = &now.row.definition.title;
    let sentence = format!("{title} moved from {} to {}.", shown.0, shown.1);
    Some(of_row(&now.row, DifferenceKind::Moved, shown, sentence))
}

/// “row 3 of “Monthly”, below Looked after children”.
fn place(given: &Given<'_>, placed: &Placed) -> String {
    let above = given.rows.iter().find(|it| it.section == placed.section && it.place.saturating_add(1) == placed.place);
    let above = above.map_or_else(|| "at the top".to_owned(), |it| format!("below {}", it.row.definition.title));
    format!("row {} of “{}”, {above}", placed.place, given.section_title(placed.section))
}
