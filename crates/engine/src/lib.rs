//! The use cases of Scorebook: submitting, asking, following the head. The adapters (`grpc`, `scorebook`) translate and
//! call; the pure core below decides.
//!
//! It is not a store (a log is behind [`log::EventLog`]), and knows no transport. It reads no clock of its own: the
//! clock comes in [`Options`].
//!
//! Invariants:
//! - one thread decides and appends; what it appends is durable before anybody is told, and before anybody can see it;
//! - readers see whole commits only: they read the book up to the published head;
//! - permissions are checked in one place, before anything is decided.
//!
//! ```text
//! submit ─▶ intake (parse, identify) ─▶ queue (bounded) ─▶ writer: decide ─▶ append ─▶ apply ─▶ publish head
//! ask ────▶ bounds (K, P) ─▶ book up to the published head ─▶ answer
//! ```
//!
//! Read in this order: [`log`], `formats`, [`permissions`], [`submission`], `book_lock`, [`writer`], [`bounds`], [`Engine`], [`feed`],
//! [`cluster`].

pub mod log;

mod formats;

pub mod permissions;
pub mod settings;
pub mod submission;

mod layouts;

mod intake;

mod book_lock;
mod recent;
pub mod writer;

pub mod bounds;
mod engine;
mod error;

pub mod feed;

pub mod cluster;

pub use engine::{Engine, FileRead, Opening, Options, Pack, Proposed, Publication, SourceFile, Told};
pub use error::Error;
pub use formats::Others;
pub use intake::Prepared;

use domain::Digest;
use sha2::{Digest as _, Sha256};

/// An error with every cause, outermost first, for a server's own log.
pub fn causes(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        words.push_str(": ");
        words.push_str(&cause.to_string());
        next = cause.source();
    }
    words
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

/// An identifier made from a digest: its first sixteen bytes, marked as a version 8 UUID (RFC 9562).
pub fn identifier(digest: Digest) -> [u8; 16] {
    let mut id = [0; 16];
    for (to, from) in id.iter_mut().zip(digest.0) {
        *to = from;
    }
    id[6] = (id[6] & 0x0f) | 0x80;
    id[8] = (id[8] & 0x3f) | 0x80;
    id
}

#[cfg(any(test, fuzzing))]
pub mod fuzzing;

#[cfg(test)]
mod tests;
