//! Long texts, stored in parts, and files.

use super::rig::{Rig, cell, define, definition, digest, file, give};
use crate::event::{ContentStored, Event};
use crate::limits::{INLINE_BYTES_MAX, PART_BYTES_MAX};
use crate::measure::{Content, Definition};
use crate::preview::Drafted;
use crate::{AsOf, Command};

fn with_text(text: &str) -> Definition {
    Definition { definition: Content::Inline(text.to_owned()), ..definition("long") }
}

fn parts(events: impl IntoIterator<Item = Event>) -> Vec<ContentStored> {
    let part = |event| match event {
        Event::ContentStored(part) => Some(part),
        _ => None,
    };
    events.into_iter().filter_map(part).collect()
}

/// Records a definition with a text; gives its parts and the text as it is read again.
fn recorded(rig: &mut Rig, text: &str) -> (Vec<ContentStored>, String) {
    let (_, decision) = rig.put_in(vec![give(define(with_text(text)))]);
    let events: Vec<Event> = decision.drafts.iter().filter_map(Drafted::other).cloned().collect();
    assert!(matches!(events.last(), Some(Event::MeasureDefined(_) | Event::MeasureRevised(_))), "parts come before");
    let (revision, _) = rig.book.definition(&with_text("").measure, AsOf::position(rig.head())).unwrap();
    let crate::book::MeasureState::Defined(standing) = &revision.value.value else { panic!("it is defined") };
    (parts(events), rig.book.text(&standing.definition).unwrap())
}

#[test]
fn a_text_is_kept_in_its_record_up_to_the_bound_and_in_parts_beyond() {
    for (n_bytes, n_parts) in [
        (0, 0),
        (INLINE_BYTES_MAX, 0),
        (INLINE_BYTES_MAX + 1, 1),
        (PART_BYTES_MAX, 1),
        (PART_BYTES_MAX + 1, 2),
        (10 * PART_BYTES_MAX, 10),
        (10 * PART_BYTES_MAX + 1, 11),
    ] {
        let text: String = ('a'..='z').cycle().take(n_bytes).collect();
        let (stored, read) = recorded(&mut Rig::new(), &text);
        assert_eq!(stored.len(), n_parts, "{n_bytes} bytes");
        assert_eq!(read, text);
        for (number, part) in (0..).zip(&stored) {
            assert_eq!((part.part, part.parts, part.file), (number, u32::try_from(n_parts).unwrap(), false));
            assert_eq!(part.digest, digest(text.as_bytes()));
            assert!((1..=PART_BYTES_MAX).contains(&part.bytes.len()));
        }
    }
}

#[test]
fn a_letter_of_several_bytes_may_be_cut_and_is_whole_again() {
    let text = "€".repeat(PART_BYTES_MAX);
    let (stored, read) = recorded(&mut Rig::new(), &text);
    assert_eq!(stored.len(), 3);
    assert!(std::str::from_utf8(&stored[0].bytes).is_err(), "3,500 is no multiple of 3");
    assert_eq!(read, text);
}

#[test]
fn a_text_that_is_stored_is_not_stored_again() {
    let mut rig = Rig::new();
    let text = "Long. ".repeat(1_000);
    assert_eq!(recorded(&mut rig, &text).0.len(), 2);
    let again = rig.decide(vec![give(define(with_text(&text)))]);
    assert_eq!(again.drafts, [], "the same definition stands");
    let other = Definition { title: "Another title".to_owned(), ..with_text(&text) };
    let (_, decision) = rig.put_in(vec![give(define(other))]);
    assert_eq!(decision.drafts.len(), 1, "only the title is new");
    let write = |period| give(Command::WriteCommentary { cell: cell("kpi", period), text: "Words. ".repeat(300) });
    let (_, decision) = rig.put_in(vec![write("2018-01"), write("2018-02")]);
    let names: Vec<_> = decision.drafts.iter().filter_map(|draft| Some(draft.other()?.name())).collect();
    assert_eq!(names, ["ContentStored", "CommentaryWritten", "CommentaryWritten"]);
}

#[test]
fn files_are_stored_in_parts_when_they_are_to_be_and_take_no_memory() {
    let mut rig = Rig::new();
    let bytes = vec![7; 2 * PART_BYTES_MAX + 1];
    let mut submission = rig.submission(vec![give(define(definition("other")))]);
    submission.files =
        vec![file("a.csv", bytes.clone(), true), file("b.csv", vec![1], false), file("empty.csv", Vec::new(), true)];
    let stored = parts(submission.stored_files());
    assert_eq!(stored.iter().map(|part| part.bytes.len()).collect::<Vec<_>>(), [PART_BYTES_MAX, PART_BYTES_MAX, 1, 0]);
    assert!(stored.iter().all(|part| part.file));
    let (id, _) = rig.put_in_submission(&submission);
    let (_, received) = rig.book.received(id).unwrap();
    assert_eq!(received.sources.len(), 3);
    assert_eq!(received.last.get() - received.first.get(), 5, "itself, four parts and the measure");
    assert!(!rig.book.stores(&digest(&bytes)), "answers never quote a file");
}
