//! One measure's row: the figure that stands, what judges it, which way it went, and what a reader must know.

use domain::book::{Figures, Noted, StoredResult};
use domain::event::RuleAdopted;
use domain::history::Revision;
use domain::measure::{Definition, Frequency, MeasureKind};
use domain::result::{ResultEntry, Series, StatedPeriod};
use domain::target::{TargetEntry, TargetKey};
use domain::{AreaId, Cell, CohortId, Exact, MeasureId, Minimum, Owner, Period, RuleId, Status, Terms};
use ratings::{Method, NoDirection, Rating, Subject};

use crate::Error;
use crate::answer::{
    ActionAnswer, CommentaryAnswer, DirectionAnswer, Mark, PreviousAnswer, ResultAnswer, Row, TargetAnswer,
};
use crate::benchmarks::Beside;
use crate::reader::{Lens, Reader, measured, shown};

/// Which row is wanted.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) measure: &'a MeasureId,
    pub(crate) area: &'a AreaId,
    pub(crate) cohort: &'a CohortId,
    pub(crate) period: Choice,
    pub(crate) rated: bool,
    pub(crate) owner: Option<Owner>,
}

/// Which period's result a row shows.
#[derive(Clone, Copy)]
pub(crate) enum Choice {
    /// This period's and no other.
    Exactly(Period),
    /// On a scorecard for this period: of a monthly or quarterly measure the figure that ends in its last month or
    /// quarter, of a termly or yearly one the latest that has ended by then.
    For(Period),
}

/// The parts of a row while it is being built.
struct Found<'a> {
    definition: &'a Definition,
    figures: Figures<'a>,
    cell: Cell,
    result: Option<(StoredResult<'a>, ResultEntry)>,
    terms: Option<Terms>,
}

impl<'a> Reader<'a> {
    /// # Errors
    /// [`Error::NotDefined`] when the measure is not in the log within the bound on the position.
    pub(crate) fn row(&self, wanted: &Wanted<'_>) -> Result<Row, Error> {
        let defined = self.defined(wanted.measure)?;
        let definition = defined.definition;
        let series =
            Series { measure: wanted.measure.clone(), area: wanted.area.clone(), cohort: wanted.cohort.clone() };
        let figures = self.book.figures(&series);
        let period = self.choose(figures, definition, wanted.period);
        let cell = Cell { series, period };
        let result = self.entry(figures, period);
        let target = self.target(&cell, wanted.owner).map(|(key, terms, revision)| {
            let set_after_result = self.set_after_result(revision, figures, period);
            (revision, self.target_answer(definition, key, (terms, revision), set_after_result))
        });
        let terms = target.as_ref().map(|(_, answer)| answer.terms);
        let subject = Subject {
            definition,
            entry: result.as_ref().map(|(_, entry)| entry),
            terms,
            withdrawn: self.withdrawn(wanted.measure, cell.period),
            shown_only: !wanted.rated,
        };
        let rule = self.rule(&cell);
        let rating = ratings::rate(&rule, &subject);
        let explanation = ratings::explain(&rule, &subject, rating);
        let found = Found { definition, figures, cell, result, terms };
        let direction = self.direction(&found);
        let mut marks = Self::marks(&found, wanted.period, target.as_ref().map(|(_, answer)| answer));
        if defined.later {
            marks.push(Mark::DefinedLater);
        }
        self.rests_on(defined.revision);
        Ok(Row {
            definition: definition.clone(),
            defined_later: defined.later,
            cohort_name: self.cohort_name(wanted.cohort),
            result: found.result.as_ref().map(|(stored, entry)| ResultAnswer {
                entry: entry.clone(),
                display: shown(entry, definition),
                provenance: self.provenance(&stored.revision()),
            }),
            target: target.map(|(_, answer)| answer),
            rating,
            rule,
            explanation,
            contradiction: found
                .result
                .as_ref()
                .and_then(|(_, entry)| ratings::contradiction(rating, entry.stated_colour)),
            direction,
            benchmarks: self.benchmarks(&Beside {
                definition,
                cell: &found.cell,
                value: found.result.as_ref().and_then(|(_, entry)| measured(entry, definition)),
                terms,
            }),
            commentary: self.commentary(&found),
            actions: self.actions(&found),
            forecasts: match wanted.period {
                Choice::For(_) => self.forecasts(&found),
                Choice::Exactly(_) => Vec::new(),
            },
            marks,
            cell: found.cell,
        })
    }

    /// The period whose result is shown; the one asked for when there is none.
    pub(crate) fn choose(&self, figures: Figures<'a>, definition: &Definition, choice: Choice) -> Period {
        let asked = match choice {
            Choice::Exactly(period) => return period,
            Choice::For(period) => period,
        };
        let n_months = match definition.frequency {
            Frequency::Monthly => Some(1),
            Frequency::Quarterly => Some(3),
            Frequency::Termly | Frequency::Annual => None,
        };
        figures
            .until(asked)
            .filter(|period| n_months.is_none_or(|n| months_between(*period, asked) < n && period.n_months() <= n))
            .find(|period| {
                let found = self.entry(figures, *period);
                found.is_some_and(|(_, entry)| entry.status != Status::Forecast || *period == asked)
            })
            .unwrap_or(asked)
    }

    /// What a cell is rated, whatever scorecard it is on; the rating of [`Reader::cell`]. Cost: a look at what it rests on.
    ///
    /// # Errors
    /// [`Error::NotDefined`] when the measure is not in the log within the bound on the position.
    pub(crate) fn rating(&self, cell: &Cell) -> Result<Rating, Error> {
        let measure = &cell.series.measure;
        let definition = self.defined(measure)?.definition;
        let result = self.result(cell);
        let subject = Subject {
            definition,
            entry: result.as_ref().map(|(_, entry)| entry),
            terms: self.target(cell, None).map(|(_, terms, _)| terms),
            withdrawn: self.withdrawn(measure, cell.period),
            shown_only: false,
        };
        Ok(ratings::rate(&self.rule(cell), &subject))
    }

    /// What a cell is judged by, whatever scorecard it is on.
    pub(crate) fn terms(&self, cell: &Cell) -> Option<Terms> {
        self.target(cell, None).map(|(_, terms, _)| terms)
    }

    pub(crate) fn withdrawn(&self, measure: &MeasureId, period: Period) -> bool {
        self.withdrawal(measure).is_some_and(|end| end.from <= period.last_day())
    }

    /// The target that judges a cell: of the nearest area that has one, by the owner asked for or in their order.
    pub(crate) fn target(
        &self,
        cell: &Cell,
        owner: Option<Owner>,
    ) -> Option<(TargetKey, Terms, &'a Revision<Noted<TargetEntry>>)> {
        let (key, terms, revision) = self.target_through(self.under.targets, cell, owner)?;
        let Some(standards) = self.under.standards else { return Some((key, terms, revision)) };
        let minimum = self.target_through(standards, cell, owner).map_or(Minimum::Unknown, |(_, it, _)| it.minimum);
        Some((key, Terms { minimum, ..terms }, revision))
    }

    fn target_through(
        &self,
        lens: Lens,
        cell: &Cell,
        owner: Option<Owner>,
    ) -> Option<(TargetKey, Terms, &'a Revision<Noted<TargetEntry>>)> {
        let in_order = [Owner::Local, Owner::Service, Owner::National];
        let owners: &[Owner] = match &owner {
            Some(owner) => std::slice::from_ref(owner),
            None => &in_order,
        };
        let day = lens.period.unwrap_or(cell.period).last_day();
        let Series { measure, area, cohort } = &cell.series;
        for area in self.area_and_containing(area) {
            for owner in owners {
                let key =
                    TargetKey { measure: measure.clone(), area: area.clone(), cohort: cohort.clone(), owner: *owner };
                let Some(revision) = self.book.target(&key, day, lens.as_of) else { continue };
                return Some((key, revision.value.value.terms?, revision));
            }
        }
        None
    }

    fn target_answer(
        &self,
        definition: &Definition,
        key: TargetKey,
        (terms, revision): (Terms, &Revision<Noted<TargetEntry>>),
        set_after_result: bool,
    ) -> TargetAnswer {
        TargetAnswer {
            area_name: self.area_name(&key.area),
            span: revision.value.value.span,
            terms,
            display: ratings::words::target(definition, terms.target),
            minimum_display: ratings::words::minimum(definition, terms.minimum),
            decision: revision.value.value.decision.clone(),
            set_after_result,
            provenance: self.provenance(revision),
            key,
        }
    }

    /// True when the cell's first figure was known before the target was recorded. What the target says of when it was
    /// known itself is no proof that it was, so that it does not count.
    pub(crate) fn set_after_result(
        &self,
        target: &Revision<Noted<TargetEntry>>,
        figures: Figures<'_>,
        period: Period,
    ) -> bool {
        let first = figures.newest_first(period, self.as_of).filter(|stored| !stored.is_withdrawal()).last();
        first.is_some_and(|first| set_after(target, first))
    }

    pub(crate) fn rule(&self, cell: &Cell) -> RuleId {
        let (measure, day) = (Some(&cell.series.measure), cell.period.last_day());
        self.adopted(self.book.rating_rule_adoption(measure, day, self.under.rules))
    }

    /// The rule or method that is adopted, on whose adoption the answer rests.
    fn adopted(&self, adoption: Option<&Revision<Noted<RuleAdopted>>>) -> RuleId {
        let Some(adoption) = adoption else { return no_rule() };
        self.rests_on(adoption);
        adoption.value.value.rule.clone()
    }

    fn direction(&self, found: &Found<'_>) -> DirectionAnswer {
        let cell = &found.cell;
        let (measure, day) = (Some(&cell.series.measure), cell.period.last_day());
        let method = self.adopted(self.book.direction_method_adoption(measure, day, self.under.rules));
        let none = |reason| DirectionAnswer {
            direction: ratings::Direction::None(reason),
            method: method.clone(),
            previous: None,
        };
        let Some(known) = Method::of(&method) else { return none(NoDirection::UnknownMethod) };
        let now = found.result.as_ref().and_then(|(_, entry)| measured(entry, found.definition));
        let Some(now) = now else { return none(NoDirection::NoResult) };
        let Some((before, previous)) = self.previous(found, known) else { return none(NoDirection::NoPrevious) };
        let direction = ratings::direction(found.definition, found.terms, now, before);
        DirectionAnswer { direction, method, previous: Some(previous) }
    }

    fn previous(&self, found: &Found<'_>, method: Method) -> Option<(Exact, PreviousAnswer)> {
        let Found { definition, figures, cell, .. } = found;
        let of_period = |period: Period| {
            let (revision, entry) = self.entry(*figures, period)?;
            let value = measured(&entry, definition)?;
            self.rests_on_result(revision);
            let answer = PreviousAnswer {
                display: shown(&entry, definition),
                period: StatedPeriod::Period(period),
                as_stated: false,
            };
            Some((value, answer))
        };
        match method {
            Method::PreviousPeriod => of_period(cell.period.previous()?),
            Method::PreviousReported => figures
                .until(cell.period)
                .filter(|period| *period < cell.period && period.same_kind(cell.period))
                .find_map(of_period)
                .or_else(|| {
                    let (_, entry) = found.result.as_ref()?;
                    let stated = entry.stated_previous.as_ref()?;
                    let answer = PreviousAnswer {
                        display: definition.show(stated.value.exact()),
                        period: stated.period.clone(),
                        as_stated: true,
                    };
                    Some((stated.value.exact(), answer))
                }),
        }
    }

    fn marks(found: &Found<'_>, choice: Choice, target: Option<&TargetAnswer>) -> Vec<Mark> {
        let mut marks = Vec::new();
        if let Some((_, entry)) = &found.result {
            marks.extend(entry.figure.doubt(found.definition.unit.multiplier).map(Mark::Doubt));
            marks.extend(match entry.status {
                Status::Provisional => Some(Mark::Provisional),
                Status::Estimated => Some(Mark::Estimated),
                Status::CarriedForward => Some(Mark::CarriedForward),
                Status::Revised | Status::Final | Status::Forecast | Status::NotStated => None,
            });
            if let Choice::For(asked) = choice {
                let age = months_between(found.cell.period, asked);
                let allowed = match found.definition.frequency {
                    Frequency::Monthly => 1,
                    Frequency::Quarterly => 3,
                    Frequency::Termly => 5,
                    Frequency::Annual => 12,
                };
                marks.extend((age >= allowed).then_some(Mark::Old(age)));
            }
            marks.extend(outside_expected(found.definition, entry).then_some(Mark::OutsideExpectedRange));
        }
        if let Some(target) = target {
            let other = target.key.area != found.cell.series.area;
            marks.extend(other.then(|| Mark::TargetOfArea(target.key.area.clone())));
            marks.extend(target.late());
        }
        marks
    }

    fn commentary(&self, found: &Found<'_>) -> Vec<CommentaryAnswer> {
        let standing = found.result.as_ref().map(|(stored, _)| stored.position());
        let written = self.book.commentary(&found.cell, self.as_of);
        let answer = |revision: &Revision<Noted<domain::book::Commentary>>| CommentaryAnswer {
            text: self.book.text(&revision.value.value.text).unwrap_or_default(),
            stale: revision.value.value.about != standing,
            provenance: self.provenance(revision),
        };
        written.into_iter().map(answer).collect()
    }

    fn actions(&self, found: &Found<'_>) -> Vec<ActionAnswer> {
        let standing = found.result.as_ref().map(|(stored, _)| stored.position());
        let agreed = self.book.actions(&found.cell, self.as_of);
        let answer = |revision: &Revision<Noted<domain::book::Action>>| ActionAnswer {
            text: self.book.text(&revision.value.value.text).unwrap_or_default(),
            owner: revision.value.value.owner.clone(),
            due: revision.value.value.due,
            stale: revision.value.value.about != standing,
            provenance: self.provenance(revision),
        };
        agreed.into_iter().map(answer).collect()
    }

    fn forecasts(&self, found: &Found<'_>) -> Vec<(Period, String)> {
        let later = found.figures.after(found.cell.period);
        later
            .filter_map(|period| {
                let (revision, entry) = self.entry(found.figures, period)?;
                (entry.status == Status::Forecast).then(|| {
                    self.rests_on_result(revision);
                    (period, shown(&entry, found.definition))
                })
            })
            .take(FORECASTS_MAX)
            .collect()
    }
}

/// How many forecasts a row of a scorecard lists, the nearest first.
const FORECASTS_MAX: usize = 12;

fn outside_expected(definition: &Definition, entry: &ResultEntry) -> bool {
    let MeasureKind::Activity { expected: Some((low, high)) } = definition.kind else { return false };
    measured(entry, definition)
        .is_some_and(|value| value.compare(low.exact()).is_lt() || value.compare(high.exact()).is_gt())
}

/// What stands in the place of a rule that nobody adopted; it rates nothing.
fn no_rule() -> RuleId {
    RuleId::new("none").expect("a constant code is a code")
}

/// Whole months from one period's last day to another's; 0 when the second is not later.
fn months_between(earlier: Period, later: Period) -> u32 {
    let months = |period: Period| {
        let day = period.last_day();
        i32::from(day.year()).saturating_mul(12).saturating_add(i32::from(day.month()))
    };
    u32::try_from(months(later).saturating_sub(months(earlier))).unwrap_or(0)
}

/// Whether a target was recorded when a result was known already, whatever it says of when it was known itself.
pub(crate) fn set_after(target: &Revision<Noted<TargetEntry>>, first: StoredResult<'_>) -> bool {
    target.recorded_at > first.known_at()
}
