//! What there is: measures, scorecards, areas, submissions.

use std::io::{self, Write};

use wire::v1;

use super::Style;
use super::measure_history::about_measure;
use super::table::{Column, Row, Table};
use super::text::{Ink, Page, Text, joined};
use super::words;

/// Shows the measures that there are, with their definitions.
///
/// # Errors
/// What `out` says.
pub(crate) fn directory(out: &mut dyn Write, style: &Style, directory: &v1::Directory) -> io::Result<()> {
    let columns = [Column::left("Code"), Column::left("Unit"), Column::left("Figures")];
    let rows: Vec<Row> = directory.measures.iter().map(measure).collect();
    list(&mut Page::new(out, style), ("measure", "measures"), directory.basis.as_ref(), (&columns, &rows))
}

fn measure(entry: &v1::DirectoryEntry) -> Row {
    let definition = entry.definition.clone().unwrap_or_default();
    let unit = definition.unit.as_ref().map_or("", |unit| unit.label.as_str());
    let figures = match (words::period(&entry.first_period), words::period(&entry.last_period)) {
        (first, _) if first.is_empty() => "none yet".to_owned(),
        (first, last) if first == last => joined(&first),
        (first, last) => format!("{} to {}", joined(&first), joined(&last)),
    };
    let code = Text::plain(definition.measure.as_str());
    let title = Text::inked(Ink::Strong, definition.title.as_str());
    let notes = about_measure(&definition, &entry.definition_text, entry.withdrawn.as_ref());
    Row { lead: title, cells: vec![code, Text::plain(unit), Text::plain(figures)], notes }
}

/// Shows the scorecards that there are.
///
/// # Errors
/// What `out` says.
pub(crate) fn scorecards(out: &mut dyn Write, style: &Style, answer: &v1::ListScorecardsResponse) -> io::Result<()> {
    let columns = [Column::left("Code"), Column::left("Title"), Column::left("Committee"), Column::right("Rows")];
    let row = |card: &v1::ScorecardAnswer| {
        Row::of(vec![
            Text::plain(card.scorecard.as_str()),
            Text::inked(Ink::Strong, card.title.as_str()),
            Text::plain(card.committee.as_str()),
            Text::plain(words::thousands(card.n_rows.into())),
        ])
    };
    let rows: Vec<Row> = answer.scorecards.iter().map(row).collect();
    list(&mut Page::new(out, style), ("scorecard", "scorecards"), answer.basis.as_ref(), (&columns, &rows))
}

/// Shows the areas that there are.
///
/// # Errors
/// What `out` says.
pub(crate) fn areas(out: &mut dyn Write, style: &Style, answer: &v1::ListAreasResponse) -> io::Result<()> {
    let columns = ["Code", "Name", "Level", "Inside"].map(Column::left);
    let name = |code: &str| answer.areas.iter().find(|area| area.area == code).map_or("", |area| area.name.as_str());
    let row = |area: &v1::AreaAnswer| {
        Row::of(vec![
            Text::plain(area.area.as_str()),
            Text::inked(Ink::Strong, area.name.as_str()),
            Text::plain(level(area.level())),
            Text::plain(words::area(name(&area.parent), &area.parent)),
        ])
    };
    let rows: Vec<Row> = answer.areas.iter().map(row).collect();
    list(&mut Page::new(out, style), ("area", "areas"), answer.basis.as_ref(), (&columns, &rows))
}

/// What an area is.
pub(crate) const fn level(level: v1::AreaLevel) -> &'static str {
    match level {
        v1::AreaLevel::Country => "country",
        v1::AreaLevel::Region => "region",
        v1::AreaLevel::Authority => "authority",
        v1::AreaLevel::District => "district",
        v1::AreaLevel::Unspecified => "",
    }
}

/// Shows what was put in.
///
/// # Errors
/// What `out` says.
pub(crate) fn submissions(out: &mut dyn Write, style: &Style, answer: &v1::ListSubmissionsResponse) -> io::Result<()> {
    let columns = [
        Column::left("Recorded"),
        Column::left("By"),
        Column::right("Positions"),
        Column::right("Facts"),
        Column::left("State"),
    ];
    let rows: Vec<Row> = answer.submissions.iter().map(submission).collect();
    let page = &mut Page::new(out, style);
    list(page, ("submission", "submissions"), None, (&columns, &rows))?;
    page.blank()?;
    let head = words::thousands(answer.head_position);
    page.text(0, &Text::plain(format!("Rolled back or not is said as of position {head}, the last of the log.")))
}

fn submission(submission: &v1::SubmissionAnswer) -> Row {
    let state = if submission.rolled_back {
        Text::inked(Ink::Notice, "rolled back")
    } else {
        Text::plain(if submission.fixed { "cannot be rolled back" } else { "counts" })
    };
    let recorded = words::instant(submission.recorded_at.as_ref());
    let cells = vec![
        Text::plain(recorded),
        Text::plain(words::actor(submission.actor.as_ref())),
        Text::plain(format!("{}–{}", submission.first_position, submission.last_position)),
        Text::plain(words::thousands(submission.n_facts)),
        state,
    ];
    let files = submission.sources.iter().map(|source| ("File", Text::plain(file(source))));
    let notes = files.chain(submission.undone.iter().map(undone)).collect();
    Row { lead: Text::inked(Ink::Strong, submission.submission_id.as_str()), cells, notes }
}

/// “at position 67,768, known 4 February 2025, 10:00:00 UTC: an older branch”.
fn undone(undone: &v1::SubmissionUndone) -> (&'static str, Text) {
    let label = if undone.rolled_back { "Rolled back" } else { "Reinstated" };
    let (position, known) = (words::thousands(undone.position), words::instant(undone.known_at.as_ref()));
    let why = if undone.reason.is_empty() { String::new() } else { format!(": {}", undone.reason) };
    (label, Text::plain(format!("at position {position}, known {known}{why}")))
}

/// “results.csv, 8,451 bytes, read as scorebook-results.1, SHA-256 3f9a1c2e77ab…”.
pub(crate) fn file(source: &v1::Source) -> String {
    let size = words::count(source.size, "byte", "bytes");
    let stored = if source.stored { "kept in the log" } else { "not kept" };
    let digest = joined(&format!("SHA-256 {}", words::short(&source.sha256)));
    format!("{}, {}, read as {}, {digest}, {stored}", source.name, joined(&size), source.layout)
}

/// A list with its basis and how many things it shows.
fn list(
    page: &mut Page<'_>,
    (one, many): (&str, &str),
    basis: Option<&v1::Basis>,
    (columns, rows): (&[Column], &[Row]),
) -> io::Result<()> {
    let n = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    page.text(0, &Text::inked(Ink::Strong, words::count(n, one, many)))?;
    if let Some(basis) = basis {
        page.text(0, &words::basis(basis))?;
    }
    if rows.is_empty() {
        return Ok(());
    }
    page.blank()?;
    let indent = if rows.iter().any(|row| !row.lead.is_empty()) { 2 } else { 0 };
    Table::of(columns, rows.iter(), indent, page.style).write(page, rows)
}
