//! A consumer of the feed: it keeps the cursor of each item with the item, is killed, and goes on at another node.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::Scene;
use super::council::{Council, ROLES, command};
use crate::folder::number;
use crate::program::DEADLINE;

/// How long it waits before it asks another node.
const AGAIN: Duration = Duration::from_millis(100);

/// The consumer's process, when it has one.
#[derive(Default)]
pub(super) struct Consumer(Mutex<Option<Child>>);

impl Consumer {
    /// Ends it by force.
    pub(super) fn kill(&self) {
        if let Some(child) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            child.kill().expect("a process that was started can be killed");
        }
    }

    fn set(&self, child: Option<Child>) {
        let before = std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), child);
        if let Some(mut before) = before {
            before.wait().expect("a process that was started ends");
        }
    }
}

/// What it keeps of an item.
pub(super) struct Item {
    cursor: String,
    /// Of an event: where it lies in the log.
    position: Option<u64>,
}

/// Follows from the beginning, over every end, until all is told after the trouble is over.
pub(super) fn consume(council: &Council, scene: &Scene) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut left = DEADLINE;
    for node in (0..ROLES.len()).cycle() {
        let ending = scene.ending.load(Ordering::SeqCst);
        let after = items.last().map(|it| format!(" --cursor {}", it.cursor)).unwrap_or_default();
        let until = if ending { " --until-caught-up" } else { "" };
        let url = council.url(node);
        // The role that submits is asked as little as the others: any node tells the feed.
        if !url.is_empty()
            && follow(council, &url, &format!("follow --format json{until}{after}"), &mut items)
            && ending
        {
            break;
        }
        if ending {
            assert!(!left.is_zero(), "no node tells the feed to its end");
            left = left.saturating_sub(AGAIN);
        }
        thread::park_timeout(AGAIN);
    }
    items
}

/// Takes what comes, until it ends; true when the last of it was that all is told.
fn follow(council: &Council, url: &str, line: &str, items: &mut Vec<Item>) -> bool {
    let mut command = command(url, line);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("standard output is a pipe"));
    council.consumer().set(Some(child));
    let mut caught_up = false;
    let mut line = String::new();
    while lines.read_line(&mut line).expect("the program writes UTF-8") > 0 {
        // What was cut off has not come: its cursor is not kept.
        if line.ends_with('\n') {
            let item = read(&line);
            caught_up = item.is_none();
            items.extend(item);
        }
        line.clear();
    }
    council.consumer().set(None);
    caught_up
}

/// An item; none for the word that all is told.
fn read(line: &str) -> Option<Item> {
    let item: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
    if !item["caughtUp"].is_null() {
        return None;
    }
    let cursor = item["cursor"].as_str().expect("an item has a cursor").to_owned();
    let event = &item["event"];
    Some(Item { cursor, position: (!event.is_null()).then(|| number(&event["position"])) })
}

/// The consumer has had what the feed is, item by item, and that is every position once.
#[track_caller]
pub(super) fn check(items: &[Item], told: &[String]) {
    let told: Vec<Item> = told.iter().filter_map(|line| read(line)).collect();
    for (had, is) in items.iter().zip(&told) {
        assert_eq!(had.cursor, is.cursor, "the consumer has had another item, or in another order");
    }
    assert_eq!(items.len(), told.len(), "the consumer has had as many items as there are");
    let positions: Vec<u64> = items.iter().filter_map(|item| item.position).collect();
    let head = u64::try_from(positions.len()).expect("a count");
    assert_eq!(positions, (1..=head).collect::<Vec<_>>(), "every position once, in order");
}
