//! Reading little-endian numbers off the front of a slice, and what is wrong with bytes that cannot be read.

use domain::Position;
use engine::log::Error;

/// What is wrong with stored bytes; it becomes an [`Error`] where their position is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// They are not what was written.
    Damaged(String),
    /// They were written by a newer program.
    Newer { kind: u16, schema: u16 },
}

impl Fault {
    pub(crate) fn damaged(reason: impl Into<String>) -> Self {
        Self::Damaged(reason.into())
    }

    /// The error for a record at a position.
    pub(crate) fn at(self, position: Position) -> Error {
        match self {
            Self::Damaged(reason) => Error::Corrupt { position, reason },
            Self::Newer { kind, schema } => Error::Newer { position, kind, schema, held_back: None },
        }
    }
}

/// What is left to read of a slice.
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl Bytes<'_> {
    /// The next `N` bytes.
    #[inline]
    pub(crate) fn take<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        match self.0.split_first_chunk::<N>() {
            Some((taken, rest)) => {
                self.0 = rest;
                Ok(*taken)
            }
            None => Err(Fault::damaged("the bytes end within a header")),
        }
    }

    #[inline]
    pub(crate) fn u16(&mut self) -> Result<u16, Fault> {
        self.take().map(u16::from_le_bytes)
    }

    #[inline]
    pub(crate) fn u32(&mut self) -> Result<u32, Fault> {
        self.take().map(u32::from_le_bytes)
    }

    #[inline]
    pub(crate) fn u64(&mut self) -> Result<u64, Fault> {
        self.take().map(u64::from_le_bytes)
    }

    #[inline]
    pub(crate) fn i64(&mut self) -> Result<i64, Fault> {
        self.take().map(i64::from_le_bytes)
    }
}
