//! The comparators' figures, and how the row's own stands against them.

use domain::event::Comparator;
use domain::result::StatedPeriod;
use ratings::Verdict;

use super::rating::{because, cause_words};
use super::{Found, Pair, difference};
use crate::answer::{BenchmarkAnswer, Difference, DifferenceKind, NamedCause, Provenance, Row};
use crate::causes::{Given, HeldKey, OF_VERDICTS, named};
use crate::comparison::pairs::paired;

pub(super) fn benchmarks(pair: &Pair<'_, '_>) -> Vec<Difference> {
    let Pair { was, is, .. } = pair;
    let own = |row: &Row, it: &BenchmarkAnswer| it.period == StatedPeriod::Period(row.cell.period);
    let keyed = |row: &Row| -> Vec<(Comparator, bool)> {
        row.benchmarks.iter().map(|it| (it.comparator.clone(), own(row, it))).collect()
    };
    // Of two of one comparator, that for the row's own period goes with its like.
    let (earlier, later) = (keyed(was), keyed(is));
    let partners = paired(&earlier, &later, &[|a, b| a == b, |a, b| a.0 == b.0]);
    let mut differences = Vec::new();
    for (now, partner) in is.benchmarks.iter().zip(&partners) {
        let before = partner.and_then(|at| was.benchmarks.get(at));
        differences.extend(benchmark(is, before, now));
        differences.extend(before.and_then(|before| verdict(pair, before, now)));
    }
    for (_, gone) in was.benchmarks.iter().enumerate().filter(|(at, _)| !partners.contains(&Some(*at))) {
        let sentence = format!("{} no longer has the benchmark {}.", is.definition.title, gone.name);
        let (of, before) = (code(&gone.comparator), words(gone));
        let found = Found { of, of_name: gone.name.clone(), before, ..Found::default() };
        differences.push(difference(is, DifferenceKind::Benchmark, found, sentence));
    }
    differences
}

/// What a comparator is called whatever its name is.
fn code(comparator: &Comparator) -> String {
    match comparator {
        Comparator::Area(area) => area.to_string(),
        Comparator::Neighbours => "statistical neighbours".to_owned(),
        Comparator::Group(name) => name.clone(),
    }
}

/// “24.8% for 2017/18”.
fn words(benchmark: &BenchmarkAnswer) -> String {
    format!("{}{}", benchmark.display, period_words(&benchmark.period))
}

fn benchmark(row: &Row, was: Option<&BenchmarkAnswer>, is: &BenchmarkAnswer) -> Option<Difference> {
    let title = &row.definition.title;
    let list = was.and_then(|was| other_list(was, is));
    let (before, after) = (was.map(words).unwrap_or_default(), words(is));
    if before == after {
        return None;
    }
    let for_period = period_words(&is.period);
    let sentence = match was {
        None => format!("{title} now has a benchmark: {} {after}.", is.name),
        Some(was) if was.display == is.display => {
            format!("The benchmark of {title}, {} {}, is now said to be{for_period}.", is.name, is.display)
        }
        Some(was) if was.period != is.period => {
            let earlier = words(was);
            format!("The benchmark of {title}, {}, is {after}; it was {earlier}.", is.name)
        }
        Some(was) => {
            let by = list.as_ref().map_or_else(String::new, |(by, _)| format!("; it is now {by}"));
            let (was, now) = (&was.display, &is.display);
            format!("The benchmark of {title}, {}, changed from {was} to {now}{for_period}{by}.", is.name)
        }
    };
    let made_by = list.as_ref().map(|(_, recorded)| recorded);
    let (of, of_name) = (code(&is.comparator), is.name.clone());
    let found = Found { of, of_name, before, after, made_by, ..Found::default() };
    Some(difference(row, DifferenceKind::Benchmark, found, sentence))
}

fn verdict(pair: &Pair<'_, '_>, was: &BenchmarkAnswer, is: &BenchmarkAnswer) -> Option<Difference> {
    if was.verdict == is.verdict {
        return None;
    }
    let row = pair.is;
    let (before, after) = (verdict_words(was.verdict), verdict_words(is.verdict));
    let (from, to): (HeldKey<'_>, HeldKey<'_>) = ((&was.comparator, &was.period), (&is.comparator, &is.period));
    let causes = pair.judged(true).map(|judged| {
        let verdict = |given| judged.verdict((from, to), given);
        let name = |kind| NamedCause {
            kind,
            words: cause_words(kind, pair.was, row, &is.name),
            alone: verdict_words(verdict(Given::only(kind))),
            without: verdict_words(verdict(Given::without(kind))),
            moved: None,
        };
        named(&OF_VERDICTS, verdict).into_iter().map(name).collect::<Vec<_>>()
    });
    let causes = causes.unwrap_or_default();
    let because = because(&row.definition, &causes, &before, " it");
    let (title, name) = (&row.definition.title, &is.name);
    let sentence = match pair.apart() {
        Some(apart) => format!("{title} is {after} {name} {}, and {before} {name} {}{because}.", apart.is, apart.was),
        None => format!("{title} was {before} {name} and is now {after} {name}{because}."),
    };
    let (of, of_name) = (code(&is.comparator), is.name.clone());
    let found = Found { of, of_name, before, after, causes, ..Found::default() };
    Some(difference(row, DifferenceKind::Verdict, found, sentence))
}

fn verdict_words(verdict: Option<Verdict>) -> String {
    verdict.map_or("not compared with", Verdict::words).to_owned()
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
