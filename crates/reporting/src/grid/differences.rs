//! What differs between two times.

use domain::target::StoredTerms;
use domain::{AsOf, Book, Figure, Terms};
use ratings::Method;

use super::asked::{Asked, Time};
use super::line::Steps;
use super::runs::Lists;
use super::side::Side;
use super::{FigureKind, GridCell, Question, slices};
use crate::Error;

/// The cells of a question that differ between two times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridDifferences {
    /// As of which two times, as they were answered.
    pub as_of: [AsOf; 2],
    /// The targets that judge some cell of them; some judge another.
    pub targets: Vec<StoredTerms>,
    /// Figures that are a numerator and denominator.
    pub ratios: Vec<Figure>,
    /// The cells whose figure, target, rating or direction differs, in the order of the question.
    pub cells: Vec<Differing>,
}

/// A cell that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Differing {
    /// Its place in the order of the question: by measure, then area, then period.
    pub at: usize,
    /// As of the first time.
    pub was: GridCell,
    /// As of the second.
    pub is: GridCell,
}

/// The cells that differ between two times.
///
/// Cost: the look-ups of a [`grid`](super::grid()) for each time, a look at each figure, and the judging of those lines alone in
/// which something is otherwise.
///
/// # Errors
/// As [`grid`](super::grid()), for either time.
pub fn differences(book: &Book, question: &Question, before: AsOf, after: AsOf) -> Result<GridDifferences, Error> {
    slices::check(question)?;
    let steps = Steps::new(&question.periods);
    let (before, after) = (Time::new(book, question, before)?, Time::new(book, question, after)?);
    let windows = after.windows(&steps);
    let (mut was, mut is) = (Side::new(&before, &windows, &steps), Side::new(&after, &windows, &steps));
    let n_periods = question.periods.len();
    let mut line = [vec![GridCell::EMPTY; n_periods], vec![GridCell::EMPTY; n_periods]];
    let mut found = Vec::new();
    let mut lists = Lists::default();
    let mut first = 0_usize;
    for ((asked_before, asked_after), at) in before.asked.iter().zip(&after.asked).zip(0_usize..) {
        was.begin(at, asked_before);
        is.begin(at, asked_after);
        lists.begin();
        let judged_alike = are_judged_alike(&was, &is);
        for area in 0..question.areas.len() {
            was.next(area);
            is.next(area);
            let judged_alike = judged_alike && have_same_targets(&was, &is, asked_after);
            if !(judged_alike && stand_alike(&mut was, &mut is)) {
                let [before, after] = &mut line;
                if judged_alike {
                    was.judge_as(&mut is, &mut lists, before);
                } else {
                    was.judge(&mut lists, before);
                }
                is.judge(&mut lists, after);
                let both = before.iter().zip(&*after).zip(first..);
                let differing = both.filter(|((was, is), _)| !lists.same(was, is));
                found.extend(differing.map(|((was, is), at)| Differing { at, was: *was, is: *is }));
            }
            first = first.saturating_add(n_periods);
        }
    }
    let Lists { targets, ratios, .. } = lists;
    let as_of = [before.reader.as_of, after.reader.as_of];
    let targets = targets.into_iter().cloned().collect();
    Ok(GridDifferences { as_of, targets, ratios, cells: found })
}

/// Whether one definition and the same rules judge a measure at both times, each figure by itself and the one before it, so
/// that of equal figures and targets the cells are equal.
fn are_judged_alike(was: &Side<'_, '_>, is: &Side<'_, '_>) -> bool {
    let (Some(was), Some(is)) = (was.measure(), is.measure()) else { return false };
    std::ptr::eq(was.asked.definition, is.asked.definition)
        && was.rules == is.rules
        && is.rules.iter().all(|ruled| ruled.by.1 == Some(Method::PreviousPeriod))
}

/// Whether the targets that may judge a line are the same at both times.
fn have_same_targets(was: &Side<'_, '_>, is: &Side<'_, '_>, asked: &Asked<'_>) -> bool {
    let (Some(areas), Some(areas_after)) = (was.area(), is.area()) else { return false };
    areas.with_targets == areas_after.with_targets
        && asked.columns.same_targets(&areas.with_targets, was.bounds(), is.bounds())
}

/// Whether all figures of a line are the same at both times. Where they are plain at both, the line's latest stand.
fn stand_alike(was: &mut Side<'_, '_>, is: &mut Side<'_, '_>) -> bool {
    let plain = was.plain().is_some() && is.plain().is_some();
    plain || was.standings().zip(is.standings()).is_some_and(|(was, is)| was.all() == is.all())
}

impl GridDifferences {
    /// The figure of one of its cells; `None` when nothing stands.
    pub fn figure(&self, cell: &GridCell) -> Option<Figure> {
        cell.figure(&self.ratios)
    }

    /// The target that judges one of its cells.
    pub fn target(&self, cell: &GridCell) -> Option<Terms> {
        cell.stored_target(&self.targets)?.terms()
    }
}

impl Lists<'_> {
    /// Whether two cells say the same.
    fn same(&self, was: &GridCell, is: &GridCell) -> bool {
        // Of equal outcomes and numbers, figures are equal, unless the numbers are places.
        let same_figure = match was.kind() {
            FigureKind::Counted => was.figure(&self.ratios) == is.figure(&self.ratios),
            FigureKind::None | FigureKind::Stated | FigureKind::Missing(_) => was.number == is.number,
        };
        let same_target =
            was.target == is.target || was.stored_target(&self.targets) == is.stored_target(&self.targets);
        was.outcome == is.outcome && same_figure && same_target
    }
}
