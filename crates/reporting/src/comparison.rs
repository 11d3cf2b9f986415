//! What differs between one scorecard as of two times, each difference in a sentence with its cause.

use std::collections::BTreeMap;

use domain::time::AsOf;
use domain::{Book, CohortId, MeasureId};

use crate::Error;
use crate::answer::{Comparison, Difference, DifferenceKind, Row, Scorecard};
use crate::differences;
use crate::scorecard::{Question, scorecard};

/// Rebuilds a scorecard as of two times and says what differs. Comparing a time with itself gives no differences.
///
/// # Errors
/// [`Error::NotDefined`] when the scorecard is not there as of one of them.
pub fn compare(book: &Book, question: &Question, before: AsOf, after: AsOf) -> Result<Comparison, Error> {
    let before = scorecard(book, question, before)?;
    let after = scorecard(book, question, after)?;
    let earlier = by_series(&before);
    let later = by_series(&after);
    let mut differences = Vec::new();
    for row in rows(&after) {
        match earlier.get(&key(row)) {
            Some(was) => differences.extend(differences::between(was, row)),
            None => differences.push(presence(row, DifferenceKind::Added)),
        }
    }
    for row in rows(&before).filter(|row| !later.contains_key(&key(row))) {
        differences.push(presence(row, DifferenceKind::Removed));
    }
    Ok(Comparison { before: before.basis, after: after.basis, differences })
}

fn rows(scorecard: &Scorecard) -> impl Iterator<Item = &Row> {
    scorecard.sections.iter().flat_map(|section| &section.rows)
}

fn key(row: &Row) -> (&MeasureId, &CohortId) {
    (&row.cell.series.measure, &row.cell.series.cohort)
}

fn by_series(scorecard: &Scorecard) -> BTreeMap<(&MeasureId, &CohortId), &Row> {
    rows(scorecard).map(|row| (key(row), row)).collect()
}

fn presence(row: &Row, kind: DifferenceKind) -> Difference {
    let title = &row.definition.title;
    let shown = row.rating.word().to_owned();
    let (before, after, sentence) = match kind {
        DifferenceKind::Added => (String::new(), shown, format!("{title} is new on the scorecard.")),
        _ => (shown, String::new(), format!("{title} is no longer on the scorecard.")),
    };
    Difference {
        measure: row.cell.series.measure.clone(),
        title: title.clone(),
        kind,
        before,
        after,
        sentence,
        provenance: None,
    }
}
