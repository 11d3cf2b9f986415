//! The log's format: what it may hold, and how it is raised.

use super::rig::{Rig, give, known, record};
use crate::Position;
use crate::command::Command;
use crate::decide::Rejection;
use crate::event::{Average, Event, FIRST_FORMAT, FORMAT, LogOpened, NeighboursAdopted};
use crate::ids::{AreaId, NeighboursId};
use crate::preview::Drafted;
use crate::time::Date;

#[test]
fn a_log_is_raised_once_to_a_later_format_and_from_there_on() {
    let mut rig = Rig::new();
    let before = rig.head();
    assert_eq!(rig.book.format(before), FIRST_FORMAT);
    let (_, decision) = rig.put_in(vec![give(Command::RaiseFormat(2))]);
    let change = &decision.changes[0];
    assert_eq!(
        (change.subject.as_str(), change.before.as_str(), change.after.as_str()),
        ("log format 2", "format 1", "format 2")
    );
    assert_eq!(decision.drafts.last().and_then(Drafted::other), Some(&Event::FormatRaised(2)));
    assert_eq!(rig.book.format(rig.head()), 2);
    assert_eq!(rig.book.format(before), FIRST_FORMAT, "what was before it is as it was");
    assert_eq!(rig.book.format(before.next()), FIRST_FORMAT, "its submission's first record is before it");
    let again = rig.decide(vec![give(Command::RaiseFormat(2))]);
    assert_eq!((again.drafts.len(), again.rejected.len(), again.tallies["log format"].unchanged), (0, 0, 1));
}

#[test]
fn a_format_is_neither_lowered_nor_raised_beyond_this_program() {
    let rig = Rig::new();
    let earlier = rig.rejects(give(Command::RaiseFormat(0)));
    assert_eq!(earlier.to_string(), "format 0 is earlier than the log's, which is 1");
    let later = rig.rejects(give(Command::RaiseFormat(FORMAT + 1)));
    assert_eq!(later.to_string(), "format 4 is newer than what this program reads and writes, which is 3");
    assert_eq!(later.remedy(), "upgrade this program first, or give an earlier one");
    assert_eq!((earlier.field(), later.field()), ("format", "format"));
}

#[test]
fn a_format_is_raised_alone_for_a_reason_and_for_good() {
    let mut rig = Rig::new();
    let together = rig.decide(vec![give(Command::RaiseFormat(2)), give(record("kpi", "2018-01", "1"))]);
    assert!(matches!(together.rejected[0].rejection, Rejection::NotAlone { .. }), "{together:?}");
    let mut unexplained = give(Command::RaiseFormat(2));
    unexplained.why.reason.clear();
    assert!(matches!(rig.rejects(unexplained), Rejection::NoReason { .. }));
    let (id, _) = rig.put_in(vec![give(Command::RaiseFormat(2))]);
    assert!(matches!(rig.rejects(give(Command::RollBackSubmission(id))), Rejection::CannotRollBack { .. }));
}

#[test]
fn when_it_was_known_does_not_matter_to_a_format() {
    let mut rig = Rig::new();
    rig.put_in(vec![known(5, Command::RaiseFormat(2))]);
    assert_eq!(rig.book.format(rig.head()), 2);
}

#[test]
fn nothing_is_recorded_that_the_logs_format_does_not_have() {
    let mut rig = Rig::new();
    rig.book.formats = vec![(Position::new(1), 0)];
    let needs = rig.rejects(give(record("kpi", "2018-01", "1")));
    assert_eq!(needs.to_string(), "ResultRecorded needs a log of format 1, and this one is of format 0");
    assert_eq!(needs.remedy(), "raise it once every node is upgraded: `scorebook log raise-format 1`");
    rig.put_in(vec![give(Command::RaiseFormat(1))]);
    rig.put_in(vec![give(record("kpi", "2018-01", "1"))]);
}

#[test]
fn an_event_says_which_format_a_program_must_know_to_read_on() {
    let rig = Rig::new();
    let opened = |format| Event::LogOpened(LogOpened { format, ..rig.book.log().unwrap().clone() });
    assert_eq!([opened(1).format(), opened(7).format()], [1, 7]);
    assert_eq!(
        [Event::FormatRaised(1).format(), Event::FormatRaised(2).format(), Event::FormatRaised(9).format()],
        [2, 2, 9]
    );
    assert!(!Event::FormatRaised(2).stands());
    assert_eq!([1, 2, 32].map(|at_least| Event::NeighboursAdopted(list(at_least)).format()), [1, 2, 2]);
}

fn list(at_least: u8) -> NeighboursAdopted {
    NeighboursAdopted {
        list: NeighboursId::new("near").unwrap(),
        area: AreaId::new("K").unwrap(),
        from: Date::constant(2018, 1, 1),
        members: vec![AreaId::new("E").unwrap(), AreaId::new("K").unwrap()],
        average: Average::Mean,
        at_least,
    }
}

#[test]
fn a_list_that_asks_for_more_than_one_member_needs_the_second_format_and_no_more_than_there_are() {
    let mut rig = Rig::new();
    let adopt = |at_least| give(Command::AdoptNeighbours(list(at_least)));
    let (id, _) = rig.put_in(vec![adopt(1)]);
    let needs = rig.rejects(adopt(2));
    assert_eq!(needs.to_string(), "NeighboursAdopted needs a log of format 2, and this one is of format 1");
    rig.put_in(vec![give(Command::RaiseFormat(2))]);
    assert_eq!(rig.decide(vec![adopt(2)]).rejected, []);
    for refused in [0, 3] {
        assert_eq!(
            rig.rejects(adopt(refused)).to_string(),
            format!("at_least {refused} is not 1 to the number of neighbours")
        );
    }
    rig.put_in(vec![adopt(2)]);
    let standing = |book: &crate::Book| {
        let found = book.neighbours(&list(1).area, Date::constant(2018, 1, 1), crate::AsOf::position(Position::MAX));
        found.map(|revision| revision.value.value.at_least)
    };
    assert_eq!(standing(&rig.book), Some(2));
    let day_before = Date::constant(2017, 12, 31);
    assert_eq!(rig.book.neighbours(&list(1).area, day_before, crate::AsOf::position(Position::MAX)), None);
    rig.put_in(vec![give(Command::RollBackSubmission(id))]);
    assert_eq!(standing(&rig.book), Some(2), "the later adoption stands by itself");
}
