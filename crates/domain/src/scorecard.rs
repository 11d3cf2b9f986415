//! Layouts: which measures a scorecard shows, in which sections and order.

use std::fmt;

use crate::ids::{CodeError, CohortId, MeasureId, ScorecardId};
use crate::target::Owner;
use crate::time::Date;

/// From when a scorecard is laid out so, who answers for it, and what it has to do with others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remit {
    /// It holds for the periods whose last day is this day or later; `None` for all.
    pub from: Option<Date>,
    /// Who answers for it; may be empty.
    pub owner: String,
    /// The accountable director; may be empty.
    pub director: String,
    /// The scorecard that it stands behind: a directorate's, for one of its services.
    pub behind: Option<ScorecardId>,
    /// The scorecard that each of its rows is of, with the same figure, rated by the same target.
    pub subset_of: Option<ScorecardId>,
}

impl Remit {
    /// True when it says nothing: all that a record of format 1 can say.
    pub const fn none(&self) -> bool {
        self.from.is_none()
            && self.owner.is_empty()
            && self.director.is_empty()
            && self.behind.is_none()
            && self.subset_of.is_none()
    }
}

/// Sections of rows, in the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// The sections.
    pub sections: Vec<Section>,
}

/// A headed group of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading; one line.
    pub title: String,
    /// Its rows.
    pub rows: Vec<LayoutRow>,
}

/// One measure on a scorecard.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LayoutRow {
    /// Which measure.
    pub measure: MeasureId,
    /// Which cohort.
    pub cohort: CohortId,
    /// False when the row is shown for information beside another that is rated.
    pub rated: bool,
    /// Whose target rates; without it local, then service, then national.
    pub owner: Option<Owner>,
}

/// What is wrong with a layout's text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// A row before any heading.
    #[error("line {line} of the layout is a row before any section heading")]
    NoSection {
        /// From 1.
        line: usize,
    },
    /// Not `measure cohort rated|shown owner`.
    #[error("line {line} of the layout is not 'measure cohort rated|shown any|local|service|national'")]
    Row {
        /// From 1.
        line: usize,
    },
    /// A code that is none.
    #[error("line {line} of the layout: {source}")]
    Code {
        /// From 1.
        line: usize,
        /// What is wrong with it.
        source: CodeError,
    },
}

impl Layout {
    /// All rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = &LayoutRow> {
        self.sections.iter().flat_map(|section| &section.rows)
    }

    /// Reads the text that [`Layout`] displays as.
    ///
    /// # Errors
    /// [`LayoutError`], with its line.
    pub fn parse(text: &str) -> Result<Self, LayoutError> {
        let mut layout = Self::default();
        for (line, text) in (1..).zip(text.lines()) {
            if let Some(title) = text.strip_prefix("= ") {
                layout.sections.push(Section { title: title.to_owned(), rows: Vec::new() });
                continue;
            }
            let row = read_row(line, text)?;
            let section = layout.sections.last_mut().ok_or(LayoutError::NoSection { line })?;
            section.rows.push(row);
        }
        Ok(layout)
    }
}

fn read_row(line: usize, text: &str) -> Result<LayoutRow, LayoutError> {
    let code = |source| LayoutError::Code { line, source };
    let mut fields = text.split(' ');
    let (Some(measure), Some(cohort), Some(rated), Some(owner), None) =
        (fields.next(), fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return Err(LayoutError::Row { line });
    };
    Ok(LayoutRow {
        measure: MeasureId::new(measure).map_err(code)?,
        cohort: CohortId::new(cohort).map_err(code)?,
        rated: match rated {
            "rated" => true,
            "shown" => false,
            _ => return Err(LayoutError::Row { line }),
        },
        owner: match owner {
            "any" => None,
            "local" => Some(Owner::Local),
            "service" => Some(Owner::Service),
            "national" => Some(Owner::National),
            _ => return Err(LayoutError::Row { line }),
        },
    })
}

/// One line a section (`= title`) and one a row; readable in fifty years.
impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for section in &self.sections {
            writeln!(f, "= {}", section.title)?;
            for row in &section.rows {
                let rated = if row.rated { "rated" } else { "shown" };
                let owner = row.owner.map_or("any", Owner::word);
                writeln!(f, "{} {} {rated} {owner}", row.measure, row.cohort)?;
            }
        }
        Ok(())
    }
}

impl Owner {
    /// The word used in files and layouts.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Service => "service",
            Self::National => "national",
        }
    }
}
