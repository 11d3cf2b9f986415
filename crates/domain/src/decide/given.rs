//! What a submission says about each thing: which of its instructions are about the same, and what was drafted of results.
//!
//! Found once for all instructions, by hashes that are sorted, because a submission may have a million of them: a map of their
//! keys would cost more than everything else that is decided. What a key's hash is never shows.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::key::Key;
use crate::command::{Instruction, Submission};
use crate::time::Timestamp;

/// See the module's documentation. Instructions are told by their place in the submission.
pub(super) struct Given {
    /// The hash of each instruction's key with its place, in order; empty where nothing can be said twice.
    hashes: Vec<(u64, u32)>,
    /// Of each instruction, the first that is about the same thing.
    things: Vec<u32>,
    /// Of each instruction, the first that is about the same thing known at the same instant.
    words: Vec<u32>,
    /// Of the first word about something at an instant: which of its likes was carried out, or [`NONE`].
    carried_out: Vec<u32>,
    /// Of the first about a thing: the earliest instant of those that were carried out, or [`NEVER`].
    earliest: Vec<Timestamp>,
    /// Of the first about a cell: its newest drafted result, or [`NONE`].
    newest: Vec<u32>,
    drafted: Vec<Drafted>,
}

/// A drafted result, or withdrawal.
#[derive(Clone, Copy)]
struct Drafted {
    known_at: Timestamp,
    /// Which of the decision's drafts it is.
    draft: u32,
    /// The next older of its cell, or [`NONE`].
    older: u32,
}

/// No place: there are far fewer instructions.
const NONE: u32 = u32::MAX;
/// Later than every instant.
const NEVER: Timestamp = Timestamp::of_micros(i64::MAX);

impl Given {
    pub(super) fn new(submission: &Submission, now: Timestamp) -> Self {
        let instructions = &submission.instructions;
        let n = if instructions.len() < 2 { 0 } else { instructions.len() };
        let mut given = Self {
            hashes: hashes(instructions.get(..n).unwrap_or_default()),
            things: (0..).take(n).collect(),
            words: (0..).take(n).collect(),
            carried_out: vec![NONE; n],
            earliest: vec![NEVER; n],
            newest: vec![NONE; n],
            drafted: Vec::with_capacity(n),
        };
        let hashes = std::mem::take(&mut given.hashes);
        for alike in hashes.chunk_by(|(one, _), (other, _)| one == other).filter(|alike| alike.len() > 1) {
            given.group(alike.iter().map(|(_, place)| *place).collect(), instructions, now);
        }
        given.hashes = hashes;
        given
    }

    /// Parts instructions of one hash by what they are about, and then by instants.
    fn group(&mut self, mut alike: Vec<u32>, instructions: &[Instruction], now: Timestamp) {
        let key = |place: &u32| instructions.get(index(*place)).and_then(|it| Key::of(&it.command));
        let instant = |place: &u32| instructions.get(index(*place)).and_then(|it| it.known_at).unwrap_or(now);
        while let Some(first) = alike.first().copied() {
            let about = key(&first);
            // Nearly always all of them are about the same: nothing is to be parted.
            let (mut same, others) = if alike.iter().all(|place| key(place) == about) {
                (alike, Vec::new())
            } else {
                alike.into_iter().partition(|place| key(place) == about)
            };
            for place in &same {
                set(&mut self.things, *place, first);
            }
            same.sort_by_key(instant);
            for words in same.chunk_by(|one, other| instant(one) == instant(other)) {
                let Some(first) = words.first().copied() else { continue };
                for place in words {
                    set(&mut self.words, *place, first);
                }
            }
            alike = others;
        }
    }

    /// The earlier instruction that was carried out and is about the same, known at the same instant.
    pub(super) fn earlier(&self, place: usize) -> Option<usize> {
        let word = self.words.get(place)?;
        self.carried_out.get(index(*word)).copied().filter(|place| *place != NONE).map(index)
    }

    /// Remembers an instruction that can be carried out.
    pub(super) fn carry_out(&mut self, place: usize, instant: Timestamp) {
        let (Some(word), Some(thing)) = (self.words.get(place).copied(), self.things.get(place).copied()) else {
            return;
        };
        set(&mut self.carried_out, word, u32::try_from(place).unwrap_or(NONE));
        if let Some(earliest) = self.earliest.get_mut(index(thing)) {
            *earliest = instant.min(*earliest);
        }
    }

    /// True when something about the same thing was carried out that was known before an instant.
    pub(super) fn said_before(&self, place: usize, instant: Timestamp) -> bool {
        let thing = self.things.get(place).and_then(|thing| self.earliest.get(index(*thing)));
        thing.is_some_and(|earliest| *earliest < instant)
    }

    /// Enters what an instruction drafted for its cell, and which of the decision's drafts that is.
    pub(super) fn draft(&mut self, place: usize, known_at: Timestamp, draft: usize) {
        let Some(thing) = self.things.get(place).copied() else { return };
        let mut newer = NONE;
        let mut older = self.newest.get(index(thing)).copied().unwrap_or(NONE);
        // Positions only grow, so that of two known at one instant the later drafted is the newer.
        while let Some(next) = self.drafted.get(index(older)).filter(|it| it.known_at > known_at) {
            newer = older;
            older = next.older;
        }
        let (Ok(at), Ok(draft)) = (u32::try_from(self.drafted.len()), u32::try_from(draft)) else { return };
        self.drafted.push(Drafted { known_at, draft, older });
        match self.drafted.get_mut(index(newer)) {
            Some(newer) => newer.older = at,
            None => set(&mut self.newest, thing, at),
        }
    }

    /// The newest draft for the cell that an instruction is about, known by then: when, and which it is.
    pub(super) fn newest(&self, place: usize, bound: Option<Timestamp>) -> Option<(Timestamp, usize)> {
        let thing = *self.things.get(place)?;
        let mut next = *self.newest.get(index(thing))?;
        while let Some(drafted) = self.drafted.get(index(next)) {
            if bound.is_none_or(|bound| drafted.known_at <= bound) {
                return Some((drafted.known_at, index(drafted.draft)));
            }
            next = drafted.older;
        }
        None
    }

    /// An instruction that is about this, if there is one.
    pub(super) fn about(&self, key: Key<'_>, instructions: &[Instruction]) -> Option<usize> {
        let hash = hash(&key);
        let from = self.hashes.partition_point(|(other, _)| *other < hash);
        let alike = self.hashes.get(from..)?.iter().take_while(|(other, _)| *other == hash);
        alike.map(|(_, place)| index(*place)).find(|place| {
            let found = instructions.get(*place).and_then(|it| Key::of(&it.command));
            found == Some(key)
        })
    }
}

fn hashes(instructions: &[Instruction]) -> Vec<(u64, u32)> {
    let keys = (0..).zip(instructions).filter_map(|(place, it)| Some((hash(&Key::of(&it.command)?), place)));
    let mut hashes: Vec<(u64, u32)> = Vec::with_capacity(instructions.len());
    hashes.extend(keys);
    hashes.sort_unstable();
    hashes
}

/// The same wherever it runs; nobody can make many keys of one hash.
fn hash(key: &Key<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

fn set<T>(all: &mut [T], place: u32, value: T) {
    if let Some(one) = all.get_mut(index(place)) {
        *one = value;
    }
}
