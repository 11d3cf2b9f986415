//! The end: everything quietens down, whoever does not know asks again, and what is in the log is checked.

use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll, Waker};

use domain::{Event, Position, Recorded};
use engine::log::EventLog;
use engine::permissions::Permissions;
use engine::submission::Request;
use engine::writer::{Clock, Writer};
use engine::{Engine, Options};
use reporting::views::{Filter, Replay};

use super::clients::scorecard;
use super::history::{History, Sent, digest_of};
use super::{Simulation, Trace, opening};
use crate::memory::Memory;
use crate::world::instant;

impl Simulation {
    /// A last process serves everybody on a disk that works, is killed, and what is left is read by another.
    pub(super) fn settle(&self) {
        self.trace.say("everything settles");
        self.disk.calm();
        let Some(writer) = self.start() else { return };
        self.clients().deliver_all(&self.disk);
        self.answer_all(&writer);
        self.clients().send_again(&self.disk);
        self.answer_all(&writer);
        drop(writer);
        self.clients().crash(&self.disk);
        self.disk.crash();
        let Some(_writer) = self.start() else { return };
        let mut clients = self.clients();
        let Some(engine) = clients.engine.clone() else { return };
        let records = engine.read(Position::START, usize::MAX).expect("what is published can be read");
        let history = &mut clients.history;
        well_formed(history, &records);
        exactly_what_was_acknowledged(history, &records);
        as_seen(history, &records, &engine);
        given(history, &engine, &self.trace);
        serial(history, &records, &engine);
        self.trace.say(format_args!("the log ends at {} with chain {}", engine.head().position, engine.head().chain));
    }

    fn answer_all(&self, writer: &Writer) {
        while writer.step().expect("the disk works") {}
        self.clients().hear_all(&self.disk);
    }
}

/// Positions are dense, commits whole and of one submission, each recorded later than the one before.
fn well_formed(history: &mut History, records: &[Recorded]) {
    let dense = (1..).zip(records).all(|(position, record)| record.position == Position::new(position));
    history.check(dense, || "positions have gaps".to_owned());
    let mut seen = BTreeSet::new();
    let mut before = None;
    for commit in records.split_inclusive(|record| record.last_of_commit) {
        let (first, last) = (&commit[0], &commit[commit.len() - 1]);
        let of_one = commit.iter().all(|record| {
            record.attribution.submission == first.attribution.submission && record.recorded_at == first.recorded_at
        });
        let whole =
            last.last_of_commit && of_one && matches!(first.event, Event::SubmissionReceived(_) | Event::LogOpened(_));
        history.check(whole, || format!("the commit at {} is not whole", first.position));
        let once = seen.insert(first.attribution.submission);
        history.check(once, || format!("the submission at {} is there twice", first.position));
        let later = before < Some(first.recorded_at);
        history.check(later, || format!("{} is not recorded later than what is before it", first.position));
        before = Some(first.recorded_at);
    }
}

/// Everybody has asked again by now, so that nothing is unknown: what is in the log was acknowledged, and the reverse.
fn exactly_what_was_acknowledged(history: &mut History, records: &[Recorded]) {
    let mut n_acknowledged = 0;
    for number in 0..history.sent.len() {
        let Sent { id, request, receipt, .. } = &history.sent[number];
        let there = digest_of(records, *id) == Some(request.digest);
        let receipt = receipt.clone();
        history.check(there == receipt.is_some(), || format!("#{number}: in the log {there}, told {receipt:?}"));
        if let Some(receipt) = receipt {
            n_acknowledged += 1;
            let its = |record: &&Recorded| record.attribution.submission == receipt.submission;
            let found: Vec<&Recorded> = records.iter().filter(its).collect();
            let told = found.first().is_some_and(|first| first.position == receipt.first)
                && found.last().is_some_and(|last| last.position == receipt.last)
                && found.iter().all(|record| record.recorded_at == receipt.recorded_at);
            history.check(told, || format!("#{number} is not where its sender was told: {receipt:?}"));
        }
    }
    let n_commits = records.iter().filter(|record| record.last_of_commit).count();
    // One is the opening.
    history.check(n_commits == n_acknowledged + 1, || "a commit is in the log that nobody sent".to_owned());
}

/// All that was seen at any time is still so.
fn as_seen(history: &mut History, records: &[Recorded], engine: &Engine) {
    let chains = std::mem::take(&mut history.chains);
    for (position, chain) in &chains {
        let found = engine.chain_at(*position).expect("a log in memory can be read");
        history.check(found == *chain, || format!("the chain at {position} was {chain}, and is {found}"));
        let ends = records.iter().any(|record| record.position == *position && record.last_of_commit);
        history.check(ends, || format!("the head {position}, which was seen, is not the end of a commit"));
    }
    let same = records.starts_with(&history.followed);
    history.check(same, || "what a follower read is not what is in the log".to_owned());
    for number in 0..history.shown.len() {
        let shown = &history.shown[number];
        let answer = scorecard(engine, &shown.question, shown.as_of);
        history.shown_again(number, &answer);
    }
}

/// Every view that a committee was given is rebuilt to the same bytes.
fn given(history: &mut History, engine: &Engine, trace: &Trace) {
    let head = engine.head().position;
    for entry in engine.views(&Filter::default(), head) {
        let view = &entry.published.view;
        trace.say(format_args!("{view} is rebuilt"));
        let same = engine.view(view, head).is_ok_and(|answer| answer.replay == Replay::Same);
        history.check(same, || format!("{view} is rebuilt otherwise than it was given"));
    }
}

/// The same requests, one after another where nothing goes wrong, give the same log.
fn serial(history: &mut History, records: &[Recorded], engine: &Engine) {
    let log: Arc<dyn EventLog> = Arc::new(Memory::new());
    let micros = Arc::new(AtomicI64::new(0));
    let read = Arc::clone(&micros);
    let clock: Clock = Arc::new(move || instant(read.load(Ordering::SeqCst)));
    let mut alone = None;
    for first in
        records.iter().filter(|record| matches!(record.event, Event::LogOpened(_) | Event::SubmissionReceived(_)))
    {
        micros.store(first.recorded_at.micros(), Ordering::SeqCst);
        if alone.is_none() {
            Engine::open_log(log.as_ref(), opening(), &clock).expect("an empty log");
            let options = Options {
                clock: Arc::clone(&clock),
                permissions: Permissions::local(),
                elsewhere: None,
                newest_format: engine::log::FORMAT,
            };
            alone = Engine::start(Arc::clone(&log), options).ok();
        }
        let Event::SubmissionReceived(received) = &first.event else { continue };
        let sent = history.sent.iter().find(|sent| sent.request.digest == received.digest);
        let (Some((engine, writer)), Some(sent)) = (&alone, sent) else { continue };
        if let Err(error) = submit(engine, writer, sent.request.clone()) {
            history.check(false, || format!("{} is not accepted when it comes by itself: {error}", first.position));
            return;
        }
    }
    let (found, alone) = (engine.head(), log.head());
    history.check(found == alone, || format!("the log ends with {found:?}; without crashes it would with {alone:?}"));
}

fn submit(engine: &Engine, writer: &Writer, request: Request) -> Result<(), engine::Error> {
    let mut answer = pin!(engine.record(engine.prepare(request)?));
    let mut context = Context::from_waker(Waker::noop());
    let queued = answer.as_mut().poll(&mut context).is_pending();
    writer.step()?;
    match answer.as_mut().poll(&mut context) {
        Poll::Ready(answer) if queued => answer.map(|_| ()),
        _ => panic!("a step answers what is queued"),
    }
}
