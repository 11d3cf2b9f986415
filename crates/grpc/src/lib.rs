//! The gRPC server of `scorebook.v1`: it translates and decides nothing.
//!
//! It is not the contract (see `wire`), and keeps no state but the engine's handle. The same [`Service`] answers over the
//! network ([`serve`]) and in one process (the command line on a data folder), so that both say the same.
//!
//! Invariants:
//! - a request is decoded whole before anything is asked of the engine; what cannot be read names its field;
//! - every question waits for `at_least_position`, at most 5 s, before it is answered;
//! - what is our own fault is logged here and only named to the caller.
//!
//! Read in this order: [`serve`], [`Service`], `ask`, `cluster`, `submit`, `follow`, `status`.

mod ask;
mod audit;
mod cluster;
mod follow;
mod publishing;
mod results;
mod server;
mod service;
mod status;
mod submit;

pub use server::{Error, serve};
pub use service::Service;
