//! A log that this process holds, as the program holds it.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;
use std::time::Instant;

use domain::{Actor, ActorId, AreaId, LogId, Timestamp};
use engine::permissions::Permissions;
use engine::submission::{File, Preview, Receipt, Request};
use engine::writer::Clock;
use engine::{Engine, Opening, Options, Prepared};
use journal::Journal;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle as Task;

use crate::pages::journal;

/// The workload runs to 11 December 2026, and nothing may be known later than it is recorded.
const NOW: &str = "2027-01-01T00:00:00Z";

pub(crate) struct Held {
    pub(crate) engine: Engine,
    pub(crate) journal: Arc<Journal>,
    writer: JoinHandle<Result<(), engine::log::Error>>,
}

impl Held {
    /// Begins a log in an empty folder.
    pub(crate) fn begin(data: &Path) -> Self {
        let journal = journal(data);
        let opening = Opening {
            log: LogId([7; 16]),
            authority: AreaId::new("E10000016").expect("a code"),
            time_zone: "Europe/London".to_owned(),
            format: engine::log::FORMAT,
            actor: officer(),
        };
        Engine::open_log(&journal, opening, &clock()).expect("an empty log");
        Self::start(journal)
    }

    /// Opens one that was begun.
    pub(crate) fn open(data: &Path) -> Self {
        Self::start(journal(data))
    }

    /// Folds the log, and starts its writer.
    pub(crate) fn start(journal: Journal) -> Self {
        let journal = Arc::new(journal);
        let options = Options {
            clock: clock(),
            permissions: Permissions::local(),
            elsewhere: None,
            newest_format: engine::log::FORMAT,
        };
        let (engine, writer) = Engine::start(Arc::<Journal>::clone(&journal), options).expect("a log that was begun");
        Self { engine, journal, writer: std::thread::spawn(move || writer.run()) }
    }

    /// Records files, each list of them as one submission: while one is recorded, the next is queued, and the one after that
    /// is read.
    pub(crate) fn submit(&self, submissions: impl Iterator<Item = Vec<File>>, known_at: Option<Timestamp>) {
        std::thread::scope(|scope| {
            let (sender, prepared) = sync_channel::<Prepared>(0);
            scope.spawn(move || {
                let runtime = runtime();
                let mut last = None;
                for prepared in prepared {
                    let engine = self.engine.clone();
                    let next = runtime.spawn(async move { engine.record(prepared).await });
                    runtime.block_on(async {
                        // It is queued before the one before it is answered.
                        tokio::task::yield_now().await;
                        recorded(last.replace(next)).await;
                    });
                }
                runtime.block_on(recorded(last));
            });
            for files in submissions {
                let prepared = self.engine.prepare(request(files, known_at)).expect("files that can be read");
                sender.send(prepared).expect("somebody records");
            }
        });
    }

    /// A clean stop.
    pub(crate) fn close(self) {
        let Self { engine, journal, writer } = self;
        engine.stop();
        drop(engine);
        writer.join().expect("the writer ends").expect("the log is whole");
        drop(Arc::into_inner(journal).expect("nobody else has the journal"));
    }
}

type Recording = Task<Result<(Option<Preview>, Receipt), engine::Error>>;

async fn recorded(recording: Option<Recording>) {
    if let Some(recording) = recording {
        recording.await.expect("the task ends").expect("it is recorded");
    }
}

fn request(files: Vec<File>, known_at: Option<Timestamp>) -> Request {
    let digests: Vec<u8> = files.iter().flat_map(|file| engine::sha256(&file.bytes).0).collect();
    Request {
        id: None,
        digest: engine::sha256(&digests),
        actor: officer(),
        known_at,
        why: domain::result::Why { reason: "the county's own record".to_owned(), cause: None },
        files,
        instructions: Vec::new(),
        set_aside: false,
        expected: None,
        accept_withdrawals: None,
    }
}

pub(crate) fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn officer() -> Actor {
    Actor { id: ActorId::new("mi.officer").expect("a code"), authenticated: false }
}

fn clock() -> Clock {
    let begin = Instant::now();
    let first = NOW.parse::<Timestamp>().expect("an instant").micros();
    Arc::new(move || {
        let elapsed = i64::try_from(begin.elapsed().as_micros()).expect("a short run");
        Timestamp::from_micros(first + elapsed).expect("an instant")
    })
}
