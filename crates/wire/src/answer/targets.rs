//! A measure's targets. What its changes say alike is said once; who shows them has each filled in again.

use std::collections::BTreeMap;

use domain::target::TargetKey;
use domain::{ActorId, Span, SubmissionId, Timestamp};
use reporting::answer::{Provenance, TargetChangeAnswer, TargetHistory, owner_words};
use reporting::words;

use super::{encode_provenance, judged};
use crate::bounds::{Place, encode_basis};
use crate::v1;
use crate::value::{
    count, definition, encode_origin, encode_span, encode_timestamp, enums, sheet_and_line,
    target::{encode_key, encode_terms},
};
use crate::violation::{Decoded, FieldViolation};

/// A measure's targets.
pub fn encode_target_history(history: TargetHistory, place: Place) -> v1::TargetHistory {
    let TargetHistory { definition, cohort, changes, basis } = history;
    let (mut keys, mut submissions) = (Once::default(), Once::default());
    let changes = changes.into_iter().map(|change| {
        let key_place = keys.place(&change.key, || encode_set_for(&change.key));
        let from = &change.provenance;
        let submission_place = submissions.place(&came_with(from), || {
            let origin = from.origin.as_ref().map(|(name, origin)| encode_origin(*origin, name));
            encode_submission((from.submission, from.recorded_at), (&from.actor, from.authenticated), origin)
        });
        encode_own(change, (key_place, submission_place))
    });
    v1::TargetHistory {
        changes: changes.collect(),
        definition: Some(definition::encode(&definition)),
        basis: Some(encode_basis(&basis, place)),
        cohort: cohort.map(|cohort| cohort.to_string()).unwrap_or_default(),
        keys: keys.said,
        submissions: submissions.said,
    }
}

/// A change that is not in a history, and says everything itself.
pub(crate) fn encode_target_change(change: &TargetChangeAnswer) -> v1::TargetChangeAnswer {
    let v1::TargetSetFor { key, owner_words } = encode_set_for(&change.key);
    v1::TargetChangeAnswer {
        key,
        owner_words,
        stands: change.stands.iter().map(|span| encode_standing(*span)).collect(),
        provenance: Some(encode_provenance(&change.provenance)),
        ..encode_own(change.clone(), (0, 0))
    }
}

/// What is said once, in the order in which it was first needed, and the place of each, from 1.
pub(super) struct Once<K, T> {
    places: BTreeMap<K, u32>,
    pub(super) said: Vec<T>,
}

impl<K, T> Default for Once<K, T> {
    fn default() -> Self {
        Self { places: BTreeMap::new(), said: Vec::new() }
    }
}

impl<K: Ord + Clone, T> Once<K, T> {
    pub(super) fn place(&mut self, key: &K, say: impl FnOnce() -> T) -> u32 {
        if let Some(place) = self.places.get(key) {
            return *place;
        }
        self.said.push(say());
        let place = count(self.said.len());
        self.places.insert(key.clone(), place);
        place
    }
}

fn encode_set_for(key: &TargetKey) -> v1::TargetSetFor {
    v1::TargetSetFor { key: Some(encode_key(key)), owner_words: owner_words(key.owner).to_owned() }
}

/// The submission, and of which file and sheet the line is.
fn came_with(from: &Provenance) -> (SubmissionId, Option<(u16, Option<u32>)>) {
    let origin = from.origin.as_ref();
    (from.submission, origin.map(|(name, origin)| (origin.file, sheet_and_line(name, origin.line.get()).0)))
}

/// A submission and when it was taken in, who put it in and whether that was proved, and its file.
pub(super) fn encode_submission(
    (submission, recorded_at): (SubmissionId, Timestamp),
    (actor, authenticated): (&ActorId, bool),
    origin: Option<v1::Origin>,
) -> v1::TargetSubmission {
    let v1::Origin { file, file_name, .. } = origin.unwrap_or_default();
    v1::TargetSubmission {
        submission_id: submission.text(),
        actor: Some(v1::Actor { id: actor.as_str().to_owned(), authenticated }),
        recorded_at: Some(encode_timestamp(recorded_at)),
        file,
        file_name,
    }
}

/// What a change alone says, with its places in the history's lists.
fn encode_own(change: TargetChangeAnswer, (key_place, submission_place): (u32, u32)) -> v1::TargetChangeAnswer {
    let backdated_words = change.provenance.backdated().unwrap_or_default();
    let later_words = change.later_words().unwrap_or_default();
    let whole = change.stands == [change.span];
    let parts = if whole { [].as_slice() } else { change.stands.as_slice() };
    v1::TargetChangeAnswer {
        key: None,
        owner_words: String::new(),
        span: Some(encode_span(change.span)),
        span_words: change.span.words(),
        terms: change.terms.map(encode_terms),
        display: change.display,
        minimum_display: change.minimum_display.unwrap_or_default(),
        decision: change.decision,
        rolled_back: change.rolled_back,
        standing: change.standing,
        n_results_known_before: change.n_results_known_before,
        provenance: Some(encode_own_provenance(change.provenance)),
        stands: parts.iter().map(|span| encode_standing(*span)).collect(),
        backdated_words,
        judged: change.judged.as_ref().map(judged::encode),
        later_words,
        key_place,
        submission_place,
    }
}

/// Without what the submission says.
fn encode_own_provenance(from: Provenance) -> v1::Provenance {
    let origin = from
        .origin
        .map(|(name, origin)| v1::Origin { line: sheet_and_line(&name, origin.line.get()).1, ..v1::Origin::default() });
    v1::Provenance {
        position: from.position.get(),
        known_at: Some(encode_timestamp(from.known_at)),
        origin,
        reason: from.reason,
        cause: from.cause.map_or(v1::Cause::Unspecified, enums::cause::encode).into(),
        cause_words: from.cause.map(words::cause).unwrap_or_default().to_owned(),
        ..v1::Provenance::default()
    }
}

fn encode_standing(span: Span) -> v1::StandingSpan {
    v1::StandingSpan { span: Some(encode_span(span)), words: span.words() }
}

/// How much [`filled_in`] adds at the most, in bytes: what a server says once, it could have said for a million changes.
const FILLED_IN_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The same history, in which each change says everything itself, and nothing is said for several.
///
/// # Errors
/// A place that its list does not have; more than 64 MiB of what is said for several.
pub fn filled_in(history: v1::TargetHistory) -> Result<v1::TargetHistory, FieldViolation> {
    let v1::TargetHistory { changes, keys, submissions, .. } = history;
    let (keys, submissions) = (Said::new("key_place", keys), Said::new("submission_place", submissions));
    let mut room = FILLED_IN_BYTES_MAX;
    let numbered = changes.into_iter().enumerate();
    let changes = numbered.map(|(i, change)| {
        let filled_in = fill_in(change, (&keys, &submissions), &mut room);
        filled_in.map_err(|violation| violation.within(&format!("changes[{i}]")))
    });
    let changes = changes.collect::<Decoded<Vec<_>>>()?;
    Ok(v1::TargetHistory { changes, keys: Vec::new(), submissions: Vec::new(), ..history })
}

fn fill_in(
    mut change: v1::TargetChangeAnswer,
    (keys, submissions): (&Said<v1::TargetSetFor>, &Said<v1::TargetSubmission>),
    room: &mut usize,
) -> Decoded<v1::TargetChangeAnswer> {
    if let Some(set_for) = keys.at(&mut change.key_place, room)? {
        change.key.clone_from(&set_for.key);
        change.owner_words.clone_from(&set_for.owner_words);
    }
    if let Some(submission) = submissions.at(&mut change.submission_place, room)? {
        let from = change.provenance.get_or_insert_default();
        from.submission_id.clone_from(&submission.submission_id);
        from.actor.clone_from(&submission.actor);
        from.recorded_at = submission.recorded_at;
        if let Some(origin) = &mut from.origin {
            origin.file = submission.file;
            origin.file_name.clone_from(&submission.file_name);
        }
    }
    if change.standing && change.stands.is_empty() {
        change.stands.push(v1::StandingSpan { span: change.span.clone(), words: change.span_words.clone() });
    }
    Ok(change)
}

/// A list of what is said for several changes, and how long each of it is, in bytes.
struct Said<T> {
    /// The field that names a place in it.
    field: &'static str,
    list: Vec<(T, usize)>,
}

impl<T: prost::Message> Said<T> {
    fn new(field: &'static str, list: Vec<T>) -> Self {
        let list = list.into_iter().map(|it| {
            let n_bytes = it.encoded_len();
            (it, n_bytes)
        });
        Self { field, list: list.collect() }
    }

    /// What is at a place, from 1, which is 0 afterwards; `None` at 0. It takes as much of the room as it is long.
    fn at(&self, place: &mut u32, room: &mut usize) -> Decoded<Option<&T>> {
        let place = std::mem::take(place);
        let Some(before) = place.checked_sub(1) else { return Ok(None) };
        let wrong = |problem: String| FieldViolation::new(self.field, place, problem, "ask for it again");
        let found = usize::try_from(before).ok().and_then(|at| self.list.get(at));
        let (said, n_bytes) = found.ok_or_else(|| wrong(format!("is not a place among {}", self.list.len())))?;
        *room = room.checked_sub(*n_bytes).ok_or_else(|| wrong("is one of too many that are long".to_owned()))?;
        Ok(Some(said))
    }
}
