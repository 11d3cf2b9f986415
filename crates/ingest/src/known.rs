//! What is defined already, as far as a layout needs it: names of areas, and the measures' sorts of year.

use std::collections::{BTreeMap, BTreeSet};

use domain::period::YearType;
use domain::{AreaId, Command, MeasureId};

/// The areas by their names, and the measures with their year types. The caller fills it from what stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    areas: BTreeMap<String, BTreeSet<AreaId>>,
    years: BTreeMap<MeasureId, YearType>,
}

impl Known {
    /// Adds a name that an area has or had. Names are compared without regard to capitals, spacing, and `&` for `and`.
    pub fn name(&mut self, area: &AreaId, name: &str) {
        self.areas.entry(plain(name)).or_default().insert(area.clone());
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

    /// The areas that have or had this name.
    pub(crate) fn named(&self, name: &str) -> Vec<&AreaId> {
        self.areas.get(&plain(name)).into_iter().flatten().collect()
    }

    /// The sort of year of a measure's yearly figures; `None` when the measure is not defined.
    pub(crate) fn years_of(&self, measure: &MeasureId) -> Option<YearType> {
        self.years.get(measure).copied()
    }
}

/// A name as it is compared.
pub(crate) fn plain(name: &str) -> String {
    let name = name.to_lowercase().replace('&', " and ");
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}
