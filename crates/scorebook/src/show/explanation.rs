//! Why a cell is rated as it is; and the server and its log.

use std::io::{self, Write};

use wire::v1;

use super::Style;
use super::row::{self, Symbols};
use super::table::notes;
use super::text::{Ink, Page, Text};
use super::words;

/// Shows why a cell is rated as it is.
///
/// # Errors
/// What `out` says.
pub(crate) fn explanation(out: &mut dyn Write, style: &Style, answer: &v1::ExplainRatingResponse) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    let row = answer.row.clone().unwrap_or_default();
    let basis = answer.basis.clone().unwrap_or_default();
    page.text(0, &row::title(&row, ""))?;
    page.text(0, &words::basis(&basis))?;
    page.blank()?;
    page.text(2, &row::rating(&row, &mut Symbols::default()))?;
    page.blank()?;
    for sentence in &answer.sentences {
        page.labelled(0, "•", 2, &Text::plain(sentence.as_str()))?;
    }
    page.blank()?;
    let provenance =
        |provenance: Option<&v1::Provenance>| Text::plain(provenance.map_or_else(String::new, words::provenance));
    let target = row.target.as_ref();
    let of_result = row.result.as_ref().and_then(|result| result.provenance.as_ref());
    let of_target = target.and_then(|target| target.provenance.as_ref());
    let lines = [
        ("Result", provenance(of_result)),
        ("  Reason", Text::plain(of_result.map_or_else(String::new, why))),
        ("Target", provenance(of_target)),
        ("  Decision", Text::plain(target.map_or("", |target| target.decision.as_str()))),
        ("  Reason", Text::plain(of_target.map_or_else(String::new, why))),
        ("Benchmarks", row::benchmarks(&row, " · ")),
        ("Backfill", Text::plain(words::backfilled(&basis))),
    ];
    notes(page, 0, &lines)?;
    words::proof(page, Some(&basis))
}

/// “correction of an error: two plans were counted twice”.
fn why(provenance: &v1::Provenance) -> String {
    match (provenance.cause_words.as_str(), provenance.reason.as_str()) {
        ("", reason) => reason.to_owned(),
        (cause, "") => cause.to_owned(),
        (cause, reason) => format!("{cause}: {reason}"),
    }
}

/// Shows which log it is, how far it goes, and what it holds.
///
/// # Errors
/// What `out` says.
pub(crate) fn status(out: &mut dyn Write, style: &Style, status: &v1::GetStatusResponse) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    let holds = format!(
        "{}, {}, {}",
        words::count(status.n_measures, "measure", "measures"),
        words::count(status.n_cells, "result", "results"),
        words::count(status.n_submissions, "submission", "submissions")
    );
    page.text(0, &Text::inked(Ink::Strong, format!("The scorebook of {}", status.authority)))?;
    let lines = [
        ("Holds", Text::plain(holds)),
        ("Position", Text::plain(words::thousands(status.position))),
        ("Last record", Text::plain(words::instant(status.recorded_at.as_ref()))),
        ("Chain", Text::plain(status.chain.as_str())),
        ("Log", Text::plain(status.log_id.as_str())),
        ("Time zone", Text::plain(status.time_zone.as_str())),
        ("Format", Text::plain(format!("{}, and this program reads up to {}", status.format, status.newest_format))),
        ("Version", Text::plain(status.server_version.as_str())),
    ];
    notes(page, 0, &lines)?;
    let warnings = status.warnings.iter().map(|warning| format!("warning: {warning}"));
    for said in Some(status.read_only.clone()).filter(|said| !said.is_empty()).into_iter().chain(warnings) {
        page.text(0, &Text::inked(Ink::Strong, said))?;
    }
    Ok(())
}
