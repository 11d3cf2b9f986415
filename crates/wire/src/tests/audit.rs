//! What an auditor asks for: targets with what they judged, evidence, and what would be.

use domain::Period;
use domain::ids::{Digest, LogId, SubmissionId};
use domain::time::AsOf;
use ratings::{NotRated, Rating};
use reporting::answer::{Basis, Judged, JudgedPeriod, Provenance, TargetChangeAnswer, TargetHistory};

use super::given::{self, at, code, date};
use crate::answer::encode_target_history;
use crate::bounds::{Bounds, Place};
use crate::{evidence, v1, what_if};

const PLACE: Place = Place { log: LogId([7; 16]), chain: Digest([1; 32]) };

#[test]
fn a_backdated_change_says_both_days_and_what_it_judged_is_counted() {
    let period = JudgedPeriod {
        period: Period::parse("2018-09").unwrap(),
        display: "64.7%".to_owned(),
        rating: Rating::NotRated(NotRated::NoMinimumStandard),
        rule: code("kent.1"),
        judges: true,
        set_after_result: true,
        position: given::position(7),
    };
    let judged = Judged { n_judged: 1, n_met: 0, n_minimum_met: 0, periods: vec![period] };
    let backdated = Provenance {
        position: given::position(9),
        known_at: at("2018-04-01T10:00:00Z"),
        recorded_at: at("2019-03-12T10:00:00Z"),
        known_on: date("2018-04-01"),
        recorded_on: date("2019-03-12"),
        actor: code("mi-team"),
        authenticated: false,
        submission: SubmissionId([3; 16]),
        origin: None,
        reason: "agreed".to_owned(),
        cause: None,
    };
    let change = TargetChangeAnswer {
        key: given::key(),
        span: given::span(),
        terms: Some(given::terms()),
        display: "65% or more".to_owned(),
        minimum_display: None,
        decision: "minute 12".to_owned(),
        rolled_back: false,
        rolled_back_later: Some(date("2019-05-02")),
        standing: false,
        stands: Vec::new(),
        n_results_known_before: 1,
        judged: Some(judged),
        provenance: backdated,
    };
    let history = TargetHistory {
        definition: given::definition(),
        cohort: Some(code("excluding-uasc")),
        changes: vec![change],
        basis: Basis { as_of: AsOf::position(given::position(42)), n_backfilled: 1 },
    };
    let encoded = encode_target_history(history, PLACE);
    assert_eq!(encoded.cohort, "excluding-uasc");
    let change = &encoded.changes[0];
    assert_eq!(change.backdated_words, "recorded on 12 March 2019, said to be known on 1 April 2018");
    assert_eq!(change.later_words, "rolled back later, on 2 May 2019");
    let judged = change.judged.as_ref().unwrap();
    assert_eq!(judged.words, "of 1 result in its span, 0 met it, and 0 met the minimum standard");
    let period = &judged.periods[0];
    assert_eq!((period.rating(), period.not_rated_code.as_str()), (v1::Rating::NotRated, "no-minimum-standard"));
    assert_eq!((period.judges, period.set_after_result, period.position), (true, true, 7));
}

fn asks() -> v1::GetEvidenceRequest {
    v1::GetEvidenceRequest {
        measure: "ehcp-20-weeks".to_owned(),
        on: "2018-11-29".to_owned(),
        ..v1::GetEvidenceRequest::default()
    }
}

#[test]
fn evidence_is_of_what_was_known_by_the_end_of_its_day() {
    let as_of = Some(v1::AsOf { at_position: 7, ..v1::AsOf::default() });
    let asked = evidence::decode(v1::GetEvidenceRequest { as_of, ..asks() }).unwrap();
    assert_eq!((asked.on, asked.bounds.known_on), (date("2018-11-29"), Some(date("2018-11-29"))));
    assert_eq!((asked.bounds.at_position, asked.period, asked.cohort), (Some(given::position(7)), None, code("all")));
}

#[test]
fn evidence_without_a_day_or_with_two_is_refused() {
    let refused = |request| evidence::decode(request).unwrap_err().field;
    assert_eq!(refused(v1::GetEvidenceRequest { on: String::new(), ..asks() }), "on");
    let as_of = Some(v1::AsOf { known_on: "2018-11-28".to_owned(), ..v1::AsOf::default() });
    assert_eq!(refused(v1::GetEvidenceRequest { as_of, ..asks() }), "as_of.known_at");
    assert_eq!(refused(v1::GetEvidenceRequest { period: "soon".to_owned(), ..asks() }), "period");
}

#[test]
fn a_supposition_supposes_something_and_keeps_its_times_apart() {
    let asks = v1::WhatIfRequest {
        scorecard: "cype".to_owned(),
        period: "2018-09".to_owned(),
        ..v1::WhatIfRequest::default()
    };
    assert_eq!(what_if::decode(asks.clone()).unwrap_err().field, "targets_of");
    let now = Some(v1::AsOf::default());
    let rules = what_if::decode(v1::WhatIfRequest { rules_of: now, ..asks.clone() }).unwrap();
    assert_eq!((rules.rules_of, rules.neighbours_of, rules.targets_of), (Some(Bounds::default()), None, None));
    let next = what_if::decode(v1::WhatIfRequest { targets_for: "FY2019".to_owned(), ..asks.clone() }).unwrap();
    assert_eq!((next.targets_for, next.standards_for), (Period::parse("FY2019").ok(), None));
    let wrong = v1::WhatIfRequest { standards_for: "next".to_owned(), ..asks };
    assert_eq!(what_if::decode(wrong).unwrap_err().field, "standards_for");
}
