//! Codes and periods that were read lately: one that comes again, as nearly all do, is neither checked nor allocated again.

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
    periods: Slots<(String, Period)>,
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
            periods: Slots::new(n_slots),
        }
    }

    pub(super) fn actor(&mut self, code: &str) -> Result<ActorId, Fault> {
        self.actors.get(code.as_bytes(), ActorId::as_str, |code| ActorId::new(code).map_err(bad)).cloned()
    }

    pub(super) fn measure(&mut self, code: &str) -> Result<MeasureId, Fault> {
        self.measures.get(code.as_bytes(), MeasureId::as_str, |code| MeasureId::new(code).map_err(bad)).cloned()
    }

    pub(super) fn area(&mut self, code: &str) -> Result<AreaId, Fault> {
        self.areas.get(code.as_bytes(), AreaId::as_str, |code| AreaId::new(code).map_err(bad)).cloned()
    }

    pub(super) fn cohort(&mut self, code: &str) -> Result<CohortId, Fault> {
        self.cohorts.get(code.as_bytes(), CohortId::as_str, |code| CohortId::new(code).map_err(bad)).cloned()
    }

    pub(super) fn period(&mut self, code: &[u8]) -> Result<Period, Fault> {
        let read = |code: &str| Ok((code.to_owned(), period(code)?));
        self.periods.get(code, |(code, _)| code, read).map(|(_, period)| *period)
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
        code: &[u8],
        text: impl FnOnce(&T) -> &str,
        new: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Result<&T, Fault> {
        let sum = usize::try_from(crc32c::crc32c(code)).unwrap_or(0);
        let slot = sum.checked_rem(self.slots.len()).and_then(|slot| self.slots.get_mut(slot));
        let nowhere = || Fault::damaged("there is nowhere to remember it");
        let slot = slot.ok_or_else(nowhere)?;
        if slot.as_ref().is_none_or(|known| text(known).as_bytes() != code) {
            *slot = Some(new(std::str::from_utf8(code).map_err(bad)?)?);
        }
        slot.as_ref().ok_or_else(nowhere)
    }
}
