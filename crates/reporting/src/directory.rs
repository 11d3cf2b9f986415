//! The directories: which measures, scorecards and areas there are as of any time.

use std::collections::BTreeMap;

use domain::scorecard::Remit;
use domain::time::AsOf;
use domain::{AreaId, Book, MeasureId, Period, ScorecardId};

use crate::answer::{AreaAnswer, Basis, Directory, DirectoryEntry};
use crate::reader::Reader;

/// Every measure that is defined as of then, by code; withdrawn ones say so.
///
/// Cost: the series and their periods.
pub fn measures(book: &Book, as_of: AsOf) -> Directory {
    let reader = Reader::new(book, as_of);
    let periods = result_periods(&reader);
    let measures = book.measure_ids().filter_map(|measure| {
        let defined = reader.defined(measure).ok().filter(|defined| !defined.later)?;
        Some(DirectoryEntry {
            definition: defined.definition.clone(),
            definition_text: book.text(&defined.definition.definition).unwrap_or_default(),
            withdrawn: reader.withdrawal(measure),
            provenance: reader.provenance(defined.revision),
            periods: periods.get(measure).copied(),
        })
    });
    let measures = measures.collect();
    Directory { measures, basis: reader.basis() }
}

/// Each measure's first and last period with a standing result, in any area.
fn result_periods<'a>(reader: &Reader<'a>) -> BTreeMap<&'a MeasureId, (Period, Period)> {
    let mut found: BTreeMap<&MeasureId, (Period, Period)> = BTreeMap::new();
    for series in reader.book.all_series() {
        let figures = reader.book.figures(series);
        let stands = |period: &Period| figures.standing(*period, reader.as_of).is_some();
        let (first, last) = (figures.periods().find(stands), figures.periods().rfind(stands));
        if let Some((first, last)) = first.zip(last) {
            let range = found.entry(&series.measure).or_insert((first, last));
            *range = (range.0.min(first), range.1.max(last));
        }
    }
    found
}

/// A scorecard in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScorecardEntry {
    /// Its code.
    pub scorecard: ScorecardId,
    /// Its title as of then.
    pub title: String,
    /// The committee it goes to; may be empty.
    pub committee: String,
    /// From when it is laid out so, who answers for it, and what it has to do with others.
    pub remit: Remit,
    /// How many rows it has.
    pub n_rows: usize,
}

/// Every scorecard that is defined as of then, by code.
pub fn scorecards(book: &Book, as_of: AsOf) -> (Vec<ScorecardEntry>, Basis) {
    let reader = Reader::new(book, as_of);
    let entry = |id: &ScorecardId| {
        let revision = book.scorecard(id, reader.as_of)?;
        reader.rests_on(revision);
        let state = &revision.value.value;
        Some(ScorecardEntry {
            scorecard: id.clone(),
            title: state.title.clone(),
            committee: state.committee.clone(),
            remit: state.remit.clone(),
            n_rows: state.layout.rows().count(),
        })
    };
    let entries = book.scorecard_ids().filter_map(entry).collect();
    (entries, reader.basis())
}

/// Every area that was defined by then, by code, with its name as of then. One that came later is not listed, though its
/// earliest name is shown where older figures of it are.
pub fn areas(book: &Book, as_of: AsOf) -> (Vec<AreaAnswer>, Basis) {
    let reader = Reader::new(book, as_of);
    let known = |area: &&AreaId| {
        let stands = book.area(area, reader.as_of);
        stands.is_some_and(|revision| reader.as_of.covers(revision.known_at, revision.position))
    };
    let answers = book.area_ids().filter(known).filter_map(|area| reader.area_answer(area)).collect();
    (answers, reader.basis())
}
