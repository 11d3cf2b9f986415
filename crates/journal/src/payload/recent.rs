//! Codes and periods that were read lately: one that comes again, as nearly all do, is neither checked nor allocated again.

use domain::ids::CodeError;
use domain::{ActorId, AreaId, CohortId, MeasureId, Period};

use super::reading::{bad, period};
use crate::bytes::Fault;

/// The most codes of one sort that are kept.
const SLOTS_MAX: usize = 1_024;

/// What one reader has read lately. It changes nothing of what is read, only how fast.
pub(crate) struct Recent {
    actors: Slots<ActorId>,
    measures: Slots<MeasureId>,
    areas: Slots<AreaId>,
    cohorts: Slots<CohortId>,
    period: Option<(String, Period)>,
}

impl Recent {
    /// For so many records: a reader of one should not pay for a thousand.
    pub(crate) fn for_records(n_records: usize) -> Self {
        let n_slots = n_records.clamp(1, SLOTS_MAX);
        Self {
            actors: Slots::new(n_slots.min(16)),
            measures: Slots::new(n_slots),
            areas: Slots::new(n_slots),
            cohorts: Slots::new(n_slots.min(16)),
            period: None,
        }
    }

    pub(super) fn actor(&mut self, code: &str) -> Result<ActorId, Fault> {
        self.actors.get(code, ActorId::as_str, ActorId::new)
    }

    pub(super) fn measure(&mut self, code: &str) -> Result<MeasureId, Fault> {
        self.measures.get(code, MeasureId::as_str, MeasureId::new)
    }

    pub(super) fn area(&mut self, code: &str) -> Result<AreaId, Fault> {
        self.areas.get(code, AreaId::as_str, AreaId::new)
    }

    pub(super) fn cohort(&mut self, code: &str) -> Result<CohortId, Fault> {
        self.cohorts.get(code, CohortId::as_str, CohortId::new)
    }

    pub(super) fn period(&mut self, code: &str) -> Result<Period, Fault> {
        match &self.period {
            Some((known, period)) if known == code => Ok(*period),
            _ => {
                let read = period(code)?;
                self.period = Some((code.to_owned(), read));
                Ok(read)
            }
        }
    }
}

/// One place for each remainder of a code's checksum; a code takes the place of the one before it there.
struct Slots<T> {
    slots: Vec<Option<T>>,
}

impl<T: Clone> Slots<T> {
    fn new(n_slots: usize) -> Self {
        Self { slots: vec![None; n_slots] }
    }

    fn get(
        &mut self,
        code: &str,
        text: impl FnOnce(&T) -> &str,
        new: impl FnOnce(&str) -> Result<T, CodeError>,
    ) -> Result<T, Fault> {
        let sum = usize::try_from(crc32c::crc32c(code.as_bytes())).unwrap_or(0);
        let slot = sum.checked_rem(self.slots.len()).and_then(|slot| self.slots.get_mut(slot));
        match slot {
            Some(Some(known)) if text(known) == code => Ok(known.clone()),
            Some(slot) => Ok(slot.insert(new(code).map_err(bad)?).clone()),
            None => new(code).map_err(bad),
        }
    }
}
