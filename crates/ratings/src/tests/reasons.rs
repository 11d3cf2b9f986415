use domain::RuleId;
use domain::measure::{Definition, MeasureKind, Polarity};
use domain::result::Colour::{Amber, Green, Red};
use domain::result::{Figure, Missing, Status};
use domain::target::{Minimum, Target};

use super::{counted, counting, decimal, entry, floor, floors, kent, measure, rating, stated, subject, terms, within};
use crate::rating::RULES;
use crate::{Contradiction, KENT, NotRated, Rating, Subject, contradiction, rate, rule_is_known};

const MISSING: [Missing; 7] = [
    Missing::Confidential,
    Missing::NotApplicable,
    Missing::Unavailable,
    Missing::Low,
    Missing::Unreliable,
    Missing::NotSupplied,
    Missing::KnownNotToExist,
];

#[track_caller]
fn reason(rule: &RuleId, subject: &Subject<'_>) -> NotRated {
    match rate(rule, subject) {
        Rating::NotRated(reason) => reason,
        Rating::Rated(colour) => panic!("rated {colour:?}"),
    }
}

/// All reasons, in the documented order; of the missing figures' only the first.
const DOCUMENTED: [NotRated; 12] = [
    NotRated::UnknownRule,
    NotRated::ShownOnly,
    NotRated::WithdrawnMeasure,
    NotRated::ActivityMeasure,
    NotRated::NoPolarity,
    NotRated::NoResult,
    NotRated::Missing(Missing::Confidential),
    NotRated::Forecast,
    NotRated::NoTarget,
    NotRated::UnfitTarget,
    NotRated::NotDivisible,
    NotRated::NoMinimumStandard,
];

/// Begins with a subject to which every reason applies and takes away one after the other.
#[test]
fn where_several_reasons_apply_the_first_of_the_documented_order_is_given() {
    let unknown = RuleId::new("kent.2").unwrap();
    let undirected = counting("pupils", Polarity::None);
    let kind = MeasureKind::Activity { expected: None };
    let activity = Definition { kind, ..undirected.clone() };
    let higher = measure(Polarity::Higher, 1);
    let fits = terms(Target::AtLeast(decimal("85")), Minimum::Unknown);
    let misfits = terms(Target::AtMost(decimal("85")), Minimum::Unknown);
    let mut missing = entry(Figure::Missing(Missing::Confidential));
    missing.status = Status::Forecast;
    let mut forecast = counted(1, 0);
    forecast.status = Status::Forecast;
    let (undivided, short) = (counted(1, 0), stated("84.9"));

    let mut s = Subject { definition: &activity, entry: None, terms: None, withdrawn: true, shown_only: true };
    let mut found = vec![reason(&unknown, &s), reason(&kent(), &s)];
    s.shown_only = false;
    found.push(reason(&kent(), &s));
    s.withdrawn = false;
    found.push(reason(&kent(), &s));
    for definition in [&undirected, &higher] {
        s.definition = definition;
        found.push(reason(&kent(), &s));
    }
    for entry in [&missing, &forecast, &undivided] {
        s.entry = Some(entry);
        found.push(reason(&kent(), &s));
    }
    for terms in [misfits, fits] {
        s.terms = Some(terms);
        found.push(reason(&kent(), &s));
    }
    s.entry = Some(&short);
    found.push(reason(&kent(), &s));
    assert_eq!(found, DOCUMENTED);
    assert!(DOCUMENTED.is_sorted());
}

#[test]
fn every_missing_figure_keeps_its_own_reason() {
    for missing in MISSING {
        let definition = measure(Polarity::Higher, 1);
        let found =
            rating(&definition, &entry(Figure::Missing(missing)), terms(Target::AtLeast(decimal("85")), floor("60")));
        assert_eq!(found, Rating::NotRated(NotRated::Missing(missing)));
    }
}

#[test]
fn codes_and_reasons_are_all_different() {
    let all: Vec<_> = DOCUMENTED.into_iter().chain(MISSING.into_iter().skip(1).map(NotRated::Missing)).collect();
    for (words, kebab) in [(true, false), (false, true)] {
        let mut seen: Vec<_> = all.iter().map(|r| if words { r.reason() } else { r.code() }).collect();
        assert!(!kebab || seen.iter().all(|s| s.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), all.len());
    }
    assert_eq!(NotRated::NoMinimumStandard.reason(), "no minimum standard");
    assert_eq!(NotRated::NoMinimumStandard.code(), "no-minimum-standard");
}

#[test]
fn a_target_of_another_polarity_is_never_judged_by() {
    let unfit = Rating::NotRated(NotRated::UnfitTarget);
    let at_least = Target::AtLeast(decimal("10"));
    let at_most = Target::AtMost(decimal("10"));
    for (polarity, target) in [
        (Polarity::Higher, at_most),
        (Polarity::Higher, Target::LessThan(decimal("10"))),
        (Polarity::Higher, within("1", "20")),
        (Polarity::Lower, at_least),
        (Polarity::Lower, Target::MoreThan(decimal("10"))),
        (Polarity::Lower, within("1", "20")),
        (Polarity::Range, at_least),
        (Polarity::Range, at_most),
    ] {
        assert_eq!(rating(&measure(polarity, 0), &stated("10"), terms(target, floor("10"))), unfit);
    }
    assert_eq!(rating(&measure(Polarity::Higher, 0), &stated("9"), terms(at_least, floors("1", "20"))), unfit);
    assert_eq!(rating(&measure(Polarity::Range, 0), &stated("9"), terms(within("10", "20"), floor("1"))), unfit);
}

#[test]
fn every_status_but_a_forecast_is_rated() {
    let definition = measure(Polarity::Higher, 1);
    for (status, rated) in [
        (Status::Provisional, true),
        (Status::Revised, true),
        (Status::Final, true),
        (Status::Estimated, true),
        (Status::CarriedForward, true),
        (Status::NotStated, true),
        (Status::Forecast, false),
    ] {
        let mut result = stated("90");
        result.status = status;
        let found = rating(&definition, &result, terms(Target::AtLeast(decimal("85")), floor("60")));
        assert_eq!(found.colour().is_some(), rated, "{status:?}");
    }
}

#[test]
fn only_rules_of_this_program_are_known() {
    for rule in RULES {
        assert!(rule_is_known(&RuleId::new(rule).unwrap()), "{rule}");
    }
    for rule in ["kent", "kent.2", "KENT.1", "kent.1.1", "havering.1"] {
        let rule = RuleId::new(rule).unwrap();
        let (definition, result) = (measure(Polarity::Higher, 1), stated("90"));
        assert!(!rule_is_known(&rule), "{rule}");
        let subject = subject(&definition, &result, terms(Target::AtLeast(decimal("85")), floor("60")));
        assert_eq!(reason(&rule, &subject), NotRated::UnknownRule);
    }
    assert_eq!(KENT, "kent.1");
}

#[test]
fn a_printed_colour_contradicts_only_another_computed_one() {
    let amber = Rating::Rated(Amber);
    let found = contradiction(amber, Some(Red)).unwrap();
    assert_eq!(found, Contradiction { computed: Amber, stated: Red });
    assert_eq!(found.to_string(), "the source printed Red, but the rule gives Amber");
    assert_eq!(contradiction(amber, Some(Amber)), None);
    assert_eq!(contradiction(amber, None), None);
    assert_eq!(contradiction(Rating::NotRated(NotRated::NoTarget), Some(Green)), None);
}

#[test]
fn a_colour_that_a_source_printed_is_never_judged_by() {
    let definition = measure(Polarity::Higher, 1);
    for printed in [None, Some(Green), Some(Amber), Some(Red)] {
        let mut result = stated("70");
        result.stated_colour = printed;
        let found = rating(&definition, &result, terms(Target::AtLeast(decimal("85")), floor("60")));
        assert_eq!(found, Rating::Rated(Amber));
    }
}
