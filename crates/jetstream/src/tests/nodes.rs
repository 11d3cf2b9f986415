//! The table of nodes by itself: no server, and a time of its own.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::{Digest, LogId, Position, Timestamp};
use engine::cluster::{State, View};
use engine::log::Halt;
use tokio::time::Instant;

use crate::nodes::{Difference, Disagreement, NODES_MAX, Now, Statement, Table, Unreadable};

const LOG: LogId = LogId([1; 16]);

/// What a node says whose log ends at a position; its chain there is that digit.
fn said(node: &str, position: u64, chain: u8) -> Statement {
    Statement {
        node: node.to_owned(),
        run: [1; 16],
        asks: false,
        roles: vec!["reporting".to_owned()],
        version: "0.1.0".to_owned(),
        format: Some(1),
        log: Some(LOG),
        position: Position::new(position),
        chain: Some(Digest([chain; 32])),
        followed: Some(7),
        recorded_at: None,
        now: clock(0),
        stopped: None,
        listen: Some("10.0.0.5:7420".to_owned()),
    }
}

fn clock(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros.saturating_add(1_600_000_000_000_000)).expect("an instant")
}

/// A table whose time is told by seconds from its beginning.
struct Given {
    table: Table,
    begun: Instant,
    own: Statement,
}

impl Given {
    fn new() -> Self {
        let (own, begun) = (said("own", 10, 1), Instant::now());
        let mut table = Table::new(&own.node, own.run);
        table.turn(true, begun);
        Self { table, begun, own }
    }

    fn at(&self, seconds: u64) -> Now {
        Now { at: self.begun.checked_add(Duration::from_secs(seconds)).expect("an instant"), clock: clock(0) }
    }

    fn hear(&mut self, seconds: u64, said: Statement) {
        let now = self.at(seconds);
        self.table.heard(said, now);
    }

    fn view(&self, seconds: u64) -> View {
        self.table.view(&self.own, self.at(seconds))
    }

    /// Compares with a log of that many records, whose chains are all the digit 1.
    fn compare(&mut self, head: u64) -> Option<Disagreement> {
        let wanted = self.table.wanted(Position::new(head));
        let chains: BTreeMap<Position, Digest> = wanted.into_iter().map(|at| (at, Digest([1; 32]))).collect();
        self.table.compare(Some(LOG), &chains)
    }
}

fn names(view: &View) -> Vec<&str> {
    view.nodes.iter().map(|node| node.name.as_str()).collect()
}

#[test]
fn a_statement_is_read_as_it_was_written() {
    let whole = Statement { stopped: Some("the disk is full".to_owned()), ..said("a", 10, 1) };
    assert_eq!(Statement::decode(&whole.encode()), Ok(whole));
    let empty = Statement { log: None, chain: None, format: None, followed: None, listen: None, ..said("a", 0, 0) };
    assert_eq!(Statement::decode(&empty.encode()), Ok(empty));
}

#[test]
fn a_statement_of_another_version_is_read_as_far_as_it_is_known() {
    let run = LogId([1; 16]);
    let newer = format!(r#"{{"v":9,"node":"a","run":"{run}","now":5,"position":3,"mood":{{"good":true}}}}"#);
    let read = Statement::decode(newer.as_bytes()).expect("it is understood");
    assert_eq!((read.position, read.format, read.chain), (Position::new(3), None, None));
}

#[test]
fn what_is_no_statement_is_refused() {
    let json = |text: &str| Statement::decode(text.as_bytes()).expect_err("refused");
    assert!(matches!(json("no JSON"), Unreadable::Json { .. }));
    assert!(matches!(json("{}"), Unreadable::Json { .. }));
    assert_eq!(Statement::decode(&vec![b' '; 20_000]), Err(Unreadable::TooLong { n_bytes: 20_000 }));
    let field = |statement: Statement| match Statement::decode(&statement.encode()) {
        Err(Unreadable::Field { field }) => field,
        other => panic!("{other:?}"),
    };
    assert_eq!(field(said("", 1, 1)), "node");
    assert_eq!(field(said("a b", 1, 1)), "node");
    assert_eq!(field(said(&"a".repeat(65), 1, 1)), "node");
    assert_eq!(field(Statement { roles: vec!["Ingest!".to_owned()], ..said("a", 1, 1) }), "roles");
    assert_eq!(field(Statement { roles: vec!["all".to_owned(); 9], ..said("a", 1, 1) }), "roles");
    let long = Statement { stopped: Some("é".repeat(400)), ..said("a", 1, 1) };
    let cut = Statement::decode(&long.encode()).expect("its own texts are cut").stopped.expect("it is said");
    assert_eq!(cut, "é".repeat(256));
}

#[test]
fn nodes_are_live_then_silent_then_forgotten() {
    let mut given = Given::new();
    given.hear(0, said("b", 7, 1));
    given.hear(0, said("a", 12, 1));
    let view = given.view(10);
    assert_eq!(names(&view), ["own", "a", "b"]);
    assert_eq!(view.nodes.iter().map(|node| node.lag).collect::<Vec<_>>(), [2, 0, 5]);
    assert_eq!(view.nodes[2].state, State::Live);
    assert_eq!(view.nodes[2].heard_ago, Some(Duration::from_secs(10)));
    assert!(view.problems.is_empty(), "{:?}", view.problems);
    assert_eq!(given.view(11).nodes[2].state, State::Silent);
    given.table.turn(true, given.at(600).at);
    assert_eq!(names(&given.view(600)).len(), 3);
    given.table.turn(true, given.at(601).at);
    assert_eq!(names(&given.view(601)), ["own"]);
}

#[test]
fn what_a_node_says_is_compared_at_once_or_once_the_log_is_there() {
    let mut given = Given::new();
    given.hear(0, said("a", 10, 1));
    given.hear(0, said("b", 20, 2));
    assert_eq!(given.compare(10), None);
    assert_eq!(given.view(0).nodes[1].agreed, Position::new(10));
    // It goes on and on, always ahead: the first place that waits is kept.
    for position in 21..40 {
        given.hear(0, said("b", position, 2));
    }
    assert_eq!(given.compare(19), None);
    let found = given.compare(20).expect("a disagreement");
    let difference = Difference::Chain { position: Position::new(20), own: Digest([1; 32]), theirs: Digest([2; 32]) };
    assert_eq!(found, Disagreement { node: "b".to_owned(), own: "own".to_owned(), difference });
    let words = found.to_string();
    assert_eq!(found.halt(), Halt { position: Position::new(20), reason: words.clone() });
    for part in ["node b and node own", "at position 20", "scorebook log verify", "on both"] {
        assert!(words.contains(part), "{words}");
    }
    assert_eq!(given.compare(40), None, "it is said once");
    let view = given.view(30);
    assert_eq!(view.nodes[2].state, State::Disagrees, "also when it is silent");
    assert_eq!(view.problems, [words]);
}

#[test]
fn a_node_that_begins_anew_is_not_held_to_what_it_said_before() {
    let mut given = Given::new();
    given.hear(0, said("a", 20, 2));
    given.hear(1, Statement { run: [2; 16], ..said("a", 5, 1) });
    assert_eq!(given.compare(30), None);
    assert_eq!(given.view(1).nodes[1].agreed, Position::new(5));
    assert!(given.view(1).problems.is_empty());
}

#[test]
fn another_log_is_a_disagreement() {
    let mut given = Given::new();
    given.hear(0, Statement { log: None, chain: None, ..said("new", 0, 0) });
    assert_eq!(given.compare(10), None, "a node without a log agrees with everybody");
    given.hear(0, Statement { log: Some(LogId([9; 16])), ..said("a", 500, 2) });
    let found = given.compare(10).expect("a disagreement").to_string();
    assert!(found.contains("node a keeps another log") && found.contains("09090909-"), "{found}");
    assert_eq!(given.table.wanted(Position::MAX).len(), 0, "its places are not looked up here");
    assert_eq!(given.view(0).nodes.iter().map(|node| node.lag).collect::<Vec<_>>(), [0, 0, 10]);
}

#[test]
fn two_nodes_of_one_name_are_said_and_a_restart_is_not() {
    let mut given = Given::new();
    let run = |run: u8| Statement { run: [run; 16], ..said("a", 10, 1) };
    given.hear(0, run(1));
    given.hear(1, run(2));
    given.hear(2, run(3));
    assert!(given.view(2).problems.is_empty());
    given.hear(3, run(2));
    assert_eq!(given.view(3).problems.len(), 1);
    assert!(given.view(3).problems[0].starts_with("two nodes call themselves a;"), "{:?}", given.view(3).problems);
    given.hear(14, run(2));
    assert!(given.view(14).problems.is_empty(), "the other is gone");
    given.hear(14, given.own.clone());
    assert_eq!(names(&given.view(14)), ["own", "a"], "one's own words are passed over");
    given.hear(14, Statement { run: [2; 16], ..given.own.clone() });
    assert!(given.view(14).problems[0].starts_with("two nodes call themselves own;"));
}

#[test]
fn clocks_that_are_apart_are_said_with_the_amount() {
    let mut given = Given::new();
    given.hear(0, Statement { now: clock(2_000_000), ..said("a", 10, 1) });
    assert!(given.view(0).problems.is_empty());
    given.hear(0, Statement { now: clock(2_150_000), ..said("a", 10, 1) });
    given.hear(0, Statement { now: clock(-61_000_000), ..said("b", 10, 1) });
    let problems = given.view(0).problems;
    assert_eq!(problems.len(), 2);
    assert!(problems[0].starts_with("the clock of node a is 2.1 s ahead of this node's"), "{problems:?}");
    assert!(problems[1].starts_with("the clock of node b is 61.0 s behind this node's"), "{problems:?}");
    assert_eq!(given.view(0).nodes[2].clock_ahead_micros, Some(-61_000_000));
}

#[test]
fn a_node_that_records_nothing_is_said_with_its_reason() {
    let mut given = Given::new();
    given.hear(0, Statement { stopped: Some("its disk is full".to_owned()), ..said("a", 10, 1) });
    let view = given.view(0);
    assert_eq!(view.nodes[1].state, State::Stopped);
    assert_eq!(view.problems, ["node a records nothing: its disk is full"]);
    given.own.stopped = Some("the log is damaged".to_owned());
    let view = given.view(0);
    assert_eq!((view.nodes[0].state, view.nodes[0].answers), (State::Stopped, true));
    assert_eq!(view.problems[0], "node own (this one) records nothing: the log is damaged");
}

#[test]
fn the_table_is_bounded_and_what_it_refuses_is_counted() {
    let mut given = Given::new();
    for n in 0..1_000 {
        given.hear(0, said(&format!("node-{n:04}"), 10, 1));
    }
    let view = given.view(0);
    assert_eq!(view.nodes.len(), 1 + NODES_MAX);
    assert_eq!(view.problems, ["there are more than 256 other nodes; 744 messages of the rest were passed over"]);
    assert_eq!(given.table.wanted(Position::new(10)).len(), 1);
    // Who is live keeps its place; who is silent gives it up.
    given.hear(9, said("node-0000", 10, 1));
    given.hear(11, said("late", 10, 1));
    let view = given.view(11);
    assert!(names(&view).contains(&"late") && names(&view).contains(&"node-0000"));
    assert_eq!(view.nodes.len(), 1 + NODES_MAX);
    let mut noisy = Given::new();
    for _ in 0..5 {
        noisy.table.heard_noise("it is no JSON".to_owned(), noisy.at(0).at);
    }
    let problem = "5 messages on the nodes' subjects could not be read; the last: it is no JSON";
    assert_eq!(noisy.view(600).problems, [problem]);
    assert!(noisy.view(601).problems.is_empty());
}

#[test]
fn problems_are_bounded_and_the_rest_is_counted() {
    let mut given = Given::new();
    for n in 0..200 {
        given.hear(0, Statement { stopped: Some("full".to_owned()), ..said(&format!("n{n:03}"), 10, 1) });
    }
    let problems = given.view(0).problems;
    assert_eq!((problems.len(), problems.last().map(String::as_str)), (100, Some("and 101 more")));
}

#[test]
fn the_least_format_counts_and_who_is_not_known_is_named() {
    let mut given = Given::new();
    given.hear(0, Statement { format: Some(2), ..said("a", 10, 1) });
    let early = given.table.formats(3, given.at(9).at);
    assert_eq!(early.least, 2);
    assert_eq!(early.unknown, ["this node has listened to the others for less than 10 s"]);
    let formats = |given: &Given, seconds| given.table.formats(3, given.at(seconds).at);
    assert_eq!((formats(&given, 10).least, formats(&given, 10).unknown.len()), (2, 0));
    assert_eq!(formats(&given, 10).refusal(3).as_deref(), Some("node a reads up to format 2"));
    assert_eq!(formats(&given, 10).refusal(2), None);
    assert_eq!(early.refusal(2).as_deref(), Some("this node has listened to the others for less than 10 s"));
    assert_eq!(formats(&given, 11).least, 3, "who is not live does not count");
    assert_eq!(formats(&given, 11).refusal(3), None);
    given.hear(11, Statement { format: None, ..said("old", 10, 1) });
    assert_eq!(formats(&given, 11).unknown, ["node old does not say which record format it can read"]);
    given.table.heard_noise("noise".to_owned(), given.at(30).at);
    assert_eq!(formats(&given, 30).unknown, ["a message on the nodes' subjects could not be read: noise"]);
    given.table.turn(false, given.at(50).at);
    assert_eq!(formats(&given, 50).unknown, ["this node is not connected to NATS"]);
    assert!(given.view(50).problems[0].starts_with("this node is not connected to NATS"));
}
