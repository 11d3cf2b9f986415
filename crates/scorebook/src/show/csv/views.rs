//! Views and checks, as CSV.

use std::io::{self, Write};

use wire::v1;

use super::columns::{self, Cells};
use super::write;
use crate::show::words;

/// One row a view.
///
/// # Errors
/// What `out` says.
pub(crate) fn views(out: &mut dyn Write, answer: &v1::ListViewsResponse) -> io::Result<()> {
    let shown = |view: &v1::View| {
        let meeting = view.meeting.clone().unwrap_or_default();
        let over = |warning: &v1::Warning| format!("{}: {}", warning.subject, warning.words);
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
