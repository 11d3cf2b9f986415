//! What a measure's targets were, who changed them, when, why, and by which decision.

use std::io::{self, Write};

use wire::v1;

use super::Style;
use super::row::title;
use super::table::notes;
use super::text::{Ink, Page, Text, joined};
use super::words;

/// Shows every change of a measure's targets, a block each, with at most `n_judged` of the results that it judges.
///
/// # Errors
/// What `out` says.
pub(crate) fn target_history(
    out: &mut dyn Write,
    style: &Style,
    history: &v1::TargetHistory,
    (n_judged, on): (usize, Option<&str>),
) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    measure(page, history)?;
    let basis = history.basis.clone().unwrap_or_default();
    page.text(0, &words::basis(&basis))?;
    if let Some(day) = on {
        on_day(page, history, n_judged, day)?;
        rests_on(page, &basis)?;
        return words::proof(page, Some(&basis));
    }
    page.heading(&match history.changes.len() {
        0 => "No target was ever set, as of then".to_owned(),
        n => words::count(u64::try_from(n).unwrap_or(u64::MAX), "change of target", "changes of target"),
    })?;
    changes(page, history, n_judged)?;
    rests_on(page, &basis)?;
    words::proof(page, Some(&basis))
}

/// Shows the targets of every measure of a scorecard.
///
/// # Errors
/// What `out` says.
pub(crate) fn target_histories(
    out: &mut dyn Write,
    style: &Style,
    answer: &v1::GetScorecardTargetsResponse,
    n_judged: usize,
) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    let basis = answer.basis.clone().unwrap_or_default();
    page.text(0, &words::basis(&basis))?;
    for history in &answer.targets {
        page.blank()?;
        page.rule()?;
        measure(page, history)?;
        page.blank()?;
        if history.changes.is_empty() {
            page.text(0, &Text::plain("No target, as of then."))?;
        }
        changes(page, history, n_judged)?;
    }
    rests_on(page, &basis)?;
    words::proof(page, Some(&basis))
}

fn measure(page: &mut Page<'_>, history: &v1::TargetHistory) -> io::Result<()> {
    let definition = history.definition.clone().unwrap_or_default();
    let measure = definition.measure.clone();
    page.text(0, &title(&v1::Row { definition: Some(definition.clone()), ..v1::Row::default() }, ""))?;
    let sort = [measure.as_str(), words::cohort(&history.cohort, ""), words::polarity(definition.polarity())];
    page.text(0, &Text::plain(sort.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")))
}

/// The changes that were the target on a day, then those that stand for other days.
fn on_day(page: &mut Page<'_>, history: &v1::TargetHistory, n_judged: usize, day: &str) -> io::Result<()> {
    // Days are written alike, so that they are in order as text.
    let from = |span: &v1::Span| span.from.as_str() <= day;
    let holds = |span: &v1::Span| from(span) && (span.to.is_empty() || day < span.to.as_str());
    let any = |change: &v1::TargetChangeAnswer, is: &dyn Fn(&v1::Span) -> bool| {
        change.stands.iter().filter_map(|standing| standing.span.as_ref()).any(is)
    };
    let (then, others): (Vec<_>, Vec<_>) = history.changes.iter().cloned().partition(|it| any(it, &holds));
    let (earlier, later): (Vec<_>, Vec<_>) = others.into_iter().partition(|it| any(it, &from));
    let on = words::day(day);
    let head = if then.is_empty() { format!("On {on} no target stood") } else { format!("On {on} the target was") };
    let groups = [(head, then), ("For later periods".to_owned(), later), ("For earlier periods".to_owned(), earlier)];
    for (i, (head, group)) in groups.into_iter().enumerate() {
        if i > 0 && group.is_empty() {
            continue;
        }
        page.heading(&head)?;
        changes(page, &v1::TargetHistory { changes: group, ..history.clone() }, n_judged)?;
    }
    Ok(())
}

/// A block a change.
pub(super) fn changes(page: &mut Page<'_>, history: &v1::TargetHistory, n_judged: usize) -> io::Result<()> {
    let definition = history.definition.clone().unwrap_or_default();
    for (i, change) in history.changes.iter().enumerate() {
        if i > 0 {
            page.blank()?;
        }
        block(page, change, &definition, n_judged)?;
    }
    Ok(())
}

fn rests_on(page: &mut Page<'_>, basis: &v1::Basis) -> io::Result<()> {
    let backfilled = words::backfilled(basis);
    if backfilled.is_empty() {
        return Ok(());
    }
    page.blank()?;
    page.text(0, &Text::plain(backfilled))
}

fn block(
    page: &mut Page<'_>,
    change: &v1::TargetChangeAnswer,
    definition: &v1::Definition,
    n_judged: usize,
) -> io::Result<()> {
    let provenance = change.provenance.clone().unwrap_or_default();
    let known = words::instant(provenance.known_at.as_ref());
    page.text(0, &Text::inked(Ink::Strong, known).then(Ink::Plain, " · ").then(flag_ink(change), state(change)))?;
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
        ("Stands", Text::plain(stands(change))),
        ("Decision", Text::plain(change.decision.as_str())),
        ("Reason", Text::plain(why.join(": "))),
        ("Recorded", Text::plain(recorded(&provenance))),
        ("Note", Text::inked(Ink::Notice, words::sentence(&results_known(change)))),
        ("Judged", judged(change, n_judged)),
    ];
    notes(page, 2, &lines)
}

/// Whether it counts, in words, with what was known only later.
fn state(change: &v1::TargetChangeAnswer) -> String {
    if change.later_words.is_empty() {
        return flag(change).to_owned();
    }
    format!("{} · {}", flag(change), change.later_words)
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
    if change.rolled_back || !change.later_words.is_empty() { Ink::Notice } else { Ink::Plain }
}

/// “E10000016, excluding-uasc, local target, from 1 April 2018 to 31 March 2019”.
fn set_for(change: &v1::TargetChangeAnswer) -> String {
    let key = change.key.clone().unwrap_or_default();
    let span = if change.span_words.is_empty() { words::span(change.span.as_ref()) } else { change.span_words.clone() };
    let owner = if change.owner_words.is_empty() { words::owner(key.owner()) } else { &change.owner_words };
    let parts = [owner, key.area.as_str(), words::cohort(&key.cohort, ""), span.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// For which days it is the target, where that is not the whole of its span.
fn stands(change: &v1::TargetChangeAnswer) -> String {
    let whole = change.stands.iter().any(|standing| standing.span == change.span);
    if whole {
        return String::new();
    }
    change.stands.iter().map(|standing| standing.words.as_str()).collect::<Vec<_>>().join("; ")
}

/// How often it was met, and then each result: “September 2018: 64.7%, Amber”.
fn judged(change: &v1::TargetChangeAnswer, n_judged: usize) -> Text {
    let Some(judged) = change.judged.as_ref().filter(|_| change.terms.is_some()) else { return Text::default() };
    let mut text = Text::plain(words::sentence(&judged.words));
    let n_left_out = judged.periods.len().saturating_sub(n_judged);
    if n_left_out > 0 {
        let n = words::count(u64::try_from(n_left_out).unwrap_or(u64::MAX), "earlier result", "earlier results");
        text = text.then(Ink::Faint, format!("\n… and {n} (--judged lists all)"));
    }
    for period in judged.periods.iter().skip(n_left_out) {
        let (ink, shape) = super::row::shape(period.rating());
        text = text.then(Ink::Plain, format!("\n{}: ", joined(&words::capital(&period.period_words))));
        text = text.then(Ink::Strong, joined(&period.display)).then(Ink::Plain, ", ");
        text = text.then(ink, joined(&format!("{shape} {}", period.rating_word)));
        if !period.not_rated_reason.is_empty() {
            text = text.then(Ink::Plain, format!(" ({})", period.not_rated_reason));
        }
        if !period.judges {
            text = text.then(Ink::Faint, "; another target judges it");
        }
        if period.set_after_result {
            text = text.then(Ink::Notice, "; known before the target was recorded");
        }
    }
    text
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

/// “set after 2 results that it judges were known; recorded on 12 March 2019, said to be known on 1 April 2018”.
fn results_known(change: &v1::TargetChangeAnswer) -> String {
    let known = match change.n_results_known_before {
        0 => String::new(),
        1 => "set after 1 result that it judges was known".to_owned(),
        n => format!("set after {} results that it judges were known", words::thousands(n.into())),
    };
    let parts = [known, change.backdated_words.clone()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}
