//! What of an answer through gRPC is what, without a network: the answer in process, its message, the message's bytes, and
//! the message again. Under callgrind, with one question set at a time, it counts instructions where the clock is not to be
//! trusted.

use std::hint::black_box;

use domain::{AsOf, Position};
use engine::Engine;
use reporting::target_history;
use reporting::target_history::Extent;
use serde_json::json;
use wire::bounds::Place;
use wire::{answer, grid, v1};

use crate::figures::{Figures, Latencies};
use crate::questions::{Audit, Card, Questions};
use crate::served::Cells;

/// How often each question is asked.
const N_TIMES: usize = 20;

#[derive(Default)]
struct Steps {
    answer: Latencies,
    message: Latencies,
    bytes: Latencies,
    decoded: Latencies,
    n_bytes: usize,
    n_asked: usize,
}

pub(crate) fn measure(engine: &Engine, questions: &Questions, figures: &mut Figures) {
    let head = engine.head().position;
    let place = Place { log: engine.opened().log, chain: engine.head().chain };
    for (name, cards) in [("q1", &questions.cards), ("q2", &questions.full_cards)] {
        let mut steps = Steps::default();
        for card in (0..N_TIMES).flat_map(|_| &cards.questions) {
            steps.card(engine, card, head, place);
        }
        steps.put(name, figures);
    }
    let mut steps = Steps::default();
    for audit in (0..N_TIMES).flat_map(|_| &questions.audits.questions) {
        steps.audit(engine, audit, head, place);
    }
    steps.put("q3", figures);
}

impl Steps {
    fn card(&mut self, engine: &Engine, card: &Card, head: Position, place: Place) {
        let as_of = AsOf { known_at: Some(card.known_at), position: head };
        let answer = self.answer.time(|| engine.grid(&card.question, as_of).expect("an answer"));
        let message = self.message.time(|| {
            let grid = Some(grid::encode(&answer, &card.question, place));
            // What the server drops before it goes on.
            drop(answer);
            v1::GetGridResponse { grid }
        });
        self.there_and_back(message, |message| Cells::read(message.grid.expect("a grid")));
    }

    fn audit(&mut self, engine: &Engine, audit: &Audit, head: Position, place: Place) {
        let Audit { measure, area } = audit;
        let question =
            target_history::Question { measure: measure.clone(), area: Some(area.clone()), cohort: None, period: None };
        let as_of = AsOf::position(head);
        let answer =
            self.answer.time(|| engine.target_history(&question, Extent::default(), as_of).expect("an answer"));
        let message = self.message.time(|| {
            let history = Some(answer::encode_target_history(answer, place));
            v1::GetTargetHistoryResponse { history, next_page_token: String::new() }
        });
        self.there_and_back(message, |message| message);
    }

    fn there_and_back<M: prost::Message + Default, T>(&mut self, message: M, read: impl Fn(M) -> T) {
        let bytes = self.bytes.time(|| {
            let bytes = message.encode_to_vec();
            drop(message);
            bytes
        });
        self.n_bytes += bytes.len();
        self.n_asked += 1;
        self.decoded.time(|| drop(black_box(read(M::decode(bytes.as_slice()).expect("a message")))));
    }

    fn put(self, name: &str, figures: &mut Figures) {
        let Self { answer, message, bytes, decoded, n_bytes, n_asked } = self;
        for (step, latencies) in [("answer", answer), ("message", message), ("bytes", bytes), ("decoded", decoded)] {
            figures.put(&format!("steps_{name}_{step}"), latencies.json());
        }
        figures.put(&format!("steps_{name}"), json!({"bytes_each": n_bytes / n_asked.max(1)}));
    }
}
