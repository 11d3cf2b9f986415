use domain::event::TargetChanged;
use domain::{Command, Decimal, Minimum, Owner, Period, Target};

use crate::tests::{check_refused, command, row, with};
use crate::{Defaults, parse};

const TARGET: [(&str, &str); 8] = [
    ("measure", "ehcp-20-weeks"),
    ("area", "E10000016"),
    ("from", "FY2018"),
    ("to", "FY2018"),
    ("comparison", "at-least"),
    ("target", "95"),
    ("decision", "minute 12"),
    ("reason", "as agreed"),
];

const RANGE: [(&str, &str); 10] = [
    ("measure", "plans"),
    ("area", "E10000016"),
    ("from", "FY2018"),
    ("comparison", "within"),
    ("target", "17.5"),
    ("target_high", "22.5"),
    ("minimum", "15"),
    ("minimum_high", "25"),
    ("decision", "minute 12"),
    ("reason", "as agreed"),
];

fn number(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

#[track_caller]
fn changed(fields: &[(&str, &str)]) -> TargetChanged {
    match command(&row(fields)) {
        Command::ChangeTarget(changed) => changed,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_target_is_set_for_its_span() {
    let read = changed(&TARGET);
    assert_eq!(
        (read.key.measure.as_str(), read.key.area.as_str(), read.key.cohort.as_str()),
        ("ehcp-20-weeks", "E10000016", "all")
    );
    assert_eq!((read.key.owner, read.decision.as_str()), (Owner::Local, "minute 12"));
    assert_eq!((read.terms.target, read.terms.minimum), (Target::AtLeast(number("95")), Minimum::Unknown));
    assert_eq!(
        (read.span.from.to_string().as_str(), read.span.to.unwrap().to_string().as_str()),
        ("2018-04-01", "2019-04-01")
    );
    assert!(read.span.holds(Period::month(2019, 3).unwrap()));
    assert_eq!(changed(&with(&TARGET, "to", "")).span.to, None);
    assert_eq!(changed(&with(&TARGET, "to", "Mar 2019")).span, read.span);
}

#[test]
fn every_comparison_and_owner_is_read() {
    let n = number("95");
    for (word, target) in [
        ("at-least", Target::AtLeast(n)),
        ("more-than", Target::MoreThan(n)),
        ("at-most", Target::AtMost(n)),
        ("less-than", Target::LessThan(n)),
    ] {
        let read = changed(&with(&with(&TARGET, "comparison", word), "minimum", "95"));
        assert_eq!((read.terms.target, read.terms.minimum), (target, Minimum::Value(n)), "{word}");
    }
    for (word, owner) in
        [("", Owner::Local), ("local", Owner::Local), ("service", Owner::Service), ("national", Owner::National)]
    {
        assert_eq!(changed(&with(&TARGET, "owner", word)).key.owner, owner);
    }
    assert_eq!(changed(&with(&TARGET, "cohort", "excluding-uasc")).key.cohort.as_str(), "excluding-uasc");
}

#[test]
fn a_range_has_two_ends() {
    let read = changed(&RANGE);
    assert_eq!(read.terms.target, Target::Within { low: number("17.5"), high: number("22.5") });
    assert_eq!(read.terms.minimum, Minimum::Within { low: number("15"), high: number("25") });
    let open = with(&with(&RANGE, "minimum", ""), "minimum_high", "");
    assert_eq!(changed(&open).terms.minimum, Minimum::Unknown);
    check_refused(
        &RANGE,
        &[
            ("target_high", "", "target_high: is empty; give both ends of the range"),
            ("target_high", "17.4", "the range ends below where it begins: 17.5 to 17.4; exchange the two ends"),
            ("minimum_high", "", "give both minimum and minimum_high, or neither"),
            ("minimum", "", "give both minimum and minimum_high, or neither"),
            ("minimum", "17.6", "the minimum standard 17.6 is better than the target 17.5"),
        ],
    );
}

#[test]
fn the_comparison_none_withdraws_a_target() {
    let none = with(&with(&TARGET, "comparison", "none"), "target", "");
    let Command::WithdrawTarget(read) = command(&row(&none)) else { panic!("no withdrawal") };
    assert_eq!((read.key.measure.as_str(), read.decision.as_str()), ("ehcp-20-weeks", "minute 12"));
    check_refused(
        &none,
        &[
            ("target", "95", "stands beside the comparison none, which withdraws the target; leave it empty"),
            ("minimum", "95", "stands beside the comparison none"),
            ("decision", "", "decision: is empty"),
        ],
    );
}

#[test]
fn a_target_that_is_not_well_said_is_refused() {
    check_refused(
        &TARGET,
        &[
            ("measure", "", "measure: is empty"),
            ("area", "Kent County", "is not a code"),
            ("cohort", "a/b", "is not a code"),
            ("owner", "council", "local, service, national"),
            ("from", "", "from: is empty"),
            ("from", "2018/19", "write FY2018 for the financial year or AY2018"),
            ("to", "FY2017", "\"FY2017\" ends before FY2018 begins; give a later period, or leave it open"),
            ("comparison", "", "comparison: is empty"),
            ("comparison", "atleast", "write at-least if that is meant"),
            ("target", "", "target: is empty; give the target's number, or the comparison none"),
            ("target", "95%", "has a per cent sign; write the number alone"),
            ("target_high", "96", "is for the comparison within alone"),
            ("minimum", "96", "\"96\" cannot stand: the minimum standard 96 is better than the target 95"),
            ("minimum", "about 90", "is not a number"),
            ("minimum_high", "96", "is for the comparison within alone"),
            ("decision", "", "decision: is empty"),
            ("reason", "", "reason: is empty; say why"),
        ],
    );
}

#[test]
fn the_submission_may_give_the_reason() {
    let mut defaults = Defaults::default();
    defaults.why.reason = "agreed in the plan".to_owned();
    let silent: Vec<_> = TARGET.iter().copied().filter(|(column, _)| *column != "reason").collect();
    let parsed = parse("targets.csv", 0, row(&silent).as_bytes(), &defaults);
    assert_eq!((parsed.n_refused, parsed.instructions[0].why.reason.as_str()), (0, "agreed in the plan"));
}
