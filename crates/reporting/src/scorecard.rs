//! A scorecard of any period, for an area, as of any time.

use domain::time::AsOf;
use domain::{AreaId, Book, Layout, Period, ScorecardId};
use ratings::{NotRated, Rating};

use crate::Error;
use crate::answer::{Counts, Row, Scorecard, Section};
use crate::cohorts::impacts;
use crate::reader::Reader;
use crate::row::{Choice, Wanted};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Which scorecard.
    pub scorecard: ScorecardId,
    /// For which period: the month, quarter or year that it is the scorecard of.
    pub period: Period,
    /// For which area.
    pub area: AreaId,
}

/// Rebuilds a scorecard.
///
/// Cost: the logarithm of the number of cells for each row, and the revisions of the cells shown.
///
/// # Errors
/// [`Error::NotDefined`] when the scorecard, or the area, is not there as of then.
pub fn scorecard(book: &Book, question: &Question, as_of: AsOf) -> Result<Scorecard, Error> {
    rebuilt(&Reader::new(book, as_of), question)
}

/// The same, by a reader that may suppose something.
pub(crate) fn rebuilt(reader: &Reader<'_>, question: &Question) -> Result<Scorecard, Error> {
    laid_out(reader, question).map(|(scorecard, _)| scorecard)
}

/// The same with the layout that it was made by, whose sections and rows are the scorecard's, one for one.
pub(crate) fn laid_out<'a>(reader: &Reader<'a>, question: &Question) -> Result<(Scorecard, &'a Layout), Error> {
    let (book, id) = (reader.book, &question.scorecard);
    let last_day = question.period.last_day();
    let state = book.scorecard_for(id, last_day, reader.as_of).ok_or_else(|| not_defined(reader, id))?;
    if book.area(&question.area, reader.as_of).is_none() {
        return Err(Error::NotDefined { what: "area", code: question.area.to_string() });
    }
    reader.rests_on(state);
    let mut sections = Vec::new();
    for section in &state.value.value.layout.sections {
        let row = |row: &domain::scorecard::LayoutRow| {
            reader.row(&Wanted {
                measure: &row.measure,
                area: &question.area,
                cohort: &row.cohort,
                period: Choice::For(question.period),
                rated: row.rated,
                owner: row.owner,
            })
        };
        let rows = section.rows.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        sections.push(Section { title: section.title.clone(), rows });
    }
    let counts = Counts::of(sections.iter().flat_map(|section| &section.rows));
    let scorecard = Scorecard {
        scorecard: id.clone(),
        title: state.value.value.title.clone(),
        committee: state.value.value.committee.clone(),
        remit: state.value.value.remit.clone(),
        period: question.period,
        area: question.area.clone(),
        area_name: reader.area_name(&question.area),
        basis: reader.basis(),
        cohort_impacts: impacts(&sections),
        sections,
        counts,
    };
    Ok((scorecard, &state.value.value.layout))
}

/// A layout that is newer than the bounds, or for later periods, is not shown in their place: the committee did not have
/// it.
fn not_defined(reader: &Reader<'_>, id: &ScorecardId) -> Error {
    let (what, code) = ("scorecard", id.to_string());
    let whenever = AsOf::position(reader.as_of.position);
    let first = reader.book.scorecard_layouts(id, reader.as_of).first().and_then(|state| state.value.value.remit.from);
    if let Some(from) = first {
        return Error::LaterPeriods { what, code, from };
    }
    match reader.book.first_scorecard(id, whenever) {
        Some(first) => Error::DefinedLater { what, code, known_at: first.known_at },
        None => Error::NotDefined { what, code },
    }
}

impl Counts {
    /// Counts the rows.
    pub fn of<'a>(rows: impl Iterator<Item = &'a Row>) -> Self {
        let mut counts = Self::default();
        let mut not_rated: std::collections::BTreeMap<NotRated, u32> = std::collections::BTreeMap::new();
        for row in rows {
            let count = match row.rating {
                Rating::Rated(domain::result::Colour::Green) => &mut counts.green,
                Rating::Rated(domain::result::Colour::Amber) => &mut counts.amber,
                Rating::Rated(domain::result::Colour::Red) => &mut counts.red,
                Rating::NotRated(reason) => not_rated.entry(reason).or_default(),
            };
            *count = count.saturating_add(1);
        }
        counts.not_rated = not_rated.into_iter().collect();
        counts
    }

    /// How many rows have a colour.
    pub fn rated(&self) -> u32 {
        self.green.saturating_add(self.amber).saturating_add(self.red)
    }

    /// How many rows have none.
    pub fn not_rated_total(&self) -> u32 {
        self.not_rated.iter().fold(0, |sum, (_, n)| sum.saturating_add(*n))
    }

    /// How many rows there are.
    pub fn total(&self) -> u32 {
        self.rated().saturating_add(self.not_rated_total())
    }
}
