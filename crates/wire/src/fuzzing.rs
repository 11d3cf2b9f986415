//! The requests of `scorebook.v1` as one function of any bytes: what `cargo xtask fuzz` drives, and what the tests give
//! again the inputs that it found. Compiled for these two alone.

use prost::Message;

use crate::violation::Decoded;
use crate::{command, feed, query, submit, v1};

/// A name, a reader of any bytes, and the most bytes of memory that it may hold at once for so many that it is given.
type Target = (&'static str, fn(&[u8]), fn(usize) -> usize);

/// A byte for the rpc, then its request; of a stream, its messages, each after two bytes for its length.
pub const REQUEST: Target = ("request", read, |n| n.saturating_mul(384).saturating_add(64 * 1024));

/// All of them.
pub const TARGETS: &[Target] = &[REQUEST];

fn read(bytes: &[u8]) {
    let Some((rpc, bytes)) = bytes.split_first() else { return };
    match rpc {
        0 => one(bytes, submit),
        1 => stream(bytes),
        2 => one(bytes, query::scorecard),
        3 => one(bytes, query::comparison),
        4 => one(bytes, query::measure_history),
        5 => one(bytes, query::target_history),
        6 => one(bytes, query::measures),
        7 => one(bytes, query::scorecards),
        8 => one(bytes, query::areas),
        9 => one(bytes, query::explanation),
        10 => one(bytes, |request| Ok(query::status(request))),
        11 => one(bytes, query::log),
        12 => one(bytes, feed::decode),
        13 => one(bytes, query::submissions),
        _ => one(bytes, command::decode),
    }
}

/// Reads a request; what is refused names its field.
fn one<M: Message + Default, T>(bytes: &[u8], read: impl FnOnce(M) -> Decoded<T>) {
    if let Ok(message) = M::decode(bytes)
        && let Err(violation) = read(message)
    {
        assert!(!violation.to_string().is_empty());
    }
}

fn submit(request: v1::SubmitRequest) -> Decoded<()> {
    assert!(submit::content(&request).len() <= submit::n_bytes(&request), "what is compared is part of what was sent");
    let asked = submit::decode(request)?;
    for command::Asked { instruction, .. } in asked.instructions {
        let again = command::decode(command::encode(&instruction)).map(|asked| asked.instruction);
        assert_eq!(again.as_ref(), Ok(&instruction), "what was read is written in a way that is read as the same");
    }
    Ok(())
}

/// The most bytes of all files of the stream together, here.
const FILES_BYTES_MAX: usize = 1_000;

fn stream(mut bytes: &[u8]) {
    let mut next = || {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (message, rest) = rest.split_at_checked(u16::from_le_bytes(*length).into())?;
        bytes = rest;
        v1::SubmitStreamRequest::decode(message).ok()
    };
    let Some(Ok(mut assembly)) = next().map(|first| submit::Assembly::begin(first, FILES_BYTES_MAX)) else { return };
    while let Some(message) = next() {
        if assembly.add(message).is_err() {
            return;
        }
    }
    let request = assembly.finish();
    assert!(request.files.iter().map(|file| file.content.len()).sum::<usize>() <= FILES_BYTES_MAX);
    let _read_or_refused = submit(request);
}
