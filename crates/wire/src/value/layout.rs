//! Layouts of scorecards.

use domain::limits::{NAME_BYTES_MAX, SCORECARD_ROWS_MAX};
use domain::scorecard::{Layout, LayoutRow, Section};

use super::{code, cohort, enums, text_required};
use crate::v1;
use crate::violation::{Decoded, FieldViolation, bounded, list};

/// Sections and rows.
pub fn encode(layout: &Layout) -> v1::Layout {
    let row = |row: &LayoutRow| v1::LayoutRow {
        measure: row.measure.to_string(),
        cohort: row.cohort.to_string(),
        rated: row.rated,
        owner: row.owner.map_or(v1::Owner::Unspecified, enums::owner::encode).into(),
    };
    let section = |section: &Section| v1::LayoutSection {
        title: section.title.clone(),
        rows: section.rows.iter().map(row).collect(),
    };
    v1::Layout { sections: layout.sections.iter().map(section).collect() }
}

/// Sections and rows.
///
/// # Errors
/// More than 1,000 sections or rows, a heading that is empty, too long or of several lines, or a code that is none.
pub fn decode(message: v1::Layout) -> Decoded<Layout> {
    let n_rows = message.sections.iter().fold(0_usize, |n, section| n.saturating_add(section.rows.len()));
    bounded("sections", n_rows, SCORECARD_ROWS_MAX)?;
    Ok(Layout { sections: list("sections", message.sections, SCORECARD_ROWS_MAX, decode_section)? })
}

fn decode_section(message: v1::LayoutSection) -> Decoded<Section> {
    if message.title.contains(['\n', '\r']) {
        let remedy = "write it on one line";
        return Err(FieldViolation::new("title", message.title, "has several lines", remedy));
    }
    Ok(Section {
        title: text_required("title", message.title, NAME_BYTES_MAX)?,
        rows: list("rows", message.rows, SCORECARD_ROWS_MAX, decode_row)?,
    })
}

fn decode_row(message: v1::LayoutRow) -> Decoded<LayoutRow> {
    let v1::LayoutRow { measure, cohort: who, rated, owner } = message;
    Ok(LayoutRow {
        measure: code("measure", &measure)?,
        cohort: cohort("cohort", &who)?,
        rated,
        owner: enums::if_any("owner", owner, enums::owner::decode)?,
    })
}
