//! The figure, how settled it is, and its direction of travel.

use domain::{Figure, Status};

use super::elsewhere::Apart;
use super::undone::recorded;
use super::{Found, Pair, difference, why};
use crate::answer::{Difference, DifferenceKind, ResultAnswer, Row, Undone};

pub(super) fn result(pair: &Pair<'_, '_>) -> Option<Difference> {
    let Pair { was, is, .. } = pair;
    let title = &is.definition.title;
    let (earlier, period) = (was.cell.period, is.cell.period);
    // How settled it is, is told apart.
    let entry = |row: &Row| {
        let entry = row.result.as_ref()?.entry.clone();
        Some((entry.figure, entry.stated_colour, entry.stated_previous, entry.source_text))
    };
    if entry(was) == entry(is) && earlier == period {
        return None;
    }
    let made_by = is.result.as_ref().map(|result| &result.provenance);
    let why = made_by.map_or_else(String::new, why);
    let withdrawn = if is.result.is_none() { pair.result_withdrawn() } else { None };
    let apart = pair.apart();
    let undone = pair.undone(was.result.as_ref().map(|it| &it.provenance), made_by);
    let undone = undone.filter(|_| apart.is_none() && withdrawn.is_none());
    let end = undone.as_ref().map_or_else(|| format!(".{why}"), Undone::words);
    let made_by = made_by.or(withdrawn.as_ref());
    let (before, after) = shown(was.result.as_ref(), is.result.as_ref());
    let sentence = match (&was.result, &is.result, apart) {
        // Nothing stood, for either period.
        (None, None, _) => return None,
        (earlier, later, Some(Apart { was: for_was, is: for_is, it })) => {
            let none = if it == "it was" { "it showed no result" } else { "it shows no result" };
            let before = earlier.as_ref().map_or_else(|| none.to_owned(), |_| format!("{it} {before}"));
            let after = later.as_ref().map_or("no result", |_| after.as_str());
            format!("{title} shows {after} {for_is}; {for_was} {before}.{why}")
        }
        (Some(_), Some(_), None) if before == after => {
            format!("The result of {title} for {period} was recorded again as {after}, with other notes{end}")
        }
        (Some(_), Some(_), None) => {
            format!("The result of {title} for {period} changed from {before} to {after}{end}")
        }
        (None, Some(_), None) => format!("{title} now has a result for {period}: {after}{end}"),
        (Some(_), None, None) => {
            let withdrawn = withdrawn.as_ref().map(|it| format!(": it was withdrawn.{}", recorded(it)));
            let end = withdrawn.unwrap_or(end);
            format!("The result of {title} for {period}, {before}, no longer stands{end}")
        }
    };
    let with_period = |shown: String, row: &Row| {
        if earlier == period || shown.is_empty() { shown } else { format!("{shown} for {}", row.cell.period) }
    };
    let (before, after) = (with_period(before, was), with_period(after, is));
    Some(difference(is, DifferenceKind::Result, Found { before, after, made_by, undone, ..Found::default() }, sentence))
}

/// As they are shown, with as much as tells them apart.
fn shown(was: Option<&ResultAnswer>, is: Option<&ResultAnswer>) -> (String, String) {
    let display = |result: Option<&ResultAnswer>| result.map_or_else(String::new, |it| it.display.clone());
    match was.zip(is) {
        Some((was, is)) if was.display == is.display && was.entry.figure != is.entry.figure => {
            let with = |it: &ResultAnswer| format!("{} ({})", it.display, written(it.entry.figure));
            (with(was), with(is))
        }
        _ => (display(was), display(is)),
    }
}

/// As it was recorded.
fn written(figure: Figure) -> String {
    match figure {
        Figure::Stated { value, denominator: None } => value.to_string(),
        Figure::Stated { value, denominator: Some(whole) } => format!("{value} of {whole}"),
        Figure::Counted { numerator, denominator, stated: None } => format!("{numerator} of {denominator}"),
        Figure::Counted { numerator, denominator, stated: Some(printed) } => {
            format!("{numerator} of {denominator}, printed as {printed}")
        }
        Figure::Missing(missing) => missing.words().to_owned(),
    }
}

pub(super) fn status(pair: &Pair<'_, '_>) -> Option<Difference> {
    let Pair { was, is, .. } = pair;
    let (earlier, later) = (was.result.as_ref()?, is.result.as_ref()?);
    let (before, after) = (status_words(earlier.entry.status), status_words(later.entry.status));
    if before == after {
        return None;
    }
    let (title, period) = (&is.definition.title, is.cell.period);
    // Where the figure is another, that says why.
    let same = earlier.entry.figure == later.entry.figure && was.cell.period == period;
    let why = if same { why(&later.provenance) } else { String::new() };
    let sentence = match pair.apart() {
        Some(Apart { was, is, it }) => format!("The result of {title} {is} is {after}; {was} {it} {before}."),
        None => format!("The result of {title} for {period}, {}, is now {after}; it was {before}.{why}", later.display),
    };
    let (before, after, made_by) = (before.to_owned(), after.to_owned(), Some(&later.provenance));
    Some(difference(is, DifferenceKind::Status, Found { before, after, made_by, ..Found::default() }, sentence))
}

const fn status_words(status: Status) -> &'static str {
    match status {
        Status::Provisional => "provisional",
        Status::Revised => "revised",
        Status::Final => "final",
        Status::Estimated => "an estimate",
        Status::CarriedForward => "carried forward",
        Status::Forecast => "a forecast",
        Status::NotStated => "without a status",
    }
}

pub(super) fn method(pair: &Pair<'_, '_>) -> Option<Difference> {
    let Pair { was, is, .. } = pair;
    let (before, after) = (was.direction.method.to_string(), is.direction.method.to_string());
    if before == after {
        return None;
    }
    let title = &is.definition.title;
    let made_by = pair.adopted(true);
    let by = made_by.as_ref().map_or_else(String::new, recorded);
    let sentence = format!("The direction of travel of {title} is now computed by {after} instead of {before}.{by}");
    let made_by = made_by.as_ref();
    Some(difference(is, DifferenceKind::Method, Found { before, after, made_by, ..Found::default() }, sentence))
}

pub(super) fn direction(pair: &Pair<'_, '_>) -> Option<Difference> {
    let Pair { was, is, .. } = pair;
    let (before, after) = (was.direction.direction.words(), is.direction.direction.words());
    if was.direction.direction == is.direction.direction {
        return None;
    }
    let title = &is.definition.title;
    let sentence = match pair.apart() {
        Some(Apart { was, is, it }) => {
            format!("The direction of travel of {title} {is} is “{after}”; {was} {it} “{before}”.")
        }
        None => format!("The direction of travel of {title} was “{before}” and is now “{after}”."),
    };
    let (before, after) = (before.to_owned(), after.to_owned());
    Some(difference(is, DifferenceKind::Direction, Found { before, after, ..Found::default() }, sentence))
}
