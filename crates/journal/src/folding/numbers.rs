//! What a reader met before, found by its bytes: the numbers of series, and the keys of periods.
//!
//! A log names its series in no order, so that each look-up waits for memory. Codes stand in the table itself, and whoever
//! looks up many together waits for all of them at once.

#![expect(clippy::disallowed_types, reason = "series are looked up by hash and never walked through")]

use std::collections::HashMap;

use domain::period::PeriodKey;

/// The odd number that is nearest to 2^64 over the golden ratio: a multiplication by it spreads what differs over the high
/// bits.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// How many bytes the codes of a series have together, to stand in the table.
const CODES_BYTES_MAX: usize = 37;

/// The codes of a measure, an area and a cohort: the length of each, then all of them, then zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Codes([u64; 5]);

impl Codes {
    /// `None` when they are too long for that.
    #[inline]
    pub(super) fn of(codes: [&[u8]; 3]) -> Option<Self> {
        let mut bytes = [0_u8; CODES_BYTES_MAX + 3];
        let (lengths, mut free) = bytes.split_at_mut(codes.len());
        for (code, length) in codes.into_iter().zip(lengths) {
            let (own, rest) = free.split_at_mut_checked(code.len())?;
            own.copy_from_slice(code);
            *length = u8::try_from(code.len()).ok()?;
            free = rest;
        }
        let mut words = [0; 5];
        let (chunks, _) = bytes.as_chunks::<8>();
        words.iter_mut().zip(chunks).for_each(|(word, chunk)| *word = u64::from_le_bytes(*chunk));
        Some(Self(words))
    }

    #[inline]
    fn hash(&self) -> u64 {
        self.0.iter().fold(0, |hash, word| {
            let product = (hash ^ word).wrapping_mul(SPREAD);
            product ^ (product >> 32)
        })
    }
}

/// A series in the table, or none.
#[derive(Debug, Clone, Copy)]
struct Slot {
    codes: Codes,
    number: u32,
}

const FREE: Slot = Slot { codes: Codes([0; 5]), number: u32::MAX };

/// How many slots a table begins with; a power of two, as it always has.
const SLOTS_FIRST: usize = 1_024;

/// The series that a reader met, numbered from 0.
///
/// Only who may record can give codes, and two that meet cost a comparison, so that nobody has to be kept from guessing
/// where they are put.
pub(super) struct Numbers {
    /// At least half of them are free.
    slots: Vec<Slot>,
    n_in_slots: usize,
    /// Those with codes that are too long for a slot.
    long: HashMap<[Vec<u8>; 3], u32>,
    n: u32,
}

impl Numbers {
    pub(super) fn new() -> Self {
        Self { slots: vec![FREE; SLOTS_FIRST], n_in_slots: 0, long: HashMap::new(), n: 0 }
    }

    /// The number of a series that was met.
    #[inline]
    pub(super) fn find(&self, codes: &Codes) -> Option<u32> {
        self.slots.get(self.place(codes)).map(|slot| slot.number).filter(|number| *number != FREE.number)
    }

    /// The same of one with long codes.
    pub(super) fn find_long(&self, codes: [&[u8]; 3]) -> Option<u32> {
        self.long.get(&codes.map(<[u8]>::to_vec)).copied()
    }

    /// Numbers a series that was not met before; `None` when there are too many.
    pub(super) fn add(&mut self, codes: &Codes) -> Option<u32> {
        if self.n_in_slots.saturating_mul(2) >= self.slots.len() {
            self.grow();
        }
        let number = self.next()?;
        self.n_in_slots = self.n_in_slots.saturating_add(1);
        self.put(Slot { codes: *codes, number });
        Some(number)
    }

    /// The same with long codes.
    pub(super) fn add_long(&mut self, codes: [&[u8]; 3]) -> Option<u32> {
        let number = self.next()?;
        self.long.insert(codes.map(<[u8]>::to_vec), number);
        Some(number)
    }

    fn next(&mut self) -> Option<u32> {
        let number = self.n;
        self.n = number.checked_add(1)?;
        Some(number)
    }

    fn grow(&mut self) {
        let many = vec![FREE; self.slots.len().saturating_mul(2)];
        for slot in std::mem::replace(&mut self.slots, many) {
            if slot.number != FREE.number {
                self.put(slot);
            }
        }
    }

    fn put(&mut self, slot: Slot) {
        let place = self.place(&slot.codes);
        if let Some(free) = self.slots.get_mut(place) {
            *free = slot;
        }
    }

    /// Where a series is, or would be: the first free slot from where its hash says.
    #[inline]
    fn place(&self, codes: &Codes) -> usize {
        let mask = self.slots.len().wrapping_sub(1);
        let mut place = usize::try_from(codes.hash() >> 32).unwrap_or(0) & mask;
        while self.slots.get(place).is_some_and(|slot| slot.number != FREE.number && slot.codes != *codes) {
            place = place.wrapping_add(1) & mask;
        }
        place
    }
}

/// How many periods' keys are kept: two in one place push each other out.
const N_PERIODS: usize = 256;

/// The keys of periods that were read lately, by their codes of up to eight bytes: a month has seven.
pub(super) struct Periods(Vec<(u64, PeriodKey)>);

impl Periods {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// The key of a code, which is read when it is not one of those that were read lately.
    #[inline]
    pub(super) fn get(&mut self, code: &[u8], read: impl FnOnce() -> Option<PeriodKey>) -> Option<PeriodKey> {
        let mut bytes = [0; 8];
        let Some(begin) = bytes.get_mut(..code.len()).filter(|_| !code.contains(&0)) else { return read() };
        begin.copy_from_slice(code);
        let word = u64::from_le_bytes(bytes);
        let place = usize::try_from(word.wrapping_mul(SPREAD) >> 56).unwrap_or(0);
        if let Some((known, key)) = self.0.get(place)
            && *known == word
        {
            return Some(*key);
        }
        let key = read()?;
        if self.0.is_empty() {
            self.0 = vec![(0, key); N_PERIODS];
        }
        if let Some(slot) = self.0.get_mut(place) {
            *slot = (word, key);
        }
        Some(key)
    }
}

#[cfg(test)]
mod tests;
