//! A scorecard: what a committee is given.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use wire::v1;

use super::Style;
use super::row::{self, Symbols};
use super::table::{Column, Row, Table, notes};
use super::text::{Ink, Page, Text, joined};
use super::words;

/// From this width on the measure's title is a column of its own.
pub(crate) const WIDTH_OF_TITLE_COLUMN: usize = 110;

/// From this width on the benchmarks are a column of their own too.
pub(crate) const WIDTH_OF_BENCHMARK_COLUMN: usize = 150;

/// Shows a scorecard.
///
/// # Errors
/// What `out` says.
pub(crate) fn scorecard(out: &mut dyn Write, style: &Style, card: &v1::Scorecard) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    supposed(page, card)?;
    head(page, card)?;
    let mut symbols = Symbols::default();
    let shared = shared_backdating(card);
    let rows_of = |section: &v1::Section, symbols: &mut Symbols| -> Vec<Row> {
        section.rows.iter().map(|row| of(&daggered(row, shared), &card.period, *style, symbols)).collect()
    };
    let sections: Vec<Vec<Row>> = card.sections.iter().map(|section| rows_of(section, &mut symbols)).collect();
    let indent = if style.width < WIDTH_OF_TITLE_COLUMN { 2 } else { 0 };
    let table = Table::of(&columns("Measure", *style), sections.iter().flatten(), indent, *style);
    for (section, rows) in card.sections.iter().zip(&sections) {
        page.heading(&section.title)?;
        if rows.is_empty() {
            page.text(0, &Text::plain("No measures."))?;
        } else {
            table.write(page, rows)?;
        }
    }
    foot(page, card, (&symbols, shared))?;
    supposed_last(page, card)
}

/// The last lines of a page of what is not as it was reported.
pub(super) fn supposed_last(page: &mut Page<'_>, card: &v1::Scorecard) -> io::Result<()> {
    if card.supposed.is_empty() {
        return Ok(());
    }
    page.blank()?;
    supposed(page, card)
}

/// What is not as it was reported says so before anything else, and again at the end.
pub(super) fn supposed(page: &mut Page<'_>, card: &v1::Scorecard) -> io::Result<()> {
    if card.supposed.is_empty() {
        return Ok(());
    }
    page.text(0, &Text::inked(Ink::Notice, card.supposed.as_str()))
}

/// From so many rows on, what is said of their targets in the same words is said once.
const ROWS_BACKDATED_ALIKE: usize = 3;

fn backdated(mark: &v1::Mark) -> bool {
    mark.kind() == v1::MarkKind::TargetBackdated
}

/// What is said of most backdated targets: those of a report that was put in later were recorded and known together.
fn shared_backdating(card: &v1::Scorecard) -> Option<&str> {
    let mut n_rows: BTreeMap<&str, usize> = BTreeMap::new();
    let marks = card.sections.iter().flat_map(|section| &section.rows).flat_map(|row| &row.marks);
    for mark in marks.filter(|mark| backdated(mark)) {
        let n = n_rows.entry(&mark.words).or_default();
        *n = n.saturating_add(1);
    }
    let (words, n) = n_rows.into_iter().max_by_key(|(_, n)| *n)?;
    (n >= ROWS_BACKDATED_ALIKE).then_some(words)
}

/// The row with a dagger at its target, where that stands for what is said once below.
fn daggered<'a>(row: &'a v1::Row, shared: Option<&str>) -> Cow<'a, v1::Row> {
    let same = |mark: &v1::Mark| backdated(mark) && Some(mark.words.as_str()) == shared;
    if !row.marks.iter().any(same) {
        return Cow::Borrowed(row);
    }
    let mut row = row.clone();
    row.marks.retain(|mark| !same(mark));
    if let Some(target) = &mut row.target {
        target.display.push_str("\u{a0}†");
    }
    Cow::Owned(row)
}

/// The columns for this width; `first` heads the one that says what the row is about.
pub(crate) fn columns(first: &'static str, style: Style) -> Vec<Column> {
    let figures =
        [Column::right("Result"), Column::left("Target"), Column::left("Minimum standard"), Column::left("Direction")];
    let mut columns = Vec::new();
    if style.width >= WIDTH_OF_TITLE_COLUMN {
        columns.push(Column::wide(first));
    }
    columns.push(Column::left("Rating"));
    columns.extend(figures);
    if style.width >= WIDTH_OF_BENCHMARK_COLUMN {
        columns.push(Column::wide("Benchmarks"));
    }
    columns
}

fn of(row: &v1::Row, period: &str, style: Style, symbols: &mut Symbols) -> Row {
    arranged(row, row::title(row, period), style, symbols)
}

/// A row in the columns of [`columns`]; what it is about stands above it where it has no column.
pub(crate) fn arranged(row: &v1::Row, about: Text, style: Style, symbols: &mut Symbols) -> Row {
    let benchmarks_apart = style.width >= WIDTH_OF_BENCHMARK_COLUMN;
    let mut cells = Vec::new();
    let lead = if style.width >= WIDTH_OF_TITLE_COLUMN {
        cells.push(about);
        Text::default()
    } else {
        about
    };
    cells.push(row::rating(row, symbols));
    cells.push(row::result(row, symbols));
    cells.push(row::target(row));
    cells.push(row::minimum(row));
    cells.push(row::direction(row, symbols));
    if benchmarks_apart {
        cells.push(row::benchmarks(row, "\n"));
    }
    Row { lead, cells, notes: row::notes(row, !benchmarks_apart) }
}

/// Whose scorecard it is, of when, as of when, and its counts.
pub(super) fn head(page: &mut Page<'_>, card: &v1::Scorecard) -> io::Result<()> {
    page.text(0, &Text::inked(Ink::Strong, card.title.as_str()))?;
    let period = if card.period_words.is_empty() { &card.period } else { &card.period_words };
    let area = if card.area_name.is_empty() { &card.area } else { &card.area_name };
    let subject = Text::inked(Ink::Strong, joined(area)).then(Ink::Plain, " · ").then_joined(Ink::Strong, period);
    let subject = match card.committee.as_str() {
        "" => subject,
        committee => subject.then(Ink::Plain, format!(" · {committee}")),
    };
    page.text(0, &subject)?;
    if let Some(remit) = &card.remit {
        page.text(0, &Text::plain(remit_words(remit)))?;
    }
    let basis = card.basis.clone().unwrap_or_default();
    page.text(0, &words::basis(&basis))?;
    let backfilled = words::backfilled(&basis);
    if !backfilled.is_empty() {
        page.text(0, &Text::plain(backfilled))?;
    }
    page.blank()?;
    let counts = card.counts.clone().unwrap_or_default();
    page.text(2, &at_a_glance(&counts))
}

/// “Owner: A team · Director: Somebody · Behind cype · In this layout from 1 April 2018”, as far as it is said.
fn remit_words(remit: &v1::Remit) -> String {
    let said = |label: &str, value: &str| if value.is_empty() { None } else { Some(format!("{label}{value}")) };
    let parts = [
        said("Owner: ", &remit.owner),
        said("Director: ", &remit.director),
        said("Behind ", &remit.behind),
        said("A part of ", &remit.subset_of),
        said("In this layout from ", &words::day(&remit.from)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// “● 12 Green   ▲ 9 Amber   ■ 4 Red   ○ 7 not rated   32 rows”.
fn at_a_glance(counts: &v1::Counts) -> Text {
    let of = |shape: char, n: u32, word: &str| joined(&format!("{shape} {n} {word}"));
    Text::inked(Ink::Green, of('●', counts.green, "Green"))
        .then(Ink::Plain, "  \u{a0} ")
        .then(Ink::Amber, of('▲', counts.amber, "Amber"))
        .then(Ink::Plain, "  \u{a0} ")
        .then(Ink::Red, of('■', counts.red, "Red"))
        .then(Ink::Plain, "  \u{a0} ")
        .then(Ink::Plain, of('○', counts.n_not_rated, "not rated"))
        .then(Ink::Plain, "  \u{a0} ")
        .then(Ink::Strong, joined(&words::count(counts.total.into(), "row", "rows")))
}

/// “12 Green, 9 Amber, 4 Red: 25 rated. 7 not rated (4 no target, 3 activity). 25 + 7 = 32 rows.”
pub(crate) fn counts_in_words(counts: &v1::Counts) -> String {
    let rated = counts.green.saturating_add(counts.amber).saturating_add(counts.red);
    let reasons: Vec<String> =
        counts.not_rated.iter().map(|reason| format!("{} {}", reason.n_rows, reason.reason)).collect();
    let reasons = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join("; ")) };
    let total = words::count(counts.total.into(), "row", "rows");
    let (green, amber, red, not_rated) = (counts.green, counts.amber, counts.red, counts.n_not_rated);
    format!(
        "{green} Green, {amber} Amber, {red} Red: {rated} rated. {not_rated} not rated{reasons}. {rated} + {not_rated} \
         = {total}."
    )
}

fn foot(page: &mut Page<'_>, card: &v1::Scorecard, (symbols, shared): (&Symbols, Option<&str>)) -> io::Result<()> {
    page.heading("How to read it")?;
    let rows = || card.sections.iter().flat_map(|section| &section.rows);
    let counts = counts_in_words(&card.counts.clone().unwrap_or_default());
    let lines = [
        ("Counts", Text::plain(counts)),
        ("Rating", Text::plain(rules(rows()))),
        ("Direction", Text::plain(methods(rows()))),
        ("Symbols", symbols.lines()),
        ("Targets", Text::inked(Ink::Notice, shared.map_or_else(String::new, |words| format!("†: {words}")))),
    ];
    notes(page, 0, &lines)?;
    words::proof(page, card.basis.as_ref())
}

/// The rules that rated, by how many rows where there are several.
pub(crate) fn rules<'a>(rows: impl Iterator<Item = &'a v1::Row>) -> String {
    let mut rules: BTreeMap<&str, u64> = BTreeMap::new();
    for row in rows.filter(|row| !row.rule.is_empty()) {
        let n = rules.entry(&row.rule).or_default();
        *n = n.saturating_add(1);
    }
    let several = rules.len() > 1;
    let one = |(rule, n): (&&str, &u64)| {
        if several { format!("{rule} ({})", words::count(*n, "row", "rows")) } else { (*rule).to_owned() }
    };
    match rules.iter().map(one).collect::<Vec<_>>().join(", ") {
        rules if rules.is_empty() => rules,
        rules => format!("by rule {rules}, on unrounded figures"),
    }
}

/// The methods that gave the directions, in words with their codes, by how many rows where there are several.
pub(crate) fn methods<'a>(rows: impl Iterator<Item = &'a v1::Row>) -> String {
    let mut methods: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for direction in rows.filter_map(|row| row.direction.as_ref()).filter(|answer| !answer.method.is_empty()) {
        let n = methods.entry((&direction.method_words, &direction.method)).or_default();
        *n = n.saturating_add(1);
    }
    let several = methods.len() > 1;
    let one = |((in_words, code), n): (&(&str, &str), &u64)| {
        let n = if several { format!(", {}", words::count(*n, "row", "rows")) } else { String::new() };
        if in_words == code { format!("{code}{n}") } else { format!("{in_words} ({code}{n})") }
    };
    methods.iter().map(one).collect::<Vec<_>>().join("; ")
}
