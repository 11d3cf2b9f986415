//! A measure through time: a row a period, and below it what the period's result was before.

use std::io::{self, Write};

use wire::v1;

use super::Style;
use super::row::{Symbols, title};
use super::scorecard::{WIDTH_OF_TITLE_COLUMN, arranged, columns, methods, rules};
use super::table::{Row, Table, notes};
use super::text::{Ink, Page, Text, joined};
use super::words;

/// Shows a measure's results through time, each with its revisions.
///
/// # Errors
/// What `out` says.
pub(crate) fn measure_history(out: &mut dyn Write, style: &Style, history: &v1::MeasureHistory) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    head(page, history)?;
    let mut symbols = Symbols::default();
    let rows: Vec<Row> = history.rows.iter().map(|row| of(row, history, *style, &mut symbols)).collect();
    let indent = if style.width < WIDTH_OF_TITLE_COLUMN { 2 } else { 0 };
    let n_periods = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    page.heading(&words::count(n_periods, "period", "periods"))?;
    if rows.is_empty() {
        page.text(0, &Text::plain("No results in these periods, as of then."))?;
    }
    Table::of(&columns("Period", *style), rows.iter(), indent, *style).write(page, &rows)?;
    without_result(page, history)?;
    page.heading("How to read it")?;
    let lines = [
        ("Rating", Text::plain(rules(history.rows.iter()))),
        ("Direction", Text::plain(methods(history.rows.iter()))),
        ("Symbols", symbols.lines()),
    ];
    notes(page, 0, &lines)?;
    words::proof(page, history.basis.as_ref())
}

fn head(page: &mut Page<'_>, history: &v1::MeasureHistory) -> io::Result<()> {
    let definition = history.definition.clone().unwrap_or_default();
    let about = v1::Row { definition: Some(definition.clone()), ..v1::Row::default() };
    page.text(0, &title(&about, ""))?;
    let area = if history.area_name.is_empty() { &history.area } else { &history.area_name };
    let mut subject = Text::inked(Ink::Strong, joined(area));
    for part in [words::cohort(&history.cohort, ""), definition.measure.as_str()] {
        if !part.is_empty() {
            subject = subject.then(Ink::Plain, format!(" · {part}"));
        }
    }
    page.text(0, &subject)?;
    let basis = history.basis.clone().unwrap_or_default();
    page.text(0, &words::basis(&basis))?;
    let backfilled = words::backfilled(&basis);
    if !backfilled.is_empty() {
        page.text(0, &Text::plain(backfilled))?;
    }
    page.blank()?;
    notes(page, 0, &about_measure(&definition, &history.definition_text, history.withdrawn.as_ref()))
}

/// The definition in labelled lines.
pub(crate) fn about_measure(
    definition: &v1::Definition,
    text: &str,
    withdrawn: Option<&v1::Withdrawal>,
) -> Vec<(&'static str, Text)> {
    let sort = [
        words::kind(definition.kind()).to_owned(),
        words::polarity(definition.polarity()).to_owned(),
        words::frequency(definition.frequency()).to_owned(),
        words::sums_up(definition),
    ];
    let sort: Vec<String> = sort.into_iter().filter(|part| !part.is_empty()).collect();
    vec![
        ("Definition", Text::plain(text.trim_end())),
        ("Sort", Text::plain(sort.join(", "))),
        ("Source", Text::plain(definition.data_source.as_str())),
        ("Owner", Text::plain(definition.owner.as_str())),
        (
            "Withdrawn",
            withdrawn.map_or_else(Text::default, |end| Text::inked(Ink::Notice, words::sentence(&withdrawal(end)))),
        ),
    ]
}

/// “no longer reported from 1 April 2019; ehcp-2 continues it: moved to the activity section”.
fn withdrawal(end: &v1::Withdrawal) -> String {
    let successor = match (end.successor.as_str(), end.comparable) {
        ("", _) => String::new(),
        (successor, true) => format!("; {successor} is reported instead, and continues its figures"),
        (successor, false) => format!("; {successor} is reported instead, and cannot be compared with it"),
    };
    let reason = match end.provenance.as_ref().map_or("", |provenance| provenance.reason.as_str()) {
        "" => String::new(),
        reason => format!(": {reason}"),
    };
    format!("no longer reported from {}{successor}{reason}", words::day(&end.from))
}

fn of(row: &v1::Row, history: &v1::MeasureHistory, style: Style, symbols: &mut Symbols) -> Row {
    let period = row.cell.as_ref().map_or("", |cell| cell.period.as_str());
    let in_words = if row.period_words.is_empty() { period } else { &row.period_words };
    let mut shown = arranged(row, Text::inked(Ink::Strong, words::capital(in_words)), style, symbols);
    let revisions: Vec<&v1::RevisionAnswer> = history.revisions.iter().filter(|r| r.period == period).collect();
    if revisions.len() > 1 {
        shown.notes.extend(revisions.into_iter().map(|revision| ("Revision", revised(revision))));
    }
    shown
}

/// “66%, known 29 November 2018 …: why”.
pub(crate) fn revised(revision: &v1::RevisionAnswer) -> Text {
    let mut text = Text::inked(Ink::Strong, joined(&revision.display));
    if let Some(status) = revision.entry.as_ref().map(|entry| words::status(entry.status())).filter(|s| !s.is_empty()) {
        text = text.then(Ink::Plain, format!(", {status}"));
    }
    if revision.standing {
        text = text.then(Ink::Plain, ", stands");
    }
    if revision.rolled_back {
        text = text.then(Ink::Notice, ", rolled back");
    }
    let Some(provenance) = &revision.provenance else { return text };
    text = text.then(Ink::Plain, format!("; {}", words::provenance(provenance)));
    let why: Vec<&str> =
        [provenance.cause_words.as_str(), provenance.reason.as_str()].into_iter().filter(|w| !w.is_empty()).collect();
    if why.is_empty() { text } else { text.then(Ink::Plain, format!(". {}", words::sentence(&why.join(": ")))) }
}

/// Revisions of periods that have no result any more: withdrawn or rolled back.
fn without_result(page: &mut Page<'_>, history: &v1::MeasureHistory) -> io::Result<()> {
    let shown =
        |period: &str| history.rows.iter().any(|row| row.cell.as_ref().is_some_and(|cell| cell.period == period));
    let gone: Vec<&v1::RevisionAnswer> = history.revisions.iter().filter(|r| !shown(&r.period)).collect();
    if gone.is_empty() {
        return Ok(());
    }
    page.heading("Periods whose result no longer stands")?;
    for revisions in gone.chunk_by(|a, b| a.period == b.period) {
        let period = revisions.first().map_or("", |revision| revision.period_words.as_str());
        page.text(0, &Text::inked(Ink::Strong, words::capital(period)))?;
        let lines: Vec<(&'static str, Text)> = revisions.iter().map(|r| ("Revision", revised(r))).collect();
        notes(page, 2, &lines)?;
    }
    Ok(())
}
