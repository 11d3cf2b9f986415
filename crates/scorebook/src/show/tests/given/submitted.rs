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
    };
    let mut fixed = submission.clone();
    (fixed.sources, fixed.rolled_back, fixed.fixed) = (Vec::new(), false, true);
    v1::ListSubmissionsResponse { submissions: vec![submission, fixed], next_after_position: 0, head_position: 1043 }
}
