//! Many clients of one event each against one, through gRPC to the real server: what they share is the disk's sync.
//!
//! `writers SCOREBOOK FOLDER` begins a log in a folder, serves it on a port of its own, and prints one row: its title, the
//! peer, the unit, the goal, our rounds and the peer's, parted by tabs. `cargo xtask bench journal` runs it.
//!
//! Every client has a connection of its own. All of them are tasks of one thread, in a process beside the server's.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a benchmark prints, reads the clock, and stops at the first surprise"
)]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Program, Stdio};
use std::time::Instant;

use domain::command::Expect;
use domain::event::{AreaDefined, AreaLevel, ResultRecorded};
use domain::measure::{Basis, Content, Definition, Frequency, MeasureKind, Polarity, Unit};
use domain::period::YearType;
use domain::result::{ResultEntry, Why};
use domain::{AreaId, Cell, CohortId, Command, Decimal, Figure, Instruction, MeasureId, Period, Series, Status};
use tokio::runtime::{Builder, Runtime};
use tonic::transport::Channel;
use wire::v1::SubmitRequest;
use wire::v1::scorebook_service_client::ScorebookServiceClient;

type Client = ScorebookServiceClient<Channel>;

const N_WRITERS: i64 = 64;
/// Submissions of a round: of the one client, and of each of many.
const N_ALONE: i64 = 200;
const N_EACH: i64 = 50;
/// One round before these is not kept, because it fills the caches.
const N_ROUNDS: i64 = 7;

fn main() {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [scorebook, folder] = arguments.as_slice() else { panic!("say `writers SCOREBOOK FOLDER`") };
    let server = Server::start(scorebook, folder);
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let clients: Vec<Client> = (0..N_WRITERS).map(|_| runtime.block_on(server.client())).collect();
    let first = clients.first().expect("there are writers").clone();
    runtime.block_on(submit(&mut first.clone(), definitions()));
    let (mut many, mut one) = (Vec::new(), Vec::new());
    let mut next = 0;
    for round in 0..=N_ROUNDS {
        let alone = rate(&runtime, std::slice::from_ref(&first), next..next + N_ALONE);
        next += N_ALONE;
        let together = rate(&runtime, &clients, next..next + N_EACH);
        next += N_EACH;
        if round > 0 {
            one.push(alone.to_string());
            many.push(together.to_string());
        }
    }
    let (many, one) = (many.join(","), one.join(","));
    println!("{N_WRITERS} writers of one event, through gRPC\tone writer through gRPC\tper_second\t0\t{many}\t{one}");
}

/// Lets each client submit these numbers, all at once, and gives the events of all of them in a second.
fn rate(runtime: &Runtime, clients: &[Client], numbers: Range<i64>) -> f64 {
    let n_events = (numbers.end - numbers.start) * i64::try_from(clients.len()).expect("few clients");
    let begin = Instant::now();
    runtime.block_on(async {
        let write = |(writer, mut client): (i64, Client)| {
            let numbers = numbers.clone();
            async move {
                for number in numbers {
                    submit(&mut client, vec![result(writer, number)]).await;
                }
            }
        };
        let writers: Vec<_> = (0..).zip(clients.iter().cloned()).map(|it| tokio::spawn(write(it))).collect();
        for writer in writers {
            writer.await.expect("a writer's end");
        }
    });
    n_events as f64 / begin.elapsed().as_secs_f64()
}

async fn submit(client: &mut Client, instructions: Vec<Instruction>) {
    let instructions = instructions.iter().map(wire::command::encode).collect();
    let request = SubmitRequest { actor: "mi.officer".to_owned(), instructions, ..SubmitRequest::default() };
    let answer = client.submit(request).await.expect("an answer").into_inner();
    assert!(!answer.receipt.expect("a receipt").already, "every submission is another");
}

/// A server on a log of its own. It is killed at the end, and its folder removed.
struct Server {
    process: Child,
    url: String,
    folder: PathBuf,
}

impl Server {
    fn start(scorebook: &Path, folder: &Path) -> Self {
        let folder = folder.join("grpc-writers");
        fs::create_dir_all(&folder).expect("a folder");
        let program = |words: &str| {
            let mut program = Program::new(scorebook);
            program.args(words.split(' ')).arg("--data-dir").arg(folder.join("data")).env("HOME", &folder);
            program.stdout(Stdio::piped()).stderr(Stdio::null());
            program
        };
        let begun = program("init --authority E10000016").status().expect("the program runs");
        assert!(begun.success(), "a log is begun");
        let mut process = program("serve --listen 127.0.0.1:0").spawn().expect("the server starts");
        let said = BufReader::new(process.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let mut urls = said.filter_map(|line| Some(line.split_once("listens on ")?.1.split(' ').next()?.to_owned()));
        let url = urls.next().expect("the server says where it listens");
        Self { process, url, folder }
    }

    async fn client(&self) -> Client {
        let address = Channel::from_shared(self.url.clone()).expect("an address");
        Client::new(address.connect().await.expect("a connection"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().expect("the server runs");
        self.process.wait().expect("the server ends");
        fs::remove_dir_all(&self.folder).expect("a folder that is there");
    }
}

fn area() -> AreaId {
    AreaId::new("E10000016").expect("a code")
}

fn measure() -> MeasureId {
    MeasureId::new("CYPE-1").expect("a code")
}

fn instruction(command: Command) -> Instruction {
    let why = Why { reason: "benchmark".to_owned(), cause: None };
    Instruction { command, known_at: None, why, origin: None }
}

fn definitions() -> Vec<Instruction> {
    let defined = AreaDefined { area: area(), name: "Kent".to_owned(), level: AreaLevel::Authority, parent: None };
    let definition = Definition {
        measure: measure(),
        title: "a measure".to_owned(),
        kind: MeasureKind::Indicator,
        unit: Unit::percent(),
        decimal_places: 1,
        polarity: Polarity::Higher,
        frequency: Frequency::Monthly,
        basis: Basis::Snapshot,
        year_type: YearType::Financial,
        definition: Content::Inline("what is measured".to_owned()),
        data_source: "a system".to_owned(),
        owner: "a service".to_owned(),
    };
    vec![
        instruction(Command::DefineArea(defined)),
        instruction(Command::DefineMeasure { definition, expect: Expect::New }),
    ]
}

/// A figure of the writer's own month.
fn result(writer: i64, number: i64) -> Instruction {
    let (year, month) = (2014 + writer / 12, writer % 12 + 1);
    let year = i16::try_from(year).expect("a year");
    let period = Period::month(year, i8::try_from(month).expect("a month")).expect("a month");
    let series = Series { measure: measure(), area: area(), cohort: CohortId::all() };
    let value = Decimal::new(number, 1).expect("a value");
    let entry = ResultEntry {
        figure: Figure::Stated { value, denominator: None },
        status: Status::Final,
        stated_colour: None,
        stated_previous: None,
        source_text: String::new(),
    };
    instruction(Command::RecordResult(ResultRecorded { cell: Cell { series, period }, entry }))
}
