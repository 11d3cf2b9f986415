//! The rating, the rule that gives it, and by what causes it became another.

use domain::measure::Definition;
use ratings::{NotRated, Rating};

use super::undone::recorded;
use super::{Found, Pair, capital, difference};
use crate::answer::{CauseKind, Difference, DifferenceKind, NamedCause, Row};
use crate::causes::{Given, Judged, OF_RATINGS, named};

pub(super) fn rule(pair: &Pair<'_, '_>) -> Option<Difference> {
    let Pair { was, is, .. } = pair;
    let (before, after) = (was.rule.to_string(), is.rule.to_string());
    if before == after {
        return None;
    }
    let made_by = pair.adopted(false);
    let by = made_by.as_ref().map_or_else(String::new, recorded);
    let sentence = format!("{} is now rated by the rule {after} instead of {before}.{by}", is.definition.title);
    let made_by = made_by.as_ref();
    Some(difference(is, DifferenceKind::Rule, Found { before, after, made_by, ..Found::default() }, sentence))
}

pub(super) fn rating(pair: &Pair<'_, '_>) -> Option<Difference> {
    let Pair { was, is, .. } = pair;
    if was.rating == is.rating {
        return None;
    }
    let (before, after) = (rating_words(was.rating), rating_words(is.rating));
    let (causes, others) = pair.judged(false).map(|judged| causes(&judged, was, is)).unwrap_or_default();
    let mut because = because(&is.definition, &causes, &before, "");
    for other in &others {
        because.push('.');
        because.push_str(&alone(&is.definition, other, &before, ""));
    }
    let title = &is.definition.title;
    let sentence = match pair.apart() {
        Some(apart) => format!("{title} is {after} {}, and {before} {}{because}.", apart.is, apart.was),
        None => format!("{title} went from {before} to {after}{because}."),
    };
    Some(difference(is, DifferenceKind::Rating, Found { before, after, causes, ..Found::default() }, sentence))
}

fn rating_words(rating: Rating) -> String {
    match rating {
        Rating::Rated(_) => rating.word().to_owned(),
        Rating::NotRated(reason) => format!("not rated ({})", reason.reason()),
    }
}

/// The causes; and what moved too, but is none: it alone gives no other rating, or is overridden by those that are.
fn causes(judged: &Judged<'_>, was: &Row, is: &Row) -> (Vec<NamedCause>, Vec<NamedCause>) {
    let rating = |given| judged.rating(given);
    let name = |kind: CauseKind| NamedCause {
        kind,
        words: cause_words(kind, was, is, ""),
        alone: rating_words(rating(Given::only(kind))),
        without: rating_words(rating(Given::without(kind))),
        moved: judged.moved(kind),
    };
    let named = named(&OF_RATINGS, rating);
    let before = rating(Given::NONE);
    let moved = |kind: &CauseKind| judged.moved(*kind).is_some() || rating(Given::only(*kind)) != before;
    let others = OF_RATINGS.into_iter().filter(|kind| !named.contains(kind)).filter(moved).map(name).collect();
    (named.into_iter().map(name).collect(), others)
}

/// To follow “because”. `comparator` is the name of whose figure it is, of a verdict.
pub(super) fn cause_words(kind: CauseKind, was: &Row, is: &Row, comparator: &str) -> String {
    let is_now = |reason| is.rating == Rating::NotRated(reason);
    let words = match kind {
        CauseKind::Data if was.cell.period != is.cell.period => "it is for another period",
        CauseKind::Data if was.cell.series.area != is.cell.series.area => "it is for another area",
        CauseKind::Data => "the result changed",
        CauseKind::Target if was.cell != is.cell => "the target is another",
        CauseKind::Target => "the target changed",
        CauseKind::Minimum if was.cell != is.cell => "the minimum standard is another",
        CauseKind::Minimum => "the minimum standard changed",
        CauseKind::Rule => "the rule changed",
        CauseKind::Definition => "the definition changed",
        CauseKind::Cohort => "it is for another cohort",
        CauseKind::Layout if is_now(NotRated::ShownOnly) => "it is now shown for information only",
        CauseKind::Layout if was.rating == Rating::NotRated(NotRated::ShownOnly) => {
            "it is no longer shown for information only"
        }
        CauseKind::Layout => "another owner's target rates it",
        CauseKind::Withdrawal if is_now(NotRated::WithdrawnMeasure) => "the measure was withdrawn",
        CauseKind::Withdrawal => "the measure is no longer withdrawn",
        CauseKind::Comparator => return format!("the figure of {comparator} changed"),
        CauseKind::Neighbours => "the list of neighbours, or how they are averaged, changed",
    };
    words.to_owned()
}

/// “ because the target changed, 5 percentage points better against it”; of several, what each alone would have done.
///
/// `before` is what the first side says; `whom` ends a verdict.
pub(super) fn because(definition: &Definition, causes: &[NamedCause], before: &str, whom: &str) -> String {
    match causes {
        [] => String::new(),
        [one] => format!(" because {}{}", one.words, moved(definition, one)),
        several => {
            let words = several.iter().map(|cause| cause.words.as_str()).collect::<Vec<_>>();
            let alone =
                several.iter().map(|cause| alone(definition, cause, before, whom)).collect::<Vec<_>>().join(".");
            format!(" because {}.{alone}", words.join(", and "))
        }
    }
}

/// “ The result alone: still Amber, 2 percentage points better against the target”.
fn alone(definition: &Definition, cause: &NamedCause, before: &str, whom: &str) -> String {
    let still = if cause.alone == before { "still " } else { "" };
    let moved = moved(definition, cause);
    format!(" {} alone: {still}{}{whom}{moved}", capital(noun(cause.kind)), cause.alone)
}

const fn noun(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::Data => "the result",
        CauseKind::Target => "the target",
        CauseKind::Minimum => "the minimum standard",
        CauseKind::Rule => "the rule",
        CauseKind::Definition => "the definition",
        CauseKind::Cohort => "the cohort",
        CauseKind::Layout => "the layout",
        CauseKind::Withdrawal => "the withdrawal",
        CauseKind::Comparator => "the comparator's figure",
        CauseKind::Neighbours => "the neighbours",
    }
}

/// “, 5 percentage points better against the target”; empty when nothing moved.
fn moved(definition: &Definition, cause: &NamedCause) -> String {
    let Some(moved) = cause.moved else { return String::new() };
    let which = if moved.by.coefficient() > 0 { "better" } else { "worse" };
    let number = moved.by.to_string();
    let size = number.trim_start_matches('-');
    let amount = match (definition.unit.label.as_str(), size) {
        ("%", "1") => "1 percentage point".to_owned(),
        ("%", size) => format!("{size} percentage points"),
        (_, size) => definition.unit.show(size),
    };
    let about = if moved.rounded { "about " } else { "" };
    let against = if cause.kind == CauseKind::Minimum { "the minimum standard" } else { "the target" };
    format!(", {about}{amount} {which} against {against}")
}
