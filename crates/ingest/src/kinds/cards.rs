//! Scorecards and neighbour lists: several rows that together are one thing, taken whole or not at all.

use std::collections::BTreeMap;

use domain::command::ScorecardDefinition;
use domain::event::{Average, NeighboursAdopted};
use domain::ids::NeighboursId;
use domain::limits::{NEIGHBOURS_MAX, SCORECARD_ROWS_MAX};
use domain::scorecard::{LayoutRow, Remit, Section};
use domain::{AreaId, CohortId, Command, Layout, MeasureId, Owner, ScorecardId};

use crate::Defaults;
use crate::refusal::Problem;
use crate::row::{Column, Meta, MetaColumns, Row};
use crate::sheet::{Header, Rows};
use crate::table::Table;

/// The rows of one thing so far.
struct Group<T> {
    /// `None` when its first row was refused, or another: the rest would be another thing than was meant.
    thing: Option<(T, Meta)>,
    /// The lines of its rows that are well by themselves.
    lines: Vec<u32>,
}

/// Things by code, in the order in which they begin.
struct Groups<T> {
    by_code: BTreeMap<String, usize>,
    in_order: Vec<Group<T>>,
    /// Rows without a code.
    n_strays: usize,
}

/// What it takes to read a row of a group.
trait Grouped {
    /// What the rows make.
    type Thing;
    /// What it is called.
    const WHAT: &'static str;
    fn code_column(&self) -> Column;
    /// Of the rows of one code, those that say the same here are one thing.
    fn apart_column(&self) -> Option<Column> {
        None
    }
    fn meta_columns(&self) -> &MetaColumns;
    /// Reads the thing from its first row, without the row's own part.
    fn begin(&self, row: Row<'_>) -> Result<Self::Thing, Problem>;
    /// Checks a later row against the thing, and adds the row's own part; changes nothing when it refuses.
    fn add(&self, thing: &mut Self::Thing, row: Row<'_>) -> Result<(), Problem>;
    fn command(thing: Self::Thing) -> Command;
}

fn read_groups<G: Grouped>(kind: &G, table: &mut Table<'_>, header: &Header, defaults: &Defaults, rows: &mut Rows) {
    let mut all = Groups { by_code: BTreeMap::new(), in_order: Vec::new(), n_strays: 0 };
    let mut n_refused_here = 0_usize;
    rows.walk(table, header, |rows, line, row| {
        if let Err(problem) = all.take(kind, row, line, defaults) {
            rows.refusals.add(line, problem);
            n_refused_here = n_refused_here.saturating_add(1);
        }
    });
    // A row without its columns, or without its code, may belong to any of them.
    let strays = rows.refusals.counted > n_refused_here || all.n_strays > 0;
    for group in all.in_order {
        match (group.thing, group.lines.first()) {
            (Some((thing, meta)), Some(first)) if !strays => rows.instruct(*first, G::command(thing), meta),
            _ => {
                for line in group.lines {
                    let problem = format!("belongs to a {} of which another row is, or may be, refused", G::WHAT);
                    let remedy = "correct the other row; the whole is taken or nothing";
                    rows.refusals.add(line, Problem::whole(problem, remedy));
                }
            }
        }
    }
}

impl<T> Groups<T> {
    fn take<G: Grouped<Thing = T>>(
        &mut self,
        kind: &G,
        row: Row<'_>,
        line: u32,
        defaults: &Defaults,
    ) -> Result<(), Problem> {
        let code = row.required(kind.code_column()).inspect_err(|_| {
            self.n_strays = self.n_strays.saturating_add(1);
        })?;
        let apart = kind.apart_column().map(|column| row.text(column)).transpose()?.unwrap_or_default();
        let code = format!("{code}\t{apart}");
        let at = self.by_code.get(&code).copied();
        let Some(group) = at.and_then(|at| self.in_order.get_mut(at)) else {
            let begun = begin(kind, row, defaults);
            let (thing, lines, result) = match begun {
                Ok(begun) => (Some(begun), vec![line], Ok(())),
                Err(problem) => (None, Vec::new(), Err(problem)),
            };
            self.by_code.insert(code, self.in_order.len());
            self.in_order.push(Group { thing, lines });
            return result;
        };
        let added = match &mut group.thing {
            Some((thing, meta)) => check_meta(meta, kind.meta_columns(), row).and_then(|()| kind.add(thing, row)),
            None => Ok(()),
        };
        match &added {
            Ok(()) => group.lines.push(line),
            Err(_) => group.thing = None,
        }
        added
    }
}

fn begin<G: Grouped>(kind: &G, row: Row<'_>, defaults: &Defaults) -> Result<(G::Thing, Meta), Problem> {
    let meta = kind.meta_columns().read(row, defaults)?;
    let mut thing = kind.begin(row)?;
    kind.add(&mut thing, row)?;
    Ok((thing, meta))
}

/// A later row may leave out when and why, or say the same as the first.
fn check_meta(first: &Meta, columns: &MetaColumns, row: Row<'_>) -> Result<(), Problem> {
    let as_first = Defaults { known_at: first.known_at, why: first.why.clone(), ..Defaults::default() };
    if columns.read(row, &as_first)? == *first {
        return Ok(());
    }
    Err(Problem::whole("says another known_at, reason or cause than the first row", "say it on the first row alone"))
}

/// Refuses a field that contradicts the first row; empty means the same.
fn same(column: Column, text: &str, first: &str) -> Result<(), Problem> {
    if text.is_empty() || text == first {
        return Ok(());
    }
    Err(column.problem(
        text,
        format!("contradicts the first row, which says {first:?}"),
        "write the same, or leave it empty",
    ))
}

/// Whose target rates a row.
const RATED_BY: [(&str, Option<Owner>); 4] = [
    ("any", None),
    ("local", Some(Owner::Local)),
    ("service", Some(Owner::Service)),
    ("national", Some(Owner::National)),
];

struct ScorecardColumns {
    scorecard: Column,
    title: Column,
    committee: Column,
    section: Column,
    measure: Column,
    cohort: Column,
    rated: Column,
    owner: Column,
    from: Column,
    scorecard_owner: Column,
    director: Column,
    behind: Column,
    subset_of: Column,
    meta: MetaColumns,
}

pub(super) fn scorecards(table: &mut Table<'_>, header: &Header, defaults: &Defaults, rows: &mut Rows) {
    let [scorecard, title, committee, section] = header.columns(["scorecard", "title", "committee", "section"]);
    let [measure, cohort, rated, owner] = header.columns(["measure", "cohort", "rated", "owner"]);
    let [from, scorecard_owner, director] = header.columns(["from", "scorecard_owner", "director"]);
    let [behind, subset_of] = header.columns(["behind", "subset_of"]);
    let columns = ScorecardColumns {
        scorecard,
        title,
        committee,
        section,
        measure,
        cohort,
        rated,
        owner,
        from,
        scorecard_owner,
        director,
        behind,
        subset_of,
        meta: header.meta(),
    };
    read_groups(&columns, table, header, defaults, rows);
}

impl Grouped for ScorecardColumns {
    type Thing = ScorecardDefinition;
    const WHAT: &'static str = "scorecard";

    fn code_column(&self) -> Column {
        self.scorecard
    }

    fn apart_column(&self) -> Option<Column> {
        Some(self.from)
    }

    fn meta_columns(&self) -> &MetaColumns {
        &self.meta
    }

    fn begin(&self, row: Row<'_>) -> Result<ScorecardDefinition, Problem> {
        Ok(ScorecardDefinition {
            scorecard: row.code(self.scorecard, ScorecardId::new)?,
            title: row.name(self.title)?.to_owned(),
            committee: row.label(self.committee)?.to_owned(),
            layout: Layout::default(),
            remit: Remit {
                from: row.optional(self.from)?.map(|_| row.day(self.from)).transpose()?,
                owner: row.label(self.scorecard_owner)?.to_owned(),
                director: row.label(self.director)?.to_owned(),
                behind: row.optional_code(self.behind, ScorecardId::new)?,
                subset_of: row.optional_code(self.subset_of, ScorecardId::new)?,
            },
        })
    }

    fn add(&self, card: &mut ScorecardDefinition, row: Row<'_>) -> Result<(), Problem> {
        same(self.title, row.label(self.title)?, &card.title)?;
        same(self.committee, row.label(self.committee)?, &card.committee)?;
        same(self.scorecard_owner, row.label(self.scorecard_owner)?, &card.remit.owner)?;
        same(self.director, row.label(self.director)?, &card.remit.director)?;
        let code = |code: &Option<ScorecardId>| code.as_ref().map_or(String::new(), ToString::to_string);
        same(self.behind, row.text(self.behind)?, &code(&card.remit.behind))?;
        same(self.subset_of, row.text(self.subset_of)?, &code(&card.remit.subset_of))?;
        let title = row.name(self.section)?;
        let layout_row = LayoutRow {
            measure: row.code(self.measure, MeasureId::new)?,
            cohort: row.optional_code(self.cohort, CohortId::new)?.unwrap_or_else(CohortId::all),
            rated: row.flag(self.rated)?.unwrap_or(true),
            owner: row.optional_word(self.owner, &RATED_BY)?.flatten(),
        };
        let subject = |row: &LayoutRow| (row.measure.clone(), row.cohort.clone(), row.owner);
        if card.layout.rows().any(|other| subject(other) == subject(&layout_row)) {
            let code = layout_row.measure.as_str();
            return Err(self.measure.problem(
                code,
                "stands on the scorecard already, for the same cohort",
                "keep one row",
            ));
        }
        if card.layout.rows().count() >= SCORECARD_ROWS_MAX {
            return Err(Problem::whole(format!("is more than {SCORECARD_ROWS_MAX} rows"), "make two scorecards of it"));
        }
        let sections = &mut card.layout.sections;
        if let Some(last) = sections.last_mut().filter(|last| last.title == title) {
            last.rows.push(layout_row);
            return Ok(());
        }
        if sections.iter().any(|section| section.title == title) {
            return Err(self.section.problem(title, "begins again after another section", "put its rows together"));
        }
        sections.push(Section { title: title.to_owned(), rows: vec![layout_row] });
        Ok(())
    }

    fn command(card: ScorecardDefinition) -> Command {
        Command::DefineScorecard(card)
    }
}

const AVERAGES: [(&str, Average); 3] =
    [("pooled", Average::Pooled), ("mean", Average::Mean), ("median", Average::Median)];

/// How few members with a figure still make an average.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AtLeast {
    /// So many.
    Of(u8),
    /// As many as there are, which is known at the end of the list.
    All,
}

/// A list while it is being read.
struct Listed {
    list: NeighboursAdopted,
    at_least: AtLeast,
}

struct NeighbourColumns {
    list: Column,
    area: Column,
    from: Column,
    average: Column,
    at_least: Column,
    member: Column,
    meta: MetaColumns,
}

pub(super) fn neighbours(table: &mut Table<'_>, header: &Header, defaults: &Defaults, rows: &mut Rows) {
    let [list, area, from, average, member] = header.columns(["list", "area", "from", "average", "member"]);
    let at_least = header.column("at_least");
    let columns = NeighbourColumns { list, area, from, average, at_least, member, meta: header.meta() };
    read_groups(&columns, table, header, defaults, rows);
}

impl NeighbourColumns {
    fn at_least(&self, row: Row<'_>) -> Result<Option<AtLeast>, Problem> {
        let Some(text) = row.optional(self.at_least)? else { return Ok(None) };
        if text.eq_ignore_ascii_case("all") {
            return Ok(Some(AtLeast::All));
        }
        let number = text.parse().ok().filter(|n| (1..=NEIGHBOURS_MAX).contains(&usize::from(*n)));
        number.map(|n| Some(AtLeast::Of(n))).ok_or_else(|| {
            let remedy =
                format!("write how few neighbours with a figure still make an average, 1 to {NEIGHBOURS_MAX}, or all");
            self.at_least.problem(text, "is no number of neighbours", remedy)
        })
    }
}

impl Grouped for NeighbourColumns {
    type Thing = Listed;
    const WHAT: &'static str = "list of neighbours";

    fn code_column(&self) -> Column {
        self.list
    }

    fn meta_columns(&self) -> &MetaColumns {
        &self.meta
    }

    fn begin(&self, row: Row<'_>) -> Result<Listed, Problem> {
        let list = NeighboursAdopted {
            list: row.code(self.list, NeighboursId::new)?,
            area: row.code(self.area, AreaId::new)?,
            from: row.day(self.from)?,
            members: Vec::new(),
            average: row.word(self.average, &AVERAGES)?,
            at_least: 1,
        };
        Ok(Listed { list, at_least: self.at_least(row)?.unwrap_or(AtLeast::Of(1)) })
    }

    fn add(&self, listed: &mut Listed, row: Row<'_>) -> Result<(), Problem> {
        if self.at_least(row)?.is_some_and(|at_least| at_least != listed.at_least) {
            let text = row.text(self.at_least)?;
            return Err(self.at_least.problem(text, "contradicts the first row", "write the same, or leave it empty"));
        }
        let list = &mut listed.list;
        same(self.area, row.text(self.area)?, list.area.as_str())?;
        same(self.from, row.text(self.from)?, &list.from.to_string())?;
        if row.optional_word(self.average, &AVERAGES)?.is_some_and(|average| average != list.average) {
            let text = row.text(self.average)?;
            return Err(self.average.problem(text, "contradicts the first row", "write the same, or leave it empty"));
        }
        let member = row.code(self.member, AreaId::new)?;
        if list.members.contains(&member) || member == list.area {
            return Err(self.member.problem(
                member.as_str(),
                "is on the list already, or is the area itself",
                "take it out",
            ));
        }
        if list.members.len() >= NEIGHBOURS_MAX {
            return Err(Problem::whole(format!("is more than {NEIGHBOURS_MAX} neighbours"), "give the nearest alone"));
        }
        list.members.push(member);
        Ok(())
    }

    fn command(listed: Listed) -> Command {
        let at_least = match listed.at_least {
            AtLeast::Of(n) => n,
            AtLeast::All => u8::try_from(listed.list.members.len()).unwrap_or(u8::MAX),
        };
        Command::AdoptNeighbours(NeighboursAdopted { at_least, ..listed.list })
    }
}
