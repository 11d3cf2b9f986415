//! A small council from a seed: a few measures, nested areas, cohorts and periods, and whatever may be put in about them.
//!
//! Submissions are drawn at random, judged by the book, and recorded when they are accepted, so that a log of the world is
//! one that could have come about. Instants are few microseconds apart, so that many records are known at the same one.

pub mod draw;
mod views;

use domain::command::SubmittedFile;
use domain::event::{FORMAT, LogOpened, RuleAdopted};
use domain::preview::{Decision, Draft};
use domain::result::Why;
use domain::{
    Actor, ActorId, AreaId, Book, Command, Date, Event, EventId, Instruction, LogId, Position, Recorded, RuleId,
    Submission, SubmissionId, Timestamp,
};
use engine::log::Commit;
use engine::{identifier, sha256};

use crate::naive::Naive;
use crate::rng::Rng;

/// The first instant of every world, in microseconds: 1 January 2018.
pub const BEGIN_MICROS: i64 = 1_514_764_800_000_000;

/// A council's scorebook, growing.
#[derive(Debug, Clone)]
pub struct World {
    /// What it was made from.
    pub seed: u64,
    /// Draws everything.
    pub rng: Rng,
    /// The fold.
    pub book: Book,
    /// The list.
    pub naive: Naive,
    /// Each commit, in order.
    pub commits: Vec<Commit>,
    /// Every submission that was recorded, the opening one apart.
    pub submissions: Vec<Submission>,
    /// How many submissions had something in them refused.
    pub n_refused: u64,
    clock_micros: i64,
    n_drawn: u64,
}

/// Any instant of a world.
pub fn instant(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).expect("an instant of this century")
}

/// The records of what was decided, as the writer makes them.
pub fn commit(submission: &Submission, decision: &Decision, head: Position, now: Timestamp) -> Commit {
    submission.commit(&decision.drafts, head, now, event_id)
}

fn event_id(submission: SubmissionId, ordinal: u64) -> EventId {
    EventId(identifier(sha256(&[&submission.0[..], &ordinal.to_be_bytes()].concat())))
}

/// Somebody.
pub fn actor() -> Actor {
    Actor { id: ActorId::new("officer").expect("a code"), authenticated: false }
}

/// A submission of instructions, with an identifier made from a number.
pub fn submission(number: u64, instructions: Vec<Instruction>) -> Submission {
    let digest = sha256(format!("{number} {instructions:?}").as_bytes());
    let id = SubmissionId(identifier(sha256(&number.to_be_bytes())));
    Submission { id, digest, actor: actor(), files: Vec::<SubmittedFile>::new(), instructions }
}

/// An instruction with a reason.
pub fn instruction(command: Command) -> Instruction {
    let why = Why { reason: "because".to_owned(), cause: None };
    Instruction { command, known_at: None, why, origin: None }
}

impl World {
    /// A log that was just opened.
    pub fn open(seed: u64) -> Self {
        let mut world = Self {
            seed,
            rng: Rng::new(seed),
            book: Book::default(),
            naive: Naive::default(),
            commits: Vec::new(),
            submissions: Vec::new(),
            n_refused: 0,
            clock_micros: BEGIN_MICROS,
            n_drawn: 0,
        };
        let opened = LogOpened {
            log: LogId([9; 16]),
            authority: AreaId::new("K").expect("a code"),
            time_zone: "Europe/London".to_owned(),
            // Most logs begin at the newest format; an old one refuses what is new.
            format: match seed % 5 {
                1 => 1,
                3 => 2,
                _ => FORMAT,
            },
        };
        let adopt = |rule: &str| RuleAdopted {
            rule: RuleId::new(rule).expect("a code"),
            measure: None,
            from: Date::constant(1, 1, 1),
        };
        let events: Vec<Event> = Book::opening(opened, adopt("kent.1"), adopt("previous-reported.1"));
        let drafts = events.into_iter().map(Draft::bare).collect();
        let opening = submission(u64::MAX, Vec::new());
        world.record(opening.records(drafts, Position::START, instant(BEGIN_MICROS), event_id));
        world
    }

    /// A world in which everything is defined and something has happened.
    pub fn grown(seed: u64, n_submissions: usize) -> Self {
        let mut world = Self::open(seed);
        let definitions = world.draw_definitions();
        world.put_in(definitions);
        for _ in 0..n_submissions {
            world.step();
        }
        world
    }

    /// Every record.
    pub fn records(&self) -> &[Recorded] {
        &self.naive.records
    }

    /// A later instant than everything recorded.
    pub fn now(&self) -> Timestamp {
        instant(self.clock_micros)
    }

    /// Lets time pass until an instant, at least.
    pub fn wait_until(&mut self, micros: i64) {
        self.clock_micros = self.clock_micros.max(micros);
    }

    /// Draws a submission and puts it in.
    pub fn step(&mut self) {
        let instructions = self.draw_instructions();
        self.put_in(instructions);
    }

    /// Puts in what is accepted of some instructions; gives the submission, unless nothing was.
    ///
    /// # Panics
    /// When what was accepted beside the refused is refused without it: a refused instruction had an effect.
    pub fn put_in(&mut self, instructions: Vec<Instruction>) -> Option<(Submission, Decision)> {
        self.n_drawn += 1;
        let mut submission = submission(self.n_drawn, instructions);
        let first = self.book.decide(&submission, self.now(), sha256);
        let mut decision = first;
        if !decision.rejected.is_empty() {
            self.n_refused += 1;
            let refused: Vec<usize> = decision.rejected.iter().map(|rejected| rejected.instruction).collect();
            let mut number = 0..;
            submission.instructions.retain(|_| !refused.contains(&number.next().expect("endless")));
            decision = self.book.decide(&submission, self.now(), sha256);
            assert_eq!(decision.rejected, [], "seed {}: what was refused had an effect", self.seed);
        }
        if submission.instructions.is_empty() {
            return None;
        }
        self.append(&submission, &decision);
        Some((submission, decision))
    }

    /// Records a decision, also one that today's rules would not make: a log may be older than they are.
    pub fn append(&mut self, submission: &Submission, decision: &Decision) {
        self.record(commit(submission, decision, self.book.head(), self.now()));
        self.submissions.push(submission.clone());
    }

    fn record(&mut self, commit: Commit) {
        for record in &commit {
            self.book.apply(record).unwrap_or_else(|gap| panic!("seed {}: {gap}", self.seed));
        }
        self.naive.records.extend(commit.iter().cloned());
        self.commits.push(commit);
        self.clock_micros += 1 + i64::try_from(self.rng.below(3)).expect("below 3");
    }

    /// A bound on `known_at`: none, or an instant at which something was known, or just beside it.
    pub fn draw_known_at(&mut self) -> Option<Timestamp> {
        if self.rng.chance(25) {
            return None;
        }
        let known = self.rng.pick(&self.naive.records).known_at.micros();
        let beside = i64::try_from(self.rng.below(3)).expect("below 3") - 1;
        Some(instant(known + beside))
    }

    /// A bound on the position, often inside a commit.
    pub fn draw_position(&mut self) -> Position {
        Position::new(self.rng.below(self.book.head().get() + 1))
    }
}
