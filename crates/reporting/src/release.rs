//! What a submission would do to the figures and to what is concluded from them, for its sender to see before it is
//! accepted: a release, a correction, or the rollback of either.
//!
//! Both sides are read from one book that supposes the submission ([`Book::suppose`]): before as of its head, after as of
//! its end. It is not a feed ([`crate::rating_changes`] is), and it judges only what the submission can have changed.
//!
//! Every list has its first [`LISTED_MAX`], the most notable first, and the number of all.

mod moves;
mod names;
mod ranges;
mod verdicts;

use std::collections::{BTreeMap, BTreeSet};

use domain::event::{AreaLevel, Event};
use domain::measure::Definition;
use domain::number::DECIMAL_PLACES_MAX;
use domain::result::ResultEntry;
use domain::time::AsOf;
use domain::{AreaId, Book, Cell, Exact, Figure, MeasureId, Period, Timestamp};
use ratings::Rating;

use crate::rating_changes::{RatingChanges, Touched};
use crate::reader::{Reader, measured};
use names::Names;

pub use verdicts::CountryComparison;

/// How many of each kind are listed.
pub const LISTED_MAX: usize = 20;

/// What a submission's records touch.
#[derive(Debug, Clone, Default)]
pub struct Release {
    touched: Touched,
    cells: BTreeSet<Cell>,
    measures: BTreeSet<MeasureId>,
}

impl Release {
    /// Counts one record in. For a rollback or a reinstatement also every record of that submission is to be counted in.
    pub fn add(&mut self, event: &Event) {
        self.touched.add(event);
        let Some(cell) = cell_of(event) else {
            self.measures.extend(measure_of(event).cloned());
            return;
        };
        self.cells.insert(cell.clone());
        if !self.measures.contains(&cell.series.measure) {
            self.measures.insert(cell.series.measure.clone());
        }
    }

    /// Whose figures or verdicts may change: of these measures alone an excerpt is needed ([`Book::excerpt`]). Empty when
    /// nothing of the kind is touched. What is adopted or defined for every measure is not looked at.
    pub const fn measures(&self) -> &BTreeSet<MeasureId> {
        &self.measures
    }

    /// How many cells have a record.
    pub fn n_cells(&self) -> usize {
        self.cells.len()
    }
}

const fn cell_of(event: &Event) -> Option<&Cell> {
    if let Event::ResultRecorded(it) = event {
        Some(&it.cell)
    } else if let Event::ResultWithdrawn(cell) = event {
        Some(cell)
    } else {
        None
    }
}

/// The measure that a record which is no result is about, when a verdict may rest on it.
fn measure_of(event: &Event) -> Option<&MeasureId> {
    match event {
        Event::TargetChanged(it) => Some(&it.key.measure),
        Event::TargetWithdrawn(it) => Some(&it.key.measure),
        Event::MeasureRevised(it) => Some(&it.measure),
        Event::MeasureWithdrawn(it) => Some(&it.measure),
        Event::RatingRuleAdopted(it) => it.measure.as_ref(),
        Event::LogOpened(_)
        | Event::SubmissionReceived(_)
        | Event::SubmissionRolledBack(_)
        | Event::SubmissionReinstated(_)
        | Event::ContentStored(_)
        | Event::ActorNamed(_)
        | Event::MeasureDefined(_)
        | Event::AreaDefined(_)
        | Event::CohortDefined(_)
        | Event::ResultRecorded(_)
        | Event::ResultWithdrawn(_)
        | Event::BenchmarkRecorded(_)
        | Event::NeighboursAdopted(_)
        | Event::CommentaryWritten(_)
        | Event::DirectionMethodAdopted(_)
        | Event::ScorecardDefined(_)
        | Event::RowSetAside(_)
        | Event::ActionAgreed(_)
        | Event::ViewPublished(_)
        | Event::CommitteeActRecorded(_)
        | Event::LateFigureTold(_)
        | Event::FormatRaised(_) => None,
    }
}

/// What a submission would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// As known when; `None` for as everything stands now.
    pub known_at: Option<Timestamp>,
    /// How many cells change, and how.
    pub counts: Counts,
    /// How many cells lose what stood, by period, the earliest first; the first [`LISTED_MAX`].
    pub emptied: Vec<(Period, u64)>,
    /// Values that change, by how much of the former value, the largest first; of equal ones in the cells' order. From 0
    /// counts as all of the former value.
    pub moves: Listed<Move>,
    /// Values that become about ten times as large or as small: 9 times or more, or 1/9 or less, neither being 0. The
    /// largest factor first.
    pub tenfold: Listed<Move>,
    /// Values that come to lie outside the range of their region; see [`Outside`]. The farthest out first.
    pub outside: Listed<Outside>,
    /// Ratings that change from one colour to another. First those of the authority and what is in it, of them first
    /// between Green and Red; then in the cells' order.
    pub ratings: Listed<Flip<Rating>>,
    /// Changes between better than, level with and worse than the country that contains the area, also where only the
    /// country's figure changes. First those of the authority and what is in it, of them first between better and worse.
    pub comparisons: Listed<Flip<CountryComparison>>,
    /// How many colours are lost: the figure, or what it is judged by, no longer stands.
    pub n_ratings_lost: u64,
    /// How many comparisons with the country are lost.
    pub n_comparisons_lost: u64,
}

impl Review {
    /// Whether any figure or verdict changes.
    pub fn tells_something(&self) -> bool {
        let n_verdicts = [self.ratings.n, self.comparisons.n, self.n_ratings_lost, self.n_comparisons_lost];
        self.counts != Counts::default() || n_verdicts.iter().any(|n| *n > 0)
    }
}

/// How many cells change, and how: each is in one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Nothing stood.
    pub new: u64,
    /// Something else stood, and neither of the next two.
    pub revised: u64,
    /// Nothing will stand.
    pub withdrawn: u64,
    /// A number stood, and a reason for having none will.
    pub number_to_missing: u64,
    /// A reason for having no number stood, and a number will.
    pub missing_to_number: u64,
}

/// The first of something, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// At most [`LISTED_MAX`].
    pub first: Vec<T>,
    /// How many there are.
    pub n: u64,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { first: Vec::new(), n: 0 }
    }
}

/// A cell in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Which.
    pub cell: Cell,
    /// The measure's title.
    pub title: String,
    /// The area's name.
    pub area_name: String,
    /// The cohort's name.
    pub cohort_name: String,
}

/// A value that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Where.
    pub what: Named,
    /// What stood, as shown.
    pub before: String,
    /// What will stand, as shown.
    pub after: String,
    /// By how much of the former value, or to how many times of it: `up 12.5%`, `9.2 times`, `1/10`.
    pub change: String,
}

/// A value outside the range of its region: less than the least or more than the greatest of at least [`OTHERS_MIN`]
/// others for the same measure, cohort and period. For a region or a country they are its parts; for any other area those
/// that are in the same area. It is told when the figure that it follows was not outside: what stood in the cell, or,
/// where nothing did, the latest earlier one of the series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// Where.
    pub what: Named,
    /// What will stand, as shown.
    pub value: String,
    /// The least of the others, as shown.
    pub least: String,
    /// The greatest of the others, as shown.
    pub greatest: String,
    /// How many others there are.
    pub n_others: u64,
    /// The name of the area that they are parts of.
    pub region_name: String,
}

/// How many others give a range.
pub const OTHERS_MIN: usize = 4;

/// A verdict that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flip<T> {
    /// Whose.
    pub what: Named,
    /// What stood.
    pub before: Side<T>,
    /// What will stand.
    pub after: Side<T>,
}

/// A verdict with what it rests on, as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side<T> {
    /// The verdict.
    pub verdict: T,
    /// The figure.
    pub figure: String,
    /// What it is judged by: the target, or the country's figure.
    pub against: String,
}

/// Compares the two sides of a submission, in a book that supposes it: before it as of `before`, with it as of `after`,
/// which have one bound on `known_at`.
///
/// Cost: some microseconds for each cell of its measures.
pub fn review(book: &Book, release: &Release, before: AsOf, after: AsOf) -> Review {
    let sides = Sides { before: Reader::new(book, before), after: Reader::new(book, after) };
    let names = Names::new(&sides.after);
    let mut review = Review {
        known_at: after.known_at,
        counts: Counts::default(),
        emptied: Vec::new(),
        moves: Listed::default(),
        tenfold: Listed::default(),
        outside: Listed::default(),
        ratings: Listed::default(),
        comparisons: Listed::default(),
        n_ratings_lost: 0,
        n_comparisons_lost: 0,
    };
    let changed: Vec<Changed<'_>> = release.cells.iter().filter_map(|cell| sides.changed(cell)).collect();
    count(&mut review, &changed);
    moves::look(&mut review, &changed, &names);
    ranges::look(&mut review, &sides, &changed, &names);
    let rated = RatingChanges::between(book, &release.touched, before, after);
    verdicts::look(&mut review, &sides, rated.cells(), &names);
    review
}

/// The book before and after.
struct Sides<'a> {
    before: Reader<'a>,
    after: Reader<'a>,
}

/// A cell that changes, with both figures.
struct Changed<'a> {
    cell: &'a Cell,
    before: Option<Standing>,
    after: Option<Standing>,
}

/// What stands in a cell.
#[derive(Clone, PartialEq, Eq)]
struct Standing {
    entry: ResultEntry,
    value: Option<Exact>,
    display: String,
}

impl Sides<'_> {
    fn changed<'c>(&self, cell: &'c Cell) -> Option<Changed<'c>> {
        let (before, after) = (standing(&self.before, cell), standing(&self.after, cell));
        (before != after).then_some(Changed { cell, before, after })
    }
}

/// What stands in a cell as of a reader's bounds.
fn standing(reader: &Reader<'_>, cell: &Cell) -> Option<Standing> {
    let (_, entry) = reader.result(cell)?;
    let definition = reader.defined(&cell.series.measure).ok()?.definition;
    Some(Standing { value: measured(&entry, definition), display: crate::reader::shown(&entry, definition), entry })
}

/// The measured value in a cell as of a reader's bounds.
fn value(reader: &Reader<'_>, definition: &Definition, cell: &Cell) -> Option<Exact> {
    measured(&reader.result(cell)?.1, definition)
}

fn count(review: &mut Review, changed: &[Changed<'_>]) {
    let mut emptied: BTreeMap<Period, u64> = BTreeMap::new();
    for Changed { cell, before, after } in changed {
        let number = |standing: &Standing| !matches!(standing.entry.figure, Figure::Missing(_));
        let counts = &mut review.counts;
        let counter = match (before.as_ref().map(number), after.as_ref().map(number)) {
            (None, _) => &mut counts.new,
            (Some(_), None) => {
                let n = emptied.entry(cell.period).or_default();
                *n = n.saturating_add(1);
                &mut counts.withdrawn
            }
            (Some(true), Some(false)) => &mut counts.number_to_missing,
            (Some(false), Some(true)) => &mut counts.missing_to_number,
            (Some(_), Some(_)) => &mut counts.revised,
        };
        *counter = counter.saturating_add(1);
    }
    review.emptied = emptied.into_iter().take(LISTED_MAX).collect();
}

/// The first of what is in order already.
fn listed<T, U>(all: &[T], show: impl Fn(&T) -> U) -> Listed<U> {
    Listed { first: all.iter().take(LISTED_MAX).map(show).collect(), n: u64::try_from(all.len()).unwrap_or(u64::MAX) }
}

/// Two values as shown, with as many places as tell them apart where they are not equal.
fn told_apart(definition: &Definition, one: Exact, other: Exact) -> (String, String) {
    let mut definition = definition.clone();
    loop {
        let shown = (definition.show(one), definition.show(other));
        let apart = shown.0 != shown.1 || one.compare(other).is_eq();
        if apart || definition.decimal_places >= DECIMAL_PLACES_MAX {
            return shown;
        }
        definition.decimal_places = definition.decimal_places.saturating_add(1);
    }
}

/// The country that contains an area, itself excluded.
fn country(reader: &Reader<'_>, area: &AreaId) -> Option<AreaId> {
    let containing = reader.area_and_containing(area).into_iter().skip(1);
    containing.into_iter().find(|above| level(reader, above) == Some(AreaLevel::Country))
}

fn level(reader: &Reader<'_>, area: &AreaId) -> Option<AreaLevel> {
    Some(reader.book.area(area, reader.as_of)?.value.value.level)
}
