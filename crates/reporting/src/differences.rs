//! The differences between two answers for one row, in plain sentences.

mod benchmarks;
mod definition;
mod elsewhere;
mod notes;
mod rating;
mod result;
mod target;
pub(crate) mod undone;

use domain::period::day_words;
use domain::result::Cause;

use crate::answer::{Difference, DifferenceKind, NamedCause, Provenance, Row, Undone};
use crate::causes::{Judged, Stand};

/// A row on both sides, as it is shown and as it was wanted.
pub(crate) struct Pair<'p, 'a> {
    pub(crate) was: &'p Row,
    pub(crate) is: &'p Row,
    pub(crate) before: Stand<'p, 'a>,
    pub(crate) after: Stand<'p, 'a>,
}

impl<'a> Pair<'_, 'a> {
    /// What its ratings rest on, and with `verdicts` what its verdicts rest on too.
    fn judged(&self, verdicts: bool) -> Option<Judged<'a>> {
        Judged::new(self.before, self.after, verdicts)
    }
}

/// What a difference is, before its sentence.
#[derive(Default)]
struct Found<'f> {
    of: String,
    of_name: String,
    before: String,
    after: String,
    causes: Vec<NamedCause>,
    made_by: Option<&'f Provenance>,
    undone: Option<Undone>,
}

/// Nothing when both are equal.
pub(crate) fn between(pair: &Pair<'_, '_>) -> Vec<Difference> {
    let Pair { was, is, .. } = pair;
    let mut all: Vec<Difference> = definition::name(pair).into_iter().collect();
    all.extend(of_rating(pair));
    all.extend(result::method(pair));
    all.extend(result::direction(pair));
    all.extend(benchmarks::benchmarks(pair));
    all.extend(notes::notes(was, is));
    all
}

/// Of what the rating rests on, what differs; and the rating, last.
pub(crate) fn of_rating(pair: &Pair<'_, '_>) -> Vec<Difference> {
    let all = [
        definition::definition(pair),
        result::result(pair),
        result::status(pair),
        target::target(pair),
        target::minimum(pair),
        rating::rule(pair),
        rating::rating(pair),
    ];
    all.into_iter().flatten().collect()
}

/// About a row of the second side.
fn difference(row: &Row, kind: DifferenceKind, found: Found<'_>, sentence: String) -> Difference {
    Difference {
        measure: Some(row.cell.series.measure.clone()),
        title: row.definition.title.clone(),
        cohort: Some(row.cell.series.cohort.clone()),
        kind,
        of: found.of,
        of_name: found.of_name,
        before: found.before,
        after: found.after,
        sentence,
        causes: found.causes,
        provenance: found.made_by.cloned(),
        undone: found.undone,
    }
}

/// “known on 19 November 2024”; of a backfill, “recorded on 5 May 2025, said to be known on 19 November 2024”.
pub(crate) fn known(made_by: &Provenance) -> String {
    let (known, recorded) = (made_by.known_at, made_by.recorded_at);
    let days = (day_words(made_by.known_on), day_words(made_by.recorded_on));
    match (known < recorded, days.0 == days.1) {
        (false, _) => format!("known on {}", days.0),
        (true, false) => format!("recorded on {}, said to be known on {}", days.1, days.0),
        (true, true) => format!("recorded at {recorded}, said to be known at {known}"),
    }
}

/// “ Scheduled revision, known on 19 November 2024. Reason: final figures.”
pub(crate) fn why(made_by: &Provenance) -> String {
    let known = known(made_by);
    let known = match made_by.cause {
        None => format!(" {}.", capital(&known)),
        Some(Cause::ScheduledRevision) => format!(" Scheduled revision, {known}."),
        Some(Cause::MethodChange) => format!(" Change of method, {known}."),
        Some(Cause::CorrectionOfError) => format!(" Correction of an error, {known}."),
    };
    format!("{known}{}", reason(made_by))
}

/// “ Reason: final figures.”; empty when there is none.
pub(crate) fn reason(made_by: &Provenance) -> String {
    reason_words(&made_by.reason)
}

/// The same, of the reason itself.
pub(crate) fn reason_words(reason: &str) -> String {
    match reason.trim_end_matches('.') {
        "" => String::new(),
        reason => format!(" Reason: {reason}."),
    }
}

/// With a capital first letter.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
