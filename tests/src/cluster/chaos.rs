//! Everything goes wrong at once, from a seed: servers and nodes are killed and stopped, connections cut, disks filled, while
//! four clients submit through two ingest nodes and a consumer follows.
//!
//! ```text
//! four clients ─▶ two ingest nodes ─┐ relays ┌─ three nats-servers ─┐ relays ┌─ ratings, reporting ─▶ one consumer
//! ```
//!
//! At the end, with everything healed: the journals of all nodes are the same bytes; every submission that was acknowledged is
//! there once, at its receipt's positions; nothing is there twice; and the consumer has had every item of the feed once, in
//! order. While most servers are gone nothing new is acknowledged.
//!
//! The seed draws what happens, not when the machine does it: the same seed is the same troubles and not the same run.
//! `cargo xtask chaos` is the long form.
//!
//! Read in this order: `council`, `clients`, `consumer`, `troubles`, `judging`.

#![expect(clippy::arithmetic_side_effects, reason = "small counts of what was drawn and done")]

mod clients;
mod consumer;
mod council;
mod judging;
mod troubles;

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clients::Done;
use council::Council;
use simulator::rng::Rng;
use troubles::Troubles;

/// How long the troubles of the short form last, and from which seed they are.
const SHORT: Asked = Asked { seed: 4, rounds: 1, seconds: 8 };
/// From here on a run is long: troubles last longer, and disks are filled too.
const LONG_SECONDS: u64 = 60;

/// What was asked for.
#[derive(Clone, Copy)]
struct Asked {
    seed: u64,
    rounds: u64,
    /// How long there is trouble in a round.
    seconds: u64,
}

impl Asked {
    /// By the environment, for the long form; the short form is otherwise always the same.
    fn read() -> Self {
        let read = |name: &str, default: u64| {
            let text = std::env::var_os(format!("SCOREBOOK_CHAOS_{name}"));
            text.map_or(default, |text| text.to_str().and_then(|it| it.parse().ok()).expect("a whole number"))
        };
        Self {
            seed: read("SEED", SHORT.seed),
            rounds: read("ROUNDS", SHORT.rounds),
            seconds: read("SECONDS", SHORT.seconds),
        }
    }

    const fn long(&self) -> bool {
        self.seconds >= LONG_SECONDS
    }
}

/// What those who take part share.
#[derive(Default)]
struct Scene {
    /// Odd while so many servers are gone that nothing new can be acknowledged.
    quorum: AtomicU64,
    /// How many submissions were acknowledged.
    n_acknowledged: AtomicU64,
    /// There is no more trouble: who is under way comes to an end.
    ending: AtomicBool,
}

/// The only clock of these tests: how long an answer takes is told, and decides nothing.
#[expect(clippy::disallowed_methods, reason = "how long an answer takes is measured")]
fn now() -> Instant {
    Instant::now()
}

/// Says on standard error which seed it was, if the test fails.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if thread::panicking() {
            let seed = self.0;
            let said = writeln!(std::io::stderr(), "it was seed {seed}: cargo xtask chaos --rounds 1 --seed {seed}");
            drop(said);
        }
    }
}

#[test]
fn nothing_is_lost_doubled_or_out_of_order() {
    let asked = Asked::read();
    for seed in (asked.seed..).take(usize::try_from(asked.rounds).expect("a count")) {
        let _told = Seed(seed);
        run(seed, &asked);
    }
}

fn run(seed: u64, asked: &Asked) {
    let council = Council::new(asked.long());
    let scene = Scene::default();
    let (done, items, troubles) = thread::scope(|scope| {
        // Whoever fails ends all of it.
        let (council, scene) = (&council, &scene);
        let failing = Failing(council, scene);
        let clients: Vec<_> = (0..clients::N)
            .map(|client| {
                scope.spawn(move || Failing(council, scene).unless(|| clients::submit(client, council, scene)))
            })
            .collect();
        let consuming = scope.spawn(move || Failing(council, scene).unless(|| consumer::consume(council, scene)));
        let mut troubles = Troubles::new(Rng::new(seed), council, scene, asked.long());
        troubles.last(Duration::from_secs(asked.seconds));
        let troubles = troubles.tally();
        scene.ending.store(true, Ordering::SeqCst);
        let done: Vec<Done> = clients.into_iter().flat_map(|it| it.join().expect("a client does not panic")).collect();
        council.wait_until_level(clients::last(&done));
        council.consumer().kill();
        let items = consuming.join().expect("the consumer does not panic");
        failing.unless(|| (done, items, troubles))
    });
    let n_elections = council.n_elections();
    let told = council.whole_feed();
    consumer::check(&items, &told);
    let n_records = judging::check(&council.stop(), &done);
    if asked.long() {
        let report = format!(
            "seed {seed}: {} s, {n_records} records, {} items of the feed; {n_elections} leaders elected\n{}{troubles}",
            asked.seconds,
            items.len(),
            clients::tally(&done),
        );
        writeln!(std::io::stdout(), "{report}").expect("a report is read");
    }
}

/// Tells everybody that it is over when somebody fails, so that nobody waits for them.
struct Failing<'a>(&'a Council, &'a Scene);

impl Failing<'_> {
    fn unless<T>(self, work: impl FnOnce() -> T) -> T {
        let made = work();
        std::mem::forget(self);
        made
    }
}

impl Drop for Failing<'_> {
    fn drop(&mut self) {
        self.1.ending.store(true, Ordering::SeqCst);
        self.0.consumer().kill();
    }
}
