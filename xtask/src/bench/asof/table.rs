//! Which figures are compared, and what is asked of them.

use super::figures::{Field, Figures};
use crate::bench::measure::Samples;
use crate::bench::row::{Row, Unit};
use anyhow::Result;

const P50: Field = Field::Micros("p50_us");
const P99: Field = Field::Micros("p99_us");
/// The ratio of what takes one and a half times as long, which is the most that is asked for.
const ONE_AND_A_HALF_TIMES: f64 = 0.667;
const EVERYBODY: &[&str] = &["sqlite", "postgres", "duckdb"];
/// Whoever is asked by another process.
const SERVERS: &[&str] = &["postgres"];

/// What is asked of one question: in words, ours, the peers' metrics, who they are, and how many times faster.
type Asked = (&'static str, &'static str, &'static str, &'static [&'static str], f64);

const ASKED: &[Asked] = &[
    ("Q1: 50 measures × 1 area × 13 months", "q1", "q1", EVERYBODY, 20.0),
    ("Q2: 50 × 13 areas × 13 months", "q2", "q2", EVERYBODY, 25.0),
    ("Q1 through gRPC", "q1_grpc", "q1", SERVERS, 4.0),
    ("Q2 through gRPC", "q2_grpc", "q2", SERVERS, 20.0),
    ("Q3: the targets of a measure", "q3", "q3", EVERYBODY, 8.0),
    ("Q4: Q1 as of two instants", "q4", "q4", EVERYBODY, 12.0),
    ("live: from the acknowledgement to the new rating", "s1_from_ack", "s1_from_ack", SERVERS, 1.0),
    ("live: from the submission to the new rating", "s1_from_send", "s1_from_send", SERVERS, 0.0),
];

pub(super) fn rows(figures: &Figures, national: bool) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (title, ours, begin, peers, goal) in ASKED {
        let (peer_name, peer) = figures.best(peers, begin, P50)?;
        let metric = peer_name.split_once(' ').map_or(peer_name.as_str(), |(_, metric)| metric).to_owned();
        let ours_p50 = figures.of(("scorebook", "county", ours), P50)?;
        rows.push(row(&format!("{title}, p50"), ours_p50, (&peer_name, peer), *goal));
        let (_, peer) = figures.best(peers, &metric, P99)?;
        let ours_p99 = figures.of(("scorebook", "county", ours), P99)?;
        rows.push(row(&format!("{title}, p99"), ours_p99, (&peer_name, peer), 0.0));
    }
    rows.extend(by_the_second(figures)?);
    rows.extend(mixed(figures)?);
    rows.extend(of_memory(figures, "county")?);
    if national {
        rows.extend(twelve(figures)?);
        rows.extend(of_memory(figures, "national")?);
    }
    Ok(rows)
}

/// What is not a question: a call that asks for nothing, the rebuild, the import.
fn by_the_second(figures: &Figures) -> Result<Vec<Row>> {
    let ours = |metric, field| figures.of(("scorebook", "county", metric), field);
    let empty = ours("empty_grpc", P50)?;
    let mut rows = vec![
        row("Q3 through gRPC, p50", ours("q3_grpc", P50)?, ("an empty call", empty.clone()), ONE_AND_A_HALF_TIMES),
        row("Q3 through gRPC in words, p50", ours("q3_words_grpc", P50)?, ("an empty call", empty), 0.0),
    ];
    let rebuilt = ours("q5_rebuild", Field::Rounds)?;
    let folded = figures.best(&["sqlite"], "q5_client_fold", Field::Rounds)?;
    rows.push(row("Q5: the log folded, every cell rated", rebuilt.clone(), (&folded.0, folded.1), 1.0));
    let columns = figures.best(&["duckdb"], "q5", Field::Rounds)?;
    rows.push(row("Q5: the log folded, every cell rated", rebuilt, (&columns.0, columns.1), 0.0));
    let total = Field::Plain("total_s");
    for (peer, goal) in [("sqlite", 1.0), ("postgres", 0.0), ("duckdb", 0.0)] {
        let (name, theirs) = figures.best(&[peer], "load", total)?;
        rows.push(row("import from CSV, durably, to the first answer", ours("load", total)?, (&name, theirs), goal));
    }
    Ok(rows)
}

/// Whether questions and recording hold one another up: each beside the same with nothing else going on.
fn mixed(figures: &Figures) -> Result<Vec<Row>> {
    let of = |metric, field| figures.of(("scorebook", "county", metric), field);
    let mut rows = Vec::new();
    for (title, metric, quiet) in [
        ("Q1 through gRPC while results are recorded, 1,000 a submission", "mixed_q1_recording", "mixed_q1_quiet"),
        ("one result recorded while whole counties are asked for", "mixed_record_asking", "mixed_record_quiet"),
    ] {
        for (percentile, field) in [("p50", P50), ("p99", P99)] {
            let by_itself = of(quiet, field)?;
            rows.push(row(&format!("{title}, {percentile}"), of(metric, field)?, ("by itself", by_itself), 0.0));
        }
    }
    Ok(rows)
}

/// Twelve counties in one log, against one.
fn twelve(figures: &Figures) -> Result<Vec<Row>> {
    let of = |scale, metric, field| figures.of(("scorebook", scale, metric), field);
    let mut rows = Vec::new();
    for (title, metric) in [("Q1 in twelve counties, p50", "q1"), ("Q2 in twelve counties, p50", "q2")] {
        rows.push(row(
            title,
            of("national", metric, P50)?,
            ("one county", of("county", metric, P50)?),
            ONE_AND_A_HALF_TIMES,
        ));
    }
    let import = of("national", "load", Field::Plain("total_s"))?;
    rows.push(row("import of twelve counties", import.clone(), ("itself", import), 0.0));
    Ok(rows)
}

fn of_memory(figures: &Figures, scale: &str) -> Result<Vec<Row>> {
    let of = |metric, field| figures.of(("scorebook", scale, metric), field);
    let bytes = |title: &str, ours: Samples, peer: (&str, Samples), goal| Row {
        unit: Unit::Bytes,
        ..row(&format!("{title}, {scale}"), ours, peer, goal)
    };
    let opened = of("opening", Field::Rounds)?;
    let (now, most) = (Field::Mebibytes("rss_mb"), Field::Mebibytes("hwm_mb"));
    let goal = Samples::new(vec![3.0])?;
    Ok(vec![
        row(&format!("from a clean stop to the first answer, {scale}"), opened, ("the goal", goal), 1.0),
        bytes(
            "projections, a revision",
            of("projections", Field::Plain("bytes_each"))?,
            ("the goal", Samples::new(vec![40.0])?),
            1.0,
        ),
        bytes(
            "the process grows, folded one by one, a revision",
            of("process_grown", Field::Plain("bytes_each"))?,
            ("the projections", of("projections", Field::Plain("bytes_each"))?),
            0.0,
        ),
        bytes("the process, opened", of("memory_opening", now)?, ("at the most", of("memory_opening", most)?), 0.0),
        bytes("the process, importing", of("memory_load", now)?, ("at the most", of("memory_load", most)?), 0.0),
    ])
}

fn row(title: &str, ours: Samples, (peer_name, peer): (&str, Samples), goal: f64) -> Row {
    Row { title: title.to_owned(), peer_name: peer_name.to_owned(), unit: Unit::Seconds, ours, peer, goal }
}
