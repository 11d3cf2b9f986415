//! A scorecard as it would be: under the targets, standards, rules or neighbours of another time or period, or as if
//! something more were recorded. Never what was reported, and marked so.

use std::collections::BTreeMap;

use domain::period::day_words;
use domain::time::AsOf;
use domain::{Book, Cell, CohortId, MeasureId, Period};
use ratings::{Rating, Verdict};

use crate::Error;
use crate::answer::{Row, Scorecard};
use crate::reader::{Lens, Reader, Under};
use crate::scorecard::{Question, rebuilt, scorecard};

/// What is supposed. What is `None` is as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Suppositions {
    /// Other targets, with their minimum standards.
    pub targets: Yardsticks,
    /// Other minimum standards, whatever the targets.
    pub standards: Yardsticks,
    /// The rating rules and direction methods as of then.
    pub rules: Option<AsOf>,
    /// The lists of neighbours as of then.
    pub neighbours: Option<AsOf>,
}

/// Which targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Yardsticks {
    /// As of then.
    pub as_of: Option<AsOf>,
    /// Those that stand for this period, instead of each figure's own.
    pub period: Option<Period>,
}

impl Yardsticks {
    fn supposed(self) -> bool {
        self.as_of.is_some() || self.period.is_some()
    }

    fn lens(self, book: &Book, as_of: AsOf) -> Lens {
        Lens { as_of: settled(book, self.as_of.unwrap_or(as_of)), period: self.period }
    }

    fn words(self, what: &str, base: AsOf) -> Option<String> {
        let then = self.as_of.map(|it| as_of_words(it, base)).unwrap_or_default();
        match self.period {
            Some(period) => Some(format!("the {what} that stand for {period}{then}")),
            None => self.as_of.map(|_| format!("the {what}{then}")),
        }
    }
}

impl Suppositions {
    /// True when nothing is supposed.
    pub fn none(&self) -> bool {
        let Self { targets, standards, rules, neighbours } = self;
        !targets.supposed() && !standards.supposed() && rules.is_none() && neighbours.is_none()
    }

    /// “Not what was reported: as it would be under the targets that stand for financial year 2019/20.”
    /// `base` is what all else is as of.
    pub fn words(&self, files: &[String], base: AsOf) -> String {
        let targets = if self.standards.supposed() { "targets" } else { "targets and minimum standards" };
        let files = (!files.is_empty()).then(|| format!("what {} would record", files.join(", ")));
        let parts = [
            self.targets.words(targets, base),
            self.standards.words("minimum standards", base),
            self.rules.map(|it| format!("the rules{}", as_of_words(it, base))),
            self.neighbours.map(|it| format!("the lists of neighbours{}", as_of_words(it, base))),
            files,
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        format!("Not what was reported: as it would be under {}. Nothing of it is stored.", parts.join(", and "))
    }

    fn under(&self, book: &Book, as_of: AsOf) -> Under {
        Under {
            targets: self.targets.lens(book, as_of),
            standards: self.standards.supposed().then(|| self.standards.lens(book, as_of)),
            rules: settled(book, self.rules.unwrap_or(as_of)),
            neighbours: settled(book, self.neighbours.unwrap_or(as_of)),
        }
    }
}

fn settled(book: &Book, as_of: AsOf) -> AsOf {
    AsOf { position: book.settle(as_of.position), ..as_of }
}

/// “ as known on 12 March 2019, 23:59:59 UTC, with the log up to position 40”.
fn as_of_words(as_of: AsOf, base: AsOf) -> String {
    let known = as_of.known_at.map(|at| {
        let code = at.to_string();
        let time = code.split_once('T').and_then(|(_, time)| time.get(..8)).unwrap_or_default();
        format!(" as known on {}, {time} UTC", day_words(at.utc_date()))
    });
    let apart = (as_of.position != base.position).then(|| format!("with the log up to position {}", as_of.position));
    match (known, apart) {
        (Some(known), None) => known,
        (Some(known), Some(apart)) => format!("{known}, {apart}"),
        (None, Some(apart)) => format!(" {apart}"),
        (None, None) => " with everything known".to_owned(),
    }
}

/// A scorecard as it would be, and what is rated otherwise in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatIf {
    /// What is supposed, in words.
    pub words: String,
    /// As it would be. Its basis is that of the one that stands.
    pub supposed: Scorecard,
    /// As it stands within the bounds. It may never have been reported so: that is what a published view says.
    pub reported: Scorecard,
    /// The rows that would be rated otherwise, in the supposed scorecard's order; those that would be gone last.
    pub rated_otherwise: Vec<RatedOtherwise>,
    /// The comparators against which a row that is there either way would stand otherwise, in the same order.
    pub compared_otherwise: Vec<ComparedOtherwise>,
}

/// A comparator against which a row would stand otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedOtherwise {
    /// Which figure.
    pub cell: Cell,
    /// The measure's title.
    pub title: String,
    /// The comparator's name.
    pub name: String,
    /// The verdict as it stands; `None` where the two are not compared.
    pub stands: Option<Verdict>,
    /// The verdict as it would be.
    pub supposed: Option<Verdict>,
}

/// A row that would be rated otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatedOtherwise {
    /// As it stands within the bounds; `None` when the row is only there under what is supposed.
    pub reported: Option<Row>,
    /// As it would be; `None` when the row would not be there.
    pub supposed: Option<Row>,
}

/// A book that also holds what is only supposed, and what of it is looked at.
pub struct Supposing<'a> {
    /// The book, or an excerpt of it with more folded.
    pub book: &'a Book,
    /// Within which bounds.
    pub as_of: AsOf,
    /// The names of the files that were folded.
    pub files: &'a [String],
}

/// Rebuilds a scorecard as it is and as it would be.
///
/// Cost: that of two scorecards.
///
/// # Errors
/// [`Error::NotDefined`] when the scorecard, or the area, is not there as of then.
pub fn what_if(
    (book, as_of): (&Book, AsOf),
    supposing: &Supposing<'_>,
    question: &Question,
    suppositions: &Suppositions,
) -> Result<WhatIf, Error> {
    let reported = scorecard(book, question, as_of)?;
    let mut reader = Reader::new(supposing.book, supposing.as_of);
    reader.under = suppositions.under(supposing.book, reader.as_of);
    let mut supposed = rebuilt(&reader, question)?;
    supposed.basis.as_of = reported.basis.as_of;
    let rated_otherwise = rated_otherwise(&reported, &supposed);
    let compared_otherwise = compared_otherwise(&reported, &supposed);
    let words = suppositions.words(supposing.files, as_of);
    Ok(WhatIf { words, supposed, reported, rated_otherwise, compared_otherwise })
}

/// A measure and a cohort may have several rows, told apart by how many came before.
type Place<'a> = (&'a MeasureId, &'a CohortId, usize);

fn places(card: &Scorecard) -> Vec<(Place<'_>, &Row)> {
    let mut seen: BTreeMap<(&MeasureId, &CohortId), usize> = BTreeMap::new();
    let rows = card.sections.iter().flat_map(|section| &section.rows);
    let placed = rows.map(|row| {
        let series = &row.cell.series;
        let n = seen.entry((&series.measure, &series.cohort)).or_default();
        let place = (&series.measure, &series.cohort, *n);
        *n = n.saturating_add(1);
        (place, row)
    });
    placed.collect()
}

fn rated_otherwise(reported: &Scorecard, supposed: &Scorecard) -> Vec<RatedOtherwise> {
    let mut before: BTreeMap<Place<'_>, &Row> = places(reported).into_iter().collect();
    let mut found = Vec::new();
    for (place, row) in places(supposed) {
        let was = before.remove(&place);
        if was.is_none_or(|was| was.rating != row.rating) {
            found.push(RatedOtherwise { reported: was.cloned(), supposed: Some(row.clone()) });
        }
    }
    let gone = places(reported).into_iter().filter(|(place, _)| before.contains_key(place));
    found.extend(gone.map(|(_, row)| RatedOtherwise { reported: Some(row.clone()), supposed: None }));
    found
}

fn compared_otherwise(reported: &Scorecard, supposed: &Scorecard) -> Vec<ComparedOtherwise> {
    let before: BTreeMap<Place<'_>, &Row> = places(reported).into_iter().collect();
    let mut found = Vec::new();
    for (place, row) in places(supposed) {
        let Some(was) = before.get(&place) else { continue };
        let of = |row: &Row, comparator| {
            row.benchmarks.iter().find(|it| it.comparator == comparator).and_then(|it| it.verdict)
        };
        let gone = was.benchmarks.iter().filter(|it| row.benchmarks.iter().all(|is| is.comparator != it.comparator));
        for benchmark in row.benchmarks.iter().chain(gone) {
            let stands = of(was, benchmark.comparator.clone());
            let would = of(row, benchmark.comparator.clone());
            if stands != would {
                found.push(ComparedOtherwise {
                    cell: row.cell.clone(),
                    title: row.definition.title.clone(),
                    name: benchmark.name.clone(),
                    stands,
                    supposed: would,
                });
            }
        }
    }
    found
}

impl ComparedOtherwise {
    /// “Care leavers in education would be better than England, and as it stands is worse than it.”
    pub fn sentence(&self) -> String {
        let Self { title, name, .. } = self;
        let words = |verdict: Option<Verdict>| verdict.map_or("not compared with", Verdict::words);
        let (would, stands) = (words(self.supposed), words(self.stands));
        format!("{title} would be {would} {name}, and as it stands is {stands} it.")
    }
}

impl RatedOtherwise {
    /// “Care leavers in education would be Green, and as it stands is Amber.”
    pub fn sentence(&self) -> String {
        let words = |row: &Row| match row.rating {
            Rating::Rated(_) => row.rating.word().to_owned(),
            Rating::NotRated(why) => format!("not rated ({})", why.reason()),
        };
        match (&self.reported, &self.supposed) {
            (Some(was), Some(is)) => {
                format!("{} would be {}, and as it stands is {}.", is.definition.title, words(is), words(was))
            }
            (None, Some(is)) => format!("{} would be there, {}.", is.definition.title, words(is)),
            (Some(was), None) => {
                format!("{} would not be there, and as it stands is {}.", was.definition.title, words(was))
            }
            (None, None) => String::new(),
        }
    }
}
