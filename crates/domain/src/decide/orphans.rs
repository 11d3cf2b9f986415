//! A rollback must not leave facts without the definitions they rest on, nor a reinstatement bring such facts back.

use crate::book::{Book, MeasureState, Noted};
use crate::decide::Rejection;
use crate::event::Comparator;
use crate::history::{History, Rollbacks, SubmissionNumber};
use crate::ids::{AreaId, CohortId, MeasureId, ScorecardId};
use crate::result::Series;
use crate::time::AsOf;

/// The codes that a fact rests on.
struct Uses<'a> {
    user: String,
    measure: Option<&'a MeasureId>,
    area: Option<&'a AreaId>,
    cohort: Option<&'a CohortId>,
    scorecard: Option<&'a ScorecardId>,
}

/// Which facts are asked about.
#[derive(Clone, Copy)]
enum Of {
    /// The facts that count now and are not of this submission.
    AllBut(SubmissionNumber),
    /// The facts of this submission.
    Only(SubmissionNumber),
}

/// # Errors
/// [`Rejection::WouldOrphan`] when a fact that stays uses a definition that only this submission gives.
pub(super) fn check_roll_back(book: &Book, number: SubmissionNumber) -> Result<(), Rejection> {
    check(book, Of::AllBut(number), Some(number))
}

/// # Errors
/// [`Rejection::WouldOrphan`] when a fact that comes back uses a definition that is rolled back.
pub(super) fn check_reinstate(book: &Book, number: SubmissionNumber) -> Result<(), Rejection> {
    check(book, Of::Only(number), None)
}

fn check(book: &Book, of: Of, without: Option<SubmissionNumber>) -> Result<(), Rejection> {
    let orphan = |what: String, user: &str| Err(Rejection::WouldOrphan { what, user: user.to_owned() });
    for uses in uses(book, of) {
        if let Some(measure) = uses.measure
            && !given(book, of, without, book.measures.get(measure), |state| matches!(state, MeasureState::Defined(_)))
        {
            return orphan(format!("measure {measure}"), &uses.user);
        }
        if let Some(area) = uses.area
            && !given(book, of, without, book.areas.get(area), |_| true)
        {
            return orphan(format!("area {area}"), &uses.user);
        }
        if let Some(cohort) = uses.cohort
            && !given(book, of, without, book.cohorts.get(cohort), |_| true)
        {
            return orphan(format!("cohort {cohort}"), &uses.user);
        }
        if let Some(scorecard) = uses.scorecard
            && !given(book, of, without, book.scorecards.get(scorecard), |_| true)
        {
            return orphan(format!("scorecard {scorecard}"), &uses.user);
        }
    }
    Ok(())
}

/// True when some definition under the key still counts; in a reinstatement the submission's own definitions do.
fn given<T>(
    book: &Book,
    of: Of,
    without: Option<SubmissionNumber>,
    history: Option<&History<Noted<T>>>,
    defines: impl Fn(&T) -> bool,
) -> bool {
    history.into_iter().flat_map(History::all).any(|revision| {
        let back = matches!(of, Of::Only(number) if number == revision.submission);
        defines(&revision.value.value)
            && Some(revision.submission) != without
            && (back || !book.rolled_back(revision.submission, AsOf::position(book.head())))
    })
}

/// True when a submission's facts are asked about.
fn asked(book: &Book, of: Of, submission: SubmissionNumber) -> bool {
    match of {
        Of::Only(number) => submission == number,
        Of::AllBut(number) => submission != number && !book.rolled_back(submission, AsOf::position(book.head())),
    }
}

/// The facts of a history that are asked about.
fn facts<'a, T>(book: &'a Book, of: Of, history: &'a History<Noted<T>>) -> impl Iterator<Item = &'a T> {
    history.all().filter(move |revision| asked(book, of, revision.submission)).map(|revision| &revision.value.value)
}

fn holds<T>(book: &Book, of: Of, history: &History<Noted<T>>) -> bool {
    facts(book, of, history).next().is_some()
}

impl<'a> Uses<'a> {
    fn of_series(noun: &str, series: &'a Series) -> Self {
        let Series { measure, area, cohort } = series;
        let user = format!("a {noun} of {measure}");
        Self { user, measure: Some(measure), area: Some(area), cohort: Some(cohort), scorecard: None }
    }

    fn of_measure(user: String, measure: &'a MeasureId) -> Self {
        Self { user, measure: Some(measure), area: None, cohort: None, scorecard: None }
    }

    fn of_area(user: String, area: &'a AreaId) -> Self {
        Self { user, measure: None, area: Some(area), cohort: None, scorecard: None }
    }

    fn of_scorecard(user: String, scorecard: &'a ScorecardId) -> Self {
        Self { user, measure: None, area: None, cohort: None, scorecard: Some(scorecard) }
    }
}

fn uses(book: &Book, of: Of) -> impl Iterator<Item = Uses<'_>> {
    figures(book, of).chain(benchmarks(book, of)).chain(definitions(book, of)).chain(rules(book, of))
}

fn figures(book: &Book, of: Of) -> impl Iterator<Item = Uses<'_>> {
    let results = book.columns.all().filter(move |(_, line)| {
        line.all().any(|packed| book.submission_of(&packed).is_some_and(|number| asked(book, of, number)))
    });
    let targets = book.targets.iter().filter(move |(_, h)| holds(book, of, h)).map(|(key, _)| Uses {
        user: format!("a target of {}", key.measure),
        measure: Some(&key.measure),
        area: Some(&key.area),
        cohort: Some(&key.cohort),
        scorecard: None,
    });
    let actions = book.actions.iter().filter(move |(_, h)| holds(book, of, h));
    let late = book.late_figures.values().flat_map(move |history| facts(book, of, history));
    let commentary = book.commentary.iter().filter(move |(_, h)| holds(book, of, h));
    results
        .map(|(series, _)| Uses::of_series("result", series))
        .chain(targets)
        .chain(commentary.map(|(cell, _)| Uses::of_series("commentary", &cell.series)))
        .chain(actions.map(|(cell, _)| Uses::of_series("action", &cell.series)))
        .chain(late.map(|told| Uses::of_series("late figure", &told.cell.series)))
}

fn benchmarks(book: &Book, of: Of) -> impl Iterator<Item = Uses<'_>> {
    let beside = book.benchmarks.iter().flat_map(|(cell, by)| by.iter().map(move |(whose, h)| (cell, whose, h)));
    beside.filter(move |(_, _, history)| holds(book, of, history)).flat_map(|(cell, comparator, _)| {
        let area = match comparator {
            Comparator::Area(area) => Some(area),
            Comparator::Neighbours | Comparator::Group(_) => None,
        };
        let user = format!("a benchmark of {}", cell.series.measure);
        let compared = area.map(|area| Uses::of_area(user, area));
        [Uses::of_series("benchmark", &cell.series)].into_iter().chain(compared)
    })
}

fn definitions(book: &Book, of: Of) -> impl Iterator<Item = Uses<'_>> {
    let layouts = book.scorecards.iter().flat_map(move |(id, history)| {
        facts(book, of, history).flat_map(|state| state.layout.rows()).map(move |row| Uses {
            user: format!("scorecard {id}"),
            measure: Some(&row.measure),
            area: None,
            cohort: Some(&row.cohort),
            scorecard: None,
        })
    });
    let others = book.scorecards.iter().flat_map(move |(id, history)| {
        let named = facts(book, of, history).flat_map(|state| [&state.remit.behind, &state.remit.subset_of]);
        named.flatten().map(move |other| Uses::of_scorecard(format!("scorecard {id}"), other))
    });
    let children = book.areas.iter().flat_map(move |(area, history)| {
        let parents = facts(book, of, history).filter_map(|defined| defined.parent.as_ref());
        parents.map(move |parent| Uses::of_area(format!("area {area}"), parent))
    });
    let ends = book.measures.iter().flat_map(move |(measure, history)| {
        let withdrawn = facts(book, of, history).filter_map(|state| match state {
            MeasureState::Withdrawn(withdrawn) => Some(withdrawn),
            MeasureState::Defined(_) => None,
        });
        withdrawn.flat_map(move |end| {
            let user = || format!("the withdrawal of {measure}");
            let successor = end.successor.as_ref().map(|successor| Uses::of_measure(user(), successor));
            [Uses::of_measure(user(), measure)].into_iter().chain(successor)
        })
    });
    layouts.chain(others).chain(children).chain(ends)
}

fn rules(book: &Book, of: Of) -> impl Iterator<Item = Uses<'_>> {
    let adopted = facts(book, of, &book.rating_rules).chain(facts(book, of, &book.direction_methods));
    let own = adopted.filter_map(|rule| {
        let measure = rule.measure.as_ref()?;
        Some(Uses::of_measure(format!("the rule {}", rule.rule), measure))
    });
    let lists = book.neighbours.iter().flat_map(move |(id, history)| {
        let areas = facts(book, of, history).flat_map(|list| [&list.area].into_iter().chain(&list.members));
        areas.map(move |area| Uses::of_area(format!("neighbour list {id}"), area))
    });
    own.chain(lists)
}
