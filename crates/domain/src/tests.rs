//! Tests of the words and the rules; each module is about one of them.

mod decisions;
mod histories;
mod limits;
mod numbers;
mod numbers_compared;
mod periods;
mod rig;
mod spans;
mod targets;
mod texts;
