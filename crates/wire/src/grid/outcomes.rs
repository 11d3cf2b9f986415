//! What the cells of a grid are, apart from their numbers and targets: a short list, and each cell's place in it.

use reporting::grid::Outcome;

/// How many outcomes are found without searching; most grids have a dozen.
const N_NEAR: usize = 256;

/// The outcomes met so far. Cost: a nanosecond for one that was met lately.
pub(crate) struct Outcomes {
    /// Each, in the order in which they were met.
    pub(crate) met: Vec<Outcome>,
    /// Those met lately with their places, by the slot of [`slot`].
    near: [Option<(Outcome, u32)>; N_NEAR],
}

impl Default for Outcomes {
    fn default() -> Self {
        Self { met: Vec::new(), near: [None; N_NEAR] }
    }
}

impl Outcomes {
    /// The place of an outcome, from 0.
    #[inline]
    pub(crate) fn place(&mut self, outcome: Outcome) -> u32 {
        match self.near.get(slot(outcome)) {
            Some(Some((known, place))) if *known == outcome => *place,
            _ => self.look(outcome),
        }
    }

    #[cold]
    fn look(&mut self, outcome: Outcome) -> u32 {
        let place = self.met.iter().position(|known| *known == outcome).unwrap_or_else(|| {
            self.met.push(outcome);
            self.met.len().saturating_sub(1)
        });
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        if let Some(near) = self.near.get_mut(slot(outcome)) {
            *near = Some((outcome, place));
        }
        place
    }
}

/// Where an outcome may be near: the high bits of a product with the odd number nearest to 2^32 over the golden ratio.
#[inline]
fn slot(outcome: Outcome) -> usize {
    usize::try_from(outcome.number().wrapping_mul(0x9e37_79b1) >> 24).unwrap_or(0) % N_NEAR
}
