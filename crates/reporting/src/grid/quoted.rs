//! The definitions that an answer quotes.

use std::fmt;

use domain::book::{DefinitionNumber, Definitions};
use domain::measure::Definition;

/// The definitions that an answer quotes, in order, each with whether it was known only later. They are lent all together:
/// whoever holds the answer holds one count, however many there are.
#[derive(Clone, Default)]
pub struct Quoted {
    all: Definitions,
    quoted: Vec<(DefinitionNumber, bool)>,
}

impl Quoted {
    pub(super) fn new(all: &Definitions, quoted: impl Iterator<Item = (DefinitionNumber, bool)>) -> Self {
        Self { all: all.clone(), quoted: quoted.collect() }
    }

    /// Each, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Definition, bool)> {
        self.quoted.iter().filter_map(|(number, later)| Some((&**self.all.get(*number)?, *later)))
    }

    /// Puts another answer's behind them, but for its first `n`. Both are of one book, whose definitions keep their places: those
    /// that were made with more hold them all.
    pub(super) fn append(&mut self, other: Self, n: usize) {
        if self.all.n_definitions() < other.all.n_definitions() {
            self.all = other.all;
        }
        self.quoted.extend(other.quoted.into_iter().skip(n));
    }
}

impl PartialEq for Quoted {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Quoted {}

impl fmt::Debug for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
