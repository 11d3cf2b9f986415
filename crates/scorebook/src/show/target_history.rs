//! What a measure's targets were, who changed them, when, why, and by which decision.

use std::io::{self, Write};

use wire::v1;

use super::Style;
use super::row::title;
use super::table::notes;
use super::text::{Ink, Page, Text, joined};
use super::words;

/// Shows every change of a measure's targets, a block each.
///
/// # Errors
/// What `out` says.
pub(crate) fn target_history(out: &mut dyn Write, style: &Style, history: &v1::TargetHistory) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    let definition = history.definition.clone().unwrap_or_default();
    let measure = definition.measure.clone();
    page.text(0, &title(&v1::Row { definition: Some(definition.clone()), ..v1::Row::default() }, ""))?;
    let sort = [measure.as_str(), words::polarity(definition.polarity())];
    page.text(0, &Text::plain(sort.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")))?;
    let basis = history.basis.clone().unwrap_or_default();
    page.text(0, &words::basis(&basis))?;
    let n_changes = u64::try_from(history.changes.len()).unwrap_or(u64::MAX);
    page.heading(&match n_changes {
        0 => "No target was ever set, as of then".to_owned(),
        n => words::count(n, "change of target", "changes of target"),
    })?;
    for (i, change) in history.changes.iter().enumerate() {
        if i > 0 {
            page.blank()?;
        }
        block(page, change, &definition)?;
    }
    let backfilled = words::backfilled(&basis);
    if !backfilled.is_empty() {
        page.blank()?;
        page.text(0, &Text::plain(backfilled))?;
    }
    words::proof(page, Some(&basis))
}

fn block(page: &mut Page<'_>, change: &v1::TargetChangeAnswer, definition: &v1::Definition) -> io::Result<()> {
    let provenance = change.provenance.clone().unwrap_or_default();
    let known = words::instant(provenance.known_at.as_ref());
    page.text(0, &Text::inked(Ink::Strong, known).then(Ink::Plain, " · ").then_joined(flag_ink(change), flag(change)))?;
    let minimum = match change.minimum_display.as_str() {
        "" if change.terms.is_none() => String::new(),
        "" => "not known".to_owned(),
        minimum => words::bare(minimum, Some(definition)),
    };
    let why: Vec<&str> =
        [provenance.cause_words.as_str(), provenance.reason.as_str()].into_iter().filter(|w| !w.is_empty()).collect();
    let lines = [
        ("Target", Text::inked(Ink::Strong, words::bare(&change.display, Some(definition)))),
        ("Minimum standard", Text::plain(minimum)),
        ("For", Text::plain(set_for(change))),
        ("Decision", Text::plain(change.decision.as_str())),
        ("Reason", Text::plain(words::sentence(&why.join(": ")))),
        ("Recorded", Text::plain(recorded(&provenance))),
        ("Note", Text::inked(Ink::Notice, words::sentence(&results_known(change.n_results_known_before)))),
    ];
    notes(page, 2, &lines)
}

/// Whether it counts, in words.
pub(crate) const fn flag(change: &v1::TargetChangeAnswer) -> &'static str {
    match (change.rolled_back, change.standing) {
        (true, _) => "rolled back",
        (false, true) => "stands",
        (false, false) => "no longer stands",
    }
}

const fn flag_ink(change: &v1::TargetChangeAnswer) -> Ink {
    if change.rolled_back { Ink::Notice } else { Ink::Plain }
}

/// “E10000016, excluding-uasc, local target, from 1 April 2018 to 31 March 2019”.
fn set_for(change: &v1::TargetChangeAnswer) -> String {
    let key = change.key.clone().unwrap_or_default();
    let span = if change.span_words.is_empty() { words::span(change.span.as_ref()) } else { change.span_words.clone() };
    let owner = if change.owner_words.is_empty() { words::owner(key.owner()) } else { &change.owner_words };
    let parts = [owner, key.area.as_str(), words::cohort(&key.cohort, ""), span.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn recorded(provenance: &v1::Provenance) -> String {
    let mut text = words::instant(provenance.recorded_at.as_ref());
    if provenance.known_at != provenance.recorded_at {
        text.push_str(", a backfill,");
    }
    let line = words::origin(provenance.origin.as_ref());
    let line = if line.is_empty() { line } else { format!(", {line}") };
    let (who, position) = (words::actor(provenance.actor.as_ref()), format!("position {}", provenance.position));
    format!("{text} by {}, {}{line}", joined(&who), joined(&position))
}

fn results_known(n: u32) -> String {
    match n {
        0 => String::new(),
        1 => "set after 1 result that it judges was known".to_owned(),
        n => format!("set after {} results that it judges were known", words::thousands(n.into())),
    }
}
