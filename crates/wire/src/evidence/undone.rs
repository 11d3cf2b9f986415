//! What undid the evidence or put it back, in sentences.

use domain::Period;
use domain::period::day_words;
use reporting::evidence::{Undoing, UndoingKind};

use super::{Told, encode_record};
use crate::v1;

/// Each undoing whose record was read.
pub(super) fn encode(undoings: &[Undoing], told: &[Told<'_>]) -> Vec<v1::Undoing> {
    let read = undoings.iter().filter_map(|undoing| {
        let told = told.iter().find(|told| told.record.position == undoing.position)?;
        Some(v1::Undoing {
            kind: kind(undoing.kind).to_owned(),
            later: undoing.later,
            sentence: sentence(undoing, told),
            record: Some(encode_record(told)),
            known_on: undoing.known_on.to_string(),
        })
    });
    read.collect()
}

/// What came later of a figure.
pub(super) fn of_figure(undoings: &[Undoing], period: Period) -> impl Iterator<Item = String> {
    let later = undoings.iter().filter(move |undoing| undoing.later && undoing.periods.contains(&period));
    later.map(|undoing| {
        let on = day_words(undoing.known_on);
        match undoing.kind {
            UndoingKind::RolledBack => format!("A record of it was rolled back later, on {on}."),
            UndoingKind::Reinstated => format!("A record of it was reinstated later, on {on}."),
            UndoingKind::Withdrawn => format!("It was withdrawn later, on {on}."),
        }
    })
}

const fn kind(kind: UndoingKind) -> &'static str {
    match kind {
        UndoingKind::RolledBack => "rollback",
        UndoingKind::Reinstated => "reinstatement",
        UndoingKind::Withdrawn => "withdrawal",
    }
}

/// “Later, on 12 March 2019, officer (authenticated) rolled back a submission that holds: target, result. Reason: put in
/// twice”.
fn sentence(undoing: &Undoing, told: &Told<'_>) -> String {
    let by = &told.record.attribution;
    let proof = if by.actor.authenticated { "authenticated" } else { "asserted: nobody checked who that was" };
    let of = undoing.of.iter().copied().collect::<Vec<_>>().join(", ");
    let did = match undoing.kind {
        UndoingKind::RolledBack => format!("rolled back a submission that it rests on ({of})"),
        UndoingKind::Reinstated => format!("reinstated a submission that it rests on ({of})"),
        UndoingKind::Withdrawn if undoing.of.contains("definition") => "withdrew the measure".to_owned(),
        UndoingKind::Withdrawn => format!("withdrew a {of}"),
    };
    let on = day_words(undoing.known_on);
    let when = if undoing.later { format!("Later, on {on},") } else { format!("On {on},") };
    let backfill = if told.record.known_at < told.record.recorded_at { ", as was recorded later still" } else { "" };
    let reason = match by.why.reason.as_str() {
        "" => ".".to_owned(),
        reason => format!(". Reason: {reason}"),
    };
    format!("{when} {} ({proof}) {did}{backfill}{reason}", by.actor.id)
}
