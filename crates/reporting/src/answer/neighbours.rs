//! How the neighbours' own results became one figure, or why they did not.

use domain::event::Average;
use domain::ids::NeighboursId;
use domain::{AreaId, Date};

use super::Provenance;

/// How the neighbours' figures became one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeighboursAnswer {
    /// The list.
    pub list: NeighboursId,
    /// The first day for which it holds.
    pub from: Date,
    /// How they are averaged.
    pub average: Average,
    /// How few of them, having a figure, still make an average.
    pub at_least: u8,
    /// How many there are.
    pub n_members: usize,
    /// How many of them have a figure.
    pub n_counted: usize,
    /// Who has none, nearest first.
    pub left_out: Vec<LeftOut>,
    /// Why there is no average.
    pub not_averaged: Option<NotAveraged>,
    /// Where the list is recorded.
    pub provenance: Provenance,
}

/// A neighbour without a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Who.
    pub area: AreaId,
    /// Its name as of then.
    pub name: String,
    /// Why it has none.
    pub reason: String,
}

/// Why there is no average of figures that there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAveraged {
    /// A figure that is to be pooled was stated without its counts.
    NotCounted {
        /// Whose, by name.
        name: String,
    },
    /// Fewer have a figure than the list's rule asks for.
    TooFew {
        /// How many have one.
        n_counted: usize,
        /// How many it takes.
        at_least: u8,
    },
}

impl NotAveraged {
    /// For people.
    pub fn words(&self) -> String {
        match self {
            Self::NotCounted { name } => format!("cannot be pooled: {name} has no numerator and denominator"),
            Self::TooFew { n_counted, at_least } => {
                format!("not averaged: {n_counted} have a figure, and it takes {at_least}")
            }
        }
    }
}

impl NeighboursAnswer {
    /// All of it for people: “pooled over 9 of the 10 neighbours on dfe-2025, without Devon (not available)”.
    pub fn words(&self) -> String {
        let (n_counted, n_members, list) = (self.n_counted, self.n_members, &self.list);
        let begin = match (&self.not_averaged, self.average) {
            (Some(why_not), _) => format!("{}; {n_counted} of", why_not.words()),
            (None, Average::Pooled) => format!("pooled over {n_counted} of"),
            (None, Average::Mean) => format!("mean of {n_counted} of"),
            (None, Average::Median) => format!("median of {n_counted} of"),
        };
        let without = match self.left_out.as_slice() {
            [] => String::new(),
            left_out => {
                let one = |it: &LeftOut| format!("{} ({})", it.name, it.reason);
                format!(", without {}", left_out.iter().map(one).collect::<Vec<_>>().join(", "))
            }
        };
        format!("{begin} the {n_members} neighbours on {list}{without}")
    }
}
