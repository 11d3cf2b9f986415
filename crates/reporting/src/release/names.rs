//! Cells in words.

use domain::Cell;
use domain::measure::Definition;

use super::Named;
use crate::reader::Reader;

/// Names cells as of a reader's bounds. It is asked only for what is listed.
pub(super) struct Names<'r, 'a> {
    reader: &'r Reader<'a>,
}

impl<'r, 'a> Names<'r, 'a> {
    pub(super) const fn new(reader: &'r Reader<'a>) -> Self {
        Self { reader }
    }

    pub(super) fn of(&self, cell: &Cell) -> Named {
        let series = &cell.series;
        let defined = self.reader.defined(&series.measure);
        Named {
            title: defined.map_or_else(|_not| series.measure.to_string(), |it| it.definition.title.clone()),
            area_name: self.area(&series.area),
            cohort_name: self.reader.cohort_name(&series.cohort),
            cell: cell.clone(),
        }
    }

    pub(super) fn definition(&self, cell: &Cell) -> Option<&'r Definition> {
        self.reader.defined(&cell.series.measure).ok().map(|it| it.definition)
    }

    pub(super) fn area(&self, area: &domain::AreaId) -> String {
        self.reader.area_name(area)
    }
}
