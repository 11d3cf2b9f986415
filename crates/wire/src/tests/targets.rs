//! A history of targets says once what its changes say alike, and filled in again each change says all of it.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use domain::ids::SubmissionId;
use domain::target::{TargetEntry, TargetKey};
use domain::{Origin, Span};
use proptest::prelude::*;
use reporting::answer::{Judged, Provenance, TargetChangeAnswer, TargetHistory};
use reporting::target_history::{CameWith, RecordedTarget, RecordedTargets};

use super::answers::{PLACE, basis};
use super::given::{self, any_key, any_span, any_terms, any_timestamp, code, position};
use crate::answer::encode_recorded_targets;
use crate::answer::targets::{encode_target_change, encode_target_history, filled_in};
use crate::value::enums;
use crate::{query, v1};

/// One of four submissions, two of them by another actor; each has four files, one of a name that nobody knows,
/// and a fifth of the changes came from none.
fn any_provenance() -> impl Strategy<Value = Provenance> {
    let origin = (0_u16..5, prop_oneof![1_u32..9, 10_000_001_u32..10_000_009, 20_000_001_u32..20_000_009]);
    let why = (".{0,40}", prop::option::of(prop::sample::select(enums::cause::ALL)));
    (1_u64..1_000, any_timestamp(), any_timestamp(), 0_u8..4, origin, why).prop_map(
        |(at_position, known_at, recorded_at, submission, (file, line), (reason, cause))| {
            let name = ["targets.csv", "targets.xlsx", "", "more.xlsx", ""][usize::from(file)];
            let origin = Origin { file, line: NonZeroU32::new(line).unwrap() };
            Provenance {
                position: position(at_position),
                known_at: known_at.min(recorded_at),
                recorded_at: given::at(["2018-11-29T10:00:00Z", "2019-03-12T10:00:00Z"][usize::from(submission % 2)]),
                known_on: given::date("2018-04-01"),
                recorded_on: given::date("2019-03-12"),
                actor: code(["jo", "sam"][usize::from(submission / 2)]),
                authenticated: submission > 1,
                submission: SubmissionId([submission; 16]),
                origin: (file < 4).then(|| (name.to_owned(), origin)),
                reason,
                cause,
            }
        },
    )
}

fn any_change() -> impl Strategy<Value = TargetChangeAnswer> {
    let stands = (any_span(), 0_u8..4, any_span());
    let words = (".{0,20}", prop::option::of(".{1,20}"), ".{0,20}");
    let told = (any::<bool>(), prop::option::of(0_u32..3), any::<u32>());
    (any_key(), stands, prop::option::of(any_terms()), words, told, any_provenance()).prop_map(
        |(key, (span, stands, part), terms, (display, minimum_display, decision), told, provenance)| {
            let stands: &[Span] = match stands {
                0 => &[],
                1 => &[span],
                2 => &[part],
                _ => &[span, part],
            };
            let (rolled_back, n_judged, n_results_known_before) = told;
            TargetChangeAnswer {
                key,
                span,
                terms,
                display,
                minimum_display,
                decision,
                rolled_back,
                rolled_back_later: rolled_back.then(|| given::date("2019-05-02")),
                standing: !stands.is_empty(),
                stands: stands.to_vec(),
                n_results_known_before,
                judged: n_judged.map(|n_judged| Judged { n_judged, ..Judged::default() }),
                provenance,
            }
        },
    )
}

/// Several changes of a few keys.
fn any_history() -> impl Strategy<Value = TargetHistory> {
    let keys = prop::collection::vec(any_key(), 3);
    (keys, prop::collection::vec((0_usize..3, any_change()), 0..20)).prop_map(|(keys, changes)| TargetHistory {
        definition: given::definition(),
        cohort: None,
        changes: changes
            .into_iter()
            .map(|(key, change)| TargetChangeAnswer { key: keys[key].clone(), ..change })
            .collect(),
        basis: basis(),
    })
}

/// The same history as it was recorded.
fn recorded(history: &TargetHistory) -> RecordedTargets {
    let mut keys: Vec<TargetKey> = Vec::new();
    let mut came_with: Vec<(CameWith, Option<u16>)> = Vec::new();
    let changes = history.changes.iter().map(|change| {
        let from = &change.provenance;
        let origin = from.origin.clone();
        let came = CameWith {
            submission: from.submission,
            actor: from.actor.clone(),
            authenticated: from.authenticated,
            recorded_at: from.recorded_at,
            file_name: origin.as_ref().map(|(name, _)| name.clone()).unwrap_or_default(),
        };
        RecordedTarget {
            key: place(&mut keys, change.key.clone()),
            came_with: place(&mut came_with, (came, origin.as_ref().map(|(_, origin)| origin.file))),
            entry: TargetEntry { span: change.span, terms: change.terms, decision: change.decision.clone() },
            known_at: from.known_at,
            position: from.position,
            origin: origin.map(|(_, origin)| origin),
            reason: from.reason.clone(),
            cause: from.cause,
            rolled_back: change.rolled_back,
        }
    });
    let changes = changes.collect();
    let came_with = came_with.into_iter().map(|(came, _)| came).collect();
    RecordedTargets { definition: history.definition.clone().into(), keys, came_with, changes, basis: history.basis }
}

/// The place of something in a list, at the end where it is new.
fn place<T: PartialEq>(list: &mut Vec<T>, it: T) -> usize {
    list.iter().position(|met| *met == it).unwrap_or_else(|| {
        list.push(it);
        list.len().saturating_sub(1)
    })
}

/// A change in full, without words and without what it led to.
fn without_words(change: v1::TargetChangeAnswer) -> v1::TargetChangeAnswer {
    let v1::TargetChangeAnswer { key, span, terms, decision, rolled_back, provenance, .. } = change;
    let provenance = provenance.map(|from| v1::Provenance { cause_words: String::new(), ..from });
    let kept = v1::TargetChangeAnswer::default();
    v1::TargetChangeAnswer { key, span, terms, decision, rolled_back, provenance, ..kept }
}

fn in_full(changes: &[TargetChangeAnswer]) -> Vec<v1::TargetChangeAnswer> {
    changes.iter().map(encode_target_change).collect()
}

proptest! {
    #[test]
    fn each_change_filled_in_says_what_it_says_by_itself(history in any_history()) {
        let whole = filled_in(encode_target_history(history.clone(), PLACE)).unwrap();
        prop_assert_eq!(&whole.changes, &in_full(&history.changes));
        prop_assert!(whole.keys.is_empty() && whole.submissions.is_empty());
        prop_assert_eq!(filled_in(whole.clone()), Ok(whole), "filled in again it is the same");
    }

    #[test]
    fn what_changes_say_alike_is_said_once_and_by_none_of_them(history in any_history()) {
        let encoded = encode_target_history(history.clone(), PLACE);
        let keys: BTreeSet<_> = history.changes.iter().map(|change| &change.key).collect();
        prop_assert_eq!(encoded.keys.len(), keys.len());
        let came_with = |change: v1::TargetChangeAnswer| {
            let from = change.provenance.unwrap();
            (from.submission_id, from.origin.map(|origin| (origin.file, origin.file_name)))
        };
        let submissions: BTreeSet<_> = in_full(&history.changes).into_iter().map(came_with).collect();
        prop_assert_eq!(encoded.submissions.len(), submissions.len());
        for change in &encoded.changes {
            prop_assert!(change.key.is_none() && change.owner_words.is_empty());
            prop_assert!(change.key_place > 0 && change.submission_place > 0);
            let from = change.provenance.as_ref().unwrap();
            prop_assert!(from.submission_id.is_empty() && from.actor.is_none() && from.recorded_at.is_none());
            prop_assert!(from.origin.as_ref().is_none_or(|origin| origin.file == 0 && origin.file_name.is_empty()));
            let whole = |standing: &v1::StandingSpan| standing.span == change.span;
            prop_assert!(change.stands.len() != 1 || !whole(&change.stands[0]));
        }
    }

    #[test]
    fn what_was_recorded_is_each_change_without_words(history in any_history()) {
        let recorded = encode_recorded_targets(recorded(&history), PLACE);
        let said = encode_target_history(history.clone(), PLACE);
        prop_assert_eq!(recorded.keys.len(), said.keys.len());
        prop_assert_eq!(&recorded.submissions, &said.submissions);
        prop_assert_eq!((&recorded.definition, &recorded.basis), (&said.definition, &said.basis));
        let expected: Vec<_> = in_full(&history.changes).into_iter().map(without_words).collect();
        prop_assert_eq!(filled_in(recorded).unwrap().changes, expected);
    }

    #[test]
    fn each_page_is_whole_in_itself(history in any_history(), page_size in 1_u32..6) {
        let n_changes = history.changes.len();
        let (mut seen, mut page_token) = (Vec::new(), String::new());
        loop {
            let measure = "m".to_owned();
            let request = v1::GetTargetHistoryRequest { measure, page_size, page_token, ..Default::default() };
            let page = query::target_history(request).unwrap().page;
            let changes = page.of(history.changes.clone());
            let n = changes.len();
            let encoded = encode_target_history(TargetHistory { changes, ..history.clone() }, PLACE);
            prop_assert!(encoded.keys.len() <= n && encoded.submissions.len() <= n, "nothing of other pages");
            seen.extend(filled_in(encoded).unwrap().changes);
            page_token = page.next_token(basis().as_of, n_changes);
            if page_token.is_empty() {
                break;
            }
        }
        prop_assert_eq!(seen, in_full(&history.changes));
    }

    #[test]
    fn a_place_that_is_none_is_named(history in any_history(), at in any::<prop::sample::Index>(), beyond in 1_u32..) {
        let mut encoded = encode_target_history(history, PLACE);
        prop_assume!(!encoded.changes.is_empty());
        let at = at.index(encoded.changes.len());
        let n = u32::try_from(encoded.submissions.len()).unwrap();
        encoded.changes[at].submission_place = n.saturating_add(beyond);
        let violation = filled_in(encoded.clone()).unwrap_err();
        prop_assert_eq!(violation.field, format!("changes[{at}].submission_place"));
        encoded.changes[at].submission_place = 0;
        encoded.keys.clear();
        prop_assert_eq!(filled_in(encoded).unwrap_err().field, "changes[0].key_place");
    }
}

#[test]
fn what_was_recorded_is_asked_for_alone() {
    let asked = |judged, standing_only| {
        let measure = "m".to_owned();
        let request =
            v1::GetTargetHistoryRequest { measure, as_recorded: true, judged, standing_only, ..Default::default() };
        query::target_history(request)
    };
    assert!(asked(false, false).unwrap().as_recorded);
    for violation in [asked(true, false), asked(false, true)].map(Result::unwrap_err) {
        let expected = "as_recorded: \"true\" is not for what changes judge or what stands; \
                        ask for what was recorded alone, or for what it led to";
        assert_eq!(violation.to_string(), expected);
    }
}

#[test]
fn a_place_that_is_none_says_how_many_there_are() {
    let change = v1::TargetChangeAnswer { key_place: 2, ..v1::TargetChangeAnswer::default() };
    let keys = vec![v1::TargetSetFor::default()];
    let history = v1::TargetHistory { keys, changes: vec![change], ..v1::TargetHistory::default() };
    let violation = filled_in(history).unwrap_err();
    assert_eq!(violation.to_string(), "changes[0].key_place: \"2\" is not a place among 1; ask for it again");
}

#[test]
fn what_is_said_once_is_not_said_again_without_end() {
    let long = v1::TargetSetFor { owner_words: "x".repeat(1024 * 1024), ..v1::TargetSetFor::default() };
    let change = v1::TargetChangeAnswer { key_place: 1, ..v1::TargetChangeAnswer::default() };
    let history = |n| v1::TargetHistory {
        changes: vec![change.clone(); n],
        keys: vec![long.clone()],
        ..v1::TargetHistory::default()
    };
    assert_eq!(filled_in(history(63)).map(|whole| whole.changes.len()), Ok(63));
    let violation = filled_in(history(64)).unwrap_err();
    assert_eq!(
        violation.to_string(),
        "changes[63].key_place: \"1\" is one of too many that are long; ask for it again"
    );
}

#[test]
fn a_change_without_places_keeps_what_it_says() {
    let change = v1::TargetChangeAnswer {
        key: Some(v1::TargetKey { measure: "ehcp-20-weeks".to_owned(), ..v1::TargetKey::default() }),
        owner_words: "local target".to_owned(),
        provenance: Some(v1::Provenance { submission_id: "told".to_owned(), ..v1::Provenance::default() }),
        ..v1::TargetChangeAnswer::default()
    };
    let history = v1::TargetHistory {
        changes: vec![change.clone()],
        keys: vec![v1::TargetSetFor::default()],
        submissions: vec![v1::TargetSubmission::default()],
        ..v1::TargetHistory::default()
    };
    assert_eq!(filled_in(history).unwrap().changes, [change]);
}
