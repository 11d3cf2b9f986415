//! A world from one seed, the definition of every answer as dumb as it can be written, and what every log must do.
//!
//! It is for tests alone: nothing that is shipped depends on it, and a broken assumption in it is a panic that names
//! what broke. It knows no clock and no random numbers but those of a seed: the same seed gives the same world.
//!
//! Invariants:
//! - [`naive`] shares no code with the fold that it judges, and has no index;
//! - [`world`] records only what `Book::decide` accepted;
//! - [`nats`] and [`certificates`] alone run anything outside of the process: real servers on loopback, and `openssl`, in
//!   folders of their own;
//! - [`memory`] refuses what the journal refuses, and has the same chain when the salts are the same.
//!
//! Read in this order: [`naive`], [`world`], [`memory`], [`faults`], [`conformance`], [`simulation`], [`nats`],
//! [`relay`], [`certificates`].

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::wildcard_enum_match_arm,
    reason = "it runs in tests alone, where a panic is the finding"
)]

pub mod rng;

pub mod naive;
pub mod world;

pub mod faults;
pub mod memory;

pub mod conformance;

pub mod simulation;

pub mod certificates;
pub mod nats;
pub mod relay;

#[cfg(test)]
mod tests;
