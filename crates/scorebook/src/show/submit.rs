//! What a submission changes, before and after.

use std::io::{self, Write};

use wire::v1;

use super::lists::file;
use super::table::{Column, Row, Table, notes};
use super::text::{Ink, Page, Text, joined};
use super::words;
use super::{Style, refusals, review};

/// How many changes are listed unless it is said.
const CHANGES: usize = 20;
/// How many of more, when something else is to be looked at first.
const CHANGES_OF_MANY: usize = 5;

/// Shows what a submission would change: counts, what is notable, then the first changes, then what is refused and what to
/// do; `listed` of each.
///
/// # Errors
/// What `out` says.
pub(crate) fn preview(
    out: &mut dyn Write,
    style: &Style,
    preview: &v1::Preview,
    listed: Option<usize>,
) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    for source in preview.sources.iter().filter(|source| !source.layout.is_empty()) {
        page.labelled(0, "File", 6, &Text::plain(file(source)))?;
    }
    for note in &preview.notes {
        page.labelled(0, "Note", 6, &Text::plain(joined(note)))?;
    }
    tallies(page, preview)?;
    review::write(page, preview, listed)?;
    changes(page, preview, listed)?;
    refusals::show(page, preview, listed.unwrap_or(CHANGES))?;
    page.blank()?;
    match next(preview) {
        words if words.is_empty() => Ok(()),
        words => page.text(0, &Text::inked(Ink::Strong, words)),
    }
}

fn tallies(page: &mut Page<'_>, preview: &v1::Preview) -> io::Result<()> {
    if preview.tallies.is_empty() {
        return Ok(());
    }
    page.heading("What it changes")?;
    let columns = [
        Column::left(""),
        Column::right("new"),
        Column::right("revised"),
        Column::right("withdrawn"),
        Column::right("unchanged"),
    ];
    let row = |tally: &v1::Tally| {
        let number = |n: u64| if n == 0 { Text::inked(Ink::Faint, "0") } else { Text::plain(words::thousands(n)) };
        let numbers = [tally.n_new, tally.n_revised, tally.n_withdrawn, tally.n_unchanged].map(number);
        Row::of([Text::plain(tally.noun.as_str())].into_iter().chain(numbers).collect())
    };
    let rows: Vec<Row> = preview.tallies.iter().map(row).collect();
    Table::of(&columns, rows.iter(), 0, page.style).write(page, &rows)
}

fn changes(page: &mut Page<'_>, preview: &v1::Preview, listed: Option<usize>) -> io::Result<()> {
    if preview.changes.is_empty() {
        return Ok(());
    }
    let notable = preview.review.as_ref().is_some_and(review::notable) && preview.changes.len() > CHANGES;
    let listed = listed.unwrap_or(if notable { CHANGES_OF_MANY } else { CHANGES });
    let shown = preview.changes.get(..listed).unwrap_or(&preview.changes);
    let n = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let more = n(preview.changes.len()).saturating_sub(n(shown.len())).saturating_add(preview.n_changes_not_listed);
    let total = n(shown.len()).saturating_add(more);
    page.heading(&if more == 0 {
        words::count(total, "change", "changes")
    } else {
        format!("The first {} of {}", words::thousands(n(shown.len())), words::count(total, "change", "changes"))
    })?;
    for change in shown {
        page.labelled(0, kind(change.kind()), 11, &what(change))?;
    }
    if more > 0 {
        page.text(0, &Text::plain(format!("… and {} more.", words::thousands(more))))?;
    }
    Ok(())
}

/// What happens to a thing, as a word.
const fn kind(kind: v1::ChangeKind) -> &'static str {
    match kind {
        v1::ChangeKind::New => "new",
        v1::ChangeKind::Revised => "revised",
        v1::ChangeKind::Withdrawn => "withdrawn",
        v1::ChangeKind::Unspecified => "changed",
    }
}

fn what(change: &v1::Change) -> Text {
    let text = Text::plain(change.subject.as_str());
    let text = match (change.before.as_str(), change.after.as_str()) {
        ("", "") => text,
        ("", after) => text.then(Ink::Plain, ": ").then(Ink::Strong, after),
        (before, "") => text.then(Ink::Plain, format!(": was {before}")),
        (before, after) => text.then(Ink::Plain, format!(": {before} → ")).then(Ink::Strong, after),
    };
    match words::origin(change.origin.as_ref()) {
        line if line.is_empty() => text,
        line => text.then(Ink::Plain, " ").then_joined(Ink::Faint, &format!("({line})")),
    }
}

/// What this preview means, where that is not plain from the counts.
fn next(preview: &v1::Preview) -> String {
    let set_aside = match preview.n_set_aside {
        0 => "",
        1 => "One row is set aside with its reason.",
        n => &format!("{} rows are set aside with their reasons.", words::thousands(n)),
    };
    let too_large =
        "It is too large for moves and verdicts to be looked at; put in fewer measures at once to see them.";
    let said = if preview.too_large_to_review {
        [set_aside, too_large].join(" ").trim().to_owned()
    } else {
        set_aside.to_owned()
    };
    if !preview.refusals.is_empty() && preview.n_set_aside == 0 {
        return "Nothing is taken in while anything is refused.".to_owned();
    }
    let anything = preview.tallies.iter().any(|tally| tally.n_new > 0 || tally.n_revised > 0 || tally.n_withdrawn > 0);
    if anything || preview.n_set_aside > 0 {
        said
    } else {
        "Everything in it stands already: there is nothing to change.".to_owned()
    }
}

/// Shows where a submission is recorded.
///
/// # Errors
/// What `out` says.
pub(crate) fn receipt(out: &mut dyn Write, style: &Style, receipt: &v1::Receipt) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    let (first, last) = (receipt.first_position, receipt.last_position);
    let at = if first == last { format!("position {first}") } else { format!("positions {first} to {last}") };
    let when = words::instant(receipt.recorded_at.as_ref());
    let done = if receipt.already {
        format!("This had been taken in before, at {at}, {when}: nothing was recorded again.")
    } else {
        format!("Recorded at {at}, {when}.")
    };
    page.text(0, &Text::inked(Ink::Strong, done))?;
    let proof = format!("{}:{}", receipt.last_position, receipt.chain);
    notes(page, 0, &[("Submission", Text::plain(receipt.submission_id.as_str())), ("Proof", Text::plain(proof))])
}
