//! What was written and agreed about a figure, and whether that is still about the figure that is shown.

use domain::Date;
use domain::period::day_words;

use super::{Found, difference, known};
use crate::answer::{Difference, DifferenceKind, Provenance, Row};

/// A commentary or an action.
#[derive(Clone, Copy)]
struct Note<'r> {
    text: &'r str,
    /// Who sees to an action, and by when.
    whose: Option<(&'r str, Date)>,
    stale: bool,
    made_by: &'r Provenance,
}

/// About another cell something else is written: nothing is said of that.
pub(super) fn notes(was: &Row, is: &Row) -> Vec<Difference> {
    if was.cell != is.cell {
        return Vec::new();
    }
    let mut found = of_kind(is, DifferenceKind::Commentary, &commentary(was), &commentary(is));
    found.extend(of_kind(is, DifferenceKind::Action, &actions(was), &actions(is)));
    found
}

fn commentary(row: &Row) -> Vec<Note<'_>> {
    row.commentary
        .iter()
        .map(|it| Note { text: &it.text, whose: None, stale: it.stale, made_by: &it.provenance })
        .collect()
}

fn actions(row: &Row) -> Vec<Note<'_>> {
    row.actions
        .iter()
        .map(|it| Note {
            text: &it.text,
            whose: Some((it.owner.as_str(), it.due)),
            stale: it.stale,
            made_by: &it.provenance,
        })
        .collect()
}

fn of_kind(row: &Row, kind: DifferenceKind, was: &[Note<'_>], is: &[Note<'_>]) -> Vec<Difference> {
    let same = |of: &[Note<'_>], wanted: &Note<'_>| {
        of.iter().position(|note| note.made_by.position == wanted.made_by.position)
    };
    let written = is.iter().filter_map(|now| told(row, kind, same(was, now).and_then(|at| was.get(at)), Some(now)));
    let gone = was.iter().filter(|before| same(is, before).is_none());
    written.chain(gone.filter_map(|before| told(row, kind, Some(before), None))).collect()
}

fn told(row: &Row, kind: DifferenceKind, was: Option<&Note<'_>>, is: Option<&Note<'_>>) -> Option<Difference> {
    let state = |note: Option<&Note<'_>>| match note.map(|note| note.stale) {
        None => "",
        Some(false) => "about the figure",
        Some(true) => "about a figure that has changed",
    };
    let (before, after) = (state(was), state(is));
    let made_by = is.or(was).filter(|_| before != after)?.made_by;
    let action = kind == DifferenceKind::Action;
    let (what, came) = if action { ("action", "was agreed") } else { ("commentary", "was written") };
    let (title, known) = (&row.definition.title, known(made_by));
    let sentence = match (was, is.map(|note| note.stale)) {
        (None, Some(_)) => {
            let words = is.map_or_else(String::new, words);
            format!("A new {what} on {title} {came} by {}, {known}: {words}.", made_by.actor)
        }
        (None, None) => return None,
        (Some(_), None) => format!("The {what} on {title}, {known}, no longer stands."),
        (Some(_), Some(true)) => {
            format!("The {what} on {title}, {known}, is stale: it is about a figure that has changed since.")
        }
        (Some(_), Some(false)) => format!("The {what} on {title}, {known}, is about the figure that is shown."),
    };
    let (before, after, made_it) = (before.to_owned(), after.to_owned(), is.map(|note| note.made_by));
    let of = format!("position {}", made_by.position);
    Some(difference(row, kind, Found { of, before, after, made_by: made_it, ..Found::default() }, sentence))
}

/// The most characters of a commentary or an action that a difference repeats.
const CHARACTERS_MAX: usize = 100;

/// “Recruit two officers”, to be done by the Head of SEND until 1 April 2019.
fn words(note: &Note<'_>) -> String {
    let text = note.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut begin: String = text.chars().take(CHARACTERS_MAX).collect();
    if begin.len() < text.len() {
        begin.push('…');
    }
    match note.whose {
        None => format!("“{begin}”"),
        Some(("", due)) => format!("“{begin}”, due by {}", day_words(due)),
        Some((owner, due)) => format!("“{begin}”, for {owner}, due by {}", day_words(due)),
    }
}
