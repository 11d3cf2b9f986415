//! A server in a process of its own, and questions to it through gRPC, each answer decoded whole.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::{Figure, Timestamp};
use engine::feed::Followers;
use grpc::Service;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tonic::transport::Channel;
use wire::v1::scorebook_service_client::ScorebookServiceClient;
use wire::v1::{self, GetStatusRequest};
use wire::value::{self, figure, target};

use crate::answers::{Answers, RatedCell, TargetChange, rating_letter, tenths};
use crate::by_cell::different;
use crate::checked;
use crate::figures::{Figures, Latencies};
use crate::held::{Held, runtime};
use crate::questions::{Audit, Card, Questions};

pub(crate) type Client = ScorebookServiceClient<Channel>;

/// The largest answer that is taken, in bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How many questions about a cell are on their way at once.
const N_AT_ONCE: usize = 128;
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
        let address = Channel::from_shared(self.url.clone()).expect("an address");
        let channel = address.connect().await.expect("a connection");
        Client::new(channel).max_decoding_message_size(ANSWER_BYTES_MAX)
    }
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

/// A server's answers, cell by cell.
struct Asked {
    runtime: Arc<Runtime>,
    client: Client,
}

impl Asked {
    fn rated(&self, question: &Card, known_at: Timestamp) -> Vec<RatedCell> {
        let requests: Vec<_> = question
            .keys()
            .map(|(measure, area, period)| v1::ExplainRatingRequest {
                cell: Some(v1::Cell {
                    measure: measure.to_string(),
                    area: area.to_string(),
                    cohort: question.cohort.to_string(),
                    period: period.code(),
                }),
                as_of: Some(v1::AsOf { known_at: Some(value::encode_timestamp(known_at)), ..v1::AsOf::default() }),
            })
            .collect();
        self.runtime.block_on(async {
            let mut cells = Vec::with_capacity(requests.len());
            for some in requests.chunks(N_AT_ONCE) {
                let asked = some.iter().cloned().map(|request| {
                    let mut client = self.client.clone();
                    tokio::spawn(async move { client.explain_rating(request).await })
                });
                for answer in asked.collect::<Vec<_>>() {
                    let answer = answer.await.expect("a task's end").expect("an answer").into_inner();
                    cells.push(rated(&answer.row.expect("a row")));
                }
            }
            cells
        })
    }
}

impl Answers for Asked {
    const EVERY: usize = 25;
    type Scorecard = Vec<RatedCell>;
    type Targets = v1::TargetHistory;
    type Differences = Vec<(usize, RatedCell, RatedCell)>;

    fn scorecard(&self, question: &Card) -> Vec<RatedCell> {
        self.rated(question, question.known_at)
    }

    fn targets(&self, question: &Audit) -> v1::TargetHistory {
        let request = v1::GetTargetHistoryRequest {
            measure: question.measure.to_string(),
            area: question.area.to_string(),
            page_size: 1_000,
            ..v1::GetTargetHistoryRequest::default()
        };
        let mut client = self.client.clone();
        let answer = self.runtime.block_on(client.get_target_history(request)).expect("an answer").into_inner();
        assert!(answer.next_page_token.is_empty(), "one page has all");
        answer.history.expect("a history")
    }

    fn differences(&self, question: &Card) -> Vec<(usize, RatedCell, RatedCell)> {
        different(self.rated(question, question.known_at), self.rated(question, question.known_later))
    }

    fn cells(answer: &Vec<RatedCell>) -> Vec<RatedCell> {
        answer.clone()
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

    fn changed(answer: &Vec<(usize, RatedCell, RatedCell)>) -> Vec<(usize, RatedCell, RatedCell)> {
        answer.clone()
    }
}

fn rated(row: &v1::Row) -> RatedCell {
    let terms = row.target.as_ref().and_then(|target| target.terms);
    let terms = terms.map(|terms| target::decode_terms(terms).expect("terms"));
    let stated = |result: &v1::ResultAnswer| {
        let entry = result.entry.clone().expect("an entry");
        match figure::decode_figure(entry.figure.expect("a figure")).expect("a figure") {
            Figure::Stated { value, .. } => tenths(value),
            Figure::Counted { .. } | Figure::Missing(_) => panic!("the workload has stated values alone"),
        }
    };
    let direction = row.direction.as_ref().expect("a direction").direction();
    let direction = match (terms, direction) {
        (None, _) | (_, v1::Direction::NoneNoResult | v1::Direction::NoneNoPrevious) => '.',
        (Some(_), v1::Direction::Improved) => '+',
        (Some(_), v1::Direction::Worsened) => '-',
        (Some(_), v1::Direction::NoChange) => '=',
        (Some(_), other) => panic!("{other:?} is no direction of the workload"),
    };
    RatedCell { tenths: row.result.as_ref().map(stated), terms, rating: rating_letter(&row.rating_word), direction }
}
