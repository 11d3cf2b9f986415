//! One series' revisions, by period and then by (`known_at`, `position`).

use super::Packed;
use super::packed::PACKED_BYTES;
use crate::book::saved::Reader;
use crate::period::PeriodKey;

/// A period of a line, and where its revisions end; they begin where those of the period before end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    period: PeriodKey,
    end: u32,
}

impl Slot {
    fn of_bytes(bytes: [u8; 8]) -> Self {
        let both = u64::from_le_bytes(bytes);
        let low = u32::try_from(both & u64::from(u32::MAX)).unwrap_or(0);
        Self { period: PeriodKey::of_bits(low), end: u32::try_from(both >> 32).unwrap_or(0) }
    }
}

/// See the module's documentation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    slots: Vec<Slot>,
    revisions: Vec<Packed>,
    /// The months of the first and the last period, so that a period's slot is guessed without a look at others.
    months: (u32, u32),
}

/// Some neighbouring periods of a line, looked up ahead of being read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window<'a> {
    slots: &'a [Slot],
    /// From the first slot's first revision on.
    revisions: &'a [Packed],
    /// Where that is in the line.
    start: usize,
}

impl<'a> Window<'a> {
    /// Of no line.
    pub(crate) const EMPTY: Self = Self { slots: &[], revisions: &[], start: 0 };

    /// The periods with their revisions, earliest first.
    pub(crate) fn all(self) -> impl Iterator<Item = (PeriodKey, &'a [Packed])> {
        let mut rest = self.revisions;
        let mut before = self.start;
        self.slots.iter().map(move |slot| {
            let end = usize::try_from(slot.end).unwrap_or(usize::MAX);
            let (revisions, later) = rest.split_at_checked(end.saturating_sub(before)).unwrap_or((rest, &[]));
            (before, rest) = (end, later);
            (slot.period, revisions)
        })
    }
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
            self.note_months();
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

    /// Adds many revisions, each with its period, and gives how many periods are new. Cost: a pass over the line.
    pub(super) fn add_all(&mut self, added: impl Iterator<Item = (PeriodKey, Packed)>) -> usize {
        let n_before = self.slots.len();
        let whole = Window { slots: &self.slots, revisions: &self.revisions, start: 0 };
        let kept = whole.all().flat_map(|(period, revisions)| revisions.iter().map(move |packed| (period, *packed)));
        let mut all: Vec<(PeriodKey, Packed)> = kept.chain(added).collect();
        // What was there is in order already, and what is added is nearly so: a stable sort is quick with both.
        all.sort_by_key(|(period, packed)| (*period, packed.order()));
        let n_periods = all.chunk_by(|(one, _), (next, _)| one == next).count();
        let mut slots: Vec<Slot> = Vec::with_capacity(n_periods);
        for (end, (period, _)) in (1_u32..).zip(&all) {
            match slots.last_mut() {
                Some(last) if last.period == *period => last.end = end,
                _ => slots.push(Slot { period: *period, end }),
            }
        }
        self.revisions = all.iter().map(|(_, packed)| *packed).collect();
        self.slots = slots;
        self.note_months();
        self.slots.len().saturating_sub(n_before)
    }

    fn note_months(&mut self) {
        let months = |slot: Option<&Slot>| slot.map_or(0, |slot| slot.period.months());
        self.months = (months(self.slots.first()), months(self.slots.last()));
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

    /// The periods from one key to another, both included. It looks at the revisions, so that they are near when they are
    /// read: of many lines, one does not wait for the other.
    pub(crate) fn window(&self, from: PeriodKey, to: PeriodKey) -> Window<'_> {
        let first = self.slot_from(from);
        let later = self.slots.get(first..).unwrap_or_default();
        let n = later.iter().take_while(|slot| slot.period <= to).count();
        let (start, end) = (self.start(first), self.start(first.saturating_add(n)));
        let revisions = self.revisions.get(start..end).unwrap_or_default();
        std::hint::black_box(revisions.iter().step_by(2).fold(0, |all, packed| all ^ packed.position()));
        Window { slots: later.get(..n).unwrap_or_default(), revisions, start }
    }

    /// The first slot of a period that is not before one: where it would be if the periods were evenly spaced, or near.
    fn slot_from(&self, period: PeriodKey) -> usize {
        let (first, last) = self.months;
        let n = self.slots.len();
        let ahead = u64::from(period.months().min(last).saturating_sub(first));
        let steps = ahead.saturating_mul(u64::try_from(n.saturating_sub(1)).unwrap_or(0));
        let guess = steps.checked_div(u64::from(last.saturating_sub(first))).unwrap_or(0);
        let mut at = usize::try_from(guess).unwrap_or(0).min(n);
        let before = |at: usize| self.slots.get(at).is_some_and(|slot| slot.period < period);
        for _ in 0..GUESSES {
            let behind = at.checked_sub(1).is_none_or(before);
            match (behind, before(at)) {
                (true, false) => return at,
                (_, true) => at = at.saturating_add(1),
                (false, false) => at = at.saturating_sub(1),
            }
        }
        self.slots.partition_point(|slot| slot.period < period)
    }

    /// How many periods it has.
    pub(super) const fn n_periods(&self) -> usize {
        self.slots.len()
    }

    /// The same, of revisions that lie elsewhere.
    pub(super) fn copied(&self, take: impl FnMut(&Packed) -> Packed) -> Self {
        Self { slots: self.slots.clone(), revisions: self.revisions.iter().map(take).collect(), months: self.months }
    }

    /// How many periods and revisions it has, and both.
    pub(super) fn save(&self, bytes: &mut Vec<u8>) {
        for n in [self.slots.len(), self.revisions.len()] {
            bytes.extend_from_slice(&u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes());
        }
        for slot in &self.slots {
            bytes.extend_from_slice(&slot.period.bits().to_le_bytes());
            bytes.extend_from_slice(&slot.end.to_le_bytes());
        }
        bytes.reserve(self.revisions.len().saturating_mul(PACKED_BYTES));
        self.revisions.iter().for_each(|packed| bytes.extend_from_slice(&packed.to_bytes()));
    }

    /// Reads back what [`Line::save`] wrote; nothing where it is none.
    pub(super) fn restore(reader: &mut Reader<'_>) -> Option<Self> {
        let (n_slots, n_revisions) = (reader.n()?, reader.n()?);
        let (slots, _) = reader.slice(n_slots.checked_mul(8)?)?.as_chunks::<8>();
        let slots: Vec<Slot> = slots.iter().copied().map(Slot::of_bytes).collect();
        let (revisions, _) = reader.slice(n_revisions.checked_mul(PACKED_BYTES)?)?.as_chunks::<PACKED_BYTES>();
        let revisions: Vec<Packed> = revisions.iter().map(Packed::of_bytes).collect();
        let in_order = slots.is_sorted_by(|one, next| one.period < next.period && one.end < next.end);
        let (first, last) = (slots.first()?, slots.last()?);
        let months = (first.period.months(), last.period.months());
        let whole = in_order && first.end > 0 && usize::try_from(last.end).ok()? == revisions.len();
        whole.then_some(Self { slots, revisions, months })
    }

    /// Every revision.
    pub(crate) fn all(&self) -> &[Packed] {
        &self.revisions
    }
}

/// How far from where it was guessed a slot is looked for, before all are.
const GUESSES: usize = 6;

/// Makes room by half, and by an eighth where there is much already, so that lines that hardly grow any more waste little.
fn grow<T>(column: &mut Vec<T>) {
    let n = column.len();
    if n == column.capacity() {
        column.reserve_exact(n.div_euclid(if n < MANY { 2 } else { 8 }).max(4));
    }
}

/// From how many on a column grows by less: what is copied then is a page of memory.
const MANY: usize = 64;
