//! The evidence for a measure on a day: its target then, the figures that it judged, and where all of it is recorded.

mod later;
mod sentences;

use std::collections::{BTreeMap, BTreeSet};

use domain::history::Revision;
use domain::measure::Definition;
use domain::target::TargetKey;
use domain::time::AsOf;
use domain::{AreaId, Book, Cell, CohortId, Date, Period, Position, RuleId, Series};

use crate::Error;
use crate::answer::{Basis, Provenance, Row, TargetChangeAnswer, TargetHistory};
use crate::reader::Reader;
use crate::target_history::Extent;
use later::About;

pub use later::{UNDOINGS_MAX, Undoing, UndoingKind};

/// How many figures are told, the latest first.
pub const FIGURES_MAX: usize = 36;
/// How many records are told, the earliest first.
pub const RECORDS_MAX: usize = 300;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Which measure, where, and who is counted.
    pub series: Series,
    /// The day. The bounds of the answer are of what was known at its end.
    pub on: Date,
    /// The figure of this period; without it those that the target of the day judges.
    pub period: Option<Period>,
}

/// The evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The definition as of then.
    pub definition: Definition,
    /// True when the measure was defined only later: its earliest definition is shown.
    pub defined_later: bool,
    /// The text of the definition.
    pub definition_text: String,
    /// Where it is recorded.
    pub definition_provenance: Provenance,
    /// The area and its name as of then.
    pub area: (AreaId, String),
    /// Who is counted.
    pub cohort: CohortId,
    /// The target then; `None` when there was none.
    pub target: Option<TargetChangeAnswer>,
    /// What the target was, who set it, when, why and by whose authority, what it judged, how often it was met.
    pub sentences: Vec<String>,
    /// Every change of the targets that could judge the figures.
    pub history: TargetHistory,
    /// The figures that it judged, latest first.
    pub figures: Vec<Row>,
    /// How many more there are.
    pub n_figures_not_listed: usize,
    /// The rules that rated the figures, each once.
    pub rules: Vec<Adopted>,
    /// Where what is told is recorded, and what each record is evidence of; in the log's order.
    pub records: Vec<(Position, Vec<&'static str>)>,
    /// How many more there are.
    pub n_records_not_listed: usize,
    /// What undid any of that or put it back, whenever it was known, in the log's order; at most [`UNDOINGS_MAX`].
    pub undoings: Vec<Undoing>,
    /// How many more there are.
    pub n_undoings_not_listed: usize,
    /// What it rests on.
    pub basis: Basis,
}

/// A rule that was adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    /// Which.
    pub rule: RuleId,
    /// From periods that end on this day on.
    pub from: Date,
    /// Where its adoption is recorded.
    pub provenance: Provenance,
}

/// Where what is told is recorded.
#[derive(Default)]
struct Records {
    of: BTreeMap<Position, BTreeSet<&'static str>>,
    undoings: BTreeMap<Position, Undoing>,
}

impl Records {
    /// Notes a record, and the first of its submission, which says who put it in and names its files.
    fn note<T>(&mut self, reader: &Reader<'_>, revision: &Revision<T>, (what, period): About) {
        self.of.entry(revision.position).or_default().insert(what);
        let Some(received) = reader.book.submission(revision.submission) else { return };
        self.of.entry(received.first).or_default().insert("submission");
        for rollback in received.rollbacks() {
            let kind = if rollback.rolled_back { UndoingKind::RolledBack } else { UndoingKind::Reinstated };
            self.undone(reader, kind, (rollback.known_at, rollback.position), (what, period));
        }
    }
}

/// The evidence for a measure on a day.
///
/// Cost: that of the measure's target history, of at most [`FIGURES_MAX`] rows, and of the revisions of their figures.
///
/// # Errors
/// [`Error::NotDefined`] when the measure or the area is not there as of then.
pub fn evidence(book: &Book, question: &Question, as_of: AsOf) -> Result<Evidence, Error> {
    let reader = Reader::new(book, as_of);
    let Question { series, on, period } = question;
    let defined = reader.defined(&series.measure)?;
    if book.area(&series.area, reader.as_of).is_none() {
        return Err(Error::NotDefined { what: "area", code: series.area.to_string() });
    }
    let mut records = Records::default();
    records.note(&reader, defined.revision, ("definition", None));
    let areas = reader.area_and_containing(&series.area);
    let asks = |key: &TargetKey| key.cohort == series.cohort && areas.contains(&key.area);
    let history = reader.targets(&series.measure, asks, Extent { judged: true, standing_only: false })?;
    for (_, changes) in book.targets_of(&series.measure).filter(|(key, _)| asks(key)) {
        for change in changes.all().filter(|it| reader.as_of.covers(it.known_at, it.position)) {
            records.note(&reader, change, ("target", None));
        }
    }
    let asked = period.or_else(|| Period::day(*on));
    let judge = asked.and_then(|period| reader.target(&Cell { series: series.clone(), period }, None));
    let judge = judge.map(|(_, _, revision)| revision.position);
    let target = history.changes.iter().find(|change| Some(change.provenance.position) == judge).cloned();
    records.withdrawals(&reader, series, (target.as_ref().map(|target| target.span), &areas));
    let mut periods = reader.figures_judged(series, (*period, *on), judge);
    let n_periods = periods.len();
    periods.truncate(FIGURES_MAX);
    let mut figures = Vec::new();
    let mut rules = BTreeMap::new();
    for period in &periods {
        let cell = Cell { series: series.clone(), period: *period };
        figures.push(reader.cell(&cell)?);
        for stored in book.figures(series).revisions(*period) {
            if stored.is_withdrawal() {
                let at = (stored.known_at(), stored.position());
                records.undone(&reader, UndoingKind::Withdrawn, at, ("result", Some(*period)));
            }
            if reader.as_of.covers(stored.known_at(), stored.position()) {
                records.note(&reader, &stored.revision(), ("result", Some(*period)));
            }
        }
        let adoption = book.rating_rule_adoption(Some(&series.measure), period.last_day(), reader.as_of);
        if let Some(revision) = adoption {
            records.note(&reader, revision, ("rule", None));
            let adopted = &revision.value.value;
            let (rule, from, provenance) = (adopted.rule.clone(), adopted.from, reader.provenance(revision));
            rules.insert(revision.position, Adopted { rule, from, provenance });
        }
    }
    let Records { of: records, undoings } = records;
    let (n_records, n_undoings) = (records.len(), undoings.len());
    let listed = records.into_iter().take(RECORDS_MAX).map(|(position, of)| (position, of.into_iter().collect()));
    let area = (series.area.clone(), reader.area_name(&series.area));
    let set_for = target.as_ref().map(|target| reader.area_name(&target.key.area)).unwrap_or_default();
    Ok(Evidence {
        definition_text: book.text(&defined.definition.definition).unwrap_or_default(),
        definition: defined.definition.clone(),
        defined_later: defined.later,
        definition_provenance: reader.provenance(defined.revision),
        sentences: sentences::of(question, defined.definition, &area.1, (target.as_ref(), &set_for, &history)),
        area,
        cohort: series.cohort.clone(),
        target,
        history,
        n_figures_not_listed: n_periods.saturating_sub(periods.len()),
        figures,
        rules: rules.into_values().collect(),
        records: listed.collect(),
        n_records_not_listed: n_records.saturating_sub(RECORDS_MAX),
        undoings: undoings.into_values().take(UNDOINGS_MAX).collect(),
        n_undoings_not_listed: n_undoings.saturating_sub(UNDOINGS_MAX),
        basis: reader.basis(),
    })
}

impl Reader<'_> {
    /// The periods whose figures are told, latest first: the one that is asked for, or those that the target judges; where
    /// there is no target, the latest figure that ends by the day.
    fn figures_judged(
        &self,
        series: &Series,
        (period, on): (Option<Period>, Date),
        judge: Option<Position>,
    ) -> Vec<Period> {
        if let Some(period) = period {
            return vec![period];
        }
        let figures = self.book.figures(series);
        let known = figures.periods().rev().filter(|period| figures.standing(*period, self.as_of).is_some());
        if judge.is_none() {
            return known.filter(|period| period.last_day() <= on).take(1).collect();
        }
        let judged = known.filter(|period| {
            let cell = Cell { series: series.clone(), period: *period };
            self.target(&cell, None).map(|(_, _, revision)| revision.position) == judge
        });
        judged.collect()
    }
}
