use domain::Position;

use super::book_lock::opening;
use crate::recent::Recent;
use crate::settings::FEED_RECORDS;

#[test]
fn what_was_recorded_last_is_read_from_memory_if_that_is_all_there_is() {
    let commit = opening();
    let (recent, head) = (Recent::default(), commit.last().unwrap().position);
    assert_eq!(recent.read(Position::START, head, 9), None, "nothing was recorded yet");
    recent.keep(vec![commit.clone()]);
    for (n_told, next) in commit.iter().enumerate() {
        let after = Position::new(next.position.get() - 1);
        for limit in 0..=commit.len() {
            let expected: Vec<_> = commit[n_told..].iter().take(limit).cloned().collect();
            assert_eq!(recent.read(after, head, limit), Some(expected), "{limit} after {after}");
        }
    }
    assert_eq!(recent.read(Position::START, head.next(), 9), None, "there is more by now");
    recent.keep(vec![commit[1..].to_vec()]);
    assert_eq!(recent.read(Position::START, head, 9), None, "there is more before");
}

#[test]
fn a_large_group_is_not_kept() {
    let (recent, record) = (Recent::default(), opening().remove(0));
    recent.keep(vec![vec![record.clone(); FEED_RECORDS]]);
    assert!(recent.read(Position::START, record.position, 1).is_some());
    recent.keep(vec![vec![record.clone(); FEED_RECORDS], vec![record.clone()]]);
    assert_eq!(recent.read(Position::START, record.position, 1), None);
}
