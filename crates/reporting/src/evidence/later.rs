//! What undid the evidence: rollbacks, reinstatements and withdrawals, those too that were known only after the day.

use std::collections::BTreeSet;

use domain::book::{MeasureState, MeasureStates};
use domain::time::Timestamp;
use domain::{AreaId, Date, Period, Position, Series, Span};

use super::Records;
use crate::reader::Reader;

/// How many are told, the earliest first.
pub const UNDOINGS_MAX: usize = 100;

/// A record that took others out of answers, or put them back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undoing {
    /// What it did.
    pub kind: UndoingKind,
    /// Where it is in the log.
    pub position: Position,
    /// On which day it was known, in the authority's time zone.
    pub known_on: Date,
    /// True when it was known only after the bounds, and so changes nothing of what is told.
    pub later: bool,
    /// What it touches of what is told: “target”, “result”.
    pub of: BTreeSet<&'static str>,
    /// The periods of the figures that it touches.
    pub periods: BTreeSet<Period>,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndoingKind {
    /// A submission was rolled back.
    RolledBack,
    /// A submission was reinstated.
    Reinstated,
    /// A target, a result or the measure was withdrawn.
    Withdrawn,
}

/// What a record is evidence of, and of a result its period.
pub(super) type About = (&'static str, Option<Period>);

impl Records {
    /// Notes an undoing, where it is within the bound on positions; one that was known then is among the records too.
    pub(super) fn undone(
        &mut self,
        reader: &Reader<'_>,
        kind: UndoingKind,
        (known_at, position): (Timestamp, Position),
        (what, period): About,
    ) {
        if position > reader.as_of.position {
            return;
        }
        let later = !reader.as_of.covers(known_at, position);
        if !later {
            let of = match kind {
                UndoingKind::RolledBack => "rollback",
                UndoingKind::Reinstated => "reinstatement",
                UndoingKind::Withdrawn => "withdrawal",
            };
            self.of.entry(position).or_default().insert(of);
        }
        let known_on = reader.book.day(known_at);
        let new = Undoing { kind, position, known_on, later, of: BTreeSet::new(), periods: BTreeSet::new() };
        let undoing = self.undoings.entry(position).or_insert(new);
        undoing.of.insert(what);
        undoing.periods.extend(period);
    }

    /// Notes withdrawals of the targets that could judge within a span (of any where there was no target), and of the
    /// measure.
    pub(super) fn withdrawals(
        &mut self,
        reader: &Reader<'_>,
        series: &Series,
        (span, areas): (Option<Span>, &[AreaId]),
    ) {
        for (key, changes) in reader.book.targets_of(&series.measure) {
            if key.cohort != series.cohort || !areas.contains(&key.area) {
                continue;
            }
            for change in changes.all().filter(|it| it.value.value.terms.is_none()) {
                if span.is_none_or(|span| span.overlaps(change.value.value.span)) {
                    self.undone(reader, UndoingKind::Withdrawn, (change.known_at, change.position), ("target", None));
                }
            }
        }
        let states = reader.book.measure(&series.measure).into_iter().flat_map(MeasureStates::all);
        for state in states.filter(|it| matches!(it.value.value, MeasureState::Withdrawn(_))) {
            self.undone(reader, UndoingKind::Withdrawn, (state.known_at, state.position), ("definition", None));
        }
    }
}
