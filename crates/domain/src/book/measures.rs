//! What was said of each measure itself, by its code and by its number in the columns.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{MeasureState, Noted};
use crate::history::{History, Revision, Rollbacks, SubmissionNumber};
use crate::ids::{MeasureId, Position};
use crate::measure::{Brief, Definition};
use crate::time::{AsOf, Timestamp};

/// See the module's documentation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Measures {
    /// Of those that were ever defined.
    numbers: BTreeMap<MeasureId, u32>,
    /// By number; empty for a measure that only results or targets are about.
    said: Vec<Said>,
    definitions: Definitions,
}

/// Every definition that was recorded, in the order of the log. They are lent together, so that an answer of many measures
/// counts once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Definitions(Arc<Vec<Arc<Definition>>>);

/// The place of a definition among all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefinitionNumber(u32);

/// What was said of one measure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) history: History<Noted<MeasureState>>,
    /// Of every revision, in the same order, what answers of many measures read of it.
    words: Vec<Word>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Word {
    known_at: Timestamp,
    position: Position,
    backfill: bool,
    submission: SubmissionNumber,
    /// `None` for a withdrawal.
    definition: Option<(DefinitionNumber, Brief)>,
}

/// A definition that was recorded, as answers of many measures read it.
#[derive(Debug, Clone, Copy)]
pub struct StoredDefinition {
    /// Its place among all.
    pub number: DefinitionNumber,
    /// What of it most figures are judged by.
    pub brief: Brief,
    /// Where it is in the log.
    pub position: Position,
    /// Whether it was said to be known before Scorebook took it in.
    pub backfill: bool,
}

impl Definitions {
    fn add(&mut self, definition: &Arc<Definition>) -> DefinitionNumber {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        // Where an answer holds them still, it keeps those that it was made with.
        Arc::make_mut(&mut self.0).push(Arc::clone(definition));
        DefinitionNumber(next)
    }

    /// How many there are.
    pub fn n_definitions(&self) -> usize {
        self.0.len()
    }

    /// The definition of a number.
    pub fn get(&self, number: DefinitionNumber) -> Option<&Arc<Definition>> {
        self.0.get(usize::try_from(number.0).ok()?)
    }
}

impl Said {
    /// The definition that counts within the bounds; `None` as well where the last word that does is a withdrawal.
    pub(super) fn standing(&self, as_of: AsOf, rollbacks: &impl Rollbacks) -> Option<StoredDefinition> {
        let known = |word: &Word| as_of.covers(word.known_at, word.position);
        let holds = |word: &&Word| known(word) && !rollbacks.rolled_back(word.submission, as_of);
        self.words.iter().rev().find(holds)?.stored()
    }

    /// The definition that a revision gave.
    pub(super) fn given_at(&self, position: Position) -> Option<StoredDefinition> {
        self.words.iter().find(|word| word.position == position)?.stored()
    }
}

impl Word {
    fn stored(&self) -> Option<StoredDefinition> {
        let Self { position, backfill, .. } = *self;
        self.definition.map(|(number, brief)| StoredDefinition { number, brief, position, backfill })
    }
}

impl Measures {
    pub(super) fn add(&mut self, measure: &MeasureId, number: u32, revision: Revision<Noted<MeasureState>>) {
        let Ok(at) = usize::try_from(number) else { return };
        if at >= self.said.len() {
            self.said.resize_with(at.saturating_add(1), Said::default);
        }
        let Some(said) = self.said.get_mut(at) else { return };
        let definition = match &revision.value.value {
            MeasureState::Defined(definition) => Some((self.definitions.add(definition), definition.brief())),
            MeasureState::Withdrawn(_) => None,
        };
        let Revision { known_at, position, submission, .. } = revision;
        let backfill = revision.backfill();
        let at = said.words.partition_point(|word| (word.known_at, word.position) < (known_at, position));
        said.words.insert(at, Word { known_at, position, backfill, submission, definition });
        said.history.add(revision);
        if !self.numbers.contains_key(measure) {
            self.numbers.insert(measure.clone(), number);
        }
    }

    /// Cost: the logarithm of the number of measures.
    pub(crate) fn get(&self, measure: &MeasureId) -> Option<&History<Noted<MeasureState>>> {
        Some(&self.said_of(measure)?.history)
    }

    /// The same, with what answers of many measures read.
    pub(super) fn said_of(&self, measure: &MeasureId) -> Option<&Said> {
        self.numbered(*self.numbers.get(measure)?)
    }

    /// The same, by its number. Empty for one that was never defined.
    pub(super) fn numbered(&self, number: u32) -> Option<&Said> {
        self.said.get(usize::try_from(number).ok()?)
    }

    pub(super) const fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// Those that were ever defined, in code order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &MeasureId> {
        self.numbers.keys()
    }

    /// The same, with what was said of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&MeasureId, &History<Noted<MeasureState>>)> {
        self.numbers.iter().filter_map(|(measure, number)| Some((measure, &self.numbered(*number)?.history)))
    }
}
