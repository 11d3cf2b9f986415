//! The engine over a log in memory and over the journal: what is answered is durable, and nothing is seen before.

mod ahead;
mod damage;
mod faults;
mod feed;
mod flows;
mod formats;
mod publishing;
mod releases;
mod rig;
mod shared;
