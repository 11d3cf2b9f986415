//! Submitting, asking, retrying, and starting again.

use std::sync::Arc;

use domain::result::Colour;
use domain::{AreaId, AsOf, Command, Period, Position, Recorded, ScorecardId};
use engine::Error;
use engine::bounds::Bounds;
use engine::log::EventLog;
use ratings::Rating;
use reporting::grid;
use reporting::scorecard::Question;

use super::rig::{Rig, request, wait};
use crate::memory::Memory;
use crate::tests::logs::{open, options};
use crate::tests::stories::{cell, known, noon, record, target};
use crate::world::draw::SCORECARD;
use crate::world::{BEGIN_MICROS, instant, instruction};

fn question() -> Question {
    let (scorecard, area) = (ScorecardId::new(SCORECARD).unwrap(), AreaId::new("K").unwrap());
    Question { scorecard, period: "2018-01".parse().unwrap(), area }
}

/// What the scorecard's first row shows, as of a position.
fn first_row(rig: &Rig, position: Position) -> (Option<String>, Rating) {
    let as_of = rig.engine.resolve(Bounds { at_position: Some(position), ..Bounds::default() }).unwrap();
    let card = rig.engine.scorecard(&question(), as_of).unwrap();
    assert_eq!(card.basis.as_of, AsOf::position(position), "a receipt's position is the end of a commit");
    let row = card.sections[0].rows.iter().find(|row| row.cell == cell("2018-01")).unwrap();
    (row.result.as_ref().map(|result| result.entry.figure).map(|figure| format!("{figure:?}")), row.rating)
}

fn flow(rig: &Rig) {
    let (preview, receipt) =
        rig.submit(request(1, vec![record("2018-01", "95"), target("2018-01", None, 90)])).unwrap();
    assert_eq!(preview.unwrap().n_changes, 2);
    assert!(!receipt.already);
    assert_eq!(rig.engine.head().position, receipt.last, "what is answered is the published head");
    assert_eq!(rig.engine.chain_at(receipt.last).unwrap(), receipt.chain);
    assert_eq!(receipt.last.get() - receipt.first.get(), 2, "the submission, the result and the target");
    let (shown, rating) = first_row(rig, receipt.last);
    assert!(shown.unwrap().contains("95"));
    assert_eq!(rating, Rating::Rated(Colour::Green));
    let before = Position::new(receipt.first.get() - 1);
    assert_eq!(first_row(rig, before).0, None, "the position before it shows nothing of it");
}

#[test]
fn a_submission_is_on_the_scorecard_at_its_own_position() {
    flow(&Rig::defined(Arc::new(Memory::new())));
    let folder = tempfile::tempdir().unwrap();
    flow(&Rig::defined(Arc::new(open(&options(&folder)))));
}

#[test]
fn a_large_grid_is_the_grids_of_its_measures() {
    let rig = Rig::defined(Arc::new(Memory::new()));
    rig.submit(request(1, vec![record("2018-01", "95"), target("2018-01", None, 90)])).unwrap();
    let head = rig.engine.head().position;
    let months = std::iter::successors(Some("2030-12".parse::<Period>().unwrap()), |month| month.previous());
    let mut periods: Vec<Period> = months.take(1_000).collect();
    periods.reverse();
    let one = grid::Question {
        measures: vec![cell("2018-01").series.measure],
        areas: vec![AreaId::new("K").unwrap()],
        cohort: cell("2018-01").series.cohort,
        periods,
    };
    let many = grid::Question { measures: vec![one.measures[0].clone(); 40], ..one.clone() };
    let expected = rig.engine.grid(&one, AsOf::position(head)).unwrap();
    // With no bound on the position: it ends where its first slice does.
    let found = rig.engine.grid(&many, AsOf::position(Position::new(u64::MAX))).unwrap();
    assert!(expected.cells.iter().any(|cell| cell.rating() == Rating::Rated(Colour::Green)));
    assert_eq!(found.cells.len(), 40_000);
    assert_eq!(found.basis, expected.basis);
    let defined = expected.definitions.iter().next().unwrap();
    assert!(found.definitions.iter().eq(std::iter::repeat_n(defined, 40)));
    let shown = |grid: &grid::Grid, cell: &grid::GridCell| {
        (grid.figure(cell), grid.target(cell), cell.rating(), cell.direction())
    };
    for (found_cell, expected_cell) in found.cells.iter().zip(expected.cells.iter().cycle()) {
        assert_eq!(shown(&found, found_cell), shown(&expected, expected_cell));
    }
}

#[test]
fn the_same_submission_again_is_answered_as_the_first_time_and_another_content_is_a_conflict() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(&folder);
    let rig = Rig::defined(Arc::new(open(&options)));
    let (_, first) = rig.submit(request(1, vec![record("2018-01", "95")])).unwrap();
    rig.submit(request(2, vec![record("2018-01", "96")])).unwrap();
    let head = rig.engine.head();
    let assert_answers = |rig: &Rig| {
        let (preview, again) = rig.submit(request(1, vec![record("2018-01", "95")])).unwrap();
        assert_eq!(preview, None, "a retry decides nothing");
        assert_eq!(again, engine::submission::Receipt { already: true, ..first.clone() });
        match rig.submit(request(1, vec![record("2018-01", "97")])) {
            Err(Error::Conflict { id }) => assert_eq!(id, first.submission),
            other => panic!("{other:?}"),
        }
        assert_eq!(rig.engine.head(), head, "nothing is recorded");
    };
    assert_answers(&rig);
    rig.stop().unwrap();
    let rig = Rig::start(Arc::new(open(&options)));
    assert_answers(&rig);
}

#[test]
fn without_an_identifier_the_digest_gives_one() {
    let rig = Rig::defined(Arc::new(Memory::new()));
    let anonymous = || engine::submission::Request { id: None, ..request(1, vec![record("2018-01", "95")]) };
    let (_, first) = rig.submit(anonymous()).unwrap();
    let (_, again) = rig.submit(anonymous()).unwrap();
    assert_eq!((again.submission, again.last, again.already), (first.submission, first.last, true));
}

#[test]
fn what_is_recorded_is_what_was_previewed() {
    let rig = Rig::defined(Arc::new(Memory::new()));
    let wanted = || request(1, vec![record("2018-01", "95"), record("2018-02", "96"), target("2018-01", None, 90)]);
    let preview = rig.preview(wanted());
    let (recorded, receipt) = rig.submit(wanted()).unwrap();
    let unreviewed = engine::submission::Preview { review: None, ..preview.clone() };
    assert_eq!(recorded, Some(unreviewed));
    let records = rig.engine.read(Position::new(receipt.first.get() - 1), 100).unwrap();
    let names: Vec<_> = records.iter().map(|record| record.event.name()).collect();
    assert_eq!(names, ["SubmissionReceived", "ResultRecorded", "ResultRecorded", "TargetChanged"]);
    assert_eq!(u64::try_from(names.len()).unwrap(), 1 + preview.n_changes);
    let again = rig.preview(request(2, wanted().instructions));
    assert!(again.unchanged());
    assert_eq!(again.tallies["result"].unchanged, 2);
}

#[test]
fn a_preview_is_accepted_after_unrelated_changes_and_refused_after_related_ones() {
    let rig = Rig::defined(Arc::new(Memory::new()));
    rig.submit(request(1, vec![record("2018-01", "43.441")])).unwrap();
    let wanted = |id, expected| engine::submission::Request { expected, ..request(id, vec![record("2018-01", "50")]) };
    let token = rig.token(wanted(10, None));
    rig.submit(request(2, vec![record("2018-02", "7"), target("2018-01", None, 90)])).unwrap();
    let other = wanted(10, Some(token));
    assert!(rig.submit(other).is_ok(), "a figure of another month is unrelated");

    rig.submit(request(3, vec![record("2018-01", "43.442")])).unwrap();
    let token = rig.token(wanted(11, None));
    // It is shown as the same number, but it is another one.
    rig.submit(request(4, vec![record("2018-01", "43.443")])).unwrap();
    let head = rig.engine.head();
    match rig.submit(wanted(11, Some(token))) {
        Err(Error::Changed(preview)) => assert_ne!(preview.token.digest, token.digest, "the new preview is another"),
        other => panic!("{other:?}"),
    }
    assert_eq!(rig.engine.head(), head, "nothing is recorded");
    let token = rig.token(wanted(11, None));
    rig.submit(wanted(11, Some(token))).unwrap();
}

#[test]
fn what_a_request_replaces_of_itself_is_no_change_by_others() {
    let rig = Rig::defined(Arc::new(Memory::new()));
    let wanted = |expected| {
        let targets = vec![target("2018-01", None, 90), target("2018-02", None, 91)];
        engine::submission::Request { expected, ..request(10, targets) }
    };
    let token = rig.token(wanted(None));
    rig.submit(request(1, vec![record("2018-02", "7")])).unwrap();
    rig.submit(wanted(Some(token))).expect("only the head has moved");
}

#[test]
fn what_holds_for_a_request_holds_for_what_in_it_does_not_say_otherwise() {
    let rig = Rig::defined(Arc::new(Memory::new()));
    rig.set_clock(noon(9));
    let mut silent = record("2018-02", "7");
    silent.why = domain::result::Why::default();
    let cause = Some(domain::result::Cause::MethodChange);
    let why = domain::result::Why { reason: "the request's".to_owned(), cause };
    let wanted = vec![known(2, record("2018-01", "5")), silent];
    let (_, receipt) =
        rig.submit(engine::submission::Request { known_at: Some(noon(3)), why, ..request(1, wanted) }).unwrap();
    let records = rig.engine.read(receipt.first, 10).unwrap();
    let told: Vec<_> =
        records.iter().map(|it| (it.known_at, it.attribution.why.reason.as_str(), it.attribution.why.cause)).collect();
    assert_eq!(told, [(noon(2), "because", cause), (noon(3), "the request's", cause)]);
    let received = rig.engine.read(Position::new(receipt.first.get() - 1), 1).unwrap();
    assert_eq!(received[0].known_at, receipt.recorded_at, "the submission itself is known when it comes in");
}

#[test]
fn a_preview_accepts_no_other_request_than_its_own() {
    let rig = Rig::defined(Arc::new(Memory::new()));
    let token = rig.token(request(1, vec![record("2018-01", "43.441")]));
    let other = engine::submission::Request { expected: Some(token), ..request(1, vec![record("2018-01", "43.442")]) };
    assert!(matches!(rig.submit(other), Err(Error::Changed(_))), "both are shown as the same number");
}

#[test]
fn a_refused_submission_records_nothing_and_can_be_mended() {
    let rig = Rig::defined(Arc::new(Memory::new()));
    let head = rig.engine.head();
    let wrong = vec![record("2018-01", "95"), record("2018-01", "96")];
    match rig.submit(request(1, wrong)) {
        Err(Error::Refused(preview)) => {
            assert_eq!(preview.n_refusals, 1);
            assert!(!preview.refusals[0].remedy.is_empty());
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(rig.engine.head(), head);
    assert_eq!(rig.engine.received(domain::SubmissionId([1; 16])), None);
    rig.submit(request(1, vec![record("2018-01", "95")])).expect("its identifier is still free");
}

#[test]
fn refused_rows_can_be_set_aside_and_are_then_records_of_their_own() {
    let rig = Rig::defined(Arc::new(Memory::new()));
    let mut unknown = record("2018-01", "96");
    if let Command::RecordResult(it) = &mut unknown.command {
        it.cell.series.area = AreaId::new("nowhere").unwrap();
    }
    let wanted = vec![record("2018-01", "95"), unknown, record("2018-02", "97")];
    let aside = engine::submission::Request { set_aside: true, ..request(1, wanted) };
    let preview = rig.preview(aside.clone());
    assert_eq!((preview.n_refusals, preview.n_set_aside, preview.n_changes), (0, 1, 2));
    let (_, receipt) = rig.submit(aside).unwrap();
    let records = rig.engine.read(receipt.first, 100).unwrap();
    let aside: Vec<&Recorded> = records.iter().filter(|it| it.event.name() == "RowSetAside").collect();
    let [Recorded { event: domain::Event::RowSetAside(row), .. }] = aside.as_slice() else { panic!("{aside:?}") };
    assert_eq!(row.field, "area");
    assert!(row.problem.contains("nowhere"), "{}", row.problem);
    assert_eq!(records.len(), 3, "two results and the row");
}

#[test]
fn a_preview_that_sets_aside_what_is_known_in_the_future_can_be_accepted_later() {
    let rig = Rig::defined(Arc::new(Memory::new()));
    let wanted = vec![record("2018-01", "95"), known(9, record("2018-02", "97"))];
    let aside = engine::submission::Request { set_aside: true, ..request(1, wanted) };
    let expected = Some(rig.token(aside.clone()));
    rig.set_clock(noon(1));
    let (preview, _) = rig.submit(engine::submission::Request { expected, ..aside }).unwrap();
    assert_eq!(preview.unwrap().n_set_aside, 1);
}

#[test]
fn a_clock_that_stands_still_or_jumps_back_still_gives_later_instants() {
    let rig = Rig::defined(Arc::new(Memory::new()));
    let mut last = None;
    for (id, clock) in (1..).zip([0, 0, 500, -1_000_000, -5, 500, 501, 0]) {
        rig.set_clock(instant(BEGIN_MICROS + clock));
        let (_, receipt) = rig.submit(request(id, vec![record("2018-01", &id.to_string())])).unwrap();
        assert!(last.is_none_or(|last| last < receipt.recorded_at), "{last:?}, {receipt:?}");
        last = Some(receipt.recorded_at);
    }
    let records = rig.engine.read(Position::START, 1_000).unwrap();
    for pair in records.windows(2) {
        let (before, after) = (pair[0].recorded_at, pair[1].recorded_at);
        let told = format!("at {}", pair[1].position);
        assert!(if pair[0].last_of_commit { before < after } else { before == after }, "{told}");
    }
}

#[test]
fn a_backfill_cannot_be_known_in_the_future_and_is_said_in_every_answer_that_rests_on_it() {
    let rig = Rig::defined(Arc::new(Memory::new()));
    let refused = rig.submit(request(1, vec![known(1, record("2018-01", "95"))]));
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    rig.set_clock(noon(2));
    let (_, receipt) = rig.submit(request(1, vec![known(1, record("2018-01", "95"))])).unwrap();
    let as_of = |bounds| rig.engine.resolve(bounds).unwrap();
    let stands = |bounds| {
        let (row, basis) = rig.engine.explain(&cell("2018-01"), as_of(bounds)).unwrap();
        (row.result.is_some(), basis.n_backfilled)
    };
    assert_eq!(stands(Bounds::default()), (true, 1), "the answer says that it rests on a backfill");
    // Noon of day 1 is on 2 January.
    let day = |day| Bounds { known_on: Some(domain::Date::constant(2018, 1, day)), ..Bounds::default() };
    assert_eq!(stands(day(1)), (false, 0));
    assert_eq!(stands(day(2)), (true, 1), "a day is its end");
    assert_eq!(receipt.recorded_at, noon(2));
}

#[test]
fn what_scorebook_held_then_has_no_backfill_that_was_recorded_later() {
    let rig = Rig::defined(Arc::new(Memory::new()));
    rig.set_clock(noon(2));
    let (_, first) = rig.submit(request(1, vec![record("2018-01", "95")])).unwrap();
    rig.set_clock(noon(9));
    let (_, late) = rig.submit(request(2, vec![known(1, record("2018-02", "96"))])).unwrap();
    let ask = |bounds| {
        let as_of = rig.engine.resolve(bounds).unwrap();
        let stands = |period| rig.engine.explain(&cell(period), as_of).unwrap().0.result.is_some();
        (as_of.position, stands("2018-01"), stands("2018-02"))
    };
    let by = |at| Bounds { recorded_by: Some(at), ..Bounds::default() };
    let known = |bounds| Bounds { known_at: Some(noon(3)), ..bounds };
    assert_eq!(ask(known(Bounds::default())), (late.last, true, true), "as known then it shows");
    assert_eq!(ask(known(by(noon(3)))), (first.last, true, false), "and Scorebook did not hold it");
    assert_eq!(ask(by(noon(9))), (late.last, true, true), "an instant includes what was taken in at it");
    let before = first.recorded_at.micros() - 1;
    assert!(ask(by(domain::Timestamp::from_micros(before).unwrap())).0 < first.first);
    let day = |day| Bounds { recorded_on: Some(domain::Date::constant(2018, 1, day)), ..Bounds::default() };
    // Noon of day 2 is on 3 January.
    assert!(!ask(day(2)).1);
    assert_eq!(ask(day(3)), (first.last, true, false));
    let lowest = Bounds { at_position: Some(late.last), ..by(noon(3)) };
    assert_eq!(ask(lowest).0, first.last);
    let lowest = Bounds { at_position: Some(first.last), ..by(noon(9)) };
    assert_eq!(ask(lowest).0, first.last);
    let nothing = rig.engine.resolve(by(domain::Timestamp::from_micros(0).unwrap())).unwrap();
    assert_eq!(nothing.position, Position::START);
    let both = Bounds { recorded_by: Some(noon(3)), ..day(3) };
    assert!(matches!(rig.engine.resolve(both), Err(Error::Request { field: "recorded_by", .. })));
}

#[test]
fn whoever_may_not_do_something_is_told_what_before_anything_is_decided() {
    use engine::permissions::{Act, Permissions};
    let log: Arc<dyn EventLog> = Arc::new(Memory::new());
    Rig::defined(Arc::clone(&log)).stop().unwrap();
    let only = |acts: &[Act]| Permissions { asserted: acts.iter().copied().collect(), authenticated: Act::ALL.into() };
    let denied = |acts: &[Act], instructions| {
        let options = engine::Options {
            clock: Arc::new(|| noon(9)),
            permissions: only(acts),
            elsewhere: None,
            newest_format: engine::log::FORMAT,
        };
        let (engine, _writer) = engine::Engine::start(Arc::clone(&log), options).unwrap();
        match engine.prepare(request(1, instructions)) {
            Err(Error::Denied { act, .. }) => Some(act),
            Ok(_) => None,
            Err(error) => panic!("{error}"),
        }
    };
    let backfill = || vec![known(1, record("2018-01", "95"))];
    assert_eq!(denied(&[Act::Record], backfill()), Some(Act::Backfill));
    assert_eq!(denied(&[Act::Record, Act::Backfill], backfill()), None);
    assert_eq!(denied(&[Act::Record], vec![target("2018-01", None, 90)]), Some(Act::SetTargets));
    assert_eq!(denied(&[], vec![record("2018-01", "95")]), Some(Act::Record));
    let withdrawal = instruction(Command::WithdrawResult(cell("2018-01")));
    assert_eq!(denied(&[Act::Record], vec![withdrawal]), Some(Act::RollBack));
}

#[test]
fn a_day_ends_with_its_last_microsecond_where_the_authority_is() {
    let rig = Rig::defined(Arc::new(Memory::new()));
    for (month, day, end) in [
        (1, 31, "2018-01-31T23:59:59.999999Z"),
        (6, 30, "2018-06-30T22:59:59.999999Z"),
        (3, 25, "2018-03-25T22:59:59.999999Z"),
        (10, 28, "2018-10-28T23:59:59.999999Z"),
    ] {
        let day = domain::Date::new(2018, month, day).unwrap();
        assert_eq!(rig.engine.end_of_day(day).unwrap().to_string(), end);
        let bounds = Bounds { known_on: Some(day), ..Bounds::default() };
        assert_eq!(rig.engine.resolve(bounds).unwrap().known_at, Some(end.parse().unwrap()));
        let both = Bounds { known_at: Some(noon(1)), ..bounds };
        assert!(matches!(rig.engine.resolve(both), Err(Error::Request { .. })));
    }
}

#[test]
fn reaching_a_position_waits_until_it_is_there() {
    let rig = Rig::defined(Arc::new(Memory::new()));
    let head = rig.engine.head().position;
    wait(rig.engine.reach(head)).unwrap();
    let next = head.plus(2);
    std::thread::scope(|scope| {
        let reached = scope.spawn(|| {
            wait(rig.engine.reach(next)).unwrap();
            rig.engine.head().position
        });
        rig.submit(request(1, vec![record("2018-01", "95")])).unwrap();
        assert!(reached.join().unwrap() >= next);
    });
    let after = Bounds { at_position: Some(next.next()), ..Bounds::default() };
    assert!(matches!(rig.engine.resolve(after), Err(Error::AfterHead { .. })));
}

#[test]
fn many_threads_submit_at_once_and_every_acknowledged_submission_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(&folder);
    let rig = Rig::defined(Arc::new(open(&options)));
    let receipts: Vec<_> = std::thread::scope(|scope| {
        let submit = |thread: u8| {
            let rig = &rig;
            let one = move |number: u8| {
                let value = u32::from(thread) * 100 + u32::from(number);
                let wanted = request(thread * 20 + number, vec![record("2018-01", &value.to_string())]);
                rig.submit(wanted).unwrap().1
            };
            scope.spawn(move || (0..20).map(one).collect::<Vec<_>>())
        };
        let threads: Vec<_> = (0..8).map(submit).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let head = rig.engine.head();
    rig.stop().unwrap();
    let journal = open(&options);
    assert_eq!(journal.head(), head);
    let records = journal.read(Position::START, usize::MAX).unwrap();
    let dense = (1..).zip(&records).all(|(position, record)| record.position == Position::new(position));
    assert!(dense && records.len() == usize::try_from(head.position.get()).unwrap());
    assert_eq!(receipts.len(), 160);
    let mut taken = std::collections::BTreeSet::new();
    for receipt in &receipts {
        assert!(!receipt.already && taken.insert(receipt.first), "two submissions at {}", receipt.first);
        assert_eq!(journal.chain_at(receipt.last).unwrap(), Some(receipt.chain));
        let its: Vec<_> = records.iter().filter(|record| record.attribution.submission == receipt.submission).collect();
        assert_eq!(its.first().unwrap().position, receipt.first);
        assert!(its.last().unwrap().last_of_commit && its.last().unwrap().position == receipt.last);
    }
}

#[test]
fn a_log_is_opened_once_and_an_empty_one_is_not_served() {
    let log = Memory::new();
    let refused = engine::Engine::start(
        Arc::new(Memory::new()),
        engine::Options {
            clock: Arc::new(|| noon(0)),
            permissions: engine::permissions::Permissions::local(),
            elsewhere: None,
            newest_format: engine::log::FORMAT,
        },
    );
    assert!(matches!(refused.err(), Some(Error::NotOpened)));
    let opening = || engine::Opening {
        log: domain::LogId([3; 16]),
        authority: AreaId::new("K").unwrap(),
        time_zone: "Europe/London".to_owned(),
        format: engine::log::FORMAT,
        actor: crate::world::actor(),
    };
    let clock: engine::writer::Clock = Arc::new(|| noon(0));
    let nowhere = engine::Opening { time_zone: "Europe/Nowhere".to_owned(), ..opening() };
    assert!(matches!(engine::Engine::open_log(&log, nowhere, &clock), Err(Error::TimeZone { .. })));
    assert_eq!(log.head(), engine::log::Head::EMPTY);
    engine::Engine::open_log(&log, opening(), &clock).unwrap();
    let head = log.head();
    assert!(matches!(engine::Engine::open_log(&log, opening(), &clock), Err(Error::AlreadyOpened { .. })));
    assert_eq!(log.head(), head);
}

#[test]
fn an_unknown_rule_is_refused() {
    let rig = Rig::defined(Arc::new(Memory::new()));
    let rule = domain::event::RuleAdopted {
        rule: domain::RuleId::new("kent.9").unwrap(),
        measure: None,
        from: domain::Date::constant(2018, 1, 1),
    };
    let refused = rig.submit(request(1, vec![instruction(Command::AdoptRatingRule(rule))]));
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
}
