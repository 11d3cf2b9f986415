//! What differs of a scorecard as a whole: its title, its committee, names, lists of neighbours.

use std::collections::BTreeSet;

use domain::book::Noted;
use domain::event::{Average, Comparator, NeighboursAdopted};
use domain::history::Revision;
use domain::{AreaId, CohortId, ScorecardId};

use super::{Given, Placed};
use crate::answer::{Difference, DifferenceKind, Provenance, Scorecard, Undone};
use crate::differences::undone::{recorded, undone};
use crate::differences::why;
use crate::scorecard::Question;

pub(super) fn differences(before: &Given<'_>, after: &Given<'_>, pairs: &[(&Placed, &Placed)]) -> Vec<Difference> {
    let mut found = Vec::new();
    let (was, is) = (&before.card, &after.card);
    if was.scorecard != is.scorecard {
        let sentence = format!("Two scorecards are compared: “{}” and “{}”.", was.title, is.title);
        let shown = (was.scorecard.to_string(), is.scorecard.to_string());
        found.push(whole(after, DifferenceKind::Scorecard, "scorecard", shown, sentence));
    } else if was.title != is.title {
        let sentence = format!("The scorecard “{}” is now called “{}”.", was.title, is.title);
        found.push(whole(after, DifferenceKind::Scorecard, "title", (was.title.clone(), is.title.clone()), sentence));
    }
    for ((of, before), (_, now)) in remit(was).into_iter().zip(remit(is)).filter(|(was, is)| was != is) {
        let sentence = format!("The scorecard's {of} is now {now} instead of {before}.");
        found.push(whole(after, DifferenceKind::Scorecard, of, (before, now), sentence));
    }
    if was.area == is.area && was.area_name != is.area_name {
        let by = area_by(after, &is.area);
        found.push(renamed(after, was.area.as_str(), (&was.area_name, &is.area_name), by));
    }
    let mut cohorts = BTreeSet::new();
    for (was, now) in pairs {
        let (cohort, names) = (&now.layout.cohort, (&was.row.cohort_name, &now.row.cohort_name));
        if was.layout.cohort == *cohort && names.0 != names.1 && cohorts.insert(cohort) {
            found.push(renamed(after, cohort.as_str(), names, cohort_by(after, cohort)));
        }
    }
    found.extend(comparators(before, after, pairs));
    found.extend(neighbours(before, after, pairs));
    found
}

/// Which committee it goes to, who answers for it, and what it has to do with others.
fn remit(card: &Scorecard) -> [(&'static str, String); 5] {
    let said = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
    let other = |card: &Option<ScorecardId>| said(card.as_ref().map_or("", ScorecardId::as_str));
    [
        ("committee", said(&card.committee)),
        ("owner", said(&card.remit.owner)),
        ("accountable director", said(&card.remit.director)),
        ("scorecard before it", other(&card.remit.behind)),
        ("scorecard that it is a part of", other(&card.remit.subset_of)),
    ]
}

fn whole(
    after: &Given<'_>,
    kind: DifferenceKind,
    of: &str,
    (before, now): (String, String),
    sentence: String,
) -> Difference {
    Difference {
        measure: None,
        title: after.card.title.clone(),
        cohort: None,
        kind,
        of: of.to_owned(),
        of_name: String::new(),
        before,
        after: now,
        sentence,
        causes: Vec::new(),
        provenance: None,
        undone: None,
    }
}

fn renamed(after: &Given<'_>, code: &str, (was, is): (&String, &String), provenance: Option<Provenance>) -> Difference {
    let by = provenance.as_ref().map_or_else(String::new, recorded);
    let sentence = format!("{was} ({code}) is now called {is}.{by}");
    let found = whole(after, DifferenceKind::Name, code, (was.clone(), is.clone()), sentence);
    Difference { provenance, ..found }
}

fn area_by(given: &Given<'_>, area: &AreaId) -> Option<Provenance> {
    given.reader.book.area(area, given.reader.as_of).map(|revision| given.reader.provenance(revision))
}

fn cohort_by(given: &Given<'_>, cohort: &CohortId) -> Option<Provenance> {
    given.reader.book.cohort(cohort, given.reader.as_of).map(|revision| given.reader.provenance(revision))
}

/// Says of what a layout says by which record it is so, where both sides are of one scorecard.
pub(super) fn say_by_whom(before: &Given<'_>, after: &Given<'_>, differences: &mut [Difference]) {
    if before.card.scorecard != after.card.scorecard {
        return;
    }
    let laid_out = |given: &Given<'_>| {
        let (Question { scorecard, period, .. }, reader) = (given.question, &given.reader);
        let state = reader.book.scorecard_for(scorecard, period.last_day(), reader.as_of);
        state.map(|state| reader.provenance(state))
    };
    let (was, is) = (laid_out(before), laid_out(after));
    let Some(made_by) = &is else { return };
    let bounds = (before.reader.as_of, after.reader.as_of);
    let undone = undone(after.reader.book, (was.as_ref(), bounds.0), (is.as_ref(), bounds.1));
    let end = undone.as_ref().map_or_else(|| format!(".{}", recorded(made_by)), Undone::words);
    for difference in differences.iter_mut().filter(|it| of_layout(it.kind)) {
        difference.sentence = format!("{}{end}", difference.sentence.trim_end_matches('.'));
        difference.provenance = Some(made_by.clone());
        difference.undone.clone_from(&undone);
    }
}

const fn of_layout(kind: DifferenceKind) -> bool {
    matches!(
        kind,
        DifferenceKind::Scorecard
            | DifferenceKind::Section
            | DifferenceKind::Added
            | DifferenceKind::Removed
            | DifferenceKind::Moved
            | DifferenceKind::Cohort
            | DifferenceKind::Layout
    )
}

/// Each area that is called otherwise, once, where a row of both sides is compared with it.
fn comparators(before: &Given<'_>, after: &Given<'_>, pairs: &[(&Placed, &Placed)]) -> Vec<Difference> {
    let areas = |row: &Placed| -> BTreeSet<AreaId> {
        let area = |comparator: &Comparator| match comparator {
            Comparator::Area(area) => Some(area.clone()),
            Comparator::Neighbours | Comparator::Group(_) => None,
        };
        row.row.benchmarks.iter().filter_map(|it| area(&it.comparator)).collect()
    };
    let both: BTreeSet<AreaId> = pairs.iter().flat_map(|(was, now)| &areas(was) & &areas(now)).collect();
    let told = |area: &AreaId| before.card.area == after.card.area && *area == after.card.area;
    let names = both.into_iter().filter(|area| !told(area)).map(|area| {
        let names = (before.reader.area_name(&area), after.reader.area_name(&area));
        (area, names)
    });
    let other = names.filter(|(_, (was, is))| was != is);
    other.map(|(area, (was, is))| renamed(after, area.as_str(), (&was, &is), area_by(after, &area))).collect()
}

type List<'a> = &'a Revision<Noted<NeighboursAdopted>>;

/// Each change of a list once, where a row of either side shows neighbours. Two areas have two lists anyway.
fn neighbours(before: &Given<'_>, after: &Given<'_>, pairs: &[(&Placed, &Placed)]) -> Vec<Difference> {
    if before.card.area != after.card.area {
        return Vec::new();
    }
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for (was, now) in pairs {
        let shows =
            [was, now].iter().any(|it| it.row.benchmarks.iter().any(|benchmark| benchmark.neighbours.is_some()));
        let (was, is) = (list(before, was), list(after, now));
        let places = (was.map(|it| it.position), is.map(|it| it.position));
        if shows && was.map(said) != is.map(said) && told.insert(places) {
            found.push(other_list(after, was, is));
        }
    }
    found
}

fn list<'a>(given: &Given<'a>, placed: &Placed) -> Option<List<'a>> {
    let last_day = placed.row.cell.period.last_day();
    given.reader.book.neighbours(&given.question.area, last_day, given.reader.as_of)
}

fn said(list: List<'_>) -> &NeighboursAdopted {
    &list.value.value
}

fn other_list(after: &Given<'_>, was: Option<List<'_>>, is: Option<List<'_>>) -> Difference {
    let words = |list: Option<List<'_>>| list.map_or_else(String::new, |list| list_words(said(list)));
    let shown = (words(was), words(is));
    let made_by: Option<Provenance> = is.map(|list| after.reader.provenance(list));
    let why = made_by.as_ref().map_or_else(String::new, why);
    let area = &after.card.area_name;
    let sentence = match (was, is) {
        (Some(was), Some(is)) => format!("{}{why}", changed(after, area, said(was), said(is))),
        (None, Some(is)) => {
            format!("{area} is now compared with the neighbours on the list {}: {}.{why}", said(is).list, shown.1)
        }
        (_, None) => format!("{area} is no longer compared with its neighbours."),
    };
    let found = whole(after, DifferenceKind::Neighbours, after.card.area.as_str(), shown, sentence);
    Difference { provenance: made_by, ..found }
}

fn list_words(list: &NeighboursAdopted) -> String {
    let members = list.members.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let (average, at_least) = (average(list.average), list.at_least);
    format!("{} from {}: {average}, of at least {at_least} of {members}", list.list, list.from)
}

/// “The neighbours of Kent are now those on dfe-2025 instead of dfe-2021; new are Devon and Bexley; Swindon is gone.”
fn changed(after: &Given<'_>, area: &str, was: &NeighboursAdopted, is: &NeighboursAdopted) -> String {
    let names = |of: &NeighboursAdopted, not: &NeighboursAdopted| {
        let others = of.members.iter().filter(|member| !not.members.contains(member));
        others.map(|member| after.reader.area_name(member)).collect::<Vec<_>>().join(", ")
    };
    let mut parts = Vec::new();
    parts.push(if was.list == is.list {
        format!("on {} changed", is.list)
    } else {
        format!("are now those on {} instead of {}", is.list, was.list)
    });
    for (words, who) in [("new: ", names(is, was)), ("no longer there: ", names(was, is))] {
        if !who.is_empty() {
            parts.push(format!("{words}{who}"));
        }
    }
    if was.average != is.average {
        parts.push(format!("now averaged by {} instead of {}", average(is.average), average(was.average)));
    }
    if was.at_least != is.at_least {
        parts.push(format!("an average now takes {} of them instead of {}", is.at_least, was.at_least));
    }
    format!("The neighbours of {area} {}.", parts.join("; "))
}

const fn average(average: Average) -> &'static str {
    match average {
        Average::Pooled => "pooling",
        Average::Mean => "mean",
        Average::Median => "median",
    }
}
