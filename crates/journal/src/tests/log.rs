//! Appending, reading, chaining, waiting.

use std::time::Duration;

use domain::event::RowSetAside;
use domain::{Digest, Event, Position, Timestamp};
use engine::log::{Commit, Error, EventLog as _, Head};
use proptest::prelude::*;

use super::{commit, event, open, options, sample_commits, samples};
use crate::block::{BLOCK_BYTES_MAX, BLOCK_RECORDS_MAX, Block};
use crate::bounds::{self, Bounds};
use crate::{Assurance, Journal, record};

fn at(n: u64) -> Position {
    Position::new(n)
}

/// The chain over records, computed record by record, without blocks.
fn chain_of(commits: &[Commit]) -> Digest {
    commits.iter().flatten().fold(Digest([0; 32]), |chain, recorded| {
        let bytes = record::encode(recorded, samples::SALT).unwrap();
        record::chain(chain, recorded.position, &bytes).unwrap()
    })
}

#[track_caller]
fn refused(journal: &Journal, commits: &[Commit], why: &str) {
    let head = journal.head();
    match journal.append(head.position, commits) {
        Err(Error::Refused { reason }) => assert!(reason.contains(why), "{reason}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(journal.head(), head);
}

#[test]
fn an_empty_log_has_nothing() {
    let (_folder, options) = options();
    let journal = open(&options);
    assert_eq!(journal.head(), Head::EMPTY);
    assert_eq!(journal.read(Position::START, 10).unwrap(), vec![]);
    assert_eq!(journal.chain_at(Position::START).unwrap(), Some(Digest([0; 32])));
    assert_eq!(journal.chain_at(at(1)).unwrap(), None);
    assert_eq!(journal.append(Position::START, &[]).unwrap(), Head::EMPTY);
    let printed = journal.verify(Some((Position::START, Digest([1; 32]))));
    assert!(matches!(printed, Err(Error::Corrupt { .. })), "{printed:?}");
    let verified = journal.verify(Some((Position::START, Digest([0; 32])))).unwrap();
    assert_eq!((verified.head, verified.n_commits), (Head::EMPTY, 0));
}

#[test]
fn samples_are_read_back_before_and_after_opening_again() {
    let (_folder, options) = options();
    let journal = open(&options);
    let commits = sample_commits();
    let all: Commit = commits.iter().flatten().cloned().collect();
    let head = journal.append(Position::START, &commits).unwrap();
    assert_eq!(head.chain, chain_of(&commits));
    assert_eq!(head.recorded_at, Some(all.last().unwrap().recorded_at));
    assert_eq!(journal.read(Position::START, 1_000).unwrap(), all);
    drop(journal);

    let journal = open(&options);
    assert_eq!(journal.head(), head);
    assert_eq!(journal.read(Position::START, 1_000).unwrap(), all);
    assert_eq!(journal.read(at(7), 3).unwrap(), all[7..10]);
    assert_eq!(journal.read(at(7), 0).unwrap(), vec![]);
    assert_eq!(journal.read(head.position, 3).unwrap(), vec![]);
    assert_eq!(journal.read(Position::MAX, 3).unwrap(), vec![]);
    let verified = journal.verify(None).unwrap();
    assert_eq!((verified.head, verified.n_newer), (head, 0));
    assert_eq!(verified.n_commits, u64::try_from(commits.len()).unwrap());
}

#[test]
fn raw_records_are_the_bytes_that_the_chain_is_over() {
    let (_folder, options) = options();
    let journal = open(&options);
    let head = journal.append(Position::START, &sample_commits()).unwrap();
    let raw = journal.read_raw(Position::START, 1_000).unwrap();
    let mut chain = Digest([0; 32]);
    for (raw, (name, sample)) in raw.iter().zip(samples::all()) {
        assert_eq!(raw.bytes, record::encode(&sample, samples::SALT).unwrap(), "{name}");
        assert_eq!(raw.header.name(), Some(sample.event.name()));
        chain = record::chain(chain, sample.position, &raw.bytes).unwrap();
        assert_eq!(journal.chain_at(sample.position).unwrap(), Some(chain), "{name}");
    }
    assert_eq!(chain, head.chain);
    assert_eq!(journal.chain_at(head.position.next()).unwrap(), None);
}

#[test]
fn the_same_records_have_the_same_chain_however_they_are_packed() {
    let commits = sample_commits();
    let (_one, one_options) = options();
    let one = open(&one_options);
    let head = one.append(Position::START, &commits).unwrap();

    let (_many, many_options) = options();
    let many = open(&many_options);
    for commit in &commits {
        many.append(many.head().position, std::slice::from_ref(commit)).unwrap();
    }
    assert_eq!(many.head(), head);
    assert_eq!(head.chain, chain_of(&commits));

    // One commit packs into fewer blocks than many; the chain is still the one over its records.
    let (_packed, packed_options) = options();
    let packed = open(&packed_options);
    let whole = commit(0, 40, 1_000);
    assert_eq!(packed.append(Position::START, std::slice::from_ref(&whole)).unwrap().chain, chain_of(&[whole]));
}

#[test]
fn a_commit_of_five_thousand_records_spans_batches_and_is_read_back() {
    let (_folder, options) = options();
    let journal = open(&options);
    let commits = [commit(0, 5_000, 1_000), commit(5_000, 7, 1_001)];
    let head = journal.append(Position::START, &commits).unwrap();
    assert_eq!(head.position, at(5_007));
    assert_eq!(head.chain, chain_of(&commits));
    drop(journal);
    let journal = open(&options);
    assert_eq!(journal.head(), head);
    let read = journal.read(Position::START, usize::MAX).unwrap();
    assert_eq!(read, commits.concat());
    assert_eq!(
        journal.verify(Some((at(2_500), journal.chain_at(at(2_500)).unwrap().unwrap()))).unwrap().assurance,
        Assurance::Printed { position: at(2_500), n_after: 2_507 }
    );
}

/// The blocks of a journal as it stores them: of each its version, and for each of its records whether it ends a commit.
/// They leave no gap.
fn blocks(journal: &Journal) -> Vec<(u16, Vec<bool>)> {
    let mut next = at(1);
    let mut blocks = Vec::new();
    for stored in journal.store.blocks_from(Position::START) {
        let (first, value) = stored.unwrap();
        let block = Block::read(first, &value).unwrap();
        assert!(value.len() <= BLOCK_BYTES_MAX, "{}", value.len());
        assert_eq!(first, next);
        next = block.end();
        let ends: Vec<bool> = block.frames().map(|frame| frame.unwrap().header.last_of_commit()).collect();
        assert!(ends.len() <= usize::from(BLOCK_RECORDS_MAX), "{}", ends.len());
        blocks.push((u16::from_le_bytes([value[4], value[5]]), ends));
    }
    assert_eq!(next, journal.head().position.next());
    blocks
}

#[test]
fn a_block_is_of_one_commit_or_of_whole_ones() {
    let (_folder, options) = options();
    let journal = open(&options);
    let commits = [commit(0, 500, 1_000), commit(500, 1, 1_001), commit(501, 17, 1_002), commit(518, 2, 1_003)];
    journal.append(Position::START, &commits).unwrap();
    journal.append(at(520), &[commit(520, 1, 1_004)]).unwrap();
    let blocks = blocks(&journal);
    for (version, ends) in &blocks {
        let within = ends.split_last().is_some_and(|(_, before)| before.contains(&true));
        assert!(!within || ends.last() == Some(&true), "{ends:?}");
        assert_eq!(*version, if within { 2 } else { 1 }, "{ends:?}");
    }
    assert!(blocks.iter().any(|(version, _)| *version == 2) && blocks.iter().any(|(_, ends)| ends.len() > 8));
    assert_eq!(blocks.last(), Some(&(1, vec![true])), "what is appended later begins a block");
}

#[test]
fn small_commits_of_one_append_share_blocks() {
    let small = |after: u64| {
        let mut commit = commit(after, 2, 1_000 + i64::try_from(after).unwrap());
        for record in &mut commit {
            record.event = event(0);
        }
        commit
    };
    let (_folder, options) = options();
    let journal = open(&options);
    let commits: Vec<Commit> = (0..64).map(|n| small(2 * n)).collect();
    let head = journal.append(Position::START, &commits).unwrap();
    assert_eq!(head.chain, chain_of(&commits));
    assert_eq!(blocks(&journal), vec![(2, [false, true].repeat(8)); 8]);
    assert_eq!(journal.verify(None).unwrap().n_commits, 64);
    // No packing shows in the chain.
    let (_folder, options) = super::options();
    let apart = open(&options);
    let heads = commits.iter().map(|commit| apart.append(apart.head().position, std::slice::from_ref(commit)).unwrap());
    assert_eq!(heads.last(), Some(head));
    assert_eq!(blocks(&apart), vec![(1, vec![false, true]); 64]);
}

#[test]
fn a_block_whose_version_denies_what_is_in_it_is_damaged() {
    let (_folder, options) = options();
    let journal = open(&options);
    journal.append(Position::START, &[commit(0, 1, 1_000), commit(1, 1, 1_001)]).unwrap();
    journal.append(at(2), &[commit(2, 40, 1_002)]).unwrap();
    let versions = [(1, 1, "a commit ends within a block of version 1"), (3, 2, "of version 2 ends within a commit")];
    for (first, version, why) in versions {
        let (first, value) = journal.store.blocks_from(at(first)).next().unwrap().unwrap();
        let mut value = value.to_vec();
        assert!(Block::read(first, &value).unwrap().last().is_ok());
        value[4] = version;
        let sum = crc32c::crc32c(&value[..48]);
        value[48..52].copy_from_slice(&sum.to_le_bytes());
        match Block::read(first, &value).unwrap().last() {
            Err(Error::Corrupt { reason, .. }) => assert!(reason.contains(why), "{reason}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_head_that_moved_changes_nothing() {
    let (_folder, options) = options();
    let journal = open(&options);
    let head = journal.append(Position::START, &[commit(0, 3, 1_000)]).unwrap();
    let again = journal.append(Position::START, &[commit(0, 3, 1_001)]);
    let Err(Error::Moved { expected, found }) = again else { panic!("{again:?}") };
    assert_eq!((expected, found), (Position::START, at(3)));
    assert_eq!(journal.head(), head);
    assert_eq!(journal.read(Position::START, 10).unwrap().len(), 3);
}

#[test]
fn a_commit_that_does_not_follow_is_refused() {
    let (_folder, options) = options();
    let journal = open(&options);
    journal.append(Position::START, &[commit(0, 3, 1_000)]).unwrap();
    refused(&journal, &[vec![]], "without records");
    refused(&journal, &[commit(4, 1, 1_001)], "position 5 is given where 4 is next");
    refused(&journal, &[commit(3, 1, 1_000)], "not later");
    refused(&journal, &[commit(3, 1, 999)], "not later");
    refused(&journal, &[commit(3, 1, 1_001), commit(4, 1, 1_001)], "not later");
    refused(&journal, &[commit(3, 1, 1_001), commit(5, 1, 1_002)], "position 6 is given where 5 is next");
    let changed = |change: fn(&mut Commit)| {
        let mut commit = commit(3, 3, 1_001);
        change(&mut commit);
        [commit]
    };
    refused(&journal, &changed(|c| c[1].last_of_commit = true), "wrongly marked");
    refused(&journal, &changed(|c| c[2].last_of_commit = false), "wrongly marked");
    refused(&journal, &changed(|c| c[1].recorded_at = c[1].recorded_at.next()), "is not its commit's");
    refused(&journal, &changed(|c| c[1].known_at = c[1].recorded_at.next()), "is later than recorded_at");
    refused(&journal, &changed(|c| c.swap(0, 1)), "position 5 is given where 4 is next");
    refused(
        &journal,
        &changed(|c| {
            let text = "x".repeat(4_000);
            c[1].event = Event::RowSetAside(RowSetAside { text, field: String::new(), problem: String::new() });
        }),
        "the RowSetAside for position 5: its payload has",
    );
    journal.append(at(3), &[commit(3, 1, 1_001)]).unwrap();
}

/// Why a commit of 20 records is refused within given bounds, if it is.
fn refusal(n_records: usize, n_bytes: usize) -> Option<String> {
    match bounds::check_size(&commit(0, 20, 1_000), Bounds { n_records, n_bytes }) {
        Ok(_) => None,
        Err(Error::Refused { reason }) => Some(reason),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_commit_over_the_bounds_is_refused_with_the_remedy() {
    let encoded = |recorded| record::encode(recorded, samples::SALT).unwrap().len();
    let n_bytes: usize = commit(0, 20, 1_000).iter().map(encoded).sum();
    assert_eq!(refusal(20, n_bytes), None);
    assert_eq!(
        refusal(19, n_bytes).unwrap(),
        "a commit of 20 records; at most 19 are allowed: put it in as several submissions"
    );
    assert_eq!(
        refusal(20, n_bytes - 1).unwrap(),
        format!("a commit of {n_bytes} bytes; at most {} are allowed: put it in as several submissions", n_bytes - 1)
    );
    assert_eq!((Bounds::COMMIT.n_records, Bounds::COMMIT.n_bytes), (1_000_000, 240 * 1_048_576));
}

#[test]
fn waiting_ends_when_the_head_is_there() {
    let (_folder, options) = options();
    let journal = open(&options);
    assert!(journal.wait_for(Position::START, Duration::ZERO));
    assert!(!journal.wait_for(at(1), Duration::ZERO));
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| journal.wait_for(at(5), Duration::from_secs(20)));
        journal.append(Position::START, &[commit(0, 3, 1_000)]).unwrap();
        journal.append(at(3), &[commit(3, 3, 1_001)]).unwrap();
        assert!(waiting.join().unwrap());
    });
    assert!(!journal.wait_for(at(7), Duration::from_millis(1)));
}

#[test]
fn random_salts_differ_from_record_to_record_and_from_log_to_log() {
    let salted = || {
        let (_folder, mut options) = options();
        options.salts = crate::Salts::Random;
        let journal = open(&options);
        journal.append(Position::START, &[commit(0, 300, 1_000)]).unwrap();
        journal.verify(None).unwrap();
        journal.read_raw(Position::START, 300).unwrap().into_iter().map(|raw| raw.header.salt)
    };
    let mut salts: Vec<[u8; 16]> = salted().chain(salted()).collect();
    salts.sort_unstable();
    salts.dedup();
    assert_eq!(salts.len(), 600);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_commits_are_read_back_from_anywhere(
        lengths in prop::collection::vec(1..60_u64, 1..6),
        after in 0..200_u64,
        limit in 0..200_usize,
        at_once in any::<bool>(),
        reopen in any::<bool>(),
    ) {
        let (_folder, options) = options();
        let mut journal = open(&options);
        let mut all = Commit::new();
        let mut commits = Vec::new();
        for (length, micros) in lengths.iter().zip(1_000..) {
            let commit = commit(u64::try_from(all.len()).unwrap(), *length, micros);
            all.extend(commit.clone());
            commits.push(commit);
        }
        for commits in if at_once { vec![commits] } else { commits.into_iter().map(|commit| vec![commit]).collect() } {
            let head = journal.append(journal.head().position, &commits).unwrap();
            prop_assert_eq!(head.chain, journal.verify(None).unwrap().head.chain);
        }
        if reopen {
            drop(journal);
            journal = open(&options);
        }
        prop_assert_eq!(journal.head().recorded_at, Some(Timestamp::from_micros(999).unwrap())
            .map(|at| lengths.iter().fold(at, |at, _| at.next())));
        let expected: Commit = all.into_iter().skip(usize::try_from(after).unwrap()).take(limit).collect();
        prop_assert_eq!(journal.read(at(after), limit).unwrap(), expected);
    }
}
