//! Records that one journal wrote and others keep.

use domain::{Digest, Position, Timestamp};
use engine::log::{Commit, Error, EventLog as _, Head};

use super::{commit, open, options, sample_commits};
use crate::{Journal, Run, Salts, encode};

/// The bytes of records, each with the chain before it.
type Records = Vec<(Digest, Vec<u8>)>;

/// Those of some commits, and where they lead.
fn written(before: &Head, commits: &[Commit]) -> (Records, Head) {
    let mut records = Vec::new();
    let head = encode(before, commits, Salts::Random, |it| records.push((it.chain_before, it.bytes.to_vec()))).unwrap();
    (records, head)
}

fn runs(records: &Records) -> Vec<Run<'_>> {
    records.iter().map(|(chain_before, bytes)| Run { chain_before: *chain_before, bytes }).collect()
}

fn raw(journal: &Journal) -> Vec<Vec<u8>> {
    journal.read_raw(Position::START, usize::MAX).unwrap().into_iter().map(|it| it.bytes).collect()
}

#[test]
fn what_one_wrote_others_keep_byte_for_byte_however_it_is_cut() {
    let commits = sample_commits();
    let (records, head) = written(&Head::EMPTY, &commits);
    let (_folder, at_once) = options();
    let journal = open(&at_once);
    assert_eq!(journal.extend(Position::START, &runs(&records)).unwrap(), head);
    assert_eq!(journal.read(Position::START, usize::MAX).unwrap(), commits.concat());
    drop(journal);
    let journal = open(&at_once);
    assert_eq!(journal.head(), head, "it opens again with the same chain");
    let (_folder, one_by_one) = options();
    let other = open(&one_by_one);
    let mut left = records.as_slice();
    for commit in &commits {
        let (now, later) = left.split_at(commit.len());
        let bytes: Vec<u8> = now.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        other.extend(other.head().position, &[Run { chain_before: now[0].0, bytes: &bytes }]).unwrap();
        left = later;
    }
    assert_eq!((other.head(), raw(&other)), (head, raw(&journal)));
    assert!(journal.verify(None).unwrap().head == head && other.verify(None).unwrap().head == head);
}

#[test]
fn nothing_is_kept_that_does_not_follow() {
    let first = vec![commit(0, 3, 10)];
    let (records, head) = written(&Head::EMPTY, &first);
    let second = vec![commit(3, 3, 20)];
    let (next, _) = written(&head, &second);
    let spoiled = |spoil: &dyn Fn(&mut Records)| {
        let mut records = next.clone();
        spoil(&mut records);
        records
    };
    let (_folder, options) = options();
    let journal = open(&options);
    journal.extend(Position::START, &runs(&records)).unwrap();
    let (earlier, _) = written(&Head { recorded_at: None, ..head }, &[commit(3, 3, 10)]);
    let cases: [(&str, Records); 6] = [
        ("expected position 4", spoiled(&|it| drop(it.remove(0)))),
        ("the chain before it is", spoiled(&|it| it[0].0 = Digest([9; 32]))),
        ("the commit has no end", spoiled(&|it| drop(it.pop()))),
        ("checksum", spoiled(&|it| it[1].1[80] ^= 1)),
        ("not later than that of the commit before", earlier),
        ("end within a record", spoiled(&|it| it[2].1.truncate(40))),
    ];
    for (why, records) in cases {
        match journal.extend(head.position, &runs(&records)) {
            Err(Error::Refused { reason }) => {
                let said =
                    reason.contains(why) || (why == "expected position 4" && reason.contains("the chain before"));
                assert!(said, "{why}: {reason}");
            }
            other => panic!("{why}: {other:?}"),
        }
        assert_eq!(journal.head(), head, "{why}");
    }
    assert!(matches!(journal.extend(Position::new(2), &runs(&next)), Err(Error::Moved { .. })));
    journal.extend(head.position, &runs(&next)).unwrap();
}

#[test]
fn a_record_of_a_newer_program_is_kept_and_named() {
    let (mut records, _) = written(&Head::EMPTY, &[commit(0, 1, 10)]);
    records[0].1[4..6].copy_from_slice(&4_000_u16.to_le_bytes());
    super::exporting::seal(&mut records[0].1);
    let (_folder, options) = options();
    let journal = open(&options);
    let head = journal.extend(Position::START, &runs(&records)).unwrap();
    assert_eq!((head.position, raw(&journal)), (Position::new(1), vec![records[0].1.clone()]));
    assert!(matches!(journal.read(Position::START, 1), Err(Error::Newer { kind: 4_000, .. })));
    let later = Head { recorded_at: Some(Timestamp::from_micros(10).unwrap()), ..head };
    let (after, _) = written(&later, &[commit(1, 1, 11)]);
    journal.extend(head.position, &runs(&after)).unwrap();
    assert!(matches!(journal.read(Position::START, 2), Err(Error::Newer { .. })), "it is never skipped");
}
