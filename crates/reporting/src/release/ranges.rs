//! Values outside the range of their region.

use std::collections::BTreeMap;

use domain::event::AreaLevel;
use domain::{AreaId, Cell, CohortId, Decimal, Exact, MeasureId, Period, Series};

use super::names::Names;
use super::{Changed, OTHERS_MIN, Outside, Review, Sides, level, listed};
use crate::reader::{Reader, measured};

/// The figures of the areas that are in one area, for one measure, cohort and period.
type Group = (MeasureId, CohortId, Period, AreaId);

/// A value, and whose it is.
type Owned = (Exact, AreaId);

/// The two least and the two greatest of a group, so that one area can be left out.
#[derive(Default)]
struct Extremes {
    n: usize,
    least: Vec<Owned>,
    greatest: Vec<Owned>,
}

impl Extremes {
    fn add(&mut self, value: Exact, area: &AreaId) {
        self.n = self.n.saturating_add(1);
        let at = self.least.partition_point(|(other, _)| other.compare(value).is_le());
        self.least.insert(at, (value, area.clone()));
        self.least.truncate(2);
        let at = self.greatest.partition_point(|(other, _)| other.compare(value).is_ge());
        self.greatest.insert(at, (value, area.clone()));
        self.greatest.truncate(2);
    }

    /// The range of all but one, which is in the group.
    fn without(&self, area: &AreaId) -> Option<Range> {
        let others = |ends: &[Owned]| ends.iter().find(|(_, other)| other != area).map(|(value, _)| *value);
        Range::of(self.n.checked_sub(1)?, others(&self.least)?, others(&self.greatest)?)
    }

    fn all(&self) -> Option<Range> {
        Range::of(self.n, self.least.first()?.0, self.greatest.first()?.0)
    }
}

/// What the others range over.
#[derive(Clone, Copy)]
struct Range {
    n: usize,
    least: Exact,
    greatest: Exact,
}

impl Range {
    fn of(n: usize, least: Exact, greatest: Exact) -> Option<Self> {
        (n >= OTHERS_MIN).then_some(Self { n, least, greatest })
    }

    /// How far outside a value is: the gap, as a part of the way to the other end. `None` when it is inside.
    fn outside(&self, value: Exact) -> Option<Exact> {
        let (near, far) = if value.compare(self.greatest).is_gt() {
            (self.greatest, self.least)
        } else if value.compare(self.least).is_lt() {
            (self.least, self.greatest)
        } else {
            return None;
        };
        let part = || value.distance(near)?.times(value.distance(far)?);
        Some(part().unwrap_or_else(|| Decimal::whole(1).exact()))
    }
}

/// The groups of some measures as of a reader's bounds.
struct Groups<'r, 'a> {
    reader: &'r Reader<'a>,
    extremes: BTreeMap<Group, Extremes>,
    areas: BTreeMap<AreaId, (Option<AreaId>, bool)>,
}

impl<'r, 'a> Groups<'r, 'a> {
    /// Of every measure that the reader's book has results of.
    fn new(reader: &'r Reader<'a>) -> Self {
        let mut found = Self { reader, extremes: BTreeMap::new(), areas: BTreeMap::new() };
        for series in reader.book.all_series() {
            let (Some(parent), _) = found.place(&series.area) else { continue };
            let Ok(defined) = reader.defined(&series.measure) else { continue };
            let figures = reader.book.figures(series);
            for period in figures.periods() {
                let entry = reader.entry(figures, period);
                let Some(value) = entry.and_then(|(_, entry)| measured(&entry, defined.definition)) else { continue };
                let group = (series.measure.clone(), series.cohort.clone(), period, parent.clone());
                found.extremes.entry(group).or_default().add(value, &series.area);
            }
        }
        found
    }

    /// In which area it is, and whether it is a whole that is held against its parts.
    fn place(&mut self, area: &AreaId) -> (Option<AreaId>, bool) {
        if let Some(known) = self.areas.get(area) {
            return known.clone();
        }
        let place = place(self.reader, area);
        self.areas.insert(area.clone(), place.clone());
        place
    }

    /// Whose others, and their range.
    fn range(&self, cell: &Cell) -> Option<(AreaId, Range)> {
        let Series { measure, area, cohort } = &cell.series;
        let (parent, whole) = self.areas.get(area).cloned().unwrap_or_else(|| place(self.reader, area));
        let region = if whole { area.clone() } else { parent? };
        let extremes = self.extremes.get(&(measure.clone(), cohort.clone(), cell.period, region.clone()))?;
        let range = if whole { extremes.all() } else { extremes.without(area) };
        Some((region, range?))
    }

    fn is_outside(&self, cell: &Cell, value: Exact) -> bool {
        self.range(cell).is_some_and(|(_, range)| range.outside(value).is_some())
    }

    fn value(&self, cell: &Cell) -> Option<Exact> {
        super::value(self.reader, self.reader.defined(&cell.series.measure).ok()?.definition, cell)
    }
}

fn place(reader: &Reader<'_>, area: &AreaId) -> (Option<AreaId>, bool) {
    let parent = reader.area_and_containing(area).into_iter().nth(1);
    (parent, matches!(level(reader, area), Some(AreaLevel::Country | AreaLevel::Region)))
}

/// Finds them.
pub(super) fn look(review: &mut Review, sides: &Sides<'_>, changed: &[Changed<'_>], names: &Names<'_, '_>) {
    let values = |it: &&Changed<'_>| {
        let value = |side: &Option<super::Standing>| side.as_ref().and_then(|it| it.value);
        value(&it.after).is_some_and(|after| value(&it.before) != Some(after))
    };
    let changed: Vec<&Changed<'_>> = changed.iter().filter(values).collect();
    if changed.is_empty() {
        return;
    }
    let (before, after) = (Groups::new(&sides.before), Groups::new(&sides.after));
    let mut found: Vec<(Exact, &Changed<'_>, AreaId, Range)> = Vec::new();
    for changed in changed {
        let Some(value) = changed.after.as_ref().and_then(|it| it.value) else { continue };
        let Some((region, range)) = after.range(changed.cell) else { continue };
        let Some(how_far) = range.outside(value) else { continue };
        if !was_outside(changed.cell, &before, &after) {
            found.push((how_far, changed, region, range));
        }
    }
    found.sort_by(|(a, x, ..), (b, y, ..)| b.compare(*a).then_with(|| x.cell.cmp(y.cell)));
    review.outside = listed(&found, |(_, changed, region, range)| {
        let defined = sides.after.defined(&changed.cell.series.measure);
        let show = |value| defined.as_ref().map_or_else(|_not| String::new(), |it| it.definition.show(value));
        Outside {
            what: names.of(changed.cell),
            value: changed.after.as_ref().map_or_else(String::new, |it| it.display.clone()),
            least: show(range.least),
            greatest: show(range.greatest),
            n_others: u64::try_from(range.n).unwrap_or(u64::MAX),
            region_name: names.area(region),
        }
    });
}

/// Whether the figure that a cell's new one follows was outside already.
fn was_outside(cell: &Cell, before: &Groups<'_, '_>, after: &Groups<'_, '_>) -> bool {
    if let Some(value) = before.value(cell) {
        return before.is_outside(cell, value);
    }
    let figures = after.reader.book.figures(&cell.series);
    let earlier = figures.until(cell.period).filter(|it| *it < cell.period && it.same_kind(cell.period));
    let at = |period| Cell { series: cell.series.clone(), period };
    let last = earlier.map(at).find_map(|cell| Some((after.value(&cell)?, cell)));
    last.is_some_and(|(value, cell)| after.is_outside(&cell, value))
}
