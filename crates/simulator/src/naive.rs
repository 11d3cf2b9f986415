//! The definition of every answer, as dumb as it can be written.
//!
//! > Take all records within both bounds, drop those of a submission that a rollback within the bounds covers, sort by
//! > (`known_at`, `position`), fold; the last wins.
//!
//! It shares no code with the book: it keeps a list of records, and walks it for every question. Where the definition
//! leaves something open, the rule is written beside the question:
//!
//! - **P inside a commit** is lowered to the end of the commit before it ([`Naive::settle`]).
//! - **What was not yet defined at K** (a measure, an area, a cohort, a rule) is shown as its earliest in the log: within P,
//!   and not rolled back within P, whatever was known when ([`View::definition`], [`View::area`], [`View::rule`]).
//! - **Long texts** are found by their digest anywhere up to the end of the log: they are content, not facts.
//!
//! [`View`] answers single questions; [`row`] makes a scorecard's rows of them.

pub mod row;

use domain::event::{
    AreaDefined, BenchmarkRecorded, CohortDefined, CommitteeAct, Comparator, LateFigureTold, MeasureWithdrawn,
    NeighboursAdopted, RuleAdopted, ScorecardDefined, ViewPublished,
};
use domain::measure::{Content, Definition};
use domain::result::ResultEntry;
use domain::target::TargetKey;
use domain::{
    AreaId, Cell, CohortId, Date, Event, Layout, MeasureId, Owner, Period, Position, Recorded, ScorecardId, Series,
    Span, SubmissionId, Terms, Timestamp, ViewId,
};

/// A log as a list.
#[derive(Debug, Clone, Default)]
pub struct Naive {
    /// Every record, by position.
    pub records: Vec<Recorded>,
}

/// What counts within bounds, in the order in which it is folded.
#[derive(Debug, Clone)]
pub struct View<'a> {
    naive: &'a Naive,
    /// P, settled.
    pub position: Position,
    /// Within both bounds.
    facts: Vec<&'a Recorded>,
    /// Within P alone: for what was not yet defined at K.
    ever: Vec<&'a Recorded>,
}

/// A target that was set, or withdrawn, for a span.
type TargetWord<'a> = (Position, &'a TargetKey, Span, Option<Terms>);

impl Naive {
    /// The greatest end of a commit that is not after `position`.
    pub fn settle(&self, position: Position) -> Position {
        let mut end = Position::START;
        for record in &self.records {
            if record.last_of_commit && record.position <= position {
                end = record.position;
            }
        }
        end
    }

    /// The log's format at a position: the last that was said by then, whenever it was known.
    pub fn format(&self, position: Position) -> u16 {
        let mut format = 1;
        for record in self.records.iter().filter(|record| record.position <= position) {
            match &record.event {
                Event::LogOpened(opened) => format = opened.format,
                Event::FormatRaised(raised) => format = *raised,
                _ => {}
            }
        }
        format
    }

    /// What committees were given up to a position, by code: nothing takes one out.
    pub fn views(&self, position: Position) -> Vec<(Position, &ViewPublished)> {
        let mut views: Vec<(Position, &ViewPublished)> = Vec::new();
        for record in self.records.iter().filter(|record| record.position <= position) {
            if let Event::ViewPublished(it) = &record.event {
                views.push((record.position, it));
            }
        }
        views.sort_by_key(|(_, view)| &view.view);
        views
    }

    /// Everything within the bounds.
    pub fn view(&self, known_at: Option<Timestamp>, position: Position) -> View<'_> {
        let position = self.settle(position);
        View { naive: self, position, facts: self.within(known_at, position), ever: self.within(None, position) }
    }

    fn within(&self, known_at: Option<Timestamp>, position: Position) -> Vec<&Recorded> {
        let mut covered: Vec<&Recorded> = self
            .records
            .iter()
            .filter(|record| record.position <= position && known_at.is_none_or(|bound| record.known_at <= bound))
            .collect();
        covered.sort_by_key(|record| (record.known_at, record.position));
        let rolled_back = |submission: SubmissionId| {
            let mut last = false;
            for record in &covered {
                match &record.event {
                    Event::SubmissionRolledBack(id) if *id == submission => last = true,
                    Event::SubmissionReinstated(id) if *id == submission => last = false,
                    _ => {}
                }
            }
            last
        };
        covered.iter().copied().filter(|record| !rolled_back(record.attribution.submission)).collect()
    }

    /// The text of a content.
    pub fn text(&self, content: &Content) -> String {
        match content {
            Content::Inline(text) => text.clone(),
            Content::Stored { digest, .. } => {
                let mut parts = Vec::new();
                for record in &self.records {
                    if let Event::ContentStored(part) = &record.event
                        && part.digest == *digest
                        && !part.file
                        && parts.len() == usize::try_from(part.part).expect("few parts")
                    {
                        parts.push(part.bytes.clone());
                    }
                }
                String::from_utf8(parts.concat()).expect("a text")
            }
        }
    }
}

impl<'a> View<'a> {
    /// Every record that counts.
    pub fn counted(&self) -> impl Iterator<Item = &'a Recorded> {
        self.facts.iter().copied()
    }

    fn last<T>(&self, find: impl Fn(&'a Recorded) -> Option<T>) -> Option<(Position, T)> {
        let mut last = None;
        for record in &self.facts {
            if let Some(found) = find(record) {
                last = Some((record.position, found));
            }
        }
        last
    }

    /// The last in view; else the earliest in the log, with `true`.
    fn last_or_earliest<T>(&self, find: impl Fn(&'a Recorded) -> Option<T>) -> Option<(Position, T, bool)> {
        if let Some((position, found)) = self.last(&find) {
            return Some((position, found, false));
        }
        self.ever.iter().find_map(|record| Some((record.position, find(record)?, true)))
    }

    /// What stands in a cell: the last of its records and withdrawals, unless that is a withdrawal.
    pub fn result(&self, cell: &Cell) -> Option<(Position, &'a ResultEntry)> {
        let (position, entry) = self.last(|record| match &record.event {
            Event::ResultRecorded(it) if it.cell == *cell => Some(Some(&it.entry)),
            Event::ResultWithdrawn(it) if it == cell => Some(None),
            _ => None,
        })?;
        Some((position, entry?))
    }

    /// The periods of a series that anything was ever said about, latest first.
    fn periods(&self, series: &Series) -> Vec<Period> {
        let mut periods = Vec::new();
        for record in &self.facts {
            match &record.event {
                Event::ResultRecorded(it) if it.cell.series == *series => periods.push(it.cell.period),
                _ => {}
            }
        }
        periods.sort_unstable();
        periods.dedup();
        periods.reverse();
        periods
    }

    /// The target of a key that judges periods with this last day: the last word about the day, unless a withdrawal.
    pub fn target(&self, key: &TargetKey, day: Date) -> Option<(Position, Terms)> {
        let holds = |span: Span| span.from <= day && span.to.is_none_or(|to| day < to);
        let (position, terms) = self.last(|record| match target_word(record) {
            Some((_, its, span, terms)) if its == key && holds(span) => Some(terms),
            _ => None,
        })?;
        Some((position, terms?))
    }

    /// The target that judges a cell: the area's own before a containing one's, nearest first; of one area by the owner
    /// asked for, else local, then service, then national. Never another cohort's.
    pub fn rating_target(&self, cell: &Cell, owner: Option<Owner>) -> Option<(Position, TargetKey, Terms)> {
        let owners = owner.map_or(vec![Owner::Local, Owner::Service, Owner::National], |owner| vec![owner]);
        let Series { measure, area, cohort } = &cell.series;
        let mut area = Some(area.clone());
        let mut seen = Vec::new();
        while let Some(here) = area.filter(|here| !seen.contains(here)) {
            for owner in &owners {
                let (measure, area, cohort) = (measure.clone(), here.clone(), cohort.clone());
                let key = TargetKey { measure, area, cohort, owner: *owner };
                if let Some((position, terms)) = self.target(&key, cell.period.last_day()) {
                    return Some((position, key, terms));
                }
            }
            area = self.area(&here).and_then(|found| found.parent.clone());
            seen.push(here);
        }
        None
    }

    /// The last definition, a withdrawal of the measure leaving it as it is; with `true` when it was defined only later.
    pub fn definition(&self, measure: &MeasureId) -> Option<(Position, &'a Definition, bool)> {
        self.last_or_earliest(|record| match &record.event {
            Event::MeasureDefined(it) | Event::MeasureRevised(it) if it.measure == *measure => Some(it),
            _ => None,
        })
    }

    /// The measure's withdrawal, if that is the last word about it.
    pub fn withdrawal(&self, measure: &MeasureId) -> Option<&'a MeasureWithdrawn> {
        let (_, withdrawn) = self.last(|record| match &record.event {
            Event::MeasureDefined(it) | Event::MeasureRevised(it) if it.measure == *measure => Some(None),
            Event::MeasureWithdrawn(it) if it.measure == *measure => Some(Some(it)),
            _ => None,
        })?;
        withdrawn
    }

    /// An area as of then, or its earliest definition.
    pub fn area(&self, area: &AreaId) -> Option<&'a AreaDefined> {
        let found = self.last_or_earliest(|record| match &record.event {
            Event::AreaDefined(it) if it.area == *area => Some(it),
            _ => None,
        });
        found.map(|(_, area, _)| area)
    }

    /// A cohort as of then, or its earliest definition.
    pub fn cohort(&self, cohort: &CohortId) -> Option<&'a CohortDefined> {
        let found = self.last_or_earliest(|record| match &record.event {
            Event::CohortDefined(it) if it.cohort == *cohort => Some(it),
            _ => None,
        });
        found.map(|(_, cohort, _)| cohort)
    }

    /// The rating rule for a measure and a day. The measure's own before the general; of each the one adopted from the
    /// latest day that is not after it, and of one day the last word. Where no adoption known at K is for the day: the
    /// earliest general one in the log that is.
    pub fn rule(&self, rating: bool, measure: &MeasureId, day: Date) -> Option<&'a RuleAdopted> {
        let adopted = |record: &'a Recorded| match &record.event {
            Event::RatingRuleAdopted(it) if rating => Some(it),
            Event::DirectionMethodAdopted(it) if !rating => Some(it),
            _ => None,
        };
        let latest = |own: bool| {
            let mut best: Option<&RuleAdopted> = None;
            for rule in self.facts.iter().filter_map(|record| adopted(record)) {
                let scoped = if own { rule.measure.as_ref() == Some(measure) } else { rule.measure.is_none() };
                if scoped && rule.from <= day && best.is_none_or(|best| best.from <= rule.from) {
                    best = Some(rule);
                }
            }
            best
        };
        let earliest = || {
            let general = |rule: &&RuleAdopted| rule.measure.is_none() && rule.from <= day;
            self.ever.iter().filter_map(|record| adopted(record)).find(general)
        };
        latest(true).or_else(|| latest(false)).or_else(earliest)
    }

    /// The benchmarks beside a cell, by comparator.
    pub fn benchmarks(&self, cell: &Cell) -> Vec<(Position, &'a BenchmarkRecorded)> {
        let beside = |record: &'a Recorded| match &record.event {
            Event::BenchmarkRecorded(it) if it.cell == *cell => Some(it),
            _ => None,
        };
        let mut comparators: Vec<&Comparator> =
            self.facts.iter().filter_map(|record| beside(record)).map(|it| &it.comparator).collect();
        comparators.sort_unstable();
        comparators.dedup();
        let last =
            |comparator: &&Comparator| self.last(|record| beside(record).filter(|it| it.comparator == **comparator));
        comparators.iter().filter_map(last).collect()
    }

    /// The neighbours of an area for a day: of each list the last word; of those for the area that hold by then the one from
    /// the latest day, and of one day the last to be adopted.
    pub fn neighbours(&self, area: &AreaId, day: Date) -> Option<&'a NeighboursAdopted> {
        let mut lists: Vec<&NeighboursAdopted> = Vec::new();
        for record in &self.facts {
            if let Event::NeighboursAdopted(it) = &record.event {
                lists.retain(|list| list.list != it.list);
                lists.push(it);
            }
        }
        let mut best: Option<&NeighboursAdopted> = None;
        for list in lists {
            if list.area == *area && list.from <= day && best.is_none_or(|best| best.from <= list.from) {
                best = Some(list);
            }
        }
        best
    }

    /// What was written about a cell, oldest first: where, about which record, and the words.
    pub fn commentary(&self, cell: &Cell) -> Vec<(Position, Option<Position>, String)> {
        let words = |record: &&'a Recorded| match &record.event {
            Event::CommentaryWritten(it) if it.cell == *cell => {
                Some((record.position, it.about, self.naive.text(&it.text)))
            }
            _ => None,
        };
        self.facts.iter().filter_map(words).collect()
    }

    /// What was agreed about a cell, oldest first: where, about which record, what, who and by when.
    pub fn actions(&self, cell: &Cell) -> Vec<(Position, Option<Position>, String, String, Date)> {
        let agreed = |record: &&'a Recorded| match &record.event {
            Event::ActionAgreed(it) if it.cell == *cell => {
                Some((record.position, it.about, self.naive.text(&it.text), it.owner.clone(), it.due))
            }
            _ => None,
        };
        self.facts.iter().filter_map(agreed).collect()
    }

    /// What committees did with a view, oldest first.
    pub fn committee_acts(&self, view: &ViewId) -> Vec<(Position, CommitteeAct, String)> {
        let act = |record: &&'a Recorded| match &record.event {
            Event::CommitteeActRecorded(it) if it.view == *view => {
                Some((record.position, it.act, self.naive.text(&it.text)))
            }
            _ => None,
        };
        self.facts.iter().filter_map(act).collect()
    }

    /// The figures that were told beside a view, oldest first.
    pub fn late_figures(&self, view: &ViewId) -> Vec<(Position, &'a LateFigureTold)> {
        let told = |record: &&'a Recorded| match &record.event {
            Event::LateFigureTold(it) if it.view == *view => Some((record.position, it)),
            _ => None,
        };
        self.facts.iter().filter_map(told).collect()
    }

    /// A scorecard and its layout for periods with this last day: the one from the latest day that is not after it, and of
    /// one day the last word.
    pub fn scorecard(&self, scorecard: &ScorecardId, day: Date) -> Option<(&'a ScorecardDefined, Layout)> {
        let mut best: Option<&ScorecardDefined> = None;
        for record in &self.facts {
            if let Event::ScorecardDefined(it) = &record.event
                && it.scorecard == *scorecard
                && it.remit.from.is_none_or(|from| from <= day)
                && best.is_none_or(|best| best.remit.from <= it.remit.from)
            {
                best = Some(it);
            }
        }
        let defined = best?;
        let layout = Layout::parse(&self.naive.text(&defined.layout)).expect("a recorded layout can be read");
        Some((defined, layout))
    }
}

fn target_word(record: &Recorded) -> Option<TargetWord<'_>> {
    match &record.event {
        Event::TargetChanged(it) => Some((record.position, &it.key, it.span, Some(it.terms))),
        Event::TargetWithdrawn(it) => Some((record.position, &it.key, it.span, None)),
        _ => None,
    }
}
