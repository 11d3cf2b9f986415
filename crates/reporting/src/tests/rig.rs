//! A council's book, fed day by day.

use domain::command::{Expect, ScorecardDefinition, SubmittedFile};
use domain::event::{
    AreaDefined, AreaLevel, CohortDefined, FORMAT, LogOpened, ResultRecorded, RuleAdopted, Source, TargetChanged,
};
use domain::measure::{Basis, Content, Definition, Frequency, MeasureKind, Polarity, Unit};
use domain::period::YearType;
use domain::preview::Draft;
use domain::result::{Cause, ResultEntry, Why};
use domain::scorecard::{LayoutRow, Remit, Section};
use domain::target::TargetKey;
use domain::{
    Actor, ActorId, AreaId, AsOf, Book, Cell, CohortId, Command, Date, Digest, EventId, Figure, Instruction, Layout,
    LogId, MeasureId, Minimum, Owner, Period, Position, Recorded, RuleId, ScorecardId, Series, Span, Status,
    Submission, SubmissionId, Target, Terms, Timestamp,
};

use crate::answer::{Comparison, Row, Scorecard};
use crate::comparison::{self, Side};
use crate::release::{Release, Review, review};
use crate::scorecard::{Question, scorecard};

/// A book on a calendar.
pub(super) struct Rig {
    pub(super) book: Book,
    records: Vec<Recorded>,
    n_submissions: u8,
    now: Timestamp,
}

/// Noon of a day, in UTC.
pub(super) fn noon(day: &str) -> Timestamp {
    format!("{day}T12:00:00Z").parse().unwrap()
}

pub(super) fn as_known(day: &str) -> AsOf {
    AsOf { known_at: Some(noon(day)), position: Position::MAX }
}

pub(super) const NOW: AsOf = AsOf::position(Position::MAX);

pub(super) fn measure(code: &str) -> MeasureId {
    MeasureId::new(code).unwrap()
}

pub(super) fn area(code: &str) -> AreaId {
    AreaId::new(code).unwrap()
}

pub(super) fn period(code: &str) -> Period {
    code.parse().unwrap()
}

pub(super) fn cell_of(code: &str, area_code: &str, period_code: &str) -> Cell {
    let series = Series { measure: measure(code), area: area(area_code), cohort: CohortId::all() };
    Cell { series, period: period(period_code) }
}

pub(super) fn cell(code: &str, period: &str) -> Cell {
    cell_of(code, "K", period)
}

/// A figure: a value such as `43.4`, or counts such as `759/1747`.
pub(super) fn entry(figure: &str) -> ResultEntry {
    let number = |text: &str| text.parse().unwrap();
    let figure = match figure.split_once('/') {
        Some((n, d)) => Figure::Counted { numerator: number(n), denominator: number(d), stated: None },
        None => Figure::Stated { value: number(figure), denominator: None },
    };
    let (stated_colour, stated_previous) = (None, None);
    ResultEntry { figure, status: Status::NotStated, stated_colour, stated_previous, source_text: String::new() }
}

pub(super) fn give(command: Command) -> Instruction {
    let why = Why { reason: "because".to_owned(), cause: None };
    Instruction { command, known_at: None, why, origin: None }
}

pub(super) fn known(day: &str, instruction: Instruction) -> Instruction {
    Instruction { known_at: Some(noon(day)), ..instruction }
}

pub(super) fn because(reason: &str, cause: Option<Cause>, instruction: Instruction) -> Instruction {
    Instruction { why: Why { reason: reason.to_owned(), cause }, ..instruction }
}

pub(super) fn record_entry(cell: Cell, entry: ResultEntry) -> Instruction {
    give(Command::RecordResult(ResultRecorded { cell, entry }))
}

pub(super) fn record(code: &str, period: &str, figure: &str) -> Instruction {
    record_entry(cell(code, period), entry(figure))
}

pub(super) fn terms(target: i64, minimum: Option<i64>) -> Terms {
    Terms {
        target: Target::AtLeast(domain::Decimal::whole(target)),
        minimum: minimum.map_or(Minimum::Unknown, |value| Minimum::Value(domain::Decimal::whole(value))),
    }
}

pub(super) fn key(code: &str, area_code: &str, owner: Owner) -> TargetKey {
    TargetKey { measure: measure(code), area: area(area_code), cohort: CohortId::all(), owner }
}

/// A target from a day on.
pub(super) fn target(key: TargetKey, from: &str, terms: Terms) -> Instruction {
    let span = Span { from: from.parse().unwrap(), to: None };
    give(Command::ChangeTarget(TargetChanged { key, span, terms, decision: "minute 7".to_owned() }))
}

pub(super) fn local_target(code: &str, target_value: i64, minimum: Option<i64>) -> Instruction {
    target(key(code, "K", Owner::Local), "2016-01-01", terms(target_value, minimum))
}

pub(super) fn definition(code: &str) -> Definition {
    Definition {
        measure: measure(code),
        title: format!("The {code}"),
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

pub(super) fn define(definition: Definition) -> Instruction {
    give(Command::DefineMeasure { definition, expect: Expect::Either })
}

pub(super) fn define_area(code: &str, parent: Option<&str>) -> Instruction {
    let parent = parent.map(area);
    let name = format!("Area {code}");
    give(Command::DefineArea(AreaDefined { area: area(code), name, level: AreaLevel::District, parent }))
}

pub(super) fn define_cohort(code: &str) -> Instruction {
    let cohort = CohortId::new(code).unwrap();
    let (name, description) = (format!("Cohort {code}"), String::new());
    give(Command::DefineCohort(CohortDefined { cohort, name, description }))
}

pub(super) fn row(code: &str) -> LayoutRow {
    LayoutRow { measure: measure(code), cohort: CohortId::all(), rated: true, owner: None }
}

/// Agrees on an action about a measure's figure of January 2018.
pub(super) fn agree(code: &str, text: &str, owner: &str, due: &str) -> Instruction {
    let (text, owner) = (text.to_owned(), owner.to_owned());
    give(Command::AgreeAction { cell: cell(code, "2018-01"), text, owner, due: due.parse().unwrap() })
}

pub(super) fn lay_out(rows: Vec<LayoutRow>) -> Instruction {
    give(Command::DefineScorecard(ScorecardDefinition {
        scorecard: ScorecardId::new("card").unwrap(),
        title: "The card".to_owned(),
        committee: "Cabinet".to_owned(),
        layout: Layout { sections: vec![Section { title: "All".to_owned(), rows }] },
        remit: Remit::default(),
    }))
}

pub(super) fn question(period_code: &str) -> Question {
    Question { scorecard: ScorecardId::new("card").unwrap(), period: period(period_code), area: area("K") }
}

pub(super) fn direction_method(method: &str, from: &str) -> Instruction {
    let (rule, from) = (RuleId::new(method).unwrap(), from.parse().unwrap());
    give(Command::AdoptDirectionMethod(RuleAdopted { rule, measure: None, from }))
}

pub(super) fn digest(bytes: &[u8]) -> Digest {
    let mut digest = [0_u8; 32];
    for (at, byte) in bytes.iter().enumerate() {
        digest[at % 32] = digest[at % 32].wrapping_mul(31).wrapping_add(*byte);
    }
    Digest(digest)
}

/// No identifier: what is tested here reads none.
fn unidentified(_: SubmissionId, _: u64) -> EventId {
    EventId([0; 16])
}

impl Rig {
    /// Every record, in order.
    pub(super) fn records(&self) -> Vec<Recorded> {
        self.records.clone()
    }

    /// Opened on 1 January 2016 with the areas E, K in it and D in that, the cohorts `all` and `some`, monthly measures
    /// `one` and `two`, and a scorecard of both.
    pub(super) fn new() -> Self {
        let mut rig = Self { book: Book::default(), records: Vec::new(), n_submissions: 0, now: noon("2016-01-01") };
        let opened = LogOpened {
            log: LogId([1; 16]),
            authority: area("K"),
            time_zone: "Europe/London".to_owned(),
            format: FORMAT,
        };
        let adopt =
            |rule| RuleAdopted { rule: RuleId::new(rule).unwrap(), measure: None, from: Date::constant(1, 1, 1) };
        let opening = Book::opening(opened, adopt("kent.1"), adopt("previous-reported.1"));
        let drafts = opening.into_iter().map(Draft::bare).collect();
        rig.append(rig.submission(Vec::new()).records(drafts, rig.book.head(), rig.now, unidentified));
        rig.put_in(vec![
            define_area("E", None),
            define_area("K", Some("E")),
            define_area("D", Some("K")),
            define_cohort("all"),
            define_cohort("some"),
            define(definition("one")),
            define(definition("two")),
            lay_out(vec![row("one"), row("two")]),
        ]);
        rig
    }

    fn submission(&self, instructions: Vec<Instruction>) -> Submission {
        Submission {
            id: SubmissionId([self.n_submissions; 16]),
            digest: Digest([self.n_submissions; 32]),
            actor: Actor { id: ActorId::new("officer").unwrap(), authenticated: true },
            files: Vec::new(),
            instructions,
        }
    }

    /// From now on it is noon of this day, or later.
    pub(super) fn on(&mut self, day: &str) -> &mut Self {
        self.now = self.now.max(noon(day));
        self
    }

    /// From now on it is this instant, or later.
    pub(super) fn at(&mut self, instant: &str) -> &mut Self {
        self.now = self.now.max(instant.parse().unwrap());
        self
    }

    /// Puts in what nothing is refused of.
    #[track_caller]
    pub(super) fn put_in(&mut self, instructions: Vec<Instruction>) -> SubmissionId {
        self.put_in_with(&[], instructions)
    }

    /// The same, with files of these names.
    #[track_caller]
    pub(super) fn put_in_with(&mut self, files: &[&str], instructions: Vec<Instruction>) -> SubmissionId {
        let file = |name: &&str| {
            let layout = "scorebook-targets.1".to_owned();
            let source = Source { name: (*name).to_owned(), sha256: digest(b""), size: 0, layout, stored: false };
            SubmittedFile { source, bytes: Vec::new() }
        };
        let submission = Submission { files: files.iter().map(file).collect(), ..self.submission(instructions) };
        let decision = self.book.decide(&submission, self.now, digest);
        assert_eq!(decision.rejected, []);
        self.append(submission.commit(&decision.drafts, self.book.head(), self.now, unidentified));
        submission.id
    }

    fn append(&mut self, commit: Vec<Recorded>) {
        for record in commit {
            self.book.apply(&record).unwrap();
            self.records.push(record);
        }
        self.n_submissions += 1;
        self.now = self.now.next();
    }

    /// What nothing is refused of would do, as known on a day, or as everything stands.
    #[track_caller]
    pub(super) fn review(&self, day: Option<&str>, instructions: Vec<Instruction>) -> Review {
        let mut release = Release::default();
        for instruction in &instructions {
            let (Command::RollBackSubmission(id) | Command::ReinstateSubmission(id)) = &instruction.command else {
                continue;
            };
            let of_it = self.records.iter().filter(|record| record.attribution.submission == *id);
            of_it.for_each(|record| release.add(&record.event));
        }
        let instructions = match day {
            Some(day) => instructions.into_iter().map(|it| known(day, it)).collect(),
            None => instructions,
        };
        let submission = self.submission(instructions);
        let decision = self.book.decide(&submission, self.now, digest);
        assert_eq!(decision.rejected, []);
        let drafts = submission.drafts(&decision.drafts);
        for draft in &drafts {
            release.add(&draft.event);
        }
        let mut supposed = self.book.excerpt(release.measures());
        supposed.suppose(&submission, drafts, self.now).unwrap();
        let bounds = |position| AsOf { known_at: day.map(noon), position };
        review(&supposed, &release, bounds(self.book.head()), bounds(Position::MAX))
    }

    /// The book that would be, with what is shown of `one` and `two` alone.
    #[track_caller]
    pub(super) fn supposed(&self, instructions: Vec<Instruction>) -> Book {
        let submission = self.submission(instructions);
        let decision = self.book.decide(&submission, self.now, digest);
        assert_eq!(decision.rejected, []);
        let measures = ["one", "two"].map(measure).into();
        let mut supposed = self.book.excerpt_with_scorecards(&measures);
        supposed.suppose(&submission, submission.drafts(&decision.drafts), self.now).unwrap();
        supposed
    }

    pub(super) fn card(&self, period: &str, as_of: AsOf) -> Scorecard {
        scorecard(&self.book, &question(period), as_of).unwrap()
    }

    /// The card of one period as of two times.
    pub(super) fn compare(&self, period: &str, before: AsOf, after: AsOf) -> Comparison {
        let side = |as_of| Side { view: None, question: question(period), as_of };
        comparison::compare(&self.book, &side(before), &side(after)).unwrap()
    }

    /// The first row of a measure.
    pub(super) fn row(&self, code: &str, period: &str, as_of: AsOf) -> Row {
        let rows = self.card(period, as_of).sections.into_iter().flat_map(|section| section.rows);
        rows.into_iter().find(|row| row.cell.series.measure.as_str() == code).unwrap()
    }

    /// A row as `period: figure`.
    pub(super) fn shown(&self, code: &str, period: &str) -> String {
        let row = self.row(code, period, NOW);
        let figure = row.result.map_or("nothing".to_owned(), |result| result.display);
        format!("{}: {figure}", row.cell.period.code())
    }
}
