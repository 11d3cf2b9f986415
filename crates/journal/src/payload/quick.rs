//! Results as a fold of many reads them: what the payloads of one file's rows have in common is read once, and a plain value
//! at once. What is not read here is read in full, which also says what is wrong with it.

use domain::period::PeriodKey;
use domain::result::ResultEntry;
use domain::{Decimal, Figure, Origin, Series, Status};

use super::codes::{Code as _, read_optional};
use super::direct::{self, CellBytes};
use super::reading::entry;
use super::result::checked;
use super::{Recent, kind, v1};

/// The prefix that results of one file share, but for the line: who, with which submission, from which file and why.
#[derive(Debug)]
pub(crate) struct Shared {
    file: u16,
    /// What is before the line, and what is after it.
    before: Vec<u8>,
    after: Vec<u8>,
}

impl Shared {
    /// The prefix of a result that came from a line.
    pub(crate) fn of(payload: &[u8]) -> Option<Self> {
        let (prefix, event) = direct::read_prefix_of(payload)?;
        let file = prefix.origin.as_ref()?.file;
        let n_after = prefix.reason.len().checked_add(AFTER_LINE_BYTES)?;
        let bytes = payload.strip_suffix(event)?;
        let (before, rest) = bytes.split_at_checked(bytes.len().checked_sub(n_after)?.checked_sub(LINE_BYTES)?)?;
        Some(Self { file, before: before.to_vec(), after: rest.get(LINE_BYTES..)?.to_vec() })
    }

    /// The line of a result with the same prefix, and what follows that.
    #[inline]
    pub(crate) fn split<'a>(&self, payload: &'a [u8]) -> Option<(Origin, &'a [u8])> {
        let rest = payload.strip_prefix(self.before.as_slice())?;
        let (line, rest) = rest.split_first_chunk::<LINE_BYTES>()?;
        let line = u32::from_le_bytes(*line).try_into().ok()?;
        Some((Origin { file: self.file, line }, rest.strip_prefix(self.after.as_slice())?))
    }
}

/// How long a line's number is, and what follows it but for the reason: the cause, and the reason's length.
const LINE_BYTES: usize = 4;
const AFTER_LINE_BYTES: usize = 9;

/// What a result says after its prefix.
pub(crate) struct ResultBytes<'a> {
    cell: CellBytes<'a>,
    rest: &'a [u8],
}

/// True for the records of results that are read here.
#[inline]
pub(crate) const fn result(kind: u16, schema: u16) -> bool {
    kind == kind::RESULT_RECORDED && schema == 1
}

impl<'a> ResultBytes<'a> {
    #[inline]
    pub(crate) fn of(event: &'a [u8]) -> Option<Self> {
        let (cell, rest) = direct::read_cell_of(event)?;
        Some(Self { cell, rest })
    }

    /// Of a whole payload.
    pub(crate) fn after_prefix(payload: &'a [u8]) -> Option<Self> {
        Self::of(direct::read_prefix_of(payload)?.1)
    }

    /// The codes of its measure, area and cohort.
    #[inline]
    pub(crate) const fn codes(&self) -> [&'a [u8]; 3] {
        let v1::Cell { measure, area, cohort, .. } = self.cell;
        [measure, area, cohort]
    }

    #[inline]
    pub(crate) const fn period_code(&self) -> &'a [u8] {
        self.cell.period
    }

    pub(crate) fn period(&self, recent: &mut Recent) -> Option<PeriodKey> {
        recent.period(self.cell.period).ok().map(PeriodKey::of)
    }

    pub(crate) fn series(&self, recent: &mut Recent) -> Option<Series> {
        let v1::Cell { measure, area, cohort, .. } = self.cell;
        Some(Series {
            measure: recent.measure(checked(measure).ok()?).ok()?,
            area: recent.area(checked(area).ok()?).ok()?,
            cohort: recent.cohort(checked(cohort).ok()?).ok()?,
        })
    }

    /// What was recorded; all of the bytes.
    #[inline]
    pub(crate) fn entry(&self) -> Option<ResultEntry> {
        plain(self.rest).or_else(|| {
            let v1::Cell { measure, area, cohort, period } = self.cell;
            entry(&direct::read_after_cell(v1::Cell { measure, area, cohort, period }, self.rest)?).ok()
        })
    }
}

/// A stated value with nothing beside it but its status and a printed colour.
#[inline]
fn plain(bytes: &[u8]) -> Option<ResultEntry> {
    // Its form and no reason; a value; no numerator and no denominator; no earlier figure, and a text of no length.
    let (begin, rest) = bytes.split_first_chunk::<3>()?;
    let (coefficient, rest) = rest.split_first_chunk::<8>()?;
    let ([scale, 0, 0, status, colour], [0, 0, 0, 0, 0, 0, 0, 0, 0]) = rest.split_first_chunk::<5>()? else {
        return None;
    };
    if *begin != [1, 0, 1] {
        return None;
    }
    let value = Decimal::new(i64::from_le_bytes(*coefficient), *scale).ok()?;
    Some(ResultEntry {
        figure: Figure::Stated { value, denominator: None },
        status: Status::read(*status).ok()?,
        stated_colour: read_optional(*colour).ok()?,
        stated_previous: None,
        source_text: String::new(),
    })
}
