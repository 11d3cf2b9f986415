//! Many figures at once: measures by areas by periods, rated, with their directions, in columns.
//!
//! A cell of it is what [`history::explain`](crate::history::explain) says of that cell, without words and provenance;
//! a scorecard of thirteen months is read so in a few microseconds.

mod asked;
mod differences;
mod line;
mod outcome;
mod plan;
mod quoted;
mod rules;
mod runs;
mod side;
mod slices;

use domain::target::StoredTerms;
use domain::{AreaId, AsOf, Book, CohortId, Figure, MeasureId, Missing, Period, Position, Status, Terms};
use ratings::{Direction, Rating};

use crate::Error;
use crate::answer::Basis;
use asked::{Asked, Judging, Time};
use line::{Reading, Steps};
use plan::Plan;
use runs::{Judge, Lists};

pub use differences::{Differing, GridDifferences, differences};
pub use outcome::Outcome;
pub use quoted::Quoted;
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
    pub definitions: Quoted,
    /// The targets that judge some cell, each once.
    pub targets: Vec<StoredTerms>,
    /// Figures that are a numerator and denominator.
    pub ratios: Vec<Figure>,
    /// As many as measures times areas times periods.
    pub cells: Vec<GridCell>,
    /// The definitions, withdrawals and targets among what the basis counts, each once: slices share some of them.
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

    /// Its figure, of an answer with these ratios.
    fn figure(&self, ratios: &[Figure]) -> Option<Figure> {
        match self.kind() {
            FigureKind::None => None,
            FigureKind::Stated => {
                let value = domain::Decimal::new(self.number, self.scale()).ok()?;
                Some(Figure::Stated { value, denominator: None })
            }
            FigureKind::Counted => ratios.get(usize::try_from(self.number).ok()?).copied(),
            FigureKind::Missing(missing) => Some(Figure::Missing(missing)),
        }
    }

    /// Its target, of an answer with these.
    fn stored_target<'t, T>(&self, targets: &'t [T]) -> Option<&'t T> {
        targets.get(usize::try_from(self.target.checked_sub(1)?).ok()?)
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
    slices::check(question)?;
    let steps = Steps::new(&question.periods);
    let time = Time::new(book, question, as_of)?;
    let definitions = Quoted::new(book.definitions(), time.asked.iter().map(Asked::quoted));
    let mut cells = vec![GridCell::EMPTY; question.n_cells()];
    let mut lists = Lists::default();
    let windows = time.windows(&steps);
    let days = steps.days();
    let mut plan = Plan::default();
    plan.make((&time, &days), 0..time.asked.len(), &mut Judging::new(&time.chains), &mut lists);
    let mut reading = Reading::new(&windows, &steps, &time.bounds);
    let mut lines = cells.chunks_exact_mut(question.periods.len().max(1));
    for group in 0..plan.n_groups() {
        let Some((measure, n_lines, mut runs)) = plan.group(group) else { break };
        let Some(judge) = time.asked.get(measure).map(|asked| Judge::new(&time, asked)) else { break };
        for cells in lines.by_ref().take(n_lines) {
            reading.advance();
            judge.line(&mut reading, &steps, &mut runs, (cells, &mut lists.ratios));
        }
    }
    let Lists { targets, ratios, .. } = lists;
    let targets = targets.into_iter().cloned().collect();
    let (basis, backfilled) = time.rested_on();
    Ok(Grid { basis, definitions, targets, ratios, cells, backfilled })
}

impl Grid {
    /// The figure of a cell; `None` when nothing stands.
    pub fn figure(&self, cell: &GridCell) -> Option<Figure> {
        cell.figure(&self.ratios)
    }

    /// The target that judges a cell.
    pub fn target(&self, cell: &GridCell) -> Option<Terms> {
        cell.stored_target(&self.targets)?.terms()
    }
}
