//! The target and the minimum standard: what they were, what they are, by which decision, and whether that came too late.

use std::cmp::Ordering;

use domain::measure::{Definition, Polarity};
use domain::period::day_words;
use domain::{Decimal, Minimum, Target};

use super::elsewhere::Apart;
use super::undone::recorded;
use super::{Found, Pair, difference, known, reason};
use crate::answer::{Difference, DifferenceKind, Row, TargetAnswer, Undone, owner_words};

pub(super) fn target(pair: &Pair<'_, '_>) -> Option<Difference> {
    let Pair { was, is, .. } = pair;
    let title = &is.definition.title;
    // The same target set again, by the same decision, changes nothing; that a row is for another cohort is told apart.
    let set = |it: &TargetAnswer| (it.key.area.clone(), it.key.owner, it.span, it.terms.target, it.decision.clone());
    if was.target.as_ref().map(set) == is.target.as_ref().map(set) {
        return None;
    }
    let apart = match (&was.target, &is.target) {
        (Some(before), Some(after)) => pair.targets_apart(before, after),
        _ => pair.apart(),
    };
    let made_by = is.target.as_ref().map(|target| &target.provenance);
    let undone = pair.undone(was.target.as_ref().map(|it| &it.provenance), made_by);
    let withdrawn = was.target.as_ref().filter(|_| is.target.is_none()).and_then(|it| pair.target_withdrawn(it));
    let undone = undone.filter(|_| apart.is_none() && withdrawn.is_none());
    let made_by = made_by.or(withdrawn.as_ref().map(|(_, made_by)| made_by));
    let by = |after: &TargetAnswer| undone.as_ref().map_or_else(|| decided(after, is), Undone::words);
    let (before, after, sentence) = match (&was.target, &is.target, apart) {
        (Some(before), Some(after), Some(apart)) => {
            let sentence = each_its_own(title, (before, was), (after, is), &apart);
            (with_decision(before), with_decision(after), sentence)
        }
        (Some(before), Some(after), None) if before.terms.target == after.terms.target => {
            let whose = whose(before, after);
            let sentence = format!("The target for {title} is still {}{whose}{}", after.display, by(after));
            (with_decision(before), with_decision(after), sentence)
        }
        (Some(before), Some(after), None) => {
            let changed = changed(&is.definition, before.terms.target, after.terms.target);
            let sentence = format!("The target for {title} was {changed}{}", by(after));
            (before.display.clone(), after.display.clone(), sentence)
        }
        (None, Some(after), Some(Apart { was, is: now, it })) => {
            let words = by_decision(after, is);
            let sentence = format!("{title} has a target {now}: {words}; {was} {it} without one.");
            (String::new(), terms_words(after), sentence)
        }
        (Some(before), None, Some(Apart { was: then, is, it })) => {
            let sentence = format!("{title} has no target {is}; {then} {it} {}.", by_decision(before, was));
            (terms_words(before), String::new(), sentence)
        }
        (None, Some(after), None) => {
            let sentence = format!("{title} now has a target: {}{}", terms_words(after), by(after));
            (String::new(), terms_words(after), sentence)
        }
        (Some(before), None, None) => {
            let words = terms_words(before);
            let withdrawn = withdrawn.as_ref().map(|(decision, made_by)| {
                format!(": it was withdrawn, {}.{}", decision.trim_end_matches('.'), recorded(made_by))
            });
            let end = withdrawn.or_else(|| undone.as_ref().map(Undone::words)).unwrap_or_else(|| ".".to_owned());
            let sentence = format!("The target for {title}, {words}, no longer stands{end}");
            (words, String::new(), sentence)
        }
        (None, None, _) => return None,
    };
    Some(difference(is, DifferenceKind::Target, Found { before, after, made_by, undone, ..Found::default() }, sentence))
}

pub(super) fn minimum(pair: &Pair<'_, '_>) -> Option<Difference> {
    let Pair { was, is, .. } = pair;
    let (before, after) = (was.target.as_ref()?, is.target.as_ref()?);
    if same_minimum(before.terms.minimum, after.terms.minimum) {
        return None;
    }
    let title = &is.definition.title;
    // One record sets both, so that what is said of the target is not said twice.
    let with_target = before.terms.target != after.terms.target;
    let decided = if with_target { " with it.".to_owned() } else { decided(after, is) };
    let words = |it: &TargetAnswer| it.minimum_display.clone().unwrap_or_else(|| "unknown".to_owned());
    let numbers = (number_of(before.terms.minimum), number_of(after.terms.minimum));
    let sentence = match (pair.targets_apart(before, after), numbers) {
        (Some(Apart { was, is, it }), _) => {
            let (before, after) = (words(before), words(after));
            format!("The minimum standard for {title} {is} is {after}; {was} {it} {before}.")
        }
        (None, (Some(was), Some(now))) => {
            let changed = changed_number(&is.definition, was, now);
            format!("The minimum standard for {title} was {changed}{decided}")
        }
        _ if after.minimum_display.is_none() => {
            format!("The minimum standard for {title}, {}, was taken away{decided}", words(before))
        }
        _ => format!("The minimum standard for {title} was set to {}, from {}{decided}", words(after), words(before)),
    };
    let (before, after, made_by) = (words(before), words(after), Some(&after.provenance));
    Some(difference(is, DifferenceKind::Minimum, Found { before, after, made_by, ..Found::default() }, sentence))
}

/// Whether it is the same number, however many zeros it is written with.
fn same_minimum(was: Minimum, is: Minimum) -> bool {
    was == is || number_of(was).zip(number_of(is)).is_some_and(|(was, is)| was.compare(is).is_eq())
}

const fn number_of(minimum: Minimum) -> Option<Decimal> {
    match minimum {
        Minimum::Value(value) => Some(value),
        Minimum::Unknown | Minimum::Within { .. } => None,
    }
}

/// “lowered from 82% to 80%”. Where less is better it says what that means: “lowered from 22% to 20% (tightened)”.
fn changed(definition: &Definition, was: Target, is: Target) -> String {
    match (was, is) {
        (Target::AtLeast(was), Target::AtLeast(now))
        | (Target::MoreThan(was), Target::MoreThan(now))
        | (Target::AtMost(was), Target::AtMost(now))
        | (Target::LessThan(was), Target::LessThan(now)) => changed_number(definition, was, now),
        _ => {
            let words = |target| ratings::words::target(definition, target);
            format!("changed from {} to {}{}", words(was), words(is), range_words(was, is))
        }
    }
}

fn changed_number(definition: &Definition, was: Decimal, now: Decimal) -> String {
    let order = now.compare(was);
    let verb = match order {
        Ordering::Less => "lowered",
        Ordering::Greater => "raised",
        Ordering::Equal => "written otherwise,",
    };
    let easier = match (definition.polarity, order) {
        (Polarity::Lower, Ordering::Less) => " (tightened)",
        (Polarity::Lower, Ordering::Greater) => " (eased)",
        _ => "",
    };
    let words = |number| ratings::words::number(definition, number);
    format!("{verb} from {} to {}{easier}", words(was), words(now))
}

fn range_words(was: Target, is: Target) -> &'static str {
    let (Target::Within { low, high }, Target::Within { low: now_low, high: now_high }) = (was, is) else { return "" };
    match (now_low.compare(low), now_high.compare(high)) {
        (Ordering::Less | Ordering::Equal, Ordering::Greater | Ordering::Equal) => " (eased)",
        (Ordering::Greater | Ordering::Equal, Ordering::Less | Ordering::Equal) => " (tightened)",
        _ => "",
    }
}

/// Of a target with the same terms: what else is other.
fn whose(was: &TargetAnswer, is: &TargetAnswer) -> String {
    if was.decision == is.decision { format!(", now {}", is.span) } else { ", now by another decision".to_owned() }
}

/// “The target for One for financial year 2019/20 is 90% or more (minute 2); for financial year 2018/19 it was 70% or more
/// (minute 1).”
fn each_its_own(title: &str, was: (&TargetAnswer, &Row), is: (&TargetAnswer, &Row), apart: &Apart) -> String {
    let words = |(target, row)| by_decision(target, row);
    let Apart { was: for_was, is: for_is, it } = apart;
    format!("The target for {title} {for_is} is {}; {for_was} {it} {}.", words(is), words(was))
}

/// “90% or more (minute 2, after the January 2019 result was known)”.
fn by_decision(target: &TargetAnswer, row: &Row) -> String {
    format!("{} ({}{})", target.display, target.decision.trim_end_matches('.'), late(target, row))
}

fn late(target: &TargetAnswer, row: &Row) -> String {
    if target.set_after_result { format!(", after the {} result was known", row.cell.period) } else { String::new() }
}

fn with_decision(target: &TargetAnswer) -> String {
    let whose = owner_words(target.key.owner);
    format!("{} ({whose} for {}, {}, {})", target.display, target.key.area, target.span, target.decision)
}

fn terms_words(target: &TargetAnswer) -> String {
    match &target.minimum_display {
        Some(minimum) => format!("{} (minimum standard {minimum})", target.display),
        None => format!("{} (no minimum standard)", target.display),
    }
}

/// “, decided 12 March 2019, minute 7, after the January 2019 result was known. Reason: …”
fn decided(target: &TargetAnswer, row: &Row) -> String {
    let made_by = &target.provenance;
    let decided = if made_by.known_at < made_by.recorded_at {
        known(made_by)
    } else {
        format!("decided {}", day_words(made_by.known_on))
    };
    let late = late(target, row);
    let decision = target.decision.trim_end_matches('.');
    format!(", {decided}, {decision}{late}.{}", reason(made_by))
}
