//! The log shared over NATS JetStream, and the public feed there. Nobody else names async-nats.
//!
//! JetStream orders, the journal remembers: a stream says which commit is next, and every node keeps all of them in a
//! journal of its own. It is never the only copy of anything.
//!
//! Read in this order: [`connection`], [`names`], [`announce`].

pub mod connection;
pub mod names;

pub mod announce;

pub use connection::{Connection, Credentials, Options, Tls};
pub use names::Names;

#[cfg(test)]
mod tests;
