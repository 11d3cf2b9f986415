//! Layouts: how a file that is not in Scorebook's own columns is read, as data.
//!
//! A layout is a small TOML text: which columns hold what, and what its labels, symbols and names mean. The built-in
//! ones are such texts too, in `layouts/`. Nothing here knows any one publisher's table: there are only operations that
//! a layout names (find a column by one of its names, take rows by the value of a filter, read a label of a period, look
//! a symbol up, reduce a release to one change a cell and instant). `docs/LAYOUTS.md` describes them.
//!
//! ```text
//! TOML ── toml, reading ──▶ Layout ──┐
//! grid ── header ──▶ Places ── rows ─┴▶ candidates ── release ──▶ instructions and refusals
//! ```
//!
//! It is not for definitions: measures, areas and cohorts must exist.

mod across;
mod grid;
mod header;
mod reading;
mod release;
mod rows;
mod toml;

use std::collections::BTreeMap;

use domain::{AreaId, CohortId, MeasureId, Missing};

use crate::label::Years;
use crate::refusal::{Problem, Refusal, Refusals};

pub use across::{Places, reconcile};
pub(crate) use grid::{Flaw, GridRow, read_rows};

/// The built-in layouts: their names and texts.
pub const BUILT_IN: [(&str, &str); 9] = [
    ("ees-c1-rereferrals", include_str!("../layouts/ees-c1-rereferrals.toml")),
    ("ees-care-leavers-activity", include_str!("../layouts/ees-care-leavers-activity.toml")),
    ("ees-cla-number-and-rate", include_str!("../layouts/ees-cla-number-and-rate.toml")),
    ("ees-cla-placement-stability", include_str!("../layouts/ees-cla-placement-stability.toml")),
    ("ees-csww-indicators", include_str!("../layouts/ees-csww-indicators.toml")),
    ("ees-d3-repeat-cpp", include_str!("../layouts/ees-d3-repeat-cpp.toml")),
    ("lait-changes", include_str!("../layouts/lait-changes.toml")),
    ("lait-snapshot", include_str!("../layouts/lait-snapshot.toml")),
    ("tidy", include_str!("../layouts/tidy.toml")),
];

/// The text of a built-in layout.
pub fn built_in(name: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// What a file holds of the cells that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Coverage {
    /// Each row stands for itself: what the file does not name is left as it is.
    #[default]
    Rows,
    /// The file is a whole: of its measures and areas, a cell that it does not hold stands no longer.
    Snapshot,
}

/// A layout that was read and holds together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    name: String,
    title: String,
    kind: Kind,
    /// Columns that are known and not read, as they are compared; all others too when `ignore_others`.
    ignore: Vec<String>,
    ignore_others: bool,
    select: Option<Source>,
    /// `None` when periods stand across the top.
    period: Option<Source>,
    period_identifier: Option<Source>,
    known_at: Option<Source>,
    status: Option<Source>,
    areas: Areas,
    measures: Measures,
    periods: Periods,
    filters: Vec<(String, Source)>,
    takes: Vec<Take>,
    /// True when a row that no indicator takes is passed over, false when it is refused.
    pass_over: bool,
    /// By the symbol in lower case; `None` for a symbol that says nothing about the cell.
    symbols: BTreeMap<String, Option<Missing>>,
}

/// What the rows are.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Figures,
    Snapshot,
    Changes {
        column: Source,
        record: Vec<String>,
        withdraw: Vec<String>,
        /// True when a withdrawal of what does not stand is passed over.
        lenient: bool,
    },
}

/// A column under any one of its names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Source {
    /// As the layout writes them, the first for messages.
    names: Vec<String>,
    /// True when a file may lack it.
    optional: bool,
}

/// How an area is found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Areas {
    /// The first that is filled counts.
    columns: Vec<Source>,
    by_name: bool,
    /// True when the sheet's name is the area's; there are then no columns.
    sheet: bool,
    /// What stands in the file, as it is compared, and the code that it means.
    codes: BTreeMap<String, AreaId>,
}

/// How a measure's name in the file becomes a code.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Measures {
    codes: BTreeMap<String, MeasureId>,
    others: Others,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Others {
    Refused,
    /// By the rule of [`code_of`].
    ByRule,
    PassedOver,
}

/// What sort of year a label is for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Periods {
    years: Option<YearsOf>,
    /// By the measure's name in the file or its code.
    of_measures: BTreeMap<String, Years>,
    /// By the identifier in lower case.
    of_identifiers: BTreeMap<String, Years>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum YearsOf {
    Always(Years),
    /// The measure's own, which a bare year begins.
    MeasureFrom,
    /// The measure's own, which a bare year ends.
    MeasureTo,
}

/// One result that a row gives.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Take {
    measure: Named<MeasureId>,
    cohort: Named<CohortId>,
    value: Option<Source>,
    numerator: Option<Source>,
    denominator: Option<Source>,
    /// Filters by their place, and the values of which one must stand there.
    conditions: Vec<(usize, Vec<String>)>,
    /// The power of ten that the value is multiplied by; never a numerator or denominator.
    shift: u8,
}

/// Said by the layout, or standing in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Named<T> {
    Said(T),
    In(Source),
}

impl Layout {
    /// Reads a layout. `file` is its place in the submission, for the refusals.
    ///
    /// # Errors
    /// All that is wrong with it, by line.
    pub fn parse(text: &str, file: u16) -> Result<Self, Vec<Refusal>> {
        reading::read(text).map_err(|problems| {
            let mut refusals = Refusals::new(file);
            for (line, problem) in problems {
                refusals.add(line, problem);
            }
            refusals.listed
        })
    }

    /// Its name, which is kept with every file that it reads.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is for, in words.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What its files hold of the cells that they are about.
    pub const fn coverage(&self) -> Coverage {
        match self.kind {
            Kind::Snapshot => Coverage::Snapshot,
            Kind::Figures | Kind::Changes { .. } => Coverage::Rows,
        }
    }

    /// The first names of the columns of its figures.
    #[cfg(test)]
    pub(crate) fn takes_for_tests(&self) -> Vec<&str> {
        self.takes.iter().filter_map(|take| take.value.as_ref()).map(Source::name).collect()
    }

    /// True when a withdrawal of what does not stand is passed over, because the source lists more withdrawals than figures.
    pub const fn passes_over_absent(&self) -> bool {
        matches!(self.kind, Kind::Changes { lenient: true, .. })
    }

    /// The column whose value says which rows are taken, when there is one.
    pub fn selects_by(&self) -> Option<&str> {
        self.select.as_ref().map(Source::name)
    }
}

impl Source {
    fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }
}

/// A measure's name as a code, by rule: `%` is `pct`, `&` is `and`, `+` is `plus`, `<` is `under`, `>` is `over`, and every
/// other character that no code has is `-`. Capitals stay.
pub(crate) fn code_of(name: &str) -> String {
    let mut code = String::new();
    for letter in name.trim().chars() {
        match letter {
            '%' => code.push_str("pct"),
            '&' => code.push_str("and"),
            '+' => code.push_str("plus"),
            '<' => code.push_str("under"),
            '>' => code.push_str("over"),
            letter if letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.') => code.push(letter),
            _ => code.push('-'),
        }
    }
    code
}

/// A problem at a column, as the layout names it.
fn at(column: &str, value: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Problem {
    Problem::new(column, value, problem, remedy)
}
