//! One series' revisions, by period and then by (`known_at`, `position`).

use super::Packed;
use crate::period::PeriodKey;

/// A period of a line, and where its revisions end; they begin where those of the period before end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot {
    period: PeriodKey,
    end: u32,
}

/// See the module's documentation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    slots: Vec<Slot>,
    revisions: Vec<Packed>,
}

impl Line {
    /// Adds a revision at its place; true when it is the first of its period.
    pub(super) fn add(&mut self, period: PeriodKey, packed: Packed) -> bool {
        let at = match self.slots.last() {
            Some(last) if last.period < period => self.slots.len(),
            _ => self.slots.partition_point(|slot| slot.period < period),
        };
        let new = self.slots.get(at).is_none_or(|slot| slot.period != period);
        if new {
            let end = self.start(at);
            grow(&mut self.slots);
            self.slots.insert(at, Slot { period, end: u32::try_from(end).unwrap_or(u32::MAX) });
        }
        let (start, end) = (self.start(at), self.end(at));
        let older = self.revisions.get(start..end).unwrap_or_default();
        let place = match older.last() {
            Some(last) if last.order() > packed.order() => older.partition_point(|r| r.order() < packed.order()),
            _ => older.len(),
        };
        grow(&mut self.revisions);
        self.revisions.insert(start.saturating_add(place), packed);
        for slot in self.slots.iter_mut().skip(at) {
            slot.end = slot.end.saturating_add(1);
        }
        new
    }

    fn start(&self, at: usize) -> usize {
        at.checked_sub(1).map_or(0, |before| self.end(before))
    }

    fn end(&self, at: usize) -> usize {
        self.slots.get(at).and_then(|slot| usize::try_from(slot.end).ok()).unwrap_or(self.revisions.len())
    }

    fn at(&self, at: usize) -> &[Packed] {
        self.revisions.get(self.start(at)..self.end(at)).unwrap_or_default()
    }

    /// Every revision of a period; none when it has none.
    pub(crate) fn of(&self, period: PeriodKey) -> &[Packed] {
        self.slots.binary_search_by_key(&period, |slot| slot.period).map_or(&[], |at| self.at(at))
    }

    /// The periods, earliest first.
    pub(crate) fn periods(&self) -> impl DoubleEndedIterator<Item = PeriodKey> {
        self.slots.iter().map(|slot| slot.period)
    }

    /// The periods before a key, latest first.
    pub(crate) fn before(&self, bound: PeriodKey) -> impl Iterator<Item = PeriodKey> {
        let n = self.slots.partition_point(|slot| slot.period < bound);
        self.slots.iter().take(n).rev().map(|slot| slot.period)
    }

    /// The periods after one, earliest first.
    pub(crate) fn after(&self, period: PeriodKey) -> impl Iterator<Item = PeriodKey> {
        let n = self.slots.partition_point(|slot| slot.period <= period);
        self.slots.iter().skip(n).map(|slot| slot.period)
    }

    /// The periods from a key on with their revisions, earliest first.
    pub(crate) fn from(&self, period: PeriodKey) -> impl Iterator<Item = (PeriodKey, &[Packed])> {
        let n = self.slots.partition_point(|slot| slot.period < period);
        let mut start = self.start(n);
        self.slots.iter().skip(n).map(move |slot| {
            let end = usize::try_from(slot.end).unwrap_or(usize::MAX);
            let revisions = self.revisions.get(start..end).unwrap_or_default();
            start = end;
            (slot.period, revisions)
        })
    }

    /// Every revision.
    pub(crate) fn all(&self) -> &[Packed] {
        &self.revisions
    }
}

/// Makes room by an eighth, so that lines that hardly grow any more waste little.
fn grow<T>(column: &mut Vec<T>) {
    if column.len() == column.capacity() {
        column.reserve_exact(column.len().div_euclid(8).max(4));
    }
}
