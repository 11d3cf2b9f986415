//! The differences between two answers for one row, in plain sentences.

use domain::period::day_words;
use domain::result::{Cause, StatedPeriod};
use domain::{Status, Terms};
use ratings::{Rating, Subject};

use crate::answer::{BenchmarkAnswer, Difference, DifferenceKind, Provenance, Row, TargetAnswer};

/// Nothing when both are equal.
pub(crate) fn between(before: &Row, after: &Row) -> Vec<Difference> {
    let all = [
        definition(before, after),
        result(before, after),
        target(before, after),
        rule(before, after),
        rating(before, after),
        direction(before, after),
    ];
    all.into_iter().flatten().chain(benchmarks(before, after)).collect()
}

fn difference(
    row: &Row,
    kind: DifferenceKind,
    (before, after): (String, String),
    sentence: String,
    provenance: Option<&Provenance>,
) -> Difference {
    Difference {
        measure: row.cell.series.measure.clone(),
        title: row.definition.title.clone(),
        kind,
        before,
        after,
        sentence,
        provenance: provenance.cloned(),
    }
}

fn definition(before: &Row, after: &Row) -> Option<Difference> {
    if before.definition == after.definition {
        return None;
    }
    let (was, is) = (&before.definition, &after.definition);
    let sentence = if was.title == is.title {
        format!("The definition of {} was revised.", is.title)
    } else {
        format!("{} is now called {}.", was.title, is.title)
    };
    let titles = (was.title.clone(), is.title.clone());
    Some(difference(after, DifferenceKind::Definition, titles, sentence, None))
}

fn result(before: &Row, after: &Row) -> Option<Difference> {
    let title = &after.definition.title;
    let shown = |row: &Row| row.result.as_ref().map(|result| result.display.clone());
    let (was, is) = (shown(before), shown(after));
    let same_record =
        before.result.as_ref().map(|r| r.provenance.position) == after.result.as_ref().map(|r| r.provenance.position);
    let entry = |row: &Row| row.result.as_ref().map(|result| result.entry.clone());
    if (same_record || entry(before) == entry(after)) && before.cell.period == after.cell.period {
        return None;
    }
    let period = after.cell.period;
    let provenance = after.result.as_ref().map(|result| &result.provenance);
    let why = provenance.map_or_else(String::new, why);
    let sentence = match (&was, &is) {
        (Some(was), Some(is)) if before.cell.period != period => {
            let earlier = before.cell.period;
            format!("{title} now shows {is} for {period}, instead of {was} for {earlier}.{why}")
        }
        (Some(was), Some(is)) if was == is => {
            let status = status_words(after);
            format!("The result of {title} for {period} was recorded again as {is}, {status}.{why}")
        }
        (Some(was), Some(is)) => format!("The result of {title} for {period} changed from {was} to {is}.{why}"),
        (None, Some(is)) => format!("{title} now has a result for {period}: {is}.{why}"),
        (Some(was), None) => format!("The result of {title} for {period}, {was}, no longer stands."),
        (None, None) => return None,
    };
    let pair = (was.unwrap_or_default(), is.unwrap_or_default());
    Some(difference(after, DifferenceKind::Result, pair, sentence, provenance))
}

fn status_words(row: &Row) -> &'static str {
    match row.result.as_ref().map(|result| result.entry.status) {
        Some(Status::Provisional) => "now provisional",
        Some(Status::Revised) => "now revised",
        Some(Status::Final) => "now final",
        Some(Status::Estimated) => "now an estimate",
        Some(Status::CarriedForward) => "now carried forward",
        Some(Status::Forecast) => "now a forecast",
        Some(Status::NotStated) | None => "its figure unchanged",
    }
}

fn target(before: &Row, after: &Row) -> Option<Difference> {
    let title = &after.definition.title;
    // The same target set again, by the same decision, changes nothing.
    let set = |row: &Row| row.target.as_ref().map(|it| (it.key.clone(), it.span, it.terms, it.decision.clone()));
    if set(before) == set(after) {
        return None;
    }
    let (was, is) = (before.target.as_ref(), after.target.as_ref());
    let sentence = match (was, is) {
        (Some(was), Some(is)) => {
            let (was, now) = (terms_words(was), terms_words(is));
            format!("The target for {title} changed from {was} to {now}.{}", decided(is))
        }
        (None, Some(is)) => format!("{title} now has a target: {}.{}", terms_words(is), decided(is)),
        (Some(was), None) => format!("The target for {title}, {}, no longer stands.", terms_words(was)),
        (None, None) => return None,
    };
    let words = |target: Option<&TargetAnswer>| target.map_or_else(String::new, terms_words);
    let provenance = is.map(|target| &target.provenance);
    Some(difference(after, DifferenceKind::Target, (words(was), words(is)), sentence, provenance))
}

fn terms_words(target: &TargetAnswer) -> String {
    match &target.minimum_display {
        Some(minimum) => format!("{} (minimum standard {minimum})", target.display),
        None => format!("{} (no minimum standard)", target.display),
    }
}

/// “ Decision: minute 12. Reason: … It was set after the result that it judges was known.”
fn decided(target: &TargetAnswer) -> String {
    let decision = target.decision.trim_end_matches('.');
    let late = match (target.set_after_result, target.provenance.backdated()) {
        (false, _) => String::new(),
        (true, None) => " It was set after the result that it judges was known.".to_owned(),
        (true, Some(backdated)) => format!(" It was {backdated}, and the result that it judges was known in between."),
    };
    format!(" Decision: {decision}.{}{late}", why(&target.provenance))
}

/// “ Scheduled revision, known on 19 November 2024. Reason: final figures …”
fn why(provenance: &Provenance) -> String {
    let known = format!("known on {}", day_words(provenance.known_at.utc_date()));
    let known = match provenance.cause {
        None => format!(" K{}.", known.trim_start_matches('k')),
        Some(Cause::ScheduledRevision) => format!(" Scheduled revision, {known}."),
        Some(Cause::MethodChange) => format!(" Change of method, {known}."),
        Some(Cause::CorrectionOfError) => format!(" Correction of an error, {known}."),
    };
    match provenance.reason.trim_end_matches('.') {
        "" => known,
        reason => format!("{known} Reason: {reason}."),
    }
}

fn rule(before: &Row, after: &Row) -> Option<Difference> {
    if before.rule == after.rule {
        return None;
    }
    let (was, is) = (before.rule.to_string(), after.rule.to_string());
    let sentence = format!("{} is now rated by the rule {is} instead of {was}.", after.definition.title);
    Some(difference(after, DifferenceKind::Rule, (was, is), sentence, None))
}

fn rating(before: &Row, after: &Row) -> Option<Difference> {
    if before.rating == after.rating {
        return None;
    }
    let (was, is) = (rating_words(before.rating), rating_words(after.rating));
    let title = &after.definition.title;
    let sentence = format!("{title} went from {was} to {is}{}.", rating_cause(before, after));
    Some(difference(after, DifferenceKind::Rating, (was, is), sentence, None))
}

fn rating_words(rating: Rating) -> String {
    match rating {
        Rating::Rated(_) => rating.word().to_owned(),
        Rating::NotRated(reason) => format!("not rated ({})", reason.reason()),
    }
}

/// Which change alone gives the new rating; all of them together when none does.
fn rating_cause(before: &Row, after: &Row) -> String {
    let withdrawn = |row: &Row| row.rating == Rating::NotRated(ratings::NotRated::WithdrawnMeasure);
    match (withdrawn(before), withdrawn(after)) {
        (false, true) => return " because the measure was withdrawn".to_owned(),
        (true, false) => return " because the measure is no longer withdrawn".to_owned(),
        (true, true) | (false, false) => {}
    }
    let parts = |row: &Row| (row.result.as_ref().map(|r| r.entry.clone()), terms(row));
    let (was, is) = (parts(before), parts(after));
    let with = |entry: &Option<domain::result::ResultEntry>, terms: Option<Terms>, row: &Row| {
        let shown_only = row.rating == Rating::NotRated(ratings::NotRated::ShownOnly);
        let withdrawn = withdrawn(row);
        let subject = Subject { definition: &row.definition, entry: entry.as_ref(), terms, withdrawn, shown_only };
        ratings::rate(&row.rule, &subject)
    };
    let mut alone = Vec::new();
    if with(&is.0, was.1, before) == after.rating {
        alone.push("the result changed");
    }
    if with(&was.0, is.1, before) == after.rating {
        alone.push("the target changed");
    }
    if with(&was.0, was.1, after) == after.rating {
        alone.push("the definition, the rule or the layout changed");
    }
    match alone.as_slice() {
        [] => " because several things changed together".to_owned(),
        [one] => format!(" because {one}"),
        several => format!(" because {}; each alone would do it", several.join(", and ")),
    }
}

fn terms(row: &Row) -> Option<Terms> {
    row.target.as_ref().map(|target| target.terms)
}

fn direction(before: &Row, after: &Row) -> Option<Difference> {
    let (was, is) = (before.direction.direction, after.direction.direction);
    if was == is && before.direction.method == after.direction.method {
        return None;
    }
    let title = &after.definition.title;
    let sentence = if before.direction.method == after.direction.method {
        format!("The direction of travel of {title} was “{}” and is now “{}”.", was.words(), is.words())
    } else {
        format!("The direction of travel of {title} is now computed by {}.", after.direction.method)
    };
    let pair = (was.words().to_owned(), is.words().to_owned());
    Some(difference(after, DifferenceKind::Direction, pair, sentence, None))
}

fn benchmarks(before: &Row, after: &Row) -> Vec<Difference> {
    let title = &after.definition.title;
    let shown = |benchmark: &BenchmarkAnswer| benchmark.display.clone();
    let changed = after.benchmarks.iter().filter_map(|is| {
        let was = same_benchmark(before, is);
        let was_shown = was.map_or_else(String::new, shown);
        let list = was.and_then(|was| other_list(was, is));
        let recorded = list.as_ref().map(|(_, recorded)| recorded);
        if was_shown == is.display && list.is_none() && was.is_some_and(|was| was.period == is.period) {
            return None;
        }
        let for_period = period_words(&is.period);
        let sentence = if was_shown.is_empty() {
            format!("{title} now has a benchmark: {} {}{for_period}.", is.name, is.display)
        } else if let Some((by, _)) = &list {
            format!(
                "The benchmark of {title}, {}, changed from {was_shown} to {}{for_period}; it is now {by}.",
                is.name, is.display
            )
        } else if was_shown == is.display {
            format!("The benchmark of {title}, {} {}, is now said to be{for_period}.", is.name, is.display)
        } else {
            format!("The benchmark of {title}, {}, changed from {was_shown} to {}{for_period}.", is.name, is.display)
        };
        Some(difference(after, DifferenceKind::Benchmark, (was_shown, is.display.clone()), sentence, recorded))
    });
    let gone = before.benchmarks.iter().filter(|was| same_benchmark(after, was).is_none()).map(|was| {
        let sentence = format!("{title} no longer has the benchmark {}.", was.name);
        difference(after, DifferenceKind::Benchmark, (was.display.clone(), String::new()), sentence, None)
    });
    changed.chain(gone).collect()
}

/// The benchmark of the same comparator; of two, one averaged and one stated, that which came about in the same way.
fn same_benchmark<'a>(row: &'a Row, wanted: &BenchmarkAnswer) -> Option<&'a BenchmarkAnswer> {
    let of_comparator = || row.benchmarks.iter().filter(|it| it.comparator == wanted.comparator);
    let averaged = |it: &BenchmarkAnswer| it.neighbours.is_some();
    of_comparator().find(|it| averaged(it) == averaged(wanted)).or_else(|| of_comparator().next())
}

/// By which list the neighbours are averaged now, and where it is recorded; `None` when it is the same as it was.
fn other_list(was: &BenchmarkAnswer, is: &BenchmarkAnswer) -> Option<(String, Provenance)> {
    let (was, is) = (was.neighbours.as_ref()?, is.neighbours.as_ref()?);
    (was.provenance.position != is.provenance.position).then(|| (is.words(), is.provenance.clone()))
}

fn period_words(period: &StatedPeriod) -> String {
    match period {
        StatedPeriod::Period(period) => format!(" for {period}"),
        StatedPeriod::Words(words) => format!(" for “{words}”"),
        StatedPeriod::NotStated => " for a period that is not stated".to_owned(),
    }
}
