#![expect(clippy::float_arithmetic, reason = "figures of a benchmark are floats, and the tests compare them")]

use super::Arguments;
use super::figures::{Field, Figures};

fn arguments(words: &[&str]) -> anyhow::Result<Arguments> {
    Arguments::read(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
}

#[track_caller]
fn same(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 1e-12, "{found} is not {wanted}");
}

const FIGURES: &str = r#"{"peer":"sqlite","scale":"county","run":"1","metric":"q1_app","p50_us":260.0}
{"peer":"sqlite","scale":"county","run":"2","metric":"q1_app","p50_us":280.0}
{"peer":"sqlite","scale":"county","run":"other questions","metric":"q1_app","p50_us":1.0}
{"peer":"sqlite","scale":"county","run":"1","metric":"q1_sql","p50_us":2800.0}
{"peer":"postgres","scale":"county","run":"1","metric":"q1_app","p50_us":1200.0}
{"peer":"sqlite","scale":"county","run":"1","metric":"q5_client_fold","s":[0.5,0.25,0.75]}
{"peer":"sqlite","scale":"county","run":"1","metric":"verify","q1_app":200,"q1_bt":0,"q3":50,"of":[200,50,50,50]}"#;

#[test]
fn the_best_way_of_the_best_peer_is_compared_with() {
    let figures = Figures::read(FIGURES).unwrap();
    figures.check().unwrap();
    let (name, samples) = figures.best(&["sqlite", "postgres"], "q1", Field::Micros("p50_us")).unwrap();
    assert_eq!((name.as_str(), samples.n_rounds()), ("SQLite q1_app", 2));
    same(samples.median(), 0.000_27);
    let (name, samples) = figures.best(&["postgres"], "q1", Field::Micros("p50_us")).unwrap();
    assert_eq!(name, "PostgreSQL q1_app");
    same(samples.median(), 0.001_2);
    assert!(figures.best(&["duckdb"], "q1", Field::Micros("p50_us")).is_err());
}

#[test]
fn what_is_repeated_in_one_run_counts_each_time() {
    let figures = Figures::read(FIGURES).unwrap();
    let samples = figures.of(("sqlite", "county", "q5_client_fold"), Field::Rounds).unwrap();
    assert_eq!(samples.n_rounds(), 3);
    same(samples.median(), 0.5);
}

#[test]
fn a_wrong_answer_fails_the_benchmark() {
    let figures = Figures::read(&FIGURES.replace("\"q3\":50", "\"q3\":49")).unwrap();
    let error = figures.check().unwrap_err().to_string();
    assert!(error.contains("sqlite") && error.contains("49") && error.contains("50"), "{error}");
}

#[test]
fn what_is_no_figure_is_refused() {
    for bad in ["{}", "figures", r#"{"peer":"sqlite","scale":"county","run":"1"}"#] {
        assert!(Figures::read(bad).is_err(), "{bad}");
    }
}

#[test]
fn the_peers_have_to_be_named() {
    let read = arguments(&["../shared/peers", "--national", "--rounds", "5"]).unwrap();
    assert!(read.national && read.n_rounds == 5);
    assert!(!arguments(&["../shared/peers"]).unwrap().national);
    for bad in [&[][..], &["peers", "--rounds"], &["peers", "--rounds", "many"], &["peers", "--nation"]] {
        assert!(arguments(bad).is_err(), "{bad:?}");
    }
}
