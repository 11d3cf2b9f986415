//! Codes by number, and numbers by code.

#![expect(clippy::disallowed_types, reason = "codes are looked up by hash and never walked through")]

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// Codes, numbered from 0 in the order in which they were first met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Names<T: Eq + Hash> {
    numbers: HashMap<T, u32, BuildHasherDefault<Mixer>>,
    names: Vec<T>,
}

/// A short code's hash: a multiplication for every eight bytes. Only who may record can give codes, and two that meet cost a
/// comparison, so that nobody has to be kept from guessing it.
#[derive(Debug, Clone, Copy, Default)]
struct Mixer(u64);

impl Mixer {
    const fn mix(self, word: u64) -> Self {
        // The odd number that is nearest to 2^64 over the golden ratio. High bits must reach the low ones.
        let product = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self(product ^ (product >> 32))
    }
}

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            *self = self.mix(u64::from_le_bytes(*word));
        }
        let rest = rest.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte));
        *self = self.mix(rest);
    }

    fn write_u8(&mut self, byte: u8) {
        *self = self.mix(u64::from(byte));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl<T: Eq + Hash> Default for Names<T> {
    fn default() -> Self {
        Self { numbers: HashMap::default(), names: Vec::new() }
    }
}

impl<T: Eq + Hash + Clone> Names<T> {
    /// The code's number, a new one when it was not met before.
    pub(super) fn enter(&mut self, name: &T) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.numbers.insert(name.clone(), next);
        self.names.push(name.clone());
        next
    }

    /// The code's number; `None` when it was never met.
    pub(super) fn number(&self, name: &T) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    /// All codes, in the order of their numbers.
    pub(super) fn all(&self) -> &[T] {
        &self.names
    }

    /// The code of a number.
    pub(super) fn name(&self, number: u32) -> Option<&T> {
        self.names.get(usize::try_from(number).ok()?)
    }
}
