//! HTTP: the feed as server-sent events, each a `CloudEvent`; and, on an address of its own, how the server is.
//!
//! It translates and decides nothing, as `grpc` does, and knows nothing of gRPC. It holds no state but the engine's handle
//! and the places for followers, which it shares with whoever else serves the feed.
//!
//! Invariants:
//! - a request is read whole before anything is asked of the engine; what is refused says what to do (RFC 9457);
//! - connections, the bytes of a request's head, the time until it has come, and what waits for a slow reader are bounded;
//! - a request that names another host than this machine is refused: a page of somebody else's cannot ask in its visitor's
//!   name by pointing its own name here; what operates the server may come from anywhere, and is told nothing of the log's
//!   content.
//!
//! Read in this order: [`serve`], [`Site`], `question`, `event`, `problem`, [`operating`].

mod event;
pub mod operating;
mod problem;
mod question;
mod server;
mod site;

pub use server::serve;
pub use site::Site;

#[cfg(test)]
mod tests;
