//! Publishing: what is refused, what is recorded, and how a request that comes again is answered.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::event::ResultRecorded;
use domain::limits::{CONTENT_BYTES_MAX, TEXT_BYTES_MAX};
use domain::view::CommitteeAct;
use domain::{AreaId, Command, Meeting, Position, ScorecardId, SubmissionId, ViewId};
use engine::bounds::Bounds;
use engine::permissions::{Act, Permissions};
use engine::{Engine, Error, Options, Publication, log, sha256};
use reporting::publication::Issue;
use reporting::scorecard::Question;
use reporting::views::{Filter, Replay, Unserved};

use super::rig::{Rig, request, wait};
use crate::memory::Memory;
use crate::tests::stories::record;
use crate::world::draw::SCORECARD;
use crate::world::{actor, instant, instruction};

fn publication(over: &str) -> Publication {
    Publication {
        id: None,
        digest: sha256(over.as_bytes()),
        actor: actor(),
        question: Question {
            scorecard: ScorecardId::new(SCORECARD).unwrap(),
            period: "2018-01".parse().unwrap(),
            area: AreaId::new("K").unwrap(),
        },
        meeting: Meeting { committee: "Cabinet".to_owned(), on: "2018-02-20".parse().unwrap() },
        view: None,
        bounds: Bounds::default(),
        checked: None,
        over: over.to_owned(),
    }
}

/// Nothing is Red: there are no targets. Without a figure there is much to answer for.
fn rig() -> Rig {
    let rig = Rig::defined(Arc::new(Memory::new()));
    rig.submit(request(1, vec![record("2018-01", "95")])).unwrap();
    rig
}

fn end(rig: Rig) {
    rig.engine.stop();
    rig.stop().unwrap();
}

#[test]
fn a_view_is_published_over_warnings_with_a_reason_and_is_listed_and_served() {
    let rig = rig();
    let pinned = rig.engine.head().position;
    let proposed = rig.engine.propose(&publication("")).unwrap();
    assert_eq!(rig.engine.head().position, pinned, "a check records nothing");
    assert!(proposed.check.findings.iter().any(|it| it.issue == Issue::NoTarget), "{:?}", proposed.check);
    let Err(Error::Unpublishable(check)) = wait(rig.engine.publish(publication(" "))) else { panic!("no reason") };
    assert_eq!(*check, proposed.check);
    let (entry, published, receipt) = wait(rig.engine.publish(publication("agreed"))).unwrap();
    assert_eq!((entry.published.view.as_str(), entry.published.position), ("card-2018-01-2018-02-20", pinned));
    assert_eq!((entry.over, &entry.provenance.reason), (proposed.check.warnings(), &"agreed".to_owned()));
    assert_eq!(published.unwrap().sha256, proposed.sha256);
    assert_eq!(rig.engine.views(&Filter::default(), receipt.last).len(), 1);
    let view = rig.engine.view(&entry.published.view, receipt.last).unwrap();
    assert_eq!((view.text, view.replay), (proposed.text, Replay::Same));
    end(rig);
}

#[test]
fn a_request_that_comes_again_is_answered_as_the_first_time_whatever_changed_since() {
    let rig = rig();
    let (first, _, receipt) = wait(rig.engine.publish(publication("agreed"))).unwrap();
    assert!(!receipt.already);
    rig.submit(request(2, vec![record("2018-01", "5")])).unwrap();
    let head = rig.engine.head().position;
    assert!(rig.engine.published_before(&publication("agreed")));
    let (again, check, receipt) = wait(rig.engine.publish(publication("agreed"))).unwrap();
    assert_eq!((again, check, receipt.already), (first, None, true));
    assert_eq!(rig.engine.head().position, head, "nothing was recorded");

    let Err(Error::ViewThere { view }) = wait(rig.engine.publish(publication("otherwise"))) else { panic!("a second") };
    assert_eq!(view.as_str(), "card-2018-01-2018-02-20");
    let other = Publication { view: Some(ViewId::new("second").unwrap()), ..publication("otherwise") };
    let (second, _, _) = wait(rig.engine.publish(other.clone())).unwrap();
    assert_eq!((second.published.view.as_str(), second.published.position), ("second", head));
    let taken = Publication { id: Some(SubmissionId([1; 16])), view: Some(ViewId::new("third").unwrap()), ..other };
    assert!(matches!(wait(rig.engine.publish(taken)), Err(Error::Conflict { .. })), "the identifier is another's");
    end(rig);
}

#[test]
fn a_view_of_another_area_has_it_in_its_code() {
    let rig = rig();
    let mut other = publication("agreed");
    other.question.area = AreaId::new("E").unwrap();
    if let Ok(proposed) = rig.engine.propose(&other) {
        assert_eq!(proposed.view.as_str(), "card-2018-01-2018-02-20-e");
    } else {
        panic!("area E is defined");
    }
    end(rig);
}

#[test]
fn what_is_published_is_what_was_checked() {
    let rig = rig();
    let checked = rig.engine.propose(&publication("agreed")).unwrap();
    rig.submit(request(2, vec![record("2018-01", "5")])).unwrap();
    let position = checked.card.basis.as_of.position;
    let accepted = Publication { checked: Some(position), ..publication("agreed") };
    let (entry, _, _) = wait(rig.engine.publish(accepted)).unwrap();
    assert_eq!((entry.published.position, entry.published.content.digest()), (position, Some(checked.sha256)));
    end(rig);
}

#[test]
fn a_view_of_the_past_is_pinned_where_it_is_asked_for() {
    let rig = rig();
    let early = rig.engine.head().position;
    rig.submit(request(2, vec![record("2018-01", "5")])).unwrap();
    let at = Publication {
        bounds: Bounds { at_position: Some(early), ..Bounds::default() },
        checked: Some(Position::new(1)),
        ..publication("agreed")
    };
    let (entry, _, _) = wait(rig.engine.publish(at)).unwrap();
    assert_eq!(entry.published.position, early, "what is asked for goes before what was checked");
    let after = Publication {
        bounds: Bounds { at_position: Some(Position::new(9_999)), ..Bounds::default() },
        ..publication("agreed too")
    };
    assert!(matches!(wait(rig.engine.publish(after)), Err(Error::AfterHead { .. })));
    end(rig);
}

#[test]
fn a_view_is_pinned_to_today_at_the_latest() {
    let rig = rig();
    // Half past midnight of 15 July where the authority is.
    rig.set_clock("2018-07-14T23:30:00Z".parse().unwrap());
    let on = |day: &str| {
        let bounds = Bounds { known_on: Some(day.parse().unwrap()), ..Bounds::default() };
        rig.engine.propose(&Publication { bounds, ..publication("agreed") })
    };
    let end_of_today = "2018-07-15T22:59:59.999999Z".parse().unwrap();
    assert_eq!(on("2018-07-15").unwrap().card.basis.as_of.known_at, Some(end_of_today));
    assert!(on("2018-07-14").is_ok());
    let Err(Error::Request { field: "known_at", problem }) = on("2018-07-16") else { panic!("a K of tomorrow") };
    assert!(problem.contains("give 2018-07-15 (today) or an earlier day"), "{problem}");
    let at = |known_at| {
        let bounds = Bounds { known_at: Some(known_at), ..Bounds::default() };
        wait(rig.engine.publish(Publication { bounds, ..publication("agreed") }))
    };
    assert!(matches!(at(end_of_today.next()), Err(Error::Request { field: "known_at", .. })));
    assert!(at(end_of_today).is_ok());
    end(rig);
}

#[test]
fn a_view_that_is_published_already_is_told_by_the_check() {
    let rig = rig();
    wait(rig.engine.publish(publication("agreed"))).unwrap();
    let Err(Error::ViewThere { view }) = rig.engine.propose(&publication("")) else { panic!("a second") };
    assert_eq!(view.as_str(), "card-2018-01-2018-02-20");
    assert!(rig.engine.propose(&Publication { view: Some(ViewId::new("second").unwrap()), ..publication("") }).is_ok());
    end(rig);
}

#[test]
fn a_text_that_is_too_long_is_refused_with_what_is_longest_in_it() {
    let rig = rig();
    let Command::RecordResult(ResultRecorded { cell, .. }) = record("2018-01", "95").command else {
        panic!("a result")
    };
    let longest = "w".repeat(TEXT_BYTES_MAX);
    let shorter = longest.get(..TEXT_BYTES_MAX - 8).unwrap();
    let write = |n: usize, text: String| {
        let command = Command::WriteCommentary { cell: cell.clone(), text };
        rig.submit(request(u8::try_from(n).unwrap(), vec![instruction(command)])).unwrap();
    };
    // Its row is shown twice, rated and for information.
    let n_full = CONTENT_BYTES_MAX / TEXT_BYTES_MAX / 2;
    let some = |from: usize, to: usize| (from..to).for_each(|n| write(n, format!("{n:04} {shorter}")));
    some(2, n_full - 4);
    rig.engine.propose(&publication("")).expect("so much is kept");
    write(n_full - 4, longest.clone());
    some(n_full - 3, n_full + 2);
    let Err(Error::Request { field: "scorecard", problem }) = rig.engine.propose(&publication("")) else {
        panic!("it is kept")
    };
    let said = format!("its longest commentary, of {TEXT_BYTES_MAX} bytes, is about {}", cell.series.measure);
    assert!(problem.contains(&said) && problem.contains("at most 8388608 are kept"), "{problem}");
    end(rig);
}

#[test]
fn publishing_needs_its_permission_and_so_does_what_stands_beside() {
    let log = Arc::new(Memory::new());
    end(Rig::defined(log.clone()));
    let others: BTreeSet<Act> = Act::ALL.into_iter().filter(|act| *act != Act::Publish).collect();
    let permissions = Permissions { asserted: others.clone(), authenticated: others };
    let options = Options { clock: Arc::new(|| instant(0)), permissions, elsewhere: None, newest_format: log::FORMAT };
    let (engine, _writer) = Engine::start(log, options).unwrap();
    let denied = wait(engine.publish(publication("agreed")));
    assert!(matches!(denied, Err(Error::Denied { act: Act::Publish, .. })));
    assert!(engine.propose(&publication("")).is_ok(), "anybody may look");
    let noted =
        Command::RecordCommitteeAct { view: ViewId::new("v").unwrap(), act: CommitteeAct::Noted, text: String::new() };
    let denied = engine.prepare(request(9, vec![instruction(noted)]));
    assert!(matches!(denied, Err(Error::Denied { act: Act::Publish, .. })));
}

#[test]
fn what_cannot_be_a_view_is_refused_by_name() {
    let rig = rig();
    let long = Publication {
        meeting: Meeting { committee: "Cabinet".to_owned(), on: "2018-02-20".parse().unwrap() },
        question: Question { scorecard: ScorecardId::new(&"c".repeat(60)).unwrap(), ..publication("").question },
        ..publication("agreed")
    };
    let Err(Error::Request { field: "view", problem }) = rig.engine.propose(&long) else { panic!("a long code") };
    assert!(problem.contains("give another (--id)"), "{problem}");
    let nobody = Publication {
        meeting: Meeting { committee: String::new(), on: "2018-02-20".parse().unwrap() },
        ..publication("agreed")
    };
    assert!(matches!(wait(rig.engine.publish(nobody)), Err(Error::Refused(_))));
    let unknown = rig.engine.view(&ViewId::new("v").unwrap(), rig.engine.head().position).unwrap_err();
    assert!(matches!(unknown, Error::Unserved(Unserved::Unknown { .. })));
    end(rig);
}
