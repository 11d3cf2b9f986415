//! Protobuf as gRPC carries it, of messages that do not have more fields than any may have.
//!
//! A list is built before its length can be looked at, and an item of two bytes may take hundreds in memory: so fields are
//! counted before anything of a message is read.

use std::marker::PhantomData;

use tonic::Status;
use tonic::codec::{BufferSettings, Codec, DecodeBuf, Decoder};
use tonic_prost::ProstCodec;
use tonic_prost::prost::Message;
use tonic_prost::prost::bytes::Buf as _;

use crate::limits::FIELDS_MAX;

/// Writes `T` and reads `U`.
#[derive(Debug, Clone)]
pub struct Bounded<T, U>(ProstCodec<T, U>);

impl<T, U> Default for Bounded<T, U> {
    fn default() -> Self {
        Self(ProstCodec::default())
    }
}

/// Reads `U`, after a look at how many fields it has.
#[derive(Debug)]
pub struct BoundedDecoder<D, U>(D, PhantomData<U>);

impl<T, U> Codec for Bounded<T, U>
where
    T: Message + Send + 'static,
    U: Message + Default + Send + 'static,
{
    type Encode = T;
    type Decode = U;
    type Encoder = <ProstCodec<T, U> as Codec>::Encoder;
    type Decoder = BoundedDecoder<<ProstCodec<T, U> as Codec>::Decoder, U>;

    fn encoder(&mut self) -> Self::Encoder {
        self.0.encoder()
    }

    fn decoder(&mut self) -> Self::Decoder {
        BoundedDecoder(self.0.decoder(), PhantomData)
    }
}

impl<D, U> Decoder for BoundedDecoder<D, U>
where
    D: Decoder<Item = U, Error = Status>,
    U: Message + Default,
{
    type Item = U;
    type Error = Status;

    fn decode(&mut self, src: &mut DecodeBuf<'_>) -> Result<Option<U>, Status> {
        // A message has come whole, and lies in one piece, when it is decoded.
        if count(src.chunk()) > FIELDS_MAX {
            let problem = format!("a message has more than {FIELDS_MAX} fields; send less at once, or files");
            return Err(Status::invalid_argument(problem));
        }
        // Read as a slice, it is looked at byte by byte without asking each time whether there is another piece.
        let n_bytes = src.remaining();
        if src.chunk().len() < n_bytes {
            return self.0.decode(src);
        }
        let message = U::decode(src.chunk()).map_err(|error| Status::internal(error.to_string()))?;
        src.advance(n_bytes);
        Ok(Some(message))
    }

    fn buffer_settings(&self) -> BufferSettings {
        self.0.buffer_settings()
    }
}

/// How many fields a message has, list items each; up to the first that is none, which its reader will refuse.
pub(crate) fn count(mut message: &[u8]) -> usize {
    let mut n_fields: usize = 0;
    while let Some(rest) = skip(message) {
        n_fields = n_fields.saturating_add(1);
        message = rest;
    }
    n_fields
}

/// What follows the first field.
fn skip(mut message: &[u8]) -> Option<&[u8]> {
    let key = varint(&mut message)?;
    let length = match key & 7 {
        0 => {
            varint(&mut message)?;
            0
        }
        1 => 8,
        2 => usize::try_from(varint(&mut message)?).ok()?,
        // A group's beginning and its end are counted, and what is between them: readers pass over it, and go on.
        3 | 4 => 0,
        5 => 4,
        _ => return None,
    };
    message.get(length..)
}

fn varint(message: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = message.split_first()?;
        *message = rest;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}
