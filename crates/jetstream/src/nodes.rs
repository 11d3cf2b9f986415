//! The nodes of a cluster, each saying of itself how far it is, and each comparing that with its own log.
//!
//! ```text
//! scorebook.<authority>.nodes.<node>   a statement (JSON, at most 16 KiB), kept by nobody:
//!                                      every 2 s; within 200 ms once the head moves, or a node that has just begun asks
//! ```
//!
//! Nobody is in charge: every node has a table of all others, and compares every place that another states with its own
//! chain there, now or once its own log has got there. The first disagreement is kept until the node is started again; who
//! holds the shared log waits on it ([`Nodes::disagreement`]) and halts it ([`Disagreement::halt`]).
//!
//! Bounds: 256 other nodes, two places each that wait to be compared, 16 KiB a statement; what is beyond is counted and
//! said. Whoever may publish on these subjects can stop the writes of all nodes, by disagreeing: only the nodes' own
//! credentials should.
//!
//! Read in this order: [`Statement`], [`comparison`](Disagreement), [`Table`], `view`, [`Service`].

mod comparison;
mod service;
mod statement;
mod table;
mod view;

pub use comparison::{Difference, Disagreement, Point};
pub use service::{Beside, Error, Nodes, Options, Service};
pub use statement::{Statement, Unreadable};
pub use table::{FORGOTTEN, LIVE, NODES_MAX, Now, Table};
pub use view::Formats;
