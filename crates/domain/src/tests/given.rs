//! What one submission says of one thing more than once, in any order of instants.

use std::num::NonZeroU32;

use super::rig::{Rig, cell, entry, give, known, record, stated};
use crate::command::Command;
use crate::decide::Rejection;
use crate::event::ResultRecorded;
use crate::preview::Tally;
use crate::{Decimal, Event, Figure, Instruction, Origin};

/// How much of the results changes, and how many records there would be.
#[track_caller]
fn tally(instructions: Vec<Instruction>) -> (Tally, usize) {
    let decision = Rig::new().decide(instructions);
    assert_eq!(decision.rejected, []);
    (decision.tallies["result"], decision.drafts.len())
}

#[test]
fn a_row_is_compared_with_what_was_known_then_and_not_with_the_row_above_it() {
    let rows = vec![
        known(30, record("kpi", "2018-01", "3")),
        known(10, record("kpi", "2018-01", "1")),
        known(20, record("kpi", "2018-01", "1")),
        known(40, record("kpi", "2018-01", "3")),
        known(25, record("kpi", "2018-02", "3")),
    ];
    assert_eq!(tally(rows), (Tally { new: 3, unchanged: 2, ..Tally::default() }, 3));
}

#[test]
fn a_row_that_changed_nothing_is_recorded_when_a_later_row_comes_between() {
    let rows = vec![
        known(20, record("kpi", "2018-01", "1")),
        known(30, record("kpi", "2018-01", "1")),
        known(25, record("kpi", "2018-01", "2")),
    ];
    assert_eq!(tally(rows), (Tally { new: 1, revised: 2, ..Tally::default() }, 3));
}

#[test]
fn a_withdrawal_in_the_same_submission_empties_the_cell() {
    let rows = vec![
        known(10, record("kpi", "2018-01", "1")),
        known(20, Command::WithdrawResult(cell("kpi", "2018-01"))),
        known(30, record("kpi", "2018-01", "1")),
    ];
    assert_eq!(tally(rows), (Tally { new: 2, withdrawn: 1, ..Tally::default() }, 3));
}

#[test]
fn a_refused_row_is_not_the_first_of_two() {
    let (one, none) = (Decimal::whole(1), Decimal::whole(0));
    let figure = Figure::Counted { numerator: one, denominator: none, stated: None };
    let undivided = Command::RecordResult(ResultRecorded { cell: cell("kpi", "2018-01"), entry: entry(figure) });
    let rows = [undivided, record("kpi", "2018-01", "1"), record("kpi", "2018-01", "2"), record("kpi", "2018-01", "1")];
    let line = |line| NonZeroU32::new(line).map(|line| Origin { file: 0, line });
    let rows = (2..).zip(rows).map(|(number, row)| Instruction { origin: line(number), ..give(row) });
    let decision = Rig::new().decide(rows.collect());
    let rejected: Vec<_> = decision.rejected.iter().map(|rejected| rejected.instruction).collect();
    assert_eq!((rejected, decision.drafts.len()), (vec![0, 2, 3], 1));
    let twice = Rejection::Duplicate { what: "result", first: line(3) };
    assert_eq!(decision.rejected.iter().filter(|it| it.rejection == twice).count(), 2);
}

#[test]
fn a_commentary_is_about_the_result_that_the_same_submission_records() {
    let rig = Rig::new();
    let about = |rows: &[Command]| {
        let decision = rig.decide(rows.iter().cloned().map(give).collect());
        assert_eq!(decision.rejected, []);
        let written = decision.drafts.iter().find_map(|draft| match draft.other()? {
            Event::CommentaryWritten(written) => Some(written.about),
            _ => None,
        });
        written.expect("a commentary")
    };
    let write = Command::WriteCommentary { cell: cell("kpi", "2018-02"), text: "why".to_owned() };
    let record =
        |period| Command::RecordResult(ResultRecorded { cell: cell("kpi", period), entry: entry(stated("1")) });
    // The submission itself is the first record.
    assert_eq!(about(&[record("2018-01"), record("2018-02"), write.clone()]), Some(rig.head().plus(3)));
    assert_eq!(about(&[record("2018-01"), write.clone(), record("2018-02")]), None);
    assert_eq!(about(&[write]), None);
}
