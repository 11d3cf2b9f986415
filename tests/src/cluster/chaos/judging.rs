//! What must be so in the end, read from the journals themselves.

use std::collections::BTreeMap;

use domain::event::Event;
use domain::{Position, Recorded};
use engine::log::EventLog as _;
use journal::{Journal, Options};

use super::clients::Done;
use crate::folder::Folder;

const PAGE: usize = 4_096;

/// The journals are the same, byte by byte, and hold what was acknowledged, once. Gives how many records they hold.
#[track_caller]
pub(super) fn check(folders: &[Folder], done: &[Done]) -> u64 {
    let verified: Vec<String> = folders
        .iter()
        .map(|folder| folder.run("log verify").succeeded().stdout.replace(&folder.data().display().to_string(), ""))
        .collect();
    for said in &verified {
        assert_eq!(*said, verified[0], "the same chain");
    }
    let journals: Vec<Journal> = folders.iter().map(open).collect();
    let (first, others) = journals.split_first().expect("there are nodes");
    for other in others {
        assert_eq!(other.head(), first.head());
        same(first, other);
    }
    once(first, done);
    first.head().position.get()
}

fn open(folder: &Folder) -> Journal {
    Journal::open(&Options::new(folder.data().join("journal"))).expect("a journal opens")
}

fn same(one: &Journal, other: &Journal) {
    let mut after = Position::START;
    loop {
        let [ours, theirs] = [one, other].map(|it| it.read_raw(after, PAGE).expect("a journal is read"));
        let Some(last) = ours.last() else { return };
        assert!(ours.iter().map(|it| &it.bytes).eq(theirs.iter().map(|it| &it.bytes)), "other bytes after {after}");
        after = last.header.position;
    }
}

/// Where a submission's records are.
struct Found {
    first: u64,
    last: u64,
    n_received: u64,
    n_results: u64,
}

/// Every submission that was acknowledged is there once, in one place, and none that nobody put in.
fn once(journal: &Journal, done: &[Done]) {
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    let mut after = Position::START;
    loop {
        let page = journal.read(after, PAGE).expect("a journal is read");
        let Some(last) = page.last() else { break };
        after = last.position;
        page.iter()
            .filter(|it| it.attribution.actor.id.as_str().starts_with("client-"))
            .for_each(|it| add(&mut found, it));
    }
    for it in done {
        let Some(at) = found.remove(&it.submission) else { panic!("{} was acknowledged and is gone", it.submission) };
        assert_eq!((at.first, at.last), (it.first, it.last), "{} lies where its receipt says", it.submission);
        assert_eq!((at.n_received, at.n_results), (1, it.n_rows), "{} is there once", it.submission);
    }
    let others: Vec<String> = found.into_keys().collect();
    assert_eq!(others, Vec::<String>::new(), "nobody put these in");
}

fn add(found: &mut BTreeMap<String, Found>, record: &Recorded) {
    let position = record.position.get();
    let new = Found { first: position, last: position, n_received: 0, n_results: 0 };
    let at = found.entry(record.attribution.submission.to_string()).or_insert(new);
    assert!(
        position <= at.last + 1,
        "{} lies in two places: {} and {position}",
        record.attribution.submission,
        at.last
    );
    at.last = position;
    at.n_received += u64::from(matches!(record.event, Event::SubmissionReceived(_)));
    at.n_results += u64::from(matches!(record.event, Event::ResultRecorded(_)));
}
