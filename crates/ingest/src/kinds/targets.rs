//! Targets with their minimum standards, and their withdrawal.

use domain::event::{TargetChanged, TargetWithdrawn};
use domain::limits::REASON_BYTES_MAX;
use domain::measure::Polarity;
use domain::target::{TargetKey, TermsError};
use domain::{Command, Decimal, Minimum, Owner, Period, Span, Target, Terms};

use crate::Defaults;
use crate::refusal::Problem;
use crate::row::{CellColumns, Column, Row};
use crate::sheet::{Header, Rows};
use crate::table::Table;

const OWNERS: [(&str, Owner); 3] =
    [("local", Owner::Local), ("service", Owner::Service), ("national", Owner::National)];

pub(super) fn targets(table: &mut Table<'_>, header: &Header, defaults: &Defaults, rows: &mut Rows) {
    // A target has a span, not a period; the cell's last column is never read here.
    let mut cells = CellColumns::new(header.columns(["measure", "area", "cohort", "from"]), &defaults.known.areas);
    let [owner, from, to, decision] = header.columns(["owner", "from", "to", "decision"]);
    let terms = TermsColumns {
        comparison: header.column("comparison"),
        target: header.column("target"),
        target_high: header.column("target_high"),
        minimum: header.column("minimum"),
        minimum_high: header.column("minimum_high"),
    };
    let meta = header.meta();
    rows.each(table, header, |row| {
        let meta = meta.read_with_reason(row, defaults)?;
        let series = cells.series(row)?;
        let owner = row.optional_word(owner, &OWNERS)?.unwrap_or(Owner::Local);
        let span = read_span(row, from, to)?;
        let terms = terms.read(row)?;
        row.required(decision)?;
        let decision = row.line(decision, REASON_BYTES_MAX)?.to_owned();
        let key = TargetKey { measure: series.measure, area: series.area, cohort: series.cohort, owner };
        let command = match terms {
            Some(terms) => Command::ChangeTarget(TargetChanged { key, span, terms, decision }),
            None => Command::WithdrawTarget(TargetWithdrawn { key, span, decision }),
        };
        Ok((command, meta))
    });
}

fn read_span(row: Row<'_>, from: Column, to: Column) -> Result<Span, Problem> {
    let first = row.period(from)?;
    let last = row.optional_period(to)?;
    Span::of_periods(first, last).ok_or_else(|| {
        let value = last.map(Period::code).unwrap_or_default();
        to.problem(&value, format!("ends before {} begins", first.code()), "give a later period, or leave it open")
    })
}

struct TermsColumns {
    comparison: Column,
    target: Column,
    target_high: Column,
    minimum: Column,
    minimum_high: Column,
}

/// How a result is compared, before the target's number is known.
#[derive(Clone, Copy)]
enum Comparison {
    /// With one number.
    One(fn(Decimal) -> Target),
    /// With two.
    Within,
    /// Not at all any more.
    Withdrawn,
}

const COMPARISONS: [(&str, Comparison); 6] = [
    ("at-least", Comparison::One(Target::AtLeast)),
    ("more-than", Comparison::One(Target::MoreThan)),
    ("at-most", Comparison::One(Target::AtMost)),
    ("less-than", Comparison::One(Target::LessThan)),
    ("within", Comparison::Within),
    ("none", Comparison::Withdrawn),
];

impl TermsColumns {
    /// `None` withdraws the target.
    fn read(&self, row: Row<'_>) -> Result<Option<Terms>, Problem> {
        match row.word(self.comparison, &COMPARISONS)? {
            Comparison::One(target) => self.one(row, target).map(Some),
            Comparison::Within => self.within(row).map(Some),
            Comparison::Withdrawn => {
                for column in [self.target, self.target_high, self.minimum, self.minimum_high] {
                    row.empty(column, "stands beside the comparison none, which withdraws the target")?;
                }
                Ok(None)
            }
        }
    }

    fn one(&self, row: Row<'_>, target: fn(Decimal) -> Target) -> Result<Terms, Problem> {
        row.empty(self.target_high, "is for the comparison within alone")?;
        row.empty(self.minimum_high, "is for the comparison within alone")?;
        let minimum = row.number(self.minimum)?.map_or(Minimum::Unknown, Minimum::Value);
        let terms = Terms { target: target(self.number(row, self.target)?), minimum };
        self.check(row, terms)
    }

    fn within(&self, row: Row<'_>) -> Result<Terms, Problem> {
        let target = Target::Within { low: self.number(row, self.target)?, high: self.number(row, self.target_high)? };
        let minimum = match (row.number(self.minimum)?, row.number(self.minimum_high)?) {
            (None, None) => Minimum::Unknown,
            (Some(low), Some(high)) => Minimum::Within { low, high },
            (Some(_), None) => return Err(self.other_end(self.minimum_high)),
            (None, Some(_)) => return Err(self.other_end(self.minimum)),
        };
        self.check(row, Terms { target, minimum })
    }

    fn number(&self, row: Row<'_>, column: Column) -> Result<Decimal, Problem> {
        row.number(column)?.ok_or_else(|| {
            let remedy = if column.name == self.target.name {
                "give the target's number, or the comparison none to withdraw the target"
            } else {
                "give both ends of the range"
            };
            column.problem("", "is empty", remedy)
        })
    }

    fn other_end(&self, column: Column) -> Problem {
        let both = format!("give both {} and {}, or neither", self.minimum.name, self.minimum_high.name);
        column.problem("", "is empty, although the range's other end is given", both)
    }

    /// Checks the terms by themselves; whether they fit the measure's polarity is for the book to say.
    fn check(&self, row: Row<'_>, terms: Terms) -> Result<Terms, Problem> {
        let Err(error) = terms.check(polarity_of(terms.target)) else {
            return Ok(terms);
        };
        let (column, remedy) = match error {
            TermsError::Backwards { .. } => (self.target_high, "exchange the two ends"),
            TermsError::MinimumBetter { .. } => {
                (self.minimum, "give a minimum standard that is easier to reach than the target, or the same")
            }
            TermsError::Polarity { .. } | TermsError::MinimumForm => (self.minimum, "give both ends of the range"),
        };
        Err(column.problem(row.text(column)?, format!("cannot stand: {error}"), remedy))
    }
}

/// The polarity that a target's own direction implies.
const fn polarity_of(target: Target) -> Polarity {
    match target {
        Target::AtLeast(_) | Target::MoreThan(_) => Polarity::Higher,
        Target::AtMost(_) | Target::LessThan(_) => Polarity::Lower,
        Target::Within { .. } => Polarity::Range,
    }
}
