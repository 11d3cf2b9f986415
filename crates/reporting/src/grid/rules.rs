//! By which rules and methods the periods of a grid are judged.

use domain::book::Noted;
use domain::event::RuleAdopted;
use domain::history::Revision;
use domain::measure::Brief;
use domain::{MeasureId, Period};
use ratings::{Method, Rule, Yardsticks};

use crate::reader::Reader;

/// By which rule and which method; `None` for one that this program has not.
pub(super) type Judged = (Option<Rule>, Option<Method>);

/// Neighbouring periods that are judged by the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Ruled {
    /// The place after the last of them, among those asked for.
    pub(super) end: usize,
    pub(super) by: Judged,
    /// Whether the measure is withdrawn for them.
    pub(super) withdrawn: bool,
}

impl Ruled {
    /// What judges a measure by them.
    #[inline]
    pub(super) fn yardsticks(&self, brief: Brief) -> Yardsticks {
        Yardsticks::new(self.by.0, brief, self.withdrawn)
    }
}

/// The same, parted where a measure is withdrawn, which is for the periods from a place on.
pub(super) fn withdrawn_from(place: usize, ruled: &[Ruled]) -> Vec<Ruled> {
    let mut start = 0_usize;
    let mut parted = Vec::with_capacity(ruled.len().saturating_add(1));
    for part in ruled {
        if start < place {
            parted.push(Ruled { end: part.end.min(place), ..*part });
        }
        if place < part.end {
            parted.push(Ruled { withdrawn: true, ..*part });
        }
        start = part.end;
    }
    parted
}

type Adoption<'a> = Option<&'a Revision<Noted<RuleAdopted>>>;

impl<'a> Reader<'a> {
    /// By which rule and method the periods are judged, of a measure or of those that have none of their own.
    ///
    /// Cost: of periods that are all judged alike, two look-ups: what holds for the first and the last of some days holds
    /// for those between them, because of what is adopted from a day that is not after it the latest day holds.
    pub(super) fn rules(&self, measure: Option<&MeasureId>, periods: &[Period]) -> Vec<Ruled> {
        let adopted = |period: &Period| {
            let day = period.last_day();
            let rule = self.book.rating_rule_adoption(measure, day, self.as_of);
            (rule, self.book.direction_method_adoption(measure, day, self.as_of))
        };
        let mut ruled: Vec<Ruled> = Vec::with_capacity(1);
        let mut rest = periods;
        while let Some(first) = rest.first() {
            let (rule, method) = adopted(first);
            let alike = |period: &Period| {
                let other = adopted(period);
                same(other.0, rule) && same(other.1, method)
            };
            let all = rest.last().is_some_and(alike);
            let n = if all { rest.len() } else { rest.partition_point(alike).max(1) };
            rest = rest.get(n..).unwrap_or_default();
            rule.into_iter().chain(method).for_each(|adoption| self.rests_on(adoption));
            let code = |adoption: &'a Revision<Noted<RuleAdopted>>| &adoption.value.value.rule;
            let by = (rule.and_then(|it| Rule::of(code(it))), method.and_then(|it| Method::of(code(it))));
            ruled.push(Ruled { end: periods.len().saturating_sub(rest.len()), by, withdrawn: false });
        }
        ruled
    }
}

fn same(one: Adoption<'_>, other: Adoption<'_>) -> bool {
    one.map(std::ptr::from_ref) == other.map(std::ptr::from_ref)
}
