//! One plain sentence that says why a figure has its rating.
//!
//! It says the unrounded value in as few digits, from the measure's decimal places upwards, as keep it on its own side
//! of the target and the minimum standard: 84.96 against 85.0 is never shown as 85.0.

use domain::RuleId;
use domain::measure::{Definition, MeasureKind, Polarity, grouped};
use domain::number::{Decimal, Exact, SCALE_MAX};
use domain::result::{Colour, Figure, ResultEntry};
use domain::target::{Minimum, Target, Terms};

use crate::kent_1;
use crate::rating::{NotRated, Rating, Subject};
use crate::words;

/// Why `subject` has this `rating`, in one sentence of about 25 words at most.
///
/// `rating` is what [`crate::rate`] gave for the same rule and subject. For any other the sentence is still one, and
/// says the rating without its reason where the subject does not hold it. It ends with a full stop.
pub fn explain(rule: &RuleId, subject: &Subject<'_>, rating: Rating) -> String {
    match rating {
        Rating::Rated(colour) => {
            rated(subject, colour).unwrap_or_else(|| format!("The rule {rule} rates it {}.", words::colour(colour)))
        }
        Rating::NotRated(reason) => not_rated(rule, subject, reason),
    }
}

/// A figure with the digits that it is shown with.
struct Shown<'a> {
    definition: &'a Definition,
    figure: Figure,
    value: Exact,
    /// `None` when 64 bits do not hold it.
    rounded: Option<Decimal>,
}

fn rated(subject: &Subject<'_>, colour: Colour) -> Option<String> {
    let terms = subject.terms?;
    let shown = Shown::of(subject.definition, subject.entry?, Some(terms))?;
    let why = match colour {
        Colour::Green => shown.against_target(terms.target),
        Colour::Amber => {
            format!("{} but {}", shown.against_target(terms.target), shown.against_minimum(terms.minimum)?)
        }
        Colour::Red => shown.against_minimum(terms.minimum)?,
    };
    Some(format!("{} {why}, so it is {}.", shown.text(), words::colour(colour)))
}

fn not_rated(rule: &RuleId, subject: &Subject<'_>, reason: NotRated) -> String {
    let definition = subject.definition;
    let terms = named(subject, reason);
    let shown = subject.entry.and_then(|entry| Shown::of(definition, entry, terms));
    let text = shown.as_ref().map(Shown::text);
    let what = text.as_deref().unwrap_or("It");
    match reason {
        NotRated::UnknownRule => {
            format!("{what} is not rated, because the rule {rule} is not known here.")
        }
        NotRated::ShownOnly => format!("{what} is shown for information only, so it is not rated."),
        NotRated::WithdrawnMeasure => {
            format!("{what} is not rated, because the measure is withdrawn.")
        }
        NotRated::ActivityMeasure => activity(definition, what, shown.map(|shown| shown.value)),
        NotRated::NoPolarity => {
            format!("{what} is not rated, because neither more nor less is better for this measure.")
        }
        NotRated::NoResult => "There is no result, so it is not rated.".to_owned(),
        NotRated::Missing(missing) => format!("The result is {}, so it is not rated.", missing_result(missing)),
        NotRated::Forecast => format!("{what} is a forecast, and a forecast is never rated."),
        NotRated::NoTarget => format!("{what} is not rated, because it has no target."),
        NotRated::UnfitTarget => unfit(definition, what, subject.terms),
        NotRated::NotDivisible => not_divisible(definition, subject.entry),
        NotRated::NoMinimumStandard => match shown.zip(terms) {
            Some((shown, terms)) => {
                let why = shown.against_target(terms.target);
                format!("{what} {why}, and the minimum standard is not known, so it is neither Amber nor Red.")
            }
            None => format!("{what} is not rated, because the minimum standard is not known."),
        },
    }
}

/// What the sentence for `reason` holds the figure against, if anything: only then do its digits matter to the figure's.
fn named(subject: &Subject<'_>, reason: NotRated) -> Option<Terms> {
    match (reason, subject.definition.kind) {
        (NotRated::NoMinimumStandard, _) => subject.terms,
        (NotRated::ActivityMeasure, MeasureKind::Activity { expected: Some((low, high)) }) => {
            Some(Terms { target: Target::Within { low, high }, minimum: Minimum::Unknown })
        }
        (_, MeasureKind::Activity { .. } | MeasureKind::Indicator) => None,
    }
}

fn missing_result(missing: domain::Missing) -> &'static str {
    match missing {
        domain::Missing::Low => "too small to show, though not 0",
        domain::Missing::Confidential
        | domain::Missing::NotApplicable
        | domain::Missing::Unavailable
        | domain::Missing::Unreliable
        | domain::Missing::NotSupplied
        | domain::Missing::KnownNotToExist => words::missing(missing),
    }
}

fn activity(definition: &Definition, what: &str, value: Option<Exact>) -> String {
    let MeasureKind::Activity { expected: Some((low, high)) } = definition.kind else {
        return format!("{what} is activity, shown for information and never rated.");
    };
    let expected = words::range(definition, low, high);
    match value.map(|value| place(value, low, high)) {
        None => format!("It is activity, expected to be {expected} and never rated."),
        Some("inside") => {
            format!("{what} is inside the expected range {expected}; activity is never rated.")
        }
        Some(outside) => {
            format!("{what} is {outside} the expected range {expected}, a signal of demand; activity is never rated.")
        }
    }
}

fn unfit(definition: &Definition, what: &str, terms: Option<Terms>) -> String {
    let better = match definition.polarity {
        Polarity::Higher => "more is better",
        Polarity::Lower => "less is better",
        Polarity::Range => "staying inside a range is better",
        Polarity::None => "neither more nor less is better",
    };
    match terms {
        Some(terms) => format!(
            "{what} is not rated, because the target of {} or its minimum standard does not suit a measure where {better}.",
            words::target(definition, terms.target)
        ),
        None => format!("{what} is not rated, because its target does not suit a measure where {better}."),
    }
}

fn not_divisible(definition: &Definition, entry: Option<&ResultEntry>) -> String {
    let counted = entry.and_then(|entry| {
        let problem = entry.figure.exact(definition.unit.multiplier).err()?;
        Some((counts(definition, entry.figure)?, problem))
    });
    match counted {
        Some((counts, problem)) => {
            format!("{counts} gives no value ({problem}), so it is not rated.")
        }
        None => "The numerator and denominator give no value, so it is not rated.".to_owned(),
    }
}

impl<'a> Shown<'a> {
    /// The least digits from the measure's decimal places upwards that keep the value on its own side of every number
    /// in `terms`; the measure's decimal places when no digits do. `None` when there is no value.
    fn of(definition: &'a Definition, entry: &ResultEntry, terms: Option<Terms>) -> Option<Self> {
        let value = entry.figure.exact(definition.unit.multiplier).ok()??;
        let marks = terms.map_or_else(Vec::new, landmarks);
        let faithful = |rounded: &Decimal| !marks.iter().any(|mark| blurred(*rounded, value, *mark));
        let rounded = (definition.decimal_places..=SCALE_MAX)
            .map_while(|places| value.round(places))
            .find(faithful)
            .or_else(|| value.round(definition.decimal_places));
        Some(Self { definition, figure: entry.figure, value, rounded })
    }

    /// `43.4% (759 of 1,747)`, to begin a sentence.
    fn text(&self) -> String {
        let number = match self.rounded {
            Some(rounded) => words::number(self.definition, rounded),
            None => "A value too large to show".to_owned(),
        };
        match counts(self.definition, self.figure) {
            Some(counts) => format!("{number} ({counts})"),
            None => number,
        }
    }

    /// `just ` when the digits that are shown do not tell the value from one of `marks`.
    fn just(&self, marks: &[Decimal]) -> &'static str {
        match self.rounded {
            Some(rounded) if marks.iter().any(|mark| blurred(rounded, self.value, *mark)) => "just ",
            Some(_) | None => "",
        }
    }

    /// `is better than the target of 95% or more`. A strict target is met, never “equal”.
    fn against_target(&self, target: Target) -> String {
        let words = words::target(self.definition, target);
        let (goal, strict) = match target {
            Target::Within { low, high } => {
                return self.within(low, high, &format!("target range {words}"));
            }
            Target::AtLeast(goal) | Target::AtMost(goal) => (goal, false),
            Target::MoreThan(goal) | Target::LessThan(goal) => (goal, true),
        };
        let just = self.just(&[goal]);
        match (target.reached(self.value), strict) {
            (true, false) if self.value == goal.exact() => {
                format!("is equal to the target of {words}")
            }
            (true, false) => format!("is {just}better than the target of {words}"),
            (true, true) => format!("{just}meets the target of {words}"),
            (false, _) => format!("{just}misses the target of {words}"),
        }
    }

    /// `is worse than the minimum standard of 60% or more`; `None` when it is unknown.
    fn against_minimum(&self, minimum: Minimum) -> Option<String> {
        let words = words::minimum(self.definition, minimum)?;
        let floor = match minimum {
            Minimum::Unknown => return None,
            Minimum::Within { low, high } => {
                return Some(self.within(low, high, &format!("minimum standard range {words}")));
            }
            Minimum::Value(floor) => floor,
        };
        let just = self.just(&[floor]);
        Some(if self.value == floor.exact() {
            format!("is equal to the minimum standard of {words}")
        } else if kent_1::meets(self.definition.polarity, minimum, self.value) == Some(true) {
            format!("{just}meets the minimum standard of {words}")
        } else {
            format!("is {just}worse than the minimum standard of {words}")
        })
    }

    /// `is inside the target range 17.5% to 22.5%`.
    fn within(&self, low: Decimal, high: Decimal, range: &str) -> String {
        format!("is {}{} the {range}", self.just(&[low, high]), place(self.value, low, high))
    }
}

/// True when the rounded number stands otherwise to the mark than the value does.
fn blurred(rounded: Decimal, value: Exact, mark: Decimal) -> bool {
    rounded.compare(mark) != value.compare(mark.exact())
}

/// Where a value lies; a range holds its ends.
fn place(value: Exact, low: Decimal, high: Decimal) -> &'static str {
    if value.compare(low.exact()).is_lt() {
        "below"
    } else if value.compare(high.exact()).is_gt() {
        "above"
    } else {
        "inside"
    }
}

/// The numbers that the value is held against.
fn landmarks(terms: Terms) -> Vec<Decimal> {
    let mut marks = match terms.target {
        Target::AtLeast(goal) | Target::MoreThan(goal) | Target::AtMost(goal) | Target::LessThan(goal) => vec![goal],
        Target::Within { low, high } => vec![low, high],
    };
    match terms.minimum {
        Minimum::Unknown => {}
        Minimum::Value(floor) => marks.push(floor),
        Minimum::Within { low, high } => marks.extend([low, high]),
    }
    marks
}

/// `759 of 1,747`; for an average, whose parts are not parts of one whole, `770 divided by 50`.
fn counts(definition: &Definition, figure: Figure) -> Option<String> {
    let Figure::Counted { numerator, denominator, .. } = figure else {
        return None;
    };
    let joined = if definition.unit.multiplier == 1 { "divided by" } else { "of" };
    Some(format!("{} {joined} {}", grouped(numerator), grouped(denominator)))
}
