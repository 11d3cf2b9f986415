//! The clients: each puts in one submission after the other, again and again under its own identifier until it is
//! acknowledged, at either of the ingest nodes.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};
use wire::v1::scorebook_service_client::ScorebookServiceClient;
use wire::v1::{File, Receipt, SubmitRequest};

use super::council::Council;
use super::{Scene, now};
use crate::program::DEADLINE;

/// How many there are.
pub(super) const N: u64 = 4;
/// Between two of them at which a client puts in something large.
const LARGE_EVERY: u64 = 60;
/// More than a message has, and more than are appended without the lease.
const LARGE_ROWS: u64 = 1_100;
const SMALL_ROWS_MAX: u64 = 4;
/// How long a client waits for an answer before it asks elsewhere.
const PATIENCE: Duration = Duration::from_secs(4);
/// How long it waits before it asks again.
const AGAIN: Duration = Duration::from_millis(100);

/// A submission that was acknowledged, and what it took.
pub(super) struct Done {
    pub(super) submission: String,
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) n_rows: u64,
    n_refused: u64,
    n_unknown: u64,
    /// From the first try to the acknowledgement.
    took: Duration,
}

/// What became of a try.
enum Answer {
    Acknowledged(Receipt),
    /// It was not recorded.
    Refused,
    /// It may have been.
    Unknown,
}

/// Puts in until it is over, and then to the end of what is under way.
pub(super) fn submit(client: u64, council: &Council, scene: &Scene) -> Vec<Done> {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut caller = Caller { runtime, council, node: usize::try_from(client % 2).expect("a node"), open: None };
    let mut done = Vec::new();
    while !scene.ending.load(Ordering::SeqCst) {
        let number = u64::try_from(done.len()).expect("a count");
        done.push(put_in(&mut caller, scene, &request(client, number)));
        scene.n_acknowledged.fetch_add(1, Ordering::SeqCst);
    }
    done
}

/// Tries until it is acknowledged.
fn put_in(caller: &mut Caller<'_>, scene: &Scene, request: &SubmitRequest) -> Done {
    let n_rows = request.files.iter().flat_map(|file| file.content.iter()).filter(|byte| **byte == b'\n').count();
    let (mut n_refused, mut n_unknown) = (0, 0);
    let (begun, mut ended) = (now(), None);
    loop {
        let quorum = scene.quorum.load(Ordering::SeqCst);
        match caller.ask(request) {
            Answer::Acknowledged(receipt) => {
                let without = quorum % 2 == 1 && scene.quorum.load(Ordering::SeqCst) == quorum;
                assert!(!without || receipt.already, "acknowledged while most servers were gone: {receipt:?}");
                return Done {
                    submission: receipt.submission_id,
                    first: receipt.first_position,
                    last: receipt.last_position,
                    n_rows: u64::try_from(n_rows.saturating_sub(1)).expect("a count"),
                    n_refused,
                    n_unknown,
                    took: begun.elapsed(),
                };
            }
            Answer::Refused => n_refused += 1,
            Answer::Unknown => n_unknown += 1,
        }
        if scene.ending.load(Ordering::SeqCst) {
            let ended = ended.get_or_insert_with(now);
            assert!(ended.elapsed() < DEADLINE, "{} is never acknowledged", request.submission_id);
        }
        caller.elsewhere();
        thread::park_timeout(AGAIN);
    }
}

/// A few figures that nobody else puts in, or many.
fn request(client: u64, number: u64) -> SubmitRequest {
    let large = number % LARGE_EVERY == LARGE_EVERY / 2;
    let n_rows = if large { LARGE_ROWS } else { number % SMALL_ROWS_MAX + 1 };
    let mut text = "measure,area,period,value\n".to_owned();
    for row in 0..n_rows {
        let (year, month) = (1900 + row / 12, row % 12 + 1);
        writeln!(text, "ehcp-20-weeks,E0700010{},{year}-{month:02},{number}", client + 5).expect("text grows");
    }
    SubmitRequest {
        submission_id: format!("00000000-0000-4000-8000-{client:04x}{number:08x}"),
        actor: format!("client-{client}"),
        reason: "chaos".to_owned(),
        files: vec![File { name: "results.csv".to_owned(), content: text.into_bytes(), ..File::default() }],
        ..SubmitRequest::default()
    }
}

type Client = ScorebookServiceClient<Channel>;

/// A connection to one of the ingest nodes.
struct Caller<'a> {
    runtime: Runtime,
    council: &'a Council,
    node: usize,
    open: Option<Client>,
}

impl Caller<'_> {
    fn ask(&mut self, request: &SubmitRequest) -> Answer {
        let url = self.council.url(self.node);
        if url.is_empty() {
            return Answer::Refused;
        }
        let open = self.open.take();
        let asked = self.runtime.block_on(async {
            tokio::time::timeout(PATIENCE, async {
                let mut client = match open {
                    Some(client) => client,
                    None => match Endpoint::from_shared(url).expect("an address").connect().await {
                        Ok(channel) => Client::new(channel),
                        Err(_nobody) => return Err(Status::failed_precondition("nobody listens there")),
                    },
                };
                let receipt = client.submit(request.clone()).await?.into_inner().receipt;
                Ok((client, receipt.expect("what is recorded has a receipt")))
            })
            .await
        });
        match asked {
            Ok(Ok((client, receipt))) => {
                self.open = Some(client);
                Answer::Acknowledged(receipt)
            }
            Ok(Err(status)) => refused_or_unknown(&status),
            Err(_elapsed) => Answer::Unknown,
        }
    }

    fn elsewhere(&mut self) {
        self.node = 1 - self.node;
        self.open = None;
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "every other code is a fault")]
fn refused_or_unknown(status: &Status) -> Answer {
    match status.code() {
        Code::FailedPrecondition | Code::ResourceExhausted | Code::Aborted => Answer::Refused,
        Code::Unavailable | Code::Cancelled | Code::Unknown | Code::DeadlineExceeded => Answer::Unknown,
        _ => panic!("it is refused as if it were wrong, or its answer as ours: {status:?}"),
    }
}

/// The highest position that was acknowledged.
pub(super) fn last(done: &[Done]) -> u64 {
    done.iter().map(|it| it.last).max().expect("something was acknowledged")
}

/// What it took, in words.
pub(super) fn tally(done: &[Done]) -> String {
    let sum = |count: fn(&Done) -> u64| done.iter().map(count).sum::<u64>();
    let worst = done.iter().map(|it| it.took).max().unwrap_or_default();
    format!(
        "{} submissions acknowledged, {} of them after tries that were refused ({}) or unknown ({}); the slowest after {:.1} s\n",
        done.len(),
        sum(|it| u64::from(it.n_refused + it.n_unknown > 0)),
        sum(|it| it.n_refused),
        sum(|it| it.n_unknown),
        worst.as_secs_f64(),
    )
}
