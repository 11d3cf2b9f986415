//! What texts stand for that come again and again, each read once.

#![expect(clippy::disallowed_types, reason = "texts are looked up by hash and never walked through")]

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};

/// Texts, and what each was read as.
#[derive(Debug)]
pub(crate) struct Seen<T>(HashMap<String, T, BuildHasherDefault<DefaultHasher>>);

impl<T> Seen<T> {
    pub(crate) fn new() -> Self {
        Self(HashMap::default())
    }

    /// What a text was read as before. Cost: one hash.
    pub(crate) fn get(&self, text: &str) -> Option<&T> {
        self.0.get(text)
    }

    pub(crate) fn add(&mut self, text: &str, read: T) {
        self.0.insert(text.to_owned(), read);
    }
}
