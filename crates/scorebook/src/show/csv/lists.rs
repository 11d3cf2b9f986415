//! What there is, as CSV.

use std::io::{self, Write};

use wire::v1;

use super::columns::{self, Cells};
use super::write;
use crate::show::{cluster as nodes, lists, words};

/// One row a measure.
///
/// # Errors
/// What `out` says.
pub(crate) fn directory(out: &mut dyn Write, directory: &v1::Directory) -> io::Result<()> {
    let shown = |entry: &v1::DirectoryEntry| {
        let mut cells = Cells::default();
        measure(&mut cells, entry);
        columns::provenance(&mut cells, entry.provenance.as_ref());
        columns::basis(&mut cells, directory.basis.as_ref());
        cells
    };
    write(out, directory.measures.iter().map(shown), || shown(&v1::DirectoryEntry::default()))
}

fn measure(cells: &mut Cells, entry: &v1::DirectoryEntry) {
    let definition = entry.definition.clone().unwrap_or_default();
    let unit = definition.unit.clone().unwrap_or_default();
    let expected = definition.expected.unwrap_or_default();
    cells.code("measure", &definition.measure);
    cells.free("title", &definition.title);
    cells.code("kind", words::kind(definition.kind()));
    cells.number("expected_low", &words::decimal(expected.low.as_ref()));
    cells.number("expected_high", &words::decimal(expected.high.as_ref()));
    cells.free("unit", &unit.label);
    cells.number("multiplier", &unit.multiplier.to_string());
    cells.number("decimal_places", &definition.decimal_places.to_string());
    cells.code("polarity", words::polarity(definition.polarity()));
    cells.code("frequency", words::frequency(definition.frequency()));
    cells.code("basis", &words::sums_up(&definition));
    cells.free("data_source", &definition.data_source);
    cells.free("owner", &definition.owner);
    cells.free("definition", entry.definition_text.trim_end());
    cells.code("first_period", &entry.first_period);
    cells.code("last_period", &entry.last_period);
    cells.code("withdrawn_from", entry.withdrawn.as_ref().map_or("", |end| &end.from));
    cells.code("successor", entry.withdrawn.as_ref().map_or("", |end| &end.successor));
}

/// One row a scorecard.
///
/// # Errors
/// What `out` says.
pub(crate) fn scorecards(out: &mut dyn Write, answer: &v1::ListScorecardsResponse) -> io::Result<()> {
    let shown = |card: &v1::ScorecardAnswer| {
        let mut cells = Cells::default();
        cells.code("scorecard", &card.scorecard);
        cells.free("title", &card.title);
        cells.free("committee", &card.committee);
        cells.number("n_rows", &card.n_rows.to_string());
        let remit = card.remit.clone().unwrap_or_default();
        cells.code("from", &remit.from);
        cells.free("scorecard_owner", &remit.owner);
        cells.free("director", &remit.director);
        cells.code("behind", &remit.behind);
        cells.code("subset_of", &remit.subset_of);
        columns::basis(&mut cells, answer.basis.as_ref());
        cells
    };
    write(out, answer.scorecards.iter().map(shown), || shown(&v1::ScorecardAnswer::default()))
}

/// One row an area.
///
/// # Errors
/// What `out` says.
pub(crate) fn areas(out: &mut dyn Write, answer: &v1::ListAreasResponse) -> io::Result<()> {
    let shown = |area: &v1::AreaAnswer| {
        let mut cells = Cells::default();
        cells.code("area", &area.area);
        cells.free("name", &area.name);
        cells.code("level", lists::level(area.level()));
        cells.code("parent", &area.parent);
        columns::basis(&mut cells, answer.basis.as_ref());
        cells
    };
    write(out, answer.areas.iter().map(shown), || shown(&v1::AreaAnswer::default()))
}

/// One row a submission; its files are in one cell.
///
/// # Errors
/// What `out` says.
pub(crate) fn submissions(out: &mut dyn Write, answer: &v1::ListSubmissionsResponse) -> io::Result<()> {
    let shown = |submission: &v1::SubmissionAnswer| {
        let file = |source: &v1::Source| format!("{} sha256:{}", source.name, source.sha256);
        let mut cells = Cells::default();
        cells.code("submission", &submission.submission_id);
        cells.code("recorded_at", &words::instant_code(submission.recorded_at.as_ref()));
        columns::actor(&mut cells, submission.actor.as_ref());
        cells.number("first_position", &submission.first_position.to_string());
        cells.number("last_position", &submission.last_position.to_string());
        cells.number("n_facts", &submission.n_facts.to_string());
        cells.flag("rolled_back", submission.rolled_back);
        cells.flag("fixed", submission.fixed);
        cells.code("digest", &submission.digest);
        cells.free("files", &submission.sources.iter().map(file).collect::<Vec<_>>().join("; "));
        cells
    };
    write(out, answer.submissions.iter().map(shown), || shown(&v1::SubmissionAnswer::default()))
}

/// One row a node.
///
/// # Errors
/// What `out` says.
pub(crate) fn cluster(out: &mut dyn Write, answer: &v1::GetClusterResponse) -> io::Result<()> {
    let said = |n: u64| if n == 0 { String::new() } else { n.to_string() };
    let shown = |node: &v1::ClusterNode| {
        let mut cells = Cells::default();
        cells.code("node", &node.node);
        cells.flag("answers", node.answers);
        cells.code("roles", &node.roles.join(" "));
        cells.free("version", &node.version);
        cells.number("format", &said(node.format.into()));
        cells.code("log", &node.log_id);
        cells.number("position", &node.position.to_string());
        cells.code("chain", &node.chain);
        cells.code("recorded_at", &words::instant_code(node.recorded_at.as_ref()));
        cells.number("lag", &node.lag.to_string());
        cells.number("agreed_position", &node.agreed_position.to_string());
        cells.number("followed_sequence", &said(node.followed_sequence));
        cells.number("heard_seconds_ago", &nodes::seconds(node.heard_ago.as_ref()));
        cells.number("clock_ahead_seconds", &nodes::seconds(node.clock_ahead.as_ref()));
        cells.code("state", nodes::state(node.state()));
        cells.free("stopped", &node.stopped);
        cells.free("listen", &node.listen);
        cells.code("run", &node.run_id);
        cells
    };
    write(out, answer.nodes.iter().map(shown), || shown(&v1::ClusterNode::default()))
}
