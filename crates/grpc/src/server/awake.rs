//! A thread that stays awake for a moment after an answer: who asks question after question is heard at once, as it takes a
//! processor longer to be woken than most answers take.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::yield_now;
use tokio::time::Instant;

/// For how long: a client on the same machine reads an answer and asks again in less.
const AWAKE_FOR: Duration = Duration::from_micros(150);

/// How many threads of connections are awake, answering or listening.
#[derive(Debug, Clone, Default)]
pub(super) struct AwakeThreads(Arc<AtomicUsize>);

impl AwakeThreads {
    /// One more is.
    pub(super) fn wakes(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// One fewer is.
    pub(super) fn sleeps(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Awake {
    answered: Notify,
    /// Whether something came that nothing was sent after.
    asked: AtomicBool,
    /// Whether nothing came since something was answered.
    listening: AtomicBool,
    threads: AwakeThreads,
    n_threads_max: usize,
    duration: Duration,
}

impl Awake {
    /// Of one of some threads. While more of them are awake than half of the processors, it is left to sleep: somebody else
    /// has use for them.
    pub(super) fn new(threads: AwakeThreads) -> Self {
        let n_processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self::with(threads, n_processors.div_euclid(2), AWAKE_FOR)
    }

    /// With other bounds.
    pub(super) fn with(threads: AwakeThreads, n_threads_max: usize, duration: Duration) -> Self {
        let (asked, listening) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { answered: Notify::new(), asked, listening, threads, n_threads_max, duration }
    }

    /// Something was sent: an answer, if something came before it. Who only follows does not ask again.
    pub(super) fn sent(&self) {
        if self.asked.swap(false, Ordering::Relaxed) {
            self.listening.store(true, Ordering::Relaxed);
            self.answered.notify_one();
        }
    }

    /// Something came. What it asks for may be up to another thread, which may have use for the processor.
    pub(super) fn heard(&self) {
        self.asked.store(true, Ordering::Relaxed);
        self.listening.store(false, Ordering::Relaxed);
    }

    fn listens(&self) -> bool {
        self.listening.load(Ordering::Relaxed) && self.threads.0.load(Ordering::Relaxed) <= self.n_threads_max
    }

    /// Keeps the thread awake, as one of its tasks, for as long as that is polled.
    pub(super) async fn keep(&self) {
        loop {
            self.answered.notified().await;
            let answered = Instant::now();
            while self.listens() && answered.elapsed() < self.duration {
                yield_now().await;
            }
        }
    }
}
