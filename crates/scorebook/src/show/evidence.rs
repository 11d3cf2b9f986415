//! The pack for an auditor: what was so on a day, the records that say so, and what they prove.

use std::io::{self, Write};

use wire::v1;

use super::Style;
use super::event::said;
use super::measure_history::about_measure;
use super::row::{self, title};
use super::table::notes;
use super::target_history::changes;
use super::text::{Ink, Page, Text, joined};
use super::words;

/// Shows the evidence for a measure on a day.
///
/// # Errors
/// What `out` says.
pub(crate) fn evidence(out: &mut dyn Write, style: &Style, evidence: &v1::Evidence) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    head(page, evidence)?;
    page.heading(&format!("The target on {}", evidence.on_words))?;
    bullets(page, &evidence.sentences)?;
    let history = evidence.history.clone().unwrap_or_default();
    page.heading("Every change of its targets, as known then")?;
    if history.changes.is_empty() {
        page.text(0, &Text::plain("None."))?;
    }
    changes(page, &history, usize::MAX)?;
    figures(page, evidence)?;
    undoings(page, evidence)?;
    records(page, evidence)?;
    page.heading("What this proves")?;
    bullets(page, &evidence.proves)?;
    page.heading("What this does not prove")?;
    bullets(page, &evidence.does_not_prove)?;
    words::proof(page, evidence.basis.as_ref())
}

fn bullets(page: &mut Page<'_>, sentences: &[String]) -> io::Result<()> {
    sentences.iter().try_for_each(|sentence| page.labelled(0, "•", 2, &Text::plain(sentence.as_str())))
}

fn head(page: &mut Page<'_>, evidence: &v1::Evidence) -> io::Result<()> {
    let definition = evidence.definition.clone().unwrap_or_default();
    let about = v1::Row { definition: Some(definition.clone()), ..v1::Row::default() };
    page.text(0, &Text::inked(Ink::Faint, "Evidence for an auditor"))?;
    page.text(0, &title(&about, ""))?;
    let area = words::area(&evidence.area_name, &evidence.area);
    let period = words::period(&evidence.period);
    let subject = [area.as_str(), words::cohort(&evidence.cohort, ""), &definition.measure, &period];
    page.text(0, &Text::plain(subject.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")))?;
    let basis = evidence.basis.clone().unwrap_or_default();
    page.text(0, &words::basis(&basis))?;
    let backfilled = words::backfilled(&basis);
    if !backfilled.is_empty() {
        page.text(0, &Text::plain(backfilled))?;
    }
    page.blank()?;
    let mut lines = about_measure(&definition, &evidence.definition_text, None);
    let defined = evidence.definition_provenance.as_ref().map_or_else(String::new, words::provenance);
    let label = if evidence.defined_later { "Defined later" } else { "Defined" };
    lines.push((label, Text::plain(words::capital(&defined))));
    notes(page, 0, &lines)
}

fn figures(page: &mut Page<'_>, evidence: &v1::Evidence) -> io::Result<()> {
    page.heading("The figures, their ratings, and why")?;
    if evidence.figures.is_empty() {
        page.text(0, &Text::plain("No figure that it judges was known then."))?;
    }
    for figure in &evidence.figures {
        let row = figure.row.clone().unwrap_or_default();
        let display = row.result.as_ref().map_or("none", |result| result.display.as_str());
        let text = Text::inked(Ink::Strong, words::capital(&row.period_words)).then(Ink::Plain, ": ");
        let text = text.then_joined(Ink::Strong, display).then(Ink::Plain, ", ");
        let (ink, shape) = row::shape(row.rating());
        page.text(0, &text.then(ink, joined(&format!("{shape} {}", row.rating_word))))?;
        for sentence in &figure.sentences {
            page.labelled(2, "•", 4, &Text::plain(sentence.as_str()))?;
        }
        if let Some(provenance) = row.result.as_ref().and_then(|result| result.provenance.as_ref()) {
            page.text(4, &Text::inked(Ink::Faint, words::capital(&words::provenance(provenance))))?;
        }
    }
    if evidence.n_figures_not_listed > 0 {
        let n = words::count(evidence.n_figures_not_listed.into(), "earlier figure is", "earlier figures are");
        page.text(0, &Text::plain(format!("{n} not listed; ask with --period.")))?;
    }
    for rule in &evidence.rules {
        let provenance = rule.provenance.as_ref().map_or_else(String::new, words::provenance);
        let from = words::from_periods(&rule.from);
        page.text(0, &Text::plain(format!("Rule {}, {from}: {provenance}.", rule.rule)))?;
    }
    Ok(())
}

/// What undid any of it, those too that came after the day.
fn undoings(page: &mut Page<'_>, evidence: &v1::Evidence) -> io::Result<()> {
    page.heading("Rollbacks, reinstatements and withdrawals, then and later")?;
    if evidence.undoings.is_empty() {
        page.text(0, &Text::plain("None in the log so far."))?;
    }
    for undoing in &evidence.undoings {
        let told = undoing.record.clone().unwrap_or_default();
        let position = told.record.as_ref().map_or(0, |record| record.position);
        let ink = if undoing.later { Ink::Notice } else { Ink::Plain };
        page.labelled(0, "•", 2, &Text::inked(ink, undoing.sentence.as_str()))?;
        page.text(2, &Text::plain(format!("{position}:{}", told.chain)))?;
    }
    if evidence.n_undoings_not_listed > 0 {
        let n = words::count(evidence.n_undoings_not_listed.into(), "more is", "more are");
        page.text(0, &Text::plain(format!("{n} not listed; ask with --period.")))?;
    }
    Ok(())
}

fn records(page: &mut Page<'_>, evidence: &v1::Evidence) -> io::Result<()> {
    page.heading("The records themselves")?;
    for told in &evidence.records {
        let record = told.record.clone().unwrap_or_default();
        page.text(0, &Text::inked(Ink::Strong, format!("{}:{}", record.position, told.chain)))?;
        let about = said(record.event.as_ref());
        let lines = [
            ("Evidence of", Text::plain(told.of.join(", "))),
            ("Says", Text::plain(format!("{} {}: {}", about.event, about.subject, about.summary))),
            ("Line", Text::plain(line(told, &record))),
            ("Text", Text::plain(told.line_text.as_str())),
        ];
        notes(page, 2, &lines)?;
        json(page, &record)?;
        page.blank()?;
    }
    if evidence.n_records_not_listed > 0 {
        let n = words::count(evidence.n_records_not_listed.into(), "more record is", "more records are");
        page.text(0, &Text::plain(format!("{n} not listed; ask with --period.")))?;
    }
    for file in &evidence.files {
        let source = file.source.clone().unwrap_or_default();
        let size = words::thousands(source.size);
        page.text(0, &Text::inked(Ink::Strong, source.name.as_str()).then(Ink::Plain, format!(" ({size} bytes)")))?;
        let lines = [
            ("SHA-256", Text::plain(source.sha256.as_str())),
            ("Submission", Text::plain(file.submission_id.as_str())),
            ("Bytes", Text::plain(words::capital(&file.words))),
        ];
        notes(page, 2, &lines)?;
    }
    Ok(())
}

fn line(told: &v1::EvidenceRecord, record: &v1::Envelope) -> String {
    let Some(origin) = &record.origin else { return String::new() };
    let row = line_in(origin);
    format!("line {row} of {}, SHA-256 {}", told.file_name, told.file_sha256)
}

/// The line in its file; a workbook's sheet is in the file's name here, and its row in the line's last digits.
pub(super) fn line_in(origin: &v1::Origin) -> u32 {
    origin.line.checked_rem(SHEET_LINES).unwrap_or(origin.line)
}

/// Lines of workbooks are recorded as the sheet's number times this, and the row.
const SHEET_LINES: u32 = 10_000_000;

/// The record as it is recorded, readable by programs too.
fn json(page: &mut Page<'_>, record: &v1::Envelope) -> io::Result<()> {
    let mut text = Vec::new();
    super::json(&mut text, "scorebook.v1.Envelope", &prost::Message::encode_to_vec(record))?;
    for line in String::from_utf8_lossy(&text).lines() {
        let indent = line.len().saturating_sub(line.trim_start().len());
        page.text(indent.saturating_add(4), &Text::plain(line.trim_start()))?;
    }
    Ok(())
}
