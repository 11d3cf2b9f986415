//! Publishing views, listing them, and serving them.

use domain::{AreaId, AsOf, Cell, CohortId, Digest, LogId, MeasureId, Meeting, Position, Series, ViewId};
use reporting::answer::Basis;
use reporting::publication::{Check, Finding, Issue};

use super::given::position;
use crate::bounds::Place;
use crate::publishing::{content, decode, decode_listing, decode_one, encode_check};
use crate::v1;

fn request() -> v1::PublishViewRequest {
    v1::PublishViewRequest {
        actor: "jo".to_owned(),
        scorecard: "cype".to_owned(),
        period: "2018-09".to_owned(),
        meeting: Some(v1::Meeting { committee: "Cabinet".to_owned(), on: "2018-11-29".to_owned() }),
        ..v1::PublishViewRequest::default()
    }
}

#[test]
fn a_request_is_read_whole() {
    let asked = decode(v1::PublishViewRequest {
        view: "november".to_owned(),
        over_warnings: "agreed".to_owned(),
        check_only: true,
        checked_position: 40,
        as_of: Some(v1::AsOf { at_position: 30, known_on: "2018-11-29".to_owned(), ..v1::AsOf::default() }),
        ..request()
    });
    let asked = asked.unwrap();
    assert_eq!(asked.meeting.to_string(), "Cabinet, 2018-11-29");
    assert_eq!((asked.area, asked.check_only, asked.checked), (None, true, Some(position(40))));
    assert_eq!((asked.bounds.at_position, asked.view.unwrap().as_str()), (Some(position(30)), "november"));
}

#[test]
fn what_cannot_be_read_names_its_field() {
    let refused = |change: fn(&mut v1::PublishViewRequest)| {
        let mut wrong = request();
        change(&mut wrong);
        decode(wrong).unwrap_err().field
    };
    assert_eq!(refused(|it| it.actor = String::new()), "actor");
    assert_eq!(refused(|it| it.scorecard = "a b".to_owned()), "scorecard");
    assert_eq!(refused(|it| it.period = "soon".to_owned()), "period");
    assert_eq!(refused(|it| it.area = "a b".to_owned()), "area");
    assert_eq!(refused(|it| it.meeting = None), "meeting");
    assert_eq!(refused(|it| it.meeting.as_mut().unwrap().on = "29/11/2018".to_owned()), "meeting.on");
    assert_eq!(refused(|it| it.meeting.as_mut().unwrap().committee = String::new()), "meeting.committee");
    assert_eq!(refused(|it| it.view = "a b".to_owned()), "view");
    assert_eq!(refused(|it| it.over_warnings = "x".repeat(1_001)), "over_warnings");
    assert_eq!(refused(|it| it.submission_id = "1".to_owned()), "submission_id");
    let listing =
        |on: &str| decode_listing(v1::ListViewsRequest { on: on.to_owned(), ..v1::ListViewsRequest::default() });
    assert_eq!(listing("yesterday").unwrap_err().field, "on");
    assert!(listing("2018-11-29").is_ok());
    assert_eq!(decode_one(&v1::GetViewRequest::default()).unwrap_err().field, "view");
}

#[test]
fn a_finding_of_the_scorecard_as_a_whole_has_no_cell() {
    let finding = |cell, issue| Finding { issue, cell, title: "It".to_owned(), words: "see to it".to_owned() };
    let series =
        Series { measure: MeasureId::new("one").unwrap(), area: AreaId::new("K").unwrap(), cohort: CohortId::all() };
    let cell = Cell { series, period: "2018-01".parse().unwrap() };
    let findings = vec![finding(None, Issue::OtherCommittee), finding(Some(cell), Issue::NoTarget)];
    let check = Check { findings, counted: String::new() };
    let meeting = Meeting { committee: "Cabinet".to_owned(), on: "2018-02-20".parse().unwrap() };
    let place = Place { log: LogId([0; 16]), chain: Digest([0; 32]) };
    let basis = Basis { as_of: AsOf::position(Position::new(1)), n_backfilled: 0 };
    let view = ViewId::new("v").unwrap();
    let told = encode_check((&view, Digest([0; 32])), &check, &meeting, (&basis, place));
    let cells: Vec<_> = told.findings.iter().map(|it| (it.code.as_str(), it.cell.is_some())).collect();
    assert_eq!(cells, [("other-committee", false), ("no-target", true)]);
}

/// A retry may check again, wait for something else, and accept another check.
#[test]
fn two_requests_are_the_same_when_they_ask_for_the_same_view() {
    let same = v1::PublishViewRequest {
        submission_id: "00000000-0000-0000-0000-000000000001".to_owned(),
        check_only: true,
        checked_position: 9,
        ..request()
    };
    assert_eq!(content(&same), content(&request()));
    let other = v1::PublishViewRequest { over_warnings: "agreed".to_owned(), ..request() };
    assert_ne!(content(&other), content(&request()));
}
