#![expect(clippy::float_arithmetic, reason = "figures of a benchmark are floats, and the tests compare them")]

use super::measure::{Samples, in_turn, process_seconds};
use super::row::{Row, Unit, json, table};
use super::{cli, journal};
use std::cell::RefCell;
use std::path::Path;
use std::process::Command;

fn samples(figures: &[f64]) -> Samples {
    Samples::new(figures.to_vec()).unwrap()
}

fn row(ours: &[f64], peer: &[f64], goal: f64) -> Row {
    Row {
        title: "read".to_owned(),
        peer_name: "sqlite".to_owned(),
        unit: Unit::Seconds,
        ours: samples(ours),
        peer: samples(peer),
        goal,
    }
}

#[track_caller]
fn same(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 1e-12, "{found} is not {wanted}");
}

#[test]
fn the_median_is_the_middle_or_the_mean_of_the_two_there() {
    same(samples(&[9.0, 1.0, 2.0]).median(), 2.0);
    same(samples(&[4.0, 1.0, 9.0, 2.0]).median(), 3.0);
    same(samples(&[5.0]).median(), 5.0);
}

#[test]
fn the_spread_is_the_least_and_the_greatest() {
    let figures = samples(&[2.0, 9.0, 1.0]);
    same(figures.min(), 1.0);
    same(figures.max(), 9.0);
    assert_eq!(figures.n_rounds(), 3);
}

#[test]
fn figures_that_cannot_be_compared_are_refused() {
    for bad in [vec![], vec![1.0, 0.0], vec![f64::NAN], vec![-1.0], vec![f64::INFINITY]] {
        assert!(Samples::new(bad.clone()).is_err(), "{bad:?}");
    }
}

#[test]
fn fewer_seconds_are_better() {
    let faster = row(&[0.001], &[0.004], 2.0);
    same(faster.ratio(), 4.0);
    assert!(faster.met());
    let slower = row(&[0.004], &[0.001], 0.5);
    same(slower.ratio(), 0.25);
    assert!(!slower.met());
}

#[test]
fn more_a_second_is_better_and_fewer_bytes_are() {
    let faster = Row { unit: Unit::PerSecond, ..row(&[2_000_000.0], &[500.0], 2.0) };
    same(faster.ratio(), 4_000.0);
    let smaller = Row { unit: Unit::Bytes, ..row(&[400.0], &[200.0], 0.5) };
    same(smaller.ratio(), 0.5);
    assert!(faster.met() && smaller.met());
    let text = table(&[faster, smaller]);
    assert!(text.contains("2.00 M/s") && text.contains("500 /s") && text.contains("400 B"), "{text}");
}

#[test]
fn a_row_without_a_goal_says_nothing_of_one() {
    let text = table(&[row(&[1.0], &[2.0], 0.0)]);
    assert!(text.lines().nth(1).unwrap().ends_with("2.00×"), "{text}");
}

#[test]
fn the_rows_of_the_journal_are_read() {
    let read = journal::read("append\tSQLite\tper_second\t0.8\t3,1,2\t4").unwrap();
    assert_eq!((read.title.as_str(), read.peer_name.as_str(), read.unit), ("append", "SQLite", Unit::PerSecond));
    assert_eq!((read.ours, read.peer), (samples(&[1.0, 2.0, 3.0]), samples(&[4.0])));
    same(read.goal, 0.8);
    for bad in ["", "append\tSQLite\tper_hour\t0.8\t3\t4", "append\tSQLite\tbytes\t0.8\tmany\t4"] {
        assert!(journal::read(bad).is_err(), "{bad}");
    }
}

#[test]
fn reaching_the_goal_exactly_meets_it() {
    assert!(row(&[1.0], &[2.0], 2.0).met());
    assert!(!row(&[1.0], &[2.0], 2.000_001).met());
}

#[test]
fn the_table_gives_medians_with_their_spread() {
    let rows = [row(&[0.0012, 0.0011, 0.0019], &[0.25, 0.5, 1.5], 100.0), row(&[2.0], &[0.000_000_5], 1.0)];
    let text = table(&rows);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[0].starts_with("row   ours"), "{text}");
    assert!(lines[1].contains("1.20 ms (1.10 ms–1.90 ms)"), "{text}");
    assert!(lines[1].contains("sqlite: 500 ms (250 ms–1.50 s)"), "{text}");
    assert!(lines[1].contains("417×     ≥ 100×"), "{text}");
    assert!(lines[1].ends_with("  met"), "{text}");
    assert!(lines[2].contains("500 ns"), "{text}");
    assert!(lines[2].contains("2.5e-7×  ≥ 1×"), "{text}");
    assert!(lines[2].ends_with("NOT MET"), "{text}");
}

#[test]
fn programs_get_the_same_rows() {
    let text = json(&[row(&[1.0, 3.0, 2.0], &[4.0, 4.0, 5.0], 1.5)]).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        value,
        serde_json::json!([{
            "row": "read", "unit": "s", "n_rounds": 3,
            "ours": 2.0, "ours_min": 1.0, "ours_max": 3.0,
            "peer_name": "sqlite", "peer": 4.0, "peer_min": 4.0, "peer_max": 5.0,
            "ratio": 2.0, "goal": 1.5, "met": true,
        }])
    );
}

#[test]
fn ours_and_the_peer_take_turns_and_the_first_round_is_not_kept() {
    let order = RefCell::new(String::new());
    let mut round = 0.0;
    let (ours, peer) = in_turn(
        2,
        || {
            order.borrow_mut().push('o');
            round += 1.0;
            Ok(round)
        },
        || {
            order.borrow_mut().push('p');
            Ok(10.0)
        },
    )
    .unwrap();
    assert_eq!(order.into_inner(), "opopop");
    assert_eq!(ours, samples(&[2.0, 3.0]));
    assert_eq!(peer, samples(&[10.0, 10.0]));
}

#[test]
fn a_process_that_fails_is_not_timed() {
    assert!(process_seconds(&mut Command::new("false"), 1).is_err());
    assert!(process_seconds(&mut Command::new("true"), 0).is_err());
    assert!(process_seconds(&mut Command::new("true"), 2).unwrap() > 0.0);
}

#[test]
fn the_command_line_is_compared_with_doing_nothing() {
    let row = cli::version(Path::new("true"), Path::new("true")).unwrap();
    assert_eq!(row.ours.n_rounds(), row.peer.n_rounds());
    assert!(row.ratio() > 0.0);
}

#[test]
fn an_unknown_benchmark_is_refused_with_those_there_are() {
    let error = super::run(&["no-such".to_owned()]).unwrap_err().to_string();
    assert!(error.contains("no-such") && error.contains("cli"), "{error}");
}
