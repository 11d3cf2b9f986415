//! A book that was saved and restored, and what follows it in the log, against the fold of all of it.

use domain::book::Restoring;
use domain::{Book, Event, Position, Recorded};

use super::properties::seeds;
use crate::world::World;

/// What a book saves: its parts, and the records beside its results.
struct Saved<'a> {
    parts: Vec<Vec<u8>>,
    records: Vec<&'a Recorded>,
}

fn save<'a>(book: &Book, log: &[&'a Recorded]) -> Saved<'a> {
    let mut parts = Vec::new();
    let saved = book.save(&mut |part| {
        parts.push(part.to_vec());
        Ok::<_, ()>(())
    });
    saved.unwrap();
    let spans = book.beside_results();
    let beside = |position: Position| spans.iter().any(|(first, last)| (*first..=*last).contains(&position));
    Saved { parts, records: log.iter().filter(|record| beside(record.position)).copied().collect() }
}

impl Saved<'_> {
    fn restore(&self) -> Result<Book, domain::book::Unrestorable> {
        let mut restoring = Restoring::default();
        self.parts.iter().try_for_each(|part| restoring.part(part))?;
        self.records.iter().try_for_each(|record| restoring.record(record))?;
        restoring.finish()
    }
}

fn folded(log: &[&Recorded]) -> Book {
    let mut book = Book::default();
    for record in log {
        book.apply(record).unwrap();
    }
    book
}

#[test]
fn a_restored_book_and_what_follows_are_the_fold_of_all() {
    let (mut n_rolled_back, mut n_backfilled, mut n_results) = (0, 0, 0);
    for seed in seeds() {
        let mut world = World::grown(seed, 25);
        let at = usize::try_from(world.rng.below(u64::try_from(world.commits.len()).unwrap())).unwrap() + 1;
        let log: Vec<&Recorded> = world.commits.iter().flatten().collect();
        let n_before = world.commits[..at].iter().map(Vec::len).sum();
        let (before, after) = log.split_at(n_before);
        let early = folded(before);
        let saved = save(&early, before);
        let mut restored = saved.restore().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        assert_eq!(restored, early, "seed {seed}, up to commit {at}");
        for record in after {
            restored.apply(record).unwrap();
        }
        assert_eq!(restored, folded(&log), "seed {seed}, from commit {at}");
        let known = before.last().unwrap().recorded_at;
        n_rolled_back += after.iter().filter(|it| matches!(it.event, Event::SubmissionRolledBack(_))).count();
        n_backfilled += after.iter().filter(|it| it.known_at <= known).count();
        n_results += before.iter().filter(|it| matches!(it.event, Event::ResultRecorded(_))).count();
    }
    // Or the property says little.
    assert!(n_rolled_back > 50 && n_backfilled > 50 && n_results > 500, "{n_rolled_back} {n_backfilled} {n_results}");
}

#[test]
fn every_byte_of_a_saved_book_matters_and_none_makes_restoring_panic() {
    // One that has something of everything.
    let mut worlds = (0..).map(|seed| World::grown(seed, 30));
    let kinds = |world: &World| save(&world.book, &[]).parts.iter().map(|part| part[0]).collect::<Vec<u8>>();
    let world = worlds.find(|world| kinds(world) == (1..=11).collect::<Vec<u8>>()).unwrap();
    let log: Vec<&Recorded> = world.commits.iter().flatten().collect();
    let whole = save(&world.book, &log);
    assert_eq!(whole.restore().unwrap(), world.book);
    for n in 0..whole.parts.len() {
        let mut parts = whole.parts.clone();
        parts.remove(n);
        let missing = Saved { parts, records: whole.records.clone() };
        // Reasons and runs are numbered by one another, cells and submissions are counted.
        assert!(missing.restore().ok().is_none_or(|book| book != world.book), "part {n} is missed");
        for end in 0..whole.parts[n].len() {
            let mut cut = Saved { parts: whole.parts.clone(), records: whole.records.clone() };
            cut.parts[n].truncate(end);
            // It is refused, or, where only the journal's checksums tell, it is another book.
            assert!(cut.restore().ok().is_none_or(|book| book != world.book), "part {n} is cut at {end}");
        }
        for at in 0..whole.parts[n].len() {
            let mut changed = Saved { parts: whole.parts.clone(), records: whole.records.clone() };
            changed.parts[n][at] ^= 0x5a;
            assert!(changed.restore().ok().is_none_or(|book| book != world.book), "part {n} is changed at {at}");
        }
    }
    let first = Saved { parts: whole.parts.clone(), records: whole.records[1..].to_vec() };
    assert!(first.restore().is_err());
    let mut swapped = Saved { parts: whole.parts.clone(), records: whole.records.clone() };
    swapped.parts.swap(1, 2);
    assert!(swapped.restore().is_err());
    swapped.parts.swap(1, 2);
    swapped.records.swap(1, 2);
    assert!(swapped.restore().is_err());
}
