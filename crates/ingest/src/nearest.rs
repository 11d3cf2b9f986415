//! The nearest of some known words, for “did you mean”.

/// Longer words than this are not compared: nobody meant a known word by them.
const COMPARED_MAX: usize = 64;

/// The known word with the fewest changed letters: at most a third of them, or two in a word of four letters or more.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > COMPARED_MAX {
        return None;
    }
    let near = |candidate: &&str| {
        let (n_changes, length) = (changes(word, candidate), candidate.len().max(word.len()));
        let near = n_changes.saturating_mul(3) <= length || (n_changes <= 2 && length >= 4);
        near.then_some(n_changes)
    };
    known.into_iter().filter_map(|candidate| Some((near(&candidate)?, candidate))).min().map(|(_, candidate)| candidate)
}

/// How many letters must be put in, taken out or changed (Levenshtein).
fn changes(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut costs: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in (1_usize..).zip(from.chars()) {
        let mut diagonal = row.saturating_sub(1);
        let mut left = row;
        if let Some(first) = costs.first_mut() {
            *first = row;
        }
        for (cost, other) in costs.iter_mut().skip(1).zip(&to) {
            let changed = diagonal.saturating_add(usize::from(letter != *other));
            diagonal = *cost;
            *cost = changed.min(diagonal.saturating_add(1)).min(left.saturating_add(1));
            left = *cost;
        }
    }
    costs.last().copied().unwrap_or(0)
}
