//! From the acknowledgement of one result to a follower that has the new rating of its cell. The server is another process;
//! the one who records and the one who follows are threads of this one, each with a connection, and share its clock.
//!
//! It adds to the log: it is given one of its own.

use std::path::Path;
use std::time::{Duration, Instant};

use domain::event::ResultRecorded;
use domain::result::{ResultEntry, Why};
use domain::{Cell, CohortId, Command, Decimal, Figure, Instruction, Period, Series, Status};
use tokio::sync::oneshot;
use tonic::Streaming;
use wire::v1::follow_response::Item;
use wire::v1::{FollowRequest, FollowResponse, GetStatusRequest, ListMeasuresRequest, Polarity, SubmitRequest};

use crate::figures::{Figures, Latencies};
use crate::held::runtime;
use crate::questions;
use crate::served::{Client, Server, connect};

/// Cells of which each is recorded in turn, and how often all of them are.
const N_CELLS: usize = 100;
const N_TIMES: usize = 5;
/// Longer than any of this takes.
const TOO_LONG: Duration = Duration::from_secs(10);

pub(crate) fn measure(data: &Path, figures: &mut Figures) {
    let server = Server::start(data);
    let runtime = runtime();
    let (answering, from_ack, from_send) = runtime.block_on(async {
        let mut client = server.client().await;
        let watcher = server.url().to_owned();
        let cells = cells(&mut client).await;
        let first = numbers(&mut client).await;
        // Whatever they are rated now, they are Red from here on, and change with each round.
        submit(&mut client, first, cells.iter().map(|cell| result(cell, false)).collect()).await;
        let position = client.get_status(GetStatusRequest::default()).await.expect("a status").into_inner().position;
        let (caught_up, ready) = oneshot::channel();
        // On a thread of its own, as the peer's: what the one does to its answer is not waited for by the other.
        let following =
            std::thread::spawn(move || crate::held::runtime().block_on(follow(watcher, position, caught_up)));
        ready.await.expect("nothing came meanwhile");
        let (mut sent, mut answered) = (Vec::new(), Vec::new());
        for time in 0..N_TIMES {
            for (number, cell) in cells.iter().enumerate() {
                sent.push(Instant::now());
                submit(&mut client, first + 1 + time * N_CELLS + number, vec![result(cell, time % 2 == 0)]).await;
                answered.push(Instant::now());
            }
        }
        let told = following.join().expect("every change is told");
        (since(&answered, &sent), since(&told, &answered), since(&told, &sent))
    });
    figures.put("s1_answered", answering.json());
    figures.put("s1_from_ack", from_ack.json());
    figures.put("s1_from_send", from_send.json());
}

/// When each rating change came, after a position.
async fn follow(url: String, after_position: u64, caught_up: oneshot::Sender<()>) -> Vec<Instant> {
    let request = FollowRequest { after_position, ..FollowRequest::default() };
    let mut feed = connect(&url).await.follow(request).await.expect("a feed").into_inner();
    assert!(matches!(next(&mut feed).await, Item::CaughtUp(_)), "nothing came meanwhile");
    caught_up.send(()).expect("somebody waits");
    let mut told = Vec::new();
    while told.len() < N_CELLS * N_TIMES {
        let item = tokio::time::timeout(TOO_LONG, next(&mut feed)).await.expect("every change is told");
        if matches!(item, Item::RatingChanged(_)) {
            told.push(Instant::now());
        }
    }
    told
}

/// The first of numbers for submissions that no earlier run on this log has used.
async fn numbers(client: &mut Client) -> usize {
    let status = client.get_status(GetStatusRequest::default()).await.expect("a status").into_inner();
    usize::try_from(status.position).expect("a number") * 1_000
}

fn since(told: &[Instant], from: &[Instant]) -> Latencies {
    let mut latencies = Latencies::default();
    for (told, from) in told.iter().zip(from) {
        latencies.add(told.saturating_duration_since(*from));
    }
    latencies
}

async fn next(feed: &mut Streaming<FollowResponse>) -> Item {
    feed.message().await.expect("the feed goes on").and_then(|answer| answer.item).expect("an item")
}

/// A cell for each of some measures of which more is better.
async fn cells(client: &mut Client) -> Vec<Cell> {
    let request = ListMeasuresRequest { page_size: 1_000, ..ListMeasuresRequest::default() };
    let listed = client.list_measures(request).await.expect("an answer").into_inner().directory.expect("a directory");
    let definitions = listed.measures.into_iter().filter_map(|entry| entry.definition);
    let higher = definitions.filter(|definition| definition.polarity() == Polarity::Higher);
    let area = questions::area("E10000016");
    let cells = (0..).zip(higher.take(N_CELLS)).map(|(number, definition)| {
        let series =
            Series { measure: questions::measure(&definition.measure), area: area.clone(), cohort: CohortId::all() };
        let period = Period::month(2016 + number % 8, 1 + i8::try_from(number % 12).expect("few months"));
        Cell { series, period: period.expect("a month") }
    });
    let cells: Vec<Cell> = cells.collect();
    assert_eq!(cells.len(), N_CELLS, "there are so many measures");
    cells
}

/// Better than any target of the workload, or worse than any minimum standard.
fn result(cell: &Cell, good: bool) -> Instruction {
    stated(cell, Decimal::whole(if good { 1_000_000 } else { 0 }))
}

/// A result of this value.
pub(crate) fn stated(cell: &Cell, value: Decimal) -> Instruction {
    let entry = ResultEntry {
        figure: Figure::Stated { value, denominator: None },
        status: Status::Final,
        stated_colour: None,
        stated_previous: None,
        source_text: String::new(),
    };
    let command = Command::RecordResult(ResultRecorded { cell: cell.clone(), entry });
    let why = Why { reason: "benchmark".to_owned(), cause: None };
    Instruction { command, known_at: None, why, origin: None }
}

pub(crate) async fn submit(client: &mut Client, number: usize, instructions: Vec<Instruction>) {
    let instructions = instructions.iter().map(wire::command::encode).collect();
    let submission_id = format!("00000000-0000-4000-8000-{number:012x}");
    let actor = "mi.officer".to_owned();
    let request = SubmitRequest { submission_id, actor, instructions, ..SubmitRequest::default() };
    let receipt = client.submit(request).await.expect("an answer").into_inner().receipt.expect("a receipt");
    assert!(!receipt.already, "the log is another than that of the run before");
}
