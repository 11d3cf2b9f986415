//! One series' revisions, by period and then by (`known_at`, `position`): the latest of each period together.

mod slots;

use super::Packed;
use super::packed::{PACKED_BYTES, Tags};
use crate::book::Book;
use crate::book::saved::Reader;
use crate::ids::Position;
use crate::period::PeriodKey;
use crate::time::{AsOf, Timestamp};

pub(crate) use slots::Slots;
pub use slots::{Late, Older, Plain};

/// A period of a line: its latest revision, and where those before it end among the older ones; they begin where those of
/// the period before end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot {
    latest: Packed,
    period: PeriodKey,
    older_end: u32,
}

/// Of a slot what most answers read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hot {
    /// Of the latest revision.
    known_at: i64,
    number: i64,
}

/// The rest of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rest {
    position: u32,
    tags: Tags,
    period: PeriodKey,
    older_end: u32,
}

/// See the module's documentation. What most answers read of it itself is in one line of a processor's memory.
#[derive(Debug, Clone, PartialEq, Eq)]
#[repr(C, align(64))]
pub(crate) struct Line {
    /// Of every slot.
    hot: Vec<Hot>,
    /// The first and the last period, so that a period's slot is guessed without a look at others.
    ends: (PeriodKey, PeriodKey),
    /// What all latest revisions have, and what one of them has: mostly the same, so that no answer looks at each.
    tags: (Tags, Tags),
    /// After this no latest revision is in the log.
    last_position: u32,
    /// Whether each period is right after the one before.
    in_a_row: bool,
    /// As many as there are hot parts.
    rest: Vec<Rest>,
    older: Vec<Packed>,
}

/// The revisions of a period, by (`known_at`, `position`).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Revisions<'a> {
    older: &'a [Packed],
    latest: Option<Packed>,
}

impl Revisions<'_> {
    /// Oldest first.
    pub(crate) fn all(self) -> impl DoubleEndedIterator<Item = Packed> {
        self.older.iter().copied().chain(self.latest)
    }

    /// The one that there is, where none is older, as of most periods.
    #[inline]
    pub(crate) fn only(self) -> Option<Packed> {
        self.latest.filter(|_| self.older.is_empty())
    }
}

/// The bounds of an answer as they are compared with revisions, and what is rolled back within them.
#[derive(Clone, Copy)]
pub(crate) struct Within<'a> {
    known_at: i64,
    position: u32,
    rollbacks: Option<(&'a Book, AsOf)>,
}

impl<'a> Within<'a> {
    pub(crate) fn new(book: &'a Book, as_of: AsOf) -> Self {
        Self {
            known_at: as_of.known_at.map_or(i64::MAX, Timestamp::micros),
            position: u32::try_from(as_of.position.get()).unwrap_or(u32::MAX),
            rollbacks: book.some_rolled_back.then_some((book, as_of)),
        }
    }

    /// The latest that counts was known then, in microseconds since 1970-01-01T00:00:00Z.
    #[inline]
    pub(crate) const fn known_at(&self) -> i64 {
        self.known_at
    }

    /// True when the same records are in the log within both, and none of them is rolled back.
    pub(crate) const fn same_positions(&self, other: &Self) -> bool {
        self.position == other.position && self.rollbacks.is_none() && other.rollbacks.is_none()
    }

    /// Whether what was known then, and is there in the log, counts.
    #[inline]
    pub(crate) fn holds(&self, known_at: i64, position: u32) -> bool {
        known_at <= self.known_at && position <= self.position && !self.rolled_back(position)
    }

    #[inline]
    fn rolled_back(&self, position: u32) -> bool {
        match self.rollbacks {
            None => false,
            Some((book, as_of)) => book.rolled_back_at(Position::new(u64::from(position)), as_of),
        }
    }
}

/// The last of some revisions that counts.
fn last_within(revisions: &[Packed], within: &Within<'_>) -> Option<Packed> {
    revisions.iter().rev().find(|packed| within.holds(packed.known_at(), packed.position())).copied()
}

impl Revisions<'_> {
    fn last_within(self, within: &Within<'_>) -> Option<Packed> {
        let latest = self.latest.filter(|latest| within.holds(latest.known_at(), latest.position()));
        latest.or_else(|| last_within(self.older, within))
    }
}

/// What every slot has, and what some has, where there is none.
const NO_TAGS: (Tags, Tags) = (Tags::ALL, Tags::NONE);

impl Default for Line {
    fn default() -> Self {
        Self {
            hot: Vec::new(),
            ends: (PeriodKey::of_bits(0), PeriodKey::of_bits(0)),
            tags: NO_TAGS,
            last_position: 0,
            in_a_row: false,
            rest: Vec::new(),
            older: Vec::new(),
        }
    }
}

impl Line {
    /// Adds a revision at its place; true when it is the first of its period.
    pub(super) fn add(&mut self, period: PeriodKey, packed: Packed) -> bool {
        let at = match self.rest.last() {
            Some(last) if last.period < period => self.rest.len(),
            _ => self.slot_from(period),
        };
        match self.rest.get(at) {
            Some(slot) if slot.period == period => {
                self.add_to(at, packed);
                return false;
            }
            _ => {}
        }
        let older_end = self.older_start(at);
        grow(&mut self.hot);
        grow(&mut self.rest);
        let (hot, rest) = Slot { latest: packed, period, older_end }.parts();
        self.hot.insert(at, hot);
        self.rest.insert(at, rest);
        self.note_latest(&packed);
        self.note_periods(at);
        true
    }

    /// Adds another revision of a slot.
    fn add_to(&mut self, at: usize, packed: Packed) {
        let (start, end) = (place(self.older_start(at)), place(self.older_start(at.saturating_add(1))));
        let Some(slot) = self.slot(at) else { return };
        let latest = slot.latest.order() < packed.order();
        let older = if latest { slot.latest } else { packed };
        if latest {
            self.set(at, Slot { latest: packed, ..slot });
            if slot.latest.number_and_tags().1 == packed.number_and_tags().1 {
                self.note_latest(&packed);
            } else {
                self.note_all_latest();
            }
        }
        let before = self.older.get(start..end).unwrap_or_default();
        let at_older =
            if latest { end } else { start.saturating_add(before.partition_point(|r| r.order() < older.order())) };
        grow(&mut self.older);
        self.older.insert(at_older, older);
        for slot in self.rest.iter_mut().skip(at) {
            slot.older_end = slot.older_end.saturating_add(1);
        }
    }

    /// Adds many revisions, each with its period. Cost: a pass over the line.
    pub(super) fn add_all(&mut self, added: impl Iterator<Item = (PeriodKey, Packed)>) {
        let before = std::mem::take(self);
        let n_before = before.n_revisions();
        let mut all: Vec<(PeriodKey, Packed)> = Vec::with_capacity(n_before);
        all.extend(before.by_period().flat_map(|(period, revisions)| revisions.all().map(move |it| (period, it))));
        all.extend(added);
        // No two have one position, so that no two are equal.
        all.sort_unstable_by_key(|(period, packed)| packed.sort_key(*period));
        let n_periods = all.chunk_by(|(one, _), (next, _)| one == next).count();
        let mut older: Vec<Packed> = Vec::with_capacity(all.len().saturating_sub(n_periods));
        let (mut hot, mut rest) = (Vec::with_capacity(n_periods), Vec::with_capacity(n_periods));
        let mut all = all.into_iter().peekable();
        while let Some((period, latest)) = all.next() {
            if all.peek().is_some_and(|(next, _)| *next == period) {
                older.push(latest);
                continue;
            }
            let older_end = u32::try_from(older.len()).unwrap_or(u32::MAX);
            let (hot_part, rest_part) = Slot { latest, period, older_end }.parts();
            hot.push(hot_part);
            rest.push(rest_part);
        }
        *self = Self::of_parts(hot, rest, older);
    }

    /// With what is said of all slots.
    fn of_parts(hot: Vec<Hot>, rest: Vec<Rest>, older: Vec<Packed>) -> Self {
        let mut line = Self { hot, rest, older, ..Self::default() };
        line.note_all_latest();
        line.note_periods(0);
        line
    }

    /// What all latest revisions have for tags, where that is one and the same, and they are no withdrawals.
    #[inline]
    fn alike(&self) -> Option<Tags> {
        let (every, some) = self.tags;
        if every == some && !every.is_none() { Some(every) } else { None }
    }

    fn slot(&self, at: usize) -> Option<Slot> {
        Some(Slot::of_parts(self.hot.get(at)?, self.rest.get(at)?))
    }

    fn slots_all(&self) -> impl Iterator<Item = Slot> {
        self.hot.iter().zip(&self.rest).map(|(hot, rest)| Slot::of_parts(hot, rest))
    }

    fn set(&mut self, at: usize, slot: Slot) {
        if let (Some(hot), Some(rest)) = (self.hot.get_mut(at), self.rest.get_mut(at)) {
            (*hot, *rest) = slot.parts();
        }
    }

    /// Notes what is said of all latest revisions, of which one is new, or like the one before it.
    fn note_latest(&mut self, packed: &Packed) {
        let (_, tags) = packed.number_and_tags();
        self.tags = (self.tags.0.and(tags), self.tags.1.or(tags));
        self.last_position = self.last_position.max(packed.position());
    }

    fn note_all_latest(&mut self) {
        let tags = self.rest.iter().map(|slot| slot.tags);
        self.tags = tags.fold(NO_TAGS, |(every, some), tags| (every.and(tags), some.or(tags)));
        self.last_position = self.rest.iter().map(|slot| slot.position).max().unwrap_or(0);
    }

    /// Notes what is said of all periods, of which those from a place on may be new.
    fn note_periods(&mut self, from: usize) {
        if let (Some(first), Some(last)) = (self.rest.first(), self.rest.last()) {
            self.ends = (first.period, last.period);
        }
        let before = from.checked_sub(1).filter(|_| from.saturating_add(1) == self.rest.len());
        self.in_a_row = match before {
            Some(before) => self.in_a_row && in_a_row(self.rest.get(before..).unwrap_or_default()),
            None => in_a_row(&self.rest),
        };
    }

    #[inline]
    fn older_start(&self, at: usize) -> u32 {
        let before = at.checked_sub(1).and_then(|before| self.rest.get(before));
        before.map_or(0, |slot| slot.older_end)
    }

    /// A slot's revisions but the latest.
    fn older(&self, at: usize) -> &[Packed] {
        let start = |at: usize| place(self.older_start(at));
        self.older.get(start(at)..start(at.saturating_add(1))).unwrap_or_default()
    }

    /// Every revision of a period; none when it has none.
    pub(crate) fn of(&self, period: PeriodKey) -> Revisions<'_> {
        let at = self.slot_from(period);
        match self.rest.get(at) {
            Some(slot) if slot.period == period => self.revisions(at),
            Some(_) | None => Revisions::default(),
        }
    }

    /// Every revision of a slot.
    fn revisions(&self, at: usize) -> Revisions<'_> {
        Revisions { older: self.older(at), latest: self.slot(at).map(|slot| slot.latest) }
    }

    /// Every revision, by period, earliest first. Cost: one pass.
    pub(crate) fn by_period(&self) -> impl Iterator<Item = (PeriodKey, Revisions<'_>)> {
        let mut start = 0_u32;
        self.slots_all().map(move |slot| {
            let older = place(start)..place(slot.older_end);
            start = slot.older_end;
            let older = self.older.get(older).unwrap_or_default();
            (slot.period, Revisions { older, latest: Some(slot.latest) })
        })
    }

    /// Looks at it, and gives something that it holds.
    #[inline]
    pub(crate) const fn look(&self) -> u32 {
        self.ends.0.bits()
    }

    /// The periods, earliest first.
    pub(crate) fn periods(&self) -> impl DoubleEndedIterator<Item = PeriodKey> {
        self.rest.iter().map(|slot| slot.period)
    }

    /// The periods before a key, latest first.
    pub(crate) fn before(&self, bound: PeriodKey) -> impl Iterator<Item = PeriodKey> {
        let n = self.rest.partition_point(|slot| slot.period < bound);
        self.rest.iter().take(n).rev().map(|slot| slot.period)
    }

    /// The periods after one, earliest first.
    pub(crate) fn after(&self, period: PeriodKey) -> impl Iterator<Item = PeriodKey> {
        let n = self.rest.partition_point(|slot| slot.period <= period);
        self.rest.iter().skip(n).map(|slot| slot.period)
    }

    /// The first slot of a period that is not before one: where it would be if the periods were evenly spaced, or near.
    fn slot_from(&self, period: PeriodKey) -> usize {
        let (first, last) = (self.ends.0.months(), self.ends.1.months());
        let n = self.rest.len();
        if period.months() > last {
            // It is told without a look at the slots: of a file of new months, every row asks for one.
            return n;
        }
        let ahead = u64::from(period.months().min(last).saturating_sub(first));
        let steps = ahead.saturating_mul(u64::try_from(n.saturating_sub(1)).unwrap_or(0));
        let guess = steps.checked_div(u64::from(last.saturating_sub(first))).unwrap_or(0);
        let mut at = usize::try_from(guess).unwrap_or(0).min(n);
        let before = |at: usize| self.rest.get(at).is_some_and(|slot| slot.period < period);
        for _ in 0..GUESSES {
            let behind = at.checked_sub(1).is_none_or(before);
            match (behind, before(at)) {
                (true, false) => return at,
                (_, true) => at = at.saturating_add(1),
                (false, false) => at = at.saturating_sub(1),
            }
        }
        self.rest.partition_point(|slot| slot.period < period)
    }

    /// How many periods it has.
    pub(super) const fn n_periods(&self) -> usize {
        self.rest.len()
    }

    /// The same, of revisions that lie elsewhere.
    pub(super) fn copied(&self, mut take: impl FnMut(&Packed) -> Packed) -> Self {
        let slots = self.slots_all().map(|slot| Slot { latest: take(&slot.latest), ..slot }.parts());
        let (hot, rest) = slots.unzip();
        Self::of_parts(hot, rest, self.older.iter().map(take).collect())
    }

    /// How many periods and older revisions it has, and both.
    pub(super) fn save(&self, bytes: &mut Vec<u8>) {
        for n in [self.rest.len(), self.older.len()] {
            bytes.extend_from_slice(&u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes());
        }
        bytes.reserve(self.rest.len().saturating_mul(SLOT_BYTES));
        for slot in self.slots_all() {
            bytes.extend_from_slice(&slot.latest.to_bytes());
            bytes.extend_from_slice(&slot.period.bits().to_le_bytes());
            bytes.extend_from_slice(&slot.older_end.to_le_bytes());
        }
        bytes.reserve(self.older.len().saturating_mul(PACKED_BYTES));
        self.older.iter().for_each(|packed| bytes.extend_from_slice(&packed.to_bytes()));
    }

    /// Reads back what [`Line::save`] wrote; nothing where it is none.
    pub(super) fn restore(reader: &mut Reader<'_>) -> Option<Self> {
        let (n_slots, n_older) = (reader.n()?, reader.n()?);
        let (slots, _) = reader.slice(n_slots.checked_mul(SLOT_BYTES)?)?.as_chunks::<SLOT_BYTES>();
        let slots = slots.iter().map(Slot::of_bytes).collect::<Option<Vec<Slot>>>()?;
        let (older, _) = reader.slice(n_older.checked_mul(PACKED_BYTES)?)?.as_chunks::<PACKED_BYTES>();
        let older: Vec<Packed> = older.iter().map(Packed::of_bytes).collect();
        let in_order = slots.is_sorted_by(|one, next| one.period < next.period && one.older_end <= next.older_end);
        let whole = in_order && usize::try_from(slots.last()?.older_end).ok()? == older.len();
        let (hot, rest) = slots.into_iter().map(Slot::parts).unzip();
        whole.then(|| Self::of_parts(hot, rest, older))
    }

    /// Every revision, in no order.
    pub(crate) fn all(&self) -> impl Iterator<Item = Packed> {
        self.slots_all().map(|slot| slot.latest).chain(self.older.iter().copied())
    }

    /// How many revisions it has.
    pub(super) const fn n_revisions(&self) -> usize {
        self.rest.len().saturating_add(self.older.len())
    }
}

/// The length of a slot in bytes: its latest revision, its period and the end of the older ones, little endian.
const SLOT_BYTES: usize = 32;

impl Slot {
    #[inline]
    fn of_parts(hot: &Hot, rest: &Rest) -> Self {
        let latest = Packed::of_parts((hot.known_at, rest.position), (hot.number, rest.tags));
        Self { latest, period: rest.period, older_end: rest.older_end }
    }

    fn parts(self) -> (Hot, Rest) {
        let Self { latest, period, older_end } = self;
        let (number, tags) = latest.number_and_tags();
        let rest = Rest { position: latest.position(), tags, period, older_end };
        (Hot { known_at: latest.known_at(), number }, rest)
    }

    fn of_bytes(bytes: &[u8; SLOT_BYTES]) -> Option<Self> {
        let (latest, last) = bytes.split_first_chunk::<PACKED_BYTES>()?;
        let last = u64::from_le_bytes(last.try_into().ok()?);
        let low = |n: u64| u32::try_from(n & u64::from(u32::MAX)).unwrap_or(0);
        let (period, older_end) = (PeriodKey::of_bits(low(last)), low(last >> 32));
        Some(Self { latest: Packed::of_bytes(latest), period, older_end })
    }
}

/// How far from where it was guessed a slot is looked for, before all are.
const GUESSES: usize = 6;

/// A number as a place in a column.
#[inline]
fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Whether each slot's period is right after the one before.
fn in_a_row(slots: &[Rest]) -> bool {
    slots.is_sorted_by(|earlier, later| later.period.follows(earlier.period))
}

/// Makes room by half, and by an eighth where there is much already, so that lines that hardly grow any more waste little.
fn grow<T>(column: &mut Vec<T>) {
    let n = column.len();
    if n == column.capacity() {
        column.reserve_exact(n.div_euclid(if n < MANY { 2 } else { 8 }).max(4));
    }
}

/// From how many on a column grows by less: what is copied then is a page of memory.
const MANY: usize = 64;
