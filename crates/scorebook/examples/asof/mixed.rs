//! Whether questions and recording hold one another up: Q1 while results are recorded as fast as one client can, and one
//! result at a time while another client asks for whole counties, each beside the same by itself. The server is another
//! process; each client here is a thread with a connection and a runtime of its own.
//!
//! It adds to the log: it is given one of its own.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use domain::{Cell, CohortId, Decimal, Instruction, Period, Series};
use reporting::grid::Question;
use serde_json::{Value, json};
use wire::v1::{GetStatusRequest, ListMeasuresRequest};

use crate::figures::{Figures, Latencies};
use crate::held::runtime;
use crate::live::{stated, submit};
use crate::questions::{self, Card, Questions};
use crate::served::{Client, Server, grid};

/// How long each of them goes on.
const GOING_ON: Duration = Duration::from_secs(5);
/// How many results a submission of the many has.
const N_RESULTS: usize = 1_000;
const N_MONTHS: usize = 120;

pub(crate) fn measure(data: &Path, questions: &Questions, figures: &mut Figures) {
    let server = Server::start(data);
    let county = county(&server, questions);
    let mut put = |metric: &str, latencies: &Latencies, beside: Option<(&str, f64)>| {
        let mut what = latencies.json();
        if let (Some((name, number)), Value::Object(all)) = (beside, &mut what) {
            all.insert(name.to_owned(), json!(number));
        }
        figures.put(metric, what);
    };
    let asking = || ask(&server, &questions.cards.questions);
    put("mixed_q1_quiet", &asking(), None);
    let n_recorded = AtomicUsize::new(0);
    let latencies = beside(|going_on| record_much(&server, &county, going_on, &n_recorded), asking);
    put("mixed_q1_recording", &latencies, Some(("results_per_s", per_second(&n_recorded))));
    // Submissions are numbered apart from those of everybody else, live ones included.
    let recording = |first| record_one_by_one(&server, &county, first);
    put("mixed_record_quiet", &recording(1_000_000), None);
    let n_cells = AtomicUsize::new(0);
    let latencies = beside(|going_on| ask_for_all(&server, &county, going_on, &n_cells), || recording(2_000_000));
    put("mixed_record_asking", &latencies, Some(("cells_per_s", per_second(&n_cells))));
    figures.put("mixed_on", json!({"processors": available_parallelism().map_or(0, std::num::NonZero::get)}));
}

fn per_second(n: &AtomicUsize) -> f64 {
    n.load(Ordering::Relaxed) as f64 / GOING_ON.as_secs_f64()
}

/// Measures while something else goes on.
fn beside(load: impl FnOnce(&AtomicBool) + Send, measured: impl FnOnce() -> Latencies) -> Latencies {
    let going_on = AtomicBool::new(true);
    std::thread::scope(|scope| {
        scope.spawn(|| load(&going_on));
        let latencies = measured();
        going_on.store(false, Ordering::Relaxed);
        latencies
    })
}

/// All measures in all areas, of ten years, as known at the end of the workload.
fn county(server: &Server, questions: &Questions) -> Card {
    let known_at = questions::instant(&questions.everything.known_at);
    let areas = questions.full_cards.questions.first().expect("a question").question.areas.clone();
    let runtime = runtime();
    let listed = runtime.block_on(async {
        let request = ListMeasuresRequest { page_size: 1_000, ..ListMeasuresRequest::default() };
        server.client().await.list_measures(request).await.expect("an answer").into_inner()
    });
    let listed = listed.directory.expect("a directory").measures;
    let definitions = listed.into_iter().filter_map(|entry| entry.definition);
    let measures = definitions.map(|definition| questions::measure(&definition.measure)).collect();
    let last = Period::month(2025, 3).expect("a month");
    let mut periods: Vec<Period> =
        std::iter::successors(Some(last), |period| period.previous()).take(N_MONTHS).collect();
    periods.reverse();
    let question = Question { measures, areas, cohort: CohortId::all(), periods };
    Card { question, known_at, known_later: known_at }
}

fn ask(server: &Server, cards: &[Card]) -> Latencies {
    let (runtime, mut latencies) = (runtime(), Latencies::default());
    let mut client = runtime.block_on(server.client());
    let begin = Instant::now();
    for card in cards.iter().cycle().take_while(|_| begin.elapsed() < GOING_ON) {
        let cells = latencies.time(|| runtime.block_on(grid(&mut client, card, card.known_at)));
        assert_eq!(cells.len(), card.n_cells(), "every cell is in the answer");
    }
    latencies
}

fn ask_for_all(server: &Server, county: &Card, going_on: &AtomicBool, n_cells: &AtomicUsize) {
    let runtime = runtime();
    let mut client = runtime.block_on(server.client());
    while going_on.load(Ordering::Relaxed) {
        let cells = runtime.block_on(grid(&mut client, county, county.known_at));
        n_cells.fetch_add(cells.len(), Ordering::Relaxed);
    }
}

fn record_much(server: &Server, county: &Card, going_on: &AtomicBool, n_recorded: &AtomicUsize) {
    let runtime = runtime();
    let mut client = runtime.block_on(server.client());
    let mut results = results(county);
    for number in (3_000_000..).take_while(|_| going_on.load(Ordering::Relaxed)) {
        let instructions: Vec<Instruction> = results.by_ref().take(N_RESULTS).collect();
        runtime.block_on(submit(&mut client, number, instructions));
        n_recorded.fetch_add(N_RESULTS, Ordering::Relaxed);
    }
}

fn record_one_by_one(server: &Server, county: &Card, first: usize) -> Latencies {
    let (runtime, mut latencies) = (runtime(), Latencies::default());
    let mut client: Client = runtime.block_on(server.client());
    let status = runtime.block_on(client.get_status(GetStatusRequest::default())).expect("a status").into_inner();
    let begin = Instant::now();
    for (number, result) in (first..).zip(results(county)).take_while(|_| begin.elapsed() < GOING_ON) {
        latencies.time(|| runtime.block_on(submit(&mut client, number, vec![result])));
    }
    let after = runtime.block_on(client.get_status(GetStatusRequest::default())).expect("a status").into_inner();
    assert!(after.n_submissions > status.n_submissions, "something was recorded");
    latencies
}

/// A result for one cell of the county after another, each another than before.
fn results(county: &Card) -> impl Iterator<Item = Instruction> {
    let cells: Vec<Cell> = county
        .keys()
        .map(|(measure, area, period)| {
            let series = Series { measure: measure.clone(), area: area.clone(), cohort: CohortId::all() };
            Cell { series, period }
        })
        .collect();
    let begin = Instant::now();
    (0..).map(move |number: usize| {
        // Microseconds since this began: no cell has had this value.
        let micros = i64::try_from(begin.elapsed().as_micros()).expect("a short run");
        stated(&cells[number % cells.len()], Decimal::new(micros, 6).expect("a value"))
    })
}
