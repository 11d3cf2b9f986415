//! Reads the book at fixed bounds, counting the backfills that the answer comes to rest on.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use domain::book::{Figures, MeasureState, MeasureStates, Noted, StoredResult};
use domain::history::Revision;
use domain::measure::Definition;
use domain::result::ResultEntry;
use domain::time::AsOf;
use domain::{AreaId, Book, CohortId, Date, Exact, MeasureId, Period, Position, Status, Timestamp};

use crate::Error;
use crate::answer::{Basis, Provenance, Withdrawal};

/// See the module's documentation.
pub(crate) struct Reader<'a> {
    pub(crate) book: &'a Book,
    pub(crate) as_of: AsOf,
    /// Where what judges a figure is looked up; the same bounds, unless something else is supposed.
    pub(crate) under: Under,
    /// Backfilled records that are shown, some of them several times.
    backfilled: RefCell<Vec<Position>>,
    /// Others, each once.
    backfilled_once: RefCell<Vec<Position>>,
    /// Backfilled records that were counted one by one, each shown once.
    n_backfilled: Cell<u32>,
    /// When the record that was shown last was taken in, and on which day: that of the next is mostly the same.
    recorded_on: Cell<Option<(Timestamp, Date)>>,
}

/// Where what judges a figure is looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Under {
    pub(crate) targets: Lens,
    /// Of minimum standards; `None` for those that came with the targets.
    pub(crate) standards: Option<Lens>,
    /// Of rating rules and direction methods.
    pub(crate) rules: AsOf,
    /// Of lists of neighbours.
    pub(crate) neighbours: AsOf,
}

/// Within which bounds a target is looked up, and for which period where that is not the figure's own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lens {
    pub(crate) as_of: AsOf,
    pub(crate) period: Option<Period>,
}

impl Under {
    pub(crate) const fn all(as_of: AsOf) -> Self {
        Self { targets: Lens { as_of, period: None }, standards: None, rules: as_of, neighbours: as_of }
    }
}

/// A definition, and whether it was known only after the bounds.
pub(crate) struct Defined<'a> {
    pub(crate) definition: &'a Definition,
    /// The same, to be held.
    pub(crate) shared: &'a Arc<Definition>,
    pub(crate) later: bool,
    pub(crate) revision: &'a Revision<Noted<MeasureState>>,
}

impl<'a> Reader<'a> {
    /// Bounds inside a commit are lowered to the end of the commit before it.
    pub(crate) fn new(book: &'a Book, as_of: AsOf) -> Self {
        let as_of = AsOf { position: book.settle(as_of.position), ..as_of };
        Self {
            book,
            as_of,
            under: Under::all(as_of),
            backfilled: RefCell::default(),
            backfilled_once: RefCell::default(),
            n_backfilled: Cell::new(0),
            recorded_on: Cell::new(None),
        }
    }

    pub(crate) fn basis(&self) -> Basis {
        let mut backfilled = self.backfilled.borrow_mut();
        backfilled.sort_unstable();
        backfilled.dedup();
        let n_listed = backfilled.len().saturating_add(self.backfilled_once.borrow().len());
        let listed = u32::try_from(n_listed).unwrap_or(u32::MAX);
        Basis { as_of: self.as_of, n_backfilled: listed.saturating_add(self.n_backfilled.get()) }
    }

    /// What the answer rests on, and the backfilled records that are counted in it, but for results counted one by one; each
    /// once. With `repeated`, those that were said to be shown once may have been shown again.
    pub(crate) fn rested_on(self, repeated: bool) -> (Basis, Vec<Position>) {
        if repeated {
            self.backfilled.borrow_mut().append(&mut self.backfilled_once.borrow_mut());
        }
        let basis = self.basis();
        let mut all = self.backfilled_once.into_inner();
        all.append(&mut self.backfilled.into_inner());
        (basis, all)
    }

    /// Counts a shown record once when it is a backfill.
    pub(crate) fn rests_on<T>(&self, revision: &Revision<T>) {
        if revision.backfill() {
            self.rests_on_backfill(revision.position);
        }
    }

    /// Where a shown record is. Counts it when it is a backfill.
    pub(crate) fn provenance<T>(&self, revision: &Revision<Noted<T>>) -> Provenance {
        self.rests_on(revision);
        let received = self.book.submission(revision.submission).expect("every revision's submission was received");
        let origin = revision.value.origin.map(|origin| {
            let file = received.sources.get(usize::from(origin.file));
            (file.map_or_else(String::new, |source| source.name.clone()), origin)
        });
        Provenance {
            position: revision.position,
            known_at: revision.known_at,
            recorded_at: revision.recorded_at,
            known_on: self.book.day(revision.known_at),
            recorded_on: self.recorded_on(revision.recorded_at),
            actor: received.actor.id.clone(),
            authenticated: received.actor.authenticated,
            submission: received.id,
            origin,
            reason: revision.value.why.reason.clone(),
            cause: revision.value.why.cause,
        }
    }

    fn recorded_on(&self, at: Timestamp) -> Date {
        let day = match self.recorded_on.get() {
            Some((before, day)) if before == at => day,
            _ => self.book.day(at),
        };
        self.recorded_on.set(Some((at, day)));
        day
    }

    pub(crate) fn defined(&self, measure: &MeasureId) -> Result<Defined<'a>, Error> {
        self.defined_of(measure, self.book.measure(measure))
    }

    /// The same, of what was looked up already.
    pub(crate) fn defined_of(
        &self,
        measure: &MeasureId,
        states: Option<MeasureStates<'a>>,
    ) -> Result<Defined<'a>, Error> {
        let missing = || not_defined(measure);
        let (revision, later) = states.and_then(|states| states.definition(self.as_of)).ok_or_else(missing)?;
        match &revision.value.value {
            MeasureState::Defined(shared) => Ok(Defined { definition: shared, shared, later, revision }),
            MeasureState::Withdrawn(_) => Err(missing()),
        }
    }

    pub(crate) fn withdrawal(&self, measure: &MeasureId) -> Option<Withdrawal> {
        let revision = self.book.withdrawal(measure, self.as_of)?;
        self.withdrawn_by(revision)
    }

    /// The withdrawal that a revision is.
    pub(crate) fn withdrawn_by(&self, revision: &Revision<Noted<MeasureState>>) -> Option<Withdrawal> {
        match &revision.value.value {
            MeasureState::Withdrawn(withdrawn) => Some(Withdrawal {
                from: withdrawn.from,
                successor: withdrawn.successor.clone(),
                comparable: withdrawn.comparable,
                provenance: self.provenance(revision),
            }),
            MeasureState::Defined(_) => None,
        }
    }

    /// An area's name as of then; its code when it has none.
    pub(crate) fn area_name(&self, area: &AreaId) -> String {
        let Some(revision) = self.book.area(area, self.as_of) else { return area.to_string() };
        self.rests_on(revision);
        revision.value.value.name.clone()
    }

    /// A cohort's name as of then; its code when it has none.
    pub(crate) fn cohort_name(&self, cohort: &CohortId) -> String {
        let Some(revision) = self.book.cohort(cohort, self.as_of) else { return cohort.to_string() };
        self.rests_on(revision);
        revision.value.value.name.clone()
    }

    /// The area itself, then each that contains it, nearest first; at most eight.
    pub(crate) fn area_and_containing(&self, area: &AreaId) -> Vec<AreaId> {
        let mut areas = vec![area.clone()];
        while let Some(above) = areas
            .last()
            .and_then(|last| self.book.area(last, self.as_of))
            .and_then(|revision| revision.value.value.parent.clone())
            .filter(|above| !areas.contains(above) && areas.len() < 8)
        {
            areas.push(above);
        }
        areas
    }

    /// What stands of a series for a period.
    pub(crate) fn entry(&self, figures: Figures<'a>, period: Period) -> Option<(StoredResult<'a>, ResultEntry)> {
        let stored = figures.standing(period, self.as_of)?;
        Some((stored, stored.entry()?))
    }

    pub(crate) fn result(&self, cell: &domain::Cell) -> Option<(StoredResult<'a>, ResultEntry)> {
        self.entry(self.book.figures(&cell.series), cell.period)
    }

    /// Counts shown records that are backfills. For answers that show each once; others use [`Reader::rests_on`].
    pub(crate) fn shows_backfills(&self, n_backfilled: u32) {
        self.n_backfilled.set(self.n_backfilled.get().saturating_add(n_backfilled));
    }

    /// Remembers a backfill that is shown. Of many, those that are there already are left out now and then.
    pub(crate) fn rests_on_backfill(&self, position: Position) {
        let mut backfilled = self.backfilled.borrow_mut();
        if backfilled.len() == backfilled.capacity() && backfilled.len() >= BACKFILLS_BEFORE_SORTING {
            backfilled.sort_unstable();
            backfilled.dedup();
            let n = backfilled.len();
            backfilled.reserve(n);
        }
        backfilled.push(position);
    }

    /// Remembers a backfill that is shown at no other place.
    pub(crate) fn rests_once_on_backfill(&self, position: Position) {
        let mut backfilled = self.backfilled_once.borrow_mut();
        if backfilled.capacity() == 0 {
            backfilled.reserve(BACKFILLS_MOSTLY);
        }
        backfilled.push(position);
    }

    /// Counts a shown result once when it is a backfill.
    pub(crate) fn rests_on_result(&self, stored: StoredResult<'_>) {
        if stored.backfill() {
            self.rests_on_backfill(stored.position());
        }
    }
}

pub(crate) fn not_defined(measure: &MeasureId) -> Error {
    Error::NotDefined { what: "measure", code: measure.to_string() }
}

/// For how many backfills there is room from the first on: those of a scorecard's definitions and targets.
const BACKFILLS_MOSTLY: usize = 256;

/// From how many remembered backfills on it is worth to leave out what is there twice.
const BACKFILLS_BEFORE_SORTING: usize = 1_024;

/// A measured value: not missing, not a forecast.
pub(crate) fn measured(entry: &ResultEntry, definition: &Definition) -> Option<Exact> {
    (entry.status != Status::Forecast).then_some(())?;
    entry.figure.exact(definition.unit.multiplier).ok()?
}

/// A figure as it is shown, or the reason for being missing.
pub(crate) fn shown(entry: &ResultEntry, definition: &Definition) -> String {
    match entry.figure {
        domain::Figure::Missing(missing) => ratings::words::missing(missing).to_owned(),
        figure @ (domain::Figure::Stated { .. } | domain::Figure::Counted { .. }) => {
            match figure.exact(definition.unit.multiplier) {
                Ok(Some(value)) => definition.show(value),
                Ok(None) | Err(_) => "no value".to_owned(),
            }
        }
    }
}
