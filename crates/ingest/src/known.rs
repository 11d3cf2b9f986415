//! What is defined already, as far as reading a file needs it: names of areas, and the measures' sorts of year.

use std::collections::BTreeMap;

use domain::period::YearType;
use domain::{AreaId, Command, MeasureId};

use crate::areas::AreaNames;

/// The areas by their names, and the measures with their year types. The caller fills it from what stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    pub(crate) areas: AreaNames,
    years: BTreeMap<MeasureId, YearType>,
}

impl Known {
    /// Adds a name that an area has or had.
    pub fn name(&mut self, area: &AreaId, name: &str) {
        self.areas.add(area, name);
    }

    /// Adds a measure, or changes its sort of year.
    pub fn measure(&mut self, measure: &MeasureId, years: YearType) {
        self.years.insert(measure.clone(), years);
    }

    /// Adds what an instruction of the same submission defines.
    pub fn learn(&mut self, command: &Command) {
        if let Command::DefineArea(area) = command {
            self.name(&area.area, &area.name);
        } else if let Command::DefineMeasure { definition, .. } = command {
            self.measure(&definition.measure, definition.year_type);
        }
    }

    /// The sort of year of a measure's yearly figures; `None` when the measure is not defined.
    pub(crate) fn years_of(&self, measure: &MeasureId) -> Option<YearType> {
        self.years.get(measure).copied()
    }
}
