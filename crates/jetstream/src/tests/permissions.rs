//! The shipped configurations of NATS: each role may do its work, and nothing else.

mod shipped;

use std::future::Future;
use std::time::Duration;

use async_nats::jetstream::consumer::{DeliverPolicy, pull};
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::{kv, stream};
use async_nats::{HeaderMap, header};
use domain::AreaId;
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use self::shipped::{ANSWERED, Shipped, User};
use super::runtime;
use crate::Names;

/// Whose streams the shipped files name.
fn names() -> Names {
    Names::of(&AreaId::new("E10000016").expect("a code"))
}

/// Tries until it is done: the servers have to find a leader first.
async fn in_time<T, E: std::fmt::Debug, F: Future<Output = Result<T, E>>>(what: impl Fn() -> F) -> T {
    let mut again = tokio::time::interval(Duration::from_millis(100));
    let mut last = None;
    let trying = async {
        loop {
            again.tick().await;
            match what().await {
                Ok(done) => return done,
                Err(error) => last = Some(error),
            }
        }
    };
    let done = tokio::time::timeout(ANSWERED, trying).await;
    done.unwrap_or_else(|_| panic!("it is not done in time: {last:?}"))
}

/// The streams that the administrator makes, with one message in the log.
async fn streams(administrator: &User) {
    let log = stream::Config {
        name: names().log_stream(),
        subjects: vec![names().log_subject()],
        num_replicas: 3,
        allow_direct: true,
        allow_atomic_publish: true,
        deny_delete: true,
        deny_purge: true,
        ..stream::Config::default()
    };
    in_time(|| administrator.context.create_stream(log.clone())).await;
    let published = administrator.context.publish(names().log_subject(), "first".into()).await.expect("it is sent");
    published.await.expect("it is stored");
}

async fn n_messages(administrator: &User, stream: &str) -> u64 {
    let mut stream = administrator.context.get_stream(stream).await.expect("the stream");
    stream.info().await.expect("its state").state.messages
}

fn feed() -> stream::Config {
    stream::Config {
        name: names().feed_stream(),
        subjects: names().feed_subjects().to_vec(),
        num_replicas: 3,
        allow_direct: true,
        ..stream::Config::default()
    }
}

/// The whole content of a stream as an ordered consumer gives it.
async fn follow(user: &User, name: &str, n: usize) -> Vec<Vec<u8>> {
    let stream = user.context.get_stream(name).await.expect("the stream");
    let config = pull::OrderedConfig { deliver_policy: DeliverPolicy::All, ..pull::OrderedConfig::default() };
    let consumer = stream.create_consumer(config).await.expect("a consumer");
    let messages = consumer.messages().await.expect("messages").take(n);
    let all = messages.map(|message| message.expect("a message").payload.to_vec()).collect();
    tokio::time::timeout(ANSWERED, all).await.expect("they come in time")
}

/// What every node does.
async fn follows_the_log(user: &mut User, other: &User) {
    assert!(user.may_publish(&names().node_subject("own")).await);
    assert_eq!(follow(user, &names().log_stream(), 1).await, [b"first"]);
    let stream = user.context.get_stream(names().log_stream()).await.expect("the stream");
    assert_eq!(stream.get_raw_message(1).await.expect("by the leader").payload, "first");
    assert_eq!(stream.direct_get(1).await.expect("by any").payload, "first");
    let last = stream.direct_get_last_for_subject(names().log_subject()).await.expect("the last");
    assert_eq!(last.payload, "first");
    assert!(user.hears(&names().node_subject("*"), other, &names().node_subject("other")).await);
}

/// Two messages as one, and what the stream says of them.
async fn publish_batch(user: &User) -> Value {
    let mut headers = HeaderMap::new();
    headers.insert(header::NATS_BATCH_ID, "batch");
    headers.insert(header::NATS_BATCH_SEQUENCE, "1");
    headers.insert(header::NATS_EXPECTED_LAST_SEQUENCE, "1");
    let first = user.client.request_with_headers(names().log_subject(), headers, "second".into()).await;
    assert!(first.expect("it is taken").payload.is_empty());
    let mut headers = HeaderMap::new();
    headers.insert(header::NATS_BATCH_ID, "batch");
    headers.insert(header::NATS_BATCH_SEQUENCE, "2");
    headers.insert(header::NATS_BATCH_COMMIT, "1");
    let last = user.client.request_with_headers(names().log_subject(), headers, "third".into()).await;
    serde_json::from_slice(&last.expect("an answer").payload).expect("JSON")
}

#[test]
fn nats_server_takes_every_shipped_configuration() {
    for name in ["n1.conf", "n2.conf", "n3.conf", "kubernetes.conf"] {
        let said = shipped::check(name);
        assert!(said.contains("is valid"), "{name}: {said}");
    }
}

#[test]
fn every_role_may_do_its_work() {
    let shipped = Shipped::start();
    runtime().block_on(async {
        let administrator = shipped.connect("administrator").await;
        streams(&administrator).await;
        let mut ingest = shipped.connect("ingest").await;
        let mut ratings = shipped.connect("ratings").await;
        let mut reporting = shipped.connect("reporting").await;
        follows_the_log(&mut ingest, &administrator).await;
        follows_the_log(&mut ratings, &administrator).await;
        follows_the_log(&mut reporting, &administrator).await;
        appends_and_leases(&ingest).await;
        announces(&ratings).await;
        assert_eq!(follow(&reporting, &names().log_stream(), 3).await, [&b"first"[..], b"second", b"third"]);
    });
}

async fn appends_and_leases(ingest: &User) {
    let appended = publish_batch(ingest).await;
    assert_eq!((&appended["seq"], &appended["count"]), (&json!(3), &json!(2)), "{appended}");
    let bucket = || kv::Config { bucket: names().lease_bucket(), num_replicas: 3, ..kv::Config::default() };
    let lease = in_time(|| ingest.context.create_key_value(bucket())).await;
    let revision = lease.create("lease", "node-1".into()).await.expect("the lease is free");
    let revision = lease.update("lease", "node-1 again".into(), revision).await.expect("it is renewed");
    let entry = lease.entry("lease").await.expect("it is read").expect("it is there");
    assert_eq!((entry.revision, entry.value.as_ref()), (revision, &b"node-1 again"[..]));
    let again = ingest.context.get_key_value(names().lease_bucket()).await.expect("the bucket");
    let mut watched = again.watch_with_history("lease").await.expect("it is watched");
    let seen = tokio::time::timeout(ANSWERED, watched.next()).await.expect("in time").expect("an entry");
    assert_eq!(seen.expect("an entry").revision, revision);
    lease.delete("lease").await.expect("it is given back");
}

async fn announces(ratings: &User) {
    let made = in_time(|| ratings.context.get_or_create_stream(feed())).await;
    let message = PublishMessage::build().payload("{}".into()).expected_last_sequence(0);
    let published = ratings.context.send_publish(names().event_subject("ActorNamed", None), message).await;
    assert_eq!(published.expect("it is sent").await.expect("it is stored").sequence, 1);
    assert_eq!(made.get_raw_message(1).await.expect("what was announced last").payload, "{}");
    assert_eq!(made.direct_get(1).await.expect("the same").payload, "{}");
}

/// What no role may do: the administrator alone does.
fn reserved() -> Vec<String> {
    let streams = [names().log_stream(), names().feed_stream(), format!("KV_{}", names().lease_bucket())];
    let verbs = [
        "STREAM.DELETE",
        "STREAM.PURGE",
        "STREAM.UPDATE",
        "STREAM.MSG.DELETE",
        "STREAM.LEADER.STEPDOWN",
        "STREAM.SNAPSHOT",
        "STREAM.RESTORE",
    ];
    let of_streams = streams.iter().flat_map(|stream| verbs.map(|verb| format!("$JS.API.{verb}.{stream}")));
    let others = [
        format!("$JS.API.STREAM.CREATE.{}", names().log_stream()),
        "$JS.API.STREAM.CREATE.OTHER".to_owned(),
        "$JS.API.STREAM.NAMES".to_owned(),
        "$JS.API.META.LEADER.STEPDOWN".to_owned(),
        "$SYS.REQ.SERVER.PING".to_owned(),
        "scorebook.E10000017.log".to_owned(),
        "_INBOX.somebody.else".to_owned(),
        "other".to_owned(),
    ];
    of_streams.chain(others).collect()
}

#[test]
fn no_role_may_do_anything_else() {
    let shipped = Shipped::start();
    runtime().block_on(async {
        let administrator = shipped.connect("administrator").await;
        streams(&administrator).await;
        in_time(|| administrator.context.create_stream(feed())).await;
        let over_consumers = shipped.connect("consumers-administrator").await;
        let (log, event) = (names().log_subject(), names().event_subject("ActorNamed", None));
        let lease = format!("$KV.{}.lease", names().lease_bucket());
        let feed_info = format!("$JS.API.STREAM.INFO.{}", names().feed_stream());
        let node = names().node_subject("own");
        let mine = [
            ("ingest", vec![&log, &lease, &node]),
            ("ratings", vec![&event, &feed_info, &node]),
            ("reporting", vec![&node]),
            ("consumer", vec![&feed_info]),
        ];
        for (role, own) in mine {
            let mut user = shipped.connect(role).await;
            for subject in reserved() {
                assert!(!user.may_publish(&subject).await, "{role} may publish to {subject}");
            }
            for subject in [&log, &event, &lease, &feed_info, &node] {
                assert_eq!(user.may_publish(subject).await, own.contains(&subject), "{role} and {subject}");
            }
            let speaker = if role == "consumer" { &over_consumers } else { &administrator };
            let secrets = [("scorebook.>", log.as_str()), (&log, &log), ("$KV.>", &lease), (">", "other")];
            for (pattern, subject) in secrets {
                assert!(!user.hears(pattern, speaker, subject).await, "{role} hears {pattern}");
            }
            assert_eq!(user.hears(&names().node_subject("*"), speaker, &node).await, role != "consumer", "{role}");
        }
    });
}

/// A request to make a consumer that has everything sent to the log.
fn into_the_log(stream: &str) -> Vec<u8> {
    let config = json!({ "name": "evil", "deliver_subject": names().log_subject(), "ack_policy": "none",
        "deliver_policy": "all" });
    json!({ "stream_name": stream, "config": config }).to_string().into_bytes()
}

#[test]
fn who_reads_the_feed_reads_all_of_it_and_cannot_reach_the_log() {
    let shipped = Shipped::start();
    runtime().block_on(async {
        let administrator = shipped.connect("administrator").await;
        streams(&administrator).await;
        in_time(|| administrator.context.create_stream(feed())).await;
        let stream = names().feed_stream();
        let mirror = shipped::file("feed-mirror.json");
        let over_consumers = shipped.connect("consumers-administrator").await;
        let subject = format!("$JS.API.STREAM.CREATE.{stream}");
        let answer = over_consumers.client.request(subject, mirror.into()).await.expect("an answer");
        let answer: Value = serde_json::from_slice(&answer.payload).expect("JSON");
        assert_eq!(answer["config"]["mirror"]["name"], stream.as_str(), "{answer}");
        for event in ["a", "b", "c"] {
            let subject = names().event_subject("ActorNamed", None);
            let published = administrator.context.publish(subject, event.into()).await.expect("it is sent");
            published.await.expect("it is stored");
        }
        let mut consumer = shipped.connect("consumer").await;
        assert_eq!(follow(&consumer, &stream, 3).await, [b"a", b"b", b"c"]);

        // An answer that is sent to the log's subject, and messages that are.
        let subjects = [format!("$JS.API.STREAM.INFO.{stream}"), format!("$JS.API.CONSUMER.CREATE.{stream}.evil")];
        for subject in subjects {
            let payload = if subject.ends_with("evil") { into_the_log(&stream) } else { Vec::new() };
            let reply = names().log_subject();
            consumer.client.publish_with_reply(subject, reply, payload.into()).await.expect("it is sent");
        }
        // An answer that is sent to where the copy asks for the feed, and would be read as a request there.
        let ask = format!("of-scorebook.API.CONSUMER.CREATE.{stream}.evil");
        let create = format!("$JS.API.CONSUMER.CREATE.{stream}.evil");
        let payload = into_the_log(&stream).into();
        consumer.client.publish_with_reply(create, ask.clone(), payload).await.expect("it is sent");
        assert!(!consumer.may_publish(&ask).await, "and the request itself");
        assert_eq!(follow(&consumer, &stream, 3).await.len(), 3, "what was sent before has been looked at");
        let original = administrator.context.get_stream(&stream).await.expect("the feed");
        let consumer_names: Vec<_> = original.consumer_names().map(|name| name.expect("a name")).collect().await;
        assert!(!consumer_names.contains(&"evil".to_owned()), "{consumer_names:?}");
        assert_eq!(n_messages(&administrator, &names().log_stream()).await, 1, "the log is as it was");
    });
}
