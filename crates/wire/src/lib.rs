//! The public contract `scorebook.v1` as Rust: generated messages and gRPC code, and the only conversions between them
//! and the words of the domain.
//!
//! It is not a server and asks nothing of one: it decides nothing, opens nothing, reads no clock, and knows neither the
//! engine nor a time zone (a civil date given for an instant is handed on as a date).
//!
//! Invariants:
//! - what is decoded is well formed: codes, periods, decimals and enums are within the bounds that the contract states;
//! - what cannot be decoded names its field by the path that the sender wrote, with the value, the problem and the
//!   remedy;
//! - `command::decode` after `command::encode` gives the same instruction;
//! - every match over a domain enum or a generated one is exhaustive, so that a new word does not compile until it is
//!   spoken here.
//!
//! The messages are defined in `proto/scorebook/v1`; `cargo xtask codegen` writes `src/gen` from there.
//!
//! Read in this order: [`violation`], [`value`], [`bounds`], [`command`], [`submit`], [`query`], [`page`], [`event`],
//! [`answer`], [`view`], [`feed`], [`json`], [`cloud_event`].

pub mod codec;
pub mod limits;
pub mod violation;

pub mod value;

pub mod bounds;

pub mod command;
pub mod review;
pub mod submit;

pub mod page;
pub mod query;

pub mod answer;
pub mod event;

pub mod feed;
pub mod grid;

pub mod results;

pub mod evidence;
pub mod publishing;
pub mod view;
pub mod what_if;

pub mod json;

pub mod cloud_event;

pub use violation::FieldViolation;

/// The generated messages, the client and the server of `scorebook.v1`. Their documentation is the contract's own.
#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::restriction,
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    reason = "generated code follows its generator's style; modules for oneofs have no comment to take"
)]
pub mod v1 {
    include!("gen/scorebook.v1.rs");
}

/// The encoded `google.protobuf.FileDescriptorSet` of the contract and what it imports, for server reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!("gen/scorebook.v1.bin");

#[cfg(any(test, fuzzing))]
pub mod fuzzing;

#[cfg(test)]
mod tests;
