//! The canonical text of an answer, which is hashed and compared with the expected one: the README of the peers says how.

use std::fmt::Write as _;

use domain::{Date, Minimum, Period, Target, Terms};

use crate::answers::{RatedCell, TargetChange, tenths};
use crate::questions::Card;

pub(crate) fn scorecard(question: &Card, cells: &[RatedCell]) -> String {
    assert_eq!(cells.len(), question.n_cells(), "every cell is in the answer");
    let mut text = String::new();
    for ((measure, area, period), cell) in question.keys().zip(cells) {
        let RatedCell { tenths, terms, rating, direction } = *cell;
        let (value, terms) = (number(tenths), in_columns(terms));
        line(&mut text, &format!("{measure}|{area}|{}|{value}|{terms}|{rating}|{direction}", period.code()));
    }
    text
}

pub(crate) fn differences(question: &Card, changed: &[(usize, RatedCell, RatedCell)]) -> String {
    let mut text = String::new();
    let keys: Vec<_> = question.keys().collect();
    for (at, one, two) in changed {
        let (measure, area, period) = keys.get(*at).expect("a cell of the question");
        let values = format!("{}|{}", number(one.tenths), number(two.tenths));
        let terms = format!("{}|{}", in_columns(one.terms), in_columns(two.terms));
        let judged = format!("{}|{}|{}|{}", one.rating, two.rating, one.direction, two.direction);
        line(&mut text, &format!("{measure}|{area}|{}|{values}|{terms}|{judged}", period.code()));
    }
    text
}

pub(crate) fn targets(changes: &[TargetChange]) -> String {
    let mut text = String::new();
    for change in changes {
        let (event, actor) = change.reason.split_once(' ').expect("an event and its actor");
        let first = month(change.from);
        let last = month(change.to.yesterday().expect("a day before"));
        let (numbers, polarity) = in_parts(change.terms);
        let known_at = format!("{:.6}", change.known_at);
        let decision = &change.decision;
        line(&mut text, &format!("{event}|{known_at}|{first}|{last}|{polarity}|{numbers}|{actor}|{decision}"));
    }
    text
}

/// Of Q5: a cell without its terms.
pub(crate) fn everything(question: &Card, cells: &[RatedCell]) -> String {
    assert_eq!(cells.len(), question.n_cells(), "every cell is in the answer");
    let mut text = String::new();
    for ((measure, area, period), cell) in question.keys().zip(cells) {
        let value = number(cell.tenths);
        line(&mut text, &format!("{measure}|{area}|{}|{value}|{}|{}", period.code(), cell.rating, cell.direction));
    }
    text
}

fn line(text: &mut String, words: &str) {
    text.push_str(words);
    text.push('\n');
}

fn month(day: Date) -> String {
    Period::month(day.year(), day.month()).expect("a month").code()
}

fn number(tenths: Option<i64>) -> String {
    let mut text = String::new();
    if let Some(tenths) = tenths {
        let sign = if tenths < 0 { "-" } else { "" };
        let size = tenths.unsigned_abs();
        write!(text, "{sign}{}.{}", size / 10, size % 10).expect("a text grows");
    }
    text
}

/// Four numbers and the polarity, or five empty fields.
fn in_columns(terms: Option<Terms>) -> String {
    terms.map_or_else(
        || "||||".to_owned(),
        |terms| {
            let (numbers, polarity) = in_parts(terms);
            format!("{numbers}|{polarity}")
        },
    )
}

fn in_parts(terms: Terms) -> (String, &'static str) {
    let (low, high, polarity) = match terms.target {
        Target::AtLeast(value) => (value, None, "higher"),
        Target::AtMost(value) => (value, None, "lower"),
        Target::Within { low, high } => (low, Some(high), "range"),
        Target::MoreThan(_) | Target::LessThan(_) => panic!("the workload has no strict target"),
    };
    let (minimum, minimum_high) = match terms.minimum {
        Minimum::Value(value) => (value, None),
        Minimum::Within { low, high } => (low, Some(high)),
        Minimum::Unknown => panic!("the workload has a minimum standard with every target"),
    };
    let of = |value: Option<domain::Decimal>| number(value.map(tenths));
    (format!("{}|{}|{}|{}", of(Some(low)), of(high), of(Some(minimum)), of(minimum_high)), polarity)
}
