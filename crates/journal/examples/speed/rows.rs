//! What is printed, and what is timed.

use std::fs;
use std::time::Instant;

/// How many rounds are kept of each row; one before them is not, because it fills the caches.
pub(crate) const N_ROUNDS: usize = 7;

/// One line of the result.
pub(crate) struct Row<'a> {
    pub(crate) title: &'a str,
    pub(crate) peer_name: &'a str,
    /// `per_second`, `seconds` or `bytes`, as the reader of the rows names them.
    pub(crate) unit: &'a str,
    /// The least ratio of ours to the peer's; 0 for none.
    pub(crate) goal: f64,
    pub(crate) ours: &'a [f64],
    pub(crate) peer: &'a [f64],
}

impl Row<'_> {
    pub(crate) fn print(&self) {
        let Self { title, peer_name, unit, goal, .. } = self;
        println!("{title}\t{peer_name}\t{unit}\t{goal}\t{}\t{}", joined(self.ours), joined(self.peer));
    }
}

fn joined(figures: &[f64]) -> String {
    figures.iter().map(f64::to_string).collect::<Vec<_>>().join(",")
}

/// How long something took.
#[derive(Clone, Copy)]
pub(crate) struct Took {
    pub(crate) seconds: f64,
    /// Of this thread's processor; the same as `seconds` where the system does not say.
    pub(crate) processor_seconds: f64,
}

/// Times something.
pub(crate) fn time(run: impl FnOnce()) -> Took {
    let before = processor_nanos();
    let begin = Instant::now();
    run();
    let seconds = begin.elapsed().as_secs_f64();
    let spent = before.zip(processor_nanos()).map(|(before, after)| (after - before) as f64 / 1e9);
    Took { seconds, processor_seconds: spent.unwrap_or(seconds) }
}

/// What this thread used of a processor, as Linux counts it.
fn processor_nanos() -> Option<u64> {
    let said = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    said.split_whitespace().next()?.parse().ok()
}

/// Events a second.
pub(crate) fn rate(n_events: u64, seconds: f64) -> f64 {
    n_events as f64 / seconds
}
