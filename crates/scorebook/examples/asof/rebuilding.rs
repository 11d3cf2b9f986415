//! Q5: the log folded again, and every cell rated as it is known at the end.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Instant;

use domain::{AsOf, CohortId, Period};
use reporting::grid::Question;
use serde_json::json;

use crate::answers::Answers;
use crate::by_grid::ByGrid;
use crate::figures::{Figures, memory};
use crate::held::Held;
use crate::pages::journal;
use crate::questions::{Card, Everything, Questions, instant};
use crate::text;

const N_ROUNDS: usize = 3;

pub(crate) fn rebuild(data: &Path, questions: &Questions, figures: &mut Figures) {
    let (mut whole, mut folded) = (Vec::new(), Vec::new());
    let mut n_events = 0;
    for round in 0..N_ROUNDS {
        forget_saved_books(data);
        let journal = journal(data);
        let begin = Instant::now();
        let held = Held::start(journal);
        folded.push(begin.elapsed().as_secs_f64());
        let answers = ByGrid::new(held.engine.clone());
        let cards = cards(&held, &questions.everything);
        let rated = rate(&answers, &cards);
        whole.push(begin.elapsed().as_secs_f64());
        n_events = held.engine.head().position.get();
        if round == 0 && figures.county() {
            check::<ByGrid>(&cards, &rated, &questions.everything);
        }
        drop(answers);
        held.close();
    }
    figures.put("q5_rebuild", json!({"s": whole, "fold_s": folded, "events": n_events, "ok": figures.county()}));
    figures.put("memory_q5", memory());
}

/// Every card, on two threads: the engine answers as many readers at once as ask.
fn rate(answers: &ByGrid, cards: &[Card]) -> Vec<<ByGrid as Answers>::Scorecard> {
    let (first, second) = cards.split_at(cards.len() / 2);
    let all = |cards: &[Card]| -> Vec<_> { cards.iter().map(|card| answers.scorecard(card)).collect() };
    thread::scope(|scope| {
        let second = scope.spawn(|| all(second));
        let mut rated = all(first);
        rated.extend(second.join().expect("they are rated"));
        rated
    })
}

/// So that it is the log that is folded.
fn forget_saved_books(data: &Path) {
    for entry in fs::read_dir(data.join("journal")).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("book.")) {
            fs::remove_file(path).expect("a file");
        }
    }
}

/// A question for each measure: all areas, and ten years of months.
fn cards(held: &Held, everything: &Everything) -> Vec<Card> {
    let as_of = AsOf::position(held.engine.head().position);
    let mut areas: Vec<_> = held.engine.areas(as_of).0.into_iter().map(|area| area.area).collect();
    areas.sort_unstable();
    let mut measures: Vec<_> =
        held.engine.measures(as_of).measures.into_iter().map(|entry| entry.definition.measure).collect();
    measures.sort_unstable();
    let first = Period::month(2015, 4).expect("a month");
    let last = Period::month(2025, 3).expect("a month");
    let mut periods: Vec<_> =
        std::iter::successors(Some(last), |period| period.previous()).take_while(|period| *period >= first).collect();
    periods.reverse();
    let known_at = instant(&everything.known_at);
    let card = |measure| Card {
        question: Question {
            measures: vec![measure],
            areas: areas.clone(),
            cohort: CohortId::all(),
            periods: periods.clone(),
        },
        known_at,
        known_later: known_at,
    };
    measures.into_iter().map(card).collect()
}

fn check<A: Answers>(cards: &[Card], rated: &[A::Scorecard], everything: &Everything) {
    assert_eq!(cards.iter().map(Card::n_cells).sum::<usize>(), everything.cells, "every cell is rated");
    let texts = cards.iter().zip(rated).map(|(card, rated)| text::everything(card, &A::cells(rated)));
    let found = engine::sha256(texts.collect::<String>().as_bytes()).to_string();
    assert_eq!(found, everything.sha256, "every cell is rated as expected");
}
