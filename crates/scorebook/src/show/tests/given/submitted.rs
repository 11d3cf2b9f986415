//! What was put in, and what the log holds of it.

use wire::v1;

use super::{at, ehcp, target_history};

/// A preview of a file with a change of each kind and a refusal.
pub(crate) fn preview() -> v1::Preview {
    let change = |kind: v1::ChangeKind, before: &str, after: &str| v1::Change {
        kind: kind.into(),
        subject: "result ehcp-20-weeks, Kent, September 2018".into(),
        before: before.into(),
        after: after.into(),
        origin: Some(v1::Origin { file: 0, line: 7, file_name: "results.csv".into() }),
    };
    v1::Preview {
        token: None,
        tallies: vec![
            v1::Tally { noun: "measure".into(), n_new: 0, n_revised: 1, n_withdrawn: 0, n_unchanged: 29 },
            v1::Tally { noun: "result".into(), n_new: 1204, n_revised: 2, n_withdrawn: 1, n_unchanged: 0 },
        ],
        changes: vec![
            change(v1::ChangeKind::New, "", "43.4%"),
            change(v1::ChangeKind::Revised, "43.4%", "44.0%"),
            change(v1::ChangeKind::Withdrawn, "44.0%", ""),
        ],
        n_changes_not_listed: 1205,
        refusals: vec![
            v1::Refusal {
                file: "results.csv".into(),
                line: 7,
                field: "period".into(),
                value: "July 20188".into(),
                problem: "is not a period".into(),
                remedy: "write it as 2018-07 or July 2018".into(),
            },
            v1::Refusal {
                field: "instructions[3].record_result.cell.measure".into(),
                value: "ehcp".into(),
                problem: "is not a measure that is defined".into(),
                remedy: "define it first, or write ehcp-20-weeks".into(),
                ..v1::Refusal::default()
            },
        ],
        n_refusals: 2,
        notes: Vec::new(),
        n_set_aside: 0,
        sources: vec![v1::Source {
            name: "results.csv".into(),
            sha256: "3f9a1c2e77ab54d0".repeat(4),
            size: 8451,
            layout: "scorebook-results.1".into(),
            stored: true,
        }],
        ..v1::Preview::default()
    }
}

/// A release that withdraws what rolled off, and has the figure of a country ten times too large.
pub(crate) fn release() -> v1::Preview {
    let named = |area_name: &str, period: &str| {
        let cohort = "all".to_owned();
        let cell = v1::Cell { measure: "entrants".into(), area: "E1".into(), cohort, period: period.into() };
        let (title, cohort_name) = ("First-time entrants".to_owned(), "Everybody counted".to_owned());
        Some(v1::NamedCell { cell: Some(cell), title, area_name: area_name.into(), cohort_name })
    };
    let moved = |change: &str| v1::Move {
        what: named("England", "CY2016"),
        before: "333".into(),
        after: "3,071".into(),
        change: change.into(),
    };
    let rating = |rating: v1::Rating, figure: &str| {
        Some(v1::RatingSide { rating: rating.into(), figure: figure.into(), target: "150 or less".into() })
    };
    let comparison = |comparison: v1::CountryComparison, country: &str| {
        Some(v1::ComparisonSide { comparison: comparison.into(), figure: "338".into(), country: country.into() })
    };
    let review = v1::Review {
        known_at: at(0),
        n_new: 100,
        n_revised: 1257,
        n_withdrawn: 510,
        n_number_to_missing: 4,
        withdrawn_periods: vec![v1::PeriodCount { period: "CY2015".into(), n: 510 }],
        moves: vec![moved("up 822.2%")],
        n_moves: 1257,
        tenfold: vec![moved("9.2 times")],
        n_tenfold: 1,
        outside_region: vec![v1::OutsideRegion {
            what: named("England", "CY2016"),
            value: "3,071".into(),
            least: "237".into(),
            greatest: "417".into(),
            n_others: 9,
            region_name: "England".into(),
        }],
        n_outside_region: 7,
        rating_flips: vec![v1::RatingFlip {
            what: named("Kent", "CY2022"),
            before: rating(v1::Rating::Green, "133"),
            after: rating(v1::Rating::Red, "160"),
        }],
        n_rating_flips: 1,
        comparison_flips: vec![v1::ComparisonFlip {
            what: named("Kent", "CY2016"),
            before: comparison(v1::CountryComparison::Worse, "333"),
            after: comparison(v1::CountryComparison::Better, "3,071"),
        }],
        n_comparison_flips: 93,
        n_comparisons_lost: 34,
        ..v1::Review::default()
    };
    let one =
        v1::Change { kind: v1::ChangeKind::Revised.into(), subject: "result of entrants".into(), ..Default::default() };
    v1::Preview {
        tallies: vec![v1::Tally {
            noun: "result".into(),
            n_new: 100,
            n_revised: 1261,
            n_withdrawn: 510,
            n_unchanged: 38_000,
        }],
        changes: vec![one; 25],
        n_changes_not_listed: 1846,
        sources: preview().sources,
        n_absent: 510,
        review: Some(review),
        ..v1::Preview::default()
    }
}

/// Records of the log: a result, a backfilled target, and one that this program cannot read.
pub(crate) fn records() -> Vec<v1::Envelope> {
    use v1::envelope::Event;
    let record = |position: u64, event: Option<Event>| v1::Envelope {
        position,
        recorded_at: at(0),
        known_at: at(0),
        event_id: "5f0c1c1e-0f3f-5d0a-9c55-0a3f5a2b1c02".into(),
        actor: Some(v1::Actor { id: "mi-team".into(), authenticated: false }),
        submission_id: "5f0c1c1e-0f3f-5d0a-9c55-0a3f5a2b1c01".into(),
        reason: "as printed".into(),
        event,
        ..v1::Envelope::default()
    };
    let row = ehcp();
    let result = Event::ResultRecorded(v1::ResultRecorded { cell: row.cell, entry: row.result.expect("given").entry });
    let history = target_history();
    let change = history.changes.into_iter().last().expect("two");
    let target = Event::TargetChanged(v1::TargetChanged {
        key: change.key,
        span: change.span,
        terms: change.terms,
        decision: change.decision,
    });
    let mut backfilled = record(1042, Some(target));
    backfilled.backfill = true;
    backfilled.known_at = at(-30);
    backfilled.last_of_commit = true;
    let received =
        Event::SubmissionReceived(v1::SubmissionReceived { digest: String::new(), sources: preview().sources });
    vec![record(9, Some(received)), record(10, Some(result)), backfilled, record(1043, None)]
}

/// What was put in: a file, and the rollback of it.
pub(crate) fn submissions() -> v1::ListSubmissionsResponse {
    let submission = v1::SubmissionAnswer {
        submission_id: "5f0c1c1e-0f3f-5d0a-9c55-0a3f5a2b1c01".into(),
        digest: "3f9a1c2e77ab54d0".repeat(4),
        actor: Some(v1::Actor { id: "mi-team".into(), authenticated: false }),
        sources: preview().sources,
        first_position: 9,
        last_position: 1042,
        recorded_at: at(0),
        n_facts: 1033,
        rolled_back: true,
        fixed: false,
        undone: vec![v1::SubmissionUndone {
            position: 1043,
            known_at: at(1),
            rolled_back: true,
            reason: "the wrong file".into(),
        }],
    };
    let mut fixed = submission.clone();
    (fixed.sources, fixed.rolled_back, fixed.fixed, fixed.undone) = (Vec::new(), false, true, Vec::new());
    v1::ListSubmissionsResponse { submissions: vec![submission, fixed], next_after_position: 0, head_position: 1043 }
}
