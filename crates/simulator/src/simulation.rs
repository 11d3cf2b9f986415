//! The whole engine with its clients on a disk that crashes: one seed, one thread, one trace.
//!
//! Time goes in ticks. At each tick the seed decides whose turn it is: a client's, the network's, the clock's, the
//! writer's (which is stepped, [`engine::writer::Writer::step`]), or the power's, which is cut. While the writer waits for
//! the [`disk`], the others have their turns. After a crash a new engine opens what the disk kept. At the end everything
//! quietens down, whoever does not know asks again, and the history is checked as Jepsen would:
//!
//! - what was acknowledged is in the log, once, where its sender was told; what was refused is not; nothing else is;
//! - nobody ever saw what was not durable, or missed what they had seen before;
//! - what was shown as of (K, P) is shown again, whenever it is asked for;
//! - the log is the one that the same requests give, one after another, where nothing goes wrong.
//!
//! What it is not: the journal itself, its threads and its bytes, for which there are simulated power cuts.

mod clients;
pub mod disk;
mod history;
mod settle;

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use domain::{AreaId, LogId, Recorded};
use engine::log::{EventLog, Head};
use engine::permissions::Permissions;
use engine::writer::{Clock, Writer};
use engine::{Engine, Opening, Options};

use crate::world::{BEGIN_MICROS, actor, instant};
use clients::Clients;
use disk::{Disk, Flaw};
pub use history::Shown;

/// What a seed gave.
pub struct Run {
    /// What happened, a line each.
    pub trace: String,
    /// What cannot be true, if anything.
    pub finding: Option<String>,
    /// The log at the end.
    pub records: Vec<Recorded>,
    /// What was shown, which is shown again at the end.
    pub shown: Vec<Shown>,
}

impl Run {
    /// What was found, with the end of the trace.
    pub fn report(&self, seed: u64) -> Option<String> {
        let finding = self.finding.as_ref()?;
        let lines: Vec<&str> = self.trace.lines().collect();
        let end = lines[lines.len().saturating_sub(40)..].join("\n");
        Some(format!("seed {seed}: {finding}\nthe trace ends with\n{end}"))
    }
}

/// What happened so far, a line each.
#[derive(Clone, Default)]
pub struct Trace(Arc<Mutex<String>>);

impl Trace {
    fn say(&self, line: impl Display) {
        let mut lines = lock(&self.0);
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
}

/// A panic is a finding of its own, and what it leaves is only printed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Simulation {
    clients: Arc<Mutex<Clients>>,
    disk: Arc<Disk>,
    clock: Clock,
    trace: Trace,
}

/// Runs a seed, on a disk that is as it should be or has a flaw.
pub fn run(seed: u64, flaw: Option<Flaw>) -> Run {
    let trace = Trace::default();
    let micros = Arc::new(AtomicI64::new(BEGIN_MICROS));
    let clients = Arc::new(Mutex::new(Clients::new(seed, Arc::clone(&micros), trace.clone())));
    let disk = Arc::new_cyclic(|disk: &Weak<Disk>| {
        let (disk, others) = (disk.clone(), Arc::downgrade(&clients));
        let meanwhile = move || {
            if let (Some(disk), Some(others)) = (disk.upgrade(), others.upgrade()) {
                lock(&others).act(&disk, true);
            }
        };
        Disk::new(!seed, flaw, trace.clone(), Box::new(meanwhile))
    });
    let clock: Clock = Arc::new(move || instant(micros.load(Ordering::SeqCst)));
    let simulation = Simulation { clients, disk, clock, trace };
    let panic = catch_unwind(AssertUnwindSafe(|| simulation.run())).err();
    let mut clients = lock(&simulation.clients);
    if let Some(panic) = panic {
        let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        let text = text.unwrap_or("no text").to_owned();
        clients.history.check(false, || format!("a panic: {text}"));
    }
    Run {
        trace: lock(&simulation.trace.0).clone(),
        finding: clients.history.finding.take(),
        records: simulation.disk.records(),
        shown: std::mem::take(&mut clients.history.shown),
    }
}

impl Simulation {
    fn clients(&self) -> MutexGuard<'_, Clients> {
        lock(&self.clients)
    }

    fn run(&self) {
        while !self.clients().done() {
            if let Some(writer) = self.start() {
                self.serve(&writer);
            }
            self.clients().crash(&self.disk);
            self.disk.crash();
        }
        if self.clients().history.finding.is_none() {
            self.settle();
        }
    }

    /// A process opens the disk. `None` when it does not come to serve.
    fn start(&self) -> Option<Writer> {
        self.disk.recover();
        let log: Arc<dyn EventLog> = Arc::<Disk>::clone(&self.disk);
        if log.head() == Head::EMPTY {
            Engine::open_log(log.as_ref(), opening(), &self.clock).ok()?;
        }
        let options = Options {
            clock: Arc::clone(&self.clock),
            permissions: Permissions::local(),
            elsewhere: None,
            newest_format: engine::log::FORMAT,
        };
        let mut clients = self.clients();
        match Engine::start(log, options) {
            Ok((engine, writer)) => {
                clients.engine = Some(engine);
                clients.look(&self.disk);
                Some(writer)
            }
            Err(error) => {
                clients.history.check(false, || format!("the log cannot be opened: {error:?}"));
                None
            }
        }
    }

    /// Until the power is cut, the disk fails or the time is up.
    fn serve(&self, writer: &Writer) {
        loop {
            let mut clients = self.clients();
            if clients.done() {
                return;
            }
            match clients.world.rng.below(100) {
                0..25 => {
                    drop(clients);
                    if writer.step().is_err() {
                        return;
                    }
                }
                25 => return,
                _ => clients.act(&self.disk, false),
            }
        }
    }
}

fn opening() -> Opening {
    Opening {
        log: LogId([3; 16]),
        authority: AreaId::new("K").expect("a code"),
        time_zone: "Europe/London".to_owned(),
        format: engine::log::FORMAT,
        actor: actor(),
    }
}
