//! Verdicts that change: ratings, and whether an area is better or worse than its country.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::AreaLevel;
use domain::measure::{Definition, MeasureKind, Polarity};
use domain::{AreaId, Cell, CohortId, Exact, MeasureId, Period, Series};
use ratings::{Rating, words};

use super::names::Names;
use super::{Flip, LISTED_MAX, Listed, Review, Side, Sides, country, level, value};
use crate::reader::Reader;

/// How a figure compares with the country's for the same measure, cohort and period, unrounded, by the measure's polarity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountryComparison {
    /// Better.
    Better,
    /// Equal.
    Level,
    /// Worse.
    Worse,
}

/// Finds them among the cells whose ratings may have changed, and those that are held against a country's figure there.
pub(super) fn look(review: &mut Review, sides: &Sides<'_>, cells: impl Iterator<Item = Cell>, names: &Names<'_, '_>) {
    let mut countries = Countries { before: &sides.before, after: &sides.after, known: BTreeMap::new() };
    let mut wide: BTreeSet<(MeasureId, CohortId, Period)> = BTreeSet::new();
    let mut compared: BTreeSet<Cell> = BTreeSet::new();
    for cell in cells {
        rating(review, sides, &cell, names);
        let Series { measure, area, cohort } = &cell.series;
        if [&sides.before, &sides.after].iter().any(|reader| level(reader, area) == Some(AreaLevel::Country)) {
            wide.insert((measure.clone(), cohort.clone(), cell.period));
        }
        compared.insert(cell);
    }
    compared.extend(held_against(&wide, sides));
    for cell in &compared {
        let (before, after) = countries.of(&cell.series.area);
        let compared = |reader, country: Option<AreaId>| compare(reader, cell, &country?);
        match (compared(&sides.before, before), compared(&sides.after, after)) {
            (Some(before), Some(after)) if before.0 != after.0 => {
                let (before, after) = (side(&sides.before, cell, before), side(&sides.after, cell, after));
                add(&mut review.comparisons, || Flip { what: names.of(cell), before, after });
            }
            (Some(_), None) => review.n_comparisons_lost = review.n_comparisons_lost.saturating_add(1),
            _ => {}
        }
    }
}

/// The cells of every area for what changed of a country.
fn held_against(wide: &BTreeSet<(MeasureId, CohortId, Period)>, sides: &Sides<'_>) -> Vec<Cell> {
    let mut periods: BTreeMap<(&MeasureId, &CohortId), Vec<Period>> = BTreeMap::new();
    for (measure, cohort, period) in wide {
        periods.entry((measure, cohort)).or_default().push(*period);
    }
    let book = sides.after.book;
    let series =
        book.all_series().filter_map(|series| Some((series, periods.get(&(&series.measure, &series.cohort))?)));
    series
        .flat_map(|(series, periods)| periods.iter().map(|period| Cell { series: series.clone(), period: *period }))
        .collect()
}

/// The countries that contain areas, before and after.
struct Countries<'r, 'a> {
    before: &'r Reader<'a>,
    after: &'r Reader<'a>,
    known: BTreeMap<AreaId, (Option<AreaId>, Option<AreaId>)>,
}

impl Countries<'_, '_> {
    fn of(&mut self, area: &AreaId) -> (Option<AreaId>, Option<AreaId>) {
        if let Some(known) = self.known.get(area) {
            return known.clone();
        }
        let found = (country(self.before, area), country(self.after, area));
        self.known.insert(area.clone(), found.clone());
        found
    }
}

/// The verdict, the area's value and the country's.
type Compared = (CountryComparison, Exact, Exact);

fn compare(reader: &Reader<'_>, cell: &Cell, country: &AreaId) -> Option<Compared> {
    let definition = reader.defined(&cell.series.measure).ok()?.definition;
    let own = value(reader, definition, cell)?;
    let series = Series { area: country.clone(), ..cell.series.clone() };
    let whole = value(reader, definition, &Cell { series, period: cell.period })?;
    Some((judge(definition, own, whole)?, own, whole))
}

/// `None` where neither way is better.
fn judge(definition: &Definition, own: Exact, country: Exact) -> Option<CountryComparison> {
    if matches!(definition.kind, MeasureKind::Activity { .. }) {
        return None;
    }
    let order = match definition.polarity {
        Polarity::Higher => own.compare(country),
        Polarity::Lower => country.compare(own),
        Polarity::Range | Polarity::None => return None,
    };
    Some(match order {
        std::cmp::Ordering::Greater => CountryComparison::Better,
        std::cmp::Ordering::Equal => CountryComparison::Level,
        std::cmp::Ordering::Less => CountryComparison::Worse,
    })
}

fn side(reader: &Reader<'_>, cell: &Cell, (verdict, own, country): Compared) -> Side<CountryComparison> {
    let defined = reader.defined(&cell.series.measure);
    let show = |value| defined.as_ref().map_or_else(|_not| String::new(), |it| it.definition.show(value));
    Side { verdict, figure: show(own), against: show(country) }
}

fn rating(review: &mut Review, sides: &Sides<'_>, cell: &Cell, names: &Names<'_, '_>) {
    // While its measure is not defined, a cell has no rating.
    let rating = |reader: &Reader<'_>| reader.rating(cell).ok().filter(|rating| rating.colour().is_some());
    match (rating(&sides.before), rating(&sides.after)) {
        (Some(before), Some(after)) if before != after => {
            let side = |reader: &Reader<'_>, verdict| rated(reader, cell, verdict);
            let (before, after) = (side(&sides.before, before), side(&sides.after, after));
            add(&mut review.ratings, || Flip { what: names.of(cell), before, after });
        }
        (Some(_), None) => review.n_ratings_lost = review.n_ratings_lost.saturating_add(1),
        _ => {}
    }
}

fn rated(reader: &Reader<'_>, cell: &Cell, verdict: Rating) -> Side<Rating> {
    let figure = super::standing(reader, cell).map_or_else(String::new, |it| it.display);
    let terms = reader.terms(cell).zip(reader.defined(&cell.series.measure).ok());
    let against = terms.map_or_else(String::new, |(terms, it)| words::target(it.definition, terms.target));
    Side { verdict, figure, against }
}

fn add<T>(listed: &mut Listed<T>, what: impl FnOnce() -> T) {
    listed.n = listed.n.saturating_add(1);
    if listed.first.len() < LISTED_MAX {
        listed.first.push(what());
    }
}
