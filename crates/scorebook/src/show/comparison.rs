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
    let before = comparison.before.clone().unwrap_or_default();
    let after = comparison.after.clone().unwrap_or_default();
    sides(page, &before, &after)?;
    if comparison.differences.is_empty() {
        page.blank()?;
        return page.text(0, &Text::plain("Nothing differs: every row is the same on both sides."));
    }
    page.blank()?;
    page.text(0, &Text::plain(in_words(comparison)))?;
    for differences in comparison.differences.chunk_by(|a, b| a.measure == b.measure && a.title == b.title) {
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
        Column::left("Why, or when"),
    ];
    let rows: Vec<Row> = comparison.differences.iter().map(row).collect();
    Table::of(&columns, rows.iter(), 0, *style).spaced().write(page, &rows)
}

/// Which two scorecards: once where only the time is another.
fn sides(page: &mut Page<'_>, before: &v1::ComparedSide, after: &v1::ComparedSide) -> io::Result<()> {
    let what = |side: &v1::ComparedSide| [side.title.as_str(), &side.period_words, &side.area_name].join(", ");
    let one = (&before.scorecard, &before.period, &before.area) == (&after.scorecard, &after.period, &after.area);
    let title = if one { "What changed between two times" } else { "What differs between two scorecards" };
    page.text(0, &Text::inked(Ink::Strong, title))?;
    if one {
        page.text(0, &Text::plain(what(after)))?;
    }
    for (label, side) in [("Before", before), ("After", after)] {
        if !one {
            page.labelled(0, label, 8, &Text::plain(what(side)))?;
        }
        let basis = words::basis(&side.basis.clone().unwrap_or_default());
        page.labelled(0, if one { label } else { "" }, 8, &basis)?;
        if !side.view.is_empty() {
            page.labelled(0, "", 8, &Text::plain("The view ").then(Ink::Strong, side.view.as_str()))?;
        }
    }
    departures(page, before)?;
    departures(page, after)
}

/// Says that what is compared is not what a committee saw, where it is not.
fn departures(page: &mut Page<'_>, side: &v1::ComparedSide) -> io::Result<()> {
    if side.departures.is_empty() {
        return Ok(());
    }
    page.blank()?;
    let title = format!("The view {} is rebuilt otherwise than the committee saw it", side.view);
    page.text(0, &Text::inked(Ink::Notice, title))?;
    side.departures.iter().try_for_each(|it| page.labelled(2, "•", 4, &Text::plain(it.as_str())))
}

fn in_words(comparison: &v1::Comparison) -> String {
    let measures: std::collections::BTreeSet<&str> =
        comparison.differences.iter().map(|d| d.measure.as_str()).filter(|measure| !measure.is_empty()).collect();
    let n = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let differences = words::count(comparison.n_differences, "difference", "differences");
    let listed = n(comparison.differences.len());
    let first = if comparison.n_differences > listed {
        format!(", of which the first {} are told", words::thousands(listed))
    } else {
        String::new()
    };
    match n(measures.len()) {
        0 => format!("{differences}{first}."),
        measures => format!("{differences} in {}{first}.", words::count(measures, "measure", "measures")),
    }
}

fn title(difference: &v1::Difference) -> &str {
    if difference.title.is_empty() { &difference.measure } else { &difference.title }
}

fn row(difference: &v1::Difference) -> Row {
    let of = if difference.of_name.is_empty() { &difference.of } else { &difference.of_name };
    let what = match (kind(difference.kind()), of.as_str()) {
        (kind, "") => kind.to_owned(),
        (kind, of) => format!("{kind}: {of}"),
    };
    Row::of(vec![
        Text::plain(title(difference)),
        Text::plain(what),
        Text::plain(or_dash(&difference.before)),
        Text::plain(or_dash(&difference.after)),
        Text::plain(why(difference)),
    ])
}

/// The causes of what follows from something else; of what was recorded, when it was known.
fn why(difference: &v1::Difference) -> String {
    let causes: Vec<_> = difference.causes.iter().map(|it| cause(it.kind())).collect();
    let known = difference.provenance.as_ref().and_then(|provenance| provenance.known_at.as_ref());
    let known = words::instant(known);
    let day = known.split_once(',').map_or(known.as_str(), |(day, _)| day);
    if causes.is_empty() { day.to_owned() } else { causes.join(", ") }
}

const fn or_dash(text: &str) -> &str {
    if text.is_empty() { "–" } else { text }
}

/// What kind of thing changed, as one word or two.
pub(crate) const fn kind(kind: v1::DifferenceKind) -> &'static str {
    match kind {
        v1::DifferenceKind::Scorecard => "scorecard",
        v1::DifferenceKind::Section => "section",
        v1::DifferenceKind::Name => "name",
        v1::DifferenceKind::Neighbours => "neighbours",
        v1::DifferenceKind::Added => "added",
        v1::DifferenceKind::Removed => "removed",
        v1::DifferenceKind::Withdrawn => "withdrawn",
        v1::DifferenceKind::Moved => "moved",
        v1::DifferenceKind::Cohort => "cohort",
        v1::DifferenceKind::Layout => "layout",
        v1::DifferenceKind::Definition => "definition",
        v1::DifferenceKind::Result => "result",
        v1::DifferenceKind::Status => "status",
        v1::DifferenceKind::Target => "target",
        v1::DifferenceKind::Minimum => "minimum standard",
        v1::DifferenceKind::Benchmark => "benchmark",
        v1::DifferenceKind::Rule => "rule",
        v1::DifferenceKind::Method => "method",
        v1::DifferenceKind::Rating => "rating",
        v1::DifferenceKind::Verdict => "verdict",
        v1::DifferenceKind::Direction => "direction",
        v1::DifferenceKind::Commentary => "commentary",
        v1::DifferenceKind::Action => "action",
        v1::DifferenceKind::Unspecified => "other",
    }
}

/// By what a rating or a verdict changed, as one word or two.
pub(crate) const fn cause(kind: v1::CauseKind) -> &'static str {
    match kind {
        v1::CauseKind::Data => "data",
        v1::CauseKind::Target => "target",
        v1::CauseKind::Minimum => "minimum standard",
        v1::CauseKind::Rule => "rule",
        v1::CauseKind::Definition => "definition",
        v1::CauseKind::Cohort => "cohort",
        v1::CauseKind::Layout => "layout",
        v1::CauseKind::Withdrawal => "withdrawal",
        v1::CauseKind::Comparator => "comparator",
        v1::CauseKind::Neighbours => "neighbours",
        v1::CauseKind::Unspecified => "other",
    }
}
