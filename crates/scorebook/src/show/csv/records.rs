//! What happened, as CSV: changes of targets, differences, records of the log.

use std::io::{self, Write};

use wire::v1;

use super::columns::{self, Cells};
use super::write;
use crate::show::event::{Said, said};
use crate::show::evidence::line_in;
use crate::show::{comparison as difference, target_history as shown, words};

/// One row a change.
///
/// # Errors
/// What `out` says.
pub(crate) fn target_history(out: &mut dyn Write, history: &v1::TargetHistory) -> io::Result<()> {
    target_histories(out, std::slice::from_ref(history))
}

/// One row a change, of several measures.
///
/// # Errors
/// What `out` says.
pub(crate) fn target_histories(out: &mut dyn Write, histories: &[v1::TargetHistory]) -> io::Result<()> {
    let changes = histories.iter().flat_map(|history| history.changes.iter().map(move |change| (history, change)));
    let rows = changes.map(|(history, change)| target_change(change, history.basis.as_ref()));
    write(out, rows, || target_change(&v1::TargetChangeAnswer::default(), None))
}

fn target_change(change: &v1::TargetChangeAnswer, basis: Option<&v1::Basis>) -> Cells {
    let key = change.key.clone().unwrap_or_default();
    let span = change.span.clone().unwrap_or_default();
    let stands = change.stands.iter().map(|standing| {
        let Some(span) = &standing.span else { return String::new() };
        format!("{} to before {}", span.from, if span.to.is_empty() { "-" } else { &span.to })
    });
    let judged = change.judged.clone().unwrap_or_default();
    let number = |n: u32| if change.judged.is_some() { n.to_string() } else { String::new() };
    let one = |it: &v1::JudgedPeriod| format!("{}: {} {}", it.period, it.display, it.rating_word);
    let mut cells = Cells::default();
    cells.code("measure", &key.measure);
    cells.code("area", &key.area);
    cells.code("cohort", &key.cohort);
    cells.code("owner", words::owner(key.owner()));
    cells.code("from", &span.from);
    cells.code("to_before", &span.to);
    cells.code("target_display", &change.display);
    cells.code("minimum_display", &change.minimum_display);
    columns::terms(&mut cells, change.terms.as_ref());
    cells.code("state", shown::flag(change));
    cells.code("stands", &stands.collect::<Vec<_>>().join("; "));
    cells.free("decision", &change.decision);
    cells.number("n_results_known_before", &change.n_results_known_before.to_string());
    cells.code("backdated", &change.backdated_words);
    cells.code("later", &change.later_words);
    cells.number("n_judged", &number(judged.n_judged));
    cells.number("n_met", &number(judged.n_met));
    cells.number("n_minimum_met", &number(judged.n_minimum_met));
    cells.code("judged", &judged.periods.iter().map(one).collect::<Vec<_>>().join("; "));
    columns::provenance(&mut cells, change.provenance.as_ref());
    columns::basis(&mut cells, basis);
    cells
}

/// One row a difference.
///
/// # Errors
/// What `out` says.
pub(crate) fn comparison(out: &mut dyn Write, answer: &v1::Comparison) -> io::Result<()> {
    let (before, after) = (answer.before.clone().unwrap_or_default(), answer.after.clone().unwrap_or_default());
    let row = |change: &v1::Difference| {
        let mut cells = Cells::default();
        cells.code("measure", &change.measure);
        cells.free("title", &change.title);
        cells.code("cohort", &change.cohort);
        cells.code("what", difference::kind(change.kind()));
        cells.free("of", &change.of);
        cells.free("before", &change.before);
        cells.free("after", &change.after);
        cells.free("sentence", &change.sentence);
        let causes = |of: fn(&v1::NamedCause) -> String| -> String {
            change.causes.iter().map(of).collect::<Vec<_>>().join("; ")
        };
        cells.code("causes", &causes(|it| difference::cause(it.kind()).to_owned()));
        cells.code("causes_alone", &causes(|it| it.alone.clone()));
        cells.code("causes_without", &causes(|it| it.without.clone()));
        cells.code("causes_moved", &causes(|it| words::decimal(it.moved.as_ref())));
        columns::provenance(&mut cells, change.provenance.as_ref());
        cells.code("before_view", &before.view);
        cells.code("before_scorecard", &before.scorecard);
        cells.code("before_period", &before.period);
        cells.code("before_area", &before.area);
        let bounds = |side: &v1::ComparedSide| {
            let basis = side.basis.clone().unwrap_or_default();
            (words::instant_code(basis.known_at.as_ref()), basis.position.to_string())
        };
        let (known_at, position) = bounds(&before);
        cells.code("before_known_at", &known_at);
        cells.number("before_position", &position);
        cells.free("before_departures", &before.departures.join("; "));
        cells.code("after_view", &after.view);
        cells.code("after_scorecard", &after.scorecard);
        cells.code("after_period", &after.period);
        cells.code("after_area", &after.area);
        let (known_at, position) = bounds(&after);
        cells.code("after_known_at", &known_at);
        cells.number("after_position", &position);
        cells.free("after_departures", &after.departures.join("; "));
        cells
    };
    // Where nothing differs, what a view is rebuilt to otherwise has a row of its own.
    let departs = !(before.departures.is_empty() && after.departures.is_empty());
    let alone = (departs && answer.differences.is_empty()).then(v1::Difference::default);
    write(out, answer.differences.iter().chain(&alone).map(row), || row(&v1::Difference::default()))
}

/// One row a record.
///
/// # Errors
/// What `out` says.
pub(crate) fn log(out: &mut dyn Write, records: &[v1::Envelope]) -> io::Result<()> {
    let row = |record: &v1::Envelope| {
        let Said { event, subject, summary } = said(record.event.as_ref());
        let mut cells = Cells::default();
        cells.number("position", &record.position.to_string());
        cells.code("recorded_at", &words::instant_code(record.recorded_at.as_ref()));
        cells.code("known_at", &words::instant_code(record.known_at.as_ref()));
        cells.flag("backfill", record.backfill);
        cells.code("event", event);
        cells.free("subject", &subject);
        cells.free("summary", &summary);
        columns::actor(&mut cells, record.actor.as_ref());
        cells.free("reason", &record.reason);
        columns::origin(&mut cells, record.origin.as_ref());
        cells.code("submission", &record.submission_id);
        cells.code("event_id", &record.event_id);
        cells.flag("last_of_commit", record.last_of_commit);
        cells
    };
    write(out, records.iter().map(row), || row(&v1::Envelope::default()))
}

/// One row a record of the pack, in the log's order; then one each of what undid any of them or put it back.
///
/// # Errors
/// What `out` says.
pub(crate) fn evidence(out: &mut dyn Write, evidence: &v1::Evidence) -> io::Result<()> {
    let row = |told: &v1::EvidenceRecord, undoing: Option<&v1::Undoing>| {
        let record = told.record.clone().unwrap_or_default();
        let Said { event, subject, summary } = said(record.event.as_ref());
        let mut cells = Cells::default();
        cells.number("position", &record.position.to_string());
        cells.code("chain", &told.chain);
        cells.code("kind", undoing.map_or(told.of.join("; "), |it| it.kind.clone()).as_str());
        cells.flag("later", undoing.is_some_and(|it| it.later));
        cells.free("words", &undoing.map_or(format!("{event} {subject}: {summary}"), |it| it.sentence.clone()));
        columns::actor(&mut cells, record.actor.as_ref());
        cells.code("known_at", &words::instant_code(record.known_at.as_ref()));
        cells.code("recorded_at", &words::instant_code(record.recorded_at.as_ref()));
        cells.free("reason", &record.reason);
        cells.code("submission", &record.submission_id);
        cells.free("file", &told.file_name);
        cells.code("file_sha256", &told.file_sha256);
        let line = record.origin.as_ref().map_or_else(String::new, |origin| line_in(origin).to_string());
        cells.number("line", &line);
        cells.free("line_text", &told.line_text);
        cells
    };
    let undoings = evidence.undoings.iter().filter_map(|it| Some(row(it.record.as_ref()?, Some(it))));
    let rows = evidence.records.iter().map(|told| row(told, None)).chain(undoings);
    write(out, rows, || row(&v1::EvidenceRecord::default(), None))
}
