//! Where salts come from.

use engine::log::Error;

use crate::record::SALT_BYTES;
use crate::store::broken;

/// Where the salts of new records come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Salts {
    /// The operating system's random numbers: for every log that holds anything real.
    Random,
    /// One salt for every record, so that the same records give the same chain: for tests and simulations.
    Fixed([u8; SALT_BYTES]),
}

/// Salts drawn many at a time, because asking the operating system costs more than hashing a record.
const DRAWN_BYTES: usize = 128 * SALT_BYTES;

pub(crate) struct Salter {
    salts: Salts,
    drawn: Box<[u8; DRAWN_BYTES]>,
    used: usize,
}

impl Salter {
    pub(crate) fn new(salts: Salts) -> Self {
        Self { salts, drawn: Box::new([0; DRAWN_BYTES]), used: DRAWN_BYTES }
    }

    /// The salt for the next record; no salt is given twice.
    pub(crate) fn next(&mut self) -> Result<[u8; SALT_BYTES], Error> {
        if let Salts::Fixed(salt) = self.salts {
            return Ok(salt);
        }
        if self.used >= DRAWN_BYTES {
            let failed = |error: getrandom::Error| broken("drawing salts")(error.to_string().into());
            getrandom::fill(self.drawn.as_mut_slice()).map_err(failed)?;
            self.used = 0;
        }
        let salt = self.drawn.get(self.used..).and_then(|left| left.first_chunk()).copied();
        self.used = self.used.saturating_add(SALT_BYTES);
        salt.ok_or_else(|| broken("drawing salts")("none is left".into()))
    }
}
