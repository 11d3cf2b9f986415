//! What a snapshot leaves out.
//!
//! A snapshot is a whole table as its publisher gave it at one instant. Its *scope* is every series of a measure, an area
//! and a cohort that it names, whichever rows it names them in, for all periods. What stood in that scope at its instant
//! and is in no row of it was withdrawn by its publisher. Nothing outside the scope is touched.

use std::collections::{BTreeMap, BTreeSet};

use crate::book::Book;
use crate::history::{Rollbacks, SubmissionNumber};
use crate::ids::{AreaId, CohortId, MeasureId};
use crate::period::Period;
use crate::result::{Cell, Series};
use crate::time::{AsOf, Timestamp};

/// What a snapshot says nothing of, of one measure in its scope.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// How many cells of the measure stood in the scope.
    pub n_standing: u64,
    /// Those that are in no row, by series and period.
    pub absent: BTreeSet<Cell>,
}

impl LeftOut {
    /// True when more than half of what stood is absent: a file that may have been cut short.
    pub fn most(&self) -> bool {
        u64::try_from(self.absent.len()).is_ok_and(|n_absent| n_absent > self.n_standing.saturating_sub(n_absent))
    }
}

/// Rollbacks as they are known now, also to a bound on `known_at` that is before them.
struct KnownNow<'a>(&'a Book);

impl Rollbacks for KnownNow<'_> {
    fn rolled_back(&self, submission: SubmissionNumber, as_of: AsOf) -> bool {
        self.0.rolled_back(submission, AsOf::position(as_of.position))
    }
}

impl Book {
    /// What of the scope of `named` stood as known at an instant (`None`: now) and is not in `present`, by measure.
    ///
    /// Cost: a look at each cell of the measures that are named.
    pub fn left_out(
        &self,
        named: &[&Cell],
        present: &BTreeSet<&Cell>,
        known_at: Option<Timestamp>,
    ) -> BTreeMap<MeasureId, LeftOut> {
        let areas: BTreeSet<&AreaId> = named.iter().map(|cell| &cell.series.area).collect();
        let cohorts: BTreeSet<&CohortId> = named.iter().map(|cell| &cell.series.cohort).collect();
        let measures: BTreeSet<&MeasureId> = named.iter().map(|cell| &cell.series.measure).collect();
        let as_of = AsOf { known_at, position: self.head() };
        let mut found: BTreeMap<MeasureId, LeftOut> = BTreeMap::new();
        for measure in measures {
            let of_measure = self.series_from(&Series::first_of(measure)).take_while(|it| it.measure == *measure);
            for series in of_measure.filter(|it| areas.contains(&it.area) && cohorts.contains(&it.cohort)) {
                for period in self.figures(series).periods().filter(|it| self.stood(series, *it, as_of)) {
                    let left_out = found.entry(measure.clone()).or_default();
                    left_out.n_standing = left_out.n_standing.saturating_add(1);
                    let cell = Cell { series: series.clone(), period };
                    if !present.contains(&cell) {
                        left_out.absent.insert(cell);
                    }
                }
            }
        }
        found
    }

    /// Whether a result stood, by the rollbacks that were known then or by those known now: what `decide` withdraws.
    fn stood(&self, series: &Series, period: Period, as_of: AsOf) -> bool {
        let figures = self.figures(series);
        let stood_by =
            |rollbacks: &KnownNow<'_>| figures.last(period, as_of, rollbacks).filter(|it| !it.is_withdrawal());
        figures.standing(period, as_of).is_some() || stood_by(&KnownNow(self)).is_some()
    }
}
