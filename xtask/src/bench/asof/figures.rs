//! What everybody measured: an object a line, with who, of what scale, in which run, and what.

use crate::bench::measure::Samples;
use anyhow::{Context, Result, bail};
use serde_json::Value;

/// How many questions each of Q1 to Q4 has.
const SETS: [(&str, u64); 4] = [("q1", 200), ("q2", 50), ("q3", 50), ("q4", 50)];

/// The figures of one run of the benchmark.
pub(super) struct Figures(Vec<Figure>);

struct Figure {
    peer: String,
    scale: String,
    run: String,
    metric: String,
    all: Value,
}

impl Figures {
    pub(super) fn read(text: &str) -> Result<Self> {
        text.lines().map(figure).collect::<Result<_>>().map(Self)
    }

    /// Fails when somebody's answer was not as expected.
    pub(super) fn check(&self) -> Result<()> {
        for verified in self.0.iter().filter(|figure| figure.metric == "verify" && figure.peer != "scorebook") {
            let Value::Object(counts) = &verified.all else { continue };
            for (name, count) in counts {
                // A way of PostgreSQL's that takes a table of its own, half a minute in the making, and is never its best.
                let set = SETS.iter().filter(|_| name != "q1_bt").find(|(set, _)| name.starts_with(set));
                if let Some((_, wanted)) = set
                    && count.as_u64() != Some(*wanted)
                {
                    bail!("{} answered {name} as expected {count} times of {wanted}", verified.peer);
                }
            }
        }
        Ok(())
    }

    /// A number that one metric has, of each round, in seconds, by `unit` seconds for one.
    pub(super) fn of(&self, (peer, scale, metric): (&str, &str, &str), field: Field) -> Result<Samples> {
        let figures = self.0.iter().filter(|figure| {
            figure.peer == peer && figure.scale == scale && figure.metric == metric && figure.run != "other questions"
        });
        let numbers = figures.flat_map(|figure| field.of(&figure.all)).collect();
        Samples::new(numbers).with_context(|| format!("{peer} has no {metric} of the {scale}"))
    }

    /// The least median of a peer's ways to do something, whose metrics begin alike.
    pub(super) fn best(&self, peers: &[&str], begin: &str, field: Field) -> Result<(String, Samples)> {
        let mut metrics: Vec<(&str, &str)> = self
            .0
            .iter()
            .filter(|figure| peers.contains(&figure.peer.as_str()) && figure.scale == "county")
            .filter(|figure| figure.metric.starts_with(begin))
            .map(|figure| (figure.peer.as_str(), figure.metric.as_str()))
            .collect();
        metrics.sort_unstable();
        metrics.dedup();
        let mut best: Option<(String, Samples)> = None;
        for (peer, metric) in metrics {
            let samples = self.of((peer, "county", metric), field)?;
            if best.as_ref().is_none_or(|(_, found)| samples.median() < found.median()) {
                best = Some((format!("{} {metric}", named(peer)), samples));
            }
        }
        best.with_context(|| format!("nobody measured {begin}"))
    }
}

/// Where a metric has its number, and what it counts.
#[derive(Clone, Copy)]
pub(super) enum Field {
    /// Microseconds, under this name.
    Micros(&'static str),
    /// Seconds, or bytes, under this name.
    Plain(&'static str),
    /// Mebibytes, under this name.
    Mebibytes(&'static str),
    /// Several, in seconds, under `s`.
    Rounds,
}

impl Field {
    #[expect(clippy::float_arithmetic, reason = "figures of a benchmark are measurements, not facts of the record")]
    fn of(self, all: &Value) -> Vec<f64> {
        let number = |name: &str| all.get(name).and_then(Value::as_f64);
        match self {
            Self::Micros(name) => number(name).into_iter().map(|micros| micros.max(0.001) / 1e6).collect(),
            Self::Plain(name) => number(name).into_iter().collect(),
            Self::Mebibytes(name) => number(name).into_iter().map(|mebibytes| mebibytes * 1_048_576.0).collect(),
            Self::Rounds => {
                let rounds = all.get("s").and_then(Value::as_array);
                rounds.into_iter().flatten().filter_map(Value::as_f64).collect()
            }
        }
    }
}

fn figure(line: &str) -> Result<Figure> {
    let all: Value = serde_json::from_str(line).with_context(|| format!("{line:?} is not a figure"))?;
    let word = |name: &str| {
        let word = all.get(name).and_then(Value::as_str);
        word.map(str::to_owned).with_context(|| format!("{line:?} has no {name}"))
    };
    Ok(Figure { peer: word("peer")?, scale: word("scale")?, run: word("run")?, metric: word("metric")?, all })
}

fn named(peer: &str) -> &str {
    match peer {
        "postgres" => "PostgreSQL",
        "sqlite" => "SQLite",
        "duckdb" => "DuckDB",
        other => other,
    }
}
