//! A rollback must not leave facts without the definitions they rest on, nor a reinstatement bring such facts back.

use crate::book::{Book, MeasureState, Noted};
use crate::decide::Rejection;
use crate::history::{History, Rollbacks, SubmissionNumber};
use crate::ids::{AreaId, CohortId, MeasureId};
use crate::time::AsOf;

/// The codes that a fact rests on.
struct Uses<'a> {
    user: String,
    measure: Option<&'a MeasureId>,
    area: Option<&'a AreaId>,
    cohort: Option<&'a CohortId>,
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

/// True when the history holds a fact that is asked about.
fn holds<T>(book: &Book, of: Of, history: &History<Noted<T>>) -> bool {
    history.all().any(|revision| match of {
        Of::Only(number) => revision.submission == number,
        Of::AllBut(number) => {
            revision.submission != number && !book.rolled_back(revision.submission, AsOf::position(book.head()))
        }
    })
}

fn uses(book: &Book, of: Of) -> impl Iterator<Item = Uses<'_>> {
    let results = book.results.iter().filter(move |(_, periods)| periods.values().any(|h| holds(book, of, h))).map(
        |(series, _)| Uses {
            user: format!("a result of {}", series.measure),
            measure: Some(&series.measure),
            area: Some(&series.area),
            cohort: Some(&series.cohort),
        },
    );
    let targets = book.targets.iter().filter(move |(_, h)| holds(book, of, h)).map(|(key, _)| Uses {
        user: format!("a target of {}", key.measure),
        measure: Some(&key.measure),
        area: Some(&key.area),
        cohort: Some(&key.cohort),
    });
    let benchmarks = book.benchmarks.iter().filter(move |(_, by)| by.values().any(|h| holds(book, of, h))).map(
        |(cell, _)| Uses {
            user: format!("a benchmark of {}", cell.series.measure),
            measure: Some(&cell.series.measure),
            area: Some(&cell.series.area),
            cohort: Some(&cell.series.cohort),
        },
    );
    let layouts = book.scorecards.iter().filter(move |(_, h)| holds(book, of, h)).flat_map(move |(id, history)| {
        history.standing(AsOf::position(book.head()), book).into_iter().flat_map(move |revision| {
            revision.value.value.layout.rows().map(move |row| Uses {
                user: format!("scorecard {id}"),
                measure: Some(&row.measure),
                area: None,
                cohort: Some(&row.cohort),
            })
        })
    });
    let children = book.areas.iter().filter(move |(_, h)| holds(book, of, h)).filter_map(|(area, history)| {
        let parent = history.all().last()?.value.value.parent.as_ref()?;
        Some(Uses { user: format!("area {area}"), measure: None, area: Some(parent), cohort: None })
    });
    results.chain(targets).chain(benchmarks).chain(layouts).chain(children)
}
