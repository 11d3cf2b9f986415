//! The feed, a line an item.

use std::io::{self, Write};

use wire::json::Kind;
use wire::v1;
use wire::v1::follow_response::Item;

use super::event::{Said, backfilled, said};

use super::text::{Ink, Page, Text, joined};
use super::{Format, Style, words};

/// Prints items one after another.
pub(crate) struct Printer {
    style: Style,
    lines: Option<Kind>,
}

impl Printer {
    /// As text for people, or each item as a line of JSON.
    ///
    /// # Errors
    /// When the contract in this program cannot be read: a build fault.
    pub(crate) fn new(style: Style, format: Format) -> io::Result<Self> {
        let lines = if format == Format::Json { Some(Kind::of("FollowResponse")?) } else { None };
        Ok(Self { style, lines })
    }

    /// Prints one.
    ///
    /// # Errors
    /// What `out` says.
    pub(crate) fn print(&self, out: &mut dyn Write, answer: &v1::FollowResponse) -> io::Result<()> {
        if let Some(lines) = &self.lines {
            return lines.write_line(out, answer);
        }
        let page = &mut Page::new(out, &self.style);
        match &answer.item {
            Some(Item::Event(record)) => event(page, record),
            Some(Item::RatingChanged(changed)) => rating_changed(page, changed),
            Some(Item::CaughtUp(it)) => {
                let said = format!("Caught up at position {}.", it.position);
                page.text(0, &Text::inked(Ink::Faint, said))
            }
            // A person waits, and is told when there is something.
            Some(Item::Progress(_)) => Ok(()),
            None => page.text(0, &Text::plain("an item that this program is too old to read")),
        }
    }
}

/// Where what an item says begins, when its place is not longer.
const SAID_AT: usize = 10;

fn event(page: &mut Page<'_>, record: &v1::Envelope) -> io::Result<()> {
    let Said { event, subject, summary } = said(record.event.as_ref());
    let colon = if subject.is_empty() || summary.is_empty() { "" } else { ": " };
    let by = record.actor.as_ref().map_or("", |actor| actor.id.as_str());
    let text = head(record.recorded_at.as_ref(), event).then(Ink::Plain, " ").then(Ink::Notice, backfilled(record));
    let text = text.then(Ink::Plain, format!("{subject}{colon}{summary}"));
    page.labelled(0, &record.position.to_string(), SAID_AT, &text.then(Ink::Faint, format!(" — {by}")))
}

fn rating_changed(page: &mut Page<'_>, changed: &v1::RatingChanged) -> io::Result<()> {
    let cell = changed.cell.clone().unwrap_or_default();
    let place = [cell.area.as_str(), words::cohort(&cell.cohort, ""), changed.period_words.as_str()];
    let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
    let text = head(changed.recorded_at.as_ref(), "RatingChanged");
    let text = text.then(Ink::Plain, format!(" {}, {}: ", changed.title, place.join(", ")));
    let text = text.then(Ink::Plain, format!("{} → ", rated(changed.before.as_ref())));
    let text = text.then(ink(changed.after.as_ref()), rated(changed.after.as_ref()));
    page.labelled(0, &format!("{}.{}", changed.position, changed.ordinal), SAID_AT, &text)?;
    for cause in &changed.causes {
        page.text(SAID_AT, &Text::plain(cause.sentence.as_str()))?;
    }
    Ok(())
}

fn head(recorded_at: Option<&prost_types::Timestamp>, what: &str) -> Text {
    Text::inked(Ink::Faint, joined(&words::instant_short(recorded_at))).then(Ink::Plain, " ").then(Ink::Strong, what)
}

fn rated(rated: Option<&v1::RatedAs>) -> String {
    match rated {
        Some(it) if it.not_rated_reason.is_empty() => it.word.clone(),
        Some(it) => format!("{} ({})", it.word, it.not_rated_reason),
        None => String::new(),
    }
}

fn ink(rated: Option<&v1::RatedAs>) -> Ink {
    match rated.map(v1::RatedAs::rating) {
        Some(v1::Rating::Green) => Ink::Green,
        Some(v1::Rating::Amber) => Ink::Amber,
        Some(v1::Rating::Red) => Ink::Red,
        Some(v1::Rating::NotRated | v1::Rating::Unspecified) | None => Ink::Plain,
    }
}
