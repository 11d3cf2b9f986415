//! Comparators' figures beside a row: what was stated, the comparator's own result, and the neighbours' own results as one.
//!
//! A comparator's own result for the benchmark's period goes before the figure that was stated beside ours. The neighbours
//! have none of their own: theirs is averaged from the members' results, by the list that holds for the period as of then.

use domain::book::Noted;
use domain::event::{Average, BenchmarkRecorded, Comparator, NeighboursAdopted};
use domain::history::Revision;
use domain::measure::Definition;
use domain::result::{ResultEntry, StatedPeriod};
use domain::{AreaId, Cell, Decimal, Exact, Figure, Period, Series, Status, Terms};
use ratings::average::Counts;
use ratings::{Averaged, Verdict};

use crate::answer::{BenchmarkAnswer, LeftOut, NeighboursAnswer, NotAveraged};
use crate::reader::{Reader, measured, shown};

/// What the comparators stand beside.
pub(crate) struct Beside<'a> {
    pub(crate) definition: &'a Definition,
    pub(crate) cell: &'a Cell,
    /// The row's own figure; `None` when it is missing, or expected and not measured.
    pub(crate) value: Option<Exact>,
    pub(crate) terms: Option<Terms>,
}

/// A comparator's own figure.
struct Own {
    figure: Averaged,
    display: String,
}

/// What a row's figure is held against.
pub(crate) struct Held {
    pub(crate) comparator: Comparator,
    pub(crate) period: StatedPeriod,
    /// `None` when it is missing.
    figure: Option<HeldFigure>,
}

enum HeldFigure {
    Own(Averaged),
    /// As it was stated, rounded.
    Stated(Decimal),
}

/// By which list neighbours are averaged.
#[derive(Clone, Copy)]
pub(crate) enum ByList<'a> {
    /// By the one that holds for the period.
    Standing,
    /// By this one, whatever holds; by none without.
    This(Option<&'a Revision<Noted<NeighboursAdopted>>>),
}

/// The members of a list by whether they have a figure.
struct Members {
    values: Vec<Exact>,
    counts: Vec<Counts>,
    /// The nearest with a figure that has no numerator and denominator.
    not_counted: Option<AreaId>,
    left_out: Vec<LeftOut>,
}

impl<'a> Reader<'a> {
    /// Every benchmark, by comparator: areas, neighbours, groups.
    pub(crate) fn benchmarks(&self, row: &Beside<'_>) -> Vec<BenchmarkAnswer> {
        self.held_against(row, ByList::Standing).into_iter().map(|(answer, _)| answer).collect()
    }

    /// The same with what the row's figure is held against; neighbours averaged by the list asked for.
    pub(crate) fn held_against(&self, row: &Beside<'_>, list: ByList<'a>) -> Vec<(BenchmarkAnswer, Held)> {
        let stated = self.book.benchmarks(row.cell, self.as_of);
        let own_period = StatedPeriod::Period(row.cell.period);
        let neighbours_stated = stated.iter().any(|revision| {
            let beside = &revision.value.value;
            beside.comparator == Comparator::Neighbours && beside.period == own_period
        });
        let mut answers: Vec<_> = stated.into_iter().map(|revision| self.stated(row, revision, list)).collect();
        if !neighbours_stated {
            answers.extend(self.neighbours_alone(row, list));
        }
        answers.sort_by(|(left, _), (right, _)| left.comparator.cmp(&right.comparator));
        answers
    }

    fn stated(
        &self,
        row: &Beside<'_>,
        revision: &Revision<Noted<BenchmarkRecorded>>,
        list: ByList<'a>,
    ) -> (BenchmarkAnswer, Held) {
        let stated = &revision.value.value;
        self.rests_on(revision);
        let display = match stated.figure {
            Ok(value) => row.definition.show(value.exact()),
            Err(missing) => ratings::words::missing(missing).to_owned(),
        };
        let (own, neighbours) = self.own(row, stated, list);
        let agrees = |own: &Own| stated.figure.is_ok_and(|figure| rounds_to(&own.figure, figure));
        let figure = match (&own, stated.figure) {
            (Some(own), _) => Some(HeldFigure::Own(own.figure.clone())),
            (None, stated) => stated.ok().map(HeldFigure::Stated),
        };
        let held = Held { comparator: stated.comparator.clone(), period: stated.period.clone(), figure };
        let answer = BenchmarkAnswer {
            name: self.comparator_name(&stated.comparator),
            comparator: stated.comparator.clone(),
            stated_otherwise: own.as_ref().is_some_and(|own| !agrees(own)).then(|| display.clone()),
            missing: if own.is_some() { None } else { stated.figure.err() },
            display: own.map_or(display, |own| own.display),
            period: stated.period.clone(),
            source: stated.source.clone(),
            verdict: verdict(row, &held),
            neighbours,
        };
        (answer, held)
    }

    /// The comparator's own figure for the benchmark's period; of neighbours also how it came about, or why there is none.
    fn own(
        &self,
        row: &Beside<'_>,
        stated: &BenchmarkRecorded,
        list: ByList<'a>,
    ) -> (Option<Own>, Option<NeighboursAnswer>) {
        let StatedPeriod::Period(period) = stated.period else { return (None, None) };
        match &stated.comparator {
            Comparator::Area(area) => (self.own_of_area(row, area, period), None),
            Comparator::Neighbours => match self.own_of_neighbours(row, period, list) {
                Some((own, neighbours)) => (own, Some(neighbours)),
                None => (None, None),
            },
            Comparator::Group(_) => (None, None),
        }
    }

    fn own_of_area(&self, row: &Beside<'_>, area: &AreaId, period: Period) -> Option<Own> {
        let (revision, entry) = self.result(&of_area(row, area, period))?;
        let value = measured(&entry, row.definition)?;
        self.rests_on_result(revision);
        Some(Own { figure: value.into(), display: shown(&entry, row.definition) })
    }

    /// What nobody stated beside the result, and the members' own results for its period say.
    fn neighbours_alone(&self, row: &Beside<'_>, list: ByList<'a>) -> Option<(BenchmarkAnswer, Held)> {
        let (own, neighbours) = self.own_of_neighbours(row, row.cell.period, list)?;
        let period = StatedPeriod::Period(row.cell.period);
        let figure = own.as_ref().map(|own| HeldFigure::Own(own.figure.clone()));
        let held = Held { comparator: Comparator::Neighbours, period: period.clone(), figure };
        let why_not = || neighbours.not_averaged.as_ref().map(NotAveraged::words).unwrap_or_default();
        let answer = BenchmarkAnswer {
            comparator: Comparator::Neighbours,
            name: self.comparator_name(&Comparator::Neighbours),
            display: own.map_or_else(why_not, |own| own.display),
            missing: None,
            period,
            source: String::new(),
            stated_otherwise: None,
            verdict: verdict(row, &held),
            neighbours: Some(neighbours),
        };
        Some((answer, held))
    }

    /// `None` when no list holds for the period, or nobody on it has a figure.
    fn own_of_neighbours(
        &self,
        row: &Beside<'_>,
        period: Period,
        list: ByList<'a>,
    ) -> Option<(Option<Own>, NeighboursAnswer)> {
        let revision = match list {
            ByList::Standing => {
                self.book.neighbours(&row.cell.series.area, period.last_day(), self.under.neighbours)?
            }
            ByList::This(revision) => revision?,
        };
        let list = &revision.value.value;
        let members = self.members(row, list, period);
        if members.values.is_empty() {
            return None;
        }
        let averaged = self.averaged(row.definition, list, &members);
        let n_counted = members.values.len();
        let answer = NeighboursAnswer {
            list: list.list.clone(),
            from: list.from,
            average: list.average,
            at_least: list.at_least,
            n_members: list.members.len(),
            n_counted,
            left_out: members.left_out,
            not_averaged: averaged.as_ref().err().cloned(),
            provenance: self.provenance(revision),
        };
        let own = averaged.ok().map(|figure| {
            let display = figure
                .round(row.definition.decimal_places)
                .map_or_else(|| "a value too large to show".to_owned(), |rounded| row.definition.show(rounded.exact()));
            Own { figure, display }
        });
        Some((own, answer))
    }

    fn members(&self, row: &Beside<'_>, list: &NeighboursAdopted, period: Period) -> Members {
        let mut members = Members { values: Vec::new(), counts: Vec::new(), not_counted: None, left_out: Vec::new() };
        for area in &list.members {
            let found = self.result(&of_area(row, area, period));
            match found.map(|(stored, entry)| (stored, measured(&entry, row.definition), entry)) {
                Some((stored, Some(value), entry)) => {
                    self.rests_on_result(stored);
                    members.values.push(value);
                    if let Figure::Counted { numerator, denominator, .. } = entry.figure {
                        members.counts.push(Counts { numerator, denominator });
                    } else {
                        members.not_counted.get_or_insert_with(|| area.clone());
                    }
                }
                without => {
                    let reason = without.map_or("no result", |(_, _, entry)| why_none(&entry)).to_owned();
                    members.left_out.push(LeftOut { area: area.clone(), name: self.area_name(area), reason });
                }
            }
        }
        members
    }

    fn averaged(
        &self,
        definition: &Definition,
        list: &NeighboursAdopted,
        members: &Members,
    ) -> Result<Averaged, NotAveraged> {
        let n_counted = members.values.len();
        if n_counted < usize::from(list.at_least) {
            return Err(NotAveraged::TooFew { n_counted, at_least: list.at_least });
        }
        let averaged = match list.average {
            Average::Pooled => match &members.not_counted {
                Some(area) => return Err(NotAveraged::NotCounted { name: self.area_name(area) }),
                None => ratings::pooled(&members.counts, definition.unit.multiplier),
            },
            Average::Mean => ratings::mean(&members.values),
            Average::Median => ratings::median(&members.values),
        };
        averaged.ok_or(NotAveraged::TooFew { n_counted: 0, at_least: list.at_least })
    }

    fn comparator_name(&self, comparator: &Comparator) -> String {
        match comparator {
            Comparator::Area(area) => self.area_name(area),
            Comparator::Neighbours => "statistical neighbours".to_owned(),
            Comparator::Group(name) => name.clone(),
        }
    }
}

fn of_area(row: &Beside<'_>, area: &AreaId, period: Period) -> Cell {
    let Series { measure, cohort, .. } = &row.cell.series;
    Cell { series: Series { measure: measure.clone(), area: area.clone(), cohort: cohort.clone() }, period }
}

fn rounds_to(figure: &Averaged, stated: Decimal) -> bool {
    figure.round(stated.scale()).is_some_and(|rounded| rounded.compare(stated).is_eq())
}

/// How the row's figure stands against another. Only figures of one period are held against one another.
///
/// A stated figure was rounded, so that ours is held against it as rounded to the same places.
pub(crate) fn verdict(row: &Beside<'_>, held: &Held) -> Option<Verdict> {
    let value = row.value.filter(|_| held.period == StatedPeriod::Period(row.cell.period))?;
    Some(match held.figure.as_ref()? {
        HeldFigure::Own(other) => ratings::verdict(row.definition, row.terms, value, other),
        HeldFigure::Stated(stated) => {
            let own = value.round(stated.scale())?.exact();
            ratings::verdict(row.definition, row.terms, own, &stated.exact().into())
        }
    })
}

fn why_none(entry: &ResultEntry) -> &'static str {
    match (entry.figure, entry.status) {
        (Figure::Missing(missing), _) => ratings::words::missing(missing),
        (_, Status::Forecast) => "a forecast",
        _ => "no value",
    }
}
