//! Numbers and texts as bytes, and back: what is too short is nothing, never a panic.

use crate::number::Decimal;

/// Bytes that are not what they should be.
pub(in crate::book) struct Unreadable;

/// What is left to read of a part.
pub(in crate::book) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(in crate::book) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(in crate::book) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    /// So many bytes; before anything is made room for by a number that was read.
    pub(in crate::book) fn slice(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(taken)
    }

    pub(in crate::book) fn u8(&mut self) -> Option<u8> {
        self.take().map(u8::from_le_bytes)
    }

    pub(in crate::book) fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    /// A number that counts or places something here.
    pub(in crate::book) fn n(&mut self) -> Option<usize> {
        usize::try_from(self.u32()?).ok()
    }

    pub(in crate::book) fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    pub(in crate::book) fn i64(&mut self) -> Option<i64> {
        self.take().map(i64::from_le_bytes)
    }

    pub(in crate::book) fn text(&mut self) -> Option<&'a str> {
        let n = self.n()?;
        std::str::from_utf8(self.slice(n)?).ok()
    }

    pub(in crate::book) fn number(&mut self) -> Option<Decimal> {
        let digits = self.i64()?;
        Decimal::new(digits, self.u8()?).ok()
    }

    /// One that there may be; `Err` where the bytes are neither.
    pub(in crate::book) fn optional(&mut self) -> Result<Option<Decimal>, Unreadable> {
        match self.u8() {
            Some(0) => Ok(None),
            Some(1) => self.number().map(Some).ok_or(Unreadable),
            _ => Err(Unreadable),
        }
    }
}

pub(in crate::book) fn put_text(bytes: &mut Vec<u8>, text: &str) {
    // Every text here is within the bounds of a record.
    bytes.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

pub(in crate::book) fn put_number(bytes: &mut Vec<u8>, number: Decimal) {
    bytes.extend_from_slice(&number.coefficient().to_le_bytes());
    bytes.push(number.scale());
}

pub(in crate::book) fn put_optional(bytes: &mut Vec<u8>, number: Option<Decimal>) {
    bytes.push(u8::from(number.is_some()));
    if let Some(number) = number {
        put_number(bytes, number);
    }
}
