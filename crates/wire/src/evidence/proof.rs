//! What a pack of evidence proves and what it does not, in plain words.

use reporting::evidence::Evidence;

use super::{SourceFile, Told};
use crate::v1;

/// What it proves, and provided what.
pub(super) fn proves(basis: &v1::Basis, files: &[SourceFile<'_>]) -> Vec<String> {
    let (position, chain) = (basis.position, &basis.chain);
    let n_agree = files.iter().filter(|file| file.agrees).count();
    let mut sentences = vec![
        format!(
            "Every record of the log up to position {position} is covered by the chain {position}:{chain}. If that, or the \
             position and chain of a later answer, was printed or written down then and is at hand, `scorebook log verify \
             --expect POSITION:CHAIN` shows that no record up to there was altered, removed or added since."
        ),
        "Each record here has the chain at its own position: an answer that was printed at that position has the same, \
         unless one of the two logs was altered."
            .to_owned(),
        "The instants at which Scorebook took records in (recorded) only grow along the log, and are covered by the chain: \
         which of two records was there first is not a matter of what anybody said."
            .to_owned(),
    ];
    if n_agree > 0 {
        sentences.push(format!(
            "Of {} files that records came from, {n_agree} were read from the log and have the SHA-256 that was recorded \
             when they were taken in: the lines that are quoted are those that were put in.",
            files.len()
        ));
    }
    sentences
}

/// What it does not prove.
pub(super) fn does_not_prove(records: &[Told<'_>], evidence: &Evidence) -> Vec<String> {
    let count = |counts: fn(&&Told<'_>) -> bool| records.iter().filter(counts).count();
    let n_asserted = count(|told| !told.record.attribution.actor.authenticated);
    let n_backfilled = count(|told| told.record.known_at < told.record.recorded_at);
    let n_records = records.len();
    let n_later = evidence.undoings.iter().filter(|undoing| undoing.later).count();
    let later = match n_later {
        0 => None,
        1 => Some("1 rollback, reinstatement or withdrawal that touches these records came".to_owned()),
        n => Some(format!("{n} rollbacks, reinstatements or withdrawals that touch these records came")),
    };
    let later = later.map(|came| {
        format!(
            "It does not show what holds today: {came} later than the day, as listed, and changes nothing told here."
        )
    });
    let mut sentences: Vec<String> = later.into_iter().collect();
    sentences.extend([
        "Without a position and chain from then, kept outside this log, it does not show that the log was not cut short or \
         written anew as a whole."
            .to_owned(),
        "It says nothing about whether a figure was true, or whether the decision that is named was taken: only that this \
         was recorded, and when."
            .to_owned(),
        match n_asserted {
            0 => "Who put the records in was authenticated by the server that took them in.".to_owned(),
            n => format!("Who put it in is only asserted for {n} of {n_records} records: nobody checked who that was."),
        },
        match n_backfilled {
            0 => "No record here is said to have been known earlier than it was recorded.".to_owned(),
            n => format!(
                "Of {n_records} records, {n} are backfills: said to be known earlier than they were recorded. That they \
                 were is the word of whoever recorded them."
            ),
        },
        "The instants are those of the clock of the machine that took the records in.".to_owned(),
    ]);
    sentences
}
