//! Tests of the words and the rules; each module is about one of them.

#![expect(
    clippy::wildcard_enum_match_arm,
    clippy::arithmetic_side_effects,
    reason = "a test names the one variant that it expects, and an overflow fails the test that has it"
)]

mod decisions;
mod foldings;
mod formats;
mod given;
mod histories;
mod ids;
mod instants;
mod limits;
mod numbers;
mod numbers_compared;
mod period_keys;
mod periods;
mod rig;
mod snapshots;
mod spans;
mod targets;
mod texts;
mod views;
