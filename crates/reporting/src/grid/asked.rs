//! A question as of one time, its measures and areas looked up.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::hint::black_box;
use std::sync::Arc;

use domain::book::{AreaNumber, Bounds, FigureWindow, Figures, KnownTargets, MeasureColumns, MeasureState};
use domain::event::MeasureWithdrawn;
use domain::measure::{Definition, MeasureKind};
use domain::period::PeriodKeys;
use domain::{AreaId, AsOf, Book, MeasureId, Position};

use super::Question;
use super::line::Steps;
use super::rules::{self, Ruled};
use crate::Error;
use crate::answer::Basis;
use crate::reader::{Defined, Reader};

/// See the module's documentation.
pub(super) struct Time<'a, 'q> {
    pub(super) reader: Reader<'a>,
    pub(super) bounds: Bounds<'a>,
    pub(super) question: &'q Question,
    pub(super) chains: Vec<Chain>,
    pub(super) asked: Vec<Asked<'a, 'q>>,
    with_own_rules: BTreeSet<&'a MeasureId>,
    /// By which rules measures are judged that have none of their own; only where there is one, the answer rests on them.
    general: OnceCell<Vec<Ruled>>,
}

/// An area and those that contain it, nearest first; the numbers of those that some result or target is about.
pub(super) struct Chain {
    numbers: Vec<Option<AreaNumber>>,
}

/// A measure that is asked for.
pub(super) struct Asked<'a, 'q> {
    measure: &'q MeasureId,
    pub(super) definition: &'a Definition,
    /// The same, to be held.
    shared: &'a Arc<Definition>,
    /// Whether that was known only later.
    later: bool,
    /// Where it is withdrawn.
    end: Option<&'a MeasureWithdrawn>,
    pub(super) columns: MeasureColumns<'a>,
    /// Its targets within the bounds, where they are all of one area and owner.
    pub(super) known: Option<KnownTargets<'a>>,
    /// By which rules it is judged, where they are not those of most.
    own_rules: OnceCell<Vec<Ruled>>,
}

impl<'a, 'q> Time<'a, 'q> {
    /// # Errors
    /// [`Error::NotDefined`].
    pub(super) fn new(book: &'a Book, question: &'q Question, as_of: AsOf) -> Result<Self, Error> {
        let reader = Reader::new(book, as_of);
        let Question { measures, areas, cohort, .. } = question;
        let chains = areas.iter().map(|area| reader.chain(area)).collect::<Result<_, _>>()?;
        let cohort = book.cohort_number(cohort);
        let bounds = book.bounds(reader.as_of);
        let with_own_rules = book.measures_with_rules();
        // All are looked up before what is known of the first: one does not wait for the other.
        let numbers: Vec<_> = measures.iter().map(|measure| book.measure_number(measure)).collect();
        let mut asked: Vec<Asked<'_, '_>> = Vec::with_capacity(measures.len());
        for (measure, number) in measures.iter().zip(numbers) {
            let columns = book.measure_columns(number, cohort);
            let states = columns.states();
            let last = states.and_then(|states| states.last(reader.as_of));
            let (defined, end) = match last.map(|it| (it, &it.value.value)) {
                Some((revision, MeasureState::Defined(shared))) => (Defined::new(revision, shared, false), None),
                Some((revision, MeasureState::Withdrawn(end))) => {
                    reader.rests_on(revision);
                    (reader.defined_of(measure, states)?, Some(end))
                }
                None => (reader.defined_of(measure, states)?, None),
            };
            let Defined { definition, shared, later, revision } = defined;
            if revision.backfill() {
                reader.rests_once_on_backfill(revision.position);
            }
            let own_rules = OnceCell::new();
            asked.push(Asked { measure, definition, shared, later, end, columns, known: None, own_rules });
        }
        Asked::look(&asked);
        for asked in &mut asked {
            asked.known = asked.columns.known_targets(&bounds);
        }
        Ok(Self { reader, bounds, question, chains, asked, with_own_rules, general: OnceCell::new() })
    }

    /// By which rules a measure is judged, and where it is withdrawn.
    pub(super) fn rules<'s>(&'s self, asked: &'s Asked<'a, 'q>) -> &'s [Ruled] {
        let (reader, periods) = (&self.reader, &self.question.periods);
        let general = || self.general.get_or_init(|| reader.rules(None, periods));
        let own = self.with_own_rules.contains(asked.measure);
        if !own && asked.end.is_none() {
            return general();
        }
        asked.own_rules.get_or_init(|| {
            let rules = if own { reader.rules(Some(asked.measure), periods) } else { general().clone() };
            let Some(end) = asked.end else { return rules };
            // Periods are in the order of their last days.
            rules::withdrawn_from(periods.partition_point(|period| period.last_day() < end.from), &rules)
        })
    }

    /// Where the figures of each measure and area are. All are looked up before the first is read, so that the memory's answers
    /// do not wait for one another.
    pub(super) fn windows(&self, steps: &Steps) -> Vec<FigureWindow<'a>> {
        let wanted = PeriodKeys::new(steps.periods());
        let mut lines = Vec::with_capacity(self.asked.len().saturating_mul(self.chains.len()));
        let mut places = vec![0; self.chains.len()];
        for asked in &self.asked {
            let places = self.chains.iter().zip(&mut places);
            lines.extend(places.map(|(chain, at)| asked.columns.figures(chain.area(), at)));
        }
        Figures::look(&lines);
        let windows: Vec<FigureWindow<'a>> = lines.into_iter().map(|figures| figures.window(wanted)).collect();
        FigureWindow::look(&windows);
        windows
    }

    /// What the answer rests on, and the backfills that are counted in it, each once.
    pub(super) fn rested_on(self) -> (Basis, Vec<Position>) {
        let mut met = vec![false; self.reader.book.n_measures()];
        let repeated = self.asked.iter().any(|asked| {
            let met = asked.columns.place().and_then(|place| met.get_mut(place));
            met.is_some_and(|met| std::mem::replace(met, true))
        });
        self.reader.rested_on(repeated)
    }
}

impl Chain {
    /// The area itself.
    fn area(&self) -> Option<AreaNumber> {
        self.numbers.first().copied().flatten()
    }
}

impl Asked<'_, '_> {
    /// Looks at what of the definitions judges, so that it is near when it is read: one does not wait for the other.
    fn look(all: &[Self]) {
        let definitions = all.iter().map(|asked| asked.definition);
        black_box(
            definitions.fold(0, |seen, it| seen ^ it.decimal_places ^ u8::from(it.kind == MeasureKind::Indicator)),
        );
    }

    /// Its definition, and whether it was known only later.
    pub(super) fn definition(&self) -> (Arc<Definition>, bool) {
        (Arc::clone(self.shared), self.later)
    }
}

impl Reader<'_> {
    fn chain(&self, area: &AreaId) -> Result<Chain, Error> {
        if self.book.area(area, self.as_of).is_none() {
            return Err(Error::NotDefined { what: "area", code: area.to_string() });
        }
        let areas = self.area_and_containing(area);
        Ok(Chain { numbers: areas.iter().map(|area| self.book.area_number(area)).collect() })
    }
}

/// Which areas' targets of a measure judge the areas that are asked for.
pub(super) struct Judging<'c> {
    chains: &'c [Chain],
    /// The areas that the measure has targets of: mostly the same for all measures.
    with_targets: Vec<AreaNumber>,
    areas: Vec<JudgedArea>,
}

/// An area that is asked for.
pub(super) struct JudgedArea {
    /// It and those around it that have targets, nearest first.
    pub(super) with_targets: Vec<AreaNumber>,
    /// Whether they are not those of the area asked for before it.
    pub(super) apart: bool,
}

impl<'c> Judging<'c> {
    pub(super) const fn new(chains: &'c [Chain]) -> Self {
        Self { chains, with_targets: Vec::new(), areas: Vec::new() }
    }

    /// Goes on with another measure.
    pub(super) fn begin(&mut self, columns: &MeasureColumns<'_>) {
        if self.areas.is_empty() || !columns.target_areas().eq(self.with_targets.iter().copied()) {
            self.with_targets.clear();
            self.with_targets.extend(columns.target_areas());
            self.find();
        }
    }

    /// The areas.
    pub(super) fn areas(&self) -> &[JudgedArea] {
        &self.areas
    }

    /// One of the areas.
    pub(super) fn area(&self, at: usize) -> Option<&JudgedArea> {
        self.areas.get(at)
    }

    fn find(&mut self) {
        let own = |chain: &Chain| -> Vec<AreaNumber> {
            chain.numbers.iter().flatten().filter(|area| self.with_targets.contains(area)).copied().collect()
        };
        let mut areas: Vec<JudgedArea> = Vec::with_capacity(self.chains.len());
        for with_targets in self.chains.iter().map(own) {
            let apart = areas.last().is_none_or(|before| before.with_targets != with_targets);
            areas.push(JudgedArea { with_targets, apart });
        }
        self.areas = areas;
    }
}
