//! Judging single facts against what stands.

use std::cmp::Ordering;

use super::desk::{Desk, as_of};
use super::key::Key;
use super::{Figured, Outcome};
use crate::book::{MeasureState, Noted};
use crate::command::{Expect, Instruction};
use crate::decide::Rejection;
use crate::event::{
    ActorNamed, AreaDefined, BenchmarkRecorded, CohortDefined, Event, MeasureWithdrawn, NeighboursAdopted,
    ResultRecorded, RuleAdopted, TargetChanged, TargetWithdrawn,
};
use crate::history::Revision;
use crate::ids::{AreaId, MeasureId};
use crate::measure::{Content, Definition, MeasureKind, grouped};
use crate::number::Decimal;
use crate::result::{Cell, Figure, ResultEntry, StatedPrevious};
use crate::target::{Minimum, Target, TargetKey, Terms};
use crate::time::AsOf;

#[expect(clippy::unnecessary_wraps, reason = "it ends judgements that may be rejections")]
fn change(event: Event, before: String, after: String) -> Result<Outcome, Rejection> {
    Ok(Outcome::Change { events: vec![event], before, after })
}

impl Desk<'_> {
    pub(super) fn name_actor(&self, named: &ActorNamed) -> Outcome {
        let before = self.base().actor_name(&named.actor).unwrap_or_default().to_owned();
        if before == named.name {
            return Outcome::Unchanged;
        }
        let after = named.name.clone();
        Outcome::Change { events: vec![Event::ActorNamed(named.clone())], before, after }
    }

    pub(super) fn define_area(&self, area: &AreaDefined, instruction: &Instruction) -> Result<Outcome, Rejection> {
        let as_of = as_of(instruction);
        if let Some(parent) = &area.parent {
            self.check_area(parent)?;
            self.check_circle(&area.area, parent, as_of)?;
        }
        match self.area(&area.area, as_of) {
            Some(standing) if standing == area => Ok(Outcome::Unchanged),
            standing => {
                let before = standing.map_or(String::new(), |area| area.name.clone());
                change(Event::AreaDefined(area.clone()), before, area.name.clone())
            }
        }
    }

    /// Refuses a parent that lies inside its child.
    fn check_circle(&self, area: &AreaId, parent: &AreaId, as_of: AsOf) -> Result<(), Rejection> {
        let mut next = Some(parent.clone());
        for _ in 0..LEVELS_MAX {
            match next {
                Some(above) if above == *area => break,
                Some(above) => next = self.area(&above, as_of).and_then(|found| found.parent.clone()),
                None => return Ok(()),
            }
        }
        Err(Rejection::AreaCircle { area: area.clone() })
    }

    pub(super) fn define_cohort(
        &self,
        cohort: &CohortDefined,
        instruction: &Instruction,
    ) -> Result<Outcome, Rejection> {
        match self.cohort(&cohort.cohort, as_of(instruction)) {
            Some(standing) if standing == cohort => Ok(Outcome::Unchanged),
            standing => {
                let before = standing.map_or(String::new(), |cohort| cohort.name.clone());
                change(Event::CohortDefined(cohort.clone()), before, cohort.name.clone())
            }
        }
    }

    pub(super) fn define_measure(
        &self,
        definition: &Definition,
        expect: Expect,
        instruction: &Instruction,
    ) -> Result<Outcome, Rejection> {
        let measure = &definition.measure;
        let (content, mut events) = match &definition.definition {
            Content::Inline(text) => self.content(text),
            stored @ Content::Stored { .. } => (stored.clone(), Vec::new()),
        };
        let definition = Definition { definition: content, ..definition.clone() };
        let before = match (self.measure_before(measure, instruction), expect) {
            (None, Expect::Existing) => return Err(Rejection::UnknownMeasure { measure: measure.clone() }),
            (None, Expect::New | Expect::Either) => None,
            (Some(state), expect) => match (&state.value.value, expect) {
                (MeasureState::Defined(_), Expect::New) => {
                    return Err(Rejection::AlreadyDefined { measure: measure.clone() });
                }
                (MeasureState::Defined(standing), _) if **standing == definition => return Ok(Outcome::Unchanged),
                (MeasureState::Defined(standing), _) => Some(standing.title.clone()),
                (MeasureState::Withdrawn(_), _) => Some("withdrawn".to_owned()),
            },
        };
        let after = definition.title.clone();
        events.push(match before {
            None => Event::MeasureDefined(definition),
            Some(_) => Event::MeasureRevised(definition),
        });
        Ok(Outcome::Change { events, before: before.unwrap_or_default(), after })
    }

    /// The last word about a measure; its definition where the submission itself withdraws it after this instruction.
    fn measure_before(&self, measure: &MeasureId, instruction: &Instruction) -> Option<&Revision<Noted<MeasureState>>> {
        let as_of = as_of(instruction);
        let last = self.measure_state(measure, as_of)?;
        let again = || self.given_later(Key::Measure(measure), Key::MeasureEnd(measure), instruction);
        match &last.value.value {
            MeasureState::Withdrawn(_) if again() => self.defined(measure, as_of).or(Some(last)),
            MeasureState::Withdrawn(_) | MeasureState::Defined(_) => Some(last),
        }
    }

    pub(super) fn withdraw_measure(
        &self,
        withdrawn: &MeasureWithdrawn,
        instruction: &Instruction,
    ) -> Result<Outcome, Rejection> {
        let as_of = as_of(instruction);
        let measure = &withdrawn.measure;
        let state =
            self.measure_state(measure, as_of).ok_or_else(|| Rejection::UnknownMeasure { measure: measure.clone() })?;
        if let Some(successor) = &withdrawn.successor {
            self.check_measure(successor, as_of)?;
        }
        let before = match &state.value.value {
            MeasureState::Withdrawn(standing) if standing == withdrawn => return Ok(Outcome::Unchanged),
            MeasureState::Withdrawn(standing) => format!("withdrawn from {}", standing.from),
            MeasureState::Defined(standing) => standing.title.clone(),
        };
        let after = format!("withdrawn from {}", withdrawn.from);
        change(Event::MeasureWithdrawn(withdrawn.clone()), before, after)
    }

    pub(super) fn record_result(
        &self,
        recorded: &ResultRecorded,
        instruction: &Instruction,
    ) -> Result<Outcome, Rejection> {
        let as_of = as_of(instruction);
        let cell = &recorded.cell;
        let definition = self.check_series(&cell.series, as_of)?;
        recorded.entry.figure.exact(definition.unit.multiplier)?;
        let last = self.result(cell, as_of);
        let place = last.as_ref().and_then(|last| last.in_book);
        match last.and_then(|last| last.entry) {
            Some(standing) if same_entry(&standing, &recorded.entry) => Ok(Outcome::Unchanged),
            standing => {
                self.check_reported(cell, as_of)?;
                if standing.is_some() && instruction.why.reason.trim().is_empty() {
                    return Err(Rejection::NoReason { what: "revising a result that stands" });
                }
                let words = || match standing.as_deref() {
                    Some(standing) => revision_words(standing, &recorded.entry, definition),
                    None => (String::new(), figure_words(&recorded.entry, definition)),
                };
                Ok(Outcome::Figure(Figured { words: self.lists_more().then(words), stood: standing.is_some(), place }))
            }
        }
    }

    fn check_reported(&self, cell: &Cell, as_of: AsOf) -> Result<(), Rejection> {
        let measure = &cell.series.measure;
        match self.measure_state(measure, as_of).map(|state| &state.value.value) {
            Some(MeasureState::Withdrawn(withdrawn)) if cell.period.last_day() >= withdrawn.from => {
                Err(Rejection::MeasureWithdrawn { measure: measure.clone(), from: withdrawn.from })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn withdraw_result(&self, cell: &Cell, instruction: &Instruction) -> Result<Outcome, Rejection> {
        let as_of = as_of(instruction);
        let definition = self.check_measure(&cell.series.measure, as_of)?;
        match self.result(cell, as_of).and_then(|last| last.entry) {
            Some(standing) => {
                change(Event::ResultWithdrawn(cell.clone()), figure_words(&standing, definition), String::new())
            }
            None => Err(Rejection::NothingToWithdraw { what: instruction.command.subject() }),
        }
    }

    pub(super) fn change_target(
        &self,
        changed: &TargetChanged,
        instruction: &Instruction,
    ) -> Result<Outcome, Rejection> {
        let TargetChanged { key, span, terms, decision } = changed;
        let as_of = as_of(instruction);
        let definition = self.check_target(key, as_of)?;
        if matches!(definition.kind, MeasureKind::Activity { .. }) {
            return Err(Rejection::TargetOfActivity { measure: key.measure.clone() });
        }
        terms.check(definition.polarity)?;
        // Any later word about a part of the span makes it another target than the one that is asked for.
        let standing = self.target(key, *span, instruction).map(|revision| &revision.value.value);
        match standing {
            Some(entry)
                if entry.span == *span
                    && entry.terms.is_some_and(|standing| same_terms(standing, *terms))
                    && entry.decision == *decision =>
            {
                Ok(Outcome::Unchanged)
            }
            standing => {
                let words = |terms| terms_words(terms, definition);
                let before = standing.and_then(|entry| entry.terms).map_or(String::new(), words);
                change(Event::TargetChanged(changed.clone()), before, words(*terms))
            }
        }
    }

    pub(super) fn withdraw_target(
        &self,
        withdrawn: &TargetWithdrawn,
        instruction: &Instruction,
    ) -> Result<Outcome, Rejection> {
        let TargetWithdrawn { key, span, .. } = withdrawn;
        let as_of = as_of(instruction);
        let definition = self.check_target(key, as_of)?;
        match self.target(key, *span, instruction).map(|revision| &revision.value.value) {
            Some(entry) if entry.terms.is_none() && entry.span == *span => Ok(Outcome::Unchanged),
            Some(entry) if entry.terms.is_some() || !entry.span.contains(*span) => {
                let before = entry.terms.map_or("other targets".to_owned(), |terms| terms_words(terms, definition));
                change(Event::TargetWithdrawn(withdrawn.clone()), before, String::new())
            }
            _ => Err(Rejection::NothingToWithdraw { what: instruction.command.subject() }),
        }
    }

    fn check_target(&self, key: &TargetKey, as_of: AsOf) -> Result<&Definition, Rejection> {
        self.check_area(&key.area)?;
        self.check_cohort(&key.cohort)?;
        self.check_measure(&key.measure, as_of)
    }

    pub(super) fn record_benchmark(
        &self,
        benchmark: &BenchmarkRecorded,
        instruction: &Instruction,
    ) -> Result<Outcome, Rejection> {
        let as_of = as_of(instruction);
        let definition = self.check_series(&benchmark.cell.series, as_of)?;
        if let crate::event::Comparator::Area(area) = &benchmark.comparator {
            self.check_area(area)?;
        }
        match self.benchmark(benchmark, as_of) {
            Some(standing) if standing == benchmark => Ok(Outcome::Unchanged),
            standing => {
                let show = |it: &BenchmarkRecorded| match it.figure {
                    Ok(value) => definition.show(value.exact()),
                    Err(missing) => missing.words().to_owned(),
                };
                let before = standing.map_or(String::new(), show);
                change(Event::BenchmarkRecorded(benchmark.clone()), before, show(benchmark))
            }
        }
    }

    pub(super) fn adopt_neighbours(
        &self,
        list: &NeighboursAdopted,
        instruction: &Instruction,
    ) -> Result<Outcome, Rejection> {
        self.check_area(&list.area)?;
        list.members.iter().try_for_each(|member| self.check_area(member))?;
        let words = |it: &NeighboursAdopted| {
            let areas = if it.members.len() == 1 { "area" } else { "areas" };
            format!("{} {areas} from {}", it.members.len(), crate::period::day_words(it.from))
        };
        match self.neighbours(&list.list, as_of(instruction)) {
            Some(standing) if standing == list => Ok(Outcome::Unchanged),
            standing => {
                change(Event::NeighboursAdopted(list.clone()), standing.map_or(String::new(), words), words(list))
            }
        }
    }

    pub(super) fn adopt(
        &self,
        adopted: &RuleAdopted,
        rating: bool,
        instruction: &Instruction,
    ) -> Result<Outcome, Rejection> {
        let as_of = as_of(instruction);
        if let Some(measure) = &adopted.measure {
            self.check_measure(measure, as_of)?;
        }
        let standing = self.rule_from(adopted, rating, as_of);
        if standing.is_some_and(|standing| standing == adopted) {
            return Ok(Outcome::Unchanged);
        }
        let before = standing.map_or(String::new(), |rule| rule.rule.to_string());
        let event = if rating {
            Event::RatingRuleAdopted(adopted.clone())
        } else {
            Event::DirectionMethodAdopted(adopted.clone())
        };
        change(event, before, adopted.rule.to_string())
    }

    /// The last adoption of the same scope from the same day.
    fn rule_from(&self, adopted: &RuleAdopted, rating: bool, as_of: AsOf) -> Option<&RuleAdopted> {
        let base = self.base();
        let history = if rating { &base.rating_rules } else { &base.direction_methods };
        history
            .newest_first(as_of, self.rollbacks())
            .map(|revision| &revision.value.value)
            .find(|rule| rule.measure == adopted.measure && rule.from == adopted.from)
    }
}

/// The deepest nesting of areas: a district in a county in a region in a country, with room.
const LEVELS_MAX: usize = 8;

/// Equal but for how numbers are written: `74` and `74.0` are the same figure.
fn same_entry(left: &ResultEntry, right: &ResultEntry) -> bool {
    same_figure(left.figure, right.figure)
        && left.status == right.status
        && left.stated_colour == right.stated_colour
        && same_previous(left.stated_previous.as_ref(), right.stated_previous.as_ref())
}

fn same_previous(left: Option<&StatedPrevious>, right: Option<&StatedPrevious>) -> bool {
    match (left, right) {
        (Some(l), Some(r)) => same_number(l.value, r.value) && l.period == r.period,
        (left, right) => left.is_none() && right.is_none(),
    }
}

fn same_number(left: Decimal, right: Decimal) -> bool {
    left.compare(right) == Ordering::Equal
}

fn same_optional(left: Option<Decimal>, right: Option<Decimal>) -> bool {
    match (left, right) {
        (Some(l), Some(r)) => same_number(l, r),
        (left, right) => left.is_none() && right.is_none(),
    }
}

fn same_figure(left: Figure, right: Figure) -> bool {
    match (left, right) {
        (Figure::Stated { value: l, denominator: ld }, Figure::Stated { value: r, denominator: rd }) => {
            same_number(l, r) && same_optional(ld, rd)
        }
        (
            Figure::Counted { numerator: ln, denominator: ld, stated: ls },
            Figure::Counted { numerator: rn, denominator: rd, stated: rs },
        ) => same_number(ln, rn) && same_number(ld, rd) && same_optional(ls, rs),
        (Figure::Missing(l), Figure::Missing(r)) => l == r,
        _ => false,
    }
}

fn same_terms(left: Terms, right: Terms) -> bool {
    let target = match (left.target, right.target) {
        (Target::AtLeast(l), Target::AtLeast(r))
        | (Target::MoreThan(l), Target::MoreThan(r))
        | (Target::AtMost(l), Target::AtMost(r))
        | (Target::LessThan(l), Target::LessThan(r)) => same_number(l, r),
        (Target::Within { low: ll, high: lh }, Target::Within { low: rl, high: rh }) => {
            same_number(ll, rl) && same_number(lh, rh)
        }
        _ => false,
    };
    let minimum = match (left.minimum, right.minimum) {
        (Minimum::Unknown, Minimum::Unknown) => true,
        (Minimum::Value(l), Minimum::Value(r)) => same_number(l, r),
        (Minimum::Within { low: ll, high: lh }, Minimum::Within { low: rl, high: rh }) => {
            same_number(ll, rl) && same_number(lh, rh)
        }
        _ => false,
    };
    target && minimum
}

fn figure_words(entry: &ResultEntry, definition: &Definition) -> String {
    match entry.figure {
        Figure::Missing(missing) => missing.words().to_owned(),
        figure @ (Figure::Stated { .. } | Figure::Counted { .. }) => match figure.exact(definition.unit.multiplier) {
            Ok(Some(value)) => definition.show(value),
            Ok(None) | Err(_) => "no figure".to_owned(),
        },
    }
}

/// What stood, and what will: of figures that look alike, with what they differ in.
fn revision_words(standing: &ResultEntry, given: &ResultEntry, definition: &Definition) -> (String, String) {
    let [before, after] = [standing, given].map(|entry| figure_words(entry, definition));
    if before != after {
        return (before, after);
    }
    let apart = |entry: &ResultEntry| {
        let words = if standing.status != given.status {
            entry.status.words().to_owned()
        } else if standing.figure != given.figure {
            digits_words(entry.figure)
        } else {
            // What the source printed beside it.
            return figure_words(entry, definition);
        };
        format!("{} ({words})", figure_words(entry, definition))
    };
    (apart(standing), apart(given))
}

fn digits_words(figure: Figure) -> String {
    match figure {
        Figure::Stated { value, denominator: None } => grouped(value),
        Figure::Stated { value, denominator: Some(denominator) } => {
            format!("{} of {}", grouped(value), grouped(denominator))
        }
        Figure::Counted { numerator, denominator, .. } => {
            format!("{} of {}", grouped(numerator), grouped(denominator))
        }
        Figure::Missing(missing) => missing.words().to_owned(),
    }
}

fn terms_words(terms: Terms, definition: &Definition) -> String {
    let shown = |number: Decimal| definition.unit.show(&grouped(number));
    let target = match terms.target {
        Target::AtLeast(value) => format!("{} or more", shown(value)),
        Target::MoreThan(value) => format!("more than {}", shown(value)),
        Target::AtMost(value) => format!("{} or less", shown(value)),
        Target::LessThan(value) => format!("less than {}", shown(value)),
        Target::Within { low, high } => format!("{} to {}", grouped(low), shown(high)),
    };
    match terms.minimum {
        Minimum::Unknown => format!("{target} (no minimum standard)"),
        Minimum::Value(value) => format!("{target} (minimum standard {})", shown(value)),
        Minimum::Within { low, high } => format!("{target} (minimum standard {} to {})", grouped(low), shown(high)),
    }
}
