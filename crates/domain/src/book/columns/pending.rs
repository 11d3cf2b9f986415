//! Revisions that are not in their lines yet, and laying many of them there at once.

use super::{Columns, Line, Packed};
use crate::period::PeriodKey;

/// A revision to be laid into a line.
#[derive(Debug, Clone, Copy)]
pub(in crate::book) struct Pending {
    pub(crate) line: u32,
    pub(crate) period: PeriodKey,
    pub(crate) packed: Packed,
}

/// Some lines of a book, and the revisions that are to be laid into them. They are laid when it is dropped, on whatever
/// thread that is.
///
/// Cost: a pass over all revisions that are laid, two over those of its own lines, and one over each of these, whatever its
/// length: many at once cost a fraction of what they cost one by one, because a line is looked for in memory once.
#[derive(Debug)]
pub struct Laying<'a> {
    lines: &'a mut [Line],
    /// The number of the first of them.
    first: usize,
    /// Where the revisions of each line begin among those of all its lines, and where the last one's end.
    places: Vec<usize>,
    pending: &'a [Vec<Pending>],
}

impl Columns {
    /// Lays revisions into their lines, which are given away in `n_parts` parts, or fewer when there is little.
    pub(in crate::book) fn lay(&mut self, pending: &[Vec<Pending>], n_parts: usize, lay: impl FnOnce(Vec<Laying<'_>>)) {
        let places = places(pending, self.lines.len());
        let n_pending = places.last().copied().unwrap_or(0);
        let share = n_pending.checked_div(n_parts).unwrap_or(n_pending).saturating_add(1);
        let mut parts = Vec::with_capacity(n_parts);
        let (mut lines, mut places, mut first) = (self.lines.as_mut_slice(), places.as_slice(), 0_usize);
        while let Some(begin) = places.first().filter(|_| !lines.is_empty()) {
            let enough = begin.saturating_add(share);
            let n = places.partition_point(|place| *place < enough).clamp(1, lines.len());
            let (own, others) = lines.split_at_mut(n);
            let own_places = places.iter().take(n.saturating_add(1)).map(|place| place.saturating_sub(*begin));
            parts.push(Laying { lines: own, first, places: own_places.collect(), pending });
            (lines, places, first) = (others, places.get(n..).unwrap_or_default(), first.saturating_add(n));
        }
        lay(parts);
        self.n_cells = self.lines.iter().map(Line::n_periods).fold(0, usize::saturating_add);
    }
}

/// How many revisions there are before those of each line, and after those of the last.
fn places(pending: &[Vec<Pending>], n_lines: usize) -> Vec<usize> {
    let mut places = vec![0_usize; n_lines.saturating_add(1)];
    for it in pending.iter().flatten() {
        let line = usize::try_from(it.line).unwrap_or(usize::MAX);
        if let Some(n) = places.get_mut(line.saturating_add(1)) {
            *n = n.saturating_add(1);
        }
    }
    let mut before = 0_usize;
    for place in &mut places {
        before = before.saturating_add(*place);
        *place = before;
    }
    places
}

impl Laying<'_> {
    /// The revisions of its lines: by line, and otherwise in the order that they are in.
    fn sorted(&self) -> Vec<Pending> {
        let n = self.places.last().copied().unwrap_or(0);
        let Some(any) = self.pending.iter().flatten().next() else { return Vec::new() };
        let mut sorted = vec![*any; n];
        let mut places = self.places.clone();
        places.pop();
        for it in self.pending.iter().flatten() {
            let line = usize::try_from(it.line).ok().and_then(|line| line.checked_sub(self.first));
            let Some(place) = line.and_then(|line| places.get_mut(line)) else { continue };
            if let Some(to) = sorted.get_mut(*place) {
                *to = *it;
            }
            *place = place.saturating_add(1);
        }
        sorted
    }
}

impl Drop for Laying<'_> {
    fn drop(&mut self) {
        let sorted = self.sorted();
        let mut rest = sorted.as_slice();
        for (line, ends) in self.lines.iter_mut().zip(self.places.windows(2)) {
            let n = ends.last().zip(ends.first()).map_or(0, |(end, begin)| end.saturating_sub(*begin));
            let (own, others) = rest.split_at_checked(n).unwrap_or_default();
            rest = others;
            if !own.is_empty() {
                line.add_all(own.iter().map(|it| (it.period, it.packed)));
            }
        }
    }
}
