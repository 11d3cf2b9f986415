//! Clients: they submit, repeat, overtake one another, give up, accept stale previews, and read all the while.
//!
//! A request is a letter. Letters arrive in any order, and some arrive twice. Whoever waits for an answer hears it late, or
//! goes away before it comes and sends the letter again.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll, Waker};

use domain::{Command, Position, ScorecardId, Submission, SubmissionId};
use engine::bounds::Bounds;
use engine::submission::{Preview, Receipt, Request, Token};
use engine::{Engine, Error, identifier, sha256};
use reporting::answer::Scorecard;
use reporting::scorecard::Question;

use super::Trace;
use super::disk::Disk;
use super::history::{History, Shown};
use crate::world::draw::SCORECARD;
use crate::world::{World, actor, instant};

/// What the engine answers.
pub(super) type Answer = Result<(Option<Preview>, Receipt), Error>;

/// A request on its way.
#[derive(Clone, Copy)]
struct Letter {
    number: usize,
    expected: Option<Token>,
}

/// A letter that arrived, whose sender waits.
struct Call {
    letter: Letter,
    answer: Pin<Box<dyn Future<Output = Answer> + Send>>,
}

impl Call {
    fn poll(&mut self) -> Poll<Answer> {
        self.answer.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }
}

/// All clients, and the network between them and the engine.
pub(super) struct Clients {
    /// Draws everything; its book stays empty.
    pub(super) world: World,
    /// The engine, while the process runs.
    pub(super) engine: Option<Engine>,
    pub(super) history: History,
    clock: Arc<AtomicI64>,
    trace: Trace,
    mail: Vec<Letter>,
    calls: Vec<Call>,
    n_acts_left: u64,
}

impl Clients {
    pub(super) fn new(seed: u64, clock: Arc<AtomicI64>, trace: Trace) -> Self {
        let mut world = World::open(seed);
        let n_acts_left = 100 + world.rng.below(150);
        let definitions = world.draw_definitions();
        let mut clients = Self {
            world,
            engine: None,
            history: History::default(),
            clock,
            trace,
            mail: Vec::new(),
            calls: Vec::new(),
            n_acts_left,
        };
        let number = clients.history.add(Request { instructions: definitions, ..request(0) });
        clients.mail.push(Letter { number, expected: None });
        clients
    }

    /// Whether the time is up, or something was found.
    pub(super) fn done(&self) -> bool {
        self.n_acts_left == 0 || self.history.finding.is_some()
    }

    /// Somebody does something; `appending` while an append takes its time.
    pub(super) fn act(&mut self, disk: &Disk, appending: bool) {
        self.n_acts_left = self.n_acts_left.saturating_sub(1);
        let now = self.clock.fetch_add(i64::try_from(self.world.rng.below(3)).expect("few"), Ordering::SeqCst);
        self.world.wait_until(now);
        let defined = self.history.sent[0].receipt.is_some();
        match self.world.rng.below(100) {
            0..12 if defined => self.write(),
            12..15 if defined => self.vary(),
            0..42 => self.deliver(disk),
            42..60 => self.hear(disk),
            60..65 => self.give_up(),
            65..71 => self.preview(disk, appending),
            71..85 => self.ask(),
            85..94 => self.look(disk),
            _ => self.turn_the_clock(),
        }
    }

    /// One of `n`, when there is any.
    fn one_of(&mut self, n: usize) -> Option<usize> {
        let n = u64::try_from(n).expect("few");
        (n > 0).then(|| usize::try_from(self.world.rng.below(n)).expect("few"))
    }

    /// Thinks of a request, with the identifier of an earlier one or its own.
    fn draw(&mut self, id: Option<SubmissionId>) -> usize {
        let n_draws = if self.world.rng.chance(8) { 8 } else { 1 };
        let instructions = (0..n_draws).flat_map(|_| self.world.draw_instructions()).collect();
        let new = request(self.history.sent.len());
        let given = if self.world.rng.chance(20) { None } else { new.id };
        let set_aside = self.world.rng.chance(40);
        self.history.add(Request { id: id.or(given), instructions, set_aside, ..new })
    }

    fn write(&mut self) {
        let number = if self.world.rng.chance(12) { self.publish() } else { self.draw(None) };
        self.trace.say(format_args!("#{number} is sent"));
        self.mail.push(Letter { number, expected: None });
    }

    /// Thinks of a view of what the engine holds, as whoever reads it now would give it.
    fn publish(&mut self) -> usize {
        let mut instruction = self.world.publish_view();
        if let (Command::PublishView(draft), Some(engine)) = (&mut instruction.command, &self.engine) {
            let position = Position::new(self.world.rng.below(engine.head().position.get() + 1));
            let as_of = domain::AsOf { position, ..draft.as_of };
            let (scorecard_id, period, area) = (draft.scorecard.clone(), draft.period, draft.area.clone());
            let question = Question { scorecard: scorecard_id, period, area };
            if let Ok(card) = scorecard(engine, &question, as_of) {
                draft.as_of = card.basis.as_of;
                draft.text = reporting::view::write(&card, &draft.meeting, |content| engine.text(content));
            }
        }
        let new = request(self.history.sent.len());
        self.history.add(Request { instructions: vec![instruction], ..new })
    }

    fn vary(&mut self) {
        let Some(other) = self.one_of(self.history.sent.len()) else { return };
        let number = self.draw(Some(self.history.sent[other].id));
        self.trace.say(format_args!("#{number} is sent, under the identifier of #{other}"));
        self.mail.push(Letter { number, expected: None });
    }

    /// Any letter arrives; some will arrive again.
    fn deliver(&mut self, disk: &Disk) {
        let Some(at) = self.one_of(self.mail.len()).filter(|_| self.engine.is_some()) else { return };
        let letter = if self.world.rng.chance(15) { self.mail[at] } else { self.mail.swap_remove(at) };
        self.call(letter, disk);
    }

    fn call(&mut self, letter: Letter, disk: &Disk) {
        let Some(engine) = self.engine.clone() else { return };
        self.trace.say(format_args!("#{} arrives", letter.number));
        let request = Request { expected: letter.expected, ..self.history.sent[letter.number].request.clone() };
        let prepared = engine.prepare(request).expect("the request as a whole is right");
        let mut call = Call { letter, answer: Box::pin(async move { engine.record(prepared).await }) };
        match call.poll() {
            Poll::Ready(answer) => self.told(letter, answer, disk),
            Poll::Pending => self.calls.push(call),
        }
    }

    fn told(&mut self, letter: Letter, answer: Answer, disk: &Disk) {
        let recorded = answer.as_ref().ok().map(|(_, receipt)| receipt.submission);
        let told = self.history.told(letter.number, letter.expected, answer, (self.engine.as_ref(), disk));
        self.trace.say(told);
        // From now on it may be rolled back; the definitions, on which everything rests, may not.
        if let Some(id) = recorded.filter(|_| letter.number > 0) {
            let digest = self.history.sent[letter.number].request.digest;
            let submission = Submission { id, digest, actor: actor(), files: Vec::new(), instructions: Vec::new() };
            self.world.submissions.push(submission);
        }
    }

    /// Any caller looks whether it was answered.
    fn hear(&mut self, disk: &Disk) {
        let Some(at) = self.one_of(self.calls.len()) else { return };
        if let Poll::Ready(answer) = self.calls[at].poll() {
            let Call { letter, .. } = self.calls.swap_remove(at);
            self.told(letter, answer, disk);
        }
    }

    /// Any caller goes away, and perhaps sends its letter again.
    fn give_up(&mut self) {
        let Some(at) = self.one_of(self.calls.len()) else { return };
        let Call { letter, .. } = self.calls.swap_remove(at);
        self.lost(letter);
    }

    fn lost(&mut self, letter: Letter) {
        self.history.sent[letter.number].unknown = true;
        let again = self.world.rng.chance(70);
        self.trace.say(format_args!("#{}: its client gives up, again {again}", letter.number));
        if again {
            self.mail.push(letter);
        }
    }

    /// Somebody previews a request and agrees to it; the letter may arrive long after.
    fn preview(&mut self, disk: &Disk, appending: bool) {
        let Some(engine) = self.engine.clone().filter(|_| self.history.sent[0].receipt.is_some()) else { return };
        let number = self.draw(None);
        let prepared = engine.prepare(self.history.sent[number].request.clone()).expect("the request is right");
        let Some(preview) = engine.preview(&prepared).expect("what was recorded is read") else {
            self.history.check(appending, || "no preview is given, although nothing is on its way".to_owned());
            return;
        };
        self.history.durable(&preview, disk);
        self.trace.say(format_args!("#{number} is agreed to at {}", preview.token.position));
        self.mail.push(Letter { number, expected: Some(preview.token) });
    }

    /// Somebody asks for a scorecard, perhaps one that was shown before.
    fn ask(&mut self) {
        let Some(engine) = self.engine.clone() else { return };
        if self.world.rng.chance(40)
            && let Some(number) = self.one_of(self.history.shown.len())
        {
            let Shown { question, as_of, .. } = &self.history.shown[number];
            let answer = scorecard(&engine, question, *as_of);
            self.history.shown_again(number, &answer);
            return;
        }
        let (area, period) = (self.world.draw_area(), self.world.draw_period());
        let question = Question { scorecard: ScorecardId::new(SCORECARD).expect("a code"), period, area };
        let head = engine.head().position;
        let at_position = self.world.rng.chance(60).then(|| Position::new(self.world.rng.below(head.get() + 2)));
        let known = self.one_of(self.history.followed.len()).filter(|_| self.world.rng.chance(60));
        let beside = i64::try_from(self.world.rng.below(3)).expect("few") - 1;
        let known_at = known.map(|at| instant(self.history.followed[at].known_at.micros() + beside));
        match engine.resolve(Bounds { known_at, at_position, ..Bounds::default() }) {
            Ok(as_of) => {
                let told = as_of.position == at_position.unwrap_or(head) && as_of.position <= head;
                self.history.check(told, || format!("asking at {at_position:?} gave {as_of:?}, at {head}"));
                let answer = scorecard(&engine, &question, as_of);
                let counts = answer.as_ref().ok().map(|card| card.counts.clone());
                let known_at = known_at.map_or_else(|| "any time".to_owned(), |at| at.to_string());
                self.trace.say(format_args!("as of {known_at}, {}: {counts:?}", as_of.position));
                self.history.shown.push(Shown { question, as_of, answer });
            }
            Err(error) => {
                let after = matches!(error, Error::AfterHead { .. }) && at_position > Some(head);
                self.history.check(after, || format!("asking as of {known_at:?}, {at_position:?} gave {error}"));
            }
        }
    }

    /// Somebody looks at the head, and a follower reads on.
    pub(super) fn look(&mut self, disk: &Disk) {
        let Some(engine) = self.engine.clone() else { return };
        let head = engine.head();
        self.history.saw(head, disk);
        let after = self.history.followed.last().map_or(Position::START, |last| last.position);
        let n = 1 + usize::try_from(self.world.rng.below(40)).expect("few");
        let records = engine.read(after, n).expect("what is published can be read");
        self.history.read_on(records);
        let listed = engine.submissions(Position::START, usize::MAX);
        let within = listed.iter().all(|(received, _)| received.last <= head.position);
        self.history.check(within, || "a submission is listed that goes beyond the head".to_owned());
        if let Some(number) = self.one_of(self.history.sent.len()) {
            let received = engine.received(self.history.sent[number].id);
            let within = received.is_none_or(|received| received.last <= head.position);
            self.history.check(within, || format!("#{number} is there before it is durable"));
        }
        self.trace.say(format_args!("head {}, {} submissions, chain {}", head.position, listed.len(), head.chain));
    }

    fn turn_the_clock(&mut self) {
        let hour = i64::try_from(self.world.rng.below(3_600_000_000)).expect("an hour");
        let by = if self.world.rng.chance(60) { hour } else { -hour / 2 };
        self.clock.fetch_add(by, Ordering::SeqCst);
        self.trace.say(format_args!("the clock is turned by {by} microseconds"));
    }

    /// The process is gone. Half of those who wait hear what was on its way to them.
    pub(super) fn crash(&mut self, disk: &Disk) {
        self.engine = None;
        self.trace.say("crash");
        for mut call in std::mem::take(&mut self.calls) {
            match call.poll() {
                Poll::Ready(answer) if self.world.rng.chance(50) => self.told(call.letter, answer, disk),
                _ => self.lost(call.letter),
            }
        }
    }

    /// Everybody hears what there is to hear.
    pub(super) fn hear_all(&mut self, disk: &Disk) {
        for mut call in std::mem::take(&mut self.calls) {
            match call.poll() {
                Poll::Ready(answer) => self.told(call.letter, answer, disk),
                Poll::Pending => self.history.check(false, || format!("#{} is never answered", call.letter.number)),
            }
        }
    }

    /// Everything on its way arrives.
    pub(super) fn deliver_all(&mut self, disk: &Disk) {
        for letter in std::mem::take(&mut self.mail) {
            self.call(letter, disk);
        }
    }

    /// Whoever does not know what became of a request asks again, and so does whoever was told that it is recorded.
    pub(super) fn send_again(&mut self, disk: &Disk) {
        for number in 0..self.history.sent.len() {
            let sent = &self.history.sent[number];
            if sent.unknown || sent.receipt.is_some() {
                self.call(Letter { number, expected: None }, disk);
            }
        }
    }
}

/// A request without instructions, which nobody else sends.
fn request(number: usize) -> Request {
    let digest = sha256(format!("request {number}").as_bytes());
    Request {
        id: Some(SubmissionId(identifier(sha256(&digest.0)))),
        digest,
        actor: actor(),
        known_at: None,
        why: domain::result::Why::default(),
        files: Vec::new(),
        instructions: Vec::new(),
        set_aside: false,
        accept_withdrawals: None,
        expected: None,
    }
}

/// What is shown.
pub(super) fn scorecard(
    engine: &Engine,
    question: &Question,
    as_of: domain::AsOf,
) -> Result<Scorecard, reporting::Error> {
    engine.scorecard(question, as_of).map_err(|error| match error {
        Error::NotDefined(error) => error,
        other => panic!("a scorecard is shown or not defined: {other}"),
    })
}
