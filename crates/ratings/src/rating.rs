//! What a rating is, and which rule gives it.

use std::fmt;

use domain::RuleId;
use domain::measure::Definition;
use domain::result::{Colour, Missing, ResultEntry};
use domain::target::Terms;

use crate::{kent_1, words};

/// The code of Kent's rule, first version: Green at the target, Amber at the minimum standard, Red below it.
pub const KENT: &str = "kent.1";

/// The codes of all rating rules, for a refusal to list.
pub const RULES: [&str; 1] = [KENT];

/// A colour, or the reason for having none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rating {
    /// The rule gave this colour.
    Rated(Colour),
    /// The rule gave no colour, and this is why.
    NotRated(NotRated),
}

impl Rating {
    /// The colour; `None` when it is not rated.
    pub const fn colour(self) -> Option<Colour> {
        match self {
            Self::Rated(colour) => Some(colour),
            Self::NotRated(_) => None,
        }
    }

    /// For people: `Green`, `Amber`, `Red` or `not rated`. The reason is apart, in [`NotRated::reason`].
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rated(colour) => words::colour(colour),
            Self::NotRated(_) => "not rated",
        }
    }
}

/// Why there is no colour.
///
/// Where several reasons apply, the one that stands first here is given: first whether this row is judged at all, then
/// whether there is something to judge, then what it would be judged against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotRated {
    /// This program has no rule of that code. First, because only the rule can say anything else.
    UnknownRule,
    /// The row stands on the scorecard for information beside another that is rated.
    ShownOnly,
    /// The measure is no longer reported.
    WithdrawnMeasure,
    /// Activity and context are shown with an expected range and never rated.
    ActivityMeasure,
    /// Neither more nor less is better.
    NoPolarity,
    /// Nothing stands for the cell.
    NoResult,
    /// What stands for the cell is a reason for having no figure.
    Missing(Missing),
    /// The figure is expected, not measured.
    Forecast,
    /// No target stands for the figure's period.
    NoTarget,
    /// The target does not suit the polarity: the measure was redefined after the target was set. Set the target anew.
    UnfitTarget,
    /// The numerator and denominator give no value.
    NotDivisible,
    /// The target is missed and nobody said what the minimum standard is: neither Amber nor Red.
    NoMinimumStandard,
}

impl NotRated {
    /// The reason in plain words, to stand after “not rated: ”.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::UnknownRule => "unknown rating rule",
            Self::ShownOnly => "shown for information",
            Self::WithdrawnMeasure => "measure withdrawn",
            Self::ActivityMeasure => "activity, not performance",
            Self::NoPolarity => "neither more nor less is better",
            Self::NoResult => "no result",
            Self::Missing(missing) => words::missing(missing),
            Self::Forecast => "a forecast",
            Self::NoTarget => "no target",
            Self::UnfitTarget => "target does not suit the measure",
            Self::NotDivisible => "numerator and denominator give no value",
            Self::NoMinimumStandard => "no minimum standard",
        }
    }

    /// The reason for programs, in kebab case; it never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownRule => "unknown-rule",
            Self::ShownOnly => "shown-only",
            Self::WithdrawnMeasure => "withdrawn-measure",
            Self::ActivityMeasure => "activity-measure",
            Self::NoPolarity => "no-polarity",
            Self::NoResult => "no-result",
            Self::Missing(Missing::Confidential) => "missing-confidential",
            Self::Missing(Missing::NotApplicable) => "missing-not-applicable",
            Self::Missing(Missing::Unavailable) => "missing-unavailable",
            Self::Missing(Missing::Low) => "missing-low",
            Self::Missing(Missing::Unreliable) => "missing-unreliable",
            Self::Missing(Missing::NotSupplied) => "missing-not-supplied",
            Self::Missing(Missing::KnownNotToExist) => "missing-known-not-to-exist",
            Self::Forecast => "forecast",
            Self::NoTarget => "no-target",
            Self::UnfitTarget => "unfit-target",
            Self::NotDivisible => "not-divisible",
            Self::NoMinimumStandard => "no-minimum-standard",
        }
    }
}

/// What is judged: things that stood together, as of some time, for one row.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The measure's definition.
    pub definition: &'a Definition,
    /// The result; `None` when nothing stands for the cell.
    pub entry: Option<&'a ResultEntry>,
    /// The target that judges, and its minimum standard; `None` when no target stands.
    pub terms: Option<Terms>,
    /// True when the measure is withdrawn for the period.
    pub withdrawn: bool,
    /// True when the row is on the scorecard for information, not to be rated.
    pub shown_only: bool,
}

/// A rating rule that this program has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// [`KENT`].
    Kent1,
}

impl Rule {
    /// The rule of that code; `None` when this program has none.
    pub fn of(rule: &RuleId) -> Option<Self> {
        (rule.as_str() == KENT).then_some(Self::Kent1)
    }

    /// Judges a subject. Total; allocates nothing.
    pub fn rate(self, subject: &Subject<'_>) -> Rating {
        match self {
            Self::Kent1 => kent_1::judge(subject).map_or_else(Rating::NotRated, Rating::Rated),
        }
    }
}

/// True when this program can judge by the rule.
pub fn rule_is_known(rule: &RuleId) -> bool {
    Rule::of(rule).is_some()
}

/// Judges a subject by a rule. Total; allocates nothing.
///
/// An unknown rule gives [`NotRated::UnknownRule`], so that a log from a newer program can still be read.
pub fn rate(rule: &RuleId, subject: &Subject<'_>) -> Rating {
    Rule::of(rule).map_or(Rating::NotRated(NotRated::UnknownRule), |rule| rule.rate(subject))
}

/// A colour that a source printed, where the rule gives another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contradiction {
    /// What the rule gave.
    pub computed: Colour,
    /// What the source printed; never `computed`.
    pub stated: Colour,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (stated, computed) = (words::colour(self.stated), words::colour(self.computed));
        write!(f, "the source printed {stated}, but the rule gives {computed}")
    }
}

/// The contradiction between a computed rating and a printed colour.
///
/// `None` when they agree, when nothing was printed, and when there is no computed colour to contradict.
pub fn contradiction(rating: Rating, stated: Option<Colour>) -> Option<Contradiction> {
    let (computed, stated) = rating.colour().zip(stated)?;
    (computed != stated).then_some(Contradiction { computed, stated })
}
