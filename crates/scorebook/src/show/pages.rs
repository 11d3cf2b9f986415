//! Pages made from a scorecard's answer: its exceptions, its cohorts, its sources.

use std::io::{self, Write};

use wire::v1;

use super::Style;
use super::row::{self, Symbols};
use super::scorecard::{WIDTH_OF_TITLE_COLUMN, arranged, columns, head, supposed, supposed_last};
use super::table::{Column, Row, Table};
use super::text::{Ink, Page, Text, joined};
use super::words;

/// Shows every Red and every Amber that worsened: what was missed, what is said about it and what is done.
///
/// # Errors
/// What `out` says.
pub(crate) fn exceptions(out: &mut dyn Write, style: &Style, card: &v1::Scorecard) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    supposed(page, card)?;
    head(page, card)?;
    let of = |wanted: fn(&v1::Row) -> bool| -> Vec<&v1::Row> { rows(card).filter(|row| wanted(row)).collect() };
    let red = |row: &v1::Row| row.rating() == v1::Rating::Red;
    let worsening = |row: &v1::Row| {
        let direction = row.direction.as_ref().map(v1::DirectionAnswer::direction);
        row.rating() == v1::Rating::Amber && direction == Some(v1::Direction::Worsened)
    };
    group(page, card, "Red", &of(red))?;
    group(page, card, "Amber and worsening", &of(worsening))?;
    words::proof(page, card.basis.as_ref())?;
    supposed_last(page, card)
}

fn group(page: &mut Page<'_>, card: &v1::Scorecard, title: &str, rows: &[&v1::Row]) -> io::Result<()> {
    page.heading(title)?;
    if rows.is_empty() {
        return page.text(0, &Text::plain("None."));
    }
    let style = page.style;
    let mut symbols = Symbols::default();
    let shown = rows.iter().map(|row| {
        let mut shown = arranged(row, row::title(row, &card.period), style, &mut symbols);
        if row.commentary.is_empty() {
            shown.notes.push(("Comment", Text::inked(Ink::Notice, "nothing is written about it")));
        }
        if row.actions.is_empty() {
            shown.notes.push(("Action", Text::inked(Ink::Notice, "none is agreed")));
        }
        shown
    });
    let shown: Vec<Row> = shown.collect();
    let indent = if style.width < WIDTH_OF_TITLE_COLUMN { 2 } else { 0 };
    Table::of(&columns("Measure", style), shown.iter(), indent, style).write(page, &shown)
}

/// Shows what each cohort does to the measures that are shown for several.
///
/// # Errors
/// What `out` says.
pub(crate) fn cohorts(out: &mut dyn Write, style: &Style, card: &v1::Scorecard) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    supposed(page, card)?;
    head(page, card)?;
    if card.cohort_impacts.is_empty() {
        page.blank()?;
        page.text(0, &Text::plain("No measure of this scorecard is shown for more than one cohort."))?;
    }
    for impact in &card.cohort_impacts {
        page.heading(&impact.title)?;
        let mut symbols = Symbols::default();
        let of = |figure: &v1::CohortFigure| {
            let section = card.sections.get(usize::try_from(figure.section).ok()?)?;
            let row = section.rows.get(usize::try_from(figure.row).ok()?)?;
            Some(cohort(row, figure, &mut symbols))
        };
        let shown: Vec<Row> = impact.figures.iter().filter_map(of).collect();
        let columns = [
            Column::wide("Who is counted"),
            Column::left("Rating"),
            Column::right("Result"),
            Column::left("Target"),
            Column::left("In words"),
        ];
        Table::of(&columns, shown.iter(), 0, *style).spaced().write(page, &shown)?;
    }
    words::proof(page, card.basis.as_ref())?;
    supposed_last(page, card)
}

fn cohort(row: &v1::Row, figure: &v1::CohortFigure, symbols: &mut Symbols) -> Row {
    let rating = match row.not_rated_reason.as_str() {
        "" => row::rating(row, symbols),
        reason => row::rating(row, symbols).then(Ink::Plain, format!("\n{reason}")),
    };
    Row::of(vec![
        Text::inked(Ink::Strong, row.cohort_name.as_str()),
        rating,
        row::result(row, symbols),
        row::target(row),
        Text::plain(figure.sentence.as_str()),
    ])
}

/// Shows, for every figure, which date it relates to, when it was known, and where it comes from.
///
/// # Errors
/// What `out` says.
pub(crate) fn sources(out: &mut dyn Write, style: &Style, card: &v1::Scorecard) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    supposed(page, card)?;
    head(page, card)?;
    let columns = [
        Column::wide("Measure"),
        Column::left("The figure is for"),
        Column::left("Known"),
        Column::wide("Source"),
        Column::left("Recorded"),
    ];
    let sections: Vec<Vec<Row>> = card.sections.iter().map(|it| it.rows.iter().map(source).collect()).collect();
    let table = Table::of(&columns, sections.iter().flatten(), 0, *style).spaced();
    for (section, rows) in card.sections.iter().zip(&sections) {
        page.heading(&section.title)?;
        table.write(page, rows)?;
    }
    words::proof(page, card.basis.as_ref())?;
    supposed_last(page, card)
}

fn source(row: &v1::Row) -> Row {
    let definition = row.definition.clone().unwrap_or_default();
    let title = Text::inked(Ink::Strong, definition.title.as_str());
    let source = Text::plain(definition.data_source.as_str());
    let Some(result) = &row.result else {
        return Row::of(vec![title, Text::inked(Ink::Notice, "no figure"), Text::default(), source]);
    };
    let provenance = result.provenance.clone().unwrap_or_default();
    let marks = row.marks.iter().filter(|mark| {
        let kind = mark.kind();
        matches!(
            kind,
            v1::MarkKind::Old | v1::MarkKind::Provisional | v1::MarkKind::Estimated | v1::MarkKind::CarriedForward
        )
    });
    let marks: Vec<&str> = marks.map(|mark| mark.words.as_str()).collect();
    let mut period = Text::plain(joined(&row.period_words));
    if !marks.is_empty() {
        period = period.then(Ink::Notice, format!("\n{}", marks.join("; ")));
    }
    let from = words::origin(provenance.origin.as_ref());
    let source = match (source.is_empty(), from.as_str()) {
        (_, "") => source,
        (true, from) => Text::plain(from),
        (false, from) => source.then(Ink::Faint, format!("\n{from}")),
    };
    let recorded =
        format!("{}\nby {}", words::instant(provenance.recorded_at.as_ref()), words::actor(provenance.actor.as_ref()));
    Row::of(vec![
        title,
        period,
        Text::plain(words::instant(provenance.known_at.as_ref())),
        source,
        Text::plain(recorded),
    ])
}

fn rows(card: &v1::Scorecard) -> impl Iterator<Item = &v1::Row> {
    card.sections.iter().flat_map(|section| &section.rows)
}
