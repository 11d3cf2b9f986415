//! A question as of one time, its measures and areas looked up.

use domain::book::{
    AreaNumber, Bounds, DefinitionNumber, FigureWindow, Figures, MeasureColumns, MeasureState, MeasureStates,
    StoredDefinition,
};
use domain::event::MeasureWithdrawn;
use domain::measure::{Brief, Definition};
use domain::period::PeriodKeys;
use domain::{AreaId, AsOf, Book, MeasureId, Period, Position};

use super::Question;
use super::line::Steps;
use super::rules::{self, Ruled};
use crate::Error;
use crate::answer::Basis;
use crate::reader::{Defined, Reader, not_defined};

/// See the module's documentation.
pub(super) struct Time<'a, 'q> {
    pub(super) reader: Reader<'a>,
    pub(super) bounds: Bounds<'a>,
    pub(super) question: &'q Question,
    pub(super) chains: Vec<Chain>,
    pub(super) asked: Vec<Asked<'a>>,
    rules: RulesOfAll,
}

/// By which rules the periods are judged.
#[derive(Default)]
struct RulesOfAll {
    /// Of measures that have none of their own; only where there is one, the answer rests on them.
    general: Option<Vec<Ruled>>,
    others: Vec<Vec<Ruled>>,
}

/// An area and those that contain it, nearest first; the numbers of those that some result or target is about.
pub(super) struct Chain {
    numbers: Vec<Option<AreaNumber>>,
}

/// A measure that is asked for.
pub(super) struct Asked<'a> {
    pub(super) definition: &'a Definition,
    number: DefinitionNumber,
    /// What of it judges most figures: the whole of it is far, and seldom read.
    pub(super) brief: Brief,
    /// Whether that was known only later.
    later: bool,
    pub(super) columns: MeasureColumns<'a>,
    /// The place of its rules among those of others; `None` where they are those of most.
    rules: Option<u32>,
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
        let mut rules = RulesOfAll::default();
        // All are looked up before what is known of the first: one does not wait for the other.
        let numbers: Vec<_> = measures.iter().map(|measure| book.measure_number(measure)).collect();
        let mut asked: Vec<Asked<'_>> = Vec::with_capacity(measures.len());
        for (measure, number) in measures.iter().zip(numbers) {
            let columns = book.measure_columns(number, cohort);
            let defined = match columns.states().and_then(|states| states.defined(reader.as_of)) {
                Some(stored) => DefinedAs { stored, later: false, end: None },
                None => reader.defined_else(measure, columns.states())?,
            };
            let DefinedAs { stored: StoredDefinition { number, brief, position, backfill }, later, end } = defined;
            if backfill {
                reader.rests_once_on_backfill(position);
            }
            let definition = book.definitions().get(number).ok_or_else(|| not_defined(measure))?;
            let own = with_own_rules.contains(measure).then_some(measure);
            let rules = rules.of((&reader, &question.periods), own, end);
            asked.push(Asked { definition, number, brief, later, columns, rules });
        }
        Ok(Self { reader, bounds, question, chains, asked, rules })
    }

    /// By which rules a measure is judged, and where it is withdrawn.
    #[inline]
    pub(super) fn rules(&self, asked: &Asked<'_>) -> &[Ruled] {
        let RulesOfAll { general, others } = &self.rules;
        let rules = match asked.rules {
            None => general.as_ref(),
            Some(at) => usize::try_from(at).ok().and_then(|at| others.get(at)),
        };
        rules.map_or(&[], Vec::as_slice)
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

impl RulesOfAll {
    /// The place of a measure's rules among those of others, which it may have of its own, and which end where it is withdrawn;
    /// `None` where they are those of most.
    #[inline]
    fn of(
        &mut self,
        (reader, periods): (&Reader<'_>, &[Period]),
        own: Option<&MeasureId>,
        end: Option<&MeasureWithdrawn>,
    ) -> Option<u32> {
        let Self { general, others } = self;
        let general = own.is_none().then(|| &*general.get_or_insert_with(|| reader.rules(None, periods)));
        if own.is_none() && end.is_none() {
            return None;
        }
        let rules = general.cloned().unwrap_or_else(|| reader.rules(own, periods));
        others.push(match end {
            // Periods are in the order of their last days.
            Some(end) => rules::withdrawn_from(periods.partition_point(|it| it.last_day() < end.from), &rules),
            None => rules,
        });
        u32::try_from(others.len().saturating_sub(1)).ok()
    }
}

impl Chain {
    /// The area itself.
    fn area(&self) -> Option<AreaNumber> {
        self.numbers.first().copied().flatten()
    }
}

impl Asked<'_> {
    /// Its definition, and whether it was known only later.
    pub(super) const fn quoted(&self) -> (DefinitionNumber, bool) {
        (self.number, self.later)
    }
}

/// How a measure is defined.
struct DefinedAs<'a> {
    stored: StoredDefinition,
    later: bool,
    end: Option<&'a MeasureWithdrawn>,
}

impl<'a> Reader<'a> {
    /// How a measure is defined of which the last word is no definition: by the last before its withdrawal, or by one that was
    /// known only later.
    #[inline(never)]
    fn defined_else(&self, measure: &MeasureId, states: Option<MeasureStates<'a>>) -> Result<DefinedAs<'a>, Error> {
        let end = states.and_then(|states| states.last(self.as_of)).and_then(|last| match &last.value.value {
            MeasureState::Withdrawn(end) => Some((last, end)),
            MeasureState::Defined(_) => None,
        });
        if let Some((revision, _)) = end {
            self.rests_on(revision);
        }
        let Defined { later, revision, .. } = self.defined_of(measure, states)?;
        let stored =
            states.and_then(|states| states.defined_at(revision.position)).ok_or_else(|| not_defined(measure))?;
        Ok(DefinedAs { stored, later, end: end.map(|(_, end)| end) })
    }

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
