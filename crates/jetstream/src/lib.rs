//! The log shared over NATS JetStream, and the public feed there. Nobody else names async-nats.
//!
//! JetStream orders, the journal remembers: a stream says which commit is next, and every node keeps all of them in a
//! journal of its own. It is never the only copy of anything.
//!
//! Read in this order: [`connection`], [`names`], `frame`, `stream`, [`shared`], `aligning`, [`following`], `lease`,
//! [`reseeding`], [`nodes`], [`announce`].

pub mod connection;
pub mod names;

mod frame;
mod stream;

mod aligning;
pub mod following;
mod lease;
pub mod shared;

pub mod reseeding;

pub mod nodes;

pub mod announce;

pub use connection::{Connection, Credentials, Options, Tls};
pub use names::Names;
pub use shared::{Parts, Shared};
pub use stream::Error;

#[cfg(test)]
mod tests;
