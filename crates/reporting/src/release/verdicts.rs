//! Verdicts that change: ratings, and whether an area is better or worse than its country.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::AreaLevel;
use domain::measure::{Definition, MeasureKind, Polarity};
use domain::result::Colour;
use domain::{AreaId, Cell, CohortId, Exact, MeasureId, Period, Series};
use ratings::{Rating, words};

use super::names::Names;
use super::{Flip, Listed, Review, Side, Sides, country, level, listed, told_apart, value};
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

/// A cell's verdicts that differ, not yet in words.
struct Found<T> {
    /// What is listed first: the authority's own, and then what turns about.
    rank: (bool, bool),
    cell: Cell,
    before: T,
    after: T,
}

/// Finds them among the cells whose ratings may have changed, and those that are held against a country's figure there.
pub(super) fn look(review: &mut Review, sides: &Sides<'_>, cells: impl Iterator<Item = Cell>, names: &Names<'_, '_>) {
    let mut areas = Areas { sides, known: BTreeMap::new() };
    let (mut ratings, mut comparisons) = (Vec::new(), Vec::new());
    let mut wide: BTreeSet<(MeasureId, CohortId, Period)> = BTreeSet::new();
    let mut compared: BTreeSet<Cell> = BTreeSet::new();
    for cell in cells {
        // While its measure is not defined, a cell has no rating.
        let rating = |reader: &Reader<'_>| reader.rating(&cell).ok().filter(|rating| rating.colour().is_some());
        let area = areas.of(&cell.series.area);
        match (rating(&sides.before), rating(&sides.after)) {
            (Some(before), Some(after)) if before != after => {
                let about = [before, after].iter().all(|it| *it != Rating::Rated(Colour::Amber));
                ratings.push(Found { rank: (!area.own, !about), cell: cell.clone(), before, after });
            }
            (Some(_), None) => review.n_ratings_lost = review.n_ratings_lost.saturating_add(1),
            _ => {}
        }
        if area.is_country {
            let Series { measure, cohort, .. } = &cell.series;
            wide.insert((measure.clone(), cohort.clone(), cell.period));
        }
        compared.insert(cell);
    }
    compared.extend(held_against(&wide, sides));
    for cell in compared {
        let area = areas.of(&cell.series.area);
        let compared = |reader, country: &Option<AreaId>| compare(reader, &cell, country.as_ref()?);
        match (compared(&sides.before, &area.country.0), compared(&sides.after, &area.country.1)) {
            (Some(before), Some(after)) if before.0 != after.0 => {
                let about = [before.0, after.0].iter().all(|it| *it != CountryComparison::Level);
                comparisons.push(Found { rank: (!area.own, !about), cell, before, after });
            }
            (Some(_), None) => review.n_comparisons_lost = review.n_comparisons_lost.saturating_add(1),
            _ => {}
        }
    }
    review.ratings = in_words(ratings, names, |reader, cell, verdict| rated(reader, cell, *verdict), sides);
    review.comparisons = in_words(comparisons, names, side, sides);
}

/// The first of them as they are told.
fn in_words<T, U>(
    mut found: Vec<Found<T>>,
    names: &Names<'_, '_>,
    side: impl Fn(&Reader<'_>, &Cell, &T) -> Side<U>,
    sides: &Sides<'_>,
) -> Listed<Flip<U>> {
    found.sort_by(|a, b| a.rank.cmp(&b.rank).then_with(|| a.cell.cmp(&b.cell)));
    listed(&found, |it| Flip {
        what: names.of(&it.cell),
        before: side(&sides.before, &it.cell, &it.before),
        after: side(&sides.after, &it.cell, &it.after),
    })
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

/// What is known of an area.
#[derive(Clone)]
struct Area {
    /// The authority itself, or in it.
    own: bool,
    is_country: bool,
    /// The country that contains it, before and after.
    country: (Option<AreaId>, Option<AreaId>),
}

/// What is known of areas, looked up once.
struct Areas<'s, 'a> {
    sides: &'s Sides<'a>,
    known: BTreeMap<AreaId, Area>,
}

impl Areas<'_, '_> {
    fn of(&mut self, area: &AreaId) -> Area {
        if let Some(known) = self.known.get(area) {
            return known.clone();
        }
        let Sides { before, after } = self.sides;
        let authority = after.book.log().map(|opened| &opened.authority);
        let found = Area {
            own: authority.is_some_and(|authority| after.area_and_containing(area).contains(authority)),
            is_country: [before, after].iter().any(|reader| level(reader, area) == Some(AreaLevel::Country)),
            country: (country(before, area), country(after, area)),
        };
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

fn side(reader: &Reader<'_>, cell: &Cell, (verdict, own, country): &Compared) -> Side<CountryComparison> {
    let shown = reader.defined(&cell.series.measure).map(|it| told_apart(it.definition, *own, *country));
    let (figure, against) = shown.unwrap_or_default();
    Side { verdict: *verdict, figure, against }
}

fn rated(reader: &Reader<'_>, cell: &Cell, verdict: Rating) -> Side<Rating> {
    let figure = super::standing(reader, cell).map_or_else(String::new, |it| it.display);
    let terms = reader.terms(cell).zip(reader.defined(&cell.series.measure).ok());
    let against = terms.map_or_else(String::new, |(terms, it)| words::target(it.definition, terms.target));
    Side { verdict, figure, against }
}
