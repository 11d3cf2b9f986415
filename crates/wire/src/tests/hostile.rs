//! Bytes from anybody: every request is read or refused, and every answer that names places, and nothing panics, hangs or
//! asks for more than its bounds.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use prost::Message;

use super::given;
use crate::answer::targets;
use crate::{command, publishing, query, submit, v1};

/// Numbers that look random, the same ones each time (xorshift64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0.checked_rem(u64::try_from(n).unwrap()).unwrap_or(0)).unwrap()
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}

fn n_rounds() -> usize {
    if std::env::var_os("SCOREBOOK_SLOW_TESTS").is_some() { 2_000_000 } else { 20_000 }
}

/// Reads bytes as every request there is, as every part of one, and as an answer that names places; says how many were read
/// as a message.
fn read_as_everything(bytes: &[u8]) -> usize {
    let mut n_messages = 0;
    macro_rules! read {
        ($($message:ty => $decode:expr),* $(,)?) => {$(
            if let Ok(message) = <$message>::decode(bytes) {
                n_messages = 1_usize.saturating_add(n_messages);
                let decode = $decode;
                let _read_or_refused = decode(message);
            }
        )*};
    }
    read! {
        v1::SubmitRequest => |it: v1::SubmitRequest| { submit::content(&it); submit::decode(it) },
        v1::SubmitStreamRequest => |it: v1::SubmitStreamRequest| {
            let mut assembly = submit::Assembly::begin(it.clone(), 1_000)?;
            assembly.add(it)?;
            submit::decode(assembly.finish())
        },
        v1::Instruction => command::decode,
        v1::GetScorecardRequest => query::scorecard,
        v1::CompareScorecardsRequest => query::comparison,
        v1::GetMeasureHistoryRequest => query::measure_history,
        v1::GetTargetHistoryRequest => query::target_history,
        v1::ListMeasuresRequest => query::measures,
        v1::ListScorecardsRequest => query::scorecards,
        v1::ListAreasRequest => query::areas,
        v1::ListSubmissionsRequest => query::submissions,
        v1::PublishViewRequest => |it: v1::PublishViewRequest| { publishing::content(&it); publishing::decode(it) },
        v1::ListViewsRequest => publishing::decode_listing,
        v1::GetViewRequest => |it: v1::GetViewRequest| publishing::decode_one(&it),
        v1::ExplainRatingRequest => query::explanation,
        v1::ReadLogRequest => query::log,
        v1::GetStatusRequest => query::status,
        v1::GetClusterRequest => query::cluster,
        v1::TargetHistory => targets::filled_in,
    }
    n_messages
}

#[test]
fn random_bytes_are_read_or_refused_as_every_request() {
    let mut dice = Dice(0x05c0_7eb0);
    let mut n_messages = 0;
    for _ in 0..n_rounds() {
        let length = dice.below(64);
        let bytes: Vec<u8> = (0..length).map(|_| dice.byte()).collect();
        n_messages += read_as_everything(&bytes);
    }
    assert!(n_messages > 0, "some random bytes are messages, or nothing was tried");
}

#[test]
fn right_requests_with_some_bytes_wrong_are_read_or_refused() {
    let seeds: Vec<Vec<u8>> = seeds();
    let mut dice = Dice(0x5eed);
    let mut n_messages = 0;
    for round in 0..n_rounds() {
        let mut bytes = seeds[round % seeds.len()].clone();
        for _ in 0..=dice.below(4) {
            let at = dice.below(bytes.len());
            match dice.below(5) {
                0 if !bytes.is_empty() => bytes[at] = dice.byte(),
                1 if !bytes.is_empty() => bytes[at] ^= 1 << dice.below(8),
                2 => bytes.insert(at, dice.byte()),
                3 => bytes.truncate(at),
                _ => {
                    let other = &seeds[dice.below(seeds.len())];
                    let from = dice.below(other.len());
                    bytes.splice(at.., other[from..].iter().copied());
                }
            }
        }
        n_messages += read_as_everything(&bytes);
    }
    assert!(n_messages > n_rounds() / 10, "most requests with a wrong byte are messages still: {n_messages}");
}

/// Requests that are read, and an answer.
fn seeds() -> Vec<Vec<u8>> {
    let mut runner = TestRunner::deterministic();
    let any = given::any_instruction();
    let instructions = (0..100).map(|_| command::encode(&any.new_tree(&mut runner).unwrap().current()));
    let mut seeds: Vec<Vec<u8>> = Vec::new();
    for instruction in instructions {
        seeds.push(instruction.encode_to_vec());
        let request = v1::SubmitRequest {
            actor: "jo".to_owned(),
            known_on: "2018-11-29".to_owned(),
            reason: "the committee's papers".to_owned(),
            instructions: vec![instruction],
            ..v1::SubmitRequest::default()
        };
        assert!(submit::decode(request.clone()).is_ok(), "{request:?}");
        seeds.push(request.encode_to_vec());
    }
    let card = v1::GetScorecardRequest {
        scorecard: "cype".to_owned(),
        period: "2018-09".to_owned(),
        area: "E10000016".to_owned(),
        ..v1::GetScorecardRequest::default()
    };
    seeds.push(card.encode_to_vec());
    let change = v1::TargetChangeAnswer { key_place: 1, submission_place: 1, standing: true, ..Default::default() };
    let history = v1::TargetHistory {
        changes: vec![change; 3],
        keys: vec![v1::TargetSetFor::default()],
        submissions: vec![v1::TargetSubmission::default()],
        ..v1::TargetHistory::default()
    };
    assert!(targets::filled_in(history.clone()).is_ok());
    seeds.push(history.encode_to_vec());
    seeds
}
