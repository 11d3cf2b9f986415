//! What is asked to be compared, made into two sides.

use domain::time::AsOf;
use domain::{AreaId, Book, Period, Position, ScorecardId, ViewId};

use super::Side;
use crate::Error;
use crate::scorecard::Question;

/// One side as it is asked for. What it leaves out is as on the other side, except for the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// A view, which says everything else.
    pub view: Option<ViewId>,
    /// Which scorecard.
    pub scorecard: Option<ScorecardId>,
    /// Of which period.
    pub period: Option<Period>,
    /// For which area; the authority where neither side says.
    pub area: Option<AreaId>,
    /// As of when, where it is no view.
    pub as_of: AsOf,
}

/// Both sides, where views are those published up to `head`.
///
/// # Errors
/// [`Error::NoView`]; [`Error::NotDefined`] for a scorecard or a period that neither side says.
pub fn sides(
    book: &Book,
    (before, after): (&Asked, &Asked),
    authority: &AreaId,
    head: Position,
) -> Result<(Side, Side), Error> {
    let (before, after) = (of_view(book, before, head)?, of_view(book, after, head)?);
    let side = |own: &Asked, other: &Asked| {
        let missing = |what| Error::NotDefined { what, code: "that neither side names".to_owned() };
        let question = Question {
            scorecard: own.scorecard.as_ref().or(other.scorecard.as_ref()).ok_or_else(|| missing("scorecard"))?.clone(),
            period: own.period.or(other.period).ok_or_else(|| missing("period"))?,
            area: own.area.as_ref().or(other.area.as_ref()).unwrap_or(authority).clone(),
        };
        Ok(Side { view: own.view.clone(), question, as_of: own.as_of })
    };
    Ok((side(&before, &after)?, side(&after, &before)?))
}

/// A side that says everything, where it is a view.
fn of_view(book: &Book, asked: &Asked, head: Position) -> Result<Asked, Error> {
    let Some(id) = &asked.view else { return Ok(asked.clone()) };
    let missing = || Error::NoView { view: id.clone() };
    let published = &book.view(id, head).ok_or_else(missing)?.value.value;
    Ok(Asked {
        view: Some(id.clone()),
        scorecard: Some(published.scorecard.clone()),
        period: Some(published.period),
        area: Some(published.area.clone()),
        as_of: published.as_of(),
    })
}
