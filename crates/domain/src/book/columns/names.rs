//! Codes by number, and numbers by code.

#![expect(clippy::disallowed_types, reason = "codes are looked up by hash and never walked through")]

use std::collections::HashMap;
use std::hash::Hash;

/// Codes, numbered from 0 in the order in which they were first met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Names<T: Eq + Hash> {
    numbers: HashMap<T, u32>,
    names: Vec<T>,
}

impl<T: Eq + Hash> Default for Names<T> {
    fn default() -> Self {
        Self { numbers: HashMap::new(), names: Vec::new() }
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
