//! The one place of the chores that reads a clock.

use std::time::{Duration, Instant};

/// A span of time that began when it was made.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    pub(crate) fn start() -> Self {
        #[expect(clippy::disallowed_methods, reason = "how long a step or a round takes is what is asked for")]
        let began = Instant::now();
        Self(began)
    }

    /// The time since the start, by the monotonic clock.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
