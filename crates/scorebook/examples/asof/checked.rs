//! Questions whose answers are first compared with the expected ones, then timed.

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::answers::Answers;
use crate::figures::{Figures, Latencies};
use crate::questions::{Questions, Set};
use crate::text;

/// For how long each set is asked again and again, and how often at the most and at the least.
const ASKING: Duration = Duration::from_secs(2);
const N_TIMES_MAX: usize = 50;

/// Compares every answer's text with the expected one.
pub(crate) fn check<A: Answers>(answers: &A, questions: &Questions, figures: &mut Figures) {
    let cards = |set: &Set<_>| {
        compare::<A, _>("scorecard", set, |question| text::scorecard(question, &A::cells(&answers.scorecard(question))))
    };
    let q1 = cards(&questions.cards);
    let q2 = cards(&questions.full_cards);
    // Where the events are others too, their identifiers are.
    let q3 = if figures.county() {
        compare::<A, _>("targets", &questions.audits, |audit| text::targets(&A::changes(&answers.targets(audit))))
    } else {
        json!("not comparable")
    };
    let q4 = compare::<A, _>("differences", &questions.differences, |question| {
        text::differences(question, &A::changed(&answers.differences(question)))
    });
    figures.put("verify", json!({"q1": q1, "q2": q2, "q3": q3, "q4": q4}));
}

/// How many answers are as expected; the first that is not ends the run.
fn compare<A: Answers, Q>(what: &str, set: &Set<Q>, answer: impl Fn(&Q) -> String) -> Value {
    let asked = set.questions.iter().zip(&set.expected).enumerate().step_by(A::EVERY);
    let mut n_right = 0;
    for (number, (question, expected)) in asked {
        let text = answer(question);
        let found = engine::sha256(text.as_bytes()).to_string();
        let begin: String = text.lines().take(4).collect::<Vec<_>>().join("\n");
        assert_eq!(found, *expected, "{what} {number} is not as expected; it begins\n{begin}");
        n_right += 1;
    }
    json!(n_right)
}

/// Times every set of questions; a word after the metric's name says how they were asked.
pub(crate) fn time<A: Answers>(answers: &A, questions: &Questions, how: &str, figures: &mut Figures) {
    let put = |figures: &mut Figures, name: &str, latencies: &Latencies| {
        figures.put(&format!("{name}{how}"), latencies.json());
    };
    let cards = |set: &Set<_>| again::<A, _>(set, |question| drop(black_box(answers.scorecard(question))));
    put(figures, "q1", &cards(&questions.cards));
    put(figures, "q2", &cards(&questions.full_cards));
    let q3 = again::<A, _>(&questions.audits, |question| drop(black_box(answers.targets(question))));
    put(figures, "q3", &q3);
    let q4 = again::<A, _>(&questions.differences, |question| drop(black_box(answers.differences(question))));
    put(figures, "q4", &q4);
}

fn again<A: Answers, Q>(set: &Set<Q>, ask: impl Fn(&Q)) -> Latencies {
    let mut latencies = Latencies::default();
    let begin = Instant::now();
    for _ in 0..N_TIMES_MAX {
        for question in set.questions.iter().step_by(A::EVERY) {
            latencies.time(|| ask(question));
        }
        if begin.elapsed() > ASKING {
            break;
        }
    }
    latencies
}
