//! What differs between two scorecards, each as of its own time, in sentences with causes.
//!
//! The sides may be one scorecard as of two times, two periods of one, or two scorecards. A row of one goes with that of the
//! other that shows the same measure for the same cohort and in the same way, then for the same cohort in another way; where
//! there is none, with the measure's row that is rated, so that a row which changed its cohort is one row.

mod asked;
mod card;
mod layout;
pub(crate) mod pairs;

use domain::scorecard::LayoutRow;
use domain::time::AsOf;
use domain::{Book, MeasureId, ViewId};

use crate::Error;
use crate::answer::{ComparedSide, Comparison, Difference, DifferenceKind, Row, Scorecard, Withdrawal};
use crate::causes::Stand;
use crate::differences::{self, Pair, capital, known, reason};
use crate::reader::Reader;
use crate::row::{Choice, Wanted};
use crate::scorecard::{Question, laid_out};
use crate::views;
pub use asked::{Asked, sides};
use pairs::paired;

/// The most differences that a comparison lists; all are counted.
pub const DIFFERENCES_MAX: usize = 10_000;

/// One of two sides: a scorecard, as of a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The view that it is, if it is one: it gave everything else.
    pub view: Option<ViewId>,
    /// Which scorecard, of which period, for which area.
    pub question: Question,
    /// As of when.
    pub as_of: AsOf,
}

/// Rebuilds both sides and says what differs. Comparing a side with itself gives no differences; comparing them the other
/// way round gives the same differences with the same causes.
///
/// Cost: that of both scorecards, and of two rows for each whose rating or verdict is another.
///
/// # Errors
/// [`Error::NotDefined`] when a scorecard or an area is not there as of then.
pub fn compare(book: &Book, before: &Side, after: &Side) -> Result<Comparison, Error> {
    let (before, after) = (Given::new(book, before)?, Given::new(book, after)?);
    let partners = paired(&before.rows, &after.rows, &SAME_ROW);
    let pairs: Vec<(&Placed, &Placed)> =
        after.rows.iter().zip(&partners).filter_map(|(now, at)| Some((before.rows.get((*at)?)?, now))).collect();
    let mut differences = card::differences(&before, &after, &pairs);
    differences.extend(layout::sections(&before, &after, &pairs));
    let moved = layout::moved_rows(&before, &after, &pairs);
    for (now, partner) in after.rows.iter().zip(&partners) {
        match partner.and_then(|at| before.rows.get(at)) {
            Some(was) => differences.extend(row(&before, &after, (was, now), &moved)),
            None => differences.extend(presence(&before, &after, now, DifferenceKind::Added)),
        }
    }
    for (at, gone) in before.rows.iter().enumerate() {
        if !partners.contains(&Some(at)) {
            differences.extend(presence(&before, &after, gone, DifferenceKind::Removed));
        }
    }
    card::say_by_whom(&before, &after, &mut differences);
    let n_differences = differences.len();
    differences.truncate(DIFFERENCES_MAX);
    Ok(Comparison { before: before.compared(), after: after.compared(), differences, n_differences })
}

/// A row where it stands.
struct Placed {
    row: Row,
    layout: LayoutRow,
    /// The section's place, from 0.
    section: usize,
    /// The row's place in it, from 1.
    place: usize,
}

/// A side, rebuilt.
struct Given<'a> {
    card: Scorecard,
    rows: Vec<Placed>,
    view: Option<&'a ViewId>,
    question: &'a Question,
    /// What it reads is not counted to the scorecard's backfills.
    reader: Reader<'a>,
}

/// Which rows are the same, the strictest rule first.
const SAME_ROW: [fn(&Placed, &Placed) -> bool; 5] = [
    |a, b| a.layout == b.layout,
    |a, b| both_rated(a, b) && a.layout.cohort == b.layout.cohort,
    |a, b| same_measure(a, b) && a.layout.cohort == b.layout.cohort,
    both_rated,
    same_measure,
];

fn same_measure(a: &Placed, b: &Placed) -> bool {
    a.layout.measure == b.layout.measure
}

fn both_rated(a: &Placed, b: &Placed) -> bool {
    same_measure(a, b) && a.layout.rated && b.layout.rated
}

impl<'a> Given<'a> {
    fn new(book: &'a Book, side: &'a Side) -> Result<Self, Error> {
        let (card, layout) = laid_out(&Reader::new(book, side.as_of), &side.question)?;
        let reader = Reader::new(book, side.as_of);
        let mut rows = Vec::new();
        for ((section, shown), laid_out) in card.sections.iter().enumerate().zip(&layout.sections) {
            let placed = (1..).zip(shown.rows.iter().zip(&laid_out.rows));
            rows.extend(placed.map(|(place, (row, layout))| Placed {
                row: row.clone(),
                layout: layout.clone(),
                section,
                place,
            }));
        }
        Ok(Self { card, rows, view: side.view.as_ref(), question: &side.question, reader })
    }

    fn wanted<'w>(&'w self, placed: &'w Placed) -> Wanted<'w> {
        Wanted {
            measure: &placed.layout.measure,
            area: &self.question.area,
            cohort: &placed.layout.cohort,
            period: Choice::For(self.question.period),
            rated: placed.layout.rated,
            owner: placed.layout.owner,
        }
    }

    fn compared(&self) -> ComparedSide {
        ComparedSide {
            view: self.view.cloned(),
            scorecard: self.card.scorecard.clone(),
            title: self.card.title.clone(),
            period: self.card.period,
            area: self.card.area.clone(),
            area_name: self.card.area_name.clone(),
            basis: self.card.basis,
            departures: self.departures(),
        }
    }

    /// A view that is found whatever its bounds: it was published after them.
    fn departures(&self) -> Vec<String> {
        let book = self.reader.book;
        let published = self.view.and_then(|view| book.view(view, book.head()));
        published.map_or_else(Vec::new, |published| views::departures_of(book, &published.value.value))
    }

    fn section_title(&self, section: usize) -> &str {
        self.card.sections.get(section).map_or("", |section| &section.title)
    }
}

/// All that differs of a row that is on both sides.
fn row(
    before: &Given<'_>,
    after: &Given<'_>,
    (was, now): (&Placed, &Placed),
    moved: &layout::Moved,
) -> Vec<Difference> {
    let mut found = Vec::new();
    found.extend(layout::cohort(was, now));
    let several = |given: &Given<'_>, it: &Placed| given.rows.iter().filter(|row| same_measure(row, it)).count() > 1;
    found.extend(layout::layout(was, now, several(before, was) || several(after, now)));
    found.extend(withdrawn((before, Some(was)), (after, Some(now)), &now.row));
    found.extend(layout::moved(before, after, (was, now), moved));
    let (wanted_before, wanted_after) = (before.wanted(was), after.wanted(now));
    found.extend(differences::between(&Pair {
        was: &was.row,
        is: &now.row,
        before: Stand { reader: &before.reader, wanted: &wanted_before },
        after: Stand { reader: &after.reader, wanted: &wanted_after },
    }));
    found
}

/// A difference of a row that no field of an answer shows.
fn of_row(row: &Row, kind: DifferenceKind, (before, after): (String, String), sentence: String) -> Difference {
    Difference {
        measure: Some(row.cell.series.measure.clone()),
        title: row.definition.title.clone(),
        cohort: Some(row.cell.series.cohort.clone()),
        kind,
        of: String::new(),
        of_name: String::new(),
        before,
        after,
        sentence,
        causes: Vec::new(),
        provenance: None,
        undone: None,
    }
}

/// A row that is on one side alone, and, where its measure came to be withdrawn, that.
fn presence(before: &Given<'_>, after: &Given<'_>, placed: &Placed, kind: DifferenceKind) -> Vec<Difference> {
    let title = &placed.row.definition.title;
    let shown = placed.row.rating.word().to_owned();
    let added = kind == DifferenceKind::Added;
    let section = if added { after } else { before }.section_title(placed.section);
    let (shown, sentence) = if added {
        ((String::new(), shown), format!("{title} is new on the scorecard, in the section “{section}”."))
    } else {
        ((shown, String::new()), format!("{title} is no longer on the scorecard; it was in the section “{section}”."))
    };
    let mut found = vec![of_row(&placed.row, kind, shown, sentence)];
    let here = |side: bool| (side == added).then_some(placed);
    found.extend(withdrawn((before, here(false)), (after, here(true)), &placed.row));
    found
}

/// A side, and the row on it, if it is there.
type Here<'g, 'a> = (&'g Given<'a>, Option<&'g Placed>);

/// A measure's end, and whether it holds for the period that is shown.
fn ended((given, placed): Here<'_, '_>, measure: &MeasureId) -> Option<(Withdrawal, bool)> {
    let end = given.reader.withdrawal(measure)?;
    let shown = placed.map_or(given.question.period, |placed| placed.row.cell.period);
    let holds = end.from <= shown.last_day();
    Some((end, holds))
}

fn withdrawn(before: Here<'_, '_>, after: Here<'_, '_>, row: &Row) -> Option<Difference> {
    let measure = &row.cell.series.measure;
    let (was, is) = (ended(before, measure), ended(after, measure));
    let words = |end: &Option<(Withdrawal, bool)>, reader: &Reader<'_>| {
        end.as_ref().map_or_else(String::new, |(end, holds)| of_end(end, *holds, reader))
    };
    let shown = (words(&was, &before.0.reader), words(&is, &after.0.reader));
    // A successor that is renamed is the same successor.
    let same = |(was, was_holds): &(Withdrawal, bool), (is, is_holds): &(Withdrawal, bool)| {
        let end = |it: &Withdrawal| (it.from, it.successor.clone(), it.comparable);
        was_holds == is_holds && end(was) == end(is)
    };
    if was.as_ref().zip(is.as_ref()).is_some_and(|(was, is)| same(was, is)) {
        return None;
    }
    if shown.0 == shown.1 {
        return None;
    }
    let title = &row.definition.title;
    let sentence = match &is {
        Some((end, _)) => {
            let known = capital(&known(&end.provenance));
            format!("{title} is {}. {known}.{}", shown.1, reason(&end.provenance))
        }
        None => format!("{title} is no longer withdrawn."),
    };
    let found = of_row(row, DifferenceKind::Withdrawn, shown, sentence);
    Some(Difference { provenance: is.map(|(end, _)| end.provenance), ..found })
}

/// “withdrawn from 1 April 2019; EHCPs, new is reported instead, and continues it”.
fn of_end(end: &Withdrawal, holds: bool, reader: &Reader<'_>) -> String {
    let begin = if holds { "withdrawn from" } else { "to be withdrawn from" };
    let title = |measure: &MeasureId| {
        reader.defined(measure).map_or_else(|_| measure.to_string(), |it| it.definition.title.clone())
    };
    let successor = end.successor.as_ref().map(title);
    let instead = match (&successor, end.comparable) {
        (None, _) => String::new(),
        (Some(successor), true) => format!("; {successor} is reported instead, and continues it"),
        (Some(successor), false) => format!("; {successor} is reported instead, and cannot be compared with it"),
    };
    format!("{begin} {}{instead}", domain::period::day_words(end.from))
}
