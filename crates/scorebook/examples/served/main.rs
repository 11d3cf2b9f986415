//! The real server, measured from outside, through gRPC on this machine.
//!
//! ```text
//! served writers SCOREBOOK FOLDER   many clients of one event each against one: what they share is the disk's sync
//! served feed SCOREBOOK FOLDER      how soon a follower has what was put in, and how much it takes
//! served cluster SCOREBOOK FOLDER   the same through three NATS servers and a node of each role
//! ```
//!
//! Begins a log in the folder, serves it on a port of its own, and prints rows: title, peer, unit, goal, our rounds and the
//! peer's, parted by tabs. `cargo xtask bench` runs it. Clients are tasks of one thread, each with a connection of its own,
//! in a process beside the server's.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a benchmark prints, reads the clock, and stops at the first surprise"
)]

mod cluster;
mod feed;
mod figures;
mod server;
mod writers;

use std::path::PathBuf;

use tokio::runtime::Builder;

use crate::server::Server;

/// How many rounds are kept; one before them is not, because it fills the caches.
const N_ROUNDS: i64 = 7;

fn main() {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [what, scorebook, folder] = arguments.as_slice() else {
        panic!("say `served writers|feed|cluster SCOREBOOK FOLDER`")
    };
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    match what.to_str() {
        Some("writers") => writers::rows(&runtime, &Server::start(scorebook, folder)),
        Some("feed") => feed::rows(&runtime, &Server::start(scorebook, folder)),
        Some("cluster") => cluster::rows(&runtime, scorebook, folder),
        _ => panic!("there is no {}", what.display()),
    }
}

/// Prints a row.
fn row(title: &str, peer_name: &str, unit: &str, goal: f64, (ours, peer): (&[f64], &[f64])) {
    let joined = |figures: &[f64]| figures.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
    println!("{title}\t{peer_name}\t{unit}\t{goal}\t{}\t{}", joined(ours), joined(peer));
}
