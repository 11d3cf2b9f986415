use super::{Cluster, Disk, Facts, LAG_MESSAGES_MAX, SILENCE_SECONDS_MAX};

fn facts() -> Facts {
    let cluster = Cluster {
        connected: true,
        lag_messages: LAG_MESSAGES_MAX,
        silence_seconds: SILENCE_SECONDS_MAX,
        writes_stopped: None,
        nodes_disagree: false,
        announced_position: Some(7),
    };
    Facts {
        version: "1.2.3",
        role: "ingest".to_owned(),
        records: true,
        stopping: false,
        head: 9,
        damage: None,
        disk: Some(Disk { free_bytes: 2, needed_bytes: 1 }),
        clock_behind_seconds: 0,
        clock_behind_seconds_max: 300,
        n_followers: 3,
        n_submissions: 4,
        n_refused: 5,
        resident_bytes: None,
        cluster: Some(cluster),
    }
}

#[track_caller]
fn not_ready(change: impl FnOnce(&mut Facts, &mut Cluster), words: Option<&str>) {
    let mut facts = facts();
    let mut cluster = facts.cluster.take().unwrap();
    change(&mut facts, &mut cluster);
    facts.cluster = Some(cluster);
    let why = facts.not_ready();
    assert_eq!(why.is_some(), words.is_some(), "{why:?}");
    assert!(why.as_deref().unwrap_or_default().contains(words.unwrap_or_default()), "{why:?}");
    let said = format!("scorebook_ready {}\n", u8::from(why.is_none()));
    assert!(facts.metrics().contains(&said), "{}", facts.metrics());
}

#[test]
fn who_is_behind_or_cannot_record_is_not_ready() {
    not_ready(|_, _| {}, None);
    not_ready(|facts, _| facts.stopping = true, Some("stopping"));
    not_ready(|facts, _| facts.damage = Some("damaged".to_owned()), Some("damaged"));
    not_ready(|_, cluster| cluster.lag_messages += 1, Some("1001 messages"));
    not_ready(|_, cluster| cluster.silence_seconds += 1, Some("for 31 s"));
    not_ready(|_, cluster| cluster.writes_stopped = Some("a fork".to_owned()), Some("writes are stopped: a fork"));
}

#[test]
fn who_only_reads_is_ready_while_nothing_can_be_recorded() {
    not_ready(
        |facts, cluster| {
            facts.records = false;
            facts.damage = Some("damaged".to_owned());
            cluster.writes_stopped = Some("a fork".to_owned());
        },
        None,
    );
}

#[test]
fn every_fact_is_in_the_text() {
    let text = facts().metrics();
    for line in [
        "scorebook_build_info{version=\"1.2.3\",role=\"ingest\"} 1",
        "scorebook_head_position 9",
        "scorebook_disk_free_bytes 2",
        "scorebook_followers 3",
        "scorebook_submissions_recorded_total 4",
        "scorebook_submissions_refused_total 5",
        "scorebook_lag_messages 1000",
        "scorebook_silence_seconds 30",
        "scorebook_nodes_disagree 0",
        "scorebook_announced_position 7",
    ] {
        assert!(text.lines().any(|said| said == line), "{line} is not in:\n{text}");
    }
    assert!(!text.contains("process_resident_memory_bytes"), "what is not known is not said");
}
