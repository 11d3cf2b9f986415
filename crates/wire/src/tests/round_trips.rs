//! What is encoded and decoded is what it was, through the bytes that travel.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use prost::Message as _;

use super::given;
use crate::{command, v1, value};

proptest! {
    #[test]
    fn an_instruction_comes_back_as_it_went(instruction in given::any_instruction()) {
        let bytes = command::encode(&instruction).encode_to_vec();
        let asked = command::decode(v1::Instruction::decode(bytes.as_slice()).unwrap()).unwrap();
        prop_assert_eq!(asked.instruction, instruction);
        prop_assert_eq!(asked.known_on, None);
    }

    #[test]
    fn an_instant_comes_back_as_it_went(at in given::any_timestamp()) {
        prop_assert_eq!(value::decode_timestamp(value::encode_timestamp(at)), Ok(at));
    }

    #[test]
    fn an_instant_is_never_read_as_later_than_it_was_given(seconds in -62_135_596_800_i64..=253_402_207_199, nanos in 0_i32..1_000_000_000) {
        let at = value::decode_timestamp(prost_types::Timestamp { seconds, nanos }).unwrap();
        let kept = value::encode_timestamp(at);
        prop_assert_eq!(kept.seconds, seconds);
        prop_assert_eq!(kept.nanos, nanos.div_euclid(1_000).saturating_mul(1_000));
    }
}

/// The generator of the property above would be worth little if it left a command out.
#[test]
fn every_command_is_among_those_that_are_tried() {
    let mut runner = TestRunner::deterministic();
    let tried: BTreeSet<String> = (0..2_000)
        .map(|_| given::any_instruction().new_tree(&mut runner).unwrap().current())
        .map(|instruction| {
            let text = format!("{:?}", instruction.command);
            text.split(['(', ' ']).next().unwrap().to_owned()
        })
        .collect();
    assert_eq!(tried.len(), 22, "{tried:?}");
}
