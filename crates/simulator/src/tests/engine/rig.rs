//! An engine on a log, with its writer on a thread and a clock that is set by hand.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread::JoinHandle;

use domain::{AreaId, Instruction, LogId, SubmissionId, Timestamp};
use engine::log::EventLog;
use engine::permissions::Permissions;
use engine::submission::{Preview, Receipt, Request, Token};
use engine::writer::Clock;
use engine::{Engine, Error, Opening, Options, log, sha256};

use crate::world::{BEGIN_MICROS, World, actor, instant};

/// An engine and what a test needs beside it.
pub(super) struct Rig {
    pub(super) engine: Engine,
    pub(super) writer: Option<JoinHandle<Result<(), log::Error>>>,
    pub(super) clock: Arc<AtomicI64>,
}

/// Runs a future to its end on this thread.
pub(super) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// Begins a future, which must not be done at once.
#[track_caller]
pub(super) fn begin<T>(future: &mut std::pin::Pin<Box<dyn Future<Output = T> + '_>>) {
    let mut context = Context::from_waker(Waker::noop());
    assert!(matches!(pin!(future).as_mut().poll(&mut context), Poll::Pending), "it has to wait");
}

pub(super) fn request(id: u8, instructions: Vec<Instruction>) -> Request {
    Request {
        id: Some(SubmissionId([id; 16])),
        digest: sha256(format!("{instructions:?}").as_bytes()),
        actor: actor(),
        known_at: None,
        why: domain::result::Why::default(),
        files: Vec::new(),
        instructions,
        set_aside: false,
        accept_withdrawals: None,
        expected: None,
    }
}

/// Everything that a world defines.
pub(super) fn definitions() -> Vec<Instruction> {
    World::open(0).draw_definitions()
}

impl Rig {
    /// Opens the log, when it is empty, and starts an engine on it.
    pub(super) fn start(log: Arc<dyn EventLog>) -> Self {
        Self::start_of_format(log::FORMAT, log)
    }

    /// The same, of a format.
    pub(super) fn start_of_format(format: u16, log: Arc<dyn EventLog>) -> Self {
        let clock = Arc::new(AtomicI64::new(BEGIN_MICROS));
        let read = Arc::clone(&clock);
        let now: Clock = Arc::new(move || instant(read.load(Ordering::SeqCst)));
        if log.head() == log::Head::EMPTY {
            let opening = Opening {
                log: LogId([3; 16]),
                authority: AreaId::new("K").unwrap(),
                time_zone: "Europe/London".to_owned(),
                format,
                actor: actor(),
            };
            Engine::open_log(log.as_ref(), opening, &now).unwrap();
        }
        let (engine, writer) = Engine::start(
            log,
            Options { clock: now, permissions: Permissions::local(), elsewhere: None, newest_format: log::FORMAT },
        )
        .unwrap();
        let writer = std::thread::spawn(move || writer.run());
        Self { engine, writer: Some(writer), clock }
    }

    /// The same, with everything defined.
    pub(super) fn defined(log: Arc<dyn EventLog>) -> Self {
        Self::defined_of_format(log::FORMAT, log)
    }

    /// The same, of a format.
    pub(super) fn defined_of_format(format: u16, log: Arc<dyn EventLog>) -> Self {
        let rig = Self::start_of_format(format, log);
        rig.submit(request(200, definitions())).unwrap();
        rig
    }

    pub(super) fn submit(&self, request: Request) -> Result<(Option<Preview>, Receipt), Error> {
        wait(self.engine.record(self.engine.prepare(request)?))
    }

    pub(super) fn preview(&self, request: Request) -> Preview {
        self.engine.preview(&self.engine.prepare(request).unwrap()).unwrap().expect("nothing is on its way to the log")
    }

    pub(super) fn token(&self, request: Request) -> Token {
        self.preview(request).token
    }

    pub(super) fn set_clock(&self, now: Timestamp) {
        self.clock.store(now.micros(), Ordering::SeqCst);
    }

    /// Lets go of the engine and waits for the writer's end.
    pub(super) fn stop(mut self) -> Result<(), log::Error> {
        let writer = self.writer.take().unwrap();
        drop(self);
        writer.join().unwrap()
    }
}
