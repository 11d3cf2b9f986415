//! Views as they are listed and served.

use domain::decide::Sha256;
use domain::event::{ContentStored, Event};
use domain::measure::Content;
use domain::result::Why;
use domain::view::{CommitteeAct, FORM, ViewDraft, Warning, Warnings};
use domain::{AsOf, Command, Digest, Instruction, Meeting, Position, ScorecardId, ViewId};

use super::rig::{NOW, Rig, cell, define, definition, give, lay_out, local_target, question, record, row};
use crate::scorecard::scorecard;
use crate::view::write;
use crate::views::{Filter, Replay, Unserved, view, views};

/// As the rig's own.
const SHA256: Sha256 = super::rig::digest;

fn id(code: &str) -> ViewId {
    ViewId::new(code).unwrap()
}

fn meeting(committee: &str, day: &str) -> Meeting {
    Meeting { committee: committee.to_owned(), on: day.parse().unwrap() }
}

fn rig() -> Rig {
    let mut rig = Rig::new();
    let set = local_target("one", 85, Some(70));
    rig.on("2018-01-10").put_in(vec![define(definition("one")), lay_out(vec![row("one")]), set]);
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "90")]);
    rig
}

/// A view of what stands, as a meeting is given it.
fn publish(rig: &Rig, code: &str, meeting: Meeting) -> Instruction {
    let as_of = AsOf::position(rig.book.head());
    let card = scorecard(&rig.book, &question("2018-01"), as_of).unwrap();
    let warning = Warning { code: "old".to_owned(), subject: "one".to_owned(), words: "Old.".to_owned() };
    let draft = ViewDraft {
        view: id(code),
        scorecard: card.scorecard.clone(),
        period: card.period,
        area: card.area.clone(),
        text: write(&card, &meeting, |content| rig.book.text(content)),
        meeting,
        as_of,
        form: FORM.to_owned(),
        over: Warnings(vec![warning]),
    };
    let why = Why { reason: "agreed with the chair".to_owned(), cause: None };
    Instruction { why, ..give(Command::PublishView(draft)) }
}

#[test]
fn views_are_listed_by_meeting_and_filtered() {
    let mut rig = rig();
    for (code, committee, day) in
        [("b", "Cabinet", "2018-03-01"), ("a", "Cabinet", "2018-03-01"), ("c", "Scrutiny", "2018-04-01")]
    {
        let given = publish(&rig, code, meeting(committee, day));
        rig.put_in(vec![given]);
    }
    let listed = |filter: Filter| -> Vec<String> {
        views(&rig.book, &filter, rig.book.head()).iter().map(|it| it.published.view.to_string()).collect()
    };
    assert_eq!(listed(Filter::default()), ["c", "a", "b"]);
    assert_eq!(listed(Filter { committee: "cabi".to_owned(), ..Filter::default() }), ["a", "b"]);
    assert_eq!(listed(Filter { on: Some("2018-04-01".parse().unwrap()), ..Filter::default() }), ["c"]);
    assert_eq!(listed(Filter { scorecard: Some(ScorecardId::new("other").unwrap()), ..Filter::default() }), [""; 0]);
    let before = views(&rig.book, &Filter::default(), Position::new(5));
    assert_eq!(before, []);
}

#[test]
fn a_view_is_served_as_it_was_with_what_stands_beside_it() {
    let mut rig = rig();
    let given = publish(&rig, "v", meeting("Cabinet", "2018-03-01"));
    rig.put_in(vec![given]);
    let seen = view(&rig.book, &id("v"), rig.book.head(), SHA256).unwrap();
    assert_eq!(seen.replay, Replay::Same);
    assert_eq!(seen.entry.over.0[0].code, "old");
    assert_eq!(seen.entry.provenance.reason, "agreed with the chair");

    let told = Some((
        domain::Figure::Stated { value: "91.25".parse().unwrap(), denominator: None },
        domain::Status::Provisional,
    ));
    rig.on("2018-03-02").put_in(vec![
        give(Command::RecordCommitteeAct { view: id("v"), act: CommitteeAct::Noted, text: String::new() }),
        give(Command::TellLateFigure {
            view: id("v"),
            cell: cell("one", "2018-02"),
            told,
            text: "At last.".to_owned(),
        }),
        record("one", "2018-01", "10"),
        define(domain::measure::Definition { title: "Renamed".to_owned(), ..definition("one") }),
    ]);
    let answer = view(&rig.book, &id("v"), rig.book.head(), SHA256).unwrap();
    assert_eq!((&answer.text, &answer.replay), (&seen.text, &Replay::Same), "nothing later is inside it");
    assert_eq!((answer.acts[0].act, answer.acts[0].text.as_str()), (CommitteeAct::Noted, ""));
    let late = &answer.late_figures[0];
    assert_eq!((late.display.as_str(), late.text.as_str(), late.title.as_str()), ("91.25%", "At last.", "Renamed"));
    assert_eq!((late.area_name.as_str(), late.cohort_name.as_str()), ("Area K", "Cohort all"));
    assert_eq!(answer.entry.n_beside, 2);
}

#[test]
fn what_is_computed_otherwise_is_told_and_hides_nothing() {
    let mut rig = rig();
    let mut given = publish(&rig, "v", meeting("Cabinet", "2018-03-01"));
    let mut odd = publish(&rig, "odd", meeting("Cabinet", "2018-03-01"));
    if let (Command::PublishView(draft), Command::PublishView(odd)) = (&mut given.command, &mut odd.command) {
        draft.text = draft.text.replace("rating\tGreen", "rating\tRed");
        odd.form = "view/9".to_owned();
    }
    rig.put_in(vec![given]);
    rig.put_in(vec![odd]);
    let answer = view(&rig.book, &id("v"), rig.book.head(), SHA256).unwrap();
    let Replay::Departs(departures) = &answer.replay else { panic!("{:?}", answer.replay) };
    assert_eq!(
        departures[0].words(),
        "Under “row one”, this program computes “rating Green” where the committee saw “rating Red”."
    );
    assert!(answer.text.contains("rating\tRed"), "the committee's own text is served");
    let odd = view(&rig.book, &id("odd"), rig.book.head(), SHA256).unwrap();
    let Replay::Impossible(why) = &odd.replay else { panic!("{:?}", odd.replay) };
    assert_eq!(why, "it is of form view/9, and this program writes view/1");
}

#[test]
fn what_the_log_does_not_hold_as_it_was_recorded_is_said_and_not_served() {
    let mut rig = rig();
    let given = publish(&rig, "v", meeting("Cabinet", "2018-03-01"));
    rig.put_in(vec![given]);
    let unknown = view(&rig.book, &id("w"), rig.book.head(), SHA256).unwrap_err();
    assert_eq!(unknown.to_string(), "view w is not published; `scorebook view list` prints the codes");

    let stored = rig.book.view(&id("v"), rig.book.head()).unwrap().value.value.content.digest().unwrap();
    let other = view(&rig.book, &id("v"), rig.book.head(), |_| Digest([7; 32])).unwrap_err();
    let Unserved::Lost { problem, .. } = &other else { panic!("{other}") };
    assert_eq!(*problem, format!("its SHA-256 is {}, and {stored} was recorded", Digest([7; 32])));
    assert!(other.to_string().contains("scorebook log verify"), "{other}");

    let mut without = domain::Book::default();
    for mut record in rig.records() {
        if let Event::ContentStored(ContentStored { digest, .. }) = &mut record.event {
            *digest = Digest([9; 32]);
        }
        without.apply(&record).unwrap();
    }
    let lost = view(&without, &id("v"), without.head(), SHA256).unwrap_err();
    assert!(lost.to_string().contains("its parts are missing"), "{lost}");
    assert_eq!(views(&without, &Filter::default(), without.head()).len(), 1, "it is listed all the same");
    let stored = Content::Stored { digest: stored, size: 0 };
    assert_eq!(without.text(&stored), None);
    assert!(scorecard(&without, &question("2018-01"), NOW).is_ok());
}
