//! The records of the log.

use std::io::{self, Write};

use wire::v1;

use super::Style;
use super::event::{Said, backfilled, said};
use super::table::{Column, Row, Table, notes};
use super::text::{Ink, Page, Text, joined};
use super::words;

/// Below this width an instant takes two lines, so that what a record says has room.
const WIDTH_OF_WHOLE_INSTANTS: usize = 110;

/// How much is said of each record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// A line each.
    Line,
    /// A block each, with everything but the bytes.
    Whole,
}

/// Shows records in the log's order.
///
/// # Errors
/// What `out` says.
pub(crate) fn log(out: &mut dyn Write, style: &Style, records: &[v1::Envelope], detail: Detail) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    match detail {
        Detail::Line if records.is_empty() => page.text(0, &Text::plain("No records.")),
        Detail::Line => {
            let columns = [
                Column::right("Position"),
                Column::left("Recorded"),
                Column::left("Event"),
                if style.width < WIDTH_OF_WHOLE_INSTANTS { Column::wide("What") } else { Column::left("What") },
                Column::left("By"),
            ];
            let rows: Vec<Row> = records.iter().map(line).collect();
            Table::of(&columns, rows.iter(), 0, *style).write(page, &rows)
        }
        Detail::Whole => {
            for (i, record) in records.iter().enumerate() {
                if i > 0 {
                    page.blank()?;
                }
                block(page, record)?;
            }
            Ok(())
        }
    }
}

fn line(record: &v1::Envelope) -> Row {
    let Said { event, subject, summary } = said(record.event.as_ref());
    let colon = if subject.is_empty() || summary.is_empty() { "" } else { ": " };
    Row::of(vec![
        Text::plain(record.position.to_string()),
        Text::plain(words::instant_short(record.recorded_at.as_ref())),
        Text::plain(event),
        Text::inked(Ink::Notice, backfilled(record)).then(Ink::Plain, format!("{subject}{colon}{summary}")),
        Text::plain(record.actor.as_ref().map_or("", |actor| actor.id.as_str())),
    ])
}

fn block(page: &mut Page<'_>, record: &v1::Envelope) -> io::Result<()> {
    let Said { event, subject, summary } = said(record.event.as_ref());
    let head = Text::inked(Ink::Strong, joined(&format!("{} {event}", record.position))).then(Ink::Plain, " ");
    page.text(0, &head.then(Ink::Plain, subject))?;
    let known = words::instant_code(record.known_at.as_ref());
    let known = if record.backfill { format!("{known}, a backfill") } else { known };
    let cause = match record.cause() {
        v1::Cause::ScheduledRevision => "scheduled revision",
        v1::Cause::MethodChange => "change of method",
        v1::Cause::CorrectionOfError => "correction of an error",
        v1::Cause::Unspecified => "",
    };
    let commit = if record.last_of_commit { "last record of its commit" } else { "" };
    let lines = [
        ("Says", Text::plain(summary)),
        ("Known", Text::plain(known)),
        ("Recorded", Text::plain(words::instant_code(record.recorded_at.as_ref()))),
        ("By", Text::plain(words::actor(record.actor.as_ref()))),
        ("Cause", Text::plain(cause)),
        ("Reason", Text::plain(record.reason.as_str())),
        ("From", Text::plain(words::origin(record.origin.as_ref()))),
        ("Submission", Text::plain(record.submission_id.as_str())),
        ("Event id", Text::plain(record.event_id.as_str())),
        ("Commit", Text::plain(commit)),
    ];
    notes(page, 2, &lines)
}
