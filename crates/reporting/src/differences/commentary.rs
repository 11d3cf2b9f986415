//! What was written about a figure, and whether it is still about the figure that is shown.

use super::{Found, difference, known};
use crate::answer::{CommentaryAnswer, Difference, DifferenceKind, Row};

/// About another cell something else is written: nothing is said of that.
pub(super) fn commentary(was: &Row, is: &Row) -> Vec<Difference> {
    if was.cell != is.cell {
        return Vec::new();
    }
    let find = |row: &'_ Row, wanted: &CommentaryAnswer| {
        let same = |it: &&CommentaryAnswer| it.provenance.position == wanted.provenance.position;
        row.commentary.iter().find(same).cloned()
    };
    let written = is.commentary.iter().filter_map(|it| told(is, find(was, it).as_ref(), Some(it)));
    let gone = was.commentary.iter().filter(|it| find(is, it).is_none());
    written.chain(gone.filter_map(|it| told(is, Some(it), None))).collect()
}

fn told(row: &Row, was: Option<&CommentaryAnswer>, is: Option<&CommentaryAnswer>) -> Option<Difference> {
    let state = |it: Option<&CommentaryAnswer>| match it.map(|it| it.stale) {
        None => "",
        Some(false) => "about the figure",
        Some(true) => "about a figure that has changed",
    };
    let (before, after) = (state(was), state(is));
    let it = is.or(was).filter(|_| before != after)?;
    let (title, known) = (&row.definition.title, known(&it.provenance));
    let sentence = match (was, is) {
        (None, Some(_)) => format!("A commentary on {title} was written, {known}."),
        (Some(_), None) => format!("The commentary on {title}, {known}, no longer stands."),
        (_, Some(CommentaryAnswer { stale: true, .. })) => {
            format!("The commentary on {title}, {known}, is stale: it is about a figure that has changed since.")
        }
        _ => format!("The commentary on {title}, {known}, is about the figure that is shown."),
    };
    let (before, after, made_by) = (before.to_owned(), after.to_owned(), is.map(|it| &it.provenance));
    let of = format!("position {}", it.provenance.position);
    Some(difference(
        row,
        DifferenceKind::Commentary,
        Found { of, before, after, made_by, ..Found::default() },
        sentence,
    ))
}
