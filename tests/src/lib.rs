//! End-to-end tests of the real binary: the program as a person or another program meets it.
//!
//! It is not where a rule is tested: those have their tests beside them. Nothing here looks inside a crate; everything is
//! said on the command line, over gRPC or over HTTP, in a temporary folder with its own home, on port 0.
//!
//! Invariants:
//! - a test waits for a line, a position or the end of a process, each with a bound, and never for time;
//! - a process that a test starts has ended when the test ends;
//! - the program is run with an empty environment, so that nobody's settings or data are touched.
//!
//! The binary is the one beside this test's own: build it first, with `cargo build -p scorebook`. The independent gRPC
//! client needs `cargo xtask tools`.
//!
//! One part is about the journal and not the binary: [`power`] cuts the power of a program that appends, by a disk that
//! forgets what was not synced.
//!
//! Read in this order: `program`, `folder`, `server`, `client`, then the tests; `preload` and [`power`] by themselves.

mod preload;

pub mod power;

#[cfg(test)]
mod program;

#[cfg(test)]
mod folder;

#[cfg(test)]
mod server;

#[cfg(test)]
mod client;

#[cfg(test)]
mod demo;

#[cfg(test)]
mod importing;

#[cfg(test)]
mod refusals;

#[cfg(test)]
mod tidy;

#[cfg(test)]
mod time_travel;

#[cfg(test)]
mod results;

#[cfg(test)]
mod targets;

#[cfg(test)]
mod measures;

#[cfg(test)]
mod evidence;

#[cfg(test)]
mod what_if;

#[cfg(test)]
mod releases;
#[cfg(test)]
mod submissions;

#[cfg(test)]
mod serving;

#[cfg(test)]
mod neighbours;

#[cfg(test)]
mod nodes;

#[cfg(test)]
mod crashes;

#[cfg(test)]
mod clock;

#[cfg(test)]
mod verifying;

#[cfg(test)]
mod damage;

#[cfg(test)]
mod saved_books;

#[cfg(test)]
mod disk;

#[cfg(test)]
mod small_disk;

#[cfg(test)]
mod full_disk;

#[cfg(test)]
mod exporting;

#[cfg(test)]
mod backups;

#[cfg(test)]
mod beside;

#[cfg(test)]
mod following;

#[cfg(test)]
mod http;

#[cfg(test)]
mod following_http;

#[cfg(test)]
mod operating;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod views;

#[cfg(test)]
mod workbooks;

#[cfg(test)]
mod deploying;

#[cfg(test)]
mod comparing;

#[cfg(test)]
mod concurrency;

#[cfg(test)]
mod cluster;

#[cfg(test)]
mod golden;
#[cfg(test)]
mod grpc;

#[cfg(test)]
mod command_line;

#[cfg(test)]
mod terminal;

#[cfg(test)]
mod documents;
