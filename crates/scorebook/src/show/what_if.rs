//! A scorecard as it would be, with what is rated otherwise, marked as not what was reported.

use std::io::{self, Write};

use wire::v1;

use super::Style;
use super::scorecard::counts_in_words;
use super::table::notes;
use super::text::{Ink, Page, Text};

/// Shows what would be rated otherwise, and stand otherwise against others. What follows is a page of the scorecard.
///
/// # Errors
/// What `out` says.
pub(crate) fn what_if(out: &mut dyn Write, style: &Style, answer: &v1::WhatIfResponse) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    page.text(0, &Text::inked(Ink::Notice, answer.supposed.as_str()))?;
    let supposed = answer.scorecard.as_ref().and_then(|card| card.counts.clone()).unwrap_or_default();
    let reported = answer.reported.clone().unwrap_or_default();
    page.heading("What would be rated otherwise")?;
    if answer.rated_otherwise.is_empty() {
        page.text(0, &Text::plain("Nothing: every row would have the rating that it has."))?;
    }
    for row in &answer.rated_otherwise {
        page.labelled(0, "•", 2, &Text::plain(row.sentence.as_str()))?;
    }
    if !answer.compared_otherwise.is_empty() {
        page.heading("What would stand otherwise against others")?;
        for compared in &answer.compared_otherwise {
            page.labelled(0, "•", 2, &Text::plain(compared.sentence.as_str()))?;
        }
    }
    page.blank()?;
    let lines = [
        ("As it stands", Text::plain(counts_in_words(&reported))),
        ("As it would be", Text::inked(Ink::Notice, counts_in_words(&supposed))),
    ];
    notes(page, 0, &lines)?;
    page.blank()
}
