//! Which rows of two scorecards are the same row, and which of them moved.

use std::collections::{BTreeMap, BTreeSet};

/// Pairs the items of two lists by rules of sameness, the strictest first: under each the first that are left of both.
/// Gives the place of the partner of each item of the second list. With the lists the other way round, the same are paired.
pub(crate) fn paired<T>(before: &[T], after: &[T], same: &[fn(&T, &T) -> bool]) -> Vec<Option<usize>> {
    let mut partners = vec![None; after.len()];
    let mut taken = BTreeSet::new();
    for same in same {
        for (item, partner) in after.iter().zip(&mut partners).filter(|(_, partner)| partner.is_none()) {
            let found = before.iter().enumerate().find(|(at, it)| !taken.contains(at) && same(it, item));
            *partner = found.map(|(at, _)| at);
            taken.extend(*partner);
        }
    }
    partners
}

/// What is at another place among the others: the fewest without which both orders are one. Each is in both lists once.
/// With the lists the other way round, the same have moved.
///
/// Cost: the square of how many there are.
pub(crate) fn moved<K: Ord + Copy>(before: &[K], after: &[K]) -> BTreeSet<K> {
    // Of several ways to keep as many in order, one is chosen that does not depend on which list comes first.
    let (from, to) = if before <= after { (before, after) } else { (after, before) };
    let places: BTreeMap<K, usize> = to.iter().copied().zip(0..).collect();
    let places: Vec<(K, usize)> = from.iter().filter_map(|key| Some((*key, *places.get(key)?))).collect();
    // For each, the longest run of what is in order up to it, and the one before it there.
    let mut runs: Vec<(usize, Option<usize>)> = Vec::with_capacity(places.len());
    for (_, place) in &places {
        let earlier = runs.iter().zip(&places).zip(0..).filter(|((_, (_, other)), _)| other < place);
        let longest = earlier.max_by_key(|(((length, _), _), at)| (*length, std::cmp::Reverse(*at)));
        runs.push(longest.map_or((1, None), |(((length, _), _), at)| (length.saturating_add(1), Some(at))));
    }
    let mut moved: BTreeSet<K> = from.iter().copied().collect();
    let mut next = runs.iter().zip(0_usize..).max_by_key(|((length, _), at)| (*length, std::cmp::Reverse(*at)));
    while let Some(((_, before), at)) = next {
        if let Some((key, _)) = places.get(at) {
            moved.remove(key);
        }
        next = before.and_then(|before| Some((runs.get(before)?, before)));
    }
    moved
}
