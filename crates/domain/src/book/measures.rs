//! What was said of each measure itself, by its code and by its number in the columns.

use std::collections::BTreeMap;

use super::{MeasureState, Noted};
use crate::history::{History, Revision};
use crate::ids::MeasureId;

/// See the module's documentation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Measures {
    /// Of those that were ever defined.
    numbers: BTreeMap<MeasureId, u32>,
    /// By number; empty for a measure that only results or targets are about.
    histories: Vec<History<Noted<MeasureState>>>,
}

impl Measures {
    pub(super) fn add(&mut self, measure: &MeasureId, number: u32, revision: Revision<Noted<MeasureState>>) {
        let Ok(at) = usize::try_from(number) else { return };
        if at >= self.histories.len() {
            self.histories.resize_with(at.saturating_add(1), History::default);
        }
        if let Some(history) = self.histories.get_mut(at) {
            history.add(revision);
        }
        if !self.numbers.contains_key(measure) {
            self.numbers.insert(measure.clone(), number);
        }
    }

    /// Cost: the logarithm of the number of measures.
    pub(crate) fn get(&self, measure: &MeasureId) -> Option<&History<Noted<MeasureState>>> {
        self.numbered(*self.numbers.get(measure)?)
    }

    /// The same, by its number. Empty for one that was never defined.
    pub(super) fn numbered(&self, number: u32) -> Option<&History<Noted<MeasureState>>> {
        self.histories.get(usize::try_from(number).ok()?)
    }

    /// Those that were ever defined, in code order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &MeasureId> {
        self.numbers.keys()
    }

    /// The same, with what was said of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&MeasureId, &History<Noted<MeasureState>>)> {
        self.numbers.iter().filter_map(|(measure, number)| Some((measure, self.numbered(*number)?)))
    }
}
