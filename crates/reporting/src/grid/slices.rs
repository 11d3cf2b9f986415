//! A grid in slices, so that whoever holds the book for it can let others at it in between.

use super::{CELLS_MAX, FigureKind, Grid, GridCell, Question};
use crate::Error;

/// A part of a question: some of its measures, or some areas of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// What to ask.
    pub question: Question,
    /// True when it goes on with the measure that the slice before ended with.
    pub same_measure: bool,
}

/// The slices of a question, in the order of its cells: of at most as many cells each, or of one measure in one area where
/// that has more periods; none for a question that is small enough to be asked at once. Their answers, appended to one another
/// ([`Grid::append`]), are the question's.
///
/// # Errors
/// [`Error::TooLarge`]; [`Error::NotAscending`].
pub fn slices(question: &Question, n_cells: usize) -> Result<impl Iterator<Item = Slice>, Error> {
    check(question)?;
    let Question { measures, areas, periods, .. } = question;
    let n_lines = n_cells.checked_div(periods.len()).unwrap_or(usize::MAX).max(1);
    let small = measures.len().saturating_mul(areas.len()) <= n_lines;
    let n_measures = n_lines.checked_div(areas.len()).unwrap_or(usize::MAX).max(1);
    let measures = measures.chunks(n_measures).filter(move |_| !small);
    Ok(measures.flat_map(move |measures| {
        areas.chunks(n_lines).enumerate().map(move |(number, areas)| Slice {
            question: Question { measures: measures.to_vec(), areas: areas.to_vec(), ..question.clone() },
            same_measure: number > 0,
        })
    }))
}

/// Whether it can be asked at all.
pub(super) fn check(question: &Question) -> Result<(), Error> {
    let n_cells = question.n_cells();
    if n_cells > CELLS_MAX {
        return Err(Error::TooLarge { n_cells, n_cells_max: CELLS_MAX });
    }
    if question.periods.is_sorted_by(|earlier, later| earlier < later) { Ok(()) } else { Err(Error::NotAscending) }
}

impl Question {
    /// How many cells its answer has.
    pub fn n_cells(&self) -> usize {
        self.measures.len().saturating_mul(self.areas.len()).saturating_mul(self.periods.len())
    }
}

impl Grid {
    /// Puts the next slice's answer behind this one, of the same bounds. Where it goes on with the same measure, a target may be
    /// there twice.
    pub fn append(&mut self, slice: Self, same_measure: bool) {
        let Self { basis, definitions, targets, ratios, cells, backfilled } = slice;
        let n_targets = u32::try_from(self.targets.len()).unwrap_or(u32::MAX);
        let n_ratios = i64::try_from(self.ratios.len()).unwrap_or(i64::MAX);
        let moved = |cell: GridCell| GridCell {
            target: if cell.target > 0 { cell.target.saturating_add(n_targets) } else { 0 },
            number: if cell.kind() == FigureKind::Counted { cell.number.saturating_add(n_ratios) } else { cell.number },
            ..cell
        };
        self.cells.extend(cells.into_iter().map(moved));
        self.definitions.append(definitions, usize::from(same_measure));
        self.targets.extend(targets);
        self.ratios.extend(ratios);
        self.backfilled.sort_unstable();
        let known = |position: &&_| self.backfilled.binary_search(position).is_ok();
        let n_twice = u32::try_from(backfilled.iter().filter(known).count()).unwrap_or(u32::MAX);
        self.basis.n_backfilled = self.basis.n_backfilled.saturating_add(basis.n_backfilled).saturating_sub(n_twice);
        self.backfilled.extend(backfilled);
        self.backfilled.sort_unstable();
        self.backfilled.dedup();
    }
}
