//! What differs between two scorecards: sentences first, grouped by measure, then a table.

use std::io::{self, Write};

use wire::v1;

use super::Style;
use super::table::{Column, Row, Table};
use super::text::{Ink, Page, Text};
use super::words;

/// Shows what differs.
///
/// # Errors
/// What `out` says.
pub(crate) fn comparison(out: &mut dyn Write, style: &Style, comparison: &v1::Comparison) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    page.text(0, &Text::inked(Ink::Strong, "What changed between two times"))?;
    for (label, basis) in [("Before", &comparison.before), ("After", &comparison.after)] {
        page.labelled(0, label, 8, &words::basis(&basis.clone().unwrap_or_default()))?;
    }
    if comparison.differences.is_empty() {
        page.blank()?;
        return page.text(0, &Text::plain("Nothing: every row is the same at both times."));
    }
    page.blank()?;
    page.text(0, &Text::plain(in_words(comparison)))?;
    for differences in comparison.differences.chunk_by(|a, b| a.measure == b.measure) {
        page.blank()?;
        let title = differences.first().map_or("", |difference| title(difference));
        page.text(0, &Text::inked(Ink::Strong, title))?;
        for difference in differences {
            page.labelled(2, "•", 4, &Text::plain(difference.sentence.as_str()))?;
        }
    }
    page.heading("The same as a table")?;
    let columns = [
        Column::wide("Measure"),
        Column::left("What"),
        Column::left("Before"),
        Column::left("After"),
        Column::left("Known"),
    ];
    let rows: Vec<Row> = comparison.differences.iter().map(row).collect();
    Table::of(&columns, rows.iter(), 0, *style).spaced().write(page, &rows)
}

fn in_words(comparison: &v1::Comparison) -> String {
    let mut measures: Vec<&str> = comparison.differences.iter().map(|d| d.measure.as_str()).collect();
    measures.sort_unstable();
    measures.dedup();
    let n = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let differences = words::count(n(comparison.differences.len()), "difference", "differences");
    format!("{differences} in {}.", words::count(n(measures.len()), "measure", "measures"))
}

fn title(difference: &v1::Difference) -> &str {
    if difference.title.is_empty() { &difference.measure } else { &difference.title }
}

fn row(difference: &v1::Difference) -> Row {
    let known = difference.provenance.as_ref().and_then(|provenance| provenance.known_at.as_ref());
    let known = words::instant(known);
    let day = known.split_once(',').map_or(known.as_str(), |(day, _)| day);
    Row::of(vec![
        Text::plain(title(difference)),
        Text::plain(kind(difference.kind())),
        Text::plain(or_dash(&difference.before)),
        Text::plain(or_dash(&difference.after)),
        Text::plain(day),
    ])
}

const fn or_dash(text: &str) -> &str {
    if text.is_empty() { "–" } else { text }
}

/// What kind of thing changed, as one word or two.
pub(crate) const fn kind(kind: v1::DifferenceKind) -> &'static str {
    match kind {
        v1::DifferenceKind::Added => "added",
        v1::DifferenceKind::Removed => "removed",
        v1::DifferenceKind::Definition => "definition",
        v1::DifferenceKind::Result => "result",
        v1::DifferenceKind::Target => "target",
        v1::DifferenceKind::Benchmark => "benchmark",
        v1::DifferenceKind::Rule => "rule",
        v1::DifferenceKind::Rating => "rating",
        v1::DifferenceKind::Direction => "direction",
        v1::DifferenceKind::Unspecified => "other",
    }
}
