//! Many writers of one event each against one, through the engine: what they share is the disk's sync.

use std::fs;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, JoinHandle, Thread};

use domain::command::Expect;
use domain::event::{AreaDefined, AreaLevel, CohortDefined, ResultRecorded};
use domain::measure::{Basis, Content, Definition, Frequency, MeasureKind, Polarity, Unit};
use domain::period::YearType;
use domain::result::{ResultEntry, Why};
use domain::{
    Actor, ActorId, AreaId, Cell, CohortId, Command, Decimal, Figure, Instruction, LogId, MeasureId, Period, Series,
    Status, SubmissionId, Timestamp,
};
use engine::log::{self, EventLog};
use engine::permissions::Permissions;
use engine::submission::Request;
use engine::writer::Clock;
use engine::{Engine, Opening, sha256};
use journal::Journal;
use tokio::runtime::{Builder, Runtime};

use crate::rows::{N_ROUNDS, Row, rate, time};

const N_WRITERS: u64 = 64;
/// Submissions of a round: of the one writer, and of each of many.
const N_ALONE: u64 = 400;
const N_EACH: u64 = 100;

pub(crate) fn rows(folder: &Path) {
    let rig = Rig::start(&folder.join("writers"));
    let (mut one, mut tasks, mut threads) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=N_ROUNDS {
        let alone = time(|| rig.tasks(1, N_ALONE));
        let as_tasks = time(|| rig.tasks(N_WRITERS, N_EACH));
        let as_threads = time(|| rig.threads());
        if round > 0 {
            one.push(rate(N_ALONE, alone.seconds));
            tasks.push(rate(N_WRITERS * N_EACH, as_tasks.seconds));
            threads.push(rate(N_WRITERS * N_EACH, as_threads.seconds));
        }
    }
    let print = |form: &str, goal: f64, ours: &[f64]| {
        let title = format!("{N_WRITERS} writers of one event, in process, each a {form}");
        Row { title: &title, peer_name: "one writer", unit: "per_second", goal, ours, peer: &one }.print();
    };
    print("task", 20.0, &tasks);
    print("thread", 0.0, &threads);
    rig.end();
}

/// Nothing but many writers' submissions, for a profiler; best in a folder in memory.
pub(crate) fn profile(folder: &Path, n_submissions: u64) {
    let rig = Rig::start(&folder.join("writers"));
    let took = time(|| rig.tasks(N_WRITERS, n_submissions / N_WRITERS));
    println!("{:.0} ns a submission", took.seconds * 1e9 / n_submissions as f64);
    rig.end();
}

/// An engine over a journal of its own, with what is written about defined.
struct Rig {
    folder: PathBuf,
    engine: Engine,
    writer: JoinHandle<Result<(), log::Error>>,
    /// Runs the writers that are tasks, all on one thread.
    runtime: Runtime,
    /// How many submissions there were.
    number: Arc<AtomicU64>,
}

impl Rig {
    fn start(folder: &Path) -> Self {
        let log: Arc<dyn EventLog> =
            Arc::new(Journal::open(&journal::Options::new(folder.join("journal"))).expect("a journal"));
        let ticks = AtomicI64::new(1_427_846_400_000_000);
        let clock: Clock = Arc::new(move || instant(ticks.fetch_add(1, Ordering::Relaxed)));
        let opening = Opening {
            log: LogId([3; 16]),
            authority: area(),
            time_zone: "Europe/London".to_owned(),
            format: log::FORMAT,
            actor: actor(),
        };
        Engine::open_log(log.as_ref(), opening, &clock).expect("an empty log");
        let options =
            engine::Options { clock, permissions: Permissions::local(), elsewhere: None, newest_format: log::FORMAT };
        let (engine, writer) = Engine::start(log, options).expect("an engine");
        let writer = thread::spawn(move || writer.run());
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        let number = Arc::new(AtomicU64::new(0));
        wait(submit(&engine, &number, definitions()));
        Self { folder: folder.to_owned(), engine, writer, runtime, number }
    }

    /// Writers as a server has them: tasks of one thread, which waits when all of them do.
    fn tasks(&self, n_writers: u64, n_each: u64) {
        self.runtime.block_on(async {
            let write = |writer: u64| {
                let (engine, number) = (self.engine.clone(), Arc::clone(&self.number));
                async move {
                    for n in 0..n_each {
                        submit(&engine, &number, vec![result(writer, n)]).await;
                    }
                }
            };
            let writers: Vec<_> = (0..n_writers).map(|writer| tokio::spawn(write(writer))).collect();
            for writer in writers {
                writer.await.expect("a writer's end");
            }
        });
    }

    /// Writers that are a thread each, which the system has to wake one by one.
    fn threads(&self) {
        thread::scope(|scope| {
            for writer in 0..N_WRITERS {
                scope.spawn(move || {
                    for n in 0..N_EACH {
                        wait(submit(&self.engine, &self.number, vec![result(writer, n)]));
                    }
                });
            }
        });
    }

    fn end(self) {
        drop(self.engine);
        self.writer.join().expect("the writer's end").expect("a log that works");
        fs::remove_dir_all(self.folder).expect("a folder that is there");
    }
}

async fn submit(engine: &Engine, number: &AtomicU64, instructions: Vec<Instruction>) {
    let number = number.fetch_add(1, Ordering::Relaxed);
    let request = Request {
        id: Some(SubmissionId(u128::from(number + 1).to_be_bytes())),
        digest: sha256(&number.to_be_bytes()),
        actor: actor(),
        known_at: None,
        why: Why::default(),
        files: Vec::new(),
        instructions,
        set_aside: false,
        accept_withdrawals: None,
        expected: None,
    };
    let prepared = engine.prepare(request).expect("a request");
    engine.record(prepared).await.expect("a receipt");
}

/// Wakes a thread.
struct Parked(Thread);

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future to its end on this thread.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Parked(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(done) => return done,
            Poll::Pending => thread::park(),
        }
    }
}

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).expect("an instant")
}

fn actor() -> Actor {
    Actor { id: ActorId::new("mi.officer").expect("a code"), authenticated: false }
}

fn area() -> AreaId {
    AreaId::new("E10000016").expect("a code")
}

fn measure(writer: u64) -> MeasureId {
    MeasureId::new(&format!("CYPE-{writer:04}")).expect("a code")
}

fn instruction(command: Command) -> Instruction {
    let why = Why { reason: "benchmark".to_owned(), cause: None };
    Instruction { command, known_at: None, why, origin: None }
}

fn definitions() -> Vec<Instruction> {
    let defined = AreaDefined { area: area(), name: "Kent".to_owned(), level: AreaLevel::Authority, parent: None };
    let everybody =
        CohortDefined { cohort: CohortId::all(), name: "all".to_owned(), description: "everybody".to_owned() };
    let measures = (0..N_WRITERS).map(|writer| {
        let definition = Definition {
            measure: measure(writer),
            title: format!("measure {writer}"),
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
        Command::DefineMeasure { definition, expect: Expect::New }
    });
    let commands = [Command::DefineArea(defined), Command::DefineCohort(everybody)].into_iter().chain(measures);
    commands.map(instruction).collect()
}

/// One figure, which is another than the one before of the same cell.
fn result(writer: u64, number: u64) -> Instruction {
    let month = i8::try_from(number % 12).expect("a month") + 1;
    let series = Series { measure: measure(writer), area: area(), cohort: CohortId::all() };
    let entry = ResultEntry {
        figure: Figure::Stated {
            value: Decimal::new(i64::try_from(number).expect("a small number"), 1).expect("a value"),
            denominator: None,
        },
        status: Status::Final,
        stated_colour: None,
        stated_previous: None,
        source_text: String::new(),
    };
    let cell = Cell { series, period: Period::month(2014, month).expect("a month") };
    instruction(Command::RecordResult(ResultRecorded { cell, entry }))
}
