//! Visiting the cells of a log: what an index needs of each result, borrowed from the stored bytes.

use domain::{Figure, Position};
use engine::log::{Error, EventLog as _};

use crate::Journal;
use crate::bytes::Fault;
use crate::payload;
use crate::record::{Frame, Header};

/// What a record says of a cell. Nothing of it is allocated; the codes are checked as texts, and not as codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellRecord<'a> {
    /// The record's type, position and times; its salt must not reach an answer or a feed.
    pub header: &'a Header,
    /// The measure's code.
    pub measure: &'a str,
    /// The area's code.
    pub area: &'a str,
    /// The cohort's code.
    pub cohort: &'a str,
    /// The period's canonical code.
    pub period: &'a str,
    /// The figure that stands from then on; `None` for a withdrawal.
    pub figure: Option<Figure>,
}

impl Journal {
    /// Visits the results and the withdrawals after a position, in order, up to the head of the log, which it gives.
    ///
    /// Every record's checksum is proved, also of those that are of other types; the chain is not. Cost: about a quarter
    /// of a microsecond a record.
    ///
    /// # Errors
    /// As [`EventLog::read`](engine::log::EventLog::read). What was visited before an error stands.
    pub fn visit_cells(&self, after: Position, mut visitor: impl FnMut(CellRecord<'_>)) -> Result<Position, Error> {
        let mut last = after.min(self.head().position);
        let visited = self.visit(after, |frame| {
            cell(frame, &mut visitor).map_err(|fault| fault.at(frame.header.position))?;
            last = frame.header.position;
            Ok(true)
        });
        self.note_damage(visited)?;
        Ok(last)
    }
}

/// Shows a record's cell, if it has one.
fn cell(frame: &Frame<'_>, visitor: &mut impl FnMut(CellRecord<'_>)) -> Result<(), Fault> {
    frame.expect_known()?;
    let header = &frame.header;
    if let Some(cell) = payload::cell(header.kind, header.schema, frame.payload())? {
        let payload::StoredCell { measure, area, cohort, period, figure } = cell;
        visitor(CellRecord { header, measure, area, cohort, period, figure });
    }
    Ok(())
}
