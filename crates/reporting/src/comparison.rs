//! What differs between one scorecard as of two times, each difference in a sentence with its cause.

use std::collections::BTreeMap;

use domain::time::AsOf;
use domain::{Book, CohortId, MeasureId, Series};

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
    for (key, row) in keyed(&after) {
        match earlier.get(&key) {
            Some(was) => differences.extend(differences::between(was, row)),
            None => differences.push(presence(row, DifferenceKind::Added)),
        }
    }
    for (_, row) in keyed(&before).into_iter().filter(|(key, _)| !later.contains_key(key)) {
        differences.push(presence(row, DifferenceKind::Removed));
    }
    Ok(Comparison { before: before.basis, after: after.basis, differences })
}

/// A measure, a cohort, and how many rows of both stand above: a scorecard may show a figure rated and for information.
type Key<'a> = (&'a MeasureId, &'a CohortId, usize);

fn keyed<'a>(scorecard: &'a Scorecard) -> Vec<(Key<'a>, &'a Row)> {
    let mut n_above: BTreeMap<(&MeasureId, &CohortId), usize> = BTreeMap::new();
    let rows = scorecard.sections.iter().flat_map(|section| &section.rows);
    let key = |row: &'a Row| {
        let Series { measure, cohort, .. } = &row.cell.series;
        let n_above = n_above.entry((measure, cohort)).or_default();
        let key = (measure, cohort, *n_above);
        *n_above = n_above.saturating_add(1);
        (key, row)
    };
    rows.map(key).collect()
}

fn by_series(scorecard: &Scorecard) -> BTreeMap<Key<'_>, &Row> {
    keyed(scorecard).into_iter().collect()
}

fn presence(row: &Row, kind: DifferenceKind) -> Difference {
    let title = &row.definition.title;
    let shown = row.rating.word().to_owned();
    let added = kind == DifferenceKind::Added;
    let (before, after) = if added { (String::new(), shown) } else { (shown, String::new()) };
    let sentence = if added {
        format!("{title} is new on the scorecard.")
    } else {
        format!("{title} is no longer on the scorecard.")
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
