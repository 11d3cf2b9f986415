//! Where a layout's columns stand in one file.

use std::cmp::Reverse;

use domain::period::YearType;

use super::{Kind, Layout, Named, Source, Take, YearsOf};
use crate::kind::normal;
use crate::label::{self, Years};
use crate::nearest::nearest;
use crate::refusal::Problem;

/// A column by the name that the layout gives it first, and where it stands; `None` when the file may lack it and does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column<'l> {
    pub(super) name: &'l str,
    pub(super) at: Option<usize>,
}

impl Column<'_> {
    pub(super) fn problem(self, value: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Problem {
        Problem::new(self.name, value, problem, remedy).in_column(self.at)
    }
}

/// The columns of a file, found.
#[derive(Debug)]
pub(super) struct Places<'l> {
    pub(super) n_columns: usize,
    /// The columns that are read by their names.
    pub(super) used: Vec<usize>,
    /// The columns that are a period each, when the layout says that periods stand across the top. A figure's period and
    /// value are then the two fields after the row's own.
    pub(super) across: Vec<usize>,
    /// The columns without a name that are not ignored: nothing may stand in them beside what is read.
    pub(super) nameless: Vec<usize>,
    pub(super) select: Option<Column<'l>>,
    pub(super) period: Column<'l>,
    pub(super) period_identifier: Option<Column<'l>>,
    pub(super) known_at: Option<Column<'l>>,
    pub(super) status: Option<Column<'l>>,
    pub(super) change: Option<Column<'l>>,
    pub(super) areas: Vec<Column<'l>>,
    pub(super) filters: Vec<Column<'l>>,
    pub(super) takes: Vec<TakeFrom<'l>>,
}

/// The columns of one result of a row.
#[derive(Debug)]
pub(super) struct TakeFrom<'l> {
    pub(super) take: &'l Take,
    pub(super) measure: Option<Column<'l>>,
    pub(super) cohort: Option<Column<'l>>,
    pub(super) value: Option<Column<'l>>,
    pub(super) numerator: Option<Column<'l>>,
    pub(super) denominator: Option<Column<'l>>,
}

impl TakeFrom<'_> {
    /// True when the file has what the figure is made of.
    fn is_there(&self) -> bool {
        let there = |column: Option<Column<'_>>| column.is_some_and(|column| column.at.is_some());
        there(self.value) || (there(self.numerator) && there(self.denominator))
    }
}

impl<'l> Places<'l> {
    /// Finds the layout's columns in a header, or says all that is wrong with it.
    pub(super) fn find(layout: &'l Layout, header: &[String]) -> Result<Self, Vec<Problem>> {
        let (places, search) = Self::look(layout, header);
        if search.problems.is_empty() { Ok(places) } else { Err(search.problems) }
    }

    fn look(layout: &'l Layout, header: &[String]) -> (Self, Search) {
        let n_columns = header.len();
        let names = header.iter().map(|name| normal(name)).collect();
        let mut search = Search { names, used: Vec::new(), problems: Vec::new(), lacks: false };
        let filters: Vec<Column<'l>> = layout.filters.iter().map(|(_, source)| search.column(source)).collect();
        let mut takes: Vec<TakeFrom<'l>> = layout.takes.iter().map(|take| search.take(take)).collect();
        if layout.period.is_none() {
            let value = Column { name: "value", at: Some(n_columns.saturating_add(1)) };
            for take in &mut takes {
                take.value = Some(value);
            }
        }
        takes.retain(TakeFrom::is_there);
        let change = match &layout.kind {
            Kind::Changes { column, .. } => Some(search.column(column)),
            Kind::Figures | Kind::Snapshot => None,
        };
        let mut maybe = |source: &'l Option<Source>| source.as_ref().map(|source| search.column(source));
        let select = maybe(&layout.select);
        let (period_identifier, known_at, status) =
            (maybe(&layout.period_identifier), maybe(&layout.known_at), maybe(&layout.status));
        let period = match &layout.period {
            Some(source) => search.column(source),
            None => Column { name: "period", at: Some(n_columns) },
        };
        let areas: Vec<Column<'l>> = layout.areas.columns.iter().map(|source| search.column(source)).collect();
        if !layout.areas.sheet && areas.iter().all(|column| column.at.is_none()) {
            let names: Vec<&str> = layout.areas.columns.iter().map(Source::name).collect();
            search.lacks(&names.join(", "), "is a column, of which the layout needs one");
        }
        if takes.is_empty() && search.problems.is_empty() {
            search.lacks("", "has none of the columns of figures that the layout knows");
        }
        let across = if layout.period.is_none() { search.across(layout, header) } else { Vec::new() };
        search.twice(layout, &across);
        search.unknown(layout, &across);
        let used = search.used.clone();
        let nameless = search.nameless(layout);
        let found = Self {
            n_columns,
            used,
            across,
            nameless,
            select,
            period,
            period_identifier,
            known_at,
            status,
            change,
            areas,
            filters,
            takes,
        };
        (found, search)
    }
}

struct Search {
    /// As they are compared.
    names: Vec<String>,
    used: Vec<usize>,
    problems: Vec<Problem>,
    /// True when a column is not there that the layout needs.
    lacks: bool,
}

impl Search {
    /// The names that stand twice; what is ignored may.
    fn twice(&mut self, layout: &Layout, across: &[usize]) {
        let mut found = Vec::new();
        for (at, name) in self.names.iter().enumerate() {
            let ignored = layout.ignore_others || layout.ignore.contains(name);
            if name.is_empty() || (ignored && !self.used.contains(&at) && !across.contains(&at)) {
                continue;
            }
            if self.names.iter().take(at).any(|other| other == name) {
                let problem = Problem::new(name, "", "is there twice", "keep one of the two columns");
                found.push(problem.in_column(Some(at)));
            }
        }
        self.problems.splice(0..0, found);
    }

    /// The columns that are called as a period, and are not read otherwise.
    fn across(&mut self, layout: &Layout, header: &[String]) -> Vec<usize> {
        let found = (0..).zip(header).filter(|(at, name)| !self.used.contains(at) && layout.names_a_period(name));
        let found: Vec<usize> = found.map(|(at, _)| at).collect();
        if found.is_empty() {
            self.lacks("", "has no column that is called as a period, such as Jul-25");
        }
        found
    }

    fn lacks(&mut self, name: &str, problem: &str) {
        self.lacks = true;
        let has = self.names.join(", ");
        let remedy =
            format!("give a file that this layout is for, or add the column's name to the layout; it has {has}");
        self.problems.push(Problem::new(name, "", problem, remedy));
    }

    fn column<'l>(&mut self, source: &'l Source) -> Column<'l> {
        let wanted: Vec<String> = source.names.iter().map(|name| normal(name)).collect();
        let found: Vec<usize> =
            (0..).zip(&self.names).filter(|(_, name)| wanted.contains(name)).map(|(at, _)| at).collect();
        if found.len() > 1 {
            let remedy = "keep one of them in the layout, or in the file";
            let names = source.names.join(", ");
            self.problems.push(Problem::new(&names, "", "are names of one column, and the file has several", remedy));
        }
        if found.is_empty() && !source.optional {
            self.lacks(&source.names.join(" or "), "is a column that the layout needs");
        }
        self.used.extend(&found);
        Column { name: source.name(), at: found.first().copied() }
    }

    fn take<'l>(&mut self, take: &'l Take) -> TakeFrom<'l> {
        let mut maybe = |source: &'l Option<Source>| source.as_ref().map(|source| self.column(source));
        let (value, numerator, denominator) = (maybe(&take.value), maybe(&take.numerator), maybe(&take.denominator));
        let measure = if let Named::In(source) = &take.measure { Some(self.column(source)) } else { None };
        let cohort = if let Named::In(source) = &take.cohort { Some(self.column(source)) } else { None };
        TakeFrom { take, measure, cohort, value, numerator, denominator }
    }

    /// The columns without a name. Beside periods each may be one whose name was lost, so that ignoring what the layout
    /// does not know is not enough to pass one over there.
    fn nameless(&self, layout: &Layout) -> Vec<usize> {
        if layout.ignore.iter().any(String::is_empty) || layout.passes_others_over() {
            return Vec::new();
        }
        (0..).zip(&self.names).filter(|(_, name)| name.is_empty()).map(|(at, _)| at).collect()
    }

    fn unknown(&mut self, layout: &Layout, across: &[usize]) {
        if layout.ignore_others {
            return;
        }
        for (at, name) in self.names.iter().enumerate() {
            if self.used.contains(&at) || across.contains(&at) || layout.ignore.contains(name) || name.is_empty() {
                continue;
            }
            let known = self.names.iter().map(String::as_str).filter(|other| *other != name);
            let near = nearest(name, layout.column_names().filter(|wanted| !known.clone().any(|it| it == *wanted)));
            let remedy = match near {
                Some(near) => format!("add it as another name of {near}, or to ignore"),
                None => "add it to ignore in the layout, or write ignore_others = true".to_owned(),
            };
            self.problems
                .push(Problem::new(name, "", "is no column that the layout knows", remedy).in_column(Some(at)));
        }
    }
}

impl Layout {
    /// How well a header suits, of a table that the layout may be for: whatever it needs is there. The more, the better:
    /// first as little as possible is wrong with it, then as many of its columns as possible are read.
    pub(crate) fn fit(&self, header: &[String]) -> Option<(Reverse<usize>, usize)> {
        let (places, search) = Places::look(self, header);
        let n_read = places.used.len().saturating_add(places.across.len());
        (!search.lacks).then_some((Reverse(search.problems.len()), n_read))
    }

    /// True when columns that the layout does not name do no harm, whatever stands above them.
    pub(crate) const fn passes_others_over(&self) -> bool {
        self.ignore_others && !self.is_across()
    }

    /// True when periods stand across the top.
    pub(crate) const fn is_across(&self) -> bool {
        self.period.is_none()
    }

    /// What a table must have, in words.
    pub(crate) fn needs(&self) -> String {
        let takes = self.takes.iter().flat_map(|take| {
            let measure = if let Named::In(source) = &take.measure { Some(source) } else { None };
            [measure, take.value.as_ref(), take.numerator.as_ref(), take.denominator.as_ref()].into_iter().flatten()
        });
        let needed = takes.chain(&self.period).chain(self.filters.iter().map(|(_, source)| source));
        let mut names: Vec<String> =
            needed.filter(|source| !source.optional).map(|source| source.names.join(" or ")).collect();
        names.push(self.areas.columns.iter().map(Source::name).collect::<Vec<_>>().join(" or "));
        names.push(if self.is_across() { "periods such as Jul-25".to_owned() } else { String::new() });
        names.retain(|name| !name.is_empty());
        let mut found: Vec<String> = Vec::new();
        for name in names {
            if !found.contains(&name) {
                found.push(name);
            }
        }
        found.join(", ")
    }

    pub(crate) fn names_a_period(&self, name: &str) -> bool {
        // Whichever sort of year the measure has: any will do to know a label for one.
        let years = self.periods.years.map(|years| match years {
            YearsOf::Always(years) => years,
            YearsOf::MeasureFrom | YearsOf::MeasureTo => Years::From(YearType::Financial),
        });
        !self.ignore.contains(&normal(name)) && label::read(name, years).is_ok()
    }

    /// The names of all columns of figures and filters, as the layout writes them.
    fn column_names(&self) -> impl Iterator<Item = &str> {
        let figures = self.takes.iter().flat_map(|take| [&take.value, &take.numerator, &take.denominator]);
        let filters = self.filters.iter().map(|(_, source)| source);
        figures.flatten().chain(filters).flat_map(|source| source.names.iter().map(String::as_str))
    }
}
