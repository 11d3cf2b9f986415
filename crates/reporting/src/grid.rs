//! Many figures at once: measures by areas by periods, rated, with their directions, in columns.
//!
//! A cell of it is what [`history::explain`](crate::history::explain) says of that cell, without words and provenance;
//! a scorecard of thirteen months is read so in a few microseconds.

mod line;
mod outcome;
mod rules;
mod runs;
mod slices;

use std::cell::OnceCell;
use std::sync::Arc;

use domain::book::{AreaNumber, Bounds, CohortNumber, FigureWindow, MeasureColumns, StoredTarget};
use domain::measure::Definition;
use domain::period::{DayNumber, PeriodKeys};
use domain::{AreaId, AsOf, Book, CohortId, Date, Figure, MeasureId, Missing, Period, Position, Status, Terms};
use ratings::{Direction, Rating};

use crate::Error;
use crate::answer::Basis;
use crate::reader::{Defined, Reader};
use line::Steps;
use runs::{Judge, Runs};

pub use outcome::Outcome;
pub use slices::{Slice, slices};

/// What is asked: every measure for every area and period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Which measures.
    pub measures: Vec<MeasureId>,
    /// Which areas.
    pub areas: Vec<AreaId>,
    /// Who is counted.
    pub cohort: CohortId,
    /// Which periods, ascending and each once.
    pub periods: Vec<Period>,
}

/// The answer. Its cells are in the order of the question: by measure, then area, then period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// What it rests on.
    pub basis: Basis,
    /// The definitions as of then, in the order of the question, each with whether it was known only later.
    pub definitions: Vec<(Arc<Definition>, bool)>,
    /// The targets that judge some cell, each once.
    pub targets: Vec<Terms>,
    /// Figures that are a numerator and denominator.
    pub ratios: Vec<Figure>,
    /// As many as measures times areas times periods.
    pub cells: Vec<GridCell>,
    /// The definitions, withdrawals and targets among what the basis counts, ascending: slices share some of them.
    pub(crate) backfilled: Vec<Position>,
}

/// A cell of a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GridCell {
    /// A value's digits; of a ratio, its place among [`Grid::ratios`]; 0 for none.
    pub number: i64,
    /// The place of the target that judges it among [`Grid::targets`], from 1; 0 for none.
    pub target: u32,
    /// Everything else.
    pub outcome: Outcome,
}

impl GridCell {
    /// A cell that nothing is said of yet.
    const EMPTY: Self = Self { number: 0, target: 0, outcome: Outcome::EMPTY };

    /// What the number is.
    pub fn kind(&self) -> FigureKind {
        self.outcome.kind()
    }

    /// How many of a value's digits stand after the point.
    pub fn scale(&self) -> u8 {
        self.outcome.scale()
    }

    /// How settled the figure is; not stated where nothing stands.
    pub fn status(&self) -> Status {
        self.outcome.status()
    }

    /// Its rating.
    pub fn rating(&self) -> Rating {
        self.outcome.rating()
    }

    /// Its direction of travel.
    pub fn direction(&self) -> Direction {
        self.outcome.direction()
    }
}

/// What there is in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureKind {
    /// Nothing stands.
    None,
    /// A value.
    Stated,
    /// A numerator and denominator.
    Counted,
    /// A reason for having no figure.
    Missing(Missing),
}

/// The most cells that one question may ask for.
pub const CELLS_MAX: usize = 1_000_000;

/// Measures by areas by periods, as of then.
///
/// Cost: a few look-ups for each measure and area, and some 10 ns a cell.
///
/// # Errors
/// [`Error::NotDefined`] for a measure or an area that is not in the log within the bound on the position;
/// [`Error::TooLarge`] for more than [`CELLS_MAX`] cells; [`Error::NotAscending`] for periods that are not.
pub fn grid(book: &Book, question: &Question, as_of: AsOf) -> Result<Grid, Error> {
    let Question { measures, areas, cohort, periods } = question;
    slices::check(question)?;
    let reader = Reader::new(book, as_of);
    let mut steps = Steps::new(periods);
    let days: Vec<DayNumber> = steps.days().collect();
    let chains = areas.iter().map(|area| reader.chain(area)).collect::<Result<Vec<_>, _>>()?;
    // Only where some measure has no rules of its own: the answer rests on their adoption then.
    let general = OnceCell::new();
    let own_rules = book.measures_with_rules();
    let cohort_number = book.cohort_number(cohort);
    let asked = measures.iter().map(|measure| reader.asked(measure, cohort_number)).collect::<Result<Vec<_>, _>>()?;
    let definitions = asked.iter().map(|asked| (Arc::clone(asked.defined.shared), asked.defined.later)).collect();
    let (mut targets, mut ratios) = (Vec::new(), Vec::new());
    let mut cells = vec![GridCell::EMPTY; question.n_cells()];
    // All lines are looked up before the first is read, so that the memory's answers do not wait for one another.
    let mut windows: Vec<FigureWindow<'_>> = Vec::with_capacity(asked.len().saturating_mul(chains.len()));
    let wanted = PeriodKeys::new(steps.periods());
    let mut places = vec![0; chains.len()];
    for asked in &asked {
        let places = chains.iter().zip(&mut places);
        windows.extend(places.map(|(chain, at)| asked.columns.window(chain.area(), at, wanted)));
    }
    let mut lines = windows.iter().zip(cells.chunks_exact_mut(periods.len().max(1)));
    let (bounds, mut judging) = (book.bounds(reader.as_of), Judging::new(&days));
    let (mut met, mut runs) = (Vec::new(), Runs::default());
    for Asked { measure, defined, withdrawn_from, columns } in &asked {
        let own = own_rules.contains(measure).then(|| reader.rules(Some(measure), periods));
        let judge = Judge {
            reader: &reader,
            definition: defined.definition,
            asked: periods,
            withdrawn_from: *withdrawn_from,
            rules: own.as_deref().unwrap_or_else(|| general.get_or_init(|| reader.rules(None, periods))),
            bounds: &bounds,
        };
        judging.begin(columns);
        met.clear();
        runs.clear();
        for (chain, (window, cells)) in chains.iter().zip(lines.by_ref()) {
            if judging.changes(chain, columns, &bounds) || runs.is_empty() {
                judge.runs(&judging.found, &mut met, &mut targets, &mut runs);
            }
            judge.line(window, &mut steps, &mut runs, (cells, &mut ratios));
        }
    }
    let (basis, backfilled) = reader.rested_on();
    Ok(Grid { basis, definitions, targets, ratios, cells, backfilled })
}

/// The cells that differ between two times, by their place in the grid.
///
/// Cost: two grids.
///
/// # Errors
/// As [`grid`].
pub fn differences(book: &Book, question: &Question, before: AsOf, after: AsOf) -> Result<GridDifferences, Error> {
    let (before, after) = (grid(book, question, before)?, grid(book, question, after)?);
    // Neighbours are mostly judged by the same targets.
    let mut compared = (0, 0);
    let mut same_target = |was: &GridCell, is: &GridCell| {
        let both = (was.target, is.target);
        let same = both == compared || before.target(was) == after.target(is);
        compared = if same { both } else { compared };
        same
    };
    // Of equal outcomes and numbers, figures are equal, unless the numbers are places.
    let same_figure = |was: &GridCell, is: &GridCell| match was.kind() {
        FigureKind::Counted => before.figure(was) == after.figure(is),
        FigureKind::None | FigureKind::Stated | FigureKind::Missing(_) => was.number == is.number,
    };
    let mut same =
        |was: &GridCell, is: &GridCell| was.outcome == is.outcome && same_figure(was, is) && same_target(was, is);
    let cells = before.cells.iter().zip(&after.cells).enumerate();
    let differing = cells.filter_map(|(at, (was, is))| (!same(was, is)).then_some(at)).collect();
    Ok(GridDifferences { before, after, differing })
}

/// Two grids of one question, and where they differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridDifferences {
    /// As of the first time.
    pub before: Grid,
    /// As of the second.
    pub after: Grid,
    /// The places of the cells whose figure, target, rating or direction differs.
    pub differing: Vec<usize>,
}

impl Grid {
    /// The figure of a cell; `None` when nothing stands.
    pub fn figure(&self, cell: &GridCell) -> Option<Figure> {
        match cell.kind() {
            FigureKind::None => None,
            FigureKind::Stated => {
                let value = domain::Decimal::new(cell.number, cell.scale()).ok()?;
                Some(Figure::Stated { value, denominator: None })
            }
            FigureKind::Counted => self.ratios.get(usize::try_from(cell.number).ok()?).copied(),
            FigureKind::Missing(missing) => Some(Figure::Missing(missing)),
        }
    }

    /// The target that judges a cell.
    pub fn target(&self, cell: &GridCell) -> Option<Terms> {
        let at = usize::try_from(cell.target.checked_sub(1)?).ok()?;
        self.targets.get(at).copied()
    }
}

/// An area and those that contain it, nearest first; the numbers of those that some result or target is about.
struct Chain {
    numbers: Vec<Option<AreaNumber>>,
}

impl Chain {
    /// The area itself.
    fn area(&self) -> Option<AreaNumber> {
        self.numbers.first().copied().flatten()
    }
}

/// A measure that is asked for, looked up.
struct Asked<'a, 'q> {
    measure: &'q MeasureId,
    defined: Defined<'a>,
    /// The first day for which it is not reported.
    withdrawn_from: Option<Date>,
    columns: MeasureColumns<'a>,
}

impl<'a> Reader<'a> {
    fn asked<'q>(&self, measure: &'q MeasureId, cohort: Option<CohortNumber>) -> Result<Asked<'a, 'q>, Error> {
        let columns = self.book.measure_columns(measure, cohort);
        let states = columns.states();
        let defined = self.defined_of(measure, states)?;
        self.rests_on(defined.revision);
        let withdrawal = states.and_then(|states| states.withdrawal(self.as_of));
        let withdrawn_from = withdrawal.and_then(|revision| self.withdrawn_by(revision)).map(|end| end.from);
        Ok(Asked { measure, defined, withdrawn_from, columns })
    }

    fn chain(&self, area: &AreaId) -> Result<Chain, Error> {
        if self.book.area(area, self.as_of).is_none() {
            return Err(Error::NotDefined { what: "area", code: area.to_string() });
        }
        let areas = self.area_and_containing(area);
        Ok(Chain { numbers: areas.iter().map(|area| self.book.area_number(area)).collect() })
    }
}

/// What judges each period in an area: of the nearest area that has a target then, by its owners in their order.
struct Judging<'a, 'q> {
    days: &'q [DayNumber],
    found: Vec<Option<&'a StoredTarget>>,
    /// The areas that the measure has targets of.
    with_targets: Vec<AreaNumber>,
    /// The areas that it was found in: mostly the same for many areas.
    areas: Vec<AreaNumber>,
}

impl<'a, 'q> Judging<'a, 'q> {
    fn new(days: &'q [DayNumber]) -> Self {
        Self { days, found: vec![None; days.len()], with_targets: Vec::new(), areas: Vec::new() }
    }

    /// Forgets what judged another measure.
    fn begin(&mut self, columns: &MeasureColumns<'a>) {
        self.with_targets.clear();
        self.with_targets.extend(columns.target_areas());
        self.with_targets.dedup();
        self.areas.clear();
        self.found.fill(None);
    }

    /// Finds what judges in an area, unless that is what judged in the one before. True when something may be otherwise.
    fn changes(&mut self, chain: &Chain, columns: &MeasureColumns<'a>, bounds: &Bounds<'_>) -> bool {
        let Self { days, found, with_targets, areas } = self;
        let own = || chain.numbers.iter().flatten().filter(|area| with_targets.contains(area));
        if own().eq(&*areas) {
            return false;
        }
        areas.clear();
        areas.extend(own());
        columns.judging(areas, days, bounds, found);
        true
    }
}
