//! Records as they leave.

use std::num::NonZeroU32;

use domain::event::{
    ActionAgreed, ActorNamed, AreaDefined, AreaLevel, Attribution, Average, BenchmarkRecorded, CohortDefined,
    CommentaryWritten, CommitteeAct, CommitteeActRecorded, Comparator, ContentStored, Event, LateFigureTold, LogOpened,
    MeasureWithdrawn, NeighboursAdopted, Recorded, ResultRecorded, RowSetAside, RuleAdopted, ScorecardDefined,
    SubmissionReceived, TargetChanged, TargetWithdrawn, ViewPublished,
};
use domain::ids::{Actor, Digest, EventId, LogId, Origin, SubmissionId};
use domain::measure::Content;
use domain::result::{Cause, Missing, StatedPeriod, Why};
use domain::scorecard::Remit;

use super::given::{self, at, code, date, position};
use crate::event::{NAMES, encode};
use crate::v1::envelope;
use domain::Meeting;

fn recorded(event: Event) -> Recorded {
    Recorded {
        position: position(42),
        recorded_at: at("2018-11-29T10:00:00Z"),
        known_at: at("2018-11-28T23:59:59.999999Z"),
        event_id: EventId([9; 16]),
        last_of_commit: true,
        attribution: Attribution {
            actor: Actor { id: code("jo"), authenticated: false },
            submission: SubmissionId([8; 16]),
            origin: Some(Origin { file: 1, line: NonZeroU32::new(7).unwrap() }),
            why: Why { reason: "counted twice".to_owned(), cause: Some(Cause::CorrectionOfError) },
        },
        event,
    }
}

/// The same record at another place.
pub(super) fn recorded_at(n: u64, event: Event) -> Recorded {
    Recorded { position: position(n), ..recorded(event) }
}

fn rule() -> RuleAdopted {
    RuleAdopted { rule: code("kent.1"), measure: None, from: date("2018-04-01") }
}

/// One of each, in the order of their names.
fn one_of_each() -> Vec<Event> {
    let mut events = of_the_log_and_definitions();
    events.extend(of_figures());
    events.extend(of_committees());
    events
}

fn of_the_log_and_definitions() -> Vec<Event> {
    let digest = Digest([1; 32]);
    let id = SubmissionId([2; 16]);
    vec![
        Event::LogOpened(LogOpened {
            log: LogId([3; 16]),
            authority: code("E10000016"),
            time_zone: "Europe/London".to_owned(),
            format: 1,
        }),
        Event::SubmissionReceived(SubmissionReceived { digest, sources: Vec::new() }),
        Event::SubmissionRolledBack(id),
        Event::SubmissionReinstated(id),
        Event::ContentStored(ContentStored { digest, part: 0, parts: 2, file: true, bytes: b"secret".to_vec() }),
        Event::ActorNamed(ActorNamed { actor: code("jo"), name: "Jo".to_owned() }),
        Event::MeasureDefined(given::definition()),
        Event::MeasureRevised(given::definition()),
        Event::MeasureWithdrawn(MeasureWithdrawn {
            measure: code("pep"),
            from: date("2018-09-01"),
            successor: Some(code("epep")),
            comparable: true,
        }),
        Event::AreaDefined(AreaDefined {
            area: code("E10000016"),
            name: "Kent".to_owned(),
            level: AreaLevel::Authority,
            parent: Some(code("E92000001")),
        }),
        Event::CohortDefined(CohortDefined { cohort: code("all"), name: "All".to_owned(), description: String::new() }),
    ]
}

fn of_figures() -> Vec<Event> {
    vec![
        Event::ResultRecorded(ResultRecorded { cell: given::cell(), entry: given::entry() }),
        Event::ResultWithdrawn(given::cell()),
        Event::TargetChanged(TargetChanged {
            key: given::key(),
            span: given::span(),
            terms: given::terms(),
            decision: "minute 12".to_owned(),
        }),
        Event::TargetWithdrawn(TargetWithdrawn {
            key: given::key(),
            span: given::span(),
            decision: "minute 13".to_owned(),
        }),
        Event::BenchmarkRecorded(BenchmarkRecorded {
            cell: given::cell(),
            comparator: Comparator::Neighbours,
            figure: Err(Missing::NotSupplied),
            period: StatedPeriod::NotStated,
            source: String::new(),
        }),
        Event::NeighboursAdopted(NeighboursAdopted {
            list: code("kent"),
            area: code("E10000016"),
            from: date("2018-04-01"),
            members: vec![code("E10000011"), code("E10000014")],
            average: Average::Mean,
            at_least: 2,
        }),
        Event::CommentaryWritten(CommentaryWritten {
            cell: given::cell(),
            about: Some(position(41)),
            text: Content::Stored { digest: Digest([1; 32]), size: 5_000 },
        }),
        Event::RatingRuleAdopted(rule()),
        Event::DirectionMethodAdopted(rule()),
        Event::ScorecardDefined(ScorecardDefined {
            scorecard: code("cype"),
            title: "CYPE".to_owned(),
            committee: String::new(),
            layout: Content::Inline("= Monthly\n".to_owned()),
            remit: Remit::default(),
        }),
        Event::RowSetAside(RowSetAside {
            text: "a,b".to_owned(),
            field: String::new(),
            problem: "too short".to_owned(),
        }),
    ]
}

fn of_committees() -> Vec<Event> {
    vec![
        Event::FormatRaised(2),
        Event::ActionAgreed(ActionAgreed {
            cell: given::cell(),
            about: Some(position(41)),
            text: Content::Inline("Visit schools.".to_owned()),
            owner: "Standards".to_owned(),
            due: date("2019-03-31"),
        }),
        Event::ViewPublished(ViewPublished {
            view: code("v"),
            scorecard: code("cype"),
            period: given::cell().period,
            area: code("E10000016"),
            meeting: Meeting { committee: "Cabinet".to_owned(), on: date("2018-11-29") },
            known_at: Some(at("2018-11-29T10:00:00Z")),
            position: position(41),
            form: "view/1".to_owned(),
            content: Content::Stored { digest: Digest([1; 32]), size: 5_000 },
            over: Content::Inline(String::new()),
        }),
        Event::CommitteeActRecorded(CommitteeActRecorded {
            view: code("v"),
            act: CommitteeAct::Resolved,
            text: Content::Inline("So.".to_owned()),
        }),
        Event::LateFigureTold(LateFigureTold {
            view: code("v"),
            cell: given::cell(),
            told: Some((given::entry().figure, given::entry().status)),
            text: Content::Inline(String::new()),
        }),
    ]
}

#[test]
fn every_event_leaves_under_its_own_name() {
    let events = one_of_each();
    assert_eq!(events.iter().map(Event::name).collect::<Vec<_>>(), NAMES);
    for event in events {
        let name = event.name();
        let left = format!("{:?}", encode(&recorded(event)).event.unwrap());
        assert_eq!(left.split('(').next().unwrap(), name);
    }
}

#[test]
fn the_bytes_of_a_content_stay_behind() {
    let stored = one_of_each().into_iter().find(|event| event.name() == "ContentStored").unwrap();
    let Some(envelope::Event::ContentStored(left)) = encode(&recorded(stored)).event else { panic!("a content") };
    assert_eq!((left.part, left.parts, left.file, left.size), (0, 2, true, 6));
    assert!(!format!("{left:?}").contains("secret"));
}

#[test]
fn an_envelope_says_who_when_why_and_from_where() {
    insta::assert_debug_snapshot!(encode(&recorded(Event::ResultWithdrawn(given::cell()))), @r#"
    Envelope {
        position: 42,
        recorded_at: Some(
            Timestamp {
                seconds: 1543485600,
                nanos: 0,
            },
        ),
        known_at: Some(
            Timestamp {
                seconds: 1543449599,
                nanos: 999999000,
            },
        ),
        backfill: true,
        event_id: "09090909-0909-0909-0909-090909090909",
        last_of_commit: true,
        actor: Some(
            Actor {
                id: "jo",
                authenticated: false,
            },
        ),
        submission_id: "08080808-0808-0808-0808-080808080808",
        origin: Some(
            Origin {
                file: 1,
                line: 7,
                file_name: "",
            },
        ),
        reason: "counted twice",
        cause: CorrectionOfError,
        event: Some(
            ResultWithdrawn(
                ResultWithdrawn {
                    cell: Some(
                        Cell {
                            measure: "ehcp-20-weeks",
                            area: "E10000016",
                            cohort: "all",
                            period: "2018-09",
                        },
                    ),
                },
            ),
        ),
    }
    "#);
}

#[test]
fn a_record_known_when_it_was_taken_in_is_no_backfill() {
    let mut record = recorded(Event::ResultWithdrawn(given::cell()));
    assert!(encode(&record).backfill);
    record.known_at = record.recorded_at;
    assert!(!encode(&record).backfill);
}
