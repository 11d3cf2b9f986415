//! One reader for each kind of file: its columns, and what a row of it asks for.

mod cards;
mod definitions;
mod figures;
mod targets;
mod tidy;

pub(crate) use figures::{MISSING, STATUSES};

use crate::Defaults;
use crate::kind::Kind;
use crate::sheet::{Header, Rows};
use crate::table::Table;

/// Reads the rows of a file of this kind.
pub(crate) fn read(kind: Kind, table: &mut Table<'_>, header: &Header, defaults: &Defaults, rows: &mut Rows) {
    match kind {
        Kind::Areas => definitions::areas(table, header, defaults, rows),
        Kind::Cohorts => definitions::cohorts(table, header, defaults, rows),
        Kind::Measures => definitions::measures(table, header, defaults, rows),
        Kind::Neighbours => cards::neighbours(table, header, defaults, rows),
        Kind::Scorecards => cards::scorecards(table, header, defaults, rows),
        Kind::Targets => targets::targets(table, header, defaults, rows),
        Kind::Results => figures::results(table, header, defaults, rows),
        Kind::Tidy => tidy::results(table, header, defaults, rows),
        Kind::Benchmarks => figures::benchmarks(table, header, defaults, rows),
        Kind::Commentary => figures::commentary(table, header, defaults, rows),
        Kind::Actions => figures::actions(table, header, defaults, rows),
        Kind::Rules => definitions::rules(table, header, defaults, rows),
        Kind::Withdrawals => definitions::withdrawals(table, header, defaults, rows),
    }
}
