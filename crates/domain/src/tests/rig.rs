//! A small book, fed by its own decisions.

use jiff::civil::date;

use crate::command::{Expect, SubmittedFile};
use crate::decide::Rejection;
use crate::event::{
    AreaDefined, AreaLevel, CohortDefined, LogOpened, Recorded, ResultRecorded, RuleAdopted, Source, TargetChanged,
};
use crate::measure::{Basis, Content, Definition, Frequency, MeasureKind, Polarity, Unit};
use crate::period::YearType;
use crate::preview::{Decision, Draft};
use crate::result::{ResultEntry, Why};
use crate::target::{Owner, TargetKey};
use crate::{
    Actor, ActorId, AreaId, Book, Cell, CohortId, Command, Digest, EventId, Figure, Instruction, LogId, MeasureId,
    Minimum, Period, Position, RuleId, Series, Span, Status, Submission, SubmissionId, Target, Terms, Timestamp,
};

/// Not a hash that anybody should use, but another for most other bytes.
pub(super) fn digest(bytes: &[u8]) -> Digest {
    let mut digest = [0_u8; 32];
    for (at, byte) in bytes.iter().enumerate() {
        let place = &mut digest[at % 32];
        *place = place.wrapping_mul(31).wrapping_add(*byte).wrapping_add(1);
    }
    Digest(digest)
}

/// A book of a council, on a clock that is moved by hand.
pub(super) struct Rig {
    pub(super) book: Book,
    pub(super) now_micros: i64,
    n_submissions: u8,
}

pub(super) fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).unwrap()
}

pub(super) fn why(reason: &str) -> Why {
    Why { reason: reason.to_owned(), cause: None }
}

pub(super) fn give(command: Command) -> Instruction {
    Instruction { command, known_at: None, why: why("because"), origin: None }
}

pub(super) fn known(micros: i64, command: Command) -> Instruction {
    Instruction { known_at: Some(at(micros)), ..give(command) }
}

pub(super) fn measure(code: &str) -> MeasureId {
    MeasureId::new(code).unwrap()
}

pub(super) fn area(code: &str) -> AreaId {
    AreaId::new(code).unwrap()
}

pub(super) fn series(code: &str) -> Series {
    Series { measure: measure(code), area: area("K"), cohort: CohortId::all() }
}

pub(super) fn cell(code: &str, period: &str) -> Cell {
    Cell { series: series(code), period: Period::parse(period).unwrap() }
}

pub(super) fn entry(figure: Figure) -> ResultEntry {
    ResultEntry {
        figure,
        status: Status::NotStated,
        stated_colour: None,
        stated_previous: None,
        source_text: String::new(),
    }
}

pub(super) fn stated(value: &str) -> Figure {
    Figure::Stated { value: value.parse().unwrap(), denominator: None }
}

pub(super) fn record(code: &str, period: &str, value: &str) -> Command {
    Command::RecordResult(ResultRecorded { cell: cell(code, period), entry: entry(stated(value)) })
}

pub(super) fn target(code: &str, target: Target) -> TargetChanged {
    let Series { measure, area, cohort } = series(code);
    let span = Span { from: date(2018, 1, 1), to: None };
    let terms = Terms { target, minimum: Minimum::Unknown };
    let key = TargetKey { measure, area, cohort, owner: Owner::Local };
    TargetChanged { key, span, terms, decision: "minute 1".to_owned() }
}

pub(super) fn definition(code: &str) -> Definition {
    Definition {
        measure: measure(code),
        title: format!("The measure {code}"),
        kind: MeasureKind::Indicator,
        unit: Unit::percent(),
        decimal_places: 1,
        polarity: Polarity::Higher,
        frequency: Frequency::Monthly,
        basis: Basis::SinglePeriod,
        year_type: YearType::Financial,
        definition: Content::Inline("Counted.".to_owned()),
        data_source: String::new(),
        owner: String::new(),
    }
}

pub(super) fn define(definition: Definition) -> Command {
    Command::DefineMeasure { definition, expect: Expect::Either }
}

pub(super) fn define_area(code: &str, parent: Option<&str>) -> Command {
    let (area, parent) = (area(code), parent.map(area));
    Command::DefineArea(AreaDefined { area, name: format!("The area {code}"), level: AreaLevel::District, parent })
}

pub(super) fn define_cohort(code: &str) -> Command {
    let cohort = CohortId::new(code).unwrap();
    Command::DefineCohort(CohortDefined { cohort, name: format!("The cohort {code}"), description: String::new() })
}

/// No identifier: what is tested here reads none.
fn unidentified(_: SubmissionId, _: u64) -> EventId {
    EventId([0; 16])
}

impl Rig {
    /// A log that is opened and holds the measures `kpi` and `activity`, the areas `E` and `K`, and the cohort `all`.
    pub(super) fn new() -> Self {
        let mut rig = Self { book: Book::default(), now_micros: 1_000, n_submissions: 0 };
        let opened =
            LogOpened { log: LogId([1; 16]), authority: area("K"), time_zone: "Europe/London".to_owned(), format: 1 };
        let adopt = |rule| RuleAdopted { rule: RuleId::new(rule).unwrap(), measure: None, from: date(1, 1, 1) };
        let events = Book::opening(opened, adopt("kent.1"), adopt("previous-reported.1"));
        let opening = Submission { digest: Digest([0; 32]), ..rig.submission(Vec::new()) };
        let drafts = events.into_iter().map(Draft::bare).collect();
        rig.record(opening.records(drafts, Position::START, at(rig.now_micros), unidentified));
        let activity = Definition {
            kind: MeasureKind::Activity { expected: None },
            polarity: Polarity::None,
            ..definition("activity")
        };
        rig.put_in(vec![
            give(define_area("E", None)),
            give(define_area("K", Some("E"))),
            give(define_cohort("all")),
            give(define(definition("kpi"))),
            give(define(activity)),
        ]);
        rig
    }

    /// The next submission of these instructions.
    pub(super) fn submission(&self, instructions: Vec<Instruction>) -> Submission {
        Submission {
            id: SubmissionId([self.n_submissions; 16]),
            digest: Digest([self.n_submissions; 32]),
            actor: Actor { id: ActorId::new("officer").unwrap(), authenticated: true },
            files: Vec::new(),
            instructions,
        }
    }

    pub(super) fn decide(&self, instructions: Vec<Instruction>) -> Decision {
        self.book.decide(&self.submission(instructions), at(self.now_micros), digest)
    }

    /// The only rejection of one instruction.
    #[track_caller]
    pub(super) fn rejects(&self, instruction: Instruction) -> Rejection {
        let mut decision = self.decide(vec![instruction]);
        assert_eq!((decision.rejected.len(), decision.drafts.len()), (1, 0), "{decision:?}");
        decision.rejected.remove(0).rejection
    }

    /// Puts in what nothing is rejected of; gives its identifier and what was decided.
    #[track_caller]
    pub(super) fn put_in(&mut self, instructions: Vec<Instruction>) -> (SubmissionId, Decision) {
        let submission = self.submission(instructions);
        self.put_in_submission(&submission)
    }

    #[track_caller]
    pub(super) fn put_in_submission(&mut self, submission: &Submission) -> (SubmissionId, Decision) {
        let decision = self.book.decide(submission, at(self.now_micros), digest);
        assert_eq!(decision.rejected, []);
        self.record(submission.commit(&decision.drafts, self.book.head(), at(self.now_micros), unidentified));
        (submission.id, decision)
    }

    fn record(&mut self, commit: Vec<Recorded>) {
        for record in commit {
            self.book.apply(&record).unwrap();
        }
        self.n_submissions += 1;
        self.now_micros += 1_000;
    }

    pub(super) fn head(&self) -> Position {
        self.book.head()
    }
}

pub(super) fn file(name: &str, bytes: Vec<u8>, stored: bool) -> SubmittedFile {
    let source = Source {
        name: name.to_owned(),
        sha256: digest(&bytes),
        size: u64::try_from(bytes.len()).unwrap(),
        layout: "scorebook-results.1".to_owned(),
        stored,
    };
    SubmittedFile { source, bytes }
}
