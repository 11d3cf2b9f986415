//! Tables whose columns share the width: cells wrap, numbers stand right, nothing is cut.

use std::io;

use super::Style;
use super::text::{Ink, Line, Page, Text};

/// Columns between two columns.
const GAP: usize = 2;

/// How far notes stand in, at least.
const NOTES_INDENT: usize = 2;

/// A joined piece up to this many columns keeps a column wide; a longer one may be broken.
const JOINED_MAX: usize = 14;

/// A column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) head: &'static str,
    /// True for numbers: they end where the column ends.
    pub(crate) right: bool,
    /// How many times as wide as another it may stay when space is short; 1 or more.
    pub(crate) weight: usize,
}

impl Column {
    pub(crate) const fn left(head: &'static str) -> Self {
        Self { head, right: false, weight: 1 }
    }

    /// For what is mostly prose.
    pub(crate) const fn wide(head: &'static str) -> Self {
        Self { head, right: false, weight: 2 }
    }

    pub(crate) const fn right(head: &'static str) -> Self {
        Self { head, right: true, weight: 1 }
    }
}

/// One thing: its cells, what is written above them over the whole width, and what below.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    pub(crate) lead: Text,
    pub(crate) cells: Vec<Text>,
    pub(crate) notes: Vec<(&'static str, Text)>,
}

impl Row {
    pub(crate) fn of(cells: Vec<Text>) -> Self {
        Self { cells, ..Self::default() }
    }
}

/// How rows are set.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    columns: Vec<Column>,
    indent: usize,
    /// True for a blank line between rows.
    airy: bool,
    /// Where the text of the notes begins, the same for every row.
    notes_at: usize,
    /// `None` when the columns do not fit beside one another: cells are then labelled lines.
    widths: Option<Vec<usize>>,
}

impl Table {
    /// A table that holds these rows.
    pub(crate) fn of<'a>(
        columns: &[Column],
        rows: impl Iterator<Item = &'a Row> + Clone,
        indent: usize,
        style: Style,
    ) -> Self {
        let n_gaps = columns.len().saturating_sub(1);
        let room = style.width.saturating_sub(indent).saturating_sub(GAP.saturating_mul(n_gaps));
        let measured = columns.iter().enumerate().map(|(i, column)| {
            // A head is broken before its column is widened for it.
            let head = Text::plain(column.head).width_least(style, JOINED_MAX).max(1);
            let start = Measured { least: head, natural: head, weight: column.weight.max(1) };
            rows.clone().filter_map(|row| row.cells.get(i)).fold(start, |so_far, cell| Measured {
                least: so_far.least.max(cell.width_least(style, JOINED_MAX)),
                natural: so_far.natural.max(cell.width(style)),
                ..so_far
            })
        });
        let widths = share(&measured.collect::<Vec<Measured>>(), room);
        let airy = rows.clone().any(|row| !row.lead.is_empty() || !row.notes.is_empty());
        let notes_at = notes_at(indent.max(NOTES_INDENT), rows.flat_map(|row| &row.notes));
        Self { columns: columns.to_vec(), indent, airy, notes_at, widths }
    }

    /// With a blank line between rows, whether or not something stands above or below them.
    pub(crate) fn spaced(mut self) -> Self {
        self.airy = true;
        self
    }

    /// Writes the columns' heads and the rows.
    pub(crate) fn write(&self, page: &mut Page<'_>, rows: &[Row]) -> io::Result<()> {
        if let Some(widths) = &self.widths {
            let heads: Vec<Text> = self.columns.iter().map(|c| Text::inked(Ink::Faint, c.head)).collect();
            self.beside(page, widths, &heads, true)?;
        }
        for (i, row) in rows.iter().enumerate() {
            if self.airy && (i > 0 || self.widths.is_some()) {
                page.blank()?;
            }
            if !row.lead.is_empty() {
                page.text(0, &row.lead)?;
            }
            match &self.widths {
                Some(widths) => self.beside(page, widths, &row.cells, false)?,
                None => self.stacked(page, row)?,
            }
            notes_from(page, self.indent.max(NOTES_INDENT), self.notes_at, &row.notes)?;
            if !self.airy && self.widths.is_none() {
                page.blank()?;
            }
        }
        Ok(())
    }

    /// `low` sets cells of fewer lines at the bottom: heads stand on their columns.
    fn beside(&self, page: &mut Page<'_>, widths: &[usize], cells: &[Text], low: bool) -> io::Result<()> {
        let style = page.style;
        let cells: Vec<Vec<Line>> = cells.iter().zip(widths).map(|(cell, width)| cell.lines(*width, style)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for n in 0..height {
            let mut whole = Line::default();
            let mut at = self.indent;
            for ((lines, width), column) in cells.iter().zip(widths).zip(&self.columns) {
                let above = if low { height.saturating_sub(lines.len()) } else { 0 };
                if let Some(line) = n.checked_sub(above).and_then(|n| lines.get(n)) {
                    let spare = if column.right { width.saturating_sub(line.width()) } else { 0 };
                    whole.place(at.saturating_add(spare), line);
                }
                at = at.saturating_add(*width).saturating_add(GAP);
            }
            page.line(&whole)?;
        }
        Ok(())
    }

    fn stacked(&self, page: &mut Page<'_>, row: &Row) -> io::Result<()> {
        let longest = self.columns.iter().map(|column| column.head.len()).max().unwrap_or(0);
        let at = self.indent.saturating_add(longest).saturating_add(GAP);
        for (column, cell) in self.columns.iter().zip(&row.cells).filter(|(_, cell)| !cell.is_empty()) {
            page.labelled(self.indent, column.head, at, cell)?;
        }
        Ok(())
    }
}

/// Labelled lines below something; empty ones are left out.
pub(crate) fn notes(page: &mut Page<'_>, indent: usize, notes: &[(&'static str, Text)]) -> io::Result<()> {
    notes_from(page, indent, notes_at(indent, notes.iter()), notes)
}

fn notes_at<'a>(indent: usize, notes: impl Iterator<Item = &'a (&'static str, Text)>) -> usize {
    let longest = notes.filter(|(_, text)| !text.is_empty()).map(|(label, _)| label.len()).max().unwrap_or(0);
    indent.saturating_add(longest).saturating_add(GAP)
}

fn notes_from(page: &mut Page<'_>, indent: usize, at: usize, notes: &[(&'static str, Text)]) -> io::Result<()> {
    for (label, text) in notes.iter().filter(|(_, text)| !text.is_empty()) {
        page.labelled(indent, label, at, text)?;
    }
    Ok(())
}

/// What a column needs.
#[derive(Debug, Clone, Copy)]
struct Measured {
    /// Its widest word.
    least: usize,
    /// Its widest line when nothing is broken.
    natural: usize,
    weight: usize,
}

/// Widths between least and natural that fit into `room`; the widest for their weight give way first.
fn share(columns: &[Measured], room: usize) -> Option<Vec<usize>> {
    let least = columns.iter().fold(0_usize, |sum, column| sum.saturating_add(column.least));
    if least > room {
        return None;
    }
    let mut widths: Vec<usize> = columns.iter().map(|column| column.natural.max(column.least).min(room)).collect();
    while widths.iter().fold(0_usize, |sum, width| sum.saturating_add(*width)) > room {
        let spare = widths.iter_mut().zip(columns).filter(|(width, column)| **width > column.least);
        let (width, _) = spare.max_by_key(|(width, column)| width.checked_div(column.weight))?;
        *width = width.saturating_sub(1);
    }
    Some(widths)
}
