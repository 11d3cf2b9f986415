//! The columns as items of parts, and back; see [`crate::book::saved`].

use std::collections::BTreeMap;

use super::names::Names;
use super::packed::{Extra, Ratio};
use super::{Columns, Line, Place, of};
use crate::book::saved::{Parts, Reader, Tag, put_text};
use crate::result::Series;

impl Columns {
    pub(in crate::book) fn save<E>(&self, parts: &mut Parts<'_, E>) -> Result<(), E> {
        for name in self.measures.all() {
            parts.item(Tag::Measure, |bytes| put_text(bytes, name.as_str()))?;
        }
        for name in self.areas.all() {
            parts.item(Tag::Area, |bytes| put_text(bytes, name.as_str()))?;
        }
        for name in self.cohorts.all() {
            parts.item(Tag::Cohort, |bytes| put_text(bytes, name.as_str()))?;
        }
        for (measure, place) in self.places_by_line() {
            let Some(line) = self.line(place.line) else { continue };
            parts.item(Tag::Line, |bytes| {
                for number in [measure, place.area, place.cohort] {
                    bytes.extend_from_slice(&number.to_le_bytes());
                }
                line.save(bytes);
            })?;
        }
        for ratio in &self.ratios {
            parts.item(Tag::Ratio, |bytes| ratio.save(bytes))?;
        }
        for (position, extra) in &self.extras {
            parts.item(Tag::Extra, |bytes| {
                bytes.extend_from_slice(&position.to_le_bytes());
                extra.save(bytes);
            })?;
        }
        Ok(())
    }

    /// Every line's place with its measure, in the order of the lines.
    fn places_by_line(&self) -> Vec<(u32, Place)> {
        let of_measures = (0_u32..).zip(&self.places);
        let all = of_measures.flat_map(|(measure, places)| places.iter().map(move |place| (measure, *place)));
        let mut all: Vec<(u32, Place)> = all.collect();
        all.sort_unstable_by_key(|(_, place)| place.line);
        all
    }

    /// How many revisions there are.
    pub(in crate::book) fn n_revisions(&self) -> usize {
        self.lines.iter().map(Line::n_revisions).fold(0, usize::saturating_add)
    }

    /// The position of every revision, in no order.
    pub(in crate::book) fn positions(&self) -> impl Iterator<Item = u32> {
        self.lines.iter().flat_map(Line::all).map(|packed| packed.position())
    }
}

/// Columns that are being read back.
#[derive(Debug, Default)]
pub(in crate::book) struct RestoredColumns {
    columns: Columns,
    /// In order, so that they become a tree at once.
    extras: Vec<(u32, Extra)>,
}

/// Takes the next name, which must be a new one.
fn enter<T>(names: &mut Names<T>, name: &str) -> Option<()>
where
    T: std::str::FromStr + Eq + std::hash::Hash + Clone,
{
    let n_before = names.all().len();
    names.enter(&name.parse().ok()?);
    (names.all().len() > n_before).then_some(())
}

impl RestoredColumns {
    pub(in crate::book) fn measure(&mut self, name: &str) -> Option<()> {
        enter(&mut self.columns.measures, name)
    }

    pub(in crate::book) fn area(&mut self, name: &str) -> Option<()> {
        enter(&mut self.columns.areas, name)
    }

    pub(in crate::book) fn cohort(&mut self, name: &str) -> Option<()> {
        enter(&mut self.columns.cohorts, name)
    }

    pub(in crate::book) fn line(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        let Columns { measures, areas, cohorts, places, lines, series, n_cells, .. } = &mut self.columns;
        let (measure, area, cohort) = (reader.u32()?, reader.u32()?, reader.u32()?);
        let own = Series {
            measure: measures.name(measure)?.clone(),
            area: areas.name(area)?.clone(),
            cohort: cohorts.name(cohort)?.clone(),
        };
        let line = Line::restore(reader)?;
        let number = u32::try_from(lines.len()).ok()?;
        let places = of(places, measure)?;
        let at = places.binary_search_by_key(&(cohort, area), |place| (place.cohort, place.area)).err()?;
        places.insert(at, Place { cohort, area, line: number });
        *n_cells = n_cells.saturating_add(line.n_periods());
        lines.push(line);
        series.insert(own, number);
        Some(())
    }

    pub(in crate::book) fn ratio(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        self.columns.ratios.push(Ratio::restore(reader)?);
        Some(())
    }

    pub(in crate::book) fn extra(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        let position = reader.u32()?;
        let follows = self.extras.last().is_none_or(|(last, _)| *last < position);
        self.extras.push((position, Extra::restore(reader)?));
        follows.then_some(())
    }

    pub(in crate::book) fn finish(mut self) -> Columns {
        self.columns.extras = BTreeMap::from_iter(self.extras);
        self.columns
    }
}
