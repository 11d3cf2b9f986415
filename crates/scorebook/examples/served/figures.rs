//! What is put in.

use domain::command::Expect;
use domain::event::{AreaDefined, AreaLevel, ResultRecorded, TargetChanged};
use domain::measure::{Basis, Content, Definition, Frequency, MeasureKind, Polarity, Unit};
use domain::period::YearType;
use domain::result::{ResultEntry, Why};
use domain::target::{Owner, TargetKey};
use domain::{
    AreaId, Cell, CohortId, Command, Date, Decimal, Figure, Instruction, MeasureId, Minimum, Period, Series, Span,
    Status, Target, Terms,
};

fn area() -> AreaId {
    AreaId::new("E10000016").expect("a code")
}

/// How many measures there are, and of how many months each.
const N_MEASURES: i64 = 8;
const N_MONTHS: i64 = 1_200;

fn measure(number: i64) -> MeasureId {
    MeasureId::new(&format!("CYPE-{number}")).expect("a code")
}

fn instruction(command: Command) -> Instruction {
    let why = Why { reason: "benchmark".to_owned(), cause: None };
    Instruction { command, known_at: None, why, origin: None }
}

pub(crate) fn definitions() -> Vec<Instruction> {
    let defined = AreaDefined { area: area(), name: "Kent".to_owned(), level: AreaLevel::Authority, parent: None };
    let define = |number| {
        let definition = Definition {
            measure: measure(number),
            title: format!("measure {number}"),
            kind: MeasureKind::Indicator,
            unit: Unit::percent(),
            decimal_places: 1,
            polarity: Polarity::Higher,
            frequency: Frequency::Monthly,
            basis: Basis::Snapshot,
            year_type: YearType::Financial,
            definition: Content::Inline("what is measured".to_owned()),
            data_source: "a system".to_owned(),
            owner: "a service".to_owned(),
        };
        instruction(Command::DefineMeasure { definition, expect: Expect::New })
    };
    std::iter::once(instruction(Command::DefineArea(defined))).chain((0..N_MEASURES).map(define)).collect()
}

/// A target of 50 with a minimum standard of 40 for every measure, for all time.
pub(crate) fn targets() -> Vec<Instruction> {
    let tenths = |n| Decimal::new(n, 1).expect("a value");
    let terms = Terms { target: Target::AtLeast(tenths(500)), minimum: Minimum::Value(tenths(400)) };
    let span = Span { from: Date::constant(2000, 1, 1), to: None };
    let change = |number| {
        let key = TargetKey { measure: measure(number), area: area(), cohort: CohortId::all(), owner: Owner::Local };
        instruction(Command::ChangeTarget(TargetChanged { key, span, terms, decision: "a plan".to_owned() }))
    };
    (0..N_MEASURES).map(change).collect()
}

/// A figure, in tenths, of a cell of its own for each number from 0 to 9,599.
pub(crate) fn result(cell: i64, tenths: i64) -> Instruction {
    let month_number = cell % N_MONTHS;
    let (year, month) = (2014 + month_number / 12, month_number % 12 + 1);
    let year = i16::try_from(year).expect("a year");
    let period = Period::month(year, i8::try_from(month).expect("a month")).expect("a month");
    let series = Series { measure: measure(cell / N_MONTHS), area: area(), cohort: CohortId::all() };
    let value = Decimal::new(tenths, 1).expect("a value");
    let entry = ResultEntry {
        figure: Figure::Stated { value, denominator: None },
        status: Status::Final,
        stated_colour: None,
        stated_previous: None,
        source_text: String::new(),
    };
    instruction(Command::RecordResult(ResultRecorded { cell: Cell { series, period }, entry }))
}
