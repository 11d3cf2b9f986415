//! What the cells of a grid are, apart from their numbers and targets: a short list, and each cell's place in it.

use std::collections::BTreeMap;

use ratings::Rating;
use reporting::grid::{FigureKind, GridCell};

use super::{kind, status};
use crate::answer::row::{encode_direction, encode_rating};

/// How many outcomes are found without searching; most grids have a dozen.
const N_NEAR: usize = 256;

/// The outcomes met so far. Cost: some nanoseconds for one that was met lately.
pub(super) struct Outcomes {
    /// A cell of each.
    pub(super) met: Vec<GridCell>,
    places: BTreeMap<Key, u32>,
    /// By a few bits of the key, the outcome that was met last.
    near: [Option<(Key, u32)>; N_NEAR],
    reasons: Vec<ratings::NotRated>,
}

/// All that an outcome is, a byte each.
type Key = u64;

impl Default for Outcomes {
    fn default() -> Self {
        Self { met: Vec::new(), places: BTreeMap::new(), near: [None; N_NEAR], reasons: Vec::new() }
    }
}

impl Outcomes {
    /// The place of a cell's outcome, from 0.
    pub(super) fn place(&mut self, cell: &GridCell) -> u32 {
        let key = self.key(cell);
        let near = self.near.get_mut(slot(key));
        if let Some(Some((known, place))) = near
            && *known == key
        {
            return *place;
        }
        let next = u32::try_from(self.met.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.met.push(*cell);
        }
        if let Some(near) = near {
            *near = Some((key, place));
        }
        place
    }

    fn key(&mut self, cell: &GridCell) -> Key {
        let status = if cell.kind == FigureKind::None { 0 } else { byte(status(cell.status).into()) };
        let not_rated = match cell.rating {
            Rating::Rated(_) => 0,
            Rating::NotRated(reason) => self.reason(reason),
        };
        let (kind, rating) = (byte(kind(cell.kind).into()), byte(encode_rating(cell.rating).into()));
        let direction = byte(encode_direction(cell.direction).into());
        Key::from_le_bytes([kind, cell.scale, status, rating, not_rated, direction, 0, 0])
    }

    /// The reason's place from 1, a new one when it was not met before. There are fewer than a byte holds.
    fn reason(&mut self, reason: ratings::NotRated) -> u8 {
        let at = self.reasons.iter().position(|known| *known == reason).unwrap_or_else(|| {
            self.reasons.push(reason);
            self.reasons.len().saturating_sub(1)
        });
        u8::try_from(at.saturating_add(1)).unwrap_or(u8::MAX)
    }
}

/// Where an outcome may be near. The multiplier is odd and its bits are mixed, so that keys that differ in a byte go apart.
fn slot(key: Key) -> usize {
    let [.., mixed] = key.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
    usize::from(mixed)
}

/// An enum's number, of which none here is over 255.
fn byte(number: i32) -> u8 {
    u8::try_from(number).unwrap_or(0)
}
