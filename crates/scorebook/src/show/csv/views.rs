//! Views and checks, as CSV.

use std::io::{self, Write};

use wire::v1;

use super::columns::{self, Cells};
use super::{of_scorecard, write};
use crate::show::words;

/// One row a view.
///
/// # Errors
/// What `out` says.
pub(crate) fn views(out: &mut dyn Write, answer: &v1::ListViewsResponse) -> io::Result<()> {
    let shown = |view: &v1::View| {
        let meeting = view.meeting.clone().unwrap_or_default();
        let over = |warning: &v1::Warning| format!("{}: {}", words::warned_of(warning), warning.words);
        let mut cells = Cells::default();
        cells.code("view", &view.view);
        cells.code("on", &meeting.on);
        cells.free("committee", &meeting.committee);
        cells.code("scorecard", &view.scorecard);
        cells.code("period", &view.period);
        cells.code("area", &view.area);
        cells.code("view_known_at", &words::instant_code(view.known_at.as_ref()));
        cells.number("view_position", &view.position.to_string());
        cells.code("form", &view.form);
        cells.code("sha256", &view.sha256);
        cells.number("size", &view.size.to_string());
        cells.number("n_beside", &view.n_beside.to_string());
        cells.free("over", &view.over.iter().map(over).collect::<Vec<_>>().join("\n"));
        columns::provenance(&mut cells, view.provenance.as_ref());
        cells
    };
    write(out, answer.views.iter().map(shown), || shown(&v1::View::default()))
}

/// What was given, one row a row; then what the committee did and what it was told, one row each. `kind` says which.
///
/// # Errors
/// What `out` says.
pub(crate) fn view(out: &mut dyn Write, answer: &v1::GetViewResponse) -> io::Result<()> {
    let card = answer.scorecard.clone().unwrap_or_default();
    let seen = answer.view.clone().unwrap_or_default();
    // What stands beside a view does not rest on what it rested on.
    let beside = v1::Scorecard { scorecard: seen.scorecard, period: seen.period, ..v1::Scorecard::default() };
    let of = |kind: &str, card: &v1::Scorecard, section: &str, row: &v1::Row, said: (&str, &str)| {
        let mut cells = Cells::default();
        cells.code("kind", kind);
        of_scorecard(&mut cells, card, section, row);
        cells.code("act", said.0);
        cells.free("text", said.1.trim_end());
        cells
    };
    let mut rows = Vec::new();
    for section in &card.sections {
        rows.extend(section.rows.iter().map(|row| of("row", &card, &section.title, row, ("", ""))));
    }
    for act in &answer.acts {
        let result = v1::ResultAnswer { provenance: act.provenance.clone(), ..v1::ResultAnswer::default() };
        let row = v1::Row { result: Some(result), ..v1::Row::default() };
        rows.push(of("act", &beside, "", &row, (words::committee_act(act.act()), &act.text)));
    }
    for late in &answer.late_figures {
        rows.push(of("late-figure", &beside, "", &as_row(late), ("", &late.text)));
    }
    write(out, rows.into_iter(), || of("", &beside, "", &v1::Row::default(), ("", "")))
}

fn as_row(late: &v1::LateFigureAnswer) -> v1::Row {
    let entry = late.told.as_ref().map(|told| v1::ResultEntry {
        figure: told.figure,
        status: told.status,
        ..v1::ResultEntry::default()
    });
    v1::Row {
        cell: late.cell.clone(),
        definition: Some(v1::Definition { title: late.title.clone(), ..v1::Definition::default() }),
        period_words: late.period_words.clone(),
        cohort_name: late.cohort_name.clone(),
        result: Some(v1::ResultAnswer { entry, display: late.display.clone(), provenance: late.provenance.clone() }),
        ..v1::Row::default()
    }
}

/// One row a finding.
///
/// # Errors
/// What `out` says.
pub(crate) fn check(out: &mut dyn Write, check: &v1::PublicationCheck) -> io::Result<()> {
    let shown = |finding: &v1::PublicationFinding| {
        let cell = finding.cell.clone().unwrap_or_default();
        let mut cells = Cells::default();
        cells.code("view", &check.view);
        cells.code("code", &finding.code);
        cells.code(
            "severity",
            match finding.severity() {
                v1::FindingSeverity::InTheWay => "in-the-way",
                v1::FindingSeverity::Warning => "warning",
                v1::FindingSeverity::Unspecified => "",
            },
        );
        cells.code("measure", &cell.measure);
        cells.code("area", &cell.area);
        cells.code("cohort", &cell.cohort);
        cells.code("period", &cell.period);
        cells.free("title", &finding.title);
        cells.free("words", &finding.words);
        columns::basis(&mut cells, check.basis.as_ref());
        cells
    };
    write(out, check.findings.iter().map(shown), || shown(&v1::PublicationFinding::default()))
}
