//! What of the feed a follower wants.

use std::collections::BTreeSet;

use domain::event::Event;
use domain::ids::ScorecardId;
use domain::time::AsOf;
use domain::{AreaId, Book, Cell, CohortId, MeasureId, Position, Series};

/// The name of a rating change among the names of events.
pub const RATING_CHANGED: &str = "RatingChanged";

/// Everything that it names must agree; what it leaves empty is not asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// About these measures. A rule for every measure is about each.
    pub measures: BTreeSet<MeasureId>,
    /// In these areas. What is about a measure and no area is about it in each; a target is also about the areas inside.
    pub areas: BTreeSet<AreaId>,
    /// On this scorecard, as it is laid out at the end of the commit for whichever periods; the scorecard itself, and the
    /// views of it.
    pub scorecard: Option<ScorecardId>,
    /// Of these types, by [`Event::name`] or [`RATING_CHANGED`].
    pub types: BTreeSet<&'static str>,
}

/// What an event is about.
#[derive(Default)]
struct Subject<'a> {
    measure: Option<&'a MeasureId>,
    area: Option<&'a AreaId>,
    cohort: Option<&'a CohortId>,
    /// It is about every measure.
    every: bool,
    target: bool,
}

impl Filter {
    /// True when everything is wanted.
    pub fn none(&self) -> bool {
        *self == Self::default()
    }

    /// True when rating changes are wanted.
    pub(super) fn wants_ratings(&self) -> bool {
        self.types.is_empty() || self.types.contains(RATING_CHANGED)
    }

    /// Whether an event of a commit that ends at `end` is wanted.
    pub(super) fn wants(&self, event: &Event, book: &Book, end: Position) -> bool {
        if !self.types.is_empty() && !self.types.contains(event.name()) {
            return false;
        }
        if let Some(scorecard) = scorecard_of(event, book)
            && self.measures.is_empty()
            && self.areas.is_empty()
        {
            return self.scorecard.as_ref().is_none_or(|wanted| wanted == scorecard);
        }
        let subject = subject(event);
        let measure = self.measures.is_empty() || subject.every || contains(&self.measures, subject.measure);
        let area = || match subject.area {
            _ if self.areas.is_empty() => true,
            None => subject.every || subject.measure.is_some(),
            Some(area) => self.areas.iter().any(|wanted| {
                wanted == area || (subject.target && reporting::containing(book, wanted, end).contains(area))
            }),
        };
        measure && area() && self.on_scorecard(&subject, book, end)
    }

    /// Whether a rating change of a cell, in a commit that ends at `end`, is wanted.
    pub(super) fn wants_cell(&self, cell: &Cell, book: &Book, end: Position) -> bool {
        let series = &cell.series;
        let subject = Subject { measure: Some(&series.measure), cohort: Some(&series.cohort), ..Subject::default() };
        (self.measures.is_empty() || self.measures.contains(&series.measure))
            && (self.areas.is_empty() || self.areas.contains(&series.area))
            && self.on_scorecard(&subject, book, end)
    }

    fn on_scorecard(&self, subject: &Subject<'_>, book: &Book, end: Position) -> bool {
        let Some(scorecard) = &self.scorecard else { return true };
        let layouts = book.scorecard_layouts(scorecard, AsOf::position(end));
        !layouts.is_empty() && subject.every
            || layouts.iter().flat_map(|standing| standing.value.value.layout.rows()).any(|row| {
                subject.measure == Some(&row.measure) && subject.cohort.is_none_or(|cohort| *cohort == row.cohort)
            })
    }
}

/// The scorecard that an event is about as a whole.
fn scorecard_of<'a>(event: &'a Event, book: &'a Book) -> Option<&'a ScorecardId> {
    if let Event::ScorecardDefined(defined) = event {
        Some(&defined.scorecard)
    } else if let Event::ViewPublished(published) = event {
        Some(&published.scorecard)
    } else if let Event::CommitteeActRecorded(recorded) = event {
        book.view(&recorded.view, book.head()).map(|view| &view.value.value.scorecard)
    } else {
        None
    }
}

/// The one measure that an event is about, if it is about one.
pub fn measure(event: &Event) -> Option<&MeasureId> {
    subject(event).measure
}

fn contains<T: Ord>(set: &BTreeSet<T>, wanted: Option<&T>) -> bool {
    wanted.is_some_and(|wanted| set.contains(wanted))
}

fn of_measure(measure: &MeasureId) -> Subject<'_> {
    Subject { measure: Some(measure), ..Subject::default() }
}

fn of_target(key: &domain::target::TargetKey) -> Subject<'_> {
    let (area, cohort) = (Some(&key.area), Some(&key.cohort));
    Subject { measure: Some(&key.measure), area, cohort, target: true, ..Subject::default() }
}

fn of_cell(cell: &Cell) -> Subject<'_> {
    let Series { measure, area, cohort } = &cell.series;
    Subject { measure: Some(measure), area: Some(area), cohort: Some(cohort), ..Subject::default() }
}

fn subject(event: &Event) -> Subject<'_> {
    match event {
        Event::MeasureDefined(it) | Event::MeasureRevised(it) => of_measure(&it.measure),
        Event::MeasureWithdrawn(it) => of_measure(&it.measure),
        Event::ResultRecorded(it) => of_cell(&it.cell),
        Event::ResultWithdrawn(cell) => of_cell(cell),
        Event::TargetChanged(it) => of_target(&it.key),
        Event::TargetWithdrawn(it) => of_target(&it.key),
        Event::BenchmarkRecorded(it) => of_cell(&it.cell),
        Event::CommentaryWritten(it) => of_cell(&it.cell),
        Event::ActionAgreed(it) => of_cell(&it.cell),
        Event::LateFigureTold(it) => of_cell(&it.cell),
        Event::ViewPublished(it) => Subject { area: Some(&it.area), ..Subject::default() },
        Event::RatingRuleAdopted(it) | Event::DirectionMethodAdopted(it) => match &it.measure {
            Some(measure) => of_measure(measure),
            None => Subject { every: true, ..Subject::default() },
        },
        Event::AreaDefined(it) => Subject { area: Some(&it.area), ..Subject::default() },
        Event::LogOpened(_)
        | Event::SubmissionReceived(_)
        | Event::SubmissionRolledBack(_)
        | Event::SubmissionReinstated(_)
        | Event::ContentStored(_)
        | Event::ActorNamed(_)
        | Event::CohortDefined(_)
        | Event::NeighboursAdopted(_)
        | Event::ScorecardDefined(_)
        | Event::CommitteeActRecorded(_)
        | Event::RowSetAside(_)
        | Event::FormatRaised(_) => Subject::default(),
    }
}
