//! By what causes a rating, or a verdict, became another.
//!
//! A rating is a function of its inputs: the data, the target, the minimum standard, the rule, the definition, who is
//! counted, the layout, whether the measure is withdrawn. Each can be taken from either side, also alone, because the book
//! says of both sides what the other's cohort, owner and list of neighbours would have given there.
//!
//! Named are inputs such that giving them back gives the first side's rating, and giving them alone gives the second's:
//! all of them at first, then one after the other is left out where that still holds, in a fixed order and until nothing
//! more can be. Both conditions change places when the sides do, so that the same causes are named either way.

use domain::book::Noted;
use domain::event::{Comparator, NeighboursAdopted};
use domain::history::Revision;
use domain::measure::Definition;
use domain::result::{ResultEntry, StatedPeriod};
use domain::{Cell, Exact, RuleId, Series, Terms};
use ratings::{Gap, Moved, Rating, Subject, Verdict};

use crate::answer::CauseKind;
use crate::benchmarks::{Beside, ByList, Held, verdict};
use crate::reader::{Reader, measured};
use crate::row::Wanted;

/// What a rating rests on.
pub(crate) const OF_RATINGS: [CauseKind; 8] = [
    CauseKind::Data,
    CauseKind::Target,
    CauseKind::Minimum,
    CauseKind::Rule,
    CauseKind::Definition,
    CauseKind::Cohort,
    CauseKind::Layout,
    CauseKind::Withdrawal,
];

/// What a verdict rests on.
pub(crate) const OF_VERDICTS: [CauseKind; 7] = [
    CauseKind::Data,
    CauseKind::Target,
    CauseKind::Definition,
    CauseKind::Cohort,
    CauseKind::Layout,
    CauseKind::Comparator,
    CauseKind::Neighbours,
];

/// Which inputs are the second side's; all others are the first's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Given(u16);

impl Given {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const ALL: Self = Self(u16::MAX);

    const fn bit(kind: CauseKind) -> u16 {
        match kind {
            CauseKind::Data => 1,
            CauseKind::Target => 2,
            CauseKind::Minimum => 4,
            CauseKind::Rule => 8,
            CauseKind::Definition => 16,
            CauseKind::Cohort => 32,
            CauseKind::Layout => 64,
            CauseKind::Withdrawal => 128,
            CauseKind::Comparator => 256,
            CauseKind::Neighbours => 512,
        }
    }

    const fn has(self, kind: CauseKind) -> bool {
        self.0 & Self::bit(kind) != 0
    }

    /// This one and no other.
    pub(crate) const fn only(kind: CauseKind) -> Self {
        Self(Self::bit(kind))
    }

    /// All but these.
    const fn all_but(these: Self) -> Self {
        Self(!these.0)
    }

    /// All but this one.
    pub(crate) const fn without(kind: CauseKind) -> Self {
        Self::all_but(Self::only(kind))
    }

    const fn less(self, kind: CauseKind) -> Self {
        Self(self.0 & !Self::bit(kind))
    }
}

/// The causes by which `judge` gives another answer for the second side than for the first; see the module's documentation.
/// None when it gives the same.
///
/// Cost: `judge`, about thirty times.
pub(crate) fn named<T: PartialEq>(kinds: &[CauseKind], judge: impl Fn(Given) -> T) -> Vec<CauseKind> {
    let (was, is) = (judge(Given::NONE), judge(Given::ALL));
    let add_up = |named: Given| judge(Given::all_but(named)) == was && judge(named) == is;
    let mut named = kinds.iter().fold(Given::NONE, |all, kind| Given(all.0 | Given::bit(*kind)));
    loop {
        let before = named;
        for kind in kinds {
            let fewer = named.less(*kind);
            if add_up(fewer) {
                named = fewer;
            }
        }
        if named == before {
            return kinds.iter().copied().filter(|kind| named.has(*kind)).collect();
        }
    }
}

/// Something for the first side's layout, and for the second's; once where that is the same.
struct Both<T> {
    first: T,
    second: Option<T>,
}

impl<T> Both<T> {
    fn new(same: bool, second: bool, of: impl Fn(bool) -> T) -> Self {
        // What is asked of one's own side is asked as the answer itself was.
        if same { Self { first: of(second), second: None } } else { Self { first: of(false), second: Some(of(true)) } }
    }

    fn get(&self, second: bool) -> &T {
        self.second.as_ref().filter(|_| second).unwrap_or(&self.first)
    }
}

/// What stood for a row, on one side, for one of two cohorts.
struct Face {
    cell: Cell,
    entry: Option<ResultEntry>,
    /// By whose target rates.
    terms: Both<Option<Terms>>,
    /// By which list of neighbours.
    held: Both<Vec<Held>>,
}

/// Everything that stood for a row, on one side.
struct Inputs<'a> {
    definition: &'a Definition,
    rule: RuleId,
    withdrawn: bool,
    shown_only: bool,
    /// By who is counted.
    faces: Both<Face>,
}

/// A row as it was wanted on one side.
#[derive(Clone, Copy)]
pub(crate) struct Stand<'r, 'a> {
    pub(crate) reader: &'r Reader<'a>,
    pub(crate) wanted: &'r Wanted<'r>,
}

/// What a row's rating and verdicts rest on, on both sides.
pub(crate) struct Judged<'a> {
    before: Inputs<'a>,
    after: Inputs<'a>,
}

/// A comparator's figure on one side, by whose it is and for when.
pub(crate) type HeldKey<'k> = (&'k Comparator, &'k StatedPeriod);

impl<'a> Judged<'a> {
    /// `None` where the measure is not defined on the second side. Where it is not on the first, there is nothing there.
    ///
    /// Comparators' figures are looked up with `verdicts` alone.
    ///
    /// Cost: of a row with the same layout on both sides, about that of two rows.
    pub(crate) fn new(before: Stand<'_, 'a>, after: Stand<'_, 'a>, verdicts: bool) -> Option<Self> {
        let after_inputs = inputs(after, before, true, verdicts)?;
        let before_inputs = inputs(before, after, false, verdicts).unwrap_or_else(|| {
            let nothing = |_| Face {
                cell: after_inputs.faces.get(true).cell.clone(),
                entry: None,
                terms: Both { first: None, second: None },
                held: Both { first: Vec::new(), second: None },
            };
            Inputs {
                definition: after_inputs.definition,
                rule: after_inputs.rule.clone(),
                withdrawn: after_inputs.withdrawn,
                shown_only: after_inputs.shown_only,
                faces: Both::new(true, false, nothing),
            }
        });
        Some(Self { before: before_inputs, after: after_inputs })
    }

    fn side(&self, given: Given, kind: CauseKind) -> &Inputs<'a> {
        if given.has(kind) { &self.after } else { &self.before }
    }

    fn face(&self, given: Given, kind: CauseKind) -> &Face {
        self.side(given, kind).faces.get(given.has(CauseKind::Cohort))
    }

    /// A minimum standard apart from its target is taken where there is a target on both sides.
    fn terms(&self, given: Given) -> Option<Terms> {
        let of = |kind| *self.face(given, kind).terms.get(given.has(CauseKind::Layout));
        match (of(CauseKind::Target), of(CauseKind::Minimum)) {
            (Some(target), Some(minimum)) => Some(Terms { target: target.target, minimum: minimum.minimum }),
            (target, _) => target,
        }
    }

    /// What the row would be rated.
    pub(crate) fn rating(&self, given: Given) -> Rating {
        let subject = Subject {
            definition: self.side(given, CauseKind::Definition).definition,
            entry: self.face(given, CauseKind::Data).entry.as_ref(),
            terms: self.terms(given),
            withdrawn: self.side(given, CauseKind::Withdrawal).withdrawn,
            shown_only: self.side(given, CauseKind::Layout).shown_only,
        };
        ratings::rate(&self.side(given, CauseKind::Rule).rule, &subject)
    }

    fn value(&self, given: Given) -> Option<Exact> {
        let entry = self.face(given, CauseKind::Data).entry.as_ref()?;
        measured(entry, self.side(given, CauseKind::Definition).definition)
    }

    /// How the row's figure would stand against a comparator's, which is found by its key on each side.
    pub(crate) fn verdict(&self, (before, after): (HeldKey<'_>, HeldKey<'_>), given: Given) -> Option<Verdict> {
        let (comparator, period) = if given.has(CauseKind::Comparator) { after } else { before };
        let face = self.face(given, CauseKind::Comparator);
        let held = face.held.get(given.has(CauseKind::Neighbours)).iter();
        let found = held.clone().find(|it| it.comparator == *comparator && it.period == *period);
        // Under another list or for another cohort it may not be stated for that period.
        let found = found.or_else(|| held.clone().find(|it| it.comparator == *comparator))?;
        let row = Beside {
            definition: self.side(given, CauseKind::Definition).definition,
            cell: &self.face(given, CauseKind::Data).cell,
            value: self.value(given),
            terms: self.terms(given),
        };
        verdict(&row, found)
    }

    fn gap(&self, given: Given, to: fn(&Definition, Terms, Exact) -> Option<Gap>) -> Option<Gap> {
        to(self.side(given, CauseKind::Definition).definition, self.terms(given)?, self.value(given)?)
    }

    /// By how much one input alone moves the first side's figure against its target, or the minimum standard alone against
    /// that. `None` where it does not, and where the units differ.
    pub(crate) fn moved(&self, kind: CauseKind) -> Option<Moved> {
        if self.before.definition.unit != self.after.definition.unit {
            return None;
        }
        let to = if kind == CauseKind::Minimum { Gap::to_minimum } else { Gap::to_target };
        let moved = self.gap(Given::only(kind), to)?.since(&self.gap(Given::NONE, to)?)?;
        (moved.by.coefficient() != 0).then_some(moved)
    }
}

/// `second` says which of both `own` is.
fn inputs<'a>(own: Stand<'_, 'a>, other: Stand<'_, 'a>, second: bool, verdicts: bool) -> Option<Inputs<'a>> {
    let Stand { reader, wanted } = own;
    let definition = reader.defined(wanted.measure).ok()?.definition;
    let which = |after: bool| if after == second { own } else { other };
    let listed = |stand| if verdicts { list(stand) } else { None };
    let (own_list, others_list) = (listed(own), listed(other));
    let same_list = own_list.map(|it| it.position) == others_list.map(|it| it.position);
    let face = |after: bool| {
        let cohort = which(after).wanted.cohort;
        let series = Series { measure: wanted.measure.clone(), area: wanted.area.clone(), cohort: cohort.clone() };
        let figures = reader.book.figures(&series);
        let cell = Cell { period: reader.choose(figures, definition, wanted.period), series };
        let entry = reader.entry(figures, cell.period).map(|(_, entry)| entry);
        let terms = Both::new(own.wanted.owner == other.wanted.owner, second, |after| {
            reader.target(&cell, which(after).wanted.owner).map(|(_, terms, _)| terms)
        });
        let value = entry.as_ref().and_then(|entry| measured(entry, definition));
        let beside = Beside { definition, cell: &cell, value, terms: *terms.get(second) };
        let held = Both::new(same_list, second, |after| {
            if !verdicts {
                return Vec::new();
            }
            let list = if after == second { ByList::Standing } else { ByList::This(others_list) };
            reader.held_against(&beside, list).into_iter().map(|(_, held)| held).collect()
        });
        Face { cell, entry, terms, held }
    };
    let faces = Both::new(own.wanted.cohort == other.wanted.cohort, second, face);
    let cell = &faces.get(second).cell;
    Some(Inputs {
        rule: reader.rule(cell),
        withdrawn: reader.withdrawn(wanted.measure, cell.period),
        shown_only: !wanted.rated,
        definition,
        faces,
    })
}

/// The list that holds on a side for its own row.
fn list<'a>(stand: Stand<'_, 'a>) -> Option<&'a Revision<Noted<NeighboursAdopted>>> {
    let Stand { reader, wanted } = stand;
    let definition = reader.defined(wanted.measure).ok()?.definition;
    let (measure, area, cohort) = (wanted.measure.clone(), wanted.area.clone(), wanted.cohort.clone());
    let figures = reader.book.figures(&Series { measure, area, cohort });
    let period = reader.choose(figures, definition, wanted.period);
    reader.book.neighbours(wanted.area, period.last_day(), reader.as_of)
}
