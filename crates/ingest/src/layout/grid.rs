//! A grid under a layout, row by row: those of a table with a row a figure, and those with periods across the top.

use std::collections::BTreeMap;

use domain::limits::COMMIT_RECORDS_MAX;

use super::header::Places;
use super::release::{Candidate, reduce};
use super::rows::Reader;
use super::{Layout, at};
use crate::Reading;
use crate::refusal::Problem;
use crate::sheet::Rows;

/// A row of a grid.
pub(crate) struct GridRow {
    /// The line on which it begins, from 1; of a sheet, see [`domain::ids::sheet_line`].
    pub(crate) line: u32,
    /// Its fields, or what is wrong with it as a row.
    pub(crate) fields: Result<Vec<String>, Problem>,
    /// What is wrong with some of its fields, by their columns.
    pub(crate) flaws: Vec<Flaw>,
}

/// What is wrong with a field.
pub(crate) struct Flaw {
    /// Its column, from 0.
    pub(crate) at: usize,
    pub(crate) problem: Problem,
    /// Of merged cells, the first column: that they have one value together is wrong for a figure alone.
    pub(crate) merged_from: Option<usize>,
}

impl GridRow {
    pub(crate) const fn new(line: u32, fields: Result<Vec<String>, Problem>) -> Self {
        Self { line, fields, flaws: Vec::new() }
    }
}

/// Reads a grid whose first row is the header; of a sheet, with its name. `Err` when it cannot be read as a whole.
pub(crate) fn read_rows(
    layout: &Layout,
    grid: &mut dyn Iterator<Item = GridRow>,
    sheet: Option<&str>,
    reading: &Reading<'_>,
    rows: &mut Rows,
) -> Result<(), Vec<(u32, Problem)>> {
    let Some(GridRow { line, fields: header, .. }) = grid.next() else {
        return Err(vec![(1, Problem::whole("the file is empty", "begin it with a line of column names"))]);
    };
    let header = header.map_err(|problem| vec![(line, problem)])?;
    let places = Places::find(layout, &header)
        .map_err(|problems| problems.into_iter().map(|problem| (line, problem)).collect::<Vec<_>>())?;
    if layout.areas.sheet && sheet.is_none() {
        let problem = "the layout takes the area from the name of a sheet, and the file is no workbook";
        return Err(vec![(line, Problem::whole(problem, "name the columns of areas in the layout: areas.columns"))]);
    }
    let selected = selected(layout, reading.select).map_err(|problem| vec![(line, problem)])?;
    let (measures, sources) = (BTreeMap::new(), BTreeMap::new());
    let reader = Reader { layout, places, reading, selected, sheet, measures, sources };
    let mut table = Table { reader, header, candidates: Vec::new() };
    for row in grid {
        table.row(row, rows);
        // A text has a byte for each figure at least; a sheet's cells may be merged.
        if sheet.is_some() && table.candidates.len() > COMMIT_RECORDS_MAX {
            let problem = format!("has more than {COMMIT_RECORDS_MAX} figures");
            return Err(vec![(line, Problem::whole(problem, "split the workbook"))]);
        }
    }
    let made = table.reader.sources.into_iter().filter(|(_, name)| !layout.measures.codes.contains_key(name));
    rows.codes_by_rule = Some(made.collect());
    reduce(table.candidates, rows);
    Ok(())
}

/// The value that selects rows, when the layout has a column for it.
fn selected<'a>(layout: &Layout, select: &'a str) -> Result<Option<&'a str>, Problem> {
    let Some(column) = layout.selects_by() else {
        let problem = "is selected by, although the layout selects by no column";
        return if select.is_empty() { Ok(None) } else { Err(at("", select, problem, "leave --select out")) };
    };
    match select.split_once('=') {
        Some((name, value)) if name.trim() == column && !value.trim().is_empty() => Ok(Some(value.trim())),
        Some(_) | None => {
            let problem = "is a column that says which rows are put in at once, and no value of it is given";
            Err(at(column, select, problem, format!("say which: --select {column}=VALUE")))
        }
    }
}

/// A table that is being read.
struct Table<'l> {
    reader: Reader<'l>,
    header: Vec<String>,
    candidates: Vec<Candidate>,
}

impl Table<'_> {
    fn row(&mut self, row: GridRow, rows: &mut Rows) {
        let GridRow { line, fields, flaws } = row;
        let fields = match fields {
            Ok(fields) => fields,
            Err(problem) => return rows.refuse(line, problem),
        };
        let places = &self.reader.places;
        let flaw = flaws.iter().find(|flaw| flaw.merged_from.is_none() && places.used.contains(&flaw.at));
        let any_flaw = flaw.is_some() || flaws.iter().any(|flaw| places.across.contains(&flaw.at));
        if !any_flaw && fields.iter().all(|field| field.trim().is_empty()) {
            return;
        }
        if fields.len() != places.n_columns {
            let problem = format!("has {} fields where the header has {}", fields.len(), places.n_columns);
            let remedy = "put a text with a comma in quotation marks, and leave no field out";
            return rows.refuse(line, Problem::whole(problem, remedy));
        }
        if !self.reader.selects(&fields) {
            return;
        }
        if let Some(flaw) = flaw {
            return rows.refuse(line, flaw.problem.clone());
        }
        if let Some(problem) = self.nameless(&fields, &flaws) {
            return rows.refuse(line, problem);
        }
        if self.reader.layout.period.is_none() {
            return self.across(line, fields, &flaws, rows);
        }
        match self.reader.candidates(line, &fields) {
            Ok(mut said) => {
                if let Some(flaw) = self.shared(&fields, &flaws).filter(|_| !said.is_empty()) {
                    return rows.refuse(line, flaw.problem.clone());
                }
                rows.counted = rows.counted.saturating_add(1);
                self.candidates.append(&mut said);
            }
            Err(problem) => rows.refuse(line, problem),
        }
    }

    /// A figure of the row that stands for others too, because its cell is merged with those of other figures.
    fn shared<'f>(&self, fields: &[String], flaws: &'f [Flaw]) -> Option<&'f Flaw> {
        if flaws.is_empty() {
            return None;
        }
        let figures = self.reader.figures(fields);
        flaws
            .iter()
            .find(|flaw| figures.contains(&flaw.at) && flaw.merged_from.is_some_and(|from| figures.contains(&from)))
    }

    /// What stands in a column without a name, in a row with anything in the columns that are read. What is merged from
    /// another column, such as a footnote that reaches over it, does not stand there.
    fn nameless(&self, fields: &[String], flaws: &[Flaw]) -> Option<Problem> {
        let places = &self.reader.places;
        let stands = |at: &&usize| {
            let flaw = flaws.iter().find(|flaw| flaw.at == **at);
            match flaw.map(|flaw| flaw.merged_from) {
                Some(None) => true,
                Some(Some(from)) if from != **at => false,
                Some(Some(_)) | None => fields.get(**at).is_some_and(|field| !field.trim().is_empty()),
            }
        };
        let at = places.nameless.iter().find(stands)?;
        let mut read = places.used.iter().chain(&places.across);
        if !places.used.is_empty() && read.find(stands).is_none() {
            return None;
        }
        let value = fields.get(*at).map_or("", |field| field.trim());
        let problem = Problem::new("", value, "stands in a column without a name", "name the column or empty it");
        Some(problem.in_column(Some(*at)))
    }

    /// A row with a figure below each of several periods: each is read as a row of its own, with its period and value
    /// beside the row's other fields. What is wrong with those is said once.
    fn across(&mut self, line: u32, mut fields: Vec<String>, flaws: &[Flaw], rows: &mut Rows) {
        let n_columns = fields.len();
        let mut any = false;
        let across = self.reader.places.across.clone();
        for column in across.iter().copied() {
            let value = fields.get(column).map_or("", |field| field.trim()).to_owned();
            let flaw = flaws.iter().find(|flaw| flaw.at == column);
            // A heading or a footnote reaches over the periods, and is no figure.
            let heading = flaw.and_then(|flaw| flaw.merged_from).is_some_and(|from| !across.contains(&from));
            if heading || (value.is_empty() && flaw.is_none()) {
                continue;
            }
            any = true;
            if let Some(flaw) = flaw {
                rows.refuse(line, flaw.problem.clone());
                continue;
            }
            let period = self.header.get(column).cloned().unwrap_or_default();
            fields.truncate(n_columns);
            fields.extend([period.clone(), value]);
            match self.reader.candidates(line, &fields) {
                Ok(mut said) => {
                    rows.counted = rows.counted.saturating_add(1);
                    self.candidates.append(&mut said);
                }
                Err(problem) if problem.column().is_some_and(|at| at >= n_columns) => {
                    rows.refuse(line, problem.called(&period).in_column(Some(column)));
                }
                Err(problem) => return rows.refuse(line, problem),
            }
        }
        if !any {
            rows.without_figures = rows.without_figures.saturating_add(1);
        }
    }
}
