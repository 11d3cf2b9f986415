//! What the cells of a grid are, apart from their numbers and targets: a short list, and each cell's place in it.

use domain::result::Colour;
use ratings::{Direction, Rating};
use reporting::grid::{FigureKind, GridCell};

/// How many outcomes are found without searching; most grids have a dozen.
const N_NEAR: usize = 256;

/// The outcomes met so far. Cost: some nanoseconds for one that was met lately.
pub(crate) struct Outcomes {
    /// A cell of each.
    pub(crate) met: Vec<GridCell>,
    /// Where those met lately are among them, by the slot of [`slot`].
    near: [u32; N_NEAR],
}

impl Default for Outcomes {
    fn default() -> Self {
        Self { met: Vec::new(), near: [0; N_NEAR] }
    }
}

impl Outcomes {
    /// The place of a cell's outcome, from 0.
    pub(crate) fn place(&mut self, cell: &GridCell) -> u32 {
        let Self { met, near } = self;
        let Some(near) = near.get_mut(slot(cell)) else { return u32::MAX };
        let known = usize::try_from(*near).ok().and_then(|place| met.get(place));
        if known.is_none_or(|known| !same(known, cell)) {
            let place = met.iter().position(|known| same(known, cell)).unwrap_or_else(|| {
                met.push(*cell);
                met.len().saturating_sub(1)
            });
            *near = u32::try_from(place).unwrap_or(u32::MAX);
        }
        *near
    }
}

#[inline]
fn same(one: &GridCell, other: &GridCell) -> bool {
    let status = one.status == other.status || one.kind == FigureKind::None;
    one.rating == other.rating
        && one.direction == other.direction
        && one.scale == other.scale
        && one.kind == other.kind
        && status
}

/// Where an outcome may be near: those that lie side by side mostly differ in these. Each is asked for
/// by itself, because a figure's rating says nothing of the next one's, and a processor that guesses it guesses wrong.
fn slot(cell: &GridCell) -> usize {
    let bits = [
        cell.rating == Rating::Rated(Colour::Green),
        cell.rating == Rating::Rated(Colour::Amber),
        cell.rating == Rating::Rated(Colour::Red),
        cell.direction == Direction::Improved,
        cell.direction == Direction::Worsened,
        cell.direction == Direction::NoChange,
    ];
    let bits = bits.into_iter().fold(0, |all, bit| all << 1 | usize::from(bit));
    (bits << 2 | usize::from(cell.scale & 3)) % N_NEAR
}
