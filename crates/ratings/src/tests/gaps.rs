//! How far a figure is from its target, and by how much that moved.

use domain::Exact;
use domain::measure::Polarity;
use domain::target::{Minimum, Target};

use super::{decimal, exact, floor, floors, measure, terms, within};
use crate::gap::Gap;

/// By how much the gap to the target moves from one value and target to another.
#[track_caller]
fn check(polarity: Polarity, (before, after): (Target, Target), (was, is): (Exact, Exact), by: Option<&str>) {
    let definition = measure(polarity, 1);
    let gap = |target, value| Gap::to_target(&definition, terms(target, Minimum::Unknown), value);
    let moved = gap(after, is).zip(gap(before, was)).and_then(|(after, before)| after.since(&before));
    let shown = moved.map(|it| format!("{}{}", if it.rounded { "about " } else { "" }, it.by));
    assert_eq!(shown.as_deref(), by);
}

fn same<T: Copy>(value: T) -> (T, T) {
    (value, value)
}

#[test]
fn what_is_better_widens_the_gap_by_polarity() {
    let (least, most) = (Target::AtLeast(decimal("80")), Target::LessThan(decimal("22")));
    check(Polarity::Higher, same(least), (exact("78.25"), exact("79.5")), Some("1.25"));
    check(Polarity::Higher, (least, Target::MoreThan(decimal("75"))), same(exact("78")), Some("5"));
    check(Polarity::Lower, same(most), (exact("23"), exact("20.5")), Some("2.5"));
    check(Polarity::Lower, (most, Target::AtMost(decimal("20.0"))), same(exact("21")), Some("-2"));
}

#[test]
fn a_range_is_as_far_as_its_nearer_end() {
    let range = within("10", "20");
    check(Polarity::Range, same(range), (exact("8"), exact("11")), Some("3"));
    check(Polarity::Range, same(range), (exact("19"), exact("23")), Some("-4"));
    check(Polarity::Range, (range, within("12", "20")), same(exact("15")), Some("-2"));
}

#[test]
fn thirds_are_rounded_and_say_so() {
    let least = Target::AtLeast(decimal("80"));
    let thirds = |n: &str| Exact::ratio(decimal(n), decimal("3"), 100).unwrap();
    check(Polarity::Higher, same(least), (thirds("1"), thirds("2")), Some("about 33.333333"));
    check(Polarity::Higher, same(least), (thirds("1"), thirds("1")), Some("0"));
}

#[test]
fn what_does_not_suit_has_no_gap() {
    check(Polarity::Lower, same(Target::AtLeast(decimal("80"))), same(exact("1")), None);
    check(Polarity::None, same(Target::AtLeast(decimal("80"))), same(exact("1")), None);
}

#[test]
fn the_minimum_standard_has_a_gap_of_its_own() {
    let moved = |polarity, before, after, value: &str| {
        let definition = measure(polarity, 1);
        let gap = |minimum| Gap::to_minimum(&definition, terms(within("4", "6"), minimum), exact(value));
        Some(gap(after)?.since(&gap(before)?)?.by.to_string())
    };
    assert_eq!(moved(Polarity::Higher, floor("60"), floor("55"), "58").as_deref(), Some("5"));
    assert_eq!(moved(Polarity::Lower, floor("20"), floor("18"), "19").as_deref(), Some("-2"));
    assert_eq!(moved(Polarity::Range, floors("1", "9"), floors("2", "9"), "1.5").as_deref(), Some("-1"));
    assert_eq!(moved(Polarity::Higher, Minimum::Unknown, floor("55"), "58"), None);
}
