//! A result between its bytes and its event: a fold takes of it what it needs, and makes no event.

use domain::event::{Attribution, ResultRecorded};
use domain::result::ResultEntry;
use domain::{Cell, Event, Origin, Period, Series};

use super::codes::optional;
use super::direct::Text;
use super::reading::{attribution_of, entry, origin};
use super::{Recent, v1};
use crate::bytes::Fault;

/// A result as it is stored. What is asked of it is checked then; bytes that are those of a text that was checked are one.
pub(crate) struct StoredResult<S>(pub(super) v1::Payload<S, v1::ResultRecorded<S>>);

impl StoredResult<&str> {
    pub(super) fn read(&self, recent: &mut Recent) -> Result<(Attribution, Event), Fault> {
        let attribution = self.attribution(recent)?;
        let entry = self.entry()?;
        let cell = Cell { series: self.series(recent)?, period: self.period(recent)? };
        Ok((attribution, Event::ResultRecorded(ResultRecorded { cell, entry })))
    }
}

impl<'a, S: Text<'a> + AsRef<[u8]>> StoredResult<S> {
    /// Who, with which submission, from where and why.
    pub(crate) fn attribution(&self, recent: &mut Recent) -> Result<Attribution, Fault> {
        let v1::Prefix { actor, authenticated, submission, origin, cause, reason } = &self.0.prefix;
        let origin = origin.as_ref().map(|it| v1::Origin { file: it.file, line: it.line });
        let (actor, reason) = (checked(*actor)?, checked(*reason)?);
        let prefix =
            v1::Prefix { actor, authenticated: *authenticated, submission: *submission, origin, cause: *cause, reason };
        attribution_of(recent.actor(actor)?, &prefix)
    }

    /// From which line.
    pub(crate) fn origin(&self) -> Result<Option<Origin>, Fault> {
        self.0.prefix.origin.as_ref().map(origin).transpose()
    }

    /// True when this is its attribution but for the line.
    pub(crate) fn attributed_to(&self, attribution: &Attribution) -> bool {
        let Attribution { actor, submission, why, .. } = attribution;
        let v1::Prefix { actor: id, authenticated, submission: own, cause, reason, .. } = &self.0.prefix;
        submission.0 == *own
            && why.reason.as_bytes() == reason.as_ref()
            && optional(why.cause) == *cause
            && actor.id.as_str().as_bytes() == id.as_ref()
            && actor.authenticated == *authenticated
    }

    /// The codes of its measure, area and cohort.
    pub(crate) fn codes(&self) -> [S; 3] {
        let v1::Cell { measure, area, cohort, .. } = self.0.event.cell;
        [measure, area, cohort]
    }

    pub(crate) fn series(&self, recent: &mut Recent) -> Result<Series, Fault> {
        let [measure, area, cohort] = self.codes();
        Ok(Series {
            measure: recent.measure(checked(measure)?)?,
            area: recent.area(checked(area)?)?,
            cohort: recent.cohort(checked(cohort)?)?,
        })
    }

    pub(crate) fn period(&self, recent: &mut Recent) -> Result<Period, Fault> {
        recent.period(self.0.event.cell.period.as_ref())
    }

    pub(crate) fn entry(&self) -> Result<ResultEntry, Fault> {
        entry(&self.0.event)
    }
}

pub(super) fn checked<'a>(text: impl Text<'a>) -> Result<&'a str, Fault> {
    text.checked().ok_or_else(|| Fault::damaged("what should be a text is none"))
}
