//! A measure's targets as they were recorded: a history without words, and without what its changes led to.

use reporting::target_history::{RecordedTarget, RecordedTargets};

use super::targets::{Once, encode_submission};
use crate::bounds::{Place, encode_basis};
use crate::v1;
use crate::value::{
    definition, encode_origin, encode_span, encode_timestamp, enums, sheet_and_line,
    target::{encode_key, encode_terms},
};

/// A measure's targets as they were recorded. What changes have in common is said once.
///
/// # Panics
/// Where a change has a place that its list does not have; none is answered so.
pub fn encode_recorded_targets(targets: RecordedTargets, place: Place) -> v1::TargetHistory {
    let RecordedTargets { definition, keys, came_with, changes, basis } = targets;
    let (mut keys_said, mut submissions) = (Once::default(), Once::default());
    let changes = changes.into_iter().map(|change| {
        let key = keys.get(change.key).expect("the list has it");
        let from = came_with.get(change.came_with).expect("the list has it");
        let set_for = || v1::TargetSetFor { key: Some(encode_key(key)), owner_words: String::new() };
        let key_place = keys_said.place(&change.key, set_for);
        let sheet_and_line = change.origin.map(|origin| sheet_and_line(&from.file_name, origin.line.get()));
        let sheet = sheet_and_line.and_then(|(sheet, _)| sheet);
        let submission_place = submissions.place(&(change.came_with, sheet), || {
            let origin = change.origin.map(|origin| encode_origin(origin, &from.file_name));
            encode_submission((from.submission, from.recorded_at), (&from.actor, from.authenticated), origin)
        });
        let line = sheet_and_line.map(|(_, line)| line);
        v1::TargetChangeAnswer { key_place, submission_place, ..encode_change(change, line) }
    });
    v1::TargetHistory {
        changes: changes.collect(),
        definition: Some(definition::encode(&definition)),
        basis: Some(encode_basis(&basis, place)),
        cohort: String::new(),
        keys: keys_said.said,
        submissions: submissions.said,
    }
}

fn encode_change(change: RecordedTarget, line: Option<u32>) -> v1::TargetChangeAnswer {
    v1::TargetChangeAnswer {
        span: Some(encode_span(change.entry.span)),
        terms: change.entry.terms.map(encode_terms),
        decision: change.entry.decision,
        rolled_back: change.rolled_back,
        provenance: Some(v1::Provenance {
            position: change.position.get(),
            known_at: Some(encode_timestamp(change.known_at)),
            origin: line.map(|line| v1::Origin { line, ..v1::Origin::default() }),
            reason: change.reason,
            cause: change.cause.map_or(v1::Cause::Unspecified, enums::cause::encode).into(),
            ..v1::Provenance::default()
        }),
        ..v1::TargetChangeAnswer::default()
    }
}
