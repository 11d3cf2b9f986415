//! Revisions that are not in their lines yet, and laying many of them there at once.

use super::{Columns, Packed};
use crate::period::PeriodKey;

/// A revision to be laid into a line.
#[derive(Debug, Clone, Copy)]
pub(in crate::book) struct Pending {
    pub(crate) line: u32,
    pub(crate) period: PeriodKey,
    pub(crate) packed: Packed,
}

impl Columns {
    /// Lays revisions into their lines, and leaves none.
    ///
    /// Cost: two passes over them, and one over each line that they are for, whatever its length: many at once cost a
    /// fraction of what they cost one by one, because a line is looked for in memory once.
    pub(in crate::book) fn lay(&mut self, pending: &mut Vec<Pending>) {
        let sorted = by_line(pending, self.lines.len());
        for of_line in sorted.chunk_by(|one, next| one.line == next.line) {
            let line = of_line.first().and_then(|first| usize::try_from(first.line).ok());
            let Some(line) = line.and_then(|line| self.lines.get_mut(line)) else { continue };
            let n_new = line.add_all(of_line.iter().map(|it| (it.period, it.packed)));
            self.n_cells = self.n_cells.saturating_add(n_new);
        }
        pending.clear();
    }
}

/// Sorted by line, and otherwise in the order that they are in: the numbers of lines are dense, so that they are counted.
fn by_line(pending: &[Pending], n_lines: usize) -> Vec<Pending> {
    let line = |it: &Pending| usize::try_from(it.line).unwrap_or(usize::MAX);
    let mut places = vec![0_usize; n_lines.saturating_add(1)];
    for it in pending {
        if let Some(n) = places.get_mut(line(it).saturating_add(1)) {
            *n = n.saturating_add(1);
        }
    }
    let mut before = 0_usize;
    for place in &mut places {
        before = before.saturating_add(*place);
        *place = before;
    }
    let mut sorted = pending.to_vec();
    for it in pending {
        let Some(place) = places.get_mut(line(it)) else { continue };
        if let Some(to) = sorted.get_mut(*place) {
            *to = *it;
        }
        *place = place.saturating_add(1);
    }
    sorted
}
