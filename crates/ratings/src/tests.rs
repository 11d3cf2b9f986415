//! What the tests share: short ways to write a measure, a figure, a target and a rule.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers are small; an overflow fails the test")]

use domain::measure::{Basis, Content, Definition, Frequency, MeasureKind, Polarity, Unit};
use domain::period::YearType;
use domain::result::{Figure, ResultEntry, Status};
use domain::target::{Minimum, Target, Terms};
use domain::{Decimal, Exact, MeasureId, RuleId};

use crate::{KENT, Rating, Subject, rate};

mod accuracy;
mod averages;
mod directions;
mod edges;
mod explanations;
mod explanations_not_rated;
mod floors;
mod gaps;
mod oracle;
mod reasons;
mod yardsticks;

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

fn exact(text: &str) -> Exact {
    decimal(text).exact()
}

fn kent() -> RuleId {
    RuleId::new(KENT).unwrap()
}

fn measure(polarity: Polarity, decimal_places: u8) -> Definition {
    Definition {
        measure: MeasureId::new("CYPE1").unwrap(),
        title: "A measure".to_owned(),
        kind: MeasureKind::Indicator,
        unit: Unit::percent(),
        decimal_places,
        polarity,
        frequency: Frequency::Monthly,
        basis: Basis::SinglePeriod,
        year_type: YearType::Financial,
        definition: Content::Inline(String::new()),
        data_source: String::new(),
        owner: String::new(),
    }
}

fn counting(what: &str, polarity: Polarity) -> Definition {
    Definition { unit: Unit { label: what.to_owned(), multiplier: 1 }, ..measure(polarity, 0) }
}

fn entry(figure: Figure) -> ResultEntry {
    ResultEntry {
        figure,
        status: Status::Final,
        stated_colour: None,
        stated_previous: None,
        source_text: String::new(),
    }
}

fn stated(value: &str) -> ResultEntry {
    entry(Figure::Stated { value: decimal(value), denominator: None })
}

fn counted(numerator: i64, denominator: i64) -> ResultEntry {
    entry(Figure::Counted {
        numerator: Decimal::whole(numerator),
        denominator: Decimal::whole(denominator),
        stated: None,
    })
}

fn within(low: &str, high: &str) -> Target {
    Target::Within { low: decimal(low), high: decimal(high) }
}

fn floor(value: &str) -> Minimum {
    Minimum::Value(decimal(value))
}

fn floors(low: &str, high: &str) -> Minimum {
    Minimum::Within { low: decimal(low), high: decimal(high) }
}

fn terms(target: Target, minimum: Minimum) -> Terms {
    Terms { target, minimum }
}

fn subject<'a>(definition: &'a Definition, entry: &'a ResultEntry, terms: Terms) -> Subject<'a> {
    Subject { definition, entry: Some(entry), terms: Some(terms), withdrawn: false, shown_only: false }
}

fn rating(definition: &Definition, entry: &ResultEntry, terms: Terms) -> Rating {
    rate(&kent(), &subject(definition, entry, terms))
}
