//! Books that are saved beside the log: used when they are whole and of it, and otherwise said and left.

use std::fs;
use std::path::{Path, PathBuf};

use domain::event::LogOpened;
use domain::{Book, Event, LogId, Position};
use engine::log::{Commit, EventLog as _};

use super::{commit, open, options, sample_commits};
use crate::{Journal, Options};

fn folded(journal: &Journal) -> Book {
    let mut book = Book::default();
    journal.read(Position::START, usize::MAX).unwrap().iter().for_each(|record| book.apply(record).unwrap());
    book
}

/// A log of every sample, its book saved, and the file that it is in.
fn saved(options: &Options, commits: &[Commit]) -> (Journal, Book, PathBuf) {
    let journal = open(options);
    journal.append(journal.head().position, commits).unwrap();
    let book = folded(&journal);
    assert_eq!(journal.save_book(&book).unwrap(), Some(journal.head().position));
    let file = options.dir.join(format!("book.{:020}", journal.head().position.get()));
    assert!(file.is_file());
    (journal, book, file)
}

/// Asserts that no saved book is used, for a reason.
#[track_caller]
fn ignored(journal: &Journal, why: &str) {
    let found = journal.saved_book();
    assert!(found.book.is_none(), "it is used");
    assert_eq!(found.ignored.len(), 1, "{:?}", found.ignored);
    assert!(found.ignored[0].contains(why), "{}", found.ignored[0]);
}

fn names(dir: &Path) -> Vec<String> {
    let names = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut books: Vec<String> = names.filter(|name| name.starts_with("book.")).collect();
    books.sort();
    books
}

#[test]
fn a_saved_book_and_what_follows_are_the_fold_of_the_log() {
    let commits = sample_commits();
    for n_before in 1..=commits.len() {
        let (_folder, options) = options();
        let (before, after) = commits.split_at(n_before);
        let (journal, book, _) = saved(&options, before);
        journal.append(journal.head().position, after).unwrap();
        drop(journal);
        let journal = open(&options);
        let found = journal.saved_book();
        assert_eq!(found.ignored, [""; 0]);
        let mut restored = found.book.unwrap();
        assert_eq!(restored, book);
        for record in journal.read(restored.head(), usize::MAX).unwrap() {
            restored.apply(&record).unwrap();
        }
        assert_eq!(restored, folded(&journal));
    }
}

#[test]
fn whatever_is_changed_or_missing_in_the_file_it_is_not_used_and_that_is_said() {
    let (_folder, options) = options();
    let (journal, book, file) = saved(&options, &sample_commits());
    let bytes = fs::read(&file).unwrap();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x5a;
        fs::write(&file, &changed).unwrap();
        ignored(&journal, "");
        fs::write(&file, &bytes[..at]).unwrap();
        ignored(&journal, "damaged");
    }
    fs::write(&file, [bytes.as_slice(), &[0]].concat()).unwrap();
    ignored(&journal, "goes on after its end");
    assert_eq!(journal.damage(), None, "the log itself is whole");
    // It is replaced although nothing came after it.
    assert_eq!(journal.save_book(&book).unwrap(), Some(book.head()));
    assert_eq!(fs::read(&file).unwrap(), bytes);
    assert_eq!(journal.saved_book().book, Some(book));
}

#[test]
fn one_of_another_log_or_of_one_that_parted_from_this_is_not_used() {
    let (_folder, here) = options();
    let (_other_folder, there) = options();
    let commits = sample_commits();
    let (journal, book, file) = saved(&here, &commits);
    let own = fs::read(&file).unwrap();
    let mut foreign = commits.clone();
    let Event::LogOpened(opened) = &mut foreign[0][0].event else { panic!("the first record opens the log") };
    *opened = LogOpened { log: LogId([0xee; 16]), ..opened.clone() };
    let (_, _, of_another) = saved(&there, &foreign);
    fs::copy(of_another, &file).unwrap();
    ignored(&journal, "another log");

    let (_parted_folder, parted) = options();
    let mut forked = commits.clone();
    let last = forked.last_mut().unwrap();
    last[0].attribution.why.reason.push('!');
    let (_, _, of_a_fork) = saved(&parted, &forked);
    fs::copy(of_a_fork, &file).unwrap();
    ignored(&journal, "parted from this one");

    fs::write(&file, own).unwrap();
    assert_eq!(journal.saved_book().book.as_ref(), Some(&book));
    let (_short_folder, short) = options();
    let before = open(&short);
    before.append(Position::START, &commits[..commits.len() - 1]).unwrap();
    fs::copy(&file, short.dir.join(file.file_name().unwrap())).unwrap();
    ignored(&before, "after the end of this log");
}

#[test]
fn one_of_another_version_of_the_program_or_a_later_format_is_not_used() {
    let (_folder, options) = options();
    let (journal, _, file) = saved(&options, &sample_commits());
    let bytes = fs::read(&file).unwrap();
    let mut other = bytes.clone();
    other[6] += 1;
    let sum = crc32c::crc32c(&other[..68]).to_le_bytes();
    other[68..72].copy_from_slice(&sum);
    fs::write(&file, &other).unwrap();
    ignored(&journal, "another version of this program");
    fs::write(&file, &bytes).unwrap();
    drop(journal);
    let held_back = open(&Options { newest_format: 1, ..options });
    ignored(&held_back, "later format");
}

#[test]
fn the_newest_two_are_kept_and_an_unfinished_one_is_neither_used_nor_in_the_way() {
    let (_folder, options) = options();
    let (journal, _, _) = saved(&options, &sample_commits());
    let mut position = journal.head().position.get();
    fs::write(options.dir.join("book.99999999999999999999"), "of no position").unwrap();
    fs::write(options.dir.join("book.00000000000000009999"), "of a later position").unwrap();
    for n in 1..4 {
        journal.append(Position::new(position), &[commit(position, 2, 1_700_000_000_000_000 + n)]).unwrap();
        // Cut off by a crash, before it was renamed.
        fs::write(options.dir.join("book.unfinished"), "SBOK").unwrap();
        assert_eq!(journal.save_book(&folded(&journal)).unwrap(), Some(Position::new(position + 2)));
        let kept = [position, position + 2].map(|kept| format!("book.{kept:020}"));
        assert_eq!(names(&options.dir)[..2], kept);
        position += 2;
    }
    fs::write(options.dir.join("book.unfinished"), fs::read(options.dir.join(names(&options.dir)[1].clone())).unwrap())
        .unwrap();
    fs::remove_file(options.dir.join(format!("book.{position:020}"))).unwrap();
    let found = journal.saved_book();
    assert_eq!(found.book.map(|book| book.head().get()), Some(position - 2), "the one before it is as good");
    assert_eq!(found.ignored, [""; 0]);
}

#[test]
fn it_is_saved_only_when_enough_came_and_never_within_a_commit() {
    let (_folder, mut options) = options();
    options.save_records = 10;
    let journal = open(&options);
    let commits = sample_commits();
    journal.append(Position::START, &commits[..8]).unwrap();
    assert_eq!(journal.save_book(&folded(&journal)).unwrap(), None, "nine records are too few");
    journal.append(journal.head().position, &commits[8..9]).unwrap();
    let mut within = Book::default();
    for record in journal.read(Position::START, 2).unwrap() {
        within.apply(&record).unwrap();
    }
    let book = folded(&journal);
    assert_eq!(journal.save_book(&book).unwrap(), Some(Position::new(10)));
    assert_eq!(journal.save_book(&book).unwrap(), None, "it is saved");
    drop(journal);
    let journal = open(&options);
    assert_eq!(journal.save_book(&within).unwrap(), None, "a commit goes on after it");
    assert!(journal.saved_book().book.is_some());
    assert_eq!(journal.save_book(&book).unwrap(), None, "it was found saved");
    drop(journal);
    let never = open(&Options { save_records: 0, ..options });
    assert!(never.saved_book().book.is_none() && never.save_book(&book).unwrap().is_none());
}

/// What an older program saved must not be taken for what this one would have. When this fails, what is saved has changed:
/// raise `Book::FOLD`, and put down the new digest.
#[test]
fn what_is_saved_is_what_this_number_of_fold_says() {
    let (_folder, options) = options();
    // Later samples change it, and not what these come to.
    let (_, _, file) = saved(&options, &sample_commits()[..40]);
    let digest = engine::sha256(&fs::read(file).unwrap()).to_string();
    assert_eq!((Book::FOLD, digest.as_str()), (2, "d5021fbce7ff1837d68a3e9b668bdd1d27cfea5dd377ac6961c16f5dc4fb4ed0"));
}
