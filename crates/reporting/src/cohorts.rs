//! What a cohort does to a measure: the figures of one measure for several cohorts, side by side.

use domain::{CohortId, MeasureId};
use ratings::{Verdict, verdict};

use crate::answer::{Row, Section};
use crate::reader::measured;
use crate::words;

/// A measure that a scorecard shows for several cohorts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CohortImpact {
    /// Which measure.
    pub measure: MeasureId,
    /// Its title.
    pub title: String,
    /// The figures: first the one that the others are held against, which is that of everybody where there is one.
    pub figures: Vec<CohortFigure>,
}

/// One cohort's figure beside the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CohortFigure {
    /// The row that shows it: its section and its place there, both from 0.
    pub row: (usize, usize),
    /// How far it is from the first, as shown, without a sign: “2.1 percentage points”; `None` for the first, and where the
    /// two cannot be compared.
    pub difference: Option<String>,
    /// How it stands against the first.
    pub verdict: Option<Verdict>,
    /// In a sentence: “Excluding UASC 61.0%, better than everybody by 5.9 percentage points.”
    pub sentence: String,
}

/// The measures with several cohorts, in the scorecard's order. Unrounded figures are compared, of one period only.
///
/// Cost: the rows, times those of one measure.
pub fn impacts(sections: &[Section]) -> Vec<CohortImpact> {
    let rows = sections
        .iter()
        .enumerate()
        .flat_map(|(section, it)| it.rows.iter().enumerate().map(move |(place, row)| ((section, place), row)));
    let mut by_measure: Vec<(&MeasureId, Vec<Placed<'_>>)> = Vec::new();
    for (at, row) in rows {
        let measure = &row.cell.series.measure;
        match by_measure.iter_mut().find(|(of, _)| *of == measure) {
            Some((_, same)) if same.iter().any(|(_, it)| it.cell.series.cohort == row.cell.series.cohort) => {}
            Some((_, same)) => same.push((at, row)),
            None => by_measure.push((measure, vec![(at, row)])),
        }
    }
    let several = by_measure.into_iter().filter(|(_, rows)| rows.len() > 1);
    several.map(|(measure, rows)| impact(measure, rows)).collect()
}

/// A row with its section and its place there.
type Placed<'a> = ((usize, usize), &'a Row);

fn impact(measure: &MeasureId, mut rows: Vec<Placed<'_>>) -> CohortImpact {
    // Everybody first; the others stay in the scorecard's order.
    rows.sort_by_key(|(_, row)| row.cell.series.cohort != CohortId::all());
    let base = rows.first().map(|(_, row)| *row);
    let figure = |(at, row): &Placed<'_>| {
        let beside = base.filter(|base| !std::ptr::eq(*base, *row)).and_then(|base| against(row, base));
        CohortFigure {
            row: *at,
            sentence: sentence(row, base, beside.as_ref()),
            verdict: beside.as_ref().map(|(verdict, _)| *verdict),
            difference: beside.and_then(|(_, difference)| difference),
        }
    };
    let title = base.map(|row| row.definition.title.clone()).unwrap_or_default();
    CohortImpact { measure: measure.clone(), title, figures: rows.iter().map(figure).collect() }
}

/// How one row's figure stands against another's of the same period, and how far from it.
fn against(row: &Row, base: &Row) -> Option<(Verdict, Option<String>)> {
    let value = |row: &Row| measured(&row.result.as_ref()?.entry, &row.definition);
    let (own, other) = (value(row)?, value(base)?);
    (row.cell.period == base.cell.period).then_some(())?;
    let terms = base.target.as_ref().map(|target| target.terms);
    let verdict = verdict(&row.definition, terms, own, &other.into());
    let distance = own.distance(other).map(|distance| words::distance(&row.definition, distance));
    Some((verdict, distance))
}

fn sentence(row: &Row, base: Option<&Row>, beside: Option<&(Verdict, Option<String>)>) -> String {
    let figure = row.result.as_ref().map_or("no result", |result| result.display.as_str());
    let said = format!("{} {figure}", row.cohort_name);
    match (beside, base) {
        (Some((verdict, Some(by))), Some(base)) if !matches!(verdict, Verdict::Level | Verdict::Same) => {
            format!("{said}, {} {} by {by}.", verdict.words(), base.cohort_name)
        }
        (Some((verdict, _)), Some(base)) => format!("{said}, {} {}.", verdict.words(), base.cohort_name),
        (None, Some(base)) if base.cell.period != row.cell.period => {
            format!("{said} for {}, which is another period.", row.cell.period)
        }
        (None, _) | (Some(_), None) => format!("{said}."),
    }
}
