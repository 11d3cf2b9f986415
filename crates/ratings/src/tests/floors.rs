use domain::measure::Polarity::{self, Higher, Lower, Range};
use domain::result::Colour::{self, Amber, Green, Red};
use domain::result::{Figure, Missing, Status};
use domain::target::{Minimum, Target};
use proptest::prelude::*;

use super::{counted, counting, decimal, entry, floor, floors, measure, rating, stated, terms, within};
use crate::Rating::Rated;
use crate::implied_minimum;

/// Paragraph, polarity, value, target, printed colour, the constraint, then standards at and on both sides of it.
type Row =
    (&'static str, Polarity, &'static str, &'static str, Colour, &'static str, [&'static str; 2], [&'static str; 1]);

/// Source: Kent County Council, Children's, Young People and Education Cabinet Committee, 29 November 2018, the
/// Amber and Red indicators that were printed with a target and without a minimum standard.
const PRINTED: [Row; 12] = [
    ("3.14", Higher, "96.3", "98.0", Amber, "96.3% or less", ["96.3", "96.2"], ["96.4"]),
    ("3.15", Lower, "2.6", "2.5", Amber, "2.6% or more", ["2.6", "2.7"], ["2.55"]),
    ("3.18", Higher, "84.3", "85.0", Amber, "84.3% or less", ["84.30", "80"], ["84.31"]),
    ("3.19", Higher, "64.7", "65.0", Amber, "64.7% or less", ["64.7", "0"], ["64.8"]),
    ("3.20", Higher, "74.0", "75.0", Amber, "74.0% or less", ["74", "73.99"], ["74.01"]),
    ("3.21", Higher, "84.9", "85.0", Amber, "84.9% or less", ["84.9", "84.8"], ["84.95"]),
    ("3.22", Lower, "15.4", "15", Amber, "15.4% or more", ["15.4", "16"], ["15.3"]),
    ("3.23", Lower, "21.5", "18", Amber, "21.5% or more", ["21.5", "22"], ["21.4"]),
    ("3.24", Higher, "65.6", "80", Red, "more than 65.6%", ["65.7", "80"], ["65.6"]),
    ("3.25", Higher, "43.4", "95", Red, "more than 43.4%", ["43.5", "60"], ["43.4"]),
    ("3.26", Lower, "22", "12", Red, "less than 22.0%", ["21.9", "12"], ["22"]),
    ("3.27", Higher, "72.0", "82", Red, "more than 72.0%", ["72.1", "82"], ["72.0"]),
];

fn goal(polarity: Polarity, value: &str) -> Target {
    if polarity == Lower { Target::AtMost(decimal(value)) } else { Target::AtLeast(decimal(value)) }
}

#[test]
fn a_printed_colour_constrains_the_unprinted_minimum_standard() {
    for (paragraph, polarity, value, target, colour, words, accepted, refused) in PRINTED {
        let (definition, result, target) = (measure(polarity, 1), stated(value), goal(polarity, target));
        let implied = implied_minimum(&definition, &result, target, colour).expect(paragraph);
        assert_eq!(implied.words(&definition), words, "{paragraph}");
        for minimum in accepted {
            assert!(implied.accepts(floor(minimum)), "{paragraph} {minimum}");
            assert_eq!(rating(&definition, &result, terms(target, floor(minimum))), Rated(colour), "{paragraph}");
        }
        for minimum in refused {
            assert!(!implied.accepts(floor(minimum)), "{paragraph} {minimum}");
            assert_ne!(rating(&definition, &result, terms(target, floor(minimum))), Rated(colour), "{paragraph}");
        }
        assert!(!implied.accepts(Minimum::Unknown), "{paragraph}");
        assert!(!implied.accepts(floors("0", "100")), "{paragraph}");
    }
}

#[test]
fn counts_constrain_by_their_exact_ratio() {
    let definition = measure(Higher, 1);
    let target = Target::AtLeast(decimal("95"));
    let implied = implied_minimum(&definition, &counted(759, 1_747), target, Red).unwrap();
    assert!(!implied.accepts(floor("43.4")), "759 of 1,747 is 43.446…, which meets 43.4");
    assert!(implied.accepts(floor("43.45")));
}

#[test]
fn a_range_is_constrained_at_both_ends() {
    let definition = measure(Range, 1);
    let target = within("17.5", "22.5");
    let amber = implied_minimum(&definition, &stated("16"), target, Amber).unwrap();
    assert_eq!(amber.words(&definition), "a range with 16.0% inside");
    assert!(amber.accepts(floors("16", "25")) && !amber.accepts(floors("16.1", "25")));
    assert!(!amber.accepts(floor("16")));
    let red = implied_minimum(&definition, &stated("26"), target, Red).unwrap();
    assert_eq!(red.words(&definition), "a range with 26.0% outside");
    assert!(red.accepts(floors("15", "25.9")) && !red.accepts(floors("15", "26")));
}

#[test]
fn what_does_not_hang_on_the_minimum_standard_implies_nothing() {
    let definition = measure(Higher, 1);
    let target = Target::AtLeast(decimal("85"));
    let none = |entry, colour| assert_eq!(implied_minimum(&definition, &entry, target, colour), None);
    none(stated("80"), Green);
    none(stated("85"), Amber);
    none(stated("90"), Red);
    none(entry(Figure::Missing(Missing::Confidential)), Red);
    none(counted(1, 0), Red);
    let mut forecast = stated("70");
    forecast.status = Status::Forecast;
    none(forecast, Red);
    assert_eq!(implied_minimum(&counting("pupils", Polarity::None), &stated("80"), target, Red), None);
    assert_eq!(implied_minimum(&measure(Lower, 1), &stated("80"), target, Red), None);
}

proptest! {
    #[test]
    fn a_minimum_standard_is_accepted_exactly_when_it_gives_the_colour(
        value in -300_i64..300, goal in -300_i64..300, minimum in -300_i64..300,
        lower in any::<bool>(), strict in any::<bool>(), red in any::<bool>(),
    ) {
        let number = |tenths| domain::Decimal::new(tenths, 1).unwrap();
        let (polarity, target) = match (lower, strict) {
            (false, false) => (Higher, Target::AtLeast(number(goal))),
            (false, true) => (Higher, Target::MoreThan(number(goal))),
            (true, false) => (Lower, Target::AtMost(number(goal))),
            (true, true) => (Lower, Target::LessThan(number(goal))),
        };
        let colour = if red { Red } else { Amber };
        let (definition, minimum) = (measure(polarity, 0), Minimum::Value(number(minimum)));
        let result = entry(Figure::Stated { value: number(value), denominator: None });
        let given = rating(&definition, &result, terms(target, minimum)) == Rated(colour);
        let accepted = implied_minimum(&definition, &result, target, colour).is_some_and(|i| i.accepts(minimum));
        prop_assert_eq!(given, accepted);
    }
}
