//! Behaviour of the read models, each module about one part of an answer.

#![expect(clippy::arithmetic_side_effects, reason = "an overflow fails the test that has it")]

mod apart;
mod benchmarks;
mod causes;
mod cohorts;
mod comparisons;
mod directions;
mod evidences;
mod grids;
mod histories;
mod neighbours;
mod publications;
mod published;
mod releases;
mod rig;
mod rows;
mod targets;
mod time_travel;
mod views;
mod what_ifs;
