//! A server in a process of its own, and questions to it through gRPC, each answer decoded whole.

use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::{Decimal, Timestamp};
use engine::feed::Followers;
use grpc::Service;
use reporting::grid::Question;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tonic::transport::Channel;
use wire::grid::column;
use wire::v1::scorebook_service_client::ScorebookServiceClient;
use wire::v1::{self, GetStatusRequest};
use wire::value::{self, target};

use crate::answers::{Answers, RatedCell, TargetChange, different, direction_sign, tenths};
use crate::checked;
use crate::figures::{Figures, Latencies};
use crate::held::{Held, runtime};
use crate::questions::{Audit, Card, Questions};

pub(crate) type Client = ScorebookServiceClient<Channel>;

/// The largest answer that is taken, in bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;
const N_EMPTY_CALLS: usize = 5_000;

/// Serves until standard input is closed.
pub(crate) fn serve(data: &Path) {
    let held = Held::open(data);
    let runtime = Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let (stop, stopping) = watch::channel(false);
    let service = Service::new(held.engine.clone(), "0", Followers::new(stopping.clone()));
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    println!("listens on http://{}", listener.local_addr().expect("an address"));
    let mut told = stopping;
    let serving = runtime.spawn(grpc::serve(listener, service, async move {
        let _gone_or_told = told.wait_for(|stop| *stop).await.is_ok();
    }));
    let mut rest = Vec::new();
    std::io::stdin().read_to_end(&mut rest).expect("a pipe");
    stop.send_replace(true);
    runtime.block_on(serving).expect("the server's task ends").expect("it served");
    runtime.shutdown_timeout(Duration::from_secs(5));
    held.close();
}

/// A server that this process started; it ends with it.
pub(crate) struct Server {
    process: Child,
    url: String,
}

impl Server {
    pub(crate) fn start(data: &Path) -> Self {
        let program = std::env::current_exe().expect("this program");
        let mut command = Command::new(program);
        command.arg("serve").arg(data).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("the server starts");
        let mut line = String::new();
        let mut said = BufReader::new(process.stdout.take().expect("a pipe"));
        said.read_line(&mut line).expect("the server says where it listens");
        let url = line.trim().strip_prefix("listens on ").expect("an address").to_owned();
        Self { process, url }
    }

    pub(crate) async fn client(&self) -> Client {
        connect(&self.url).await
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

pub(crate) async fn connect(url: &str) -> Client {
    let address = Channel::from_shared(url.to_owned()).expect("an address");
    let channel = address.connect().await.expect("a connection");
    Client::new(channel).max_decoding_message_size(ANSWER_BYTES_MAX)
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        self.process.wait().expect("the server ends");
    }
}

pub(crate) fn measure(data: &Path, questions: &Questions, figures: &mut Figures) {
    let server = Server::start(data);
    let runtime = runtime();
    let client = runtime.block_on(server.client());
    let asked = Asked { runtime: Arc::new(runtime), client };
    checked::check(&asked, questions, figures);
    empty_calls(&asked, figures);
    checked::time(&asked, questions, "_grpc", figures);
    with_words(&asked, questions, figures);
    empty_calls(&asked, figures);
    drop(asked);
}

/// What a call costs that asks for next to nothing.
fn empty_calls(asked: &Asked, figures: &mut Figures) {
    let mut latencies = Latencies::default();
    for _ in 0..N_EMPTY_CALLS {
        let mut client = asked.client.clone();
        let begin = Instant::now();
        let status = asked.runtime.block_on(client.get_status(GetStatusRequest::default()));
        latencies.add(begin.elapsed());
        assert!(status.expect("a status").into_inner().position > 0, "the log is there");
    }
    figures.put("empty_grpc", latencies.json());
}

/// How often each measure's targets are asked for with words.
const N_TIMES_WITH_WORDS: usize = 50;

/// Q3 with all that its changes led to, in words.
fn with_words(asked: &Asked, questions: &Questions, figures: &mut Figures) {
    let mut latencies = Latencies::default();
    for audit in (0..N_TIMES_WITH_WORDS).flat_map(|_| &questions.audits.questions) {
        latencies.time(|| drop(black_box(asked.target_history(audit, false))));
    }
    figures.put("q3_words_grpc", latencies.json());
}

/// A server's answers.
struct Asked {
    runtime: Arc<Runtime>,
    client: Client,
}

impl Asked {
    fn grid(&self, card: &Card, known_at: Timestamp) -> Cells {
        self.runtime.block_on(grid(&mut self.client.clone(), card, known_at))
    }

    fn target_history(&self, question: &Audit, as_recorded: bool) -> v1::TargetHistory {
        let request = v1::GetTargetHistoryRequest {
            measure: question.measure.to_string(),
            area: question.area.to_string(),
            page_size: 1_000,
            as_recorded,
            ..v1::GetTargetHistoryRequest::default()
        };
        let mut client = self.client.clone();
        let answer = self.runtime.block_on(client.get_target_history(request)).expect("an answer").into_inner();
        assert!(answer.next_page_token.is_empty(), "one page has all");
        answer.history.expect("a history")
    }
}

/// A question's answer, its columns read.
pub(crate) async fn grid(client: &mut Client, card: &Card, known_at: Timestamp) -> Cells {
    let Question { measures, areas, cohort, periods } = &card.question;
    let request = v1::GetGridRequest {
        measures: measures.iter().map(ToString::to_string).collect(),
        areas: areas.iter().map(ToString::to_string).collect(),
        cohort: cohort.to_string(),
        periods: periods.iter().map(|period| period.code()).collect(),
        as_of: Some(v1::AsOf { known_at: Some(value::encode_timestamp(known_at)), ..v1::AsOf::default() }),
    };
    let answer = client.get_grid(request).await.expect("an answer");
    Cells::read(answer.into_inner().grid.expect("a grid"))
}

/// An answer's columns, each read.
pub(crate) struct Cells {
    grid: v1::Grid,
    outcomes: Vec<u32>,
    numbers: Vec<i64>,
    targets: Vec<u32>,
}

impl Cells {
    /// How many cells it has.
    pub(crate) fn len(&self) -> usize {
        self.outcomes.len()
    }

    pub(crate) fn read(grid: v1::Grid) -> Self {
        let places =
            |column: &Option<v1::GridColumn>| column::places(column.as_ref().expect("a column")).expect("places");
        Self {
            outcomes: places(&grid.outcome_places),
            numbers: column::numbers(grid.numbers.as_ref().expect("a column")).expect("numbers"),
            targets: places(&grid.target_places),
            grid,
        }
    }
}

impl Answers for Asked {
    const EVERY: usize = 1;
    type Scorecard = Cells;
    type Targets = v1::TargetHistory;
    type Differences = (Cells, Cells);

    fn scorecard(&self, question: &Card) -> Cells {
        self.grid(question, question.known_at)
    }

    fn targets(&self, question: &Audit) -> v1::TargetHistory {
        self.target_history(question, true)
    }

    fn differences(&self, question: &Card) -> (Cells, Cells) {
        (self.grid(question, question.known_at), self.grid(question, question.known_later))
    }

    fn cells(answer: &Cells) -> Vec<RatedCell> {
        (0..answer.outcomes.len()).map(|at| rated(answer, at)).collect()
    }

    fn changes(answer: &v1::TargetHistory) -> Vec<TargetChange> {
        let change = |change: &v1::TargetChangeAnswer| {
            let span = value::decode_span(change.span.clone().expect("a span")).expect("a span");
            let provenance = change.provenance.clone().expect("where it is recorded");
            TargetChange {
                known_at: value::decode_timestamp(provenance.known_at.expect("an instant")).expect("an instant"),
                from: span.from,
                to: span.to.expect("the workload's spans end"),
                terms: target::decode_terms(change.terms.expect("terms")).expect("terms"),
                reason: provenance.reason,
                decision: change.decision.clone(),
            }
        };
        answer.changes.iter().map(change).collect()
    }

    fn changed((before, after): &(Cells, Cells)) -> Vec<(usize, RatedCell, RatedCell)> {
        different(Self::cells(before), Self::cells(after))
    }
}

/// A cell, read from the columns.
fn rated(cells: &Cells, at: usize) -> RatedCell {
    let place = |places: &[u32]| usize::try_from(places[at]).expect("a place");
    let outcome = &cells.grid.outcomes[place(&cells.outcomes)];
    let tenths = match outcome.kind() {
        v1::FigureKind::Unspecified => None,
        v1::FigureKind::Value => {
            let scale = u8::try_from(outcome.scale).expect("a scale");
            Some(tenths(Decimal::new(cells.numbers[at], scale).expect("a value")))
        }
        other => panic!("{other:?}: the workload has stated values alone"),
    };
    let target = place(&cells.targets).checked_sub(1);
    let terms = target.map(|place| target::decode_terms(cells.grid.targets[place]).expect("terms"));
    let rating = match outcome.rating() {
        v1::Rating::Green => 'G',
        v1::Rating::Amber => 'A',
        v1::Rating::Red => 'R',
        v1::Rating::NotRated => 'N',
        v1::Rating::Unspecified => panic!("every cell has a rating"),
    };
    let direction = match outcome.direction() {
        v1::Direction::Improved => "improved",
        v1::Direction::Worsened => "worsened",
        v1::Direction::NoChange => "no-change",
        v1::Direction::NoneNoResult => "no-result",
        v1::Direction::NoneNoPrevious => "no-previous",
        other => panic!("{other:?} is no direction of the workload"),
    };
    RatedCell { tenths, terms, rating, direction: direction_sign(terms, direction) }
}
