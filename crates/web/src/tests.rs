use axum::http::{HeaderValue, StatusCode};
use domain::event::{Attribution, Event, LogOpened, Recorded};
use domain::{Actor, Cell, CohortId, EventId, LogId, Position, Series, SubmissionId};
use engine::Error;
use engine::feed::{Cursor, Delivery, Ended, Filter, Item, Start};
use tokio::sync::mpsc;
use tokio::time::{Instant, advance};
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;

use crate::event::{HEARTBEAT, Speaker};
use crate::problem::Problem;
use crate::question;
use crate::site::{HEARTBEAT_EVERY, is_loopback, kept_alive};

const CURSOR: &str = "03030303-0303-0303-0303-030303030303:42:0:0102030405060708";

fn speaker() -> Speaker {
    let opened = LogOpened {
        log: LogId([3; 16]),
        authority: "E10000016".parse().unwrap(),
        time_zone: "Europe/London".to_owned(),
        format: 1,
    };
    Speaker::new(&opened).unwrap()
}

fn withdrawn() -> Recorded {
    let measure = "ehcp-20-weeks".parse().unwrap();
    let series = Series { measure, area: "E10000016".parse().unwrap(), cohort: CohortId::all() };
    Recorded {
        position: Position::new(42),
        recorded_at: "2018-11-29T10:00:00.25Z".parse().unwrap(),
        known_at: "2018-11-29T10:00:00.25Z".parse().unwrap(),
        event_id: EventId([9; 16]),
        last_of_commit: true,
        attribution: Attribution {
            actor: Actor { id: "jo".parse().unwrap(), authenticated: false },
            submission: SubmissionId([8; 16]),
            origin: None,
            why: domain::result::Why { reason: "two\nlines".to_owned(), cause: None },
        },
        event: Event::ResultWithdrawn(Cell { series, period: "2018-09".parse().unwrap() }),
    }
}

fn say(item: Item) -> String {
    speaker().say(Ok(Delivery { cursor: CURSOR.parse().unwrap(), item }))
}

#[test]
fn an_event_is_one_cloud_event_on_one_line() {
    let said = say(Item::Event(Box::new(withdrawn())));
    let golden = concat!(
        "id: 03030303-0303-0303-0303-030303030303:42:0:0102030405060708\n",
        "event: ResultWithdrawn\n",
        r#"data: {"specversion":"1.0","id":"03030303-0303-0303-0303-030303030303/42.0","source":"/scorebook/E10000016","#,
        r#""type":"scorebook.v1.ResultWithdrawn","subject":"ehcp-20-weeks","time":"2018-11-29T10:00:00.25Z","#,
        r#""datacontenttype":"application/json","data":{"position":"42","recordedAt":"2018-11-29T10:00:00.250Z","#,
        r#""knownAt":"2018-11-29T10:00:00.250Z","eventId":"09090909-0909-0909-0909-090909090909","lastOfCommit":true,"#,
        r#""actor":{"id":"jo"},"submissionId":"08080808-0808-0808-0808-080808080808","reason":"two\nlines","#,
        r#""resultWithdrawn":{"cell":{"measure":"ehcp-20-weeks","area":"E10000016","cohort":"all","period":"2018-09"}}}}"#,
        "\n\n",
    );
    assert_eq!(said, golden);
}

#[test]
fn what_is_about_no_measure_has_no_subject() {
    let record = Recorded { event: Event::SubmissionRolledBack(SubmissionId([8; 16])), ..withdrawn() };
    let said = say(Item::Event(Box::new(record)));
    assert!(said.contains("scorebook.v1.SubmissionRolledBack") && !said.contains("\"subject\""), "{said}");
}

#[test]
fn places_are_told_with_their_cursors_and_an_end_without() {
    let place = |name| format!("id: {CURSOR}\nevent: {name}\ndata: {{\"position\":\"42\"}}\n\n");
    assert_eq!(say(Item::CaughtUp), place("CaughtUp"));
    assert_eq!(say(Item::Progress), place("Progress"));
    let ended = speaker().say(Err(Ended::Stopping));
    assert_eq!(ended, ": the server is stopping; go on from the last cursor\n\n");
}

fn read(query: &str, last_event_id: Option<&'static str>) -> Result<(Start, Filter), String> {
    let header = last_event_id.map(HeaderValue::from_static);
    question::read(query, header.as_ref()).map_err(|problem| {
        assert_eq!(problem.status, StatusCode::BAD_REQUEST);
        problem.detail
    })
}

#[test]
fn a_query_says_where_and_what() {
    let cursor: Cursor = CURSOR.parse().unwrap();
    assert_eq!(read("", None), Ok((Start::After(Position::START), Filter::default())));
    assert_eq!(read("after=154", None).unwrap().0, Start::After(Position::new(154)));
    assert_eq!(read(&format!("cursor={}", CURSOR.replace(':', "%3a")), None).unwrap().0, Start::Cursor(cursor));
    let (_, filter) = read("measure=a&measure=%62&&area=E10000016&scorecard=cype&type=RatingChanged", None).unwrap();
    assert_eq!(filter.measures, ["a", "b"].map(|code| code.parse().unwrap()).into());
    assert_eq!(filter.areas, ["E10000016".parse().unwrap()].into());
    assert_eq!(filter.scorecard, Some("cype".parse().unwrap()));
    assert_eq!(filter.types, ["RatingChanged"].into());
}

#[test]
fn the_last_event_goes_before_the_query() {
    let cursor = Start::Cursor(CURSOR.parse().unwrap());
    for query in ["", "after=1", "cursor=03030303-0303-0303-0303-030303030303:7:all:0102030405060708"] {
        assert_eq!(read(query, Some(CURSOR)).unwrap().0, cursor, "{query}");
    }
    assert_eq!(read("after=1", Some("")).unwrap().0, Start::After(Position::new(1)));
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let refused = [
        ("cursor=12", "cursor: \"12\" is not a cursor; send a cursor as it was received"),
        ("after=-1", "after: \"-1\" is not a position; give a whole number"),
        ("after=1&after=2", "after: is given twice"),
        ("measure=No%20such", "measure: \"No such\""),
        ("type=RatingsChanged", "type: \"RatingsChanged\""),
        ("limit=5", "\"limit\" is not a parameter; there are after, cursor, measure"),
        ("measure=%ff", "\"%ff\" is not UTF-8"),
        ("a%0d%0ab=1", "\"a\\r\\nb\" is not a parameter"),
    ];
    for (query, words) in refused {
        let detail = read(query, None).unwrap_err();
        assert!(detail.starts_with(words), "{query}: {detail}");
    }
    let both = read(&format!("after=1&cursor={CURSOR}"), None).unwrap_err();
    assert!(both.starts_with("after: \"1\" is given beside a cursor"), "{both}");
    let many = "measure=a&".repeat(257);
    assert!(read(&many, None).unwrap_err().starts_with("measure: has 257 items; at most 256"));
    assert!(read("", Some("12")).unwrap_err().starts_with("cursor: \"12\" is not a cursor"));
}

#[test]
fn a_refusal_has_the_status_of_the_next_move() {
    let status = |error| Problem::from(error).status;
    assert_eq!(status(Error::Cursor { problem: String::new() }), StatusCode::CONFLICT);
    let after = Error::AfterHead { wanted: Position::new(2), head: Position::new(1) };
    assert_eq!(status(after), StatusCode::BAD_REQUEST);
    assert_eq!(status(Error::Busy { what: "followers", limit: 1 }), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(status(Error::NotOpened), StatusCode::INTERNAL_SERVER_ERROR);
}

#[test]
fn only_loopback_hosts_are_this_machine() {
    for host in ["localhost", "LOCALHOST:7421", "127.0.0.1:7421", "127.9.9.9", "[::1]:7421", "[::1]"] {
        assert!(is_loopback(host), "{host}");
    }
    for host in ["", "example.org", "localhost.example.org:7421", "10.0.0.1", "[::2]", "127.0.0.1.example.org", "a b"] {
        assert!(!is_loopback(host), "{host}");
    }
}

#[test]
fn each_silence_is_broken_by_a_comment() {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap().block_on(async {
        let (sender, receiver) = mpsc::channel(1);
        let mut events = std::pin::pin!(kept_alive(ReceiverStream::new(receiver)));
        for _ in 0..2 {
            let began = Instant::now();
            assert_eq!(events.next().await.as_deref(), Some(HEARTBEAT));
            assert_eq!(began.elapsed(), HEARTBEAT_EVERY);
        }
        advance(HEARTBEAT_EVERY / 2).await;
        sender.send("x".to_owned()).await.unwrap();
        assert_eq!(events.next().await.as_deref(), Some("x"));
        let began = Instant::now();
        assert_eq!(events.next().await.as_deref(), Some(HEARTBEAT));
        assert_eq!(began.elapsed(), HEARTBEAT_EVERY, "the silence begins with the last event");
        drop(sender);
        assert_eq!(events.next().await, None);
    });
}
